"""The rows of what is counted by month, by year and over the window, and the comparison of it."""

import math
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, NamedTuple

from ehc_sim.calendars import APRIL, JANUARY, law
from ehc_sim.catalogue.measure import Measure, about
from ehc_sim.catalogue.service import DECISIONS, OFFICERS, REVIEWS


def _to_date(name: str, words: str, when: str, of: str) -> tuple[Measure, ...]:
    """Return a share on time over the months of the year up to each, by either kind of year."""
    years = (("year", JANUARY), ("financial_year", APRIL))
    return tuple(
        Measure(
            *(f"{name}_{kind}_to_date", f"{words}, {kind.replace('_', ' ')} to date", "share"),
            *(when, of, "plan_on_time"),
            year_from=first,
        )
        for kind, first in years
    )


MONTHLY = (
    Measure("requests", "requests for an assessment", "count", "received"),
    Measure("decisions", "decisions whether to assess", "count", "decided"),
    Measure("agreed", "requests agreed", "count", "agreed"),
    Measure("plans_issued", "plans issued", "count", "final"),
    Measure("plans_on_time", "plans issued on time", "count", "final", "plan_on_time"),
    Measure(
        *("issued_on_time", "plans issued on time", "share"), *("final", "headline", "plan_on_time")
    ),
    Measure(
        *("issued_on_time_12m", "plans issued on time, last 12 months", "share"),
        *("final", "headline", "plan_on_time"),
        months=12,
    ),
    *_to_date("issued_on_time", "plans issued on time", "final", "headline"),
    Measure(
        *("issued_on_time_with_exceptions", "plans issued on time, exceptions counted", "share"),
        *("final", "counted_by_dfe", "plan_on_time"),
    ),
    Measure(
        *("issued_over_52_weeks", "plans that took over a year", "share"),
        *("final", "headline", "over_52_weeks"),
    ),
    Measure(
        *("due_on_time", "plans due that were out on time", "share"),
        *("plan_due", "needs_plan", "plan_on_time"),
    ),
    *_to_date("due_on_time", "plans due that were out on time", "plan_due", "needs_plan"),
    Measure(
        *("week6_on_time", "decisions to assess within six weeks", "share"),
        "decided",
        since="received",
        days=law.ASSESS_DECISION.days,
    ),
    Measure(
        *("week16_on_time", "refusals of a plan within 16 weeks", "share"),
        *("no_plan", "", "no_plan_on_time"),
    ),
    Measure("mean_weeks", "mean weeks to a plan", "weeks", "final", mean="weeks"),
    Measure("median_weeks", "weeks to a plan, the middle case", "weeks"),
    Measure("p90_weeks", "weeks that 9 in 10 plans stay within", "weeks"),
    Measure("open_cases", "open cases", "count"),
    Measure("overdue_cases", "cases past 20 weeks", "count"),
    Measure("oldest_weeks", "weeks of the oldest case without a draft plan", "weeks"),
    Measure("open_to_20_weeks", "open cases of up to 20 weeks", "count"),
    Measure("open_20_to_30_weeks", "open cases of over 20 and up to 30 weeks", "count"),
    Measure("open_30_to_52_weeks", "open cases of over 30 and up to 52 weeks", "count"),
    Measure("open_over_52_weeks", "open cases of over 52 weeks", "count"),
    Measure("late_child_weeks", "weeks that children wait past their date", "weeks"),
    Measure(
        *("family_view_before_draft", "family's views in before the draft", "share"),
        *("to_issue", "", "family_heard"),
    ),
    *about(
        "reviews",
        Measure("review_meetings", "annual review meetings", "count", "meeting"),
        Measure("review_decisions", "decisions after a review", "count", "decided"),
        Measure("reviews_overdue", "plans with an annual review overdue", "count"),
    ),
    *about("plans", Measure("plans_in_place", "plans in place", "count")),
)
_BY_MONTH = {row.name: row for row in MONTHLY}

