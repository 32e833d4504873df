"""The reference model: reads a pathway with SimPy.

Each token of a case is one walk along the table of nodes. Teams and panels follow the two-phase
rule: at one minute, first everything arrives and ends, then free posts take jobs. That makes the
result independent of the order in which events of the same minute are handled.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from simpy.events import Event

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.pathway.log import NOBODY, NOT_YET, Log
from ehc_sim.pathway.network import Draw, Network
from ehc_sim.pathway.nodes import Choice, Decision, End, Fork, Join, Mark, Node, Repeat, Wait, Work
from ehc_sim.pathway.phases import TwoPhases, Walk
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


@dataclass
class _Meeting:
    """The branches of one case's fork that its join still waits for."""

    missing: int
    all_in: Event


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
        self._env.walk(self._arrivals())
        self._env.run_until(self._until)
        for station in (*self._teams.values(), *self._panels.values()):
            for job in station.waiting():
                self._record(job.case, job.node, job.joined, NOT_YET, NOT_YET, job.minutes)
        kinds = tuple(KINDS[type(node)] for node in self._nodes)
        names = self._network.pathway.names
        return Log.of(self._rows, names, kinds, self._draw.arrived, self._until)

    def _arrivals(self) -> Walk:
        """Start a token for each case when it arrives."""
        env = self._env
        for case, minute in enumerate(self._arrived):
            if minute > env.minute:
                yield env.timeout(minute - env.minute)
            env.walk(self._token(case, 0, None))

    def _token(self, case: int, place: int, meeting: _Meeting | None) -> Walk:
        """Move one token of a case from node to node, to its end or to the join of its fork."""
        env, nodes, then, value = self._env, self._nodes, self._then, self._values
        while True:
            node = nodes[place]
            if isinstance(node, Work):
                if minutes := value[node.minutes](case):
                    job = self._job(case, place, minutes)
                    self._teams[node.team].join(job)
                    yield job.done
            elif isinstance(node, Wait):
                if days := value[node.days](case):
                    now = env.minute
                    ends = self._after(now, days, node.counted_in)
                    self._record(case, place, now, now, ends)
                    yield env.timeout(ends - now)
            elif isinstance(node, Choice):
                place = self._ways[place][value[node.option](case)]
                continue
            elif isinstance(node, Decision):
                job = self._job(case, place, 0)
                self._panels[node.panel].join(job)
                yield job.done
            elif isinstance(node, Repeat):
                place = self._back_or_on(node, case, place)
                continue
            elif isinstance(node, Fork):
                yield from self._branch_out(node, case)
                place = self._place[node.join]
                self._record(case, place, env.minute, env.minute, env.minute)
            elif isinstance(node, Join):
                if meeting is not None:
                    meeting.missing -= 1
                    if meeting.missing == 0:
                        meeting.all_in.succeed()
                return
            else:
                self._record(case, place, env.minute, env.minute, env.minute)
                if isinstance(node, End):
                    return
                if node.clock_days is not None:
                    self._start_clock(case, node.clock_days)
            place = then[place]

    def _branch_out(self, fork: Fork, case: int) -> Walk:
        """Start a token for each branch that the case takes; wait for those that are awaited."""
        taken = [b for b in fork.branches if b.taken is None or self._values[b.taken](case)]
        awaited = [b.awaited is None or self._values[b.awaited](case) != 0 for b in taken]
        meeting = _Meeting(sum(awaited), Event(self._env))
        for branch, waited_for in zip(taken, awaited, strict=True):
            first = self._place[branch.first]
            self._env.walk(self._token(case, first, meeting if waited_for else None))
        if meeting.missing:
            yield meeting.all_in

    def _back_or_on(self, node: Repeat, case: int, place: int) -> int:
        """Return the place to go to: back as often as the case's number of times, then on."""
        gone_back = self._repeats.get((case, place), 0)
        if gone_back < self._values[node.times](case):
            self._repeats[case, place] = gone_back + 1
            return self._place[node.again]
        return self._then[place]

    def _start_clock(self, case: int, clock_days: int) -> None:
        now = self._env.minute
        self._received[case] = now
        self._due[case] = (now // MINUTES_A_DAY + clock_days + 1) * MINUTES_A_DAY

    def _job(self, case: int, place: int, minutes: int) -> Job:
        env = self._env
        received, due = self._received[case], self._due[case]
        return Job(case, place, received, due, env.minute, minutes, Event(env))

    def _reader(self, quantity: Quantity) -> Callable[[int], int]:
        """Return what gives a case's value of a quantity at this minute."""
        starts, rows = quantity.starts, quantity.values.tolist()
        if len(rows) == 1:
            of_case: Callable[[int], int] = rows[0].__getitem__
            return of_case
        env = self._env
        return lambda case: rows[bisect_right(starts, env.minute) - 1][case]

    def _record(
        self, case: int, place: int, joined: int, started: int, ended: int, minutes: int = 0
    ) -> None:
        self._rows += (case, place, joined, started, ended, NOBODY, minutes)


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
