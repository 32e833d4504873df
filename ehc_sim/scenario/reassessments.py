"""The table of reassessments of children who have a plan."""

from typing import Annotated

from ehc_sim.scenario import ranges
from ehc_sim.scenario.marks import Mark, TeamName
from ehc_sim.scenario.numbers import fixed
from ehc_sim.scenario.part import Effort, Part, Wait


class Reassessments(Part):
    """Reassessments (Children and Families Act 2014, section 44(2); regulations 23 to 27).

    One is asked for at a review. The council decides within 15 days, and the plan is due within 14
    weeks of its notice. Everybody is asked for advice again, so that it is as much work for a
    psychologist as a first assessment. It is no part of the measure of 20 weeks.
    """

    share: Annotated[ranges.Share, Mark.OF_A_COUNCIL]
    """Share of the reviews after which the plan is kept that are followed by a reassessment."""
    team: TeamName
    """Team that decides, asks for the advice and finishes the plan."""
    effort: Effort
    """Hours to decide on it and to ask for the advice."""
    adviser_team: TeamName
    """Team of psychologists."""
    adviser: Effort
    """Hours of a psychologist's advice."""
    agency_check_hours: ranges.MoreHoursOfACase = fixed(0)
    """Hours of the posts of that team to check advice that its agency gave."""
    advice: Wait
    """From asking to having all other advice (six weeks in law)."""
    drafting_team: TeamName
    """Team that writes the plan anew."""
    drafting: Effort
    """Hours to write it."""
    check_team: TeamName
    """Team that checks it."""
    check: Effort
    """Hours to check it."""
    family_days: ranges.FamilyDays = fixed(15)
    """Calendar days that the family has for representations."""
