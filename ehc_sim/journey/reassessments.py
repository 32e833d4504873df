"""Reassessments of children who have a plan: asked for at a review, with advice from everybody."""

from collections.abc import Sequence

from ehc_sim.calendars import law
from ehc_sim.journey import milestones as m
from ehc_sim.journey.disputes import first_after
from ehc_sim.journey.steps import Step, Steps, plain
from ehc_sim.network.nodes import Branch, Fork, Join, Mark
from ehc_sim.scenario.schema import Settings

REASSESSMENTS = "reassessments"
"""Kind of work."""
AGENCY_CHECK = "check of agency advice on reassessment"
PSYCHOLOGIST = "psychologist reassesses"
"""Step in which a psychologist gives the advice."""


def reassessment(settings: Settings, otherwise: str, then: str) -> tuple[str, Sequence[Step]]:
    """Return what follows a review after which the plan is kept: the first node, and the steps.

    Parameters
    ----------
    settings : Settings
        Settings with plans.
    otherwise : str
        Node that follows where there is no reassessment.
    then : str
        Node that follows the new plan, where it is not appealed.
    """
    if settings.plans is None or settings.plans.reassessments is None:
        return otherwise, ()
    of, at = Steps(settings, "reviews", REASSESSMENTS), "plans.reassessments"
    of_table = settings.plans.reassessments
    deciding, advice, complete = "deciding to reassess", "reassessment advice", "reassessed by all"
    others = "other advice on reassessment"
    drafting, check, family = "drafting anew", "check of new draft", "family's 15 days anew"
    advisers, bought = of_table.adviser_team, AGENCY_CHECK
    asked = of.share("reassessed", f"{at}.share")
    branches = (Branch("Psychologist", PSYCHOLOGIST), Branch("Others", others))
    return "reassessment?", (
        of.choice("reassessment?", "reassessment", asked, no=otherwise, yes=m.REASSESSMENT_ASKED),
        *plain(Mark(m.REASSESSMENT_ASKED, deciding, clock_days=law.REASSESSMENT_DECISION.days)),
        of.work(deciding, f"{at}.effort", m.REASSESSMENT_NOTICE),
        *plain(
            Mark(m.REASSESSMENT_NOTICE, advice, clock_days=law.REASSESSMENT_PLAN.days),
            Fork(advice, branches, complete),
        ),
        of.work(PSYCHOLOGIST, f"{at}.adviser", complete, team=advisers, by_agency=bought),
        of.work(bought, f"{at}.agency_check_hours", complete, team=advisers, own_posts=True),
        of.wait(others, f"{at}.advice", complete),
        *plain(Join(complete, drafting)),
        of.work(drafting, f"{at}.drafting", check, team=of_table.drafting_team),
        of.work(check, f"{at}.check", family, team=of_table.check_team),
        of.fixed_days(family, f"{at}.family_days", m.REASSESSED_PLAN, number=family),
        *plain(Mark(m.REASSESSED_PLAN, first_after(settings, "amended plan", then))),
    )
