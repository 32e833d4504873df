"""The memory of a run, put together."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.engines.compiled.buffers import Room
from ehc_sim.engines.compiled.log_sort import ROW_WORDS
from ehc_sim.engines.compiled.loop import layout
from ehc_sim.engines.compiled.loop.layout import GROUP_BITS
from ehc_sim.engines.compiled.packing.cases import pack_cases
from ehc_sim.engines.compiled.packing.nodes import pack_nodes
from ehc_sim.engines.compiled.packing.parts import NONE, Parts, pack_quantities
from ehc_sim.engines.compiled.packing.teams import pack_teams, queues
from ehc_sim.network.draw import Draw
from ehc_sim.network.network import Network
from ehc_sim.network.nodes import Fork, Repeat

MOST_CASES, MOST_NODES, MOST_GROUPS = 1 << 31, 1 << 15, 1 << GROUP_BITS


def check_size(network: Network, draw: Draw) -> None:
    """Raise ``ValueError`` where there are more cases, nodes or groups than can be told apart.

    Parameters
    ----------
    network : Network
    draw : Draw
    """
    groups = 0 if draw.keys is None else int(draw.keys.group.max(initial=0)) + 1
    for what, found, most in (
        ("cases", len(draw.arrived), MOST_CASES),
        ("nodes", len(network.pathway.names), MOST_NODES),
        ("groups of cases", groups, MOST_GROUPS),
    ):
        if found > most:
            raise ValueError(f"found {found:,} {what}, the compiled model has room for {most:,}")


Ints = NDArray[np.int64]

_BUCKETS = 1 << 12
"""Most buckets of the event list: few enough to stay in the processor's nearest memory."""
_ROWS_A_CASE, _JOBS_A_CASE, _LOOKS_A_DAY, _MORE = 16, 2, 4, 1000
"""Room for rows of the log and for jobs under way; room that a run does not use costs nothing."""


