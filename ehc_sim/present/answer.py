"""The briefing's sentences: the question, the answer, how sure, and what could make it wrong."""

from __future__ import annotations

import math

import pandas as pd

from ehc_sim.present import words
from ehc_sim.present.charts import load, recovery, waiting
from ehc_sim.present.frames import Frames, records
from ehc_sim.present.reading import Option, Standing
from ehc_sim.present.style import NothingToDraw

_GROUPINGS = ("source", "age group", "need", "area")
"""Ways of grouping children that a sentence can hold; single years of age cannot."""


def question(name: str, now: Standing) -> str:
    """Return what the study asks."""
    baseline = now.baseline
    return (
        f"Which option gives {name} the best chance of issuing at least "
        f"{words.percent(baseline.target)} of new EHC plans within 20 weeks in "
        f"{words.window(baseline.window)}, and what does it cost?"
    )


def answer(now: Standing) -> list[str]:
    """Return two sentences: the option with the best chance; its cost and how sure that is."""
    if len(now.ranked) == 1:
        return [_only(now.baseline), "No other option was simulated, so none can be recommended."]
    return [_first_sentence(now), _second_sentence(now)]


def cannot_be_told_apart(now: Standing) -> str:
    """Return which options the runs cannot tell from the best one, and what the cheapest costs."""
    best, tied = now.best, now.tied
    if len(now.ranked) == 1:
        return ""
    if not tied:
        return (
            f"The range of {_name(best)}'s chance overlaps no other option's, so the order of the "
            "best is not an accident of the simulation."
        )
    said = (
        f"The runs cannot tell {_name(best)} apart from "
        f"{words.quoted([option.scenario for option in tied])}: the 95% ranges of their chances "
        "overlap."
    )
    if any(option.is_baseline for option in tied):
        return f"{said} The baseline is among them, so none is shown to raise the chance."
    cheapest = min(tied, key=lambda option: (not math.isfinite(option.cost), option.cost))
    if cheapest.cost < best.cost:
        said += f" Of these, {_name(cheapest)} {_costs(cheapest)}."
    return said


def overload(frames: Frames, now: Standing) -> list[str]:
    """Return warnings, in words, of teams that get more work than they have hours for."""
    over = [option for option in now.ranked if option.overloaded_teams]
    if not over:
        return ["In no option does any team get more work than it has hours for."]
    said = []
    if now.baseline.overloaded_teams:
        said.append(
            f"With {_name(now.baseline)}, {words.join(now.baseline.overloaded_teams)} get more "
            f"work than they have hours for{_by_how_much(frames, now.baseline)}. While that lasts "
            "the queue keeps growing: there is no settled wait to quote, and the later the year, "
            "the longer the wait."
        )
    best = now.best
    if not best.is_baseline:
        teams = words.join(best.overloaded_teams)
        said.append(
            f"{_name(best)} still leaves {teams} with more work than hours."
            if teams
            else f"{_name(best)} leaves no team with more work than hours."
        )
    if len(now.ranked) > 1:
        said.append(
            f"At least one team is overloaded in {words.how_many(len(over))} of the "
            f"{words.how_many(len(now.ranked))} options."
        )
    return said


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
        sentences.append(f"Within the plan it does not do so with {words.quoted(never)}.")
    return " ".join(sentences)


