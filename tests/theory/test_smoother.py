"""Members against what is known in closed form, where the model is a straight line."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ehc_sim.calibration.smoother import Figures, centred, smoothed

pytestmark = pytest.mark.theory

Floats = NDArray[np.float64]

SLOPES = np.array([[2.0, 1.0, 0.0], [0.0, 1.0, 3.0], [1.0, -1.0, 0.5], [0.0, 0.0, 0.0]])
"""Of 4 unknowns to 3 figures; of the last unknown no figure tells anything."""
ERRORS = np.array([0.5, 1.0, 0.8])
FIGURES = Figures(np.array([1.5, -2.0, 1.0]), ERRORS)


def drawn(members: int, numbers: int, seed: int) -> Floats:
    made = centred(np.random.default_rng(seed).standard_normal((members, numbers)))
    return made / made.std(axis=0)


def known() -> tuple[Floats, Floats]:
    """Mean and covariance of normal unknowns given figures with normal errors."""
    scaled = SLOPES / ERRORS
    covariance = np.linalg.inv(np.eye(len(SLOPES)) + scaled @ scaled.T)
    return covariance @ scaled @ (FIGURES.values / ERRORS), covariance


def test_members_are_draws_from_what_is_known_given_the_figures() -> None:
    members = 200
    rounds = smoothed(
        drawn(members, 4, 1), lambda x: x @ SLOPES, FIGURES, drawn(members, 3, 2), rounds=5
    )
    found = rounds[-1].unknowns
    mean, covariance = known()
    spread = np.sqrt(np.diag(covariance))
    # Of so many draws, a mean is off by 4 standard errors in one of some 16,000.
    np.testing.assert_allclose(found.mean(axis=0), mean, atol=4 * spread.max() / members**0.5)
    np.testing.assert_allclose(found.std(axis=0), spread, rtol=4 / (2 * members) ** 0.5)
    np.testing.assert_allclose(np.cov(found.T), covariance, atol=4 / members**0.5)
    assert found[:, 3].std() == pytest.approx(1, rel=0.15)  # nothing is learned of it


def test_no_round_takes_a_member_farther_from_its_own_figures_and_start() -> None:
    def bent(x: Floats) -> Floats:
        return np.tanh(x @ SLOPES) * 3

    rounds = smoothed(drawn(40, 4, 3), bent, FIGURES, drawn(40, 3, 4))
    off = np.stack([one.off for one in rounds])
    assert (np.diff(off, axis=0) <= 0).all()
    assert np.median(off[-1]) < np.median(off[0]) / 5


def test_a_figure_moves_no_unknown_that_comes_after_it() -> None:
    may_move = np.array([[True, True, True], [True, True, True], [False] * 3, [True] * 3])
    start = drawn(60, 4, 5)
    rounds = smoothed(start, lambda x: x @ SLOPES, FIGURES, drawn(60, 3, 6), may_move)
    np.testing.assert_array_equal(rounds[-1].unknowns[:, 2], start[:, 2])


def test_a_figure_of_which_the_model_has_nothing_moves_nothing() -> None:
    def without_the_second(x: Floats) -> Floats:
        said = x @ SLOPES
        said[:, 1] = np.nan
        return said

    start = drawn(60, 4, 7)
    rounds = smoothed(start, without_the_second, FIGURES, drawn(60, 3, 8))
    others = Figures(FIGURES.values[[0, 2]], ERRORS[[0, 2]])
    alone = smoothed(start, lambda x: (x @ SLOPES)[:, [0, 2]], others, drawn(60, 3, 8)[:, [0, 2]])
    assert rounds[-1].unknowns.mean(axis=0) == pytest.approx(
        alone[-1].unknowns.mean(axis=0), abs=0.1
    )
