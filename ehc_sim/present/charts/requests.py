"""Requests so far, the forecast with its ranges, and the plain guess beside it."""

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from ehc_sim.present import style, words
from ehc_sim.present.charts.labels import spread
from ehc_sim.present.forecast_frames import ForecastFrames
from ehc_sim.present.frames import records

MONTHS_BACK = 72
SHORT_YEARS, MANY_YEARS = 2, 9
"""Years up to which months are marked, and beyond which every other year is."""
_INCHES = 2.4
_RIGHT = 1.75
_LABEL_GAP_INCHES = 0.33

_CAPTION = "Requests so far, the forecast with its ranges, and the plain guess."


@dataclass(frozen=True, eq=False)
class _Shown:
    """The series of the chart, with a column when."""

    past: pd.DataFrame
    base: pd.DataFrame
    adjusted: pd.DataFrame | None
    plain: pd.DataFrame
    by_year: bool

    @property
    def ahead(self) -> pd.DataFrame:
        return self.base if self.adjusted is None else self.adjusted


@style.styled
def draw(frames: ForecastFrames) -> style.Chart:
    """Draw the record and the forecast: by month, or by year where the record is by year.

    Raises
    ------
    NothingToDraw
        If there is no forecast.
    """
    shown = _shown(frames)
    if shown.ahead.empty:
        raise style.NothingToDraw("no month is forecast")
    figure, (axes,) = style.page(
        _title(frames),
        _under(frames, shown),
        _INCHES,
        left=0.62,
        right=_RIGHT,
        bottom=0.4,
    )
    _bands(axes, shown)
    _lines(axes, shown)
    axes.set_ylim(bottom=0)
    axes.locator_params(axis="y", integer=True)
    axes.yaxis.set_major_formatter(lambda value, _: words.number(value))
    axes.tick_params(length=0)
    _time_axis(axes, shown)
    _margin(axes, shown)
    return style.Chart(figure, _alt_text(frames, shown), _table(shown), _CAPTION)


def _under(frames: ForecastFrames, shown: _Shown) -> str:
    """Return how to read the chart: of what is drawn only."""
    told = [f"Requests for an assessment a {'year' if shown.by_year else 'month'}."]
    if not shown.past.empty:
        told.append(f"{'Squares' if shown.by_year else 'Dark line'}: recorded.")
    told.append(
        "Blue line: middle of the forecast. Dark band: 8 in 10 of the simulated futures; light "
        "band: 19 in 20."
    )
    if not shown.plain.empty:
        told.append(f"Dashes: the plain guess, {plain_guess(frames)}.")
    if frames.adjusted:
        told.append("Dots: the forecast without the planner's adjustments.")
    return " ".join(told)


def plain_guess(frames: ForecastFrames) -> str:
    """Return what the plain guess is."""
    return "the same as last year" if frames.by_year else "the same month last year"


def _shown(frames: ForecastFrames) -> _Shown:
    by_year = frames.by_year and bool((frames.years["kind"] == "base").any())
    table = (
        frames.years.assign(when=pd.to_datetime(frames.years["year"].astype(str) + "-01-01"))
        if by_year
        else frames.months.assign(when=frames.months["month"])
    )
    of = {kind: table[table["kind"] == kind] for kind in ("history", "base", "adjusted")}
    past = of["history"] if by_year else of["history"].tail(MONTHS_BACK)
    adjusted = of["adjusted"] if frames.adjusted else None
    plain = frames.plain.rename(columns={"period": "when"})
    if frames.by_year != by_year:
        plain = plain.iloc[:0]
    return _Shown(past, of["base"], adjusted, plain, by_year)


def _bands(axes: Axes, shown: _Shown) -> None:
    ahead = shown.ahead
    when = ahead["when"].to_numpy()
    if len(ahead) == 1:
        axes.plot([when[0]] * 2, ahead[["low95", "high95"]].iloc[0], color=style.LIGHT_BLUE, lw=12)
        axes.plot([when[0]] * 2, ahead[["low80", "high80"]].iloc[0], color=style.MID_BLUE, lw=12)
        return
    axes.fill_between(when, ahead["low95"], ahead["high95"], color=style.LIGHT_BLUE, lw=0)
    axes.fill_between(when, ahead["low80"], ahead["high80"], color=style.MID_BLUE, lw=0)
    for edge in ("low95", "high95"):
        axes.plot(when, ahead[edge], color=style.BLUE, lw=0.6)


