"""Reads the rows of a caseload: every field by itself, then what must agree between them."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from ehc_sim.inputs import key_of, number_in, same_key, whole_in
from ehc_sim.inputs.days import A_DAY_IS
from ehc_sim.journey.open_cases.case import (
    CaseRow,
    OpenAdvice,
    asked_column,
    hours_column,
    in_column,
)
from ehc_sim.journey.open_cases.steps import ADVICE, OpenStep, open_steps
from ehc_sim.scenario.csv_table import CsvTable, Row
from ehc_sim.scenario.faults import listed, nearest
from ehc_sim.scenario.schema import Settings

EXAMPLE = "EXAMPLE-"
"""How the references of a template's rows begin."""
MOST_HOURS = 1_000
"""More than anybody has worked on one case."""
FIRST_DAY = date(2014, 9, 1)
"""EHC plans began (Children and Families Act 2014, part 3)."""


@cache
def _key(column: str) -> str:
    return key_of(column)  # of the scenario's few columns, for each of many rows


class _Column(NamedTuple):
    """A column of advice: how it is called, and its key in a row."""

    name: str
    key: str


def _column(name: str) -> _Column:
    return _Column(name, _key(name))


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
        ages = _listed(sorted(map(int, settings.requests.ages)))
        self._ages = f"an age in years of requests.ages: {ages}"
        self._givers = [
            (
                giver,
                _column(asked_column(giver)),
                _column(in_column(giver)),
                _column(hours_column(giver)),
            )
            for giver in settings.advice
        ]
        self._wrong_words: dict[tuple[str, str], str] = {}
        """What is wrong with a word of a column: mostly the same one in many rows."""
        self._words: dict[str, dict[str, str]] = {
            column: {same_key(name): name for name in names}
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
            self._fault(row, "reference", "found a row of the template; remove it")

    def _word(self, row: Row, column: str) -> str:
        found, known = row[column], self._words[column]
        if found in known.values():
            return found
        if same_key(found) in known:
            return known[same_key(found)]
        if (column, found) not in self._wrong_words:
            near, names = nearest(found, known.values()), listed(known.values())
            allowed = f'; did you mean "{near}"?' if near else f", allowed is {names}"
            problem = f"{'found something else' if found else 'empty'}{allowed}"
            self._wrong_words[column, found] = problem
        self._fault(row, column, self._wrong_words[column, found])
        return ""

    def _age(self, row: Row) -> int:
        age, known = whole_in(row["age"]), self._settings.requests.ages
        if age is not None and str(age) in known:
            return age
        self._table.refuse(row, "age", self._ages)
        return 0

    def _day(self, row: Row, column: str) -> date | None:
        key = _key(column)
        found = row[key]
        needed = column in ("received", "since")
        if not found:
            if needed:
                self._fault(row, column, "empty; allowed is a day such as 2024-03-14")
            return None
        day = self._table.any_day(row, key)
        if day is None:
            if not self._table.unread(key):
                allowed = A_DAY_IS + ("" if needed else ", or nothing")
                self._fault(row, column, self._table.instead(found, allowed))
        elif day >= self._start:
            problem = f"found a later day, allowed is one before the run starts, {self._start}"
            self._fault(row, column, problem)
        elif day < FIRST_DAY:
            problem = (
                f"found a day before {FIRST_DAY}, when EHC plans began; allowed is a later one"
            )
            self._fault(row, column, problem)
        else:
            return day
        return None

    def _minutes(self, row: Row, column: str) -> int:
        found = row.get(_key(column), "")
        hours = number_in(found)
        if hours is not None and 0 <= hours < MOST_HOURS:
            return round(hours * 60)
        if found:
            problem = f"hours from 0 to {MOST_HOURS:,}, such as 2.5, or nothing"
            self._fault(row, column, self._table.instead(found, problem))
        return 0

    def _advice(self, row: Row) -> dict[str, OpenAdvice]:
        """Return what was asked for, by advice provider."""
        advice = {}
        for giver, asked, given, worked in self._givers:
            if not (row[asked.key] or row[given.key] or row.get(worked.key)):
                continue
            on, came_in = self._day(row, asked.name), self._day(row, given.name)
            minutes = self._minutes(row, worked.name)
            if came_in is not None and not row[asked.key]:
                problem = f"found a day, but {asked.name} is empty; allowed is nothing"
                self._fault(row, given.name, problem)
            if on is not None and came_in is not None and came_in < on:
                self._fault(row, given.name, "found a day before that on which it was asked for")
            if minutes and (row[given.key] or not row[asked.key]):
                problem = "found hours, but the advice is not outstanding; allowed is nothing"
                self._fault(row, worked.name, problem)
            if on is not None:
                advice[giver] = OpenAdvice(on, came_in, minutes)
        return advice

    def _check_order(self, row: Row, days: Mapping[str, date | None]) -> None:
        """Check that the days of the case itself do not run backwards."""
        received, decided = days["received"], days["decided"]
        for column in ("since", "ordered", "decided"):
            day = days[column]
            if day is not None and received is not None and day < received:
                problem = "found a day before that on which the request was received"
                self._fault(row, column, problem)
        ordered = days["ordered"]
        if ordered is not None and decided is not None and ordered < decided:
            problem = "found a day before that of the refusal"
            self._fault(row, "ordered", problem)

    def _check_step(
        self,
        row: Row,
        step: OpenStep,
        days: Mapping[str, date | None],
        advice: Mapping[str, OpenAdvice],
    ) -> None:
        """Check that what the row says fits the step at which the case is."""
        where = f'at the step "{step.name}"'
        if step.decided and not row["decided"]:
            problem = f"empty {where}; allowed is the day on which the decision to assess was told"
            self._fault(row, "decided", problem)
        if not step.decided and days["decided"] is not None:
            problem = f"found a day {where}, before the decision; allowed is nothing"
            self._fault(row, "decided", problem)
        if days["ordered"] is not None and (step.refused or not step.decided):
            problem = f"found a day {where}, before any order; allowed is nothing"
            self._fault(row, "ordered", problem)
        elif days["ordered"] is not None and self._settings.disputes is None:
            problem = "found a day, but the scenario has no disputes"
            self._fault(row, "ordered", f"{problem}; allowed is nothing")
        begun = days["ordered"] or days["decided"]
        since, received = days["since"], days["received"]
        if step.decided and begun and since and received and received <= since < begun:
            told = "the order" if days["ordered"] else "the decision to assess"
            self._fault(row, "since", f"found a day before that of {told}")
        if problem := _problem_of_hours(row["hours_done"], step):
            self._fault(row, "hours_done", problem)
        self._check_advice(row, step, begun, advice)

    def _check_advice(
        self, row: Row, step: OpenStep, begun: date | None, advice: Mapping[str, OpenAdvice]
    ) -> None:
        asking = step.assessed or step.name == ADVICE
        for giver, one in advice.items():
            column = asked_column(giver)
            if not asking:
                problem = f'found a day at the step "{step.name}", before advice is asked for'
                self._fault(row, column, f"{problem}; allowed is nothing")
            elif begun is not None and one.asked < begun:
                problem = "found a day before the assessment was agreed or ordered"
                self._fault(row, column, problem)
        outstanding = (row[asked.key] and not row[given.key] for _, asked, given, _ in self._givers)
        if step.name == ADVICE and not any(outstanding):
            problem = f'found "{ADVICE}", but no advice is outstanding; allowed is a later step'
            self._fault(row, "step", f'{problem}, such as "panel to issue"')


def _problem_of_hours(found: str, step: OpenStep) -> str:
    if step.is_work or not number_in(found):
        return ""
    if step.name == ADVICE:
        return "found hours; those of advice go into the column of its giver"
    return f'found hours, but "{step.name}" is a wait, not work; allowed is nothing'


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
