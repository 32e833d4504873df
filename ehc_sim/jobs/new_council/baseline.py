"""What a council's baseline is made of: every number that DfE has, with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ehc_sim.jobs.new_council import disputes_part, plans_part, published, requests_part, staffing
from ehc_sim.jobs.new_council.figures import Figures, Found
from ehc_sim.jobs.new_council.numbers import (
    FEWEST,
    ByYear,
    Said,
    count,
    last,
    share_by_year,
    written,
)
from ehc_sim.jobs.new_council.stock import StockInHand

SITTINGS, ROOM, TO_PANEL = 26, 2.5, 0.15
"""Sittings of a panel a year, how many times the cases it has room for, and which amendments go."""
CLAIMED = 0.05
"""Share of plans with an exception from which on a council is taken to claim them."""


@dataclass(frozen=True)
class Dates:
    """The dates of a run: years of its start and of the record's end, and days as texts."""

    run_from: int
    last_year: int
    plan_from: str
    plan_until: str
    window_from: str
    window_until: str


def context(found: Found, stock: StockInHand, dates: Dates) -> dict[str, Any]:
    """Return what the template of a baseline is filled with."""
    own, start = found.own, dates.run_from
    refused = disputes_part.refused(found, start)
    mediation = share_by_year(
        found, "mediated", ["refused"], "{part} mediations of {whole} refusals", start
    )
    appeals = disputes_part.appeals(found, start)
    mediation, appeals = disputes_part.together(mediation, appeals)
    no_plan = share_by_year(
        found, "not_issued", ["issued", "not_issued"],
        "{part} of {whole} assessments without a plan", start,
    )  # fmt: skip
    withdrawn = share_by_year(
        found, "withdrawn", ["requests"], "{part} of {whole} requests withdrawn", start
    )
    ages = requests_part.ages(found)
    flows = plans_part.turnover(found, stock, ages, start)
    work = work_of(found, refused, stock, flows.moved_in.value)
    evidence = requests_part.evidence(found, start)
    by_year = {
        "requests.evidence.mean_days": evidence,
        "decision_to_assess.refused": refused,
        "decision_to_assess.withdrawn": withdrawn,
        "decision_to_issue.no_plan": no_plan,
        "disputes.mediation.share": mediation,
        "disputes.appeals.share": appeals,
        "plans.ceased_a_year": flows.ceased,
    }
    target, target_note = _target(work.on_time)
    claimed, exceptions = _exceptions(own)
    a_year = work.requests + work.completed + TO_PANEL * work.amended
    cases = ROOM * a_year / SITTINGS
    return {
        "council": own.place,
        "last_year": dates.last_year,
        "run_from": dates.run_from,
        "plan_from": dates.plan_from,
        "plan_until": dates.plan_until,
        "window_from": dates.window_from,
        "window_until": dates.window_until,
        "target": target,
        "target_note": target_note,
        "sources": requests_part.sources(found),
        "ages": ages,
        "evidence": evidence,
        "needs": requests_part.needs(found),
        "out_of_school": requests_part.out_of_school(found),
        "refused": refused,
        "refused_at_margin": disputes_part.at_margin(refused.last),
        "withdrawn": withdrawn,
        "odds_by_source": requests_part.odds_by_source(found),
        "odds_by_age": requests_part.odds_by_age(found),
        "no_plan": no_plan,
        "recorded_again": Said(
            round(0.2 * 0.6 * refused.last.value, 3),
            note="Share of the requests on record that were made again: what ask_again gives of "
            "the refusals that stand.",
        ),
        "mediation": mediation,
        "agreed": disputes_part.agreed(found),
        "appeals": appeals,
        "after_mediation": disputes_part.after_mediation(found),
        "stock_source": stock.source,
        "times": stock.times,
        "flows": flows,
        **flows.outcomes,
        "exceptions_claimed": claimed,
        "exceptions_source": exceptions,
        "work": work,
        "posts": staffing.posts(work),
        "panel_cases": max(10, int(np.ceil(cases / 10) * 10)),
        "changes": [
            (what, year, number) for what, of in by_year.items() for year, number in of.later
        ],
    }


def work_of(found: Found, refused: ByYear, stock: StockInHand, moved_in: float) -> staffing.Work:
    """Return what the council's teams have to do in a year, as in its last two years.

    Where most plans are on time, as in the last year: there is no queue, so that was all the work.
    """
    own = found.own
    in_time = published.on_time(own)
    lately = [one for year, one in in_time.items() if year >= max(in_time) - 1]
    on_time = sum(one[0] for one in lately) / sum(one[1] for one in lately) if lately else 0.5
    years = 1 if on_time >= staffing.MOST_ON_TIME else 2
    plans = last(own.of("plans"), 1) or float(stock.table["plans"].sum())
    requests = last(own.of("requests"), years)
    done = last(published.completed(own), years) or 0.7 * requests * (1 - refused.last.value)
    england = found.shipped
    reviewed = last(own.of("reviewed"), 1) or plans * _ratio(england, "reviewed", "plans")
    outcomes = [last(own.of(f"review_{one}"), 1) for one in ("amended", "maintained", "ceased")]
    share = outcomes[0] / sum(outcomes) if sum(outcomes) >= FEWEST else 0.6
    refusals = last(own.of("refused")) or requests * refused.last.value
    return staffing.Work(
        requests=requests,
        completed=done,
        issued=last(own.of("issued"), years) or 0.94 * done,
        busiest=max(own.of("issued").values(), default=0.94 * done),
        plans=plans,
        reviewed=reviewed,
        amended=share * reviewed,
        transfers=0.13 * plans,
        mediated=last(own.of("mediated")) or refusals * _ratio(england, "mediated", "refused"),
        appealed=last(own.of("appealed")) or refusals * _ratio(england, "appealed", "refused"),
        moved_in=moved_in,
        on_time=on_time,
    )


def _ratio(figures: Figures, part: str, whole: str) -> float:
    return last(figures.of(part), 1) / last(figures.of(whole), 1)


def _target(on_time: float) -> tuple[str, str]:
    share = min(0.95, max(0.5, round((on_time + 0.1) * 20) / 20))
    note = (
        "A default, to be chosen by the council: ten points above its last two years, half of the "
        f"plans at least; {on_time:.0%} were on time. The law asks for every plan."
    )
    return written(share), note


def _exceptions(own: Figures) -> tuple[bool, str]:
    every, without = own.of("counted"), own.of("counted_ex")
    years = sorted(set(every) & set(without))
    if not years:
        return False, "not known"
    year = years[-1]
    claimed = every[year] - without[year]
    of = f"{count(claimed)} of {count(every[year])} plans"
    told = f"{own.edition}, {own.place} {year}: exceptions in {of}"
    if published.with_exceptions(own, year):
        return False, f"{told}, so published.csv has the measure with exceptions counted"
    return claimed > CLAIMED * every[year], told
