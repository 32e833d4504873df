"""Every chart can be drawn, reads well, and says the same in words."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest
from matplotlib.figure import Figure

from ehc_sim.present import style, words
from ehc_sim.present.charts import (
    CHARTS,
    advice,
    draw_all,
    fan,
    frontier,
    load,
    waiting,
)
from ehc_sim.present.charts.labels import Box
from ehc_sim.present.reading import standing
from ehc_sim.present.style import NothingToDraw
from tests.drawn_charts import (
    CASES,
    assert_texts_lie_free,
    assert_title_short_and_texts_not_small,
    texts,
)
from tests.present_frames import made_up, stood

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def drawn():
    return {case: draw_all(make()) for case, make in CASES.items()}


@pytest.mark.parametrize("case", CASES)
def test_every_chart_is_drawn(drawn, case):
    assert drawn[case].keys() == CHARTS.keys()
    for chart in drawn[case].values():
        assert len(chart.data_table)
        assert style.png_bytes(chart).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("case", CASES)
def test_no_text_is_cut_off_or_lies_on_another(drawn, case, name):
    assert_texts_lie_free(drawn[case][name])


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("case", CASES)
def test_titles_are_of_few_words_and_no_text_is_small(drawn, case, name):
    assert_title_short_and_texts_not_small(drawn[case][name])


@pytest.mark.parametrize("case", CASES)
def test_alt_text_has_no_gaps_and_no_jargon(drawn, case):
    for chart in drawn[case].values():
        assert not re.search(r"\bnan\b|None|NaT", chart.alt_text, flags=re.IGNORECASE)
        assert not re.search(r"stochastic|kernel|\bWIP\b", chart.alt_text)
        assert chart.alt_text.endswith(".")


def test_alt_text_of_the_chance_has_every_number():
    frames = made_up(15)
    said = CHARTS["chance"](frames).alt_text
    for row in frames.comparison.itertuples():
        figures = words.chance_figures(row.chance, row.chance_low, row.chance_high)
        assert f"{row.scenario} {figures}" in said


def test_alt_text_of_the_fan_has_the_ends():
    frames = made_up(2)
    said = fan.draw(frames).alt_text
    last = frames.series("monthly", scenario="Today's staff", measure=fan.MEASURE).iloc[-1]
    assert words.percent(last["median"]) in said
    assert words.percent_range(last["low80"], last["high80"]) in said
    assert words.percent_range(last["low95"], last["high95"]) in said
    assert "34% in 2024" in said
    assert "target is 60%" in said


def test_alt_text_of_waiting_load_and_advice_has_their_numbers():
    frames = made_up(2)
    steps = waiting.by_step(frames, "Today's staff")
    assert all(words.number(cases) in waiting.draw(frames).alt_text for cases in steps.iloc[-1])
    loads = load.by_year(frames, "Today's staff")
    assert all(words.percent(one) in load.draw(frames).alt_text for one in loads["load"])
    givers = advice.by_giver(frames, "Today's staff").dropna(subset=["on_time"])
    assert all(words.percent(one) in advice.draw(frames).alt_text for one in givers["on_time"])


def test_small_counts_of_advice_are_not_shown():
    """Four requests for advice: neither the counts nor a share of four is given."""
    chart = advice.draw(made_up(2))
    row = chart.data_table.set_index("Advice from").loc["Hearing and vision advisers"]
    assert row["Asked"] == row["Late"] == row["Outstanding"] == "fewer than 6"
    assert row["Within six weeks"] == "not known"
    assert "Hearing and vision advisers asked fewer than 6" in chart.alt_text
    assert "92%" not in chart.alt_text


def test_the_cases_in_all_are_the_months_own_and_no_sum_of_the_steps():
    """In all futures together 700 are open at the end, whatever the middles of the steps are."""
    frames = made_up(1)
    monthly = frames.monthly.copy()
    open_cases = monthly["measure"] == "open_cases"
    monthly.loc[open_cases & (monthly["month"] == frames.plan_from), "median"] = 700.0
    monthly.loc[open_cases & (monthly["month"] == monthly["month"].max()), "median"] = 650.0
    said = waiting.draw(replace(frames, monthly=monthly)).alt_text
    assert "In all from 700 to 650." in said
    assert "need not add up" in said
    unknown = waiting.draw(replace(frames, monthly=monthly[~open_cases])).alt_text
    assert "In all" not in unknown


def test_unbeaten_options_are_those_with_no_better_chance_for_less():
    every = standing(made_up(15)).ranked
    edge = frontier.unbeaten(every)
    assert not any(option.order_only for option in edge)
    options = [option for option in every if not option.order_only]
    for option in options:
        better = [o for o in options if o.cost <= option.cost and o.chance > option.chance]
        assert (option in edge) == (
            not better
            and not any(o.chance == option.chance and o.cost < option.cost for o in options)
        )


def test_of_equal_options_the_baseline_is_the_unbeaten_one():
    """Where every chance is nothing, no option is held up as the one to buy."""
    frames = made_up(5)
    comparison = frames.comparison.assign(chance=0.0, chance_low=0.0, chance_high=0.01)
    options = standing(replace(frames, comparison=comparison)).ranked
    assert [option.is_baseline for option in frontier.unbeaten(options)] == [True]


def test_options_of_order_alone_are_not_said_to_be_beaten():
    frames = made_up(12)
    ordered = frames.comparison["order_only"]
    best = frames.comparison.assign(
        chance=frames.comparison["chance"].where(~ordered, 0.99),
        cost=frames.comparison["cost"].where(~ordered, 0.0),
    )
    assert ordered.any()
    chart = frontier.draw(stood(replace(frames, comparison=best)))
    standing_of = chart.data_table.set_index("Option")["Unbeaten"]
    assert set(standing_of[frames.comparison.loc[ordered, "scenario"]]) == {"not compared"}
    beaten = re.search(r"Beaten by another option: ([^.]*)\.", chart.alt_text)
    assert all(name not in beaten[1] for name in frames.comparison.loc[ordered, "scenario"])
    said = " ".join(text.get_text() for text in chart.figure.texts).replace("\n", " ")
    assert "another beats" not in said
    assert "none of the others, but those that only change who is seen first or assessed," in said


def test_a_best_chance_that_is_paid_for_in_waiting_is_not_sold_as_free():
    frames = made_up(5)
    overdue = [330.0, 300.0, 310.0, 320.0, 360.0]
    paid = frames.comparison.assign(overdue_at_end=overdue, order_only=False)
    chart = frontier.draw(stood(replace(frames, comparison=paid)))
    assert "The best chance is paid for in waiting" in style.svg_text(chart, "frontier")


def test_only_unbeaten_options_whose_chances_are_told_apart_are_joined():
    """124 and 128 of 400 futures (4 to 0, exact p 0.125) are no step of a frontier."""
    frames = made_up(3)
    for chances, joined in (((0.01, 0.31, 0.32), 1), ((0.01, 0.31, 0.61), 2)):
        rows = frames.comparison.assign(chance=chances, cost=[0.0, 1e5, 9e5], order_only=False)
        chart = frontier.draw(stood(replace(frames, comparison=rows)))
        (axes,) = chart.figure.axes
        steps = [line for line in axes.lines if line.get_drawstyle() == "steps-post"]
        assert len(steps) == joined
        assert (chart.data_table["Unbeaten"] == "yes").all()
        names = frames.comparison["scenario"]
        assert (f"{names[1]} from {names[2]}" in chart.alt_text) == (joined == 2)


def boxes_met(frames):
    """Labels on the frontier's panel, with the marks of options that each lies on."""
    chart = frontier.draw(frames)
    found = texts(chart)
    axes, inches = chart.figure.axes[0], chart.figure.dpi_scale_trans.inverted()
    marks = []
    for row in frames.comparison.itertuples():
        x, y = inches.transform(axes.transData.transform((row.cost, row.chance)))
        marks.append(Box(x, y, x, y).grown(0.04))
    panel = Box(*axes.get_window_extent().transformed(inches).extents)
    return [
        (text.get_text(), sum(box.overlap(mark) > 0 for mark in marks))
        for text, box in found
        if text.axes is None and box.inside(panel.grown(0.1))
    ]


