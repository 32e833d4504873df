"""The size of each option, by the council's own: rounded to half a post, or to a case a month."""

from __future__ import annotations

from datetime import date
from typing import Any

from ehc_sim.jobs.new_council.numbers import rounded, written
from ehc_sim.jobs.new_council.staffing import Posts, Work

HALF = 0.5
ADVERT, OFFICERS_ADVERT = 4_000, 2_000
DATA_OFFICER, OF_ASSESSMENTS = 24_000, 730
FORM_HELPER, OF_REQUESTS = 12_000, 1_400
SOLD_DAYS, A_DAY, MORE_TIME = 200, 375, 0.15
CHASED = (
    *("families", "schools", "paediatrics", "speech and language", "occupational therapy"),
    *("CAMHS", "social care"),
)
"""Givers of advice whose late advice is chased."""


def sizes(work: Work, posts: Posts, plan_from: date) -> dict[str, Any]:
    """Return what the templates of the options are filled with."""
    psychologists = posts.psychologists.value
    tenth, sixth, quarter = (_posts(psychologists * part) for part in (0.10, 0.15, 0.25))
    officers = _posts(posts.officers.value * 0.1)
    monthly = work.completed / 12
    sold = MORE_TIME * psychologists * SOLD_DAYS * A_DAY
    return {
        "plan_from": plan_from,
        "september": date(plan_from.year + (plan_from.month > 9), 9, 1),
        "after_a_year": _last_day(plan_from, 12),
        "after_eighteen_months": _last_day(plan_from, 18),
        "psychologists": written(psychologists),
        "psychologists_tenth": tenth,
        "psychologists_sixth": sixth,
        "psychologists_quarter": quarter,
        "advert_cost_tenth": round(float(tenth) * ADVERT),
        "advert_cost_sixth": round(float(sixth) * ADVERT),
        "advert_cost_quarter": round(float(quarter) * ADVERT),
        "agency_fifth": _cases(monthly / 5),
        "agency_third": _cases(monthly / 3),
        "agency_two_thirds": _cases(monthly * 2 / 3),
        "writers_third": _posts(posts.writers.value / 3),
        "officers_tenth": officers,
        "officers_cost": round(float(officers) * OFFICERS_ADVERT),
        "chased": CHASED,
        "chasing_cost": _pounds(DATA_OFFICER * work.completed / OF_ASSESSMENTS),
        "form_cost": _pounds(FORM_HELPER * work.requests / OF_REQUESTS),
        "traded": _pounds(sold),
        "traded_low": _pounds(0.7 * sold),
        "traded_high": _pounds(1.35 * sold),
    }


def _posts(value: float) -> str:
    return written(rounded(value, HALF))


def _cases(value: float) -> str:
    return written(rounded(value, 1))


def _pounds(value: float) -> int:
    return max(500, round(value / 500) * 500)


def _last_day(first: date, months: int) -> date:
    """Return the last day of so many months from the first of one."""
    after = first.month - 1 + months
    return date.fromordinal(date(first.year + after // 12, after % 12 + 1, 1).toordinal() - 1)
