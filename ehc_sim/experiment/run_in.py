"""One replication of several scenarios, of which the years before they part are run once."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ehc_sim.engines.choose import run_with
from ehc_sim.engines.compiled.states import StoppingRun, run_on
from ehc_sim.experiment.replication import Drawn, Replication, Replicator
from ehc_sim.network.log import Log
from ehc_sim.network.parting import Parting, parting

OTHER_MODEL = "the model that runs it"
TIES = "two events of a case at one minute, of which it is not known which comes first"


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


def in_step(
    of_run_in: Replicator, run_in: Drawn, replicators: Sequence[Replicator], drawn: list[Drawn]
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

    Yields
    ------
    Run
        One of each scenario, in the order in which they part from the run-in.
    """
    partings = [
        _parting(of_run_in, run_in, replicator, one)
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
            shared = shared or StoppingRun(run_in.prepared.network, run_in.prepared.draw)
            if state := shared.before(parts.minute):
                log = run_on(state, network, draw, parts)
                whole = TIES if log is None else None
        if log is None:
            log = run_with(replicators[place].engine, network, draw)
        replication = Replication(one.number, one.prepared, one.periods, log)
        del one, log
        yield Run(place, replication, whole)


def _parting(of_run_in: Replicator, run_in: Drawn, replicator: Replicator, drawn: Drawn) -> Parting:
    if {of_run_in.engine, replicator.engine} != {"compiled"}:
        return Parting(0, OTHER_MODEL)
    ours, theirs = run_in.prepared, drawn.prepared
    return parting((ours.network, ours.draw), (theirs.network, theirs.draw))
