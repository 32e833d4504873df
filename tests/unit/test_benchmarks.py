"""The benchmark compares like with like: both models give the same times."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import (
    commands,
    compiled_model,
    figures,
    forecast,
    forecast_series,
    simpy_model,
    whole_service,
    workload,
)
from benchmarks.textbook import TextbookModel
from benchmarks.twin import Packed, Twin, compiler
from ehc_sim.demand.history import covid
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.simpy import run
from ehc_sim.experiment.replication import Replicator
from ehc_sim.jobs.results_folder import shipped
from ehc_sim.network import Draw, Network, Quantity

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("load", simpy_model.LOADS)
def test_both_models_finish_every_case_at_the_same_time(load: float) -> None:
    work = simpy_model.untied_workload(load, years=1, a_year=300)
    log = run(workload.network(1), workload.draw(work))
    textbook = TextbookModel(work)
    assert np.array_equal(simpy_model.finished(log), textbook.run())
    assert (simpy_model.finished(log) > work.arrived).all()


def test_the_load_of_the_writers_is_the_one_asked_for() -> None:
    work = workload.make(1.15, years=5, seed=1)
    offered = work.work["writing"][(work.review == 1) | (work.stops == 0)].sum()
    offered_by_posts = workload.WRITERS * 5 * workload.MINUTES_A_YEAR * workload.TICKS_A_MINUTE
    assert offered / offered_by_posts == pytest.approx(1.15, rel=0.03)


@pytest.mark.parametrize("what", ["requests", "plans"])
def test_a_larger_service_has_so_many_more_cases_and_posts(what: str, tmp_path: Path) -> None:
    baseline = (shipped() / "baseline.toml").resolve()
    sizes = (whole_service.Size(), whole_service.Size(**{what: 2}, staff=True))
    one, two = (
        Replicator(whole_service.scenario_of(size, baseline, tmp_path), whole_service.SEED)
        for size in sizes
    )
    if what == "requests":
        assert two.history.counts.tolist() == [2 * count for count in one.history.counts.tolist()]
    else:
        times = [float(maker.scenario.base.plans.times) for maker in (one, two)]
        assert times[1] == pytest.approx(2 * times[0])
    for day, settings in one.scenario.periods:
        larger = dict(two.scenario.periods)[day]
        for name, team in settings.teams.items():
            grows = what == "requests" or name in ("assessment officers", "senior officers")
            times = 2 if grows else 1
            assert float(larger.teams[name].posts) == pytest.approx(times * float(team.posts))


def test_the_compiled_model_is_timed_on_what_the_textbook_model_gives() -> None:
    """The benchmark itself asserts the same ticks; here it is run once, on little work."""
    (at_90, at_115) = compiled_model.against_a_textbook(rounds=1, years=1)
    assert (at_90["load"], at_115["load"]) == compiled_model.TEXTBOOK_LOADS
    for row in (at_90, at_115):
        assert row["cases"] > 5_000
        assert min(row["compiled"], row["textbook"]) > 0


@pytest.mark.parametrize("family", forecast_series.FAMILIES)
def test_series_of_a_known_truth_are_as_they_are_said_to_be(family: str) -> None:
    made = [forecast_series.make(seed, family) for seed in range(30)]
    again = forecast_series.make(7, family)
    assert again.history.counts.tolist() == made[7].history.counts.tolist()
    for one in made:
        assert 48 <= len(one.history.counts) <= 96
        assert len(one.actual) == forecast_series.AHEAD
        assert not covid(one.history.last_month - 11 + np.arange(48)).any()  # known year and ahead
    means = np.array([one.history.counts.mean() for one in made])
    assert 60 < np.median(means) < 250


def test_both_halves_of_the_benchmark_are_of_other_series() -> None:
    halves = [forecast.synthetic(half, 10) for half in ("tuning", "reported")]
    counts = [{tuple(h.counts) for h, _, _ in half.values()} for half in halves]
    assert not counts[0] & counts[1]
    first, last = sorted(forecast.FIRST_SEED.values())
    assert last - first > 10_000 + forecast.TRUTHS  # so that the truths' seeds differ too


def test_the_benchmark_scores_what_was_made() -> None:
    """A forecast that is right to the request has no error; every method gets the same series."""
    series = forecast.synthetic("tuning", 5)
    samples = {
        (name, method): np.tile(actual, (50, 1)) + (method == forecast.NAIVE)
        for name, (_, _, actual) in series.items()
        for method in (forecast.POOL, forecast.THEIR_POOL, forecast.NAIVE)
    }
    table = forecast.scored(series, samples)
    assert (table.loc[table["method"] == forecast.POOL, ["mase", "crps"]] == 0).all(axis=None)
    naive = table[table["method"] == forecast.NAIVE]
    assert (naive["crps"] > 0).all()
    assert set(table["horizon"]) == {12, 24, 36}


@pytest.fixture(scope="module")
def twin() -> Twin:
    if compiler() is None:
        pytest.skip("no C++ compiler: g++ is not installed and CXX is not set")
    return Twin()


@pytest.mark.parametrize("load", compiled_model.TEXTBOOK_LOADS)
@pytest.mark.parametrize("in_sequence", [False, True])
def test_the_loop_in_cpp_writes_the_same_rows(twin: Twin, load: float, in_sequence: bool) -> None:
    work = workload.make(load, years=1, seed=3, a_year=300)
    network, draw = workload.network(1, in_sequence), workload.draw(work)
    rows = twin.run(twin.packed(network, draw))
    assert np.array_equal(
        twin.in_order_of_cases(rows, len(work.arrived)), run_compiled(network, draw).visits
    )


def test_the_loop_in_cpp_handles_ties_and_the_end_of_a_run_as_the_models_do(twin: Twin) -> None:
    """Everything happens on whole hours, and the timeline ends while much is under way."""
    work = workload.make(1.15, years=1, seed=5, a_year=300)

    def whole_hours(ticks: np.ndarray) -> np.ndarray:
        hour = 60 * workload.TICKS_A_MINUTE
        return -(-ticks // hour) * hour

    values = workload.draw(work).quantities | {
        name: Quantity.constant(whole_hours(ticks)) for name, ticks in work.work.items()
    }
    draw = Draw(whole_hours(work.arrived), values)
    whole = workload.network(1)
    timeline = workload.network(1).timeline
    short = Network(
        whole.pathway, replace(timeline, days=timeline.days[: workload.MINUTES_A_YEAR]), whole.teams
    )
    log = run_compiled(short, draw)
    assert (log.visits[:, 4] < 0).sum() > 100
    rows = twin.in_order_of_cases(twin.run(twin.packed(short, draw)), len(work.arrived))
    assert np.array_equal(rows, log.visits)
    assert np.array_equal(rows, run(short, draw).visits)


def test_the_loop_in_cpp_refuses_what_it_does_not_know() -> None:
    work = workload.make(0.9, years=1, seed=3, a_year=30)
    whole, draw = workload.network(1), workload.draw(work)
    with pytest.raises(ValueError, match="posts"):
        team = replace(whole.teams["writers"], posts=whole.teams["writers"].posts * 3)
        Packed(replace(whole, teams={**whole.teams, "writers": team}), draw, np.zeros((1, 7), int))


def test_a_whole_command_is_timed_and_written_with_its_versions(tmp_path: Path) -> None:
    bare, large = (
        commands.measured(name, arguments, tmp_path)
        for name, arguments in {
            "bare": ["-c", "pass"],
            "memory": ["-c", "held = bytearray(60_000_000)"],
        }.items()
    )
    assert bare.processor_seconds > 0
    assert large.peak_megabytes > bare.peak_megabytes + 50
    text = "\n".join(commands.lines([bare, large]))
    assert "bare" in text
    figures.put(tmp_path / "numbers.json", {"commands": [1]})
    (written,) = tmp_path.iterdir()
    numbers = json.loads(written.read_text(encoding="utf-8"))
    assert numbers["commands"] == [1]
    assert numbers["versions"]["numpy"] == np.__version__
    figures.put(None, {})


@pytest.mark.parametrize(
    "name", ["check", "commands", "compiled_model", "other_simulators", "simpy_model",
             "whole_service", "forecast", "forecast_sen2"],
)  # fmt: skip
def test_every_benchmark_that_tells_numbers_writes_them(name: str) -> None:
    text = (Path(commands.__file__).parent / f"{name}.py").read_text(encoding="utf-8")
    assert "figures.parser(__doc__)" in text
    assert "figures.put(" in text
    assert f"`{name}.py`" in (Path(commands.__file__).parent / "README.md").read_text("utf-8")
