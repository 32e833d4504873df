"""How large a run becomes is known before it, and what no computer holds is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ehc_sim.demand.source import history_of
from ehc_sim.experiment import workers
from ehc_sim.experiment.before import faults_of_records
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.size import (
    LITTLE_WORK,
    MOST_A_MONTH,
    MOST_CASES,
    MOST_REVIEWS,
    SIMPY_TIMES,
    Size,
    processes_for,
    size_of,
)
from ehc_sim.experiment.study import Plan, study
from ehc_sim.experiment.workers import end_workers
from ehc_sim.journey import reviews
from ehc_sim.journey.plans_file import read_plans
from ehc_sim.scenario import BadInput, Scenario
from ehc_sim.scenario.what_if import what_if
from tests.scenario_files import whole_service

pytestmark = pytest.mark.unit

LONG = {
    "period.plan_until": date(2035, 12, 31),
    "demand": {"assumed": {"requests_a_year": 20_000, "growth_a_year": 0.05}},
}
GROWING = {
    "period.plan_until": date(2035, 12, 31),
    "demand.overlay": {
        "growth": {
            "name": "Growth",
            "growth_a_year": 1,
            "starts": date(2025, 1, 1),
            "who": "A planner",
            "decided": date(2024, 12, 1),
            "why": "To see",
        }
    },
}


def size(scenario: Scenario) -> Any:
    base = scenario.base
    assert base.plans is not None
    history = history_of(scenario)
    return size_of(scenario, history, float(read_plans(Path(base.plans.in_hand)).plans.sum()))


@pytest.mark.parametrize("times", [1, 10])
def test_the_estimate_is_near_what_is_run(times: float, tmp_path: Path) -> None:
    scenario = what_if(whole_service(tmp_path), {"plans.times": times}, "More")
    estimated = size(scenario)
    replicator = Replicator(scenario, 1)
    (drawn,) = replicator.drawn([0])
    cases = len(drawn.prepared.draw.arrived)
    assert cases / 2 < estimated.cases < cases * 2
    posts = sum(len(team.posts) for team in drawn.prepared.network.teams.values())
    assert estimated.days_of_posts <= posts * len(replicator.timeline.days)


@pytest.mark.parametrize(
    ("changes", "where", "said"),
    [
        (GROWING, "demand", f"allowed is {MOST_A_MONTH:,} (all of England"),
        (LONG, "", f"allowed is {MOST_CASES:,} at most"),
        (
            {"plans.reviews.arranged_days_before": 180},
            "plans.reviews",
            f"reviews of one plan in this run, allowed is {MOST_REVIEWS} at most",
        ),
    ],
)
def test_what_is_allowed_one_by_one_and_too_much_together_is_refused_with_the_estimate(
    changes: dict[str, Any], where: str, said: str, tmp_path: Path
) -> None:
    scenario = what_if(whole_service(tmp_path), changes, "Too much")
    (fault,) = faults_of_records([scenario])
    assert fault.where == where
    assert said in fault.problem
    with pytest.raises(BadInput, match="found"):
        study([scenario], Plan(replications=1))


def test_as_many_reviews_as_the_model_has_numbers_for() -> None:
    assert MOST_REVIEWS == reviews.MOST_REVIEWS


def test_little_work_is_for_one_process_and_more_for_all() -> None:
    """Judged by all replications of all scenarios, and by the model that runs them."""
    one = Size(requests_a_month=100, cases=90_000, days_of_posts=0, reviews_of_a_plan=0)
    few = int(LITTLE_WORK / (one.seconds + 0.01))
    assert processes_for([one], few, simpy=False) == 1
    assert processes_for([one], few + 1, simpy=False) is None
    assert processes_for([one, one], few // 2, simpy=False) == 1
    assert processes_for([one, one], few // 2 + 1, simpy=False) is None
    assert processes_for([one], few // SIMPY_TIMES, simpy=True) == 1
    assert processes_for([one], few // SIMPY_TIMES + 1, simpy=True) is None
    nothing = Size(0, 0, 0, 0)
    assert processes_for([nothing], 2000, simpy=False) is None


def test_a_small_study_starts_no_process_and_a_number_that_is_asked_for_is_kept(
    tmp_path: Path,
) -> None:
    end_workers()
    service = whole_service(tmp_path)
    by_itself = study([service], Plan(6, processes=None))
    assert not workers._waiting
    asked = study([service], Plan(6, processes=2))
    assert workers._waiting
    end_workers()
    for name, table in asked.scenarios[0].tables.items():
        np.testing.assert_array_equal(table.values, by_itself.scenarios[0].tables[name].values)
