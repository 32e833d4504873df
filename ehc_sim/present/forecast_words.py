"""A forecast of requests in plain words: what to expect, how far to trust it, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ehc_sim.present import words
from ehc_sim.present.charts.requests import plain_guess
from ehc_sim.present.forecast_frames import ForecastFrames
from ehc_sim.present.frames import records

FAR = 2
"""Years ahead from which the range is said once more, since it widens."""
MEANINGLESS = 100.0
"""Ratio of scores from which the plain guess had no error to speak of, and none is said."""


def what_to_expect(frames: ForecastFrames) -> list[str]:
    """Return the forecast in two or three sentences."""
    kind = "adjusted" if frames.adjusted else "base"
    years = records(frames.years[frames.years["kind"] == kind])
    if not years:
        return [_months(frames, kind)]
    told = [_first_year(frames, years[0])]
    if len(years) >= FAR:
        last = years[-1]
        told.append(
            f"In {last['year']} it may be {words.number(last['median'])} "
            f"({_eight(last)}, {_nineteen(last)})."
        )
    if frames.adjusted:
        base = records(frames.years[frames.years["kind"] == "base"])[-1]
        told.append(
            f"Without the planner's adjustments it would be {words.number(base['median'])} in "
            f"{base['year']}."
        )
    return told


def _first_year(frames: ForecastFrames, first: Mapping[str, Any]) -> str:
    recorded = frames.years[frames.years["kind"] == "history"].dropna(subset=["median"])
    there = frames.months[frames.months["kind"] == "history"]["month"].dt.year == first["year"]
    part = ""
    if there.any():
        months = words.how_many(int(there.sum()))
        part = f", {months} {words.plural(int(there.sum()), 'month', 'months')} of it recorded,"
    expected = f"{words.number(first['median'])} requests are to be expected"
    told = f"In {first['year']}{part or ','} {expected}"
    ranges = f"{_eight(first)}, {_nineteen(first)}"
    if recorded.empty:
        return f"{told}: {ranges}."
    last = recorded.iloc[-1]
    after = f", after {words.number(last['median'])} in {last['year']:.0f}"
    return f"{told}{after}: {ranges}."


def _months(frames: ForecastFrames, kind: str) -> str:
    rows = frames.months[frames.months["kind"] == kind]
    middle = rows["median"]
    return (
        f"In the {words.how_many(len(rows))} {words.plural(len(rows), 'month', 'months')} from "
        f"{rows['month'].iloc[0]:%B %Y}, {_least_to_most(middle)} requests a month are "
        f"to be expected: in 8 of 10 simulated futures {words.number(rows['low80'].min())} to "
        f"{words.number(rows['high80'].max())} in each."
    )


def _least_to_most(middle: pd.Series[float]) -> str:
    return words.number_range(middle.min(), middle.max())


def _eight(row: Mapping[str, Any]) -> str:
    return f"in 8 of 10 simulated futures it is {words.number_range(row['low80'], row['high80'])}"


def _nineteen(row: Mapping[str, Any]) -> str:
    return f"in 19 of 20 it is {words.number_range(row['low95'], row['high95'])}"


def how_far_to_trust_it(frames: ForecastFrames) -> str:
    """Return what the back-test says, in a sentence that does not flatter."""
    guess = plain_guess(frames)
    if frames.beats_naive is None:
        return (
            "The record is too short to test the method on its own past. Take the range, not the "
            "middle, and look again when there is another year."
        )
    if frames.beats_naive:
        return f"On the record's own past the method did better than “{guess}”."
    return (
        f"On the record's own past the method did not do better than “{guess}” everywhere. Plan "
        "with the range, and do what is said below."
    )


def back_test_table(frames: ForecastFrames, members: bool = False) -> pd.DataFrame:
    """Return the back-test with headings and figures in words.

    Parameters
    ----------
    frames : ForecastFrames
        The forecast.
    members : bool
        The methods of a pool, each by itself; by default the method and the plain guess.
    """
    own = frames.backtest["method"].isin([frames.method, "seasonal naive"])
    table = frames.backtest[own != members]
    if table.empty:
        return pd.DataFrame()
    unit = "totals" if frames.by_year else "months"
    rows = [
        {
            "Method": words.capital(str(row["method"])),
            "Ahead": _ahead(row["horizon"] // 12),
            "Compared": f"{row['months']:.0f} {unit}",
            "Error, plain guess's = 100%": _ratio(
                row["mase"], _plain(frames.backtest, row, "mase")
            ),
            "Better than the plain guess": "–"
            if row["method"] == "seasonal naive"
            else skill(row["skill"]),
            "In the 80% range": words.percent(row["in80"]),
            "In the 95% range": words.percent(row["in95"]),
            "Yearly totals in the 80% range": "–"
            if frames.by_year or pd.isna(row["totals80"])
            else f"{row['totals80'] * row['totals']:.0f} of {row['totals']:.0f}",
            "Middle too high (+) or low (−)": skill(row["bias"]),
        }
        for row in records(table)
    ]
    return pd.DataFrame(rows)


def _ahead(years: int) -> str:
    return f"{years}\N{NO-BREAK SPACE}{words.plural(years, 'year', 'years')}"


def skill(value: float) -> str:
    """Return a part more or less than another in words; of next to nothing, none is told."""
    if not abs(value) < MEANINGLESS:
        return words.NOT_KNOWN
    return f"{100 * value:+.0f}%".replace("-", "−")


def _ratio(error: float, plain: float) -> str:
    known = plain > 0 and error / plain < MEANINGLESS
    return words.percent(error / plain) if known else words.NOT_KNOWN


def _plain(table: pd.DataFrame, row: Mapping[str, Any], column: str) -> float:
    same = (table["method"] == "seasonal naive") & (table["horizon"] == row["horizon"])
    return float(table.loc[same, column].iloc[0])


def years_table(frames: ForecastFrames) -> pd.DataFrame:
    """Return the calendar years with figures in words."""
    kinds = {"history": "Recorded", "base": "Forecast", "adjusted": "With adjustments"}
    shown = [kind for kind in kinds if kind != "adjusted" or frames.adjusted]
    rows = [
        {
            "Year": str(row["year"]),
            "What": kinds[str(row["kind"])],
            "Requests": words.number(row["median"]),
            "8 in 10 futures": ""
            if row["kind"] == "history"
            else words.number_range(row["low80"], row["high80"]),
            "19 in 20 futures": ""
            if row["kind"] == "history"
            else words.number_range(row["low95"], row["high95"]),
        }
        for kind in shown
        for row in records(frames.years[frames.years["kind"] == kind])
    ]
    return pd.DataFrame(rows)
