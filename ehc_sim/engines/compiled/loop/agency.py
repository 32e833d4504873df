"""Jobs that a team passes on to its agency."""

from __future__ import annotations

from ehc_sim.engines.compiled.loop.events import schedule
from ehc_sim.engines.compiled.loop.layout import (
    ALLOWANCE_COLUMNS,
    AWAY,
    BY_AGENCY,
    CARED_FOR,
    DAY,
    GO_ON,
    LISTED,
    NOW,
    OF_POST_COLUMNS,
    WORD,
    ZERO,
    Ints,
    agency_at,
    allowance_at,
    case_of,
    job_at,
    node_of,
    of_post_at,
    place_at,
    rules_at,
    team_at,
)
from ehc_sim.engines.compiled.loop.posts import next_there
from ehc_sim.engines.compiled.loop.queues import drop_job, front_of, side_of
from ehc_sim.engines.compiled.loop.rows import write_row
from ehc_sim.engines.compiled.loop.teams import next_job, next_queue, queues_of
from ehc_sim.engines.compiled.loop.values import value_of
from ehc_sim.jit.decorators import noinline


@noinline
def pass_on(m: Ints, team: int) -> None:
    """Pass jobs on to the agency by its rule, in its allowance."""
    now = m[NOW]
    agency = team_at(m, team).agency
    rule = agency_at(m, agency).first_allowance - ALLOWANCE_COLUMNS
    last = rule + agency_at(m, agency).allowances * ALLOWANCE_COLUMNS
    while rule < last and allowance_at(m, rule + ALLOWANCE_COLUMNS).opens <= now:
        rule += ALLOWANCE_COLUMNS
    if rule < agency_at(m, agency).first_allowance:
        return
    by_rule = allowance_at(m, rule).longer >= 0 or allowance_at(m, rule).older >= 0
    count = queues_of(m, team)
    for number in range(count):
        m[m[LISTED] + number] = number
    if not by_rule:
        count = _not_cared_for(m, team)
    bought = team_at(m, team).bought if team_at(m, team).bought_from == rule else 0
    while bought < allowance_at(m, rule).cases:
        queue = next_queue(m, team, m[LISTED], count)
        if queue < 0:
            break
        if by_rule:
            side = side_of(m, queue, team_at(m, team).rules_now, team_at(m, team).newest_next)
            joined = job_at(m, place_at(m, front_of(m, queue, side)).job).joined
            longer, older = allowance_at(m, rule).longer, allowance_at(m, rule).older
            long = longer >= 0 and team_at(m, team).waiting > longer
            old = older >= 0 and now - joined > older
            if not long and not old:
                break
        job = next_job(m, team, queue)
        bought += 1
        what = job_at(m, job).what
        case, node = case_of(what), node_of(what)
        ended = now + value_of(m, agency_at(m, agency).days, case) * DAY
        write_row(
            m, case, node, job_at(m, job).joined, now, ended, BY_AGENCY, job_at(m, job).minutes
        )
        schedule(m, ended, what | GO_ON, ZERO)
        drop_job(m, job)
    team_at(m, team).bought_from = rule
    team_at(m, team).bought = bought


@noinline
def _not_cared_for(m: Ints, team: int) -> int:
    """List the queues that no free post serves which is at work or will be before long."""
    now = m[NOW]
    count = queues_of(m, team)
    for queue in range(count):
        m[m[CARED_FOR] + queue] = 0
    for number in range(team_at(m, team).posts):
        if not m[team_at(m, team).idle + number // WORD] >> number % WORD & 1:
            continue
        if next_there(m, team, number) - now >= AWAY:
            continue
        serves = rules_at(m, team_at(m, team).rules_now).of_posts + number * OF_POST_COLUMNS
        first = of_post_at(m, serves).first_served
        for place in range(first, first + of_post_at(m, serves).served):
            m[m[CARED_FOR] + m[place]] = 1
    listed = 0
    for queue in range(count):
        if not m[m[CARED_FOR] + queue]:
            m[m[LISTED] + listed] = queue
            listed += 1
    return listed
