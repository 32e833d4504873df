"""Advice within six weeks, giver by giver: the report that partners are shown."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from ehc_sim.present import style, words
from ehc_sim.present.frames import Frames, records

USUAL_YEAR = 2024
"""Latest year that is both simulated and published in the shipped data."""
_ROW_INCHES = 0.36


@style.styled
def draw(frames: Frames, year: int | None = None, scenario: str | None = None) -> style.Chart:
    """Draw the share of advice that came within six weeks, worst last.

    Parameters
    ----------
    frames : Frames
        Of which ``advice`` is used.
    year : int, optional
        By default 2024 where it was simulated, otherwise the first year there is.
    scenario : str, optional
        By default the baseline.

    Raises
    ------
    NothingToDraw
        If no advice was asked for.
    """
    name = scenario if scenario is not None else frames.comparison["scenario"].iloc[0]
    rows = by_giver(frames, name, year)
    shown_year = int(rows["year"].iloc[0])
    figure, (axes,) = style.page(
        _title(rows),
        f"Simulated, not recorded: share of advice returned within six weeks of being asked for "
        f"in {shown_year}, with the range of 8 in 10 simulated futures, and how often it was asked "
        f"for. {name}.",
        _ROW_INCHES * len(rows) + 0.1,
        left=2.1,
        right=2.3,
        bottom=0.3,
    )
    for place, row in enumerate(records(rows)):
        _row(axes, len(rows) - 1 - place, row)
    style.row_labels(
        axes,
        range(len(rows)),
        [style.wrap(words.capital(giver), 30) for giver in rows["giver"][::-1]],
    )
    axes.set_ylim(-0.5, len(rows) - 0.5)
    axes.set_xlim(-0.02, 1.02)
    style.percent_axis(axes, "x")
    axes.grid(axis="x")
    axes.grid(False, axis="y")
    axes.tick_params(length=0)
    return style.Chart(figure, _alt_text(rows, name), _table(rows))


def by_giver(frames: Frames, scenario: str, year: int | None = None) -> pd.DataFrame:
    """Return a row a giver, best first: giver, year, on_time, low80, high80, asked, late.

    The share is not given (NaN) for a giver that was asked fewer than six times.

    Raises
    ------
    NothingToDraw
        If the scenario has no advice, or not in that year.
    """
    rows = frames.series("advice", scenario=scenario)
    years = sorted(int(one) for one in rows["year"].dropna().unique())
    chosen = (
        year if year is not None else USUAL_YEAR if USUAL_YEAR in years else min(years, default=0)
    )
    rows = rows[rows["year"] == chosen]
    share = rows[rows["measure"] == "on_time"].set_index("giver")
    if share.empty:
        raise style.NothingToDraw(f"{scenario} has no advice in {chosen}")
    counts = rows.pivot_table(index="giver", columns="measure", values="median")
    table = share[["median", "low80", "high80"]].rename(columns={"median": "on_time"})
    for measure in ("asked", "late", "outstanding", "median_days"):
        known = counts[measure] if measure in counts else pd.Series(dtype=float)
        table[measure] = known.reindex(table.index)
    table.loc[table["asked"] < words.FEW, ["on_time", "low80", "high80", "median_days"]] = float(
        "nan"
    )
    table = table.sort_values("on_time", ascending=False, kind="stable", na_position="last")
    return table.assign(year=chosen).reset_index()


def _row(axes: Axes, height: int, row: dict[str, Any]) -> None:
    shown = words.known(row["on_time"])
    if shown:
        style.interval(axes, (row["low80"], row["high80"]), height, style.BLUE)
        axes.plot([row["on_time"]], [height], "o", color=style.BLUE, ms=5.5, clip_on=False)
    axes.annotate(
        _said(row),
        (1, height),
        xytext=(8, 0),
        xycoords=("axes fraction", "data"),
        textcoords="offset points",
        va="center",
        fontsize=8.5,
        color=None if shown else style.MUTED,
        annotation_clip=False,
    )


def _said(row: dict[str, Any]) -> str:
    asked = words.count_by_group(row["asked"])
    if not words.known(row["on_time"]):
        return f"asked {asked}" if words.known(row["asked"]) else words.NOT_KNOWN
    figures = words.share_figures(row["on_time"], row["low80"], row["high80"])
    return f"{figures} of {asked}" if words.known(row["asked"]) else figures


def _title(rows: pd.DataFrame) -> str:
    known = rows.dropna(subset=["on_time"])
    slow = int((known["on_time"] < 0.5).sum())
    if known.empty:
        return "Too little advice was asked for to show"
    if not slow:
        return "Every giver is in time more often than not"
    giver = words.plural(slow, "advice provider is", "advice providers are")
    return f"{words.capital(words.how_many(slow))} {giver} late more often than not"


def _alt_text(rows: pd.DataFrame, name: str) -> str:
    parts = [f"{row['giver']} {_said(row)}" for row in records(rows)]
    return (
        f"Dot plot of the simulated share of advice returned within six weeks, "
        f"{rows['year'].iloc[0]}, {name}, with the range of 8 in 10 futures. {'; '.join(parts)}."
    )


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Advice from": [words.capital(giver) for giver in rows["giver"]],
            "Asked": [words.count_by_group(value) for value in rows["asked"]],
            "Within six weeks": [words.percent(value) for value in rows["on_time"]],
            "8 in 10 futures": [
                words.percent_range(low, high)
                for low, high in zip(rows["low80"], rows["high80"], strict=True)
            ],
            "Late": [words.count_by_group(value) for value in rows["late"]],
            "Outstanding": [words.count_by_group(value) for value in rows["outstanding"]],
            "Days, middle case": [words.number(value) for value in rows["median_days"]],
        }
    )
