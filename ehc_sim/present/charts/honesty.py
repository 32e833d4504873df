"""Whether the ranges are honest: where what happened fell in forecasts made as if before it."""

import math

import pandas as pd

from ehc_sim.present import style, words
from ehc_sim.present.forecast_frames import ForecastFrames

LEAST = 20
"""Months judged below which a histogram of ten bars shows chance only."""
_INCHES = 1.7

_CAPTION = "Where what happened fell in forecasts made as if before it."


@style.styled
def draw(frames: ForecastFrames) -> style.Chart:
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
        raise style.NothingToDraw(f"only {months} periods were judged")
    expected = 1 / len(shares)
    allowed = 1.96 * math.sqrt(expected * (1 - expected) / months)
    figure, (axes,) = style.page(
        _title(shares, months),
        f"Each of {months} months, forecast from up to a year before: in which tenth of its "
        "forecast it fell. Honest ranges make all bars about as high as the line; high bars at "
        "both ends mean that ranges are too narrow, high in the middle too wide. Band: what chance "
        "allows to 19 of 20 bars.",
        _INCHES,
        left=0.62,
        right=0.3,
        bottom=0.55,
    )
    middles = (shares["low"] + shares["high"]) / 2
    axes.axhspan(max(expected - allowed, 0), expected + allowed, color=style.LIGHT_BLUE, lw=0)
    axes.bar(middles, shares["share"], width=0.085, color=style.BLUE)
    axes.axhline(expected, color=style.DARK, lw=1.4)
    axes.set_ylim(0, max(0.25, 1.1 * float(shares["share"].max()), 1.1 * (expected + allowed)))
    axes.locator_params(axis="y", nbins=5)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_xlim(0, 1)
    axes.set_xticks([0.0, 0.5, 1.0], labels=["lowest tenth", "middle", "highest tenth"])
    lowest, _, highest = axes.get_xticklabels()
    lowest.set_horizontalalignment("left")
    highest.set_horizontalalignment("right")
    axes.set_xlabel("Place of what happened in its forecast")
    axes.tick_params(length=0)
    return style.Chart(figure, _alt_text(shares, months), _table(shares), _CAPTION)


def _title(shares: pd.DataFrame, months: int) -> str:
    """Return what the shape says: whether months fell too high or low, or ranges are too narrow.

    The mean and the share of the outer tenths are each held against what chance allows to evenly
    spread places, taken as independent.
    """
    middle = float(((shares["low"] + shares["high"]) / 2 * shares["share"]).sum())
    outer = float(shares["share"].iloc[[0, -1]].sum())
    if abs(middle - 0.5) > 1.96 * math.sqrt(1 / 12 / months):
        return f"Months were often {'higher' if middle > 0.5 else 'lower'} than forecast"
    share = 2 / len(shares)
    if abs(outer - share) > 1.96 * math.sqrt(share * (1 - share) / months):
        return f"The ranges were too {'narrow' if outer > share else 'wide'}"
    return "The ranges were honest"


def _alt_text(shares: pd.DataFrame, months: int) -> str:
    bars = ", ".join(words.percent(share) for share in shares["share"])
    return (
        f"Histogram of where each of {months} months fell in its forecast, in tenths from the "
        f"lowest: {bars}. Honest ranges give {words.percent(1 / len(shares))} each. "
        f"{_title(shares, months)}."
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
