"""The record that the command ``forecast`` works on: a CSV, a scenario, or a council of DfE's.

Nothing here is heavy to import, so that what is wrong with a file is said at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ehc_sim.calendars import SchoolTerms
from ehc_sim.demand.exposure import DayWeights
from ehc_sim.demand.history import History
from ehc_sim.demand.reading import read_history
from ehc_sim.demand.sen2 import Sen2, read_sen2
from ehc_sim.demand.sen2_council import council_of, history_in_sen2
from ehc_sim.demand.sen2_service import Service
from ehc_sim.demand.source import history_of
from ehc_sim.experiment.arguments import text
from ehc_sim.jobs.dfe_figures import figures_of
from ehc_sim.scenario import BadInput, Fault, Scenario, load
from ehc_sim.scenario.council_names import same_council
from ehc_sim.scenario.plain import checked
from ehc_sim.scenario.schema import Overlay
from ehc_sim.scenario.tree import dotted
from ehc_sim.scenario.what_if import plain

if TYPE_CHECKING:
    from ehc_sim.demand.forecast import Forecast
    from ehc_sim.demand.ladder import Method
    from ehc_sim.demand.rise.explain import Rise
    from ehc_sim.demand.rise.population import Population

SOMERSETS = "somerset"
"""School terms where none are named."""


@dataclass(frozen=True, eq=False)
class Recorded:
    """A record of requests, and what is known beside it.

    Attributes
    ----------
    name : str
        The council, or the file.
    file : Path
        Where it was read from.
    history : History
        The record.
    terms : str
        School terms: ``somerset`` or a file.
    day_weights : DayWeights
    overlays : mapping of str to Overlay
        The planner's adjustments.
    method : str or None
        The method asked for.
    groups : dict of str to DataFrame
        Of a yearly record: requests by group (rows) and year (columns), by topic.
    england : Series or None
        Requests in England by year.
    england_by_age : DataFrame or None
        The same by age.
    service : Service or None
        Of a council of DfE's figures: what else DfE publishes of it.
    """

    name: str
    file: Path
    history: History
    terms: str = SOMERSETS
    day_weights: DayWeights = field(default_factory=DayWeights)
    overlays: Mapping[str, Overlay] = field(default_factory=dict)
    method: Method | None = None
    groups: dict[str, pd.DataFrame] = field(default_factory=dict)
    england: pd.Series[float] | None = None
    england_by_age: pd.DataFrame | None = None
    service: Service | None = None

    def forecast(self, months: int, paths: int, seed: int) -> Forecast:
        """Forecast the months after the record."""
        from ehc_sim.demand.forecast import forecast

        return forecast(
            self.history,
            months,
            terms=SchoolTerms.read(self.terms),
            paths=paths,
            seed=seed,
            day_weights=self.day_weights,
            overlays=self.overlays,
            method=self.method,
        )

    def rise(self, years_back: int = 1, population: Population | None = None) -> Rise:
        """Explain the change from one year of the record to a later one."""
        from ehc_sim.demand.rise.explain import explain

        return explain(
            self.history,
            years_back=years_back,
            population=population,
            groups=self.groups,
            england=self.england,
            england_by_age=self.england_by_age,
        )


def recorded(
    of: Path | Scenario | None,
    terms: str | None = None,
    sen2: Path | None = None,
    council: str | None = None,
) -> Recorded:
    """Read what is to be forecast.

    Parameters
    ----------
    of : Path, Scenario or None
        A CSV of requests, or a scenario or its file (TOML); None for a council of DfE's figures,
        and without that for Somerset's baseline.
    terms : str or None
        School terms, beside a record or DfE's figures; Somerset's where none are named. A scenario
        has its own.
    sen2 : Path or None
        DfE's SEN2 download; beside a CSV it gives England's figures.
    council : str or None
        A council of that file; beside a CSV, whose rows are read and what the record is called.
        Beside a scenario, none but its own.

    Raises
    ------
    BadInput
        With every fault of the files, or of what was asked for together.
    """
    if of is None and council is not None:
        if sen2 is None:
            problem = "names no file; allowed is with --sen2 FILE.zip, or beside a record"
            raise BadInput([Fault(None, None, "--council", problem)])
        return _published(read_sen2(sen2), council, terms or SOMERSETS)
    if of is None and sen2 is not None:
        problem = "which council of it is meant? Name it with --council"
        raise BadInput([Fault(sen2, None, "--sen2", problem)])
    if of is None or isinstance(of, Scenario) or of.suffix == ".toml":
        scenario = _shipped() if of is None else of if isinstance(of, Scenario) else load(of)
        wrong = only_its_own(scenario, terms, council)
        if wrong:
            faults = [Fault(scenario.path, None, f"--{one}", said) for one, said in wrong.items()]
            raise BadInput(faults)
        return with_england(of_scenario(scenario), sen2)
    history = read_history(of, council=council)
    name = council or history.council or of.stem.replace("_", " ")
    return with_england(Recorded(name, of, history, terms or SOMERSETS), sen2)


def only_its_own(scenario: Scenario, terms: str | None, council: str | None) -> dict[str, str]:
    """Return what is wrong with a council and school terms beside a scenario, which has both."""
    own, wrong = scenario.base.council, dict[str, str]()
    if council is not None and not same_council(council, own.name):
        wrong["council"] = f'found "{council}" beside a scenario, allowed is {own.name} or none'
    if terms is not None and terms != own.terms:
        problem = f'found "{terms}" beside a scenario, allowed is none: council.terms of the '
        wrong["terms"] = problem + "scenario holds"
    return wrong


def _shipped() -> Scenario:
    from ehc_sim.jobs.checking import scenarios_of, shipped

    return scenarios_of([shipped()])[0]


def without_years(record: Recorded, years: Sequence[int]) -> Recorded:
    """Return a yearly record from some years of which nothing is learnt.

    Raises
    ------
    BadInput
        If the record is by month, has not such a year, or no year is left.
    """
    history, faults = record.history, list[Fault]()
    if history.kind != "yearly":
        problem = "is of records by year; in a scenario, [demand.record] leave_out names months"
        raise BadInput([Fault(record.file, None, "--leave-out", problem)])
    there = (1970 + history.index.astype(np.int64)).tolist()
    for year in years:
        if year not in there:
            allowed = f"allowed is a year from {there[0]} to {there[-1]}"
            faults.append(Fault(record.file, None, "--leave-out", f"found {year}, {allowed}"))
    left_out = history.left_out | np.isin(there, years)
    if not faults and not np.any(history.known & ~left_out):
        faults.append(Fault(record.file, None, "--leave-out", "leaves no year to learn from"))
    if faults:
        raise BadInput(faults)
    note = f"Left out, as was asked: {', '.join(map(str, sorted(years)))}."
    return replace(
        record, history=replace(history, left_out=left_out, notes=(*history.notes, note))
    )


def of_scenario(scenario: Scenario) -> Recorded:
    """Return a scenario's record, with its weights and adjustments."""
    base = scenario.base
    return Recorded(
        base.council.name,
        Path(base.demand.history or scenario.path or base.council.name),
        history_of(scenario),
        base.council.terms,
        DayWeights.of(base.demand),
        base.demand.overlay,
        base.demand.method,
    )


