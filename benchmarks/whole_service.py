"""Time a replication of the whole Somerset service, and how it grows with requests and plans.

Run ``python -m benchmarks.whole_service`` from the root of the project; ``--json FILE`` also
writes the numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import figures
from benchmarks.simpy_model import timed
from ehc_sim.engines.choose import Engine
from ehc_sim.experiment.replication import Replicator
from ehc_sim.jobs.results_folder import shipped
from ehc_sim.scenario import Scenario, load

TIMES = (1, 2, 4)
SEED = 20_250_101


@dataclass(frozen=True)
class Size:
    """How large a service is beside Somerset's.

    Attributes
    ----------
    requests, plans : int
        Times as many requests, and plans in hand.
    staff : bool
        Whether the teams and the panel that do the work grow with it.
    """

    requests: int = 1
    plans: int = 1
    staff: bool = False

    def __str__(self) -> str:
        what = [f"{self.requests}x requests"] * (self.requests > 1)
        what += [f"{self.plans}x plans"] * (self.plans > 1)
        if not what:
            return "Somerset as it is"
        return f"{', '.join(what)}, {'staff to match' if self.staff else 'same staff'}"


@dataclass(frozen=True)
class Cost:
    """What the replications of one size took.

    Attributes
    ----------
    size : Size
        The service.
    cases, rows : float
        Cases that arrived and rows of the log of a replication, mean.
    draw, model, measures : float
        CPU seconds of a replication, median: the sampling, the model, and the tables of measures.
    """

    size: Size
    cases: float
    rows: float
    draw: float
    model: float
    measures: float

    @property
    def whole(self) -> float:
        """CPU seconds of a replication."""
        return self.draw + self.model + self.measures

    @property
    def model_microseconds_a_row(self) -> float:
        """CPU time of the model for each row of the log."""
        return self.model / self.rows * 1e6


def sizes() -> list[Size]:
    """Return Somerset, and services of which one thing is larger, without and with more staff."""
    larger = [
        Size(**{what: times}, staff=staff)
        for what in ("requests", "plans")
        for times in TIMES[1:]
        for staff in (False, True)
    ]
    return [Size(), *larger]


def scenario_of(size: Size, baseline: Path, folder: Path) -> Scenario:
    """Write the scenario of a size into a folder and read it.

    With more requests every team and the panel grow in step; with more plans, those teams that
    reviews and transfers are work of.

    Parameters
    ----------
    size : Size
        How large.
    baseline : Path
        File of the service that is made larger.
    folder : Path
        Folder for the files.
    """
    settings = load(baseline).base
    start = settings.period.run_in_from
    lines = [f'extends = "{baseline.as_posix()}"', f'name = "{size}"', 'why = "Benchmark"']
    if size.requests > 1:
        record = Path(settings.demand.history)
        with record.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        more = folder / f"requests_{size.requests}.csv"
        with more.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            for row in rows:
                writer.writerow({**row, "requests": int(row["requests"]) * size.requests})
        lines += _change("demand.history", f'set = "{more.as_posix()}"', None)
    if size.plans > 1:
        lines += _change("plans.times", f"multiply = {size.plans}", None)
    if size.staff:
        times = max(size.requests, size.plans)
        for what in _staff(settings.teams, all_of_them=size.requests > 1):
            lines += _change(what, f"multiply = {times}", start.isoformat())
        for panel in settings.panels:
            lines += _change(f"panels.{panel}.cases", f"multiply = {times}", start.isoformat())
    path = folder / f"{len(list(folder.iterdir()))}.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return load(path)


def _staff(teams: object, all_of_them: bool) -> list[str]:
    """Return the paths of the posts of the teams that grow."""
    assert isinstance(teams, dict)
    names = teams if all_of_them else ("assessment officers", "senior officers")
    paths = [f"teams.{name}.posts" for name in names]
    paths += [f"teams.{n}.patches.{p}.posts" for n in names for p in teams[n].patches]
    return paths


def _change(what: str, how: str, start: str | None) -> list[str]:
    dated = [f"from = {start}"] if start else []
    return ["[[change]]", f'what = "{what}"', how, *dated]


def measure(
    baseline: Path, rounds: int, these: Sequence[Size], engine: Engine = "simpy"
) -> list[Cost]:
    """Time replications of each size, turn by turn.

    Parameters
    ----------
    baseline : Path
        File of the service.
    rounds : int
        Replications of each size.
    these : sequence of Size
        The sizes.
    engine : {"simpy", "compiled"}
        The model.
    """
    with TemporaryDirectory() as folder:
        scenarios = [scenario_of(size, baseline, Path(folder)) for size in these]
        makers = [Replicator(scenario, SEED, engine) for scenario in scenarios]
        rows = [[_replication(maker, number) for maker in makers] for number in range(rounds)]
    return [
        Cost(
            size,
            *(sum(row[place][column] for row in rows) / rounds for column in (0, 1)),
            *(median(row[place][column] for row in rows) for column in (2, 3, 4)),
        )
        for place, size in enumerate(these)
    ]


def _replication(maker: Replicator, number: int) -> tuple[float, float, float, float, float]:
    """Return cases, rows of the log, and CPU seconds of draw, model and measures."""
    draw, drawn = timed(lambda: next(maker.drawn([number])))
    model, replication = timed(partial(maker.run, drawn))
    measures, _ = timed(partial(maker.tables, replication))
    log = replication.log
    arrived = float(((log.arrived >= 0) & (log.arrived < log.until)).sum())
    return arrived, float(len(log.visits)), draw, model, measures


def main(arguments: Sequence[str] | None = None) -> None:
    """Time the service at each size and print the table."""
    parser = figures.parser(__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="replications of each size")
    parser.add_argument("--baseline", type=Path, default=shipped() / "baseline.toml")
    parser.add_argument("--engine", choices=("simpy", "compiled"), default="simpy")
    options = parser.parse_args(arguments)
    costs = measure(options.baseline.resolve(), options.rounds, sizes(), options.engine)
    versions = figures.versions(("simpy", "numpy", "pandas"))
    rows = [
        {
            "size": str(cost.size),
            **{name: getattr(cost, name) for name in ("cases", "rows")},
            **{f"{name}_seconds": getattr(cost, name) for name in ("draw", "model")},
            "measures_seconds": cost.measures,
            "whole_seconds": cost.whole,
            "times_somerset": cost.whole / costs[0].whole,
            "model_microseconds_a_row": cost.model_microseconds_a_row,
        }
        for cost in costs
    ]
    figures.put(options.json, {"engine": options.engine, "sizes": rows})
    print(", ".join(f"{name} {number}" for name, number in versions.items()))
    print(f"CPU seconds of a replication, median of {options.rounds}, in turn")
    heads = ("cases", "rows", "draw", "model", "measures", "whole", "", "model, us a row")
    widths = (8, 10, 6, 7, 10, 7, 8, 17)
    print(f"{'service':32}" + "".join(f"{h:>{w}}" for h, w in zip(heads, widths, strict=True)))
    for cost in costs:
        print(
            f"{cost.size!s:32}{cost.cases:8,.0f}{cost.rows:10,.0f}{cost.draw:6.2f}"
            f"{cost.model:7.2f}{cost.measures:10.2f}{cost.whole:7.2f}"
            f" ({cost.whole / costs[0].whole:.2f}x){cost.model_microseconds_a_row:16.1f}"
        )


if __name__ == "__main__":
    main()
