"""A run from its first minute to its last.

What happens at one minute is handled in the order in which the SimPy model handles it, so that the
two write the same log even where a case meets itself. No rule of the domain is here: all comes from
the tables in memory.
"""

from ehc_sim.engines.compiled.loop.cases import take_up, walk
from ehc_sim.engines.compiled.loop.events import (
    fetch_case,
    fetch_way,
    next_slot,
    schedule,
    take_event,
    to_slot,
)
from ehc_sim.engines.compiled.loop.layout import (
    ALLOWANCE_COLUMNS,
    ARRIVALS_END,
    ARRIVE,
    BEGIN,
    BEGIN_ALL,
    BOUGHT,
    BUCKET,
    BUCKET_COUNT,
    BUCKETS,
    CALLS,
    CLOSE,
    DISPATCHES,
    DONE,
    FAULT,
    FIRST_PANEL,
    FIRST_TEAM,
    GIVE_UP,
    GO_ON,
    HAND_OVER,
    IN_ORDER,
    JOINS_AT,
    LOOK,
    MEET,
    NEVER,
    NEXT_ARRIVAL,
    NEXT_BUCKET,
    NEXT_CALL,
    NOBODY,
    NONE,
    NOW,
    OF_EVENTS,
    OPEN_COUNT,
    OWN_ADDRESS,
    PANEL_COLUMNS,
    PANELS,
    POST_COLUMNS,
    POUR,
    POURS,
    QUEUE_COLUMNS,
    RULE_COLUMNS,
    SET_UP,
    SITTING_COLUMNS,
    TEAM_COLUMNS,
    TEAMS,
    UNTIL,
    ZERO,
    Ints,
    agency_at,
    allowance_at,
    case_at,
    case_of,
    event_at,
    event_of,
    free_row,
    job_at,
    node_at,
    node_of,
    panel_at,
    post_at,
    queue_at,
    rules_at,
    team_at,
)
from ehc_sim.engines.compiled.loop.put_again import give_up, set_up
from ehc_sim.engines.compiled.loop.queues import (
    call_later,
    call_team,
    join_team,
    queues_of,
    set_idle,
    side_of,
    take_from,
)
from ehc_sim.engines.compiled.loop.rows import record, write_row
from ehc_sim.engines.compiled.loop.work import (
    close_list,
    dispatch,
    next_day,
    next_sitting,
    pour,
    row_of_begun,
)
from ehc_sim.jit.decorators import entry, inline, noinline
from ehc_sim.jit.machine import memory_at


@inline
def _happen(m: Ints, what: int, more: int) -> None:
    """Have an event happen."""
    kind, awaited = what & 15, what >> 4 & 1
    case, node = case_of(what), node_of(what)
    arrival = NONE
    if kind <= DONE:
        here = node_at(m, node)
        node = here.then
        if kind == GO_ON and more == BOUGHT and here.otherwise >= 0:
            node = here.otherwise
    elif kind == MEET:
        join = case_at(m, case).branches_out >> JOINS_AT
        record(m, case, join, m[NOW])
        node = node_at(m, join).then
    elif kind != BEGIN:
        if kind > ARRIVE:
            _happen_to_all(m, kind, case, more)
        if kind <= BEGIN_ALL:
            arrival = _next_arrival(m)
        node = -1
    while node >= 0 or arrival >= 0:
        if arrival >= 0:
            case, node = m[arrival], m[arrival + 1]
        walk(m, case, node, awaited)
        node = -1
        if arrival >= 0:
            arrival = _next_arrival(m)
    if kind == DONE:
        team = here.station
        set_idle(m, team, more)
        if team_at(m, team).waiting:
            call_team(m, team)


@inline
def _next_arrival(m: Ints) -> int:
    """Return the place of the next case that arrives now, or -1 when the next arrives later."""
    arrival = m[NEXT_ARRIVAL]
    if m[FAULT] or arrival == m[ARRIVALS_END]:
        return -1
    arrived = case_at(m, m[arrival]).arrived
    if arrived > m[NOW]:
        schedule(m, arrived, ARRIVE, ZERO)
        return -1
    m[NEXT_ARRIVAL] += 2
    return arrival


@noinline
def _happen_to_all(m: Ints, kind: int, station: int, more: int) -> None:
    """Have an event happen to a team or a panel, or the start of the run."""
    if kind == LOOK:
        call_team(m, station)
    elif kind == HAND_OVER:
        job = more & 0xFFFFFFFF
        set_idle(m, station, more >> 32)
        job_at(m, job).joined = m[NOW]
        join_team(m, station, job)
    elif kind == SET_UP:
        set_up(m, station)
    elif kind == GIVE_UP:
        give_up(m, station, more)
    elif kind == CLOSE:
        call_later(m, station, more)
        next_sitting(m, station, more + SITTING_COLUMNS)
    elif kind == POUR:
        call_later(m, station, POURS)
        next_day(m, station, more + 1)
    else:
        for number in range(m[OPEN_COUNT]):
            take_up(m, number)


