"""A study that keeps its replications runs one changed lever as a run from the start would."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import ehc_sim as ehc
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.experiment.kept import Squeezed, keep, unpacked
from ehc_sim.experiment.measured import TABLES
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.run_in import OTHER_MODEL
from ehc_sim.experiment.what_if import NOT_KEPT, Study
from ehc_sim.scenario import BadInput, Scenario, load
from tests.runs import SEED
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit

REPLICATIONS = 2
POSTS = "teams.plan writers.posts"


@pytest.fixture(scope="module")
def today() -> Scenario:
    return load(SMALL / "whole_service.toml")


@pytest.fixture(scope="module")
def study(today: Scenario) -> Study:
    return Study(today, REPLICATIONS, SEED, tables=None)


@pytest.fixture(scope="module")
def of_totals(today: Scenario) -> Study:
    return Study(today, REPLICATIONS, SEED)


def whole_tables(scenario: Scenario) -> dict[str, np.ndarray]:
    replicator = Replicator(scenario, SEED)
    found = [replicator.tables(run) for run in replicator.runs(range(REPLICATIONS))]
    return {name: np.stack([one[name].values for one in found]) for name in TABLES}


OPTIONS = {
    POSTS: {"add": 1},
    "teams.educational psychologists.sickness_days": {"multiply": 2},
    "drafting.effort.mean_hours": {"multiply": 0.5},
    "panels.weekly panel.cases": {"add": 3},
    "decision_to_assess.refused": {"add": 0.1},
    "plans.reviews.effort.mean_hours": {"multiply": 2},
}


@pytest.mark.parametrize("what", OPTIONS)
def test_what_goes_on_is_as_it_is_from_the_start(study: Study, what: str) -> None:
    option = study.scenario.with_change(what, **OPTIONS[what])
    for replication, why in study.runs(option):
        prepared = replication.prepared
        assert why is None
        log = run_compiled(prepared.network, prepared.draw)
        assert np.array_equal(replication.log.visits, log.visits)
        assert np.array_equal(replication.log.arrived, log.arrived)


def test_all_tables_are_as_they_are_from_the_start(study: Study) -> None:
    option = study.scenario.with_change(POSTS, add=1)
    found = study.what_if(option)
    assert found.whole == {}
    assert tuple(found.found.tables) == TABLES
    for name, values in whole_tables(option).items():
        assert np.array_equal(found.found.tables[name].values, values, equal_nan=True), name


@pytest.mark.parametrize(
    ("what", "change", "why"),
    [
        ("teams.plan writers.named_officers", {"set": True}, "officers, which are not compared"),
        ("plans.ceased_a_year", {"multiply": 2}, "minute plan ends"),
    ],
)
def test_what_cannot_go_on_is_run_whole_and_says_so(
    study: Study, what: str, change: dict[str, object], why: str
) -> None:
    option = study.scenario.with_change(what, **change)  # type: ignore[arg-type]
    found = study.what_if(option)
    assert found.whole == {why: REPLICATIONS}
    totals = found.found.tables["totals"].values
    assert np.array_equal(totals, whole_tables(option)["totals"], equal_nan=True)


@pytest.mark.parametrize("what", OPTIONS)
def test_totals_alone_are_as_they_are_from_the_start(of_totals: Study, what: str) -> None:
    """The log tells of less then, and the states are smaller."""
    option = of_totals.scenario.with_change(what, **OPTIONS[what])
    for replication, why in of_totals.runs(option):
        assert (why, replication.log.noted is None) == (None, replication.number == 0)
    totals = of_totals.what_if(option).found.tables["totals"].values
    assert np.array_equal(totals, whole_tables(option)["totals"], equal_nan=True)


def test_memory_is_bounded(today: Scenario, of_totals: Study) -> None:
    study = of_totals
    assert study.kept == REPLICATIONS
    one = study.megabytes / REPLICATIONS
    assert 0 < one < 5
    few = Study(today, REPLICATIONS, SEED, 1.5 * one)
    assert (few.kept, few.megabytes <= 1.5 * one) == (1, True)
    option = today.with_change(POSTS, add=1)
    found, other = few.what_if(option), study.what_if(option)
    assert found.whole == {NOT_KEPT: REPLICATIONS - 1}
    assert found.table().equals(other.table())


def test_the_table_holds_both_and_their_difference(study: Study) -> None:
    table = study.what_if(study.scenario.with_change(POSTS, add=1)).table()
    cost = table.loc["cost"]
    assert cost["difference"] == pytest.approx(cost["found"] - cost["today"])
    assert cost["low"] <= cost["difference"] <= cost["high"]
    itself = study.what_if(study.scenario).table()
    assert itself.index[0] == "chance"
    known = itself["today"].notna()
    assert (itself.loc[known, "difference"] == 0).all()


def test_the_simpy_model_runs_whole() -> None:
    small = load(SMALL / "baseline.toml")
    study = Study(small, 1, SEED, engine="simpy", tables=["yearly"])
    assert study.kept == 0
    assert study.what_if(small).whole == {OTHER_MODEL: 1}


def test_what_cannot_be_compared(study: Study, today: Scenario) -> None:
    sooner = today.with_change(POSTS, add=1, from_=date(2024, 3, 1))
    with pytest.raises(BadInput, match="what was before is the same for all"):
        study.what_if(sooner)
    with pytest.raises(ValueError, match="only: found 'nothing'"):
        ehc.study(today, 2, tables=["nothing"])
    with pytest.raises(ValueError, match="memory: found -1, allowed is 0"):
        ehc.study(today, 2, memory=-1)
    with pytest.raises(ValueError, match="replications: found 1, allowed is 2"):
        ehc.study(today, 1)


@pytest.mark.parametrize(
    "array",
    [
        np.array([-128, 127]),
        np.array([128, 0]),
        np.array([-(2**40), 2**62]),
        np.array([2**63 - 1, -(2**63)]),
        np.array([True, False, True]),
        np.arange(16, dtype=np.int8).reshape(2, 8),
        np.array([0.5, np.nan]),
        np.zeros((0, 3)),
        np.asfortranarray(np.arange(6).reshape(2, 3)),
    ],
)
def test_an_array_is_kept_as_it_is(array: np.ndarray) -> None:
    shared = object()
    kept = keep((array, shared, "text"), [shared])
    found, same, text = unpacked(kept, np.empty(kept.words, np.int64), [shared])
    assert (same is shared, text, found.dtype, found.shape) == (
        True,
        "text",
        array.dtype,
        array.shape,
    )
    assert np.array_equal(found, array, equal_nan=array.dtype.kind == "f")


def test_few_bytes_hold_small_numbers() -> None:
    squeezed = Squeezed.of(np.arange(200))
    assert (squeezed.kind, squeezed.words) == (np.int16, 200)
