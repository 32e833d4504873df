"""Published figures: what is read, and what is said about a file that cannot be."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ehc_sim.experiment.published import read_published
from ehc_sim.jobs.results_folder import shipped
from ehc_sim.scenario import BadInput, load
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit

SETTINGS = load(SMALL / "baseline.toml").base
HEAD = "council,year,measure,by,group,value,allowed,fitted,source\n"
ROW = {
    **{
        "council": "Smallshire",
        "year": "2024",
        "measure": "issued_on_time",
        "by": "all",
        "group": "all",
    },
    **{"value": "0.335", "allowed": "10 points", "fitted": "yes", "source": "Invented"},
}

COUNT = {"measure": "completed", "allowed": ""}


def written(folder: Path, *rows: dict[str, str], encoding: str = "utf-8") -> Path:
    path = folder / "published.csv"
    lines = [",".join(f'"{row[name]}"' for name in ROW) for row in rows]
    path.write_bytes((HEAD + "\n".join(lines) + "\n").encode(encoding))
    return path


def said(folder: Path, *rows: dict[str, str]) -> list[str]:
    path = written(folder, *rows)
    with pytest.raises(BadInput) as raised:
        read_published(path, SETTINGS)
    return str(raised.value).replace(f"{path}:", "").splitlines()


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"value": "50"}, 'value: found "50", allowed is a share from 0 to 1, such as 0.5 or 50%'),
        ({"value": "120%"}, 'value: found "120%", allowed is a share'),
        ({"value": "-0.1"}, 'value: found "-0.1", allowed is a share'),
        ({"value": "inf"}, 'value: found "inf", allowed is a share'),
        ({"value": "nan"}, 'value: found "nan", allowed is a share'),
        ({"value": ""}, "value: empty; allowed is a share"),
        ({"measure": "issued_on_tiem"}, 'measure: found "issued_on_tiem", did you mean "issued_on'),
        ({"measure": ""}, 'measure: found "", allowed is "refused", '),
        (COUNT | {"value": "inf"}, 'value: found "inf", allowed is a number from'),
        (COUNT | {"value": "1e9"}, 'value: found "1e9", allowed is a number from'),
        (COUNT | {"value": "2000000"}, "allowed is a number from 0 to 1,000,000"),
        (COUNT | {"value": "50%"}, 'value: found "50%", allowed is a number from'),
        (COUNT | {"measure": "mean_weeks", "value": "5200"}, "allowed is weeks, from 0 to 1,000"),
        ({"measure": "completed", "allowed": "5 points"}, 'allowed: found "5 points", allowed is'),
        ({"allowed": "inf%"}, 'allowed: found "inf%", allowed is "10%" or "5 points", or nothing'),
        ({"allowed": "150%"}, 'allowed: found "150%", allowed is "10%" or "5 points"'),
        ({"allowed": "a little"}, 'allowed: found "a little", allowed is'),
        ({"year": "2024.5"}, 'year: found "2024.5", allowed is a calendar year'),
        ({"year": "1999"}, 'year: found "1999", allowed is a calendar year'),
        ({"year": "2023/24"}, 'year: found "2023/24", allowed is a calendar year'),
        ({"year": "2023-Q5"}, 'found "2023-Q5", allowed is a calendar year from 2014 to'),
        (
            {"year": "2023-Q4", "by": "age", "group": "7"},
            'year: found "2023-Q4", allowed is a year: issued_on_time by age is not counted by qu',
        ),
        (
            COUNT | {"year": "2023-Q4", "measure": "appeals", "value": "5"},
            'year: found "2023-Q4", allowed is a year: appeals is not counted by quarter',
        ),
        (
            COUNT | {"measure": "decided", "value": "9", "by": "need", "group": "autism"},
            'by: found "need", allowed is "all", "age" or "age group": decided is not counted by',
        ),
        (
            COUNT | {"measure": "decided", "value": "9", "by": "age", "group": "26"},
            'group: found "26", ',
        ),
        ({"allowed": "not compared"}, "but the model counts it: leave it empty if not judged"),
        (
            COUNT | {"measure": "Ann, 12 High St", "value": "9", "allowed": "not compared"},
            "allowed is a few words in small letters, such as plans_moved_on",
        ),
        ({"fitted": "maybe"}, 'fitted: found "maybe", allowed is yes or no'),
        ({"by": "ages", "group": "7"}, 'by: found "ages", did you mean "age"?'),
        ({"by": "age", "group": "8"}, 'group: found "8", allowed is "3", "7", "12", "17"'),
        ({"by": "need", "group": "autsm"}, 'group: found "autsm", did you mean "autism"?'),
        ({"by": "all", "group": "7"}, 'group: found "7", allowed is "all"'),
        (
            {"measure": "appeals", "value": "5", "allowed": "", "by": "age", "group": "7"},
            'by: found "age", allowed is "all": appeals is not counted by group',
        ),
    ],
)
def test_a_figure_that_cannot_be_is_refused_with_help(
    row: dict[str, str], fault: str, tmp_path: Path
) -> None:
    (line,) = said(tmp_path, ROW | {"year": "2023"}, ROW | row)
    assert line.startswith("3: column ")
    assert fault in line


@pytest.mark.parametrize(
    ("row", "value", "tolerance"),
    [
        ({}, 0.335, 0.1),
        ({"value": "33.5%", "fitted": "Yes"}, 0.335, 0.1),
        ({"value": "1", "allowed": "10%"}, 1.0, 0.1),
        ({"measure": "completed", "value": "1,176", "allowed": "10%"}, 1176.0, 117.6),
        ({"measure": "completed", "value": "761.0", "allowed": "10 %"}, 761.0, 76.1),
    ],
)
def test_figures_are_read_as_a_spreadsheet_writes_them(
    row: dict[str, str], value: float, tolerance: float, tmp_path: Path
) -> None:
    (figure,) = read_published(written(tmp_path, ROW | row), SETTINGS)
    assert figure.value == pytest.approx(value)
    assert figure.tolerance == pytest.approx(tolerance)
    assert figure.fitted


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_a_pound_sign_as_excel_saves_it(encoding: str, tmp_path: Path) -> None:
    path = written(tmp_path, ROW | {"source": "£1 a copy – “ours”"}, encoding=encoding)
    assert read_published(path)[0].source == "£1 a copy – “ours”"


def test_a_figure_given_twice_is_refused(tmp_path: Path) -> None:
    rows = (ROW, ROW | {"value": "0.4", "by": "All"})
    assert said(tmp_path, *rows) == [
        "3: 2024, issued_on_time, all all: given twice, first on line 2; keep one"
    ]


@pytest.mark.parametrize("text", ["2023-Q4", "2023 Q4", "2023q4", "2023\u2013Q4"])
def test_a_quarter_is_read_and_the_same_twice_is_refused(text: str, tmp_path: Path) -> None:
    quarter = ROW | {"year": text}
    of_year, figure = read_published(written(tmp_path, ROW | {"year": "2023"}, quarter), SETTINGS)
    assert (of_year.year, of_year.quarter) == (2023, "")
    assert (figure.year, figure.quarter) == (2023, "2023-Q4")
    assert said(tmp_path, quarter, ROW | {"year": "2023-Q4"}) == [
        "3: 2023-Q4, issued_on_time, all all: given twice, first on line 2; keep one"
    ]


@pytest.mark.parametrize("text", ["2024-07", "2024-7", "Jul-24", "July 2024", "01/07/2024"])
def test_a_month_is_read_as_a_spreadsheet_may_have_it(text: str, tmp_path: Path) -> None:
    month = ROW | {"year": text}
    _, figure = read_published(written(tmp_path, ROW, month), SETTINGS)
    assert (figure.year, figure.month, figure.period) == (2024, "2024-07", "2024-07")
    assert said(tmp_path, month, ROW | {"year": "2024-07"}) == [
        "3: 2024-07, issued_on_time, all all: given twice, first on line 2; keep one"
    ]


OF_MONTH = ROW | {"year": "2024-07", "allowed": "", "value": "12"}


@pytest.mark.parametrize(
    "row",
    [
        {"measure": "open_cases"},
        {"measure": "open_cases", "by": "step", "group": "advice"},
        {"measure": "waiting", "by": "giver", "group": "health"},
        {"measure": "given_a_week", "by": "giver", "group": "Health"},
    ],
)
def test_a_council_s_own_figures_by_month_are_read(row: dict[str, str], tmp_path: Path) -> None:
    (figure,) = read_published(written(tmp_path, OF_MONTH | row), SETTINGS)
    assert figure.group in ("all", "Advice", "health")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"measure": "open_cases", "year": "2024"}, "year: found a year, allowed is a month: open"),
        ({"measure": "open_cases", "year": "2024-Q3"}, "year: found 2024-Q3, allowed is a month"),
        (
            {"measure": "open_cases", "by": "age", "group": "7"},
            'by: found "age", allowed is "all", "step": so',
        ),
        ({"measure": "completed"}, "year: found 2024-07, allowed is a year: completed is not"),
        ({"measure": "waiting"}, 'by: found "all", allowed is "giver": so waiting is'),
        (
            {"measure": "waiting", "by": "giver", "group": "dentist"},
            'group: found "dentist", allowed is "educational psychologist"',
        ),
        (COUNT | {"year": "2024-13"}, 'year: found "2024-13", allowed is a calendar year'),
    ],
)
def test_a_month_that_is_not_counted_so_is_refused(
    row: dict[str, str], fault: str, tmp_path: Path
) -> None:
    (line,) = said(tmp_path, ROW | {"year": "2023"}, OF_MONTH | row)
    assert fault in line


def test_what_the_model_does_not_count_is_read_and_said_to_be_not_compared(tmp_path: Path) -> None:
    final = ROW | {"measure": "transfers_final", "value": "657", "allowed": "Not compared"}
    by_need = ROW | COUNT | {"measure": "decided", "value": "40", "by": "need", "group": "autism"}
    rows = (final, by_need | {"allowed": "not compared"}, ROW)
    figures = read_published(written(tmp_path, *rows), SETTINGS)
    assert [figure.compared for figure in figures] == [False, False, True]


def test_somersets_figures_are_read() -> None:
    baseline = load(shipped() / "baseline.toml").base
    assert len(read_published(shipped() / "published.csv", baseline)) >= 40


def parts(measure: str, value: str, *periods: str) -> list[dict[str, str]]:
    row = ROW | {"measure": measure, "value": value, "allowed": "", "fitted": "no"}
    return [row | {"year": period} for period in periods]


QUARTERS = [f"2024-Q{n}" for n in range(1, 5)]
MONTHS = [f"2024-{n:02}" for n in range(1, 13)]


@pytest.mark.parametrize(
    ("year", "rows", "told"),
    [
        (("completed", "150"), parts("completed", "100", *QUARTERS), "quarters of it (lines 3 to"),
        (("completed", "150"), parts("completed", "20", *QUARTERS), "come to 80; allowed are"),
        (("completed", "150"), parts("completed", "400", "2024-Q1"), "quarter of it (line 3) come"),
        (("plans_issued", "150"), parts("plans_issued", "40", *MONTHS), "come to 480; allowed are"),
        (("issued_on_time", "0.5"), parts("issued_on_time", "0.2", *QUARTERS), "are 0.2 to 0.2;"),
        (("mean_weeks", "20"), parts("mean_weeks", "30", *MONTHS), "are 30 to 30; allowed are"),
    ],
)
def test_a_year_and_its_parts_that_cannot_both_be_right_are_refused(
    year: tuple[str, str], rows: list[dict[str, str]], told: str, tmp_path: Path
) -> None:
    (line,) = said(tmp_path, *parts(*year, "2024"), *rows)
    assert line.startswith(f"2: 2024, {year[0]}, all all: found {year[1]}, but ")
    assert told in line


@pytest.mark.parametrize(
    ("year", "rows"),
    [
        (("completed", "150"), parts("completed", "39", *QUARTERS)),  # put right later
        (("completed", "150"), parts("completed", "20", "2024-Q1", "2024-Q2")),
        (("completed", "150"), parts("completed", "400", "2023-Q1")),
        (("completed", "2"), parts("completed", "1", *QUARTERS[:3])),
        (("issued_on_time", "0.5"), parts("issued_on_time", "0.2", *QUARTERS[:3])),
        (("plans_issued", "150"), parts("plans_issued", "12", *MONTHS)),
    ],
)
def test_a_year_and_parts_that_can_both_be_right_are_read(
    year: tuple[str, str], rows: list[dict[str, str]], tmp_path: Path
) -> None:
    found = read_published(written(tmp_path, *parts(*year, "2024"), *rows), SETTINGS)
    assert len(found) == 1 + len(rows)


@pytest.mark.parametrize("period", ["2025", "2024-Q4", "2024-10"])
def test_a_figure_of_days_to_come_is_refused(period: str, tmp_path: Path) -> None:
    path = written(tmp_path, *parts("plans_issued", "9", "2024", period))
    with pytest.raises(BadInput, match=f"^{path}:3: column year: found {period}, which is after"):
        read_published(path, SETTINGS, today=date(2024, 9, 30))
    assert len(read_published(path, SETTINGS, today=date(2025, 1, 1))) == 2
