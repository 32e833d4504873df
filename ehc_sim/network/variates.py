"""Days, minutes and options that chance decides, made in compiled code when a case needs them.

A *sampler* says how a quantity of a case comes about: trials that are looked at one after the
other, each with its own random number, and a distribution for the cases that none of them settled.
Its numbers stand in memory, as all that the event loop reads; the records are below. The same
functions make one value within a run and all values at once for the SimPy model, which are
therefore equal.
"""

from math import exp, floor, log, sqrt

import numpy as np
from numpy.typing import NDArray

from ehc_sim.jit.decorators import entry, inline
from ehc_sim.jit.machine import columns, memory_at, record_of, view
from ehc_sim.rng.philox import uniform_at
from ehc_sim.rng.streams import CASES_A_PAGE

Ints = NDArray[np.int64]
Triple = tuple[float, float, float]
Pair = tuple[float, float]

SAMPLER = record_of(
    "trials first_trial otherwise shape keys "
    "mean sigma half_variance at_least kept units of_whole in_time late_kept",
    fractions="mean sigma half_variance at_least kept units of_whole in_time late_kept",
)
TRIAL = record_of(
    "keys shares by_profile outcome keys_of_help helped shares_if_helped", fractions="helped"
)
"""A trial of a sampler. Its shares are one for all cases, or one for each profile."""
SHARE = record_of("share", fractions="share")

SAMPLER_COLUMNS, TRIAL_COLUMNS = columns(SAMPLER), columns(TRIAL)
sampler_at, trial_at, share_at = map(view, (SAMPLER, TRIAL, SHARE))

LOGNORMAL, GEOMETRIC, UNIFORM = 1, 2, 3
"""Shapes of a distribution. ``mean`` of a geometric one is the log of its probability; of a uniform
one how many values there are, from ``at_least`` on."""

BY_DISTRIBUTION = -1
"""Outcome of a trial, or of all else, where the distribution decides."""

MOST = 1 << 40
"""Largest value of a case, far beyond any run: as days it still fits into minutes of 64 bits."""


@inline
def variate(m: Ints, sampler: int, number: int, group: int, profile: int) -> int:
    """Return what a sampler gives a case.

    Parameters
    ----------
    m : pointer to int64
        Memory.
    sampler : int
        Place of the sampler's columns.
    number, group : int
        Number of the case in its streams, and which key of each stream is that of its group.
    profile : int
        Which of the shares by profile are those of the case.
    """
    outcome = sampler_at(m, sampler).otherwise
    trial = sampler_at(m, sampler).first_trial
    end = trial + sampler_at(m, sampler).trials * TRIAL_COLUMNS
    while trial < end:
        if _hits(m, trial, number, group, profile):
            outcome = trial_at(m, trial).outcome
            break
        trial += TRIAL_COLUMNS
    if outcome != BY_DISTRIBUTION:
        return outcome
    u = _uniform(m, sampler_at(m, sampler).keys, number, group)
    if sampler_at(m, sampler).shape == GEOMETRIC:
        return _whole(floor(log(u) / sampler_at(m, sampler).mean))
    if sampler_at(m, sampler).shape == UNIFORM:
        return _whole(sampler_at(m, sampler).at_least + floor(sampler_at(m, sampler).mean * u))
    return _lognormal(m, sampler, u)


@inline
def _hits(m: Ints, trial: int, number: int, group: int, profile: int) -> bool:
    shares = trial_at(m, trial).shares
    helping = trial_at(m, trial).keys_of_help
    if helping >= 0 and _uniform(m, helping, number, group) < trial_at(m, trial).helped:
        shares = trial_at(m, trial).shares_if_helped
    share = share_at(m, shares + trial_at(m, trial).by_profile * profile).share
    if share >= 1:
        return True
    return share > 0 and _uniform(m, trial_at(m, trial).keys, number, group) < share


@inline
def _uniform(m: Ints, keys: int, number: int, group: int) -> float:
    key = keys + 2 * group
    return uniform_at(np.uint64(m[key]), np.uint64(m[key + 1]), number, CASES_A_PAGE)


