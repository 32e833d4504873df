"""What a council's baseline is made of: every number that DfE has, with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ehc_sim.jobs.new_council import published, staffing
from ehc_sim.jobs.new_council.ages import GROUPS, TRANSFER_AGES, in_groups, in_years
from ehc_sim.jobs.new_council.figures import Figures, Found
from ehc_sim.jobs.new_council.numbers import (
    FEWEST,
    ByYear,
    Said,
    count,
    parts_by_group,
    quoted,
    share_by_year,
    shares,
    written,
    years_in_words,
)
from ehc_sim.jobs.new_council.stock import StockInHand

NAMED_NEEDS = ("SEMH", "ASD", "SLCN", "MLD")
"""Needs by which advice differs; all others are one."""
ALL_NEEDS = (*NAMED_NEEDS, "HI", "MSI", "OTH", "PD", "PMLD", "SLD", "SPLD", "VI")
CLAIMED = 0.05
"""Share of plans with an exception from which on a council is taken to claim them."""
LEAST_REFUSED = 0.01
"""Share refused below which nothing can be said of those at the margin."""
ODDS = (0.05, 20.0)
"""Odds of refusal beyond which a few cases speak."""


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
    refused = _refused(found, start)
    mediation = share_by_year(
        found, "mediated", ["refused"], "{part} mediations of {whole} refusals", start
    )
    appeals = _appeals(found, start)
    mediation, appeals = _together(mediation, appeals)
    no_plan = share_by_year(
        found, "not_issued", ["issued", "not_issued"],
        "{part} of {whole} assessments without a plan", start,
    )  # fmt: skip
    withdrawn = share_by_year(
        found, "withdrawn", ["requests"], "{part} of {whole} requests withdrawn", start
    )
    ceased = _ceased(found, start)
    work = work_of(found, refused, stock)
    last_on_time = work.on_time
    by_year = {
        "decision_to_assess.refused": refused,
        "decision_to_assess.withdrawn": withdrawn,
        "decision_to_issue.no_plan": no_plan,
        "disputes.mediation.share": mediation,
        "disputes.appeals.share": appeals,
        "plans.ceased_a_year": ceased,
    }
    target, target_note = _target(last_on_time)
    claimed, exceptions = _exceptions(own)
    sittings = 26
    cases = 2.5 * (work.requests + work.completed + 0.15 * work.amended) / sittings
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
        "sources": _sources(found),
        "ages": _ages(found),
        "needs": _needs(found),
        "out_of_school": _out_of_school(found),
        "refused": refused,
        "refused_at_margin": _at_margin(refused.last),
        "withdrawn": withdrawn,
        "odds_by_source": _odds_by_source(found),
        "odds_by_age": _odds_by_age(found),
        "no_plan": no_plan,
        "recorded_again": Said(
            round(0.2 * 0.6 * refused.last.value, 3),
            note="Share of the requests on record that were made again: what ask_again gives of "
            "the refusals that stand.",
        ),
        "mediation": mediation,
        "agreed": _agreed(found),
        "appeals": appeals,
        "after_mediation": _after_mediation(found),
        "stock_source": stock.source,
        "times": stock.times,
        "moved_in": _moved_in(found),
        "moved_out": _moved_out(found),
        "ceased": ceased,
        "ceased_by_age": _ceased_by_age(found),
        **_reviews(found),
        "exceptions_claimed": claimed,
        "exceptions_source": exceptions,
        "posts": staffing.posts(work),
        "panel_cases": max(10, int(np.ceil(cases / 10) * 10)),
        "changes": [
            (what, year, number) for what, of in by_year.items() for year, number in of.later
        ],
    }


def work_of(found: Found, refused: ByYear, stock: StockInHand) -> staffing.Work:
    """Return what the council's teams have to do in a year, as in its last two years."""
    own = found.own
    plans = _last(own.of("plans"), 1) or float(stock.table["plans"].sum())
    requests = _last(own.of("requests"))
    done = _last(published.completed(own)) or 0.7 * requests * (1 - refused.last.value)
    england = found.shipped
    reviewed = _last(own.of("reviewed"), 1) or plans * _ratio(england, "reviewed", "plans")
    outcomes = [_last(own.of(f"review_{one}"), 1) for one in ("amended", "maintained", "ceased")]
    share = outcomes[0] / sum(outcomes) if sum(outcomes) >= FEWEST else 0.6
    refusals = _last(own.of("refused")) or requests * refused.last.value
    in_time = published.on_time(own)
    whole = sum(one[1] for year, one in in_time.items() if year >= max(in_time) - 1)
    part = sum(one[0] for year, one in in_time.items() if year >= max(in_time) - 1)
    return staffing.Work(
        requests=requests,
        completed=done,
        issued=_last(own.of("issued")) or 0.94 * done,
        plans=plans,
        reviewed=reviewed,
        amended=share * reviewed,
        transfers=0.13 * plans,
        mediated=_last(own.of("mediated")) or refusals * _ratio(england, "mediated", "refused"),
        appealed=_last(own.of("appealed")) or refusals * _ratio(england, "appealed", "refused"),
        moved_in=_moved_in(found).value,
        on_time=part / whole if whole else 0.5,
    )


