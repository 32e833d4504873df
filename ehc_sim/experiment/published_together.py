"""Whether published figures can all be right: of a year and of its parts, and of days to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from ehc_sim.catalogue.tables import MEASURES

if TYPE_CHECKING:
    from ehc_sim.experiment.published import Published

FLOWS = tuple(row.name for row in MEASURES["yearly"] if row.unit == "count")
"""Counts of a year that are what its quarters or months add up to."""
MEANS = tuple(row.name for row in MEASURES["yearly"] if row.unit in ("share", "weeks"))
"""What of a year lies between the least and the most of its quarters or months."""
AS_ROUNDED, POINTS_APART, WEEKS_APART = 0.1, 0.05, 1.0
"""How far apart figures of two sources may be, of a later count or of cases that were put right:
part of a count, difference of shares, weeks."""

Numbered = tuple[int, "Published"]
"""A figure and its line."""


def not_begun(figure: Published, today: date) -> str | None:
    """Return why nobody can have published a figure yet; None where somebody can."""
    month = int(figure.month[-2:]) if figure.month else 1
    if figure.quarter:
        month = 3 * int(figure.quarter[-1]) - 2
    if date(figure.year, month, 1) <= today:
        return None
    return f"found {figure.period}, which is after today, {today}: is the year right?"


def contradictions(figures: Sequence[Numbered]) -> Iterator[tuple[int, str, str]]:
    """Yield the line of each figure of a year that its quarters or months gainsay, where and what.

    Parameters
    ----------
    figures : sequence of (int, Published)
        Each with its line.
    """
    found: dict[Any, dict[str, list[Numbered]]] = {}
    for line, one in figures:
        if one.compared:
            kind = "months" if one.month else "quarters" if one.quarter else "year"
            key = one.year, one.measure, one.by, one.group
            found.setdefault(key, {}).setdefault(kind, []).append((line, one))
    for parts in found.values():
        for line, year in parts.get("year", ()):
            for kind, whole in (("quarters", 4), ("months", 12)):
                told = _against(year, parts, kind, whole)
                if told is not None:
                    yield line, f"{year.period}, {year.measure}, {year.by} {year.group}", told


def _against(
    year: Published, parts: Mapping[str, Sequence[Numbered]], kind: str, whole: int
) -> str | None:
    those = parts.get(kind, ())
    if not those:
        return None
    values = [one.value for _, one in those]
    said = year.tolerance if year.tolerance > 0 else 0.0
    lines = [line for line, _ in those]
    where = f"lines {lines[0]} to {lines[-1]}" if len(lines) > 1 else f"line {lines[0]}"
    if year.measure in FLOWS:
        total, off = sum(values), max(said, AS_ROUNDED * year.value, 1.0)
        if total > year.value + off or (len(those) == whole and total < year.value - off):
            come = "come" if len(those) > 1 else "comes"
            of = kind if len(those) > 1 else kind[:-1]
            return (
                f"found {year.value:,.0f}, but the {of} of it ({where}) {come} to {total:,.0f}; "
                "allowed are figures that can both be right"
            )
    if year.measure in MEANS and len(those) == whole:
        of_weeks = max(*values, year.value) > 1
        off = max(said, WEEKS_APART if of_weeks else POINTS_APART)
        if not min(values) - off <= year.value <= max(values) + off:
            return (
                f"found {year.value:g}, but its {kind} ({where}) are {min(values):g} to "
                f"{max(values):g}; allowed are figures that can both be right"
            )
    return None
