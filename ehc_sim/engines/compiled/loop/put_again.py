"""Jobs that wait and are put in their queues again: by new rules, or with another officer."""

from ehc_sim.engines.compiled.loop.layout import (
    FAULT,
    IN_ORDER,
    MOVED,
    NONE,
    NOW,
    QUEUE_COLUMNS,
    RULE_COLUMNS,
    SIDES,
    ZERO,
    Ints,
    queue_at,
    rules_at,
    team_at,
)
from ehc_sim.engines.compiled.loop.officers import give_up_cases
from ehc_sim.engines.compiled.loop.queues import (
    call_team,
    front_of,
    join_queue,
    put,
    queues_of,
    take_from,
    to_newest,
)
from ehc_sim.jit.decorators import noinline


@noinline
def set_up(m: Ints, team: int) -> None:
    """Set up the queues of a team by the rules that hold from now on."""
    now = m[NOW]
    moved = 0
    if team_at(m, team).rules_now >= 0:
        moved = _taken_out(m, team, ZERO, queues_of(m, team))
    rules = team_at(m, team).first_rules
    last = rules + (team_at(m, team).rules - 1) * RULE_COLUMNS
    while rules < last and rules_at(m, rules + RULE_COLUMNS).starts <= now:
        rules += RULE_COLUMNS
    team_at(m, team).rules_now = rules
    team_at(m, team).waiting = 0
    team_at(m, team).newest_next = to_newest(m, team)
    _put_again(m, team, moved)
    if moved and team_at(m, team).daily < 0:
        call_team(m, team)


@noinline
def give_up(m: Ints, team: int, post: int) -> None:
    """Have a post give up its cases; what waits for it is given out anew."""
    give_up_cases(m, team, post)
    rules = team_at(m, team).rules_now
    if rules_at(m, rules).sizes >= 0:
        columns = rules_at(m, rules).columns
        moved = _taken_out(m, team, post * columns, columns)
        team_at(m, team).waiting -= moved
        _put_again(m, team, moved)
    if team_at(m, team).waiting:
        call_team(m, team)


@noinline
def _taken_out(m: Ints, team: int, first: int, count: int) -> int:
    """Take all jobs out of so many queues of a team, list them and return how many they are."""
    moved = 0
    for number in range(first, first + count):
        queue = team_at(m, team).first_queue + number * QUEUE_COLUMNS
        for side in SIDES:
            while front_of(m, queue, side) >= 0:
                m[m[MOVED] + moved] = take_from(m, queue, side)
                moved += 1
    return moved


@noinline
def _put_again(m: Ints, team: int, moved: int) -> None:
    """Put the jobs listed in their queues; where they have officers, the oldest clock is first."""
    if rules_at(m, team_at(m, team).rules_now).sizes < 0:
        for number in range(moved):
            put(m, team, m[m[MOVED] + number])
        return
    queue = team_at(m, team).given_anew
    for number in range(moved):
        join_queue(m, queue, NONE, m[m[MOVED] + number])
    while queue_at(m, queue).size and not m[FAULT]:
        put(m, team, take_from(m, queue, IN_ORDER))
