"""Why requests rise in three plain sentences: who, how many children, and England beside it."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ehc_sim.present import words
from ehc_sim.present.charts.rise import figures
from ehc_sim.present.frames import records

CHANCE = "which cannot be told from chance"
MORE_THAN_CHANCE = "more than chance explains"


def three_sentences(rise: pd.DataFrame, notes: Sequence[str] = ()) -> list[str]:
    """Return why requests rose, in three sentences; or why that cannot be said.

    Parameters
    ----------
    rise : DataFrame
        As ``Rise.table``.
    notes : sequence of str
        As ``Rise.notes``.
    """
    if rise.empty:
        return list(notes)
    return [_who(rise), _children(rise), _england(rise, notes)]


def _who(rise: pd.DataFrame) -> str:
    whole = records(rise[rise["question"] == "all"])[0]
    change = whole["change"]
    periods = f"from {words.number(whole['before'])} in {whole['first']} to " + (
        f"{words.number(whole['after'])} in {whole['last']}"
    )
    periods = periods.replace("in 12 months", "in the 12 months")
    if change == 0:
        return f"Requests were as many as before, {periods}."
    verb = "rose" if change > 0 else "fell"
    percent = "" if math.isnan(whole["percent"]) else f", {100 * whole['percent']:+.0f}%"
    told = f"Requests {verb} {periods} ({words.signed(change)}{percent.replace('-', '−')})"
    largest = [
        _largest(rise[rise["question"] == topic], change) for topic in ("source", "age", "need")
    ]
    named = [part for part in largest if part]
    if named:
        told += f", the largest part of it from {words.join(named)}"
    else:
        told += ", and the record does not say from whom"
    return f"{told}; {_verdict_of_all(whole)}."


def _largest(rows: pd.DataFrame, change: float) -> str:
    """Return the part that moved most in the direction of the whole: "age 0 to 4 (+43)"."""
    if len(rows) < 2:
        return ""
    best = records(rows.sort_values("change", ascending=change < 0, kind="stable"))[0]
    part = str(best["part"])
    named = f"age {part}" if part[:1].isdigit() else words.uncapital(part)
    return f"{named} ({words.signed(best['change'])})"


def _verdict_of_all(whole: Mapping[str, Any]) -> str:
    ends = f"{words.signed(whole['low95'])} to {words.signed(whole['high95'])}"
    if whole["clear"]:
        return f"that is {MORE_THAN_CHANCE} (95% range {ends})"
    return f"a council's requests can change as much by chance (95% range {ends})"


def _children(rise: pd.DataFrame) -> str:
    rows = {row["part"]: row for row in records(rise[rise["question"] == "population"])}
    if not rows:
        return (
            "Whether there are more children, or more requests for each child, cannot be told "
            "without the number of children by age."
        )
    rate = rows["requests for each child"]
    told = f"The number of children brought {words.signed(rows['number of children']['change'])}"
    if "mix of ages" in rows:
        told += f" and the mix of their ages {words.signed(rows['mix of ages']['change'])}"
    if "age not known" in rows:
        told += (
            f" (children whose age is not known: {words.signed(rows['age not known']['change'])})"
        )
    return f"{told}; requests for each child brought {_figures(rate)}, {_verdict(rate)}."


def _england(rise: pd.DataFrame, notes: Sequence[str]) -> str:
    rows = {row["part"]: row for row in records(rise[rise["question"] == "England"])}
    if not rows:
        found = [note for note in notes if note.startswith("Not compared with England")]
        return found[0] if found else "The change is not compared with England."
    own = rows["the council's own"]
    growing = rows["as England's requests grew"]["change"] + rows.get("mix of ages", {}).get(
        "change", 0.0
    )
    ages = " at each age" if "mix of ages" in rows else ""
    years = f"from {own['first']} to {own['last']}"
    return (
        f"Had requests grown as England's did{ages} {years}, there would be {_more(growing)}; the "
        f"council's own part is {_figures(own)}, {_verdict(own)}."
    )


def _more(change: float) -> str:
    number = words.number(abs(change))
    return f"{number} more" if change >= 0 else f"{number} fewer"


def _figures(row: Mapping[str, Any]) -> str:
    return figures(row["change"], row["low95"], row["high95"])


def _verdict(row: Mapping[str, Any]) -> str:
    return MORE_THAN_CHANCE if row["clear"] else CHANCE
