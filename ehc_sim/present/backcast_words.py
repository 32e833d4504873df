"""How far a forecast can be trusted, in plain words: from forecasts made as of a past year."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ehc_sim.catalogue.held_out import AS_THEY_CAME, MAIN, UNKNOWN, Held
from ehc_sim.catalogue.tables import NAMED
from ehc_sim.present import words
from ehc_sim.present.frames import records

ON_TIME = "issued_on_time"
HEADINGS = {
    UNKNOWN: "Told nothing of what came later",
    AS_THEY_CAME: "Told the requests and refusals as they came",
}


def main(table: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the measures that a forecast is judged by, in their order."""
    rows = table[table["measure"].isin(MAIN)]
    order = rows["measure"].map(MAIN.index)
    return (
        rows.assign(order=order).sort_values(["order", "year"], kind="stable").drop(columns="order")
    )


def trust(table: pd.DataFrame, held: Held) -> str:
    """Return in one sentence how far the forecast can be trusted.

    Parameters
    ----------
    table : DataFrame
        As ``experiment.held_out.held_out`` returns it.
    held : Held
        How many of its ranges held what was published, where nothing was told.
    """
    rows = main(table[table["requests"] == UNKNOWN])
    if rows.empty:
        return (
            "Nobody can say how far this forecast can be trusted, for nothing that was published "
            "since can be held against it."
        )
    if held.too_narrow:
        so = "use it to compare options, and take no single percentage or date from it"
    else:
        so = "take a percentage or a date from it only with its range, and never the middle alone"
    on_time = rows[rows["measure"] == ON_TIME]
    wide = [
        f"{_points(row['high80'] - row['low80'])} points wide in {row['year']}"
        for row in records(on_time)
    ]
    about = f" (that of plans on time is {words.join(wide)})" if wide else ""
    known = int(rows["year"].min()) - 1
    return (
        f"Made as at the end of {known}, the forecast's 80% ranges{about} held "
        f"{words.how_many(held.held)} of {words.how_many(held.of)} figures published since, "
        f"where about {words.how_many(round(held.expected))} would be expected: {so}."
    )


def sentences(table: pd.DataFrame) -> list[str]:
    """Return what the forecast said of plans on time, beside the same as in the last known year."""
    said = []
    for row in records(table[(table["measure"] == ON_TIME) & (table["requests"] == UNKNOWN)]):
        off = abs(row["median"] - row["published"])
        line = (
            f"Of plans on time in {row['year']} it said {words.percent(row['median'])} "
            f"({words.percent_range(row['low80'], row['high80'])}); "
            f"{words.percent(row['published'])} were, so its middle was {_points(off)} points out"
        )
        if words.known(row["last_known"]):
            last = abs(row["last_known"] - row["published"])
            line += f", and “as last known” {_points(last)}"
        said.append(f"{line}.")
    return said


def amount(value: float | None, measure: str) -> str:
    """Return a figure as its measure is counted: "34%", "728", "36.9"."""
    unit = NAMED[measure].unit
    return words.tenths(value) if unit == "weeks" else words.quantity(value, unit)


def cells(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows with plain headings, for a page's table."""
    return pd.DataFrame(
        [
            {
                "Figure": f"{words.capital(words.measure(row['measure']))}, {row['year']}",
                "Published": amount(row["published"], row["measure"]),
                "Foretold": amount(row["median"], row["measure"]),
                "80% range": _range(row, "80"),
                "95% range": _range(row, "95"),
                "Inside": _inside(row),
                "As the year before": amount(row["last_year"], row["measure"]),
                "As last known": amount(row["last_known"], row["measure"]),
            }
            for row in records(rows)
        ]
    )


def _range(row: Mapping[str, Any], level: str) -> str:
    low, high = (amount(row[f"{end}{level}"], row["measure"]) for end in ("low", "high"))
    return low if low == high else f"{low} to {high}"


def _inside(row: Mapping[str, Any]) -> str:
    if row["inside"]:
        return "80%"
    return "95% only" if row["inside95"] else "no"


def _points(share: float) -> str:
    return words.number(100 * share)
