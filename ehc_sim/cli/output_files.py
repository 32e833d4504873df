"""The files that commands write beside a results folder: checked before, whole or not there."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ehc_sim.cli.console import say

if TYPE_CHECKING:
    import pandas as pd

    from ehc_sim.present.style import Chart


def say_kept(folder: Path, names: Sequence[str]) -> None:
    """Say which files of a results folder were not ours and so are still in it."""
    shown = [name for name in names if not Path(name).name.startswith((".", "~$"))]
    if shown:
        more = f" and {len(shown) - 5} more" if len(shown) > 5 else ""
        why = "which no run wrote or somebody changed"
        say(f"{folder}: kept {', '.join(shown[:5])}{more}, {why}", err=True)


def check_new(*files: Path | None) -> None:
    """Refuse names of files that could not be written, before anything is run.

    A file that is there, whatever it is, is never written over.

    Raises
    ------
    BadInput
        With a fault for each.
    """
    from ehc_sim.scenario import BadInput, Fault

    faults = []
    for path in files:
        if path is None:
            continue
        if os.path.lexists(path):
            problem = "is there already; remove it first, or name another file"
            faults.append(Fault(path, None, "", problem))
        elif not path.parent.is_dir():
            problem = f"found no folder {path.parent}, allowed is one that is there"
            faults.append(Fault(path, None, "", problem))
    if faults:
        raise BadInput(faults)


def check_names(out: Path | None, chart: Path | None) -> None:
    """Refuse names of a table and a chart that could not be written, before anything is run.

    Raises
    ------
    BadInput
        With a fault for each.
    """
    from ehc_sim.scenario import BadInput, Fault

    check_new(out, chart)
    if chart is not None and chart.suffix != ".svg":
        raise BadInput([Fault(chart, None, "", "allowed is a name that ends in .svg")])
    if out is not None and out == chart:
        raise BadInput([Fault(chart, None, "", "found twice, allowed is a file for each")])


def give(
    table: pd.DataFrame,
    out: Path | None,
    chart: Path | None,
    draw: Callable[[pd.DataFrame], Chart],
    lines: Callable[[pd.DataFrame], list[str]],
    as_json: bool,
) -> None:
    """Write a table and its chart where that is asked for, each whole or not at all; print it."""
    from ehc_sim.present.style import svg_text
    from ehc_sim.safe.cells import text_of_table

    if out is not None:
        put(out, text_of_table(table), "utf-8-sig")
    if chart is not None:
        put(chart, svg_text(draw(table), chart.stem))
    if as_json:
        say(table.to_json(orient="records", indent=1))
        return
    for line in lines(table):
        say(line)


def put(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a file under a temporary name and rename it."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding=encoding, newline="")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
