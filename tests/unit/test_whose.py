"""Files say whose they are: a copy for another council cannot take them for its own."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import ehc_sim as ehc
from ehc_sim.cli.app import app
from ehc_sim.demand.reading import read_history
from ehc_sim.experiment.before import faults_of_records
from ehc_sim.experiment.published import read_published
from ehc_sim.jobs.checking import scenarios_of, shipped
from ehc_sim.jobs.record import recorded
from ehc_sim.journey.open_cases.caseload import read_caseload
from ehc_sim.journey.open_cases.template import template
from ehc_sim.journey.plans_file import read_plans
from ehc_sim.scenario import BadInput, load
from ehc_sim.scenario.councils import borrowed_terms
from tests.scenario_files import SMALL, smallshire, whole_service

pytestmark = pytest.mark.unit

OTHER_COUNCILS = ["Dorset", "North Somerset", "Bath and North East Somerset", "Somerset West"]


def copied(folder: Path, name: str, more: str = "") -> Path:
    """Return Somerset's baseline, copied with all its files, in which only the name is another."""
    shutil.copytree(shipped(), folder / "copy")
    path = folder / "copy" / "baseline.toml"
    text = path.read_text(encoding="utf-8").replace('name = "Somerset"', f'name = "{name}"', 1)
    path.write_text(more + text, encoding="utf-8")
    return path


@pytest.mark.parametrize("command", ["check", "run", "forecast"])
def test_a_copy_with_another_name_is_told_of_every_file(command: str, tmp_path: Path) -> None:
    path = copied(tmp_path, "Dorset")
    out = ["--out", str(tmp_path / "out")] if command != "check" else []
    done = CliRunner().invoke(app, [command, str(path), *out])
    assert (done.exit_code, done.stdout) == (2, "")
    assert not (tmp_path / "out").exists()
    named = {line.split(":")[0] for line in done.stderr.splitlines()}
    files = ("requests.csv",) if command == "forecast" else (
        "requests.csv", "published.csv", "plans_2021.csv"
    )  # fmt: skip
    assert named == {str(path.parent / file) for file in files}
    for line in done.stderr.splitlines():
        assert ':2: column council: found "Somerset" in ' in line
        assert line.endswith('allowed is "Dorset", whose file it must be')


@pytest.mark.parametrize("name", OTHER_COUNCILS)
def test_names_that_are_near_are_other_councils(name: str, tmp_path: Path) -> None:
    assert len(faults_of_records([load(copied(tmp_path, name))])) == 3


@pytest.mark.parametrize("name", ["Somerset Council", "SOMERSET", "Somerset County Council"])
def test_one_council_in_other_words_is_the_same(name: str, tmp_path: Path) -> None:
    assert faults_of_records([load(copied(tmp_path, name))]) == []


def test_what_is_taken_over_on_purpose_may_be_anothers(tmp_path: Path) -> None:
    some = load(copied(tmp_path, "Dorset", 'takes_over = ["demand.history", "plans"]\n'))
    (fault,) = faults_of_records([some])
    assert str(fault.file).endswith("published.csv")
    again = some.with_change("decision_to_assess.withdrawn", set=0.01)
    assert again.whose("plans", "in_hand") is None
    assert again.whose("council", "published") == "Dorset"


def test_python_is_told_too(tmp_path: Path) -> None:
    path = copied(tmp_path, "Dorset")
    with pytest.raises(BadInput, match=r'found "Somerset".*allowed is "Dorset"'):
        ehc.simulate(path, 1, processes=1)
    with pytest.raises(BadInput, match=r'found "Somerset".*allowed is "Dorset"'):
        ehc.forecast(path, 3)


