"""Every number that the charts draw, print and tell is held to the cell of the table it is of.

Each cell of the tables is made another number first, so that a wrong team, a shifted month or the
ends of another range cannot look right by accident. Formats are the test's own.
"""

from __future__ import annotations

import re
from itertools import pairwise

import matplotlib.dates as mdates
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ehc_sim.present.charts import advice, fan, frontier, lateness, load, recovery, waiting
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import shown_with_an_order
from tests.page_numbers import cell, chance, percent, pounds, whole
from tests.present_frames import made_up
from tests.told_apart import a_whole_page, with_rows_told_apart

pytestmark = pytest.mark.unit

BASELINE = "Today's staff"


@pytest.fixture(scope="module")
def frames() -> Frames:
    """Return frames in whose tables every row has its own numbers, in the order of its ranges."""
    return with_rows_told_apart(made_up(5))


def printed(axes: Axes) -> list[tuple[str, float]]:
    """Return the texts of a panel and the heights that they are at."""
    return [(text.get_text(), float(text.xy[1])) for text in axes.texts if text.get_text()]


def at(axes: Axes, height: float) -> str:
    """Return the words that a panel has at a height, in one line."""
    return " ".join(text for text, place in printed(axes) if abs(place - height) < 1e-9)


def marks(axes: Axes) -> dict[float, float]:
    """Return where the dot of each height is."""
    dots = [line for line in axes.lines if len(line.get_xdata()) == 1]
    return {float(dot.get_ydata()[0]): float(dot.get_xdata()[0]) for dot in dots}


def ranges(axes: Axes) -> dict[float, tuple[float, float]]:
    """Return the ends of the level line of each height."""
    level = [line for line in axes.lines if len(line.get_xdata()) == 2]
    return {
        float(line.get_ydata()[0]): (float(line.get_xdata()[0]), float(line.get_xdata()[1]))
        for line in level
        if line.get_ydata()[0] == line.get_ydata()[1]
    }


def test_advice_draws_prints_and_tells_each_givers_cells(frames: Frames) -> None:
    chart = advice.draw(frames)
    (axes,) = chart.figure.axes
    table = chart.data_table.set_index("Advice from")
    dots, lines = marks(axes), ranges(axes)
    givers = frames.advice["giver"].unique()
    assert set(table.index) == set(givers)
    for place, giver in enumerate(table.index):
        of = {"scenario": BASELINE, "year": 2024, "giver": giver}
        asked = cell(frames, "advice", **of, measure="asked")
        height = float(len(table) - 1 - place)
        if asked < 6:
            assert height not in dots
            continue
        share, low, high = (
            cell(frames, "advice", column, **of, measure="on_time")
            for column in ("median", "low80", "high80")
        )
        assert dots[height] == share
        assert lines[height] == (low, high)
        ends = f"{percent(low)} to {percent(high)}"
        said = f"{percent(share)} ({ends}) of {whole(asked)}"
        assert said in at(axes, height)
        assert giver.replace(" ", "") in at(axes, height).replace(" ", "")
        assert f"{giver} {said}" in chart.alt_text
        late, out, days = (
            cell(frames, "advice", **of, measure=measure)
            for measure in ("late", "outstanding", "median_days")
        )
        row = [whole(asked), percent(share), ends, whole(late), whole(out), whole(days)]
        assert table.loc[giver].tolist() == row
    assert "2024" in chart.alt_text


def test_load_draws_prints_and_tells_each_teams_cells(frames: Frames) -> None:
    chart = load.draw(frames)
    names = in_rows(chart.figure.axes[0])
    table = chart.data_table.set_index(["Team", "Year"])
    assert len(table) == frames.teams["team"].nunique() * len(chart.figure.axes)
    for axes in chart.figure.axes:
        year = int(axes.get_title(loc="left"))
        dots, lines = marks(axes), ranges(axes)
        assert len(dots) == len(names) == frames.teams["team"].nunique()
        for height, name in names.items():
            of = {"scenario": BASELINE, "team": name}
            month = pd.Timestamp(year, 5, 1)
            share = cell(frames, "teams", **of, month=month, measure="load_of_year")
            months = [
                cell(frames, "teams", **of, month=one, measure="load")
                for one in pd.date_range(f"{year}-01-01", periods=12, freq="MS")
            ]
            assert dots[height] == share
            assert lines[height] == (min(months), max(months))
            assert percent(share) in at(axes, height)
            row = [percent(share), f"{percent(min(months))} to {percent(max(months))}"]
            assert table.loc[(name, year)].tolist() == row
            (told,) = re.findall(rf"{name} ([^;.]*)", chart.alt_text)
            assert f"{percent(share)} in {year}" in told


