"""The job of the command ``backcast``: write the folder of a forecast held against what came."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from ehc_sim.calibration.backcast import BackCast
from ehc_sim.experiment.contents import BACKCAST
from ehc_sim.experiment.folder import new_folder, only_run
from ehc_sim.jobs.page_folder import check_page_folder, folder_named, put_page
from ehc_sim.present import backcast_page
from ehc_sim.safe.cells import put_table
from ehc_sim.scenario import Scenario
from ehc_sim.version import __version__

TABLE, PAGE = "backcast_of_forecast.csv", "backcast_of_forecast.html"


def folder_of(scenario: Scenario) -> Path:
    """Return the folder that is written to where none is named."""
    return folder_named(scenario.base.council.name, "backcast")


def check_folder(folder: Path, scenario: Scenario, replace_others: bool = False) -> list[str]:
    """Refuse a folder that holds something else than a back-cast of this council.

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
    about, found = (
        {"name": scenario.base.council.name},
        'the back-cast of another council, "{name}"',
    )
    return check_page_folder(folder, BACKCAST, about, found, replace_others)


def write(found: BackCast, folder: Path, replace_others: bool = False) -> None:
    """Write the folder: the table, the charts and the page, all or nothing.

    Raises
    ------
    NotOurs
        When the folder holds something else, or another council's that is not to be replaced.
    InUse
        When another run is on its way to it.
    """
    calibration = found.calibration
    check_folder(folder, calibration.scenario, replace_others)
    about = {
        "name": calibration.scenario.base.council.name,
        "known": str(found.known),
        "version": __version__,
        "seed": str(calibration.seed),
        "replications": f"{found.replications:,}",
        "members": f"{len(calibration.members):,}",
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    with only_run(folder), new_folder(folder, BACKCAST) as part:
        put_table(found.table, part / TABLE)
        charts = backcast_page.draw_all(found.table)
        page = backcast_page.render(found.table, found.held, about, charts=charts)
        put_page(part, PAGE, page, charts, {"kind": BACKCAST, **about})
