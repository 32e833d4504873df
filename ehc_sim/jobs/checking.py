"""The scenarios that a command is given, read and checked before anything is run."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ehc_sim.experiment.before import faults_of_names, faults_of_records
from ehc_sim.scenario import BadInput, Fault, Scenario, load, load_folder
from ehc_sim.scenario.agreement import faults_of_options
from ehc_sim.scenario.what_if import with_settings

_PACKAGE = Path(__file__).parents[1]
SHIPPED = _PACKAGE / "shipped_scenarios"
IN_CHECKOUT = _PACKAGE.parent / "scenarios"
"""The shipped scenarios: inside an installed package, or beside it in a checkout."""


def shipped(name: str = "somerset") -> Path:
    """Return the folder of a council's shipped scenarios."""
    return (SHIPPED if SHIPPED.is_dir() else IN_CHECKOUT) / name


def scenarios_of(
    paths: Sequence[Path], for_all: Mapping[str, Mapping[str, Any]] | None = None
) -> list[Scenario]:
    """Read the scenarios that were named: files, or every file of a folder.

    The first is the one that the others are compared with: of a folder, the file that the others
    extend. The records that they name are read too, and the size of the run is estimated, so that
    nothing is found only after a run. So that they can be compared, what must agree does.

    Parameters
    ----------
    paths : sequence of Path
    for_all : mapping, optional
        Settings that all of them are to have instead of their own: tables, as a file has them.

    Raises
    ------
    BadInput
        With every fault of every file.
    """
    found: list[Scenario] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            read = load_folder(path) if path.is_dir() else [load(path)]
            found += [with_settings(one, for_all) if for_all else one for one in read]
        except BadInput as fault:
            faults += fault.faults
    faults += faults_of_names(found)
    faults += faults_of_records(found)
    if not faults:
        faults = faults_of_options(found)
    if faults:
        raise BadInput(faults)
    return found


def baseline_of(path: Path) -> Scenario:
    """Read the baseline of a council: a file that extends no other, or the one such of a folder.

    Raises
    ------
    BadInput
        As ``scenarios_of``; or when it is an option, or one of several files that extend no other.
    """
    scenarios = scenarios_of([path])
    first, *others = [one for one in scenarios if one.extends is None] or scenarios[:1]
    if first.extends is not None:
        problem = "found an option, allowed is a baseline: what is found is what all options share"
        raise BadInput([Fault(first.path, None, "extends", problem)])
    if others:
        named = " and ".join(str(one.path and one.path.name) for one in (first, *others)[:2])
        more = f" and {len(others) - 1} more" if len(others) > 1 else ""
        problem = f"found {named}{more}, which extend no other; which is meant? Name its file"
        raise BadInput([Fault(path, None, "", problem)])
    return first


def for_all(
    target: float | None, window: str | None, until: str | None
) -> dict[str, dict[str, Any]]:
    """Return settings that all scenarios of a run are to have, as a scenario file has them.

    Parameters
    ----------
    target : float or None
        Share of plans on time that is wanted.
    window : str or None
        First and last month in which it is judged, such as ``2027-01:2027-12``; one month alone is
        the first and the last.
    until : str or None
        Last day of the plan, such as ``2028-03-31``, or its last month.

    Raises
    ------
    BadInput
        When a month or a day cannot be read.
    """
    faults: list[Fault] = []

    def month(text: str, option: str, last: bool, days: bool = False) -> date | None:
        try:
            if days and len(text) > len("2027-01"):
                return date.fromisoformat(text)
            first = date.fromisoformat(f"{text}-01")
        except ValueError:
            allowed = f"a month such as 2027-01{' or a day such as 2027-01-31' if days else ''}"
            faults.append(Fault(None, None, option, f'found "{text}", allowed is {allowed}'))
            return None
        return first.replace(day=monthrange(first.year, first.month)[1]) if last else first

    tables: dict[str, dict[str, Any]] = {"target": {}, "period": {}}
    if target is not None:
        tables["target"]["share"] = {"value": target, "note": "Set for this run, by --target."}
    if window is not None:
        first, _, last = window.partition(":")
        tables["target"]["window_from"] = month(first, "--window", last=False)
        tables["target"]["window_until"] = month(last or first, "--window", last=True)
    if until is not None:
        tables["period"]["plan_until"] = month(until, "--until", last=True, days=True)
    if faults:
        raise BadInput(faults)
    return {name: table for name, table in tables.items() if table}
