"""Arguments that are checked before anything is run."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def path(name: str, found: object) -> Path:
    """Return the path of a file or folder that was given.

    Raises
    ------
    TypeError
        When it is no path; the message says ``name`` and what was found.
    """
    if not isinstance(found, Path | str):
        raise TypeError(f"{name}: found {type(found).__name__}, allowed is a path")
    return Path(found)


def whole(name: str, found: object, least: int, most: int | None = None) -> int:
    """Return a whole number that was asked for.

    Parameters
    ----------
    name : str
        What it is, for the message.
    found : object
        What was given; numpy's whole numbers are allowed.
    least, most : int
        The smallest and, where there is one, the largest that is allowed.

    Raises
    ------
    TypeError
        When it is no whole number.
    ValueError
        When it is too small or too large.
    """
    if isinstance(found, bool) or not isinstance(found, int | np.integer):
        raise TypeError(f"{name}: found {found!r}, allowed is a whole number")
    if found < least or (most is not None and found > most):
        allowed = f"{least} or more" if most is None else f"{least} to {most}"
        raise ValueError(f"{name}: found {found}, allowed is {allowed}")
    return int(found)


def number(name: str, found: object) -> None:
    """Refuse what is no number.

    Raises
    ------
    TypeError
        With the name of the argument.
    """
    if isinstance(found, bool) or not isinstance(found, int | float | np.number):
        raise TypeError(f"{name}: found {found!r}, allowed is a number")
