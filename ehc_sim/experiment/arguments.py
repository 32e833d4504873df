"""Arguments that are checked before anything is run."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd


def path(name: str, found: object) -> Path:
    """Return the path of a file or folder that was given.

    Raises
    ------
    TypeError, ValueError
        When it is no path, or nothing; the message says ``name`` and what was found.
    """
    if not isinstance(found, Path | str):
        raise TypeError(f"{name}: found {type(found).__name__}, allowed is a path")
    if found == "":
        raise ValueError(f"{name}: found an empty text, allowed is a path")
    return Path(found)


def text(name: str, found: object) -> str:
    """Return a text that was given.

    Raises
    ------
    TypeError, ValueError
        When it is no text, or one in which nothing stands.
    """
    if not isinstance(found, str):
        raise TypeError(f"{name}: found {found!r}, allowed is a text")
    if not found.strip():
        raise ValueError(f"{name}: found an empty text, allowed is one that says something")
    return str(found)


def flag(name: str, found: object) -> bool:
    """Return whether something was asked for.

    Raises
    ------
    TypeError
        When it is neither True nor False.
    """
    if not isinstance(found, bool | np.bool_):
        raise TypeError(f"{name}: found {found!r}, allowed is True or False")
    return bool(found)


def several(name: str, found: object) -> Sequence[Any]:
    """Return the values of a list, a tuple, or a column of pandas or numpy, in their order.

    Raises
    ------
    TypeError
        When it is one value, or has no order.
    """
    if isinstance(found, np.ndarray | pd.Series | pd.Index) and found.ndim == 1:
        return list(found)
    if not isinstance(found, list | tuple | range):
        raise TypeError(f"{name}: found {type(found).__name__}, allowed is a list of values")
    return found


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
