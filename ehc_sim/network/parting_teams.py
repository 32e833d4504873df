"""Until when two teams work alike: hours, posts, rules and agencies are compared."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS
from ehc_sim.network.network import (
    AWAY_MINUTES,
    AgencyPlan,
    Rules,
    TeamPlan,
)
from ehc_sim.network.orders import OVERDUE
from ehc_sim.network.posts import AlwaysThere, Post, Rota


@dataclass(frozen=True)
class Posts:
    """The posts of a team in one network, as they stand in another.

    Attributes
    ----------
    number : tuple of int or None
        For each post its number in the other, None where it has none there and is never at work
        before the two part.
    other : tuple of bool
        Whether its rota or hand-overs are others there from then on.
    """

    number: tuple[int | None, ...]
    other: tuple[bool, ...]

    @property
    def same(self) -> bool:
        """Whether each post has its number there too, and its rota."""
        return self.number == tuple(range(len(self.number))) and not any(self.other)


@dataclass
class Parting:
    """Where two runs part.

    Attributes
    ----------
    minute : int
        First minute at which they may; the number of minutes of the run where they never do.
    why : str
        What differs first.
    posts : dict of str to Posts
        For each team, the posts of the first run as they stand in the other; only for those of
        which something differs.
    """

    minute: int
    why: str = "nothing"
    posts: dict[str, Posts] = field(default_factory=dict)

    def at(self, minute: int, why: str) -> None:
        """Have the runs part at a minute, unless they do so before it."""
        if minute < self.minute:
            self.minute, self.why = max(minute, 0), why


def same(one: NDArray[Any] | None, other: NDArray[Any] | None) -> bool:
    """Return whether two arrays are equal, or neither is there."""
    if one is None or other is None:
        return one is other
    return one is other or np.array_equal(one, other)


def compare_team(found: Parting, name: str, one: TeamPlan, other: TeamPlan) -> None:
    """Note until when a team works alike in two networks, and how its posts stand in the other."""
    kinds = (one.daily is None, one.patches, one.patch is None)
    if kinds != (other.daily is None, other.patches, other.patch is None):
        found.at(0, name)
        return
    if not same(one.patch, other.patch):
        found.at(0, f"patches of {name}")
    if one.daily is not None and other.daily is not None:
        days = (one.daily.minutes, one.daily.most_a_case)
        days2 = (other.daily.minutes, other.daily.most_a_case)
        first = min(_first_other(a, b) for a, b in zip(days, days2, strict=True))
        # The next day of work is looked up on the one before it.
        before = np.flatnonzero(one.daily.minutes[:first])
        if first < len(one.daily.minutes):
            day = int(before[-1]) if len(before) else -1
            found.at(day * MINUTES_A_DAY + WORK_STARTS, f"hours of {name}")
    posts = _posts(found, name, one, other)
    if posts is None:
        found.at(0, f"posts of {name}")
        return
    if not posts.same or len(one.posts) != len(other.posts):
        found.posts[name] = posts
    _compare_rules(found, name, (one, other), posts)
    found.at(_first_of_lists(_sorted_again(one), _sorted_again(other)), f"order of {name}")
    _compare_agencies(found, name, one, other)


def _first_other(one: NDArray[Any], other: NDArray[Any]) -> int:
    """Return the first place at which two arrays of one length differ, or the length."""
    if one is other:
        return len(one)
    differs = one != other
    first = int(differs.argmax())
    return first if differs[first] else len(one)


def _first_of_lists(one: Sequence[int], other: Sequence[int]) -> int:
    """Return the first minute that is in one of two rising lists and not in the other."""
    never = 2**62
    for a, b in zip_longest(one, other, fillvalue=never):
        if a != b:
            return min(a, b)
    return never


def _posts(found: Parting, name: str, one: TeamPlan, other: TeamPlan) -> Posts | None:
    """Return the posts of a team as they stand in another, or None where they are no such ones.

    Posts are added, or left out, anywhere among the others, which keep their order. One that is
    added has not been at work before the two part.
    """
    more = len(other.posts) - len(one.posts)
    few, many = (one.posts, other.posts) if more >= 0 else (other.posts, one.posts)
    spare = abs(more)
    place, numbers = 0, []
    for post in few:
        while spare and _first_at_work(many[place]) > _first_day_apart(post, many[place]):
            place, spare = place + 1, spare - 1
        numbers.append(place)
        place += 1
    for number in sorted({*range(len(many))} - {*numbers}):
        day = _first_at_work(many[number])
        if day == 0:
            return None
        found.at(_minute_of(day, one, other), f"posts of {name}")
    others = []
    for post, number in zip(few, numbers, strict=True):
        day = _first_day_apart(post, many[number])
        if day == 0:
            return None
        others.append(day < _NEVER)
        found.at(_minute_of(day, one, other), f"posts of {name}")
        a, b = (each.handovers if isinstance(each, Rota) else () for each in (post, many[number]))
        handed = _first_of_lists(a, b)
        others[-1] |= a != b
        found.at(handed, f"posts of {name}")
    if more >= 0:
        return Posts(tuple(numbers), tuple(others))
    back = {number: i for i, number in enumerate(numbers)}
    return Posts(
        tuple(back.get(i) for i in range(len(many))),
        tuple(others[back[i]] if i in back else False for i in range(len(many))),
    )


_NEVER = 2**40
"""A day that no run reaches."""


def _minute_of(day: int, one: TeamPlan, other: TeamPlan) -> int:
    """Return the first minute at which it matters who is at work on a day.

    Where there is an agency, it is asked some days before who will be.
    """
    ahead = AWAY_MINUTES if one.agency or other.agency else 0
    return day * MINUTES_A_DAY - ahead


def _first_at_work(post: Post) -> int:
    """Return the first day on which a post takes jobs."""
    if not isinstance(post, Rota):
        return 0
    day = int(post.next_day[0])
    return day if day >= 0 else _NEVER


def _first_day_apart(one: Post, other: Post) -> int:
    """Return the first day on which the rotas of two posts differ."""
    if one is other or (isinstance(one, AlwaysThere) and isinstance(other, AlwaysThere)):
        return _NEVER
    if not isinstance(one, Rota) or not isinstance(other, Rota):
        return 0
    first = min(_first_other(one.minutes, other.minutes), _first_other(one.takes, other.takes))
    return first if first < len(one.minutes) else _NEVER


def _compare_rules(
    found: Parting, name: str, teams: tuple[TeamPlan, TeamPlan], posts: Posts
) -> None:
    in_both = [(i, number) for i, number in enumerate(posts.number) if number is not None]
    every = tuple(range(len(teams[0].patches)))
    for a, b in zip_longest(teams[0].rules, teams[1].rules):
        start = min(rules.starts for rules in (a, b) if rules is not None)
        if start >= found.minute:
            return
        if a is None or b is None or not _same_rules(a, b, in_both, every):
            found.at(start, f"order of work of {name}")
            return


def _same_rules(
    one: Rules, other: Rules, posts: Iterable[tuple[int, int]], every: tuple[int, ...]
) -> bool:
    """Return whether two rules say the same of the posts that are in both teams."""
    if one is other:
        return True
    if _of_all(one) != _of_all(other):
        return False
    return all(
        (one.serves[i] if one.serves else every) == (other.serves[j] if other.serves else every)
        and (one.reserved[i] if one.reserved else "")
        == (other.reserved[j] if other.reserved else "")
        for i, j in posts
    )


def _of_all(rules: Rules) -> tuple[object, ...]:
    return (
        *(rules.starts, rules.order, rules.newest_share, rules.minutes_to_go),
        *(rules.ahead, rules.waited, OVERDUE in (rules.reserved or ())),
    )


def _sorted_again(team: TeamPlan) -> list[int]:
    """Return the minutes at which what waits is put into classes anew, where there are classes.

    Where there are none it stays as it is; but a team then looks at its agency's rule once more.
    """
    starts = [rules.starts for rules in team.rules]
    by_age = team.agency is not None and any(days is not None for days in team.agency.older_than)
    return [
        minute
        for minute in team.sorted_again
        if by_age or team.rules[bisect_right(starts, minute) - 1].ahead
    ]


def _compare_agencies(found: Parting, name: str, one: TeamPlan, other: TeamPlan) -> None:
    a, b = one.agency, other.agency
    if a is None and b is None:
        return
    if a is not None and b is not None and a.days != b.days:
        found.at(0, f"agency of {name}")
    for first, second in zip_longest(_allowances(a), _allowances(b)):
        if first != second:
            opens = min(each.opens for each in (first, second) if each is not None)
            found.at(opens, f"agency of {name}")
            break
    found.at(_first_of_lists(a.looks if a else (), b.looks if b else ()), f"agency of {name}")
    if (
        name in found.posts
        and b is not None
        and not _looks_each_morning(b, one.posts + other.posts)
    ):
        found.at(0, f"agency of {name}")


def _looks_each_morning(agency: AgencyPlan, posts: Iterable[Post]) -> bool:
    """Return whether the rule is looked at whenever a post may come to work, where time decides.

    A team looks for work when somebody comes. Where that is another post, it looks at its agency's
    rule at other times too, and what waits may be old enough then.
    """
    spans = [one for one in _allowances(agency) if one.older_than is not None]
    if not spans:
        return True
    there = np.any([p.takes & (p.minutes > 0) for p in posts if isinstance(p, Rota)], axis=0)
    mornings = np.flatnonzero(there) * MINUTES_A_DAY + WORK_STARTS
    looks = np.array(agency.looks)
    return all(
        bool(np.isin(mornings[(mornings >= one.opens) & (mornings < one.ends)], looks).all())
        for one in spans
    )


class _Allowance(NamedTuple):
    opens: int
    ends: int
    cases: int
    longer_than: int | None
    older_than: int | None


def _allowances(agency: AgencyPlan | None) -> list[_Allowance]:
    """Return each allowance that has cases: when it opens and the next does, and its rule."""
    if agency is None:
        return []
    none = (None,) * len(agency.opens)
    ends = (*agency.opens[1:], _NEVER)
    rules = (agency.longer_than or none, agency.older_than or none)
    listed = zip(agency.opens, ends, agency.allowance, *rules, strict=True)
    return [one for one in map(_Allowance._make, listed) if one.cases]
