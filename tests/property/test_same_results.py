"""The same seed gives the same table, however the work is shared out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.experiment.batches import (
    MOST_TOGETHER,
    Batch,
    Together,
    measure_batch,
    measure_together,
    put_together,
)
from ehc_sim.experiment.folder import write_replications
from ehc_sim.experiment.held import run_held
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.results import Results
from ehc_sim.experiment.study import Plan, study
from ehc_sim.scenario import Scenario, load
from tests.runs import SEED
from tests.scenario_files import SMALL

pytestmark = pytest.mark.property

REPLICATIONS = 7
"""Not a multiple of the replications that a process runs at a time."""


def both() -> list[Scenario]:
    return [load(SMALL / "baseline.toml"), load(SMALL / "more_psychologists.toml")]


def whole_service() -> Scenario:
    return load(SMALL / "whole_service.toml")


def written(results: Results, folder: Path) -> bytes:
    """Return the bytes of the table of all replications."""
    path = folder / "replications.parquet"
    write_replications(results, path)
    return path.read_bytes()


@pytest.fixture(scope="module", params=["more_psychologists", "whole_service"])
def scenario(request: pytest.FixtureRequest) -> Scenario:
    return load(SMALL / f"{request.param}.toml")


@pytest.fixture(scope="module")
def one_study(scenario: Scenario) -> Results:
    return study([scenario], Plan(REPLICATIONS, seed=SEED))


def test_two_processes_write_the_same_bytes_as_one(
    tmp_path: Path, scenario: Scenario, one_study: Results
) -> None:
    one, two = one_study, study([scenario], Plan(REPLICATIONS, seed=SEED, processes=2))
    pd.testing.assert_frame_equal(one.replication_table(), two.replication_table())
    assert written(one, tmp_path) == written(two, tmp_path)
    pd.testing.assert_frame_equal(one.summary(), two.summary())


def test_two_processes_give_the_same_runs_with_numbers_held_as_one() -> None:
    """Two batches of six futures, each future at both ends of what decides."""
    key = "advice.educational psychologist.effort.mean_hours"
    points = [[{key: 0.0}, {key: 1.0}]] * 12
    done: list[Batch] = []
    one, two = (
        run_held(both()[0], points, Plan(seed=SEED, processes=processes), done.append)
        for processes in (1, 2)
    )
    assert sorted(batch.first for batch in done) == [0, 0, 6, 6]
    assert list(one) == list(two)
    for name in one:
        np.testing.assert_array_equal(one[name], two[name], err_msg=name)


def test_options_that_share_a_run_in_are_measured_as_alone() -> None:
    """Each of several scenarios has the tables that it has by itself, to the last bit."""
    scenarios = both()
    batches = [Batch(scenario, SEED, 0, 2) for scenario in scenarios]
    (together,) = put_together(batches, scenarios[0])
    found = measure_together(together)
    assert sum(found[1].whole.values()) == 0
    for batch, measured in zip(batches, found, strict=True):
        for name, alone in measure_batch(batch).items():
            np.testing.assert_array_equal(measured.tables[name].values, alone.values, err_msg=name)


def test_a_few_scenarios_are_held_at_a_time() -> None:
    baseline, more = both()
    batches = [Batch(more, SEED, first, 5) for first in (0, 5) for _ in range(MOST_TOGETHER + 1)]
    together = put_together(batches, baseline)
    assert [len(some.batches) for some in together] == [MOST_TOGETHER, 1] * 2
    assert [batch for some in together for batch in some.batches] == batches
    assert all(some.run_in_of is baseline for some in together)


def test_a_study_tells_which_options_went_on() -> None:
    baseline, more = both()
    told = study([baseline, more, whole_service()], Plan(1, seed=SEED)).run_in
    assert str(told) == (
        "1 of 2 options went on from a run-in that they share; run from the start, for "
        f"what differs: “{whole_service().name}” (the steps of the journey)."
    )


def test_what_is_left_of_a_run_is_measured_the_same() -> None:
    """A run that was killed goes on without the scenario that the others go on from."""
    scenarios = both()
    batches = [Batch(scenario, SEED, 0, 1) for scenario in scenarios]
    whole, left = Together(tuple(batches), scenarios[0]), Together((batches[1],), scenarios[0])
    of_both, (alone,) = measure_together(whole)[1], measure_together(left)
    for name, table in alone.tables.items():
        np.testing.assert_array_equal(table.values, of_both.tables[name].values, err_msg=name)
    assert alone.whole == of_both.whole


@pytest.mark.parametrize("sizes", [(7,), (1, 1, 1, 1, 1, 1, 1), (3, 4)])
def test_the_size_of_a_batch_does_not_matter(
    sizes: tuple[int, ...], scenario: Scenario, one_study: Results
) -> None:
    firsts = np.cumsum((0, *sizes[:-1])).tolist()
    parts = [
        measure_batch(Batch(scenario, SEED, first, size))
        for first, size in zip(firsts, sizes, strict=True)
    ]
    for name, whole in one_study.scenarios[0].tables.items():
        joined = np.concatenate([part[name].values for part in parts])
        np.testing.assert_array_equal(joined, whole.values, err_msg=name)


def test_a_replication_run_again_gives_the_log_it_was_measured_on() -> None:
    scenario = both()[0]
    results = study([scenario], Plan(3, seed=SEED))
    again = results.log(2)
    run = Replicator(scenario, SEED).runs([2])[0]
    pd.testing.assert_frame_equal(again.drop(columns="date"), run.log.events)
    issued = (again["node"] == "final plan").sum()
    monthly = results.scenarios[0].tables["monthly"]
    assert issued == monthly.column("plans_issued")[2].sum()


def test_another_seed_gives_another_table() -> None:
    one, other = (
        study(both()[:1], Plan(2, seed=seed)).scenarios[0].tables["totals"].values
        for seed in (SEED, SEED + 1)
    )
    assert not np.array_equal(one, other)


PROGRAM = """
import sys
from pathlib import Path
from ehc_sim.experiment.folder import write_replications
from ehc_sim.experiment.held import run_held
from ehc_sim.experiment.study import Plan, study
from ehc_sim.scenario import load
write_replications(study([load(sys.argv[1])], Plan(2, seed=1)), Path(sys.argv[2]))
"""


@pytest.mark.parametrize("name", ["more_psychologists.toml", "whole_service.toml"])
def test_the_order_of_pythons_hashes_does_not_matter(tmp_path: Path, name: str) -> None:
    def bytes_with(hash_seed: str) -> bytes:
        path = tmp_path / f"{hash_seed}.parquet"
        subprocess.run(
            [sys.executable, "-c", PROGRAM, str(SMALL / name), str(path)],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            cwd=Path(__file__).parents[2],
        )
        return path.read_bytes()

    assert bytes_with("1") == bytes_with("4242")


def test_a_scenario_is_not_changed_by_the_one_that_ran_before_it() -> None:
    baseline, more = both()
    alone = measure_batch(Batch(more, SEED, 0, 1))
    study([baseline, more], Plan(1, seed=SEED))
    after = measure_batch(Batch(more, SEED, 0, 1))
    for name, stack in alone.items():
        np.testing.assert_array_equal(stack.values, after[name].values, err_msg=name)
