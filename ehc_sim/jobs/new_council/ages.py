"""What differs by age: groups of ages, and multipliers of a share by age."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

GROUPS = {"0-4": range(5), "5-10": range(5, 11), "11-15": range(11, 16), "16-25": range(16, 26)}
"""The program's age groups."""
TRANSFER_AGES = (2, 3, 4, 10, 15)
"""Ages on 31 August before a move that nearly all make: to school, to secondary school, to
post-16. Their reviews are mostly those of the move."""


def in_years(counts: pd.Series[float]) -> dict[int, float]:
    """Return counts by age in years; "2 and under", "under 3" and "20 and over" by their end."""
    found: dict[int, float] = {}
    for label, value in counts.items():
        digits = re.search(r"\d+", str(label))
        if digits is not None:
            age = int(digits[0]) - (1 if str(label).lower().startswith("under") else 0)
            found[age] = found.get(age, 0.0) + float(value)
    return dict(sorted(found.items()))


def in_groups(ages: Mapping[int, float]) -> dict[str, float]:
    """Return counts by age group."""
    return {
        name: sum(value for age, value in ages.items() if age in group)
        for name, group in GROUPS.items()
    }
