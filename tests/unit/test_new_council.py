"""A council's folder from DfE's download: what stands in it, and what is said of what is not."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

import ehc_sim as ehc
from ehc_sim.demand.sen2 import read_sen2
from ehc_sim.demand.sen2_council import councils
from ehc_sim.jobs.checking import scenarios_of
from ehc_sim.jobs.new_council import Made
from ehc_sim.jobs.new_council.cohort import Flows, balanced
from ehc_sim.jobs.new_council.doubtful import without_doubtful
from ehc_sim.jobs.new_council.figures import Figures, find
from ehc_sim.jobs.new_council.requests_part import days_for
from ehc_sim.jobs.new_council.to_ask import as_it_stands
from ehc_sim.scenario import BadInput
from tests.sen2_downloads import download, old_edition

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def dfe(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return download(tmp_path_factory.mktemp("dfe") / "sen2.zip")


@pytest.fixture(scope="module")
def made(dfe: Path) -> Made:
    return ehc.new_council("Smallshire", dfe, dfe.parent / "smallshire")


def baseline(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "baseline.toml").read_text(encoding="utf-8"))


def published(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    with (folder / "published.csv").open(encoding="utf-8") as file:
        return {(row["year"], row["measure"]): row for row in csv.DictReader(file)}


def at(table: dict[str, Any], what: str, year: int) -> float:
    """Return a share as it stands in a year: the last change before it, else the first day's."""
    number: Any = table
    for name in what.split("."):
        number = number[name]
    for change in table["change"]:
        if change["what"] == what and change["from"].year <= year:
            number = change["set"]
    return float(number["value"])


def test_the_folder_passes_the_check_with_every_option(made: Made) -> None:
    scenarios = scenarios_of([made.folder])
    assert scenarios[0].name == "Today's service"
    assert len(scenarios) == made.options + 1 >= 12
    assert {one.base.council.name for one in scenarios} == {"Smallshire"}
    assert not [path for path in made.folder.parent.iterdir() if path.name.startswith(".small")]


def test_numbers_are_those_of_the_download_with_their_source(made: Made) -> None:
    """Smallshire refused 60 of 300 in 2023 and 65 of 325 in 2024; 6 of 126 ended without a plan."""
    table = baseline(made.folder)
    assert at(table, "decision_to_assess.refused", 2021) == pytest.approx(50 / 250)
    assert at(table, "decision_to_assess.refused", 2024) == pytest.approx(65 / 325)
    assert at(table, "decision_to_issue.no_plan", 2019) == pytest.approx(6 / 126, rel=1e-3)
    assert at(table, "disputes.mediation.share", 2024) == pytest.approx(20 / 65, rel=1e-3)
    assert at(table, "disputes.appeals.share", 2024) == pytest.approx((10 - 3) / 65, rel=1e-3)
    ages = {age: number["value"] for age, number in table["requests"]["ages"].items()}
    assert ages == pytest.approx({"4": 0.3, "9": 0.4, "12": 0.2, "16": 0.1}, abs=0.003)
    assert table["requests"]["needs"]["SLCN"]["value"] == pytest.approx(0.2)
    reviews = table["plans"]["reviews"]
    assert reviews["amended"]["value"] == pytest.approx(60 / 200)  # ages 8 and 12, no transfers
    refused = table["decision_to_assess"]["refused"]
    assert (
        refused["source"] == "DfE SEN2, 2025 edition, Smallshire 2019: 40 refused of 200 requests"
    )


