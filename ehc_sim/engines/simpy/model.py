"""The reference model: reads a pathway with SimPy.

Each token of a case is one walk along the table of nodes. Teams and panels follow the two-phase
rule: at one minute, first everything arrives and ends, then free posts take jobs. That makes the
result independent of the order in which events of the same minute are handled.
"""

from bisect import bisect_right
from collections.abc import Callable
from functools import partial

import numpy as np
from simpy.events import Event, Timeout

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.engines.simpy.phases import TwoPhases, Walk, Walker
from ehc_sim.engines.simpy.queues import Job
from ehc_sim.engines.simpy.stations import PanelStation, Station, station_of
from ehc_sim.garbage import no_search_for_garbage
from ehc_sim.network.draw import Draw, OpenBranch, OpenCase
from ehc_sim.network.log import NOBODY, NOT_YET, Log
from ehc_sim.network.network import Network
from ehc_sim.network.nodes import (
    KINDS,
    Before,
    Choice,
    Decision,
    Fork,
    InPlace,
    Join,
    Mark,
    Node,
    Repeat,
    Start,
    Wait,
    Work,
    quantities_of,
)
from ehc_sim.network.orders import AHEAD, FLAGS
from ehc_sim.network.quantities import AnyQuantity

NO_PLAN_YET, IN_PLACE, ENDED = 0, 1, 2


class _Meeting(Event):
    """What happens when all branches of a case's fork that are awaited have come in."""

    def __init__(self, env: TwoPhases) -> None:
        super().__init__(env)
        self.missing = 1  # the fork itself, so that not all are in before all are out

    def one_comes_in(self, env: TwoPhases) -> None:
        """Count one that is in."""
        self.missing -= 1
        if self.missing == 0:
            env.happen(self, env.minute)


def _none(case: int) -> int:
    return 0


