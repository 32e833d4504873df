"""Whether the ranges are honest: where what happened fell in forecasts made as if before it."""

from __future__ import annotations

import math

import pandas as pd

from ehc_sim.present import words
from ehc_sim.present.forecast_frames import ForecastFrames
from ehc_sim.present.style import (
    BLUE,
    DARK,
    LIGHT_BLUE,
    Chart,
    NothingToDraw,
    page,
    percent_axis,
    styled,
)

LEAST = 20
"""Months judged below which a histogram of ten bars shows chance only."""
_INCHES = 1.7


@styled
def draw(frames: ForecastFrames) -> Chart:
    """Draw the probability integral transform of the method's back-test as a histogram.

    Raises
    ------
    NothingToDraw
        If too few months were forecast from earlier ones.
    """
    shares = frames.pit[frames.pit["method"] == frames.method].reset_index(drop=True)
    judged = frames.backtest
    judged = judged[(judged["method"] == frames.method) & (judged["horizon"] == 12)]
    months = int(judged["months"].sum())
    if shares.empty or months < LEAST:
        raise NothingToDraw(f"only {months} periods were judged")
    expected = 1 / len(shares)
    allowed = 1.96 * math.sqrt(expected * (1 - expected) / months)
    figure, (axes,) = page(
        "Are the ranges honest?" if _flat(shares, expected, allowed) else "The ranges are not even",
        f"Each of {months} months, forecast from up to a year before: in which tenth of its forecast "
        "it fell. Honest ranges make all bars about as high as the line; high bars at both ends "
        "mean that ranges are too narrow, high in the middle too wide. Band: what chance allows to "
        "19 of 20 bars.",
        _INCHES,
        left=0.62,
        right=0.3,
        bottom=0.55,
    )
    middles = (shares["low"] + shares["high"]) / 2
    axes.axhspan(max(expected - allowed, 0), expected + allowed, color=LIGHT_BLUE, lw=0)
    axes.bar(middles, shares["share"], width=0.085, color=BLUE)
    axes.axhline(expected, color=DARK, lw=1.4)
    axes.set_ylim(0, max(0.25, 1.1 * float(shares["share"].max()), 1.1 * (expected + allowed)))
    percent_axis(axes)
    top = axes.get_ylim()[1]
    ticks = [tick for tick in (0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8) if tick <= top]
    axes.set_yticks(ticks, labels=[f"{tick:.0%}" for tick in ticks])
    axes.set_xlim(0, 1)
    axes.set_xticks([0.0, 0.5, 1.0], labels=["lowest tenth", "middle", "highest tenth"])
    for place, label in zip(("left", "center", "right"), axes.get_xticklabels(), strict=True):
        label.set_horizontalalignment(place)
    axes.set_xlabel("Place of what happened in its forecast")
    axes.tick_params(length=0)
    return Chart(figure, _alt_text(shares, months, expected, allowed), _table(shares))


def _flat(shares: pd.DataFrame, expected: float, allowed: float) -> bool:
    """Whether no more bars are outside of the band than one in ten."""
    outside = (shares["share"] - expected).abs() > allowed + 1e-9
    return int(outside.sum()) <= 1


def _alt_text(shares: pd.DataFrame, months: int, expected: float, allowed: float) -> str:
    bars = ", ".join(words.percent(share) for share in shares["share"])
    flat = "no more than one is" if _flat(shares, expected, allowed) else "more than one is"
    return (
        f"Histogram of where each of {months} months fell in its forecast, in tenths from the "
        f"lowest: {bars}. Honest ranges give {words.percent(expected)} each; {flat} outside of what "
        "chance allows."
    )


def _table(shares: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Place in the forecast": [
                f"{low:.0%} to {high:.0%}"
                for low, high in zip(shares["low"], shares["high"], strict=True)
            ],
            "Share of months": [words.percent(share) for share in shares["share"]],
        }
    )
