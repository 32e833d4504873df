"""Who does the work: posts, agencies, teams of daily hours, and panels."""

from ehc_sim.engines.compiled.loop.events import schedule, value_of
from ehc_sim.engines.compiled.loop.hours import (
    at_work_of,
    done_by,
    finish,
    next_handover,
    next_there,
)
from ehc_sim.engines.compiled.loop.layout import (
    ALLOWANCE_COLUMNS,
    AWAKE,
    AWAY,
    BOUGHT,
    BY_AGENCY,
    CARED_FOR,
    CLOSE,
    DAY,
    DAYS,
    DONE,
    FAULT,
    GO_ON,
    HAND_OVER,
    IN_ORDER,
    LISTED,
    LOOK,
    MORNING,
    MOVED,
    NEVER,
    NEXT_ROW,
    NOBODY,
    NOT_YET,
    NOW,
    POST_COLUMNS,
    POUR,
    SHARED_HOURS,
    WORD,
    ZERO,
    Ints,
    agency_at,
    allowance_at,
    case_of,
    entry_at,
    event_of,
    job_at,
    node_of,
    of_post_at,
    panel_at,
    post_at,
    queue_at,
    rules_at,
    sitting_at,
    team_at,
)
from ehc_sim.engines.compiled.loop.officers import first_of_post
from ehc_sim.engines.compiled.loop.picks import next_job, next_of_post, next_queue
from ehc_sim.engines.compiled.loop.queues import (
    drop_job,
    front_of,
    give_out,
    put,
    queues_of,
    side_of,
    take_from,
)
from ehc_sim.engines.compiled.loop.rows import write_row
from ehc_sim.jit.decorators import inline, noinline
from ehc_sim.jit.machine import lowest_bit


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
    count = _for_agency(m, team, by_rule)
    bought = team_at(m, team).bought if team_at(m, team).bought_from == rule else 0
    while bought < allowance_at(m, rule).cases:
        queue = next_queue(m, team, m[LISTED], count)
        if queue < 0:
            break
        if by_rule:
            side = side_of(m, queue, team_at(m, team).rules_now, team_at(m, team).newest_next)
            joined = job_at(m, entry_at(m, front_of(m, queue, side)).job).joined
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
        schedule(m, ended, what | GO_ON, BOUGHT)
        drop_job(m, job)
    team_at(m, team).bought_from = rule
    team_at(m, team).bought = bought


