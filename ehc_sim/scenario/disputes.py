"""The tables of disputes and of the meetings that are to avoid them."""

from typing import Annotated, Self

from pydantic import model_validator

from ehc_sim.scenario import ranges
from ehc_sim.scenario.marks import Mark, TeamName
from ehc_sim.scenario.numbers import fixed
from ehc_sim.scenario.part import Effort, Part, Wait

MeasuredShare = Annotated[ranges.Share, Mark.OF_A_COUNCIL]
"""How often it happens in one council, by its own count or DfE's."""


class Mediation(Part):
    """Mediation after a refusal to assess (Children and Families Act 2014, section 52)."""

    share: MeasuredShare
    """Share of refusals that go to mediation."""
    wait: Wait
    """From the refusal to the mediation."""
    team: TeamName
    """Team that prepares and attends."""
    effort: Effort
    """Hours of a mediation."""
    agreed: MeasuredShare
    """Share of mediations at which the council agrees to assess."""


class Appeals(Part):
    """Appeals to the Tribunal against a refusal to assess (section 51 of the Act)."""

    share: MeasuredShare
    """Share of refusals that are appealed without a mediation."""
    after_mediation: MeasuredShare
    """Share of mediations without agreement that are followed by an appeal."""
    team: TeamName
    """Team that answers the appeal."""
    effort: Effort
    """Hours of an appeal."""
    wait: Wait
    """From the council's answer to the order, or to conceding."""
    overturned: MeasuredShare
    """Share of appeals after which the council must assess."""


class Margin(Part):
    """How much stronger the cases at the margin of refusal are than the others that are refused.

    Requests are thought of in the order of their strength, the weakest refused first. At the share
    refused that is given here, mediations are agreed and appeals won as often as they say. At
    another one both shares are those times ``(refused / here)`` to the power of ``times - 1``, and
    1 at most: a case that is only just refused is then overturned ``times`` as often as the average
    one.
    """

    refused: Annotated[ranges.SomeShare, Mark.OF_A_COUNCIL]
    """Share of requests refused when the shares agreed and overturned were counted."""
    times: ranges.AtTheMargin
    """How often a case at the margin is overturned, as times the average of those refused; 1 where
    it makes no difference how many are refused."""


class ContentsAppeals(Part):
    """Appeals to the Tribunal about what a plan says (section 51 of the Act)."""

    new_plan: MeasuredShare
    """Share of new plans that are appealed."""
    amended_plan: MeasuredShare
    """Share of plans amended after a review that are appealed."""
    phase_transfer: MeasuredShare
    """Share of plans amended for a phase transfer that are appealed."""
    wait: Wait
    """From the plan to the appeal."""
    team: TeamName
    """Team that answers the appeal."""
    effort: Effort
    """Hours of an appeal."""


class Support(Part):
    """Support offered to a family and school when the council says no."""

    uptake: ranges.Share = fixed(0)
    """Share of refusals in which it is taken up."""
    team: TeamName
    """Team that gives it."""
    effort: Effort
    """Hours of support."""
    disputes_kept: ranges.Share
    """Share of mediations and appeals that remain where it is taken up."""
    asking_again_kept: ranges.Share
    """Share of those asking again that remain where it is taken up."""


class Disputes(Part):
    """What follows when the council says no, or a family disagrees with a plan."""

    mediation: Mediation
    """Mediation after a refusal."""
    appeals: Appeals
    """Appeals against a refusal."""
    ask_again: ranges.Share = fixed(0)
    """Share of refusals that stand after which the family asks again: a new request."""
    ask_again_after: Wait
    """From the end of the matter to asking again."""
    recorded_again: Annotated[MeasuredShare, Mark.WHOLE_RUN] = fixed(0)
    """Share of the requests on record that were made again. The model makes these itself, so they
    are taken off the record and the forecast. Needs ``ask_again``."""
    no_plan_overturned: ranges.Share = fixed(0)
    """Share of decisions not to issue that are turned round, with a plan within 11 weeks of the
    order (regulation 44(2))."""
    no_plan_after: Wait
    """From the decision not to issue to the order."""
    contents: ContentsAppeals
    """Appeals about what a plan says."""
    support: Support
    """Support offered when the council says no."""
    margin: Margin | None = None
    """How the share overturned rises with the share refused; without it, it does not."""

    @model_validator(mode="after")
    def _shares_of_refusals(self) -> Self:
        total = self.mediation.share.largest + self.appeals.share.largest
        if total > 1 + 1e-9:
            problem = f"found shares of mediation and of appeals that add up to {total:.6g}"
            raise ValueError(f"{problem}, allowed is 1 at most")
        return self


class Meetings(Part):
    """Outcome and Provision meetings (Improvement Priority 8).

    The family, the setting and the officer agree what the plan will say before it is drafted.
    """

    share: ranges.Share = fixed(0)
    """Share of cases with a meeting."""
    ramp_months: ranges.Months = fixed(0)
    """Months over which a change of that share comes in."""
    slot: Wait
    """Time to a slot with everybody."""
    team: TeamName
    """Team that leads the meeting."""
    effort: Effort
    """Hours of that team, preparation included."""
    adviser_team: TeamName
    """Team that attends beside it."""
    adviser: Effort
    """Hours of that team."""
    drafting_kept: ranges.Kept
    """Hours of drafting after a meeting, as a share of those without."""
    rework_kept: ranges.Share
    """Chance of rework after a meeting, as a share of that without."""
    rounds_kept: ranges.Share
    """Chance of another round of consultation after a meeting, as a share of that without."""
    placement_kept: ranges.Share
    """Share waiting for a placement after a meeting, as a share of that without."""
    appeals_kept: ranges.Share
    """Share of new plans appealed after a meeting, as a share of that without."""
