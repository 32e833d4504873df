"""What a user waits for: whole commands, from their start to their end.

    python -m benchmarks.commands [--json FILE] [--rounds 3] [--only "run of one"]

Seconds on the clock, seconds of all processors (the program's and its workers'), and the most
memory of one process. Commands are taken in turn; the least of the rounds is told, since whatever
else the machine does only adds. What was compiled once is there already.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import figures
from ehc_sim.jobs.checking import shipped

ALL, BASELINE = str(shipped()), str(shipped() / "baseline.toml")
COMMANDS = {
    "check of a file": ["check", BASELINE],
    "check of all": ["check", ALL],
    "run of one scenario, 20 futures": ["run", BASELINE, "--replications", "20", "--out", "one"],
    "run of all, 100 futures each": ["run", ALL, "--replications", "100", "--out", "all"],
    "report of one scenario": ["report", "one"],
    "report of all": ["report", "all"],
    "forecast": ["forecast", BASELINE, "--out", "forecast"],
    "sensitivity": ["sensitivity", BASELINE, "--out", "sensitivity"],
}
NEEDS = {
    "report of one scenario": "run of one scenario, 20 futures",
    "report of all": "run of all, 100 futures each",
}
"""Whose folder a command needs."""
_PYTHON = "start of Python with numpy, pydantic and typer"


@dataclass(frozen=True)
class Waited:
    """What one command took."""

    command: str
    seconds: float
    processor_seconds: float
    peak_megabytes: float


def measured(name: str, arguments: Sequence[str], folder: Path) -> Waited:
    """Run one command and return what it took.

    A small Python process runs it, so that the most memory is that of this command alone.
    """
    program = (
        "import resource, subprocess, sys, time\n"
        "began = time.perf_counter()\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL,"
        " stderr=subprocess.DEVNULL)\n"
        "taken = time.perf_counter() - began\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(taken, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)\n"
    )
    command = [sys.executable, "-c", program, sys.executable, *arguments]
    done = subprocess.run(command, check=True, cwd=folder, capture_output=True, text=True)
    return Waited(name, *map(float, done.stdout.split()))


def compare(rounds: int, only: str = "") -> list[Waited]:
    """Run every command whose name has ``only`` in it, and return the least of the rounds of each.

    Those whose folders another needs are run for it too.
    """
    chosen = [name for name in COMMANDS if only in name]
    needed = {NEEDS[name] for name in chosen if name in NEEDS}
    found: dict[str, list[Waited]] = {}
    with TemporaryDirectory() as work:
        for _ in range(rounds):
            bare = ["-c", "import numpy, pydantic.main, typer"]
            found.setdefault(_PYTHON, []).append(measured(_PYTHON, bare, Path(work)))
            for name, arguments in COMMANDS.items():
                if name in chosen or name in needed:
                    whole = ["-m", "ehc_sim.cli.app", *arguments]
                    found.setdefault(name, []).append(measured(name, whole, Path(work)))
    return [
        Waited(
            name,
            min(one.seconds for one in rows),
            min(one.processor_seconds for one in rows),
            min(one.peak_megabytes for one in rows),
        )
        for name, rows in found.items()
    ]


def lines(rows: Sequence[Waited]) -> list[str]:
    """Return the table, with the ratio to Python's own start."""
    start = rows[0].processor_seconds
    told = [f"{'command':48}{'on the clock':>14}{'processors':>12}{'ratio':>9}{'memory':>10}"]
    for row in rows:
        told.append(
            f"{row.command:48}{row.seconds:12.1f} s{row.processor_seconds:10.1f} s"
            f"{row.processor_seconds / start:9.1f}{row.peak_megabytes:7.0f} MB"
        )
    return told


def main(arguments: Sequence[str] | None = None) -> None:
    """Time the commands and print the table."""
    parser = figures.parser(__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each")
    parser.add_argument("--only", default="", help="commands with this in their name")
    options = parser.parse_args(arguments)
    rows = compare(options.rounds, options.only)
    print("\n".join(lines(rows)))
    figures.put(options.json, {"commands": [asdict(row) for row in rows]})


if __name__ == "__main__":
    main()
