"""What two results folders must have in common to be compared, and what a run would replace."""

import json
from collections.abc import Sequence
from pathlib import Path

from ehc_sim.experiment.beside import NotOurs
from ehc_sim.experiment.contents import MANIFEST, checked_run
from ehc_sim.scenario import Fault, Scenario
from ehc_sim.scenario.council_names import same_council

OF_A_RUN = {
    "version": "version of the program",
    "code": "program (checksum of its code)",
    "seed": "seed",
    "half_width": "half-width of the chances",
    "replications": "replications",
}
"""What must be the same of two runs, by its name in the manifest; the number of replications not
where each scenario stopped by itself, for then the two are compared in those that both have."""

MOST_SHOWN = 60

OR_REPLACE = "name another folder, or say --replace (from Python: replace=True)"


def faults_of_folders(first: Path, second: Path) -> list[Fault]:
    """Return why two results folders cannot be compared, a line for each difference.

    The program, the seed and the number of replications, or the half-width at which each scenario
    stopped, must be the same, and all that must be the same in scenarios that are compared.

    Parameters
    ----------
    first, second : Path
        Results folders.

    Raises
    ------
    Damaged
        When one is not a results folder, or not as it was written.
    """
    one, other = checked_run(first), checked_run(second)
    old = [path for path, said in ((first, one), (second, other)) if "agreed" not in said]
    if old:
        problem = "was written by a program that did not say what its results hang on; run it again"
        return [Fault(path, None, "", problem) for path in old]
    stopped = one.get("half_width") is not None and other.get("half_width") is not None
    pairs = [
        (said, one.get(key) or "none", other.get(key) or "none")
        for key, said in OF_A_RUN.items()
        if not (stopped and key == "replications")
    ]
    settings = (one["agreed"], other["agreed"])
    paths = {**settings[0], **settings[1]}
    pairs += [(path, *(said.get(path, "none") for said in settings)) for path in paths]
    return [
        Fault(second, None, said, f"found {_short(b)}, where {first} has {_short(a)}; allowed is "
                                  "the same in both")
        for said, a, b in pairs
        if a != b
    ]  # fmt: skip


def lost_by(folder: Path, scenarios: Sequence[Scenario]) -> str | None:
    """Return what of a results folder a run of others would replace by nothing, or None.

    Parameters
    ----------
    folder : Path
        Where the results are to be written; it need not be there.
    scenarios : sequence of Scenario
        What is to be run.

    Returns
    -------
    str or None
        Results of another council, of whatever scenarios; or scenarios that the run has not.
    """
    try:
        there = json.loads((folder / MANIFEST).read_text("utf-8"))
        names, council = list(there["scenarios"]), str(there["name"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    others = [one for one in scenarios if not same_council(one.base.council.name, council)]
    if others:
        runs = f"and this run is of {others[0].base.council.name}"
        return f"results of {_short(council)}, {runs}"
    lost = [name for name in names if name not in {scenario.name for scenario in scenarios}]
    some = ", ".join(f'"{name}"' for name in lost[:3])
    more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
    return f"results of scenarios that this run has not: {some}{more}" if lost else None


def check_none_lost(folder: Path, scenarios: Sequence[Scenario]) -> None:
    """Refuse to replace the results of another council, or those of scenarios by nothing.

    Raises
    ------
    NotOurs
        With what they are, and what to do.
    """
    if lost := lost_by(folder, scenarios):
        raise NotOurs(f"{folder}: found {lost}; {OR_REPLACE}")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
