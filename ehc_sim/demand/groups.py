"""Rows of a month by group: totals among their parts, figures not shown, rows that are not there.

Each of them would make a wrong total without a word: twice the requests, or too few of them.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from operator import ne

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

LEAST_ALIKE = 6
"""Months from which figures that are nearly a total of others are told from chance."""
MOST_LACKING = 0.1
"""Share of the others that a total may have beyond them, in rows that are not there."""

Group = tuple[str, ...]


@dataclass(frozen=True)
class Twice:
    """Rows whose requests are in other rows as well.

    Attributes
    ----------
    labels : dict of int to str
        What stands in columns, by their places; those of a total, or of two breakdowns.
    problem : str
        What was found.
    sure : bool
        Whether the figures are the same, and not only too alike for chance.
    breakdowns : bool
        Whether they are one record broken down twice, and no total.
    """

    labels: dict[int, str]
    problem: str
    sure: bool = True
    breakdowns: bool = False


def twice_counted(
    months: Sequence[np.datetime64], groups: Sequence[Group], counts: Sequence[int]
) -> Twice | None:
    """Return what is a total of other rows by its figures, though nothing in its name says so.

    Found are labels in one column or more whose rows are in every month the sum of those with other
    labels in each of these columns; and rows of one breakdown beside rows of another, each with one
    label, such as a blank, in the other's column. Of sums that are a little less, for want of small
    rows, those are found that go with the total more closely than two counts do by chance.

    Parameters
    ----------
    months, groups, counts : sequence, one a row
        Month, labels of the group by column, and requests.
    """
    keys = [tuple(same_key(label) for label in group) for group in groups]
    named = dict(zip(keys, groups, strict=True))
    width = len(groups[0]) if groups else 0
    near: Twice | None = None
    for number in range(1, width + 1):
        for columns in combinations(range(width), number):
            rest: dict[tuple[object, ...], dict[Group, int]] = defaultdict(dict)
            for month, key, count in zip(months, keys, counts, strict=True):
                others = (month, *(key[c] for c in range(width) if c not in columns))
                rest[others][tuple(key[c] for c in columns)] = count
            labels = {
                tuple(k[c] for c in columns): [g[c] for c in columns] for k, g in named.items()
            }
            for label, written in labels.items():
                pairs = _beside_the_others(label, list(rest.values()))
                there = dict(zip(columns, written, strict=True))
                if _agree(pairs, len(labels)):
                    return Twice(there, "is the sum of the others in every month")
                if near is None and _too_alike(pairs, len(labels)):
                    total, others_sum = sum(one for one, _ in pairs), sum(two for _, two in pairs)
                    size = f"{total:,} against {others_sum:,}"
                    near = Twice(
                        there, f"is nearly the sum of the others in every month, {size}", False
                    )
    return _two_breakdowns(months, keys, counts) or near


def _beside_the_others(label: Group, rest: Sequence[dict[Group, int]]) -> list[tuple[int, int]]:
    """Return figures of a label beside the sums of those with none of its parts; or nothing.

    Nothing where there are no others somewhere, or it is less than they are, or far more.
    """
    pairs = []
    for parts in rest:
        if label not in parts:
            continue
        others = [count for other, count in parts.items() if all(map(ne, other, label))]
        total = parts[label]
        if not others or not sum(others) <= total <= 1.5 * sum(others) + 5:
            return []
        pairs.append((total, sum(others)))
    return pairs


def _two_breakdowns(
    months: Sequence[np.datetime64], keys: Sequence[Group], counts: Sequence[int]
) -> Twice | None:
    index, month = np.unique(np.array(months, dtype="datetime64[M]"), return_inverse=True)
    width = len(keys[0]) if keys else 0
    for one, two in combinations(range(width), 2):
        first, at_first = np.unique([key[one] for key in keys], return_inverse=True)
        second, at_second = np.unique([key[two] for key in keys], return_inverse=True)
        sums = np.zeros((len(first), len(second), len(index)), dtype=np.int64)
        np.add.at(sums, (at_first, at_second, month), np.array(counts))
        tries = len(first) * len(second)
        for a, b in np.ndindex(len(first), len(second)):
            by_first = sums[:, b].sum(axis=0) - sums[a, b]
            by_second = sums[a].sum(axis=0) - sums[a, b]
            if _agree(list(zip(by_first.tolist(), by_second.tolist(), strict=True)), tries):
                return Twice(
                    {one: str(first[a]), two: str(second[b])},
                    "rows of each add up to those of the other in every month",
                    breakdowns=True,
                )
    return None


def _agree(pairs: Sequence[tuple[int, int]], tries: int) -> bool:
    """Return whether two series of counts are the same, and not by chance, of so many tried.

    Two counts about one mean agree with a chance of some 1 / sqrt(4 pi mean).
    """
    if not pairs or any(one != two for one, two in pairs):
        return False
    means = np.array([one for one, _ in pairs], dtype=np.float64)
    chance = np.prod(1 / np.sqrt(1 + 4 * np.pi * means))
    return bool(chance * tries < COINCIDENCE)


def _too_alike(pairs: Sequence[tuple[int, int]], tries: int) -> bool:
    """Return whether sums go with a total more closely than separate counts do by chance.

    The difference of separate counts varies by as much as their sum, whatever they share of season
    and growth: a chi square at its lower end. Totals that lack more than a tenth are not found.
    """
    one, two = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    if len(pairs) < LEAST_ALIKE or one.sum() > (1 + MOST_LACKING) * two.sum():
        return False
    from scipy.special import gammainc  # slow to load, and few records come so far

    apart = one - two - (one + two) * (one - two).sum() / (one + two).sum()
    square = np.sum(apart**2 / np.maximum(one + two, 1))
    return bool(gammainc((len(pairs) - 1) / 2, square / 2) * tries < COINCIDENCE)


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
