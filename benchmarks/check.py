"""Processor time of ``ehc-sim check`` of a good file, beside that of Python's own start.

    python -m benchmarks.check [--json FILE]

The command promises half a second beyond it. The least of several runs is told: whatever else the
machine does only adds.
"""

from __future__ import annotations

import resource
import subprocess
import sys

from benchmarks import figures
from ehc_sim.jobs.checking import shipped

RUNS = 7


def seconds(*arguments: str) -> float:
    """Return the least processor time of a Python process, in seconds."""
    used = []
    for _ in range(RUNS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(used)


def main() -> None:
    """Print both times, their difference, and the ratio to importing numpy and pydantic alone."""
    options = figures.parser(__doc__).parse_args()
    start, libraries = seconds("-c", "pass"), seconds("-c", "import numpy, pydantic.main, typer")
    check = seconds("-m", "ehc_sim.cli.app", "check", str(shipped() / "baseline.toml"))
    print(f"Python's own start: {start:.3f} s; with numpy, pydantic and typer: {libraries:.3f} s")
    print(f"check of a good file: {check:.3f} s, {check - start:.3f} s beside Python's own start")
    print(f"ratio to the libraries alone: {check / libraries:.2f}")
    figures.put(options.json, {"start": start, "libraries": libraries, "check": check})


if __name__ == "__main__":
    main()
