"""The stock of plans by age, year by year: what must move in and end so that DfE's totals come out.

DfE's stocks do not add up from year to year, and a share of plans that end depends on how old they
are. So the stock is carried from the first year to the last by age: in each year as many end as DfE
has, and as many move in, the same each year, as the last stock needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
OLDEST = 25
LEAST_IN, MOST_IN = 0.0, 0.08
"""Plans that move in in a year, as parts of the last stock."""
MOST_ENDING = 0.9
STEPS = 30


@dataclass(frozen=True, eq=False)
class Flows:
    """What is known of a stock of plans.

    Attributes
    ----------
    start : ndarray, shape (26,)
        Plans by age on 1 January of the first year.
    first, last : int
        First year, and last, at the end of which the stock is known.
    stock : float
        Plans in place then.
    new : mapping of int to float
        Plans issued by year.
    new_ages : ndarray, shape (26,)
        Their shares by age.
    ended : mapping of int to float
        Plans that ended by year otherwise than by a move.
    by_age : ndarray, shape (26,)
        What multiplies the share that ends.
    away, at_review : float
        Shares of plans a year that move away, and that end at a review.
    """

    start: Floats
    first: int
    last: int
    stock: float
    new: Mapping[int, float]
    new_ages: Floats
    ended: Mapping[int, float]
    by_age: Floats
    away: float
    at_review: float


def balanced(flows: Flows) -> tuple[float, dict[int, float]]:
    """Return the plans that move in a year, and the share that ends by year where it is known.

    Before the first year that is known the share is that year's, and after one it goes on.
    """
    low, high = LEAST_IN * flows.stock, MOST_IN * flows.stock
    first = min(flows.ended, default=flows.first)
    shares = {first: 0.0}
    for _ in range(STEPS):
        moved_in = (low + high) / 2
        stock, shares = _carried(flows, moved_in, shares[first])
        low, high = (moved_in, high) if stock < flows.stock else (low, moved_in)
    return moved_in, shares if flows.ended else {}


def _carried(flows: Flows, moved_in: float, before: float) -> tuple[float, dict[int, float]]:
    """Return the last stock and the share that ends by year, with so many moving in."""
    stock, shares, share = flows.start, dict[int, float](), before
    for year in range(flows.first, flows.last + 1):
        if year in flows.ended:
            others = flows.at_review * stock.sum() + stock[OLDEST]
            wanted = max(flows.ended[year] - others, 0.0)
            share = shares[year] = min(wanted / max(stock @ flows.by_age, 1e-9), MOST_ENDING)
        ending = np.minimum(share * flows.by_age + flows.at_review, MOST_ENDING)
        left = stock * (1 - ending) * (1 - flows.away)
        new = flows.new.get(year, 0.0) * flows.new_ages
        stock = np.append(0.0, left[:-1]) + new + moved_in * stock / max(stock.sum(), 1e-9)
    return float(stock.sum()), shares or {min(flows.ended, default=flows.first): 0.0}
