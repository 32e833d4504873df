"""Staffing after the record moves as it did in a member's table, and follows the work."""

from __future__ import annotations

from math import exp, log
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.calibration.backcast import with_flows
from ehc_sim.calibration.following import expected_requests, following
from ehc_sim.calibration.structures import posts_of_an_assessment, psychologists
from ehc_sim.scenario import Scenario
from ehc_sim.scenario.as_known import as_known
from ehc_sim.scenario.members import Members
from tests.scenario_files import change, smallshire

pytestmark = pytest.mark.unit

TEAM = "educational psychologists"
POSTS = f"teams.{TEAM}.posts"
ROUNDED = 1e-4
"""Members have five significant digits."""
REFUSED = "decision_to_assess.refused"


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    later = change(REFUSED, "set = 0.5", "from = 2024-01-01")
    return smallshire(tmp_path, later)


def members(columns: dict[str, list[float]]) -> Members:
    values = np.array(list(columns.values())).T
    many = len(values)
    return Members(
        tuple(map(str, range(many))), ("one queue",) * many, (1.0,) * many, tuple(columns), values
    )


def by_column(some: Members) -> dict[str, list[float]]:
    return {name: some.values[:, place].tolist() for place, name in enumerate(some.columns)}


def test_posts_go_so_much_of_the_way_to_the_work(scenario: Scenario) -> None:
    """Half of the way, in logarithms; what the table moves by comes on top."""
    each = posts_of_an_assessment(scenario.base, TEAM)
    some = members({POSTS: [3.0], f"{POSTS} from 2024-01-01": [3.3], REFUSED: [0.2]})
    assert 400 * 0.8 * each > 3.0
    found = by_column(following(some, scenario, 2023, {2023: 400, 2024: 200}, follows=0.5))
    half = exp((log(3) + log(200 * 0.8 * each)) / 2)
    assert found[f"{POSTS} from 2024-01-01"] == pytest.approx([half * 1.1], rel=ROUNDED)
    assert found[POSTS] == [3.0]
    assert found[REFUSED] == [0.2]


@pytest.mark.parametrize(("spare", "kept"), [(1.2, 1.2), (2.0, 1.3), (0.5, 1.0)])
def test_what_there_is_to_spare_is_kept_in_part(
    scenario: Scenario, spare: float, kept: float
) -> None:
    each = posts_of_an_assessment(scenario.base, TEAM)
    posts = spare * 200 * 0.8 * each
    some = members({POSTS: [posts], f"{POSTS} from 2024-01-01": [posts], REFUSED: [0.2]})
    found = by_column(following(some, scenario, 2023, {2023: 200, 2024: 300}, follows=1.0))
    work = 300 * 0.8 * each
    assert found[f"{POSTS} from 2024-01-01"] == pytest.approx([kept * work], rel=ROUNDED)


def test_posts_that_do_not_follow_are_those_of_the_table(scenario: Scenario) -> None:
    some = members({POSTS: [3.0, 4.0], f"{POSTS} from 2024-01-01": [3.3, 3.0]})
    assert following(some, scenario, 2023, {2024: 999}, follows=0.0).values == pytest.approx(
        some.values
    )


def test_moves_may_be_larger_than_those_of_the_table(scenario: Scenario) -> None:
    some = members({POSTS: [3.0], f"{POSTS} from 2024-01-01": [3.3]})
    found = following(some, scenario, 2023, {}, follows=0.0, shock=2.0)
    assert by_column(found)[f"{POSTS} from 2024-01-01"] == pytest.approx(
        [3.0 * 1.1**2], rel=ROUNDED
    )


def test_areas_keep_their_shares(scenario: Scenario) -> None:
    north, south = (f"teams.{TEAM}.patches.{area}.posts" for area in ("North", "South"))
    later = {f"{one} from 2024-01-01": [posts] for one, posts in ((north, 1.0), (south, 3.0))}
    some = members({POSTS: [0.0], north: [1.0], south: [3.0], **later})
    found = by_column(following(some, scenario, 2023, {2023: 900, 2024: 200}, follows=1.0))
    each = posts_of_an_assessment(scenario.base, TEAM)
    parts = [found[f"{one} from 2024-01-01"][0] for one in (north, south)]
    assert sum(parts) == pytest.approx(200 * each, rel=ROUNDED)
    assert parts[1] == pytest.approx(3 * parts[0], rel=ROUNDED)


def test_a_part_of_a_year_is_not_taken_for_its_work(tmp_path: Path) -> None:
    text = "[period]\nrun_in_from = 2023-01-01\nplan_from = 2025-01-01\nplan_until = 2027-03-31\n"
    found = expected_requests(smallshire(tmp_path, text), seed=1)
    assert max(found) == 2026
    assert found[2026] > 100


def test_the_team_is_that_of_the_psychologists(scenario: Scenario) -> None:
    assert psychologists(scenario.base) == TEAM


def test_later_refusals_keep_how_far_a_member_is_from_what_is_published(scenario: Scenario) -> None:
    """Published 20% and then 50%; odds twice as large as published stay so: 1/3, then 2/3."""
    told = as_known(scenario, 2023, 2024)
    came = as_known(scenario, 2023, 2024, flows_of=scenario)
    some = members({REFUSED: [0.2, 1 / 3], POSTS: [3.0, 3.0]})
    found = by_column(with_flows(some, told, came, 2023))
    assert found[f"{REFUSED} from 2024-01-01"] == pytest.approx([0.5, 2 / 3], abs=1e-4)
    assert found[REFUSED] == pytest.approx([0.2, 1 / 3])
