"""Small counts of children by group, which are not passed on: the rule of ``docs/privacy.md``."""

from __future__ import annotations

import pandas as pd

FEW = 6
"""Counts of children by group below this are not shown."""
LEAST_HIDDEN = 2
"""So many counts are hidden together, or the total and the others would give the one away."""


def hidden(counts: pd.Series[float], families: pd.Series[str]) -> pd.Series[bool]:
    """Return which counts by group are not shown.

    Those below ``FEW`` are not. Where a family has one of them alone, or several that come to less
    than ``FEW`` together, its smallest other counts are not shown either: who knows the total could
    work it out.

    Parameters
    ----------
    counts : Series of float
        Children in each group; NaN where not known, which is as good as hidden.
    families : Series of str
        Name of the groups that add up with each other, such as one measure of one year by need.

    Examples
    --------
    >>> hidden(pd.Series([3, 40, 9, 80]), pd.Series(["need"] * 4)).tolist()
    [True, False, True, False]
    """
    found = counts.lt(FEW) | counts.isna()
    for _, family in counts.groupby(families):
        if not family.lt(FEW).any():
            continue
        for place in family.sort_values(kind="stable").index:
            those = family[found[family.index]]
            if len(those) >= LEAST_HIDDEN and those.fillna(0).sum() >= FEW:
                break
            found[place] = True
    return found & counts.notna()
