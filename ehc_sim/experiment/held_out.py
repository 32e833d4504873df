"""A forecast made as at the end of a past year, held against what was published since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binom

from ehc_sim.catalogue.held_out import AS_THEY_CAME, MAIN, UNKNOWN, Held
from ehc_sim.catalogue.measure import RANGE
from ehc_sim.demand.history import History
from ehc_sim.demand.source import history_of
from ehc_sim.experiment.batches import Batch, Tables
from ehc_sim.experiment.published import BY_YEAR, Published
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.study import Progress
from ehc_sim.experiment.workers import run_batches
from ehc_sim.scenario import Scenario
from ehc_sim.tables import RANGES, Table

LEVEL, RARE = 0.8, 0.05
SMALL_BATCH = 8
Sample = NDArray[np.float64]
COLUMNS = (
    *("requests", "year", "measure", "published", *RANGE, "inside", "inside95"),
    *("last_year", "last_known", "source"),
)
"""Columns of what was foretold beside what was published."""


@dataclass(frozen=True)
class Foretold:
    """What a forecast says of later years, in each of its replications.

    Attributes
    ----------
    known : int
        Last calendar year that it was told of.
    given : str
        One of ``catalogue.held_out.GIVEN``.
    tables : mapping of str to Table
        Yearly measures, shape (replications, rows, columns).
    """

    known: int
    given: str
    tables: Tables

    def sample(self, year: int, measure: str) -> Sample:
        """Return a measure of everybody in a year, shape (replications,).

        Raises
        ------
        KeyError
            When there is no such measure, or the year was not run.
        """
        for table in self.tables.values():
            if measure in table.columns:
                row = year if table.rows.names == ("year",) else (year, "all", "all")
                return np.asarray(table.column(measure)[:, table.index.get_loc(row)])
        raise KeyError(measure)


def foretell(
    scenario: Scenario,
    known: int,
    given: str,
    replications: int,
    *,
    seed: int,
    history: History | None = None,
    only: tuple[str, ...] = BY_YEAR,
    processes: int | None = None,
    progress: Progress = lambda done, wanted: None,
) -> Foretold:
    """Run a scenario on from the end of a past year.

    Parameters
    ----------
    scenario : Scenario
        As it was known then: see ``scenario.as_known``.
    known : int
        Last calendar year whose requests are known.
    given : str
        One of ``catalogue.held_out.GIVEN``: whether the later requests are those of the record,
        or a forecast.
    replications, seed, processes, progress
        As for a study.
    history : History, optional
        The whole record of requests; the scenario's own where None.
    only : tuple of str
        Tables by year that are wanted.
    """
    history = history_of(scenario) if history is None else history
    record = history if given == AS_THEY_CAME else up_to(history, known)
    batches = [
        Batch(scenario, seed, first, min(SMALL_BATCH, replications - first))
        for first in range(0, replications, SMALL_BATCH)
    ]
    done = 0

    def count(batch: Batch) -> None:
        nonlocal done
        done += batch.count
        progress(done, replications)

    measured = partial(_by_year, history=record, only=only)
    ran = run_batches(batches, processes, count, measured)
    found = {batch.first: tables for batch, tables in ran}
    parts = [found[batch.first] for batch in batches]
    stacked = {
        name: Table(
            parts[0][name].rows,
            parts[0][name].columns,
            np.concatenate([part[name].values for part in parts]),
        )
        for name in only
    }
    return Foretold(known, given, stacked)


def up_to(history: History, year: int) -> History:
    """Return the record as it stood at the end of a year."""
    years = history.index.astype("datetime64[Y]")
    return history.until(int((years <= np.datetime64(str(year), "Y")).sum()))


def _by_year(batch: Batch, history: History, only: tuple[str, ...]) -> Tables:
    """Run a batch with a record of requests and return its yearly measures."""
    replicator = Replicator(batch.scenario, batch.seed, batch.engine)
    replicator.history = history
    parts = []
    for drawn in replicator.drawn(batch.numbers):
        parts.append(replicator.tables(replicator.run(drawn), only))
    return {name: Table.stacked([one[name] for one in parts]) for name in only}


def how_many_held(table: pd.DataFrame, given: str = UNKNOWN) -> Held:
    """Return how many ranges of ``MAIN`` held what was published.

    Parameters
    ----------
    table : DataFrame
        As ``held_out`` returns it.
    given : str
        One of ``catalogue.held_out.GIVEN``.
    """
    rows = table[(table["requests"] == given) & table["measure"].isin(MAIN)]
    held, of = int(rows["inside"].sum()), len(rows)
    too_narrow = bool(of) and float(binom.cdf(held, of, LEVEL)) < RARE
    return Held(held, of, LEVEL * of, too_narrow)


def held_out(foretold: Sequence[Foretold], figures: Sequence[Published]) -> pd.DataFrame:
    """Return what was foretold beside what was published, and beside plain guesses.

    Parameters
    ----------
    foretold : sequence of Foretold
        One for each way in which the requests were known.
    figures : sequence of Published
        What was published; those of everybody and of a whole year after the last known are judged.

    Returns
    -------
    DataFrame
        Columns requests (how they were known), year, measure, published, median, low80, high80,
        low95, high95, inside (whether the published figure lies in the 80% range), inside95,
        last_year and last_known (what was published for the year before, and for the last known
        year; NaN where nothing was), and source.
    """
    rows = [row for one in foretold for row in _rows(one, figures)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(foretold: Foretold, figures: Sequence[Published]) -> Iterator[dict[str, object]]:
    of_everybody = [one for one in figures if one.by == "all" and not one.quarter and one.compared]
    value = {(one.year, one.measure): one.value for one in of_everybody}
    years = set(next(iter(foretold.tables.values())).index.get_level_values("year"))
    for one in sorted(of_everybody, key=lambda figure: (figure.year, figure.measure)):
        if one.year <= foretold.known or one.year not in years:
            continue
        sample = foretold.sample(one.year, one.measure)
        sample = sample[~np.isnan(sample)]
        if not len(sample):
            continue
        ends = dict(zip(RANGES, np.quantile(sample, list(RANGES.values())), strict=True))
        yield {
            "requests": foretold.given,
            "year": one.year,
            "measure": one.measure,
            "published": one.value,
            **ends,
            "inside": bool(ends["low80"] <= one.value <= ends["high80"]),
            "inside95": bool(ends["low95"] <= one.value <= ends["high95"]),
            "last_year": value.get((one.year - 1, one.measure), np.nan),
            "last_known": value.get((foretold.known, one.measure), np.nan),
            "source": one.source,
        }
