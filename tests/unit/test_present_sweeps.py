"""The charts and the words of sweeps and of what refusing costs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import pytest

from ehc_sim.cli.terminal import refusing_lines, sweep_lines
from ehc_sim.present import words
from ehc_sim.present.charts import refusing, sweep
from ehc_sim.present.style import NothingToDraw, png_bytes
from tests.drawn_charts import assert_texts_lie_free, assert_title_short_and_texts_not_small

pytestmark = pytest.mark.unit

NAN = float("nan")


def swept(
    values: Sequence[object],
    best: int = 1,
    enough: int = 1,
    what: str = "meetings.share",
    **columns: object,
) -> pd.DataFrame:
    """Return the table of a sweep: the values up to ``enough`` are beaten by a later one."""
    count = len(values)
    rise = np.linspace(0, 0.6, count)
    table = pd.DataFrame(
        {
            "what": what,
            "value": pd.Series(list(values), dtype=object),
            "shown": [str(value) for value in values],
            "replications": 20,
            "target": 0.5,
            "window_from": date(2027, 1, 1),
            "window_until": date(2027, 12, 31),
            "chance": rise,
            "chance_low": np.clip(rise - 0.1, 0, 1),
            "chance_high": rise + 0.12,
            "on_time": rise + 0.2,
            "on_time_low80": rise + 0.1,
            "on_time_high80": rise + 0.3,
            "difference": rise,
            "difference_low": rise - 0.02,
            "difference_high": rise + 0.02,
            "cost": 1000.0 * np.arange(count),
            "hours_a_plan": 34.0 - np.arange(count),
            "other_children": False,
            "best": np.arange(count) == best,
            "later_gains": np.arange(count) < enough,
        }
    )
    for name, step in (("step_on_time", 0.1), ("step_hours", -1.0)):
        table[name] = [NAN, *[step] * (count - 1)]
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - 0.05, table[name] + 0.05
    return table.assign(**columns)


def refused(rates: Sequence[float], back: float = 400.0, saved: float = 1000.0) -> pd.DataFrame:
    """Return a table of what refusing costs; the first rate is the lowest."""
    steps = np.arange(len(rates), dtype=float)
    table = pd.DataFrame(
        {
            **{"rate": rates, "replications": 20, "years": "2026 and 2027"},
            **{"requests": 1200.0, "asked_again": 100 + steps, "refusals": 300 + 60 * steps},
            **{"reconsidered": 10.0, "mediated": 90.0, "appealed": 50.0, "overturned": 80.0},
            **{"plans_issued": 700 - 40 * steps, "contents_appeals": 200.0},
            "hours_first_assessments": 21000 - saved * steps,
            "hours_second_assessments": 2000 + back / 2 * steps,
            "hours_disputes": 3000 + back / 2 * steps,
            **{"hours_meetings": 0.0, "hours_reviews": 12000.0, "hours_transfers": 2000.0},
            **{"hours_reassessments": 0.0, "hours_contents_appeals": 0.0},
            "hours_moved_in": 0.0,
        }
    )
    table["hours"] = table.filter(like="hours_").sum(axis=1)
    changes = {"saved": saved * steps, "back": back * steps, "later": 0 * steps}
    for name, values in (changes | {"net": table["hours"].iloc[0] - table["hours"]}).items():
        table[name] = values
        table[f"{name}_low"], table[f"{name}_high"] = values - 10 * steps, values + 10 * steps
    table["share_overturned"] = 0.3
    for name in ("saved", "back", "later", "net"):  # at 30 pounds an hour; disputes at 60
        for end in ("", "_low", "_high"):
            table[f"pounds_{name}{end}"] = table[name + end] * (60 if name == "back" else 30)
    for of in ("", "pounds_"):
        table[f"{of}share_back"] = table[f"{of}back"] / table[f"{of}saved"]
        table[f"{of}share_back_low"] = table[f"{of}share_back"] - 0.05
        table[f"{of}share_back_high"] = table[f"{of}share_back"] + 0.05
    return table


LONG = "teams.educational psychologists.patches.Somerset West and Taunton.time_on_this_work"
SWEPT = {
    "two": swept([0, 1]),
    "five": swept([0, 0.1, 0.25, 0.5, 1], best=4, enough=2),
    "falling": swept([1, 0.5, 0], best=0, enough=0),
    "last": swept([0, 0.5, 1], best=2, enough=2),
    "crowded": swept([0, 0.01, 0.02, 0.021, 0.5, 1000], best=5, enough=5),
    "names": swept(["received", "due", "newest", "still in time first", "mixed"], what=LONG),
    "nothing issued at one": swept([0, 1, 2], on_time=[NAN, 0.2, 0.3]),
    "one replication": swept([0, 1], difference_low=NAN, difference_high=NAN),
}
REFUSED = {
    "two": refused([0.25, 0.45]),
    "five": refused([0.25, 0.30, 0.35, 0.40, 0.45]),
    "more comes back than is saved": refused([0.1, 0.9], back=2500.0),
    "nothing comes back": refused([0.25, 0.45], back=0.0),
    "nothing saved": refused([0.25, 0.45], saved=0.0),
}
CHARTS = {
    **{f"sweep: {name}": (sweep.draw, table) for name, table in SWEPT.items()},
    **{f"refusing: {name}": (refusing.draw, table) for name, table in REFUSED.items()},
}


@pytest.mark.parametrize("case", CHARTS)
def test_every_chart_can_be_read(case: str) -> None:
    draw, table = CHARTS[case]
    chart = draw(table)
    assert_texts_lie_free(chart)
    assert_title_short_and_texts_not_small(chart)
    assert len(chart.data_table) == len(table)
    assert png_bytes(chart).startswith(b"\x89PNG")
    assert not re.search(r"\bnan\b|None", chart.alt_text, flags=re.IGNORECASE)
    assert chart.alt_text.endswith(".")


@pytest.mark.parametrize("case", [*SWEPT, *REFUSED])
def test_no_line_has_a_gap(case: str) -> None:
    tables = [(SWEPT, sweep_lines), (REFUSED, refusing_lines)]
    for of, lines in tables:
        if case in of:
            text = "\n".join(lines(of[case]))
            assert not re.search(r"\bnan\b|None", text, flags=re.IGNORECASE)


def test_the_alt_text_has_every_number() -> None:
    said = sweep.draw(SWEPT["five"]).alt_text
    for row in SWEPT["five"].to_dict("records"):
        chance = words.chance_figures(row["chance"], row["chance_low"], row["chance_high"])
        assert f"{row['shown']}: chance {chance}" in said
    told = refusing.draw(REFUSED["five"]).alt_text
    for row in REFUSED["five"].to_dict("records"):
        hours = words.number(row["hours_first_assessments"])
        assert f"{words.percent(row['rate'])} refused: first assessments {hours}" in told


def test_nothing_is_drawn_of_nothing() -> None:
    with pytest.raises(NothingToDraw):
        sweep.draw(swept([0, 1], on_time=NAN))
    with pytest.raises(NothingToDraw):
        refusing.draw(refused([0.2, 0.4]).assign(hours=0.0))


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("five", "The best of these values is 1: 80% on time, +60 points (+58 to +62) against 0."),
        ("five", "Beyond 0.25 nothing more is gained that can be told from chance"),
        ("falling", "The best of these values is 1: 20% on time. Beyond 1 nothing more is gained"),
        ("last", "The last value, 1, still gains on the one before: more may be gained beyond it."),
        ("names", "The best of these values is due:"),
        ("one replication", "The values cannot be told apart"),
    ],
)
def test_one_sentence_says_what_is_best_and_what_is_enough(case: str, said: str) -> None:
    assert said in sweep.answer(SWEPT[case])
    assert said in sweep_lines(SWEPT[case])[-1]


def test_a_best_value_that_is_not_told_from_the_first_is_not_called_the_best() -> None:
    table = swept([0, 0.5], enough=0, difference_low=-0.1)
    said = sweep.answer(table)
    assert said.startswith("No value is shown to be better than 0. Most are on time at 0.5: 80%")
    assert sweep.draw(table).figure.texts[0].get_text() == "The values cannot be told apart"


def test_a_value_by_which_children_go_without_is_never_called_the_best() -> None:
    said = sweep.answer(swept([0.1, 0.9], other_children=[False, True]))
    assert said.startswith("Most plans are on time at 0.9: 80% on time, +60 points (+58 to +62)")
    assert said.endswith("is not counted, so none is called the best.")


def test_names_have_no_beyond() -> None:
    assert "eyond" not in sweep.answer(SWEPT["names"])


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("two", "takes 1,000 hours a year off first assessments, and brings 400 back"),
        ("two", ": 40% (35% to 45%) of what was saved."),
        ("more comes back than is saved", ": 250% (245% to 255%) of what was saved."),
        ("nothing comes back", "brings 0 (−10 to 10) back as disputes and second assessments: 0%"),
        ("two", "In pounds: £30,000 a year off first assessments, and £24,000 come back"),
        ("two", "where the scenario has their prices: 80% (75% to 85%)."),
        ("nothing saved", "where the scenario has their prices."),
        ("nothing saved", "What share comes back cannot be told from so few simulated futures."),
    ],
)
def test_what_comes_back_is_said_in_words(case: str, said: str) -> None:
    assert said in refusing.answer(REFUSED[case])


def test_fewer_reviews_are_said_only_where_they_show() -> None:
    table = REFUSED["two"]
    assert "does not show yet" in refusing.answer(table)
    fewer = table.assign(later=300.0, later_low=250.0, later_high=350.0)
    assert "300 hours a year fewer, and more in later years" in refusing.answer(fewer)


def test_the_lowest_rate_has_no_hours_saved() -> None:
    lines = refusing_lines(REFUSED["two"])
    (saved,) = [line for line in lines if line.startswith("Saved on first assessments")]
    assert saved.split()[-2:] == ["–", "1,000"]
    (back,) = [line for line in lines if line.startswith("Share that comes back")]
    assert back.endswith("40% (35% to 45%)")
    (pounds,) = [line for line in lines if line.startswith("Share of the pounds that comes back")]
    assert pounds.endswith("80% (75% to 85%)")


@pytest.mark.parametrize(
    ("name", "label", "low", "high", "said"),
    [
        ("net", "Fewer of all kinds", -840.0, 3580.0, "1,370 (−840 to 3,580)"),
        ("net", "Fewer of all kinds", 40.0, 3580.0, "1,370"),
        ("back", "Comes back", -5.0, 3580.0, "1,370 (−5 to 3,580)"),
        ("net", "Fewer of all kinds", NAN, NAN, "1,370 (range not known)"),
        ("pounds_net", "Pounds: fewer of all kinds", -19e4, 6e4, "£1,400 (−£190,000 to £60,000)"),
        ("pounds_later", "Pounds: fewer on plans", 0.0, 6e4, "£1,400 (£0 to £60,000)"),
    ],
)
def test_what_may_be_nothing_has_its_range(
    name: str, label: str, low: float, high: float, said: str
) -> None:
    ends = {name: [0, 1370.0], f"{name}_low": [0, low], f"{name}_high": [0, high]}
    lines = refusing_lines(REFUSED["two"].assign(**ends))
    line = next(line for line in lines if line.startswith(label))
    assert line.split("–", 1)[1].strip() == said
    if name == "back":
        assert f"brings {said} back" in lines[-1]
