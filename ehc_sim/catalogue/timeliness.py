"""The rows of what is counted by month, by year and over the window, and the comparison of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, NamedTuple

from ehc_sim.calendars import law
from ehc_sim.catalogue.measure import Measure, about
from ehc_sim.catalogue.service import DECISIONS, OVERDUE, REVIEWS

MONTHLY = (
    Measure("requests", "requests for an assessment", "count", when="received"),
    Measure("decisions", "decisions whether to assess", "count", when="decided"),
    Measure("agreed", "requests agreed", "count", when="agreed"),
    Measure("plans_issued", "plans issued", "count", "final plans", when="final"),
    Measure(
        *("plans_on_time", "plans issued on time", "count"),
        "final plans within their own clock, either one",
        when="final",
        of="plan_on_time",
    ),
    Measure(
        *("issued_on_time", "plans issued on time", "share", "issued on time, as DfE counts it"),
        when="final",
        of="headline",
        part="plan_on_time",
    ),
    Measure(
        *("issued_on_time_12m", "plans issued on time, last 12 months", "share"),
        "issued on time, as DfE counts it, over this month and the eleven before",
        when="final",
        of="headline",
        part="plan_on_time",
        months=12,
    ),
    Measure(
        *("issued_on_time_with_exceptions", "plans issued on time, exceptions counted", "share"),
        "issued on time, as DfE counts it, with flagged exceptions left in",
        when="final",
        of="counted_by_dfe",
        part="plan_on_time",
    ),
    Measure(
        *("issued_over_52_weeks", "plans that took over a year", "share"),
        "share of the plans that DfE counts that took more than 52 weeks",
        when="final",
        of="headline",
        part="over_52_weeks",
    ),
    Measure(
        *("due_on_time", "plans due that were out on time", "share"),
        "of the requests whose 20 weeks ended in the month and that need a plan, the share that "
        "had one by then; open cases count",
        when="plan_due",
        of="needs_plan",
        part="plan_on_time",
    ),
    Measure(
        *("week6_on_time", "decisions to assess within six weeks", "share"),
        "share of decisions to assess told by week 6",
        when="decided",
        since="received",
        days=law.ASSESS_DECISION.days,
    ),
    Measure(
        *("week16_on_time", "refusals of a plan within 16 weeks", "share"),
        "share of decisions not to issue told by week 16 (week 10 on the second clock)",
        when="no_plan",
        part="no_plan_on_time",
    ),
    Measure(
        *("mean_weeks", "mean weeks to a plan", "weeks"),
        "mean weeks to the final plan of the plans issued",
        when="final",
        mean="weeks",
    ),
    Measure("median_weeks", "weeks to a plan, the middle case", "weeks", "their median"),
    Measure("p90_weeks", "weeks that 9 in 10 plans stay within", "weeks", "their 90th centile"),
    Measure("open_cases", "open cases", "count", "cases open at the end of the month"),
    Measure(
        *("overdue_cases", "cases past 20 weeks", "count"),
        "those of them past the date of their plan",
    ),
    Measure(
        *("oldest_weeks", "weeks of the oldest case without a draft plan", "weeks"),
        "weeks since the start of the clock of the oldest open case without a draft plan",
    ),
    Measure(
        *("family_view_before_draft", "family's views in before the draft", "share"),
        "share of cases agreed for a plan in the month in which the family's input was in",
        when="to_issue",
        part="family_heard",
    ),
    *about(
        "reviews",
        Measure("review_meetings", "annual review meetings", "count", when="meeting"),
        Measure("review_decisions", "decisions after a review", "count", when="decided"),
        Measure(
            "reviews_overdue", "annual reviews overdue", "count", f"at the month's end, {OVERDUE}"
        ),
    ),
    *about(
        "plans",
        Measure("plans_in_place", "plans in place", "count", "plans in place at the month's end"),
    ),
)
_BY_MONTH = {row.name: row for row in MONTHLY}

_OF_STAGES = "mean of the cases that finished it in the year"

YEARLY = (
    replace(
        _BY_MONTH["requests"],
        meaning="requests received, those made again after a refusal among them",
    ),
    Measure(
        *("refused", "decisions that refuse an assessment", "share"),
        when="decided",
        part="refused",
    ),
    _BY_MONTH["week6_on_time"],
    Measure(
        *("completed", "assessments completed", "count", "plans, and decisions not to issue"),
        when="completed",
    ),
    _BY_MONTH["plans_issued"],
    Measure(
        *("plans_counted", "plans issued that DfE counts", "count"), when="final", of="headline"
    ),
    Measure(
        *("left_out", "plans left out of DfE's measure after mediation or appeal", "share"),
        when="final",
        part="left_out",
    ),
    *(_BY_MONTH[name] for name in ("issued_on_time", "issued_over_52_weeks", "due_on_time")),
    _BY_MONTH["mean_weeks"],
    Measure(
        *("weeks_to_decision", "weeks to the decision to assess", "weeks"),
        f"request to decision: {_OF_STAGES}",
        when="decided",
        since="received",
    ),
    Measure(
        *("weeks_of_assessment", "weeks of assessment", "weeks"),
        f"agreement to last advice: {_OF_STAGES}",
        when="complete",
        since="being_assessed_from",
    ),
    Measure(
        *("weeks_to_draft", "weeks from assessment to draft", "weeks"),
        f"last advice to draft: {_OF_STAGES}",
        when="draft",
        since="complete",
    ),
    Measure(
        *("weeks_draft_to_final", "weeks from draft to final plan", "weeks"),
        f"draft to final plan: {_OF_STAGES}. The stages are of different cases and do not add up",
        when="final",
        since="draft",
    ),
)


def _named(rows: tuple[Measure, ...], name: str) -> Measure:
    return next(row for row in rows if row.name == name)


def _at_end(name: str, of: str) -> Measure:
    row = _BY_MONTH[of]
    words, meaning = f"{row.words} at the end", f"`{of}` of the last month"
    return Measure(name, words, row.unit, meaning, last=of)


TOTALS = (
    replace(_BY_MONTH["issued_on_time"], name="on_time", words="on time"),
    *(_BY_MONTH[name] for name in ("plans_on_time", "due_on_time", "mean_weeks")),
    replace(_BY_MONTH["issued_over_52_weeks"], name="over_52_weeks"),
    replace(_named(REVIEWS, "decided_on_time"), name="review_decisions_on_time"),
    _named(DECISIONS, "appeals"),
    _at_end("open_cases_at_end", "open_cases"),
    _at_end("overdue_cases_at_end", "overdue_cases"),
    _at_end("oldest_weeks_at_end", "oldest_weeks"),
    _at_end("plans_at_end", "plans_in_place"),
    _at_end("reviews_overdue_at_end", "reviews_overdue"),
    Measure("cost", "cost", "pounds", "the whole cost, discounted"),
    Measure("plans_on_time_in_plan", "plans issued on time over the plan", "count"),
    Measure(
        *("late_child_weeks_in_plan", "weeks of waiting past the date", "weeks"),
        "weeks that children wait past the date of their plan over the whole plan",
    ),
)
"""Measures of the target window, of the end of the run and of the whole plan; those of the window
are the measures by month or year of the same row."""


class Median(NamedTuple):
    """A column of the comparison: the median of a measure of ``TOTALS`` over the replications."""

    of: str


class Difference(NamedTuple):
    """A column of the comparison: how much more a measure is than the baseline's.

    It is the mean over the replications, and the two columns after it are its 95% interval.
    """

    of: str
    less: bool = False


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A row of ``comparison.csv``: a scenario beside the baseline.

    The text below one or several columns is their line in ``docs/results.md``. Folders of earlier
    versions may lack a column that has a value here, and then have that. Shares and chances are 0
    to 1; money is pounds; a figure that is not known is NaN.
    """

    scenario: str
    why: str
    """its name, and why it is looked at"""
    replications: float
    """simulated futures"""
    target: float
    window_from: date
    window_until: date
    """the share to be reached, and the months in which it is judged"""
    chance: float
    """share of replications in which the share on time in the window is at least the target"""
    chance_low: float
    chance_high: float
    """its 95% interval (Wilson), from the number of replications"""
    on_time: float
    """issued on time in the window, median"""
    on_time_low80: float
    on_time_high80: float
    on_time_low95: float
    on_time_high95: float
    """its ranges"""
    difference: Annotated[float, Difference("on_time")]
    """mean of the difference of `on_time` to the baseline, in the same replication"""
    difference_low: float
    difference_high: float
    """95% interval of that mean"""
    chance_beats_baseline: float
    """share of replications in which `on_time` is above the baseline's"""
    plans_on_time: Annotated[float, Median("plans_on_time")]
    """plans issued on time in the window, on either clock, median"""
    extra_plans_on_time: Annotated[float, Difference("plans_on_time_in_plan")]
    """mean difference to the baseline of plans on time over the whole plan"""
    extra_plans_on_time_low: float
    extra_plans_on_time_high: float
    """95% interval of that mean"""
    late_child_weeks: float = math.nan
    """weeks that children wait past the date of their plan, added up over all children and the
    whole plan (open cases past their date at each month's end, for the weeks of the month); mean"""
    late_child_weeks_saved: Annotated[float, Difference("late_child_weeks_in_plan", less=True)] = (
        math.nan
    )
    """mean of the baseline's less the option's, in the same replication"""
    late_child_weeks_saved_low: float = math.nan
    late_child_weeks_saved_high: float = math.nan
    """95% interval of that mean"""
    more_reviews_overdue: Annotated[float, Difference("reviews_overdue_at_end")] = math.nan
    """mean of how many more annual reviews are overdue at the end than with the baseline, in the
    same replication"""
    more_reviews_overdue_low: float = math.nan
    more_reviews_overdue_high: float = math.nan
    """95% interval of that mean"""
    more_appeals: Annotated[float, Difference("appeals")] = math.nan
    """mean of how many more appeals are made in the window than with the baseline, in the same
    replication"""
    more_appeals_low: float = math.nan
    more_appeals_high: float = math.nan
    """95% interval of that mean"""
    cost: float
    """cost over the plan above the baseline's, discounted, mean"""
    cost_low: float
    cost_high: float
    """80% range of it"""
    cost_per_extra_plan: float
    cost_per_extra_plan_low: float = math.nan
    cost_per_extra_plan_high: float = math.nan
    """`cost` over `extra_plans_on_time`, with its 95% interval (Fieller, 1954); empty where the
    interval of the extra plans takes in none"""
    chance_best: float
    """share of replications in which `on_time` is the highest of all; ties are shared out"""
    is_choice: bool = True
    """whether all in which it differs from the baseline is for the council to choose; where not, as
    with more requests or twice the plans, it meets other futures"""
    changes_order: bool = False
    """whether a team takes its work in another order than with the baseline (`order`,
    `newest_share`, `weeks_to_go` or `reserved` of a team), by the settings and not by the name"""
    order_only: bool = False
    """whether nothing else differs from the baseline: who is seen first, and no more"""
    mean_weeks: Annotated[float, Median("mean_weeks")]
    """mean weeks from the start of the clock to the final plan, of the plans issued in the window,
    median; those still waiting are not in it"""
    over_52_weeks: Annotated[float, Median("over_52_weeks")]
    """share of the plans that DfE counts in the window that took more than 52 weeks, median"""
    due_on_time: Annotated[float, Median("due_on_time")]
    """of the requests due in the window that need a plan, the share that had it by then, median"""
    review_decisions_on_time: Annotated[float, Median("review_decisions_on_time")] = math.nan
    """share of the annual reviews with a meeting in the window that were decided within four weeks,
    median"""
    appeals: Annotated[float, Median("appeals")] = math.nan
    """appeals in the window, against refusals to assess and about contents, median"""
    open_at_end: Annotated[float, Median("open_cases_at_end")]
    overdue_at_end: Annotated[float, Median("overdue_cases_at_end")]
    oldest_weeks_at_end: Annotated[float, Median("oldest_weeks_at_end")]
    """at the end of the run: open cases, those past their date, weeks of the oldest without a draft
    plan; medians"""
    reviews_overdue_at_end: Annotated[float, Median("reviews_overdue_at_end")] = math.nan
    """annual reviews overdue at the end of the run, median"""
    recovers: str
    """month, such as 2026-05, from which the share over twelve months stays at the target; empty
    for never"""
    overloaded: str
    """teams asked for more hours than they have in the year in which the window ends (their
    `load_of_year` in `teams.csv` is above 1)"""
