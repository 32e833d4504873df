"""Scenario files that several tests write."""

from __future__ import annotations

import shutil
from pathlib import Path

from ehc_sim.scenario import Scenario, load

SMALL = Path(__file__).parent / "data" / "small"


def smallshire(folder: Path, text: str = "") -> Scenario:
    """Return a scenario that extends Smallshire's baseline by some text."""
    for name in ("baseline.toml", "history.csv"):
        shutil.copy(SMALL / name, folder / name)
    head = 'extends = "baseline.toml"\nname = "Another"\nwhy = "To see"\n'
    (folder / "another.toml").write_text(head + text, encoding="utf-8")
    return load(folder / "another.toml")


def whole_service(folder: Path, text: str = "") -> Scenario:
    """Return a scenario that extends the one of Smallshire's whole service by some text."""
    for name in ("baseline.toml", "history.csv", "whole_service.toml", "plans.csv"):
        shutil.copy(SMALL / name, folder / name)
    head = 'extends = "whole_service.toml"\nname = "Another"\nwhy = "To see"\n'
    (folder / "another.toml").write_text(head + text, encoding="utf-8")
    return load(folder / "another.toml")


def change(what: str, how: str, *rest: str) -> str:
    """Return a [[change]] block."""
    return "\n".join(["[[change]]", f'what = "{what}"', how, *rest, ""])
