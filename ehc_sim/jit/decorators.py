"""How code is compiled by numba, and where it is kept until a source of it changes.

An *entry* is what Python calls. What entries call is *inline*, its code in every place that calls
it, or *noinline*, its code once: for what is called seldom, or from many places.
"""

import atexit
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryFile, mkdtemp
from typing import Any

from numba import config, njit

inline = njit(forceinline=True)
noinline = njit(forceinline=False)  # or it would take after what calls it

UNUSED_DAYS = 30
"""Days after which what was compiled and not used since is removed."""

_CACHE_FOLDER = "NUMBA_CACHE_DIR"
_IMPORT = re.compile(r"^(?:from|import) (\S+)(?: import (\([^)]*\)|.*))?", re.MULTILINE)


def entry(function: Any) -> Any:
    """Compile a function, with what it calls, when it is first called.

    numba compiles anew when the function's own file changes, and looks at no other. So what is
    compiled is kept in a folder named by a hash of all sources that the function may have numbers
    or code from; where no folder can be written, for one run.

    Parameters
    ----------
    function : callable
        A function of a module, or one within a function.
    """
    try:
        folder = folder_of(function.__module__)
    except OSError:  # not even a temporary one
        return njit(nogil=True)(function)
    with _kept_in(folder):
        return njit(nogil=True, cache=True)(function)


@contextmanager
def _kept_in(folder: Path) -> Iterator[None]:
    """Have numba keep what is declared meanwhile in a folder: no function of anybody else's."""
    before, config.CACHE_DIR = config.CACHE_DIR, str(folder)
    try:
        yield
    finally:
        config.CACHE_DIR = before


@cache
def folder_of(module: str) -> Path:
    """Return the folder for what is compiled of a module, which there is from now on.

    What no process used for ``UNUSED_DAYS`` is removed when a new folder is made. A process that
    still runs has its code in memory, and numba makes a folder again to write to it.

    Raises
    ------
    OSError
        When nothing can be written anywhere.
    """
    folder = _writable_folder() / f"{module}-{hash_of_sources(module)}"
    if not folder.exists():
        _remove_unused(folder.parent)
    folder.mkdir(exist_ok=True)
    with suppress(OSError):
        os.utime(folder)
    return folder


def hash_of_sources(module: str) -> str:
    """Return a text that is another once the source of a module, or what it imports, is another.

    Of imports, those count that are of the same package: they are followed to their ends.
    """
    sources: dict[str, bytes] = {}
    _add_sources(module, sources)
    told = b"\0".join(sources[name] for name in sorted(sources))
    return blake2b(told + Path(__file__).read_bytes(), digest_size=8).hexdigest()


def _add_sources(module: str, sources: dict[str, bytes]) -> None:
    file = getattr(sys.modules.get(module), "__file__", None)
    if file is None or module in sources:
        return
    sources[module] = Path(file).read_bytes()
    package = module.partition(".")[0]
    for found in _IMPORT.finditer(sources[module].decode(errors="replace")):
        name, names = found[1], re.findall(r"\w+", found[2] or "")
        if name.partition(".")[0] == package:
            for one in (name, *(f"{name}.{below}" for below in names)):
                _add_sources(one, sources)


@cache
def _writable_folder() -> Path:
    """Return the user's folder for what was compiled, or one for this process and its workers."""
    given = os.environ.get(_CACHE_FOLDER)
    folder = (Path(given) if given else _cache_of_user()) / "ehc_sim"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            return folder
    folder = Path(mkdtemp(prefix="ehc_sim_"))  # a container, a kiosk
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ[_CACHE_FOLDER] = str(folder)
    return folder


def _cache_of_user() -> Path:
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() fails without one
    usual = {"win32": home / "AppData/Local", "darwin": home / "Library/Caches"}
    named = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    return Path(named) if named else usual.get(sys.platform, home / ".cache")


def _remove_unused(folder: Path) -> None:
    long_ago = time.time() - UNUSED_DAYS * 24 * 60 * 60
    for below in folder.iterdir():
        with suppress(OSError):  # another process removes it too
            if below.stat().st_mtime < long_ago:
                shutil.rmtree(below, ignore_errors=True)
