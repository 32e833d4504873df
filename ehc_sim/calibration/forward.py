"""Runs members to the end of the figures that they are held against, and no further."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.calibration.targets import Target
from ehc_sim.catalogue.tables import MEASURES
from ehc_sim.engines.choose import Engine
from ehc_sim.experiment.measured import with_reviews
from ehc_sim.experiment.replication import Replication, Replicator, forecast_of
from ehc_sim.experiment.workers import run_batches
from ehc_sim.measures.advice_rates import advice_by_month, advice_of
from ehc_sim.measures.backlog import waiting
from ehc_sim.measures.columns import columns, counts
from ehc_sim.measures.periods import year_bounds, years
from ehc_sim.measures.plans import plans_by_month
from ehc_sim.measures.reviews import Reviews, reviews, reviews_by_month
from ehc_sim.measures.timeliness import monthly, quarterly
from ehc_sim.measures.timings import Timings
from ehc_sim.scenario import Scenario
from ehc_sim.tables import Rows, Table

Floats = NDArray[np.float64]

AT_A_TIME = 8
"""Members that a process runs at a time."""


@dataclass(frozen=True)
class Runs:
    """Some members, each with the random numbers of the replication of its number.

    Attributes
    ----------
    scenario : Scenario
        With the table of members.
    seed : int
    members : tuple of int
        Which members.
    replications : tuple of int
        With the random numbers of which replication each is run.
    targets : tuple of Target
    until : date
        Last day that is run.
    """

    scenario: Scenario
    seed: int
    members: tuple[int, ...]
    replications: tuple[int, ...]
    targets: tuple[Target, ...]
    until: date

    def __str__(self) -> str:
        return f"{self.scenario.name}: members {self.members[0]} to {self.members[-1]}"

    @property
    def engines(self) -> set[Engine]:
        """The models that run them."""
        return {"compiled"}


def simulated(
    scenario: Scenario,
    seed: int,
    replications: Sequence[int],
    targets: Sequence[Target],
    until: date,
    processes: int | None = 1,
    done: Callable[[int], None] = lambda members: None,
) -> Floats:
    """Return what each member of a scenario says of each target, shape (members, targets).

    Parameters
    ----------
    scenario : Scenario
        With the table of members.
    seed : int
    replications : sequence of int
        With the random numbers of which replication each member is run.
    targets : sequence of Target
    until : date
        Last day that is run.
    processes : int or None
        As of ``run_batches``; they make no difference to what comes out.
    done : callable
        Called with how many members are done at a time.
    """
    every = range(len(replications))
    batches = [
        Runs(
            scenario, seed, tuple(part), tuple(replications[i] for i in part), tuple(targets), until
        )
        for part in (every[i : i + AT_A_TIME] for i in every[::AT_A_TIME])
    ]
    values = np.full((len(every), len(targets)), np.nan)
    for batch, found in run_batches(
        batches, processes, lambda batch: done(len(batch.members)), measured
    ):
        values[list(batch.members)] = found
    return values


def measured(runs: Runs) -> Floats:
    """Run members and return what each says of each target, shape (members, targets)."""
    member_of = dict(zip(runs.replications, runs.members, strict=True))
    replicator = CutShort(runs.scenario, runs.seed, runs.until, member_of)
    read = Reader(runs.targets)
    found = []
    for number in runs.replications:
        (drawn,) = replicator.drawn([number])
        found.append(read(replicator, replicator.run(drawn)))
    return np.stack(found)


class CutShort(Replicator):
    """Runs a scenario up to a day, each replication with the member that is said.

    What is run is the same, to the minute, as the part of a whole run up to that day.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    until : date
        Last day that is run.
    member_of : mapping of int to int
        Member of each replication.
    """

    def __init__(
        self, scenario: Scenario, seed: int, until: date, member_of: Mapping[int, int]
    ) -> None:
        super().__init__(scenario, seed, "compiled")
        base = scenario.base
        terms = SchoolTerms.read(base.council.terms)
        self.timeline = Timeline.england(base.period.run_in_from, until, terms)
        # What is settled after the last day has no day on the shorter calendar.
        self.scenario = replace(
            scenario, periods=tuple(p for p in scenario.periods if p[0] <= until)
        )
        self._member_of = member_of

    def member(self, number: int) -> int | None:
        """Return the member that is said of a replication."""
        return self._member_of[number]

    def _months_ahead(self, replications: Sequence[int]) -> NDArray[np.int64]:
        """Return forecast requests up to the last day that is run."""
        months = self.timeline.months
        ahead = int((months > self.history.last_month).sum())
        if not ahead:
            return np.zeros((len(replications), 0), dtype=np.int64)
        last = np.datetime64(self.scenario.base.period.plan_until, "M")
        beyond = int((last - months[-1]).astype(np.int64))
        made = forecast_of(
            *(self.scenario, self.seed, len(replications), replications[0], self.history),
            even=True,
        )
        whole = np.stack([made.path(number)[-ahead - beyond :] for number in replications])
        return whole[:, :ahead]


class Reader:
    """Reads the targets off a run; what no target is about is not worked out.

    Parameters
    ----------
    targets : sequence of Target
    """

    def __init__(self, targets: Sequence[Target]) -> None:
        self._wanted = [_place(one) for one in targets]
        self._tables = {table for table, _, _ in self._wanted}
        self._at: list[tuple[str, int, int] | None] | None = None

    def __call__(self, replicator: Replicator, run: Replication) -> Floats:
        """Return what a run says of each target; NaN where it has nothing of it."""
        tables = tables_of(replicator, run, self._tables)
        if self._at is None:  # rows and columns are the same in every run
            rows = {name: list(table.index) for name, table in tables.items()}
            self._at = [_found(tables, rows, *wanted) for wanted in self._wanted]
        return np.array(
            [np.nan if at is None else tables[at[0]].values[at[1], at[2]] for at in self._at]
        )


def _place(target: Target) -> tuple[str, object, str]:
    """Return the table, the label of the row, and the column of a target."""
    figure = target.figure
    if figure.month:
        month = np.datetime64(figure.month, "M")
        if figure.by == "step":
            return "waiting", month, figure.group
        if figure.by == "giver":
            return "advice_by_month", (month, figure.group), figure.measure
        return "monthly", month, figure.measure
    if figure.quarter:
        return "quarterly", figure.quarter, figure.measure
    of_requests = figure.measure in [row.name for row in MEASURES["yearly"]]
    return "yearly" if of_requests else "reviews", figure.year, figure.measure


def _found(
    tables: Mapping[str, Table],
    rows: Mapping[str, list[object]],
    name: str,
    label: object,
    column: str,
) -> tuple[str, int, int] | None:
    if label not in rows[name]:
        return None
    return name, rows[name].index(label), tables[name].columns.index(column)


def tables_of(replicator: Replicator, run: Replication, wanted: set[str]) -> dict[str, Table]:
    """Return some tables of measures of a run, of everybody: what else there is is left alone."""
    log, cases, line = run.log, run.prepared.everybody, replicator.timeline
    known = with_reviews(replicator.definitions, run.periods, line)
    t = Timings.of(
        log, line, known.schools, cases.requests, known.families, known.exceptions_claimed
    )
    made: dict[str, Table] = {}
    if "yearly" in wanted:
        rows = Rows.of(year=years(line))
        made["yearly"] = Table.of(
            rows, columns(MEASURES["yearly"], t, counts(year_bounds(line)), {})
        )
    if "quarterly" in wanted:
        made["quarterly"] = quarterly(t)
    if "waiting" in wanted:
        made["waiting"] = waiting(t)
    if wanted & {"reviews", "monthly"}:
        held = Reviews.of(
            log, cases, line, known.days_to_review, brought_forward=known.brought_forward
        )
        made["reviews"] = reviews(held)
        if "monthly" in wanted:
            parts = [monthly(t), reviews_by_month(held), plans_by_month(held.stock, line)]
            made["monthly"] = Table.beside(parts)
    if "advice_by_month" in wanted:
        given = advice_of(log, {giver: known.asking.get(giver, ()) for giver in known.givers})
        made["advice_by_month"] = advice_by_month(given, line)
    return made
