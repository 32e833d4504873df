"""What a command prints, the signals that stop it, and how it ends, on whatever system it runs.

It ends with 0 done, 1 failed, 2 bad input, 3 partly done (run it again to go on), 130 stopped, by
an interrupt or by a signal to end.
"""

import codecs
import os
import signal
import sys
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TextIO

import typer

from ehc_sim.safe.plain_text import shown

_IN_ASCII = {
    **{"−": "-", "–": "-", "—": "-", "‑": "-", "×": "x", "…": "...", "≥": ">=", "≤": "<="},
    **{"‘": "'", "’": "'", "“": '"', "”": '"', "£": "GBP ", "\u202f": " ", "\u2009": " "},
}
"""What stands for a sign that an old console cannot show. A minus that became "?" would be another
number."""

STOP_SIGNALS = ("SIGTERM", "SIGHUP", "SIGBREAK")
"""Signals that end a run as the interrupt of a terminal does; each system has some of them: a batch
queue or a container ends, a terminal is closed, a window of Windows is closed."""


def _in_ascii(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    return "".join(map(_plain, fault.object[fault.start : fault.end])), fault.end


def _plain(sign: str) -> str:
    known = _IN_ASCII.get(sign)
    if known is not None:
        return known
    return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode() or "?"


codecs.register_error("in_ascii", _in_ascii)


def show_what_can_be_shown() -> None:
    """Have the signs that a console or a file's encoding does not know replaced.

    Windows writes redirected output in cp1252, and an old console in cp850: neither has a minus
    sign. Under pythonw there is no stream at all; what is printed goes to nowhere.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        with suppress(AttributeError):  # a stream of somebody else's making
            getattr(sys, name).reconfigure(errors="in_ascii")


def say(text: object, *, err: bool = False) -> None:
    """Print a line. Where nobody reads any more, it is no fault of the run.

    Parameters
    ----------
    text : object
        What ``str`` gives is printed; what a terminal would act on is written as its number.
    err : bool
        Print beside the results, on standard error; that it cannot be printed is no fault at all.
    """
    try:
        typer.echo("\n".join(map(shown, str(text).split("\n"))), err=err)
    except BrokenPipeError:  # as in "ehc-sim run | head -3"
        _read_no_more(sys.stderr if err else sys.stdout)
    except OSError:
        if not err:
            raise
        _read_no_more(sys.stderr)  # the terminal is gone


def _read_no_more(stream: TextIO) -> None:
    """Send what is printed from now on to nowhere, so that Python can end without a fault."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let every signal that asks a program to end do as the interrupt does: keep, say, and stop."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    known = [signal.Signals[name] for name in STOP_SIGNALS if name in signal.Signals.__members__]
    # What whoever started the program has it ignore, as "nohup" does, it ignores.
    taken = {one: signal.signal(one, _stop) for one in known if _is_open(one)}
    try:
        yield
    finally:
        for one, before in taken.items():
            signal.signal(one, before)


def _is_open(one: signal.Signals) -> bool:
    return signal.getsignal(one) is signal.SIG_DFL


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


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
