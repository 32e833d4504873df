"""Who takes which job next: every pick of a run, looked up anew among all that waited."""

from __future__ import annotations

from math import floor

import pytest
from hypothesis import given, settings

from ehc_sim.calendars import MINUTES_A_DAY, WORK_STARTS
from ehc_sim.engines.simpy import run
from ehc_sim.network import Decision, Draw, Log, Mark, Network, Rules, TeamPlan
from ehc_sim.network.log import AGENCY, NOT_YET, SHARED
from ehc_sim.network.orders import AHEAD, FLAGS, WAITED
from tests.property.log_rows import (
    CASE,
    ENDED,
    JOINED,
    NODE,
    RESOURCE,
    STARTED,
    WORKED,
    Made,
    team_visits,
    visits_of,
)
from tests.property.made_networks import DAYS, MINUTES, made

pytestmark = pytest.mark.property

often = settings(max_examples=60, deadline=None)


def clock(log: Log, network: Network, case: int, minute: int) -> tuple[int, int]:
    """Return when a case's clock started and runs out, as it stands at a minute."""
    started, days = int(log.arrived[case]), network.clock_days
    for row in log.visits[log.visits[:, CASE] == case]:
        node = network.pathway.nodes[row[NODE]]
        if isinstance(node, Mark) and node.clock_days is not None and row[ENDED] <= minute:
            started, days = int(row[ENDED]), node.clock_days
    return started, (started // MINUTES_A_DAY + days + 1) * MINUTES_A_DAY


class Classes:
    """What class a visit to a team is of at a minute, by the log and the draw."""

    def __init__(self, log: Log, network: Network, draw: Draw, team: TeamPlan) -> None:
        (self._rules,) = team.rules
        self._flags = draw.quantities.get(AHEAD)
        self._sorted = team.sorted_again
        orders = {n for n, node in enumerate(network.pathway) if getattr(node, "ordered", False)}
        self._orders = [tuple(row) for row in log.visits.tolist() if row[NODE] in orders]
        self._clock = lambda row: clock(log, network, row[CASE], row[JOINED])[0]

    def of(self, row: list[int] | tuple[int, ...], now: int, put_back: int = 0) -> int:
        ahead = self._rules.ahead
        if not ahead:
            return 0
        assert self._flags is not None
        looked_at = max(m for m in (row[JOINED], put_back, *self._sorted) if m <= now)
        found = {
            name for name, flag in FLAGS.items() if self._flags.at(looked_at, row[CASE]) & flag
        }
        if any(one[CASE] == row[CASE] and one[ENDED] <= looked_at for one in self._orders):
            found.add("ordered")
        if looked_at - self._clock(row) > self._rules.waited:
            found.add(WAITED)
        return next((place for place, name in enumerate(ahead) if name in found), len(ahead))

    def oldest_first(self, place: int) -> bool:
        return self._rules.ahead[place : place + 1] == (WAITED,)


def key(rules: Rules, newest: bool, now: int, received: int, due: int) -> tuple[int, ...]:
    order = rules.order
    if order == "still in time first":
        return (0, due) if due > now + rules.minutes_to_go else (1, received)
    if order == "newest" or (order == "mixed" and newest):
        return (-received,)
    return (due,) if order == "due" else (received,)


@settings(max_examples=120, deadline=None)
@given(made(forks=False, changes=False, busy=True, officers=False))
def test_jobs_are_taken_in_the_teams_order(network_and_draw: Made) -> None:
    """First by the posts in the order of their numbers, of what they are reserved for if any of it
    waits; then by the agency."""
    network, draw = network_and_draw
    log = run(network, draw)
    for team, visits in team_visits(log, network):
        if len(team.patches) > 1 or team.daily is not None:
            continue
        line = Line(log, network, draw, team, visits.tolist())
        taken = sorted({row[STARTED] for row in line.waiting} - {NOT_YET})
        for now in taken:
            rows = [row for row in line.waiting if row[STARTED] == now]
            for row in sorted(rows, key=lambda row: (row[RESOURCE] == AGENCY, row[RESOURCE])):
                if row[RESOURCE] == AGENCY:
                    bought = line.next_for_agency(now)
                    assert agency_may_take(team, line.waits(now), bought, now)
                    assert bought in rows
                    line.take(bought, now)
                else:
                    assert line.next(now, row[RESOURCE]) == row
                    line.take(row, now, row[RESOURCE])


class Line:
    """The visits that wait for a team of one patch, looked through anew for every pick."""

    def __init__(
        self, log: Log, network: Network, draw: Draw, team: TeamPlan, visits: list[list[int]]
    ) -> None:
        (self._rules,) = team.rules
        self._classes = Classes(log, network, draw, team)
        self._class = self._classes.of
        self._kinds, self._own_posts = network.pathway.work, team.own_posts(network.pathway)
        self._clocks = {tuple(row): clock(log, network, row[CASE], row[JOINED]) for row in visits}
        self._picks = 0
        self.waiting = visits

    def waits(self, now: int) -> list[list[int]]:
        return [row for row in self.waiting if row[JOINED] <= now]

    def next(self, now: int, post: int | None = None) -> list[int]:
        """Return the visit that a post takes next, or that is next by the team's order."""
        here, mine = self.waits(now), ""
        if post is not None and self._rules.reserved is not None:
            mine = self._rules.reserved[post]
        overdue = [row for row in here if self._due(row) <= now]
        if mine == "overdue" and overdue:
            return min(
                overdue,
                key=lambda row: (self._class(row, now), self._due(row), row[JOINED], row[CASE]),
            )
        of_kind = [row for row in here if self._kinds[row[NODE]] == mine]
        return min(of_kind or here, key=lambda row: self._rank(row, now))

    def for_agency(self, now: int) -> list[list[int]]:
        """Return what waits and the team's own posts need not do, such as to check bought work."""
        return [row for row in self.waits(now) if not self._own_posts[row[NODE]]]

    def next_for_agency(self, now: int) -> list[int]:
        return min(self.for_agency(now), key=lambda row: self._rank(row, now))

    def take(self, row: list[int], now: int, post: int | None = None) -> None:
        by_due = post is not None and self._rules.reserved is not None
        by_due = by_due and self._rules.reserved[post] == "overdue" and self._due(row) <= now
        self._picks += not by_due
        self.waiting.remove(row)

    def _due(self, row: list[int]) -> int:
        return self._clocks[tuple(row)][1]

    def _rank(self, row: list[int], now: int) -> tuple[int, ...]:
        share = self._rules.newest_share
        newest = floor((self._picks + 1) * share) > floor(self._picks * share)
        rank = key(self._rules, newest, now, *self._clocks[tuple(row)])
        if self._classes.oldest_first(place := self._class(row, now)):
            rank = (self._clocks[tuple(row)][0],)
        return (place, *rank, row[JOINED], row[CASE])


def agency_may_take(team: TeamPlan, here: list[list[int]], first: list[int], now: int) -> bool:
    """Return whether the agency's rule lets it take the next job; True where it has none."""
    agency = team.agency
    assert agency is not None
    period = sum(start <= now for start in agency.opens) - 1
    longer = agency.longer_than[period] if agency.longer_than else None
    older = agency.older_than[period] if agency.older_than else None
    return (
        (longer is None and older is None)
        or (longer is not None and len(here) > longer)
        or (older is not None and now - first[JOINED] > older)
    )


# --- daily hours ---


@settings(max_examples=120, deadline=None)
@given(made(forks=False, changes=False, busy=True, officers=False))
def test_daily_hours_equal_the_recursion(network_and_draw: Made) -> None:
    """The jobs that wait each morning, sorted anew; ``mixed`` is left to the unit test."""
    network, draw = network_and_draw
    log = run(network, draw)
    for team, visits in team_visits(log, network):
        if team.daily is None or team.rules[0].order == "mixed":
            continue
        classes = Classes(log, network, draw, team)
        left = {tuple(row): row[WORKED] for row in visits.tolist()}
        begun, ended, put_back = {}, {}, {}
        for day in range(DAYS):
            morning, pot = day * MINUTES_A_DAY + WORK_STARTS, int(team.daily.minutes[day])
            here = [row for row in left if row[JOINED] <= morning and left[row]]
            clocks = {row: clock(log, network, row[CASE], row[JOINED]) for row in here}
            ranks = {}
            for row in here:
                place = classes.of(row, morning, put_back.get(row, 0))
                rank = key(team.rules[0], False, morning, *clocks[row])
                if classes.oldest_first(place):
                    rank = clocks[row][:1]
                ranks[row] = (place, *rank, row[JOINED], row[CASE])
            for row in sorted(here, key=ranks.__getitem__):
                given = min(pot, int(team.daily.most_a_case[day]), left[row])
                if given:
                    begun.setdefault(row, morning)
                    put_back[row] = morning
                    pot, left[row] = pot - given, left[row] - given
                    if not left[row]:
                        ended[row] = morning + given
        for row in left:
            assert row[STARTED] == begun.get(row, NOT_YET)
            assert row[ENDED] == ended.get(row, NOT_YET)
            assert (row[RESOURCE] == SHARED) == (row in begun)


# --- panels ---


@often
@given(made(forks=False))
def test_a_panel_decides_the_oldest_on_its_list_and_no_more_than_it_can(
    network_and_draw: Made,
) -> None:
    network, draw = network_and_draw
    log = run(network, draw)
    visits = visits_of(log, network, Decision, "panel").tolist()

    def received(row: list[int]) -> int:
        return clock(log, network, row[CASE], row[JOINED])[0]

    for sitting in network.panels["panel"].sittings:
        waiting = [
            row
            for row in visits
            if row[JOINED] <= sitting.closes
            and (row[STARTED] == NOT_YET or row[STARTED] >= sitting.closes)
        ]
        waiting.sort(key=lambda row: (received(row), row[JOINED], row[CASE], row[NODE]))
        listed = [row for row in visits if row[STARTED] == sitting.closes]
        assert sorted(waiting[: sitting.cases]) == sorted(listed)
        decided = NOT_YET if sitting.minute >= MINUTES else sitting.minute
        assert all(row[ENDED] == decided for row in listed)
    closed = {sitting.closes for sitting in network.panels["panel"].sittings}
    assert {row[STARTED] for row in visits} <= closed | {NOT_YET}
