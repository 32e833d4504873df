"""How far a run has come, as the command line shows it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ehc_sim.cli.console import say


@contextmanager
def progress(quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """Give a function to call with the replications done and wanted.

    On a terminal it moves a bar; elsewhere it prints a line for every tenth.

    Parameters
    ----------
    quiet : bool
        Print nothing.
    """
    if quiet:
        yield lambda done, wanted: None
    elif sys.stderr.isatty():
        with _bar() as advance:
            yield advance
    else:
        yield _lines()


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    columns = ("Simulating", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("simulating", total=None)
        yield lambda done, wanted: bar.update(task, completed=done, total=wanted)


def _lines() -> Callable[[int, int], None]:
    tenths = 0

    def advance(done: int, wanted: int) -> None:
        nonlocal tenths
        if 10 * done // wanted > tenths or done == wanted:
            tenths = 10 * done // wanted
            say(f"simulated {done} of {wanted} replications", err=True)

    return advance
