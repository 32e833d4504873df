"""In which settings two scenarios differ, whatever their files and changes are called."""

from dataclasses import dataclass
from datetime import date
from filecmp import cmp
from pathlib import Path
from typing import Any

from ehc_sim.scenario.marked import differences, other_files, rule_of
from ehc_sim.scenario.marks import Mark
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Difference:
    """A setting in which an option is not as the scenario that it is compared with.

    Attributes
    ----------
    where : Where
    on : date
        First day on which it differs.
    has, other_has : any
        What the option has, and the one that it is compared with; None for nothing.
    """

    where: Where
    on: date
    has: Any
    other_has: Any


def differences_between(first: Scenario, option: Scenario) -> list[Difference]:
    """Return in what two scenarios differ, each setting on the first day of which that is so.

    Names, reasons, sources and notes do not count, nor what a change costs, nor where a file lies
    that both name with the same content. A table that only one of the two has is one difference.

    Parameters
    ----------
    first, option : Scenario
        The scenario that is compared with, and the one that is compared.
    """
    start = max(first.periods[0][0], option.periods[0][0])
    days = sorted({max(start, day) for one in (first, option) for day, _ in one.periods})
    found: dict[Where, Difference] = {}
    for day in days:
        for where, other, own in differences(first.on(day), option.on(day)):
            if not (where in other_files() and _same_file(other, own)):
                found.setdefault(where, Difference(where, day, own, other))
    return list(found.values())


def settings_changed(first: Scenario, option: Scenario) -> frozenset[Where]:
    """Return the paths of the settings in which two scenarios differ on some day."""
    return frozenset(one.where for one in differences_between(first, option))


def changes_order(first: Scenario, option: Scenario) -> bool:
    """Return whether the second scenario has a team take its work in another order."""
    return any(map(_of_order, settings_changed(first, option)))


def changes_order_only(first: Scenario, option: Scenario) -> bool:
    """Return whether nothing but the order of work differs, and something does."""
    changed = settings_changed(first, option)
    return bool(changed) and all(map(_of_order, changed))


def changes_who_is_assessed(first: Scenario, option: Scenario) -> bool:
    """Return whether in the second scenario other children ask, are assessed or have a plan.

    Then it may leave fewer to wait by leaving them without, and the two are no rivals.
    """
    changed = settings_changed(first, option)
    return any(rule_of(where, Mark.WHO_IS_ASSESSED) is not None for where in changed)


def changes_staff(first: Scenario, option: Scenario) -> bool:
    """Return whether the second scenario has other staff, hours or agencies than the first.

    Another order in which a team takes its work is no other staff.
    """
    changed = settings_changed(first, option)
    return any(where[0] == "teams" and not _of_order(where) for where in changed)


def _of_order(where: Where) -> bool:
    return rule_of(where, Mark.ORDER_OF_WORK) is not None


def _same_file(one: object, other: object) -> bool:
    """Return whether two files that settings name have the same content, wherever they are."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    return Path(one).is_file() and Path(other).is_file() and cmp(one, other, shallow=False)