def test_open_cases_of_another_council_are_refused(tmp_path: Path) -> None:
    copied(tmp_path, "Somerset")
    (tmp_path / "copy").rename(tmp_path / "somerset")
    shutil.copytree(shipped("somerset_open_cases"), tmp_path / "open")
    path = tmp_path / "somerset" / "baseline.toml"
    text = path.read_text("utf-8").replace('name = "Somerset"', 'name = "Dorset"', 1)
    path.write_text(text, "utf-8")
    with pytest.raises(BadInput) as bad:
        scenarios_of([tmp_path / "open" / "today.toml"])
    faults = {one.file.name: one for one in bad.value.faults if one.file is not None}
    fault = faults["open_cases_2026.csv"]
    assert "column council: found another council in " in str(fault)
    assert "Somerset" not in fault.problem


def test_the_template_of_a_caseload_says_whose_it_is(tmp_path: Path) -> None:
    settings = load(SMALL / "baseline.toml").base
    path = tmp_path / "cases.csv"
    path.write_text(template(settings).replace("EXAMPLE-", "2024-"), encoding="utf-8")
    assert len(read_caseload(path, settings, "Smallshire").cases) == 3
    with pytest.raises(BadInput, match="column council: found another council in 3 rows"):
        read_caseload(path, settings, "Bath")


MIXED = "council,year,requests\nBath,2022,10\nWells,2022,90\nbath council,2023,12\nWells,2023,91\n"


def test_of_a_record_of_several_councils_the_rows_of_one_are_read(tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"
    path.write_text(MIXED)
    read = read_history(path, council="Bath")
    assert read.counts.tolist() == [10, 12]
    assert read.council == "Bath"
    assert "The file has 2 councils: the rows of Bath are read" in " ".join(read.notes)
    assert [one.about for one in read.findings if one.about == "council"] == ["council"]
    assert read_history(path, council="Wells").counts.tolist() == [90, 91]
    with pytest.raises(BadInput, match=r'found "Bath" and "Wells" in 4 rows.*allowed is "Mells"'):
        read_history(path, council="Mells")
    with pytest.raises(BadInput, match="allowed is one council: which is meant"):
        read_history(path)


@pytest.mark.parametrize(
    "text",
    [
        "council,month,requests\nBath,2023-01,10\nWells,2023-01,90\nBath,2023-02,12\n",
        "council,Jan-23,Feb-23\nBath,10,12\nWells,90,91\n",
        "la_name,month,requests\nBath,2023-01,10\nWells,2023-01,90\nBath,2023-02,12\n",
        "Local authority,Jan-23,Feb-23\nBath,10,12\nWells,90,91\n",
        "council,date\nBath,2023-01-10\nWells,2023-01-10\nBath,2023-02-14\n",
    ],
    ids=["months", "months across", "as DfE names it", "across, as DfE names it", "rows"],
)
def test_records_of_every_kind_say_whose_they_are(text: str, tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"
    path.write_text(text)
    with pytest.raises(BadInput, match=r'allowed is "Mells"|found another council.*"Mells"'):
        read_history(path, council="Mells")
    assert read_history(path, council="Bath").council == "Bath"


def test_a_record_without_the_column_is_the_users_own(tmp_path: Path) -> None:
    (tmp_path / "requests.csv").write_text("year,requests\n2022,10\n2023,12\n")
    assert read_history(tmp_path / "requests.csv", council="Bath").council == ""


def test_rows_that_do_not_say_whose_they_are_beside_some_that_do_are_refused(
    tmp_path: Path,
) -> None:
    path = tmp_path / "requests.csv"
    path.write_text(MIXED.replace("bath council", ""))
    with pytest.raises(BadInput, match=r"requests\.csv:4: column council: empty; allowed is"):
        read_history(path, council="Bath")


def test_a_stock_or_figures_of_several_councils_are_refused(tmp_path: Path) -> None:
    plans = (SMALL / "plans.csv").read_text().splitlines()
    path = tmp_path / "plans.csv"
    path.write_text("\n".join([*plans, plans[-1].replace("Smallshire", "Bath")]))
    with pytest.raises(BadInput, match=r'"Bath" in 1 row, .*"Smallshire".*take the other rows out'):
        read_plans(path, date(2023, 1, 1), "Smallshire")
    published = (shipped() / "published.csv").read_text(encoding="utf-8")
    path.write_text(published.replace("Somerset,2023", "Devon,2023"), encoding="utf-8")
    with pytest.raises(BadInput, match='found "Devon" in '):
        read_published(path, None, "Somerset")


def test_figures_and_stocks_without_the_column_are_refused(tmp_path: Path) -> None:
    whole_service(tmp_path)
    path = tmp_path / "plans.csv"
    rows = [line.partition(",")[2] for line in path.read_text().splitlines()]
    path.write_text("\n".join(rows))
    (fault,) = faults_of_records([load(tmp_path / "another.toml")])
    assert "plans.csv:1: column council: missing" in str(fault)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"council": "Bath"}, 'council: found "Bath" beside a scenario, allowed is Smallshire'),
        ({"terms": "other.csv"}, 'terms: found "other.csv" beside a scenario, allowed is none'),
        ({"council": "933", "terms": "x"}, 'council: found "933" beside a scenario'),
    ],
)
def test_a_council_or_terms_beside_a_scenario_are_not_ignored(
    given: dict[str, str], said: str
) -> None:
    path = SMALL / "baseline.toml"
    for of in (path, str(path), load(path)):
        with pytest.raises(ValueError, match=said):
            ehc.forecast(of, 3, **given)  # type: ignore[arg-type]
    if "terms" not in given:
        with pytest.raises(ValueError, match=said):
            ehc.why_requests_rise(path, council=given["council"])
    options = [text for name, value in given.items() for text in (f"--{name}", value)]
    done = CliRunner().invoke(app, ["forecast", str(path), *options])
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"--{said}" in done.stderr