@inline
def _lognormal(m: Ints, sampler: int, u: float) -> int:
    """Return a whole number of days or minutes, at least 1."""
    score = normal_score(u)
    drawn = exp(sampler_at(m, sampler).sigma * score - sampler_at(m, sampler).half_variance)
    kept = sampler_at(m, sampler).mean * drawn * sampler_at(m, sampler).kept
    value = max(np.rint(sampler_at(m, sampler).at_least + kept * sampler_at(m, sampler).units), 1.0)
    in_time = sampler_at(m, sampler).in_time
    if value > in_time:
        value = in_time + np.rint((value - in_time) * sampler_at(m, sampler).late_kept)
    return _whole(np.rint(value * sampler_at(m, sampler).of_whole))


@inline
def _whole(value: float) -> int:
    """Return a whole number that compiled code can hold; what is no number is the largest."""
    return np.int64(value) if value < MOST else np.int64(MOST)


@inline
def normal_score(u: float) -> float:
    """Return the quantile of the standard normal distribution.

    Algorithm AS 241, PPND16: Wichura 1988, "The percentage points of the normal distribution",
    Applied Statistics 37(3), 477-484; within one part in ten to the sixteenth.
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        above = _polynomial(
            r,
            (3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3),
            (1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4),
            (3.3430575583588128105e4, 2.5090809287301226727e3),
        )
        below = _polynomial(
            r,
            (1.0, 4.2313330701600911252e1, 6.8718700749205790830e2),
            (5.3941960214247511077e3, 2.1213794301586595867e4, 3.9307895800092710610e4),
            (2.8729085735721942674e4, 5.2264952788528545610e3),
        )
        return q * above / below
    r = sqrt(-log(u if q < 0 else 1.0 - u))
    score = _near_tail(r - 1.6) if r <= 5.0 else _far_tail(r - 5.0)
    return -score if q < 0 else score


@inline
def _near_tail(r: float) -> float:
    above = _polynomial(
        r,
        (1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0),
        (3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1),
        (2.27238449892691845833e-2, 7.74545014278341407640e-4),
    )
    below = _polynomial(
        r,
        (1.0, 2.05319162663775882187e0, 1.67638483018380384940e0),
        (6.89767334985100004550e-1, 1.48103976427480074590e-1, 1.51986665636164571966e-2),
        (5.47593808499534494600e-4, 1.05075007164441684324e-9),
    )
    return above / below


@inline
def _far_tail(r: float) -> float:
    above = _polynomial(
        r,
        (6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0),
        (2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3),
        (2.71155556874348757815e-5, 2.01033439929228813265e-7),
    )
    below = _polynomial(
        r,
        (1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1),
        (1.48753612908506148525e-2, 7.86869131145613259100e-4, 1.84631831751005468180e-5),
        (1.42151175831644588870e-7, 2.04426310338993978564e-15),
    )
    return above / below


@inline
def _polynomial(r: float, low: Triple, middle: Triple, high: Pair) -> float:
    """Return a polynomial of the seventh degree, of which the parts are summed side by side."""
    square = r * r
    first = (low[0] + low[1] * r) + (low[2] + middle[0] * r) * square
    second = (middle[1] + middle[2] * r) + (high[0] + high[1] * r) * square
    return first + second * (square * square)


@entry
def sample(
    memory: Ints, samplers: int, periods: int, numbers: Ints, groups: Ints, profiles: Ints
) -> Ints:
    """Return what samplers give cases.

    Parameters
    ----------
    memory : ndarray of int64
        Memory with the samplers, their trials and keys.
    samplers, periods : int
        Place of the samplers, and how many: one for each period.
    numbers, groups, profiles : ndarray of int64, shape (cases,)
        As for ``variate``.

    Returns
    -------
    ndarray of int64, shape (periods, cases)
    """
    m = memory_at(memory.ctypes.data)
    values = np.empty((periods, len(numbers)), np.int64)
    for period in range(periods):
        sampler = samplers + period * SAMPLER_COLUMNS
        for case in range(len(numbers)):
            values[period, case] = variate(m, sampler, numbers[case], groups[case], profiles[case])
    return values