def _last(by_year: dict[int, float], years: int = 2) -> float:
    """Return the mean of the last years that are known; 0 where none is."""
    last = [by_year[year] for year in sorted(by_year)[-years:]]
    return sum(last) / len(last) if last else 0.0


def _ratio(figures: Figures, part: str, whole: str) -> float:
    return _last(figures.of(part), 1) / _last(figures.of(whole), 1)


def _target(on_time: float) -> tuple[str, str]:
    share = min(0.95, max(0.5, round((on_time + 0.1) * 20) / 20))
    note = (
        "A default, to be chosen by the council: ten points above its last two years, half of the "
        f"plans at least; {on_time:.0%} were on time. The law asks for every plan."
    )
    return written(share), note


def _refused(found: Found, start: int) -> ByYear:
    """Return the share of decisions that refuse; of requests where decisions are not known."""
    decided = share_by_year(
        found, "refused", ["agreed", "refused"], "{part} refused of {whole} decisions", start
    )
    of_requests = share_by_year(
        found, "refused", ["requests"], "{part} refused of {whole} requests", start
    )
    if not of_requests.own or not decided.own:
        return of_requests if of_requests.own else decided
    told = sorted({**of_requests.own, **decided.own}.items())
    return ByYear(told[0][1], tuple(told[1:]), told[0][0])


def _at_margin(refused: Said) -> Said:
    """Return the share refused at which disputes were counted; a hundredth at least."""
    if refused.value >= LEAST_REFUSED:
        return refused
    return Said(
        LEAST_REFUSED, refused.source, "Fewer than 1 in 100 are refused: taken as 1 in 100."
    )


def _appeals(found: Found, start: int) -> ByYear:
    """Return the share of refusals that are appealed without a mediation."""
    direct = {
        place: _with(figures, "appealed_directly", _less(figures, "appealed", "appealed_after_mediation"))
        for place, figures in (("own", found.own), ("england", found.england), ("shipped", found.shipped))
    }  # fmt: skip
    more = Found(**direct, council=found.council, part_years=found.part_years, notes=found.notes)
    return share_by_year(
        more, "appealed_directly", ["refused"],
        "{part} appeals without a mediation, {whole} refusals", start,
    )  # fmt: skip


def _less(figures: Figures, whole: str, part: str) -> dict[int, float]:
    parts = figures.of(part)
    return {
        year: max(value - parts[year], 0.0)
        for year, value in figures.of(whole).items()
        if year in parts
    }


def _with(figures: Figures, measure: str, by_year: dict[int, float]) -> Figures:
    index = pd.MultiIndex.from_tuples(
        [(year, measure, "all", "all") for year in by_year], names=figures.table.index.names
    )
    more = pd.Series(list(by_year.values()), index=index, dtype=np.float64)
    table = pd.concat([figures.table, more]) if by_year else figures.table
    return Figures(figures.place, table, figures.edition)


