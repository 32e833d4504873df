"""One council made, calibrated and foretold from what was known at the end of a year.

The council's folder is that of ``ehc-sim new``, without the stock of plans and disputes, and with
enough officers, writers and panels: nothing that every council publishes tells of them, and the
waits there are in those of the advice. Numbers with a range are at their most likely, since the
members say how unsure the service is.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

import numpy as np
from scipy.special import ndtri

import ehc_sim as ehc
from benchmarks.council_figures import EARLIER_EDITION, LATER_EDITION
from ehc_sim.calibration.backcast import with_flows
from ehc_sim.calibration.calibrate import calibrate
from ehc_sim.calibration.following import expected_requests, following, recorded_requests
from ehc_sim.calibration.structures import psychologists
from ehc_sim.calibration.widths import Widths
from ehc_sim.catalogue.held_out import AS_THEY_CAME, UNKNOWN
from ehc_sim.demand.source import history_of
from ehc_sim.experiment.held_out import Foretold, foretell, up_to
from ehc_sim.experiment.published import read_published
from ehc_sim.scenario import BadInput, Scenario
from ehc_sim.scenario.as_known import as_known
from ehc_sim.scenario.marked import holds_for_whole_run
from ehc_sim.scenario.members import Members, column_name, read_members, text_of
from ehc_sim.scenario.part import numbers_in
from ehc_sim.scenario.tree import dotted

SEED = 20_250_101
WEEKS_APART = 0.6
"""Standard deviation of the logarithm of the weeks after which members buy advice."""
MEASURES = ("issued_on_time", "completed", "issued_over_52_weeks", "mean_weeks")
DIGITS = 4
LEFT_OUT = ("plans", "disputes")
ENOUGH = 6.0
"""How many times the posts that a template gives to teams that are not calibrated."""


@dataclass(frozen=True)
class Setting:
    """How councils are calibrated and foretold; lines of one name are scored together.

    Attributes
    ----------
    name : str
    drawn, kept, rounds : int
        Members of each explanation, and times that they are moved.
    futures : int
        Replications of each forecast.
    follows, shock : float
        As for ``calibration.following``.
    bought, weeks : float
        Advice that is bought while the next case has waited for the psychologists for longer than
        so many weeks (the middle of the members'; others by ``WEEKS_APART``), as a part of a
        month's work; nothing is bought up to the last known year.
    always : int
        1 where it is bought in all years, after the same weeks by all members.
    widths : Widths
        How uncertain each number is before any figure is seen.
    """

    name: str = "as shipped"
    drawn: int = 20
    kept: int = 16
    rounds: int = 4
    futures: int = 48
    follows: float = 0.0
    shock: float = 1.0
    bought: float = 0.0
    weeks: float = 8.0
    always: int = 0
    widths: Widths = field(default_factory=Widths)

    @classmethod
    def arguments(cls, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--name", default=cls.name, help="what this setting is called")
        for number in ("drawn", "kept", "rounds", "futures"):
            parser.add_argument(f"--{number}", type=int, default=getattr(cls, number))
        parser.add_argument("--always", type=int, default=0)
        for number in ("follows", "shock", "bought", "weeks"):
            parser.add_argument(f"--{number}", type=float, default=getattr(cls, number))
        parser.add_argument(
            "--width", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"),
            help="one of the numbers of calibration/widths.py",
        )  # fmt: skip

    @classmethod
    def of(cls, chosen: argparse.Namespace) -> Self:
        widths = replace(Widths(), **{name: float(value) for name, value in chosen.width})
        return cls(
            chosen.name, chosen.drawn, chosen.kept, chosen.rounds, chosen.futures, chosen.follows,
            chosen.shock, chosen.bought, chosen.weeks,
            chosen.always, widths,
        )  # fmt: skip


def fitted(
    council: str, known: int, until: int, data: Path, setting: Setting, members: Path
) -> dict[str, Any]:
    """Return a line of a file of fits.

    Parameters
    ----------
    council : str
    known, until : int
        Last calendar year that the forecast is told of, and the last that it foretells.
    data : Path
        Folder of DfE's downloads.
    setting : Setting
    members : Path
        Folder in which members are kept, so that other forecasts are made of the same fits.

    Returns
    -------
    dict
        council, known, setting (its name), cpu_seconds, and either failed (why), or missing (what
        DfE's files lack, in words), explanations (weight by name), fit (by year and measure,
        published and the middle of what is simulated), explanation (of each replication) and
        samples (by what was known of requests, year and measure, one number a replication).
    """
    line: dict[str, Any] = {"council": council, "known": known, "setting": setting.name}
    started = time.process_time()
    with TemporaryDirectory() as folder:
        try:
            line |= _found(council, known, until, data, setting, members, Path(folder))
        except BadInput as fault:
            line["failed"] = str(fault)
    return line | {"cpu_seconds": round(time.process_time() - started, 1)}


def _found(
    council: str, known: int, until: int, data: Path, setting: Setting, kept: Path, folder: Path
) -> dict[str, Any]:
    files = [data / EARLIER_EDITION, data / LATER_EDITION]
    made = ehc.new_council(council, files, folder / "then", until=known)
    ehc.new_council(council, files, folder / "later")
    later = ehc.load(folder / "later" / "baseline.toml")
    record = history_of(later)
    cases = setting.bought * recorded_requests(record)[known] / 12
    then = _bare(folder / "then", cases if setting.always else 0.0, setting.weeks)
    told = as_known(then, known, until)
    came = as_known(then, known, until, flows_of=later)
    started = time.process_time()
    members = _members(told, known, setting, kept / f"{council}_{known}.csv")
    calibrating = time.process_time() - started
    flows = with_flows(members, told, came, known)
    ways: Sequence[tuple[str, Scenario, Members, Mapping[int, float]]] = (
        (UNKNOWN, told, members, expected_requests(told, SEED, up_to(record, known))),
        (AS_THEY_CAME, came, flows, recorded_requests(record)),
    )
    samples = {}
    for given, scenario, some, requests in ways:
        some = following(some, scenario, known, requests, setting.follows, setting.shock)
        if setting.bought and not setting.always:
            scenario, some = _buying(scenario, some, known, requests[known], setting)
        foretold = foretell(
            *(scenario.with_members(some), known, given, setting.futures),
            seed=SEED, processes=1, history=record, only=("yearly",),
        )  # fmt: skip
        samples[given] = _by_year(foretold, range(known + 1, until + 1))
    return {
        "calibrating": round(calibrating, 1),
        "missing": list(made.notes),
        "explanations": {name: round(share, 3) for name, share in members.shares.items()},
        "fit": _fit(foretold, then, known),
        "samples": samples,
    }


def _buying(
    scenario: Scenario, members: Members, known: int, requests: float, setting: Setting
) -> tuple[Scenario, Members]:
    """Return a scenario that buys advice while its queue is long, and what members say of it."""
    team = psychologists(scenario.base)
    since = date(known + 1, 1, 1)
    agency = {
        "cases_a_month": setting.bought * requests / 12, "older_than_weeks": setting.weeks,
        "price": 0, "turnaround": {"mean_days": 28, "spread": 0.4},
    }  # fmt: skip
    what = dotted(("teams", str(team), "agency"))
    scenario = scenario.with_change(what, set=agency, from_=since, name=scenario.name)
    places = (np.random.default_rng(SEED).permutation(len(members)) + 0.5) / len(members)
    weeks = setting.weeks * np.exp(WEEKS_APART * ndtri(places))
    column = column_name(f"{what}.older_than_weeks", since)
    values = np.concatenate([members.values, weeks[:, np.newaxis]], axis=1)
    columns = (*members.columns, column)
    return scenario, Members(members.names, members.explanations, members.weights, columns, values)


def _members(told: Scenario, known: int, setting: Setting, file: Path) -> Members:
    if file.is_file():
        return read_members(file)
    found = calibrate(
        *(told, known),
        seed=SEED, processes=1, widths=setting.widths,
        drawn=setting.drawn, kept=setting.kept, rounds=setting.rounds,
    ).members  # fmt: skip
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(text_of(found), encoding="utf-8")
    part.replace(file)
    return found


def _bare(folder: Path, bought: float = 0.0, weeks: float = 0.0) -> Scenario:
    """Return the scenario of a new folder without what its figures do not tell of."""
    base = ehc.load(folder / "baseline.toml").base
    team = psychologists(base)
    lines = [
        'extends = "baseline.toml"', 'name = "Assessments alone"', 'why = "To be calibrated"',
        f"leaves_out = {list(LEFT_OUT)}",
    ]  # fmt: skip
    if bought:
        lines += [
            f'[teams."{team}".agency]', f"cases_a_month = {bought:.4g}", "price = 0",
            f"older_than_weeks = {weeks:.4g}", "turnaround = { mean_days = 28, spread = 0.4 }",
        ]  # fmt: skip
    for name, other in base.teams.items():
        if name != team:
            lines += [f'[teams."{name}"]', f"posts = {min(ENOUGH * other.posts.likely, 500):.5g}"]
    for name, panel in base.panels.items():
        lines += [f'[panels."{name}"]', f"cases = {min(ENOUGH * panel.cases.likely, 1000):.0f}"]
    likely = []  # in the same file, in which members replace what is set
    for where, number in numbers_in(base):
        if where[0] in LEFT_OUT or where[-1] == "posts" or number.low == number.high:
            continue
        likely += ["[[change]]", f"what = '{dotted(where)}'", f"set = {number.likely:.10g}"]
        if not holds_for_whole_run(where):
            likely += [f"from = {base.period.run_in_from}"]
    with (folder / "baseline.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + "\n".join(likely) + "\n")
    (folder / "bare.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ehc.load(folder / "bare.toml")


def _by_year(foretold: Foretold, years: Sequence[int]) -> dict[str, dict[str, list[float | None]]]:
    return {
        str(year): {name: _plain(foretold.sample(year, name)) for name in MEASURES}
        for year in years
    }


def _plain(sample: np.ndarray) -> list[float | None]:
    return [float(f"{one:.{DIGITS}g}") if np.isfinite(one) else None for one in sample]


def _fit(foretold: Foretold, then: Scenario, known: int) -> dict[str, dict[str, list[float]]]:
    """Return what was published of each known year, and the middle of what is simulated."""
    figures = read_published(Path(str(then.base.council.published)))
    found: dict[str, dict[str, list[float]]] = {}
    for one in figures:
        if one.by == "all" and one.measure in MEASURES and one.allowed and one.year <= known:
            middle = float(np.nanmedian(foretold.sample(one.year, one.measure)))
            found.setdefault(str(one.year), {})[one.measure] = [one.value, round(middle, DIGITS)]
    return found
