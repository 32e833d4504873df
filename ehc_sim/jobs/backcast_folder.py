"""The job of the command ``backcast``: write the folder of a forecast held against what came."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from ehc_sim.calibration.backcast import BackCast
from ehc_sim.experiment.beside import NotOurs
from ehc_sim.experiment.contents import BACKCAST, MANIFEST, manifest_of
from ehc_sim.experiment.folder import check_free, new_folder, only_run
from ehc_sim.experiment.together import OR_REPLACE
from ehc_sim.present import backcast_page
from ehc_sim.present.style import png_bytes, svg_text
from ehc_sim.safe.cells import put_table
from ehc_sim.scenario import Scenario
from ehc_sim.version import __version__

TABLE, PAGE = "backcast_of_forecast.csv", "backcast_of_forecast.html"


def folder_of(scenario: Scenario) -> Path:
    """Return the folder that is written to where none is named."""
    name = re.sub("[^a-z0-9]+", "_", scenario.base.council.name.lower()).strip("_")
    return Path("results") / f"{name}_backcast"


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
    kept = check_free(folder, BACKCAST)
    if not replace_others and (folder / MANIFEST).is_file():
        was = manifest_of(folder).get("name")
        if was != scenario.base.council.name:
            raise NotOurs(
                f'{folder}: found the back-cast of another council, "{was}"; {OR_REPLACE}'
            )
    return kept


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
        (part / "charts").mkdir()
        for name, chart in charts.items():
            (part / "charts" / f"{name}.svg").write_text(svg_text(chart, name), encoding="utf-8")
            (part / "charts" / f"{name}.png").write_bytes(png_bytes(chart))
        page = backcast_page.render(found.table, found.held, about, charts=charts)
        (part / PAGE).write_text(page, encoding="utf-8")
        manifest = {"kind": BACKCAST, **about}
        (part / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