def test_the_stock_is_that_of_the_first_january_by_the_ages_that_are_known(made: Made) -> None:
    with (made.folder / "plans_2019.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["plans"]) for row in rows) == 1000
    assert {row["age"] for row in rows} == {str(age) for age in range(2, 22)}
    by_month: dict[str, int] = {}
    for row in rows:
        by_month[row["last_review"]] = by_month.get(row["last_review"], 0) + int(row["plans"])
    assert (min(by_month), max(by_month)) == ("2017-07", "2018-12")
    assert max(by_month.values()) - min(by_month.values()) <= 1
    # The run starts empty: half of the 120 plans of 2019 come on top.
    assert baseline(made.folder)["plans"]["times"]["value"] == pytest.approx(1.06)


def test_published_figures_are_those_of_the_download(made: Made) -> None:
    rows = published(made.folder)
    assert rows["2024", "completed"]["value"] == "126"
    assert rows["2024", "issued_on_time"]["value"] == "0.545"
    assert rows["2024", "issued_on_time"]["allowed"] == "10 points"
    assert rows["2023", "ceased"]["value"] == "70"
    assert rows["2023", "at_end"]["value"] == "1000"  # of January 2024
    assert "60 of 110 plans" in rows["2024", "issued_on_time"]["source"]
    for year in ("2019", "2020"):  # the queues fill; limits were relaxed
        assert rows[year, "completed"]["allowed"] == ""


def test_the_stock_is_carried_to_the_last_one_by_what_moves_in() -> None:
    """A thousand at five; a hundred new and fifty ended a year, none at reviews.

    After two years they are to be 1,200: fifty a year must move in. Of 1,000 and then 1,100 fifty
    ended, of all ages alike; a tenth of the others cannot be at 25 yet.
    """
    start, five = np.zeros(26), np.zeros(26)
    start[5], five[5] = 1000.0, 1.0
    ended = {2022: 50.0, 2023: 50.0}
    new = {2022: 100.0, 2023: 100.0}
    flows = Flows(start, 2022, 2023, 1200.0, new, five, ended, np.ones(26), 0.0, 0.0)
    moved_in, shares = balanced(flows)
    assert moved_in == pytest.approx(50, abs=0.01)
    assert shares == pytest.approx({2022: 50 / 1000, 2023: 50 / 1100}, rel=1e-4)
    away = Flows(start, 2022, 2023, 1200.0, new, five, ended, np.ones(26), 0.05, 0.02)
    more, fewer = balanced(away)
    assert more > moved_in
    assert fewer[2022] == pytest.approx((50 - 20) / 1000)  # twenty of the fifty at reviews


@pytest.mark.parametrize("share", [0.2, 0.5, 0.85, 0.95])
def test_evidence_takes_so_long_that_decisions_in_six_weeks_come_about(share: float) -> None:
    """A wait drawn many times beside a fortnightly panel: as many are within 42 days."""
    days, rng = days_for(share), np.random.default_rng(1)
    sd = np.sqrt(np.log1p(0.8**2))
    evidence = rng.lognormal(np.log(days) - sd**2 / 2, sd, 200_000) * 1.4
    received = 8 + rng.uniform(0, 14, 200_000)
    assert float((received + evidence <= 42).mean()) == pytest.approx(share, abs=0.005)


def test_posts_are_the_hours_of_the_councils_own_work(made: Made) -> None:
    """126 assessments at 17.4 hours less a twentieth, and 9 reassessments at 17 hours, a year.

    A post has 253 - 38 days of 7.4 hours, three fifths of them on this work.
    """
    posts = baseline(made.folder)["teams"]["educational psychologists"]["posts"]
    hours = 126 * 17.4 * 0.95 + 0.015 * 600 * 17
    assert posts["likely"] == pytest.approx(hours / (215 * 7.4 * 0.6), abs=0.05)
    assert posts["low"] < posts["likely"] < posts["high"]


def test_options_have_the_size_of_the_council(made: Made) -> None:
    read = {
        path.stem: tomllib.loads(path.read_text("utf-8")) for path in made.folder.glob("*.toml")
    }
    (tenth,) = read["ten_per_cent_more_psychologists"]["change"]
    assert tenth["add"] == 0.5  # a tenth of 2.4 posts: half a post at least
    agency = read["agency_advice_for_a_year"]["change"][0]
    assert agency["set"]["cases_a_month"]["value"] == round(126 / 12 / 3)
    assert str(agency["until"]) == "2027-03-31"
    with_cost = {"ten_per_cent_more_psychologists", "monthly_advice_reports", "drafting_tool"}
    for name in with_cost:
        assert any(
            {"one_off_cost", "yearly_cost"} & change.keys() for change in read[name]["change"]
        )
    assert all(table["why"] for name, table in read.items() if name != "baseline")


def test_what_is_missing_is_said_and_england_stands_for_it(made: Made) -> None:
    notes = "\n".join(made.notes)
    assert "data/timeliness_20_week.csv does not tell" in notes
    assert "mean weeks to a plan" in notes
    assert "England's figures stand for Smallshire's" in notes
    assert "who asked" in notes
    assert "No ages of the plans in place in January 2019" in notes
    source = baseline(made.folder)["requests"]["sources"]["school or setting"]
    assert source["value"] == pytest.approx(90_762 / 147_212, abs=1e-4)  # DfE, England 2025
    assert source["note"].startswith("England's")


@pytest.mark.parametrize(
    ("council", "said", "run_in_from"),
    [
        ("Tinyshire", "Tinyshire has some 3 requests a year", "2019-01-01"),
        ("Newshire", "Newshire began in 2022, so that year is a part of one", "2023-01-01"),
    ],
)
def test_small_and_new_councils_have_a_folder_too(
    council: str, said: str, run_in_from: str, dfe: Path, tmp_path: Path
) -> None:
    made = ehc.new_council(council, dfe, tmp_path / "out")
    assert said in "\n".join(made.notes)
    first = scenarios_of([made.folder])[0]
    assert str(first.base.period.run_in_from) == run_in_from
    assert float(first.base.teams["educational psychologists"].posts.likely) > 0


YEARS = range(2020, 2025)
USUAL = {
    "requests": dict(zip(YEARS, (225, 250, 275, 300, 325), strict=True)),
    "refused": dict(zip(YEARS, (45, 50, 55, 60, 65), strict=True)),
    "withdrawn": dict[int, int](),
    "issued": dict.fromkeys(YEARS, 120),
    "not_issued": dict.fromkeys(YEARS, 6),
    "ended": dict.fromkeys(YEARS, 90),
    "plans": dict.fromkeys(YEARS, 1000),
}


def figures(**changed: dict[int, float]) -> Figures:
    """Return usual figures with other numbers in some years."""
    rows = {
        (year, measure, "all", "all"): float(n)
        for measure, by_year in USUAL.items()
        for year, n in {**by_year, **changed.get(measure, {})}.items()
    }
    index = pd.MultiIndex.from_tuples(rows, names=["year", "measure", "by", "group"])
    return Figures("Smallshire", pd.Series(list(rows.values()), index=index))


@pytest.mark.parametrize(
    ("changed", "gone", "said"),
    [
        (
            {"requests": {2021: 0}}, ("requests", 2021),
            "Not used: 0 requests in 2021, 225 and 275 in the years around it.",
        ),
        (
            {"requests": {2024: 70}}, ("requests", 2024),
            "Not used: 70 requests in 2024, 300 in the year beside it.",
        ),
        (
            {"refused": {2022: 1}}, ("refused", 2022),
            "Not used: 1 of 275 requests refused in 2022, 20% in other years.",
        ),
        (
            {"issued": {2022: 275}, "not_issued": {2022: 0}}, ("issued", 2022),
            "Not used: 275 assessments completed in 2022, exactly as many as requests.",
        ),
        (
            {"issued": {2023: 9}}, ("issued", 2023),
            "Not used: 15 assessments completed in 2023, 126 in other years.",
        ),
        (
            {"issued": {2023: 6078}}, ("issued", 2023),
            "Not used: 6,084 assessments completed in 2023, 126 in other years.",
        ),
        (
            {"ended": {2023: 1}}, ("ended", 2023),
            "Not used: 1 of 1,000 plans ended in 2023, 9.0% in other years.",
        ),
    ],
)  # fmt: skip
def test_years_that_cannot_be_right_are_not_used_and_said(
    changed: dict[str, dict[int, float]], gone: tuple[str, int], said: str
) -> None:
    left, notes = without_doubtful(figures(**changed))
    measure, year = gone
    assert notes == (said,)
    assert year not in left.of(measure)
    assert len(left.of(measure)) == len(YEARS) - 1


def test_refusals_that_were_sent_in_as_withdrawn_are_refusals() -> None:
    """As Plymouth's of 2024: 1 refused and 452 withdrawn. They are not left out twice."""
    left, notes = without_doubtful(figures(refused={2023: 1}, withdrawn={2023: 60}))
    assert left.of("refused")[2023] == 61
    assert left.of("withdrawn")[2023] == 0
    assert notes == (
        "Taken for refusals in 2023: 60 of 300 requests withdrawn, for 1 were refused, 20% in "
        "other years.",
    )


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"requests": {2020: 160}},  # the year of COVID
        {"refused": {2020: 15}},  # Somerset's 6% of 2020, about 20% around it
        {"issued": {2023: 300}},  # a backlog that is cleared
        {"ended": {2024: 500}},  # a clearing of the records
    ],
)
def test_a_year_that_is_only_unlike_others_stays(changed: dict[str, dict[int, float]]) -> None:
    left, notes = without_doubtful(figures(**changed))
    assert notes == ()
    assert len(left.table) == len(figures(**changed).table)


