"""The chance of reaching the target in the futures in which requests stay as they were."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.catalogue.tables import names
from ehc_sim.demand.forecast import Forecast
from ehc_sim.experiment.chance import chance_interval
from ehc_sim.experiment.scenario_result import BETWEEN, ScenarioResult

NEAR = 0.1
"""Requests a year that differ from the last recorded year's by 1 in 10 at most are as they were.
Wide enough that some futures of a rising forecast are among them; the planner's view."""
MONTHS_A_YEAR = 12


def last_year(made: Forecast) -> float:
    """Return the requests of the last whole recorded year; NaN where there is none."""
    years = made.by_year()
    known = years.loc[years["kind"] == "history", "median"].dropna()
    return float(known.iloc[-1]) if len(known) else float("nan")


def flat_requests(results: Sequence[ScenarioResult], level: float) -> pd.DataFrame:
    """Return each scenario's chance in the futures in which requests stay near a level.

    The futures are those of the first scenario, and the same ones for each: those whose requests
    from the start of the plan to the end of the target's window are, a year, within ``NEAR`` of the
    level. No other run is made, so the chances are of fewer futures, and their intervals wider.

    Parameters
    ----------
    results : sequence of ScenarioResult
        The scenarios, of the same replications; the first is the one that the others are compared
        with.
    level : float
        Requests a year.

    Returns
    -------
    DataFrame
        As ``docs/results.md`` describes ``flat_requests.csv``; empty where the level is not known.
    """
    if not np.isfinite(level):
        return pd.DataFrame(columns=[one for one in names("flat_requests") if one not in BETWEEN])
    flat = np.flatnonzero(np.abs(_requests_a_year(results[0]) - level) <= NEAR * level)
    rows = []
    for result in results:
        part = result.some(flat)
        hits, places = part.met, None if result.places is None else result.places[flat]
        low, high = chance_interval(hits, places) if len(hits) else (np.nan, np.nan)
        rows.append(
            {
                "scenario": result.scenario.name,
                "level": level,
                "near": NEAR,
                "futures": len(hits),
                "met": int(hits.sum()),
                "chance": float(hits.mean()) if len(hits) else np.nan,
                "chance_low": low,
                "chance_high": high,
                **part.ends(hits),
            }
        )
    return pd.DataFrame(rows, columns=[one for one in names("flat_requests") if one in rows[0]])


def _requests_a_year(result: ScenarioResult) -> NDArray[np.float64]:
    """Return the mean requests a year up to the end of the window, shape (replications,)."""
    base, stack = result.scenario.base, result.tables["monthly"]
    months = pd.DatetimeIndex(stack.index)
    first = pd.Timestamp(base.period.plan_from).replace(day=1)
    counted = (months >= first) & (months <= pd.Timestamp(base.target.window_until))
    requests = stack.column("requests")[:, counted]
    return np.asarray(requests.mean(axis=1) * MONTHS_A_YEAR)
