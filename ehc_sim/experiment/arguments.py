"""Arguments that are checked before anything is run."""

from __future__ import annotations

import numpy as np


def whole(name: str, found: object, least: int) -> int:
    """Return a whole number that was asked for.

    Parameters
    ----------
    name : str
        What it is, for the message.
    found : object
        What was given; numpy's whole numbers are allowed.
    least : int
        The smallest that is allowed.

    Raises
    ------
    TypeError
        When it is no whole number.
    ValueError
        When it is too small.
    """
    if isinstance(found, bool) or not isinstance(found, int | np.integer):
        raise TypeError(f"{name}: found {found!r}, allowed is a whole number")
    if found < least:
        raise ValueError(f"{name}: found {found}, allowed is {least} or more")
    return int(found)
