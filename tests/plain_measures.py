"""The measures once more, plain and slow, from the log as a DataFrame."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from ehc_sim.calendars import MINUTES_A_DAY, Timeline
from ehc_sim.experiment.replication import Replication
from ehc_sim.journey import milestones as m
from ehc_sim.network import Log, Network, TeamPlan, Work
from ehc_sim.network.log import AGENCY, NOT_YET, SHARED, VISIT_COLUMNS
from tests.plain_counts import offered_by

NEVER = 2**62


def visits_of(log: Log) -> pd.DataFrame:
    """Return the visits with names of nodes, and NaN in place of minutes that are not yet."""
    table = pd.DataFrame(log.visits, columns=list(VISIT_COLUMNS))
    table["node"] = np.array(log.nodes, dtype=object)[table["node"]]
    times = ["joined", "started", "ended"]
    table[times] = table[times].astype(float).where(table[times] != NOT_YET)
    return table


def requests_of(run: Replication) -> pd.DataFrame:
    """Return each request with who it is about and the minute of each milestone."""
    visits, cases = visits_of(run.log), run.prepared.cases
    cases = cases[cases["kind"].isin([m.REQUEST_CASE, m.REQUEST_AGAIN])]
    done = visits.pivot_table(index="case", columns="node", values="ended", aggfunc="max")
    table = cases.join(done)
    arrived = pd.Series(run.log.arrived).astype(float)
    table["received"] = arrived.where(arrived != NOT_YET)[table.index]
    names = (m.DECISION_TO_ASSESS, m.AGREED, m.REFUSED, m.ORDER_TO_ASSESS, m.FINAL_PLAN)
    others = (m.NO_PLAN_TOLD, m.ORDER_TO_ISSUE, m.MEDIATED, m.APPEALED, m.WITHDRAWN)
    for name in (*names, *others):
        if name not in table:
            table[name] = np.nan
    assess, issue = table[m.ORDER_TO_ASSESS], table[m.ORDER_TO_ISSUE]
    table["clock"] = issue.fillna(assess).fillna(table["received"])
    table["allowed"] = np.where(issue.notna(), 77, np.where(assess.notna(), 98, 140))
    table["days"] = table[m.FINAL_PLAN] // MINUTES_A_DAY - table["clock"] // MINUTES_A_DAY
    table["on time"] = table["days"] <= table["allowed"]
    disputed = table[[m.MEDIATED, m.APPEALED, m.ORDER_TO_ASSESS, m.ORDER_TO_ISSUE]].notna()
    table["counted"] = table[m.FINAL_PLAN].notna() & ~disputed.any(axis=1)
    last = (table["clock"] // MINUTES_A_DAY + table["allowed"] + 1) * MINUTES_A_DAY - 1
    table["due"] = last.where(table[m.AGREED].notna() & table[m.NO_PLAN_TOLD].isna())
    return table


def bounds_of(timeline: Timeline, unit: str) -> np.ndarray:
    """Return the first minute of each month ("M") or year ("Y"), and the end of the run."""
    of_day = timeline.days.astype(f"datetime64[{unit}]")
    firsts = [day for day in range(len(of_day)) if day == 0 or of_day[day] != of_day[day - 1]]
    return np.array([*firsts, len(of_day)]) * MINUTES_A_DAY


def inside(minutes: pd.Series, low: float, high: float) -> pd.Series:
    return (minutes >= low) & (minutes < high)


def mean(values: pd.Series) -> float:
    return float(values.astype(float).mean()) if len(values) else float("nan")


def of_period(requests: pd.DataFrame, low: float, high: float) -> dict[str, float]:
    """Return the yearly and monthly measures of some requests in one period."""
    plans = requests[inside(requests[m.FINAL_PLAN], low, high)]
    told = requests[inside(requests[m.DECISION_TO_ASSESS], low, high)]
    due = requests[inside(requests["due"], low, high)]
    week6 = told[m.DECISION_TO_ASSESS] // MINUTES_A_DAY <= told["received"] // MINUTES_A_DAY + 42
    counted, weeks = plans[plans["counted"]], plans["days"] / 7
    first_time = plans[m.ORDER_TO_ISSUE].isna().sum()
    return {
        "requests": inside(requests["received"], low, high).sum(),
        "decisions": len(told),
        "refused": mean(told[m.REFUSED].notna()),
        "week6_on_time": mean(week6),
        "completed": first_time + inside(requests[m.NO_PLAN_TOLD], low, high).sum(),
        "plans_issued": len(plans),
        "plans_on_time": plans["on time"].sum(),
        "plans_counted": len(counted),
        "left_out": mean(~plans["counted"]),
        "issued_on_time": mean(counted["on time"]),
        "issued_over_52_weeks": mean(counted["days"] > 364),
        "due_on_time": mean(due["on time"]),
        "mean_weeks": mean(weeks),
        "median_weeks": weeks.median(),
        "p90_weeks": weeks.quantile(0.9),
        "weeks_to_decision": mean((told[m.DECISION_TO_ASSESS] - told["received"]) / 10_080),
    }


def advice(requests: pd.DataFrame, giver: str, bounds: np.ndarray) -> list[dict[str, float]]:
    """Return how one giver answered in each year."""
    asked, given = requests[m.asked(giver)], requests.get(m.advice_in(giver))
    given = pd.Series(np.nan, asked.index) if given is None else given
    days = (given // MINUTES_A_DAY - asked // MINUTES_A_DAY).fillna(np.inf)
    rows = []
    for low, high in pairwise(bounds):
        mine = inside(asked, low, high)
        judged = mine & (asked // MINUTES_A_DAY + 42 < bounds[-1] // MINUTES_A_DAY)
        out = (asked < high) & ~(given < high)
        median = float(np.median(days[mine])) if mine.any() else np.nan
        rows.append(
            {
                "asked": mine.sum(),
                "on_time": mean(days[judged] <= 42),
                "late": (days[judged] > 42).sum(),
                "outstanding": out.sum(),
                "median_days": median if np.isfinite(median) else np.nan,
            }
        )
    return rows


def outcome(case: pd.Series, day: float) -> str:
    """Return what has become of a request by the end of a day."""

    def by(name: str) -> bool:
        return bool(case[name] // MINUTES_A_DAY <= day)

    if by(m.FINAL_PLAN):
        return "issued"
    if by(m.REFUSED) and not by(m.ORDER_TO_ASSESS):
        return "refused"
    if by(m.NO_PLAN_TOLD) and not by(m.ORDER_TO_ISSUE):
        return "no plan"
    return "withdrawn" if by(m.WITHDRAWN) else "open"


def cohort(
    requests: pd.DataFrame, low: float, high: float, weeks: int, until: float
) -> dict[str, float]:
    """Return the shares of the outcomes of requests of a period so many weeks on."""
    mine = requests[inside(requests["received"], low, high)]
    first = mine["received"] // MINUTES_A_DAY
    mine = mine[first + 7 * weeks <= until // MINUTES_A_DAY - 1]
    days = mine["received"] // MINUTES_A_DAY + 7 * weeks
    found = [outcome(row, day) for (_, row), day in zip(mine.iterrows(), days, strict=True)]
    names = ("issued", "refused", "no plan", "withdrawn", "open")
    return {name: mean(pd.Series(found, dtype=object) == name) for name in names}


def spells(requests: pd.DataFrame) -> pd.DataFrame:
    """Return the times in which requests are open: from, to, and when the plan is due."""
    rows = []
    for _, case in requests.iterrows():
        ends = np.nanmin([case[m.REFUSED], case[m.NO_PLAN_TOLD], case[m.FINAL_PLAN],
                          case[m.WITHDRAWN], np.inf])  # fmt: skip
        rows.append((case["received"], ends, 140))
        if case[m.ORDER_TO_ASSESS] >= 0:
            last = np.nanmin([case[m.NO_PLAN_TOLD], case[m.FINAL_PLAN], np.inf])
            rows.append((case[m.ORDER_TO_ASSESS], last, 98))
        if case[m.ORDER_TO_ISSUE] >= 0:
            rows.append((case[m.ORDER_TO_ISSUE], np.nanmin([case[m.FINAL_PLAN], np.inf]), 77))
    table = pd.DataFrame(rows, columns=["from", "to", "allowed"]).dropna()
    table["due"] = (table["from"] // MINUTES_A_DAY + table["allowed"] + 1) * MINUTES_A_DAY
    return table


def reviews(run: Replication) -> pd.DataFrame:
    """Return each review that was arranged: who holds the plan, when it was due and held.

    Of the reviews in whose place a transfer is, the transfer: due when it or the review is.
    """
    visits, cases = visits_of(run.log), run.prepared.cases
    arrived = pd.Series(run.log.arrived, dtype=float)
    here = (cases["kind"] == m.REVIEW) & (arrived != NOT_YET) & (arrived < run.log.until)
    done = visits.pivot_table(index="case", columns="node", values="ended", aggfunc="max")
    told = [m.MAINTAINED, m.AMENDMENT_NOTICE, m.CEASING_TOLD, m.REASSESSMENT_ASKED]
    of_transfers = [m.TRANSFER_BEGUN, m.NO_TRANSFER, m.TRANSFER_MEETING, m.TRANSFER_NOTICE]
    names = [m.REVIEW_MEETING, *told, m.CEASED_AT_REVIEW, m.REASSESSMENT_NOTICE]
    done = done.reindex(columns=[*names, *of_transfers, m.TRANSFER_INSTEAD])
    table = cases.loc[here, ["holder"]].join(done)
    each = [round(float(of.plans.reviews.arranged_days_before)) for _, of in run.periods]
    before = each[0]
    day = (arrived[table.index] // MINUTES_A_DAY).astype(int) + before
    table["due"] = (day + 1) * MINUTES_A_DAY - 1
    last = visits[visits["node"].isin([m.FINAL_PLAN, m.REVIEW_MEETING, m.TRANSFER_MEETING])]
    last = last.set_index(cases.loc[last["case"], "holder"].to_numpy())["ended"].sort_index()
    moved = (run.log.reached(m.BROUGHT_FORWARD) != NOT_YET) | (len(set(each)) > 1)
    counted = [case for case in np.flatnonzero(moved).tolist() if case in table.index]
    for case in counted:
        table.loc[case, "due"] = _due_after_the_last(run, last, cases, case, table.loc[case, "due"])
    table["decided"] = table[told].max(axis=1)
    moving = cases.loc[cases["kind"] == m.TRANSFER, ["holder", "due_minute"]].join(done)
    begun = moving[moving[m.TRANSFER_BEGUN].notna()].sort_values(m.TRANSFER_BEGUN)
    for _, of_plan in begun.groupby("holder"):
        years = [*of_plan[m.TRANSFER_BEGUN], np.inf]
        given_up = table[table["holder"] == of_plan["holder"].iloc[0]]
        for place, (case, one) in enumerate(of_plan.iterrows()):
            instead = given_up[inside(given_up[m.TRANSFER_INSTEAD], years[place], years[place + 1])]
            if np.isnan(one[m.NO_TRANSFER]):
                due = min([one["due_minute"], *instead["due"]])
                table = table.drop(instead.index)
                table.loc[case, ["holder", "due"]] = one["holder"], due
                table.loc[case, m.REVIEW_MEETING] = one[m.TRANSFER_MEETING]
                table.loc[case, ["decided", m.AMENDMENT_NOTICE]] = one[m.TRANSFER_NOTICE]
    return table


def _due_after_the_last(
    run: Replication, last: pd.Series, cases: pd.DataFrame, case: int, else_due: int
) -> int:
    """Return when a review is due by the meeting before it, as things stood at that meeting."""
    holder = cases.loc[case, "holder"]
    mine = last[last.index == holder]
    instead = run.prepared.draw.quantities["minute transfer takes its place"].at(0, case)
    now = mine[mine < min(run.log.arrived[case], instead)].max()
    if np.isnan(now):  # the plan was in hand on the first day, or moved in
        of_plan = int(cases.loc[holder, "due_minute"])
        return of_plan if of_plan >= 0 else else_due
    starts = [run.prepared.network.timeline.minute(day) for day, _ in run.periods]
    held = [settings for s, (_, settings) in zip(starts, run.periods, strict=True) if s <= now]
    of = held[-1].plans.reviews
    young = now < cases.loc[holder, "birth"] + round(5 * 365.25) * MINUTES_A_DAY
    every, before = of.every_days_under_five if young else of.every_days, of.arranged_days_before
    days = max(round(float(every) - float(before)), 1) + round(float(before))
    return int((now // MINUTES_A_DAY + days + 1) * MINUTES_A_DAY - 1)


def plans(run: Replication) -> pd.DataFrame:
    """Return from when to when each plan was in place."""
    visits, cases = visits_of(run.log), run.prepared.cases
    done = visits.groupby(["node", "case"])["ended"].max()

    def of(name: str) -> pd.Series:
        return done.get(name, pd.Series(dtype=float)).dropna()

    opened = pd.concat([of(m.FINAL_PLAN), of(m.PLAN_IN_HAND)]).astype(float)
    opened[cases.loc[opened.index, "kind"] == m.PLAN_AT_START] = -1.0
    ended = of(m.CEASED_AT_REVIEW)
    at_review = ended.groupby(cases.loc[ended.index, "holder"].to_numpy()).min()
    natural = cases.loc[opened.index, "ends"].astype(float)
    end = np.maximum(natural, of(m.FINAL_PLAN).reindex(opened.index).fillna(-np.inf))
    closed = np.minimum(end, at_review.reindex(opened.index).fillna(np.inf))
    return pd.DataFrame({"opened": opened, "closed": closed})


def work_by_month(log: Log, network: Network, team: str) -> pd.DataFrame:
    """Return what a team was asked to do and did in each month."""
    visits, bounds = visits_of(log), bounds_of(network.timeline, "M")
    mine = visits[visits["node"].isin(_works(network, team))]
    plan, rows = network.teams[team], []
    poured = _poured(mine[(mine["resource"] == SHARED) & mine["ended"].notna()], plan)
    for low, high in pairwise(bounds):
        worked = capacity = 0
        for number, post in enumerate(plan.posts):
            jobs = mine[(mine["resource"] == number) & mine["started"].notna()]
            first = jobs["started"].clip(low, high).to_numpy(dtype=np.int64)
            last = jobs["ended"].fillna(bounds[-1]).clip(low, high).to_numpy(dtype=np.int64)
            done = int((post.worked_by(last) - post.worked_by(first)).sum())
            offered = int((offered_by(post, last) - offered_by(post, first)).sum())
            worked += done
            capacity += int(np.diff(offered_by(post, np.array([low, high])))[0]) + done - offered
        if plan.daily is not None:
            capacity += int(plan.daily.minutes[low // MINUTES_A_DAY : high // MINUTES_A_DAY].sum())
        of_team = mine[mine["resource"] != AGENCY]
        bought = mine[(mine["resource"] == AGENCY) & inside(mine["started"], low, high)]
        rows.append(
            {
                "offered_minutes": of_team.loc[
                    inside(of_team["joined"], low, high), "minutes"
                ].sum(),
                "worked_minutes": worked
                + sum(poured[low // MINUTES_A_DAY : high // MINUTES_A_DAY]),
                "agency_minutes": bought["minutes"].sum(),
                "agency_cases": len(bought),
                "queue": ((mine["joined"] < high) & ~(mine["started"] < high)).sum(),
                "capacity_minutes": capacity,
            }
        )
    return pd.DataFrame(rows)


def _poured(jobs: pd.DataFrame, plan: TeamPlan) -> list[int]:
    """Return the minutes of each day of a team of daily hours, as far as its jobs ended."""
    if plan.daily is None:
        return [0] * 100_000
    free = plan.daily.minutes.tolist()
    most = plan.daily.most_a_case.tolist()
    for job in jobs.sort_values(["ended", "started"], kind="stable").itertuples():
        days = range(int(max(job.started, 0)) // MINUTES_A_DAY, int(job.ended) // MINUTES_A_DAY + 1)
        left = int(job.minutes)
        anywhere = range(days[-1], -1, -1)
        for day, largest in [*((d, most[d]) for d in days), *((d, left) for d in anywhere)]:
            given = min(left, largest, free[day])
            free[day] -= given
            left -= given
    return (plan.daily.minutes - np.array(free)).tolist()


def hours(
    log: Log, network: Network, second: Sequence[bool], team: str, kind: str
) -> list[tuple[float, float, float]]:
    """Return the hours of a team, of agencies and that came in, in each year, of one kind."""
    visits, bounds = visits_of(log), bounds_of(network.timeline, "Y")
    of_node = {node.name: node.kind for node in network.pathway if isinstance(node, Work)}
    told = visits["node"].map(of_node)
    told = told.mask(np.array(second, dtype=bool) & (told == "assessments"), "second assessments")
    mine = visits[visits["node"].isin(_works(network, team)) & (told == kind)]
    posts, rows = network.teams[team].posts, []
    for low, high in pairwise(bounds):
        over = mine[inside(mine["ended"], low, high)]
        own = over.loc[(over["resource"] >= 0) | (over["resource"] == SHARED), "minutes"].sum()
        if high == bounds[-1]:
            for _, job in mine[(mine["resource"] >= 0) & mine["ended"].isna()].iterrows():
                ends = np.array([job["started"], high], dtype=np.int64)
                own += int(np.diff(posts[int(job["resource"])].worked_by(ends))[0])
        bought = over.loc[over["resource"] == AGENCY, "minutes"].sum()
        came = mine.loc[inside(mine["joined"], low, high), "minutes"].sum()
        rows.append((own / 60, bought / 60, came / 60))
    return rows


def _works(network: Network, team: str) -> list[str]:
    return [n.name for n in network.pathway if isinstance(n, Work) and n.team == team]
