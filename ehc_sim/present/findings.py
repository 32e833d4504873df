"""The briefing's other findings: overload, waiting, groups, and what could be wrong."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from ehc_sim.present import past, words
from ehc_sim.present.charts import load, recovery, waiting
from ehc_sim.present.frames import Frames, records
from ehc_sim.present.reading import Option, Standing
from ehc_sim.present.style import NothingToDraw

_GROUPINGS = ("source", "age group", "need", "area")
"""Ways of grouping children that a sentence can hold; single years of age cannot."""


class Overload(NamedTuple):
    """A team that gets more work than it has hours for: its load in a year."""

    team: str
    load: float
    year: int


def overload(frames: Frames, now: Standing) -> list[str]:
    """Return warnings, in words, of teams that get more work than they have hours for."""
    over = [option for option in now.ranked if option.overloaded_teams]
    if not over:
        return ["In no option does any team get more work than it has hours for."]
    said = []
    if now.baseline.overloaded_teams:
        said.append(
            f"With {_name(now.baseline)}, {words.join(now.baseline.overloaded_teams)} get more "
            f"work than they have hours for{_most_of_all(frames, now.baseline)}. While that lasts "
            "the queue keeps growing: there is no settled wait to quote, and the later the year, "
            "the longer the wait."
        )
    best = now.best
    if not (best.is_baseline or now.none_is_enough):
        teams = words.join(best.overloaded_teams)
        said.append(
            f"{_name(best)} still leaves {teams} with more work than hours."
            if teams
            else f"{_name(best)} leaves no team with more work than hours."
        )
    if len(over) == len(now.ranked) > 1:
        said.append("At least one team is overloaded in every option.")
    elif len(now.ranked) > 1:
        said.append(
            f"At least one team is overloaded in {words.how_many(len(over))} of the "
            f"{words.how_many(len(now.ranked))} options."
        )
    return said


def overloads(frames: Frames, option: Option) -> list[Overload]:
    """Return the loads of an option's overloaded teams in the target's year, the heaviest first.

    Where that year has none, the other years of the plan are looked at. Empty where no load is
    known.
    """
    try:
        loads = load.by_year(frames, option.scenario)
    except NothingToDraw:
        return []
    loads = loads[loads["team"].isin(option.overloaded_teams) & (loads["load"] > 1)]
    in_year = loads[loads["year"] == words.year_of(option.window)]
    heaviest = (loads if in_year.empty else in_year).sort_values("load", ascending=False)
    return [
        Overload(str(row["team"]), float(row["load"]), int(row["year"]))
        for row in records(heaviest.drop_duplicates("team"))
    ]


def where_cases_wait(frames: Frames, now: Standing) -> str:
    """Return where open cases wait at the end of the plan with the baseline; empty if not known."""
    try:
        steps = waiting.by_step(frames, now.baseline.scenario)
    except NothingToDraw:
        return ""
    last = steps.iloc[-1]
    longest = last.drop(labels=waiting.OTHER, errors="ignore").nlargest(3)
    said = [
        f"{words.uncapital(str(step))} {words.number(cases)}" for step, cases in longest.items()
    ]
    month = f"{steps.index[-1]:%B %Y}"
    return (
        f"With {_name(now.baseline)}, about {words.number(last.sum())} cases are open in {month}; "
        f"the steps with most are {words.join(said)}."
    )


def groups(frames: Frames, now: Standing) -> list[str]:
    """Return, for each way of grouping children, who is served least and most in time.

    Groups of fewer than six plans are left out and counted.
    """
    rows = frames.series("yearly", scenario=now.baseline.scenario)
    rows = rows[rows["by"].isin(_GROUPINGS)]
    if frames.plan_from is not None:
        rows = rows[rows["year"] >= frames.plan_from.year]
    rows = rows[rows["year"] == rows["year"].min()]
    return [said for by, part in rows.groupby("by", sort=False) if (said := _group(str(by), part))]


def recoveries(frames: Frames, now: Standing) -> str:
    """Return when the published percentage is back at the target, for the options charted."""
    names = recovery.shown(frames)
    options = [option for option in now.table_order if option.scenario in names]
    said = [
        f"with {_name(option)} from {words.month(option.recovers)}"
        for option in options
        if option.recovers
    ]
    never = [option.scenario for option in options if not option.recovers]
    sentences = []
    if said:
        sentences.append(
            f"The percentage over 12 months reaches the target and stays there {words.join(said)}."
        )
    if never:
        sentences.append(
            "Within the plan the percentage over 12 months does not reach the target and stay "
            f"there with {words.quoted(never)}."
        )
    oldest = {words.weeks(option.oldest_weeks_at_end) for option in options}
    if len(options) > 1 and len(oldest) == 1 and words.NOT_KNOWN not in oldest:
        sentences.append(
            f"The oldest case without a draft plan has waited {oldest.pop()} at the end with each "
            "of them: none of them shortens that wait."
        )
    return " ".join(sentences)


def what_could_be_wrong(frames: Frames, now: Standing) -> list[str]:
    """Return the limits of the answer, with the numbers that show their size."""
    unsourced = int((frames.assumptions["source"].fillna("") == "").sum())
    said = []
    if unsourced:
        said.append(
            f"{unsourced:,} of the {len(frames.assumptions):,} numbers behind this have no "
            "published source. The last section has those that somebody set; a wrong one could "
            "change the order of the options."
        )
    said += _misses(frames) + _demand(frames)
    said.append(
        "The ranges cover chance and the numbers that are given as uncertain. They do not cover a "
        "change in the law, a step that was left out, or staff who cannot be found."
    )
    if words.known(now.baseline.replications):
        said.append(
            f"Each chance comes from {words.number(now.baseline.replications)} simulated futures. "
            "More of them would narrow its range, but would not make the assumptions any surer."
        )
    return said


def _name(option: Option) -> str:
    return words.quoted([option.scenario])


def _most_of_all(frames: Frames, option: Option) -> str:
    """Return the heaviest load of the overloaded teams, in brackets, or nothing."""
    loads = overloads(frames, option)
    if not loads:
        return ""
    heaviest = loads[0]
    whose = f"most of all {heaviest.team}: " if len(option.overloaded_teams) > 1 else ""
    return f" ({whose}{words.percent(heaviest.load)} in {heaviest.year})"


def _group(by: str, rows: pd.DataFrame) -> str:
    shares = rows[rows["measure"] == "issued_on_time"].set_index("group")["median"].dropna()
    counted = "plans_counted" if (rows["measure"] == "plans_counted").any() else "plans_issued"
    plans = rows[rows["measure"] == counted].set_index("group")["median"]
    few = shares.index[plans.reindex(shares.index).fillna(0) < words.FEW]
    shares = shares.drop(few).sort_values(kind="stable")
    if len(shares) < 2:
        return ""
    worst, best = shares.index[0], shares.index[-1]
    said = (
        f"By {by} in {int(rows['year'].iloc[0])}: from {words.percent(shares.iloc[0])} on time "
        f"({worst}, {words.count_by_group(plans[worst])} plans) to "
        f"{words.percent(shares.iloc[-1])} ({best}, {words.count_by_group(plans[best])} plans)."
    )
    return said + (f" Not shown, {words.FEWER} plans: {words.join(list(few))}." if len(few) else "")


def _misses(frames: Frames) -> list[str]:
    """Return how the model did on figures that set none of its numbers, then on those that did."""
    if frames.backcast.empty:
        return ["The model was not held against published figures."]
    return [_never_used(frames), *_used(frames)]


def _never_used(frames: Frames) -> str:
    outside, checked = past.outside(frames)
    if not checked:
        return (
            "No published figure was kept back to test the model: how well it foretells what it "
            "was not shown is not known."
        )
    if outside.empty:
        return (
            f"All {checked} published figures that set none of the model's numbers lie in its 95% "
            "range."
        )
    return (
        f"{len(outside)} of the {checked} published figures that set none of the model's numbers "
        f"lie outside its 95% range{_named(outside, ', farthest: ')}."
    )


def _used(frames: Frames) -> list[str]:
    missed, judged = past.used(frames)
    if not judged:
        return []
    of = f"{judged} published figures were used to set the model's numbers, so they are no test of it"
    if missed.empty:
        return [f"{of}; it comes as near to all of them as was wanted."]
    return [f"{of}; it misses {len(missed)} of them all the same{_named(missed, ': ')}."]


def _named(rows: pd.DataFrame, opening: str) -> str:
    """Return the first of some figures, and how many more there are."""
    told = [past.told(row) for row in records(rows)]
    more = [f"{len(told) - 4} more"] if len(told) > 5 else []
    return opening + words.join(told[:4] + more if more else told)


def _demand(frames: Frames) -> list[str]:
    ahead = frames.forecast[frames.forecast["kind"] != "history"].dropna(subset=["low95"])
    if ahead.empty:
        return []
    # The adjusted forecast, where there is one, is the one simulated.
    adjusted = ahead[ahead["kind"] == "adjusted"]
    last = (ahead if adjusted.empty else adjusted).sort_values("month").iloc[-1]
    return [
        f"Requests are a forecast: in {last['month']:%B %Y} anything from "
        f"{words.number_range(last['low95'], last['high95'])} a month would be no surprise."
    ]
