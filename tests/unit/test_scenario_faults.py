"""Faults as they are said: one mistake made many times is said five times and counted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ehc_sim.scenario.faults import BadInput, Fault, summarised

pytestmark = pytest.mark.unit

FILE = Path("cases.csv")


def wrong(line: int, found: str = "x", column: str = "received") -> Fault:
    return Fault(FILE, line, f"column {column}", f'found "{found}", allowed is a day')


def test_many_of_a_kind_are_the_first_five_and_a_count() -> None:
    said = str(BadInput(wrong(line, f"day {line}") for line in range(2, 5069))).splitlines()
    assert said[:5] == [str(wrong(line, f"day {line}")) for line in range(2, 7)]
    assert said[5:] == ["cases.csv: and 5,062 more of this kind (lines 7 to 5068)"]


def test_the_faults_themselves_are_all_kept() -> None:
    assert len(BadInput(wrong(line) for line in range(2, 5069)).faults) == 5067


def test_another_fault_is_not_hidden_among_them() -> None:
    other = Fault(FILE, 100, "column age", "empty; allowed is an age")
    said = summarised([*(wrong(line) for line in range(2, 60)), other])
    assert said[-1] == str(other)
    assert len(said) == 7


def test_six_are_all_said() -> None:
    """That there is one more tells less than the one."""
    assert summarised(map(wrong, range(2, 8))) == [str(wrong(line)) for line in range(2, 8)]


def test_columns_of_a_table_share_a_kind_and_files_do_not() -> None:
    columns = [wrong(line, column=name) for name in ("received", "since") for line in range(2, 9)]
    assert len(summarised(columns)) == 6
    files = [Fault(Path(name), 1, "", "no such file") for name in "abcdefghij"]
    assert summarised(files) == [str(fault) for fault in files]


def test_settings_that_differ_in_more_than_numbers_are_kinds_of_their_own() -> None:
    faults = [
        Fault(None, None, f"teams.{name}.posts", "found -1, allowed is 0") for name in "abcdefg"
    ]
    assert len(summarised(faults)) == 7
    same = [Fault(None, None, f"change {n}", f"found {n}, allowed is 0") for n in range(9)]
    assert summarised(same)[5:] == ["and 4 more of this kind"]


def calls_of(count: int) -> int:
    """Return how many functions are called to say so many faults of one kind."""
    faults, calls = [wrong(line) for line in range(2, count + 2)], 0

    def count_one(frame: object, event: str, what: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count_one)
    try:
        summarised(faults)
    finally:
        sys.setprofile(before)
    return calls


def test_what_a_fault_has_in_common_with_others_is_found_once_for_each_text() -> None:
    """Twice, with a search of each text, it took a quarter of the time of a large bad file."""
    a_fault = (calls_of(3_000) - calls_of(1_000)) / 2_000
    assert a_fault < 15
