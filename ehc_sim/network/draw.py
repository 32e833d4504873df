"""What chance decides for one replication."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehc_sim.network.case_keys import CaseKeys
from ehc_sim.network.log import NOT_YET
from ehc_sim.network.quantities import AnyQuantity, Quantity


@dataclass(frozen=True)
class OpenBranch:
    """One of the parallel ways on which a case is when the run starts.

    Attributes
    ----------
    node : str
        Node of the branch at which it is.
    awaited : bool
        Whether the join waits for this branch.
    joined : int
        Minute at which it came there, 0 or before.
    left : int
        Minutes until a wait ends, or minutes of work that are left.
    """

    node: str
    awaited: bool
    joined: int
    left: int


@dataclass(frozen=True)
class OpenCase:
    """A case that is open when the run starts, from a caseload.

    Attributes
    ----------
    case : int
        Its number.
    received : int
        Minute at which the request was received, before 0.
    clock : int
        Minute at which its statutory clock started: the request, or an order.
    clock_days : int
        Days of that clock.
    node : str
        Node at which it is; a fork where it is on several branches.
    joined : int
        Minute at which it came there, 0 or before.
    left : int
        Minutes until a wait ends, or minutes of work that are left; 0 at a panel or a fork.
    branches : tuple of OpenBranch
        Where it is on the branches of a fork; those done with are left out.
    done : tuple of (str, int, int, int)
        What is behind it, for the log: node, and the minutes at which the case joined, started and
        ended, all before 0.
    """

    case: int
    received: int
    clock: int
    clock_days: int
    node: str
    joined: int
    left: int
    branches: tuple[OpenBranch, ...] = ()
    done: tuple[tuple[str, int, int, int], ...] = ()


@dataclass(frozen=True, eq=False)
class Draw:
    """What chance decides for one replication, all fixed before the run.

    Attributes
    ----------
    arrived : ndarray of int64, shape (cases,)
        Minute at which each case arrives; ``NOT_YET`` for one that another case may start.
    quantities : mapping of str to Quantity or Sampled
        Values of every quantity of the pathway by name.
    entry : ndarray of int64, shape (cases,), or None
        Where each case arrives: a number of the pathway's entries; None where all arrive at the
        first.
    holder : ndarray of int64, shape (cases,), or None
        Number of the case that holds the plan that each case is about; None where it is its own.
    open : tuple of OpenCase
        Cases that are open when the run starts.
    keys : CaseKeys or None
        What keys the random numbers of the cases; needed where a quantity is sampled in the run.

    Raises
    ------
    ValueError
        When a quantity speaks of cases that are not there or has a value that no case can have, or
        when the entries or holders are not one for each case.

    Examples
    --------
    >>> import numpy as np
    >>> from ehc_sim.network import Draw, Quantity
    >>> draw = Draw(np.array([10, 0]), {"minutes": Quantity.constant([60, 30])})
    >>> draw.arrivals().tolist()  # in the order of arrival
    [1, 0]
    """

    arrived: NDArray[np.int64]
    quantities: Mapping[str, AnyQuantity]
    entry: NDArray[np.int64] | None = None
    holder: NDArray[np.int64] | None = None
    open: tuple[OpenCase, ...] = ()
    keys: CaseKeys | None = None

    def __post_init__(self) -> None:
        cases = len(self.arrived)
        for name, quantity in self.quantities.items():
            if quantity.cases.start < 0 or quantity.cases.stop > cases:
                found = f"cases {quantity.cases.start} to {quantity.cases.stop - 1}"
                raise ValueError(f"{name!r} has values for {found}, there are {cases} cases")
            if isinstance(quantity, Quantity) and (fault := quantity.fault):
                raise ValueError(f"{name!r} {fault}")
        for what, numbers in (("entries", self.entry), ("holders", self.holder)):
            if numbers is not None and len(numbers) != cases:
                raise ValueError(f"{len(numbers)} {what}, there are {cases} cases")

    def arrivals(self) -> NDArray[np.intp]:
        """Return the cases that arrive by themselves, in the order of arrival and number."""
        comes = self.arrived != NOT_YET
        comes[[one.case for one in self.open]] = False
        cases = np.flatnonzero(comes)
        return np.asarray(cases[np.argsort(self.arrived[cases], kind="stable")])
