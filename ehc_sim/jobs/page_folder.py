"""What the folders of a page with its tables and charts have in common."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

from ehc_sim.experiment.beside import NotOurs
from ehc_sim.experiment.contents import MANIFEST, manifest_of
from ehc_sim.experiment.folder import check_free
from ehc_sim.experiment.together import OR_REPLACE
from ehc_sim.present.style import Chart, png_bytes, svg_text


def folder_named(name: str, what: str) -> Path:
    """Return the folder that is written to where none is named: of whom, and what it holds.

    Examples
    --------
    >>> folder_named("Bath and North East Somerset", "forecast").name
    'bath_and_north_east_somerset_forecast'
    """
    return Path("results") / f"{re.sub('[^a-z0-9]+', '_', name.lower()).strip('_')}_{what}"


def check_page_folder(
    folder: Path, kind: str, about: Mapping[str, str], found: str, replace_others: bool
) -> list[str]:
    """Refuse a folder that holds something else than a page of a kind about the same.

    Parameters
    ----------
    folder : Path
    kind : str
        Kind of the folder, as its manifest has it.
    about : mapping of str to str
        What the manifest must have of what the page is about.
    found : str
        What is said of another, a format of the manifest's entries named in ``about``.
    replace_others : bool
        Whether another of the kind may be replaced.

    Returns
    -------
    list of str
        Files that we did not write, or that somebody changed: they will be kept.

    Raises
    ------
    NotOurs
        When it is a file, holds something else, or is about another that is not to be replaced.
    """
    kept = check_free(folder, kind)
    if not replace_others and (folder / MANIFEST).is_file():
        there = manifest_of(folder)
        was = {name: there.get(name) for name in about}
        if was != dict(about):
            raise NotOurs(f"{folder}: found {found.format(**was)}; {OR_REPLACE}")
    return kept


def put_page(
    part: Path, page: str, text: str, charts: Mapping[str, Chart], manifest: Mapping[str, str]
) -> None:
    """Write a page under its name, its charts and the manifest into a new folder."""
    (part / "charts").mkdir()
    for name, chart in charts.items():
        (part / "charts" / f"{name}.svg").write_text(svg_text(chart, name), encoding="utf-8")
        (part / "charts" / f"{name}.png").write_bytes(png_bytes(chart))
    (part / page).write_text(text, encoding="utf-8")
    (part / MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")
