"""The plans in hand: what is read, and what is said about a file that cannot be."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.journey.plans_file import read_plans
from ehc_sim.scenario import BadInput
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SOMERSET = {
    2021: SCENARIOS / "somerset" / "plans_2021.csv",
    2026: SCENARIOS / "somerset_open_cases" / "plans_2026.csv",
}
MONTH = "allowed is a month such as 2024-03, 03/2024 or Mar-24, from 2014 to 2084"
WHOLE = "allowed is a whole number, 0 or more"
BROKEN = {
    "age,last_review,plans\n26,2022-01,1\n,2022-01,1\nfour,2022-01,1\n": [
        '2: column age: found "26", allowed is an age from 0 to 25',
        "3: column age: empty; allowed is an age from 0 to 25",
        '4: column age: found "four", allowed is an age from 0 to 25',
    ],
    "age,last_review,plans\n5,22-Jan,1\n5,22-01-31,1\n5,,1\n": [
        f'2: column last_review: found "22-Jan", {MONTH}',
        f'3: column last_review: found "22-01-31", {MONTH}',
        f"4: column last_review: empty; {MONTH}",
    ],
    'age,last_review,plans\n5,2022-01,-1\n5,2022-02,1.5\n5,2022-03,"1,20"\n': [
        f'2: column plans: found "-1", {WHOLE}',
        f'3: column plans: found "1.5", {WHOLE}',
        f'4: column plans: found "1,20", {WHOLE}',
    ],
    "age,last_review,plans\n5,2022-01,1\n6,2022-01,1\n05,2022-01,2\n": [
        "4: age 5, 2022-01: given twice, first on line 2; keep one",
    ],
    "age,last_review,plans\n5,2023-02,1\n": [
        "2: column last_review: found 2023-02, allowed is 2023-01 or before, as the run starts then"
    ],
    "age,last_reviewed,plans\n5,2022-01,1\n": [
        "1: column last_review: missing; found the columns council, as_at, age, "
        "last_reviewed, plans; "
        'is it "last_reviewed"?',
    ],
    "age,last_review,plans,need\n5,2022-01,1,ASD\n": [
        "1: column need: unknown; allowed are council, as_at, age, last_review, plans",
    ],
    "age,last_review,plans,child name\n5,2022-01,1,Alex\n": [
        "1: column child_name: looks like personal data; only counts are needed, so remove this "
        "column",
    ],
    "age,last_review,plans\n5,2022-01,1\nTotal,,1\n": [
        "3: row: found a total of other rows, so take it out of the file",
    ],
    "age,last_review,plans\n5,2022-01,99999\n6,2022-01,2\n": [
        " column plans: found 100,001 plans in all, allowed are 100,000 or fewer",
    ],
    "age,last_review,plans\n5,2022-01\n": ["2: row: found 4 fields, the first line has 5"],
}


def as_at(day: str, text: str) -> str:
    """Return a table with whose its figures are, and of which day, in each row."""
    head, *rows = text.removesuffix("\n").split("\n")
    return "\n".join([f"council,as_at,{head}", *(f"Bath,{day},{row}" for row in rows), ""])


def test_plans_of_another_day_than_the_first_are_refused_once(tmp_path: Path) -> None:
    """Somerset's of January 2021, for a run that starts in January 2025, are 3,457 for 5,725."""
    with pytest.raises(BadInput) as raised:
        read_plans(SOMERSET[2021], date(2025, 1, 1))
    (fault,) = raised.value.faults
    rows = len(read_plans(SOMERSET[2021], date(2021, 1, 1)).plans)
    assert fault.where == "column as_at"
    assert f"found 2021-01-01 in {rows} rows, allowed is 2025-01-01, the first day" in str(fault)
    path = tmp_path / "plans.csv"
    text = "5,2022-01,1\n6,2022-01,1\n"
    for day in ("2022-12-31", "2023-01-02", "2024-01-01"):
        path.write_text(as_at(day, "age,last_review,plans\n" + text))
        with pytest.raises(BadInput, match=f"found {day} in 2 rows, allowed is 2023-01-01"):
            read_plans(path, date(2023, 1, 1))
    path.write_text("age,last_review,plans\n" + text)
    with pytest.raises(BadInput, match=r"column council: missing[^$]*column as_at: missing"):
        read_plans(path, date(2023, 1, 1))


