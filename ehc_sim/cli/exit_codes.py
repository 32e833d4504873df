"""What can go wrong in a command, in plain lines and exit codes.

0 done, 1 failed, 2 bad input, 3 partly done (run it again to go on), 130 stopped, by an interrupt
or by a signal to end.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from ehc_sim.cli.console import say

FAILED, BAD_INPUT, PARTLY_DONE, STOPPED = 1, 2, 3, 130

KNOWN_FAULTS = {
    "ehc_sim.scenario.faults.BadInput": (BAD_INPUT, ""),
    "ehc_sim.calendars.term_file.TermsError": (BAD_INPUT, ""),
    "ehc_sim.experiment.contents.Damaged": (BAD_INPUT, ""),
    "ehc_sim.experiment.beside.NotOurs": (BAD_INPUT, ""),
    "ehc_sim.experiment.folder.InUse": (BAD_INPUT, ""),
    "ehc_sim.experiment.store.OtherParts": (BAD_INPUT, ""),
    "ehc_sim.present.frames.NotResults": (BAD_INPUT, ""),
    "ehc_sim.experiment.batches.RunFailed": (FAILED, "failed: "),
    "builtins.OSError": (FAILED, "failed: "),
    "builtins.MemoryError": (FAILED, "failed: there is not enough memory: "),
    "ehc_sim.jobs.results_folder.PartlyDone": (PARTLY_DONE, "partly done: "),
}
"""What can go wrong, with the exit code and what is said before it. By name, so that none of the
parts in which it can happen needs to be imported for a fault in a file to be said at once."""


@contextmanager
def plain_faults() -> Iterator[None]:
    """Turn what can go wrong into plain lines and exit codes."""
    try:
        yield
    except KeyboardInterrupt as stop:
        say(str(stop) or "stopped", err=True)
        raise typer.Exit(STOPPED) from None
    except Exception as fault:
        names = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(fault).__mro__]
        known = next((KNOWN_FAULTS[name] for name in names if name in KNOWN_FAULTS), None)
        if known is None:
            raise
        code, before = known
        say(f"{before}{fault}", err=True)
        raise typer.Exit(code) from None
