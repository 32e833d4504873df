"""Reads the rows of a caseload: every field by itself, then what must agree between them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date

from ehc_sim.pathway.caseload_case import (
    CaseRow,
    OpenAdvice,
    asked_column,
    hours_column,
    in_column,
    key_of,
)
from ehc_sim.pathway.open_steps import ADVICE, Step, open_steps
from ehc_sim.scenario.csv_table import CsvTable, Row
from ehc_sim.scenario.faults import not_known
from ehc_sim.scenario.schema import Settings

EXAMPLE = "EXAMPLE-"
"""How the references of a template's rows begin."""
FIRST_DAY = date(2014, 9, 1)
"""EHC plans began (Children and Families Act 2014, part 3)."""


def day_of(text: str) -> date | None:
    """Return a day written as 2024-03-14 or 14/03/2024, None for anything else."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        year, month, day = text.split("-")
    elif re.fullmatch(r"\d\d?/\d\d?/\d{4}", text):
        day, month, year = text.split("/")
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def same_word(text: str) -> str:
    """Return a text without what does not matter: capitals, spaces, curly apostrophes."""
    return " ".join(text.casefold().replace("’", "'").split())


class RowReader:
    """Reads rows and notes what is wrong with them.

    Parameters
    ----------
    table : CsvTable
        The file, to which faults are added.
    settings : Settings
        Settings of the scenario on the first day of the run.
    """

    def __init__(self, table: CsvTable, settings: Settings) -> None:
        self._table = table
        self._settings = settings
        self._steps = open_steps(settings)
        self._start = settings.period.run_in_from
        self._words: dict[str, dict[str, str]] = {
            column: {same_word(name): name for name in names}
            for column, names in (
                ("step", self._steps),
                ("source", settings.requests.sources),
                ("need", settings.requests.needs),
                ("area", settings.requests.areas),
            )
        }

    def read(self, row: Row) -> CaseRow | None:
        """Return a row's case, None after noting what is wrong with it."""
        faults = len(self._table.faults)
        self._check_reference(row)
        words = {column: self._word(row, column) for column in self._words}
        age = self._age(row)
        days = {name: self._day(row, name) for name in ("received", "since", "ordered", "decided")}
        step = self._steps.get(words["step"])
        minutes = self._minutes(row, "hours_done")
        advice = self._advice(row)
        self._check_order(row, days)
        if step is not None:
            self._check_step(row, step, days, advice)
        received, since = days["received"], days["since"]
        if len(self._table.faults) > faults or received is None or since is None:
            return None
        return CaseRow(
            row["reference"],
            received,
            words["step"],
            since,
            words["source"],
            age,
            words["need"],
            words["area"],
            days["ordered"],
            days["decided"],
            minutes,
            advice,
        )

    def _fault(self, row: Row, column: str, problem: str) -> None:
        self._table.fault(row.line, f"column {column}", problem)

    def _check_reference(self, row: Row) -> None:
        found = row["reference"]
        if not found:
            self._fault(row, "reference", "empty; allowed is a reference, such as 2024-00123")
        elif found.upper().startswith(EXAMPLE):
            self._fault(row, "reference", f'found "{found}", a row of the template; remove it')

    def _word(self, row: Row, column: str) -> str:
        found, known = row[column], self._words[column]
        if same_word(found) in known:
            return known[same_word(found)]
        self._fault(row, column, not_known(found, known.values()))
        return ""

    def _age(self, row: Row) -> int:
        found, known = row["age"], self._settings.requests.ages
        if found.isdecimal() and str(int(found)) in known:
            return int(found)
        ages = sorted(map(int, known))
        allowed = f"allowed is an age in years of requests.ages: {_listed(ages)}"
        self._fault(row, "age", f'found "{found}", {allowed}' if found else f"empty; {allowed}")
        return 0

    def _day(self, row: Row, column: str) -> date | None:
        found = row[key_of(column)]
        needed = column in ("received", "since")
        if not found:
            if needed:
                self._fault(row, column, "empty; allowed is a day such as 2024-03-14")
            return None
        day = day_of(found)
        if day is None:
            allowed = "allowed is a day such as 2024-03-14 or 14/03/2024"
            self._fault(
                row, column, f'found "{found}", {allowed}' + ("" if needed else ", or nothing")
            )
        elif day >= self._start:
            self._fault(
                row, column, f"found {day}, allowed is a day before the run starts, {self._start}"
            )
        elif day < FIRST_DAY:
            problem = f"found {day}, allowed is {FIRST_DAY} or later, when EHC plans began"
            self._fault(row, column, problem)
        else:
            return day
        return None

    def _minutes(self, row: Row, column: str) -> int:
        found = row.get(key_of(column), "")
        if re.fullmatch(r"\d{1,4}(\.\d+)?", found):
            return round(float(found) * 60)
        if found:
            problem = f'found "{found}", allowed is hours, 0 or more, such as 2.5, or nothing'
            self._fault(row, column, problem)
        return 0

    def _advice(self, row: Row) -> dict[str, OpenAdvice]:
        """Return what was asked for, by advice giver."""
        advice = {}
        for giver in self._settings.advice:
            asked, given = asked_column(giver), in_column(giver)
            on, came_in = self._day(row, asked), self._day(row, given)
            minutes = self._minutes(row, hours_column(giver))
            if came_in is not None and not row[key_of(asked)]:
                problem = f"found {came_in}, but {asked} is empty; allowed is nothing"
                self._fault(row, given, problem)
            if on is not None and came_in is not None and came_in < on:
                self._fault(row, given, f"found {came_in}, before it was asked for on {on}")
            if minutes and (row[key_of(given)] or not row[key_of(asked)]):
                problem = "found hours, but the advice is not outstanding; allowed is nothing"
                self._fault(row, hours_column(giver), problem)
            if on is not None:
                advice[giver] = OpenAdvice(on, came_in, minutes)
        return advice

    def _check_order(self, row: Row, days: Mapping[str, date | None]) -> None:
        """Check that the days of the case itself do not run backwards."""
        received, decided = days["received"], days["decided"]
        for column in ("since", "ordered", "decided"):
            day = days[column]
            if day is not None and received is not None and day < received:
                problem = f"found {day}, before the request was received on {received}"
                self._fault(row, column, problem)
        ordered = days["ordered"]
        if ordered is not None and decided is not None and ordered < decided:
            problem = f"found {ordered}, before the refusal on {decided}"
            self._fault(row, "ordered", problem)

    def _check_step(
        self,
        row: Row,
        step: Step,
        days: Mapping[str, date | None],
        advice: Mapping[str, OpenAdvice],
    ) -> None:
        """Check that what the row says fits the step at which the case is."""
        where = f'at the step "{step.name}"'
        if step.decided and not row["decided"]:
            problem = f"empty {where}; allowed is the day on which the decision to assess was told"
            self._fault(row, "decided", problem)
        if not step.decided and days["decided"] is not None:
            problem = f"found {days['decided']} {where}, before the decision; allowed is nothing"
            self._fault(row, "decided", problem)
        if days["ordered"] is not None and (step.refused or not step.decided):
            problem = f"found {days['ordered']} {where}, before any order; allowed is nothing"
            self._fault(row, "ordered", problem)
        elif days["ordered"] is not None and self._settings.disputes is None:
            problem = f"found {days['ordered']}, but the scenario has no disputes"
            self._fault(row, "ordered", f"{problem}; allowed is nothing")
        begun = days["ordered"] or days["decided"]
        since, received = days["since"], days["received"]
        if step.decided and begun and since and received and received <= since < begun:
            told = "the order" if days["ordered"] else "the decision to assess"
            self._fault(row, "since", f"found {since}, before {told} on {begun}")
        if problem := _problem_of_hours(row["hours_done"], step):
            self._fault(row, "hours_done", problem)
        self._check_advice(row, step, begun, advice)

    def _check_advice(
        self, row: Row, step: Step, begun: date | None, advice: Mapping[str, OpenAdvice]
    ) -> None:
        asking = step.assessed or step.name == ADVICE
        for giver, one in advice.items():
            column = asked_column(giver)
            if not asking:
                problem = f'found {one.asked} at the step "{step.name}", before advice is asked for'
                self._fault(row, column, f"{problem}; allowed is nothing")
            elif begun is not None and one.asked < begun:
                problem = f"found {one.asked}, before the assessment was agreed or ordered"
                self._fault(row, column, f"{problem} on {begun}")
        outstanding = [
            giver
            for giver in self._settings.advice
            if row[key_of(asked_column(giver))] and not row[key_of(in_column(giver))]
        ]
        if step.name == ADVICE and not outstanding:
            problem = f'found "{ADVICE}", but no advice is outstanding; allowed is a later step'
            self._fault(row, "step", f'{problem}, such as "panel to issue"')


def _problem_of_hours(found: str, step: Step) -> str:
    if step.is_work or not re.fullmatch(r"\d{1,4}(\.\d+)?", found) or float(found) == 0:
        return ""
    if step.name == ADVICE:
        return f'found "{found}"; hours of advice go into the column of its giver'
    return f'found "{found}", but "{step.name}" is a wait, not work; allowed is nothing'


def _listed(ages: Collection[int]) -> str:
    """Return ages as ranges, such as ``2 to 20`` or ``3, 7, 12``."""
    runs: list[list[int]] = []
    for age in ages:
        if runs and age == runs[-1][-1] + 1:
            runs[-1].append(age)
        else:
            runs.append([age])
    return ", ".join(
        f"{run[0]} to {run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs
    )