def test_a_gap_of_the_record_is_filled_in_between_and_said(tmp_path: Path) -> None:
    changed: dict[tuple[str, str, int], dict[str, object]] = {
        ("requests", "Smallshire", 2021): {"requests_received_in_year": "z"},
        ("ceased_plans", "Smallshire", 2023): {"total_ceased": 1, "transfer": 0},
    }
    made = ehc.new_council("Smallshire", download(tmp_path / "a.zip", changed), tmp_path / "out")
    rows = (made.folder / "requests.csv").read_text("utf-8").splitlines()
    assert rows[3].startswith(f"Smallshire,2021,{round((225 * 275) ** 0.5)},")
    told = "No requests of Smallshire in 2021: in the record they are in between those around."
    assert told in made.notes
    assert "Not used: 1 of 1,000 plans ended in 2023, 9.0% in other years." in made.notes
    text = (made.folder / "baseline.toml").read_text(encoding="utf-8")
    assert all(f"# {note}" in text for note in made.notes)
    scenarios_of([made.folder / "baseline.toml"])


def test_nothing_later_than_what_was_known_goes_in(dfe: Path, tmp_path: Path) -> None:
    """At the end of 2022 nobody had decisions, mediations, ages or reviews of later years."""
    made = ehc.new_council("Smallshire", dfe, tmp_path / "out", until=2022)
    texts = {path.name: path.read_text("utf-8") for path in made.folder.glob("*.*[vl]")}
    assert "Smallshire,2022," in texts["requests.csv"]
    assert "Smallshire,2023," not in texts["requests.csv"] + texts["published.csv"]
    assert "2022,at_end" in texts["published.csv"]  # plans of January 2023: the end of 2022
    assert "Smallshire 2023" not in texts["baseline.toml"]
    assert "Smallshire 2024" not in texts["baseline.toml"]
    assert str(scenarios_of([made.folder])[0].base.period.plan_from) == "2024-04-01"


