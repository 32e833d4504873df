"""What happened in a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.network.log_times import by_node, latest, rows_of

SHARED = -3
"""In place of a post: work of a team of which only the hours a day are known."""
AGENCY = -2
"""In place of a post: work bought from an agency."""
NOBODY = -1
"""In place of a post: nobody of a team works."""
NOT_YET = -(2**40)
"""In place of a minute: not within the run. Minutes before the run are negative, but never so."""

EVERYTHING = "*"
"""In place of the name of a node: all rows of a log."""


class NotNoted(LookupError):  # noqa: N818
    """What was asked of a log is of nodes that were not noted in it."""


_QUEUED = ("work", "decision")
"""Kinds of nodes at which cases wait for a team or a panel."""
VISIT_COLUMNS = ("case", "node", "joined", "started", "ended", "resource", "minutes")


@dataclass(frozen=True, eq=False)
class Log:
    """The log of one run.

    Attributes
    ----------
    visits : ndarray of int64, shape (visits, 7)
        One row for each visit of a case to a node: case, node, minute joined, started and ended
        (``NOT_YET`` where that lies after the end of the run), number of the post (``AGENCY`` for
        an agency, ``SHARED`` for a team of daily hours, ``NOBODY`` where nobody works) and minutes
        of work. Sorted by case, minute joined and node.
    nodes : tuple of str
        Names of the nodes.
    kinds : tuple of str
        Kind of each node: ``wait``, ``work``, ``decision``, ``mark``, ``join``, ``start`` (of
        another case, which arrives at the minute ended) or ``end``; those of kind ``choice`` and
        ``fork`` have no rows.
    arrived : ndarray of int64, shape (cases,)
        Minute at which each case arrived; ``NOT_YET`` for one that no other case has started.
    until : int
        Minute at which the run ended.
    noted : frozenset of str or None
        Nodes that it tells of, beside those at which a case waits for a team or a panel, of which
        it always does; all where None. Asked of any other it raises ``NotNoted``.
    read : set of str
        Nodes that it was asked of since this was empty, and ``EVERYTHING`` where it was of all.

    Examples
    --------
    With the log of the example of ``Network``, a row for each visit:

    >>> log.nodes, log.kinds
    (('drafting', 'issued'), ('work', 'end'))
    """

    visits: NDArray[np.int64]
    nodes: tuple[str, ...]
    kinds: tuple[str, ...]
    arrived: NDArray[np.int64]
    until: int
    noted: frozenset[str] | None = None
    read: set[str] = field(default_factory=set, repr=False)

    @classmethod
    def of(
        cls,
        rows: list[int],
        nodes: tuple[str, ...],
        kinds: tuple[str, ...],
        arrived: NDArray[np.int64],
        until: int,
    ) -> Log:
        """Return the log of the rows that a model wrote one after the other.

        Parameters
        ----------
        rows : list of int
            Seven numbers a visit, as in ``VISIT_COLUMNS``. What lies after the end of the run is
            cut off.
        nodes, kinds, arrived, until
            As the attributes.
        """
        visits = np.fromiter(rows, np.int64, len(rows)).reshape(-1, len(VISIT_COLUMNS))
        for column in (3, 4):
            visits[visits[:, column] >= until, column] = NOT_YET
        order = np.lexsort((visits[:, 4], visits[:, 1], visits[:, 2], visits[:, 0]))
        # Column by column in memory, as measures read it.
        return cls(np.asfortranarray(visits[order]), nodes, kinds, arrived, until)

    @cached_property
    def columns(self) -> tuple[NDArray[np.int64], ...]:
        """The columns of ``visits``, each in one piece of memory."""
        return tuple(np.ascontiguousarray(column) for column in self.visits.T)

    def reached(self, node: str) -> NDArray[np.int64]:
        """Return the minute at which each case was last done with a node.

        Parameters
        ----------
        node : str
            Name of a node, such as a milestone.

        Returns
        -------
        ndarray of int64, shape (cases,)
            ``NOT_YET`` for the cases that were not.

        Examples
        --------
        >>> log.reached("issued").tolist()
        [60, 90]
        """
        self._place(node)
        (minutes,) = self.last_done([node], np.arange(len(self.arrived)))
        return np.asarray(minutes)

    def joined(self, node: str) -> NDArray[np.int64]:
        """Return the minute at which each case first came to a node, ``NOT_YET`` where never.

        Examples
        --------
        >>> log.joined("drafting").tolist()
        [0, 10]
        """
        rows = self._rows_at(node)[::-1]
        minutes = np.full(len(self.arrived), NOT_YET, dtype=np.int64)
        minutes[self.columns[0][rows]] = self.columns[2][rows]
        return minutes

    @property
    def work(self) -> NDArray[np.int32]:
        """The rows of ``visits`` to nodes of kind ``work``, rising."""
        return self._by_node[2]

    def rows_of(self, cases: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the first row of each of some cases, and the first after its last.

        Parameters
        ----------
        cases : ndarray of int64, shape (cases asked for,)
            Their numbers, rising.

        Returns
        -------
        ndarray of int64, shape (2, cases asked for)
        """
        self._ask(EVERYTHING)
        found = np.empty((2, len(cases)), dtype=np.int64)
        rows_of(self.columns[0], cases, found)
        return found

    def done(self, node: str) -> NDArray[np.int64]:
        """Return the minutes at which cases were done with their last visit to a node.

        Work that was handed over and still waits is not done.

        Parameters
        ----------
        node : str
            Name of a node; nothing was done with one that the pathway does not have.

        Returns
        -------
        ndarray of int64, shape (cases that are done,)
            In the order of cases.
        """
        _, ended, _ = self.last_visits(node)
        return np.asarray(ended[ended != NOT_YET])

    def last_visits(
        self, node: str
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return which cases came to a node, when the last visit of each ended, and who worked.

        Work that was handed over has a visit for each that had it in hand.

        Parameters
        ----------
        node : str
            Name of a node; nobody came to one that the pathway does not have.

        Returns
        -------
        tuple of ndarray of int64, each of shape (cases that came,)
            Their numbers, rising; the minute, ``NOT_YET`` where the visit has not ended; and what
            stands in the column resource.
        """
        if node not in self.nodes:
            return (np.zeros(0, dtype=np.int64),) * 3
        rows = self._rows_at(node)
        case = self.columns[0][rows]
        last = rows[np.flatnonzero(np.diff(case, append=-1))]
        return self.columns[0][last], self.columns[4][last], self.columns[5][last]

    def last_done(self, nodes: Sequence[str], cases: NDArray[np.integer]) -> NDArray[np.int64]:
        """Return the minutes at which some cases were last done with some nodes, read at once.

        Parameters
        ----------
        nodes : sequence of str
            Names of nodes; those that the pathway does not have were never reached.
        cases : ndarray of int, shape (cases asked for,)
            Their numbers, rising.

        Returns
        -------
        ndarray of int64, shape (nodes, cases asked for)
            ``NOT_YET`` where never.
        """
        return self._latest(4, nodes, cases)

    def visited(self, nodes: Sequence[str], cases: NDArray[np.integer]) -> NDArray[np.bool_]:
        """Return whether some cases came to some nodes, shape (nodes, cases asked for)."""
        return np.asarray(self._latest(2, nodes, cases) != NOT_YET)

    def _rows_at(self, node: str) -> NDArray[np.int32]:
        """Return the rows of the visits to a node, in their order."""
        self._ask(node)
        order, ends, _ = self._by_node
        place = self._place(node)
        return order[ends[place - 1] if place else 0 : ends[place]]

    def _latest(
        self, column: int, nodes: Sequence[str], cases: NDArray[np.integer]
    ) -> NDArray[np.int64]:
        self._ask(*nodes)
        found = np.full((len(nodes), len(cases)), NOT_YET, dtype=np.int64)
        numbers = {name: number for number, name in enumerate(self.nodes)}
        places = np.array([numbers.get(name, -1) for name in nodes], dtype=np.int64)
        place_of_case = np.full(len(self.arrived), -1, dtype=np.int32)
        place_of_case[cases] = np.arange(len(cases), dtype=np.int32)
        minutes = self.columns[column]
        latest(self.columns[0], minutes, *self._by_node[:2], places, place_of_case, found)
        return found

    def _ask(self, *nodes: str) -> None:
        """Note what is read, and refuse what was not noted."""
        self.read.update(nodes)
        if unknown := self._not_noted.intersection(nodes):
            raise NotNoted(f"the log does not tell of {', '.join(sorted(unknown))}")

    @cached_property
    def _not_noted(self) -> frozenset[str]:
        if self.noted is None:
            return frozenset()
        told = zip(self.nodes, self.kinds, strict=True)
        return frozenset(
            {EVERYTHING, *(name for name, kind in told if kind not in _QUEUED)} - self.noted
        )

    @cached_property
    def _by_node(self) -> tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.int32]]:
        """The rows by node, where those of each node end, and the rows of work."""
        order = np.empty(len(self.visits), dtype=np.int32)
        ends = np.zeros(len(self.nodes) + 1, dtype=np.int64)
        is_work = np.array([kind == "work" for kind in self.kinds], dtype=bool)
        return order, ends, by_node(self.columns[1], is_work, order, ends)

    def _place(self, node: str) -> int:
        if node not in self.nodes:
            raise KeyError(f"{node!r} is no node of the pathway")
        return self.nodes.index(node)

    @cached_property
    def events(self) -> pd.DataFrame:
        """One row an event: case, node, event, minute and resource, in the order of time.

        The events are ``arrive``, ``join`` (a queue), ``start``, ``end`` (of work, a wait or a
        decision), ``mark`` (a milestone, or where branches meet) and ``leave``.
        """
        self._ask(EVERYTHING)
        case, node, joined, started, ended, resource, _ = self.visits.T
        kind = np.array(self.kinds)[node]
        timed = np.isin(kind, ["wait", "work", "decision"])
        queued = np.isin(kind, _QUEUED)
        arrivals = np.flatnonzero((self.arrived != NOT_YET) & (self.arrived < self.until))
        marks, leaves = np.isin(kind, ["mark", "join"]), kind == "end"
        # Within a minute: what ends, the milestones, and then what begins.
        parts = [
            _rows(arrivals, NOBODY, "arrive", self.arrived[arrivals], NOBODY),
            _rows(case[timed], node[timed], "end", ended[timed], resource[timed]),
            _rows(case[marks], node[marks], "mark", ended[marks], NOBODY),
            _rows(case[queued], node[queued], "join", joined[queued], NOBODY),
            _rows(case[timed], node[timed], "start", started[timed], resource[timed]),
            _rows(case[leaves], node[leaves], "leave", ended[leaves], NOBODY),
        ]
        table = pd.concat(parts, ignore_index=True)
        table = table[table["minute"] != NOT_YET]
        names = np.array([*self.nodes, "arrival"], dtype=object)
        table["node"] = names[table["node"].to_numpy()]
        return table.sort_values(["minute", "case"], kind="stable", ignore_index=True)


def _rows(
    case: NDArray[np.int64],
    node: NDArray[np.int64] | int,
    event: str,
    minute: NDArray[np.int64],
    resource: NDArray[np.int64] | int,
) -> pd.DataFrame:
    return pd.DataFrame(
        {"case": case, "node": node, "event": event, "minute": minute, "resource": resource}
    )
