"""What people are told of a table of members that cannot be used, and what is read all the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from ehc_sim.scenario import BadInput, load, load_folder
from tests.members import NAMED, TABLE, council, write_council
from tests.unit.broken_members import BROKEN, Broken, workbook

pytestmark = pytest.mark.unit


def told(folder: Path, bad: BadInput) -> list[str]:
    return str(bad).replace(f"{folder.resolve()}/", "").replace(f"{folder}/", "").splitlines()


def test_there_are_more_than_thirty_broken_tables_each_with_lines_of_its_own() -> None:
    assert len({broken.name for broken in BROKEN}) == len(BROKEN) > 30
    assert len({tuple(broken.expected) for broken in BROKEN}) == len(BROKEN)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_each_fault_is_told_with_its_line_and_column(broken: Broken, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as bad:
        council(tmp_path, broken.content)
    assert told(tmp_path, bad.value) == broken.expected


def test_a_fault_of_the_table_is_told_once_for_all_that_extend_its_file(tmp_path: Path) -> None:
    write_council(tmp_path, TABLE.replace("0.15", "x"), options={"one": "", "two": ""})
    with pytest.raises(BadInput) as bad:
        load_folder(tmp_path)
    assert len(told(tmp_path, bad.value)) == 1


def test_faults_of_the_table_hide_none_of_the_scenario(tmp_path: Path) -> None:
    text = "[exceptions]\nclaimed = 3\n"
    with pytest.raises(BadInput) as bad:
        council(tmp_path, TABLE.replace("0.15", "x"), text)
    lines = told(tmp_path, bad.value)
    assert len(lines) == 2
    assert lines[1].startswith("baseline.toml:")


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + TABLE.encode(),
        TABLE.encode("utf-16"),
        TABLE.replace(",", ";"),
        TABLE.replace(",", "\t"),
        TABLE.replace("\n", "\r\n"),
        "Members of the fit\n\n" + TABLE,
        TABLE.replace("member,explanation,weight", "Member, Explanation ,WEIGHT"),
        TABLE.replace("0.15", "1.5E-01"),
        TABLE.replace("c,in order", "c,In  order"),
        None,
    ],
    ids=["BOM", "UTF-16", "semicolons", "tabs", "Windows", "a title", "capitals", "powers",
         "spaces", "workbook"],
)  # fmt: skip
def test_what_spreadsheets_write_is_read(content: str | bytes | None, tmp_path: Path) -> None:
    written = workbook(TABLE) if content is None else content
    assert council(tmp_path, written).members == council(tmp_path).members


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ('[explanations]\nmembers = "none.csv"\n', "no such file; allowed is the path of a CSV"),
        ("[explanations]\nmembers = 3\n", "found 3, allowed is text in quotation marks"),
        ("[explanations]\n", "found nothing, allowed is text in quotation marks"),
        ('[explanations]\nmembers = "."\n', "found a folder, allowed is a plain file"),
        (NAMED + '[[change]]\nwhat = "explanations.members"\nset = "members.csv"\n',
         "found a change of explanations, allowed is the table [explanations]"),
    ],
)  # fmt: skip
def test_how_the_table_is_named_has_one_fault_at_its_line(
    named: str, problem: str, tmp_path: Path
) -> None:
    baseline = write_council(tmp_path)
    text = baseline.read_text(encoding="utf-8").replace(NAMED, named)
    baseline.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        load(baseline)
    (line,) = told(tmp_path, bad.value)
    assert line.startswith("baseline.toml:")
    assert problem in line