def _together(mediation: ByYear, appeals: ByYear) -> tuple[ByYear, ByYear]:
    """Return both shares of refusals so that they are 1 at most together."""

    def capped(of: ByYear, most: float) -> ByYear:
        def one(number: Said) -> Said:
            if number.value <= most:
                return number
            note = f"More in the figures, {number.value:.0%} of refusals: taken as {most:.0%}."
            return Said(most, number.source, note)

        later = tuple((year, one(number)) for year, number in of.later)
        return ByYear(one(of.first), later, of.first_year)

    return capped(mediation, 0.7), capped(appeals, 0.3)


def _agreed(found: Found) -> Said:
    """Return the share of mediations that end in an assessment, by the plans that are left out."""
    own = found.own
    years = [
        year
        for year in own.of("mediated")
        if all(year in own.of(name) for name in ("appealed", "issued", "counted"))
    ][-2:]
    mediated, appealed, issued, counted = (
        own.total(name, years) for name in ("mediated", "appealed", "issued", "counted")
    )
    if not years or mediated < FEWEST or issued < counted:
        return Said(0.5, note="Not published; England's plans left out of DfE's measure after a "
                    "mediation or appeal, 8% in 2025, would be about so many.", low=0.3, high=0.7)  # fmt: skip
    share = float(np.clip((issued - counted - 0.7 * appealed) / mediated, 0.1, 0.85))
    told = f"{count(issued - counted)} of {count(issued)} plans of {years_in_words(years)} left out of DfE's"
    note = f"Not published. By {told} measure after a mediation or appeal, and {count(mediated)} mediations."
    return Said(round(share, 2), note=note, low=round(max(share - 0.1, 0.02), 2),
                high=round(min(share + 0.1, 0.95), 2))  # fmt: skip


def _after_mediation(found: Found) -> Said:
    for figures in found.places:
        mediated, appealed = (figures.of(name) for name in ("mediated", "appealed_after_mediation"))
        years = sorted(set(mediated) & set(appealed))[-2:]
        whole, part = (sum(of[year] for year in years) for of in (mediated, appealed))
        if whole >= FEWEST:
            note = "Of mediations without agreement, taken as half of them."
            source = f"{figures.edition}, {figures.place} {years_in_words(years)}: {count(part)} appeals after {count(whole)} mediations"  # noqa: E501
            return Said(min(part / whole / 0.5, 0.9), source, note)
    raise AssertionError("the shipped figures have mediations")


def _sources(found: Found) -> dict[str, Said]:
    counts, source, note = parts_by_group(found, "requests", "source", 1)
    parts = shares(_three_sources(counts))
    return {
        name: Said(share, f"{source}: source of request", note) for name, share in parts.items()
    }


def _three_sources(counts: pd.Series[float]) -> pd.Series[float]:
    def which(label: str) -> str:
        low = label.lower()
        if "parent" in low or "young person" in low:
            return "parent or young person"
        return "school or setting" if "school" in low or "setting" in low else "other"

    groups = ["school or setting", "parent or young person", "other"]
    return counts.groupby(which).sum().reindex(groups, fill_value=0.0)


def _ages(found: Found) -> dict[str, Said]:
    counts, source, note = parts_by_group(found, "requests", "age")
    ages = pd.Series({str(min(age, 24)): n for age, n in in_years(counts).items()})
    return {
        name: Said(share, f"{source}: requests by age", note)
        for name, share in sorted(shares(ages).items(), key=lambda one: int(one[0]))
        if share > 0
    }


def _needs(found: Found) -> dict[str, Said]:
    for figures in found.places:
        years = sorted(figures.of("SEMH"))[-1:]
        counts = {need: figures.of(need).get(year, 0.0) for year in years for need in ALL_NEEDS}
        if sum(counts.values()) >= 50:
            named = {need: counts[need] for need in NAMED_NEEDS}
            every = pd.Series({**named, "other": sum(counts.values()) - sum(named.values())})
            note = "" if figures is found.own else "England's: the council's are not there or few."
            source = f"{figures.edition}, {figures.place}, {years[0]}: primary need of new plans"
            return {need: Said(share, source, note) for need, share in shares(every).items()}
    raise AssertionError("the shipped figures have needs")


