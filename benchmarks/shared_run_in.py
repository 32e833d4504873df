"""Time options that go on from one run-in beside the same options run from the start.

Run ``python -m benchmarks.shared_run_in`` from the root of the project; ``--json FILE`` also writes
the numbers. All tables of both are compared first: they are equal to the last bit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks import figures
from benchmarks.simpy_model import in_turn, timed
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.compiled.states import StoppingRun, run_on
from ehc_sim.experiment.batches import (
    Batch,
    Measured,
    measure_batch,
    measure_together,
    put_together,
)
from ehc_sim.experiment.replication import Replicator
from ehc_sim.jobs.results_folder import shipped
from ehc_sim.network.parting import parting
from ehc_sim.scenario import Scenario, load_folder

SEED = 20_250_101


def batches_of(scenarios: Sequence[Scenario], first: int, count: int) -> list[Batch]:
    """Return the same replications of every scenario."""
    return [Batch(scenario, SEED, first, count) for scenario in scenarios]


def together(batches: Sequence[Batch]) -> list[Measured]:
    """Run batches of the same replications with one run-in: that of the first."""
    (all_of_them,) = put_together(batches, batches[0].scenario)
    return measure_together(all_of_them)


def alone(batches: Sequence[Batch]) -> list[Measured]:
    """Run each batch from the start."""
    return [Measured(measure_batch(batch)) for batch in batches]


def check(batches: Sequence[Batch], shared: Sequence[Measured], whole: Sequence[Measured]) -> None:
    """Raise ``AssertionError`` where a table of an option is not the one of a run by itself."""
    for batch, one, other in zip(batches, shared, whole, strict=True):
        for name, table in other.tables.items():
            same = np.array_equal(one.tables[name].values, table.values, equal_nan=True)
            assert same, f"{batch}: {name} differs"


def models(scenario: Scenario, option: Scenario, rounds: int) -> dict[str, float]:
    """Return CPU seconds of an option's model: from the start, and from the state of another run.

    The draws are not in either; ``from`` is the share of the run that is shared.
    """
    one, other = (next(Replicator(each, SEED).drawn([0])).prepared for each in (scenario, option))
    parts = parting((one.network, one.draw), (other.network, other.draw))
    state = StoppingRun(one.network, one.draw).before(parts.minute)
    if state is None:
        return {"from": 0.0}
    kept = state.copy()
    found = in_turn(
        rounds,
        whole=partial(run_compiled, other.network, other.draw),
        going_on=partial(run_on, kept, other.network, other.draw, parts),
    )
    days = len(one.network.timeline.days)
    return {"from": kept.minute / (days * 24 * 60), **found}


def by_year(scenario: Scenario, rounds: int) -> dict[str, dict[str, float]]:
    """Return what ``models`` does for one change that starts in each financial year."""
    period = scenario.base.period
    starts = [
        date(year, 4, 1) for year in range(period.run_in_from.year + 1, period.plan_until.year)
    ]
    return {
        str(start): models(
            scenario,
            scenario.with_change(
                _path_of(scenario), multiply=0.9, from_=start, name=f"Quicker from {start}"
            ),
            rounds,
        )
        for start in starts
    }


def _path_of(scenario: Scenario) -> str:
    return next(path for path in scenario.paths() if path.endswith("mean_hours"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write."""
    parser = figures.parser(__doc__)
    parser.add_argument("--folder", type=Path, default=shipped())
    parser.add_argument("--replications", type=int, default=2, help="of a round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    scenarios = load_folder(options.folder)
    seconds: dict[str, list[float]] = {"whole": [], "shared": []}
    reasons: dict[str, Counter[str]] = {one.name: Counter() for one in scenarios}
    for number in range(options.rounds + 1):  # the first is there to be compared, and to compile
        first, count = number * options.replications, options.replications
        batches = batches_of(scenarios, first, count)
        took_whole, whole = timed(partial(alone, batches))
        took_shared, shared = timed(partial(together, batches))
        check(batches, shared, whole)
        for batch, measured in zip(batches, shared, strict=True):
            reasons[batch.scenario.name] += measured.whole
        if number:
            runs = len(batches) * count
            seconds["whole"].append(took_whole / runs)
            seconds["shared"].append(took_shared / runs)
    found = {name: median(taken) for name, taken in seconds.items()}
    ratio = median(a / b for a, b in zip(seconds["whole"], seconds["shared"], strict=True))
    years = by_year(scenarios[0], options.rounds)
    figures.put(
        options.json,
        {
            "options": len(scenarios) - 1,
            "seconds_a_replication": found,
            "ratio": ratio,
            "from_the_start": {name: dict(why) for name, why in reasons.items() if why},
            "model_by_year_of_the_change": years,
        },
    )
    print(f"CPU seconds of a replication of an option with all tables, {len(scenarios)} scenarios")
    print(
        f"from the start {found['whole']:.3f}, with one run-in {found['shared']:.3f}: {ratio:.2f}x"
    )
    for name, why in reasons.items():
        if why:
            print(f"run from the start: {name}, {dict(why)}")
    print("the model alone, for a change from:")
    for start, one in years.items():
        if "whole" in one:
            print(
                f"  {start}: {one['whole']:.3f} from the start, {one['going_on']:.3f} going on, "
                f"{one['whole'] / one['going_on']:.1f}x; {100 * one['from']:.0f}% shared"
            )
        else:
            print(f"  {start}: nothing is shared")


if __name__ == "__main__":
    main()
