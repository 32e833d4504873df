"""What of a calendar is made by rule because no table holds it yet, in words."""

from collections.abc import Sequence
from datetime import date

from ehc_sim.calendars.bank_holidays import holidays_made
from ehc_sim.calendars.terms import SchoolTerms


def made_by_rule(terms: SchoolTerms, first_day: date, last_day: date) -> list[str]:
    """Return from when school terms and bank holidays are made by rule, a sentence each."""
    years = holidays_made(first_day.year, last_day.year)
    return made_in_words(terms.years_made(first_day, last_day), years)


def made_in_words(school_years: Sequence[int], years: Sequence[int]) -> list[str]:
    """Return what was made by rule: school years by the year of their autumn, and bank holidays."""
    said = []
    if school_years:
        first = school_years[0]
        said.append(f"School terms from {first}/{(first + 1) % 100:02d} are made by rule.")
    if years:
        said.append(f"Bank holidays from {years[0]} are made by rule: single ones are not known.")
    return said
