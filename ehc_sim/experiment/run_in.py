"""One replication of several scenarios, of which the years before they part are run once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, fields
from typing import NamedTuple, TypeVar

import numpy as np

from ehc_sim.engines.choose import run_with
from ehc_sim.engines.compiled.states import StoppingRun, run_on
from ehc_sim.experiment.replication import Drawn, Replication, Replicator
from ehc_sim.journey.prepare import Prepared
from ehc_sim.network.draw import Draw
from ehc_sim.network.log import Log
from ehc_sim.network.network import Network, TeamPlan
from ehc_sim.network.parting import Parting, parting
from ehc_sim.network.quantities import Quantity

OTHER_MODEL = "the model that runs it"
TIES = "two events of a case at one minute, of which it is not known which comes first"


@dataclass(frozen=True)
class RunIn:
    """Which options went on from a shared run-in.

    Attributes
    ----------
    options : int
        How many others were run.
    whole : mapping of str to mapping of str to int
        For each option that was run from the start in some replications, why, and in how many.
    """

    options: int
    whole: Mapping[str, Mapping[str, int]]

    def __str__(self) -> str:
        went_on = self.options - len(self.whole)
        options = "option" if self.options == 1 else "options"
        told = f"{went_on} of {self.options} {options} went on from a run-in that they share"
        if not self.whole:
            return f"{told}."
        from_start = [f"“{name}” ({'; '.join(why)})" for name, why in self.whole.items()]
        shown, more = from_start[:MOST_NAMED], len(from_start) - MOST_NAMED
        rest = f", and {more} more" if more > 0 else ""
        return f"{told}; run from the start, for what differs: {', '.join(shown)}{rest}."


MOST_NAMED = 3
"""Most options of which it is said why they were run from the start."""


class Run(NamedTuple):
    """A replication of one of the scenarios.

    Attributes
    ----------
    place : int
        Place of the scenario.
    replication : Replication
        What happened.
    whole : str or None
        Why the run did not go on from the shared years; None where it did, or is the one that the
        others go on from.
    """

    place: int
    replication: Replication
    whole: str | None


Part = TypeVar("Part")


def sharing(one: Part, other: Part) -> Part:
    """Return what is drawn for a replication, with the other's arrays wherever they are equal.

    The draws of many scenarios are held at once, and most of what they say is the same.

    Parameters
    ----------
    one, other
        Draws, or parts of them; neither is changed.
    """
    if one is other or type(one) is not type(other):
        return one
    if isinstance(one, np.ndarray):
        return other if np.array_equal(one, other) else one  # type: ignore[arg-type]
    if isinstance(one, dict):
        assert isinstance(other, dict)
        known = {name: sharing(part, other.get(name)) for name, part in one.items()}
        return known  # type: ignore[return-value]
    if isinstance(one, _WITH_ARRAYS):
        shared = copy(one)
        for part in fields(one):
            of_both = sharing(getattr(one, part.name), getattr(other, part.name))
            object.__setattr__(shared, part.name, of_both)
        return shared
    return one


_WITH_ARRAYS = (Drawn, Prepared, Draw, Network, TeamPlan, Quantity)


def in_step(
    of_run_in: Replicator,
    run_in: Drawn,
    replicators: Sequence[Replicator],
    drawn: list[Drawn],
    only: Collection[str] | None = None,
) -> Iterator[Run]:
    """Run a replication of several scenarios; each goes on from the run-in of one of them.

    Every log is the one of a run from the start.

    Parameters
    ----------
    of_run_in, run_in : Replicator, Drawn
        Scenario whose run the others go on from, and its replication.
    replicators, drawn : sequence of Replicator, list of Drawn
        The scenarios that are wanted, and their replications; that of the run-in may be among them.
        The list is emptied: one draw after the other is given back.
    only : collection of str, optional
        Tables for which the logs are wanted, which then tell of no more; all by default.

    Yields
    ------
    Run
        One of each scenario, in the order in which they part from the run-in.
    """
    partings = [
        parting_of(of_run_in, run_in, replicator, one)
        for replicator, one in zip(replicators, drawn, strict=True)
    ]
    places = sorted(range(len(drawn)), key=lambda place: partings[place].minute)
    left = dict(enumerate(drawn))
    drawn.clear()
    shared: StoppingRun | None = None
    for place in places:
        one, parts = left.pop(place), partings[place]
        network, draw = one.prepared.network, one.prepared.draw
        log: Log | None = None
        whole: str | None = parts.why
        if one is run_in:
            whole = None
            log = shared.end() if shared else None
        elif parts.minute > 0:
            shared = shared or StoppingRun(
                run_in.prepared.network, run_in.prepared.draw, of_run_in.noted(only)
            )
            if state := shared.before(parts.minute):
                log = run_on(state, network, draw, parts)
                whole = TIES if log is None else None
        if log is None:
            noted = replicators[place].noted(only)
            log = run_with(replicators[place].engine, network, draw, noted)
        replication = Replication(one.number, one.prepared, one.periods, log)
        del one, log
        yield Run(place, replication, whole)


def parting_of(
    of_run_in: Replicator, run_in: Drawn, replicator: Replicator, drawn: Drawn
) -> Parting:
    """Return where a replication of a scenario parts from that of another."""
    if {of_run_in.engine, replicator.engine} != {"compiled"}:
        return Parting(0, OTHER_MODEL)
    ours, theirs = run_in.prepared, drawn.prepared
    return parting((ours.network, ours.draw), (theirs.network, theirs.draw))
