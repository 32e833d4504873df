"""What is left of waits and of work that have lasted for some time already.

A wait that has lasted e days is drawn from its distribution given that it lasts longer: by the
inverse of the distribution function above e, at the case's own uniform number.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr, ndtri_exp

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS, CountedIn, Timeline, working_days
from ehc_sim.journey.sampling import MINUTES_AN_HOUR, SIX_WEEKS, Floats, Ints, days_of, minutes_of
from ehc_sim.scenario.part import Effort, Wait
from ehc_sim.scenario.schema import AdviceGiver


def score_above(mean: float, spread: float, least: Floats, u: Floats) -> Floats:
    """Return the normal scores of lognormal values that are above a bound.

    Parameters
    ----------
    mean, spread : float
        Mean of the distribution, and standard deviation divided by it.
    least : ndarray of float64, shape (n,)
        Lower bounds; minus infinity for none.
    u : ndarray of float64, shape (n,)
        Uniform numbers in (0, 1): the place of each value within what lies above its bound.
    """
    lowest = _score(mean, spread, least)
    if lowest is None:
        return np.zeros(len(u))
    return np.asarray(-ndtri_exp(np.log1p(-u) + log_ndtr(-lowest)))


def share_above(mean: float, spread: float, least: Floats) -> Floats:
    """Return the share of a lognormal distribution that is above each bound."""
    lowest = _score(mean, spread, least)
    if lowest is None:
        return np.asarray(mean > least, dtype=np.float64)
    return np.asarray(ndtr(-lowest))


def _score(mean: float, spread: float, least: Floats) -> Floats | None:
    """Return the normal scores of values of a lognormal distribution, None where it is a point."""
    if mean == 0 or spread == 0:
        return None
    variance = np.log1p(spread**2)
    scores = np.full(len(least), -np.inf)
    above = least > 0
    scores[above] = (np.log(least[above] / mean) + variance / 2) / np.sqrt(variance)
    return scores


def days_left(wait: Wait, elapsed: Ints, u: Floats) -> Ints:
    """Return whole days, 1 or more, that are left of waits.

    Parameters
    ----------
    wait : Wait
        The wait, with certain numbers.
    elapsed : ndarray of int64, shape (n,)
        Days of the wait's own kind that have passed.
    u : ndarray of float64, shape (n,)
        Uniform number of each case.
    """
    days = days_of(wait, _score_of_days(wait, elapsed + 1, u))
    return np.asarray(np.maximum(days - elapsed, 1))


def turnaround_left(giver: AdviceGiver, elapsed: Ints, u: Floats) -> Ints:
    """Return whole days, 1 or more, that are left of an advice provider's turnaround.

    Late days are cut short as for other cases.

    Parameters
    ----------
    giver : AdviceGiver
        An advice provider with a turnaround.
    elapsed, u
        As for ``days_left``.
    """
    assert giver.turnaround is not None
    least = _uncut(giver, elapsed + 1)
    score = _score_of_days(giver.turnaround, least, u)
    return np.asarray(np.maximum(_chased(giver, score) - elapsed, 1))


def still_out(giver: AdviceGiver, elapsed: Ints) -> Floats:
    """Return the share of an advice provider's turnarounds that last longer than so many days.

    It is 1 for a team, of whose queue before the run nothing is known.
    """
    if giver.turnaround is None:
        return np.ones(len(elapsed))
    return _share_of_days(giver.turnaround, _uncut(giver, elapsed + 1))


def lasting(wait: Wait, days: Ints) -> Floats:
    """Return the share of waits that last so many whole days or more."""
    return _share_of_days(wait, days)


def minutes_left(effort: Effort, done: Ints, u: Floats) -> Ints:
    """Return minutes, 1 or more, that are left of work.

    Parameters
    ----------
    effort : Effort
        The work, with certain numbers.
    done : ndarray of int64, shape (n,)
        Minutes already worked.
    u : ndarray of float64, shape (n,)
        Uniform number of each case.
    """
    least = np.where(done > 0, (done + 0.5) / MINUTES_AN_HOUR, -np.inf)
    score = score_above(float(effort.mean_hours), float(effort.spread), least, u)
    return np.asarray(np.maximum(minutes_of(effort, score) - done, 1))


def _chased(giver: AdviceGiver, z: Floats) -> Ints:
    """Return a turnaround's days; of those beyond six weeks a share remains when it is chased."""
    assert giver.turnaround is not None
    days = days_of(giver.turnaround, z)
    in_time = SIX_WEEKS[giver.turnaround.counted_in]
    late = np.maximum(days - in_time, 0) * float(giver.late_days_kept)
    return np.asarray(np.minimum(days, in_time) + np.rint(late).astype(np.int64))


