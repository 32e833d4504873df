"""What DfE's downloads tell of one council, year by year, with England's beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from ehc_sim.demand.findings import listed
from ehc_sim.demand.sen2 import Sen2, read_sen2
from ehc_sim.demand.sen2_council import Council, council_of, history_in_sen2
from ehc_sim.demand.sen2_pathway import PATHWAY
from ehc_sim.demand.sen2_service import ENGLAND, service_in_sen2
from ehc_sim.scenario.faults import BadInput

KEYS = ["year", "measure", "by", "group"]
SHIPPED = Path(__file__).with_name("england.csv")
"""England's figures of 2025 (DfE's 2026 edition): for what a download has not got."""
FIRST_YEAR = 2016
"""First year of requests that DfE has; plans began in September 2014, and were few."""
UNKNOWN = r"unknown|not known"


@dataclass(frozen=True, eq=False)
class Figures:
    """Counts that DfE published of one place.

    Attributes
    ----------
    place : str
        The council, or England.
    table : Series
        The counts, by year, measure (see ``sen2_pathway``), by (all, age or source) and group; only
        those that are known.
    edition : str
        What a source calls the download.
    """

    place: str
    table: pd.Series[float]
    edition: str = "DfE SEN2"

    def of(self, measure: str) -> dict[int, float]:
        """Return the count of all by year, of the years in which it is known."""
        return self._all.get(measure, {})

    def total(self, measure: str, years: Sequence[int]) -> float:
        """Return the sum over some years; NaN where one of them is not known."""
        return float(sum(self.of(measure).get(year, np.nan) for year in years))

    def by(self, measure: str, by: str, years: Sequence[int]) -> pd.Series[float]:
        """Return counts by group, added up over some years; empty where none is known."""
        table = self.table
        level = table.index.get_level_values
        rows = (level(1) == measure) & (level(2) == by) & level(0).isin(list(years))
        found = table[rows & ~level(3).str.contains(UNKNOWN, case=False)]
        return found.groupby(level="group").sum()

    def years_by(self, measure: str, by: str) -> list[int]:
        """Return the years of which a count is known by group."""
        level = self.table.index.get_level_values
        return sorted(set(level(0)[(level(1) == measure) & (level(2) == by)]))

    @cached_property
    def _all(self) -> dict[str, dict[int, float]]:
        found: dict[str, dict[int, float]] = {}
        of_all = self.table.index.get_level_values("by") == "all"
        years, measures = (
            self.table.index.get_level_values(name)[of_all] for name in ("year", "measure")
        )
        for year, measure, value in zip(years, measures, self.table[of_all], strict=True):
            found.setdefault(str(measure), {})[int(year)] = float(value)
        return found


@dataclass(frozen=True, eq=False)
class Found:
    """What the downloads have.

    Attributes
    ----------
    own, england, shipped : Figures
        Of the council; of England in the same downloads; of England in 2025, as shipped.
    council : Council
        As the newest download has it.
    part_years : tuple of int
        Years of which the council was there for a part.
    notes : tuple of str
        What is missing, and what was done.
    """

    own: Figures
    england: Figures
    shipped: Figures
    council: Council
    part_years: tuple[int, ...]
    notes: tuple[str, ...]

    @property
    def places(self) -> tuple[Figures, Figures, Figures]:
        """Whose figures are taken: the council's, else England's, else those that are shipped."""
        return self.own, self.england, self.shipped


def find(name: str, files: Sequence[Path], until: int | None) -> Found:
    """Read what downloads have of a council.

    Parameters
    ----------
    name : str
        The council, by name or code.
    files : sequence of Path
        DfE's downloads; where two have a figure, the edition of the later year is taken.
    until : int or None
        Last calendar year that is known; what is later is not read.

    Raises
    ------
    BadInput
        If one is no such download, or the newest has no such council.
    """
    editions = sorted((read_sen2(path) for path in files), key=lambda sen2: sen2.years[1])
    newest = editions[-1]
    council = council_of(newest, name)
    parts, notes = [], list[str]()
    for sen2 in editions:
        try:
            same = council_of(sen2, council.number)  # it stays while names and codes change
        except BadInput:
            notes.append(f"{sen2.path.name} has no {council.name}: nothing was taken from it.")
            continue
        service = service_in_sen2(sen2, same, PATHWAY, who_asked=False)
        parts.append(service.figures)
        if sen2 is newest:
            notes += _together(service.notes)
    table = pd.concat(parts, ignore_index=True)
    table = table[table["value"].notna() & (table["year"] >= FIRST_YEAR)]
    # Plans in place are those of a January: known at the end of the year before.
    known_at = table["year"] - (table["measure"] == "plans")
    if until is not None:
        table = table[known_at <= until]
    table = table.drop_duplicates(["place", *KEYS], keep="last")
    years = sorted({sen2.years[1] + 1 for sen2 in editions})
    told = ", ".join(map(str, years))
    edition = f"DfE SEN2, {told} edition" if len(years) == 1 else f"DfE SEN2, editions {told}"
    own, england = (
        Figures(place, table[table["place"] == at].set_index(KEYS)["value"].sort_index(), edition)
        for place, at in ((council.name, council.name), (ENGLAND, ENGLAND))
    )
    return Found(
        own, england, shipped(), council, _part_years(newest, council), tuple(dict.fromkeys(notes))
    )


def _together(notes: Sequence[str]) -> list[str]:
    """Return notes of a reader with what one table does not tell in one line."""
    tables, others = dict[str, list[str]](), list[str]()
    for note in notes:
        told = re.fullmatch(r"(\S+) does not tell (.+) \(looked for .*\)\.", note)
        if told is None:
            others.append(note)
        else:
            tables.setdefault(told[1], []).append(told[2])
    return [*others, *(f"{table} does not tell {listed(of)}." for table, of in tables.items())]


def shipped() -> Figures:
    """Return England's figures that come with the program."""
    table = pd.read_csv(SHIPPED, dtype={"group": str})
    return Figures(ENGLAND, table.set_index(KEYS)["value"].sort_index(), "DfE SEN2, 2026 edition")


def _part_years(sen2: Sen2, council: Council) -> tuple[int, ...]:
    history = history_in_sen2(sen2, council)
    return tuple(int(str(year)) for year in history.index[history.left_out])
