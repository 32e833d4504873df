"""The rows of what is not counted by month: reviews, plans, decisions, advice, teams and hours."""

from __future__ import annotations

from ehc_sim.calendars import law
from ehc_sim.catalogue.measure import Measure, about

OVERDUE = "reviews past the day they were due and not decided, of plans in place"

EXCEPTIONS = (
    Measure(
        *("excepted", "plans with an exception", "count"),
        "plans issued to which an exception of the kind applies",
    ),
    Measure(
        *("on_time_with", "plans issued on time, exceptions counted", "share"),
        "share on time of all the plans issued",
    ),
    Measure(
        *("on_time_without", "plans issued on time, exceptions left out", "share"),
        "share on time of those to which no exception of the kind applies",
    ),
)

ADVICE = (
    Measure("asked", "advice asked for", "count", "how often advice was asked for"),
    Measure("on_time", "on time", "share", "share that came within six weeks of being asked for"),
    Measure("late", "advice returned late", "count", "how many did not"),
    Measure(
        *("outstanding", "advice outstanding at the year's end", "count"),
        "still out at the end of the year, whenever asked for",
    ),
    Measure(
        *("median_days", "days to the advice, the middle case", "days"),
        "median days to the advice; those still out count as longer than any",
    ),
)

TEAMS = (
    Measure(
        *("capacity_hours", "hours there are", "hours"),
        "hours of the posts, after leave and sickness",
    ),
    Measure(
        *("offered_hours", "hours of work arriving", "hours"),
        "hours of the work that joined the queue in the month, without what an agency took then "
        "or later",
    ),
    Measure("worked_hours", "hours worked", "hours"),
    Measure(
        *("utilisation", "share of hours in use", "share"),
        "worked over capacity, 0 to 1; what leavers do to finish the job in hand counts as "
        "capacity too",
    ),
    Measure(
        *("load", "work arriving as a share of hours there are", "share"),
        "offered over capacity, 0 or more; above 1 the queue grows for as long as it lasts",
    ),
    Measure("queue", "jobs in the queue", "count", "jobs that wait at the end of the month"),
    Measure(
        *("load_of_year", "work arriving in the year as a share of hours there are", "share"),
        "offered over capacity of the months of this calendar year that lie in the planning "
        "period, worked out in each future; the same in each of them, empty before",
    ),
)

HOURS = (
    Measure("hours", "hours worked", "hours", "hours worked by the team"),
    Measure(
        *("agency_hours", "hours worked by an agency", "hours"),
        "hours of the work that an agency did in its place",
    ),
    Measure(
        *("offered_hours", "hours of work arriving", "hours"),
        "hours of the work that came to the team in the year, done or not",
    ),
    Measure(
        *("share", "share", "share"),
        "those of the kind over all that the team worked in the year, in each future",
    ),
)

LATENESS = (
    Measure(
        *("late_plans", "plans issued late", "count"),
        "plans issued late on their own clock in the year",
    ),
    Measure(
        *("minutes", "minutes", "minutes"),
        "minutes over the limit, of all of them; a part that took less than its allowance is "
        "below 0",
    ),
    Measure(
        *("minutes_in_queue", "minutes in queue", "minutes"),
        "those of them in which nobody had begun",
    ),
    Measure(
        *("days_a_late_plan", "days over the limit of a late plan", "days"),
        "the minutes in days, for each late plan",
    ),
    Measure("share", "share", "share", "of all minutes over the limit"),
)

