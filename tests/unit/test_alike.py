"""Who the cases of a replication are about is drawn once where nothing that decides it differs."""

from __future__ import annotations

import numpy as np
import pytest

from ehc_sim.experiment.replication import Replicator
from ehc_sim.journey.alike import Alike
from ehc_sim.journey.cases import Cases
from ehc_sim.scenario import Scenario, load
from tests.runs import SEED
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit


def drawn(scenario: Scenario, alike: Alike | None = None) -> Cases:
    replicator = Replicator(scenario, SEED)
    replicator.alike = alike
    return next(replicator.drawn([0])).prepared.everybody


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
