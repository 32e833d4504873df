"""Whether scenarios can be compared: what must be the same in all, and what their past was."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from ehc_sim.calendars import law
from ehc_sim.scenario.changes import Change
from ehc_sim.scenario.columns import NAMED
from ehc_sim.scenario.council_names import same_council
from ehc_sim.scenario.differences import Difference, differences_between
from ehc_sim.scenario.faults import BadInput, Fault, describe
from ehc_sim.scenario.margin import all_overturned
from ehc_sim.scenario.marked import agreement, differences, holds_for_whole_run, other_files
from ehc_sim.scenario.marks import Mark
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.paths import spot_at
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.scenario import Scenario, load
from ehc_sim.scenario.tree import Location, dotted
from ehc_sim.scenario.what_if import read_again

FEW_DAYS = 27
"""Days up to which a change is said to work for a few days only: less than a month."""
DAYS_A_MONTH = 365.25 / 12


def faults_of_options(scenarios: Sequence[Scenario]) -> list[Fault]:
    """Return why scenarios cannot be compared with the first of them.

    The dates, the target, the record, the stocks, the prices and the council must be the same in
    all; staff, panels and ways of working may differ, from the start of the plan on: what was done
    before it is the same for all, and nobody would have paid for it.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The first is the one that the others are compared with.
    """
    faults: list[Fault] = []
    for option in scenarios[1:]:
        found = [
            one for one in differences_between(scenarios[0], option) if _is_refused(one, option)
        ]
        if option.members != scenarios[0].members:
            faults.append(_other_members(scenarios[0], option))
            found = [one for one in found if not _of_members(one)]
        faults += [_fault(one, scenarios[0], option) for one in found]
    return faults


def agreed(scenario: Scenario) -> dict[str, str]:
    """Return what must be the same in all that is compared, in words, by path.

    Files are told by the SHA-256 of their content.
    """
    found = {}
    for where, value in _values((), scenario.base):
        if agreement(where) is Mark.MUST_AGREE:
            file = Path(value) if where in other_files() else None
            is_file = file is not None and file.is_file()
            text = hashlib.sha256(Path(value).read_bytes()).hexdigest() if is_file else None
            found[dotted(where)] = shown(value) if text is None else f"a file with SHA-256 {text}"
    if scenario.members is not None and scenario.members_in_python:
        found[dotted(NAMED)] = f"a table with SHA-256 {scenario.members.digest}"
    return found


def notes_of_options(scenarios: Sequence[Scenario]) -> list[str]:
    """Return what is to be known of scenarios that can be compared, a sentence each.

    Differences that are no choice of the council, such as a higher demand; settings that hold for
    the whole run, and so differ before the plan too; a past of its own of an option without what it
    extends; changes that come too late to show or last a few days; shares of refusals overturned
    that reach all of them.
    """
    notes = []
    for option in scenarios[1:]:
        told: dict[Where, Difference] = {}
        for one in differences_between(scenarios[0], option):
            if _rule(one.where) is Mark.TOLD:
                told.setdefault(_overlay_of(one.where), one)
            elif one.on < option.base.period.plan_from:
                notes.append(
                    f"{option.name}: {dotted(one.where)} holds for the whole run, so the years "
                    f"before the plan are not those of {scenarios[0].name} either"
                )
        notes += [
            f"{option.name}: {dotted(where)} is not as in {scenarios[0].name}, and it is no choice "
            "of the council: they do not meet the same futures"
            for where in told
        ]
    among = {one.path.resolve() for one in scenarios if one.path is not None}
    if scenarios and scenarios[0].extends not in among:
        notes += notes_of_own_past(scenarios[0])
    whose: dict[str, str] = {}
    for each in scenarios:  # what holds of several is told of the first
        notes += notes_of(each)
        for said in all_overturned(each):
            whose.setdefault(said, each.name)
    return [*notes, *(f"{name}: {said}" for said, name in whose.items())]


def is_choice(first: Scenario, option: Scenario) -> bool:
    """Return whether all in which an option differs is for the council to choose.

    Where it is not, as with more requests or twice the plans, the option meets other futures: it
    shows what a choice would do in them, and is no rival of the others.
    """
    return all(_rule(one.where) is not Mark.TOLD for one in differences_between(first, option))


def alone(scenarios: Sequence[Scenario]) -> str | None:
    """Return what is said where a scenario is run without the one that it extends, or None.

    One alone, or several of which the first is but another option beside the others.
    """
    bases = [one.extends for one in scenarios]
    first, base = scenarios[0], bases[0]
    among = {one.path.resolve() for one in scenarios if one.path is not None}
    if base is None or base in among or (len(scenarios) > 1 and base not in bases[1:]):
        return None
    said = (
        f"{first.name} is run alone and compared with nothing; to compare it with what it extends"
        if len(scenarios) == 1
        else f"{first.name} is what the others are compared with; to compare with what it extends"
    )
    return f"{said}, name {base} first"


def notes_of(scenario: Scenario) -> list[str]:
    """Return what is odd in when the changes of a scenario work, a sentence each.

    Those that come too late to show in the target's window, or whose ramp ends after it; those that
    work for a few days only, or set what is there already; more demand that starts before the plan.
    """
    base = scenario.base
    changes = [change for change in scenario.changes if not change.of_members]
    dated = [(str(change), change.from_, _ramp(scenario, change)) for change in changes]
    dated += [
        (f"demand.overlay.{name}", one.starts, one.ramp_months.largest)
        for name, one in base.demand.overlay.items()
    ]
    found = [(what, _too_late(scenario, starts, ramp)) for what, starts, ramp in dated]
    for change in changes:
        days = 0 if change.until is None else (change.until - change.from_).days + 1
        if 0 < days <= FEW_DAYS:
            found.append((str(change), f"works for {days} day{'s' if days > 1 else ''} only"))
        if _changes_nothing(scenario, change):
            found.append((str(change), "changes nothing: that is its value the day before"))
    for name, one in base.demand.overlay.items():
        if one.starts < base.period.plan_from:
            problem = f"starts on {one.starts}, before the plan ({base.period.plan_from}): the "
            problem += "requests that are forecast for the time before it are changed too"
            found.append((f"demand.overlay.{name}", problem))
    return [f"{scenario.name}: {what}: {problem}" for what, problem in found if problem]


def notes_of_own_past(scenario: Scenario) -> list[str]:
    """Return what an option run alone does before its plan that what it extends does not.

    Beside what it extends it would be refused for it. The past of another council is its own.
    """
    path = scenario.extends
    try:
        first = None if path is None else load(path)
    except BadInput:  # what is extended may be no scenario by itself
        return []
    if first is None or not same_council(first.base.council.name, scenario.base.council.name):
        return []
    starts = scenario.base.period.plan_from
    return [
        f"{scenario.name}: {dotted(one.where)} is not as in {first.name} from {one.on} on, before "
        f"the plan ({starts}): beside {first.name} that is refused, as what was before is the same "
        "for all"
        for one in differences_between(first, scenario)
        if agreement(one.where) is not Mark.MUST_AGREE and _is_refused(one, scenario)
    ]


def _changes_nothing(scenario: Scenario, change: Change) -> bool:
    if change.kind != "set" or change.from_ <= scenario.periods[0][0]:
        return False
    before, after = scenario.on(change.from_ - timedelta(1)), scenario.on(change.from_)
    changed = [f"{dotted(where)}." for where, _, _ in differences(before, after)]
    what = f"{change.what}."
    return not any(one.startswith(what) or what.startswith(one) for one in changed)


def _ramp(scenario: Scenario, change: Change) -> float:
    """Return the months over which a change comes in; 0 where it comes at once."""
    # Before the day of a caseload a change may start that still holds on it.
    settings = scenario.on(max(change.from_, scenario.periods[0][0]))
    if change.what in ("requests.school_support", "requests.school_support.fewer"):
        return settings.requests.school_support.ramp_months.largest
    if settings.meetings is None or change.what not in ("meetings", "meetings.share"):
        return 0.0
    return settings.meetings.ramp_months.largest


def _too_late(scenario: Scenario, starts: date, ramp: float) -> str:
    """Return how what starts on a day comes too late to show in the target's window, or nothing.

    What starts within the time from a request to a plan before its end can hardly show in it.
    """
    ends = scenario.base.target.window_until
    if starts > ends:
        return f"starts after {ends}, where the target's window ends: it cannot show in the chance"
    if starts > ends - timedelta(days=law.PLAN.days):
        return (
            f"starts {law.PLAN.weeks} weeks or less before {ends}, where the window ends: it can "
            "hardly show"
        )
    if starts + timedelta(days=ramp * DAYS_A_MONTH) > ends:
        return (
            f"comes in over {ramp:g} months, which end after {ends}, where the target's window "
            "ends: the chance shows a part of it"
        )
    return ""


def _overlay_of(where: Where) -> Where:
    return where[:3] if where[:2] == ("demand", "overlay") else where


def _is_refused(one: Difference, option: Scenario) -> bool:
    rule = _rule(one.where)
    if rule is not Mark.MAY_DIFFER:
        return rule is Mark.MUST_AGREE
    return one.on < option.base.period.plan_from and not holds_for_whole_run(one.where)


def _rule(where: Where) -> Mark:
    """Return the rule for a setting; a whole table with a stock in it may be there or not."""
    rule, spot = agreement(where), spot_at(where)
    inside = [] if spot is None else [agreement((*where, name)) for name, _ in spot.any_inside()]
    return Mark.TOLD if rule is Mark.MAY_DIFFER and Mark.MUST_AGREE in inside else rule


def _fault(one: Difference, first: Scenario, option: Scenario) -> Fault:
    other = _location(first, one.where, one.on)
    there = f" ({other.file}:{other.line})" if other is not None else ""
    found = f'found {shown(one.has)}, where "{first.name}" has {shown(one.other_has)}{there}'
    if _rule(one.where) is Mark.MUST_AGREE:
        problem = f"{found}; allowed is the same in all that are compared"
    else:
        starts = option.base.period.plan_from
        problem = (
            f"{found}, on {one.on}, before the plan; allowed is another from {starts} on, by a "
            "[[change]]: what was before is the same for all"
        )
    location = _location(option, one.where, one.on)
    if location is None:
        return Fault(option.path, None, dotted(one.where), problem)
    return Fault(location.file, location.line, dotted(one.where), problem)


def _of_members(one: Difference) -> bool:
    """Return whether a setting differs because the members do, which is said once."""
    numbers = (one.has, one.other_has)
    return one.where[:1] == NAMED[:1] or any(
        isinstance(number, Number) and number.column is not None for number in numbers
    )


def _other_members(first: Scenario, option: Scenario) -> Fault:
    has, other_has = (
        "none" if one.members is None else f"{len(one.members):,} of {_file_name(one.members.file)}"
        for one in (option, first)
    )
    problem = (
        f'found other members ({has}) than "{first.name}" has ({other_has}); allowed is the same '
        "in all that are compared, so that they meet the same futures"
    )
    named = option.base.explanations is not None
    location = _location(option, NAMED, option.periods[0][0]) if named else None
    file, line = (option.path, None) if location is None else (location.file, location.line)
    return Fault(file, line, dotted(NAMED), problem)


def _file_name(file: Path | None) -> str:
    """Return the name of a file, or that there is none."""
    return "Python" if file is None else file.name


def _location(scenario: Scenario, where: Where, day: date) -> Location | None:
    """Return where a setting was written that holds on a day; None where it stands in no file."""
    content = read_again(scenario)
    if content is None:
        return None
    trees = [tree for start, tree in content.trees if start <= day]
    location = trees[-1].location(where) if trees else None
    return location if location is not None and location.file.is_file() else None


def shown(value: Any) -> str:  # noqa: ANN401
    """Return what a setting has, in words."""
    if isinstance(value, tuple):
        return ", ".join(map(shown, value)) or "none"
    if value is None:
        return "none"
    if isinstance(value, Number | date):
        return str(value)
    if isinstance(value, str):
        return f'"{value}"'
    return "a table" if isinstance(value, Mapping | BaseModel) else describe(value)


def _values(where: Where, value: Any) -> Iterator[tuple[Where, Any]]:  # noqa: ANN401
    if value is None:
        return
    if isinstance(value, BaseModel | Mapping) and not isinstance(value, Number):
        for name, inner in value.items() if isinstance(value, Mapping) else value:
            yield from _values((*where, name), inner)
    else:
        yield where, value
