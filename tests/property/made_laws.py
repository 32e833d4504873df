"""Quantities whose values follow from the cases' own random numbers, in place of given ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ehc_sim.network import Draw, Quantity
from ehc_sim.network.case_keys import CaseKeys, Group
from ehc_sim.network.distributions import Geometric, Lognormal, Modifier, Sampler, Shares, Trial
from ehc_sim.network.quantities import Sampled
from ehc_sim.rng.streams import CASES_A_PAGE, Streams

PROFILES = 4
OUTCOMES = {"days": (0, 1, 2, 7), "minutes": (0, 1, 60, 240), "option": (0, 1), "times": (0, 1, 2)}
NOT_SAMPLED = ("days to next", "days of clock")
"""The case that follows the last of a plan must not come to be needed within the run."""


def with_laws(draw: Draw, rng: np.random.Generator) -> Draw:
    """Return a draw of which some quantities have laws in place of values."""
    cases = len(draw.arrived)
    first = int(rng.integers(cases + 1))
    groups = [
        Group("", rng.choice(2 * CASES_A_PAGE, first, replace=False)),
        Group("other: ", np.arange(cases - first)),
    ]
    streams = Streams(int(rng.integers(2**32)), 0)
    keys = CaseKeys.of(streams, groups, rng.integers(0, PROFILES, cases))
    quantities = {
        name: _sampled(name, quantity, keys, rng)
        if name.split()[0] in OUTCOMES and name not in NOT_SAMPLED and rng.random() < 0.5
        else quantity
        for name, quantity in draw.quantities.items()
    }
    return replace(draw, quantities=quantities, keys=keys)


def _sampled(name: str, given: Quantity, keys: CaseKeys, rng: np.random.Generator) -> Sampled:
    laws = [_law(name, rng) for _ in given.starts]
    made = Sampled.by_period(given.starts, laws, keys, given.cases)
    if given.variant is None:
        return made
    return replace(made, variant=_sampled(f"{name} again", given.variant, keys, rng))


def _law(name: str, rng: np.random.Generator) -> Sampler:
    kind = name.split()[0]
    outcomes = OUTCOMES[kind]
    if name.startswith("days of the agency"):  # an agency takes a day at least
        return Sampler(Lognormal(name, 3, 1.0))
    distribution: Lognormal | Geometric | None = None
    if kind == "days":
        late = float(rng.choice([1.0, 0.5]))
        distribution = Lognormal(name, 3, float(rng.choice([0, 1])), 1, in_time=5, late_kept=late)
    elif kind == "minutes":
        whole = float(rng.choice([1.0, 0.3]))
        distribution = Lognormal(name, 2, 0.8, kept=0.9, units=60, of_whole=whole)
    elif kind == "times":
        distribution = Geometric(name, 0.4)
    chances = tuple(
        Trial(
            f"{name} {number}",
            _shares(rng),
            None
            if distribution is not None and rng.random() < 0.3
            else int(outcomes[rng.integers(len(outcomes))]),
            _help(rng),
        )
        for number in range(rng.integers(0, 4))
    )
    if distribution is not None and rng.random() < 0.5:
        return Sampler(distribution, chances)
    return Sampler(int(outcomes[rng.integers(len(outcomes))]), chances, distribution)


def _help(rng: np.random.Generator) -> Modifier | None:
    if rng.random() < 0.6:
        return None
    return Modifier("help", float(rng.random()), _shares(rng))


def _shares(rng: np.random.Generator) -> Shares:
    shares = rng.choice([0.0, 0.2, 0.7, 1.0], PROFILES)
    return float(shares[0]) if rng.random() < 0.5 else shares
