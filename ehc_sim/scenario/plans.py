"""The tables of the stock of plans: annual reviews, phase transfers, plans that end or move."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from ehc_sim.scenario import ranges
from ehc_sim.scenario.marks import FileName, Mark, PanelName, TeamName
from ehc_sim.scenario.moving_in import MovingIn
from ehc_sim.scenario.names import ByName
from ehc_sim.scenario.numbers import fixed
from ehc_sim.scenario.part import Delay, Effort, Part, Wait
from ehc_sim.scenario.reassessments import Reassessments


class Reviews(Part):
    """Annual reviews (Children and Families Act 2014, section 44; regulations 18 to 22)."""

    every_days: ranges.ReviewDays = fixed(365)
    """Calendar days from a plan, or from the meeting of its last review, to the day by which the
    next review is due (section 44: every 12 months)."""
    every_days_under_five: ranges.ReviewDays = fixed(365)
    """The same for children under five. The law is the same for them; the Code (9.178) only asks
    councils to consider reviews every three to six months."""
    arranged_days_before: ranges.DaysAhead
    """Calendar days before a review is due on which its meeting is arranged."""
    meeting: Wait
    """From arranging the meeting to holding it."""
    brought_forward: ranges.Share = fixed(0)
    """Share of reviews that are brought forward, such as when a placement breaks down (DfE's
    guidance on suspension and exclusion, paragraph 56: "an early annual review"). The next one is
    due ``every_days`` after the early meeting (section 44(1)(b)); none of them is put off."""
    brought_forward_after: ranges.Share = fixed(0.5)
    """Part of the days between two reviews after which an early one is held at the soonest; every
    day from then to the last before it would be due is as likely."""
    put_off: Delay | None = None
    """Reviews whose meeting is put off, and for how long: they are overdue, and the next one is due
    later. The share is of those that are not brought forward."""
    put_off_by_age: Annotated[ByName[ranges.Times], Mark.OF_A_COUNCIL] = Field(default_factory=dict)
    """Multiplies that share for an age group or an age in years on 31 August of the year in which
    it is arranged; the result is at most 1."""
    report: Wait
    """From the meeting to having the school's report."""
    team: TeamName
    """Team that decides: maintain, amend or cease."""
    effort: Effort
    """Hours to decide, attending meetings included."""
    sign_off_hours: ranges.MoreHoursOfACase = fixed(0)
    """Hours of ``check_team`` to sign off each decision, whatever it is, before it is told."""
    amended: Annotated[ranges.Share, Mark.OF_A_COUNCIL]
    """Share of reviews after which the plan is amended, those of phase transfers left aside."""
    amended_by_age: Annotated[ByName[ranges.Times], Mark.OF_A_COUNCIL] = Field(default_factory=dict)
    """Multiplies that share for an age group or an age in years on 31 August of the year of the
    review; the result is at most the share that is not ceased."""
    ceased: Annotated[ranges.Share, Mark.OF_A_COUNCIL]
    """Share of the same reviews after which the plan is ceased."""
    panel: PanelName
    """Panel to which some amendments go."""
    to_panel: ranges.Share
    """Share of amendments that go to the panel, such as a change of placement."""
    amending_team: TeamName
    """Team that writes the amended plan."""
    amending: Effort
    """Hours to amend a plan."""
    check_team: TeamName
    """Team that checks an amended plan."""
    check: Effort
    """Hours to check it."""
    family_days: ranges.FamilyDays = fixed(15)
    """Calendar days that the family has for representations (regulation 22), from the day on which
    the amendment is served; the amended plan is issued on the day after the last."""

    @model_validator(mode="after")
    def _shares_of_all(self) -> Self:
        total = self.amended.largest + self.ceased.largest
        if total > 1 + 1e-9:
            problem = f"found amended and ceased that add up to {total:.6g}"
            raise ValueError(f"{problem}, allowed is 1 at most")
        return self

    @model_validator(mode="after")
    def _ages_of_something(self) -> Self:
        if self.put_off_by_age and self.put_off is None:
            raise ValueError("found put_off_by_age without put_off, allowed is both or neither")
        return self

    @model_validator(mode="after")
    def _arranged_after_the_last(self) -> Self:
        most = min(self.every_days.smallest, self.every_days_under_five.smallest)
        days = self.arranged_days_before.largest
        if days >= most:
            problem = f"found meetings arranged {days:g} days before"
            raise ValueError(f"{problem}, allowed is fewer than the {most:g} between two reviews")
        return self


class PhaseTransfers(Part):
    """Transfers between phases of education (regulation 18).

    A transfer is the annual review of the school year before the move, and the only one in it. It
    meets in the autumn; the plan is amended by 14 February, or by 31 March for a move to post-16.
    """

    consultation: Wait
    """From the notice with the proposed amendments to the replies of the settings; the family's 15
    days are in it."""
    late: Delay | None = None
    """Transfers whose place is found only after that, and how long it takes."""
    team: TeamName
    """Team that does the work."""
    effort: Effort
    """Hours to decide and to amend the plan for a transfer, the meeting included."""
    check_team: TeamName
    """Team that signs the amended plan."""
    check: Effort
    """Hours to sign."""
    infant_to_junior: Annotated[ranges.Share, Mark.WHOLE_RUN]
    """Share of children who move from an infant to a junior school at seven."""
    middle_school: Annotated[ranges.Share, Mark.WHOLE_RUN, Mark.OF_A_COUNCIL] = fixed(0)
    """Share of children who move to a middle school at nine and to an upper school at thirteen, in
    place of a junior school at seven and a secondary school at eleven."""
    post_16_moves: Annotated[ranges.Share, Mark.WHOLE_RUN] = fixed(0)
    """Share of young people who move to another post-16 institution at 18 (regulation 18(2): five
    months before)."""


class Plans(Part):
    """The stock of plans, which makes work for the same teams as the assessments."""

    in_hand: Annotated[FileName, Mark.WHOLE_RUN, Mark.MUST_AGREE, Mark.OF_A_COUNCIL]
    """CSV of the plans in hand on the first day of the run, relative to this file: columns council,
    as_at (the first day), age (in years), last_review (month of the last review, or of the plan,
    such as 2020-09) and plans."""
    times: Annotated[ranges.TimesTheStock, Mark.WHOLE_RUN, Mark.TOLD, Mark.OF_A_COUNCIL] = fixed(1)
    """Multiplies the plans in hand, for the question what a larger stock would do."""
    moved_in_a_year: Annotated[ranges.PlansAYear, Mark.OF_A_COUNCIL]
    """Plans a year that move in from other councils."""
    moved_out_a_year: Annotated[ranges.YearlyShare, Mark.OF_A_COUNCIL]
    """Share of plans in a year that move to other councils."""
    ceased_a_year: Annotated[ranges.YearlyShare, Mark.OF_A_COUNCIL]
    """Share of plans that end in a year otherwise than at a review."""
    ceased_by_age: Annotated[ByName[ranges.Times], Mark.OF_A_COUNCIL] = Field(default_factory=dict)
    """Multiplies that share for an age group or an age in years; the result is at most 1."""
    reviews: Reviews
    """Annual reviews."""
    phase_transfers: PhaseTransfers
    """Transfers between phases of education."""
    reassessments: Reassessments | None = None
    """Reassessments of children who have a plan; without the table there are none."""
    moving_in: MovingIn | None = None
    """The work of plans that move in; without the table they bring their reviews alone."""