def _uncut(giver: AdviceGiver, days: Ints) -> Ints:
    """Return the fewest days of a turnaround that come to so many after late days are cut short."""
    assert giver.turnaround is not None
    in_time, kept = SIX_WEEKS[giver.turnaround.counted_in], float(giver.late_days_kept)
    if kept == 0:
        return np.where(days > in_time, np.int64(2**31), days)
    late = np.ceil((days - in_time - 0.5) / kept).astype(np.int64)
    return np.where(days > in_time, in_time + late, days)


def _least(wait: Wait, days: Ints) -> Floats:
    """Return what the lognormal part of a wait must exceed for it to last so many whole days."""
    return np.where(days > 1, days - 0.5 - float(wait.at_least_days), -np.inf)


def _score_of_days(wait: Wait, days: Ints, u: Floats) -> Floats:
    mean, spread = float(wait.mean_days), float(wait.spread)
    return score_above(mean, spread, _least(wait, days), u)


def _share_of_days(wait: Wait, days: Ints) -> Floats:
    return share_above(float(wait.mean_days), float(wait.spread), _least(wait, days))


class Past:
    """Days before a run and in it, counted in each kind.

    Parameters
    ----------
    timeline : Timeline
        Calendar of the run.
    first : datetime64[D]
        The first day before the run that is asked for.
    """

    def __init__(self, timeline: Timeline, first: np.datetime64) -> None:
        start = timeline.days[0]
        self._first = first
        self._start = int((start - first).astype(np.int64))
        self._end = len(timeline.days)
        days = np.arange(first, timeline.days[-1] + 1)
        self._counts: dict[CountedIn, NDArray[np.bool_]] = {
            "calendar": np.ones(len(days), dtype=np.bool_),
            "working": working_days(days),
            "school": timeline.terms.is_open(days),
        }

    def elapsed(self, since: NDArray[np.datetime64], counted_in: CountedIn) -> Ints:
        """Return the days of a kind after each date, up to the day before the run."""
        so_far = np.cumsum(self._counts[counted_in][: self._start])
        place = (since - self._first).astype(np.int64)
        return np.asarray(so_far[-1] - so_far[place], dtype=np.int64)

    def after(
        self, since: NDArray[np.datetime64], days: Ints, counted_in: CountedIn
    ) -> NDArray[np.datetime64]:
        """Return the date so many days of a kind after each date, inside what is known."""
        counted = np.flatnonzero(self._counts[counted_in])
        place = np.searchsorted(counted, (since - self._first).astype(np.int64), side="right")
        last = counted[np.minimum(place + days - 1, len(counted) - 1)]
        return np.asarray(np.where(days > 0, self._first + last, since))

    def minutes_until(self, days: Ints, counted_in: CountedIn) -> Ints:
        """Return the minute of the run at which waits end that have so many days left.

        It is 09:00 of the last of them, the first being the first that counts in the run. A wait
        with no end on the timeline ends after its last minute.
        """
        counted = np.flatnonzero(self._counts[counted_in][self._start :])
        known = np.minimum(days - 1, len(counted) - 1)
        last = np.where(days <= len(counted), counted[known], self._end + days)
        return np.asarray(last * MINUTES_A_DAY + WORK_STARTS, dtype=np.int64)
