"""A run that goes on from where another has stopped, with teams and panels of its own.

The two have the same pathway and cases, and all that was read before the stop was the same in both
(``network.parting`` says until when it is). What the stopped run had come to is put into the memory
of the other: what a case, a job or an event is stands there at the same place, what a team or a
panel has is told by its number.
"""

from ehc_sim.engines.compiled.log_sort import (
    CASE_AND_WORK,
    JOINED_AND_NODE,
    NARROW,
    ROW_WORDS,
    STARTED_AND_POST,
    WIDE,
    lower,
    pair,
)
from ehc_sim.engines.compiled.loop.hours import at_work_of, done_by, finish, next_handover
from ehc_sim.engines.compiled.loop.layout import (
    ALLOWANCE_COLUMNS,
    ARRIVE,
    BEGIN,
    BUCKET_BITS,
    BUCKET_COUNT,
    BUCKETS,
    CLOSE,
    DONE,
    FAULT,
    FIRST_ARRIVAL,
    FIRST_PANEL,
    FIRST_TEAM,
    FREE_ENTRY,
    FREE_EVENT,
    FREE_JOB,
    HAND_OVER,
    IN_ORDER,
    LOOK,
    MEETS_ITSELF,
    MOVED,
    NEXT_ARRIVAL,
    NEXT_BUCKET,
    NEXT_ENTRY,
    NEXT_EVENT,
    NEXT_JOB,
    NEXT_ROW,
    NODE_COUNT,
    NONE,
    NOT_YET,
    NOW,
    OF_EVENTS,
    OWN_ADDRESS,
    PANEL_COLUMNS,
    PANELS,
    POST_COLUMNS,
    QUEUE_COLUMNS,
    REST,
    ROWS,
    SET_UP,
    SIDES,
    SPARE_QUEUE,
    TEAM_COLUMNS,
    TEAMS,
    UNTIL,
    WORD,
    WORK,
    Ints,
    agency_at,
    allowance_at,
    case_at,
    case_of,
    entry_at,
    event_at,
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
from ehc_sim.engines.compiled.loop.queues import (
    drop_job,
    front_of,
    leave,
    new_job,
    queues_of,
    stand,
)
from ehc_sim.engines.compiled.loop.run import schedule_what_is_known
from ehc_sim.engines.compiled.loop.work import take, wake
from ehc_sim.jit.decorators import entry, inline, noinline
from ehc_sim.jit.machine import memory_at


@entry
def go_on(memory: Ints, stopped: Ints, posts: Ints) -> None:
    """Put what a stopped run had come to into the memory of another.

    Parameters
    ----------
    memory : ndarray of int64
        Memory of the other, into which the rows of cases, jobs, events and entries of queues, the
        rows of the log and the buckets of the stopped run are copied already.
    stopped : ndarray of int64
        Memory of the stopped run.
    posts : ndarray of int64
        For each team the place in this array where its posts begin, or -1 where they are those of
        the stopped run; then for each of those the number of the post here, or -1, and whether its
        rota or hand-overs are others from the stop on.
    """
    m, b = memory_at(memory.ctypes.data), memory_at(stopped.ctypes.data)
    p = memory_at(posts.ctypes.data)
    m[OWN_ADDRESS] = memory.ctypes.data
    for place in (NEXT_BUCKET, NEXT_ROW, NEXT_EVENT, FREE_EVENT):
        m[place] = b[place]
    for place in (NEXT_JOB, FREE_JOB, NEXT_ENTRY, FREE_ENTRY):
        m[place] = b[place]
    m[NEXT_ARRIVAL] += _gone(b)
    m[NOW] = m[NEXT_BUCKET] << m[BUCKET_BITS]
    for number in range(m[TEAMS]):
        _take_team(m, b, m[FIRST_TEAM] + number * TEAM_COLUMNS, p, p[number])
    for number in range(m[PANELS]):
        panel = m[FIRST_PANEL] + number * PANEL_COLUMNS
        _copy(m, panel_at(m, panel).queue, b, panel_at(b, panel).queue, QUEUE_COLUMNS)
    for bucket in range(m[NEXT_BUCKET], m[BUCKET_COUNT]):
        m[m[BUCKETS] + bucket] = NONE
    schedule_what_is_known(m, m[NOW])
    for bucket in range(m[NEXT_BUCKET], m[BUCKET_COUNT]):
        _take_events(m, b, bucket, p)
    _renumber_rows(m, b, p)
    for number in range(m[TEAMS]):
        if p[number] >= 0:
            _settle_posts(m, b, m[FIRST_TEAM] + number * TEAM_COLUMNS, p, p[number])


@inline
def _gone(b: Ints) -> int:
    """Return the length of the list of arrivals that are behind the stopped run."""
    return b[NEXT_ARRIVAL] - b[FIRST_ARRIVAL]


@inline
def _copy(m: Ints, to: int, b: Ints, place: int, count: int) -> None:
    for number in range(count):
        m[to + number] = b[place + number]


@inline
def _number_in(p: Ints, posts: int, post: int) -> int:
    """Return the number here of a post of the stopped run."""
    return p[posts + 2 * post] if posts >= 0 else post


@inline
def _is_other(p: Ints, posts: int, post: int) -> int:
    return p[posts + 2 * post + 1] if posts >= 0 else 0


@noinline
def _take_team(m: Ints, b: Ints, team: int, p: Ints, posts: int) -> None:
    here, there = team_at(m, team), team_at(b, team)
    here.waiting, here.picks, here.newest_next = there.waiting, there.picks, there.newest_next
    here.called, here.wake, here.found = there.called, there.wake, there.found
    here.rules_now = here.first_rules + there.rules_now - there.first_rules
    here.bought_from, here.bought = _allowance_in_use(m, b, team), there.bought
    for post in range(there.posts):
        busy = not b[there.idle + post // WORD] >> post % WORD & 1
        number = _number_in(p, posts, post)
        if number < 0:
            continue
        if busy:
            m[here.idle + number // WORD] &= ~(1 << number % WORD)
        to, of = here.first_post + number * POST_COLUMNS, there.first_post + post * POST_COLUMNS
        old, new = post_at(b, of), post_at(m, to)
        new.what, new.row, new.minutes, new.event = old.what, old.row, old.minutes, NONE
        new.received, new.due = old.received, old.due
    if posts < 0:
        _copy(m, here.away_posts, b, there.away_posts, there.words)
    _take_queues(m, b, team)


@inline
def _allowance_in_use(m: Ints, b: Ints, team: int) -> int:
    """Return the allowance that opens when the one did that the stopped run bought from."""
    bought_from, agency = team_at(b, team).bought_from, team_at(m, team).agency
    if bought_from < 0 or agency < 0:
        return NONE
    opens = allowance_at(b, bought_from).opens
    for period in range(agency_at(m, agency).allowances):
        allowance = agency_at(m, agency).first_allowance + period * ALLOWANCE_COLUMNS
        if allowance_at(m, allowance).opens == opens:
            return allowance
    return NONE


@inline
def _take_queues(m: Ints, b: Ints, team: int) -> None:
    """Have what waits stand in the queues of its patch, kind and class here."""
    here, there = team_at(m, team), team_at(b, team)
    if _are_alike(m, b, team):
        _copy(m, here.first_queue, b, there.first_queue, queues_of(b, team) * QUEUE_COLUMNS)
        return
    rules, old = rules_at(m, here.rules_now), rules_at(b, there.rules_now)
    spare = m[SPARE_QUEUE]
    for number in range(queues_of(b, team)):
        _copy(m, spare, b, there.first_queue + number * QUEUE_COLUMNS, QUEUE_COLUMNS)
        first = here.first_queue + number // old.columns * rules.columns * QUEUE_COLUMNS
        for side in SIDES:
            while front_of(m, spare, side) >= 0:
                front = front_of(m, spare, side)
                job, key = entry_at(m, front).job, entry_at(m, front).key
                leave(m, spare, side, front)
                column = m[rules.column_of_node + node_of(job_at(m, job).what)]
                queue = first + (column + number % old.classes) * QUEUE_COLUMNS
                stand(m, queue, side, key, job)
                if side == IN_ORDER or (side == REST and not rules.newest_too):
                    queue_at(m, queue).size += 1


@inline
def _are_alike(m: Ints, b: Ints, team: int) -> bool:
    """Return whether a team's queues by the rules that hold now are for the same work in both."""
    rules, old = team_at(m, team).rules_now, team_at(b, team).rules_now
    if rules_at(m, rules).columns != rules_at(b, old).columns:
        return False
    for node in range(m[NODE_COUNT]):
        column = rules_at(m, rules).column_of_node
        if m[column + node] != b[rules_at(b, old).column_of_node + node]:
            return False
    return True


@inline
def _take_events(m: Ints, b: Ints, bucket: int, p: Ints) -> None:
    """Have the events of a bucket happen here too, in the order in which they were made.

    What is known from the start is left out: it is scheduled already.
    """
    event, count = b[b[BUCKETS] + bucket], 0
    while event >= 0:
        m[m[MOVED] + count] = event
        count += 1
        event = event_at(b, event).next
    while count:
        count -= 1
        event = m[m[MOVED] + count]
        what, more = event_at(m, event).what, event_at(m, event).more
        kind = what & 15
        if kind == SET_UP or (kind == LOOK and not more):
            free_row(m, OF_EVENTS, event)
            continue
        if kind == CLOSE:
            panel = case_of(what)
            more += panel_at(m, panel).first_sitting - panel_at(b, panel).first_sitting
            event_at(m, event).more = more
        elif kind == DONE:
            _note(m, event, node_at(m, node_of(what)).station, more, 0, p)
        elif kind == HAND_OVER:
            _note(m, event, case_of(what), more >> 32, more & 0xFFFFFFFF, p)
        event_at(m, event).next = m[m[BUCKETS] + bucket]
        m[m[BUCKETS] + bucket] = event


@inline
def _note(m: Ints, event: int, team: int, post: int, job: int, p: Ints) -> None:
    """Have an event be that of a post here."""
    posts = p[(team - m[FIRST_TEAM]) // TEAM_COLUMNS]
    number = _number_in(p, posts, post)
    event_at(m, event).more = number << 32 | job if job else number
    post_at(m, team_at(m, team).first_post + number * POST_COLUMNS).event = event


@noinline
def _settle_posts(m: Ints, b: Ints, team: int, p: Ints, posts: int) -> None:
    """Finish work in hand by the rotas that hold here, and look for whom a job waits."""
    for post in range(team_at(b, team).posts):
        number = _number_in(p, posts, post)
        busy = not b[team_at(b, team).idle + post // WORD] >> post % WORD & 1
        if busy and _is_other(p, posts, post):
            _work_anew(m, team, number)
    waits = False
    for word in range(team_at(m, team).words):
        away = m[team_at(m, team).idle + word] & ~at_work_of(m, team, word)
        m[team_at(m, team).away_posts + word] = away
        if away:
            waits = True
    team_at(m, team).found = NOT_YET
    if waits:
        wake(m, team)


@noinline
def _work_anew(m: Ints, team: int, number: int) -> None:
    """Have a post work on what it has in hand as if it had taken that just so, at its minute."""
    post = team_at(m, team).first_post + number * POST_COLUMNS
    row, event = post_at(m, post).row, post_at(m, post).event
    started, joined = m[row + STARTED_AND_POST] >> NARROW, m[row + JOINED_AND_NODE] >> NARROW
    minutes, what = post_at(m, post).minutes, post_at(m, post).what
    ended = finish(m, post, started, minutes)
    handed_over = next_handover(m, post, started, ended)
    if event >= 0:
        minute, hands_over = event_at(m, event).minute, event_at(m, event).what & 15 == HAND_OVER
        if not hands_over and ended <= handed_over and minute == ended:
            return
        if hands_over and handed_over < ended and minute == handed_over:
            done = done_by(m, post, handed_over) - done_by(m, post, started)
            if done == lower(m[row + CASE_AND_WORK], WIDE):
                return
        _unlink(m, event)
        if hands_over:
            drop_job(m, event_at(m, event).more & 0xFFFFFFFF)
        free_row(m, OF_EVENTS, event)
    elif ended >= m[UNTIL] and handed_over >= ended:
        return
    job = new_job(m, what, post_at(m, post).received, post_at(m, post).due, joined, minutes)
    if m[FAULT]:
        return
    now, next_row = m[NOW], m[NEXT_ROW]
    m[NOW], m[NEXT_ROW] = started, row
    take(m, team, number, job)
    m[NOW], m[NEXT_ROW] = now, next_row
    _check_order(m, case_of(what), min(ended, handed_over))


@inline
def _unlink(m: Ints, event: int) -> None:
    link = m[BUCKETS] + (event_at(m, event).minute >> m[BUCKET_BITS])
    while m[link] != event:
        link = m[link]  # the next is an event's first number
    m[link] = event_at(m, event).next


@inline
def _check_order(m: Ints, case: int, minute: int) -> None:
    """Tell of an event that was put last in its minute, where that has another of the same plan.

    Which of the two comes first may matter, and is not known any more.
    """
    if minute >= m[UNTIL]:
        return
    holder = case_at(m, case).holder
    event = event_at(m, m[m[BUCKETS] + (minute >> m[BUCKET_BITS])]).next
    while event >= 0:
        if event_at(m, event).minute == minute:
            what = event_at(m, event).what
            kind = what & 15
            other = NONE
            if kind <= BEGIN:
                other = case_of(what)
            elif kind == HAND_OVER:
                other = case_of(job_at(m, event_at(m, event).more & 0xFFFFFFFF).what)
            if kind == ARRIVE or (other >= 0 and case_at(m, other).holder == holder):
                m[FAULT] = MEETS_ITSELF
        event = event_at(m, event).next


@noinline
def _renumber_rows(m: Ints, b: Ints, p: Ints) -> None:
    """Have the posts in the rows of the log be called by their numbers here."""
    renumbered = False
    for team in range(m[TEAMS]):
        for post in range(team_at(b, m[FIRST_TEAM] + team * TEAM_COLUMNS).posts):
            number = _number_in(p, p[team], post)
            renumbered |= number != post and number >= 0
    if not renumbered:
        return
    for row in range(m[ROWS], m[NEXT_ROW], ROW_WORDS):
        node = lower(m[row + JOINED_AND_NODE], NARROW)
        if node_at(m, node).kind != WORK:
            continue
        number = lower(m[row + STARTED_AND_POST], NARROW)
        posts = p[(node_at(m, node).station - m[FIRST_TEAM]) // TEAM_COLUMNS]
        if posts >= 0 and number >= 0:
            started = m[row + STARTED_AND_POST] >> NARROW
            m[row + STARTED_AND_POST] = pair(started, _number_in(p, posts, number), NARROW)
