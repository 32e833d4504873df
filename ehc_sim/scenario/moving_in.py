"""The table of plans that move in from other councils."""

from ehc_sim.scenario.marks import TeamName
from ehc_sim.scenario.part import Effort, Part


class MovingIn(Part):
    """The work of a plan that moves in (SEND Regulations 2014, regulation 15).

    The old council sends it within 15 working days; the new one tells the family within six weeks
    whether it reviews or reassesses. The review that it brings is one of the annual reviews.
    """

    team: TeamName
    """Team that takes it on."""
    effort: Effort
    """Hours to read it, to find out about school and provision, and to tell the family."""
