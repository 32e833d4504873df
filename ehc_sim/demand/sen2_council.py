"""One council in DfE's figures: which is meant, and its record of requests, like with like.

DfE's number of a council stays while its name or its code changes, and changes when its area does;
so years under another number are years of another area.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import pandas as pd

from ehc_sim.demand.findings import Finding, listed
from ehc_sim.demand.history import History
from ehc_sim.demand.sen2 import Sen2, by_group
from ehc_sim.demand.sen2_topics import ALL
from ehc_sim.demand.surprises import surprising_years
from ehc_sim.scenario.council_names import forms_of_name, plain_name, untitled
from ehc_sim.scenario.faults import BadInput, Fault

SUCCEEDED = {
    "bournemouth": ("Bournemouth, Christchurch and Poole", 2019),
    "poole": ("Bournemouth, Christchurch and Poole", 2019),
    "northamptonshire": ("North Northamptonshire or West Northamptonshire", 2021),
    "cumbria": ("Cumberland or Westmorland and Furness", 2023),
}
"""Councils that were replaced since 2014, by which, and in April of which year (the structural
changes orders of 2018, 2020 and 2022)."""
PERSON_LEVEL = 2022
"""First calendar year that DfE collected child by child (its 2023 collection): a break."""
NEAR = 5


@dataclass(frozen=True, eq=False)
class Council:
    """A council in DfE's figures.

    Attributes
    ----------
    name : str
        As DfE writes it.
    code : str
        Code of the Office for National Statistics in its last year.
    number : str
        DfE's number.
    rows : DataFrame
        Its rows of `Sen2.rows`.
    earlier : tuple of int
        Years under the same name and another number, which are of another area.
    """

    name: str
    code: str
    number: str
    rows: pd.DataFrame
    earlier: tuple[int, ...]

    def by(self, topic: str) -> pd.DataFrame:
        """Return requests by group (rows) and year (columns); empty where not given."""
        return by_group(self.rows[self.rows["topic"] == topic])


def councils(sen2: Sen2) -> tuple[str, ...]:
    """Return the names of every council, in order."""
    local = sen2.rows[sen2.rows["level"] == "local authority"]
    return tuple(sorted(local["name"].unique()))


def council_of(sen2: Sen2, wanted: str) -> Council:
    """Find a council by its name, without regard to case, or by one of its codes.

    Parameters
    ----------
    sen2 : Sen2
        DfE's figures.
    wanted : str
        Such as ``Somerset``, ``Somerset Council``, ``Bristol``, ``E10000027`` or ``933``.

    Raises
    ------
    BadInput
        If it is not in the file, or was replaced by another; with the nearest names.
    """
    local = sen2.rows[sen2.rows["level"] == "local authority"]
    names = local["name"].unique()
    named = [name for name in names if plain_name(name) == plain_name(wanted)]
    asked = untitled(forms_of_name(wanted))
    named = named or [name for name in names if forms_of_name(name) & asked]
    code = wanted.strip().upper()
    same = local["name"].isin(named) | (local["code"] == code) | (local["number"] == code)
    numbers = local.loc[same].sort_values("year")["number"].unique()
    if not len(numbers) or len(set(named)) > 1:
        raise BadInput([Fault(sen2.path, None, "council", _not_there(sen2, wanted, named))])
    rows = local[local["number"] == numbers[-1]].sort_values("year", kind="stable")
    last, name = rows.iloc[-1], str(rows.iloc[-1]["name"])
    if last["year"] < sen2.years[1]:
        raise BadInput([Fault(sen2.path, None, "council", _ended(sen2, name, int(last["year"])))])
    others = local[(local["name"] == name) & (local["number"] != numbers[-1])]
    earlier = tuple(sorted(int(year) for year in others["year"].unique()))
    return Council(name, str(last["code"]), str(last["number"]), rows, earlier)


def history_in_sen2(sen2: Sen2, council: Council) -> History:
    """Return a council's record by calendar year, with England's beside it.

    A year without a figure is not known, and never 0. Left out as well is the first year of a
    council that began within the file: it began on 1 April, so that year may be a part of one.

    Raises
    ------
    BadInput
        If no year has a figure.
    """
    total = council.rows[council.rows["topic"] == ALL].set_index("year")
    known_years = total.index[total["requests"].notna()]
    if not len(known_years):
        marks = ", ".join(f"{year} {mark or 'nothing'}" for year, mark in total["mark"].items())
        problem = f"{council.name} has no figure: found {marks or 'no row of all requests'}"
        raise BadInput([Fault(sen2.path, None, "council", problem)])
    years = np.arange(known_years.min(), max(known_years.max(), sen2.years[1]) + 1)
    requests = total["requests"].reindex(years)
    known = requests.notna().to_numpy()
    began = _began(sen2, council, int(total.index.min()))
    left_out = (years == began) & (known.sum() > 1)
    findings = tuple(
        _findings(sen2, council, total, requests, int(began) if any(left_out) else None)
    )
    return History(
        "yearly",
        np.array([str(year) for year in years], dtype="datetime64[Y]"),
        np.where(known, requests, 0).astype(np.int64),
        np.asarray(sen2.england.reindex(years), dtype=np.float64),
        (_meant(sen2, council, known_years), *(one.text for one in findings if one.kind == "done")),
        known,
        left_out,
        (),
        findings,
    )


def _began(sen2: Sen2, council: Council, first: int) -> int:
    """Return the year in which a council began, if that is within the file; else 0."""
    local = sen2.rows[(sen2.rows["level"] == "local authority") & (sen2.rows["topic"] == ALL)]
    return first if first > int(local["year"].min()) else 0


def _meant(sen2: Sen2, council: Council, known: pd.Index[int]) -> str:
    return (
        f"DfE's figures of {council.name} (code {council.code}, DfE's number {council.number}), "
        f"{known.min()} to {known.max()}, from {sen2.path.name}."
    )


def _findings(
    sen2: Sen2,
    council: Council,
    total: pd.DataFrame,
    requests: pd.Series[float],
    began: int | None,
) -> list[Finding]:
    found = [Finding("done", "definition", (), text) for text in sen2.notes]
    missing = [int(year) for year in requests.index[requests.isna()]]
    if missing:
        marks = {year: str(total["mark"].get(year, "")) or "no row" for year in missing}
        text = ", ".join(f"{year} ({mark})" for year, mark in marks.items())
        found.append(
            Finding(
                "done", "gap", tuple(map(str, missing)),
                f"DfE has no figure for {text}: taken as not known, and never as 0.",
            )
        )  # fmt: skip
    if began is not None:
        found.append(
            Finding(
                "done", "part year", (str(began),),
                f"{council.name} is first there in {began}. Councils begin on 1 April, so that "
                "year may be a part of one: it is shown, and nothing is learnt from it.",
            )
        )  # fmt: skip
    if council.earlier:
        numbers = listed(map(str, council.earlier))
        found.append(
            Finding(
                "done", "definition", tuple(map(str, council.earlier)),
                f"Not used: {numbers}, when {council.name} was another area (DfE's number was "
                "another).",
            )
        )  # fmt: skip
    years = np.array([str(year) for year in requests.index], dtype="datetime64[Y]")
    first, last = int(requests.index[0]), int(requests.index[-1])
    if first < PERSON_LEVEL <= last:
        found.append(
            Finding(
                "done", "definition", (str(PERSON_LEVEL),),
                f"From {PERSON_LEVEL} on DfE counts child by child (since its 2023 collection), "
                "before that councils sent totals: part of a change between the two may be in the "
                "counting.",
            )
        )  # fmt: skip
    return [*found, *surprising_years(years, requests.fillna(-1).to_numpy(dtype=np.float64))]


def _replaced(name: str, by: tuple[str, int]) -> str:
    return f"found {name}, which was replaced in April {by[1]}; allowed is {by[0]}"


def _ended(sen2: Sen2, name: str, year: int) -> str:
    if plain_name(name) in SUCCEEDED:
        return _replaced(name, SUCCEEDED[plain_name(name)])
    return f"found {name}, which ends in {year}; allowed is a council there is in {sen2.years[1]}"


def _not_there(sen2: Sen2, wanted: str, named: list[str]) -> str:
    if len(set(named)) > 1:
        return f'found "{wanted}", which may be {" or ".join(sorted(named))}; say which'
    if plain_name(wanted) in SUCCEEDED:
        return _replaced(f'"{wanted}"', SUCCEEDED[plain_name(wanted)])
    names = councils(sen2)
    near = _nearest(wanted, names)
    if near:
        return f'found "{wanted}", which is not in the file; did you mean {" or ".join(near)}?'
    return (
        f'found "{wanted}", which is not in the file and like no name in it; it has {len(names)} '
        f"councils, from {names[0]} to {names[-1]}"
    )


def _nearest(wanted: str, names: tuple[str, ...]) -> list[str]:
    plain = {plain_name(name): name for name in names}
    asked = plain_name(wanted)
    close = get_close_matches(asked, plain, n=3, cutoff=0.7)
    inside = [name for name in plain if asked and re.search(rf"\b{re.escape(asked)}", name)]
    return [plain[name] for name in dict.fromkeys([*close, *inside])][:NEAR]
