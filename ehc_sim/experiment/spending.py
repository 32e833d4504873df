"""What a scenario spends in each month, on what, and who pays."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import (
    APRIL,
    DAYS_A_WEEK,
    MINUTES_A_DAY,
    MONTHS_A_YEAR,
    Timeline,
    financial_year,
    year_of,
)
from ehc_sim.network.network import PanelPlan, TeamPlan
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import Change
from ehc_sim.scenario.money import SOURCES
from ehc_sim.scenario.people import Team
from ehc_sim.scenario.scenario import Periods
from ehc_sim.scenario.schema import Costs
from ehc_sim.tables import Rows, Table


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
        Start of the plan. Months before its own are left out; the first year is not discounted.

    Returns
    -------
    float
        Pounds, present value at the start of the plan.
    """
    inside = months >= np.datetime64(plan_from, "M")
    passed = (months[inside] - np.datetime64(plan_from, "M")).astype(np.int64)
    return float((pounds[..., inside] / (1 + discount_rate) ** (passed // MONTHS_A_YEAR)).sum())


DAYS_A_YEAR = 365.25
NOT_SAID = "not said"
"""Who pays, where the scenario does not say."""
PAYERS = (*SOURCES, NOT_SAID)

POSTS, AGENCIES, SITTINGS, CHANGES = "posts", "agencies", "sittings", "changes"
APPEALS, MEDIATIONS, REMEDIES, PROVISION = "appeals", "mediations", "remedies", "provision"
KINDS = (POSTS, AGENCIES, SITTINGS, CHANGES, APPEALS, MEDIATIONS, REMEDIES)
"""What money is spent on; provision, which is in no sum with these, is not among them."""


@dataclass(frozen=True, eq=False)
class Line:
    """A line of the account.

    Attributes
    ----------
    item : str
        Such as ``agency: educational psychologists``.
    kind : str
        One of ``KINDS``, or ``PROVISION``.
    payer : str
        One of ``PAYERS``.
    pounds : ndarray of float64, shape (months,)
        At the scenario's price year.
    team : str
        The team whose posts, overtime, cover or agency it pays; empty where it is no team's.
    """

    item: str
    kind: str
    payer: str
    pounds: NDArray[np.float64]
    team: str = ""


Payers = Sequence[str | None]
"""Who pays in each period."""


@dataclass(frozen=True, eq=False)
class _Days:
    """The days of a run, to add up what is paid on each by month and payer."""

    timeline: Timeline
    period: NDArray[np.intp]

    def values(self, of_period: Sequence[float]) -> NDArray[np.float64]:
        """Return a value of each period on each day."""
        return np.asarray(of_period, dtype=np.float64)[self.period]

    def monthly(self, pounds: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(self.timeline.month, pounds).astype(np.float64)

    def lines(
        self, item: str, kind: str, payers: Payers, pounds: NDArray[np.float64], team: str = ""
    ) -> Iterator[Line]:
        """Yield a line for each payer of what is paid on each day."""
        names = [payer or NOT_SAID for payer in payers]
        for payer in dict.fromkeys(names):
            paid = self.values([float(name == payer) for name in names])
            yield Line(item, kind, payer, self.monthly(pounds * paid), team)


def spending(
    changes: Iterable[Change],
    periods: Periods,
    timeline: Timeline,
    agency_cases: Mapping[str, NDArray[np.float64]],
    teams: Mapping[str, TeamPlan],
    panels: Mapping[str, PanelPlan],
    streams: Streams,
    billed: Table | None = None,
) -> list[Line]:
    """Return the pounds spent on posts, agency cases, panels, changes, and by the case.

    Posts are paid for the days on which they are filled, whether or not the person is away, and
    overtime with them, by the week; temporary staff for the days on which they cover empty posts.
    The hours of posts on appeals and mediations are paid with the posts: the price of an appeal is
    of what comes on top.

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
    billed : Table, optional
        What is paid for by the case in each month, as ``measures.billed`` returns it.

    Returns
    -------
    list of Line
        Several of an item where its payer changes. What plans provide is ``PROVISION``, and is to
        be in no sum with the other lines.
    """
    starts = [max(0, timeline.minute(day)) // MINUTES_A_DAY for day, _ in periods]
    of_day = np.searchsorted(starts, np.arange(len(timeline.days)), side="right") - 1
    days = _Days(timeline, of_day)
    return [
        *_people(periods, days, teams),
        *_agencies(periods, days, agency_cases),
        *_sittings(periods, days, panels),
        *_changes(changes, days, streams),
        *(_by_the_case(periods[-1][1].costs, billed) if billed is not None else ()),
    ]


def spent(lines: Iterable[Line], months: int) -> NDArray[np.float64]:
    """Return the pounds of all lines but provision, shape (months,)."""
    return _sum((line for line in lines if line.kind != PROVISION), months)


def provided(lines: Iterable[Line], months: int) -> NDArray[np.float64]:
    """Return the pounds of provision, shape (months,); NaN where it has no price."""
    of_plans = [line for line in lines if line.kind == PROVISION]
    return _sum(of_plans, months) if of_plans else np.full(months, np.nan)


def _sum(lines: Iterable[Line], months: int) -> NDArray[np.float64]:
    return np.asarray(np.sum([np.zeros(months), *(line.pounds for line in lines)], axis=0))


ALL = "all"


def by_financial_year(
    lines: Sequence[Line], months: NDArray[np.datetime64], plan_from: date
) -> Table:
    """Return the account by financial year (April to March) and payer.

    Parameters
    ----------
    lines : sequence of Line
        The account.
    months : ndarray of datetime64[M], shape (months,)
        Months of the run.
    plan_from : date
        Months before its own are left out.

    Returns
    -------
    Table
        Rows (financial_year, months, payer), a year such as ``2025/26`` with the number of its
        months that are in the plan, the payers after ``all`` of them together. Columns: spent,
        the kinds of ``KINDS``, which add up to it, and provision, which is in no sum. Pounds at the
        scenario's price year, not discounted.
    """
    inside = months >= np.datetime64(plan_from, "M")
    year = year_of(months, APRIL)
    years = np.unique(year[inside])
    chosen = [inside & (year == one) for one in years]
    payers = (ALL, *PAYERS)
    kinds = (*KINDS, PROVISION)
    pounds = np.zeros((len(years), len(payers), len(kinds)))
    priced = any(line.kind == PROVISION for line in lines)
    for line in lines:
        of_years = [line.pounds[which].sum() for which in chosen]
        for payer in (ALL, line.payer):
            pounds[:, payers.index(payer), kinds.index(line.kind)] += of_years
    if not priced:
        pounds[..., -1] = np.nan
    labels = [financial_year(one) for one in years.tolist()]
    counts = [int(which.sum()) for which in chosen]
    blocks = tuple(([a], [b], payers) for a, b in zip(labels, counts, strict=True))
    flat = pounds.reshape(-1, len(kinds))
    whole = flat[:, :-1].sum(axis=1, keepdims=True)
    return Table(
        Rows(("financial_year", "months", "funded_by"), blocks),
        ("spent", *kinds),
        np.hstack([whole, flat]),
    )


WORKING_DAYS, DAYS_OF_WORK_A_WEEK = 253, 5
AN_APPEAL, A_MEDIATION = "appeal", "mediation"


def cost_of_an_hour(team: Team) -> float:
    """Return the pounds of an hour in which a full-time post is there, on whatever work."""
    days = WORKING_DAYS - float(team.leave_days) - float(team.sickness_days)
    hours = max(days, 1.0) * float(team.hours_a_week) / DAYS_OF_WORK_A_WEEK
    return float(team.cost_a_post) / hours


def cost_of_an_appeal(costs: Costs) -> float:
    """Return the mean pounds of an appeal beside the hours of the teams modelled; 0 unpriced."""
    if costs.appeal is None:
        return 0.0
    heard = float(costs.appeal.heard)
    return (
        heard * costs.appeal.with_hearing.today + (1 - heard) * costs.appeal.without_hearing.today
    )


def prices(periods: Periods) -> Table:
    """Return the pounds of an appeal, of a mediation and of an hour of each team, as at the end.

    Parameters
    ----------
    periods : sequence of (date, Settings)
        Settings with this replication's uncertain numbers.

    Returns
    -------
    Table
        Rows (of): ``appeal``, ``mediation`` and the names of the teams; pounds.
    """
    settings = periods[-1][1]
    mediation = settings.costs.mediation
    of = {
        AN_APPEAL: cost_of_an_appeal(settings.costs),
        A_MEDIATION: mediation.today if mediation else 0.0,
    }
    hours = [cost_of_an_hour(team) for team in settings.teams.values()]
    rows = Rows(("of",), (([*of, *settings.teams],),))
    return Table.of(rows, {"pounds": np.array([*of.values(), *hours])})


def established(team: Team) -> float:
    """Return the full-time posts of a team, patches included."""
    return float(team.posts) + sum(float(patch.posts) for patch in team.patches.values())


def _people(periods: Periods, days: _Days, teams: Mapping[str, TeamPlan]) -> Iterator[Line]:
    """Yield what is spent on each team's own people, their overtime and temporary staff."""
    for name in periods[-1][1].teams:
        settings = [s.teams[name] for _, s in periods]
        payers = [team.funded_by for team in settings]
        for item, pounds in _people_of(name, settings, teams.get(name), days).items():
            yield from days.lines(item, POSTS, payers, pounds, name)


def _people_of(
    name: str, settings: Sequence[Team], plan: TeamPlan | None, days: _Days
) -> dict[str, NDArray[np.float64]]:
    """Return the pounds that one team's people cost on each day."""

    def by_day(value: Callable[[Team], float]) -> NDArray[np.float64]:
        return days.values([value(team) for team in settings])

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
    periods: Periods, days: _Days, agency_cases: Mapping[str, NDArray[np.float64]]
) -> Iterator[Line]:
    """Yield what agencies cost: the cases of a month are spread over its days with an agency."""
    month = days.timeline.month
    for name, bought in agency_cases.items():
        teams = [s.teams[name] for _, s in periods]
        agencies = [team.agency for team in teams]
        prices = [float(agency.price) if agency else 0.0 for agency in agencies]
        if any(prices):
            there = days.monthly(days.values([float(agency is not None) for agency in agencies]))
            cases = bought[month] / np.maximum(there[month], 1)
            payers = [
                (agency and agency.funded_by) or team.funded_by
                for agency, team in zip(agencies, teams, strict=True)
            ]
            pounds = cases * days.values(prices)
            yield from days.lines(f"agency: {name}", AGENCIES, payers, pounds, name)


def _sittings(periods: Periods, days: _Days, panels: Mapping[str, PanelPlan]) -> Iterator[Line]:
    for name, panel in panels.items():
        prices = days.values([float(s.panels[name].cost_a_sitting) for _, s in periods])
        sits = np.array([sitting.minute // MINUTES_A_DAY for sitting in panel.sittings], dtype=int)
        pounds = np.bincount(sits, minlength=len(prices)) * prices
        payers = [s.panels[name].funded_by for _, s in periods]
        yield from days.lines(f"panel: {name}", SITTINGS, payers, pounds)


def _changes(changes: Iterable[Change], days: _Days, streams: Streams) -> Iterator[Line]:
    """Yield what the changes cost: once when they start, and by the day while they last."""
    line = days.timeline
    daily = {NOT_SAID: np.zeros(len(line.days))}

    def drawn(key: str) -> float:
        return streams.uniform(f"parameter {key}")

    for change in changes:
        starts = line.minute(change.paid_from) // MINUTES_A_DAY
        first = max(0, starts)
        after = len(line.days)
        if change.until is not None:
            after = min(after, line.minute(change.until) // MINUTES_A_DAY + 1)
        if first < after:
            paid = daily.setdefault(change.funded_by or NOT_SAID, np.zeros(len(line.days)))
            if starts >= 0:  # what was paid before the run is not paid in it
                paid[first] += change.one_off_cost.drawn(drawn)
            paid[first:after] += change.yearly_cost.drawn(drawn) / DAYS_A_YEAR
    for payer, pounds in daily.items():
        yield Line("changes", CHANGES, payer, days.monthly(pounds))


def _by_the_case(costs: Costs, billed: Table) -> Iterator[Line]:
    """Yield what appeals, mediations, remedies for waiting, and plans cost."""

    def line(item: str, kind: str, payer: str | None, pounds: NDArray[np.float64]) -> Line:
        return Line(item, kind, payer or NOT_SAID, pounds)

    if costs.appeal:
        heard, made = float(costs.appeal.heard), billed.column("appeals")
        dear, cheap = costs.appeal.with_hearing, costs.appeal.without_hearing
        yield line("appeals heard", APPEALS, dear.funded_by, heard * dear.today * made)
        unheard = (1 - heard) * cheap.today * made
        yield line("appeals without a hearing", APPEALS, cheap.funded_by, unheard)
    if costs.mediation:
        price, held = costs.mediation, billed.column("mediations")
        yield line("mediations", MEDIATIONS, price.funded_by, price.today * held)
    if costs.remedies:
        price, share = costs.remedies.a_month, float(costs.remedies.complained)
        months = billed.column("late_days") * MONTHS_A_YEAR / DAYS_A_YEAR
        yield line("remedies", REMEDIES, price.funded_by, share * price.today * months)
    if costs.provision:
        price, plan_years = costs.provision, billed.column("plan_days") / DAYS_A_YEAR
        yield line("provision", PROVISION, price.funded_by, price.today * plan_years)
