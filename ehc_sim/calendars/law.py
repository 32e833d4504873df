"""The law's time limits, each once, with its source and how far it was verified.

The regulations are the Special Educational Needs and Disability Regulations 2014 (SI 2014/1530),
https://www.legislation.gov.uk/uksi/2014/1530. Limits are in calendar days and
include their last day.
"""

from dataclasses import dataclass
from typing import Final

REGULATIONS = "SEND Regulations 2014"
READ = "read in the regulation"
QUOTED = "read as others quote it, not in the regulation itself"
FROM_MEMORY = "from memory"


@dataclass(frozen=True)
class Limit:
    """A limit of the law.

    Attributes
    ----------
    days : int
        Calendar days from the start to the last day that is on time.
    starts, ends : str
        What starts the clock, and what must be done.
    source : str
        Act or regulation.
    verified : str
        How far the wording was verified.
    """

    days: int
    starts: str
    ends: str
    source: str
    verified: str

    @property
    def weeks(self) -> int:
        """Whole weeks of the limit."""
        return self.days // 7


ASSESS_DECISION: Final = Limit(
    42, "request", "family told whether it will be assessed", f"{REGULATIONS}, 4(1) and 5(1)", READ
)
ADVICE: Final = Limit(42, "advice asked for", "advice given", f"{REGULATIONS}, 8(1)", QUOTED)
NO_PLAN: Final = Limit(
    112, "request", "family told that there will be no plan", f"{REGULATIONS}, 10(1)", READ
)
PLAN: Final = Limit(140, "request", "final plan", f"{REGULATIONS}, 13(2)", READ)

_ORDER = "order to assess, appeal that is not opposed, or agreement at mediation"
_OF_ORDERS = f"{REGULATIONS}, 42(2), 44(2) and 45"
_READ_IN_PART = "42 and 45 were read in the regulations, 44 as others quote it"
ORDER_TELL: Final = Limit(
    14, _ORDER, "family told that it will be assessed", _OF_ORDERS, _READ_IN_PART
)
ORDER_NO_PLAN: Final = Limit(
    70, _ORDER, "family told that there will be no plan", _OF_ORDERS, _READ_IN_PART
)
ORDER_PLAN: Final = Limit(98, _ORDER, "final plan", _OF_ORDERS, _READ_IN_PART)
ORDER_TO_ISSUE_DRAFT: Final = Limit(
    35, "order to make a plan", "draft plan", f"{REGULATIONS}, 44(2)", QUOTED
)
ORDER_TO_ISSUE_PLAN: Final = Limit(
    77, "order to make a plan", "final plan", f"{REGULATIONS}, 44(2)", QUOTED
)
_ORDER_ON_CONTENTS = "44 as others quote it (IPSEA; the Tribunal's own guidance), 45 was read"
ORDER_AMENDED_PLAN: Final = Limit(
    35,
    "order, or agreement, to change what a plan says",
    "amended plan",
    f"{REGULATIONS}, 44(2)(e) and 45(4)",
    _ORDER_ON_CONTENTS,
)
ORDER_PLACEMENT: Final = Limit(
    14,
    "order to change only the placement that a plan names",
    "amended plan",
    f"{REGULATIONS}, 44(2)(f)",
    _ORDER_ON_CONTENTS,
)

REASSESSMENT_DECISION: Final = Limit(
    15,
    "reassessment asked for",
    "family told whether there will be one",
    f"{REGULATIONS}, 24",
    QUOTED,
)
REASSESSMENT_PLAN: Final = Limit(
    98, "notice of a reassessment", "final plan", f"{REGULATIONS}, 27", READ
)

REVIEW_DECISION: Final = Limit(
    28, "review meeting", "family told whether the plan stays", f"{REGULATIONS}, 20(10)", QUOTED
)
AMENDED_PLAN: Final = Limit(
    84,
    "review meeting",
    "amended plan: 4 weeks to the notice, 8 from it",
    f"{REGULATIONS}, 20(10) and 22(3)",
    QUOTED,
)

MEDIATION: Final = Limit(
    30,
    "mediation asked for",
    "council has taken part",
    "Children and Families Act 2014, section 53",
    QUOTED,
)
APPEAL_ANSWER: Final = Limit(
    42,
    "appeal",
    "council's answer: 30 working days",
    "Tribunal Procedure (HESC) Rules 2008, rule 21",
    FROM_MEMORY,
)
"""Mediation and answers order the work; no measure judges by them."""

LIMITS: Final = (
    *(ASSESS_DECISION, ADVICE, NO_PLAN, PLAN),
    *(ORDER_TELL, ORDER_NO_PLAN, ORDER_PLAN, ORDER_TO_ISSUE_DRAFT, ORDER_TO_ISSUE_PLAN),
    *(ORDER_AMENDED_PLAN, ORDER_PLACEMENT, REASSESSMENT_DECISION, REASSESSMENT_PLAN),
    *(REVIEW_DECISION, AMENDED_PLAN, MEDIATION, APPEAL_ANSWER),
)

EXCEPTION_DAYS: Final = 28
"""Shortest closure of a school, and shortest absence from the area, that make an exception: four
weeks (regulations 10(4)(b) and (d), 13(3))."""

TRANSFER_DAY, POST_16_DAY = (2, 14), (3, 31)
"""Last month and day on which the plan of a child who moves on is amended in time, and for a move
to education after 16. Regulation 18(1) says "before 15 February": the 14th is the last day."""

REVIEW_AFTER_MOVE_DAYS: Final = 91
"""Three months: a plan that moves in is reviewed within 12 months of its last review or within
three months of the move, whichever is later (regulation 15, as others quote it)."""
