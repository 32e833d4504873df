"""What a results folder holds: the files that its manifest names, each with its checksum."""

import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path, PureWindowsPath
from typing import Any

from ehc_sim.inputs.plain_file import MEGABYTE, NO_SUCH_FILE, Unreadable, read_bytes

MANIFEST = "manifest.json"
RUN, FORECAST, SENSITIVITY, BACKCAST = "run", "forecast", "sensitivity analysis", "back-cast"
"""What a results folder can be of; its manifest says it."""
_CHECKSUM = "checksum"
_MOST = 20 * MEGABYTE
"""A manifest of hundreds of scenarios has less than one."""
_SHOWN = 5


class Damaged(ValueError):  # noqa: N818
    """A results folder that is not as it was written; the message has a line for each fault."""

    def __init__(self, folder: Path, faults: list[str]) -> None:
        more = [f"and {len(faults) - _SHOWN} more files"] if len(faults) > _SHOWN else []
        super().__init__("\n".join(f"{folder}: {one}" for one in [*faults[:_SHOWN], *more]))


def seal(folder: Path) -> None:
    """Add the checksum of every file to the manifest, and one of the manifest itself.

    Parameters
    ----------
    folder : Path
        A folder that only we have written to, with a manifest.
    """
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"] = {
        name: _digest(folder / name) for name in files_in(folder) if name != MANIFEST
    }
    manifest[_CHECKSUM] = _checksum(manifest)
    path.write_text(_text(manifest), encoding="utf-8", newline="")


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return the manifest of a results folder.

    Raises
    ------
    Damaged
        When there is none, or it is not as it was written.
    """
    try:
        text = read_bytes(folder / MANIFEST, _MOST).decode("utf-8")
        found = json.loads(text)
    except Unreadable as fault:
        if fault.problem == NO_SUCH_FILE:
            raise Damaged(folder, [f"has no {MANIFEST}, so it is not a results folder"]) from None
        raise Damaged(folder, [f"{MANIFEST}: {fault.problem}"]) from None
    except (ValueError, RecursionError):
        raise Damaged(folder, [f"{MANIFEST}: cannot be read as JSON; {_AGAIN}"]) from None
    if not isinstance(found, dict) or not _says_what_is_ours(found):
        problem = f"{MANIFEST}: not one of this version of the program; {_AGAIN}"
        raise Damaged(folder, [problem])
    if found[_CHECKSUM] != _checksum(found) or text != _text(found):
        raise Damaged(folder, [f"{MANIFEST}: was changed after it was written; {_AGAIN}"])
    return found


def _says_what_is_ours(manifest: dict[str, Any]) -> bool:
    """Return whether a manifest is of a kind we know and names files within its folder only."""
    files = manifest.get("files")
    return (
        _CHECKSUM in manifest
        and manifest.get("kind") in (RUN, FORECAST, SENSITIVITY, BACKCAST)
        and isinstance(files, dict)
        and all(isinstance(digest, str) and _is_within(name) for name, digest in files.items())
    )


def _is_within(name: str) -> bool:
    """Return whether a name leads to a file of its folder, on any system."""
    parts = PureWindowsPath(name).parts  # which knows both kinds of slashes, and drives
    return name != "" and not PureWindowsPath(name).anchor and ".." not in parts


_AGAIN = "run it again, into another folder"


def _is_text(found: object) -> bool:
    return isinstance(found, str)


def _is_whole(found: object) -> bool:
    return isinstance(found, int) and not isinstance(found, bool) and found >= 0


def _is_time(found: object) -> bool:
    try:
        datetime.fromisoformat(str(found))
    except ValueError:
        return False
    return True


_SAYS: Mapping[str, Callable[[object], bool]] = {
    **{"name": _is_text, "version": _is_text, "seed": _is_whole, "replications": _is_whole},
    **{"created": _is_time, "scenarios": lambda found: isinstance(found, dict)},
}
_HOLDS = ("comparison.csv", "replications.parquet")
"""What the manifest of a run says, and files that it names."""


def checked_run(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder with the results of a run, as ``checked``.

    Raises
    ------
    Damaged
        As ``checked``; and when the manifest does not say what every run's does.
    """
    manifest = checked(folder)
    wrong = [key for key, good in _SAYS.items() if not good(manifest.get(key))]
    wrong += [name for name in _HOLDS if name not in manifest["files"]]
    if wrong:
        raise Damaged(folder, [f"{MANIFEST}: does not say {', '.join(wrong)}; {_AGAIN}"])
    return manifest


def checked(folder: Path, kind: str = RUN) -> dict[str, Any]:
    """Return the manifest of a results folder in which no table was changed since it was written.

    Parameters
    ----------
    folder : Path
        A results folder. Charts and pages, which are drawn from the tables, are not looked at.
    kind : {"run", "forecast"}
        What it must be of.

    Raises
    ------
    Damaged
        With a line for each table that is missing or not as it was written, or when it is of
        another kind.
    """
    manifest = manifest_of(folder)
    if manifest["kind"] != kind:
        raise Damaged(folder, [f"found the results of a {manifest['kind']}, allowed is a {kind}"])
    tables = [name for name in manifest["files"] if name.endswith((".csv", ".parquet"))]
    faults = [fault for name in tables if (fault := _fault(folder, name, manifest["files"]))]
    if faults:
        raise Damaged(folder, faults)
    return manifest


def others_in(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Return the files of a results folder that are not as a run wrote them, or that none wrote.

    Returns
    -------
    list of str
        Names within the folder, in order.
    """
    ours: dict[str, str] = manifest["files"]
    return [
        name
        for name in files_in(folder)
        if name != MANIFEST and (name not in ours or _digest(folder / name) != ours[name])
    ]


def files_in(folder: Path) -> list[str]:
    """Return the names of all files below a folder, in order; a link is a file like any other."""
    return sorted(name for name, is_folder in _entries(folder, folder) if not is_folder)


def folders_in(folder: Path) -> list[str]:
    """Return the names of all folders below a folder, in order."""
    return sorted(name for name, is_folder in _entries(folder, folder) if is_folder)


def _entries(folder: Path, below: Path) -> Iterator[tuple[str, bool]]:
    for entry in os.scandir(below):
        is_folder = entry.is_dir(follow_symlinks=False) and not _is_junction(entry)
        if is_folder:
            yield from _entries(folder, Path(entry.path))
        yield Path(entry.path).relative_to(folder).as_posix(), is_folder


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is a link of Windows to a folder, which says that it is a folder."""
    found = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    return bool(found & stat.FILE_ATTRIBUTE_REPARSE_POINT)


def _fault(folder: Path, name: str, digests: Mapping[str, str]) -> str | None:
    path = folder / name
    try:
        if path.is_file() and _digest(path) == digests[name]:
            return None
    except OSError as fault:
        return f"{name}: cannot be read: {fault.strerror}"
    if not path.exists():
        return f"{name}: missing; {_AGAIN}"
    return f"{name}: was changed after it was written; {_AGAIN}"


def _digest(path: Path) -> str:
    """Return the SHA-256 of a plain file's content, and nothing of what is none."""
    if path.is_symlink() or not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _text(manifest: Mapping[str, Any]) -> str:
    return json.dumps(manifest, indent=1)


def _checksum(manifest: Mapping[str, Any]) -> str:
    said = {key: value for key, value in manifest.items() if key != _CHECKSUM}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