def test_those_that_it_has_already_may_be_named() -> None:
    path = SMALL / "baseline.toml"
    record = recorded(path, "somerset", None, "SMALLSHIRE COUNCIL")
    assert (record.name, record.terms) == ("Smallshire", "somerset")


def test_a_record_is_called_what_it_says_and_is_no_other_councils(tmp_path: Path) -> None:
    record = shipped() / "requests.csv"
    assert recorded(record).name == "Somerset"
    assert recorded(record, council="Somerset County Council").history.council == "Somerset"
    with pytest.raises(BadInput, match=r'found "Somerset" in 10 rows, allowed is "Dorset"'):
        ehc.forecast(record, 3, council="Dorset")
    (tmp_path / "my_record.csv").write_text("year,requests\n2022,10\n2023,12\n")
    assert recorded(tmp_path / "my_record.csv").name == "my record"


@pytest.mark.parametrize(
    ("name", "terms", "first_day", "said"),
    [
        ("Dorset", "Somerset", date(2014, 9, 1), True),
        ("North Somerset", "somerset", date(2015, 7, 20), True),
        ("Dorset", "somerset", date(2015, 9, 1), False),  # all by rule, which is no council's
        ("Somerset County Council", "somerset", date(2014, 9, 1), False),
        ("Dorset", "terms.csv", date(2014, 9, 1), False),
    ],
)
def test_school_terms_that_are_anothers_are_said(
    name: str, terms: str, first_day: date, said: bool
) -> None:
    expected = [f"School terms up to 2014/15 are those of Somerset: {name} has given none."]
    assert borrowed_terms(name, terms, first_day) == (expected if said else [])


def test_check_says_that_terms_are_anothers(tmp_path: Path) -> None:
    smallshire(tmp_path)
    record = tmp_path / "history.csv"
    for first, note in ((2014, "note: School terms up to 2014/15 are"), (2016, "")):
        rows = "".join(f"{year},190\n" for year in range(first, 2025))
        record.write_text(f"year,requests\n{rows}")
        done = CliRunner().invoke(app, ["check", str(tmp_path / "baseline.toml")])
        assert done.exit_code == 0
        assert done.stderr.startswith(note) if note else done.stderr == ""
