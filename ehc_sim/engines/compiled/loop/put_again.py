"""Jobs that wait and are put in their queues again: by new rules, or with another officer."""

from ehc_sim.engines.compiled.loop.layout import (
    MOVED,
    NOW,
    QUEUE_COLUMNS,
    RULE_COLUMNS,
    SIDES,
    ZERO,
    Ints,
    rules_at,
    team_at,
)
from ehc_sim.engines.compiled.loop.officers import begin_hours, give_up_cases
from ehc_sim.engines.compiled.loop.queues import (
    call_team,
    front_of,
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
    moved = ZERO
    if team_at(m, team).rules_now >= 0:
        moved = _taken_out(m, team_at(m, team).first_queue, queues_of(m, team), moved)
        if team_at(m, team).to_give >= 0:
            moved = _taken_out(m, team_at(m, team).to_give, 1, moved)
    rules = team_at(m, team).first_rules
    last = rules + (team_at(m, team).rules - 1) * RULE_COLUMNS
    while rules < last and rules_at(m, rules + RULE_COLUMNS).starts <= now:
        rules += RULE_COLUMNS
    team_at(m, team).rules_now = rules
    if rules_at(m, rules).starts == now and team_at(m, team).hours >= 0:
        begin_hours(m, team)
    team_at(m, team).waiting = 0
    team_at(m, team).newest_next = to_newest(m, team)
    for number in range(moved):
        put(m, team, m[m[MOVED] + number])
    if moved and team_at(m, team).daily < 0:
        call_team(m, team)


@noinline
def give_up(m: Ints, team: int, post: int) -> None:
    """Have a post give up its cases; what waits for it is given out anew."""
    give_up_cases(m, team, post)
    rules = team_at(m, team).rules_now
    if rules_at(m, rules).sizes >= 0:
        columns = rules_at(m, rules).columns
        first = team_at(m, team).first_queue + post * columns * QUEUE_COLUMNS
        moved = _taken_out(m, first, columns, ZERO)
        team_at(m, team).waiting -= moved
        for number in range(moved):
            put(m, team, m[m[MOVED] + number])
    if team_at(m, team).waiting:
        call_team(m, team)


@noinline
def _taken_out(m: Ints, first: int, count: int, listed: int) -> int:
    """Take all jobs out of so many queues, list them after others and return how many there are."""
    for number in range(count):
        queue = first + number * QUEUE_COLUMNS
        for side in SIDES:
            while front_of(m, queue, side) >= 0:
                m[m[MOVED] + listed] = take_from(m, queue, side)
                listed += 1
    return listed
