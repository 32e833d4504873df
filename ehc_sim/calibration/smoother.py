"""An ensemble of unknown numbers, each moved to where a model agrees with figures as it sees them.

Randomised maximum likelihood with the slopes of an ensemble: Chen, Y. and Oliver, D. S. (2013),
Levenberg-Marquardt forms of the iterative ensemble smoother for efficient history matching and
uncertainty quantification, Computational Geosciences 17, 689-703. Each member has a start of its
own, drawn from what is assumed, and figures of its own, perturbed by their errors, and goes to
where the squares of its distances from both are least. Where the model is a straight line and
errors are normal, the members are then draws from what is known given the figures. The model need
not be differentiable: its slopes are those of straight lines through the runs of all members.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ROUNDS = 10
"""Times that members are moved."""
FIRST_CAUTION, MORE, LESS = 1.0, 2.0, 0.5
"""How much a step is held back at first, in what is assumed of each unknown; and how many times as
much after a step that led away, and after one that led nearer."""
LEAST_CAUTION, MOST_CAUTION = 0.125, 8.0
"""Small steps are told from chance no more than no step: cases fall otherwise into every queue."""
NEAR = 0.25
"""Share of all runs that are near a member: of these the slopes are, the nearer the more."""


@dataclass(frozen=True, eq=False)
class Figures:
    """What was observed, on a scale on which errors are about normal.

    Attributes
    ----------
    values : ndarray of float64, shape (figures,)
        Observed values.
    errors : ndarray of float64, shape (figures,)
        Standard deviation of what keeps the model from them, errors of the model included.
    """

    values: Floats
    errors: Floats


@dataclass(frozen=True, eq=False)
class Round:
    """An ensemble and what the model makes of it.

    Attributes
    ----------
    unknowns : ndarray of float64, shape (members, unknowns)
        In standard deviations from what is assumed.
    simulated : ndarray of float64, shape (members, figures)
        NaN where a member has nothing to say of a figure.
    off : ndarray of float64, shape (members,)
        Squares of each member's distances, from its start and from its own figures, together.
    """

    unknowns: Floats
    simulated: Floats
    off: Floats


def smoothed(
    assumed: Floats,
    model: Callable[[Floats], Floats],
    figures: Figures,
    noise: Floats,
    may_move: Bools | None = None,
    rounds: int = ROUNDS,
) -> list[Round]:
    """Return the ensemble from what is assumed to what the figures say, round by round.

    Parameters
    ----------
    assumed : ndarray of float64, shape (members, unknowns)
        The ensemble before any figure is seen: standard normal.
    model : callable
        What the model says of each figure, shape (members, figures), for unknowns of each member.
        Asked of the same member and unknowns again, it says the same.
    figures : Figures
        What was observed.
    noise : ndarray of float64, shape (members, figures)
        Standard normal numbers by which each member's figures are perturbed, so that the spread of
        the members becomes that of what is known.
    may_move : ndarray of bool, shape (unknowns, figures), optional
        Which unknown a figure may tell of: none that comes after it, for example.
    rounds : int
        Times that members are moved; a member stays where a step would lead it away.

    Returns
    -------
    list of Round
        The first as it was assumed.
    """
    aims = figures.values + noise * figures.errors
    allowed = np.ones((assumed.shape[1], len(figures.values)), bool)
    allowed = allowed if may_move is None else may_move

    def run(unknowns: Floats) -> Round:
        said = model(unknowns)
        missed = np.nan_to_num((said - aims) / figures.errors)
        return Round(unknowns, said, _squares(unknowns - assumed) + _squares(missed))

    made = [run(assumed)]
    every, caution = [made[0]], np.full(len(assumed), FIRST_CAUTION)
    for _ in range(rounds):
        now = made[-1]
        missed = np.nan_to_num((now.simulated - aims) / figures.errors)
        slopes = _slopes(every, now, figures, allowed)
        tried = run(_moved(now.unknowns, assumed, missed, slopes, caution))
        every.append(tried)
        nearer = tried.off < now.off
        caution = np.where(nearer, caution * LESS, caution * MORE)
        caution = np.clip(caution, LEAST_CAUTION, MOST_CAUTION)
        made.append(
            Round(
                np.where(nearer[:, np.newaxis], tried.unknowns, now.unknowns),
                np.where(nearer[:, np.newaxis], tried.simulated, now.simulated),
                np.where(nearer, tried.off, now.off),
            )
        )
    return made


def centred(draws: Floats) -> Floats:
    """Return normal draws of each column made to have mean 0, so that no mean moves by chance."""
    return np.asarray(draws - draws.mean(axis=0))


def _squares(apart: Floats) -> Floats:
    return np.asarray(np.square(apart).sum(axis=1))


def _moved(
    unknowns: Floats, assumed: Floats, missed: Floats, slopes: Floats, caution: Floats
) -> Floats:
    """Return each member after a step to where the squares are least along its slopes.

    Parameters
    ----------
    unknowns, assumed : ndarray, shape (members, unknowns)
    missed : ndarray, shape (members, figures)
        How far off each member is from its own figures, in their errors.
    slopes : ndarray, shape (members, unknowns, figures)
        By how much of its error each figure moves with each unknown.
    caution : ndarray, shape (members,)
    """
    uphill = (unknowns - assumed) + np.einsum("mf,muf->mu", missed, slopes)
    held = np.eye(unknowns.shape[1]) * (1 + caution[:, np.newaxis, np.newaxis])
    bent = np.einsum("muf,mvf->muv", slopes, slopes) + held
    step: Floats = np.linalg.solve(bent, uphill[..., np.newaxis])[..., 0]
    return np.asarray(unknowns - step)


def _slopes(runs: list[Round], now: Round, figures: Figures, allowed: Bools) -> Floats:
    """Return the slopes of straight lines through runs, shape (members, unknowns, figures).

    Each member has lines of its own, through runs of all members and rounds: the nearer what a run
    says is to what the member says, the more it counts, for where there is no queue a post more
    changes nothing, and where there is one it does. Slopes are drawn towards nothing as far as the
    runs do not tell them from it: by a ridge, as if each were unknown by one error of its figure
    for each standard deviation of the unknown.
    """
    x = np.concatenate([one.unknowns for one in runs])
    y = np.concatenate([one.simulated for one in runs]) / figures.errors
    known = np.isfinite(y)
    means = np.where(known, y, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    y = np.where(known, y, means)
    here = now.simulated / figures.errors
    here = np.where(np.isfinite(here), here, means)
    apart = np.square(y[np.newaxis] - here[:, np.newaxis]).mean(axis=2)
    weight = 1 / (1 + apart / np.quantile(apart, NEAR, axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    found = np.zeros((len(here), *allowed.shape))
    for alike in np.unique(allowed, axis=1).T:
        of = (allowed == alike[:, np.newaxis]).all(axis=0)
        if alike.any():
            found[np.ix_(range(len(here)), alike, of)] = _lines(x[:, alike], y[:, of], weight)
    return found


def _lines(x: Floats, y: Floats, weight: Floats) -> Floats:
    """Return weighted straight lines by a ridge, shape (members, unknowns, figures).

    Parameters
    ----------
    x : ndarray, shape (runs, unknowns)
    y : ndarray, shape (runs, figures)
    weight : ndarray, shape (members, runs)
        Adds up to 1 for each member.
    """
    inside = x - (weight @ x)[:, np.newaxis]
    outside = y - (weight @ y)[:, np.newaxis]
    weighted = inside * weight[..., np.newaxis]
    product = np.einsum("mru,mrv->muv", weighted, inside)
    together = np.einsum("mru,mrf->muf", weighted, outside)
    runs = 1 / np.square(weight).sum(axis=1)  # as many of equal weight would say as much
    left = np.einsum("mr,mrf->mf", weight, np.square(outside))
    lines: Floats = np.zeros_like(together)
    for _ in range(2):  # what a line leaves depends on the ridge, and the ridge on that
        ridge = left / runs[:, np.newaxis]
        bent = product[:, np.newaxis] + ridge[..., np.newaxis, np.newaxis] * np.eye(x.shape[1])
        lines = np.linalg.solve(bent, together.transpose(0, 2, 1)[..., np.newaxis])[..., 0]
        lines = lines.transpose(0, 2, 1)
        left = np.einsum("mr,mrf->mf", weight, np.square(outside - inside @ lines))
    return lines
