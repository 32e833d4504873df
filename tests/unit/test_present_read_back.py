"""What the page and the charts print is read back from the tables, with formats of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import numpy as np
import pandas as pd
import pytest

from ehc_sim.present import briefing, limits, words
from ehc_sim.present.charts import chance, fan, frontier
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import standing
from tests.page_numbers import chance as chance_said
from tests.page_numbers import rounded
from tests.present_frames import made_up, stood

pytestmark = pytest.mark.unit

ENDS = ("low80", "high80", "low95", "high95")


@pytest.fixture(scope="module")
def frames() -> Frames:
    """Return frames in which no two numbers of the comparison print alike by accident."""
    made = made_up(9)
    table = made.comparison.copy()
    place = np.arange(len(table))
    table["on_time"] = 0.311 + 0.041 * place
    for number, end in enumerate(ENDS):
        table[f"on_time_{end}"] = table["on_time"] + (-0.07, 0.08, -0.13, 0.15)[number]
    table["extra_plans_on_time"] = 101.0 + 17 * place
    table["extra_plans_on_time_low"] = table["extra_plans_on_time"] - 31
    table["extra_plans_on_time_high"] = table["extra_plans_on_time"] + 43
    table["cost"] = 111_000.0 + 23_000 * place
    table["cost_low"], table["cost_high"] = 0.8 * table["cost"], 1.3 * table["cost"]
    table["overdue_at_end"] = 211.0 + 13 * place
    table["oldest_weeks_at_end"] = 51.0 + 3 * place
    return replace(made, comparison=table)


def percent(value: float) -> str:
    """Return a whole percentage; what is above 0 never reads as none."""
    return "under 1%" if 0 < value < 0.005 else f"{value * 100:.0f}%"


def thousands(value: float) -> str:
    """Return pounds to two figures, as £110k."""
    return f"£{float(f'{value:.2g}') / 1000:.0f}k"


def cells(html: str) -> dict[str, list[str]]:
    """Return the rows of the comparison: the numbers of each cell by the option's name."""
    body = html[html.index('<table class="compared') :]
    body = body[body.index("<tbody>") : body.index("</tbody>")]
    rows = {}
    for row in body.split("<tr")[1:]:
        head = unescape(re.sub("<[^>]+>", "\n", row[row.index("<th") : row.index("</th>")]))
        name = head.strip().split("\n")[0].removeprefix("Baseline: ")
        parts = row[row.index("</th>") :].split("<td>")[1:]
        rows[name] = [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", cell)).strip() for cell in parts]
    return rows


def test_every_cell_of_the_comparison_is_its_tables(frames: Frames) -> None:
    found = cells(briefing.render(frames, {}))
    for number, row in enumerate(frames.comparison.to_dict("records")):
        width = row["chance_high"] - row["chance_low"]
        ends = f"{percent(row['chance_low'])} to {percent(row['chance_high'])}"
        on_time = [percent(row[f"on_time{end}"]) for end in ("", "_low80", "_high80")]
        plans = [
            f"{row[f'more_plans_issued{end}']:+.0f}".replace("-", "−")
            for end in ("", "_low", "_high")
        ]
        cost = [thousands(row[name]) for name in ("cost", "cost_low", "cost_high")]
        saved = rounded(*(row[f"late_child_weeks_saved{end}"] for end in ("", "_low", "_high")))
        cells_found = found[row["scenario"]]
        if number:
            assert cells_found[0] == f"{saved[0]} {saved[1]} to {saved[2]}"
            assert cells_found[1] == f"{cost[0]} {cost[1]} to {cost[2]}"
            assert cells_found[3] == f"{plans[0]} {plans[1]} to {plans[2]}"
        else:
            of = float(f"{row['late_child_weeks']:.2g}")
            assert cells_found[:4] == [f"of {of:,.0f}", "–", "–", "–"]
        clear = frames.clear_by[
            (frames.clear_by["scenario"] == row["scenario"])
            & (frames.clear_by["weeks"] == 52)
            & ~frames.clear_by["is_target"]
        ].iloc[0]
        low, middle, high = (
            f"{pd.Timestamp(one):%b %Y}" if one else "later"
            for one in clear[["low80", "median", "high80"]]
        )
        when = f"{middle} {low} to {high}" if clear["low80"] else "not by Dec 2028"
        assert cells_found[4] == when
        of = {"scenario": row["scenario"], "measure": "overdue_cases"}
        overdue = frames.series("monthly", **of).iloc[-1]
        told = rounded(row["overdue_at_end"], overdue["low80"], overdue["high80"])[0]
        assert cells_found[5] == f"{told} over 52: {row['over_52_weeks_at_end']:.0f}"
        assert cells_found[6] == f"{chance_said(row['chance'], width)} {ends}"
        assert cells_found[7] == f"{on_time[0]} {on_time[1]} to {on_time[2]}"


def test_the_chart_of_chances_prints_and_draws_each_chance_with_its_range(frames: Frames) -> None:
    """The words, the dot and the line of each row are of the same option, and the table's too."""
    chart = chance.draw(frames)
    axes = chart.figure.axes[0]
    printed = [t.get_text() for t in axes.texts if re.match(r".*% \(", t.get_text())]
    rows = frames.comparison.set_index("scenario")
    names = [name.removeprefix("Baseline: ") for name in chart.data_table["Option"]]
    assert sorted(names) == sorted(rows.index)
    ranges = [line.get_xdata() for line in axes.lines if len(line.get_xdata()) == 2]
    dots = [float(line.get_xdata()[0]) for line in axes.lines if len(line.get_xdata()) == 1]
    assert len(printed) == len(names)
    assert len(ranges) == len(names)
    assert len(dots) == len(names)
    for place, name in enumerate(names):
        row = rows.loc[name]
        ends = f"{percent(row['chance_low'])} to {percent(row['chance_high'])}"
        said = [chance_said(row["chance"], row["chance_high"] - row["chance_low"]), ends]
        assert printed[place] == f"{said[0]} ({said[1]})"
        assert chart.data_table.loc[place, ["Chance", "95% range"]].tolist() == said
        assert list(ranges[place]) == [row["chance_low"], row["chance_high"]]
        assert dots[place] == row["chance"]


def test_the_chart_of_costs_draws_each_option_at_its_cost_chance_and_range(frames: Frames) -> None:
    lines = [
        (tuple(map(float, line.get_xdata())), tuple(map(float, line.get_ydata())))
        for line in frontier.draw(frames).figure.axes[0].lines
    ]
    for row in frames.comparison.to_dict("records"):
        assert ((row["cost"],) * 2, (row["chance_low"], row["chance_high"])) in lines
        assert ((row["cost"],), (row["chance"],)) in lines


def test_the_bands_of_the_fan_are_the_ranges_of_the_months(frames: Frames) -> None:
    """The dark band is of 8 in 10 futures and the light one of 19 in 20, not the other way."""
    figure = fan.draw(frames).figure
    drawn = [
        path.vertices[:, 1]
        for axes in figure.axes
        for band in axes.collections
        for path in band.get_paths()
    ]
    months = frames.monthly[frames.monthly["measure"] == "issued_on_time_12m"]
    names = [frames.comparison["scenario"].iloc[0]]
    for name in names:
        last = months[months["scenario"] == name].sort_values("month").iloc[-1]
        for low, high in (("low80", "high80"), ("low95", "high95")):
            assert any(
                np.isclose(band, last[low]).any() and np.isclose(band, last[high]).any()
                for band in drawn
            )
    table = fan.draw(frames).data_table.set_index(["Option", "Month"])
    row = table.loc[(names[0], "December 2028")]
    last = months[months["scenario"] == names[0]].sort_values("month").iloc[-1]
    assert row["8 in 10 futures"] == f"{percent(last['low80'])} to {percent(last['high80'])}"
    assert row["19 in 20 futures"] == f"{percent(last['low95'])} to {percent(last['high95'])}"


def test_the_number_of_numbers_set_to_fit_is_told_once_and_is_that_of_the_table() -> None:
    frames = made_up(3)
    rows = frames.assumptions.assign(fitted=False)
    rows.loc[rows.index[:7], "fitted"] = True
    rows.loc[rows.index[:7], "path"] = "teams.psychologists.patches.Mendip.posts"
    html = briefing.render(replace(frames, assumptions=rows), {})
    assert set(re.findall(r"(\d+) numbers were set so that", html)) == {"7"}


def test_what_the_dearest_options_do_not_buy_is_told_with_its_range() -> None:
    frames = made_up(6)
    table = frames.comparison.assign(
        **{"more_reviews_overdue": 130.0, "more_reviews_overdue_low": 81.0},
        **{"more_reviews_overdue_high": 179.0, "more_appeals": 4.0, "more_appeals_low": -3.0},
        **{"more_appeals_high": 11.0, "chance_beats_baseline": 0.5},
    )
    html = briefing.render(replace(frames, comparison=table), {})
    part = html[html.index("What the dearest options do not buy") :]
    assert "in 200 of the 400 futures its share on time" in part
    assert "130 more plans with an annual review overdue at the end (81 to 179)" in part
    assert "no change shown in appeals in the target months (−3 to +11)" in part
    dearest = frames.comparison.sort_values("cost", ascending=False)["scenario"]
    assert all(name in part for name in dearest[:2])


def test_an_option_that_is_given_other_requests_is_not_said_to_meet_the_same_futures() -> None:
    frames = made_up(4)
    table = frames.comparison.assign(is_choice=[True, True, False, True])
    html = briefing.render(stood(replace(frames, comparison=table)), {})
    row = frames.comparison.iloc[2]
    figures = words.chance_figures(row["chance"], row["chance_low"], row["chance_high"])
    assert f"“{row['scenario']}” is given other requests or plans and so is no choice" in html
    assert f"it reaches the target in {figures} of the futures" in html
    compared = html[html.index("The options compared") : html.index("</table>")]
    assert f'<th scope="row">{row["scenario"]}' not in compared
    assert "Every option meets the same futures." in briefing.render(frames, {})


def with_requests(skill: list[float], futures: int) -> Frames:
    frames = made_up(3)
    years = pd.DataFrame(
        {
            "year": [2024, 2025, 2026],
            "kind": ["history", "base", "base"],
            **{name: [1207.0, 1311.0, 1423.0] for name in ("median",)},
            **{name: [1207.0, 1100.0, 1180.0] for name in ("low80", "low95")},
            **{name: [1207.0, 1500.0, 1690.0] for name in ("high80", "high95")},
        }
    )
    test = pd.DataFrame(
        {"method": "yearly totals", "horizon": [12, 24, 36], "months": 3, "skill": skill}
    )
    flat = pd.DataFrame(
        {
            "scenario": frames.comparison["scenario"],
            "level": 1207.0,
            "near": 0.1,
            "futures": futures,
        }
    ).assign(met=4, chance=[0.17, 0.34, 0.51], chance_low=[0.06, 0.19, 0.32], chance_high=0.73)
    return replace(frames, requests=years, backtest=test, flat_requests=flat)


def test_requests_by_year_and_the_forecasts_own_test_stand_in_the_briefing() -> None:
    html = briefing.render(with_requests([-0.10, -0.28, -0.30], 24), {})
    assert "1,311 in 2025 (1,100 to 1,500) and 1,423 in 2026 (1,180 to 1,690)" in html
    assert "after 1,207 in 2024" in html
    assert (
        "the forecast did not beat “as many as last year”: its error, ranges counted, was 10% "
        "worse one year ahead, 28% worse two years ahead and 30% worse three years ahead."
    ) in html


def test_the_requests_told_are_those_that_were_simulated() -> None:
    """With the planner's adjustments where there are any, and after the last year recorded."""
    frames = with_requests([-0.10, -0.28, -0.30], 24)
    base = frames.requests[frames.requests["kind"] == "base"]
    numbers = ["median", "low80", "high80", "low95", "high95"]
    adjusted = base.assign(kind="adjusted", **{name: base[name] + 50 for name in numbers})
    earlier = frames.requests.iloc[[0]].assign(year=2023, median=1061.0)
    years = pd.concat([frames.requests, adjusted, earlier], ignore_index=True)
    (said,) = [
        one
        for one in limits.what_could_be_wrong(
            replace(frames, requests=years), standing(replace(frames, requests=years))
        )
        if one.startswith("Requests are a forecast")
    ]
    assert said == (
        "Requests are a forecast: 1,361 in 2025 (1,150 to 1,550) and 1,473 in 2026 (1,230 to "
        "1,740), in 8 of 10 futures the ranges in brackets, after 1,207 in 2024."
    )


def test_a_forecast_that_beat_last_year_in_part_is_not_said_to_have_failed() -> None:
    html = briefing.render(with_requests([0.12, -0.05, 0.03], 24), {})
    assert "did not beat" not in html
    assert "12% better one year ahead, 5% worse two years ahead" in html


def test_the_chances_at_flat_requests_stand_beside_the_others_with_their_range() -> None:
    frames = with_requests([-0.1, -0.1, -0.1], 24)
    found = cells(briefing.render(frames, {}))
    assert [found[name][7] for name in frames.comparison["scenario"]] == [
        "15% 6% to 73%",
        "35% 19% to 73%",
        "50% 32% to 73%",
    ]


def test_too_few_flat_futures_give_no_chances() -> None:
    html = unescape(briefing.render(with_requests([-0.1, -0.1, -0.1], 9), {}))
    assert "In 9 of the futures requests stay within 10% of the last recorded year's 1,207" in html
    assert "too few to say" in html
    assert "if requests stay flat" not in html


def test_areas_whose_posts_were_set_to_fit_are_not_put_in_order() -> None:
    frames = made_up(2)
    row = frames.assumptions.iloc[[0]].assign(path="teams.a.patches.Mendip.posts", fitted=True)
    fitted = replace(frames, assumptions=pd.concat([frames.assumptions, row], ignore_index=True))
    assert "By area in" in briefing.render(frames, {})
    html = briefing.render(fitted, {})
    assert "By area in" not in html
    assert "Areas are not put in order" in html
