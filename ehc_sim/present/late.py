"""Why late plans are late, in words, and which options its chart shows."""

from dataclasses import replace

from ehc_sim.present import figures, style, words
from ehc_sim.present.charts import lateness
from ehc_sim.present.charts.lateness import Bar
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import Option, Standing

_MOST_BARS = 4
_LARGEST = 3


def why_late(frames: Frames, now: Standing) -> list[str]:
    """Return the largest parts of a late plan's days, with the baseline and the one that leads.

    Empty where no plan is late, or where nothing is known of it.
    """
    bars, year = _bars(frames)
    said: list[str] = []
    for option in (now.baseline, now.lead):
        bar = bars.get(option.scenario)
        if bar is None or (said and option.is_baseline):
            continue
        said.append(_told(frames, option, bar, year))
    if said:
        said.append(
            "Only plans that were issued are counted here: a case that still waits is not among "
            "them."
        )
    return said


def fewer_bars(frames: Frames, now: Standing) -> Frames:
    """Return frames of which the chart of lateness has few bars.

    These are the baseline, the option that leads the page, and the choices whose late plans differ
    most from the baseline's in their days.
    """
    bars, _ = _bars(frames)
    if len(bars) <= _MOST_BARS or now.baseline.scenario not in bars:
        return frames
    kept = [name for name in (now.baseline.scenario, now.lead.scenario) if name in bars]
    days = bars[now.baseline.scenario].days
    choices = {option.scenario for option in now.ranked} - {*kept}
    others = sorted(
        (bar for name, bar in bars.items() if name in choices),
        key=lambda bar: -abs(bar.days - days),
    )
    kept += [bar.scenario for bar in others[: _MOST_BARS - len(set(kept))]]
    comparison = frames.comparison[frames.comparison["scenario"].isin(kept)]
    rows = frames.lateness[frames.lateness["scenario"].isin(kept)]
    return replace(frames, comparison=comparison, lateness=rows)


def _bars(frames: Frames) -> tuple[dict[str, Bar], int]:
    late = frames.series("lateness", measure=lateness.MEASURE).dropna(subset=["median"])
    year = figures.target_year(frames, late)
    try:
        bars = [] if year is None else lateness.of_scenarios(frames, year)
    except style.NothingToDraw:
        bars = []
    return {bar.scenario: bar for bar in bars}, year or 0


def _told(frames: Frames, option: Option, bar: Bar, year: int) -> str:
    by = (
        f"by {words.number(bar.days)} days on average "
        f"({words.number_range(bar.low80, bar.high80)} in 8 of 10 futures)"
    )
    late = figures.late_plans(frames, option.scenario, year)
    if late is not None and round(late.median) == 0:
        return f"With {option.called}, no plan issued in {year} is late in most futures."
    said = f"With {option.called}, {_late_plans(frames, option, year)} {by}"
    largest = _largest(frames, option, year)
    if not largest:
        return f"{said}."
    parts = [
        f"{words.uncapital(part)} ({words.number(days)}{' days' if place == 0 else ''})"
        for place, (part, days) in enumerate(largest)
    ]
    of_which = words.plural(len(parts), "the largest part is", "the largest parts are")
    return f"{said}; {of_which} {words.join(parts)}."


def _late_plans(frames: Frames, option: Option, year: int) -> str:
    """Return "653 of the 754 plans issued in 2027 are late", or no numbers if not known."""
    late = figures.late_plans(frames, option.scenario, year)
    everybody = {"by": "all", "measure": "plans_issued"}
    issued = figures.of_year(frames, "yearly", scenario=option.scenario, year=year, **everybody)
    if late is None or issued is None or late.median > issued.median:
        return f"plans issued late in {year} are late"
    return (
        f"{words.number(late.median)} of the {words.number(issued.median)} plans issued in {year} "
        "are late,"
    )


def _largest(frames: Frames, option: Option, year: int) -> list[tuple[str, float]]:
    rows = frames.series("lateness", scenario=option.scenario, year=year, measure=lateness.MEASURE)
    parts = lateness.largest_parts(rows).head(_LARGEST)
    return [(str(part), float(days)) for part, days in parts.items() if days >= 0.5]
