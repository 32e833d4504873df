"""Time what one changed lever takes: tried out in a study that is kept, beside run whole.

Also what the draw of an option and the tables take, alone and with what they share. Run
``python -m benchmarks.one_lever`` from the root of the project; ``--json FILE`` also writes the
numbers. The totals of both ways are compared first: they are equal to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import figures
from benchmarks.simpy_model import in_turn
from ehc_sim.experiment.measured import Drawn
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.what_if import DEFAULT_MEMORY, Study
from ehc_sim.jobs.results_folder import shipped
from ehc_sim.journey.alike import Alike
from ehc_sim.scenario import Scenario, load

SEED = 20_250_101
TABLES: dict[str, tuple[str, ...] | None] = {
    "all": None,
    "totals": ("totals",),
    "yearly, quarterly and monthly": ("yearly", "quarterly", "monthly"),
    "yearly": ("yearly",),
}
LEVERS: dict[str, dict[str, Any]] = {
    "teams.educational psychologists.posts": {"add": 3},
    "drafting.effort.mean_hours": {"multiply": 0.5},
}
Seconds = dict[str, float]


def whole(
    option: Scenario, replications: int, only: tuple[str, ...] | None = ("totals",)
) -> np.ndarray:
    """Return the totals of replications that are run from the start, one by one.

    From the second on, their logs tell of no more than the tables that are wanted need.
    """
    replicator, found = Replicator(option, SEED), []
    for drawn in replicator.drawn(range(replications)):
        run = replicator.run(drawn, replicator.noted(only))
        found.append(replicator.tables(run, only)["totals"].values)
    return np.stack(found)


def levers(scenario: Scenario, study: Study, rounds: int) -> dict[str, Seconds]:
    """Return CPU seconds of a replication of each lever: kept, and from the start.

    Raises
    ------
    AssertionError
        Where the two differ, or a replication did not go on.
    """
    found = {}
    for what, change in LEVERS.items():
        option, count = scenario.with_change(what, **change), study.today.replications
        tried, alone = study.what_if(option), whole(option, count)
        assert np.array_equal(tried.found.tables["totals"].values, alone, equal_nan=True), what
        assert sum(tried.whole.values()) == count - study.kept, what
        taken = in_turn(
            rounds,
            what_if=partial(study.what_if, option),
            whole=partial(whole, option, count),
            whole_with_all_tables=partial(whole, option, count, None),
        )
        found[what] = {name: seconds / count for name, seconds in taken.items()}
    return found


def draws(scenario: Scenario, rounds: int) -> dict[str, Seconds]:
    """Return CPU seconds of an option's draw: beside that of its baseline, and alone."""
    base, found = Replicator(scenario, SEED), {}
    base.alike = alike = Alike()
    next(base.drawn([0]))
    for what, change in LEVERS.items():
        option = Replicator(scenario.with_change(what, **change), SEED)

        def drawn(known: Alike | None, option: Replicator = option) -> Drawn:
            option.alike = known
            return next(option.drawn([0]))

        found[what] = in_turn(rounds, shared=partial(drawn, alike), alone=partial(drawn, None))
    return found


def tables(scenario: Scenario, rounds: int) -> Seconds:
    """Return CPU seconds of the tables of a replication, by which are asked for."""
    replicator = Replicator(scenario, SEED)
    calls: dict[str, Callable[[], object]] = {}
    for name, only in TABLES.items():
        # A run of its own for each: what was read of a log stays with it.
        run = replicator.run(next(replicator.drawn([0])))
        calls[name] = partial(replicator.tables, run, only)
    return in_turn(rounds, **calls)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print and write."""
    parser = figures.parser(__doc__)
    parser.add_argument("--scenario", type=Path, default=shipped() / "baseline.toml")
    parser.add_argument("--replications", type=int, default=10)
    parser.add_argument("--memory", type=int, default=DEFAULT_MEMORY, help="megabytes")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    scenario = load(options.scenario)
    study = Study(scenario, options.replications, SEED, options.memory)
    of_levers = levers(scenario, study, options.rounds)
    of_draws = draws(scenario, options.rounds)
    of_tables = tables(scenario, options.rounds)
    kept = {"replications": study.kept, "megabytes": study.megabytes}
    numbers = {"kept": kept, "levers": of_levers, "draws": of_draws, "tables": of_tables}
    figures.put(options.json, numbers)
    print(f"{study.kept} futures are kept in {study.megabytes:.0f} MB")
    print("CPU seconds of a future of one lever, beside one from the start with totals only:")
    for what, taken in of_levers.items():
        print(f"  {what}: {_beside(taken['what_if'], taken['whole'])}")
    print("and beside one from the start with all tables:")
    for what, taken in of_levers.items():
        print(f"  {what}: {_beside(taken['what_if'], taken['whole_with_all_tables'])}")
    print("of its draw:")
    for what, taken in of_draws.items():
        print(f"  {what}: {_beside(taken['shared'], taken['alone'])}")
    print("of its tables, what was read of the log before known:")
    for name, seconds in of_tables.items():
        print(f"  {name}: {_beside(seconds, of_tables['all'])}")


def _beside(seconds: float, whole: float) -> str:
    return f"{seconds:.3f} beside {whole:.3f}: {whole / seconds:.1f}x"


if __name__ == "__main__":
    main()