def in_rows(axes: Axes) -> dict[float, str]:
    """Return the team that is named at the left of each row of a panel."""
    found: dict[float, str] = {}
    for text in axes.texts:
        if text.get_ha() == "right" and text.xy[0] == 0:
            height = float(text.xy[1])
            found[height] = f"{found.get(height, '')} {text.get_text()}".strip()
    return {height: name[0].lower() + name[1:] for height, name in found.items()}


def test_waiting_draws_prints_and_tells_each_steps_cells(frames: Frames) -> None:
    chart = waiting.draw(frames)
    (axes,) = chart.figure.axes
    table = chart.data_table.set_index("Month")
    months = pd.date_range(frames.plan_from, frames.waiting["month"].max(), freq="MS")
    assert list(table.columns) == [name[0].upper() + name[1:] for name in table.columns]
    labels = [text for text, _ in printed(axes) if ":" in text]
    below = np.zeros(len(months))
    for place, step in enumerate(table.columns):
        cases = np.array(
            [cell(frames, "waiting", scenario=BASELINE, step=step, month=one) for one in months]
        )
        band = axes.collections[place].get_paths()[0].vertices
        for number, one in enumerate(months):
            ends = band[np.isclose(band[:, 0], mdates.date2num(one)), 1]
            assert ends.min() == pytest.approx(below[number])
            assert ends.max() == pytest.approx(below[number] + cases[number])
        below += cases
        assert labels[place].replace("\n", " ") == f"{step}: {whole(cases[-1])}"
        inside = step[0].lower() + step[1:]
        assert f"{inside} from {whole(cases[0])} to {whole(cases[-1])}" in chart.alt_text
        for row, text in table[step].items():
            assert text == whole(cases[months.get_loc(pd.Timestamp(f"1 {row}"))])
    ends = [
        cell(frames, "monthly", scenario=BASELINE, measure="open_cases", month=one)
        for one in (months[0], months[-1])
    ]
    assert f"In all from {whole(ends[0])} to {whole(ends[1])}." in chart.alt_text
    assert f"from {months[0]:%B %Y} to {months[-1]:%B %Y}" in chart.alt_text


def test_recovery_draws_prints_and_tells_each_measures_cells(frames: Frames) -> None:
    chart = recovery.draw(frames)
    titles = {title: measure for measure, title in recovery.MEASURES.items()}
    names = shown_with_an_order(frames)
    months = pd.date_range(frames.plan_from, frames.monthly["month"].max(), freq="MS")
    panels = [axes for axes in chart.figure.axes if axes.get_title(loc="left")]
    assert len(panels) == 5
    for axes in panels:
        title = axes.get_title(loc="left")
        measure = titles[title]
        form = percent if "on_time" in measure else whole
        unit = " weeks" if "weeks" in measure else ""
        lines = [line for line in axes.lines if len(line.get_xdata()) > 1]
        assert len(lines) == len(names)
        colours = {
            form_of: mark.get_color()
            for mark in axes.lines
            if len(mark.get_xdata()) == 1
            for form_of, height in printed(axes)
            if height == mark.get_ydata()[0]
        }
        rows = chart.data_table[chart.data_table["Measure"] == title].set_index(["Option", "Month"])
        for line, name in zip(lines, names, strict=True):
            of = {"scenario": name, "measure": measure}
            middles = [cell(frames, "monthly", **of, month=one) for one in months]
            assert list(line.get_ydata()) == middles
            assert list(pd.to_datetime(line.get_xdata())) == list(months)
            assert colours[form(middles[-1])] == line.get_color()
            ends = f"{form(middles[0])}{unit} to {form(middles[-1])}{unit}"
            assert re.search(rf"{re.escape(title)}: [^.]*{re.escape(f'{name} from {ends}')}",
                             chart.alt_text)  # fmt: skip
            for one in months[months.month == 12]:
                low, high = (
                    f"{form(cell(frames, 'monthly', end, **of, month=one))}{unit}"
                    for end in ("low80", "high80")
                )
                middle = form(cell(frames, "monthly", **of, month=one)) + unit
                row = rows.loc[(name, f"{one:%B %Y}")]
                assert row[["Middle", "8 in 10 futures"]].tolist() == [middle, f"{low} to {high}"]


