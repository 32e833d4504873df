"""From a caseload to the open cases of a draw: where each goes on, and what is left there."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import Timeline
from ehc_sim.journey.open_cases.behind import Behind
from ehc_sim.journey.open_cases.caseload import Caseload, minute_of
from ehc_sim.journey.open_cases.remaining import (
    Past,
    days_left,
    lasting,
    minutes_left,
    still_out,
    turnaround_left,
)
from ehc_sim.journey.open_cases.steps import ADVICE, open_steps
from ehc_sim.journey.pathway import advice_step, journey, nil_return_step
from ehc_sim.journey.sampling import Floats, Ints, days_of
from ehc_sim.network.draw import OpenBranch, OpenCase
from ehc_sim.network.nodes import Wait, Work
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.part import Wait as WaitOf
from ehc_sim.scenario.schema import AdviceGiver, Settings

LEFT = "left of open case: "
"""How the names of the streams begin from which the time that is left is drawn."""


def open_cases(
    caseload: Caseload, settings: Settings, timeline: Timeline, streams: Streams
) -> tuple[OpenCase, ...]:
    """Draw what is left of every open case.

    Time that is left is drawn given the time already spent. A wait that has lasted longer than the
    scenario allows ends on the first day that counts.

    Parameters
    ----------
    caseload : Caseload
        The open cases.
    settings : Settings
        Settings on the first day of the run, with this replication's uncertain numbers.
    timeline : Timeline
        Calendar of the run.
    streams : Streams
        Random numbers of the replication.

    Returns
    -------
    tuple of OpenCase
        In the order of the caseload, which is that of their numbers.
    """
    return _Opener(caseload, settings, timeline, streams).cases() if caseload.cases else ()


@dataclass(frozen=True)
class _Outstanding:
    """Where a case is on the way to a piece of advice."""

    node: str
    joined: int
    left: int
    begun: bool


class _Opener:
    def __init__(
        self, caseload: Caseload, settings: Settings, timeline: Timeline, streams: Streams
    ) -> None:
        self._cases = caseload.cases
        self._settings = settings
        self._streams = streams
        self._start = timeline.first_day
        self._steps = open_steps(settings)
        self._past = Past(timeline, np.datetime64(self._cases[0].received, "D"))

    def cases(self) -> tuple[OpenCase, ...]:
        """Return the open cases."""
        left = self._left()
        advice = {giver: self._outstanding(giver) for giver in self._settings.advice}
        awaited = self._awaited(advice)
        pathway = journey(self._settings)
        made = []
        for number, case in enumerate(self._cases):
            on_the_way = {g: rows[number] for g, rows in advice.items() if number in rows}
            begun = {giver: one.joined for giver, one in on_the_way.items() if one.begun}
            behind = Behind(
                case,
                self._steps[case.step],
                pathway,
                lambda day: minute_of(day, self._start),
                begun,
            )
            branches = (
                OpenBranch(one.node, (number, giver) in awaited, one.joined, one.left)
                for giver, one in on_the_way.items()
            )
            made.append(
                OpenCase(
                    number,
                    minute_of(case.received, self._start),
                    behind.clock,
                    behind.clock_days,
                    case.step,
                    minute_of(case.since, self._start),
                    int(left[number]),
                    tuple(branches),
                    tuple(behind.visits),
                )
            )
        return tuple(made)

    def _u(self, what: str, rows: Ints) -> Floats:
        return self._streams.uniforms(f"{LEFT}{what}", rows)

    def _rows(self, of: Callable[[int], bool]) -> Ints:
        return np.array([row for row in range(len(self._cases)) if of(row)], dtype=np.int64)

    def _left(self) -> Ints:
        """Return minutes until each case's wait ends or of the work left, 0 at other steps."""
        left = np.zeros(len(self._cases), dtype=np.int64)
        for name, step in self._steps.items():
            rows = self._rows(lambda row, name=name: self._cases[row].step == name)  # type: ignore[misc]
            if not len(rows):
                continue
            if isinstance(step.node, Work):
                done = np.array([self._cases[row].minutes_done for row in rows], dtype=np.int64)
                assert step.effort is not None
                left[rows] = minutes_left(step.effort, done, self._u(name, rows))
            elif isinstance(step.node, Wait):
                wait, counted_in = step.wait, step.node.counted_in
                assert wait is not None
                since = self._days(rows, lambda row: self._cases[row].since)
                elapsed = self._past.elapsed(since, counted_in)
                days = days_left(wait, elapsed, self._u(name, rows))
                left[rows] = self._past.minutes_until(days, counted_in)
        return left

    def _days(self, rows: Ints, of: Callable[[int], object]) -> NDArray[np.datetime64]:
        return np.array([of(row) for row in rows.tolist()], dtype="datetime64[D]")

    def _outstanding(self, name: str) -> dict[int, _Outstanding]:
        """Return where the cases are that wait for the advice of one giver, by number."""
        rows = self._rows(
            lambda row: (
                (one := self._cases[row].advice.get(name)) is not None and one.came_in is None
            )
        )
        if not len(rows):
            return {}
        giver = self._settings.advice[name]
        advice = [self._cases[row].advice[name] for row in rows.tolist()]
        asked = np.array([one.asked for one in advice], dtype="datetime64[D]")
        done = np.array([one.minutes_done for one in advice], dtype=np.int64)
        seen = np.zeros(len(rows), dtype=np.int64)
        waits = np.zeros(len(rows), dtype=np.bool_)
        places: dict[int, _Outstanding] = {}
        appointment = giver.appointment
        if (
            appointment is not None
            and appointment.mean_days.largest + appointment.at_least_days.largest > 0
        ):
            seen = self._appointment(giver, appointment, asked, done, self._u(name, rows))
            waits = seen == 0
            elapsed = self._past.elapsed(asked, appointment.counted_in)
            days = days_left(appointment, elapsed, self._u(f"{name}: appointment", rows))
            until = self._past.minutes_until(days, appointment.counted_in)
            asked_at = self._minutes(asked)
            for i in np.flatnonzero(waits).tolist():
                places[int(rows[i])] = _Outstanding(
                    f"{name}: appointment", int(asked_at[i]), int(until[i]), begun=False
                )
            asked = self._past.after(asked, seen, appointment.counted_in)
        u = self._u(f"{name}: advice", rows)
        joined, left = self._minutes(asked), self._left_of_advice(giver, asked, done, u)
        nodes = np.repeat(advice_step(name), len(rows)).astype(object)
        if giver.nil_returns is not None:
            nil, until = self._nil_returns(name, giver, asked, rows)
            nodes[nil], left = nil_return_step(name), np.where(nil, until, left)
        for i in np.flatnonzero(~waits).tolist():
            places[int(rows[i])] = _Outstanding(
                str(nodes[i]), int(joined[i]), int(left[i]), begun=appointment is not None
            )
        return places

    def _nil_returns(
        self, name: str, giver: AdviceGiver, asked: NDArray[np.datetime64], rows: Ints
    ) -> tuple[NDArray[np.bool_], Ints]:
        """Return which answers will be that there is nothing to add, and the minute of each.

        The share is that of those still out after so long: nil returns come sooner, so that fewer
        of them are left.
        """
        assert giver.nil_returns is not None
        assert giver.turnaround is not None
        share, wait = float(giver.nil_returns.share), giver.nil_returns.wait
        elapsed = self._past.elapsed(asked, wait.counted_in)
        nil = share * lasting(wait, elapsed + 1)
        in_turnaround = self._past.elapsed(asked, giver.turnaround.counted_in)
        both = nil + (1 - share) * still_out(giver, in_turnaround)
        chance = np.divide(nil, both, out=np.full(len(rows), share), where=both > 0)
        days = days_left(wait, elapsed, self._u(f"{nil_return_step(name)} days", rows))
        until = self._past.minutes_until(days, wait.counted_in)
        return self._u(nil_return_step(name), rows) < chance, until

    def _minutes(self, days: NDArray[np.datetime64]) -> Ints:
        return np.array([minute_of(day, self._start) for day in days.tolist()], dtype=np.int64)

    def _appointment(
        self,
        giver: AdviceGiver,
        appointment: WaitOf,
        asked: NDArray[np.datetime64],
        done: Ints,
        u: Floats,
    ) -> Ints:
        """Return how many days each appointment took, 0 where it is still ahead.

        Each number of days has the chance that it has before anything is known, times that of the
        advice being outstanding still. An appointment is over where hours have been worked.
        """
        elapsed = self._past.elapsed(asked, appointment.counted_in)
        turnaround = giver.turnaround.counted_in if giver.turnaround else "calendar"
        taken = np.zeros(len(asked), dtype=np.int64)
        for i, days_gone in enumerate(elapsed.tolist()):
            days = np.arange(1, days_gone + 1)
            ends = self._past.after(
                np.repeat(asked[i : i + 1], days_gone), days, appointment.counted_in
            )
            chances = lasting(appointment, days) - lasting(appointment, days + 1)
            chances *= still_out(giver, self._past.elapsed(ends, turnaround))
            ahead = 0.0 if done[i] else lasting(appointment, np.array([days_gone + 1]))[0]
            edges = np.append(np.cumsum(chances), chances.sum() + ahead)
            if edges[-1] > 0:
                place = int(np.searchsorted(edges, u[i] * edges[-1], side="right"))
                taken[i] = days[place] if place < days_gone else 0
            else:  # longer than the scenario allows, or worked on before any appointment
                taken[i] = min(days_gone, int(days_of(appointment, np.zeros(1))[0]))
        return taken

    def _left_of_advice(
        self, giver: AdviceGiver, begun: NDArray[np.datetime64], done: Ints, u: Floats
    ) -> Ints:
        if giver.effort is not None:
            return minutes_left(giver.effort, done, u)
        assert giver.turnaround is not None
        counted_in = giver.turnaround.counted_in
        days = turnaround_left(giver, self._past.elapsed(begun, counted_in), u)
        return self._past.minutes_until(days, counted_in)

    def _awaited(self, advice: dict[str, dict[int, _Outstanding]]) -> set[tuple[int, str]]:
        """Return the cases and givers for whose advice the assessment waits.

        A case at the step of advice waits for one piece at least. Given that, each is drawn in
        turn: while none before it is awaited, its chance is raised by what is known. A case at a
        later step waits for none.
        """
        numbers = np.arange(len(self._cases), dtype=np.int64)
        u = {giver: self._u(f"{giver}: awaited", numbers) for giver in advice}
        share = {giver: float(self._settings.advice[giver].awaited) for giver in advice}
        awaited: set[tuple[int, str]] = set()
        for number, case in enumerate(self._cases):
            if case.step != ADVICE:
                continue
            givers = [giver for giver, rows in advice.items() if number in rows]
            one_is = False
            for place, giver in enumerate(givers):
                none = float(np.prod([1 - share[other] for other in givers[place:]]))
                sure = not one_is and place == len(givers) - 1
                chance = share[giver] if one_is else share[giver] / (1 - none) if none < 1 else 0
                if sure or u[giver][number] < chance:
                    awaited.add((number, giver))
                    one_is = True
        return awaited
