"""More requests, more refusals, more of everything, and what nobody uses."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.demand.arrivals import arrivals
from ehc_sim.demand.exposure import DayWeights, daily_weights
from ehc_sim.experiment.batches import Batch, measure_batch
from ehc_sim.experiment.replication import Replicator
from ehc_sim.journey import milestones as m
from ehc_sim.journey.prepare import Prepared, prepare
from ehc_sim.network.log import NOT_YET
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import Scenario, load
from tests.runs import SEED, SMALL_TEAMS, assert_same_events, ordered, run_once, small_run
from tests.scenario_files import SMALL, change, smallshire

pytestmark = pytest.mark.metamorphic

RUN_IN = "from = 2023-01-01"


def with_requests(folder: Path, times: float, text: str = "") -> Scenario:
    """Return Smallshire with so many times the recorded requests."""
    scenario = smallshire(folder, text)
    record = pd.read_csv(SMALL / "history.csv")
    record["requests"] = (record["requests"] * times).round().astype(int)
    record.to_csv(folder / "history.csv", index=False)
    return scenario


def numbers_of(run: Prepared) -> np.ndarray:
    return run.cases["number"].to_numpy()


def prepared(scenario: Scenario, counts: np.ndarray) -> Prepared:
    """Return the cases of so many requests in each month."""
    replicator = Replicator(scenario, SEED)
    streams, timeline = Streams(SEED, 0), replicator.timeline
    weights = daily_weights(timeline, DayWeights.of(scenario.base.demand))
    requests = arrivals(streams, timeline, counts, weights)
    periods = scenario.drawn(lambda key: streams.uniform(f"parameter {key}"))
    return prepare(streams, timeline, periods, requests.number, requests.minute)


def test_more_requests_keep_the_same_cases_and_add_some() -> None:
    scenario = load(SMALL / "more_psychologists.toml")
    counts = np.arange(48) % 7 + 10
    more = counts + np.arange(48) % 5
    few, many = prepared(scenario, counts), prepared(scenario, more)
    assert set(numbers_of(few)) < set(numbers_of(many))
    assert len(numbers_of(many)) == more.sum()
    kept = np.isin(numbers_of(many), numbers_of(few))
    # A place among the cases is no draw: without disputes or plans, each case holds its own plan.
    for run in (few, many):
        assert (run.cases["holder"] == run.cases.index).all()
    one, other = (run.cases.drop(columns="holder") for run in (few, many))
    pd.testing.assert_frame_equal(one, other[kept].reset_index(drop=True))
    for name, quantity in few.draw.quantities.items():
        other = many.draw.quantities[name]
        assert quantity.starts == other.starts
        np.testing.assert_array_equal(quantity.values, other.values[:, kept], err_msg=name)


def refused_cases(run: Prepared) -> set[int]:
    return set(numbers_of(run)[run.draw.quantities["assess option"].values[-1] == 1])


def test_a_higher_refusal_rate_refuses_the_same_cases_and_some_more(tmp_path: Path) -> None:
    shares = (0.1, 0.2, 0.35, 0.6)
    runs = [
        small_run(tmp_path, change("decision_to_assess.refused", f"set = {share}", RUN_IN))
        for share in shares
    ]
    refused = [refused_cases(run.prepared) for run in runs]
    for fewer, more in itertools.pairwise(refused):
        assert fewer < more
    cases = len(runs[0].log.arrived)
    sizes = [len(one) / cases for one in refused]
    # Withdrawals, 2%, come before; the rest is within four standard errors.
    for size, share in zip(sizes, shares, strict=True):
        assert size == pytest.approx(share * 0.98, abs=4 * np.sqrt(share * (1 - share) / cases))
    told = [run.log.reached(m.REFUSED) != NOT_YET for run in runs]
    decided = np.logical_and.reduce(
        [run.log.reached(m.DECISION_TO_ASSESS) != NOT_YET for run in runs]
    )
    for fewer, more in itertools.pairwise(told):
        assert (more | ~fewer)[decided].all()


PLAN_MONTHS = slice(24, 48)
REPLICATIONS = 10


def utilisation(scenario: Scenario) -> dict[str, np.ndarray]:
    """Return each team's hours worked over capacity in the plan, by replication."""
    teams = measure_batch(Batch(scenario, SEED, 0, REPLICATIONS))["teams"]
    found = {}
    for team in SMALL_TEAMS:
        rows = np.flatnonzero(teams.index.get_level_values("team") == team)[PLAN_MONTHS]
        worked, capacity = (
            teams.column(name)[:, rows].sum(axis=1) for name in ("worked_hours", "capacity_hours")
        )
        found[team] = worked / capacity
    return found


def test_twice_the_requests_and_twice_the_staff_are_as_busy(tmp_path: Path) -> None:
    """Within three standard errors of the paired difference, which themselves are below 2 points.

    Smallshire is run at eight tenths of its requests, so that no team is short of staff: a team
    that is always busy would be as busy whatever else happened.
    """
    posts = ("plan writers.posts", "senior officers.posts")
    patches = tuple(
        f"educational psychologists.patches.{area}.posts" for area in ("North", "South")
    )
    doubled = "".join(
        change(f"teams.{what}", "multiply = 2", RUN_IN) for what in (*posts, *patches)
    ) + change("panels.weekly panel.cases", "multiply = 2", RUN_IN)
    one = utilisation(with_requests(tmp_path, 0.8))
    two = utilisation(with_requests(tmp_path, 1.6, doubled))
    for team in SMALL_TEAMS:
        difference = two[team] - one[team]
        error = difference.std(ddof=1) / np.sqrt(REPLICATIONS)
        assert error < 0.02
        assert abs(difference.mean()) < 3 * error
        assert 0.3 < one[team].mean() < 0.95


UNUSED = """
[advice.hearing]
label = "Hearing impairment"
needed = 0
team = "teachers of the deaf"
effort = { mean_hours = 6, spread = 0.5 }
appointment = { mean_days = 10, counted_in = "school" }

[teams."teachers of the deaf"]
posts = 2
time_on_this_work = 0.5
leave_days = 30
sickness_days = 8
cost_a_post = 55_000
"""


def test_an_advice_giver_that_nobody_needs_and_its_idle_team_change_nothing(tmp_path: Path) -> None:
    today, with_unused = small_run(tmp_path), small_run(tmp_path, UNUSED)
    assert_same_events(ordered(today.log.events), ordered(with_unused.log.events), today)


def test_the_unused_team_is_there_and_idle(tmp_path: Path) -> None:
    """Otherwise the test above would hold for want of a team."""
    scenario = smallshire(tmp_path, UNUSED)
    replicator = Replicator(scenario, SEED)
    teams = replicator.tables(run_once(scenario))["teams"].frame()
    idle = teams[teams.index.get_level_values("team") == "teachers of the deaf"]
    assert (idle["capacity_hours"] > 0).any()
    assert (idle[["offered_hours", "worked_hours", "queue"]] == 0).all(axis=None)
