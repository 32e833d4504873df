"""Finds the members of a council: numbers under each explanation that agree with its figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ehc_sim.calibration.following import expected_requests, following
from ehc_sim.calibration.forward import simulated
from ehc_sim.calibration.smoother import ROUNDS, Round, centred, smoothed
from ehc_sim.calibration.structures import structures_of
from ehc_sim.calibration.targets import Target, figures_of, scaled, squares, targets_of
from ehc_sim.calibration.unknowns import Structure
from ehc_sim.calibration.widths import WIDTHS, Widths
from ehc_sim.experiment.arguments import whole
from ehc_sim.experiment.published import read_published
from ehc_sim.experiment.study import DEFAULT_SEED
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import BadInput, Scenario
from ehc_sim.scenario.faults import Fault
from ehc_sim.scenario.members import Members, parts_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWN, KEPT = 48, 40
"""Members of each explanation that are moved towards the figures, and that are kept: those that
came nearest to what they were to agree with."""
FLOOR = 0.2
"""Share of the weight that an explanation keeps, unless the figures rule it out: they are of too
few years to tell explanations apart, and how a service works changes."""
AS_MANY_AS = 3
"""Figures that are independent, as many as tell explanations apart: what one leaves out of a
service pushes all its figures at once. What fits the past best has foretold Somerset's 2025 worst.
"""
RULED_OUT = 9.0
"""An explanation is ruled out where the middle one of its members is three standard deviations off
in the mean over the figures, and that of another is not half as far."""

Progress = Callable[[int, int], None]
"""Called with the runs that are done and wanted."""


@dataclass(frozen=True, eq=False)
class Explained:
    """An explanation held against the figures.

    Attributes
    ----------
    structure : Structure
    rounds : tuple of Round
        The ensemble as it was assumed, and after each round; simulated figures on their scales.
    kept : ndarray of int64, shape (members,)
        Members of the last round that are kept, in the order of the table.
    weight : float
        Share of the weight that the explanation has; 0 where it is ruled out.
    confirmed : ndarray of float64, shape (members, targets)
        What each kept member says of each target with random numbers of which it knew nothing.
    """

    structure: Structure
    rounds: tuple[Round, ...]
    kept: Ints
    weight: float = 0.0
    confirmed: Floats = field(default_factory=lambda: np.zeros((0, 0)))

    @property
    def unknowns(self) -> Floats:
        """Unknowns of the kept members, shape (members, unknowns)."""
        return np.asarray(self.rounds[-1].unknowns[self.kept])


@dataclass(frozen=True, eq=False)
class Calibration:
    """What was found of a council.

    Attributes
    ----------
    scenario : Scenario
        The baseline, with the members found.
    targets : tuple of Target
    explained : tuple of Explained
        Each explanation.
    until : date
        Last day of what was looked at.
    seed : int
    runs : int
        Runs that it took.
    """

    scenario: Scenario
    targets: tuple[Target, ...]
    explained: tuple[Explained, ...]
    until: date
    seed: int
    runs: int

    @property
    def members(self) -> Members:
        """The members, those of an explanation together."""
        members = self.scenario.members
        if members is None:
            raise ValueError("a calibration has members")
        return members

    @property
    def effective(self) -> float:
        """How many members of equal weight would tell as much."""
        return 1 / float(np.sum(np.square(self.members.weights)))


def calibrate(
    scenario: Scenario,
    until: int | None = None,
    *,
    seed: int = DEFAULT_SEED,
    processes: int | None = 1,
    widths: Widths = WIDTHS,
    drawn: int = DRAWN,
    kept: int = KEPT,
    rounds: int = ROUNDS,
    progress: Progress = lambda done, wanted: None,
) -> Calibration:
    """Find the members of a council.

    Parameters
    ----------
    scenario : Scenario
        The baseline of a council, which names published figures. Members that it has are left out.
    until : int, optional
        Last calendar year that is looked at; that of the last figure by default.
    seed : int
        Seed of the numbers that are assumed at first, and of the runs.
    processes : int or None
        Processes that run members; the same comes out whatever they are.
    widths : Widths
        How uncertain each number is.
    drawn, kept : int
        Members of each explanation that are moved towards the figures, and that are kept.
    rounds : int
        Times that members are moved.
    progress : callable
        Called with the runs that are done and wanted.

    Raises
    ------
    BadInput
        When there is nothing to hold members against, or a number that is found is set in the file.
    RunFailed
        When a process is killed.
    """
    whole("drawn", drawn, 4)
    whole("kept", kept, 2, drawn)
    whole("rounds", rounds, 1)
    targets, last = _targets(scenario, until)
    plain = scenario if scenario.members is None else scenario.with_members(None)
    structures = structures_of(plain, targets, last, widths)
    _set_nowhere_else(plain, structures, last)
    wanted = len(structures) * (drawn * (rounds + 1) + kept)
    runs = _Runs(plain, targets, last, seed, processes, progress, wanted)
    explained = [_explained(runs, one, drawn, kept, rounds) for one in structures]
    explained = weighed(explained, targets)
    some = [one for one in explained if one.weight]
    members = members_of(
        [one.structure for one in some],
        [one.unknowns for one in some],
        [one.weight for one in some],
    )
    if widths.posts_follow:
        requests = expected_requests(plain, seed)
        members = following(members, plain, last.year, requests, widths.posts_follow)
    found = plain.with_members(members)
    return Calibration(found, targets, tuple(explained), last, seed, wanted)


@dataclass(eq=False)
class _Runs:
    """Runs members of a scenario, and counts them."""

    scenario: Scenario
    targets: tuple[Target, ...]
    until: date
    seed: int
    processes: int | None
    progress: Progress
    wanted: int
    done: int = 0

    def __call__(self, structure: Structure, unknowns: Floats, first: int = 0) -> Floats:
        """Return what members say of each target, the n-th with the replication first + n."""
        made = self.scenario.with_members(members_of([structure], [unknowns], [1.0]))
        numbers = range(first, first + len(unknowns))
        run = (made, self.seed, numbers, self.targets, self.until, self.processes)
        return simulated(*run, done=self._more)

    def _more(self, members: int) -> None:
        self.done += members
        self.progress(self.done, self.wanted)


def _explained(runs: _Runs, structure: Structure, drawn: int, kept: int, rounds: int) -> Explained:
    """Return an explanation whose members were moved towards the figures."""
    targets, seed = runs.targets, runs.seed
    made = smoothed(
        _assumed(structure, seed, drawn),
        lambda unknowns: scaled(targets, runs(structure, unknowns)),
        figures_of(targets),
        _noise(structure.name, seed, drawn, targets),
        _may_move(structure, targets),
        rounds,
    )
    nearest = np.argsort(made[-1].off, kind="stable")[:kept]
    nearest = nearest[np.argsort(_told_apart_by(made[-1], targets)[nearest], kind="stable")]
    confirmed = runs(structure, made[-1].unknowns[nearest], first=drawn)
    return Explained(structure, tuple(made), nearest, confirmed=confirmed)


def _told_apart_by(last: Round, targets: Sequence[Target]) -> Floats:
    """Return by what members are put in order, so that even places among them are even futures.

    That is the last share on time, or else the last figure of all.
    """
    of_share = [i for i, one in enumerate(targets) if one.figure.measure == "issued_on_time"]
    place = max(of_share or range(len(targets)), key=lambda i: (targets[i].ends, -i))
    return np.asarray(last.simulated[:, place])


def _targets(scenario: Scenario, until: int | None) -> tuple[tuple[Target, ...], date]:
    """Return the targets up to a year, and the last day of what is looked at."""
    base = scenario.base
    published = base.council.published
    if published is None:
        problem = "found none, allowed is a file of the figures that members are held against"
        raise BadInput([Fault(scenario.path, None, "council.published", problem)])
    path, first = Path(published), base.period.run_in_from
    figures = read_published(path, base, scenario.whose("council", "published"))
    end = base.period.plan_until if until is None else date(until, 12, 31)
    targets = targets_of(figures, first, min(end, base.period.plan_until))
    if not targets:
        problem = (
            "found no figure that members can be held against; allowed is one that says how far "
            "off is allowed, or with fitted yes, such as completed or issued_on_time, from "
            f"{first.year} to {end.year}"
        )
        raise BadInput([Fault(path, None, "file", problem)])
    return targets, date.fromordinal(max(one.ends for one in targets).toordinal() - 1)


def _set_nowhere_else(scenario: Scenario, structures: Sequence[Structure], until: date) -> None:
    """Refuse a file that sets on a date of the record what the members are to say from others.

    Raises
    ------
    BadInput
        With each such change.
    """
    made: dict[str, set[date]] = {}
    for structure in structures:
        for header in structure.columns(np.zeros((1, len(structure.unknowns)))):
            path, day = parts_of(header)
            made.setdefault(path, set()).add(day or scenario.base.period.run_in_from)
    faults = [
        Fault(
            scenario.path,
            None,
            change.what,
            f"found one set from {change.from_}, within what is calibrated; allowed is none up to "
            f"{until}, for calibrate finds it: take that change out",
        )
        for change in scenario.changes
        if change.kind == "set"
        and change.from_ <= until
        and change.from_ not in made.get(change.what, {change.from_})
    ]
    if faults:
        raise BadInput(faults)


def _normals(seed: int, members: int, names: Sequence[str]) -> Floats:
    """Return standard normal numbers, shape (members, names), each by its name."""
    rows = [[Streams(seed, member).uniform(name) for name in names] for member in range(members)]
    return np.asarray(ndtri(np.array(rows).reshape(members, len(names))))


def _assumed(structure: Structure, seed: int, members: int) -> Floats:
    """Return what is assumed: mean 0 and variance 1 of each unknown, over the members too."""
    names = [f"calibration, {structure.name}: {one.words}" for one in structure.unknowns]
    drawn = centred(_normals(seed, members, names))
    return np.asarray(drawn / drawn.std(axis=0))


def _noise(name: str, seed: int, members: int, targets: Sequence[Target]) -> Floats:
    """Return by how many errors each member's figures are off, shape (members, targets)."""
    figures = [one.figure for one in targets]
    names = [f"calibration, {name}: {f.period} {f.measure} {f.by} {f.group}" for f in figures]
    return centred(_normals(seed, members, names))


