"""What decides, in plain words: from the table of a sensitivity analysis."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ehc_sim.catalogue.tables import NAMED
from ehc_sim.present import words
from ehc_sim.present.frames import records

MOST_NAMED = 3
"""Numbers that a sentence names."""
_SMALL = 10
"""Amounts below it are told to a tenth."""


def measure(name: str) -> str:
    """Return a measure as a sentence has it: "the share on time", "plans issued over the plan"."""
    row = NAMED[name]
    if row.unit != "share":
        return row.words
    return f"the share {'' if row.words.startswith('on time') else 'of '}{row.words}"


def unit(name: str) -> str:
    """Return what a change of a measure is counted in."""
    counted = NAMED[name].unit
    return {"share": "points", "count": "", "pounds": ""}.get(counted, counted)


def amount(row: Mapping[str, Any]) -> str:
    """Return an effect with its range: "−4.7 (−6.5 to −2.9)", rounded to what the range supports.

    It is "about" so much where other numbers were at ends of their ranges too.

    Parameters
    ----------
    row : mapping
        A row of the table. A share is told in points, of a hundred.
    """
    about = "" if row["at_ends"] == "alone" else "about "
    return about + _amount(row)


def _amount(row: Mapping[str, Any]) -> str:
    times = 100 if row["unit"] == "share" else 1
    value, low, high = (times * row[name] for name in ("effect", "effect_low", "effect_high"))
    small = max(abs(value), abs(low), abs(high)) < _SMALL and row["unit"] != "pounds"
    if small or row["unit"] == "share":
        tenths = [_signed(f"{one:.1f}") for one in (value, low, high)]
        return f"{tenths[0]} ({tenths[1]} to {tenths[2]})"
    if row["unit"] == "pounds":
        return f"{_signed(words.pounds(value))} ({words.pounds_range(low, high)})"
    figures = words.counted(value, low, high)
    return f"{_signed(figures.figure)} ({figures.range})"


def _signed(text: str) -> str:
    text = text.replace("-", "−")
    if text.strip("−£0.,") == "":
        return text.removeprefix("−")
    return text if text.startswith("−") else f"+{text}"


def sentences(table: pd.DataFrame) -> list[str]:
    """Return what decides a measure, how much, and what it pays to find out.

    Parameters
    ----------
    table : DataFrame
        The rows of one measure, as ``Sensitivity.table`` has them.
    """
    rows = records(table)
    name = str(rows[0]["measure"])
    told = [row for row in rows if row["told_apart"]]
    count = f"the {words.how_many(len(rows))} numbers with a range"
    if len(rows) == 1:
        count = "the one number with a range"
    if not told:
        first = rows[0]
        return [
            f"None of {count} can be told to move {measure(name)}, with all of them looked at.",
            f"The largest that was seen, of {_quoted(first)}, is {_by(first)}, which may be "
            "chance.",
            "More runs (--runs) would tell smaller effects; there is nothing here that it would "
            "surely pay to find out.",
        ]
    return [_what(told, count, name), _how_much(told), _what_pays(told)]


def _what(told: list[dict[str, Any]], count: str, name: str) -> str:
    named = words.join([_quoted(row) for row in told[:MOST_NAMED]])
    first = f"first {named}" if len(told) > 1 else named
    return f"Of {count}, {words.how_many(len(told))} can be told to move {measure(name)}: {first}."


def _how_much(told: list[dict[str, Any]]) -> str:
    first, *others = told[:MOST_NAMED]
    more = "".join(f"; {_quoted(row)} by {_by(row)}" for row in others)
    return (
        f"From the low end of its range to the high end ({first['range']}), {_quoted(first)} moves "
        f"it by {_by(first)}{more}."
    )


def _what_pays(told: list[dict[str, Any]]) -> str:
    first, share = told[0], sum(row["share"] for row in told)
    together = (
        f" All {words.how_many(len(told))} together are {words.percent(min(share, 1.0))} of it."
        if len(told) > 1
        else ""
    )
    where = f" ({first['file']}, line {first['line']:.0f})" if first["file"] else ""
    return (
        f"If the council counted {_quoted(first)}{where}, the result would be less unsure: of the "
        f"variance that is left where demand is known, {words.percent(first['share'])} would go."
        f"{together}"
    )


def _by(row: Mapping[str, Any]) -> str:
    return f"{amount(row)} {unit(str(row['measure']))}".rstrip()


def _quoted(row: Mapping[str, Any]) -> str:
    return f"“{row['number']}”"


def interactions(table: pd.DataFrame) -> list[str]:
    """Return which numbers act together, and which depend on demand; nothing where none do."""
    rows, said = records(table), _together(records(table))
    for row in rows:
        if words.known(row["effect_few_requests"]):
            few, many = (_about(row, f"effect_{end}_requests") for end in ("few", "many"))
            counted = f" {unit(str(row['measure']))}".rstrip()
            said.append(
                f"What {_quoted(row)} does depends on demand: about {few}{counted} with few "
                f"requests, {many}{counted} with many."
            )
    return said


def _together(rows: list[dict[str, Any]]) -> list[str]:
    """Say each pair once, with the number that has most of them."""
    partners = {
        str(row["number"]): str(row["acts_with"]).split("; ")
        for row in rows
        if row["interactions"] == "yes"
    }
    said: list[str] = []
    for number in sorted(partners, key=lambda one: -len(partners[one])):
        others = [one for one in partners[number] if number in partners.get(one, [number])]
        for other in others:
            partners[other] = [one for one in partners.get(other, []) if one != number]
        if others:
            named = words.join([f"“{one}”" for one in others])
            said.append(
                f"“{number}” acts together with {named}: what one does depends on where the other "
                "is."
            )
        partners[number] = []
    return said


def _about(row: Mapping[str, Any], name: str) -> str:
    """Return an effect to two figures; a share to a whole point."""
    value = float(row[name])
    if row["unit"] == "share":
        return _signed(f"{100 * value:.0f}")
    if row["unit"] == "pounds":
        return _signed(words.pounds(value))
    return _signed(("−" if value < 0 else "") + words.rounded(abs(value)))


def cells(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one measure as a page shows them."""
    rows = records(table)
    name = str(rows[0]["measure"])
    counted = f", {unit(name)}" if unit(name) else ""
    return pd.DataFrame(
        {
            "Number": [row["number"] for row in rows],
            "File and line": [
                f"{row['file']}: {row['line']:.0f}" if row["file"] else "" for row in rows
            ],
            "Range": [row["range"] for row in rows],
            f"From low to high{counted} (95% range)": [amount(row) for row in rows],
            "Ends": [row["at_ends"] for row in rows],
            "Of the variance": [words.percent(row["share"]) for row in rows],
            "Told from chance": ["yes" if row["told_apart"] else "no" for row in rows],
            "Acts with others": [row["interactions"] for row in rows],
        }
    )