def _published(sen2: Sen2, name: str, terms: str) -> Recorded:
    council = council_of(sen2, name)
    topics = ("age", "source", "need")
    groups = {topic: table for topic in topics if not (table := council.by(topic)).empty}
    return Recorded(
        council.name,
        sen2.path,
        history_in_sen2(sen2, council),
        terms,
        groups=groups,
        england=sen2.england,
        england_by_age=sen2.england_by("age"),
        service=figures_of(sen2, council),
    )


def with_england(record: Recorded, sen2: Path | None) -> Recorded:
    """Return a record with England's figures of DfE's download beside it, where there is one."""
    if sen2 is None:
        return record
    published = read_sen2(sen2)
    by_age = published.england_by("age")
    history = replace(record.history, notes=(*record.history.notes, *published.notes))
    return replace(record, history=history, england=published.england, england_by_age=by_age)


def overlays_of(given: object) -> dict[str, Overlay]:
    """Return adjustments that were given from Python as a scenario file has them.

    Parameters
    ----------
    given : mapping of str to mapping
        Each as its ``[demand.overlay.<name>]`` has it, by its name.

    Raises
    ------
    BadInput
        With everything that is wrong in the adjustments.
    TypeError, ValueError
        When they are no tables by name.
    """
    if not isinstance(given, Mapping):
        allowed = "allowed is a table of adjustments by name"
        raise TypeError(f"overlays: found {type(given).__name__}, {allowed}")
    made, faults = dict[str, Overlay](), list[Fault]()
    for name, one in given.items():
        where = ("overlays", text("overlays", name))
        if not isinstance(one, Mapping):
            allowed = "allowed is a table, as [demand.overlay.<name>] of a scenario"
            raise TypeError(f"{dotted(where)}: found {type(one).__name__}, {allowed}")
        overlay, problems = checked(Overlay, plain(one))
        faults += [Fault(None, None, dotted((*where, *at)), problem) for at, problem in problems]
        if overlay is not None:
            made[name] = overlay
    if faults:
        raise BadInput(faults)
    return made