YEARLY = (
    _BY_MONTH["requests"],
    Measure(
        *("refused", "decisions that refuse an assessment", "share"), *("decided", "", "refused")
    ),
    _BY_MONTH["week6_on_time"],
    Measure("completed", "assessments completed", "count", "completed"),
    _BY_MONTH["plans_issued"],
    Measure("plans_counted", "plans issued that DfE counts", "count", "final", "headline"),
    Measure(
        *("left_out", "plans left out of DfE's measure after mediation or appeal", "share"),
        *("final", "", "left_out"),
    ),
    _BY_MONTH["issued_on_time"],
    _BY_MONTH["issued_over_52_weeks"],
    _BY_MONTH["due_on_time"],
    _BY_MONTH["mean_weeks"],
    Measure(
        *("weeks_to_decision", "weeks to the decision to assess", "weeks"),
        "decided",
        since="received",
    ),
    Measure(
        *("weeks_of_assessment", "weeks of assessment", "weeks"),
        "complete",
        since="being_assessed_from",
    ),
    Measure(
        *("weeks_to_draft", "weeks from assessment to draft", "weeks"), "draft", since="complete"
    ),
    Measure(
        *("weeks_draft_to_final", "weeks from draft to final plan", "weeks"), "final", since="draft"
    ),
)


def _named(rows: tuple[Measure, ...], name: str) -> Measure:
    return next(row for row in rows if row.name == name)


def _at_end(name: str, of: str) -> Measure:
    row = _BY_MONTH[of]
    return Measure(name, f"{row.words} at the end", row.unit, last=of)


