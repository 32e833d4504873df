"""Names of the milestones and outcomes of the journey: the words of the log."""

from __future__ import annotations

REQUEST = "request"
DECISION_TO_ASSESS = "decision to assess told"
AGREED = "agreed to assess"
REFUSED = "refused"
ORDER_TO_ASSESS = "order to assess"
ASSESSMENT_COMPLETE = "assessment complete"
AGREED_TO_ISSUE = "agreed to issue"
NO_PLAN_TOLD = "no plan told"
DRAFT_PLAN = "draft plan"
FINAL_PLAN = "final plan"

ISSUED = "issued"
REFUSAL_STANDS = "refusal stands"
NO_PLAN = "no plan"
WITHDRAWN = "withdrawn"


def asked(giver: str) -> str:
    """Return the name of the milestone at which an advice giver is asked."""
    return f"{giver}: asked"


def advice_in(giver: str) -> str:
    """Return the name of the milestone at which an advice giver's advice is in."""
    return f"{giver}: in"
