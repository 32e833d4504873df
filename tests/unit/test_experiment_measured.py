"""Tables of a replication that are asked for by name."""

from __future__ import annotations

from functools import cache
from weakref import ref

import numpy as np
import pytest

from ehc_sim.experiment import measured as measured_module
from ehc_sim.experiment.measured import TABLES
from ehc_sim.experiment.replication import Replication, Replicator
from ehc_sim.garbage import no_search_for_garbage
from ehc_sim.journey import milestones as m
from ehc_sim.measures import of_run
from ehc_sim.network.log import NotNoted
from ehc_sim.scenario import load
from ehc_sim.tables import Table
from tests.runs import SEED
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit


@cache
def measured() -> tuple[Replicator, Replication, dict[str, Table]]:
    replicator = Replicator(load(SMALL / "baseline.toml"), SEED)
    (run,) = replicator.runs([0])
    return replicator, run, replicator.tables(run)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_the_same_alone_as_among_all(name: str) -> None:
    replicator, run, tables = measured()
    (found,) = replicator.tables(run, [name]).items()
    assert found[0] == name
    assert found[1].columns == tables[name].columns
    assert np.array_equal(found[1].values, tables[name].values, equal_nan=True)


def test_tables_come_in_their_order_however_they_are_asked_for() -> None:
    replicator, run, tables = measured()
    assert tuple(tables) == TABLES
    assert list(replicator.tables(run, {"totals", "yearly", "monthly"})) == [
        *("yearly", "monthly", "totals")
    ]
    assert replicator.tables(run, []) == {}


def test_nothing_is_worked_out_that_only_others_need(monkeypatch: pytest.MonkeyPatch) -> None:
    replicator, run, _ = measured()
    _ = replicator.tables(run, ["prices"])
    assert run.log.read == set()

    def must_not(*_: object, **__: object) -> None:
        raise AssertionError("worked out for nothing")

    for other in ("reviews_by_age", "lateness", "advice_of"):
        monkeypatch.setattr(of_run, other, must_not)
    for other in ("second_assessments", "workload", "hours_by_kind"):
        monkeypatch.setattr(measured_module, other, must_not)
    assert len(replicator.tables(run, ["yearly", "quarterly", "monthly", "totals"])) == 4
    monkeypatch.setattr(of_run.Reviews, "of", must_not)
    assert len(replicator.tables(run, ["yearly", "quarterly", "waiting", "cohort"])) == 4


@pytest.mark.parametrize(
    "names", [["totals"], ["yearly", "quarterly", "monthly"], ["advice", "plans"], ["teams"]]
)
def test_a_log_tells_of_what_tables_need(names: list[str]) -> None:
    replicator, run, tables = measured()
    replicator.tables(replicator.run(run), names)
    noted = replicator.noted(names)
    assert noted is not None
    short = replicator.run(run, noted)
    assert len(short.log.visits) < len(run.log.visits)
    for name, table in replicator.tables(short, names).items():
        assert np.array_equal(table.values, tables[name].values, equal_nan=True)


def test_tables_of_which_the_log_does_not_tell_enough_are_of_another_run() -> None:
    replicator, run, tables = measured()
    short = replicator.run(run, frozenset())
    with pytest.raises(NotNoted, match="the log does not tell of request"):
        short.log.reached(m.REQUEST)
    with pytest.raises(NotNoted):
        _ = short.log.events
    found = replicator.tables(short, ["monthly", "lateness"])
    assert np.array_equal(found["monthly"].values, tables["monthly"].values, equal_nan=True)
    assert replicator.noted(["monthly", "lateness"]) is None  # late plans are explained by all


def test_a_log_that_was_measured_is_given_back_at_once() -> None:
    """It is many megabytes, and must not wait for Python to search for garbage."""
    replicator, run, _ = measured()
    other = replicator.run(run)
    log = ref(other.log)
    with no_search_for_garbage():
        replicator.tables(other)
        del other
        assert log() is None


def test_a_table_that_there_is_not() -> None:
    replicator, run, _ = measured()
    with pytest.raises(ValueError, match="only: found 'yearlies', allowed is yearly, exceptions"):
        replicator.tables(run, ["yearlies"])