@noinline
def schedule_what_is_known(m: Ints, first: int) -> None:
    """Schedule what is known when a run starts, but for what comes before a minute."""
    for number in range(m[TEAMS]):
        team = m[FIRST_TEAM] + number * TEAM_COLUMNS
        of_rules = event_of(SET_UP, team, ZERO, ZERO)  # a change of rules comes first in its minute
        for later in range(1, team_at(m, team).rules):
            rules = team_at(m, team).first_rules + later * RULE_COLUMNS
            _schedule_from(m, first, rules_at(m, rules).starts, of_rules)
        for place in range(team_at(m, team).sorts):
            _schedule_from(m, first, m[team_at(m, team).first_sort + place], of_rules)
    for number in range(m[TEAMS]):
        team = m[FIRST_TEAM] + number * TEAM_COLUMNS
        agency = team_at(m, team).agency
        if agency < 0:
            continue
        look = event_of(LOOK, team, ZERO, ZERO)
        for period in range(agency_at(m, agency).allowances):
            allowance = agency_at(m, agency).first_allowance + period * ALLOWANCE_COLUMNS
            _schedule_from(m, first, allowance_at(m, allowance).opens, look)
        for place in range(agency_at(m, agency).looks):
            _schedule_from(m, first, m[agency_at(m, agency).first_look + place], look)


@inline
def _schedule_from(m: Ints, first: int, minute: int, what: int) -> None:
    if minute >= first:
        schedule(m, minute, what, ZERO)


@noinline
def _begin_run(m: Ints) -> None:
    for number in range(m[TEAMS]):
        set_up(m, m[FIRST_TEAM] + number * TEAM_COLUMNS)
    schedule_what_is_known(m, ZERO)
    for number in range(m[TEAMS]):
        team = m[FIRST_TEAM] + number * TEAM_COLUMNS
        if team_at(m, team).officers >= 0:
            _schedule_ends(m, team)
        if team_at(m, team).daily >= 0:
            next_day(m, team, ZERO)
    for number in range(m[PANELS]):
        panel = m[FIRST_PANEL] + number * PANEL_COLUMNS
        next_sitting(m, panel, panel_at(m, panel).first_sitting)
    schedule(m, ZERO, BEGIN_ALL, ZERO)


@noinline
def _schedule_ends(m: Ints, team: int) -> None:
    """Have the posts of a team with officers give up their cases when their time comes."""
    for number in range(team_at(m, team).posts):
        post = team_at(m, team).first_post + number * POST_COLUMNS
        for place in range(post_at(m, post).ends):
            minute = m[post_at(m, post).first_end + place]
            schedule(m, minute, event_of(GIVE_UP, team, ZERO, ZERO), number)


@inline
def _all_else(m: Ints) -> None:
    """Let teams and panels take from their queues, once everything else has happened."""
    call = m[CALLS]
    end = m[NEXT_CALL]
    m[NEXT_CALL] = call
    while call < end:
        station, how = m[call], m[call + 1]
        call += 2
        if how == DISPATCHES:
            dispatch(m, station)
        elif how == POURS:
            pour(m, station)
        else:
            close_list(m, station, how)


@noinline
def _end_run(m: Ints) -> None:
    """Write a row for every job that still waits."""
    for number in range(m[TEAMS]):
        team = m[FIRST_TEAM] + number * TEAM_COLUMNS
        for number in range(queues_of(m, team)):
            queue = team_at(m, team).first_queue + number * QUEUE_COLUMNS
            while queue_at(m, queue).size and not m[FAULT]:
                job = take_from(m, queue, side_of(m, queue, team_at(m, team).rules_now, ZERO))
                if job_at(m, job).left < job_at(m, job).minutes:
                    row_of_begun(m, job, NEVER)
                else:
                    _row_of_waiting(m, job)
    for number in range(m[PANELS]):
        queue = panel_at(m, m[FIRST_PANEL] + number * PANEL_COLUMNS).queue
        while queue_at(m, queue).size and not m[FAULT]:
            _row_of_waiting(m, take_from(m, queue, IN_ORDER))


@inline
def _row_of_waiting(m: Ints, job: int) -> None:
    what, joined = job_at(m, job).what, job_at(m, job).joined
    case, node = case_of(what), node_of(what)
    write_row(m, case, node, joined, NEVER, NEVER, NOBODY, job_at(m, job).minutes)


@entry
def run_events(memory: Ints, stop: int) -> None:
    """Work off the minutes of a run and write the rows of its log.

    Parameters
    ----------
    memory : ndarray of int64
        Memory of the run, as ``packing.memory`` makes it or an earlier call left it. Its first
        numbers tell how many rows were written, or what is wrong.
    stop : int
        Bucket of the event list before which the run stops, to go on later; with the number of
        buckets it goes to its end.
    """
    m = memory_at(memory.ctypes.data)
    m[OWN_ADDRESS] = memory.ctypes.data
    if m[NEXT_BUCKET] < 0:
        _begin_run(m)
        m[NEXT_BUCKET] = 0
    for bucket in range(m[NEXT_BUCKET], stop):
        event = m[m[BUCKETS] + bucket]
        if event < 0:
            continue
        m[BUCKET] = bucket
        first = NONE
        while event >= 0:  # the last that was made is on top
            fetch_case(m, event_at(m, event).what)
            following = event_at(m, event).next
            event_at(m, event).next = first
            first = event
            event = following
        while first >= 0:
            following = event_at(m, first).next
            fetch_way(m, event_at(m, first).what)
            to_slot(m, first)
            first = following
        slot = next_slot(m)
        while slot >= 0:
            minute = event_at(m, m[slot]).minute
            m[NOW] = minute
            while m[slot] >= 0 and event_at(m, m[slot]).minute == minute:
                event = take_event(m, slot)
                what, more = event_at(m, event).what, event_at(m, event).more
                free_row(m, OF_EVENTS, event)
                _happen(m, what, more)
                if m[FAULT]:
                    return
            _all_else(m)
            if m[FAULT]:
                return
            slot = next_slot(m)
    m[BUCKET], m[NEXT_BUCKET] = -1, stop
    if stop == m[BUCKET_COUNT]:
        m[NOW] = m[UNTIL]
        _end_run(m)
