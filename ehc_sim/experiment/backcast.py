"""The run-in held against what the council published."""

from __future__ import annotations

import pandas as pd

from ehc_sim.catalogue.tables import names
from ehc_sim.experiment.published import BY_YEAR, COUNTS, SHARES, WEEKS
from ehc_sim.experiment.published import Published as Published
from ehc_sim.experiment.published import read_published as read_published
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.safe.small_counts import hidden
from ehc_sim.scenario.schema import AGE_GROUPS


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
        Columns year, measure, by, group, published (NaN where it is not shown, by the rule of
        ``docs/privacy.md``), simulated (median), low95, high95, in_range (whether the published
        figure lies in the 95% range), allowed, within (whether it is as near as is allowed; missing
        where not judged), fitted and source. Figures of years that were not simulated, or of
        unknown measures, are left out.
    """
    ranges = _by_year(result)
    rows = []
    for figure in figures:
        key = (figure.year, figure.by, figure.group, figure.measure)
        if key not in ranges.index:
            continue
        found = ranges.loc[[key]].iloc[0]
        near = abs(found["median"] - figure.value) <= figure.tolerance
        rows.append(
            {
                "year": figure.year,
                "measure": figure.measure,
                "by": figure.by,
                "group": figure.group,
                "published": figure.value,
                "simulated": found["median"],
                "low95": found["low95"],
                "high95": found["high95"],
                "in_range": bool(found["low95"] <= figure.value <= found["high95"]),
                "allowed": figure.allowed,
                "within": bool(near) if figure.allowed else None,
                "fitted": figure.fitted,
                "source": figure.source,
            }
        )
    table = pd.DataFrame(rows, columns=names("backcast"))
    table = table.astype({"in_range": "boolean", "within": "boolean"})
    table.loc[_not_shown(table), ["published", "in_range", "within"]] = None
    return table


def _not_shown(table: pd.DataFrame) -> pd.Series[bool]:
    """Return which published figures are of groups of so few children that they are not shown.

    With the count of a group go its shares and its weeks, which are of as few.
    """
    of_group = table["by"] != "all"
    counts = table["published"].where(of_group & table["measure"].isin(COUNTS))
    keys = list(zip(table["year"], table["by"], table["group"], strict=True))
    families = pd.Series(
        [
            f"{year}/{measure}/{by}/{_age_group(group) if by == 'age' else ''}"
            for (year, by, group), measure in zip(keys, table["measure"], strict=True)
        ],
        index=table.index,
        dtype=str,
    )
    small = hidden(counts, families)
    few = {key for key, is_small in zip(keys, small, strict=True) if is_small}
    alike = pd.Series([key in few for key in keys], index=table.index, dtype=bool)
    return small | (alike & table["measure"].isin([*SHARES, *WEEKS]))


def _age_group(age: str) -> str:
    """Return the age group of a single age: its total gives an age away as everybody's does."""
    for group in AGE_GROUPS:
        first, last = map(int, group.split("-"))
        if age.isdigit() and first <= int(age) <= last:
            return group
    return ""


def _by_year(result: ScenarioResult) -> pd.DataFrame:
    """Return the ranges of everything that is measured by year: year, by, group and measure."""
    yearly = result.tables["yearly"].ranges()
    others = [result.tables[name].ranges().assign(by="all", group="all") for name in BY_YEAR[1:]]
    return pd.concat([yearly, *others]).set_index(["year", "by", "group", "measure"])
