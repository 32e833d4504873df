"""Compiled counting of what happened, by month, year and group.

Everything comes as an argument, since numba freezes globals.
"""

import numpy as np
from numpy.typing import NDArray

from ehc_sim.jit.decorators import entry

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@entry
def add_before(bounds: Ints, minutes: Ints, which: Bools, step: int, found: Ints) -> None:
    """Add a number for each minute that lies before each of some rising bounds.

    Parameters
    ----------
    bounds : ndarray of int64, shape (n,)
        At least one; each begins a day.
    minutes : ndarray of int64
        In any order.
    which : ndarray of bool, of the same shape
        Minutes that count.
    step : int
        What each minute adds.
    found : ndarray of int64, shape (n,)
        Changed in place.
    """
    count, low, high = len(bounds), bounds[0], bounds[-1]
    # The bounds up to the start of each day; of the day before the first and after the last too.
    start = low - 1440
    bounds_before = np.empty((high - start) // 1440 + 1, np.int64)
    day = 0
    for bound in range(count):
        first = (bounds[bound] - start) // 1440
        if first < day or start + 1440 * first != bounds[bound]:
            raise ValueError("bounds begin days, and rise")
        bounds_before[day:first] = bound
        day = first
    bounds_before[day] = count
    between = np.empty(count + 1, np.int64)
    between[:] = 0
    for place in range(len(minutes)):
        # Without branches, of which a processor would often guess the wrong one; unsigned numbers
        # are divided sooner.
        since = np.uint64(min(max(minutes[place], low - 1), high) - start)
        between[bounds_before[since // np.uint64(1440)]] += which[place]
    total = 0
    for bound in range(count):
        total += between[bound]
        found[bound] += step * total


@entry
def periods_of(minutes: Ints, period_of_day: Ints, found: Ints) -> None:
    """Find the period of each of some minutes; -1 for those outside of the run.

    Parameters
    ----------
    minutes : ndarray of int64, shape (n,)
    period_of_day : ndarray of int64, shape (days + 2,)
        Number of the period of each day of the run, between two of -1.
    found : ndarray of int64, shape (n,)
        Changed in place.
    """
    until = 1440 * (len(period_of_day) - 2)
    for place in range(len(minutes)):
        since = np.uint64(min(max(minutes[place], -1), until) + 1440)
        found[place] = period_of_day[since // np.uint64(1440)]


@entry
def add_up(
    period: Ints, which: Bools, weight: Floats, cells: Ints, apart: Ints, sums: Floats
) -> None:
    """Add up weights by period and group, in several groupings.

    Parameters
    ----------
    period : ndarray of int64, shape (cases,)
        Number of the period; cases of which it is below 0 are left out.
    which : ndarray of bool, shape (cases,)
        Cases that count.
    weight : ndarray of float64, shape (cases,)
        What each adds; 1 to count them.
    cells : ndarray of int64, shape (cases, groupings)
        Place in ``sums`` of each case's group in the first period.
    apart : ndarray of int64, shape (groupings,)
        Places from one period to the next.
    sums : ndarray of float64
        Changed in place.
    """
    groupings = len(apart)
    for case in range(len(period)):
        if which[case] and period[case] >= 0:
            for grouping in range(groupings):
                cell = cells[case, grouping] + period[case] * apart[grouping]
                sums[np.uint64(cell)] += weight[case]


@entry
def oldest_open(ends: Ints, started: Ints, ended: Ints, found: Ints) -> None:
    """Find the start of the oldest spell that is open just before each of some minutes.

    Parameters
    ----------
    ends : ndarray of int64, shape (n,)
        When to look, rising.
    started, ended : ndarray of int64, shape (spells,)
        First minute of each spell, and the first after it.
    found : ndarray of int64, shape (n,)
        Changed in place; holds ``ends`` at first, and still does where no spell is open.
    """
    for spell in range(len(started)):
        look, high = 0, len(ends)
        while look < high:
            middle = (look + high) // 2
            if ends[middle] <= started[spell]:
                look = middle + 1
            else:
                high = middle
        while look < len(ends) and ends[look] <= ended[spell]:
            found[look] = min(found[look], started[spell])
            look += 1


@entry
def count_outcomes(
    year: Ints, followed: Ints, begins: Ints, ends: Ints, look_of_day: Ints, found: Ints
) -> None:
    """Count the requests of each year by outcome so many days on.

    Parameters
    ----------
    year : ndarray of int64, shape (requests,)
        Year of each request, from 0; below 0 where it is in none.
    followed : ndarray of int64, shape (requests,)
        Days for which it was followed.
    begins, ends : ndarray of int64, shape (requests, outcomes)
        Day, from the request's, on which it had each outcome, and from which no longer.
    look_of_day : ndarray of int64, shape (days + 2,)
        Number of the first look on or after each day from the request's; the last day has the
        last look, and after it stands the number of looks.
    found : ndarray of int64, shape (years, looks, outcomes + 2)
        Requests with each outcome, without any, and all that were followed for so long. Changed in
        place; 0 at first.
    """
    years, most, outcomes = found.shape[0], found.shape[1], found.shape[2] - 2
    after = len(look_of_day) - 1
    seen_by = np.empty(most, np.int64)
    seen_by[:] = -1
    seen_for = np.empty((years, most + 1), np.int64)  # requests by the looks that they had
    seen_for[:] = 0
    for case in range(len(year)):
        if year[case] < 0 or followed[case] < 0:
            continue
        of_year = found[year[case]]
        looks = look_of_day[min(followed[case] + 1, after)]
        seen_for[year[case], looks] += 1
        for outcome in range(outcomes):
            first = look_of_day[min(max(begins[case, outcome], 0), after)]
            end = look_of_day[min(max(ends[case, outcome], 0), after)]
            for look in range(first, min(end, looks)):
                of_year[look, outcome] += 1
                if seen_by[look] != case:
                    seen_by[look] = case
                    of_year[look, outcomes] -= 1
    for place in range(years):
        followed_on = 0
        for look in range(most - 1, -1, -1):
            followed_on += seen_for[place, look + 1]
            found[place, look, outcomes] += followed_on
            found[place, look, outcomes + 1] += followed_on


@entry
def count_advice(
    asked: Ints,
    given: Ints,
    year: Ints,
    bounds: Ints,
    allowed_days: int,
    not_yet: int,
    counts: Ints,
    medians: Floats,
) -> None:
    """Count how one giver answered, by the year in which advice was asked for.

    Parameters
    ----------
    asked, given : ndarray of int64, shape (cases,)
        When advice was asked for and came.
    year : ndarray of int64, shape (cases,)
        Year of asking, from 0; below 0 outside of the run.
    bounds : ndarray of int64, shape (years + 1,)
        First minute of each year, and the end of the run.
    allowed_days : int
        Days in which advice is on time.
    not_yet : int
        In place of a minute: not within the run.
    counts : ndarray of int64, shape (years, 4)
        Asked; those of them whose time was over within the run; of these the ones in time; and all
        that were out at the end of the year. Changed in place; 0 at first.
    medians : ndarray of float64, shape (years,)
        Median days to the advice, what is out counted as longer than any. Changed in place; stays
        what it is where half is not in.
    """
    years, last = len(counts), bounds[-1] // 1440
    shortest = longest = 0
    for case in range(len(asked)):
        if asked[case] == not_yet:
            continue
        has = given[case] != not_yet
        day = asked[case] // 1440
        days = given[case] // 1440 - day if has else 0
        shortest, longest = min(shortest, days), max(longest, days)
        if year[case] >= 0:
            counts[year[case], 0] += 1
            if day + allowed_days < last:
                counts[year[case], 1] += 1
                if has and days <= allowed_days:
                    counts[year[case], 2] += 1
        for place in range(max(year[case], 0), years):
            end = bounds[place + 1]
            if has and given[case] < end:
                break
            if asked[case] < end:
                counts[place, 3] += 1
    took = np.empty((years, longest - shortest + 1), np.int64)
    took[:] = 0
    for case in range(len(asked)):
        if year[case] >= 0 and given[case] != not_yet:
            took[year[case], given[case] // 1440 - asked[case] // 1440 - shortest] += 1
    for place in range(years):
        # The two in the middle, of an odd number one and the same.
        low, high = (counts[place, 0] + 1) // 2, counts[place, 0] // 2 + 1
        passed, twice = 0, 0
        for days in range(took.shape[1]):
            before = passed
            passed += took[place, days]
            for middle in (low, high):
                if before < middle <= passed:
                    twice += days + shortest
        if 0 < high <= passed:
            medians[place] = twice / 2


@entry
def count_expected(
    bounds: Ints,
    opened: Ints,
    closed: Ints,
    holder: Ints,
    times: tuple[Ints, Ints, Ints],
    not_yet: int,
    found: Ints,
) -> None:
    """Count the plans of which a review was expected, held and due in each year.

    Parameters
    ----------
    bounds : ndarray of int64, shape (years + 1,)
        First minute of each year, and the end of the run.
    opened, closed : ndarray of int64, shape (holders,)
        When each holder's plan was in place.
    holder : ndarray of int64, shape (reviews,)
        Who holds the plan of each review.
    times : tuple of ndarray of int64, each of shape (reviews,)
        When each was due, when it met and when it was decided.
    not_yet : int
        In place of a minute: not within the run, or no plan.
    found : ndarray of int64, shape (years, 5)
        Plans in place on the first and on the last day of the year; those of them with a meeting in
        it; plans with a review that was due, before the year or in it, and not yet held when the
        year began; plans with a review overdue at its end; and since when the oldest of these is
        due, at first the end. Changed in place; the first four 0 at first.
    """
    due, meeting, decided = times
    years = len(found)
    for plan in range(len(opened)):
        for year in range(years):
            if opened[plan] != not_yet and opened[plan] < bounds[year]:
                if closed[plan] < bounds[year + 1]:
                    break
                found[year, 0] += 1
    noted = np.empty((len(opened), years), np.int8)
    noted[:] = 0
    for review in range(len(due)):
        plan, since = holder[review], due[review]
        met, over = meeting[review] != not_yet, closed[plan]
        gone = min(decided[review], over) if decided[review] != not_yet else over
        for year in range(years):
            low, high = bounds[year], bounds[year + 1]
            if since + 1 < high <= gone:
                if noted[plan, year] & 4 == 0:
                    noted[plan, year] |= 4
                    found[year, 3] += 1
                found[year, 4] = min(found[year, 4], since)
            if met and meeting[review] < low:
                continue
            held = met and meeting[review] < high
            throughout = opened[plan] != not_yet and opened[plan] < low and over >= high
            if held and throughout and noted[plan, year] & 1 == 0:
                noted[plan, year] |= 1
                found[year, 1] += 1
            owed = since < high and (held or over > max(since, low))
            if owed and noted[plan, year] & 2 == 0:
                noted[plan, year] |= 2
                found[year, 2] += 1
