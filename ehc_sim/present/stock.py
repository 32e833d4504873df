"""The plans already in place, in words: how many, their reviews, and whose hours they take."""

import math

from ehc_sim.present import figures, words
from ehc_sim.present.figures import Figure
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import Standing

REVIEWS = "annual reviews"
_TOLD_TOGETHER = (
    *(figures.EVERY_KIND, figures.ALL_ASSESSMENTS, figures.ALL_ON_PLANS),
    *("assessments", "second assessments"),
)
_LEAST_SHARE = 0.005
_ONE_POINT = 0.01


def plans_in_place(frames: Frames, now: Standing) -> list[str]:
    """Return what the stock of plans does with the baseline, in words.

    Empty for a scenario without a stock of plans, and for folders that do not tell.
    """
    name = now.baseline.scenario
    year = figures.target_year(frames, frames.plans)
    if year is None:
        return []
    stock = figures.of_year(frames, "plans", scenario=name, year=year, measure="at_end")
    if stock is None or stock.median < 1:
        return []
    said = [_how_many(frames, name, year, stock)]
    said += [
        sentence
        for sentence in (
            _reviews(frames, name, year),
            _hours(frames, name, year),
            between_options(now),
        )
        if sentence
    ]
    return said


def between_options(now: Standing) -> str:
    """Return between which options the reviews differ, and by how much; empty if not known."""
    known = [o for o in now.table_order if math.isfinite(o.review_decisions_on_time)]
    if len(known) < 2:
        return ""
    fewest = min(known, key=lambda option: option.review_decisions_on_time)
    most = max(known, key=lambda option: option.review_decisions_on_time)
    if most.review_decisions_on_time - fewest.review_decisions_on_time < _ONE_POINT:
        return "No option changes much about how many reviews are decided in time."
    return (
        "Between the options, the share of reviews decided within four weeks goes from "
        f"{words.percent(fewest.review_decisions_on_time)} ({words.quoted([fewest.scenario])}) to "
        f"{words.percent(most.review_decisions_on_time)} ({words.quoted([most.scenario])})."
    )


def _how_many(frames: Frames, name: str, year: int, at_end: Figure) -> str:
    at_start = figures.plans_at_start(frames, name)
    told = at_end.counted
    ends = f"{told.figure} at the end of {year} ({told.range} in 8 of 10 futures)"
    if at_start is None:
        return f"With {words.quoted([name])} there are {ends} plans already in place."
    return (
        f"With {words.quoted([name])}, {words.number(at_start.median)} plans are in place at the "
        f"start of {figures.plan_starts(frames)} and {ends}. "
        "The teams that assess children also review these plans, amend them and answer appeals."
    )


def _reviews(frames: Frames, name: str, year: int) -> str:
    where = {"scenario": name, "year": year}
    decided = figures.of_year(frames, "reviews", **where, measure="decided_on_time")
    overdue = figures.of_year(frames, "reviews", **where, measure="overdue_at_end")
    transfers = figures.of_year(frames, "reviews", **where, measure="transfers_on_time")
    appeals = figures.of_year(frames, "decisions", **where, measure="appeals")
    said = []
    if decided is not None:
        share = words.percent_range(decided.low80, decided.high80)
        said.append(
            f"{words.percent(decided.median)} of reviews are decided within four weeks of the "
            f"meeting ({share} in 8 of 10 futures)"
        )
    if overdue is not None:
        said.append(
            f"{overdue.counted.figure} plans have a review overdue at the year's end (not yet "
            "decided)"
        )
    if transfers is not None:
        said.append(f"{words.percent(transfers.median)} of phase transfers are on time")
    if appeals is not None:
        said.append(f"families make {appeals.counted.figure} appeals")
    return f"In {year}, {words.join(said)}." if said else ""


def _hours(frames: Frames, name: str, year: int) -> str:
    """Return how the team that reviews plans spends its hours, the largest share first."""
    hours = figures.by_kind(frames, name, year, "hours")
    reviews = hours[hours.index.get_level_values("kind") == REVIEWS].droplevel("kind")
    if not reviews.max() > 0:
        return ""
    team = str(reviews.idxmax())
    shares = figures.by_kind(frames, name, year, "share")
    shares = shares[shares.index.get_level_values("team") == team].droplevel("team")
    assessed = shares.get(figures.ALL_ASSESSMENTS)
    whole = {"team": team, "kind": figures.EVERY_KIND, "measure": "hours"}
    every = figures.of_year(frames, "hours", scenario=name, year=year, **whole)
    if assessed is None or every is None:
        return ""
    told = [
        f"{kind} {words.percent(share)}"
        for kind, share in shares.sort_values(ascending=False, kind="stable").items()
        if kind not in _TOLD_TOGETHER and share >= _LEAST_SHARE
    ]
    return (
        f"Of the {every.counted.figure} hours that {team} work in {year}, assessments take "
        f"{words.percent(assessed)}; {words.join(told)}."
    )