class Memory:
    """The memory of one run: numbers of the run as a whole, tables and room.

    Parameters
    ----------
    network : Network
        Pathway, teams and panels.
    draw : Draw
        Arrivals and the values of every quantity; checked against the network.
    room : int
        Times the usual room; a run that comes to its end is told by the fault ``FULL``.
    cases : bool
        Whether to write what is kept of each case; otherwise it is to be copied from a state.
    noted : frozenset of str, optional
        Nodes of which the log is to tell, as of ``Log``; all by default.

    Attributes
    ----------
    numbers : ndarray of int64
        The memory. First comes what has its place by the size of the pathway, the cases and the
        calendar alone: a run's own numbers, so that another network of the same pathway can go on
        from where a run has stopped.
    room, noted
        As given.
    tables : int
        Place of the first table; what a network and a draw say stands from here on.
    """

    def __init__(
        self,
        network: Network,
        draw: Draw,
        room: int = 1,
        cases: bool = True,
        noted: frozenset[str] | None = None,
    ) -> None:
        check_size(network, draw)
        self._network, self._draw = network, draw
        self._parts, self._head = Parts(layout.HEAD), np.zeros(layout.HEAD, np.int64)
        self.room, self.noted = room, noted
        self._firsts: dict[int, int] = {}
        self._add_calendar()
        of_teams = self._room_for(
            network.pathway.teams, layout.TEAM_COLUMNS, layout.TEAMS, layout.FIRST_TEAM
        )
        of_panels = self._room_for(
            network.pathway.panels, layout.PANEL_COLUMNS, layout.PANELS, layout.FIRST_PANEL
        )
        repeats = self._add_room(room)
        self.tables = self._parts.size
        self._head[layout.NODE_COUNT] = len(network.pathway.names)
        quantities = pack_quantities(self._parts, network, draw)
        self._add_arrivals()
        self._add_panels(of_panels)
        most_queues = self._add_teams(of_teams, quantities)
        self._head[layout.NODES] = pack_nodes(
            self._parts, network.pathway, draw, quantities, of_teams, of_panels, repeats, noted
        )
        self._add_open_cases()
        self._tables_end = self._parts.size
        self._add_room_of_a_minute(most_queues)
        self.numbers = _room.of(self._parts.size)
        self.numbers[: layout.HEAD] = self._head
        self._parts.write(self.numbers)
        if cases:
            self._fill_cases()

    @property
    def buckets(self) -> int:
        """How many buckets the event list has; a run that has worked off all is at its end."""
        return int(self._head[layout.BUCKET_COUNT])

    def rows(self) -> Ints:
        """Return the rows of the log that the run wrote, as in ``log_sort``, shape (rows, 4)."""
        first, end = self.numbers[[layout.ROWS, layout.NEXT_ROW]].tolist()
        return self.numbers[first:end].reshape(-1, ROW_WORDS)

    def arrived(self) -> Ints:
        """Return the minute at which each case arrived, shape (cases,)."""
        first = int(self.numbers[layout.FIRST_CASE_AT])
        end = first + len(self._draw.arrived) * layout.CASE_COLUMNS
        return self.numbers[first:end].view(layout.CASE)["arrived"].copy()

    def _add_calendar(self) -> None:
        timeline, head = self._network.timeline, self._head
        days = len(timeline.days)
        head[layout.DAYS], head[layout.UNTIL] = days, days * MINUTES_A_DAY
        head[layout.CLOCK_DAYS] = self._network.clock_days
        (working, mornings), (school, of_school) = timeline.counts.values()
        for place, values in (
            (layout.WORKING, working),
            (layout.WORKING_MORNINGS, mornings),
            (layout.SCHOOL, school),
            (layout.SCHOOL_MORNINGS, of_school),
        ):
            head[place] = self._parts.address(values)
        head[[layout.WORKING_DAYS, layout.SCHOOL_DAYS]] = len(mornings), len(of_school)

    def _add_arrivals(self) -> None:
        draw, head, parts = self._draw, self._head, self._parts
        pathway, arrivals = self._network.pathway, draw.arrivals()
        places = np.array([pathway.index[name] for name in pathway.entries])
        entry = 0 if draw.entry is None else draw.entry[arrivals]
        nodes = np.broadcast_to(places[entry], arrivals.shape)
        head[[layout.FIRST_ARRIVAL, layout.NEXT_ARRIVAL]] = parts.add(
            np.stack([arrivals, nodes], axis=1).ravel()
        )
        head[layout.ARRIVALS_END] = parts.size

    def _fill_cases(self) -> None:
        """Write the columns of the cases; they are too many to be copied."""
        first = int(self._head[layout.FIRST_CASE_AT])
        end = first + len(self._draw.arrived) * layout.CASE_COLUMNS
        cases = self.numbers[first:end].view(layout.CASE)
        pack_cases(self._draw, self._network.clock_days, cases)

    def _room_for(
        self, names: Sequence[str], columns: int, count: int, first: int
    ) -> dict[str, int]:
        """Make room for a row of each team or panel; return the places by name."""
        place = self._parts.room(len(names) * columns)
        self._head[count], self._head[first] = len(names), place
        return {name: place + i * columns for i, name in enumerate(names)}

    def _add_panels(self, places: Mapping[str, int]) -> None:
        parts = self._parts
        for name, place in places.items():
            sittings = self._network.panels[name].sittings
            first = parts.add_table((one.closes, one.minute, one.cases) for one in sittings)
            row = [first, parts.size, queues(parts, 1)]
            parts.put(place, row)

    def _add_teams(self, places: Mapping[str, int], quantities: Mapping[str, int]) -> int:
        """Add what teams have; return the most queues of a team."""
        cases, teams = len(self._draw.arrived), self._network.teams.values()
        rows, most_queues = pack_teams(self._parts, self._network, quantities, cases)
        self._head[layout.WITH_OFFICERS] = any(team.named_officers for team in teams)
        for place, row in zip(places.values(), rows, strict=True):
            self._parts.put(place, list(row))
        return most_queues

    def _add_open_cases(self) -> None:
        parts, rows = self._parts, []

        def number(name: str) -> int:
            return self._network.pathway.index.get(name, NONE)

        for one in self._draw.open:
            branches = [(number(b.node), b.awaited, b.joined, b.left) for b in one.branches]
            done = [(number(name), *minutes) for name, *minutes in one.done]
            case = (one.case, one.clock, one.clock_days)
            at = (number(one.node), one.joined, one.left)
            first_branch, first_done = parts.add_table(branches), parts.add_table(done)
            rows.append((*case, *at, first_branch, len(branches), first_done, len(done)))
        self._head[layout.OPEN_CASES] = parts.add_table(rows)
        self._head[layout.OPEN_COUNT] = len(rows)

    def _add_room(self, room: int) -> int:
        """Add room for what is kept of cases, events, jobs and rows; return where repeats stand."""
        parts, head, network = self._parts, self._head, self._network
        head[[layout.FREE_EVENT, layout.FREE_JOB, layout.FREE_ENTRY]] = NONE
        head[[layout.BUCKET, layout.NEXT_BUCKET]] = NONE
        cases, days = len(self._draw.arrived), int(head[layout.DAYS])
        parts.to_line()
        head[layout.FIRST_CASE_AT] = parts.room(cases * layout.CASE_COLUMNS)
        of_repeats = sum(isinstance(node, Repeat) for node in network.pathway)
        repeats = parts.add(np.zeros(of_repeats * cases, np.int64))
        until = int(head[layout.UNTIL])
        bits = (until // _BUCKETS).bit_length()
        buckets = (until >> bits) + 1
        head[layout.BUCKET_BITS], head[layout.BUCKET_COUNT] = bits, buckets
        head[layout.SLOT_BITS] = max(bits - (layout.SLOTS_A_BUCKET - 1).bit_length(), 0)
        head[layout.SLOTS] = parts.add(np.full(2 * layout.SLOTS_A_BUCKET, NONE, np.int64))
        head[layout.FILLED] = parts.add(np.zeros(1 + layout.SLOTS_A_WORD, np.int64))
        head[layout.BUCKETS] = parts.add(np.full(buckets, NONE, np.int64))
        jobs = room * (_JOBS_A_CASE * cases + _MORE)
        self._most_events = events = jobs + room * (
            _LOOKS_A_DAY * days * len(network.pathway.teams) + _MORE
        )
        parts.to_line()
        entries, rows = len(layout.SIDES) * jobs, room * (_ROWS_A_CASE * cases + _MORE)
        for next_one, end, size in (
            (layout.NEXT_JOB, layout.JOBS_END, jobs * layout.JOB_COLUMNS),
            (layout.NEXT_EVENT, layout.EVENTS_END, events * layout.EVENT_COLUMNS),
            (layout.NEXT_ENTRY, layout.ENTRIES_END, entries * layout.ENTRY_COLUMNS),
            (layout.NEXT_ROW, layout.ROWS_END, rows * ROW_WORDS),
        ):
            parts.to_line()
            head[next_one] = self._firsts[next_one] = parts.room(size)
            head[end] = parts.size
        head[layout.ROWS] = head[layout.NEXT_ROW]
        return repeats

    def in_use(self) -> list[slice]:
        """Return where in memory there is something of the run: its own numbers, then tables.

        What it notes within a minute is none of it.
        Of the first slice, what stands from the cases on is the run's own; before it, teams and
        panels have their rows.
        """
        rooms = [slice(first, int(self.numbers[end])) for end, first in self._firsts.items()]
        front = slice(0, min(self._firsts.values()))
        return [front, *rooms, slice(self.tables, self._tables_end)]

    def _add_room_of_a_minute(self, most_queues: int) -> None:
        """Add room for what the loop notes within a minute."""
        parts, head, network = self._parts, self._head, self._network
        calls = len(network.teams) + sum(len(panel.sittings) for panel in network.panels.values())
        head[[layout.CALLS, layout.NEXT_CALL]] = parts.room(2 * calls)
        branches = max((len(n.branches) for n in network.pathway if isinstance(n, Fork)), default=0)
        head[layout.STACK] = parts.room(2 * (branches + 2))
        head[layout.MOVED] = parts.room(self._most_events)
        head[layout.LISTED], head[layout.CARED_FOR] = (parts.room(most_queues) for _ in "12")
        head[layout.SPARE_QUEUE] = queues(parts, 1)


_room = Room()
