"""The reference model: reads a pathway with SimPy.

Each token of a case is one walk along the table of nodes. Teams and panels follow the two-phase
rule: at one minute, first everything arrives and ends, then free posts take jobs. That makes the
result independent of the order in which events of the same minute are handled.
"""

from __future__ import annotations

import gc
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from simpy.events import Event, Timeout

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.pathway.log import NOBODY, NOT_YET, Log
from ehc_sim.pathway.network import Draw, Network
from ehc_sim.pathway.nodes import (
    Choice,
    Decision,
    End,
    Fork,
    Join,
    Mark,
    Node,
    Repeat,
    Wait,
    Work,
    quantities_of,
)
from ehc_sim.pathway.phases import TwoPhases, Walk, Walker
from ehc_sim.pathway.quantities import Quantity
from ehc_sim.pathway.queues import Job
from ehc_sim.pathway.stations import PanelStation, TeamStation

KINDS = {
    Wait: "wait",
    Work: "work",
    Decision: "decision",
    Choice: "choice",
    Repeat: "choice",
    Fork: "fork",
    Join: "join",
    Mark: "mark",
    End: "end",
}


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


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Stop Python's search for objects that refer to each other: a run leaves none behind.

    The search goes through all that is open, again and again, and takes a tenth of a run's time.
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()


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
        When the draw lacks a quantity of the network.
    """

    def __init__(self, network: Network, draw: Draw) -> None:
        missing = [name for name in network.quantities if name not in draw.quantities]
        if missing:
            raise ValueError(f"the draw lacks {', '.join(missing)}")
        self._env = TwoPhases()
        self._network = network
        self._nodes: tuple[Node, ...] = network.pathway.nodes
        self._place = network.pathway.place
        self._after = network.timeline.after
        self._then = [self._place.get(getattr(node, "then", ""), -1) for node in self._nodes]
        self._ways = [
            [self._place[target] for _, target in node.ways] if isinstance(node, Choice) else []
            for node in self._nodes
        ]
        self._draw = draw
        self._arrived: list[int] = draw.arrived.tolist()
        self._until = len(network.timeline.days) * MINUTES_A_DAY
        self._rows: list[int] = []
        self._values = {name: self._reader(draw.quantities[name]) for name in network.quantities}
        self._value_at = [
            self._values[quantities_of(node)[0]]
            if isinstance(node, Wait | Work | Choice | Repeat)
            else _none
            for node in self._nodes
        ]
        self._received = list(self._arrived)
        day = MINUTES_A_DAY
        self._due = [(m // day + network.clock_days + 1) * day for m in self._arrived]
        self._repeats: dict[tuple[int, int], int] = {}
        self._teams = {
            name: TeamStation(self._env, network.teams[name], self._rows, self._values)
            for name in network.pathway.teams
        }
        self._panels = {
            name: PanelStation(self._env, network.panels[name], self._rows)
            for name in network.pathway.panels
        }

    def run(self) -> Log:
        """Run to the end of the timeline and return the log."""
        self._env.call_at(0, self._open)
        with _no_search_for_garbage():
            self._env.run_until(self._until)
        stations: list[TeamStation | PanelStation] = [*self._teams.values(), *self._panels.values()]
        for station in stations:
            for job in station.waiting():
                never = (NOT_YET, NOT_YET, NOBODY)
                self._rows += (job.case, job.node, job.joined, *never, job.minutes)
        kinds = tuple(KINDS[type(node)] for node in self._nodes)
        names = self._network.pathway.names
        return Log.of(self._rows, names, kinds, self._draw.arrived, self._until)

    def _open(self) -> None:
        Walker(self._arrivals())

    def _arrivals(self) -> Walk:
        """Start a token for each case when it arrives."""
        env = self._env
        for case, minute in enumerate(self._arrived):
            if minute > env.minute:
                yield Timeout(env, minute - env.minute)
            Walker(self._token(case, 0, None))

    def _token(self, case: int, place: int, meeting: _Meeting | None) -> Walk:
        """Move one token of a case from node to node, to its end or to the join of its fork."""
        env, nodes, then, value = self._env, self._nodes, self._then, self._value_at
        while True:
            node = nodes[place]
            if type(node) is Work:
                if minutes := value[place](case):
                    yield self._teams[node.team].join(self._job(case, place, minutes))
            elif type(node) is Mark:
                self._record(case, place, env.minute)
                if node.clock_days is not None:
                    self._start_clock(case, node.clock_days)
            elif type(node) is Wait:
                if days := value[place](case):
                    ends = self._after(env.minute, days, node.counted_in)
                    self._record(case, place, ends)
                    yield Timeout(env, ends - env.minute)
            elif type(node) is Choice:
                place = self._ways[place][value[place](case)]
                continue
            elif type(node) is Decision:
                yield self._panels[node.panel].join(self._job(case, place, 0))
            elif type(node) is Repeat:
                place = self._back_or_on(node, case, place)
                continue
            elif type(node) is Fork:
                yield self._branch_out(node, case)
                place = self._place[node.join]
                self._record(case, place, env.minute)
            elif type(node) is Join:
                if meeting is not None:
                    meeting.one_comes_in(env)
                return
            else:
                self._record(case, place, env.minute)
                return
            place = then[place]

    def _branch_out(self, fork: Fork, case: int) -> _Meeting:
        """Start a token for each branch that the case takes; return where those awaited meet."""
        meeting = _Meeting(self._env)
        for branch in fork.branches:
            if branch.taken is None or self._values[branch.taken](case):
                awaited = branch.awaited is None or self._values[branch.awaited](case) != 0
                meeting.missing += awaited
                first = self._place[branch.first]
                Walker(self._token(case, first, meeting if awaited else None))
        meeting.one_comes_in(self._env)
        return meeting

    def _job(self, case: int, place: int, minutes: int) -> Job:
        return Job(self._env, case, place, self._received[case], self._due[case], minutes)

    def _back_or_on(self, node: Repeat, case: int, place: int) -> int:
        """Return the place to go to: back as often as the case's number of times, then on."""
        gone_back = self._repeats.get((case, place), 0)
        if gone_back < self._value_at[place](case):
            self._repeats[case, place] = gone_back + 1
            return self._place[node.again]
        return self._then[place]

    def _start_clock(self, case: int, clock_days: int) -> None:
        now = self._env.minute
        self._received[case] = now
        self._due[case] = (now // MINUTES_A_DAY + clock_days + 1) * MINUTES_A_DAY

    def _reader(self, quantity: Quantity) -> Callable[[int], int]:
        """Return what gives a case's value of a quantity at this minute."""
        starts, rows = quantity.starts, quantity.values.tolist()
        if len(rows) == 1:
            of_case: Callable[[int], int] = rows[0].__getitem__
            return of_case
        env = self._env
        return lambda case: rows[bisect_right(starts, env.minute) - 1][case]

    def _record(self, case: int, place: int, ended: int) -> None:
        """Write a row of the log for a node at which nobody works on the case."""
        now = self._env.minute
        self._rows += (case, place, now, now, ended, NOBODY, 0)


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
    """
    return SimPyModel(network, draw).run()
