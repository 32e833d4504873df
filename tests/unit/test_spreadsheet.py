"""Tables open in Excel as they are, and are read back the same."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehc_sim.safe.cells import get_table, put_table

pytestmark = pytest.mark.unit

NAMES = (
    *("+2 psychologists, £8k", "=1+1", "-3 posts", "@home", "\tx", "'=1", "''+1", "'quoted'"),
    *("1", "2", "01", "1e5", "None", "NaN", "nan", "NA", "TRUE", "null", "", "2026-05-01"),
    *("Gāvīn’s “plan” – 5 × 2", 'a "b", c', "−£7"),
)


def test_every_name_comes_back_as_it_was(tmp_path: Path) -> None:
    put_table(pd.DataFrame({"scenario": NAMES, "cost": -1.5}), tmp_path / "t.csv")
    again = get_table(tmp_path / "t.csv")
    assert again["scenario"].tolist() == list(NAMES)
    assert again["cost"].astype(float).tolist() == [-1.5] * len(NAMES)


@given(names=st.lists(st.text(st.characters(exclude_characters="\r\n", codec="utf-8")), min_size=1))
def test_any_text_comes_back_as_it_was(
    names: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("tables") / "t.csv"
    put_table(pd.DataFrame({"scenario": names, "number": 1}), path)
    assert get_table(path)["scenario"].tolist() == names


def test_no_cell_of_text_is_a_formula_and_numbers_stay_numbers(tmp_path: Path) -> None:
    table = pd.DataFrame({"=sum": ["x"] * len(NAMES), "scenario": NAMES, "cost": -1234567.891})
    put_table(table, tmp_path / "t.csv")
    raw = (tmp_path / "t.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")  # by which Excel knows UTF-8
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["'=sum", "scenario", "cost"]
    for row in rows[1:]:
        assert not row[1].startswith(("=", "+", "-", "@", "\t", "\r"))
        assert row[2] == "-1234567.9"


def test_what_is_no_table_is_a_value_error(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ValueError, match="utf-8"):
        get_table(tmp_path / "t.csv")
    (tmp_path / "t.csv").write_bytes(b"")
    with pytest.raises(ValueError, match="No columns"):
        get_table(tmp_path / "t.csv")
