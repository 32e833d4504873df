"""Packs teams: their posts, rules, queues and agencies."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple

import numpy as np
from numpy.typing import NDArray

from ehc_sim.engines.compiled.log_sort import MOST_POSTS
from ehc_sim.engines.compiled.loop import layout
from ehc_sim.engines.compiled.packing.parts import NONE, Parts
from ehc_sim.network.network import AgencyPlan, Network, Rules, TeamPlan
from ehc_sim.network.orders import AHEAD, ORDERS, OVERDUE
from ehc_sim.network.posts import AlwaysThere, Post, Rota

Ints = NDArray[np.int64]


def pack_teams(
    parts: Parts, network: Network, quantities: Mapping[str, int], cases: int
) -> tuple[list[tuple[int, ...]], int]:
    """Add what teams have; return their rows, in the pathway's order, and most queues of a team."""
    packer = _Teams(parts, network, quantities, cases)
    rows = [packer.row(network.teams[name]) for name in network.pathway.teams]
    return rows, packer.most_queues


def queues(parts: Parts, count: int) -> int:
    """Add empty queues and return the place of the first."""
    return parts.add([*(NONE,) * (layout.QUEUE_COLUMNS - 1), 0] * count)


class _Teams:
    def __init__(
        self, parts: Parts, network: Network, quantities: Mapping[str, int], cases: int
    ) -> None:
        self._parts, self._quantities, self._cases = parts, quantities, cases
        self._pathway = network.pathway
        self._days = len(network.timeline.days)
        self.most_queues = 1

    def row(self, plan: TeamPlan) -> tuple[int, ...]:
        """Add what a team has and return its row."""
        if len(plan.posts) > MOST_POSTS:
            raise ValueError(
                f"{len(plan.posts)} posts, a team of the compiled model has {MOST_POSTS}"
            )
        row = np.zeros((), layout.TEAM)
        words = -(-len(plan.posts) // layout.WORD)
        rules = [self._rules(plan, rules) for rules in plan.rules]
        agency, daily = plan.agency, plan.daily
        by_day = None if daily is None else np.stack([daily.minutes, daily.most_a_case], axis=1)
        ends = plan.named_officers
        row["first_post"] = self._parts.add_table([self._post(post, ends) for post in plan.posts])
        row["posts"] = len(plan.posts)
        row["first_rules"], row["rules"] = self._parts.add_table(rules), len(rules)
        packed = np.array(rules, layout.RULES)
        count = int((packed["rows"] * packed["columns"]).max())
        self.most_queues = max(self.most_queues, count)
        row["first_queue"] = queues(self._parts, count)
        row["patch"] = 0 if plan.patch is None else self._parts.address(plan.patch)
        row["agency"] = NONE if agency is None else self._agency(agency)
        row["daily"] = NONE if by_day is None else self._parts.add(by_day.ravel())
        row["words"] = words
        row["masks"], row["always"] = self._masks(plan.posts, words)
        row["idle"] = self._parts.add(_bits(np.ones((1, len(plan.posts)), bool), words).ravel())
        row["away_posts"] = self._parts.add([0] * words)
        row["first_sort"], row["sorts"] = self._parts.add_list(plan.sorted_again)
        row["bought_from"] = row["rules_now"] = NONE
        row["wake"] = layout.NEVER
        row["to_give"] = row["of_holder"] = row["counted"] = row["officers"] = row["hours"] = NONE
        if plan.named_officers:
            row["to_give"] = queues(self._parts, 1)
            of_cases = (np.full(self._cases, NONE, np.int64) for _ in range(2))
            row["of_holder"], row["counted"] = map(self._parts.add, of_cases)
            row["officers"] = self._parts.add([0] * layout.OFFICER_COLUMNS * len(plan.posts))
            row["most_kinds"] = most = int(packed["first_kinds"].max()) + 1
            row["hours"] = self._parts.add([0] * most * len(plan.posts))
        return tuple(row.item())

    def _post(self, post: Post, ends: bool) -> tuple[int, ...]:
        if type(post) is AlwaysThere:
            return (0,) * layout.POST_COLUMNS
        if type(post) is not Rota:
            raise TypeError(f"a post of the compiled model is no {type(post).__name__}")
        days = (post.minutes, post.before, post.next_day)
        handovers = self._parts.add_list(post.handovers)
        gives_up = self._parts.add_list(post.gives_up if ends else ())
        rota = (*map(self._parts.address, days), *handovers, *gives_up)
        return rota + (0,) * (layout.POST_COLUMNS - len(rota))

    def _masks(self, posts: Sequence[Post], words: int) -> tuple[int, int]:
        """Add a bit for each day and post that takes jobs on it, and one for each always there."""
        rotas = [(number, post) for number, post in enumerate(posts) if isinstance(post, Rota)]
        days = NONE
        if rotas:
            there = np.zeros((self._days, len(posts)), bool)
            for number, rota in rotas:
                there[:, number] = rota.takes & (rota.minutes > 0)
            days = self._parts.add(_bits(there, words).ravel())
        always = np.array([[isinstance(post, AlwaysThere) for post in posts]], bool)
        return days, self._parts.add(_bits(always.reshape(1, -1), words).ravel())

    def _rules(self, plan: TeamPlan, rules: Rules) -> tuple[int, ...]:
        kinds, kept = self._pathway.work, plan.own_posts(self._pathway)
        reserved = rules.reserved or ()
        own = sorted(set(reserved) & set(kinds) - {""})
        classes = len(rules.ahead) + 1
        for_agency = (len(own) + 1) * classes
        halves = 1 + any(kept)
        columns = for_agency * halves
        mine = {kind: place for place, kind in enumerate(own)}
        of_posts, first_kinds = [], plan.first_kinds(rules)
        for rows, kinds_first in zip(plan.rows_served(rules), first_kinds, strict=True):
            firsts = [row * columns for row in rows]
            served = self._parts.add_list(
                first + column for first in firsts for column in range(columns)
            )
            for kind in kinds_first:
                first_own = self._parts.add_list(
                    first + half * for_agency + mine[kind] * classes + number
                    for first in firsts
                    for half in range(halves)
                    for number in range(classes if kind in own else 0)
                )
                of_posts.append((*served, *first_own, kind == OVERDUE))
        parts = first_kinds[0] if first_kinds else {"": 1}
        return (
            rules.starts,
            *astuple(ORDERS[rules.order]),
            rules.minutes_to_go,
            OVERDUE in reserved,
            columns,
            for_agency,
            self._parts.add(
                [
                    (own.index(kind) if kind in own else len(own)) * classes + apart * for_agency
                    for kind, apart in zip(kinds, kept, strict=True)
                ]
            ),
            self._parts.add_table(of_posts),
            int(np.float64(rules.newest_share).view(np.int64)),
            classes,
            self._parts.add(list(rules.classes)),
            self._quantities[AHEAD] if rules.ahead else NONE,
            rules.waited,
            NONE if rules.class_of_waited is None else rules.class_of_waited,
            plan.rows_of_queues(rules),
            NONE if rules.officers is None else self._parts.add_table(plan.sizes(rules)),
            len(parts),
            self._parts.add(list(parts.values())),
            sum(parts.values()),
        )

    def _agency(self, agency: AgencyPlan) -> int:
        none = (None,) * len(agency.opens)
        rules = zip(agency.longer_than or none, agency.older_than or none, strict=True)
        rows = [
            (opens, allowance, *(NONE if rule is None else rule for rule in pair))
            for opens, allowance, pair in zip(agency.opens, agency.allowance, rules, strict=True)
        ]
        allowances, looks = self._parts.add_table(rows), self._parts.add(list(agency.looks))
        days = self._quantities[agency.days]
        return self._parts.add([allowances, len(rows), days, looks, len(agency.looks)])


def _bits(flags: NDArray[np.bool_], words: int) -> Ints:
    """Return flags of shape (rows, n) as bits of so many words, shape (rows, words)."""
    padded = np.zeros((len(flags), words, 64), bool)
    for word in range(words):
        part = flags[:, word * layout.WORD : (word + 1) * layout.WORD]
        padded[:, word, : part.shape[1]] = part
    return np.packbits(padded, axis=2, bitorder="little").view("<i8")[:, :, 0].astype(np.int64)