@pytest.mark.parametrize("scenarios", [5, 15])
@pytest.mark.parametrize("without_chance", [False, True])
def test_labels_of_the_frontier_lie_on_no_mark(scenarios, without_chance):
    frames = made_up(scenarios)
    if without_chance:
        nothing = frames.comparison.assign(chance=0.0, chance_low=0.0, chance_high=0.28)
        frames = replace(frames, comparison=nothing)
    met = boxes_met(frames)
    assert any("Baseline" in text for text, _ in met)
    assert all(count == 0 for _, count in met), met


@pytest.mark.parametrize("dearest", [9_000, 86_000, 740_000, 1_130_000, 2_600_000])
def test_costs_below_the_frontier_say_their_whole_amount(dearest):
    """A step of £250,000 would be labelled "£1.2 million" at £1,250,000."""
    frames = made_up(15)
    costs = frames.comparison["cost"]
    scaled = frames.comparison.assign(cost=costs.min() + costs.rank(pct=True) * dearest)
    (axes,) = frontier.draw(replace(frames, comparison=scaled)).figure.axes
    axes.figure.canvas.draw()
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert len(set(labels)) == len(labels) > 1
    for amount, label in zip(axes.get_xticks(), labels, strict=True):
        size = float(re.sub("[^0-9.]", "", label)) * (1_000_000 if "million" in label else 1)
        assert size == pytest.approx(abs(amount))


