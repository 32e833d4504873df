"""Staffing after the record: it moves as it did before, and it follows the work.

A council does not keep psychologists without work, and does not leave a growing queue to the same
posts for ever: of 711 council-years from 2018 to 2024, assessments completed for each request that
was not refused came back by about six tenths of the way within a year when they were above or
below their usual number, and changed by some 15 to 20% beside that (lines through DfE's figures).
Posts that stay as they are, whatever is asked for, are the wrong middle of a forecast: where
requests grow by a tenth a year every queue then grows for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calibration.structures import posts_of_an_assessment, psychologists
from ehc_sim.calibration.unknowns import rounded
from ehc_sim.demand.history import History
from ehc_sim.demand.source import history_of
from ehc_sim.experiment.replication import forecast_of
from ehc_sim.scenario import Scenario
from ehc_sim.scenario.members import Members, parts_of
from ehc_sim.scenario.paths import split

Floats = NDArray[np.float64]

MONTHS = 12
MOST_TO_SPARE = 1.3
"""More hours than the work takes are not kept for long: they go to other work."""
PATHS = 200
"""Paths of which the middle is taken."""
REFUSED = "decision_to_assess.refused"


def following(
    members: Members,
    scenario: Scenario,
    known: int,
    requests: Mapping[int, float],
    follows: float,
    shock: float = 1.0,
) -> Members:
    """Return members whose psychologists' posts follow the work after the last known year.

    From each year to the next the logarithm of the posts goes ``follows`` of the way to that of the
    posts which the year's work takes, with as much to spare as there was, if there was any, up to
    ``MOST_TO_SPARE``; and it moves by what it moved in the member's own table beside.

    Parameters
    ----------
    members : Members
        With columns of the posts on the first of January of each later year.
    scenario : Scenario
        Of which they are members.
    known : int
        Last calendar year of which figures are known.
    requests : mapping of int to float
        Requests of the last known year and of each later one; a year without them is as the last
        one that has them.
    follows : float
        Part of the way in a year, 0 to 1; 0 where posts do not depend on the work.
    shock : float
        How many times as large the moves of the member's own table are to be.
    """
    team = psychologists(scenario.base)
    if team is None:
        return members
    values, columns = np.array(members.values), list(members.columns)
    of_posts = _posts(columns, team)
    days = sorted({day for day, _ in of_posts.values()})
    later = [day for day in days if day.year > known]
    was = {day: _total(values, columns, of_posts, day) for day in days}
    now = was[max(day for day in days if day.year <= known)]
    before = now
    each = posts_of_an_assessment(scenario.base, team)

    def work_of(year: int) -> Floats:
        last = max(one for one in requests if one <= year)
        agreed = requests[last] * (1 - _at(members, REFUSED, date(year, 1, 1)))
        return np.asarray(np.maximum(agreed * each, 1e-6))

    for day in later:
        moved = np.log(was[day] / before)
        before = was[day]
        after = np.log(now)
        if follows:
            to_spare = np.clip(now / work_of(day.year - 1), 1, MOST_TO_SPARE)
            after = (1 - follows) * after + follows * np.log(work_of(day.year) * to_spare)
        now = np.exp(after + shock * moved)
        for place, (since, _) in of_posts.items():
            if since == day:
                values[:, place] = rounded(values[:, place] * now / was[day])
    return Members(members.names, members.explanations, members.weights, members.columns, values)


def expected_requests(
    scenario: Scenario, seed: int, record: History | None = None
) -> dict[int, float]:
    """Return the requests of each year: those of the record, and then the middle of the forecast.

    A last year of which only a part is run is left out.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        Seed of the study.
    record : History, optional
        What is known of requests; the scenario's record where None.
    """
    record = history_of(scenario) if record is None else record
    found = recorded_requests(record)
    if record.last_month < np.datetime64(scenario.base.period.plan_until, "M"):
        paths = forecast_of(scenario, seed, paths=PATHS, history=record).paths
        for year, months in paths.groupby(pd.PeriodIndex(paths.index).year):
            found[int(str(year))] = found.get(int(str(year)), 0.0) + float(months.sum().median())
    last = scenario.base.period.plan_until
    if last.month < MONTHS:
        found.pop(last.year, None)
    return found


def recorded_requests(record: History) -> dict[int, float]:
    """Return the requests of each year of a record; of a part of a year those of that part."""
    found: dict[int, float] = {}
    years = record.index.astype("datetime64[Y]").astype(str)
    for year, count in zip(years, record.counts, strict=True):
        found[int(year)] = found.get(int(year), 0.0) + float(count)
    return found


def _posts(columns: list[str], team: str) -> dict[int, tuple[date, str]]:
    """Return the columns of a team's posts, whole or by area: by place, the day and the path."""
    found = {}
    for place, column in enumerate(columns):
        path, day = parts_of(column)
        where = split(path) or ("",)
        if where[:2] == ("teams", team) and where[-1] == "posts":
            found[place] = (day or date.min, path)
    return found


def _total(
    values: Floats, columns: list[str], of_posts: Mapping[int, tuple[date, str]], day: date
) -> Floats:
    """Return all posts of the team from a day on, shape (members,)."""
    total = np.zeros(len(values))
    for path in {path for _, path in of_posts.values()}:
        places = [place for place, (since, of) in of_posts.items() if of == path and since <= day]
        if places:
            total += values[:, max(places, key=lambda place: of_posts[place][0])]
    return total


def _at(members: Members, path: str, day: date) -> Floats:
    """Return a number of each member on a day, shape (members,); 0 where no column sets it."""
    places = {parts_of(one)[1] or date.min: n for n, one in enumerate(members.columns)
              if parts_of(one)[0] == path}  # fmt: skip
    known = [since for since in places if since <= day]
    return members.values[:, places[max(known)]] if known else np.zeros(len(members))
