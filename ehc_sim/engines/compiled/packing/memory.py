"""The memory of a run, put together."""

from collections.abc import Sequence

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
from ehc_sim.network.nodes import Fork

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
_ROWS_A_CASE, _JOBS_A_CASE, _MORE = 16, 2, 1000
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

    Attributes
    ----------
    numbers : ndarray of int64
        The memory.
    """

    def __init__(self, network: Network, draw: Draw, room: int = 1) -> None:
        check_size(network, draw)
        self._network, self._draw = network, draw
        self._parts, self._head = Parts(layout.HEAD), np.zeros(layout.HEAD, np.int64)
        self._add_calendar()
        quantities = pack_quantities(self._parts, network, draw)
        self._add_cases()
        panels = self._add_panels()
        teams, self._most_queues = pack_teams(self._parts, network, quantities, len(draw.arrived))
        self._head[layout.WITH_OFFICERS] = any(t.named_officers for t in network.teams.values())
        places = self._add_rows(teams, network.pathway.teams, layout.TEAMS, layout.FIRST_TEAM)
        self._head[layout.NODES] = pack_nodes(
            self._parts, network.pathway, draw, quantities, places, panels
        )
        self._add_open_cases()
        self._add_room(room)
        self.numbers = _room.of(self._parts.size)
        self.numbers[: layout.HEAD] = self._head
        self._parts.write(self.numbers)
        self._fill_cases()

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

    def _add_cases(self) -> None:
        draw, head, parts = self._draw, self._head, self._parts
        pathway, arrivals = self._network.pathway, draw.arrivals()
        places = np.array([pathway.index[name] for name in pathway.entries])
        entry = 0 if draw.entry is None else draw.entry[arrivals]
        nodes = np.broadcast_to(places[entry], arrivals.shape)
        head[layout.NEXT_ARRIVAL] = parts.add(np.stack([arrivals, nodes], axis=1).ravel())
        head[layout.ARRIVALS_END] = parts.size
        parts.to_line()
        head[layout.FIRST_CASE_AT] = parts.room(len(draw.arrived) * layout.CASE_COLUMNS)

    def _fill_cases(self) -> None:
        """Write the columns of the cases; they are too many to be copied."""
        first = int(self._head[layout.FIRST_CASE_AT])
        end = first + len(self._draw.arrived) * layout.CASE_COLUMNS
        cases = self.numbers[first:end].view(layout.CASE)
        pack_cases(self._draw, self._network.clock_days, cases)

    def _add_panels(self) -> dict[str, int]:
        rows, names, parts = [], self._network.pathway.panels, self._parts
        for name in names:
            sittings = self._network.panels[name].sittings
            first = parts.add_table((one.closes, one.minute, one.cases) for one in sittings)
            rows.append((first, parts.size, queues(parts, 1)))
        return self._add_rows(rows, names, layout.PANELS, layout.FIRST_PANEL)

    def _add_rows(
        self, rows: Sequence[Sequence[int]], names: Sequence[str], count: int, first: int
    ) -> dict[str, int]:
        """Add rows of one length; return the place of each by name."""
        place = self._parts.add_table(rows)
        self._head[count], self._head[first] = len(rows), place
        return {name: place + i * len(rows[i]) for i, name in enumerate(names)}

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

    def _add_room(self, room: int) -> None:
        parts, head, network = self._parts, self._head, self._network
        head[[layout.FREE_EVENT, layout.FREE_JOB, layout.FREE_ENTRY, layout.BUCKET]] = NONE
        until = int(head[layout.UNTIL])
        bits = (until // _BUCKETS).bit_length()
        buckets = (until >> bits) + 1
        head[layout.BUCKET_BITS], head[layout.BUCKET_COUNT] = bits, buckets
        head[layout.SLOT_BITS] = max(bits - (layout.SLOTS_A_BUCKET - 1).bit_length(), 0)
        head[layout.SLOTS] = parts.add(np.full(2 * layout.SLOTS_A_BUCKET, NONE, np.int64))
        head[layout.FILLED] = parts.add(np.zeros(1 + layout.SLOTS_A_WORD, np.int64))
        head[layout.BUCKETS] = parts.add(np.full(buckets, NONE, np.int64))
        cases, teams = len(self._draw.arrived), network.teams.values()
        jobs = room * (_JOBS_A_CASE * cases + _MORE)
        looks = sum(len(t.agency.looks) + len(t.agency.opens) for t in teams if t.agency)
        ends = sum(len(post.gives_up) for t in teams if t.named_officers for post in t.posts)
        events = jobs + looks + ends + sum(len(team.rules) for team in teams) + _MORE
        calls = len(network.teams) + sum(len(panel.sittings) for panel in network.panels.values())
        head[[layout.CALLS, layout.NEXT_CALL]] = parts.room(2 * calls)
        branches = max((len(n.branches) for n in network.pathway if isinstance(n, Fork)), default=0)
        head[layout.STACK] = parts.room(2 * (branches + 2))
        head[layout.MOVED] = parts.room(jobs)
        head[layout.LISTED], head[layout.CARED_FOR] = (parts.room(self._most_queues) for _ in "12")
        parts.to_line()
        head[layout.NEXT_JOB] = parts.room(jobs * layout.JOB_COLUMNS)
        head[layout.JOBS_END] = parts.size
        head[layout.NEXT_EVENT] = parts.room(events * layout.EVENT_COLUMNS)
        head[layout.EVENTS_END] = parts.size
        parts.to_line()
        head[layout.NEXT_ENTRY] = parts.room(len(layout.SIDES) * jobs * layout.ENTRY_COLUMNS)
        head[layout.ENTRIES_END] = parts.size
        rows = room * (_ROWS_A_CASE * cases + _MORE)
        parts.to_line()
        head[[layout.ROWS, layout.NEXT_ROW]] = parts.room(rows * ROW_WORDS)
        head[layout.ROWS_END] = parts.size


_room = Room()
