"""What is left of waits and work against conditional distributions in closed form.

Each test takes uniform numbers at equal distances instead of random ones, so that the shares that
come out differ from theory by no more than one part in their number.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import stats

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.journey.open_cases.remaining import (
    Past,
    days_left,
    lasting,
    minutes_left,
    still_out,
    turnaround_left,
)
from ehc_sim.scenario.numbers import fixed
from ehc_sim.scenario.part import Effort, Wait
from ehc_sim.scenario.schema import AdviceGiver

pytestmark = pytest.mark.theory

NUMBER = 100_000
EVEN = (np.arange(NUMBER) + 0.5) / NUMBER


def wait(mean: float, spread: float, least: float = 0) -> Wait:
    return Wait(mean_days=fixed(mean), spread=fixed(spread), at_least_days=fixed(least))


def lognormal(mean: float, spread: float) -> stats.rv_continuous:
    variance = np.log1p(spread**2)
    return stats.lognorm(np.sqrt(variance), scale=mean * np.exp(-variance / 2))


@pytest.mark.parametrize("elapsed", [0, 1, 5, 30, 200])
@pytest.mark.parametrize("least", [0, 6])
def test_days_left_have_the_truncated_distribution(elapsed: int, least: int) -> None:
    """A wait of whole days d is the lognormal part in (d - 1/2, d + 1/2), at_least_days aside."""
    mean, spread = 20, 0.9
    left = days_left(wait(mean, spread, least), np.full(NUMBER, elapsed), EVEN)
    law = lognormal(mean, spread)

    def survives(days: int) -> float:
        return 1.0 if days < 1 else float(law.sf(days + 0.5 - least))

    assert left.min() >= 1
    for more in (1, 2, 5, 10, 40, 100):
        theory = survives(elapsed + more) / survives(elapsed)
        assert (left > more).mean() == pytest.approx(theory, abs=2 / NUMBER)
    assert lasting(wait(mean, spread, least), np.array([elapsed + 1]))[0] == pytest.approx(
        survives(elapsed)
    )


def test_a_wait_of_which_the_length_is_known() -> None:
    elapsed = np.array([0, 3, 14, 15, 40])
    left = days_left(wait(15, 0), elapsed, np.full(5, 0.3))
    assert left.tolist() == [15, 12, 1, 1, 1]


def test_far_beyond_what_is_likely_a_wait_still_has_an_end() -> None:
    left = days_left(wait(10, 0.3), np.full(1000, 5_000), EVEN[::100])
    assert left.min() >= 1
    assert left.max() < 5_000


@pytest.mark.parametrize("done", [0, 60, 600])
def test_minutes_left_have_the_truncated_distribution(done: int) -> None:
    effort = Effort(mean_hours=fixed(6), spread=fixed(0.5))
    left = minutes_left(effort, np.full(NUMBER, done), EVEN)
    law = lognormal(360, 0.5)
    for more in (30, 200, 500):
        theory = law.sf(done + more + 0.5) / (law.sf(done + 0.5) if done else 1)
        assert (left > more).mean() == pytest.approx(theory, abs=2 / NUMBER)


@pytest.mark.parametrize("elapsed", [10, 41, 42, 60])
def test_late_days_are_cut_short_as_for_other_cases(elapsed: int) -> None:
    """Of the days beyond 42 a half remains, so that a turnaround of 62 days takes 52."""
    giver = AdviceGiver(
        label="x", needed=fixed(1), turnaround=wait(30, 0.8), late_days_kept=fixed(0.5)
    )
    law = lognormal(30, 0.8)
    # All turnarounds of up to 300 days with their shares, cut short, give the law to compare with.
    whole = np.arange(1, 3000)
    share = law.cdf(whole + 0.5) - np.where(whole > 1, law.cdf(whole - 0.5), 0)
    cut = np.minimum(whole, 42) + np.rint(np.maximum(whole - 42, 0) * 0.5)
    left = turnaround_left(giver, np.full(NUMBER, elapsed), EVEN)
    out = share[cut > elapsed].sum()
    # A late day of two is on either side of the bound, as halves are rounded to even.
    step = share[np.abs(cut - elapsed) <= 1].max()
    assert still_out(giver, np.array([elapsed]))[0] == pytest.approx(out, abs=step)
    for more in (1, 5, 20):
        theory = share[cut > elapsed + more].sum() / out
        assert (left > more).mean() == pytest.approx(theory, abs=2 * step / out)


def test_days_before_the_run_are_counted_in_their_own_kind() -> None:
    """The run starts on Monday 6 January 2025, when Somerset's schools open again."""
    timeline = Timeline.england(date(2025, 1, 6), date(2025, 3, 31), SchoolTerms.read("somerset"))
    past = Past(timeline, np.datetime64("2024-12-01"))
    since = np.array(["2024-12-19", "2024-12-20", "2025-01-05"], dtype="datetime64[D]")
    assert past.elapsed(since, "calendar").tolist() == [17, 16, 0]
    assert past.elapsed(since, "working").tolist() == [8, 7, 0]  # three bank holidays
    assert past.elapsed(since, "school").tolist() == [1, 0, 0]
    morning = [day * 1440 + 540 for day in (0, 1, 7)]
    assert past.minutes_until(np.array([1, 2, 8]), "calendar").tolist() == morning
    assert past.minutes_until(np.array([1, 2, 6]), "working").tolist() == morning
    assert past.after(since, np.array([1, 0, 2]), "working").astype(str).tolist() == [
        *("2024-12-20", "2024-12-20", "2025-01-07")
    ]
    assert past.minutes_until(np.array([10_000]), "school")[0] >= 85 * 1440
