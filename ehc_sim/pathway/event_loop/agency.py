"""Jobs that a team passes on to its agency."""

from __future__ import annotations

from ehc_sim.compiled import seldom
from ehc_sim.pathway.event_loop.events import schedule
from ehc_sim.pathway.event_loop.layout import (
    AGENCY,
    ALLOWANCE,
    ALLOWANCE_COLUMNS,
    ALLOWANCES,
    AWAY,
    BOUGHT,
    BOUGHT_FROM,
    BY_AGENCY,
    CARED_FOR,
    DAY,
    DAYS_OF_AGENCY,
    FIRST_ALLOWANCE,
    FIRST_SERVED,
    GO_ON,
    IDLE,
    LISTED,
    LONGER,
    NEWEST_NEXT,
    NOW,
    OF_POST_COLUMNS,
    OF_POSTS,
    OLDER,
    OPENS_AT,
    POSTS,
    RULES_NOW,
    SERVED,
    WAITING,
    WORD,
    ZERO,
    Ints,
    case_of,
    job_at,
    node_of,
    place_at,
)
from ehc_sim.pathway.event_loop.posts import next_there
from ehc_sim.pathway.event_loop.queues import drop_job, front_of, side_of
from ehc_sim.pathway.event_loop.rows import write_row
from ehc_sim.pathway.event_loop.teams import next_job, next_queue, queues_of
from ehc_sim.pathway.event_loop.values import value_of


@seldom
def pass_on(m: Ints, team: int) -> None:
    """Pass jobs on to the agency by its rule, in its allowance."""
    now = m[NOW]
    agency = m[team + AGENCY]
    rule = m[agency + FIRST_ALLOWANCE] - ALLOWANCE_COLUMNS
    last = rule + m[agency + ALLOWANCES] * ALLOWANCE_COLUMNS
    while rule < last and m[rule + ALLOWANCE_COLUMNS + OPENS_AT] <= now:
        rule += ALLOWANCE_COLUMNS
    if rule < m[agency + FIRST_ALLOWANCE]:
        return
    by_rule = m[rule + LONGER] >= 0 or m[rule + OLDER] >= 0
    count = queues_of(m, team)
    for number in range(count):
        m[m[LISTED] + number] = number
    if not by_rule:
        count = _not_cared_for(m, team)
    bought = m[team + BOUGHT] if m[team + BOUGHT_FROM] == rule else 0
    while bought < m[rule + ALLOWANCE]:
        queue = next_queue(m, team, m[LISTED], count)
        if queue < 0:
            break
        if by_rule:
            side = side_of(m, queue, m[team + RULES_NOW], m[team + NEWEST_NEXT])
            joined = job_at(m, place_at(m, front_of(m, queue, side)).job).joined
            long = m[rule + LONGER] >= 0 and m[team + WAITING] > m[rule + LONGER]
            old = m[rule + OLDER] >= 0 and now - joined > m[rule + OLDER]
            if not long and not old:
                break
        job = next_job(m, team, queue)
        bought += 1
        what = job_at(m, job).what
        case, node = case_of(what), node_of(what)
        ended = now + value_of(m, m[agency + DAYS_OF_AGENCY], case) * DAY
        write_row(
            m, case, node, job_at(m, job).joined, now, ended, BY_AGENCY, job_at(m, job).minutes
        )
        schedule(m, ended, what | GO_ON, ZERO)
        drop_job(m, job)
    m[team + BOUGHT_FROM] = rule
    m[team + BOUGHT] = bought


@seldom
def _not_cared_for(m: Ints, team: int) -> int:
    """List the queues that no free post serves which is at work or will be before long."""
    now = m[NOW]
    count = queues_of(m, team)
    for queue in range(count):
        m[m[CARED_FOR] + queue] = 0
    for number in range(m[team + POSTS]):
        if not m[m[team + IDLE] + number // WORD] >> number % WORD & 1:
            continue
        if next_there(m, team, number) - now >= AWAY:
            continue
        serves = m[m[team + RULES_NOW] + OF_POSTS] + number * OF_POST_COLUMNS
        for place in range(m[serves + FIRST_SERVED], m[serves + FIRST_SERVED] + m[serves + SERVED]):
            m[m[CARED_FOR] + m[place]] = 1
    listed = 0
    for queue in range(count):
        if not m[m[CARED_FOR] + queue]:
            m[m[LISTED] + listed] = queue
            listed += 1
    return listed
