"""What is drawn for a replication is drawn once where nothing that decides it differs."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from ehc_sim.experiment.replication import Replicator
from ehc_sim.journey.alike import Alike
from ehc_sim.journey.cases import Cases
from ehc_sim.journey.prepare import Prepared
from ehc_sim.journey.reads import ALL, differences, watched
from ehc_sim.network.parting import parting
from ehc_sim.scenario import BadInput, Scenario, load
from tests.runs import SEED
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit


def prepared(scenario: Scenario, alike: Alike | None = None) -> Prepared:
    replicator = Replicator(scenario, SEED)
    replicator.alike = alike
    return next(replicator.drawn([0])).prepared


def drawn(scenario: Scenario, alike: Alike | None = None) -> Cases:
    return prepared(scenario, alike).everybody


@pytest.fixture(scope="module")
def service() -> Scenario:
    return load(SMALL / "whole_service.toml")


@pytest.fixture(scope="module")
def of_service(service: Scenario) -> tuple[Alike, Cases]:
    alike = Alike()
    return alike, drawn(service, alike)


def test_more_posts_leave_the_cases_as_they_are(
    service: Scenario, of_service: tuple[Alike, Cases]
) -> None:
    alike, cases = of_service
    option = service.with_change("teams.plan writers.posts", add=1)
    assert drawn(option, alike).ends is cases.ends


@pytest.mark.parametrize("what", ["plans.ceased_a_year", "plans.moved_out_a_year"])
def test_what_decides_the_cases_is_drawn_anew(
    service: Scenario, of_service: tuple[Alike, Cases], what: str
) -> None:
    alike, cases = of_service
    option = service.with_change(what, multiply=2)
    found, alone = drawn(option, alike), drawn(option)
    for name in ("minute", "ends", "holder", "birth"):
        np.testing.assert_array_equal(getattr(found, name), getattr(alone, name))
    same = len(found.ends) == len(cases.ends) and (found.ends == cases.ends).all()
    assert not same


OPTIONS = {
    "teams.plan writers.posts": 2,
    "teams.educational psychologists.sickness_days": 2,
    "panels.weekly panel.cost_a_sitting": 2,
    "decision_to_assess.refused": 1.2,
    "drafting.effort.mean_hours": 0.5,
    "advice.educational psychologist.effort.mean_hours": 0.5,
    "requests.registration.mean_hours": 2,
    "plans.reviews.effort.mean_hours": 2,
    "plans.ceased_a_year": 1.5,
}


def check_option(service: Scenario, alike: Alike, what: str, times: float, **since: date) -> None:
    option = service.with_change(what, multiply=times, **since)
    one, other = prepared(option, alike), prepared(option)
    alone = parting((one.network, one.draw), (other.network, other.draw))
    assert (alone.why, alone.posts) == ("nothing", {})
    for name, team in other.network.teams.items():
        np.testing.assert_array_equal(one.network.teams[name].filled, team.filled)
    for name in ("minute", "ends", "holder", "birth", "due_minute"):
        np.testing.assert_array_equal(getattr(one.everybody, name), getattr(other.everybody, name))


@pytest.mark.parametrize("what", OPTIONS)
def test_an_option_is_drawn_as_it_is_alone(
    service: Scenario, of_service: tuple[Alike, Cases], what: str
) -> None:
    alike, _ = of_service
    check_option(service, alike, what, OPTIONS[what])
    check_option(service, alike, what, OPTIONS[what], from_=date(2026, 3, 1))


@pytest.mark.slow
def test_every_number_of_a_service_as_an_option(
    service: Scenario, of_service: tuple[Alike, Cases]
) -> None:
    alike, _ = of_service
    tried = 0
    for what in service.paths():
        try:
            service.with_change(what, multiply=1.01)
        except BadInput:
            continue  # no number, or one that cannot be so
        check_option(service, alike, what, 1.01)
        tried += 1
    assert tried > 50


def test_what_differs_by_name(service: Scenario) -> None:
    option = service.with_change("teams.plan writers.posts", add=1)
    assert differences(service.periods, service.periods) == frozenset()
    assert differences(service.periods, option.periods) == {ALL, "teams", "teams.plan writers"}


def test_what_is_read_is_noted(service: Scenario) -> None:
    read: set[str] = set()
    settings = watched(service.base, read)
    _ = settings.drafting.effort, settings.teams["plan writers"].posts
    assert read == {"drafting", "teams.plan writers"}
    _ = list(settings.teams), "nobody" in settings.panels
    assert read == {"drafting", "teams.plan writers", "teams", "panels.nobody"}
    _ = settings.model_dump
    assert ALL in read
