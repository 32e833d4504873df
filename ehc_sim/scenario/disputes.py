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

    share: Annotated[MeasuredShare, Mark.WHO_IS_ASSESSED]
    """Share of refusals that go to mediation."""
    wait: Wait
    """From the refusal to the mediation."""
    team: TeamName
    """Team that prepares and attends."""
    effort: Effort
    """Hours of a mediation."""
    agreed: Annotated[MeasuredShare, Mark.WHO_IS_ASSESSED]
    """Share of mediations at which the council agrees to assess."""


class Appeals(Part):
    """Appeals to the Tribunal against a refusal to assess (section 51 of the Act)."""

    share: Annotated[MeasuredShare, Mark.WHO_IS_ASSESSED]
    """Share of refusals that are appealed without a mediation."""
    after_mediation: Annotated[MeasuredShare, Mark.WHO_IS_ASSESSED]
    """Share of mediations without agreement that are followed by an appeal."""
    team: TeamName
    """Team that answers the appeal."""
    effort: Effort
    """Hours of an appeal."""
    wait: Wait
    """From the council's answer to the order, or to conceding."""
    overturned: Annotated[MeasuredShare, Mark.WHO_IS_ASSESSED]
    """Share of appeals after which the council must assess."""


class Reconsideration(Part):
    """A meeting soon after a refusal, at which the council looks at it again without mediation.

    Councils call it a way forward meeting (Surrey, Essex and Bedford offer one). The first clock
    goes on: what is agreed to there has its plan due 20 weeks from the request.
    """

    share: Annotated[MeasuredShare, Mark.WHO_IS_ASSESSED]
    """Share of refusals with such a meeting."""
    wait: Wait
    """From the refusal to the meeting."""
    team: TeamName
    """Team that prepares and holds it."""
    effort: Effort
    """Hours of a meeting."""
    agreed: Annotated[MeasuredShare, Mark.WHO_IS_ASSESSED]
    """Share of the meetings after which the council assesses."""


class Margin(Part):
    """How much stronger the cases at the margin of refusal are than the others that are refused.

    Requests are thought of in the order of their strength, the weakest refused first. At the share
    refused that is given here, refusals are reconsidered, mediations agreed and appeals won as
    often as they say. At another one these shares are those times ``(refused / here)`` to the power
    of ``times - 1``, and 1 at most: a case that is only just refused is then overturned ``times``
    as often as the average one.
    """

    refused: Annotated[ranges.SomeShare, Mark.OF_A_COUNCIL]
    """Share of requests refused when the shares agreed and overturned were counted."""
    times: ranges.AtTheMargin
    """How often a case at the margin is overturned, as times the average of those refused; 1 where
    it makes no difference how many are refused."""


class OtherAppeals(Part):
    """Appeals to the Tribunal against a decision not to issue a plan, or to cease one."""

    share: MeasuredShare
    """Share of these decisions that are appealed."""
    after: Wait
    """From the decision to the appeal."""
    team: TeamName
    """Team that answers the appeal and goes on with it."""
    effort: Effort
    """Hours of an appeal."""
    wait: Wait
    """From the council's answer to the order, or to conceding."""
    overturned: MeasuredShare
    """Share of appeals after which there must be a plan."""


class AfterAnswer(Part):
    """An appeal about contents from the council's answer to the amended plan."""

    team: TeamName
    """Team that goes on with it."""
    evidence: Effort
    """Hours on evidence, the bundle and the working document."""
    hearing: MeasuredShare
    """Share of appeals that come to a hearing; the others end before it, by a consent order, by
    conceding or because the family withdraws."""
    settling: Wait
    """From the evidence to that end, without a hearing."""
    consent: Effort
    """Hours of the consent order."""
    hearing_wait: Wait
    """From the evidence to the hearing."""
    attending: Effort
    """Hours to prepare and attend the hearing, witnesses included."""
    changed_without_hearing: MeasuredShare
    """Share of those without a hearing after which the plan is changed."""
    changed_by_hearing: MeasuredShare
    """Share of hearings after which the plan is changed."""
    placement_only: MeasuredShare
    """Share of orders that change only the placement: the plan is then due in two weeks and not in
    five (regulation 44(2)(e) and (f))."""
    amending: Effort
    """Hours to amend the plan as ordered."""


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
    """Hours of an appeal: all of them, or of the answer where ``after_answer`` has the rest."""
    after_answer: AfterAnswer | None = None
    """What follows the answer; without it the appeal ends with the answer."""


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
    ask_again: Annotated[ranges.Share, Mark.WHO_IS_ASSESSED] = fixed(0)
    """Share of refusals that stand after which the family asks again: a new request."""
    ask_again_after: Wait
    """From the end of the matter to asking again."""
    recorded_again: Annotated[MeasuredShare, Mark.WHOLE_RUN] = fixed(0)
    """Share of the requests on record that were made again. The model makes these itself, so they
    are taken off the record and the forecast. Needs ``ask_again``."""
    no_plan_overturned: Annotated[ranges.Share, Mark.WHO_IS_ASSESSED] = fixed(0)
    """Share of decisions not to issue that are turned round, with a plan within 11 weeks of the
    order (regulation 44(2)). It takes nobody's hours; see ``no_plan_appeals``."""
    no_plan_after: Wait = Wait(mean_days=fixed(0))
    """From the decision not to issue to the order, of those."""
    no_plan_appeals: OtherAppeals | None = None
    """Appeals against a decision not to issue a plan; in place of ``no_plan_overturned``."""
    ceasing_appeals: OtherAppeals | None = None
    """Appeals against ceasing a plan at a review; the plan stays in place until they are decided
    (section 45(4) of the Act)."""
    contents: ContentsAppeals
    """Appeals about what a plan says."""
    support: Annotated[Support, Mark.WHO_IS_ASSESSED]
    """Support offered when the council says no."""
    reconsideration: Reconsideration | None = None
    """Meetings at which the council reconsiders a refusal by itself; without it there are none."""
    margin: Margin | None = None
    """How the share overturned rises with the share refused; without it, it does not."""

    @model_validator(mode="after")
    def _shares_of_refusals(self) -> Self:
        total = self.mediation.share.largest + self.appeals.share.largest
        if total > 1 + 1e-9:
            problem = f"found shares of mediation and of appeals that add up to {total:.6g}"
            raise ValueError(f"{problem}, allowed is 1 at most")
        return self

    @model_validator(mode="after")
    def _orders_to_issue_once(self) -> Self:
        if self.no_plan_appeals is not None and self.no_plan_overturned.largest > 0:
            problem = "found no_plan_overturned and no_plan_appeals, which are the same orders"
            raise ValueError(f"{problem}, allowed is one of them")
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
