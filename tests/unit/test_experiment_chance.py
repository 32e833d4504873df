"""The chance and its interval, means of paired differences, and when a study stops."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ehc_sim.experiment.chance import chance_interval, mean_interval, met
from ehc_sim.experiment.study import Plan, study
from tests.scenario_files import smallshire

pytestmark = pytest.mark.unit

Z_SQUARED = 3.841459
"""The 95th centile of chi-squared with one degree of freedom."""


@pytest.mark.parametrize(
    ("successes", "replications", "low", "high"),
    [
        (0, 20, 0.0, Z_SQUARED / (20 + Z_SQUARED)),
        (20, 20, 20 / (20 + Z_SQUARED), 1.0),
        # 10 of 20 lies in the middle: (0.5 -+ z sqrt(1/80 + z^2/1600)) after shrinking.
        (10, 20, 0.2993, 0.7007),
        (8, 10, 0.4902, 0.9433),
    ],
)
def test_wilsons_interval(successes: int, replications: int, low: float, high: float) -> None:
    """By hand: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)."""
    hits = np.arange(replications) < successes
    assert chance_interval(hits) == pytest.approx((low, high), abs=5e-5)


def test_a_target_is_met_when_reached_exactly_and_not_where_nothing_was_issued() -> None:
    found = met(np.array([0.59, 0.60, 0.61, np.nan]), 0.60)
    assert found.tolist() == [False, True, True, False]


def test_a_target_of_nothing_is_not_met_where_nothing_was_issued() -> None:
    assert met(np.array([np.nan, 0.0]), 0.0).tolist() == [False, True]


def test_the_interval_of_a_mean_is_students() -> None:
    """1 to 5: mean 3, standard deviation 1.5811, t(4) 2.7764, so half width 1.9632."""
    found = mean_interval(np.array([1.0, 2.0, 3.0, 4.0, 5.0, np.nan]))
    assert found == pytest.approx((3, 3 - 1.9632, 3 + 1.9632), abs=1e-4)


def test_the_mean_of_one_value_has_no_interval_and_of_none_no_mean() -> None:
    mean, low, high = mean_interval(np.array([2.0]))
    assert mean == 2.0
    assert np.isnan([low, high]).all()
    assert np.isnan(mean_interval(np.array([np.nan]))).all()


HOPELESS = "[target]\nshare = 1.0\n"


def test_a_study_stops_when_every_chance_is_known_well_enough(tmp_path: Path) -> None:
    """Nobody meets 100%: none of 3 is 0 to 0.58, so 0.29 a side; none of 12 is 0 to 0.25."""
    plan = Plan(replications=3, half_width=0.15, most=12)
    results = study([smallshire(tmp_path, HOPELESS)], plan)
    assert results.summary()["chance"].tolist() == [0.0]
    assert results.replications == 12
    assert results.limit is None


def test_a_study_stops_at_the_most_replications_whatever_the_interval(tmp_path: Path) -> None:
    done: list[tuple[int, int]] = []
    plan = Plan(replications=4, half_width=0.01, most=6)
    results = study([smallshire(tmp_path)], plan, lambda n, of: done.append((n, of)))
    assert results.replications == 6
    assert done == [(4, 4), (6, 6)]
    assert results.limit is not None
    assert results.limit.replications == 6
    assert set(results.limit.reached) == {"Another"}
    said = str(results.limit)
    assert "limit of 6 replications" in said
    assert "asked for was 1" in said
    assert f"{100 * results.limit.reached['Another']:.2f} points on each side" in said


def test_a_study_without_a_width_runs_what_was_asked_for(tmp_path: Path) -> None:
    assert study([smallshire(tmp_path)], Plan(replications=3)).replications == 3


def test_two_scenarios_need_names_of_their_own(tmp_path: Path) -> None:
    scenario = smallshire(tmp_path)
    with pytest.raises(ValueError, match="differ in more than capitals"):
        study([scenario, scenario], Plan(replications=1))
    with pytest.raises(ValueError, match="found no scenario"):
        study([], Plan(replications=1))


@pytest.mark.parametrize("wrong", [{"replications": 0}, {"processes": 0}, {"half_width": 0.5}])
def test_a_plan_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="allowed is"):
        Plan(**wrong)