def test_plans_of_excel_in_other_forms_are_the_same(tmp_path: Path) -> None:
    for form in (
        "council;as_at;age;last_review;plans\nBath;1/1/23;5;Jan-22;1,200\n"
        "Bath;1/1/23;25;Sept-22;0\n",
        "Plans in hand,,\nCouncil,As at,Age,Last review,Plans,\n"
        'Bath,01/01/2023,5,01/01/2022,"1,200",\nBath,01/01/2023,25,01/09/2022,0,\n',
        "council\tas_at\tage\tlast_review\tplans\nBath\t2023-01-01\t5\tJanuary 2022\t1 200\n"
        "bath council\t2023-01-01\t25\t09/2022\t0.0\n",
    ):
        path = tmp_path / "plans.csv"
        path.write_text(form)
        read = read_plans(path, date(2023, 1, 1))
        assert read.last_review.astype(str).tolist() == ["2022-01", "2022-09"]
        assert (read.age.tolist(), read.plans.tolist()) == ([5, 25], [1200, 0])


@pytest.mark.parametrize("text", BROKEN)
def test_every_fault_is_said_with_its_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "plans.csv"
    path.write_text(as_at("2023-01-15", text))
    with pytest.raises(BadInput) as raised:
        read_plans(path, date(2023, 1, 15))
    assert str(raised.value).replace(f"{path}:", "").splitlines() == BROKEN[text]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"plans\.csv: file: cannot be read"):
        read_plans(tmp_path / "plans.csv")


def test_what_a_file_says(tmp_path: Path) -> None:
    path = tmp_path / "plans.csv"
    path.write_text(
        as_at("2023-01-01", "plans,age,last review\n12,5,2022-01\n0,0,2022-02\n3,25,2023-01\n")
    )
    plans = read_plans(path, date(2023, 1, 1))
    assert plans.age.tolist() == [5, 0, 25]
    assert plans.plans.tolist() == [12, 0, 3]
    assert plans.last_review.dtype == np.dtype("datetime64[M]")
    assert [str(month) for month in plans.last_review] == ["2022-01", "2022-02", "2023-01"]


def test_the_small_council_has_a_plan_in_hand_for_every_age_at_school() -> None:
    plans = read_plans(SMALL / "plans.csv", date(2023, 1, 1))
    assert set(range(4, 17)) <= set(plans.age[plans.plans > 0])


@pytest.fixture(scope="module")
def published(dfe_data: Path) -> dict[tuple[str, str], int]:
    """Somerset's plans in DfE's publication, by year (202021 is January 2021) and age."""
    archive = dfe_data / "dfe_sen2_2019_2024_part.zip"
    with zipfile.ZipFile(archive) as files, files.open("data/caseload.csv") as file:
        rows = csv.DictReader(io.TextIOWrapper(file, "utf-8-sig"))
        found = {
            (row["time_period"], row["breakdown"]): int(row["ehcplans"])
            for row in rows
            if row["la_name"] == "Somerset"
            and row["breakdown_topic"] in ("All EHC plans", "Child or young persons age")
        }
    newest = dfe_data / "dfe_sen2_2026_somerset_england.csv"
    topics = ("All EHC plans", "Age at start of academic year")
    with newest.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return found | {
            (row["time_period"], row["breakdown"]): int(row["value"])
            for row in rows
            if (row["file"], row["area"], row["measure"]) == ("caseload", "Somerset", "ehcplans")
            and row["breakdown_topic"] in topics
        }


def test_somersets_plans_add_up_to_what_dfe_published(
    published: dict[tuple[str, str], int],
) -> None:
    for year, period in ((2021, "202021"), (2026, "202526")):
        plans = read_plans(SOMERSET[year], date(year, 1, 1))
        assert plans.plans.sum() == published[period, "All EHC plans"]


def test_somersets_plans_have_the_ages_that_dfe_published(
    published: dict[tuple[str, str], int],
) -> None:
    """Those of January 2026, and in 2021 the shares of January 2024, rounded to whole plans."""
    then = read_plans(SOMERSET[2021])
    now = read_plans(SOMERSET[2026])
    share = 3457 / 5108
    for age in range(3, 26):
        assert now.plans[now.age == age].sum() == published["202526", f"age {age}"]
        scaled = published["202324", f"age {age}"] * share
        assert abs(then.plans[then.age == age].sum() - scaled) < 1


def test_somersets_last_reviews_are_spread_evenly_over_18_months() -> None:
    for year in (2021, 2026):
        plans = read_plans(SOMERSET[year])
        months, of_month = np.unique(plans.last_review, return_inverse=True)
        counts = np.bincount(of_month, weights=plans.plans)
        assert len(months) == 18
        assert months[-1] == np.datetime64(f"{year - 1}-12", "M")
        assert counts.max() - counts.min() <= 1
