"""How every table that people bring is opened, decoded, bounded and refused."""

from __future__ import annotations

import os
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from ehc_sim.inputs import Sheet, Unreadable, read_sheet
from ehc_sim.inputs.sheet import MOST_BYTES, MOST_ROWS

pytestmark = pytest.mark.unit

KNOWN = ("month", "requests", "source")
PLAIN = "month,requests\n2024-01,5\n2024-02,1234\n"
ROWS = [["2024-01", "5"], ["2024-02", "1234"]]


def read(folder: Path, content: str | bytes) -> Sheet:
    path = folder / "table.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_sheet(path, KNOWN)


def refused(folder: Path, content: str | bytes) -> tuple[int | None, str]:
    with pytest.raises(Unreadable) as raised:
        read(folder, content)
    return raised.value.line, raised.value.problem


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        "\ufeff".encode("utf-16-be") + PLAIN.encode("utf-16-be"),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode("utf-16"),
        b"sep=;\r\n" + PLAIN.replace(",", ";").encode(),
        PLAIN.replace("month,requests", " Month ,REQUESTS").encode(),
        PLAIN.replace("month", "\u200bmonth\xa0").encode(),
        PLAIN.replace("\n", ",,,\n").encode() + b",,,,\n\n,,\n",
        b"Requests for an assessment, Somerset,\n\nRun on,12/03/2024,\n" + PLAIN.encode(),
        PLAIN.replace("requests", "requests,").replace("-01,5", "-01,5,").encode()[:-1] + b",\n",
        b'"month","requests"\n"2024-01","5"\n"2024-02"," 1234 "',
    ],
)
def test_a_table_is_the_same_however_it_was_saved(content: bytes, tmp_path: Path) -> None:
    sheet = read(tmp_path, content)
    assert (sheet.columns, [cells for _, cells in sheet.rows], sheet.faults) == (
        ("month", "requests"),
        ROWS,
        (),
    )


def test_lines_are_those_of_the_file_below_titles_and_blanks(tmp_path: Path) -> None:
    sheet = read(tmp_path, "Requests\n\n\n" + PLAIN.replace("\n2024-02", "\n\n2024-02"))
    assert (sheet.line, [line for line, _ in sheet.rows]) == (4, [5, 7])


def test_pound_signs_of_windows_are_read(tmp_path: Path) -> None:
    content = "month,source\n2024-01,Children’s £\n"
    assert read(tmp_path, content.encode("cp1252")).rows == ((2, ["2024-01", "Children’s £"]),)


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"", None, "empty"),
        (b"\n\n , \n", None, "empty"),
        (b"\xef\xbb\xbf", None, "empty"),
        (b"month,source\n2024-01,\x81\n", 2, "neither UTF-8 nor Windows-1252"),
        ("month,source\n1,£\n".encode() + b"2,\xa3\n", 3, "UTF-8 and other characters"),
        (b"\xff\xfem\x00o\x00n\x00\x00", 1, "not UTF-16"),
        (b"month,requests\n2024-01,\x001\n", 2, "control character"),
        (b"month,requests\n2024-01,\x1b[2J1\n", 2, "control character"),
        (PLAIN.encode("utf-16")[2:], 1, "control character"),
        (b'month,requests\n2024-01,"5\n2024-02,7\n', 3, "not a CSV file"),
        (b"month,requests\n1," + b"x" * 200_000, None, "not a CSV file"),
        (b"2023-12,4\nmonth,requests\n2024-01,5\n", 1, "figures above the column names"),
        (b"2023-12,school,4\nmonth,source,requests\n2024-01,school,5\n", 1, "figures above"),
        (b"2023-12\nmonth\n2024-01\n", 1, "figures above the column names"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None, "old workbook"),
        (b"PK\x03\x04 not a workbook", None, "save it as CSV UTF-8"),
    ],
)
def test_what_is_no_table_is_refused_in_one_line(
    content: bytes, line: int | None, said: str, tmp_path: Path
) -> None:
    found, problem = refused(tmp_path, content)
    assert said in problem
    assert "\n" not in problem
    assert found == line or (line is None and "CSV" in problem)


def test_rows_that_do_not_fit_the_columns_are_named(tmp_path: Path) -> None:
    sheet = read(tmp_path, "month,requests\n2024-01,1,234\n2024-02\n2024-03,7\n")
    assert sheet.faults == (
        (2, "found 3 fields, the first line has 2; write thousands without commas"),
        (3, "found 1 fields, the first line has 2"),
    )
    assert [line for line, _ in sheet.rows] == [4]


