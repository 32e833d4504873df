"""Every step of the journey carries all that is read off it."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.experiment.replication import Replicator
from ehc_sim.journey.pathway import journey_steps
from ehc_sim.journey.plans_file import read_plans
from ehc_sim.journey.population import population
from ehc_sim.journey.requests import request_cases
from ehc_sim.journey.steps import Chances, Rule, Steps
from ehc_sim.network import Wait, Work
from ehc_sim.network.nodes import quantities_of
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import Scenario, load
from tests.runs import SEED
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit

FILES = ("baseline", "whole_service")


@pytest.fixture(params=FILES)
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return load(SMALL / f"{request.param}.toml")


def test_each_number_that_a_node_reads_has_its_rule_and_no_other_has(scenario: Scenario) -> None:
    steps = journey_steps(scenario.base)
    read = {name for step in steps for name in quantities_of(step.node)}
    assert read == {name for step in steps for name in step.rules}


def test_work_has_its_effort_and_a_wait_its_days(scenario: Scenario) -> None:
    for step in journey_steps(scenario.base):
        assert isinstance(step.node, Work) == (step.effort is not None), step.name
        assert isinstance(step.node, Wait) == (step.wait is not None), step.name


def test_steps_that_read_one_number_give_it_the_same_values() -> None:
    """The next review of a plan is started at three steps, a plan's end is asked for at two."""
    chances = chances_of(load(SMALL / "whole_service.toml"))
    rules = defaultdict[str, list[Rule]](list)
    for step in journey_steps(chances.settings):
        for name, rule in step.rules.items():
            rules[name].append(rule)
    several = {name: those for name, those in rules.items() if len(those) > 1}
    assert {"case of next review", "minute plan ends", "days to review"} <= set(several)
    for name, those in several.items():
        first, *others = (rule(chances) for rule in those)
        for other in others:
            np.testing.assert_array_equal(first.values, other.values, err_msg=name)


@pytest.mark.parametrize(
    ("setting", "team"),
    [
        ("requests.registration", "registration_team"),
        ("drafting.effort", "team"),
        ("drafting.check", "check_team"),
    ],
)
def test_the_team_of_a_step_stands_beside_its_effort(setting: str, team: str) -> None:
    settings = load(SMALL / "baseline.toml").base
    table = getattr(settings, setting.split(".")[0])
    teams = type(table).model_fields.keys() & {"team", "check_team", "registration_team"}
    names = {name: f"by {name}" for name in teams}
    table = table.model_copy(update=names)
    settings = settings.model_copy(update={setting.split(".")[0]: table})
    node = Steps(settings).work("some work", setting, "next").node
    assert isinstance(node, Work)
    assert node.team == f"by {team}"


def chances_of(scenario: Scenario) -> Chances:
    """Return the chances of a few requests in one replication."""
    timeline, streams = Replicator(scenario, SEED).timeline, Streams(SEED, 0)
    periods = scenario.drawn(lambda key: streams.uniform(f"parameter {key}"))
    numbers = np.arange(20)
    requests = request_cases(streams, periods, numbers, numbers * 1000, None)
    plans = scenario.base.plans
    in_hand = read_plans(Path(plans.in_hand), timeline.first_day) if plans else None
    return Chances.of(
        streams, timeline, periods, population(streams, timeline, periods, requests, in_hand)
    )
