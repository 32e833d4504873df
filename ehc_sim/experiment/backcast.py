"""The run-in held against what the council published."""

from __future__ import annotations

import pandas as pd

from ehc_sim.catalogue.tables import names
from ehc_sim.experiment.published import BY_YEAR, HOURS, OPEN_BY_STEP, SHARES, WEEKS
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
        Columns year, quarter (such as ``2023-Q4``, or empty), month (such as ``2023-11``, or
        empty), measure, by, group, published (NaN
        where it is not shown, by the rule of ``docs/privacy.md``), simulated (median), low95,
        high95, in_range (whether the published figure lies in the 95% range), allowed, within
        (whether it is as near as is allowed; missing where not judged), fitted and source. Figures
        of years, quarters or months that were not simulated are left out; what the model does not
        count has nothing simulated.
    """
    ranges = _by_period(result, figures)
    periods = set(ranges.index.get_level_values("period"))
    rows = []
    for figure in figures:
        key = (figure.period, figure.by, figure.group, figure.measure)
        if key not in ranges.index and (figure.compared or key[0] not in periods):
            continue
        found = ranges.loc[[key]].iloc[0] if figure.compared else _NOTHING
        known = bool(pd.notna(found["median"]))
        near = abs(found["median"] - figure.value) <= figure.tolerance
        rows.append(
            {
                "year": figure.year,
                "quarter": figure.quarter,
                "month": figure.month,
                "measure": figure.measure,
                "by": figure.by,
                "group": figure.group,
                "published": figure.value,
                "simulated": found["median"],
                "low95": found["low95"],
                "high95": found["high95"],
                "in_range": bool(found["low95"] <= figure.value <= found["high95"])
                if known
                else None,
                "allowed": figure.allowed,
                "within": bool(near) if figure.allowed and known else None,
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
    is_count = ~table["measure"].isin([*SHARES, *WEEKS, *HOURS])
    counts = table["published"].where(of_group & is_count)
    when = table["quarter"] + table["month"]
    when = when.where(when != "", table["year"].astype(str))
    keys = list(zip(when, table["by"], table["group"], strict=True))
    families = pd.Series(
        [
            f"{period}/{measure}/{by}/{_age_group(group) if by == 'age' else ''}"
            for (period, by, group), measure in zip(keys, table["measure"], strict=True)
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


_EVERYBODY = {"by": "all", "group": "all"}
_NOTHING = dict.fromkeys(("median", "low95", "high95"), float("nan"))


def _by_period(result: ScenarioResult, figures: tuple[Published, ...]) -> pd.DataFrame:
    """Return the ranges of all that is measured by year, quarter or month, as it is published.

    By period, group and measure; a period is a text such as ``2024``, ``2024-Q3`` or ``2024-07``.
    """
    of_group = [result.tables[name].ranges() for name in ("yearly", "reviews_by_age")]
    others = [result.tables[name].ranges().assign(**_EVERYBODY) for name in BY_YEAR[1:]]
    years = pd.concat([*of_group, *others]).astype({"year": str})
    quarters = result.tables["quarterly"].ranges().assign(**_EVERYBODY)
    tables = [
        years.rename(columns={"year": "period"}),
        quarters.rename(columns={"quarter": "period"}),
    ]
    if any(figure.month for figure in figures):
        tables.append(_by_month(result))
    return pd.concat(tables).set_index(["period", "by", "group", "measure"])


def _by_month(result: ScenarioResult) -> pd.DataFrame:
    steps = result.tables["waiting"].ranges().rename(columns={"measure": "group"})
    given = result.tables["advice_by_month"].ranges().rename(columns={"giver": "group"})
    months = pd.concat(
        [
            result.tables["monthly"].ranges().assign(**_EVERYBODY),
            steps.assign(by="step", measure=OPEN_BY_STEP),
            given.assign(by="giver"),
        ]
    )
    months["month"] = months["month"].astype("datetime64[s]").dt.strftime("%Y-%m")
    return months.rename(columns={"month": "period"})
