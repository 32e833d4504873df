"""A calibration in plain words: what was matched, what is known, and what to measure next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from ehc_sim.catalogue.tables import NAMED
from ehc_sim.present import words
from ehc_sim.present.frames import records

ALL = "all"
MUCH, LITTLE = 0.5, 0.2
"""Parts by which a range must have become narrower to be called learned, or not to be."""
MOST_PAIRS = 6

Cells = tuple[Sequence[str], Sequence[Sequence[str]]]

_NEXT = (
    (
        r"teams\..*\.posts",
        "Posts that were filled, by team and month, with the hours that go to statutory work.",
        "the principal educational psychologist and the head of the team",
    ),
    (
        r"teams\..*\.newest_share",
        "In which order cases are taken: the date of the request of each advice given last month.",
        "the principal educational psychologist",
    ),
    (
        r"decision_to_assess\.refused",
        "What became of each year's requests: assessed, refused, withdrawn, moved, still open.",
        "whoever makes the SEN2 return",
    ),
    (
        r"advice\.",
        "For each advice the day on which it was asked for and the day on which it came in.",
        "whoever keeps the case system, and the designated clinical officer",
    ),
    (
        r"draft_to_final\.",
        "How many cases wait for a placement after the draft plan, and for how many weeks.",
        "the placements team",
    ),
)
"""What to ask for, and of whom, where numbers of such a path are not known."""


def lead(figures: pd.DataFrame, explanations: pd.DataFrame) -> list[str]:
    """Return the answer: how many figures are matched, which are not, and by which explanations."""
    matched = int(figures["matched"].sum())
    said = [
        f"{words.capital(words.how_many(matched))} of {words.how_many(len(figures))} published "
        f"{words.plural(len(figures), 'figure is', 'figures are')} matched."
    ]
    missed = [figure_of(row) for row in records(figures[~figures["matched"].astype(bool)])]
    if missed:
        said.append(f"Missed: {words.join(missed)}.")
    kept = explanations[explanations["weight"] > 0]
    if len(kept) > 1:
        shares = [f"“{r['explanation']}” ({words.percent(r['weight'])})" for r in records(kept)]
        said.append(
            f"The past can be explained in {words.how_many(len(kept))} ways, and each simulated "
            f"future takes one of them: {words.join(shares)}."
        )
    return said


def known(numbers: pd.DataFrame) -> list[str]:
    """Return which numbers the figures tell, and of which they tell next to nothing."""
    learned = numbers[numbers["learned"].astype(bool)]
    narrower = learned.groupby("of", sort=False)["narrower"].median()
    much = [str(name) for name in narrower.index[narrower >= MUCH]]
    little = [str(name) for name in narrower.index[narrower < LITTLE]]
    said = []
    if much:
        said.append(
            f"The figures tell much of these numbers: {'; '.join(much)}. What is possible is less "
            "than half as wide as what was assumed."
        )
    if little:
        said.append(f"They tell next to nothing of these: {'; '.join(little)}.")
    return said


def explained(explanations: pd.DataFrame) -> list[str]:
    """Return what is to be said of explanations that the figures rule out, or hardly favour."""
    said = [
        f"The figures rule out “{row['explanation']}”: its middle member is {row['off']:.1f} times "
        "as far off as can be expected."
        for row in records(explanations[explanations["weight"] == 0])
    ]
    kept = explanations[explanations["weight"] > 0]
    if len(kept) > 1:
        said.append(
            "Each explanation keeps a fifth of the weight at least, for the figures are of too few "
            "years to tell them apart, and how a service works changes."
        )
    return said


def cells_of_explanations(explanations: pd.DataFrame) -> Cells:
    """Return the table of explanations."""
    head = ("Explanation", "Share of the futures", "Members", "How far off", "Before")
    return head, [
        [
            row["explanation"],
            words.percent(row["weight"]) if row["weight"] else "ruled out",
            words.number(row["members"]),
            f"{row['off']:.1f}",
            f"{row['off_assumed']:.1f}",
        ]
        for row in records(explanations)
    ]


def cells_of_figures(figures: pd.DataFrame) -> Cells:
    """Return the table of figures: published, simulated, and whether they are matched."""
    head = ("Figure", "Published", "Simulated", "8 in 10", "Before: 8 in 10", "Matched")
    rows = []
    for row in records(figures):
        unit = NAMED[row["measure"]].unit
        rows.append(
            [
                figure_of(row),
                _quantity(row["published"], unit),
                _quantity(row["median"], unit),
                _between(row["low80"], row["high80"], unit),
                _between(row["assumed_low80"], row["assumed_high80"], unit),
                "yes" if row["matched"] else "no",
            ]
        )
    return head, rows


def cells_of_numbers(numbers: pd.DataFrame) -> Cells:
    """Return the table of numbers that members set."""
    head = ("Number", "Assumed: 8 in 10", "Found: middle", "Found: 8 in 10", "Narrower by")
    return head, [
        [
            row["number"],
            f"{_plain(row['assumed_low80'])} to {_plain(row['assumed_high80'])}",
            _plain(row["median"]),
            f"{_plain(row['low80'])} to {_plain(row['high80'])}",
            _narrower(row),
        ]
        for row in records(numbers)
    ]


def of_trade_offs(trade_offs: pd.DataFrame) -> list[str]:
    """Return pairs of numbers that cannot be told apart, in sentences."""
    said = []
    for row in records(trade_offs.head(MOST_PAIRS)):
        as_well = "more" if row["correlation"] > 0 else "less"
        said.append(
            f"{words.capital(row['first'])} and {row['second']} (“{row['explanation']}”): more of "
            f"the one fits as well with {as_well} of the other (correlation "
            f"{row['correlation']:.2f})."
        )
    return said


def to_measure(numbers: pd.DataFrame, figures: pd.DataFrame) -> list[str]:
    """Return what to ask for, and of whom: first what the figures tell least of."""
    learned = numbers[numbers["learned"].astype(bool)]
    found = []
    for place, (path, what, whom) in enumerate(_NEXT):
        of_path = learned[[re.match(path, one) is not None for one in learned["path"]]]
        if len(of_path) and of_path["narrower"].median() < MUCH:
            found.append((of_path["narrower"].median(), place, f"{what} Ask {whom}."))
    said = [text for _, _, text in sorted(found)]
    if not any("-" in str(period) for period in figures["period"]):
        said.append(
            "The council's own figures by month: decisions, advice in, plans issued, the share on "
            "time and open cases by step. They go into published.csv, and calibrate again."
        )
    return said


def figure_of(row: dict[str, Any]) -> str:
    """Return what a figure is of: "plans issued on time in 2024"."""
    group = "" if row["by"] == ALL else f", {row['group']},"
    return f"{words.measure(row['measure'])}{group} in {_when(str(row['period']))}"


def _when(period: str) -> str:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}", period):
        return f"{date.fromisoformat(period + '-01'):%B %Y}"
    year, _, quarter = period.partition("-Q")
    return f"quarter {quarter} of {year}" if quarter else year


def _quantity(value: float, unit: words.Unit) -> str:
    return words.tenths(value) if unit == "weeks" else words.quantity(value, unit)


def _between(low: float, high: float, unit: words.Unit) -> str:
    first, last = _quantity(low, unit), _quantity(high, unit)
    return first if first == last else f"{first} to {last}"


def _plain(value: float) -> str:
    return f"{value:,.3g}" if abs(value) < 1000 else words.number(value)


def _narrower(row: dict[str, Any]) -> str:
    if not row["learned"]:
        return "after the figures"
    return words.percent(row["narrower"]) if row["narrower"] > 0 else "not at all"