def test_excel_leaves_out_what_is_empty_in_sixteen_rows(tmp_path: Path) -> None:
    """Its CSV files have fewer commas in a block of 16 rows whose last cells are empty."""
    first = "".join(f"2024-01,{row},school\n" for row in range(15))
    second = "".join(f"2024-02,{row}\n" for row in range(16))
    sheet = read(tmp_path, "month,requests,source\n" + first + second)
    assert (len(sheet.rows), sheet.faults) == (31, ())
    assert sheet.rows[-1][1] == ["2024-02", "15", ""]


def test_a_column_without_a_name_is_left_out_only_where_it_is_empty(tmp_path: Path) -> None:
    assert read(tmp_path, "month,,requests\n2024-01,,5\n").rows == ((2, ["2024-01", "5"]),)
    sheet = read(tmp_path, ",month,requests\n0,2024-01,5\n")
    assert sheet.faults == ((1, "found no name for column 1, which is filled in on line 2"),)


def test_rows_and_bytes_have_a_bound_that_is_said(tmp_path: Path) -> None:
    line, problem = refused(tmp_path, "month\n" + "1\n" * (MOST_ROWS + 1))
    assert line == MOST_ROWS + 1
    assert f"{MOST_ROWS:,} rows" in problem
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(200_000_000)  # of which nothing is read
    with pytest.raises(Unreadable, match=f"found 200.0 MB, allowed are {MOST_BYTES / 1e6:.1f} MB"):
        read_sheet(path)


def test_what_is_no_plain_file_is_refused_without_being_opened(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="found a folder, allowed is a plain file"):
        read_sheet(tmp_path)
    with pytest.raises(Unreadable, match="no such file"):
        read_sheet(tmp_path / "none.csv")
    with pytest.raises(Unreadable, match="cannot be read"):
        read_sheet(tmp_path / ("x" * 300))
    with pytest.raises(Unreadable, match="cannot be read"):
        read_sheet(Path("a\0b"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes by name on Windows")
def test_a_pipe_and_a_device_do_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Unreadable, match="found a pipe, allowed is a plain file"):
        read_sheet(tmp_path / "pipe")
    with pytest.raises(Unreadable, match="found a device, allowed is a plain file"):
        read_sheet(Path("/dev/zero"))


# --- workbooks ---


def workbook(folder: Path, **sheets: list[list[object]]) -> Path:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    path = folder / "table.xlsx"
    book.save(path)
    return path


def test_a_workbook_is_read_as_its_csv_file_would_be(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Requests, Somerset"],
        [None],
        ["Month", "Requests", "Source", None],
        [date(2024, 1, 1), 5, "school"],
        [datetime(2024, 2, 1, 9, 30), 12.0, None],
        ["Mar-24", "1,234", 0.5],
        [None, None, None],
    ]
    sheet = read_sheet(workbook(tmp_path, data=rows, empty=[]), KNOWN)
    assert (sheet.line, sheet.columns) == (3, ("month", "requests", "source"))
    assert sheet.rows == (
        (4, ["2024-01-01", "5", "school"]),
        (5, ["2024-02-01 09:30:00", "12", ""]),
        (6, ["Mar-24", "1,234", "0.5"]),
    )


def test_several_sheets_are_asked_about(tmp_path: Path) -> None:
    rows: list[list[object]] = [["month", "requests"], ["2024-01", 5]]
    with pytest.raises(Unreadable) as raised:
        read_sheet(workbook(tmp_path, **{"2023": rows, "2024": rows}), KNOWN)
    assert 'found 2 sheets with something in them ("2023", "2024"): which is meant?' in str(
        raised.value
    )


def test_a_formula_without_its_value_is_not_empty(tmp_path: Path) -> None:
    rows: list[list[object]] = [["month", "requests"], ["2024-01", "=1+1"]]
    with pytest.raises(Unreadable, match="formula without its value") as raised:
        read_sheet(workbook(tmp_path, data=rows), KNOWN)
    assert raised.value.line == 2


def test_packed_files_that_are_no_workbook_or_too_large_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("figures.csv", PLAIN)
    with pytest.raises(Unreadable, match="no workbook"):
        read_sheet(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 150_000_000)
    with pytest.raises(Unreadable, match="150 MB when unpacked"):
        read_sheet(path)


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9, 0.99])
def test_a_damaged_workbook_is_refused(part: float, tmp_path: Path) -> None:
    path = workbook(tmp_path, data=[["month", "requests"], ["2024-01", 5]])
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * part)])
    with pytest.raises(Unreadable, match="save it as CSV UTF-8"):
        read_sheet(path)
