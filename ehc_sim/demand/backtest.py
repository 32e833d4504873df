"""How a method would have done on the record's own past, beside "the same as last year"."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.demand.choose import choose
from ehc_sim.demand.damped_glm import LEAST_MONTHS, DampedGLM
from ehc_sim.demand.exposure import MonthWeights
from ehc_sim.demand.history import History, covid
from ehc_sim.demand.yearly import YearlyTotals, twelve_month_totals
from ehc_sim.streams import Streams

LEAST_YEARS = 3
"""Totals before the first year that is forecast."""
ORIGINS = 4
"""Most times that a monthly record is cut off to be forecast."""
MONTHS_BETWEEN = 6
"""Months from one cut to the next."""
MONTHS_AHEAD = 12
"""Months forecast from each cut."""
PATHS = 300
"""Sample paths of each forecast."""


@dataclass(frozen=True, eq=False)
class Backtest:
    """Forecasts made as if in the past, against what then happened.

    Attributes
    ----------
    table : DataFrame
        One row a forecast. By year: forecast (the year), actual, median, error and naive_error
        (shares of the actual), in80, in95, covid. By month: forecast (the first month), months,
        mase and naive_mase, crps and naive_crps (all scaled by the mean error of "the same month
        last year" in the record up to then), in80 and in95 (shares of months).
    summary : str
        The same in a sentence or two.
    """

    table: pd.DataFrame
    summary: str

    def _repr_html_(self) -> str:
        table = self.table.to_html(index=False, float_format="{:.3g}".format)
        return f"<p>{escape(self.summary)}</p>{table}"


def backtest(history: History, weights: MonthWeights) -> Backtest:
    """Forecast the record's own past from its past.

    Parameters
    ----------
    history : History
        The record.
    weights : MonthWeights
        Exposure of the record's months.
    """
    member, _ = choose(history)
    rows = (
        _monthly(history, weights) if isinstance(member, DampedGLM) else _yearly(history, weights)
    )
    table = pd.DataFrame(rows)
    if table.empty:
        return Backtest(table, "The record is too short to test the method on its own past.")
    return Backtest(table, _monthly_words(table) if "crps" in table else _yearly_words(table))


def crps(sample: NDArray[np.float64], actual: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the continuous ranked probability score of samples, lower is better.

    Parameters
    ----------
    sample : ndarray of float64, shape (n_paths, n)
        Sample paths.
    actual : ndarray of float64, shape (n,)
        What happened.

    Returns
    -------
    ndarray of float64, shape (n,)
        E|X - y| - E|X - X'| / 2, in requests.
    """
    size = len(sample)
    rank = 2 * np.arange(1, size + 1) - size - 1
    spread = np.einsum("n,nm->m", rank, np.sort(sample, axis=0)) / size**2
    return np.asarray(np.abs(sample - actual).mean(axis=0) - spread)


def _yearly(history: History, weights: MonthWeights) -> list[dict[str, object]]:
    ends, totals = twelve_month_totals(history)
    per_total = 1 if history.kind == "yearly" else 12
    surplus = len(history.counts) - per_total * len(totals)
    rows: list[dict[str, object]] = []
    draws = [Streams(0, r) for r in range(PATHS)]
    for origin in range(LEAST_YEARS, len(totals)):
        past = history.until(surplus + per_total * origin)
        sample = YearlyTotals().fit(past, weights).totals(1, draws)[:, 0]
        actual = max(float(totals[origin]), 0.5)
        low95, low80, median, high80, high95 = np.quantile(sample, [0.025, 0.1, 0.5, 0.9, 0.975])
        twelve = ends[origin] - np.arange(12)
        rows.append(
            {
                "forecast": str(ends[origin].astype("datetime64[Y]"))
                if per_total == 1
                else f"12 months to {ends[origin]}",
                "actual": int(totals[origin]),
                "median": float(median),
                "error": float(median) / actual - 1,
                "naive_error": float(totals[origin - 1]) / actual - 1,
                "in80": bool(low80 <= totals[origin] <= high80),
                "in95": bool(low95 <= totals[origin] <= high95),
                "covid": bool(covid(twelve).any()),
            }
        )
    return rows


def _monthly(history: History, weights: MonthWeights) -> list[dict[str, object]]:
    draws = [Streams(0, r) for r in range(PATHS)]
    rows: list[dict[str, object]] = []
    counts = history.counts.astype(np.float64)
    for back in range(ORIGINS):
        cut = len(counts) - MONTHS_AHEAD - MONTHS_BETWEEN * back
        if cut <= 0 or (~covid(history.index[:cut])).sum() < LEAST_MONTHS:
            break
        past = history.until(cut)
        ahead = history.index[cut : cut + MONTHS_AHEAD]
        keep = ~covid(ahead) & ~covid(ahead - 12)
        sample = DampedGLM().fit(past, weights).paths(ahead, draws).counts.astype(float)[:, keep]
        actual = counts[cut : cut + MONTHS_AHEAD][keep]
        naive = counts[cut - 12 : cut][keep]
        fair = ~covid(past.index[12:]) & ~covid(past.index[:-12])
        changes = np.abs(past.counts[12:] - past.counts[:-12])[fair]
        scale = max(float(changes.mean()), 1e-9)
        low95, low80, median, high80, high95 = np.quantile(
            sample, [0.025, 0.1, 0.5, 0.9, 0.975], axis=0
        )
        naive_error = float(np.abs(naive - actual).mean()) / scale
        rows.append(
            {
                "forecast": str(ahead[0]),
                "months": int(keep.sum()),
                "mase": float(np.abs(median - actual).mean()) / scale,
                "naive_mase": naive_error,
                "crps": float(crps(sample, actual).mean()) / scale,
                "naive_crps": naive_error,  # of a single number, the score is its error
                "in80": float(np.mean((low80 <= actual) & (actual <= high80))),
                "in95": float(np.mean((low95 <= actual) & (actual <= high95))),
            }
        )
    return rows[::-1]


def _yearly_words(table: pd.DataFrame) -> str:
    normal = table[~table["covid"]]
    if normal.empty:
        return "Only COVID totals could be forecast from earlier ones, which is no test."
    words = (
        f"Each total forecast a year ahead from the ones before ({len(normal)} of them"
        f"{', COVID left out' if len(normal) < len(table) else ''}): the middle error was "
        f'{normal["error"].abs().median():.0%}, that of "the same as last year" '
        f"{normal['naive_error'].abs().median():.0%}. {int(normal['in80'].sum())} lay in the 80% "
        f"range and {int(normal['in95'].sum())} in the 95% range."
    )
    return words + (" So few say little." if len(normal) < 10 else "")


def _monthly_words(table: pd.DataFrame) -> str:
    mean = table.mean(numeric_only=True)
    return (
        f"Twelve months forecast from each of {len(table)} points in the record: the error was "
        f'{mean["mase"] / max(mean["naive_mase"], 1e-9):.0%} of that of "the same month last '
        f'year" (with ranges counted: {mean["crps"] / max(mean["naive_crps"], 1e-9):.0%}). '
        f"{mean['in80']:.0%} of months lay in the 80% range, {mean['in95']:.0%} in the 95% range."
    )
