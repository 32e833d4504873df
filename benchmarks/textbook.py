"""The same network as a SimPy textbook would write it.

A process for each case, a ``PriorityResource`` for each team and ``AllOf`` for the advice. It can
keep a record of each step, which our model always does, or only the time at which a case finishes.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import pandas as pd
import simpy
from numpy.typing import NDArray
from simpy.events import Event

from benchmarks.workload import (
    ADVICE,
    CHECKERS,
    REVIEW_DUE_DAYS,
    TICKS_A_MINUTE,
    WRITERS,
    Workload,
)

STATUTORY_DAYS = 140
Steps = Generator[Event, None, None]


class TextbookModel:
    """A workload, ready to run once.

    Parameters
    ----------
    work : Workload
        Arrivals and what each case needs.
    keeps_record : bool
        Whether each step of each case is written down.
    """

    def __init__(self, work: Workload, keeps_record: bool = False) -> None:
        self.env = simpy.Environment()
        self.arrived: list[int] = work.arrived.tolist()
        self.review = work.review.tolist()
        self.stops = work.stops.tolist()
        self.waits = {name: (v * TICKS_A_MINUTE).tolist() for name, v in work.waits.items()}
        self.work = {name: v.tolist() for name, v in work.work.items()}
        self.teams = {
            name: simpy.PriorityResource(self.env, posts)
            for name, posts in {**ADVICE, "writers": WRITERS, "checkers": CHECKERS}.items()
        }
        self.finished: list[float] = [-1] * len(self.arrived)
        self.keeps_record = keeps_record
        self.record: list[tuple[int, str, float, float, float]] = []

    def run(self) -> NDArray[np.int64]:
        """Run until nothing is left and return the tick at which each case finished."""
        self.env.process(self.arrivals())
        self.env.run()
        if self.keeps_record:
            columns = ["case", "step", "joined", "started", "ended"]
            self.steps = pd.DataFrame(self.record, columns=columns)
        return np.array(self.finished)

    def arrivals(self) -> Steps:
        """Start the process of each case when it arrives."""
        for case, tick in enumerate(self.arrived):
            yield self.env.timeout(tick - self.env.now)
            self.env.process(self.annual_review(case) if self.review[case] else self.request(case))

    def request(self, case: int) -> Steps:
        """Take a request from its arrival to the final plan."""
        yield from self.wait(case, "decision")
        if not self.stops[case]:
            received = self.arrived[case]
            advice = [self.env.process(self.job(case, g, g, received)) for g in ADVICE]
            yield self.env.all_of(advice)
            self.note(case, "assessed", self.env.now, self.env.now)
            yield from self.job(case, "writers", "writing", self.due(case, STATUTORY_DAYS))
            yield from self.job(case, "checkers", "check", received)
            yield from self.wait(case, "final")
        self.finish(case)

    def annual_review(self, case: int) -> Steps:
        """Take an annual review from its arrival to its end."""
        yield from self.job(case, "writers", "writing", self.due(case, REVIEW_DUE_DAYS))
        self.finish(case)

    def wait(self, case: int, step: str) -> Steps:
        """Let time pass in which nobody works on a case."""
        started = self.env.now
        yield self.env.timeout(self.waits[step][case])
        self.note(case, step, started, started)

    def job(self, case: int, team: str, work: str, priority: int) -> Steps:
        """Wait for a post of a team and for its work."""
        joined = self.env.now
        with self.teams[team].request(priority) as turn:
            yield turn
            started = self.env.now
            yield self.env.timeout(self.work[work][case])
        self.note(case, work, joined, started)

    def note(self, case: int, step: str, joined: float, started: float) -> None:
        """Write down a step that ends now."""
        if self.keeps_record:
            self.record.append((case, step, joined, started, self.env.now))

    def finish(self, case: int) -> None:
        """Write down that a case is finished."""
        self.note(case, "finished", self.env.now, self.env.now)
        self.finished[case] = self.env.now

    def due(self, case: int, clock_days: int) -> int:
        """Return the end of the day on which a case is due; a day is 1,440 ticks."""
        return (self.arrived[case] // 1440 + clock_days + 1) * 1440
