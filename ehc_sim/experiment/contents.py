"""What a results folder holds: the files that its manifest names, each with its checksum."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
RUN, FORECAST = "run", "forecast"
"""What a results folder can be of; its manifest says it."""
_CHECKSUM = "checksum"
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
    path.write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def manifest_of(folder: Path) -> dict[str, Any]:
    """Return the manifest of a results folder.

    Raises
    ------
    Damaged
        When there is none, or it is not as it was written.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Damaged(folder, [f"has no {MANIFEST}, so it is not a results folder"]) from None
    except OSError as fault:
        raise Damaged(folder, [f"{MANIFEST}: cannot be read: {fault.strerror}"]) from None
    except (ValueError, RecursionError):
        raise Damaged(folder, [f"{MANIFEST}: cannot be read as JSON; {_AGAIN}"]) from None
    if not isinstance(found, dict) or _CHECKSUM not in found:
        problem = f"{MANIFEST}: not one of this version of the program; {_AGAIN}"
        raise Damaged(folder, [problem])
    if found[_CHECKSUM] != _checksum(found):
        raise Damaged(folder, [f"{MANIFEST}: was changed after it was written; {_AGAIN}"])
    return found


_AGAIN = "run it again, into another folder"


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
    return sorted(_files(folder, folder))


def _files(folder: Path, below: Path) -> Iterator[str]:
    for entry in os.scandir(below):
        if entry.is_dir(follow_symlinks=False):
            yield from _files(folder, Path(entry.path))
        else:
            yield Path(entry.path).relative_to(folder).as_posix()


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


def _checksum(manifest: Mapping[str, Any]) -> str:
    said = {key: value for key, value in manifest.items() if key != _CHECKSUM}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
