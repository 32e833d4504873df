"""Every number of the briefing is read back from the cell, or the setting, that it is of.

A section's numbers are listed in the order in which they are told, each from its own cell and in
this test's own format: a number too many, another row's or another column's fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape

import pandas as pd
import pytest

from ehc_sim.present import briefing, worse
from ehc_sim.present.charts import draw_all
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import standing
from ehc_sim.present.style import Chart
from tests.page_numbers import (
    NUMBER,
    as_counted,
    cell,
    numbers,
    percent,
    pounds,
    ranged,
    section,
    whole,
    words_of,
)
from tests.present_frames import made_up, stood
from tests.present_stock import TWICE
from tests.told_apart import a_whole_page, with_rows_told_apart

pytestmark = pytest.mark.unit

BASELINE, BEST = "Today's staff", "Three more educational psychologists"


@pytest.fixture(scope="module")
def frames() -> Frames:
    return a_whole_page()


@pytest.fixture(scope="module")
def charts(frames: Frames) -> dict[str, Chart]:
    return draw_all(frames)


@pytest.fixture(scope="module")
def page(frames: Frames, charts: dict[str, Chart]) -> str:
    return briefing.render(frames, charts)


def test_the_question_and_the_heading_of_the_comparison_tell_the_setting(
    frames: Frames, page: str
) -> None:
    target, run = frames.comparison["target"].iloc[0], frames.manifest
    question = words_of(page[page.index('class="question"') : page.index("<main>")])
    assert numbers(question) == [percent(target), "2027"]
    told = words_of(page[page.index("The options compared</h2>") : page.index('class="wide"')])
    assert numbers(told) == ["2025", "2028", whole(run["replications"]), percent(target), "2027"]
    footer = words_of(page[page.index("<footer>") :])
    version = footer.index("seed")
    run_date = pd.Timestamp(run["created"])
    expected = [str(run["seed"]), whole(run["replications"]), str(run_date.day), "2026"]
    assert numbers(footer[version:])[:4] == expected


def test_why_plans_are_late_is_told_from_the_account_of_late_plans(
    frames: Frames, page: str
) -> None:
    expected = []
    for name in (BASELINE, BEST):
        of = {"scenario": name, "year": 2027}
        every = {**of, "step": "all", "part": "all"}
        days = {**of, "step": "all", "measure": "days_a_late_plan"}
        expected += [
            whole(cell(frames, "lateness", **every, measure="late_plans")),
            whole(cell(frames, "yearly", **of, by="all", measure="plans_issued")),
            "2027",
            *ranged(frames, whole, "lateness", **days, part="all"),
            *(
                whole(cell(frames, "lateness", **days, part=part))
                for part in (
                    "educational psychologists",
                    "placement",
                    "Educational psychology: appointment",
                )
            ),
        ]
    assert numbers(section(page, "Why late plans are late")) == expected


def test_plans_in_place_are_told_from_their_tables(frames: Frames, page: str) -> None:
    of = {"scenario": BASELINE, "year": 2027}
    team = {**of, "team": "assessment and reviewing officers"}
    share = {**team, "measure": "share"}
    at_end = as_counted(frames, "plans", **of, measure="at_end")
    expected = [
        whole(cell(frames, "plans", scenario=BASELINE, year=2025, measure="at_start")),
        "2025",
        at_end[0],
        "2027",
        *at_end[1:],
        "2027",
        *ranged(frames, percent, "reviews", **of, measure="decided_on_time"),
        as_counted(frames, "reviews", **of, measure="overdue_at_end")[0],
        percent(cell(frames, "reviews", **of, measure="transfers_on_time")),
        as_counted(frames, "decisions", **of, measure="appeals")[0],
        as_counted(frames, "hours", **team, kind="all", measure="hours")[0],
        "2027",
        *(
            percent(cell(frames, "hours", **share, kind=kind))
            for kind in ("all assessments", "annual reviews", "phase transfers", "disputes")
        ),
        *(
            percent(frames.comparison["review_decisions_on_time"].agg(end))
            for end in ("min", "max")
        ),
    ]
    assert numbers(section(page, "Plans already in place")) == expected


def test_what_the_dearest_do_not_buy_is_told_from_their_rows(frames: Frames, page: str) -> None:
    text = section(page, "What the dearest options do not buy")
    rows, futures = frames.comparison.set_index("scenario"), frames.manifest["replications"]
    told = re.findall(r"“([^”]*)” (.*?)(?=“|$)", text)
    assert len(told) == 2
    for name, said in told:
        row = rows.loc[name]
        beaten = round((1 - row["chance_beats_baseline"]) * futures)
        expected = [pounds(row["cost"])]
        expected += [whole(beaten), whole(futures)] if beaten else []  # it does better in all
        for measure in ("more_reviews_overdue", "more_appeals"):
            expected += [whole(row[f"{measure}{end}"]) for end in ("", "_low", "_high")]
        assert [one.lstrip("+") for one in numbers(said)] == expected


def test_loads_and_waits_are_told_from_the_teams_and_the_steps(frames: Frames, page: str) -> None:
    text = section(page, "Teams with too much work, and where cases wait")
    last = frames.monthly["month"].max()
    of_year = {"measure": "load_of_year", "month": pd.Timestamp(2027, 12, 1)}
    busiest = {"scenario": BASELINE, "team": "educational psychologists"} | of_year
    loads = ranged(frames, percent, "teams", **busiest)
    expected = [
        *(loads[0], "2027", *loads[1:]),
        as_counted(frames, "monthly", scenario=BASELINE, measure="open_cases", month=last)[0],
        str(last.year),
        *(
            as_counted(frames, "waiting", scenario=BASELINE, step=step, month=last)[0]
            for step in ("Advice", "Draft to final plan", "Decision to assess")
        ),
    ]
    assert numbers(text) == expected


def test_children_by_group_are_told_from_their_rows(frames: Frames, page: str) -> None:
    text = section(page, "Which children are served in time")
    rows = frames.yearly[(frames.yearly["scenario"] == BASELINE) & (frames.yearly["year"] == 2025)]
    told = re.findall(r"By ([\w ]+) in 2025: (.*?) plans\), ranges", text)
    assert {by for by, _ in told} == {"age group", "source", "area"}
    for by, said in told:
        of_kind = rows[(rows["by"] == by) & (rows["measure"] == "issued_on_time")]
        plans = rows[(rows["by"] == by) & (rows["measure"] == "plans_issued")]
        shown = plans[plans["median"] >= 6].set_index("group")["median"]
        known = of_kind[of_kind["group"].isin(shown.index)].sort_values("median")
        expected = []
        for row in known.iloc[[0, -1]].to_dict("records"):
            shares = [percent(row[name]) for name in ("median", "low80", "high80")]
            expected += [*shares, str(row["group"]), whole(shown[row["group"]])]
        pattern = r"(\S+) on time \((\S+) to (\S+); ([^,]*), ([\d,]+)"
        assert [one for found in re.findall(pattern, said) for one in found] == expected


def test_what_could_be_wrong_is_counted_and_forecast_in_its_tables(
    frames: Frames, page: str
) -> None:
    text = section(page, "What could make this wrong")
    numbered, past = frames.assumptions, frames.backcast
    unused = past[~past["fitted"] & past["in_range"].notna()]
    used = past[past["fitted"] & past["within"].notna()]
    expected = [
        [whole((numbered["source"] == "").sum()), whole(len(numbered))],
        [whole((~unused["in_range"].astype(bool)).sum()), whole(len(unused))],
        [whole(len(used)), whole((~used["within"].astype(bool)).sum())],
    ]
    for opening, counts in zip(
        (r"\d+ of the \d+ numbers", r"\d+ of the \d+ published", r"\d+ published figures were"),
        expected,
        strict=True,
    ):
        said = text[re.search(opening, text).start() :]
        assert numbers(said)[:2] == counts
    requests = text[text.index("Requests are a forecast") : text.index("Tested on the")]
    told = []
    for row in frames.requests.iloc[1:].to_dict("records"):
        told += [whole(row["median"]), str(row["year"]), whole(row["low80"]), whole(row["high80"])]
    assert numbers(requests) == [*told, "1,207", "2024"]
    tested = text[text.index("Tested on the") : text.index("The ranges cover")]
    assert numbers(tested) == [percent(-skill) for skill in frames.backtest["skill"]]
    said = text[text.index("Each chance comes from") :]
    assert numbers(said) == [whole(frames.manifest["replications"])]


def test_every_figure_of_the_past_is_its_rows(frames: Frames, page: str) -> None:
    """Published / simulated (range) of each row, each once: in the lines or in the table."""
    start = page.index("Does the model fit the past?</h2>")
    text = words_of(page[start : page.index("numbers were set so that", start)])
    pattern = r"(\S+) (?:/ )?(\S+) \((\S+) to (\S+)\)"
    found = sorted(found for found in re.findall(pattern, text) if any(map(str.isdigit, found[0])))
    shares = frames.backcast["published"] < 1.5
    weeks = frames.backcast["measure"].str.startswith("weeks_")
    expected = []
    for row, share, week in zip(frames.backcast.to_dict("records"), shares, weeks, strict=True):
        form = percent if share else "{:.1f}".format if week else whole
        expected.append(
            tuple(form(row[name]) for name in ("published", "simulated", "low95", "high95"))
        )
    assert found == sorted(expected)


def test_every_number_without_a_source_is_one_of_the_assumptions(frames: Frames, page: str) -> None:
    start = page.index("Assumptions without a source</h2>")
    text = words_of(page[start : page.index("<footer>")])
    rows = frames.assumptions[frames.assumptions["source"] == ""]
    told = " ".join([*rows["value"], *rows["path"], *rows["change"]])
    known = set(NUMBER.findall(told))
    known |= {f"{float(one.replace(',', '')):,g}" for one in known}
    known |= set(re.findall(r"\d+", told))
    (by_hand,) = re.findall(r"These (\d+) were set", text)
    counts = {whole(len(rows)), by_hand}
    assert [one for one in numbers(text) if one.lstrip("£") not in known | counts] == []
    assert numbers(text)[0] == whole(len(rows))


def test_the_numbers_set_to_fit_are_counted_and_are_those_of_their_rows(
    frames: Frames, page: str
) -> None:
    """Each with its value: "9 to 13, most likely 11" is told as 11 (9 to 13)."""
    (count, told) = re.findall(
        r">(\d+) numbers were set so that the model fits: (.*?)\.</p>", page
    )[0]
    fitted = frames.assumptions[frames.assumptions["fitted"]]
    assert count == whole(len(fitted))
    values = []
    for value in fitted["value"]:
        low, high, likely = (re.findall(r"[\d.]+", value) * 3)[:3]
        values.append([likely, low, high] if "likely" in value else [value])
    found = [re.findall(r"[\d.]+", one) for one in told.split("; ")]
    assert sorted(found) == sorted(values)


def test_when_the_target_is_reached_is_the_month_of_the_comparison(
    frames: Frames, page: str
) -> None:
    text = section(page, "What clearing the backlog does to the published percentage")
    told = dict(re.findall(r"“([^”]*)” from (\w+ \d{4})", text))
    assert told
    for name, month in told.items():
        recovers = frames.comparison.set_index("scenario")["recovers"][name]
        assert month == f"{pd.Timestamp(recovers):%B %Y}"
    assert len(numbers(text)) == len(told)


def as_printed(token: str) -> tuple[str, float, float]:
    """Return the kind of a printed number, its value, and how far it may be rounded."""
    kind = "%" if token.endswith("%") else "£" if "£" in token else ""
    digits = re.sub(r"[^\d.]", "", token)
    size = 1e6 if "million" in token else 0.01 if kind == "%" else 1.0
    zeros = 0 if kind == "%" else len(digits) - len(digits.rstrip("0"))
    step = 10.0**zeros if "." not in digits else 10.0 ** -len(digits.split(".")[1])
    return kind, float(digits) * size, step * size


def cells_of(rows: pd.DataFrame, kind: str) -> Iterable[float]:
    """Return the cells of the comparison that a number of a kind can be of."""
    starts = {
        "%": ("chance", "on_time"),
        "£": ("cost",),
        "": ("late_child_weeks", "extra_plans", "overdue_at_end", "oldest_weeks", "more_"),
    }[kind]
    columns = [name for name in rows.columns if name.startswith(starts)]
    yield from rows[columns].abs().to_numpy(dtype=float).ravel()
    yield from rows["target"] if kind == "%" else ()


def test_every_number_of_the_answer_is_of_an_option_that_it_names(
    frames: Frames, page: str
) -> None:
    """Its kind too: a percentage is of a share, pounds of a cost, a count of weeks or cases."""
    answer = words_of(page[page.index('class="lead"') : page.index("The options compared</h2>")])
    names = {*re.findall("“([^”]*)”", answer), BASELINE}
    rows = frames.comparison[frames.comparison["scenario"].isin(names)]
    clear = frames.clear_by[frames.clear_by["scenario"].isin(names)]
    shares = clear[["chance", "chance_low", "chance_high"]].to_numpy(dtype=float).ravel()
    futures = frames.manifest["replications"]
    counts = {float(futures), *(futures * rows["chance_beats_baseline"]).round()}
    wrong = []
    for token in numbers(answer):
        kind, value, step = as_printed(token)
        known = [*cells_of(rows, kind), *(shares if kind == "%" else ())]
        near = any(abs(one - value) <= 0.5 * step + 1e-9 for one in known)
        if not near and not (kind == "" and (value in counts or value in range(2025, 2029))):
            wrong.append(token)
    assert wrong == []
    assert len(numbers(answer)) > 5


def test_the_costs_of_a_week_and_their_places_are_their_rows(frames: Frames, page: str) -> None:
    savers = frames.standing.loc[frames.standing["saves_waiting"], "scenario"]
    prices = frames.comparison.set_index("scenario")["cost_per_week_saved"][savers].sort_values()
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    for row in frames.comparison.iloc[1:].to_dict("records"):
        start = body.index(f">{row['scenario']}<")
        cells = re.findall(r"<td>(.*?)</td>", body[start : body.index("</tr>", start)])
        if row["scenario"] not in prices.index:
            assert cells[2] == "–"
            continue
        middle, low, high = (
            pounds(row[f"cost_per_week_saved{end}"]) for end in ("", "_low", "_high")
        )
        place = 1 + list(prices.index).index(row["scenario"])
        assert re.fullmatch(
            rf'{middle}, {place}(st|nd|rd|th)<span class="range">{low} to {high}</span>', cells[2]
        )


def test_the_tables_under_the_figures_are_those_of_the_charts(
    charts: dict[str, Chart], page: str
) -> None:
    """What the charts' tables hold is held to the results in the tests of the charts."""
    figures = re.findall(r"<figure>(.*?)</figure>", page, flags=re.DOTALL)
    names = ("chance", "fan", "frontier", "lateness", "recovery")
    assert len(figures) == len(names)
    for name, figure in zip(names, figures, strict=True):
        body = figure[figure.index("<tbody>") :]
        found = [unescape(one) for one in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", body)]
        shown = charts[name].data_table.astype(str)
        if name == "lateness":  # of a few options
            shown = shown[shown["Option"].isin(found)]
            assert len(shown) == 4
            assert sorted(found) == sorted(shown.to_numpy().ravel())
            continue
        assert found == shown.to_numpy().ravel().tolist()


def test_why_an_option_does_worse_is_told_from_both_sides_rows() -> None:
    frames = stood(with_rows_told_apart(made_up(17)))
    (said,) = worse.lower_chances(frames, standing(frames))
    team, december = "assessment and reviewing officers", pd.Timestamp(2027, 12, 1)

    def both(form, table: str, **where: object) -> list[str]:
        return [form(cell(frames, table, scenario=one, **where)) for one in (TWICE, BASELINE)]

    of_team = {"year": 2027, "team": team, "measure": "share"}
    of_month = {"team": team, "month": december}
    rows = frames.comparison.set_index("scenario")
    expected = [
        *(percent(rows.loc[name, "on_time"]) for name in (TWICE, BASELINE)),
        "2025",
        *both(whole, "plans", year=2025, measure="at_start"),
        *both(
            lambda weeks: whole(7 * weeks),
            "yearly",
            year=2027,
            by="all",
            measure="weeks_draft_to_final",
        ),
        "2027",
        "2027",
        *both(percent, "hours", **of_team, kind="all work on plans"),
        *both(percent, "hours", **of_team, kind="all assessments"),
        *both(percent, "teams", **of_month, measure="load_of_year"),
        *both(whole, "teams", **of_month, measure="queue"),
    ]
    assert numbers(said.replace("over 99%", "100%")) == expected


def test_no_part_of_the_page_is_left_unread(page: str) -> None:
    """A part that is added to the page needs a test here."""
    read = {
        *("The answer", "The options compared", "What the dearest options do not buy"),
        *("Teams with too much work, and where cases wait", "The chance, and when it shows"),
        *("What the options cost", "Why late plans are late", "Why some options do worse"),
        *("Plans already in place", "Which children are served in time"),
        "What clearing the backlog does to the published percentage",
        *("What could make this wrong", "Does the model fit the past?"),
        "Assumptions without a source",
    }
    assert {unescape(one) for one in re.findall(r"<h2[^>]*>(.*?)</h2>", page)} <= read
