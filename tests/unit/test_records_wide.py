"""Months across the columns, other times in a column of months, and points in numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.history_files import read, refused

pytestmark = pytest.mark.unit

NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "June", "Jul", "Aug", "Sept", "Oct", "Nov", "December"]
COUNTS = [70 + k for k in range(24)]


def line(*cells: object) -> str:
    return ",".join(map(str, cells))


BY_YEAR = [line("Year", *NAMES), line(2022, *COUNTS[:12]), line(2023, *COUNTS[12:])]
BY_MONTH = ["Month,2022,2023", *(line(m, COUNTS[k], COUNTS[k + 12]) for k, m in enumerate(NAMES))]
DATED = line(*(f"{m}-{y}" for y in (22, 23) for m in NAMES))
GROUPS = [
    "source," + DATED,
    line("school", *(n - 20 for n in COUNTS)),
    line("parent", *([20] * 24)),
]


@pytest.mark.parametrize(
    "rows",
    [
        BY_YEAR,
        ["EHC requests", "", *BY_YEAR],
        [
            BY_YEAR[0] + ",Total",
            BY_YEAR[1] + ",906",
            BY_YEAR[2] + ",1050",
            line("Total", *[1] * 13),
        ],
        BY_MONTH,
        [*BY_MONTH, "Total,906,1050"],
        [row.replace(",", ";") for row in BY_MONTH],
        [DATED, line(*COUNTS)],
        GROUPS,
    ],
)
def test_months_across_with_one_meaning_are_read(rows: list[str], tmp_path: Path) -> None:
    history = read(tmp_path, "\n".join(rows))
    assert (str(history.index[0]), str(history.index[-1])) == ("2022-01", "2023-12")
    assert history.counts.tolist() == COUNTS


def test_blank_cells_are_months_that_are_not_there(tmp_path: Path) -> None:
    rows = [BY_YEAR[0], BY_YEAR[1], line(2023, *COUNTS[12:17], *[""] * 7)]
    assert read(tmp_path, "\n".join(rows)).counts.tolist() == COUNTS[:17]


def test_a_total_row_of_groups_across_is_refused(tmp_path: Path) -> None:
    said = refused(tmp_path, "\n".join([*GROUPS, line("Somerset", *COUNTS)]))
    assert "is the sum of the others in every month: is it a total?" in said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([line("Year", *NAMES[3:], *NAMES[:3]), line(2022, *COUNTS[:12])], "April or September?"),
        ([line("Year", *NAMES[8:], *NAMES[:8]), line(2022, *COUNTS[:12])], "April or September?"),
        ([BY_MONTH[0], *BY_MONTH[4:], *BY_MONTH[1:4]], "April or September?"),
        ([BY_YEAR[0], line("2022/23", *COUNTS[:12])], "allowed is a calendar year; or give one"),
        (["area," + DATED, line("Mendip", *COUNTS)], "found months or years across, beside a"),
        (["," + line(2022, 2023, 2024), "Requests,980,990,999"], "give one row a month"),
        (
            [
                line("", 2022, "", 2023, ""),
                line("Source", *NAMES[:2] * 2),
                line("school", 1, 2, 3, 4),
            ],
            "found months across without their year, which may stand in the row above",
        ),
        ([line("Source", *NAMES), line("school", *COUNTS[:12])], "such as Jan 2024, or give one"),
        ([line(*NAMES), line(*COUNTS[:12])], "found months across without their year"),
    ],
)
def test_other_months_across_are_refused_in_one_line(
    rows: list[str], said: str, tmp_path: Path
) -> None:
    found = refused(tmp_path, "\n".join(rows))
    assert said in found
    assert "\n" not in found


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("2020/21", "2021/22"), "found years, not months; give requests by month, or by calendar"),
        (("FY 20/21", "FY 21/22"), "found years, not months"),
        (("2021", "2022"), "found years, not months"),
        (("2024-W02", "2024-W03"), "found weeks, which may lie in two months"),
        (("Week 2 2024", "Week 3 2024"), "found weeks"),
        (("2024-Q1", "2024-Q2"), "found several months together, which are not split"),
        (("Jan-Mar 2024", "Apr-Jun 2024"), "found several months together"),
        (("Jan", "Feb"), "found months without a year"),
        (("1", "2"), "found months without a year"),
    ],
)
def test_other_times_in_a_column_of_months_are_refused_in_one_line(
    cells: tuple[str, str], said: str, tmp_path: Path
) -> None:
    found = refused(tmp_path, f"month,requests\n{cells[0]},80\n{cells[1]},82\n")
    assert f"requests.csv:2: column month: {said}" in found
    assert "\n" not in found


@pytest.mark.parametrize("number", ["1.196", "12.000", "1.196,00", "1.196.000"])
@pytest.mark.parametrize("time", ["month;requests\n2024-01", "year;requests\n2024"])
def test_a_point_for_thousands_or_decimals_is_refused_with_what_to_write(
    number: str, time: str, tmp_path: Path
) -> None:
    assert refused(tmp_path, f"{time};{number}\n").endswith(
        f'found "{number}", allowed is a whole number, 0 or more; if the point is for thousands, '
        "write them without it, such as 1196"
    )
