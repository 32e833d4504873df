"""A small council with members, for several tests."""

from __future__ import annotations

import shutil
from pathlib import Path

from ehc_sim.scenario import Scenario, load
from tests.scenario_files import SMALL

POSTS = "teams.plan writers.posts"
LATER = f"{POSTS} from 2024-07-01"
TABLE = f"""member,explanation,weight,{POSTS},{LATER},decision_to_assess.refused
a,in order,3,2.5,2.0,0.30
b,newest first,2,3.0,3.5,0.20
c,in order,1,2.0,2.5,0.25
d,newest first,2,3.5,4.0,0.15
"""
NAMED = '[explanations]\nmembers = "members.csv"\n'


def write_council(
    folder: Path, table: str | bytes = TABLE, text: str = "", options: dict[str, str] | None = None
) -> Path:
    """Write the small council with some members, more text and some options into a folder.

    Parameters
    ----------
    folder : Path
    table : str or bytes
        Table of members, as it stands in its file.
    text : str
        Added to the baseline, after the name of the table.
    options : dict of str to str
        What options add to the baseline, by their names.

    Returns
    -------
    Path
        The baseline.
    """
    for path in SMALL.iterdir():
        shutil.copy(path, folder)
    baseline = folder / "baseline.toml"
    before = baseline.read_text(encoding="utf-8")
    baseline.write_text(f"{before}\n{NAMED}{text}", encoding="utf-8")
    raw = table.encode() if isinstance(table, str) else table
    (folder / "members.csv").write_bytes(raw)
    for name, added in (options or {}).items():
        head = f'extends = "baseline.toml"\nname = "{name}"\nwhy = "To see"\n'
        (folder / f"{name}.toml").write_text(head + added, encoding="utf-8")
    return baseline


def council(folder: Path, table: str | bytes = TABLE, text: str = "") -> Scenario:
    """Return the small council with members."""
    return load(write_council(folder, table, text))


def option(folder: Path, added: str, table: str | bytes = TABLE, text: str = "") -> Scenario:
    """Return an option of the small council with members."""
    write_council(folder, table, text, {"option": added})
    return load(folder / "option.toml")
