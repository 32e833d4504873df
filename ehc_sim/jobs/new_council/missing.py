"""What DfE's figures of a council have not got, and what was done instead, in a line each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from ehc_sim.demand.findings import listed
from ehc_sim.jobs.new_council.baseline import Dates
from ehc_sim.jobs.new_council.figures import Found
from ehc_sim.jobs.new_council.numbers import count
from ehc_sim.jobs.new_council.stock import StockInHand

FEW_YEARS = 3
SMALL = 100
"""Requests a year below which a year's figures are mostly chance."""


def missing(
    found: Found, record: pd.DataFrame, dates: Dates, stock: StockInHand, filled: dict[str, Any]
) -> tuple[str, ...]:
    """Return a line for each thing that is missing or doubtful."""
    parts = (
        found.notes,
        _of_years(found, record, dates),
        _of_parts(found, filled),
        _of_published(found),
        _of_stock(found, dates, stock),
    )
    return tuple(dict.fromkeys(line for part in parts for line in part))


def _of_years(found: Found, record: pd.DataFrame, dates: Dates) -> Iterator[str]:
    name = found.council.name
    years = set(found.own.of("requests"))
    holes = [year for year in record["year"] if year not in years]
    if holes:
        told = listed(map(str, holes))
        yield f"No requests of {name} in {told}: in the record they are in between those around."
    for year in found.part_years:
        if year not in set(record["year"]):
            yield (
                f"{name} began in {year}, so that year is a part of one: it is left out, and the "
                f"run starts in {dates.run_from}."
            )
    if found.council.earlier:
        yield f"Not used: {listed(map(str, found.council.earlier))}, when {name} was another area."
    if record["requests"].iloc[-2:].mean() < SMALL:
        told = count(record["requests"].iloc[-2:].mean())
        yield (
            f"{name} has some {told} requests a year: shares of one year are taken from several "
            "together or from England, and no percentage of a year can be foretold."
        )
    recorded = dates.last_year - dates.run_from + 1
    if recorded < FEW_YEARS:
        told = "one year" if recorded == 1 else f"{recorded} years"
        yield f"The run-in has a record of {told} only."


def _of_parts(found: Found, filled: dict[str, Any]) -> Iterator[str]:
    borrowed = {
        "who asked": filled["sources"],
        "ages": filled["ages"],
        "needs": filled["needs"],
    }
    told = [words for words, numbers in borrowed.items() if _england(next(iter(numbers.values())))]
    single = {
        "refusals": filled["refused"].first,
        "assessments without a plan": filled["no_plan"].first,
        "mediations": filled["mediation"].first,
        "appeals": filled["appeals"].first,
        "plans that ended": filled["flows"].ceased.first,
        "plans that moved away": filled["flows"].moved_out,
        "outcomes of reviews": filled["amended"],
    }
    told += [words for words, number in single.items() if _england(number)]
    texts = {
        "refusals by who asked": filled["odds_by_source"],
        "refusals by age": filled["odds_by_age"],
        "plans that ended by age": str(next(iter(filled["flows"].ceased_by_age.values()))),
    }
    told += [words for words, text in texts.items() if ", England" in text]
    if told:
        yield (
            f"England's figures stand for {found.council.name}'s where these are not there or too "
            f"few: {', '.join(told)}."
        )


def _england(number: Any) -> bool:  # noqa: ANN401
    return ", England" in number.source


def _of_published(found: Found) -> Iterator[str]:
    if not found.own.of("issued"):
        yield (
            f"No assessments of {found.council.name}: there is nothing to hold the run-in against, "
            "and posts are sized to its requests."
        )


def _of_stock(found: Found, dates: Dates, stock: StockInHand) -> Iterator[str]:
    if dates.run_from not in found.own.of("plans"):
        yield f"No plans in place in January {dates.run_from}: {stock.source}."
    elif f"by the ages of January {dates.run_from}" not in stock.source:
        yield f"No ages of the plans in place in January {dates.run_from}: {stock.source}."
