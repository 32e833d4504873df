"""What stands hidden beside a results folder while it is made: a lock, the new and the old one."""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from itertools import chain, count
from pathlib import Path

from ehc_sim.experiment.contents import MANIFEST, Damaged, folders_in, manifest_of, others_in


class NotOurs(ValueError):  # noqa: N818
    """A name that is not free for a results folder, and so is not written to."""


def beside(folder: Path, what: str) -> Path:
    """Return the hidden name beside a results folder of what belongs to it while it is made.

    Parameters
    ----------
    folder : Path
    what : {"lock", "part", "old", "parts"}
        The lock of the run that is on its way to it; the new folder, the old one, and the finished
        replications.
    """
    whole = Path(os.path.abspath(folder))  # noqa: PTH100 - a link on the way stays one
    return whole.with_name(f".{whole.name}.{what}")


def check_beside(folder: Path) -> None:
    """Refuse a results folder beside which one of the hidden names is somebody else's.

    Raises
    ------
    NotOurs
        With a line for each: what we would remove there was not written by a run.
    """
    places = {beside(folder, what): is_ours for what, is_ours in _IS_OURS.items()}
    taken = [place for place, ours in places.items() if os.path.lexists(place) and not ours(place)]
    if taken:
        problem = "found something that is not of a run; move it, or name another folder"
        raise NotOurs("\n".join(f"{place}: {problem}" for place in taken))


def _is_our_lock(place: Path) -> bool:
    return _is_plain_file(place) and place.stat().st_size == 0


def _is_our_part(place: Path) -> bool:
    """Return whether a folder was left by a run that was killed while it wrote.

    Its manifest is the first that is written to it; by a kill it may be half there.
    """
    return _is_plain_folder(place) and (_is_plain_file(place / MANIFEST) or _is_empty(place))


def _is_our_old(place: Path) -> bool:
    if not _is_plain_folder(place):
        return False
    try:
        manifest_of(place)
    except Damaged:
        return _is_empty(place)
    return True


_IS_OURS: Mapping[str, Callable[[Path], bool]] = {
    "lock": _is_our_lock,
    "part": _is_our_part,
    "old": _is_our_old,
}


def _is_plain_file(place: Path) -> bool:
    return place.is_file() and not place.is_symlink()


def _is_plain_folder(place: Path) -> bool:
    return place.is_dir() and not place.is_symlink()


def _is_empty(place: Path) -> bool:
    return next(place.iterdir(), None) is None


def clear(old: Path, folder: Path) -> None:
    """Remove an old results folder, and move what no run wrote into the new one.

    Nothing goes but files that are as a run wrote them. Whenever this is killed, the next run can
    go on with it: the manifest, which tells them, goes last.

    Parameters
    ----------
    old, folder : Path
        A results folder, or an empty one; and the one that has taken its place.
    """
    with suppress(OSError):  # an empty one: what is left when this was killed at the end
        old.rmdir()
        return
    ours = manifest_of(old)
    for name in others_in(old, ours):
        target = _free_name(folder / name)
        target.parent.mkdir(parents=True, exist_ok=True)
        (old / name).rename(target)
    for name in ours["files"]:
        (old / name).unlink(missing_ok=True)
    of_ours = {Path(name).parent for name in ours["files"]}
    for name in reversed(folders_in(old)):  # what is in a folder goes before it
        if Path(name) not in of_ours:
            (folder / name).mkdir(parents=True, exist_ok=True)
        (old / name).rmdir()
    (old / MANIFEST).unlink()
    old.rmdir()


def _free_name(path: Path) -> Path:
    """Return a name that nothing has: the same, or one that says that the file was kept."""
    names = (f"{path.stem} (kept{f' {number}' * (number > 1)}){path.suffix}" for number in count(1))
    tried = chain([path], map(path.with_name, names))
    return next(one for one in tried if not os.path.lexists(one))
