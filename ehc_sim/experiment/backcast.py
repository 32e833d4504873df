"""The run-in held against what the council published."""

from __future__ import annotations

import pandas as pd

from ehc_sim.experiment.published import Published as Published
from ehc_sim.experiment.published import read_published as read_published
from ehc_sim.experiment.scenario_result import ScenarioResult

TABLES = ("decisions", "reviews", "plans")
"""Tables by year, beside the yearly one, of which figures are published. They have no groups."""
BACKCAST_COLUMNS = (
    *("year", "what", "published", "simulated", "low95", "high95"),
    *("allowed", "within", "fitted", "source"),
)


def backcast(result: ScenarioResult, figures: tuple[Published, ...]) -> pd.DataFrame:
    """Return published and simulated figures side by side, misses included.

    Parameters
    ----------
    result : ScenarioResult
        The scenario whose run-in is looked at.
    figures : tuple of Published
        What was published.

    Returns
    -------
    DataFrame
        Columns year, what (the measure, with its group where it is of one), published, simulated
        (median), low95, high95, allowed, within ("True", "False", or "" where not judged), fitted
        and source. Figures of years that were not simulated, or of unknown measures, are left out.
    """
    ranges = _by_year(result)
    rows = []
    for figure in figures:
        key = (figure.year, figure.by, figure.group, figure.measure)
        if key not in ranges.index:
            continue
        found = ranges.loc[[key]].iloc[0]
        near = abs(found["median"] - figure.value) <= figure.tolerance
        group = "" if figure.by == "all" else f", {figure.by} {figure.group}"
        rows.append(
            {
                "year": figure.year,
                "what": figure.measure + group,
                "published": figure.value,
                "simulated": found["median"],
                "low95": found["low95"],
                "high95": found["high95"],
                "allowed": figure.allowed,
                "within": str(bool(near)) if figure.allowed else "",
                "fitted": figure.fitted,
                "source": figure.source,
            }
        )
    return pd.DataFrame(rows, columns=list(BACKCAST_COLUMNS))


def _by_year(result: ScenarioResult) -> pd.DataFrame:
    """Return the ranges of everything that is measured by year: year, by, group and measure."""
    yearly = result.tables["yearly"].ranges()
    others = [result.tables[name].ranges().assign(by="all", group="all") for name in TABLES]
    return pd.concat([yearly, *others]).set_index(["year", "by", "group", "measure"])
