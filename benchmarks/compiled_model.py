"""Time the compiled model beside the SimPy model, a textbook model and a loop in C++; as it grows.

Run ``python -m benchmarks.compiled_model`` from the root of the project; ``--json FILE`` writes
the numbers too, ``--others`` times other simulators too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from statistics import median
from typing import Any

import numpy as np

from benchmarks import figures, other_simulators, workload
from benchmarks.simpy_model import finished, in_turn, timed, untied_workload
from benchmarks.textbook import TextbookModel
from benchmarks.twin import Ints, Twin, compiler, compiler_version
from ehc_sim.engines.compiled.loop.run import run_events
from ehc_sim.engines.compiled.model import compile_model, run_compiled
from ehc_sim.engines.compiled.packing.memory import Memory
from ehc_sim.engines.simpy import run
from ehc_sim.experiment.replication import Replicator
from ehc_sim.jobs.results_folder import shipped
from ehc_sim.network import Draw
from ehc_sim.network.quantities import AnyQuantity, Quantity
from ehc_sim.scenario import load

SEED = 20_250_101
LOADS = (0.7, 0.9, 1.0, 1.15)
TEXTBOOK_LOADS = (0.9, 1.15)
TWIN_RUNS = 5
"""Runs of the loops for each of another comparison: they are short."""
TIMES = (1, 2, 4, 8)
Row = dict[str, Any]


def somerset(rounds: int) -> list[Row]:
    """Time both models on the whole service: the model alone, and whole replications.

    Alone, both are given every value of the draw; in a replication, both make them.
    """
    scenario = load(shipped() / "baseline.toml")
    makers = {engine: Replicator(scenario, SEED, engine) for engine in ("simpy", "compiled")}
    drawn = next(makers["simpy"].drawn([0]))
    network, draw = drawn.prepared.network, _made(drawn.prepared.draw)
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
        for what, taken in (("model, its draw given", model), ("whole replication", replication))
    ]


def _made(draw: Draw) -> Draw:
    """Return a draw of which all values are made."""

    def made(quantity: AnyQuantity) -> Quantity:
        variant = None if quantity.variant is None else made(quantity.variant)
        return Quantity(quantity.starts, quantity.values, quantity.first, variant)

    return replace(draw, quantities={name: made(one) for name, one in draw.quantities.items()})


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


def against_the_twin(rounds: int, years: int) -> list[Row]:
    """Time the compiled model and the loop in C++: the loops alone, and all that either needs.

    Raises
    ------
    AssertionError
        When the two do not write the same rows.
    """
    network, twin, rows = workload.network(years), Twin(), []
    for load_ in TEXTBOOK_LOADS:
        work = untied_workload(load_, years, workload.REQUESTS_A_YEAR)
        draw, cases = workload.draw(work), len(work.arrived)

        def whole(draw: Draw = draw, cases: int = cases) -> Ints:
            return twin.in_order_of_cases(twin.run(twin.packed(network, draw)), cases)

        visits = run_compiled(network, draw).visits
        assert np.array_equal(whole(), visits), "the C++ loop and the compiled model differ"
        loops: dict[str, list[float]] = {"twin_loop": [], "loop": []}
        for _ in range(rounds):
            # A memory of ours can be run once: both are packed anew, outside the time.
            packed, memory = twin.packed(network, draw), Memory(network, draw)
            loops["twin_loop"].append(timed(partial(twin.run, packed))[0])
            loops["loop"].append(timed(partial(run_events, memory.numbers, memory.buckets))[0])
            del memory  # as in a run, where the next one has the same room
        taken = in_turn(rounds, twin=whole, compiled=partial(run_compiled, network, draw))
        alone = {name: median(seconds) for name, seconds in loops.items()}
        rows.append({"load": load_, "cases": cases, "rows": len(visits), **alone, **taken})
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
    lines += _lines_of_twin(parts.get("twin", []))
    lines += ["", "compiled, as it grows    cases   seconds  microseconds a case"]
    lines += [
        f"load {row['load']:4.2f}, {row['requests']}x requests {row['cases']:9,}"
        f" {row['compiled']:9.4f} {row['microseconds a case']:9.2f}"
        for row in parts["growth"]
    ]
    return lines


def _lines_of_twin(rows: list[Row]) -> list[str]:
    if not rows:
        return ["", "no C++ compiler: the loop in C++ is left out"]
    lines = ["", "the same rows, CPU milliseconds        C++  compiled"]
    for row in rows:
        for what, twin, ours in (
            ("the loop alone", row["twin_loop"], row["loop"]),
            ("with packing and sorted log", row["twin"], row["compiled"]),
        ):
            lines.append(
                f"load {row['load']:4.2f}, {what:27} {twin * 1e3:7.2f} {ours * 1e3:9.2f}"
                f" ({ours / twin:.2f} times)"
            )
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Time everything and print the tables."""
    parser = figures.parser(__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="runs of each")
    parser.add_argument("--others", action="store_true", help="also time salabim and Ciw")
    parser.add_argument("--years", type=int, default=5, help="years of requests of the network")
    options = parser.parse_args(arguments)
    compile_model()
    parts = {
        "somerset": somerset(options.rounds),
        "network": against_a_textbook(max(1, options.rounds // 2), options.years),
        "growth": growth(options.rounds, options.years),
    }
    versions = figures.versions(("numba", "llvmlite", "numpy", "simpy"))
    more = {}
    if compiler():
        parts["twin"] = against_the_twin(TWIN_RUNS * options.rounds, options.years)
        versions["C++"] = more["compiler"] = compiler_version()
    lines = _lines(parts)
    if options.others:
        with other_simulators.environment(None) as python:
            timings = other_simulators.compare(python, 1, options.rounds)
        parts["others"] = [{**asdict(one), "ratio": one.ratio} for one in timings]
        lines += ["", *other_simulators.lines(timings, 1)]
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    print("\n".join(lines))
    figures.put(options.json, {"years": options.years, **more, **parts})


if __name__ == "__main__":
    main()