def _out_of_school(found: Found) -> Said:
    for figures in found.places:
        years = sorted(set(figures.of("out_of_school")) & set(figures.of("other_arrangements")))[
            -2:
        ]
        new = figures.total("new_plans", years)
        out = figures.total("out_of_school", years) + figures.total("other_arrangements", years)
        if years and new >= 200 and 0 < out < 0.3 * new:
            source = f"{figures.edition}, new plans of {years_in_words(years)}: other arrangements by the council, and not in education at compulsory school age, {figures.place} {count(out)} of {count(new)}"  # noqa: E501
            share = out / new
            return Said(share, source, low=0.4 * share, high=min(1.7 * share, 1))
    raise AssertionError("the shipped figures have new plans")


def _odds_by_source(found: Found) -> str:
    for figures in found.places:
        years = figures.years_by("agreed", "source")[-1:]
        refused, agreed = (
            _three_sources(figures.by(name, "source", years)) for name in ("refused", "agreed")
        )
        if years and min(refused.min(), agreed.min()) >= 10:
            school = refused["school or setting"] / agreed["school or setting"]
            told = []
            for name in ("parent or young person", "other"):
                odds = float(np.clip(refused[name] / agreed[name] / school, *ODDS))
                source = f"{figures.edition}, {figures.place} {years[0]}: {count(refused[name])} refused and {count(agreed[name])} agreed; of schools {count(refused['school or setting'])} and {count(agreed['school or setting'])}"  # noqa: E501
                told.append(f"{quoted(name)} = {Said(odds, source)}")
            return ", ".join(told)
    raise AssertionError("the shipped figures have who asked")


def _odds_by_age(found: Found) -> str:
    for figures in found.places:
        years = figures.years_by("agreed", "age")[-2:]
        refused, agreed = (
            in_groups(in_years(figures.by(name, "age", years))) for name in ("refused", "agreed")
        )
        if years and min(*refused.values(), *agreed.values()) >= 10:
            every = sum(refused.values()) / sum(agreed.values())
            source = f"{figures.edition}, {figures.place} {years_in_words(years)}: refused and agreed by age"
            return ", ".join(
                f"{quoted(name)} = {Said(refused[name] / agreed[name] / every, source)}"
                for name in GROUPS
            )
    raise AssertionError("the shipped figures have decisions by age")


def _moved_in(found: Found) -> Said:
    """Return the plans that move in a year: what the stock needs beside new and ended plans."""
    own = found.own
    plans, new, ended = own.of("plans"), own.of("issued"), own.of("ended")
    closing = {
        year: plans[year + 1] - plans[year] - new[year] + ended[year]
        for year in sorted(new)
        if year in ended and year in plans and year + 1 in plans
    }
    if closing:
        mean = sum(closing.values()) / len(closing)
        least, most = 0.005 * plans[max(plans)], 0.06 * plans[max(plans)]
        value = float(np.clip(mean, least, most))
        each = ", ".join(f"{n:+,.0f} in {year}" for year, n in closing.items())
        note = f"Closing entry, kept between 0.5% and 6% of plans: what DfE's stocks need beside new and ended plans ({each})."  # noqa: E501
        return Said(round(value), note=note)
    stock = _last(plans, 1)
    return Said(
        round(0.024 * stock), note="Assumed: as many as move out in England, 2.4% of plans."
    )


def _moved_out(found: Found) -> Said:
    for figures in found.places:
        years = [year for year in figures.of("moved_away") if _stock(figures, year)]
        moved = figures.total("moved_away", years)
        stock = sum(_stock(figures, year) for year in years)
        if years and stock >= 200:
            source = f"{figures.edition}, {figures.place} {years_in_words(years)}: {count(moved)} plans moved to other councils of some {count(stock / len(years))} a year"  # noqa: E501
            return Said(min(moved / stock, 0.2), source)
    raise AssertionError("the shipped figures have plans that moved")


def _stock(figures: Figures, year: int) -> float:
    """Return the plans in place in the middle of a year; of one January alone where only it is."""
    plans = figures.of("plans")
    both = [plans[one] for one in (year, year + 1) if one in plans]
    return sum(both) / len(both) if both else 0.0


