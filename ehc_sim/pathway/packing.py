"""Packs a network and a draw into the memory in which the compiled model works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.pathway.draw import Draw
from ehc_sim.pathway.event_loop import layout
from ehc_sim.pathway.laws import packed
from ehc_sim.pathway.log_sort import MOST_POSTS, ROW_WORDS
from ehc_sim.pathway.network import AgencyPlan, Network, Rules, TeamPlan
from ehc_sim.pathway.nodes import (
    Before,
    Choice,
    Decision,
    End,
    Fork,
    InPlace,
    Join,
    Mark,
    Node,
    Repeat,
    Start,
    Wait,
    Work,
)
from ehc_sim.pathway.packed_cases import ARRIVED, CASE_COLUMNS, pack_cases
from ehc_sim.pathway.posts import AlwaysThere, Post, Rota
from ehc_sim.pathway.quantities import AnyQuantity, Quantity, Sampled
from ehc_sim.pathway.room import LINE, Room
from ehc_sim.scenario.people import OVERDUE

Ints = NDArray[np.int64]

_KINDS: dict[type, int] = {
    Wait: layout.WAIT,
    Work: layout.WORK,
    Decision: layout.DECISION,
    Choice: layout.CHOICE,
    Repeat: layout.REPEAT,
    Before: layout.BEFORE,
    InPlace: layout.IN_PLACE,
    Fork: layout.FORK,
    Join: layout.JOIN,
    Mark: layout.MARK,
    Start: layout.START,
    End: layout.END,
}
_COUNTED_IN = {"calendar": 0, "working": 1, "school": 2}
_ORDERS = {
    "received": layout.RECEIVED,
    "due": layout.BY_DUE_DATE,
    "newest": layout.NEWEST,
    "still in time first": layout.STILL_IN_TIME,
    "mixed": layout.MIXED,
}
_NONE = -1

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
        self._network, self._draw = network, draw
        self._pathway = network.pathway
        self._days = len(network.timeline.days)
        self._size = layout.HEAD
        self._parts: list[tuple[int, Ints | list[int]]] = []
        self._held: list[Ints] = []  # of these, the memory has the addresses
        self._head = np.zeros(layout.HEAD, np.int64)
        self._most_queues = 1
        self._add_calendar()
        self._keys: dict[tuple[str, range], int] = {}
        self._quantities = self._add_quantities()
        self._add_cases()
        self._panels = self._add_panels()
        self._teams = self._add_teams()
        self._add_nodes()
        self._add_open_cases()
        self._add_room(room)
        self.numbers = _room.of(self._size)
        self.numbers[: layout.HEAD] = self._head
        for place, part in self._parts:
            self.numbers[place : place + len(part)] = part
        self._fill_cases()

    def rows(self) -> Ints:
        """Return the rows of the log that the run wrote, as in ``log_sort``, shape (rows, 4)."""
        first, end = self.numbers[[layout.ROWS, layout.NEXT_ROW]].tolist()
        return self.numbers[first:end].reshape(-1, ROW_WORDS)

    def arrived(self) -> Ints:
        """Return the minute at which each case arrived, shape (cases,)."""
        first = int(self.numbers[layout.FIRST_CASE_AT])
        end = first + len(self._draw.arrived) * CASE_COLUMNS
        return self.numbers[first + ARRIVED : end : CASE_COLUMNS].copy()

    # Parts of the memory

    def _add(self, part: Ints | list[int]) -> int:
        """Add numbers to the memory and return their place."""
        if isinstance(part, list) and self._parts:
            place, before = self._parts[-1]
            if isinstance(before, list) and place + len(before) == self._size:
                before += part  # few long parts are sooner written than many short ones
                return self._room(len(part))
        self._parts.append((self._size, part))
        return self._room(len(part))

    def _add_table(self, rows: Iterable[Sequence[int]]) -> int:
        """Add the rows of a table and return the place of the first."""
        return self._add([number for row in rows for number in row])

    def _room(self, size: int) -> int:
        """Add room, of which the numbers do not matter, and return its place."""
        place = self._size
        self._size += size
        return place

    def _address(self, values: NDArray[np.integer]) -> int:
        """Return where in the computer's memory the values of an array begin."""
        kept = np.ascontiguousarray(values, np.int64)
        self._held.append(kept)
        return int(kept.__array_interface__["data"][0])

    def _add_calendar(self) -> None:
        timeline, head = self._network.timeline, self._head
        head[layout.DAYS], head[layout.UNTIL] = self._days, self._days * MINUTES_A_DAY
        head[layout.CLOCK_DAYS] = self._network.clock_days
        (working, mornings), (school, of_school) = timeline.counts.values()
        head[layout.WORKING], head[layout.SCHOOL] = self._address(working), self._address(school)
        head[layout.WORKING_MORNINGS] = self._address(mornings)
        head[layout.SCHOOL_MORNINGS] = self._address(of_school)
        head[[layout.WORKING_DAYS, layout.SCHOOL_DAYS]] = len(mornings), len(of_school)

    def _add_quantities(self) -> dict[str, int]:
        """Add a row for each quantity and each variant of one; return the rows' places."""
        names = self._network.quantities
        return {name: self._quantity(self._draw.quantities[name]) for name in names}

    def _quantity(self, quantity: AnyQuantity) -> int:
        variant = _NONE if quantity.variant is None else self._quantity(quantity.variant)
        starts, periods = self._add(list(quantity.starts)), len(quantity.starts)
        if isinstance(quantity, Sampled):
            laws, group = self._add_laws(quantity)
            return self._add([_NONE, 0, 0, starts, periods, variant, laws, group])
        address, width = self._address(quantity.values), quantity.values.shape[1]
        return self._add([address, quantity.first, width, starts, periods, variant, _NONE, _NONE])

    def _add_laws(self, quantity: Sampled) -> tuple[int, int]:
        """Add the laws of a quantity; return their place and the first group that has keys."""
        groups = quantity.keys.groups_of(quantity.cases)

        def keys(stream: str) -> int:
            if (stream, groups) not in self._keys:
                found = quantity.keys.keys(stream, groups)
                self._keys[stream, groups] = self._add(found.ravel().tolist())
            return self._keys[stream, groups]

        laws = [packed(law, keys, self._add) for law in quantity.laws]
        return self._add_table(laws), groups.start

    def _add_cases(self) -> None:
        draw, head = self._draw, self._head
        arrivals = draw.arrivals()
        places = np.array([self._pathway.place[name] for name in self._pathway.entries])
        entry = 0 if draw.entry is None else draw.entry[arrivals]
        nodes = np.broadcast_to(places[entry], arrivals.shape)
        head[layout.NEXT_ARRIVAL] = self._add(np.stack([arrivals, nodes], axis=1).ravel())
        head[layout.ARRIVALS_END] = self._size
        self._room(-self._size % LINE)
        head[layout.FIRST_CASE_AT] = self._room(len(draw.arrived) * CASE_COLUMNS)

    def _fill_cases(self) -> None:
        """Write the columns of the cases; they are too many to be copied."""
        size, first = len(self._draw.arrived) * CASE_COLUMNS, int(self._head[layout.FIRST_CASE_AT])
        lines = self.numbers[first : first + size].reshape(-1, CASE_COLUMNS)
        pack_cases(self._draw, self._network.clock_days, lines)

    def _queues(self, count: int) -> int:
        """Add empty queues and return the place of the first."""
        self._most_queues = max(self._most_queues, count)
        return self._add([*(_NONE,) * layout.SIZE, 0] * count)

    def _add_panels(self) -> dict[str, int]:
        rows = []
        for name in self._pathway.panels:
            sittings = self._network.panels[name].sittings
            first = self._add_table((one.closes, one.minute, one.cases) for one in sittings)
            rows.append((first, self._size, self._queues(1)))
        return self._add_rows(rows, self._pathway.panels, layout.PANELS, layout.FIRST_PANEL)

    def _add_rows(
        self, rows: Sequence[Sequence[int]], names: Sequence[str], count: int, first: int
    ) -> dict[str, int]:
        """Add rows of one length; return the place of each by name."""
        place = self._add_table(rows)
        self._head[count], self._head[first] = len(rows), place
        return {name: place + i * len(rows[i]) for i, name in enumerate(names)}

    # Teams

    def _add_teams(self) -> dict[str, int]:
        names = self._pathway.teams
        rows = [self._team(self._network.teams[name]).tolist() for name in names]
        return self._add_rows(rows, names, layout.TEAMS, layout.FIRST_TEAM)

    def _team(self, plan: TeamPlan) -> Ints:
        if len(plan.posts) > MOST_POSTS:
            raise ValueError(
                f"{len(plan.posts)} posts, a team of the compiled model has {MOST_POSTS}"
            )
        row = np.zeros(layout.TEAM_COLUMNS, np.int64)
        words = -(-len(plan.posts) // layout.WORD)
        rules = [self._rules(plan, rules) for rules in plan.rules]
        agency, daily = plan.agency, plan.daily
        by_day = None if daily is None else np.stack([daily.minutes, daily.most_a_case], axis=1)
        row[layout.FIRST_POST] = self._add_table([self._post(post) for post in plan.posts])
        row[layout.POSTS] = len(plan.posts)
        row[layout.FIRST_RULES], row[layout.RULES] = self._add_table(rules), len(rules)
        row[layout.PATCHES] = len(plan.patches)
        row[layout.FIRST_QUEUE] = self._queues(
            len(plan.patches) * max(rule[layout.COLUMNS] for rule in rules)
        )
        row[layout.PATCH] = 0 if plan.patch is None else self._address(plan.patch)
        row[layout.AGENCY] = _NONE if agency is None else self._agency(agency)
        row[layout.DAILY] = _NONE if by_day is None else self._add(by_day.ravel())
        row[layout.WORDS] = words
        row[layout.MASKS], row[layout.ALWAYS] = self._masks(plan.posts, words)
        row[layout.IDLE] = self._add(_bits(np.ones((1, len(plan.posts)), bool), words).ravel())
        row[layout.AWAY_POSTS] = self._add([0] * words)
        row[[layout.BOUGHT_FROM, layout.RULES_NOW]] = _NONE
        row[layout.WAKE] = layout.NEVER
        return row

    def _post(self, post: Post) -> tuple[int, ...]:
        if type(post) is AlwaysThere:
            return (0,) * layout.POST_COLUMNS
        if type(post) is not Rota:
            raise TypeError(f"a post of the compiled model is no {type(post).__name__}")
        days = (post.minutes, post.before, post.next_day)
        handovers = self._add(list(post.handovers))
        return *(self._address(values) for values in days), handovers, len(post.handovers)

    def _masks(self, posts: Sequence[Post], words: int) -> tuple[int, int]:
        """Add a bit for each day and post that takes jobs on it, and one for each always there."""
        rotas = [(number, post) for number, post in enumerate(posts) if isinstance(post, Rota)]
        days = _NONE
        if rotas:
            there = np.zeros((self._days, len(posts)), bool)
            for number, rota in rotas:
                there[:, number] = rota.takes & (rota.minutes > 0)
            days = self._add(_bits(there, words).ravel())
        always = np.array([[isinstance(post, AlwaysThere) for post in posts]], bool)
        return days, self._add(_bits(always.reshape(1, -1), words).ravel())

    def _rules(self, plan: TeamPlan, rules: Rules) -> tuple[int, ...]:
        kinds = self._pathway.work
        reserved = rules.reserved or ("",) * len(plan.posts)
        own = sorted(set(reserved) & set(kinds) - {""})
        columns = len(own) + 1
        every = tuple(range(len(plan.patches)))
        of_posts = []
        for patches, kind in zip(rules.serves or (every,) * len(reserved), reserved, strict=True):
            firsts = [patch * columns for patch in patches]
            served = self._list(first + column for first in firsts for column in range(columns))
            mine = own.index(kind) if kind in own else None
            first_own = self._list(() if mine is None else (first + mine for first in firsts))
            of_posts.append((*served, *first_own, kind == OVERDUE))
        return (
            rules.starts,
            _ORDERS[rules.order],
            rules.minutes_to_go,
            OVERDUE in reserved,
            columns,
            self._add([own.index(kind) if kind in own else len(own) for kind in kinds]),
            self._add_table(of_posts),
            int(np.float64(rules.newest_share).view(np.int64)),
        )

    def _list(self, numbers: Iterable[int]) -> tuple[int, int]:
        """Add numbers of queues; return their place and how many they are."""
        listed = list(numbers)
        return self._add(listed), len(listed)

    def _agency(self, agency: AgencyPlan) -> int:
        none = (None,) * len(agency.opens)
        rules = zip(agency.longer_than or none, agency.older_than or none, strict=True)
        rows = [
            (opens, allowance, *(_NONE if rule is None else rule for rule in pair))
            for opens, allowance, pair in zip(agency.opens, agency.allowance, rules, strict=True)
        ]
        allowances, looks = self._add_table(rows), self._add(list(agency.looks))
        days = self._quantities[agency.days]
        return self._add([allowances, len(rows), days, looks, len(agency.looks)])

    # Nodes and open cases

    def _add_nodes(self) -> None:
        self._of_holders = {node.ends for node in self._pathway if isinstance(node, InPlace)}
        rows = [self._node(node) for node in self._pathway]
        self._room(-self._size % LINE)
        self._head[layout.NODES] = self._add_table(rows)

    def _node(self, node: Node) -> list[int]:
        row = [_NONE] * layout.NODE_COLUMNS
        row[layout.KIND] = _KINDS[type(node)]
        row[layout.THEN] = self._number(getattr(node, "then", ""))
        row[layout.PLAN] = 0
        row[layout.FIRST_READ], row[layout.READS] = self._list(self._given_next(node.name))
        quantities = self._quantities
        match node:
            case Wait():
                row[layout.VALUE] = quantities[node.days]
                row[layout.COUNTED_IN] = _COUNTED_IN[node.counted_in]
            case Work():
                row[layout.VALUE] = quantities[node.minutes]
                row[layout.STATION] = self._teams[node.team]
            case Decision():
                row[layout.STATION] = self._panels[node.panel]
            case Choice():
                row[layout.VALUE] = quantities[node.option]
                row[layout.FIRST_WAY] = self._add([self._number(target) for _, target in node.ways])
            case Repeat():
                row[layout.VALUE] = quantities[node.times]
                row[layout.OTHERWISE] = self._number(node.again)
                row[layout.FIRST_WAY] = self._add(np.zeros(len(self._draw.arrived), np.int64))
            case Fork():
                row[layout.OTHERWISE] = self._number(node.join)
                row[layout.WAYS] = len(node.branches)
                row[layout.FIRST_WAY] = self._add_branches(node)
            case Mark():
                self._mark(row, node)
            case Start():
                row[layout.VALUE] = quantities[node.case]
                row[layout.OTHER_VALUE] = quantities[node.days]
                row[layout.OTHERWISE] = self._number(node.entry)
            case Before():
                row[layout.VALUE] = quantities[node.minute]
                row[layout.OTHERWISE] = self._number(node.otherwise)
            case InPlace():
                row[layout.VALUE] = quantities[node.ends]
                row[layout.OTHERWISE] = self._number(node.otherwise)
        return row

    def _given_next(self, name: str) -> Iterator[int]:
        """Give the quantities with given values that may be read next; below 0 if of the holder."""
        for quantity in self._pathway.read_next(name):
            if isinstance(self._draw.quantities[quantity], Quantity):
                place = self._quantities[quantity]
                yield -place if quantity in self._of_holders else place

    def _number(self, name: str) -> int:
        return self._pathway.place.get(name, _NONE)

    def _add_branches(self, fork: Fork) -> int:
        return self._add_table(
            [
                (
                    self._number(branch.first),
                    _NONE if branch.taken is None else self._quantities[branch.taken],
                    _NONE if branch.awaited is None else self._quantities[branch.awaited],
                )
                for branch in fork.branches
            ]
        )

    def _mark(self, row: list[int], node: Mark) -> None:
        if isinstance(node.clock_days, str):
            row[layout.CLOCK_VALUE] = self._quantities[node.clock_days]
        elif node.clock_days is not None:
            row[layout.CLOCK] = node.clock_days
        row[layout.DUE] = _NONE if node.due_days is None else node.due_days
        row[layout.VARIANT] = _NONE if node.variant is None else node.variant
        if node.closes_plan or node.opens_plan:
            row[layout.PLAN] = layout.PLAN_ENDED if node.closes_plan else layout.PLAN_IN_PLACE

    def _add_open_cases(self) -> None:
        rows = []
        for one in self._draw.open:
            branches = [(self._number(b.node), b.awaited, b.joined, b.left) for b in one.branches]
            done = [(self._number(name), *minutes) for name, *minutes in one.done]
            rows.append(
                (
                    *(one.case, one.clock, one.clock_days),
                    *(self._number(one.node), one.joined, one.left),
                    *(self._add_table(branches), len(branches), self._add_table(done), len(done)),
                )
            )
        self._head[layout.OPEN_CASES], self._head[layout.OPEN_COUNT] = (
            self._add_table(rows),
            len(rows),
        )

    # Room

    def _add_room(self, room: int) -> None:
        head, network = self._head, self._network
        head[[layout.FREE_EVENT, layout.FREE_JOB, layout.FREE_PLACE, layout.BUCKET]] = _NONE
        until = int(head[layout.UNTIL])
        bits = (until // _BUCKETS).bit_length()
        buckets = (until >> bits) + 1
        head[layout.BUCKET_BITS], head[layout.BUCKET_COUNT] = bits, buckets
        head[layout.SLOT_BITS] = max(bits - (layout.SLOTS_A_BUCKET - 1).bit_length(), 0)
        head[layout.SLOTS] = self._add(np.full(2 * layout.SLOTS_A_BUCKET, _NONE, np.int64))
        head[layout.FILLED] = self._add(np.zeros(1 + layout.SLOTS_A_WORD, np.int64))
        head[layout.BUCKETS] = self._add(np.full(buckets, _NONE, np.int64))
        cases, teams = len(self._draw.arrived), network.teams.values()
        jobs = room * (_JOBS_A_CASE * cases + _MORE)
        looks = sum(len(t.agency.looks) + len(t.agency.opens) for t in teams if t.agency)
        events = jobs + looks + sum(len(team.rules) for team in teams) + _MORE
        calls = len(network.teams) + sum(len(panel.sittings) for panel in network.panels.values())
        head[[layout.CALLS, layout.NEXT_CALL]] = self._room(2 * calls)
        branches = max((len(n.branches) for n in self._pathway if isinstance(n, Fork)), default=0)
        head[layout.STACK] = self._room(2 * (branches + 2))
        head[layout.MOVED] = self._room(jobs)
        head[layout.LISTED], head[layout.CARED_FOR] = (self._room(self._most_queues) for _ in "12")
        self._room(-self._size % LINE)
        head[layout.NEXT_JOB] = self._room(jobs * layout.JOB_COLUMNS)
        head[layout.JOBS_END] = self._size
        head[layout.NEXT_EVENT] = self._room(events * layout.EVENT_COLUMNS)
        head[layout.EVENTS_END] = self._size
        self._room(-self._size % LINE)
        head[layout.NEXT_PLACE] = self._room(len(layout.SIDES) * jobs * layout.PLACE_COLUMNS)
        head[layout.PLACES_END] = self._size
        rows = room * (_ROWS_A_CASE * cases + _MORE)
        self._room(-self._size % LINE)
        head[[layout.ROWS, layout.NEXT_ROW]] = self._room(rows * ROW_WORDS)
        head[layout.ROWS_END] = self._size


_room = Room()


def _bits(flags: NDArray[np.bool_], words: int) -> Ints:
    """Return flags of shape (rows, n) as bits of so many words, shape (rows, words)."""
    padded = np.zeros((len(flags), words, 64), bool)
    for word in range(words):
        part = flags[:, word * layout.WORD : (word + 1) * layout.WORD]
        padded[:, word, : part.shape[1]] = part
    return np.packbits(padded, axis=2, bitorder="little").view("<i8")[:, :, 0].astype(np.int64)