def test_lateness_draws_prints_and_tells_each_options_cells(frames: Frames) -> None:
    chart = lateness.draw(frames)
    (axes,) = chart.figure.axes
    table = chart.data_table.set_index("Option")
    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    heights = sorted({round(bar.get_y(), 6) for bar in bars}, reverse=True)
    assert len(table) == len(heights) == 5
    beside = [text for text in axes.texts if text.xy[0] == 1 and text.get_text()]
    named = [text for text in axes.texts if text.xy[0] == 0 and text.get_text()]
    for option, height in zip(table.index, heights, strict=True):
        of = {
            "scenario": option.removeprefix("Baseline: "),
            "year": 2027,
            "measure": "days_a_late_plan",
        }
        row, drawn = table.loc[option], [bar for bar in bars if round(bar.get_y(), 6) == height]
        told = at_row(beside, drawn[0])
        assert at_row(named, drawn[0]) == option
        ends = {True: 0.0, False: 0.0}
        (said,) = re.findall(rf"{re.escape(option)}, (.*?)[.]", chart.alt_text)
        for bar, step in zip(drawn, lateness_steps(frames), strict=True):
            days = cell(frames, "lateness", **of, step=step, part="all")
            assert bar.get_width() == pytest.approx(days)
            assert bar.get_x() == pytest.approx(ends[days > 0])
            ends[days > 0] += days
            assert row[step] == whole(days)
            assert f"{step[0].lower()}{step[1:]} {whole(days)}" in said
        days, low, high = (
            cell(frames, "lateness", column, **of, step="all", part="all")
            for column in ("median", "low80", "high80")
        )
        assert row["All days over"] == whole(days)
        assert row["8 in 10 futures"] == f"{whole(low)} to {whole(high)}"
        parts = frames.lateness[frames.lateness["step"] == "all"]
        for name, wanted in of.items():
            parts = parts[parts[name] == wanted]
        most = parts[parts["part"] != "all"].sort_values("median").iloc[-1]
        largest = f"{most['part'][0].upper()}{most['part'][1:]}: {whole(most['median'])}"
        assert told == f"{whole(days)} days over {largest}"
        assert row["Largest part"] == largest
        assert said.startswith(f"{whole(days)} days: ")
        assert said.endswith(f"largest part {most['part']}, {whole(most['median'])} days")
    middles = [cell(frames, "lateness", scenario=name.removeprefix("Baseline: "), year=2027,
                    measure="days_a_late_plan", step="all", part="all")
               for name in table.index]  # fmt: skip
    assert all(one <= other for one, other in pairwise(middles[1:]))


def lateness_steps(frames: Frames) -> list[str]:
    """Return the steps to a plan, in their order."""
    return [step for step in frames.lateness["step"].unique() if step != "all"]


def at_row(texts: list, bar: Rectangle) -> str:
    """Return the lines that stand beside a bar, as one."""
    middle = bar.get_y() + bar.get_height() / 2
    return " ".join(text.get_text() for text in texts if abs(text.xy[1] - middle) < 1e-6)


def test_the_tables_of_the_fan_and_of_the_costs_are_their_cells() -> None:
    frames = a_whole_page()
    for row in fan.draw(frames).data_table.to_dict("records"):
        if row["Option"] == "Published by DfE":
            year = int(row["Month"].split()[1])
            assert row["On time"] == percent(cell(frames, "history", "value", year=year))
            continue
        of = {
            "scenario": row["Option"],
            "measure": "issued_on_time_12m",
            "month": pd.Timestamp(f"1 {row['Month']}"),
        }
        middle, low, high, low95, high95 = (
            percent(cell(frames, "monthly", name, **of))
            for name in ("median", "low80", "high80", "low95", "high95")
        )
        found = [row["On time"], row["8 in 10 futures"], row["19 in 20 futures"]]
        assert found == [middle, f"{low} to {high}", f"{low95} to {high95}"]
    rows = frames.comparison.set_index("scenario")
    for row in frontier.draw(frames).data_table.to_dict("records"):
        of = rows.loc[row["Option"]]
        assert row["Extra cost over the planning period"] == pounds(of["cost"])
        shares = [
            chance(of["chance"], of["chance_high"] - of["chance_low"]),
            *(percent(of[name]) for name in ("chance_low", "chance_high")),
        ]
        said = row["Chance (95% range)"].replace("under 1%", percent(of["chance_low"]))
        assert said == f"{shares[0]} ({shares[1]} to {shares[2]})"
