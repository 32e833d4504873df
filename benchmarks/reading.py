"""Processor time of reading options, each alone, together, and made in Python.

    python -m benchmarks.reading

Ratios in one run: what options of a folder share is read and checked once, and an option that is
made in Python reads no file.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

from ehc_sim.jobs.checking import shipped
from ehc_sim.scenario import load, load_folder

RUNS = 5
POSTS = "teams.educational psychologists.posts"


def seconds(work: Callable[[], object]) -> float:
    """Return the median processor time of a piece of work, in seconds."""
    used = []
    for _ in range(RUNS):
        began = time.process_time()
        work()
        used.append(time.process_time() - began)
    return median(used)


def main() -> None:
    """Print the time of one option, and the ratios of the other ways to it."""
    folder = shipped()
    today = load(folder / "baseline.toml")
    files = sorted(folder.glob("*.toml"))
    alone = seconds(lambda: [load(path) for path in files]) / len(files)
    together = seconds(lambda: load_folder(folder)) / len(files)
    made = seconds(lambda: today.with_change(POSTS, add=1))
    print(f"an option read alone, its baseline read before: {1000 * alone:.1f} ms")
    print(f"of a folder that is read together: {together / alone:.2f} of that")
    print(f"made in Python: {made / alone:.2f} of that")


if __name__ == "__main__":
    main()
