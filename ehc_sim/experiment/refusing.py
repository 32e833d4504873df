"""What refusing to assess costs: the hours it saves, and the hours that come back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.experiment.arguments import number, several
from ehc_sim.experiment.chance import mean_interval, ratio_interval
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.experiment.study import Plan, Progress
from ehc_sim.experiment.sweep import sweep
from ehc_sim.measures.decisions import HOURS
from ehc_sim.scenario import BadInput, Fault, Scenario
from ehc_sim.scenario.people import Team
from ehc_sim.scenario.schema import Period

Floats = NDArray[np.float64]

REFUSED = "decision_to_assess.refused"
RATES = (0.25, 0.30, 0.35, 0.40, 0.45)
SETTLING = timedelta(days=365)
"""A change from the start of the plan is judged in the years that start so much later: refusals
come back months after, and requests that were made before are still being worked on."""

COUNTS = (
    *("asked_again", "refusals", "reconsidered", "mediated", "appealed", "overturned"),
    "contents_appeals",
)
WORKING_DAYS_A_YEAR, DAYS_A_WEEK = 253, 5
"""Mondays to Fridays without the eight bank holidays, and those of a week."""

COME_BACK = ("hours_second_assessments", "hours_disputes")
LATER = ("hours_reviews", "hours_transfers", "hours_reassessments", "hours_contents_appeals")


def what_refusing_costs(
    scenario: Scenario,
    rates: Sequence[float],
    plan: Plan,
    progress: Progress = lambda done, wanted: None,
) -> pd.DataFrame:
    """Run a scenario at several rates of refusal and return the hours of all teams at each.

    Parameters
    ----------
    scenario : Scenario
        As it was read from its file.
    rates : sequence of float
        Shares of requests refused from the start of the plan, at least two; in any order.
    plan : Plan
        How many replications to run, and where.
    progress : callable
        Called with the replications done and wanted, of all rates together.

    Returns
    -------
    DataFrame
        One row a rate, rising; as ``account`` returns.

    Raises
    ------
    BadInput
        When a rate cannot be, or the plan has no full calendar year in which to judge it.
    TypeError
        When ``rates`` is no list of numbers.
    RunFailed
        When a worker process was killed.
    """
    rates = several("rates", rates)
    for rate in rates:
        number("rates", rate)
    years = settled_years(scenario.base.period)
    if not years:
        period = scenario.base.period
        first = (period.plan_from + SETTLING - timedelta(days=1)).year + 1
        problem = f"found {period.plan_until}, allowed is {first}-12-31 or later: a refusal comes"
        where = "period.plan_until"
        raise BadInput([Fault(scenario.path, None, where, f"{problem} back months later")])
    found = sweep(scenario, REFUSED, sorted(rates), plan, progress)
    return account(found.results.scenarios, found.values, years)


def settled_years(period: Period) -> list[int]:
    """Return the calendar years of a plan that start a year or more after it, and are full."""
    first, last = period.plan_from, period.plan_until
    start = (first + SETTLING - timedelta(days=1)).year + 1
    return list(range(start, (last + timedelta(days=1)).year))


def account(
    results: Sequence[ScenarioResult], rates: Sequence[float], years: Sequence[int]
) -> pd.DataFrame:
    """Return what is saved and what comes back at each rate, against the first.

    Parameters
    ----------
    results : sequence of ScenarioResult
        One for each rate, with the same replications.
    rates : sequence of float
        Shares of requests refused.
    years : sequence of int
        Calendar years that are judged.

    Returns
    -------
    DataFrame
        One row a rate. Means over the replications, a year, of all teams and their agencies:

        - rate, replications, years (such as ``2026 and 2027``);
        - requests (made for the first time), asked_again, refusals, reconsidered (and agreed to),
          mediated, appealed (against a refusal), overturned (by an order or agreement at
          mediation), contents_appeals, plans_issued;
        - share_overturned: overturned / (mediated + appealed), as a ratio of the means: not of the
          refusals, of which the disputes may still wait for the team when the years are over;
        - the hours of ``HOURS``, and hours (all of them): of the work that came to the teams, done
          or not, because a team with too much work spends what is saved on those who wait;
        - saved: fewer hours on first assessments than at the first rate;
        - back: more hours on disputes and second assessments;
        - later: fewer hours on reviews, phase transfers, reassessments and appeals about plans;
        - net: fewer hours of all kinds;
        - share_back: back / saved, as a ratio of the means;
        - pounds_ of each of the hours of ``HOURS``, and pounds_saved, pounds_back, pounds_later,
          pounds_net and pounds_share_back: the same in pounds, at ``pounds_an_hour`` of each team,
          with the most likely numbers of the last day.

        Shares, and what is saved and comes back, have the 95% interval in ``_low`` and ``_high``:
        Student's of the mean paired difference, and Fieller's of a ratio. The first rate has
        noughts and no share of what is saved.
    """
    years_said = " and ".join(map(str, years)) if len(years) < 3 else f"{years[0]} to {years[-1]}"
    first = _of(results[0], years)
    rows = []
    for rate, result in zip(rates, results, strict=True):
        here = _of(result, years)
        disputes = here["mediated"] + here["appealed"]
        rows.append(
            {"rate": rate, "replications": len(disputes), "years": years_said}
            | {name: float(values.mean()) for name, values in here.items()}
            | _interval("share_overturned", ratio_interval(here["overturned"], disputes))
            | _against(first, here, "hours")
            | _against(first, here, "pounds")
        )
    return pd.DataFrame(rows)


def _against(first: dict[str, Floats], here: dict[str, Floats], what: str) -> dict[str, float]:
    """Return what is saved and what comes back, in ``hours`` or in ``pounds``, with intervals."""

    def fewer(kinds: Iterable[str]) -> Floats:
        names = [kind.replace("hours", what, 1) for kind in kinds]
        return np.asarray(np.sum([first[name] - here[name] for name in names], axis=0))

    saved, back = fewer(["hours_first_assessments"]), -fewer(COME_BACK)
    before = "" if what == "hours" else f"{what}_"
    return (
        _interval(f"{before}saved", mean_interval(saved))
        | _interval(f"{before}back", mean_interval(back))
        | _interval(f"{before}later", mean_interval(fewer(LATER)))
        | _interval(f"{before}net", mean_interval(fewer(HOURS)))
        | _interval(f"{before}share_back", ratio_interval(back, saved))
    )


def pounds_an_hour(team: Team) -> float:
    """Return what an hour of a team's work costs: a post's cost over its hours of this work a year.

    NaN where its posts have no hours for this work.
    """
    days = WORKING_DAYS_A_YEAR - float(team.leave_days) - float(team.sickness_days)
    hours = days * float(team.hours_a_week) / DAYS_A_WEEK * float(team.time_on_this_work)
    return float(team.cost_a_post) / hours if hours > 0 else float("nan")


def _interval(name: str, values: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip((name, f"{name}_low", f"{name}_high"), values, strict=True))


def _of(result: ScenarioResult, years: Sequence[int]) -> dict[str, Floats]:
    """Return what happened at one rate: a year, by replication."""
    found = {name: _a_year(result, "decisions", name, years) for name in COUNTS}
    teams = result.scenario.periods[-1][1].teams
    prices = {name: pounds_an_hour(team) for name, team in teams.items()}
    none = dict.fromkeys(prices, 1.0)
    for name, kind in HOURS.items():
        found[name] = _offered(result, kind, years, none)
        found[name.replace("hours", "pounds", 1)] = _offered(result, kind, years, prices)
    return {
        "requests": _a_year(result, "monthly", "requests", years) - found["asked_again"],
        **found,
        "plans_issued": _a_year(result, "plans", "issued", years),
        "hours": np.sum([found[name] for name in HOURS], axis=0),
    }


def _offered(
    result: ScenarioResult, kind: str, years: Sequence[int], prices: Mapping[str, float]
) -> Floats:
    """Return the hours of a kind of work that came to all teams, times the price of each team's.

    A year, by replication.
    """
    stack = result.tables["hours"]
    of_kind = stack.index.get_level_values("kind") == kind
    chosen = of_kind & np.isin(stack.index.get_level_values("year"), years)
    price = np.array([prices[team] for team in stack.index.get_level_values("team")[chosen]])
    of_years: Floats = (stack.column("offered_hours")[:, chosen] * price).sum(axis=1) / len(years)
    return of_years


def _a_year(result: ScenarioResult, table: str, name: str, years: Sequence[int]) -> Floats:
    stack = result.tables[table]
    by_month = table == "monthly"
    of_row = pd.DatetimeIndex(stack.index).year if by_month else stack.index
    chosen = np.isin(of_row, years)
    of_years: Floats = stack.column(name)[:, chosen].sum(axis=1) / len(years)
    return of_years
