"""What chance decides about a case: trials, and distributions of days, minutes and repeats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import log, log1p, sqrt
from struct import pack, unpack

import numpy as np
from numpy.typing import NDArray

from ehc_sim.network import variates

Shares = NDArray[np.float64] | float


@dataclass(frozen=True, eq=False)
class Modifier:
    """Something that some cases have and that changes their share.

    Attributes
    ----------
    stream : str
        Name of the random numbers that decide who has it.
    share : float
        Share of the cases that have it.
    shares : ndarray of float64 or float
        What stands in place of the share of the trial for them.
    """

    stream: str
    share: float
    shares: Shares


@dataclass(frozen=True, eq=False)
class Trial:
    """What happens to a case whose own number is below a share: a higher share adds cases.

    Attributes
    ----------
    stream : str
        Name of the random numbers.
    share : ndarray of float64, shape (profiles,), or float
        Share of the cases, by profile or for all.
    outcome : int or None
        Value of these cases, 0 or more; None where the distribution decides.
    help : Modifier, optional
        Something that changes the share of some cases.
    """

    stream: str
    share: Shares
    outcome: int | None = 1
    help: Modifier | None = None


@dataclass(frozen=True)
class Lognormal:
    """Whole days or minutes, at least 1, around a lognormal number.

    Attributes
    ----------
    stream : str
        Name of the random numbers.
    mean, cv : float
        Mean and coefficient of variation of the lognormal part.
    at_least : float
        What is added to it.
    kept : float
        Share of the lognormal part that is left.
    units : float
        What one of the mean is in days or minutes: 60 for minutes from hours.
    in_time, late_kept : float
        Of what is above the first, only this share is kept, in whole numbers.
    of_whole : float
        Share of the whole number that is wanted, rounded again; the only part that may be 0.
    """

    stream: str
    mean: float
    cv: float
    at_least: float = 0.0
    kept: float = 1.0
    units: float = 1.0
    in_time: float = float("inf")
    late_kept: float = 1.0
    of_whole: float = 1.0


@dataclass(frozen=True)
class Geometric:
    """How often a case goes back when every time it does so with the same probability.

    P(n or more) = probability**n, so that a higher one sends the same cases back as often
    or oftener.

    Attributes
    ----------
    stream : str
        Name of the random numbers.
    probability : float
        Probability to go back, above 0 and below 1.
    """

    stream: str
    probability: float


@dataclass(frozen=True)
class Uniform:
    """Whole numbers of which each is as likely.

    Attributes
    ----------
    stream : str
        Name of the random numbers.
    low, high : int
        The first and the last of them, 0 or more.
    """

    stream: str
    low: int
    high: int


Distribution = Lognormal | Geometric | Uniform


@dataclass(frozen=True, eq=False)
class Sampler:
    """How a quantity of a case comes about.

    Attributes
    ----------
    otherwise : int or Distribution
        Value of the cases that no trial settles.
    trials : tuple of Trial
        Looked at in turn; the first that happens settles the case.
    distribution : Distribution, optional
        Distribution of the cases that a trial without an outcome settles, where it is not that of
        all others.
    """

    otherwise: int | Distribution
    trials: tuple[Trial, ...] = ()
    distribution: Distribution | None = field(default=None)

    @property
    def drawn_from(self) -> Distribution | None:
        """The distribution, where there is one."""
        return self.distribution if isinstance(self.otherwise, int) else self.otherwise

    def streams(self) -> list[str]:
        """Return the names of its random numbers."""
        names = [trial.stream for trial in self.trials]
        names += [trial.help.stream for trial in self.trials if trial.help]
        return names + ([self.drawn_from.stream] if self.drawn_from else [])

    def same_as(self, other: Sampler) -> bool:
        """Return whether another sampler gives every case the same."""
        if (self.otherwise, self.distribution) != (other.otherwise, other.distribution):
            return False
        if len(self.trials) != len(other.trials):
            return False
        return all(map(_alike, self.trials, other.trials))


def _alike(one: Trial, other: Trial) -> bool:
    if (one.stream, one.outcome) != (other.stream, other.outcome):
        return False
    if not _equal(one.share, other.share):
        return False
    if one.help is None or other.help is None:
        return one.help is other.help
    return (one.help.stream, one.help.share) == (other.help.stream, other.help.share) and _equal(
        one.help.shares, other.help.shares
    )


def _equal(one: Shares, other: Shares) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return one == other
    return np.array_equal(one, other)


Add = Callable[[list[int]], int]
"""Adds numbers to a memory and returns their place."""


def packed(sampler: Sampler, keys: Callable[[str], int], add: Add) -> list[int]:
    """Return the columns of a sampler, as ``variates`` reads them.

    Parameters
    ----------
    sampler : Sampler
        The sampler.
    keys : callable
        Gives the place in memory of the keys of a stream.
    add : callable
        Adds the trials and their shares to the memory.
    """
    _check(sampler)
    row = np.zeros(1, variates.SAMPLER)
    row["trials"] = len(sampler.trials)
    if sampler.trials:
        trials = [_trial(one, keys, add) for one in sampler.trials]
        row["first_trial"] = add([number for trial in trials for number in trial])
    value = sampler.otherwise if isinstance(sampler.otherwise, int) else variates.BY_DISTRIBUTION
    row["otherwise"] = value
    match sampler.drawn_from:
        case Geometric() as geometric:
            row["shape"] = variates.GEOMETRIC
            row["keys"] = keys(geometric.stream)
            row["mean"] = log(geometric.probability)
        case Uniform() as uniform:
            row["shape"] = variates.UNIFORM
            row["keys"] = keys(uniform.stream)
            row["at_least"], row["mean"] = uniform.low, uniform.high - uniform.low + 1
        case Lognormal() as one:
            variance = log1p(one.cv**2)
            row["shape"] = variates.LOGNORMAL
            row["keys"] = keys(one.stream)
            row["sigma"], row["half_variance"] = sqrt(variance), variance / 2
            for name in ("mean", "at_least", "kept", "units", "of_whole", "in_time", "late_kept"):
                row[name] = getattr(one, name)
    return row.view(np.int64).tolist()


def _check(sampler: Sampler) -> None:
    """Raise ``ValueError`` for numbers of which compiled code would make no value that it holds."""
    given = sampler.drawn_from
    if isinstance(given, Geometric):
        if not 0 < given.probability < 1:
            raise ValueError(
                f"{given.stream!r}: probability {given.probability}, allowed is between 0 and 1"
            )
    elif isinstance(given, Uniform):
        if not 0 <= given.low <= given.high <= variates.MOST:
            found = f"{given.stream!r}: found {given.low} to {given.high}"
            raise ValueError(f"{found}, allowed is 0 to {variates.MOST}, rising")
    elif given is not None:
        numbers = (given.mean, given.cv, given.at_least, given.kept, given.units)
        for number in (*numbers, given.late_kept, given.of_whole):
            if not 0 <= number <= variates.MOST:
                found = f"{given.stream!r}: found {number}"
                raise ValueError(f"{found}, allowed is 0 to {variates.MOST}")


def _trial(trial: Trial, keys: Callable[[str], int], add: Add) -> tuple[int, ...]:
    help_ = trial.help
    shares, if_helped = trial.share, 0.0 if help_ is None else help_.shares
    by_profile = isinstance(shares, np.ndarray) or isinstance(if_helped, np.ndarray)
    if by_profile:
        shares, if_helped = np.broadcast_arrays(shares, if_helped)
    outcome = variates.BY_DISTRIBUTION if trial.outcome is None else trial.outcome
    row = (keys(trial.stream), add(_bits(*np.atleast_1d(shares))), int(by_profile), outcome)
    if help_ is None:
        return *row, -1, 0, 0
    (share,) = _bits(help_.share)
    return *row, keys(help_.stream), share, add(_bits(*np.atleast_1d(if_helped)))


def _bits(*numbers: float) -> list[int]:
    """Return floating-point numbers as they stand in memory."""
    return list(unpack(f"<{len(numbers)}q", pack(f"<{len(numbers)}d", *numbers)))