def _ceased(found: Found, start: int) -> ByYear:
    for figures in found.places:
        told = []
        for year, ended in _less(figures, "ended", "moved_away").items():
            stock = _stock(figures, year)
            if stock >= 200 and ended <= 0.5 * stock:
                source = f"{figures.edition}, {figures.place} {year}: {count(ended)} plans ceased otherwise than by a move, of some {count(stock)}"  # noqa: E501
                told.append((year, Said(ended / stock, source)))
        if told:
            if figures is not found.own:  # England's last year is for the whole run
                return ByYear(told[-1][1])
            later = tuple(one for one in told[1:] if one[0] > start)
            return ByYear(told[0][1], later, told[0][0])
    raise AssertionError("the shipped figures have plans that ended")


def _ceased_by_age(found: Found) -> str:
    for figures in found.places:
        years = [
            year
            for year in figures.years_by("ended", "age")
            if {year, year + 1} & set(figures.years_by("plans", "age"))
        ][-2:]
        ended = in_groups(_less_by_age(figures, years))
        of_plans = figures.years_by("plans", "age")[-1:]
        plans = in_groups(in_years(figures.by("plans", "age", of_plans)))
        if sum(ended.values()) >= FEWEST_ENDED and min(plans.values()) > 0:
            every = sum(ended.values()) / sum(plans.values())
            source = (
                f"{figures.edition}, {figures.place} {years_in_words(years)}: ceased plans by age"
            )
            return ", ".join(
                f"{quoted(name)} = {Said(min(ended[name] / plans[name] / every, 15.0), source)}"
                for name in GROUPS
            )
    raise AssertionError("the shipped figures have plans that ended by age")


FEWEST_ENDED = 60


def _less_by_age(figures: Figures, years: list[int]) -> dict[int, float]:
    ended, moved = (in_years(figures.by(name, "age", years)) for name in ("ended", "moved_away"))
    return {age: max(n - moved.get(age, 0.0), 0.0) for age, n in ended.items()}


def _reviews(found: Found) -> dict[str, Any]:
    """Return the shares of reviews that amend or cease a plan, by age."""
    for figures in found.places:
        years = figures.years_by("review_amended", "age")[-1:]
        amended, kept, ceased = (
            in_years(figures.by(f"review_{name}", "age", years))
            for name in ("amended", "maintained", "ceased")
        )
        every = {age: n + kept.get(age, 0) + ceased.get(age, 0) for age, n in amended.items()}
        plain = [age for age in every if age not in TRANSFER_AGES and age < 16]
        whole = sum(every[age] for age in plain)
        if not years or whole < FEWEST_BY_AGE:
            continue
        part = sum(amended[age] for age in plain)
        share = min(part / whole, 0.95)
        source = f"{figures.edition}, annual reviews, {figures.place} {years[0]}"
        note = "" if figures is found.own else "England's: the council's are not there or few."
        told = []
        for name, ages in (("16", (16,)), ("17", (17,)), ("18", (18,)), ("16-25", range(19, 26))):
            outcomes = sum(every.get(age, 0) for age in ages)
            if outcomes >= FEWEST and share > 0:
                mine = sum(amended.get(age, 0) for age in ages) / outcomes
                times = Said(mine / share, f"{source}: {mine:.0%} of {count(outcomes)} outcomes")
                told.append(f"{quoted(name)} = {times}")
        gone = sum(ceased.values())
        return {
            "amended": Said(
                share, f"{source}, ages without a transfer: {count(part)} of {count(whole)} outcomes",
                note,
            ),
            "amended_by_age": ", ".join(told),
            "review_ceased": Said(
                min(gone / sum(every.values()), 0.04),
                f"{source}: {count(gone)} of {count(sum(every.values()))} outcomes", note,
            ),
        }  # fmt: skip
    raise AssertionError("the shipped figures have reviews")


FEWEST_BY_AGE = 100


def _exceptions(own: Figures) -> tuple[bool, str]:
    every, without = own.of("counted"), own.of("counted_ex")
    years = sorted(set(every) & set(without))
    if not years:
        return False, "not known"
    year = years[-1]
    claimed = every[year] - without[year]
    told = f"{own.edition}, {own.place} {year}: exceptions in {count(claimed)} of {count(every[year])} plans"
    if published.with_exceptions(own, year):
        return False, f"{told}, so published.csv has the measure with exceptions counted"
    return claimed > CLAIMED * every[year], told
