"""Profiles of requests: what the shares of a request may depend on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ehc_sim.journey.requests import RequestCases
from ehc_sim.journey.sampling import OLDEST, Ints
from ehc_sim.scenario.schema import Requests

_ASKING = 2  # whether a request may be made again


@dataclass(frozen=True, eq=False)
class Profiles:
    """Every combination of source, need, age, and whether a request may be made again.

    Attributes
    ----------
    source, need, age, may_ask : ndarray of int64, shape (profiles,)
        What each profile stands for.
    """

    source: Ints
    need: Ints
    age: Ints
    may_ask: Ints

    @classmethod
    def of(cls, requests: Requests) -> Profiles:
        """Return the profiles of a scenario's requests."""
        return _every(len(requests.sources), len(requests.needs))


@lru_cache(maxsize=8)
def _every(sources: int, needs: int) -> Profiles:
    parts = np.indices((sources, needs, OLDEST + 1, _ASKING))
    return Profiles(*(part.ravel() for part in parts))


def profiles_of(cases: RequestCases, requests: Requests) -> Ints:
    """Return the number of each request's profile, shape (requests,)."""
    who = cases.attributes
    may_ask = cases.again != np.arange(len(cases.again))
    number = who.source * len(requests.needs) + who.need
    return np.asarray((number * (OLDEST + 1) + who.age) * _ASKING + may_ask, dtype=np.int64)