def test_an_older_edition_adds_years_whichever_is_named_first(dfe: Path, tmp_path: Path) -> None:
    old = old_edition(tmp_path / "old.zip")
    one, other = (find("Smallshire", files, None).own for files in ([dfe, old], [old, dfe]))
    for own in (one, other):
        assert own.of("requests")[2016] == 111
        assert own.of("requests")[2019] == 200  # of both, the later edition's
        assert own.edition == "DfE SEN2, editions 2022, 2025"


def test_the_plan_begins_when_it_is_asked_to(dfe: Path, tmp_path: Path) -> None:
    made = ehc.new_council("Smallshire", dfe, tmp_path / "out", plan_from="2027-09-01")
    period = scenarios_of([made.folder])[0].base.period
    assert (str(period.plan_from), str(period.plan_until)) == ("2027-09-01", "2030-08-31")


def test_the_workbook_has_a_cell_for_each_number_and_checks_its_range(made: Made) -> None:
    sheet = openpyxl.load_workbook(made.folder / "your_numbers.xlsx").active
    rows = [row for row in sheet.iter_rows(min_row=5, values_only=True) if row[0]]
    assert len(rows) >= 12
    posts = next(row for row in rows if row[8] == "teams.educational psychologists.posts")
    stands = baseline(made.folder)["teams"]["educational psychologists"]["posts"]["likely"]
    assert posts[3].startswith(f"{stands:g} (")
    assert posts[4] is None
    assert posts[5] < stands < posts[6]
    assert posts[7].startswith("=IF(E5=")
    scenario = scenarios_of([made.folder / "baseline.toml"])[0]
    for row in rows:  # what stands in the file is usual
        stands = as_it_stands(scenario, row[8])
        assert stands is None or row[5] <= stands[1] <= row[6], row[0]
    page = (made.folder / "your_numbers.html").read_text(encoding="utf-8")
    for row in rows:
        assert str(row[0]) in page


def test_faults_are_one_line_and_leave_nothing(dfe: Path, tmp_path: Path) -> None:
    whole, out = dfe.read_bytes(), tmp_path / "out"
    cut, text = tmp_path / "cut.zip", tmp_path / "text.zip"
    cut.write_bytes(whole[: len(whole) // 2])
    text.write_text("council,requests\n")
    there = tmp_path / "there"
    there.mkdir()
    cases: dict[str, tuple[Any, ...]] = {
        "did you mean Smallshire": ("Smalshire", dfe, out),
        "not a whole zip file": ("Smallshire", cut, out),
        "not a whole zip file (File": ("Smallshire", text, out),
        "is there already": ("Smallshire", dfe, there),
        "found no folder": ("Smallshire", dfe, tmp_path / "no" / "out"),
    }
    for said, arguments in cases.items():
        with pytest.raises(BadInput) as caught:
            ehc.new_council(*arguments)
        assert said in str(caught.value)
        assert len(str(caught.value).splitlines()) == 1
    with pytest.raises(BadInput, match="first day of a month"):
        ehc.new_council("Smallshire", dfe, out, plan_from="2027-04-02")
    with pytest.raises(BadInput, match="Smallshire has no year with requests"):
        ehc.new_council("Smallshire", dfe, out, until=2018)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cut.zip", "text.zip", "there"]
    assert not list(there.iterdir())


@pytest.mark.slow
def test_every_council_of_dfes_file_has_a_folder_that_passes_the_check(
    dfe_data: Path, tmp_path: Path
) -> None:
    sen2 = dfe_data / "dfe_sen2_2019_2024_part.zip"
    names = councils(read_sen2(sen2))
    assert len(names) == 80
    for name in names:
        made = ehc.new_council(name, sen2, tmp_path / name)
        assert made.council == name
        assert len(scenarios_of([made.folder])) == made.options + 1
        for note in made.notes:
            assert len(note.splitlines()) == 1
