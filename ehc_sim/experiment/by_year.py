"""The measures by year of a study, by calendar years and by financial years."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from ehc_sim.calendars import APRIL, financial_year, year_of
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.experiment.sums import with_parts_of_all_steps, with_shares_of_hours
from ehc_sim.measures.of_run import financial
from ehc_sim.scenario.schema import Period
from ehc_sim.tables import Table


def _shares(table: Table) -> pd.DataFrame:
    """Return the shares of requests by outcome, of which only the median is told."""
    found = table.ranges().rename(columns={"measure": "outcome", "median": "share"})
    return found[["year", "weeks", "outcome", "share"]]


BY_YEAR: Mapping[str, Callable[[Table], pd.DataFrame]] = {
    "yearly": Table.ranges,
    "exceptions": Table.ranges,
    "advice": Table.ranges,
    "hours": lambda table: with_shares_of_hours(table).ranges(),
    "lateness": lambda table: with_parts_of_all_steps(table).ranges(),
    "cohort": _shares,
    "decisions": Table.ranges,
    "reviews": Table.ranges,
    "plans": Table.ranges,
}
"""Tables of measures by year, and how each is told of many replications."""


def by_year(result: ScenarioResult, table: str) -> pd.DataFrame:
    """Return a table of ``BY_YEAR`` by calendar years."""
    return BY_YEAR[table](result.tables[table])


def by_financial_year(result: ScenarioResult, table: str) -> pd.DataFrame:
    """Return a table of ``BY_YEAR`` by financial years (April to March).

    Returns
    -------
    DataFrame
        The columns of the table by calendar years; in the place of year are financial_year, such as
        ``2026/27``, and months, how many of its months are in the run.
    """
    found = BY_YEAR[table](result.tables[financial(table)])
    begins = found["year"].astype(int)
    place = list(found.columns).index("year")
    found = found.drop(columns="year")
    found.insert(place, "financial_year", begins.map(financial_year))
    found.insert(place + 1, "months", begins.map(_months_in_run(result.scenario.base.period)))
    return found


def _months_in_run(period: Period) -> dict[int, int]:
    """Return how many months of each financial year are in a run."""
    first, last = (np.datetime64(day, "M") for day in (period.run_in_from, period.plan_until))
    begins, months = np.unique(year_of(np.arange(first, last + 1), APRIL), return_counts=True)
    return dict(zip(begins.tolist(), months.tolist(), strict=True))
