"""From which month on nobody has waited for longer than some weeks, and how likely that is."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.catalogue.tables import names
from ehc_sim.experiment.chance import chance_interval
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.scenario.target import TARGETS

RANGE = {"low80": 0.1, "median": 0.5, "high80": 0.9}
"""Columns of the months, and the share of the futures that are clear in or before each."""


def clear_by(results: Sequence[ScenarioResult]) -> pd.DataFrame:
    """Return when each scenario's backlog is clear, and in how many futures it is.

    It is clear of a number of weeks from the first month of the plan at whose end, and at the end
    of every later one, nobody has waited for longer without a draft plan: a month that is clear by
    accident, before others come in, is none. After the draft a few cases wait for a placement,
    whatever the service does.

    Parameters
    ----------
    results : sequence of ScenarioResult
        The scenarios; each chance is of all the replications of its own.

    Returns
    -------
    DataFrame
        As ``docs/results.md`` describes ``clear_by.csv``.
    """
    rows = [row for result in results for row in _of(result)]
    return pd.DataFrame(rows, columns=[one for one in names("clear_by") if one in rows[0]])


def _of(result: ScenarioResult) -> Iterator[dict[str, object]]:
    """Yield a row for each number of weeks by the plan's end, and one for each target."""
    base, stack = result.scenario.base, result.tables["monthly"]
    months = pd.DatetimeIndex(stack.index)
    planned = months >= pd.Timestamp(base.period.plan_from).replace(day=1)
    months, oldest = months[planned], stack.column("oldest_weeks")[:, planned]
    for setting, weeks in TARGETS.items():
        first = clear_from(oldest, weeks)
        target = getattr(base.target, setting)
        days: list[tuple[date, bool]] = [(base.period.plan_until, False)]
        if target is not None:
            days.append((target.by, True))
        for day, is_target in days:
            clear = first < (months <= pd.Timestamp(day)).sum()
            low, high = chance_interval(clear, result.places)
            yield {
                "scenario": result.scenario.name,
                "weeks": weeks,
                "day": day,
                "is_target": is_target,
                "replications": len(clear),
                "cleared": int(clear.sum()),
                "chance": float(clear.mean()),
                "chance_low": low,
                "chance_high": high,
                **{name: _month(first, level, months) for name, level in RANGE.items()},
                **result.ends(clear),
            }


def clear_from(oldest_weeks: NDArray[np.float64], weeks: float) -> NDArray[np.int64]:
    """Return the place of the month from whose end on nobody has waited for longer.

    Parameters
    ----------
    oldest_weeks : ndarray of float64, shape (replications, months)
        Weeks of the oldest case at the end of each month.
    weeks : float
        The weeks.

    Returns
    -------
    ndarray of int64, shape (replications,)
        From 0; the number of the months where somebody has at the end of the last.
    """
    over = oldest_weeks > weeks
    after_the_last = over.shape[1] - np.argmax(over[:, ::-1], axis=1)
    return np.where(over.any(axis=1), after_the_last, 0).astype(np.int64)


def _month(first: NDArray[np.int64], level: float, months: pd.DatetimeIndex) -> str:
    """Return the month in or before which so many of the futures are clear, or nothing."""
    place = int(np.sort(first)[int(np.ceil(level * len(first))) - 1])
    return str(months[place].strftime("%Y-%m")) if place < len(months) else ""