class SimPyModel:
    """A network and a draw, ready to run once.

    Parameters
    ----------
    network : Network
        Pathway, teams and panels.
    draw : Draw
        Arrivals and the values of every quantity.

    Raises
    ------
    ValueError
        When the draw lacks a quantity of the network, or the value of a case that may read it.
    """

    def __init__(self, network: Network, draw: Draw) -> None:
        network.check(draw)
        self._env = TwoPhases()
        self._network = network
        self._draw = draw
        self._until = len(network.timeline.days) * MINUTES_A_DAY
        self._after = network.timeline.after
        self._rows: list[int] = []
        self._read_pathway()
        self._read_draw()
        self._teams: dict[str, Station] = {
            name: station_of(
                self._env,
                network.teams[name],
                self._rows,
                self._values,
                network.pathway,
                self._holder,
            )
            for name in network.pathway.teams
        }
        self._officers = [t.officers for t in self._teams.values() if t.officers is not None]
        self._panels = {
            name: PanelStation(self._env, network.panels[name], self._rows)
            for name in network.pathway.panels
        }

    def _read_pathway(self) -> None:
        pathway = self._network.pathway
        self._nodes: tuple[Node, ...] = pathway.nodes
        self._index = pathway.index
        self._then = [self._index.get(getattr(node, "then", ""), -1) for node in self._nodes]
        self._ways = [
            [self._index[target] for _, target in node.ways] if isinstance(node, Choice) else []
            for node in self._nodes
        ]
        self._otherwise = [
            self._index.get(getattr(node, "otherwise", ""), -1) for node in self._nodes
        ]
        self._sets = [
            isinstance(node, Mark) and node != Mark(node.name, node.then) for node in self._nodes
        ]

    def _read_draw(self) -> None:
        draw, cases = self._draw, len(self._draw.arrived)
        self._variant = [0] * cases
        self._values = {
            name: self._reader(draw.quantities[name]) for name in self._network.quantities
        }
        self._ordered = bytearray(cases)
        if (flags := self._values.get(AHEAD)) is not None:
            self._values[AHEAD] = lambda case: flags(self._holder[case]) | self._ordered[case]
        self._value_at = [
            self._values[quantities_of(node)[0]]
            if isinstance(node, Wait | Work | Choice | Repeat)
            else _none
            for node in self._nodes
        ]
        self._arrived: list[int] = draw.arrived.tolist()
        self._received = list(self._arrived)
        day, clock = MINUTES_A_DAY, self._network.clock_days
        self._due = [(minute // day + clock + 1) * day for minute in self._arrived]
        own = range(cases)
        self._holder: list[int] = list(own) if draw.holder is None else draw.holder.tolist()
        indices = [self._index[name] for name in self._network.pathway.entries]
        self._entry = [0] * cases if draw.entry is None else draw.entry.tolist()
        self._entry = [indices[entry] for entry in self._entry]
        self._plan = bytearray(cases)
        self._repeats: dict[tuple[int, int], int] = {}

    def run(self) -> Log:
        """Run to the end of the timeline and return the log."""
        self._env.call_at(0, self._open)
        with no_search_for_garbage():
            self._env.run_until(self._until)
        stations: list[Station | PanelStation] = [*self._teams.values(), *self._panels.values()]
        for station in stations:
            for job in station.waiting():
                never = (NOT_YET, NOT_YET, NOBODY)
                self._rows += (job.case, job.node, job.joined, *never, job.minutes)
        kinds = tuple(KINDS[type(node)] for node in self._nodes)
        arrived = np.array(self._arrived, dtype=np.int64)
        return Log.of(self._rows, self._network.pathway.names, kinds, arrived, self._until)

    def _open(self) -> None:
        for one in self._draw.open:
            self._take_up(one)
        Walker(self._arrivals())

    def _arrivals(self) -> Walk:
        """Start a token for each case when it arrives."""
        env, arrived, entry = self._env, self._arrived, self._entry
        for case in self._draw.arrivals().tolist():
            if (minute := arrived[case]) > env.minute:
                yield Timeout(env, minute - env.minute)
            Walker(self._token(case, entry[case], None))

    def _token(self, case: int, index: int, meeting: _Meeting | None) -> Walk:
        """Move one token of a case from node to node, to its end or to the join of its fork."""
        env, nodes, then, value = self._env, self._nodes, self._then, self._value_at
        while True:
            node = nodes[index]
            if type(node) is Work:
                if minutes := value[index](case):
                    done = yield self._teams[node.team].join(self._job(case, index, minutes))
                    index = self._then_after(index, done)
                    continue
            elif type(node) is Mark:
                self._record(case, index, env.minute)
                if self._sets[index]:
                    self._mark(case, node)
            elif type(node) is Wait:
                if days := value[index](case):
                    ends = self._after(env.minute, days, node.counted_in)
                    self._record(case, index, ends)
                    yield Timeout(env, ends - env.minute)
            elif type(node) is Choice:
                index = self._ways[index][value[index](case)]
                continue
            elif type(node) is Decision:
                yield self._panels[node.panel].join(self._job(case, index, 0))
            elif type(node) is InPlace or type(node) is Before:
                index = then[index] if self._holds(case, node) else self._otherwise[index]
                continue
            elif type(node) is Start:
                self._start(case, index, node)
            elif type(node) is Repeat:
                index = self._back_or_on(node, case, index)
                continue
            elif type(node) is Fork:
                yield self._branch_out(node, case)
                index = self._index[node.join]
                self._record(case, index, env.minute)
            elif type(node) is Join:
                if meeting is not None:
                    meeting.one_comes_in(env)
                return
            else:
                self._record(case, index, env.minute)
                for officers in self._officers:
                    officers.end(case)
                return
            index = then[index]

    def _branch_out(self, fork: Fork, case: int) -> _Meeting:
        """Start a token for each branch that the case takes; return where those awaited meet."""
        meeting = _Meeting(self._env)
        for branch in fork.branches:
            if branch.taken is None or self._values[branch.taken](case):
                awaited = branch.awaited is None or self._values[branch.awaited](case) != 0
                meeting.missing += awaited
                first = self._index[branch.first]
                Walker(self._token(case, first, meeting if awaited else None))
        meeting.one_comes_in(self._env)
        return meeting

    def _job(self, case: int, index: int, minutes: int, joined: int | None = None) -> Job:
        """Return the job of a case at a node; it joins now, unless it did so before the run."""
        job = Job(self._env, case, index, self._received[case], self._due[case], minutes)
        if joined is not None:
            job.joined = joined
        return job

    def _back_or_on(self, node: Repeat, case: int, index: int) -> int:
        """Return the index to go to: back as often as the case's number of times, then on."""
        gone_back = self._repeats.get((case, index), 0)
        if gone_back < self._value_at[index](case):
            self._repeats[case, index] = gone_back + 1
            return self._index[node.again]
        return self._then[index]

    def _mark(self, case: int, node: Mark) -> None:
        """Set what a milestone sets from here on."""
        if node.clock_days is not None:
            self._received[case] = self._env.minute
        for days in (node.clock_days, node.due_days):
            if days is not None:
                self._count_to(case, self._values[days](case) if isinstance(days, str) else days)
        if node.variant is not None:
            self._variant[case] = node.variant
        if node.ordered:
            self._ordered[case] = FLAGS["ordered"]
        if node.opens_plan or node.closes_plan:
            self._plan[self._holder[case]] = ENDED if node.closes_plan else IN_PLACE

    def _count_to(self, case: int, days: int) -> None:
        day = self._received[case] // MINUTES_A_DAY
        self._due[case] = (day + days + 1) * MINUTES_A_DAY

    def _holds(self, case: int, node: Before | InPlace) -> bool:
        """Return whether the minute is not over yet, or the plan is in index."""
        if isinstance(node, Before):
            return self._env.minute < self._values[node.minute](case)
        holder = self._holder[case]
        in_time = self._env.minute < self._values[node.ends](holder)
        return in_time and self._plan[holder] == IN_PLACE

    def _start(self, case: int, index: int, node: Start) -> None:
        """Have another case arrive later; one that would start itself has no other to start."""
        other = self._values[node.case](case)
        minute = self._env.minute + self._values[node.days](case) * MINUTES_A_DAY
        self._record(case, index, minute)
        if minute >= self._until:
            return
        if other == case or self._arrived[other] != NOT_YET:
            raise RuntimeError(f"{node.name!r} has no case left to start after case {case}")
        self._arrived[other] = self._received[other] = minute
        self._count_to(other, self._network.clock_days)
        self._env.call_at(minute, partial(self._begin, other, self._index[node.entry]))

    def _begin(self, case: int, index: int) -> None:
        Walker(self._token(case, index, None))

    def _take_up(self, one: OpenCase) -> None:
        """Have a case that is open when the run starts go on from where it is."""
        case = one.case
        self._received[case] = one.clock
        self._count_to(case, one.clock_days)
        for name, joined, started, ended in one.done:
            node = self._nodes[self._index[name]]
            self._rows += (case, self._index[name], joined, started, ended, NOBODY, 0)
            if isinstance(node, Mark) and node.variant is not None:
                self._variant[case] = node.variant
            if isinstance(node, Mark) and node.ordered:
                self._ordered[case] = FLAGS["ordered"]
        if isinstance(self._nodes[self._index[one.node]], Fork):
            Walker(self._after_fork(one))
            return
        self._resume_branches(one)  # advice that is still out, and that nobody waits for
        Walker(self._resumed(case, one, None))

    def _after_fork(self, one: OpenCase) -> Walk:
        """Wait for the branches that a case is on, then move it on from their join."""
        fork = self._nodes[self._index[one.node]]
        assert isinstance(fork, Fork)
        yield self._resume_branches(one)
        join = self._index[fork.join]
        self._record(one.case, join, self._env.minute)
        yield from self._token(one.case, self._then[join], None)

    def _resume_branches(self, one: OpenCase) -> _Meeting:
        """Start a token for each branch that a case is on; return where those awaited meet."""
        meeting = _Meeting(self._env)
        for branch in one.branches:
            meeting.missing += branch.awaited
            Walker(self._resumed(one.case, branch, meeting if branch.awaited else None))
        meeting.one_comes_in(self._env)
        return meeting

    def _resumed(self, case: int, at: OpenCase | OpenBranch, meeting: _Meeting | None) -> Walk:
        """Finish what a token was at when the run started, then move it on.

        No job or meeting that it waits for stays in a variable: the two would refer to each other.
        """
        index, joined, left = self._index[at.node], at.joined, at.left
        node = self._nodes[index]
        if isinstance(node, Wait):
            self._rows += (case, index, joined, joined, self._env.minute + left, NOBODY, 0)
            done = yield Timeout(self._env, left)
        else:
            assert isinstance(node, Work | Decision)
            station = self._teams[node.team] if isinstance(node, Work) else self._panels[node.panel]
            done = yield station.join(self._job(case, index, left, joined))
        yield from self._token(case, self._then_after(index, done), meeting)

    def _then_after(self, index: int, done: Event | None) -> int:
        """Return the index of what follows, by whether an agency did the work."""
        node = self._nodes[index]
        if isinstance(node, Work) and node.by_agency and isinstance(done, Job) and done.bought:
            return self._index[node.by_agency]
        return self._then[index]

    def _reader(self, quantity: AnyQuantity) -> Callable[[int], int]:
        """Return what gives a case's value of a quantity at this minute."""
        usual = self._reader_of_usual(quantity)
        if quantity.variant is None:
            return usual
        other, variant = self._reader_of_usual(quantity.variant), self._variant
        return lambda case: other(case) if variant[case] else usual(case)

    def _reader_of_usual(self, quantity: AnyQuantity) -> Callable[[int], int]:
        """Return what gives a case's value, that of the variant left aside."""
        env, first = self._env, quantity.first
        starts, rows = quantity.starts, quantity.values.tolist()
        if len(rows) > 1:
            return lambda case: rows[bisect_right(starts, env.minute) - 1][case - first]
        if first:
            row: list[int] = rows[0]
            return lambda case: row[case - first]
        of_case: Callable[[int], int] = rows[0].__getitem__
        return of_case

    def _record(self, case: int, index: int, ended: int) -> None:
        """Write a row of the log for a node at which nobody works on the case."""
        now = self._env.minute
        self._rows += (case, index, now, now, ended, NOBODY, 0)


def run(network: Network, draw: Draw) -> Log:
    """Run a network once with SimPy.

    Parameters
    ----------
    network : Network
        Pathway, teams and panels.
    draw : Draw
        Arrivals and the values of every quantity.

    Returns
    -------
    Log
        What happened, the same to the minute for the same network and draw.

    Examples
    --------
    With the network and the draw of the example of ``Network``:

    >>> run(network, draw).reached("issued").tolist()
    [60, 90]
    """
    return SimPyModel(network, draw).run()