def what_could_be_wrong(frames: Frames, now: Standing) -> list[str]:
    """Return the limits of the answer, with the numbers that show their size."""
    unsourced = int((frames.assumptions["source"].fillna("") == "").sum())
    said = []
    if unsourced:
        said.append(
            f"{unsourced:,} of the {len(frames.assumptions):,} numbers behind this have no "
            "published source. They are listed at the end; a wrong one could change the order of "
            "the options."
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


def _only(baseline: Option) -> str:
    return (
        f"With {_name(baseline)}, at least {words.percent(baseline.target)} of plans are on time "
        f"in {words.chance(baseline.chance, baseline.chance_low, baseline.chance_high)}."
    )


def _first_sentence(now: Standing) -> str:
    best, baseline = now.best, now.baseline
    chance = words.chance(best.chance, best.chance_low, best.chance_high)
    if not math.isfinite(best.chance):
        return "The chance of reaching the target is not known for any option."
    if best.is_baseline:
        return (
            f"No option has a better chance of reaching the target than the baseline, "
            f"{_name(baseline)}, which does so in {chance}."
        )
    against = (
        f"the baseline, {_name(baseline)}, does so in {words.out_of(baseline.chance)} "
        f"({words.percent_range(baseline.chance_low, baseline.chance_high)})"
    )
    if best.chance < 0.05:
        opening = "No option is likely to reach the target"
    elif best.chance < 0.5:
        opening = "No option is more likely than not to reach the target"
    else:
        return f"{_name(best)} has the best chance: it reaches the target in {chance}; {against}."
    return f"{opening}: the best, {_name(best)}, does so in {chance}; {against}."


def _second_sentence(now: Standing) -> str:
    best, baseline = now.best, now.baseline
    if best.is_baseline:
        return f"In {words.window(baseline.window)} it issues {_on_time(best)} of plans on time."
    money = words.pounds_range(best.cost_low, best.cost_high)
    known_range = best.cost and math.isfinite(best.cost_low) and math.isfinite(best.cost_high)
    cost = f"{_costs(best)} ({money} in 8 of 10 futures)" if known_range else _costs(best)
    return (
        f"Over the plan it {cost}, {_beats_baseline(best)}and in "
        f"{words.window(baseline.window)} it issues {_on_time(best)} of plans on time, "
        f"against {words.percent(baseline.on_time)}."
    )


def _beats_baseline(option: Option) -> str:
    """Return in how many simulated futures an option does better: a count, so without a range."""
    if not (words.known(option.chance_beats_baseline) and words.known(option.replications)):
        return ""
    better = words.number(option.chance_beats_baseline * option.replications)
    return (
        f"issues more plans on time than the baseline in {better} of the "
        f"{words.number(option.replications)} simulated futures, "
    )


def _on_time(option: Option) -> str:
    return (
        f"{words.percent(option.on_time)} "
        f"({words.percent_range(option.on_time_low80, option.on_time_high80)} in 8 of 10 futures)"
    )


def _costs(option: Option) -> str:
    if not math.isfinite(option.cost):
        return "has a cost that is not known"
    if words.pounds(option.cost) == "£0":
        return "costs nothing extra"
    if option.cost < 0:
        return f"saves {words.pounds(-option.cost)}"
    return f"costs {words.pounds(option.cost)} more than the baseline"


def _name(option: Option) -> str:
    return f"“{option.scenario}”"


def _by_how_much(frames: Frames, option: Option) -> str:
    """Return the heaviest load of the overloaded teams, in the target's year if it is there."""
    try:
        loads = load.by_year(frames, option.scenario)
    except NothingToDraw:
        return ""
    loads = loads[loads["team"].isin(option.overloaded_teams)]
    in_year = loads[loads["year"] == words.year_of(option.window)]
    worst = (loads if in_year.empty else in_year).nlargest(1, "load")
    if worst.empty or worst["load"].iloc[0] <= 1:
        return ""
    row = worst.iloc[0]
    return f" (most of all {row['team']}: {words.percent(row['load'])} in {int(row['year'])})"


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
    rows = frames.backcast
    if rows.empty:
        return ["The model was not held against published figures."]
    judged = rows[rows["within"] != ""]
    missed = judged[judged["within"] == "False"]
    if missed.empty:
        return [f"The model comes near all {len(judged)} published figures it was held against."]
    told = [f"{words.measure(row['what'])} in {int(row['year'])}" for row in records(missed)]
    more = [f"{len(told) - 5} more"] if len(told) > 6 else []
    told = told[:5] + more if more else told
    return [
        f"Held against the past, the model misses {len(missed)} of {len(judged)} published figures: "
        f"{words.join(told)}."
    ]


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