@noinline
def _for_agency(m: Ints, team: int, every: bool) -> int:
    """List the queues from which an agency may take, and return how many they are.

    Unless ``every`` is wanted, those are left out that a free post serves which is at work or will
    be before long.
    """
    now = m[NOW]
    rules = team_at(m, team).rules_now
    count = queues_of(m, team)
    for queue in range(count):
        m[m[CARED_FOR] + queue] = 0
    for number in range(0 if every else team_at(m, team).posts):
        if not m[team_at(m, team).idle + number // WORD] >> number % WORD & 1:
            continue
        if next_there(m, team, number) - now >= AWAY:
            continue
        serves = first_of_post(m, team, number)
        first = of_post_at(m, serves).first_served
        for place in range(first, first + of_post_at(m, serves).served):
            m[m[CARED_FOR] + m[place]] = 1
    listed = 0
    for queue in range(count):
        if queue % rules_at(m, rules).columns >= rules_at(m, rules).for_agency:
            continue
        if not m[m[CARED_FOR] + queue]:
            m[m[LISTED] + listed] = queue
            listed += 1
    return listed


@noinline
def pour(m: Ints, team: int) -> None:
    """Give the jobs that wait for a team of daily hours the minutes of this day."""
    now = m[NOW]
    today = team_at(m, team).daily + now // DAY * 2
    left, most = m[today], m[today + 1]
    count = queues_of(m, team)
    for number in range(count):
        m[m[LISTED] + number] = number
    not_done = 0
    while left:
        queue = next_queue(m, team, m[LISTED], count)
        if queue < 0:
            break
        job = next_job(m, team, queue)
        given = min(left, most, job_at(m, job).left)
        if job_at(m, job).left == job_at(m, job).minutes:
            job_at(m, job).begun = now
        job_at(m, job).left -= given
        left -= given
        if job_at(m, job).left:
            m[m[MOVED] + not_done] = job
            not_done += 1
        else:
            row_of_begun(m, job, now + given)
            schedule(m, now + given, job_at(m, job).what | GO_ON, ZERO)
            drop_job(m, job)
        if m[FAULT]:
            return
    for number in range(not_done):
        put(m, team, m[m[MOVED] + number])


@inline
def row_of_begun(m: Ints, job: int, ended: int) -> None:
    """Write the row of a job of a team of daily hours that was begun."""
    what, joined = job_at(m, job).what, job_at(m, job).joined
    case, node = case_of(what), node_of(what)
    write_row(
        m, case, node, joined, job_at(m, job).begun, ended, SHARED_HOURS, job_at(m, job).minutes
    )


@inline
def next_day(m: Ints, team: int, day: int) -> None:
    """Have a team of daily hours pour the minutes of its next day that has some."""
    while day < m[DAYS]:
        if m[team_at(m, team).daily + 2 * day]:
            schedule(m, day * DAY + MORNING, event_of(POUR, team, ZERO, ZERO), day)
            return
        day += 1


@noinline
def close_list(m: Ints, panel: int, sitting: int) -> None:
    """Make up the list of a sitting."""
    now = m[NOW]
    queue = panel_at(m, panel).queue
    minute = sitting_at(m, sitting).decides
    for _ in range(min(sitting_at(m, sitting).cases, queue_at(m, queue).size)):
        job = take_from(m, queue, IN_ORDER)
        what = job_at(m, job).what
        write_row(m, case_of(what), node_of(what), job_at(m, job).joined, now, minute, NOBODY, ZERO)
        schedule(m, minute, what | GO_ON, ZERO)
        drop_job(m, job)


@inline
def next_sitting(m: Ints, panel: int, sitting: int) -> None:
    """Have the list of a sitting closed in its time, where there is one more."""
    if sitting < panel_at(m, panel).sittings_end:
        schedule(m, sitting_at(m, sitting).closes, event_of(CLOSE, panel, ZERO, ZERO), sitting)


@inline
def take(m: Ints, team: int, number: int, job: int) -> None:
    """Have a post work on a job to its end, or until it hands the job over."""
    now = m[NOW]
    m[team_at(m, team).idle + number // WORD] &= ~(1 << number % WORD)
    post = team_at(m, team).first_post + number * POST_COLUMNS
    what, joined = job_at(m, job).what, job_at(m, job).joined
    case, node = case_of(what), node_of(what)
    minutes = job_at(m, job).minutes
    in_hand = post_at(m, post)
    in_hand.what, in_hand.row, in_hand.minutes = what, m[NEXT_ROW], minutes
    in_hand.received, in_hand.due = job_at(m, job).received, job_at(m, job).due
    ended = finish(m, post, now, minutes)
    handed_over = next_handover(m, post, now, ended)
    if handed_over < ended:
        done = done_by(m, post, handed_over) - done_by(m, post, now)
        write_row(m, case, node, joined, now, handed_over, number, done)
        job_at(m, job).minutes = job_at(m, job).left = minutes - done
        schedule(m, handed_over, event_of(HAND_OVER, team, ZERO, ZERO), number << 32 | job)
        return
    schedule(m, ended, what | DONE, number)
    write_row(m, case, node, joined, now, ended, number, minutes)
    drop_job(m, job)


@inline
def dispatch(m: Ints, team: int) -> None:
    """Let each free post, in the order of their numbers, take the next job that it serves."""
    team_at(m, team).called = 0
    if team_at(m, team).to_give >= 0:
        give_out(m, team)
    waits = False
    for word in range(team_at(m, team).words):
        idle = m[team_at(m, team).idle + word]
        if idle and not team_at(m, team).waiting:
            return
        ready = at_work_of(m, team, word)
        away = idle & ~ready
        if away:
            waits = True
        if away != m[team_at(m, team).away_posts + word]:
            m[team_at(m, team).away_posts + word] = away
            team_at(m, team).found = NOT_YET
        while ready:
            bit = lowest_bit(ready)
            ready &= ready - 1
            number = word * WORD + bit
            served = of_post_at(m, first_of_post(m, team, number))
            queue = next_queue(m, team, served.first_served, served.served)
            if m[FAULT]:
                return
            if queue >= 0:
                take(m, team, number, next_of_post(m, team, number, queue))
                if not team_at(m, team).waiting and idle >> bit >> 1:
                    return
    if team_at(m, team).agency >= 0 and team_at(m, team).waiting:
        pass_on(m, team)
    if waits:
        wake(m, team)


@inline
def wake(m: Ints, team: int) -> None:
    """Look again when the first of the idle posts that are not at work comes to work."""
    now = m[NOW]
    if team_at(m, team).found <= now:  # else the same are idle, and none of them has come
        team_at(m, team).found = _first_there(m, team)
    comes = team_at(m, team).found
    known = team_at(m, team).wake
    if comes < NEVER and not now < known <= comes:
        team_at(m, team).wake = comes
        schedule(m, comes, event_of(LOOK, team, ZERO, ZERO), AWAKE)


@noinline
def _first_there(m: Ints, team: int) -> int:
    """Return the first minute at which one of the idle posts that are not at work is."""
    found = NEVER
    for word in range(team_at(m, team).words):
        away = m[team_at(m, team).away_posts + word]
        while away:
            bit = lowest_bit(away)
            away &= away - 1
            found = min(found, next_there(m, team, word * WORD + bit))
    return found
