"""The page, the chart and the words of what decides."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from ehc_sim.cli.terminal import sensitivity_lines
from ehc_sim.present import sensitivity_words
from ehc_sim.present.charts.sensitivity import MOST_ROWS, draw
from ehc_sim.present.sensitivity_page import render
from ehc_sim.present.style import png_bytes
from tests.drawn_charts import assert_texts_lie_free, assert_title_short_and_texts_not_small

pytestmark = pytest.mark.unit

NAN = float("nan")
ABOUT = {
    **{"name": "Today <&>", "version": "1", "seed": "7", "runs": "328", "futures": "80"},
    "created": "2026-01-05T09:00:00+00:00",
}
UNITS = {"on_time": "share", "late_child_weeks_in_plan": "weeks", "cost": "pounds"}


def of(measure: str, numbers: int = 4, told: int = 2, size: float = 0.1, **more: object) -> object:
    """Return the rows of one measure: effects fall from ``size`` on, every second one below 0."""
    effect = [(-1) ** i * size / (1 + i) for i in range(numbers)]
    table = pd.DataFrame(
        {
            "measure": measure,
            "unit": UNITS[measure],
            "number": [f"Team {i}: hours <of> a case" for i in range(numbers)],
            "key": [f"key {i}" for i in range(numbers)],
            "file": "baseline.toml",
            "line": range(1, numbers + 1),
            "range": "10 to 16, most likely 12",
            "low": 10.0,
            "high": 16.0,
            "effect": effect,
            "effect_low": [one - 0.3 * size for one in effect],
            "effect_high": [one + 0.3 * size for one in effect],
            "at_ends": "alone",
            "share": [0.5 / (1 + i) ** 2 for i in range(numbers)],
            "told_apart": [i < told for i in range(numbers)],
            "interactions": "none found",
            "acts_with": "",
            "effect_few_requests": NAN,
            "effect_many_requests": NAN,
        }
    )
    return table.assign(**more)


TABLES = {
    "few": of("on_time"),
    "one": of("on_time", 1, 1),
    "none told": of("on_time", told=0),
    "one, not told": of("on_time", 1, 0),
    "many": of("late_child_weeks_in_plan", 113, 9, 61_000.0),
    "nothing moves": of("on_time", 3, 0, 0.0, share=0.0),
    "among others": of("late_child_weeks_in_plan", 9, 3, 61_000.0, at_ends="with others"),
    "pounds": of("cost", 3, 2, 1.5e6),
    "made in Python": of("on_time", file="", line=NAN),
    "long names": of("on_time", number="The service of assessments and reviews: a, long, path"),
}


@pytest.mark.parametrize("case", TABLES)
def test_every_chart_can_be_read(case: str) -> None:
    chart = draw(TABLES[case])
    assert_texts_lie_free(chart)
    assert_title_short_and_texts_not_small(chart)
    assert len(chart.data_table) == min(len(TABLES[case]), MOST_ROWS)
    assert png_bytes(chart).startswith(b"\x89PNG")
    assert not re.search(r"\bnan\b|None\b", chart.alt_text)


@pytest.mark.parametrize("case", TABLES)
def test_there_are_three_sentences_and_no_gap_in_them(case: str) -> None:
    table = TABLES[case]
    said = sensitivity_words.sentences(table)
    assert len(said) == 3
    text = "\n".join([*said, *sensitivity_lines(table), render(table, ABOUT)])
    assert not re.search(r"\bnan\b|\bNone\b(?! of)", text)
    assert "  of" not in text


def test_the_sentences_say_what_decides_how_much_and_what_it_pays_to_find_out() -> None:
    what, how_much, pays = sensitivity_words.sentences(TABLES["few"])
    assert what == (
        "Of the four numbers with a range, two can be told to move the share on time: first "
        "“Team 0: hours <of> a case” and “Team 1: hours <of> a case”."
    )
    assert "(10 to 16, most likely 12)" in how_much
    assert "by +10.0 (+7.0 to +13.0) points" in how_much
    assert "by −5.0 (−8.0 to −2.0) points" in how_much
    assert pays.startswith("If the council counted “Team 0: hours <of> a case” (baseline.toml, li")
    assert "50% would go. All two together are 62% of it." in pays


def test_amounts_are_in_the_words_of_their_unit() -> None:
    (row,) = of("late_child_weeks_in_plan", 1, 1, 6123.0).to_dict("records")
    assert sensitivity_words.amount(row) == "+6,100 (4,300 to 8,000)"
    (row,) = of("cost", 1, 1, -1.5e6).to_dict("records")
    pounds = sensitivity_words.amount({**row, "effect_low": -2e6, "effect_high": -1e6})
    assert pounds == "−£1.5 million (−£2 million to −£1 million)"
    assert sensitivity_words.amount({**row, "at_ends": "with others"}).startswith("about −£1.5 m")
    (row,) = of("on_time", 1, 0, 0.0).to_dict("records")
    assert sensitivity_words.amount(row) == "0.0 (0.0 to 0.0)"


def test_what_depends_on_something_is_said() -> None:
    table = of("late_child_weeks_in_plan", 4, 2, 6000.0).assign(
        number=["A", "B", "C", "D"],
        interactions=["yes", "yes", "yes", "none found"],
        acts_with=["B", "A; C", "B", ""],
        effect_few_requests=[5506.0, NAN, NAN, NAN],
        effect_many_requests=[-10448.0, NAN, NAN, NAN],
    )
    acts, demand = sensitivity_words.interactions(table)
    assert acts == (
        "“B” acts together with “A” and “C”: what one does depends on where the other is."
    )
    assert "about +5,500 weeks with few requests, −10,000 weeks with many." in demand
    assert sensitivity_words.interactions(TABLES["few"]) == []


def test_the_page_escapes_names_and_loads_nothing() -> None:
    both = pd.concat([TABLES["few"], TABLES["many"]], ignore_index=True)
    page = render(both, ABOUT, ["a note"])
    assert "Today &lt;&amp;&gt;: what decides" in page
    assert "<of>" not in page
    assert "<li>a note</li>" in page
    assert not re.search(r"(src|href)=\"(?!#)", page)
    assert page.count("<figure>") == 2
    assert page.count("All the numbers</summary>") == 2
