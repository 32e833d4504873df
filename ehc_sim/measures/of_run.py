"""All measures of one run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from ehc_sim.calendars import Timeline
from ehc_sim.measures.advice import advice, family_view
from ehc_sim.measures.backlog import backlog, waiting
from ehc_sim.measures.cohort import cohort
from ehc_sim.measures.timeliness import monthly, window, yearly
from ehc_sim.measures.timings import Timings
from ehc_sim.measures.workload import workload_measures
from ehc_sim.pathway.log import Log


@dataclass(frozen=True)
class Definitions:
    """What the measures need to know of a scenario.

    Attributes
    ----------
    givers : tuple of str
        Advice givers.
    schools : tuple of str
        Those that are schools or colleges.
    families : tuple of str
        Those that are the family.
    exceptions_claimed : bool
        Whether the council flags exceptions.
    window_from, window_until : date
        First and last day of the target window.
    """

    givers: tuple[str, ...]
    schools: tuple[str, ...]
    families: tuple[str, ...]
    exceptions_claimed: bool
    window_from: date
    window_until: date


def measure(
    log: Log,
    cases: pd.DataFrame,
    workload: pd.DataFrame,
    timeline: Timeline,
    definitions: Definitions,
) -> dict[str, pd.DataFrame]:
    """Return the tables of measures of one run.

    Parameters
    ----------
    log : Log
        Log of a run of the journey.
    cases : DataFrame
        One row a case with source, age, age_group, need and area.
    workload : DataFrame
        Work of each team by month.
    timeline : Timeline
        Calendar of the run.
    definitions : Definitions
        Names and dates that the measures need.

    Returns
    -------
    dict of str to DataFrame
        ``monthly``, ``yearly``, ``advice``, ``teams``, ``waiting``, ``cohort`` and ``totals`` (one
        row). A table has the same rows and columns in every replication of a scenario.
    """
    d = definitions
    timings = Timings.of(log, timeline, d.schools)
    by_month = pd.concat(
        [
            monthly(timings, d.exceptions_claimed),
            backlog(timings),
            family_view(log, timings, d.families),
        ],
        axis=1,
    )
    totals = window(timings, d.window_from, d.window_until, d.exceptions_claimed)
    last = by_month.iloc[-1]
    totals |= {f"{name}_at_end": float(last[name]) for name in ("open_cases", "overdue_cases")}
    totals["oldest_weeks_at_end"] = float(last["oldest_weeks"])
    return {
        "monthly": by_month,
        "yearly": yearly(timings, cases, d.exceptions_claimed),
        "advice": advice(log, timings, d.givers),
        "teams": workload_measures(workload, timeline.months),
        "waiting": waiting(timings),
        "cohort": cohort(timings),
        "totals": pd.DataFrame([totals]),
    }
