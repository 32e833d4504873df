"""One mistake is one line, and a slip in one place hides no fault of another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ehc_sim.scenario import BadInput, load, load_folder
from tests.unit.broken_makers import BASELINE, HISTORY

pytestmark = pytest.mark.unit

OTHERS = (
    ("refused = 0.2", "refused = 20", "decision_to_assess.refused: found 20"),
    ("rework = 0.15", "rework = 1.5", "drafting.rework: found 1.5"),
    ("leave_days = 30\n", "leave_days = 3000\n", "teams.educational psychologists.leave_days"),
)
"""Faults of three other tables, beside each slip."""

SLIPS = {
    "an unquoted text": ('name = "Smallshire"', "name = Smallshire"),
    "a comma in a number": ("cost_a_post = 42_000", "cost_a_post = 42,000"),
    "per cent": ("no_plan = 0.05", "no_plan = 5%"),
    "a key without a value": ("no_plan = 0.05", "no_plan"),
    "a date of no calendar": ("plan_from = 2025-01-01", "plan_from = 2025-02-30"),
    "text without an end": ('label = "Health"', 'label = "Health'),
    "a header without an end": ("[draft_to_final]", "[draft_to_final"),
    "a header with a space": ('[teams."senior officers"]', "[teams.senior officers]"),
    "an inline table without an end": ("sign = { mean_hours = 0.5 }", "sign = { mean_hours = 0.5"),
    "the same key twice": ("no_plan = 0.05", "no_plan = 0.05\nno_plan = 0.06"),
}


def faults_of(text: str, folder: Path) -> list[str]:
    (folder / "history.csv").write_text(HISTORY, encoding="utf-8")
    (folder / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load(folder / "x.toml")
    return str(caught.value).split("\n")


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


@pytest.mark.parametrize(("old", "new"), SLIPS.values(), ids=SLIPS)
def test_a_slip_hides_no_fault_of_another_table_and_makes_none(
    old: str, new: str, tmp_path: Path
) -> None:
    text = replaced(BASELINE, old, new)
    (alone,) = faults_of(text, tmp_path)
    line = BASELINE[: BASELINE.index(old)].count("\n") + 1
    named = re.search(r"x\.toml:(\d+): ", alone)
    assert named is not None
    assert line <= int(named[1]) <= line + new.count("\n")
    for good, bad, _ in OTHERS:
        text = replaced(text, good, bad)
    said = faults_of(text, tmp_path)
    assert [one for one in said if one == alone] == [alone]
    assert len(said) == len(OTHERS) + 1
    for *_, expected in OTHERS:
        assert any(expected in one for one in said)


def test_two_slips_in_two_tables_are_both_told(tmp_path: Path) -> None:
    text = replaced(BASELINE, *SLIPS["per cent"])
    text = replaced(text, *SLIPS["a comma in a number"])
    assert len(faults_of(text, tmp_path)) == 2


def test_a_slip_in_a_baseline_hides_no_fault_of_a_file_that_extends_it(tmp_path: Path) -> None:
    (tmp_path / "history.csv").write_text(HISTORY, encoding="utf-8")
    text = replaced(BASELINE, *SLIPS["per cent"])
    (tmp_path / "baseline.toml").write_text(text, encoding="utf-8")
    for name in ("a", "b"):
        text = f'extends = "baseline.toml"\nname = "{name}"\nwhy = "To see"\n'
        text += f"[drafting]\nrework = {'1.5' if name == 'a' else '150%'}\n"
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        load_folder(tmp_path)
    files = sorted(fault.file.name for fault in caught.value.faults if fault.file)
    assert files == ["a.toml", "b.toml", "baseline.toml"]


@pytest.mark.parametrize("header", ["[period]", "[target]", "[decision_to_issue]", "[drafting]"])
def test_a_header_that_is_forgotten_is_one_line(header: str, tmp_path: Path) -> None:
    text = replaced(BASELINE, f"{header}\n", "\n")
    said = faults_of(text, tmp_path)
    line = BASELINE[: BASELINE.index(f"{header}\n")].count("\n") + 2
    assert len(said) == 1, said
    assert f"allowed is the line {header} before them" in said[0]
    assert f"x.toml:{line}: " in said[0]


def test_a_header_that_is_forgotten_before_keys_that_its_table_has_too_is_one_line(
    tmp_path: Path,
) -> None:
    (said,) = faults_of(replaced(BASELINE, "[draft_to_final]\n", "\n"), tmp_path)
    assert 'drafting: found "team", "effort' in said
    assert "is the line with the name of their table missing before them?" in said


def test_a_table_that_is_missing_is_one_line(tmp_path: Path) -> None:
    start = BASELINE.index("[period]")
    text = BASELINE[:start] + BASELINE[BASELINE.index("[", start + 1) :]
    (said,) = faults_of(text, tmp_path)
    assert "period: found nothing, allowed is a table" in said
