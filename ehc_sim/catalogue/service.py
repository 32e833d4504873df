"""The rows of what is not counted by month: reviews, plans, decisions, advice, teams and hours."""

from ehc_sim.calendars import law
from ehc_sim.catalogue.measure import Measure, about

EXCEPTIONS = (
    Measure("excepted", "plans with an exception", "count"),
    Measure("on_time_with", "plans issued on time, exceptions counted", "share"),
    Measure("on_time_without", "plans issued on time, exceptions left out", "share"),
)

ADVICE_RATES = (
    Measure("asked_a_week", "advices asked for a week", "a week"),
    Measure("given_a_week", "advices given a week", "a week"),
    Measure("given_by_staff_a_week", "advices given a week by the provider's staff", "a week"),
    Measure("given_by_agency_a_week", "advices given a week by an agency", "a week"),
    Measure("waiting", "advices asked for and not given", "count"),
    Measure("weeks_to_clear", "weeks that the waiting advices would take", "weeks"),
)

ADVICE = (
    Measure("asked", "advice asked for", "count"),
    Measure("on_time", "on time", "share"),
    Measure("late", "advice returned late", "count"),
    Measure("outstanding", "advice outstanding at the year's end", "count"),
    Measure("median_days", "days to the advice, the middle case", "days"),
    *ADVICE_RATES,
)

OFFICERS = (
    Measure("in_post", "officers in post", "count"),
    Measure("assessments_an_officer", "open cases for each officer in post", "count"),
    Measure("plans_an_officer", "plans in place for each officer in post", "count"),
    Measure("caseload_an_officer", "cases and plans for each officer in post", "count"),
    Measure(
        "reviews_overdue_an_officer",
        "plans with a review overdue for each officer in post",
        "count",
    ),
)

TEAMS = (
    Measure("capacity_hours", "hours there are", "hours"),
    Measure("offered_hours", "hours of work arriving", "hours"),
    Measure("worked_hours", "hours worked", "hours"),
    Measure("utilisation", "share of hours in use", "share"),
    Measure("load", "work arriving as a share of hours there are", "share"),
    Measure("queue", "jobs in the queue", "count"),
    Measure("load_of_year", "work arriving in the year as a share of hours there are", "share"),
)

HOURS = (
    Measure("hours", "hours worked", "hours"),
    Measure("agency_hours", "hours worked by an agency", "hours"),
    Measure("offered_hours", "hours of work arriving", "hours"),
    Measure("share", "share", "share"),
)

LATENESS = (
    Measure("late_plans", "plans issued late", "count"),
    Measure("minutes", "minutes", "minutes"),
    Measure("minutes_in_queue", "minutes in queue", "minutes"),
    Measure("days_a_late_plan", "days over the limit of a late plan", "days"),
    Measure("share", "share", "share"),
)

DECISIONS = (
    Measure("refusals", "refusals to assess", "count", "refused"),
    Measure(
        *("refused_share", "decisions that refuse an assessment", "share"),
        *("decided", "", "refused"),
    ),
    Measure("reconsidered", "refusals turned round by the council", "count", "reconsidered"),
    Measure("mediated", "mediations after a refusal", "count", "mediated"),
    Measure("appealed", "appeals against a refusal", "count", "appealed"),
    Measure("contents_appeals", "appeals about what plans say", "count", "contents_appeals"),
    Measure("appeals", "appeals", "count", "appeals"),
    Measure("overturned", "orders to assess", "count", "ordered"),
    Measure("overturned_to_issue", "orders to make a plan", "count", "ordered_to_issue"),
    Measure("ordered_plans", "orders about what plans say", "count", "ordered_plans"),
    Measure(
        *("ordered_plans_on_time", "plans amended in time after an order", "share"),
        *("ordered_plans", "ordered_plans_judged", "ordered_plans_on_time"),
    ),
    Measure("asked_again", "requests made again after a refusal", "count"),
    *(
        Measure(f"hours_{name}", f"hours on {words}", "hours")
        for name, words in (
            ("first_assessments", "first assessments"),
            ("second_assessments", "second assessments"),
            ("disputes", "disputes"),
            ("meetings", "Outcome and Provision meetings"),
            ("reviews", "annual reviews"),
            ("transfers", "phase transfers"),
            ("reassessments", "reassessments"),
            ("contents_appeals", "appeals about plans"),
            ("moved_in", "plans moved in"),
        )
    ),
)

REVIEWS = about(
    "reviews",
    Measure("expected", "plans whose review was expected", "count"),
    Measure("expected_held", "expected reviews held", "count"),
    Measure("review_due", "plans with a review due or owed", "count"),
    Measure("held", "review meetings held", "count", "meeting"),
    Measure("decided", "decisions after a review", "count", "decided"),
    Measure(
        *("decided_on_time", "reviews decided within four weeks", "share"),
        "meeting",
        by="decided",
        days=law.REVIEW_DECISION.days,
    ),
    Measure(
        *("maintained", "plans left as they are after a review", "count"),
        *("decided", "maintained"),
    ),
    Measure("amended", "plans amended after a review", "count", "decided", "notice"),
    Measure("ceased_at_review", "plans ended at a review", "count", "decided", "ceased"),
    Measure(
        *("amended_on_time", "plans amended within 12 weeks of a review", "share"),
        *("meeting", "notice"),
        by="amended",
        days=law.AMENDED_PLAN.days,
    ),
    Measure("reassessments", "reassessments agreed", "count", "reassessing"),
    Measure(
        *("reassessed_on_time", "plans within 14 weeks of a reassessment's notice", "share"),
        "reassessing",
        by="reassessed",
        days=law.REASSESSMENT_PLAN.days,
    ),
    Measure("overdue_at_end", "plans with an annual review overdue at the year's end", "count"),
    Measure("oldest_overdue_weeks", "weeks the oldest review is overdue", "weeks"),
    Measure("transfers", "phase transfers", "count", "transfer_due"),
    Measure(
        *("transfers_on_time", "phase transfers on time", "share"),
        *("transfer_due", "", "transferred_on_time"),
    ),
    Measure("appeals_after_review", "appeals about amended plans", "count", "appeals"),
)
REVIEWS_BY_AGE = ("held", "decided", "decided_on_time", "maintained", "amended", "ceased_at_review")
"""Measures of reviews that are also counted by age, since DfE publishes them so."""

COSTS = (
    Measure("spent", "spent", "pounds"),
    *(
        Measure(name, f"spent on {words}", "pounds")
        for name, words in (
            ("posts", "posts, overtime and cover"),
            ("agencies", "agencies"),
            ("sittings", "sittings of panels"),
            ("changes", "changes"),
            ("appeals", "appeals, beside the teams' hours"),
            ("mediations", "mediations, beside the teams' hours"),
            ("remedies", "remedies for waiting"),
        )
    ),
    Measure("provision", "what plans issued in the plan provide", "pounds"),
)

PLANS = about(
    "plans",
    Measure("at_start", "plans in place at the start of the year", "count"),
    Measure("issued", "new plans", "count", "opened", "issued"),
    Measure("moved_in", "plans moved in from other councils", "count", "opened", "moved_in"),
    Measure("ceased", "plans that ended", "count", "closed", "ended"),
    Measure("moved_out", "plans moved out to other councils", "count", "closed", "left"),
    Measure("at_end", "plans in place at the end of the year", "count"),
)
