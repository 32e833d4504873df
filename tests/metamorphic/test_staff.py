"""More staff: what must truly hold, exactly and on average.

- At one station with posts alike (same days, same hours) that takes jobs in the order in which they
  come, one more post never makes any job end later. This is exact, job by job.
- It is not exact for the whole journey: cases overtake one another, a post may go on leave with a
  case in hand, and a queue that is gone in one team comes to the next at once. More posts for one
  team alone can even lower the share on time, where another team is the bottleneck. So there the
  claim is of the mean over replications and of the chance, with the same random numbers, when
  every team grows, or one that alone has not enough.
"""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.engines.simpy import run
from ehc_sim.experiment.batches import Batch, measure_batch
from ehc_sim.network import Draw, Network, Pathway, Quantity, Rota, Rules, TeamPlan
from ehc_sim.network.log import NOT_YET
from ehc_sim.network.nodes import End, Work
from tests.runs import SEED, SMALL_TEAMS
from tests.scenario_files import change, smallshire

pytestmark = pytest.mark.metamorphic

REPLICATIONS = 8
LADDER = (0, 1, 3)
TARGET = 0.6


def ends_with(posts: int, arrived: NDArray[np.int64], minutes: NDArray[np.int64]) -> NDArray:
    """Return when each job ends at a station with so many posts; those never done count as last."""
    timeline = Timeline.england(date(2025, 1, 1), date(2025, 6, 30), SchoolTerms())
    every_day = np.ones(len(timeline.days), dtype=bool)
    post = Rota(np.where(timeline.working, 300, 0), every_day)
    pathway = Pathway([Work("writing", "writers", "minutes", "done"), End("done", "done")])
    plan = TeamPlan(posts=(post,) * posts, rules=(Rules(order="received"),))
    network = Network(pathway, timeline, {"writers": plan})
    ended = run(network, Draw(arrived, {"minutes": Quantity.constant(minutes)})).reached("writing")
    return np.where(ended == NOT_YET, np.iinfo(np.int64).max, ended)


@pytest.mark.parametrize("seed", range(5))
def test_one_more_post_at_a_first_come_station_makes_no_job_end_later(seed: int) -> None:
    """120 jobs of 10 hours on average in half a year: 2 posts would be busy all the time."""
    rng = np.random.default_rng(seed)
    arrived = np.sort(rng.integers(0, 120 * 1440, 120))
    minutes = np.maximum(rng.lognormal(6.2, 0.7, 120), 1).astype(np.int64)
    ends = [ends_with(posts, arrived, minutes) for posts in (1, 2, 3, 4)]
    for fewer, more in itertools.pairwise(ends):
        assert (more <= fewer).all()
    assert (ends[1] < ends[0]).any()


def ladder(folder: Path, grows: tuple[str, ...], ample: tuple[str, ...]) -> list[dict]:
    """Return the measures with more and more posts in some teams, and plenty in others."""
    plenty = "".join(change(f"teams.{t}.posts", "add = 30", "from = 2023-01-01") for t in ample)
    steps = []
    for more in LADDER:
        text = "".join(change(f"teams.{team}.posts", f"add = {more}") for team in grows if more)
        scenario = smallshire(folder, plenty + text)
        steps.append(measure_batch(Batch(scenario, SEED, 0, REPLICATIONS)))
    return steps


@pytest.mark.parametrize(
    ("grows", "ample"),
    [
        (SMALL_TEAMS, ()),
        (("educational psychologists",), ("plan writers", "senior officers")),
        (("plan writers",), ("educational psychologists", "senior officers")),
    ],
)
def test_more_staff_where_it_is_lacking_never_lowers_chance_or_share(
    tmp_path: Path, grows: tuple[str, ...], ample: tuple[str, ...]
) -> None:
    """The posts come a year before the window, so the backlog has been cleared by then."""
    steps = ladder(tmp_path, grows, ample)
    on_time = [step["totals"].column("on_time")[:, 0] for step in steps]
    due = [step["totals"].column("due_on_time")[:, 0] for step in steps]
    for fewer, more in itertools.pairwise(on_time):
        assert more.mean() >= fewer.mean()
        assert (more >= TARGET).mean() >= (fewer >= TARGET).mean()
    for fewer, more in itertools.pairwise(due):
        assert more.mean() >= fewer.mean()
    assert on_time[-1].mean() > on_time[0].mean() + 0.05
