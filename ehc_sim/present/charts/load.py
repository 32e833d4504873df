"""Work arriving against the hours there are, team by team, for each year of the plan."""

import pandas as pd
from matplotlib.axes import Axes

from ehc_sim.present import style, words
from ehc_sim.present.frames import Frames, records

MOST_YEARS = 4
_ROW_INCHES = 0.36
_OVERLOAD_BAND = "#FBE3D6"
_OVER = "#B5440C"
_LEFT = 1.7
_FIGURE_INCHES = 0.46
"""Room for a printed percentage at the right of a panel."""


@style.styled
def draw(frames: Frames, scenario: str | None = None) -> style.Chart:
    """Draw each team's load: hours of work arriving as a share of the hours there are.

    Parameters
    ----------
    frames : Frames
        Of which ``teams`` is used.
    scenario : str, optional
        By default the baseline.

    Raises
    ------
    NothingToDraw
        If no team of the scenario has a known load in the plan.
    """
    name = scenario if scenario is not None else frames.comparison["scenario"].iloc[0]
    loads = by_year(frames, name)
    years = sorted(loads["year"].unique())[:MOST_YEARS]
    shown = loads[loads["year"].isin(years)]
    teams = shown.groupby("team")["load"].max().sort_values(kind="stable").index.tolist()
    figure, panels = style.page(
        _title(loads),
        f"Hours of work arriving as a share of the hours there are, middle of the simulated "
        f"futures. Dot: the year; line: its quietest to its busiest month. Shaded: more work than "
        f"hours. {name}.",
        _ROW_INCHES * len(teams) + 0.2,
        left=_LEFT,
        right=0.1,
        bottom=0.3,
        panels=(1, len(years)),
        gap=(0.3, 0.25),
        head=0.25,
    )
    panel_inches = (style.WIDTH - _LEFT - 0.1 - 0.25 * (len(years) - 1)) / len(years)
    right = max(1.25, float(shown["high"].max())) / (1 - _FIGURE_INCHES / panel_inches)
    for axes, year in zip(panels, years, strict=True):
        _panel(axes, shown[shown["year"] == year], teams, right)
        axes.set_title(str(year), fontsize=9.5, fontweight="bold", loc="left", pad=5)
        axes.set_yticks(range(len(teams)), labels=[""] * len(teams))
    style.row_labels(
        panels[0], range(len(teams)), [style.wrap(words.capital(team), 24) for team in teams]
    )
    return style.Chart(figure, _alt_text(loads, name), _table(loads))


def by_year(frames: Frames, scenario: str) -> pd.DataFrame:
    """Return each team's load by year of the plan: columns team, year, load, low, high.

    The year's load is the middle one of all futures; ``low`` and ``high`` are the middle loads of
    its quietest and its busiest month.

    Raises
    ------
    NothingToDraw
        If no load is known.
    """
    rows = frames.series("teams", scenario=scenario)
    rows = rows.assign(year=rows["month"].dt.year)
    wide = rows.pivot_table(index=["team", "year", "month"], columns="measure", values="median")
    if not {"load_of_year", "load"} <= set(wide.columns):
        raise style.NothingToDraw(f"{scenario} has no load of any team")
    wide = wide.dropna(subset=["load_of_year", "load"])
    if wide.empty:
        raise style.NothingToDraw(f"{scenario} has no load of any team")
    grouped = wide.groupby(level=["team", "year"])
    return pd.DataFrame(
        {
            "load": grouped["load_of_year"].first(),
            "low": grouped["load"].min(),
            "high": grouped["load"].max(),
        }
    ).reset_index()


def _panel(axes: Axes, rows: pd.DataFrame, teams: list[str], right: float) -> None:
    axes.axvspan(1, right, color=_OVERLOAD_BAND, lw=0)
    axes.axvline(1, color=style.DARK, lw=1.2)
    for row in records(rows):
        height = teams.index(row["team"])
        over = row["load"] > 1
        colour = _OVER if over else style.BLUE
        style.interval(axes, (row["low"], row["high"]), height, colour)
        axes.plot([row["load"]], [height], "D" if over else "o", color=colour, ms=5.5)
        axes.annotate(
            words.percent(row["load"]),
            (right, height),
            xytext=(-3, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=8.5,
            fontweight="bold" if over else "normal",
        )
    axes.set_xlim(0, right)
    axes.set_ylim(-0.5, len(teams) - 0.2)
    marks = [0.0, 1.0] if right < 2.4 else [0.0, 1.0, 2.0]
    axes.set_xticks(marks, labels=[f"{mark:.0%}" for mark in marks])
    axes.grid(False, axis="y")
    axes.tick_params(length=0)


def _title(loads: pd.DataFrame) -> str:
    over = loads.loc[loads["load"] > 1, "team"].nunique()
    if not over:
        return "Every team has hours enough over the year"
    verb = words.plural(over, "team gets", "teams get")
    return f"{words.capital(words.how_many(over))} {verb} more work than there are hours"


def _alt_text(loads: pd.DataFrame, name: str) -> str:
    parts = []
    for team, rows in loads.groupby("team", sort=True):
        yearly = [f"{words.percent(row['load'])} in {row['year']}" for row in records(rows)]
        parts.append(f"{team} {words.join(yearly)}")
    return (
        f"Dot plot of work arriving as a share of the hours there are, {name}, middle of the "
        f"simulated futures; over 100% the queue grows. {'; '.join(parts)}."
    )


def _table(loads: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Team": loads["team"],
            "Year": loads["year"].astype(int),
            "Load": [words.percent(load) for load in loads["load"]],
            "Quietest to busiest month": [
                words.percent_range(low, high)
                for low, high in zip(loads["low"], loads["high"], strict=True)
            ],
        }
    )
