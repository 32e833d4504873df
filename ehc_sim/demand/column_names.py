"""Columns of a record under other names, told by a word of the name and by what stands in them."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from ehc_sim.inputs import is_mark, whole_in
from ehc_sim.inputs.days import are_days, are_months, most
from ehc_sim.scenario.csv_table import COUNCIL, CsvTable
from ehc_sim.scenario.personal import names_a_person

_REQUEST = {"request", "requests", "requested", "referral", "referrals", "referred"}
_RECEIVED = {*_REQUEST, "received", "receipt", "recd", "rec'd"}
_BESIDE = {
    "date", "day", "month", "year", "calendar", "number", "no", "no.", "count", "total", "all",
    "new", "initial", "ehc", "ehcp", "ehcna", "needs", "assessment", "assessments", "of", "on",
    "the", "for", "by", "in", "was", "la", "council",
}  # fmt: skip
"""Words that may be in the name of such a column too. With any other, such as decision or agreed,
it is of something else, or may be."""


@dataclass(frozen=True)
class _Meaning:
    """What a column may be called otherwise."""

    words: Collection[str]
    """One of which is in the name."""
    holds: Callable[[list[str]], bool]
    what: str


def _are_counts(cells: list[str]) -> bool:
    return most(cells, lambda cell: whole_in(cell) is not None or is_mark(cell))


def _are_years(cells: list[str]) -> bool:
    return most(cells, lambda cell: re.fullmatch("20[0-9]{2}", cell) is not None)


MEANINGS = {
    "date": _Meaning(_RECEIVED, are_days, "the day on which the request was received"),
    "month": _Meaning({"month"}, are_months, "the month of the requests"),
    "year": _Meaning({"year"}, _are_years, "the calendar year of the requests"),
    "requests": _Meaning({"requests", "referrals"}, _are_counts, "the number of requests"),
}
"""Other names of columns, in the order in which they are told."""
TIMES = ("date", "month", "year")
OTHER_NAMES = (
    "received", "date_received", "received_date", "request_date", "date_of_request",
    "request_received", "date_request_received", "referral_date", "date_of_referral",
    "requests_received", "number_of_requests", "month_received", "calendar_year",
)  # fmt: skip
"""Some of them, by which the line of the column names is found below titles."""
COUNCIL_NAMES = ("la_name", "local_authority", "local_authority_name")
"""Other names of the column with the council of a row, in DfE's tables and those made of them."""


def rename_council(table: CsvTable) -> None:
    """Call the column with whose rows they are as it is read, where it has one of DfE's names."""
    named = [column for column in table.columns if column in COUNCIL_NAMES]
    if COUNCIL not in table.columns and len(named) == 1:
        _rename(table, named[0], COUNCIL)


def rename_columns(table: CsvTable, known: Collection[str]) -> None:
    """Call columns by the names that are read, where one column has a meaning and no other has.

    Where two could be meant, or a column holds days and does not say of what, it is noted as a
    fault that asks.

    Parameters
    ----------
    table : CsvTable
        Just read.
    known : collection of str
        Names that are read, or refused with their own line.
    """
    for name, meaning in MEANINGS.items():
        if name == "requests" and not {"month", "year"} & set(table.columns):
            continue  # each row is one
        if name in TIMES and (set(TIMES) - {name}) & set(table.columns):
            continue
        fitting = [
            column
            for column in dict.fromkeys(table.columns)
            if (column == name or (column not in known and not names_a_person(column)))
            and meaning.holds([row[column] for row in table.rows])
        ]
        named = [column for column in fitting if column == name or _says(column, meaning.words)]
        if len(named) > 1:
            table.private |= name == "date"
            both = " and ".join(table.called(table.columns.index(column)) for column in named)
            problem = (
                f"found {both}: which is {meaning.what}? Call it {name} and take the other out"
            )
            table.fault(table.header, f"column {name}", problem)
        elif named and named[0] != name:
            _rename(table, named[0], name)
        elif name == "date" and fitting and not named and not _has_time(table):
            table.private = True
            where = table.called(table.columns.index(fitting[0]))
            problem = f"holds days: is it {meaning.what}? Then call it date"
            table.fault(table.header, where, problem)
    table.stop_if_faulty()


def _has_time(table: CsvTable) -> bool:
    return bool(set(TIMES) & set(table.columns))


def _says(column: str, words: Collection[str]) -> bool:
    found = set(column.split("_"))
    return bool(found & set(words)) and found <= _RECEIVED | _BESIDE


def _rename(table: CsvTable, old: str, new: str) -> None:
    table.columns = tuple(new if column == old else column for column in table.columns)
    for row in table.rows:
        row[new] = row.pop(old)
