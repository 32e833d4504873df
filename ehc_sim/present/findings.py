"""The briefing's other findings: overload, waiting, groups, and what options do not gain."""

from typing import NamedTuple

import pandas as pd

from ehc_sim.present import style, words
from ehc_sim.present.charts import waiting
from ehc_sim.present.frames import Frames, records
from ehc_sim.present.reading import Option, Standing, shown_with_an_order

_DEAREST = 2
"""So many of the dearest options are told with what they do not gain."""
_GROUPINGS = ("source", "age group", "need", "area")
"""Ways of grouping children that a sentence can hold; single years of age cannot."""


_UNORDERED = (
    "Areas are not put in order: how posts are shared between them was set to fit the whole "
    "council's figures, and no published figure tells them apart."
)


class Overload(NamedTuple):
    """A team that gets more work than it has hours for: its load in a year, and its range."""

    team: str
    load: float
    low80: float
    high80: float
    year: int


def overload(frames: Frames, now: Standing) -> list[str]:
    """Return warnings, in words, of teams that get more work than they have hours for."""
    if not now.loads_known:
        return [
            "These results are of an earlier version: which teams get more work than they have "
            "hours for is not known."
        ]
    over = [option for option in now.ranked if option.overloaded_teams]
    if not over:
        return ["In no option does any team get more work than it has hours for."]
    said = []
    if now.baseline.overloaded_teams:
        said += [
            f"With the baseline, {words.join(now.baseline.overloaded_teams)} get more work than "
            f"they have hours for{_most_of_all(frames, now.baseline)}.",
            "While that lasts the queue keeps growing: there is no settled wait to quote, and the "
            "later the year, the longer the wait.",
        ]
    lead = now.lead
    if not lead.is_baseline:
        teams = words.join(lead.overloaded_teams)
        said.append(
            f"{lead.named} still leaves {teams} with more work than hours."
            if teams
            else f"{lead.named} leaves no team with more work than hours."
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
    loads = frames.series("teams", scenario=option.scenario, measure="load_of_year")
    loads = loads[loads["team"].isin(option.overloaded_teams) & (loads["median"] > 1)]
    loads = loads.assign(year=loads["month"].dt.year)
    in_year = loads[loads["year"] == option.window_until.year]
    heaviest = (loads if in_year.empty else in_year).sort_values("median", ascending=False)
    return [
        Overload(str(row["team"]), row["median"], row["low80"], row["high80"], int(row["year"]))
        for row in records(heaviest.drop_duplicates("team"))
    ]


def where_cases_wait(frames: Frames, now: Standing) -> str:
    """Return where open cases wait at the end of the plan with the baseline; empty if not known."""
    try:
        steps = waiting.by_step(frames, now.baseline.scenario)
    except style.NothingToDraw:
        return ""
    last = steps.iloc[-1]
    rows = frames.series("waiting", scenario=now.baseline.scenario, month=steps.index[-1])
    at_end = rows.set_index("step")[["median", "low80", "high80"]]
    said = [
        f"{words.uncapital(str(step))} {words.counted(*at_end.loc[step]).figure}"
        for step in last.nlargest(3).index
    ]
    month = f"{steps.index[-1]:%B %Y}"
    # The middle of all open cases, which is not the sum of the middles of the steps.
    every = frames.series("monthly", scenario=now.baseline.scenario, measure="open_cases")
    of_month = every[every["month"] == steps.index[-1]].dropna(subset=["median"])
    if of_month.empty:
        return f"With {now.baseline.named}, the steps with most cases are {words.join(said)}."
    count = words.counted(*of_month[["median", "low80", "high80"]].iloc[0]).figure
    return (
        f"With {now.baseline.named}, about {count} cases are open in {month}; "
        f"the steps with most are {words.join(said)}."
    )


def week_by_week(now: Standing) -> list[str]:
    """Return what services give a week and what an officer carries; of what is known only.

    It is told of the baseline and of the option that leads.
    """
    shown = [now.baseline] if now.lead.is_baseline else [now.baseline, now.lead]
    said = []
    if all(words.known(one.advices_a_week) for one in shown):
        pace = [
            f"about {words.rounded(one.advices_asked_a_week)} are asked for and "
            f"{words.rounded(one.advices_a_week)} given with {one.called}, and "
            f"{words.rounded(one.advices_waiting_at_end)} still wait at the end"
            for one in shown
        ]
        said.append(
            "Advice from services whose staff are counted, a week over the planning period: "
            f"{'; '.join(pace)}."
        )
    if all(words.known(one.caseload_an_officer_at_end) for one in shown):
        carried = [
            f"about {words.rounded(one.caseload_an_officer_at_end)} with {one.called}"
            for one in shown
        ]
        said.append(
            f"Open cases and plans for each officer in post ({now.baseline.officers}) at the end: "
            f"{words.join(carried)}."
        )
    return said


def groups(frames: Frames, now: Standing) -> list[str]:
    """Return, for each way of grouping children, who is served least and most in time.

    Groups of fewer than six plans are left out and counted.
    """
    rows = frames.series("yearly", scenario=now.baseline.scenario)
    rows = rows[rows["by"].isin(_GROUPINGS)]
    if frames.plan_from is not None:
        rows = rows[rows["year"] >= frames.plan_from.year]
    rows = rows[rows["year"] == rows["year"].min()]
    told = [
        _UNORDERED if by == "area" and _areas_fitted(frames) else _group(str(by), part)
        for by, part in rows.groupby("by", sort=False)
    ]
    return [said for said in told if said]


def _areas_fitted(frames: Frames) -> bool:
    """Whether posts of areas were set to fit, so that no order of areas is a finding."""
    numbers = frames.assumptions
    return bool((numbers["path"].str.contains(".patches.", regex=False) & numbers["fitted"]).any())


def recoveries(frames: Frames, now: Standing) -> str:
    """Return when the published percentage is back at the target, for the options charted."""
    names = shown_with_an_order(frames)
    options = [option for option in now.table_order if option.scenario in names]
    months = frames.series("monthly", measure="issued_on_time_12m")["month"]
    last = "" if months.empty else f"{months.max():%Y-%m}"
    reach = [option for option in options if option.recovers]
    said = [
        f"with {option.named} from {words.month(option.recovers)}"
        for option in reach
        if option.recovers != last
    ]
    at_the_end = [option.scenario for option in reach if option.recovers == last]
    never = [option.scenario for option in options if not option.recovers]
    sentences = []
    if said:
        sentences.append(
            f"The percentage over 12 months reaches the target and stays there {words.join(said)}."
        )
    if at_the_end:
        sentences.append(
            f"The percentage over 12 months is at the target in {words.month(last)}, the last "
            f"month simulated, with {words.quoted(at_the_end)}: whether it stays there is not "
            "known."
        )
    if never:
        sentences.append(
            "Within the planning period the percentage over 12 months does not reach the target "
            f"and stay there with {words.quoted(never)}."
        )
    oldest = {words.weeks(option.oldest_weeks_at_end) for option in options}
    if len(options) > 1 and len(oldest) == 1 and words.NOT_KNOWN not in oldest:
        sentences.append(
            f"The oldest case without a draft plan has waited {oldest.pop()} at the end with each "
            "of them: none of them shortens that wait."
        )
    return " ".join(sentences)


def losses(now: Standing) -> list[str]:
    """Return what the dearest options do not gain, and what is worse with them, a sentence each."""
    paid = [o for o in now.ranked if not o.is_baseline and o.cost > 0]
    dearest = sorted(paid, key=lambda option: option.cost, reverse=True)[:_DEAREST]
    return [
        f"{option.named} ({words.pounds(option.cost)}): {words.join(parts)}."
        for option in dearest
        if (parts := [part for part in (_no_gain(option), *_more(option)) if part])
    ]


def _no_gain(option: Option) -> str:
    compared = option.replications_compared
    if not (words.known(option.chance_beats_baseline) and words.known(compared)):
        return ""
    futures = round(compared)
    none = futures - round(option.chance_beats_baseline * futures)
    if not none:
        return ""
    return (
        f"in {none:,} of the {futures:,} futures its share on time in the target months is no "
        "higher than the baseline's"
    )


def _more(option: Option) -> list[str]:
    reviews = (
        option.more_reviews_overdue,
        option.more_reviews_overdue_low,
        option.more_reviews_overdue_high,
    )
    appeals = (option.more_appeals, option.more_appeals_low, option.more_appeals_high)
    said = [
        _difference(*reviews, "plans with an annual review overdue at the end"),
        _difference(*appeals, "appeals in the target months"),
    ]
    return [one for one in said if one]


def _difference(mean: float, low: float, high: float, what: str) -> str:
    """Return a mean difference to the baseline with its 95% range; empty where not known."""
    if not (words.known(low) and words.known(high)):
        return ""
    if low <= 0 <= high:
        return f"no change shown in {what} ({words.signed(low)} to {words.signed(high)})"
    ends = words.number_range(*sorted((abs(low), abs(high))))
    return f"{words.number(abs(mean))} {'more' if mean > 0 else 'fewer'} {what} ({ends})"


def same_futures(now: Standing) -> str:
    """Return that every option meets the same futures, and what those do that meet others."""
    said = "Every option in the table meets the same futures."
    others = now.circumstances
    if not others:
        return said.replace(" in the table", "")
    names = words.quoted([option.scenario for option in others])
    reached = words.join([one.chance_in_figures for one in others])
    return (
        f"{said} {names} {words.plural(len(others), 'is', 'are')} given other requests or plans "
        f"and so {words.plural(len(others), 'is', 'are')} no choice to be made: "
        f"{words.plural(len(others), 'it reaches', 'they reach')} the target in {reached} of the "
        "futures."
    )


def _most_of_all(frames: Frames, option: Option) -> str:
    """Return the heaviest load of the overloaded teams with its range, or nothing."""
    loads = overloads(frames, option)
    if not loads:
        return ""
    heaviest = loads[0]
    whose = f", most of all {heaviest.team}" if len(option.overloaded_teams) > 1 else ""
    range_ = words.percent_range(heaviest.low80, heaviest.high80)
    ends = "" if words.NOT_KNOWN in range_ else f", {range_} in 8 of 10 futures"
    return f"{whose} ({words.percent(heaviest.load)} of their hours in {heaviest.year}{ends})"


def _group(by: str, rows: pd.DataFrame) -> str:
    on_time = rows[rows["measure"] == "issued_on_time"].set_index("group")
    shares = on_time["median"].dropna()
    counted = "plans_counted" if (rows["measure"] == "plans_counted").any() else "plans_issued"
    plans = rows[rows["measure"] == counted].set_index("group")["median"]
    few = shares.index[plans.reindex(shares.index).fillna(0) < words.FEW]
    shares = shares.drop(few).sort_values(kind="stable")
    if len(shares) < 2:
        return ""
    worst, best = shares.index[0], shares.index[-1]
    said = (
        f"By {by} in {int(rows['year'].iloc[0])}: from {_served(on_time, worst)}, "
        f"{words.count_by_group(plans[worst])} plans) to {_served(on_time, best)}, "
        f"{words.count_by_group(plans[best])} plans), ranges of 8 in 10 futures."
    )
    low, high = on_time["low80"], on_time["high80"]
    if high[worst] >= low[best]:
        said += " The two ranges overlap, so they may be no different."
    return said + (f" Not shown, {words.FEWER} plans: {words.join(list(few))}." if len(few) else "")


def _served(on_time: pd.DataFrame, group: str) -> str:
    """Return a group's share on time with the range of 8 in 10 futures, in an open bracket."""
    median, low, high = (float(on_time[name][group]) for name in ("median", "low80", "high80"))
    return f"{words.percent(median)} on time ({words.percent_range(low, high)}; {group}"
