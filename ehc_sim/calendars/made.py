"""What of a calendar is made by rule because no table holds it yet, in words."""

from __future__ import annotations

from datetime import date

from ehc_sim.calendars.bank_holidays import holidays_made
from ehc_sim.calendars.terms import SchoolTerms


def made_by_rule(terms: SchoolTerms, first_day: date, last_day: date) -> list[str]:
    """Return from when school terms and bank holidays are made by rule, a sentence each."""
    said = []
    if made := terms.years_made(first_day, last_day):
        said.append(f"School terms from {made[0]}/{(made[0] + 1) % 100:02d} are made by rule.")
    if years := holidays_made(first_day.year, last_day.year):
        said.append(f"Bank holidays from {years[0]} are made by rule: single ones are not known.")
    return said
