"""What is looked at before anything is run, so that no fault is found only after it.

The files that scenarios name are read, their names are compared, and how large a run becomes is
estimated. It is quick, and needs nothing of what forecasts and simulates.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from ehc_sim.calendars import SchoolTerms, TermsError
from ehc_sim.demand.history import History
from ehc_sim.demand.ladder import rung
from ehc_sim.demand.source import history_of
from ehc_sim.experiment.published import read_published
from ehc_sim.experiment.size import Size, faults_of_size, size_of
from ehc_sim.journey.plans_file import PlansInHand, read_plans
from ehc_sim.scenario import BadInput, Fault, Scenario
from ehc_sim.scenario.councils import borrowed_terms
from ehc_sim.scenario.names import alike, fault_of_name

Read = TypeVar("Read")


def faults_of_names(scenarios: Sequence[Scenario]) -> list[Fault]:
    """Return what is wrong with the names of scenarios that are run together."""
    faults = [
        Fault(one.path, None, "name", problem)
        for one in scenarios
        if (problem := fault_of_name(one.name)) is not None
    ]
    paths: dict[str, list[Path | None]] = {}
    for one in scenarios:
        paths.setdefault(one.name, []).append(one.path)
    for name, other in alike(one.name for one in scenarios):
        path = paths[name][-1]
        problem = f'found "{name}" beside "{other}", allowed are names that differ in more than '
        faults.append(Fault(path, None, "name", problem + "capitals and spaces"))
    return faults


def faults_of_records(scenarios: Sequence[Scenario]) -> list[Fault]:
    """Return what is wrong with the files that scenarios name, and with what they add up to.

    A file that several of them name is read once, and what is wrong with it is told of each.
    """
    read = _Once()
    return [fault for one in scenarios for fault in _faults_of_records(one, read)]


class _Once:
    """Reads each thing once, and tells again what was wrong with it."""

    def __init__(self) -> None:
        self._found: dict[tuple[object, ...], tuple[Any, Sequence[Fault]]] = {}

    def __call__(
        self, faults: list[Fault], reader: Callable[[], Read], *decides: object
    ) -> Read | None:
        """Return what a reader reads, which is the same wherever the same decides what it reads."""
        if decides not in self._found:
            try:
                self._found[decides] = reader(), []
            except BadInput as bad:
                self._found[decides] = None, bad.faults
        found: Read | None = self._found[decides][0]
        faults += self._found[decides][1]
        return found

    def right(self, reader: Callable[[], Read], *decides: object) -> Read:
        """Return what a reader reads of files with which nothing is wrong."""
        if decides not in self._found:
            self._found[decides] = reader(), []
        found: Read = self._found[decides][0]
        return found


def _faults_of_records(scenario: Scenario, read: _Once) -> list[Fault]:
    base, whose, faults = scenario.base, scenario.whose, list[Fault]()
    settings = id(base)  # options share those of the first day that are the same
    if figures := base.council.published:
        council = whose("council", "published")
        read(
            *(faults, lambda: read_published(Path(figures), base, council)),
            *("published", figures, settings, council),
        )
    for terms in {settings.council.terms for _, settings in scenario.periods}:
        read(faults, lambda terms=terms: _terms(terms), "terms", terms)  # type: ignore[misc]
    in_hand, open_cases = None, None
    if base.plans and (file := base.plans.in_hand):
        first_day, council = base.period.run_in_from, whose("plans", "in_hand")
        in_hand = read(
            *(faults, lambda: read_plans(Path(file), first_day, council)),
            *("plans", file, first_day, council),
        )
    if base.caseload and (cases := base.caseload.open_cases):
        council = whose("caseload", "open_cases")
        open_cases = read(
            *(faults, lambda: _open_cases(scenario, Path(cases))),
            *("cases", cases, settings, council),
        )
    history = read(
        *(faults, lambda: _history(scenario)),
        *("history", settings, whose("demand", "history")),
    )
    if history is None:
        return faults
    faults += _outside_of_record(scenario, history)
    if faults:
        return faults
    return faults_of_size(scenario, _size(scenario, history, in_hand, open_cases or 0))


def _terms(name: str) -> SchoolTerms:
    try:
        return SchoolTerms.read(name)
    except TermsError as error:
        found = [Fault(error.path, line, "", problem) for line, problem in error.found]
        raise BadInput(found) from None


def _history(scenario: Scenario) -> History:
    history = history_of(scenario)
    rung(history, scenario.base.demand.method)
    return history


def notes_of_terms(scenario: Scenario) -> list[str]:
    """Return up to when a scenario has the school terms of another council, if it has."""
    base = scenario.base
    start = min(base.period.run_in_from, history_of(scenario).first_month.astype("M8[D]").item())
    return borrowed_terms(base.council.name, base.council.terms, start)


def sizes_of(scenarios: Sequence[Scenario]) -> list[Size]:
    """Return how large one simulated future of each scenario is; their files are known to be right.

    A file that several of them name is read once.
    """
    read = _Once()
    return [_size_of(one, read) for one in scenarios]


def faults_of_size_of(scenario: Scenario) -> list[Fault]:
    """Return why a scenario is too large to be run; of one whose files are known to be right."""
    return faults_of_size(scenario, *sizes_of([scenario]))


def _size_of(scenario: Scenario, read: _Once) -> Size:
    base, plans, cases = scenario.base, None, 0
    if base.plans and (file := base.plans.in_hand):
        plans = read.right(lambda: read_plans(Path(file)), file)
    if base.caseload and (path := base.caseload.open_cases):
        cases = read.right(lambda: _open_cases(scenario, Path(path)), path, id(base))
    history = read.right(lambda: history_of(scenario), "history", id(base))
    return _size(scenario, history, plans, cases)


def _size(
    scenario: Scenario, history: History, in_hand: PlansInHand | None, open_cases: int
) -> Size:
    plans = 0.0 if in_hand is None else float(in_hand.plans.sum())
    return size_of(scenario, history, plans, open_cases)


def _open_cases(scenario: Scenario, path: Path) -> int:
    from ehc_sim.journey.open_cases.caseload import (
        read_caseload,  # few scenarios have one, and it knows much
    )

    return len(read_caseload(path, scenario.base, scenario.whose("caseload", "open_cases")).cases)


def _outside_of_record(scenario: Scenario, history: History) -> list[Fault]:
    """Return the faults of a run that starts before the record or ends before it does."""
    if history.kind == "assumed":
        return []
    period, record = scenario.base.period, Path(scenario.base.demand.history or "").name
    first, last = (str(day)[:7] for day in (period.run_in_from, period.plan_until))
    faults: list[Fault] = []
    if first < str(history.first_month):
        problem = f"allowed is {history.first_month} or later, where {record} starts"
        where = "period.run_in_from"
        faults.append(Fault(scenario.path, None, where, f"found {period.run_in_from}, {problem}"))
    if last <= str(history.last_month):
        problem = f"allowed is after {history.last_month}, where {record} ends"
        where = "period.plan_until"
        faults.append(Fault(scenario.path, None, where, f"found {period.plan_until}, {problem}"))
    return faults