def _may_move(structure: Structure, targets: Sequence[Target]) -> NDArray[np.bool_]:
    """Return which unknown a figure may tell of: none that comes after it."""
    ends = [one.ends for one in targets]
    return np.array([[one.since < end for end in ends] for one in structure.unknowns], dtype=bool)


def weighed(explained: Sequence[Explained], targets: Sequence[Target]) -> list[Explained]:
    """Return explanations with their weights: by how well they fit, each with a share at least.

    How well is told by the mean over the figures, as if of a few independent ones, and in units of
    how well the best does: where even that is farther off than its errors say, they were too small
    for all, and a difference says as much less.
    """
    simulated = [one.rounds[-1].simulated[one.kept] for one in explained]
    off = np.array([np.median(squares(targets, one)) for one in simulated])
    each = off / len(targets)
    out = (each > RULED_OUT) & (each > 2 * each.min())
    worse = (each - each.min()) / max(each.min(), 1.0)
    likely = np.where(out, 0.0, np.exp(-0.5 * AS_MANY_AS * worse))
    left = 1 - FLOOR * (~out).sum()
    weights = np.where(out, 0.0, FLOOR + left * likely / likely.sum())
    return [
        replace(one, weight=float(weight)) for one, weight in zip(explained, weights, strict=True)
    ]


def members_of(
    structures: Sequence[Structure], unknowns: Sequence[Floats], weights: Sequence[float]
) -> Members:
    """Return a table of members, those of each explanation with the same weight."""
    parts = [one.columns(part) for one, part in zip(structures, unknowns, strict=True)]
    columns = tuple(dict.fromkeys(header for part in parts for header in part))
    rows = [
        (structure.name, weight / len(part))
        for structure, part, weight in zip(structures, unknowns, weights, strict=True)
        for _ in part
    ]
    return Members(
        names=tuple(str(number) for number in range(1, len(rows) + 1)),
        explanations=tuple(name for name, _ in rows),
        weights=tuple(weight for _, weight in rows),
        columns=columns,
        values=np.concatenate([np.stack([part[c] for c in columns], axis=1) for part in parts]),
    )