def test_the_target_is_named_beside_the_panels_where_no_line_runs():
    chart = fan.draw(made_up(2))
    named = [(text, box) for text, box in texts(chart) if text.get_text() == "Target 60%"]
    assert len(named) == 2
    inches = chart.figure.dpi_scale_trans.inverted()
    for text, box in named:
        assert box.left > text.axes.get_window_extent().transformed(inches).x1


def test_a_year_of_load_is_that_of_the_table():
    frames = made_up(1)
    teams = frames.teams.copy()
    year = (teams["measure"] == "load_of_year") & (teams["month"].dt.year == 2026)
    teams.loc[year & (teams["team"] == "plan writers"), "median"] = 1.234
    rows = load.by_year(replace(frames, teams=teams), "Today's staff").set_index(["team", "year"])
    assert rows.loc[("plan writers", 2026), "load"] == 1.234
    assert rows.loc[("plan writers", 2027), "load"] != 1.234
    assert 2024 not in rows.index.get_level_values("year")  # before the plan


def test_a_chart_without_numbers_is_left_out():
    frames = replace(made_up(1), advice=made_up(1).advice.head(0), teams=made_up(1).teams.head(0))
    with pytest.raises(NothingToDraw):
        advice.draw(frames)
    assert CHARTS.keys() - draw_all(frames).keys() == {"advice", "load"}


def test_a_year_and_a_scenario_can_be_chosen():
    frames = made_up(2)
    chart = advice.draw(frames, year=2026, scenario="Three more educational psychologists")
    assert "2026, Three more educational psychologists" in chart.alt_text
    with pytest.raises(NothingToDraw, match="1999"):
        advice.draw(frames, year=1999)


@pytest.mark.parametrize("name", CHARTS)
def test_the_same_chart_is_the_same_bytes(drawn, name):
    again = CHARTS[name](made_up(15))
    once, twice = (style.svg_text(chart, name) for chart in (drawn["fifteen"][name], again))
    assert once == twice
    assert "<dc:date>" not in once


