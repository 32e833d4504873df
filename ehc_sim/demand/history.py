"""The record of requests received, as methods of forecasting use it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.exposure import Months
from ehc_sim.demand.findings import Finding
from ehc_sim.scenario.record import Assumed

if TYPE_CHECKING:
    import pandas as pd

COVID_FROM = np.datetime64("2020-03", "M")
COVID_UNTIL = np.datetime64("2020-08", "M")
"""Months from March to August 2020, when requests fell and came back; no guide to the future."""
FEW = 10.0
"""Requests a month that are few: only a method for counts is used, and none is no surprise."""

Mask = NDArray[np.bool_]


def _not_given() -> Mask:
    """Return what stands for a mask until the record's length is known."""
    return np.zeros((0, 0), dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class History:
    """Requests received in the past, without a gap in the index.

    Attributes
    ----------
    kind : "yearly", "monthly" or "assumed"
        What a count is of: calendar years, as DfE counts them, or months. Assumed: nothing was
        recorded; ``index`` is the month before the first that is wanted.
    index : ndarray of datetime64[Y] or datetime64[M], shape (n,)
        The years or months, in order.
    counts : ndarray of int64, shape (n,)
        Requests received; 0 where that is not known.
    england : ndarray of float64, shape (n,), or None
        Requests in England in the same years; NaN where not given.
    notes : tuple of str
        What was done on reading that a reader of the forecast should know.
    known : ndarray of bool, shape (n,)
        Whether there is a figure; by default there is.
    left_out : ndarray of bool, shape (n,)
        Months that are no guide to the future; by default those of COVID.
    steps : tuple of datetime64[M]
        First months after lasting changes of level that the planner confirmed, rising.
    findings : tuple of Finding
        What was asked, proposed and done on reading.
    requests : DataFrame or None
        Requests by month and group, where the record has groups: month (Timestamp), any of source,
        age_group and need, and requests. Months left out by methods are in it.
    assumed : Assumed or None
        What is assumed where nothing was recorded.
    file : Path or None
        Where it was read from.
    council : str
        Whose it is, as the file says; empty where it does not.
    tempered : bool
        Whether months far from any other were brought closer, for methods to learn from.
    """

    kind: Literal["yearly", "monthly", "assumed"]
    index: NDArray[np.datetime64]
    counts: NDArray[np.int64]
    england: NDArray[np.float64] | None = None
    notes: tuple[str, ...] = ()
    known: Mask = field(default_factory=_not_given)
    left_out: Mask = field(default_factory=_not_given)
    steps: tuple[np.datetime64, ...] = ()
    findings: tuple[Finding, ...] = ()
    requests: pd.DataFrame | None = None
    assumed: Assumed | None = None
    file: Path | None = None
    council: str = ""
    tempered: bool = False

    def __post_init__(self) -> None:
        if self.known.shape != self.index.shape:
            object.__setattr__(self, "known", np.ones(len(self.index), dtype=np.bool_))
        if self.left_out.shape != self.index.shape:
            monthly = self.kind == "monthly"
            mask = covid(self.index) if monthly else np.zeros(len(self.index), dtype=np.bool_)
            object.__setattr__(self, "left_out", mask)

    @property
    def first_month(self) -> np.datetime64:
        """First month of the record."""
        return _month(self.index[0])

    @property
    def last_month(self) -> np.datetime64:
        """Last month of the record."""
        if self.kind == "yearly":
            return _month(self.index[-1]) + 11
        return _month(self.index[-1])

    @cached_property
    def learnt(self) -> Mask:
        """What methods learn from: what is known and not left out."""
        return np.asarray(self.known & ~self.left_out)

    @cached_property
    def content(self) -> bytes:
        """Digest of everything that a method learns from."""
        digest = blake2b(repr((self.kind, self.steps, self.assumed)).encode(), digest_size=16)
        for part in (self.index.astype(np.int64), self.counts, self.learnt, self.england):
            digest.update(b"|" if part is None else part.tobytes())
        return digest.digest()

    def until(self, rows: int) -> Self:
        """Return the first rows only, as the record stood in the past."""
        cut = {
            one.name: getattr(self, one.name)[:rows]
            for one in fields(self)
            if isinstance(getattr(self, one.name), np.ndarray)
        }
        last = _month(cut["index"][-1]) if rows else None
        steps = tuple(step for step in self.steps if last is not None and step <= last)
        return replace(self, **cut, steps=steps)


def _month(when: np.datetime64) -> np.datetime64:
    return np.datetime64(when.item(), "M")


def covid(months: Months) -> Mask:
    """Return which months are of March to August 2020."""
    return np.asarray((months >= COVID_FROM) & (months <= COVID_UNTIL))


def before_steps(history: History) -> NDArray[np.float64]:
    """Return a column for each confirmed step: -1 in months before it, 0 from it on.

    Effects then are those of a month after every step, which is what goes on.

    Returns
    -------
    ndarray of float64, shape (n, steps)
    """
    columns = [-(history.index < step).astype(np.float64) for step in history.steps]
    return np.column_stack(columns) if columns else np.zeros((len(history.index), 0))


def nothing_recorded(assumed: Assumed, first_month: np.datetime64) -> History:
    """Return the record of a council that has none.

    Parameters
    ----------
    assumed : Assumed
        What to expect.
    first_month : datetime64[M]
        First month that is wanted.
    """
    monthly = round(float(assumed.requests_a_year) / 12)
    return History(
        "assumed",
        np.array([first_month.astype("datetime64[M]") - 1]),
        np.array([monthly], dtype=np.int64),
        assumed=assumed,
    )
