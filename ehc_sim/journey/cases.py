"""Who every case of a run is about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.journey import milestones as m
from ehc_sim.network.quantities import AnyQuantity

Ints = NDArray[np.int64]


class Named(NamedTuple):
    """A property of cases that is one of a few names.

    Attributes
    ----------
    codes : ndarray of int, shape (cases,)
        Place of each case's name in ``names``.
    names : tuple of str
        The names.
    """

    codes: NDArray[np.integer]
    names: tuple[str, ...]

    def column(self) -> pd.Categorical[str]:
        """Return the names as a column of a DataFrame."""
        return pd.Categorical.from_codes(self.codes, categories=pd.Index(list(self.names)))


@dataclass(frozen=True, eq=False)
class Cases:
    """Every case that a run may have; arrays of shape (cases,), in the order of their numbers.

    Attributes
    ----------
    number : ndarray of int64
        Number by which the case's random numbers are keyed.
    minute : ndarray of int64
        Minute at which it arrives; ``NOT_YET`` where another case starts it.
    source, age_group, need, area : Named
        Who asked, and about whom.
    age : ndarray of int
        Years.
    birth : ndarray of int64
        Minute of birth, mostly before the run.
    kind : Named
        Kind of case, one of ``milestones.KINDS_OF_CASE``.
    holder : ndarray of int64
        Number of the case that holds the plan.
    ends : ndarray of int64
        Minute at which that plan ends or moves away, for holders.
    moves_out : ndarray of bool
        Whether it moves away then.
    due_minute : ndarray of int64
        Of a phase transfer: last minute of the day on which it is due. Of a plan in hand on the
        first day whose next review is brought forward: that of this review. -1 for others.
    ahead : AnyQuantity or None
        Flags of the classes that teams may take ahead, by minute, of the holders of plans; None
        where there are no classes.
    """

    number: Ints
    minute: Ints
    source: Named
    age: NDArray[np.integer]
    birth: Ints
    age_group: Named
    need: Named
    area: Named
    kind: Named
    holder: Ints
    ends: Ints
    moves_out: NDArray[np.bool_]
    due_minute: Ints
    ahead: AnyQuantity | None = None

    def of_kind(self, *kinds: str) -> NDArray[np.bool_]:
        """Return whether each case is of some kinds of ``milestones.KINDS_OF_CASE``."""
        found = np.zeros(len(self.kind.codes), dtype=bool)
        for kind in kinds:
            found |= self.kind.codes == self.kind.names.index(kind)
        return found

    @cached_property
    def requests(self) -> int:
        """Number of requests, made for the first time or again; they are the first cases."""
        return int(self.of_kind(m.REQUEST_CASE, m.REQUEST_AGAIN).sum())

    @cached_property
    def frame(self) -> pd.DataFrame:
        """One row a case, with the attributes as columns."""
        columns = {
            name: getattr(self, name) for name in self.__dataclass_fields__ if name != "ahead"
        }
        return pd.DataFrame(
            {
                name: column.column() if isinstance(column, Named) else column
                for name, column in columns.items()
            }
        )