def _lines(axes: Axes, shown: _Shown) -> None:
    form = {"marker": "s", "ms": 4.5} if shown.by_year else {"marker": ""}
    past = shown.past.set_index("when")["median"].asfreq("YS" if shown.by_year else "MS")
    axes.plot(past.index, past, color=style.DARK, lw=1.3, **form)
    if shown.adjusted is not None:
        axes.plot(
            shown.base["when"], shown.base["median"], color=style.BLUE, lw=1.3, ls=(0, (1, 1.3))
        )
    axes.plot(
        shown.plain["when"], shown.plain["requests"], color=style.PLUM, lw=1.5, ls=(0, (4, 2))
    )
    axes.plot(
        shown.ahead["when"], shown.ahead["median"], color=style.BLUE, lw=2.0,
        marker="o" if len(shown.ahead) == 1 else "",
    )  # fmt: skip


def _time_axis(axes: Axes, shown: _Shown) -> None:
    """Mark years; of less than two of them, months."""
    when = pd.concat([shown.past["when"], shown.ahead["when"]])
    years = when.max().year - when.min().year + 1
    if years > SHORT_YEARS or shown.by_year:
        style.year_axis(axes, "%Y", every=1 if years <= MANY_YEARS else 2)
        return
    marks = when.iloc[:: max(1, len(when) // 6)]
    axes.set_xticks(list(marks), labels=[f"{mark:%b %Y}" for mark in marks])


def _margin(axes: Axes, shown: _Shown) -> None:
    """Say the last figures in the margin, clear of every line."""
    last = shown.ahead.iloc[-1]
    axes.plot(
        [last["when"]],
        [last["median"]],
        "o",
        color=style.ORANGE,
        ms=5.5,
        mec="white",
        clip_on=False,
    )
    label = f"{last['when']:%Y}" if shown.by_year else f"{last['when']:%b %Y}"
    texts = [
        (
            f"{label}: {words.number(last['median'])}\n"
            f"8 in 10: {words.number_range(last['low80'], last['high80'])}",
            float(last["median"]),
            style.BLUE,
        )
    ]
    if not shown.plain.empty:
        guess = float(shown.plain["requests"].iloc[-1])
        texts.append((f"Plain guess: {words.number(guess)}", guess, style.PLUM))
    low, high = axes.get_ylim()
    gap = _LABEL_GAP_INCHES / _INCHES * (high - low)
    places = spread([height for _, height, _ in texts], gap, low + gap / 2, high - gap / 2)
    for (text, _, colour), place in zip(texts, places, strict=True):
        axes.annotate(
            text, (1, place), xytext=(7, 0), xycoords=("axes fraction", "data"),
            textcoords="offset points", va="center", fontsize=8.5, color=colour,
            annotation_clip=False,
        )  # fmt: skip


def _title(frames: ForecastFrames) -> str:
    if len(frames.name.split()) <= 5:
        return f"Requests in {frames.name}, recorded and forecast"
    return "Requests, recorded and forecast"


def _alt_text(frames: ForecastFrames, shown: _Shown) -> str:
    form = "%Y" if shown.by_year else "%B %Y"
    last = shown.ahead.iloc[-1]
    told = []
    if not shown.past.empty:
        known = shown.past.dropna(subset=["median"])
        first, now = known.iloc[0], known.iloc[-1]
        told.append(
            f"recorded are {words.number(first['median'])} in {first['when'].strftime(form)} and "
            f"{words.number(now['median'])} in {now['when'].strftime(form)}"
        )
    told.append(
        f"the middle of the forecast for {last['when'].strftime(form)} is "
        f"{words.number(last['median'])}, in 8 of 10 simulated futures "
        f"{words.number_range(last['low80'], last['high80'])}, in 19 of 20 "
        f"{words.number_range(last['low95'], last['high95'])}"
    )
    if not shown.plain.empty:
        told.append(f"the plain guess is {words.number(shown.plain['requests'].iloc[-1])}")
    if shown.adjusted is not None:
        told.append(f"without adjustments {words.number(shown.base['median'].iloc[-1])}")
    return f"Line chart of requests in {frames.name}: {'; '.join(told)}."


def _table(shown: _Shown) -> pd.DataFrame:
    form = "%Y" if shown.by_year else "%Y-%m"
    guess = dict(zip(shown.plain["when"], shown.plain["requests"], strict=True))
    rows = [
        {
            "Period": row["when"].strftime(form),
            "Recorded": words.number(row["median"]),
            "Forecast": "", "8 in 10": "", "19 in 20": "", "Plain guess": "",
        }
        for row in records(shown.past)
    ]  # fmt: skip
    rows += [
        {
            "Period": row["when"].strftime(form),
            "Recorded": "",
            "Forecast": words.number(row["median"]),
            "8 in 10": words.number_range(row["low80"], row["high80"]),
            "19 in 20": words.number_range(row["low95"], row["high95"]),
            "Plain guess": words.number(guess.get(row["when"])) if guess else "",
        }
        for row in records(shown.ahead)
    ]
    return pd.DataFrame(rows)
