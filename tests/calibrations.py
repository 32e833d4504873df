"""The small council with published figures, to calibrate in tests."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.scenario_files import SMALL

HEAD = "council,year,measure,by,group,value,allowed,fitted,source\n"
FIGURES = (
    "Smallshire,2023,completed,all,all,120,10%,no,Invented\n"
    "Smallshire,2024,completed,all,all,150,10%,no,Invented\n"
    "Smallshire,2024,issued_on_time,all,all,0.5,10 points,no,Invented\n"
    "Smallshire,2024-11,open_cases,all,all,95,10%,no,Invented\n"
    "Smallshire,2024,mean_weeks,all,all,99,,no,A check that is not judged\n"
)
IN_TURN = 'order = "mixed"\nnewest_share = 0\n'
"""The order of work of which the share of newest cases is a number."""


def council(folder: Path, figures: str = FIGURES, more: str = "") -> Path:
    """Write the small council's baseline with figures, and return its file."""
    shutil.copy(SMALL / "history.csv", folder / "history.csv")
    text = (SMALL / "baseline.toml").read_text(encoding="utf-8")
    named = 'name = "Smallshire"\n'
    assert named in text
    text = text.replace(named, named + 'published = "published.csv"\n')
    team = '[teams."educational psychologists"]\n'
    text = text.replace(team, team + IN_TURN)
    (folder / "baseline.toml").write_text(text + more, encoding="utf-8")
    (folder / "published.csv").write_text(HEAD + figures, encoding="utf-8")
    return folder / "baseline.toml"
