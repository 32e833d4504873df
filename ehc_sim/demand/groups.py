"""Rows of a month by group: totals among their parts, figures not shown, rows that are not there.

Each of them would make a wrong total without a word: twice the requests, or too few of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.findings import Finding, as_text, listed
from ehc_sim.inputs import same_key

COINCIDENCE = 1e-3
"""Chance below which figures that agree every month are the same requests counted twice."""
SMALL = 3
"""Smallest figure of a file from which on small ones look left out: those under 3 are the fewest
that anybody suppresses."""
NOT_BY_CHANCE = 5.0
"""Requests a month of a group from which on none at all is no chance (e**-5 = 0.7%)."""
AS_NONE = '[demand.record]\nmissing_rows = "no requests"'

Group = tuple[str, ...]


def twice_counted(
    months: Sequence[np.datetime64], groups: Sequence[Group], counts: Sequence[int]
) -> tuple[tuple[int, str] | None, str] | None:
    """Return what is a total of other rows by its figures, though nothing in its name says so.

    Found are a value of a column that is the sum of the others in every month, and rows of one
    breakdown beside rows of another, each with the other's column left blank.

    Parameters
    ----------
    months, groups, counts : sequence, one a row
        Month, labels of the group by column, and requests.

    Returns
    -------
    ((int, str) or None, str) or None
        Column and label of a total, and what was found; None where nothing was.
    """
    for column in range(len(groups[0]) if groups else 0):
        rest: dict[tuple[object, ...], dict[str, int]] = defaultdict(dict)
        for month, group, count in zip(months, groups, counts, strict=True):
            others = (month, *group[:column], *group[column + 1 :])
            rest[others][same_key(group[column])] = count
        for label in {same_key(group[column]): group[column] for group in groups}.values():
            key = same_key(label)
            there = [parts for parts in rest.values() if key in parts and len(parts) > 1]
            pairs = [(parts[key], sum(parts.values()) - parts[key]) for parts in there]
            alone = sum(key in parts for parts in rest.values()) - len(there)
            if not alone and _agree(pairs):
                return (column, label), "is the sum of the others in every month"
    return _two_breakdowns(months, groups, counts)


def _two_breakdowns(
    months: Sequence[np.datetime64], groups: Sequence[Group], counts: Sequence[int]
) -> tuple[None, str] | None:
    sums: dict[tuple[bool, ...], dict[np.datetime64, int]] = defaultdict(lambda: defaultdict(int))
    for month, group, count in zip(months, groups, counts, strict=True):
        sums[tuple(not label for label in group)][month] += count
    for one, two in combinations(sums.values(), 2):
        if one.keys() == two.keys() and _agree([(one[month], two[month]) for month in one]):
            return None, "rows with one column blank add up to those with another blank"
    return None


def _agree(pairs: Sequence[tuple[int, int]]) -> bool:
    """Return whether two series of counts are the same, and not by chance.

    Two counts about one mean agree with a chance of some 1 / sqrt(4 pi mean).
    """
    if not pairs or any(one != two for one, two in pairs):
        return False
    means = np.array([one for one, _ in pairs], dtype=np.float64)
    chance = np.prod(1 / np.sqrt(1 + 4 * np.pi * means))
    return bool(chance < COINCIDENCE)


def missing_rows(
    months: NDArray[np.datetime64], groups: Sequence[Group], counts: Sequence[int]
) -> tuple[NDArray[np.datetime64], tuple[Finding, ...]]:
    """Ask about rows that other months have; return the months that are not known for want of them.

    A row that is not there may be none at all, or a small figure that was left out. Where figures
    of 1 or 2 are shown, small ones are not left out, and it is taken for none, unless the group has
    too many for that. Where they are not, the month is not known.

    Parameters
    ----------
    months, groups, counts : array or sequence, one a row
        Month, labels of the group by column, and requests.
    """
    index = np.arange(months.min(), months.max() + 1)
    there = np.isin(index, months)
    by_group: dict[Group, dict[np.datetime64, int]] = defaultdict(dict)
    for month, group, count in zip(months, groups, counts, strict=True):
        by_group[tuple(same_key(label) for label in group)][month] = count
    smallest = min((count for count in counts if count > 0), default=0)
    zeros_shown = any(count == 0 for count in counts)
    unknown, none = set[np.datetime64](), dict[np.datetime64, float]()
    number, expected = 0, 0.0
    for rows in by_group.values():
        mean = sum(rows.values()) / len(rows)
        for month in _absent(index[there], rows, mean):
            number, expected = number + 1, expected + mean
            if smallest >= SMALL or zeros_shown or mean >= NOT_BY_CHANCE:
                unknown.add(month)
            else:
                none[month] = mean
    if not number:
        return index[:0], ()
    return np.array(sorted(unknown), dtype="datetime64[M]"), tuple(
        _questions(sorted(unknown), sorted(none), number, expected, smallest, sum(counts))
    )


def _absent(
    index: NDArray[np.datetime64], rows: dict[np.datetime64, int], mean: float
) -> Iterator[np.datetime64]:
    """Give the months in which a group is not there.

    A group that has few requests may come later and end earlier than the record by chance; of one
    with many, months before its first and after its last are missing as well, unless they are so
    many that it began or ended then.
    """
    first, last = min(rows), max(rows)
    margin = 3 if mean >= NOT_BY_CHANCE else 0
    early = index[index < first]
    late = index[index > last]
    for month in index:
        inside = first < month < last
        at_end = month > last and len(late) <= margin
        at_start = month < first and len(early) <= margin
        if month not in rows and (inside or at_end or at_start):
            yield month


def _questions(
    unknown: list[np.datetime64],
    none: list[np.datetime64],
    number: int,
    expected: float,
    smallest: int,
    total: int,
) -> Iterator[Finding]:
    size = (
        f"{number} rows that other months have are not there. At what those groups have in other "
        f"months they would be some {expected:,.0f} requests beside the {total:,} in the file; the "
        f"smallest figure above 0 is {smallest}."
    )
    if unknown:
        months = as_text(unknown)
        yield Finding(
            "question", "missing rows", months,
            f"Rows by group are not there in {listed(months)} ({len(months)} months): were there "
            "no requests, or were small figures left out? The months are taken as not known, since "
            "their totals may be too low. If there were none, say so in the scenario; if not, give "
            "the requests by month without groups.",
            size, AS_NONE,
        )  # fmt: skip
    if none:
        months = as_text(none)
        yield Finding(
            "question", "missing rows", months,
            f"Rows by group are not there in {listed(months)} ({len(months)} months): were there "
            "no requests? They are taken for none, since figures of 1 or 2 are shown. If they were "
            "left out, give the requests by month without groups.",
            size,
        )  # fmt: skip
