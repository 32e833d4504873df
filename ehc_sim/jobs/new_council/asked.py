"""What the command ``new`` was asked for, checked before anything is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ehc_sim.scenario.faults import BadInput, Fault


def check_asked(
    scenario: Path | None,
    caseload_template: bool,
    council: str | None,
    sen2: Sequence[Path] | None,
    plan_from: str | None,
    until: int | None,
) -> None:
    """Refuse what does not go together.

    Raises
    ------
    BadInput
        With a fault for each.
    """
    faults = []
    of_a_council = {"--sen2": sen2, "--plan-from": plan_from, "--until": until}
    if council is None and not caseload_template and not sen2:
        problem = "say what to write: --council NAME with --sen2 FILE.zip, or --caseload-template"
        faults.append(Fault(None, None, "new", problem))
    elif council is None:
        faults += [
            Fault(None, None, option, "which council is meant? Name it with --council")
            for option, given in of_a_council.items()
            if given
        ]
    else:
        if not sen2:
            problem = "names no file; allowed is with --sen2 FILE.zip, DfE's download"
            faults.append(Fault(None, None, "--council", problem))
        if caseload_template or scenario is not None:
            other = "--caseload-template" if caseload_template else f"the file {scenario}"
            problem = f"found beside {other}, allowed is one or the other"
            faults.append(Fault(None, None, "--council", problem))
    if faults:
        raise BadInput(faults)


def day(text: str) -> date:
    """Return a day that was named on the command line.

    Raises
    ------
    BadInput
        If it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        problem = f'found "{text}", allowed is the first day of a month, such as 2027-04-01'
        raise BadInput([Fault(None, None, "--plan-from", problem)]) from None
