"""Time salabim and Ciw on the benchmark's network, beside the compiled model on the same draw.

Run ``python -m benchmarks.other_simulators`` from the root of the project. It makes an environment
of its own, with the versions named here, in a folder that is removed again unless one is given.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from benchmarks import figures, workload
from benchmarks.simpy_model import LOADS, finished, in_turn, untied_workload
from benchmarks.textbook import STATUTORY_DAYS
from ehc_sim.engines.compiled.model import compile_model, run_compiled

SIMULATORS = {"salabim": "26.0.9", "ciw": "3.2.7"}
IN_SEQUENCE = {"salabim": False, "ciw": True}
"""Whether a simulator must take the advice one after the other: Ciw has no fork and join."""


@dataclass(frozen=True)
class Timing:
    """CPU seconds of one simulator and of the compiled model on the same network and draw.

    Attributes
    ----------
    simulator, version : str
        The other simulator.
    load : float
        Load of the writers.
    cases : int
        Requests and reviews.
    in_sequence : bool
        Whether both take the advice one after the other.
    seconds, ours : float
        CPU seconds: of the other simulator once, of the compiled model with its packing and the
        sorted log as a median.
    equal : bool
        Whether every case ended at the same tick.
    """

    simulator: str
    version: str
    load: float
    cases: int
    in_sequence: bool
    seconds: float
    ours: float
    equal: bool

    @property
    def ratio(self) -> float:
        """Times that the other simulator takes longer."""
        return self.seconds / self.ours


@contextmanager
def environment(folder: Path | None) -> Iterator[Path]:
    """Make an environment with both simulators, or use the one in a folder; give its Python."""
    if folder is None:
        with TemporaryDirectory() as temporary, environment(Path(temporary) / "env") as python:
            yield python
        return
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    wanted = [f"{name}=={number}" for name, number in SIMULATORS.items()]
    wanted.append(f"numpy=={version('numpy')}")
    subprocess.run([python, "-m", "pip", "install", "-qq", *wanted], check=True)
    yield python


def ended(python: Path, simulator: str, work: workload.Workload) -> tuple[NDArray[np.int64], float]:
    """Return the tick at which each case ended in another simulator, and its CPU seconds."""
    days = np.where(work.review == 1, workload.REVIEW_DUE_DAYS, STATUTORY_DAYS)
    posts = {**workload.ADVICE, "writers": workload.WRITERS, "checkers": workload.CHECKERS}
    with TemporaryDirectory() as folder:
        draw, result = Path(folder) / "draw.npz", Path(folder) / "result.npz"
        np.savez(
            draw,
            arrived=work.arrived,
            review=work.review,
            stops=work.stops,
            due=(work.arrived // 1440 + days + 1) * 1440,
            teams=np.array(list(posts)),
            posts=np.array(list(posts.values())),
            **{name: value * workload.TICKS_A_MINUTE for name, value in work.waits.items()},
            **work.work,
        )
        script = Path(__file__).with_name(f"{simulator}_script.py")
        subprocess.run([python, script, draw, result], check=True)
        with np.load(result) as numbers:
            return numbers["ended"], float(numbers["seconds"])


def compare(python: Path, years: int, rounds: int) -> list[Timing]:
    """Time each simulator once at each load, and the compiled model on the same draw."""
    compile_model()
    timings = []
    for load in LOADS:
        work = untied_workload(load, years, workload.REQUESTS_A_YEAR)
        draw = workload.draw(work)
        for simulator, number in SIMULATORS.items():
            in_sequence = IN_SEQUENCE[simulator]
            network = workload.network(years, in_sequence)
            ticks, seconds = ended(python, simulator, work)
            equal = np.array_equal(ticks, finished(run_compiled(network, draw)))
            ours = in_turn(rounds, ours=partial(run_compiled, network, draw))["ours"]
            row = (simulator, number, load, len(work.arrived), in_sequence, seconds, ours, equal)
            timings.append(Timing(*row))
    return timings


def lines(timings: Sequence[Timing], years: int) -> list[str]:
    """Return the table."""
    return [
        f"other simulators, years of requests: {years}, CPU seconds",
        *(
            f"{one.simulator} {one.version}, load {one.load:4.2f}, {one.cases:,} cases"
            f"{', advice in sequence' if one.in_sequence else ''}: {one.seconds:.2f},"
            f" ours {one.ours:.4f} ({one.ratio:,.0f} times);"
            f" ticks {'equal' if one.equal else 'NOT equal'}"
            for one in timings
        ),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Time both simulators and print the table."""
    parser = figures.parser(__doc__)
    parser.add_argument("--years", type=int, default=1, help="years of requests")
    parser.add_argument("--rounds", type=int, default=5, help="runs of the compiled model")
    parser.add_argument("--environment", type=Path, help="folder in which to keep the environment")
    options = parser.parse_args(arguments)
    with environment(options.environment) as python:
        timings = compare(python, options.years, options.rounds)
    print("\n".join(lines(timings, options.years)))
    rows = [{**asdict(one), "ratio": one.ratio} for one in timings]
    figures.put(options.json, {"years": options.years, "timings": rows})


if __name__ == "__main__":
    main()
