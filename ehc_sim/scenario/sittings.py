"""How often a panel sits in a run."""

from __future__ import annotations

from typing import get_args

import numpy as np

from ehc_sim.calendars import SchoolTerms, TermsError
from ehc_sim.calendars.bank_holidays import working_days
from ehc_sim.scenario.schema import Panel, Period, Weekday

DAYS_A_WEEK = 7
EPOCH_WEEKDAY = 3
"""1 January 1970 was a Thursday."""


def sittings(panel: Panel, period: Period, terms: str) -> int | str:
    """Return the number of sittings of a panel in a run.

    Weeks are counted from a fixed Monday, so a fortnightly panel keeps its weeks whenever the run
    starts. On a bank holiday it sits on the next working day.

    Parameters
    ----------
    panel : Panel
    period : Period
    terms : str
        Name or file of the school terms.

    Returns
    -------
    int or str
        The number; or, where the school terms cannot be read, why.
    """
    first, last = np.datetime64(period.run_in_from, "D"), np.datetime64(period.plan_until, "D")
    days = np.arange(first, last + 1)
    since = days.astype(np.int64) + EPOCH_WEEKDAY
    planned = (since % DAYS_A_WEEK == get_args(Weekday).index(panel.weekday)) & (
        since // DAYS_A_WEEK % panel.every_weeks == 0
    )
    working = np.flatnonzero(working_days(days))
    places = np.searchsorted(working, np.flatnonzero(planned))
    sits = working[places[places < len(working)]]
    if panel.sits_in_school_holidays:
        return len(sits)
    try:
        return int(SchoolTerms.read(terms).is_open(days)[sits].sum())
    except TermsError as error:
        return "; ".join(error.faults)