DECISIONS = (
    Measure("refusals", "refusals to assess", "count", when="refused"),
    Measure(
        *("refused_share", "decisions that refuse an assessment", "share"),
        when="decided",
        part="refused",
    ),
    Measure("mediated", "mediations after a refusal", "count", when="mediated"),
    Measure("appealed", "appeals against a refusal", "count", when="appealed"),
    Measure(
        *("contents_appeals", "appeals about what plans say", "count"),
        "appeals about what a plan says: new, amended after a review or for a transfer",
        when="contents_appeals",
    ),
    Measure("appeals", "appeals", "count", "appeals of both kinds", when="appeals"),
    Measure(
        *("overturned", "orders to assess", "count"),
        "orders to assess: agreed at mediation, conceded, or made by the Tribunal",
        when="ordered",
    ),
    Measure(
        *("overturned_to_issue", "orders to make a plan", "count"),
        "orders to make a plan after a decision against one",
        when="ordered_to_issue",
    ),
    Measure("asked_again", "requests made again after a refusal", "count"),
    *(
        Measure(
            f"hours_{name}",
            f"hours on {words}",
            "hours",
            f"hours of all teams and agencies on {words}, as in `hours.csv`",
        )
        for name, words in (
            ("first_assessments", "first assessments"),
            ("second_assessments", "second assessments"),
            ("disputes", "disputes"),
            ("meetings", "Outcome and Provision meetings"),
            ("reviews", "annual reviews"),
            ("transfers", "phase transfers"),
            ("contents_appeals", "appeals about plans"),
        )
    ),
)

REVIEWS = about(
    "reviews",
    Measure(
        *("expected", "plans whose review was expected", "count"),
        "plans that were in place on the first and on the last day of the year",
    ),
    Measure(
        *("expected_held", "expected reviews held", "count"),
        "those of them with a review meeting in the year",
    ),
    Measure(
        *("review_due", "plans with a review due or owed", "count"),
        "plans with a review that was due in the year or still owed from before",
    ),
    Measure(
        *("held", "review meetings held", "count", "all review meetings in the year"),
        when="meeting",
    ),
    Measure("decided", "decisions after a review", "count", when="decided"),
    Measure(
        *("decided_on_time", "reviews decided within four weeks", "share"),
        "share of the meetings in the year that were decided within four weeks; those whose four "
        "weeks end after the run are left out",
        when="meeting",
        by="decided",
        days=law.REVIEW_DECISION.days,
    ),
    Measure(
        *("maintained", "plans left as they are after a review", "count"),
        when="decided",
        of="maintained",
    ),
    Measure("amended", "plans amended after a review", "count", when="decided", of="notice"),
    Measure("ceased_at_review", "plans ended at a review", "count", when="decided", of="ceased"),
    Measure(
        *("amended_on_time", "plans amended within 12 weeks of a review", "share"),
        "share of the meetings in the year after which it was decided to amend, with the amended "
        "plan within twelve weeks; those whose twelve weeks end after the run are left out",
        when="meeting",
        of="notice",
        by="amended",
        days=law.AMENDED_PLAN.days,
    ),
    Measure(
        *("overdue_at_end", "annual reviews overdue at the year's end", "count"),
        f"at the year's end, {OVERDUE}",
    ),
    Measure(
        *("oldest_overdue_weeks", "weeks the oldest review is overdue", "weeks"),
        "weeks since the oldest of them was due; 0 where there is none",
    ),
    Measure(
        *("transfers", "phase transfers", "count"),
        "phase transfers due in the year, of plans that were in place when the work on them began",
        when="transfer_due",
    ),
    Measure(
        *("transfers_on_time", "phase transfers on time", "share"),
        "share of them with the amended plan by 15 February, or 31 March for a move to post-16",
        when="transfer_due",
        part="transferred_on_time",
    ),
    Measure(
        *("appeals_after_review", "appeals about amended plans", "count"),
        "appeals about the contents of plans amended after a review or for a transfer",
        when="appeals",
    ),
)

PLANS = about(
    "plans",
    Measure("at_start", "plans in place at the start of the year", "count"),
    Measure("issued", "new plans", "count", when="opened", of="issued"),
    Measure(
        *("moved_in", "plans moved in from other councils", "count"), when="opened", of="moved_in"
    ),
    Measure(
        *("ceased", "plans that ended", "count", "plans that ended, at a review or otherwise"),
        when="closed",
        of="ended",
    ),
    Measure("moved_out", "plans moved out to other councils", "count", when="closed", of="left"),
    Measure("at_end", "plans in place at the end of the year", "count"),
)
