"""Makers of scenario files with one mistake or several, and the lines that each must lead to.

Every entry holds small files by name. ``broken.toml`` is the one to read; each expected text must
be in the message, and the message must have no more lines than that.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

SMALL = Path(__file__).parents[1] / "data" / "small"
BASELINE = (SMALL / "baseline.toml").read_text(encoding="utf-8")
HISTORY = (SMALL / "history.csv").read_text(encoding="utf-8")
WHOLE_SERVICE = (SMALL / "whole_service.toml").read_text(encoding="utf-8")
PLANS = (SMALL / "plans.csv").read_text(encoding="utf-8")


class Broken(NamedTuple):
    """Scenario files that cannot be used."""

    name: str
    files: dict[str, str]
    expected: list[str]


def edited(name: str, *edits: tuple[str, str, str], also: str = "") -> Broken:
    """Return a complete scenario in which some text is replaced.

    Each edit is the old text, the new text, and what must be said of its first line; ``also`` is
    what must be said of another line.
    """
    text = BASELINE
    for old, new, _ in edits:
        assert text.count(old) == 1, f"{name}: {old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    expected = [
        f"broken.toml:{text[: text.index(new)].count(chr(10)) + 1}: {said}"
        for _, new, said in edits
        if said
    ] + ([also] if also else [])
    return Broken(name, {"broken.toml": text, "history.csv": HISTORY}, expected)


def extending(name: str, text: str, *expected: str) -> Broken:
    """Return a scenario that extends a complete one; its own text starts on line 4."""
    head = 'extends = "base.toml"\nname = "Another"\nwhy = "To see"\n'
    files = {"broken.toml": head + text, "base.toml": BASELINE, "history.csv": HISTORY}
    return Broken(name, files, list(expected))


def of_service(name: str, text: str, *expected: str) -> Broken:
    """Return a scenario that extends the one of the whole service; its text starts on line 4."""
    head = 'extends = "whole_service.toml"\nname = "Another"\nwhy = "To see"\n'
    files = {
        "broken.toml": head + text,
        "whole_service.toml": WHOLE_SERVICE,
        "baseline.toml": BASELINE,
        "history.csv": HISTORY,
        "plans.csv": PLANS,
    }
    return Broken(name, files, list(expected))


def alone(name: str, text: str, *expected: str, **others: str) -> Broken:
    """Return a scenario of one file, and others beside it."""
    files = {f"{other}.toml": content for other, content in others.items()}
    return Broken(name, {"broken.toml": text, **files}, list(expected))