TOTALS = (
    replace(_BY_MONTH["issued_on_time"], name="on_time", words="on time"),
    *(_BY_MONTH[name] for name in ("plans_on_time", "due_on_time", "mean_weeks")),
    replace(_BY_MONTH["issued_over_52_weeks"], name="over_52_weeks"),
    replace(_named(REVIEWS, "decided_on_time"), name="review_decisions_on_time"),
    _named(DECISIONS, "appeals"),
    _at_end("open_cases_at_end", "open_cases"),
    _at_end("overdue_cases_at_end", "overdue_cases"),
    _at_end("oldest_weeks_at_end", "oldest_weeks"),
    _at_end("open_over_52_weeks_at_end", "open_over_52_weeks"),
    _at_end("plans_at_end", "plans_in_place"),
    _at_end("reviews_overdue_at_end", "reviews_overdue"),
    Measure("cost", "cost", "pounds"),
    Measure("provision", "what plans issued in the plan provide", "pounds"),
    Measure("spent_in_plan", "spent over the plan", "pounds"),
    Measure("plans_issued_in_plan", "plans issued over the plan", "count"),
    Measure("plans_on_time_in_plan", "plans issued on time over the plan", "count"),
    Measure("late_child_weeks_in_plan", "weeks of waiting past the date", "weeks"),
    Measure("advices_a_week", "advices given a week over the plan", "a week"),
    Measure("advices_asked_a_week", "advices asked for a week over the plan", "a week"),
    Measure("advices_waiting_at_end", "advices asked for and not given at the end", "count"),
    Measure("advice_weeks_to_clear_at_end", "weeks that these would take", "weeks"),
    *(replace(row, name=f"{row.name}_at_end", words=f"{row.words} at the end") for row in OFFICERS),
    Measure("requests_place", "place of the requests among all that there may be", "share"),
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

    Folders of earlier versions may lack a column that has a value here, and then have that. Shares
    and chances are 0 to 1; money is pounds; a figure that is not known is NaN.
    """

    scenario: str
    why: str
    replications: float
    reached: str = ""
    half_width_asked: float = math.nan
    replications_compared: float = math.nan
    target: float
    window_from: date
    window_until: date
    chance: float
    chance_low: float
    chance_high: float
    on_time: float
    on_time_low80: float
    on_time_high80: float
    on_time_low95: float
    on_time_high95: float
    difference: Annotated[float, Difference("on_time")]
    difference_low: float
    difference_high: float
    chance_beats_baseline: float
    plans_on_time: Annotated[float, Median("plans_on_time")]
    extra_plans_on_time: Annotated[float, Difference("plans_on_time_in_plan")]
    extra_plans_on_time_low: float
    extra_plans_on_time_high: float
    late_child_weeks: float = math.nan
    late_child_weeks_saved: Annotated[float, Difference("late_child_weeks_in_plan", less=True)] = (
        math.nan
    )
    late_child_weeks_saved_low: float = math.nan
    late_child_weeks_saved_high: float = math.nan
    more_reviews_overdue: Annotated[float, Difference("reviews_overdue_at_end")] = math.nan
    more_reviews_overdue_low: float = math.nan
    more_reviews_overdue_high: float = math.nan
    more_appeals: Annotated[float, Difference("appeals")] = math.nan
    more_appeals_low: float = math.nan
    more_appeals_high: float = math.nan
    cost: float
    cost_low: float
    cost_high: float
    cost_per_extra_plan: float
    cost_per_extra_plan_low: float = math.nan
    cost_per_extra_plan_high: float = math.nan
    cost_per_week_saved: float = math.nan
    cost_per_week_saved_low: float = math.nan
    cost_per_week_saved_high: float = math.nan
    more_plans_issued: Annotated[float, Difference("plans_issued_in_plan")] = math.nan
    more_plans_issued_low: float = math.nan
    more_plans_issued_high: float = math.nan
    more_provision: Annotated[float, Difference("provision")] = math.nan
    more_provision_low: float = math.nan
    more_provision_high: float = math.nan
    chance_best: float
    is_choice: bool = True
    changes_order: bool = False
    changes_staff: bool = False
    order_only: bool = False
    other_children: bool = False
    mean_weeks: Annotated[float, Median("mean_weeks")]
    over_52_weeks: Annotated[float, Median("over_52_weeks")]
    due_on_time: Annotated[float, Median("due_on_time")]
    advices_a_week: Annotated[float, Median("advices_a_week")] = math.nan
    advices_asked_a_week: Annotated[float, Median("advices_asked_a_week")] = math.nan
    more_advices_a_week: Annotated[float, Difference("advices_a_week")] = math.nan
    more_advices_a_week_low: float = math.nan
    more_advices_a_week_high: float = math.nan
    advices_waiting_at_end: Annotated[float, Median("advices_waiting_at_end")] = math.nan
    advice_weeks_to_clear_at_end: Annotated[float, Median("advice_weeks_to_clear_at_end")] = (
        math.nan
    )
    review_decisions_on_time: Annotated[float, Median("review_decisions_on_time")] = math.nan
    appeals: Annotated[float, Median("appeals")] = math.nan
    officers: str = ""
    in_post_at_end: Annotated[float, Median("in_post_at_end")] = math.nan
    caseload_an_officer_at_end: Annotated[float, Median("caseload_an_officer_at_end")] = math.nan
    reviews_overdue_an_officer_at_end: Annotated[
        float, Median("reviews_overdue_an_officer_at_end")
    ] = math.nan
    open_at_end: Annotated[float, Median("open_cases_at_end")]
    overdue_at_end: Annotated[float, Median("overdue_cases_at_end")]
    over_52_weeks_at_end: Annotated[float, Median("open_over_52_weeks_at_end")] = math.nan
    oldest_weeks_at_end: Annotated[float, Median("oldest_weeks_at_end")]
    reviews_overdue_at_end: Annotated[float, Median("reviews_overdue_at_end")] = math.nan
    recovers: str
    overloaded: str
    explanations: float = math.nan
    chance_lowest: float = math.nan
    chance_highest: float = math.nan
    level: str = ""
    saving_holds: str = ""
    on_time_holds: str = ""
