"""Random numbers of sets of cases, and the quantities that are made of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.journey.keyed import Keyed
from ehc_sim.journey.sampling import days_of, minutes_distribution, minutes_of
from ehc_sim.network.case_keys import CaseKeys, Group
from ehc_sim.network.distributions import Sampler
from ehc_sim.rng.streams import CASES_A_PAGE, Streams
from ehc_sim.scenario.numbers import fixed
from ehc_sim.scenario.part import Effort, Wait
from ehc_sim.scenario.scenario import Periods
from ehc_sim.scenario.schema import Settings
from tests.scenario_files import change, smallshire

pytestmark = pytest.mark.unit

STREAMS = Streams(3, 1)
TIMELINE = Timeline.england(date(2023, 1, 1), date(2024, 12, 31), SchoolTerms())
FEW = np.array([5, CASES_A_PAGE + 2, 0])
MANY = np.arange(20_000)


def periods(folder: Path, text: str = "") -> Periods:
    return smallshire(folder, text).drawn(lambda key: 0.5)


def keyed(folder: Path, *groups: Group, text: str = "", first: int = 0) -> Keyed:
    keys = CaseKeys.of(STREAMS, [Group("before: ", np.arange(first)), *groups])
    return Keyed(keys, TIMELINE, periods(folder, text), range(first, len(keys.numbers)))


def score(stream: str) -> np.ndarray:
    return ndtri(STREAMS.uniforms(stream, FEW))


def half(settings: Settings) -> float:
    return 0.5


def test_each_group_has_the_numbers_of_its_own_names(tmp_path: Path) -> None:
    two = keyed(tmp_path, Group("", FEW), Group("review: ", FEW[:2]))
    expected = [STREAMS.uniforms("age", FEW), STREAMS.uniforms("review: age", FEW[:2])]
    np.testing.assert_array_equal(two.chosen("age", half).values[0], np.concatenate(expected) < 0.5)
    assert two.cases == range(5)


def test_a_group_may_be_empty(tmp_path: Path) -> None:
    none = Group("review: ", np.array([], dtype=np.int64))
    assert keyed(tmp_path, none).chosen("age", half).values.shape == (1, 0)
    assert keyed(tmp_path).chosen("age", half).values.shape == (1, 0)
    assert keyed(tmp_path, none, Group("", FEW)).chosen("age", half).values.shape == (1, 3)


def test_another_group_changes_no_number(tmp_path: Path) -> None:
    one = keyed(tmp_path, Group("", MANY)).chosen("age", half).values
    more = keyed(tmp_path, Group("", MANY), Group("x", MANY)).chosen("age", half).values
    np.testing.assert_array_equal(one[0], more[0, : len(MANY)])
    assert (more[0, : len(MANY)] != more[0, len(MANY) :]).any()


# --- cases within cases ---


def test_the_reviews_of_a_plan_are_next_to_each_other_on_its_page() -> None:
    """Plan 7 of page 3 has places 7 x 4 to 7 x 4 + 3 there, with room for four reviews a plan."""
    plans = Group("plan: ", np.array([3 * CASES_A_PAGE + 7, 11]))
    inner = plans.inner("review", np.array([0, 0, 1]), np.array([0, 3, 1]), 4)
    assert inner.prefix == "plan: review: "
    assert inner.numbers.tolist() == [3 * CASES_A_PAGE + 28, 3 * CASES_A_PAGE + 31, 45]


def test_no_two_reviews_have_one_number() -> None:
    plans = Group("", np.concatenate([np.arange(50), CASES_A_PAGE + np.arange(50)]))
    rows, slots = np.repeat(np.arange(100), 8), np.tile(np.arange(8), 100)
    assert len(np.unique(plans.inner("review", rows, slots, 8).numbers)) == 800


def test_more_plans_change_no_reviews_number() -> None:
    few, many = (Group("", np.arange(count)) for count in (3, 9))
    rows, slot = np.array([0, 2]), np.array([1, 0])
    one, other = (plans.inner("review", rows, slot, 64).numbers for plans in (few, many))
    assert one.tolist() == other.tolist()


def test_a_page_that_is_too_small_is_refused() -> None:
    last = Group("", np.array([CASES_A_PAGE // 64 - 1]))
    row, slot = np.array([0]), np.array([63])
    assert last.inner("review", row, slot, 64).numbers.tolist() == [CASES_A_PAGE - 1]
    over = Group("", np.array([CASES_A_PAGE // 64]))
    with pytest.raises(ValueError, match="too many cases on a page of random numbers for review"):
        over.inner("review", row, slot, 64)


# --- quantities ---


def test_a_quantity_follows_the_settings_of_each_period(tmp_path: Path) -> None:
    later = change("drafting.rework", "set = 0.5", "from = 2024-01-01")
    one = keyed(tmp_path, Group("", FEW), text=later, first=4)
    tenths = one.same(lambda s: 10 * float(s.drafting.rework))
    assert tenths.starts == (0, TIMELINE.minute(date(2024, 1, 1)))
    assert tenths.cases == range(4, 7)
    assert tenths.values.tolist() == [[2, 2, 2], [5, 5, 5]]  # 1.5 is rounded to the even number


def test_a_period_that_changes_nothing_of_it_is_left_out(tmp_path: Path) -> None:
    later = change("drafting.rework", "set = 0.5", "from = 2024-01-01")
    one = keyed(tmp_path, Group("", FEW), text=later)
    assert one.effort("draft", lambda s: s.drafting.effort).starts == (0,)
    assert one.wait("evidence", lambda s: s.requests.evidence).starts == (0,)
    assert one.constant(np.array([1, 2, 3])).starts == (0,)


def test_a_law_is_made_anew_only_where_a_table_that_it_reads_has_changed(tmp_path: Path) -> None:
    later = change("drafting.rework", "set = 0.5", "from = 2024-01-01")
    one = keyed(tmp_path, Group("", FEW), text=later)
    asked = []

    def law(settings: Settings) -> Sampler:
        asked.append(float(settings.requests.evidence.mean_days))
        return Sampler(1)

    one.by_period(law)
    assert len(asked) == 1
    one.by_period(lambda s: Sampler(asked.append(float(s.drafting.rework)) or 1))
    assert asked[1:] == [0.15, 0.5]


def test_a_higher_share_keeps_the_chosen_and_adds_some(tmp_path: Path) -> None:
    """In each period as many as the share says, within four standard errors."""
    later = change("drafting.rework", "set = 0.5", "from = 2024-01-01")
    one = keyed(tmp_path, Group("", MANY), text=later)
    few, many = one.chosen("sent back", lambda s: float(s.drafting.rework)).values
    assert (many >= few).all()
    for chosen, share in ((few, 0.15), (many, 0.5)):
        error = np.sqrt(share * (1 - share) / len(MANY))
        assert chosen.mean() == pytest.approx(share, abs=4 * error)


def test_hours_of_work_are_of_their_own_name_and_as_much_as_is_kept(tmp_path: Path) -> None:
    effort = Effort(mean_hours=fixed(6), spread=fixed(0.5))
    one = keyed(tmp_path, Group("", FEW))
    z = score("visit hours")
    assert one.effort("visit", lambda s: effort).values.tolist() == [minutes_of(effort, z).tolist()]
    shorter = one.by_period(lambda s: Sampler(minutes_distribution("visit hours", effort, half(s))))
    assert shorter.values.tolist() == [minutes_of(effort, z, 0.5).tolist()]
    assert one.effort("visit", lambda s: None).values.tolist() == [[0, 0, 0]]


def test_days_of_a_wait_are_of_their_own_name(tmp_path: Path) -> None:
    wait = Wait(mean_days=fixed(20), spread=fixed(0.5), at_least_days=fixed(3))
    one = keyed(tmp_path, Group("", FEW))
    assert one.wait("slot", lambda s: wait).values.tolist() == [
        days_of(wait, score("slot days")).tolist()
    ]
    assert one.wait("slot", lambda s: None).values.tolist() == [[0, 0, 0]]


def test_a_wait_that_begins_within_the_run_is_none_before(tmp_path: Path) -> None:
    """The dated settings decide, not the order in which they are asked."""
    later = change("drafting.rework", "set = 0.5", "from = 2024-01-01")
    wait = Wait(mean_days=fixed(20))
    one = keyed(tmp_path, Group("", FEW), text=later)
    found = one.wait("slot", lambda s: wait if float(s.drafting.rework) == 0.5 else None)
    assert found.values.tolist() == [[0, 0, 0], [20, 20, 20]]
