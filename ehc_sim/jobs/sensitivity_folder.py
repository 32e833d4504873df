"""The job of the command ``sensitivity``: write the folder of what decides."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ehc_sim.experiment.contents import SENSITIVITY
from ehc_sim.experiment.folder import new_folder, only_run
from ehc_sim.experiment.sensitivity import Sensitivity
from ehc_sim.jobs.page_folder import check_page_folder, folder_named, put_page
from ehc_sim.present import sensitivity_page
from ehc_sim.safe.cells import put_table
from ehc_sim.scenario import Scenario
from ehc_sim.version import __version__


def folder_of(scenario: Scenario) -> Path:
    """Return the folder that is written to where none is named."""
    stem = scenario.name if scenario.path is None else scenario.path.stem
    return folder_named(stem, "sensitivity")


def check_folder(folder: Path, scenario: Scenario, replace_others: bool = False) -> list[str]:
    """Refuse a folder that holds something else than what decides in this scenario.

    Returns
    -------
    list of str
        Files that we did not write, or that somebody changed: they will be kept.

    Raises
    ------
    NotOurs
        When it is a file, holds something else, or is about another scenario, where that is not to
        be replaced.
    """
    found = 'what decides in another scenario, "{name}"'
    return check_page_folder(folder, SENSITIVITY, {"name": scenario.name}, found, replace_others)


def write(found: Sensitivity, folder: Path, replace_others: bool = False) -> None:
    """Write the folder: the table, the charts and the page, all or nothing.

    Raises
    ------
    NotOurs
        When the folder holds something else, or another scenario's that is not to be replaced.
    InUse
        When another run is on its way to it.
    """
    check_folder(folder, found.scenario, replace_others)
    table = found.table()
    about = {
        "name": found.scenario.name,
        "version": __version__,
        "seed": str(found.seed),
        "runs": f"{found.runs:,}",
        "futures": f"{found.futures:,}",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with only_run(folder), new_folder(folder, SENSITIVITY) as part:
        put_table(table, part / "sensitivity.csv")
        charts = sensitivity_page.draw_all(table)
        page = sensitivity_page.render(table, about, found.notes, charts)
        put_page(part, "sensitivity.html", page, charts, {"kind": SENSITIVITY, **about})
