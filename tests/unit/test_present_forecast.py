"""The page and the charts of a forecast: words, honesty, what is left out, and whether it reads."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.jobs.forecast_folder import frames_of
from ehc_sim.jobs.record import Recorded, recorded
from ehc_sim.present import forecast_page
from ehc_sim.present.charts import honesty, requests, rise
from ehc_sim.present.forecast_frames import ForecastFrames
from ehc_sim.present.forecast_words import (
    back_test_table,
    how_far_to_trust_it,
    skill,
    what_to_expect,
)
from ehc_sim.present.rise_words import three_sentences
from ehc_sim.present.style import NothingToDraw
from tests.drawn_charts import assert_texts_lie_free, assert_title_short_and_texts_not_small
from tests.forecast_records import by_month, by_request, population
from tests.sen2_files import edition

pytestmark = pytest.mark.unit


def made(record: Recorded, folder: Path, months: int = 36, people: bool = False) -> ForecastFrames:
    from ehc_sim.demand.rise.population import read_population

    children = read_population(population(folder / "people.csv")) if people else None
    return frames_of(record, record.forecast(months, 100, 1), record.rise(1, children), 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("records")


@pytest.fixture(scope="module")
def cases(folder: Path) -> dict[str, ForecastFrames]:
    sen2 = edition(folder / "sen2.zip", 2026)
    return {
        "by request": made(
            recorded(by_request(folder / "rows.csv"), sen2=sen2, council="Rowshire"), folder,
            people=True,
        ),
        "short": made(recorded(by_month(folder / "m.csv", "2024-01", "2025-04")), folder),
        "very short": made(recorded(by_month(folder / "s.csv", "2024-11", "2025-05")), folder, 6),
        "DfE": made(recorded(None, sen2=sen2, council="Smallshire"), folder, people=True),
        "gaps": made(recorded(None, sen2=sen2, council="Gapshire"), folder, 6),
        "new": made(recorded(None, sen2=sen2, council="Newshire"), folder),
    }  # fmt: skip


NAMES = ["by request", "short", "very short", "DfE", "gaps", "new"]


@pytest.mark.parametrize("case", NAMES)
def test_charts_can_be_read(cases: dict[str, ForecastFrames], case: str) -> None:
    charts = forecast_page.draw_all(cases[case])
    assert "requests" in charts
    for chart in charts.values():
        assert_texts_lie_free(chart)
        assert_title_short_and_texts_not_small(chart)
        assert chart.alt_text.endswith(".")
        assert "nan" not in chart.alt_text
        assert not chart.data_table.empty


@pytest.mark.parametrize("case", NAMES)
def test_a_page_has_every_part_and_loads_nothing(
    cases: dict[str, ForecastFrames], case: str
) -> None:
    page = forecast_page.render(cases[case])
    for heading in ("The answer", "How good the forecast would have been", "What is assumed"):
        assert heading in page
    assert "nan" not in re.sub(r"<[^>]*>", " ", page).split()
    assert "significant" not in page
    assert not re.findall(r"(?:src|href)=\"(?!#)[^\"]*\"", page)
    assert page.count('<svg role="img" aria-label=') == page.count("<svg")
    assert re.search(r"<html lang=\"en-GB\">", page)


def test_which_charts_there_are(cases: dict[str, ForecastFrames]) -> None:
    assert set(forecast_page.draw_all(cases["by request"])) == {"requests", "rise", "honesty"}
    assert set(forecast_page.draw_all(cases["short"])) == {"requests"}
    assert set(forecast_page.draw_all(cases["DfE"])) == {"requests", "rise"}
    with pytest.raises(NothingToDraw):
        honesty.draw(cases["DfE"])
    with pytest.raises(NothingToDraw):
        rise.draw(cases["new"])


def test_the_answer_has_the_range_and_the_year_before(cases: dict[str, ForecastFrames]) -> None:
    frames = cases["DfE"]
    first = frames.years[frames.years["kind"] == "base"].iloc[0]
    told = " ".join(what_to_expect(frames))
    assert f"In {first['year']}, {first['median']:,.0f} requests" in told
    assert "after 300 in 2023" in told
    assert f"{first['low80']:,.0f} to {first['high80']:,.0f}" in told
    assert f"{first['low95']:,.0f} to {first['high95']:,.0f}" in told
    assert "six months from June 2025" in " ".join(what_to_expect(cases["very short"])) or (
        "months of it recorded" in " ".join(what_to_expect(cases["very short"]))
    )


@pytest.mark.parametrize(
    ("beaten", "said"),
    [(True, "did better than"), (False, "did not do better than"), (None, "too short to test")],
)
def test_trust_is_said_as_the_back_test_found(
    cases: dict[str, ForecastFrames], beaten: bool | None, said: str
) -> None:
    assert said in how_far_to_trust_it(replace(cases["by request"], beats_naive=beaten))


def test_skill_against_a_guess_without_an_error_is_not_told(
    cases: dict[str, ForecastFrames],
) -> None:
    assert skill(0.124) == "+12%"
    assert skill(-0.5) == "−50%"
    assert skill(-1e12) == "not known"
    table = cases["by request"].backtest.copy()
    table.loc[table["method"] == "seasonal naive", "mase"] = 0.0
    shown = back_test_table(replace(cases["by request"], backtest=table))
    assert "not known" in set(shown["Error, plain guess's = 100%"])


def parts(**changes: tuple[float, float, float]) -> pd.DataFrame:
    """Return a table of England's part: change, low, high by name."""
    rows = [
        {
            "question": question, "part": part, "first": "2023", "last": "2024", "before": before,
            "after": after, "change": change, "percent": 0.1, "points": 0.1, "share": 1.0,
            "low95": low, "high95": high, "clear": low > 0 or high < 0,
        }
        for question, part, before, after, change, low, high in [
            ("all", "requests", 100.0, 110.0, 10.0, -5.0, 25.0),
            ("England", "as England's requests grew", np.nan, np.nan, 8.0, 7.0, 9.0),
            ("England", "the council's own", np.nan, np.nan, *changes["own"]),
        ]
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_three_sentences_and_no_claim_where_the_range_spans_zero() -> None:
    who, children, england = three_sentences(parts(own=(2.0, -10.0, 14.0)))
    assert who.startswith("Requests rose from 100 in 2023 to 110 in 2024 (+10, +10%)")
    assert "can change as much by chance (95% range −5 to +25)" in who
    assert "cannot be told without the number of children by age" in children
    assert "own part is +2 (−10 to +14), which cannot be told from chance." in england
    assert "more than chance explains" not in who + children + england


def test_more_than_chance_is_said_where_the_range_leaves_out_zero() -> None:
    *_, england = three_sentences(parts(own=(20.0, 8.0, 32.0)))
    assert "own part is +20 (+8 to +32), more than chance explains." in england


def test_sentences_of_a_record_by_request_name_the_largest_parts(
    cases: dict[str, ForecastFrames],
) -> None:
    sentences = three_sentences(cases["by request"].rise)
    assert len(sentences) == 3
    table = cases["by request"].rise
    for topic in ("source", "age", "need"):
        rows = table[table["question"] == topic]
        largest = rows.loc[rows["change"].idxmax()]
        assert f"{largest['part']} ({largest['change']:+.0f})" in sentences[0]
    assert "requests for each child brought" in sentences[1]
    assert "Had requests grown as England's did" in sentences[2]


def test_many_groups_are_drawn_as_a_few_that_add_up(cases: dict[str, ForecastFrames]) -> None:
    table = cases["by request"].rise
    one = table[table["question"] == "need"].iloc[[0]]
    many = pd.concat([one.assign(part=f"need {k}", change=float(k)) for k in range(20)])
    frames = replace(cases["by request"], rise=pd.concat([table[table["question"] == "all"], many]))
    chart = rise.draw(frames)
    assert len(chart.data_table) == rise.MOST_PARTS
    assert chart.data_table["Change"].str.replace("−", "-").astype(int).sum() == sum(range(20))
    assert_texts_lie_free(chart)


def test_parts_of_other_years_than_the_whole_change_name_them(
    cases: dict[str, ForecastFrames],
) -> None:
    table = cases["by request"].rise
    england = table["question"] == "England"
    years = {"first": "2023", "last": "2024"}
    frames = replace(cases["by request"], rise=table.assign(**years))
    assert "Beside England" in set(rise.draw(frames).data_table["Seen"])
    earlier = table.assign(**years)
    earlier.loc[england, ["first", "last"]] = ["2022", "2023"]
    chart = rise.draw(replace(frames, rise=earlier))
    assert "Beside England, 2022 to 2023" in set(chart.data_table["Seen"])
    assert "Beside England, 2022 to 2023" in chart.alt_text
    assert_texts_lie_free(chart)


def test_adjustments_are_shown_beside_the_forecast_without_them(
    cases: dict[str, ForecastFrames],
) -> None:
    frames = cases["by request"]
    changed = frames.months.copy()
    numbers = ["median", "low80", "high80", "low95", "high95"]
    changed.loc[changed["kind"] == "adjusted", numbers] *= 1.2
    adjusted = replace(frames, months=changed)
    chart = requests.draw(adjusted)
    assert "without adjustments" in chart.alt_text
    assert_texts_lie_free(chart)
    assert "Without the planner's adjustments" in " ".join(what_to_expect(adjusted))


def test_months_without_a_whole_year_are_told_by_their_own_middles(
    cases: dict[str, ForecastFrames],
) -> None:
    """Months of 10, 40 and 60 are 10 to 60 a month: their mean is the middle of no future."""
    frames = cases["gaps"]
    months = frames.months.astype({"median": float, "low80": float, "high80": float})
    for kind in ("base", "adjusted"):
        told = frames.months.index[frames.months["kind"] == kind]
        months = months.drop(index=told[3:])
        months.loc[told[:3], ["median", "low80", "high80"]] = [
            [10.0, 8.0, 13.0],
            [40.0, 30.0, 52.0],
            [60.0, 44.0, 81.0],
        ]
    (said,) = what_to_expect(
        replace(frames, months=months, years=frames.years[frames.years["kind"] == "history"])
    )
    assert "10 to 60 requests a month are to be expected" in said
    assert "in 8 of 10 simulated futures 8 to 81 in each" in said
