"""Writes a council's folder: its baseline, record, published figures, plans in hand and options."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from ehc_sim.jobs.new_council import baseline, options, published
from ehc_sim.jobs.new_council.doubtful import without_doubtful
from ehc_sim.jobs.new_council.figures import Found, find
from ehc_sim.jobs.new_council.missing import missing
from ehc_sim.jobs.new_council.numbers import quoted
from ehc_sim.jobs.new_council.stock import stock_in_hand
from ehc_sim.jobs.new_council.your_numbers import write_both
from ehc_sim.safe.cells import text_of_table
from ehc_sim.scenario import load
from ehc_sim.scenario.faults import BadInput, Fault

APRIL = 4
PLAN_YEARS = 3


@dataclass(frozen=True)
class Made:
    """A council's folder and what was missing.

    Attributes
    ----------
    folder : Path
        The folder.
    council : str
        The council's name as DfE writes it.
    notes : tuple of str
        What DfE's figures have not got, and what was done, a line each.
    options : int
        Options beside today's service.
    """

    folder: Path
    council: str
    notes: tuple[str, ...]
    options: int


def new_council(
    name: str,
    files: Sequence[Path],
    out: Path | None = None,
    *,
    plan_from: date | None = None,
    until: int | None = None,
) -> Made:
    """Make a folder of scenarios for a council from DfE's downloads.

    Parameters
    ----------
    name : str
        A council of DfE's figures, by name or code.
    files : sequence of Path
        DfE's SEN2 downloads; where two have a figure, the edition of the later year is taken.
    out : Path, optional
        The folder, which is not there yet; it is complete under its name, or not there. By default
        one of the council's name here.
    plan_from : date, optional
        First day of the plan, the first of a month; by default the April after the next of the
        record's end.
    until : int, optional
        Last calendar year that is known: nothing later goes into the folder.

    Raises
    ------
    BadInput
        If the folder is there, a file is no such download, or it has no such council.
    """
    if out is not None:
        _check_new(out)
    found = find(name, files, until)
    own, doubts = without_doubtful(found.own)
    found = replace(found, own=own, notes=(*found.notes, *doubts))
    if out is None:
        out = Path(re.sub(r"\W+", "_", found.council.name.lower()).strip("_"))
        _check_new(out)
    record = _record(found)
    dates = _dates(found, record, plan_from)
    try:
        part = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as error:
        problem = f"nothing can be written in {out.parent}: {error.strerror}"
        raise BadInput([Fault(out, None, "", problem)]) from error
    try:
        notes, number = _write(found, record, dates, part)
        part.chmod(0o755)
        part.rename(out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return Made(out, found.council.name, notes, number)


def _check_new(out: Path) -> None:
    if out.exists() or out.is_symlink():
        problem = "is there already; remove it first, or name another folder"
        raise BadInput([Fault(out, None, "", problem)])
    if not out.parent.is_dir():
        problem = f"found no folder {out.parent}, allowed is one that is there"
        raise BadInput([Fault(out, None, "", problem)])


def _record(found: Found) -> pd.DataFrame:
    """Return the requests by year, without part years."""
    own, england = found.own.of("requests"), found.england.of("requests")
    years = [year for year in sorted(own) if year not in found.part_years or len(own) == 1]
    if not years:
        problem = f"{found.council.name} has no year with requests in what is known"
        raise BadInput([Fault(None, None, "council", problem)])
    every = list(range(years[0], years[-1] + 1))
    # A record by year has no gap: what is not known is in between, and missing.py says so.
    filled = np.exp(np.interp(every, years, np.log([max(own[year], 0.5) for year in years])))
    requests = [round(own[year] if year in years else filled[at]) for at, year in enumerate(every)]
    columns = {"council": found.council.name, "year": every, "requests": requests}
    if all(year in england for year in every):
        columns["england"] = [round(england[year]) for year in every]
    return pd.DataFrame(columns)


def _dates(found: Found, record: pd.DataFrame, plan_from: date | None) -> baseline.Dates:
    """Return the dates of the run: from the first January of which both record and plans are."""
    first = int(record["year"].min())
    last = max(int(record["year"].max()), *found.england.of("requests"))
    with_plans = [year for year in found.own.of("plans") if first <= year <= last]
    start = min(with_plans, default=first)
    begins = plan_from or date(last + 2, APRIL, 1)
    _check_dates(begins, last)
    years = [date(begins.year + more, begins.month, 1) for more in (1, 2, PLAN_YEARS)]
    return baseline.Dates(
        start, last, str(begins), str(_day_before(years[2])), str(years[0]),
        str(_day_before(years[1])),
    )  # fmt: skip


def _check_dates(begins: date, last: int) -> None:
    allowed = f"allowed is the first day of a month, from {last + 1}-01-01 to {last + 4}-12-01"
    if begins.day != 1 or not last < begins.year <= last + 4:
        raise BadInput([Fault(None, None, "--plan-from", f"found {begins}, {allowed}")])


def _day_before(day: date) -> date:
    return day - timedelta(days=1)


def _write(
    found: Found, record: pd.DataFrame, dates: baseline.Dates, folder: Path
) -> tuple[tuple[str, ...], int]:
    """Write every file of the folder; return what was missing, and how many options there are."""
    stock = stock_in_hand(found, dates.run_from)
    figures = published.published(found, dates.run_from)
    filled = baseline.context(found, stock, dates)
    notes = missing(found, record, dates, stock, filled)
    templates = Environment(
        loader=PackageLoader("ehc_sim.jobs.new_council"),
        autoescape=False,  # TOML, whose texts are quoted by the filter
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    templates.filters["toml"] = quoted
    texts = {
        "baseline.toml": templates.get_template("baseline.toml.j2").render(
            filled, missing=notes, published=len(figures) > 0
        ),
        "requests.csv": text_of_table(record),
        f"plans_{dates.run_from}.csv": text_of_table(stock.table),
    }
    if len(figures):
        texts["published.csv"] = text_of_table(figures)
    size = options.sizes(filled["work"], filled["posts"], date.fromisoformat(dates.plan_from))
    offered = sorted(templates.list_templates(filter_func=_is_option))
    for template in offered:
        texts[Path(template).stem] = templates.get_template(template).render(size)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    write_both(load(folder / "baseline.toml"), notes, folder)
    return notes, len(offered)


def _is_option(template: str) -> bool:
    return template.startswith("options/")
