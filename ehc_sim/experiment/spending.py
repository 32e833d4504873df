"""What a scenario spends in each month."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.network.network import PanelPlan, TeamPlan
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import Change
from ehc_sim.scenario.people import Team
from ehc_sim.scenario.scenario import Periods
from ehc_sim.tables import Rows, Table

MONTHS_A_YEAR = 12


def cost(
    pounds: NDArray[np.float64],
    months: NDArray[np.datetime64],
    discount_rate: float,
    plan_from: date,
) -> float:
    """Return the discounted cost of the plan.

    Parameters
    ----------
    pounds : ndarray of float64, shape (..., months)
        Spent in each month, at the scenario's price year.
    months : ndarray of datetime64[M], shape (months,)
        The months.
    discount_rate : float
        Rate a year (3.5% in HM Treasury's Green Book).
    plan_from : date
        Start of the plan. Months that begin before it are left out; the first year is not
        discounted.

    Returns
    -------
    float
        Pounds, present value at the start of the plan.
    """
    inside = months.astype("datetime64[D]") >= np.datetime64(plan_from, "D")
    passed = (months[inside] - np.datetime64(plan_from, "M")).astype(np.int64)
    return float((pounds[..., inside] / (1 + discount_rate) ** (passed // MONTHS_A_YEAR)).sum())


DAYS_A_YEAR = 365.25
DAYS_A_WEEK = 7


def spending(
    changes: Iterable[Change],
    periods: Periods,
    timeline: Timeline,
    agency_cases: Mapping[str, NDArray[np.float64]],
    teams: Mapping[str, TeamPlan],
    panels: Mapping[str, PanelPlan],
    streams: Streams,
) -> Table:
    """Return the pounds spent on posts, agency cases, panels and the changes themselves.

    Posts are paid for the days on which they are filled, whether or not the person is away, and
    overtime with them, by the week; temporary staff for the days on which they cover empty posts.

    Parameters
    ----------
    changes : iterable of Change
        The scenario's changes, for what they cost once and a year.
    periods : sequence of (date, Settings)
        Settings with this replication's uncertain numbers.
    timeline : Timeline
        Calendar of the run.
    agency_cases : mapping of str to ndarray of float64, shape (months,)
        Cases that each team passed on to an agency in each month.
    teams : mapping of str to TeamPlan
        Teams, for the posts that are filled and covered. Every post is filled of a team that is
        not among them.
    panels : mapping of str to PanelPlan
        Panels, for the number of their sittings.
    streams : Streams
        Random numbers of the replication, for uncertain costs of changes.

    Returns
    -------
    Table
        Rows (item, month), the month as datetime64[M], with pounds at the scenario's price year.
    """
    starts = [max(0, timeline.minute(day)) // MINUTES_A_DAY for day, _ in periods]
    period_of_day = np.searchsorted(starts, np.arange(len(timeline.days)), side="right") - 1
    by_item = {
        **_people(periods, timeline, teams, period_of_day),
        **_agencies(periods, timeline, agency_cases, period_of_day),
        **_sittings(periods, timeline, panels, period_of_day),
        "changes": _changes(changes, timeline, streams),
    }
    rows = Rows.of(item=list(by_item), month=timeline.months)
    return Table.of(rows, {"pounds": np.concatenate(list(by_item.values()))})


def established(team: Team) -> float:
    """Return the full-time posts of a team, patches included."""
    return float(team.posts) + sum(float(patch.posts) for patch in team.patches.values())


def _of_day(
    of: Sequence[float], timeline: Timeline, period_of_day: NDArray[np.intp]
) -> NDArray[np.float64]:
    return np.bincount(timeline.month, np.asarray(of)[period_of_day]).astype(np.float64)


def _people(
    periods: Periods,
    timeline: Timeline,
    teams: Mapping[str, TeamPlan],
    period_of_day: NDArray[np.intp],
) -> dict[str, NDArray[np.float64]]:
    """Return what is spent on each team's own people, their overtime and temporary staff."""
    spent = {}
    for name in periods[-1][1].teams:
        settings = [s.teams[name] for _, s in periods]
        for item, pounds in _people_of(name, settings, teams.get(name), period_of_day).items():
            spent[item] = np.bincount(timeline.month, pounds).astype(np.float64)
    return spent


def _people_of(
    name: str, settings: Sequence[Team], plan: TeamPlan | None, period_of_day: NDArray[np.intp]
) -> dict[str, NDArray[np.float64]]:
    """Return the pounds that one team's people cost on each day."""

    def by_day(value: Callable[[Team], float]) -> NDArray[np.float64]:
        return np.array([value(team) for team in settings])[period_of_day]

    own = plan.filled if plan and plan.filled is not None else by_day(established)
    spent = {name: own * by_day(lambda team: float(team.cost_a_post) / DAYS_A_YEAR)}
    overtime = by_day(_overtime_a_day)
    if overtime.any():
        spent[f"overtime: {name}"] = own * overtime
    if plan and plan.covered is not None and plan.covered.any():
        price = by_day(lambda team: float(team.cover_cost_a_post) / DAYS_A_YEAR)
        spent[f"cover: {name}"] = plan.covered * price
    return spent


def _overtime_a_day(team: Team) -> float:
    """Return the pounds of a full-time post's overtime a calendar day."""
    return float(team.overtime_hours_a_week) * float(team.overtime_cost_an_hour) / DAYS_A_WEEK


def _agencies(
    periods: Periods,
    timeline: Timeline,
    agency_cases: Mapping[str, NDArray[np.float64]],
    period_of_day: NDArray[np.intp],
) -> dict[str, NDArray[np.float64]]:
    spent = {}
    for name, bought in agency_cases.items():
        agencies = [s.teams[name].agency for _, s in periods]
        prices = [float(agency.price) if agency else 0.0 for agency in agencies]
        if any(prices):
            # The price of a month is the mean over its days on which there is an agency.
            paid = _of_day(prices, timeline, period_of_day)
            there = _of_day([agency is not None for agency in agencies], timeline, period_of_day)
            spent[f"agency: {name}"] = bought * paid / np.maximum(there, 1)
    return spent


def _sittings(
    periods: Periods,
    timeline: Timeline,
    panels: Mapping[str, PanelPlan],
    period_of_day: NDArray[np.intp],
) -> dict[str, NDArray[np.float64]]:
    spent = {}
    for name, panel in panels.items():
        prices = np.array([float(s.panels[name].cost_a_sitting) for _, s in periods])
        days = np.array([sitting.minute // MINUTES_A_DAY for sitting in panel.sittings], dtype=int)
        in_month = np.bincount(
            timeline.month[days], prices[period_of_day[days]], len(timeline.months)
        )
        spent[f"panel: {name}"] = in_month.astype(np.float64)
    return spent


def _changes(
    changes: Iterable[Change], timeline: Timeline, streams: Streams
) -> NDArray[np.float64]:
    """Return what the changes cost: once when they start, and by the day while they last."""
    daily = np.zeros(len(timeline.days))

    def drawn(key: str) -> float:
        return streams.uniform(f"parameter {key}")

    for change in changes:
        starts = timeline.minute(change.from_) // MINUTES_A_DAY
        first = max(0, starts)
        after = len(daily)
        if change.until is not None:
            after = min(after, timeline.minute(change.until) // MINUTES_A_DAY + 1)
        if first < after:
            if starts >= 0:  # what was paid before the run is not paid in it
                daily[first] += change.one_off_cost.drawn(drawn)
            daily[first:after] += change.yearly_cost.drawn(drawn) / DAYS_A_YEAR
    return np.bincount(timeline.month, daily).astype(np.float64)
