"""What is said and asked about a record of requests; nothing is repaired in silence."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

Kind = Literal["question", "proposal", "done"]
About = Literal[
    "gap",
    "missing rows",
    "suppressed",
    "part month",
    "covid",
    "zeros",
    "outlier",
    "step",
    "same rows",
    "total",
    "left out",
    "rows",
    "part year",
    "definition",
    "council",
]


@dataclass(frozen=True)
class Finding:
    """Something about a record that its owner should know, answer or decide.

    Attributes
    ----------
    kind : "question", "proposal" or "done"
        Asked of the planner; proposed with its evidence, and not applied; or done, and said so.
    about : str
        What it concerns.
    months : tuple of str
        Months such as ``2024-03``; may be empty.
    text : str
        A sentence or two for the planner.
    evidence : str
        Figures, in words; empty where none are needed.
    setting : str
        Lines of a scenario that would apply it, or undo it; empty where there are none.
    """

    kind: Kind
    about: About
    months: tuple[str, ...]
    text: str
    evidence: str = ""
    setting: str = ""


def as_text(months: Iterable[np.datetime64]) -> tuple[str, ...]:
    """Return months as text."""
    return tuple(str(month.astype("datetime64[M]")) for month in months)


def listed(months: Iterable[str], most: int = 6) -> str:
    """Return months in a row, of many the first few."""
    names = list(months)
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def setting(key: str, months: Iterable[str]) -> str:
    """Return the lines of a scenario that name months under ``[demand.record]``."""
    named = ", ".join(f'"{month}"' for month in months)
    return f"[demand.record]\n{key} = [{named}]"
