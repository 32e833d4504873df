"""Names of the milestones and outcomes of the journey: the words of the log."""

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

RECONSIDERED = "agreed on reconsideration"
MEDIATED = "mediation held"
APPEALED = "appeal against refusal"
ORDER_TO_ISSUE = "order to issue"
MEETING_HELD = "Outcome and Provision meeting held"
CONTENTS_APPEAL = "appeal about contents"
CONTENTS_ORDER = "order about contents"
PLACEMENT_ORDER = "order about the placement"
ORDERED_PLAN = "plan amended after an order"
NO_PLAN_APPEALED = "appeal against refusal to issue"
CEASING_APPEALED = "appeal against ceasing"

PLAN_IN_HAND = "plan in hand"
REVIEW_ARRANGED = "review arranged"
BROUGHT_FORWARD = "review brought forward"
REVIEW_MEETING = "review meeting held"
MAINTAINED = "plan maintained at review"
CEASING_TOLD = "decision to cease told"
CEASED_AT_REVIEW = "plan ceased at review"
AMENDMENT_NOTICE = "amendment notice"
AMENDED_PLAN = "amended plan"
REASSESSMENT_ASKED = "reassessment asked for"
REASSESSMENT_NOTICE = "reassessment agreed"
REASSESSED_PLAN = "plan after reassessment"
TRANSFER_BEGUN = "phase transfer begun"
TRANSFER_MEETING = "phase transfer review held"
TRANSFER_NOTICE = "phase transfer notice"
TRANSFER_PLAN = "phase transfer plan"

REVIEW_IN_HAND = "review of a plan in hand"
FIRST_REVIEW = "first review"
NEXT_REVIEW = "next review"
REVIEW_AFTER_TRANSFER = "review after a transfer"

ISSUED = "issued"
REFUSAL_STANDS = "refusal stands"
NO_PLAN = "no plan"
WITHDRAWN = "withdrawn"

REVIEWED = "reviewed"
NO_REVIEW = "no review needed"
TRANSFER_INSTEAD = "transfer in its place"
TRANSFERRED = "transferred"
NO_TRANSFER = "no transfer needed"
KEPT = "plan kept"
APPEAL_CLOSED = "appeal closed"

REQUEST_CASE = "request"
REQUEST_AGAIN = "request made again"
PLAN_AT_START = "plan at the start"
PLAN_MOVED_IN = "plan moved in"
REVIEW = "review"
TRANSFER = "phase transfer"
KINDS_OF_CASE = (REQUEST_CASE, REQUEST_AGAIN, PLAN_AT_START, PLAN_MOVED_IN, REVIEW, TRANSFER)
"""Kinds of case, in the order of their numbers in a run."""


def brought_forward(review: str) -> str:
    """Return the name of the node that starts a review early, such as the next one."""
    return f"{review}, early"


def asked(giver: str) -> str:
    """Return the name of the milestone at which an advice provider is asked."""
    return f"{giver}: asked"


def advice_in(giver: str) -> str:
    """Return the name of the milestone at which an advice provider's advice is in."""
    return f"{giver}: in"
