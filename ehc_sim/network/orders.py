"""Words that a scenario and both models share: the orders of work, and who else is taken first."""

from __future__ import annotations

from typing import Final, Literal, get_args

Order = Literal["received", "due", "newest", "still in time first", "mixed"]
"""Order in which a team takes its work: by clock start, oldest (FCFS) or newest (LIFO) first; by
nearest due date (EDD); EDD among those that can still be in time, then FCFS; or a mixture of FCFS
and LIFO."""

ORDERS: Final[tuple[Order, ...]] = get_args(Order)
"""The orders of work; compiled code knows each by its place here."""

OVERDUE: Final = "overdue"
"""What a post can be reserved for beside a kind of work: whatever is past its statutory date."""
