"""What refusing to assess costs: the hours it saves, and the hours that come back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.experiment.arguments import number, several
from ehc_sim.experiment.chance import mean_interval, ratio_interval
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.experiment.spending import A_MEDIATION, AN_APPEAL
from ehc_sim.experiment.study import Plan, Progress
from ehc_sim.experiment.sweep import sweep
from ehc_sim.measures.decisions import HOURS
from ehc_sim.scenario import BadInput, Fault, Scenario
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
COME_BACK = ("hours_second_assessments", "hours_disputes")
LATER = ("hours_reviews", "hours_transfers", "hours_reassessments", "hours_contents_appeals")
POUNDS = {
    "saved": ("hours_first_assessments",),
    "back": COME_BACK,
    "later": LATER,
    "meetings": ("hours_meetings",),
}
"""Kinds of work whose pounds are told as one."""
_IN_POUNDS = tuple(f"pounds_{name}" for name in POUNDS)


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
    return account(found.results.of_the_same, found.values, years)


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
        - pounds_saved, pounds_back, pounds_later, pounds_net, pounds_share_back: the same in pounds
          at the price year. An hour costs what a post of its team does, over the hours that it is
          there; disputes have the prices of appeals and mediations with them, which are beside
          these hours, and what plans provide is in none of them.

        ``share_overturned`` and the last ten have the 95% interval in ``_low`` and ``_high``:
        Student's of a mean paired difference, and Fieller's of a ratio. What is against the first
        rate is there nought, and has no share.
    """
    years_said = " and ".join(map(str, years)) if len(years) < 3 else f"{years[0]} to {years[-1]}"
    first, even = _of(results[0], years), results[0].places
    rows = []
    for rate, result in zip(rates, results, strict=True):
        here = _of(result, years)
        saved = first["hours_first_assessments"] - here["hours_first_assessments"]
        back = np.sum([here[kind] - first[kind] for kind in COME_BACK], axis=0)
        later = np.sum([first[kind] - here[kind] for kind in LATER], axis=0)
        pounds = {name: first[f"pounds_{name}"] - here[f"pounds_{name}"] for name in POUNDS}
        disputes = here["mediated"] + here["appealed"]
        rows.append(
            {"rate": rate, "replications": len(saved), "years": years_said}
            | {name: float(here[name].mean()) for name in here if name not in _IN_POUNDS}
            | _share("share_overturned", ratio_interval(here["overturned"], disputes, even))
            | _interval("saved", mean_interval(saved, even))
            | _interval("back", mean_interval(back, even))
            | _interval("later", mean_interval(later, even))
            | _interval("net", mean_interval(first["hours"] - here["hours"], even))
            | _interval("share_back", ratio_interval(back, saved, even))
            | _interval("pounds_saved", mean_interval(pounds["saved"], even))
            | _interval("pounds_back", mean_interval(-pounds["back"], even))
            | _interval("pounds_later", mean_interval(pounds["later"], even))
            | _interval("pounds_net", mean_interval(np.sum(list(pounds.values()), axis=0), even))
            | _interval("pounds_share_back", ratio_interval(-pounds["back"], pounds["saved"], even))
        )
    return pd.DataFrame(rows)


def _interval(name: str, values: tuple[float, float, float]) -> dict[str, float]:
    return dict(zip((name, f"{name}_low", f"{name}_high"), values, strict=True))


def _share(name: str, values: tuple[float, float, float]) -> dict[str, float]:
    """Return a share of a whole and its ends, which no formula can take out of 0 to 1."""
    return {key: float(np.clip(value, 0, 1)) for key, value in _interval(name, values).items()}


def _of(result: ScenarioResult, years: Sequence[int]) -> dict[str, Floats]:
    """Return what happened at one rate: a year, by replication."""
    found = {name: _a_year(result, "decisions", name, years) for name in COUNTS}
    found |= {name: _offered(result, kind, years) for name, kind in HOURS.items()}
    found |= _in_pounds(result, found, years)
    return {
        "requests": _a_year(result, "monthly", "requests", years) - found["asked_again"],
        **found,
        "plans_issued": _a_year(result, "plans", "issued", years),
        "hours": np.sum([found[name] for name in HOURS], axis=0),
    }


def _in_pounds(
    result: ScenarioResult, found: Mapping[str, Floats], years: Sequence[int]
) -> dict[str, Floats]:
    """Return what each of ``POUNDS`` costs a year, by replication."""
    prices = result.tables["prices"]
    of = dict(zip(map(str, prices.index), prices.column("pounds").T, strict=True))
    pounds = {
        f"pounds_{name}": np.sum(
            [_offered(result, HOURS[kind], years, of) for kind in kinds], axis=0
        )
        for name, kinds in POUNDS.items()
    }
    disputed = of[AN_APPEAL] * found["appealed"] + of[A_MEDIATION] * found["mediated"]
    pounds["pounds_back"] = pounds["pounds_back"] + disputed
    about_plans = of[AN_APPEAL] * found["contents_appeals"]
    pounds["pounds_later"] = pounds["pounds_later"] + about_plans
    return pounds


def _offered(
    result: ScenarioResult,
    kind: str,
    years: Sequence[int],
    pounds_an_hour: Mapping[str, Floats] | None = None,
) -> Floats:
    """Return the hours of a kind of work that came to all teams, a year, by replication.

    With the pounds of an hour of each team it is the pounds that these hours cost.
    """
    stack = result.tables["hours"]
    of_kind = stack.index.get_level_values("kind") == kind
    chosen = of_kind & np.isin(stack.index.get_level_values("year"), years)
    hours = stack.column("offered_hours")[:, chosen]
    if pounds_an_hour is not None and hours.size:
        teams = stack.index.get_level_values("team")[chosen]
        hours = hours * np.stack([pounds_an_hour[str(team)] for team in teams], axis=1)
    of_years: Floats = hours.sum(axis=1) / len(years)
    return of_years


def _a_year(result: ScenarioResult, table: str, name: str, years: Sequence[int]) -> Floats:
    stack = result.tables[table]
    by_month = table == "monthly"
    of_row = pd.DatetimeIndex(stack.index).year if by_month else stack.index
    chosen = np.isin(of_row, years)
    of_years: Floats = stack.column(name)[:, chosen].sum(axis=1) / len(years)
    return of_years