def test_a_chart_is_drawn_once_for_the_page_and_its_file(drawn, monkeypatch):
    """However often it is asked for; under another name or with other words it is another text."""
    draws = []
    save = Figure.savefig
    monkeypatch.setattr(
        Figure, "savefig", lambda *what, **how: (draws.append(how["format"]), save(*what, **how))
    )
    chart = CHARTS["frontier"](made_up(2))
    page = style.inline_svg(chart, "frontier")
    file = style.svg_text(chart, "frontier")
    assert draws == ["svg"]
    assert file.count("<path") == page.count("<path") > 0
    other = chart._replace(alt_text="Other words")
    assert 'aria-label="Other words"' in style.svg_text(other, "frontier")
    assert 'id="second-' in style.svg_text(chart, "second")
    style.png_bytes(chart)
    assert draws == ["svg", "svg", "svg", "png"]


def test_the_bytes_do_not_depend_on_the_process(drawn):
    code = (
        "import hashlib; from tests.present_frames import made_up;"
        "from ehc_sim.present import style;"
        "from ehc_sim.present.charts import frontier; chart = frontier.draw(made_up(15));"
        "print(hashlib.sha256(style.svg_text(chart, 'frontier').encode()).hexdigest())"
    )
    path = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "12", "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    ours = style.svg_text(drawn["fifteen"]["frontier"], "frontier").encode()
    assert done.stdout.strip() == hashlib.sha256(ours).hexdigest()


@pytest.mark.parametrize("name", CHARTS)
def test_svg_carries_its_words_and_ids_of_its_own(drawn, name):
    svg = style.svg_text(drawn["two"][name], name)
    assert svg.startswith('<svg role="img" aria-label="')
    assert "<text" in svg
    assert "Arial" in svg
    ids = re.findall(r'\bid="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert all(one.startswith(f"{name}-") for one in ids)
    assert set(re.findall(r"(?:href=\"#|url\(#)([^\")]+)", svg)) <= set(ids)


@pytest.mark.parametrize("name", CHARTS)
def test_what_was_simulated_is_never_shown_as_a_record(drawn, name):
    """Of a year of the run-in as of any other: 2024 was simulated too."""
    chart = drawn["two"][name]
    shown = " ".join(text.get_text() for text in chart.figure.texts)
    assert "simulated" in shown.replace("\n", " ").lower()
    assert "simulated" in chart.alt_text.lower()


def test_names_are_drawn_as_they_are_written():
    """Neither mathematics between dollars nor tags are made of a planner's words."""
    frames = made_up(2)
    odd = "<b>$5 & $9_posts</b>"
    names = frames.comparison["scenario"].replace("Three more educational psychologists", odd)
    svg = style.svg_text(
        CHARTS["chance"](replace(frames, comparison=frames.comparison.assign(scenario=names))), "c"
    )
    assert "&lt;b&gt;$5 &amp; $9_posts&lt;/b&gt;" in svg
    assert odd not in svg


def test_drawing_leaves_the_callers_settings_alone():
    before = dict(mpl.rcParams)
    CHARTS["chance"](made_up(2))
    assert dict(mpl.rcParams) == before


def luminance(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("colours", "least"),
    [
        ((style.BLUE, style.TEAL, style.PLUM, style.DARK, style.ORANGE), 3.0),
        ((style.INK, style.MUTED, style.DARK, style.PLUM), 4.5),
    ],
)
def test_colours_stand_out_from_white(colours, least):
    """WCAG 2: 3:1 for lines and marks, 4.5:1 for text."""
    for colour in colours:
        assert 1.05 / (luminance(colour) + 0.05) >= least, colour


def test_published_years_stand_at_their_december():
    past = fan.published(made_up(1))
    assert past["month"].iloc[-1] == pd.Timestamp("2024-12-01")
    assert past["value"].iloc[-1] == pytest.approx(0.335)
