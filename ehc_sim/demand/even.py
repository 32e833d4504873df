"""Future requests drawn evenly, so that few replications stand for the whole forecast.

How many requests come decides more of what a service reaches than anything else that is uncertain.
So a replication does not take the next path of the forecast. A set of replications has many paths
to choose from, in the order of their total over the months that count, and each takes the one at
its own place (``ehc_sim.rng.even``): high, low and middling totals come in their due numbers from
the first replications on. A path by itself is as likely as any other, so what is found is the same;
it is found with fewer.

One order does. On Somerset's futures the total explained as much of the share on time, the waiting
and the cost as the totals of all years with their squares and products, and the total up to the end
of the target's window, or of the year before, more than that of any year or of the whole plan.
"""

from collections import OrderedDict
from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.exposure import Months
from ehc_sim.demand.fits import made_once
from ehc_sim.demand.member import Fitted
from ehc_sim.demand.paths import CountPaths
from ehc_sim.rng.even import places_of
from ehc_sim.rng.streams import Streams

REPLICATIONS_A_SET = 64
"""Replications that choose from the same paths, a power of 2: their places are one in each of so
many stretches."""
CANDIDATES = 1024
"""Paths that they choose from: 16 for each, of which no two choose the same. With more, a mean is
hardly surer: these leave it a sixteenth of what demand adds to the error of plain draws. They cost
2 milliseconds a replication, of some 110, and are made once for all scenarios of one demand."""

SETS_KEPT = 16

_kept: OrderedDict[tuple[object, ...], NDArray[np.int32]] = OrderedDict()


def chosen_from(replications: int) -> int:
    """Return how many paths those of the first so many replications were chosen from."""
    return CANDIDATES * -(-replications // REPLICATIONS_A_SET)


def even_paths(
    fitted: Fitted,
    content: tuple[object, ...],
    months: Months,
    seed: int,
    replications: Sequence[int],
    until: np.datetime64,
) -> CountPaths:
    """Return the paths of consecutive replications, drawn evenly.

    The path of a replication depends on the forecast, the seed and its own number only.

    Parameters
    ----------
    fitted : Fitted
        A method fitted to a record.
    content : tuple
        What tells it from others.
    months : ndarray of datetime64[M], shape (n_months,)
        Months wanted.
    seed : int
        Seed of the study.
    replications : sequence of int
        Their numbers, rising by one.
    until : datetime64[M]
        Last month of the total by which paths are put in order; all months where it is before them.
    """
    counts = np.empty((len(replications), len(months)), dtype=np.int64)
    sets = np.asarray(replications) // REPLICATIONS_A_SET
    ranks = (places_of(seed, replications) * CANDIDATES).astype(np.int64)
    for number in np.unique(sets).tolist():
        key = (*content, months.tobytes(), seed, str(until), number)
        make = partial(_in_order, fitted, months, seed, number, until)
        paths = made_once(_kept, SETS_KEPT, key, make)
        counts[sets == number] = paths[ranks[sets == number]]
    return CountPaths(months, counts, replications[0])


def _in_order(
    fitted: Fitted, months: Months, seed: int, number: int, until: np.datetime64
) -> NDArray[np.int32]:
    """Return the paths that a set of replications chooses from, fewest requests first."""
    first = number * CANDIDATES
    draws = [Streams(seed, path) for path in range(first, first + CANDIDATES)]
    counts = fitted.paths(months, draws).counts.astype(np.int32)
    counted = months <= until if until >= months[0] else np.ones(len(months), dtype=bool)
    return counts[np.argsort(counts[:, counted].sum(axis=1), kind="stable")]
