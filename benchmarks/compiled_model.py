"""Time the compiled model: against the SimPy model, a textbook model, and as the work grows.

Run ``python -m benchmarks.compiled_model`` from the root of the project; ``--json`` prints numbers.
"""

from __future__ import annotations

import argparse
import json
import platform
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

import numpy as np

from benchmarks import workload
from benchmarks.simpy_model import finished, untied_workload
from benchmarks.textbook import TextbookModel
from ehc_sim.experiment.replication import Replicator
from ehc_sim.job import shipped
from ehc_sim.pathway import run
from ehc_sim.pathway.compiled_model import compile_model, run_compiled
from ehc_sim.scenario import load

SEED = 20_250_101
LOADS = (0.7, 0.9, 1.0, 1.15)
TEXTBOOK_LOADS = (0.9, 1.15)
TIMES = (1, 2, 4, 8)
Row = dict[str, Any]


def in_turn(rounds: int, **calls: Callable[[], Any]) -> dict[str, float]:
    """Return the median CPU seconds of each call, taken in turn."""
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            start = process_time()
            call()
            seconds[name].append(process_time() - start)
    return {name: median(taken) for name, taken in seconds.items()}


def somerset(rounds: int) -> list[Row]:
    """Time both models on the whole service: the model alone, and whole replications."""
    scenario = load(shipped() / "baseline.toml")
    makers = {engine: Replicator(scenario, SEED, engine) for engine in ("simpy", "compiled")}
    drawn = next(makers["simpy"].drawn([0]))
    network, draw = drawn.prepared.network, drawn.prepared.draw
    log, compiled = run(network, draw), run_compiled(network, draw)
    assert np.array_equal(log.visits, compiled.visits), "the models differ"

    def whole(engine: str) -> None:
        maker = makers[engine]
        maker.tables(maker.run(next(maker.drawn([0]))))

    model = in_turn(
        rounds, simpy=partial(run, network, draw), compiled=partial(run_compiled, network, draw)
    )
    replication = in_turn(
        rounds, simpy=partial(whole, "simpy"), compiled=partial(whole, "compiled")
    )
    cases = int(((log.arrived >= 0) & (log.arrived < log.until)).sum())
    return [
        {"what": what, "cases": cases, "rows": len(log.visits), **taken}
        for what, taken in (("model", model), ("whole replication", replication))
    ]


def against_a_textbook(rounds: int, years: int) -> list[Row]:
    """Time the textbook model, the SimPy model and the compiled one on the same network."""
    network = workload.network(years)
    rows = []
    for load_ in TEXTBOOK_LOADS:
        work = untied_workload(load_, years, workload.REQUESTS_A_YEAR)
        draw = workload.draw(work)
        assert np.array_equal(finished(run_compiled(network, draw)), TextbookModel(work).run())
        taken = in_turn(
            rounds,
            textbook=lambda work=work: TextbookModel(work).run(),  # type: ignore[misc]
            simpy=partial(run, network, draw),
            compiled=partial(run_compiled, network, draw),
        )
        rows.append({"load": load_, "cases": len(work.arrived), **taken})
    return rows


def growth(rounds: int, years: int) -> list[Row]:
    """Time the compiled model as requests and the load of the writers grow."""
    network = workload.network(years)
    sizes = [(0.9, times) for times in TIMES] + [(load_, 1) for load_ in LOADS]
    rows = []
    for load_, times in sizes:
        work = workload.make(load_, years, 1, workload.REQUESTS_A_YEAR * times)
        taken = in_turn(rounds, compiled=partial(run_compiled, network, workload.draw(work)))
        cost = taken["compiled"] / len(work.arrived) * 1e6
        size = {"load": load_, "requests": times, "cases": len(work.arrived)}
        rows.append({**size, **taken, "microseconds a case": cost})
    return rows


def _lines(parts: dict[str, list[Row]]) -> list[str]:
    lines = ["", "Somerset, CPU seconds                    simpy  compiled"]
    for row in parts["somerset"]:
        ratio = row["simpy"] / row["compiled"]
        lines.append(
            f"{row['what']:36} {row['simpy']:9.3f} {row['compiled']:9.3f} ({ratio:.0f} times)"
        )
    lines += ["", "network, CPU seconds     cases  textbook     simpy  compiled"]
    for row in parts["network"]:
        ratio = row["textbook"] / row["compiled"]
        lines.append(
            f"load {row['load']:4.2f} {row['cases']:20,} {row['textbook']:9.2f} {row['simpy']:9.2f}"
            f" {row['compiled']:9.4f} ({ratio:.0f} times the textbook)"
        )
    lines += ["", "compiled, as it grows    cases   seconds  microseconds a case"]
    lines += [
        f"load {row['load']:4.2f}, {row['requests']}x requests {row['cases']:9,}"
        f" {row['compiled']:9.4f} {row['microseconds a case']:9.2f}"
        for row in parts["growth"]
    ]
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Time everything and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="also write the numbers to this file")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each")
    parser.add_argument("--years", type=int, default=5, help="years of requests of the network")
    options = parser.parse_args(arguments)
    compile_model()
    parts = {
        "somerset": somerset(options.rounds),
        "network": against_a_textbook(max(1, options.rounds // 2), options.years),
        "growth": growth(options.rounds, options.years),
    }
    versions = {"python": platform.python_version()}
    versions |= {name: version(name) for name in ("numba", "llvmlite", "numpy", "simpy")}
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    print("\n".join(_lines(parts)))
    if options.json:
        numbers = json.dumps({"versions": versions, **parts}, indent=2)
        options.json.write_text(numbers, encoding="utf-8")


if __name__ == "__main__":
    main()
