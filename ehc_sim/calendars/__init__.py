"""Working days, school terms and the statutory clock."""

from ehc_sim.calendars import law
from ehc_sim.calendars.bank_holidays import (
    FIRST_YEAR,
    LAST_YEAR,
    bank_holidays,
    holidays_made,
    working_days,
)
from ehc_sim.calendars.sittings import sitting_days
from ehc_sim.calendars.statutory import closures, deadline, excepted, on_time
from ehc_sim.calendars.term_file import TermsError
from ehc_sim.calendars.terms import SchoolTerms, made_by_rule, made_in_words
from ehc_sim.calendars.timeline import (
    APRIL,
    DAYS_A_WEEK,
    JANUARY,
    MINUTES_A_DAY,
    MONTHS_A_YEAR,
    WORK_STARTS,
    CountedIn,
    Timeline,
    financial_year,
    year_of,
)

__all__ = [
    "APRIL",
    "DAYS_A_WEEK",
    "FIRST_YEAR",
    "JANUARY",
    "LAST_YEAR",
    "MINUTES_A_DAY",
    "MONTHS_A_YEAR",
    "WORK_STARTS",
    "CountedIn",
    "SchoolTerms",
    "TermsError",
    "Timeline",
    "bank_holidays",
    "closures",
    "deadline",
    "excepted",
    "financial_year",
    "holidays_made",
    "law",
    "made_by_rule",
    "made_in_words",
    "on_time",
    "sitting_days",
    "working_days",
    "year_of",
]
