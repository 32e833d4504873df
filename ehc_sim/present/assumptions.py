"""The numbers behind a run in words: those without a source, and those set to fit the past."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ehc_sim.present import words
from ehc_sim.present.frames import Frames, records

_PARTS = {
    "demand": "Demand",
    "requests": "Who asks, and for whom",
    "decision_to_assess": "Decision to assess",
    "advice": "Advice",
    "decision_to_issue": "Decision to issue",
    "drafting": "Drafting",
    "draft_to_final": "Draft to final plan",
    "disputes": "Disputes",
    "meetings": "Outcome and Provision meetings",
    "plans": "Plans already in place",
    "exceptions": "Exceptions",
    "teams": "Teams",
    "panels": "Panels",
    "costs": "Costs",
}

_CHANGES = "What changes, and when"

_LIKELY = re.compile(r"(\S+) to (\S+)( by explanation)?, most likely (\S+)")
"""A number given as a range, which is told as "11 (8 to 14)"."""

_SHARED_BY = 3
"""From so many subjects on, a number that they share is said once."""


@dataclass(frozen=True)
class Subject:
    """Numbers about one thing.

    Attributes
    ----------
    name : str
        Such as a team, or "all"; empty for the part as a whole.
    numbers : tuple of str
        Each "posts 11 (8 to 14)": the most likely number, and the lowest and highest.
    """

    name: str
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """A part of the scenario with its subjects."""

    title: str
    subjects: tuple[Subject, ...]


def without_source(frames: Frames) -> list[Part]:
    """Return every number without a source, in the order of the scenario, grouped by part."""
    return _grouped(_unsourced(frames))


def set_by_hand(frames: Frames) -> list[Part]:
    """Return those without a source that somebody set, in the same order and groups.

    They have a note or a range, or are what an option changes. The others are defaults: shapes of
    distributions, and what is switched off. What was set to fit the past is told by itself.
    """
    return _grouped(_by_hand(frames))


def how_many(frames: Frames) -> tuple[int, int]:
    """Return how many numbers have no source, and how many of them `set_by_hand` tells."""
    return len(_unsourced(frames)), len(_by_hand(frames))


def _unsourced(frames: Frames) -> pd.DataFrame:
    rows = _labelled(frames)
    return rows[rows["source"].fillna("") == ""]


def _labelled(frames: Frames) -> pd.DataFrame:
    """Return the numbers with the teams in their paths called by their labels."""
    called = frames.manifest.get("teams", {})

    def path(text: str) -> str:
        table, _, rest = text.partition(".")
        team, dot, setting = rest.partition(".")
        return f"{table}.{called.get(team, team)}{dot}{setting}" if table == "teams" else text

    return frames.assumptions.assign(path=frames.assumptions["path"].map(path))


def _by_hand(frames: Frames) -> pd.DataFrame:
    rows = _unsourced(frames)
    told = (
        (rows["note"].fillna("") != "")
        | rows["value"].str.contains("most likely", regex=False)
        | (rows["change"] != "")
    )
    return rows[told & ~rows["fitted"]]


def set_to_fit(frames: Frames) -> list[str]:
    """Return the unknowns that were set so that the model fits the past, in words."""
    rows = _labelled(frames)
    rows = rows[rows["fitted"]]
    told: dict[str, list[str]] = {}
    for path, change, value in zip(rows["path"], rows["change"], rows["value"], strict=True):
        name = f"{_subject_of(path)} {_leaf_of(path)}".strip().rstrip(":")
        since = re.search(r" from .*", change)
        told.setdefault(name, []).append(_short(value) + (_dated(since[0]) if since else ""))
    return [f"{name} ({'; '.join(values)})" for name, values in told.items()]


def _grouped(rows: pd.DataFrame) -> list[Part]:
    parts: dict[str, dict[str, list[str]]] = {}
    for row in records(rows):
        if row["change"]:
            _add_change(parts.setdefault(_CHANGES, {}), row)
            continue
        fit = " (set to fit)" if row["fitted"] else ""
        said = f"{_leaf_of(row['path'])} {_short(row['value'])}{fit}"
        part = parts.setdefault(row["path"].split(".")[0], {})
        part.setdefault(_group_of(row["path"]), []).append(said)
    return [
        Part(
            _PARTS.get(title, words.capital(_plain(title))),
            _subjects(said, name_all=title == _CHANGES),
        )
        for title, said in parts.items()
    ]


def _add_change(said: dict[str, list[str]], row: Mapping[str, Any]) -> None:
    """Add a change, or what it costs to the change that was told before."""
    steps = row["path"].split(".")
    subject = _plain(" ".join(steps[1:] if steps[0] in ("teams", "advice") else steps))
    how, cost = _short(_dated(row["change"])), f"cost {row['cost']} £{row['value']}"
    told = said.setdefault(subject, [])
    if not row["cost"]:
        told.append(how)
    elif told and told[-1].startswith(how):
        told[-1] += f", {cost}"
    else:
        told.append(f"{how}: {cost}")


def _subjects(said: dict[str, list[str]], name_all: bool) -> tuple[Subject, ...]:
    """Return the subjects of a part, with what several of them share said once, first.

    Whoever shares it is named one by one with `name_all`: changes are not all of one kind of thing.
    """
    holders: dict[str, list[str]] = {}
    for name, numbers in said.items():
        for number in numbers if name else ():  # what stands in the part itself has no name
            holders.setdefault(number, []).append(name)
    shared: dict[tuple[str, ...], list[str]] = {}
    for number, names in holders.items():
        if len(names) >= _SHARED_BY:
            shared.setdefault(tuple(names), []).append(number)
    named = [name for name in said if name]
    alike = [
        Subject(words.join(names) if name_all else _which(names, named), tuple(numbers))
        for names, numbers in shared.items()
    ]
    own = [
        Subject(name, tuple(n for n in numbers if len(holders.get(n, ())) < _SHARED_BY))
        for name, numbers in said.items()
    ]
    return (*alike, *(subject for subject in own if subject.numbers))


def _which(names: tuple[str, ...], everyone: list[str]) -> str:
    """Return "all", "all but …", or the names."""
    others = [name for name in everyone if name not in names]
    if not others:
        return "all"
    return f"all but {words.join(others)}" if len(others) < len(names) else words.join(names)


def _group_of(path: str) -> str:
    """Return the second step of a path of three or more: a team, a panel, a table of shares."""
    steps = path.split(".")
    return _plain(steps[1]) if len(steps) > 2 else ""


def _subject_of(path: str) -> str:
    return _group_of(path) or _PARTS.get(path.split(".")[0], _plain(path.split(".")[0]))


def _leaf_of(path: str) -> str:
    """Return the rest of a path; a bare number such as an age is set off with a colon."""
    steps = path.split(".")
    leaf = " ".join(_plain(step) for step in (steps[2:] if len(steps) > 2 else steps[1:]))
    return f"{leaf}:" if leaf[-1:].isdigit() else leaf


def _dated(how: str) -> str:
    """Return a change with the first of a month in words, such as "from July 2022"."""
    return re.sub(r"\b\d{4}-\d\d-01\b", lambda day: words.month(day[0]), how)


def _short(text: str) -> str:
    return _LIKELY.sub(r"\4 (\1 to \2\3)", text)


def _plain(step: str) -> str:
    return step.replace("_", " ")
