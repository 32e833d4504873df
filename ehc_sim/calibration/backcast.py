"""The forecast as it would have been made at the end of a past year, held against what came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from ehc_sim.calibration.calibrate import DRAWN, KEPT, Calibration, calibrate
from ehc_sim.calibration.following import (
    REFUSED,
    expected_requests,
    following,
    recorded_requests,
)
from ehc_sim.calibration.smoother import ROUNDS
from ehc_sim.calibration.structures import value_at
from ehc_sim.calibration.unknowns import SMALLEST_SHARE, rounded
from ehc_sim.calibration.widths import WIDTHS, Widths
from ehc_sim.catalogue.held_out import AS_THEY_CAME, UNKNOWN, Held
from ehc_sim.demand.source import history_of
from ehc_sim.experiment.held_out import foretell, held_out, how_many_held, up_to
from ehc_sim.experiment.published import Published, read_published
from ehc_sim.experiment.study import DEFAULT_SEED, Progress
from ehc_sim.scenario import BadInput, Fault, Scenario
from ehc_sim.scenario.as_known import as_known
from ehc_sim.scenario.members import Members, column_name, parts_of

REPLICATIONS = 128
"""Simulated futures each way: the ends of an 80% range are then known to a few points."""


@dataclass(frozen=True, eq=False)
class BackCast:
    """A forecast as of the end of a past year, beside what was published since.

    Attributes
    ----------
    known : int
        Last calendar year that it was told of.
    calibration : Calibration
        Of the figures up to then.
    replications : int
        Simulated futures, with the later requests and refusals as they came and again unknown.
    table : DataFrame
        As ``experiment.held_out.held_out`` returns it.
    """

    known: int
    calibration: Calibration
    replications: int
    table: pd.DataFrame

    @property
    def held(self) -> Held:
        """How many 80% ranges held what was published, where nothing was told."""
        return how_many_held(self.table)


def backcast(
    scenario: Scenario,
    known: int | None = None,
    *,
    replications: int = REPLICATIONS,
    seed: int = DEFAULT_SEED,
    processes: int | None = None,
    widths: Widths = WIDTHS,
    drawn: int = DRAWN,
    kept: int = KEPT,
    rounds: int = ROUNDS,
    progress: Callable[[str], Progress] = lambda what: lambda done, wanted: None,
) -> BackCast:
    """Calibrate a council to what was known at the end of a year, and run it on from there.

    Parameters
    ----------
    scenario : Scenario
        The baseline of a council, which names published figures.
    known : int, optional
        Last calendar year that is known; the one before the last of which anything is published by
        default.
    replications : int
        Simulated futures each way.
    seed, processes, widths, drawn, kept, rounds
        As for ``calibrate``.
    progress : callable
        Called with what is done next, and gives what is called with how much of it is done.

    Raises
    ------
    BadInput
        When nothing was published after the year, or nothing that can be calibrated to before.
    """
    figures = _figures(scenario)
    until = max(one.year for one in figures)
    known = until - 1 if known is None else known
    first = scenario.base.period.run_in_from
    if not first.year <= known < until:
        problem = f"found {known}, allowed is {first.year} to {until - 1}, before the last figures"
        raise BadInput([Fault(None, None, "--until", problem)])
    told = as_known(scenario, known, until)
    calibration = calibrate(
        *(told, known),
        seed=seed, processes=processes, widths=replace(widths, posts_follow=0.0),
        drawn=drawn, kept=kept, rounds=rounds,
        progress=progress("calibrating"),
    )  # fmt: skip
    came = as_known(scenario, known, until, flows_of=scenario)
    record = history_of(scenario)
    members, follow = calibration.members, widths.posts_follow
    ways = (
        (UNKNOWN, told, members, expected_requests(told, seed, up_to(record, known))),
        (AS_THEY_CAME, came, with_flows(members, told, came, known), recorded_requests(record)),
    )
    foretold = [
        foretell(
            one.with_members(following(some, one, known, requests, follow)),
            *(known, given, replications),
            seed=seed, processes=processes, progress=progress("foretelling"), history=record,
        )
        for given, one, some, requests in ways
    ]  # fmt: skip
    return BackCast(known, calibration, replications, held_out(foretold, figures))


def _figures(scenario: Scenario) -> tuple[Published, ...]:
    """Return what was published of everybody, by year.

    Raises
    ------
    BadInput
        When the scenario names no such file, or its file has no such figure.
    """
    base = scenario.base
    if base.council.published is None:
        problem = "found none, allowed is a file of the figures that the forecast is held against"
        raise BadInput([Fault(scenario.path, None, "council.published", problem)])
    path = Path(base.council.published)
    found = read_published(path, base, scenario.whose("council", "published"))
    figures = tuple(one for one in found if one.by == "all" and one.compared)
    if not figures:
        problem = "found no figure of everybody that the model counts, allowed is one or more"
        raise BadInput([Fault(path, None, "file", problem)])
    return figures


def with_flows(members: Members, told: Scenario, came: Scenario, known: int) -> Members:
    """Return members with the later shares of refusals as they came.

    Each member keeps how far its share of requests that are not assessed lies from what was
    published, on the scale of log odds.

    Parameters
    ----------
    members : Members
        Found by what was known at the end of a year.
    told, came : Scenario
        As it was known then, and with the later refusals.
    known : int
        The year.
    """
    columns = [one for one in members.columns if parts_of(one)[0] == REFUSED]
    if not columns:
        return members
    last = max(columns, key=lambda one: parts_of(one)[1] or date.min)
    end = date(known, 12, 31)
    off = logit(members.values[:, members.columns.index(last)]) - logit(_refused(told, end))
    later = [day for day, _ in came.periods if day > end]
    added = {
        column_name(REFUSED, day): rounded(expit(logit(_refused(came, day)) + off)) for day in later
    }
    kept = [one for one in members.columns if one not in added]
    values = [members.values[:, members.columns.index(one)] for one in kept]
    return Members(
        members.names,
        members.explanations,
        members.weights,
        (*kept, *added),
        np.stack([*values, *added.values()], axis=1),
    )


def _refused(scenario: Scenario, day: date) -> float:
    found = value_at(scenario.on(day), REFUSED)
    return float(np.clip(found or 0.0, SMALLEST_SHARE, 1 - SMALLEST_SHARE))
