"""Which job is taken next: of which queue of a team, and of which side of it."""

from ehc_sim.engines.compiled.loop.layout import (
    BY_DATE,
    FAULT,
    NONE,
    NOW,
    OF_POST_COLUMNS,
    QUEUE_COLUMNS,
    Ints,
    entry_at,
    job_at,
    of_post_at,
    queue_at,
    rules_at,
    team_at,
)
from ehc_sim.engines.compiled.loop.officers import first_of_post
from ehc_sim.engines.compiled.loop.queues import (
    comes_before,
    front_of,
    queues_of,
    side_of,
    take_from,
    to_newest,
)
from ehc_sim.jit.decorators import inline, noinline


@inline
def class_of_queue(m: Ints, rules: int, number: int) -> int:
    """Return the class of the jobs of a queue, by its number in its team."""
    classes = rules_at(m, rules).classes
    return number % classes if classes > 1 else 0


@noinline
def next_queue(m: Ints, team: int, listed: int, count: int) -> int:
    """Return the queue of the job to be taken next, of those listed, or -1."""
    rules = team_at(m, team).rules_now
    offset = team_at(m, team).first_queue
    if queues_of(m, team) == 1:
        return offset if count and team_at(m, team).waiting else -1
    newest = team_at(m, team).newest_next
    best = NONE
    best_late = best_class = 0
    best_entry = NONE
    for number in range(count):
        queue = offset + m[listed + number] * QUEUE_COLUMNS
        if not queue_at(m, queue).size:
            continue
        ahead = class_of_queue(m, rules, m[listed + number])
        if best < 0 or ahead < best_class:
            best, best_class, best_entry = queue, ahead, NONE
            continue
        if ahead > best_class:
            continue
        if best_entry < 0:
            best_late = side_of(m, best, rules, newest)
            best_entry = front_of(m, best, best_late)
        late = side_of(m, queue, rules, newest)
        entry = front_of(m, queue, late)
        if m[FAULT]:
            return -1
        sooner = comes_before(m, entry, best_entry)
        if rules_at(m, rules).overdue_last and late != best_late:
            sooner = late < best_late
        if sooner:
            best, best_late, best_entry = queue, late, entry
    return best


@inline
def next_job(m: Ints, team: int, queue: int) -> int:
    """Take the next job out of a queue."""
    side = side_of(m, queue, team_at(m, team).rules_now, team_at(m, team).newest_next)
    job = take_from(m, queue, side)
    team_at(m, team).waiting -= 1
    team_at(m, team).picks += 1
    team_at(m, team).newest_next = to_newest(m, team)
    return job


@noinline
def _next_overdue(m: Ints, team: int, listed: int, count: int) -> int:
    """Take the job whose statutory date passed first, if any has, out of the queues listed.

    Where classes are ahead, it is that of the first of them that has one.
    """
    rules = team_at(m, team).rules_now
    best = NONE
    best_class = 0
    best_entry = NONE
    for number in range(count):
        queue = team_at(m, team).first_queue + m[listed + number] * QUEUE_COLUMNS
        if not queue_at(m, queue).size:
            continue
        entry = front_of(m, queue, BY_DATE)
        if entry_at(m, entry).key > m[NOW]:
            continue
        ahead = class_of_queue(m, rules, m[listed + number])
        sooner = best < 0 or ahead < best_class
        if sooner or (ahead == best_class and comes_before(m, entry, best_entry)):
            best, best_class, best_entry = queue, ahead, entry
    if best < 0:
        return -1
    team_at(m, team).waiting -= 1
    return take_from(m, best, BY_DATE)


@inline
def next_of_post(m: Ints, team: int, post: int, queue: int) -> int:
    """Take what a post is reserved for, else the next job of a queue out of it."""
    if rules_at(m, team_at(m, team).rules_now).first_kinds > 1:
        return _next_of_officer(m, team, post, queue)
    job = _next_of_kind(m, team, first_of_post(m, team, post), queue)
    return job if job >= 0 else next_job(m, team, queue)


@inline
def _next_of_kind(m: Ints, team: int, serves: int, queue: int) -> int:
    """Take the next job of a kind, or -1 if none waits; any kind is what is next in a queue."""
    if of_post_at(m, serves).is_for_overdue:
        return _next_overdue(
            m, team, of_post_at(m, serves).first_served, of_post_at(m, serves).served
        )
    if of_post_at(m, serves).own:
        queue = next_queue(m, team, of_post_at(m, serves).first_own, of_post_at(m, serves).own)
        if queue < 0:
            return -1
    return next_job(m, team, queue)


@noinline
def _next_of_officer(m: Ints, team: int, post: int, queue: int) -> int:
    """Take the next job of the kind that lacks most of its share of an officer's hours.

    What is taken in the order of work, for no kind of its own, counts for none, whatever it is.
    """
    rules = rules_at(m, team_at(m, team).rules_now)
    hours = team_at(m, team).hours + post * team_at(m, team).most_kinds
    worked = 0
    for kind in range(rules.first_kinds + 1):
        worked += m[hours + kind]
    counted = hours
    job = NONE
    tried = 0
    while job < 0 and tried < (1 << rules.first_kinds) - 1:
        next_kind = -1
        most = 0
        for kind in range(rules.first_kinds):
            lacks = m[rules.parts + kind] * worked - rules.whole * m[hours + kind]
            if not tried >> kind & 1 and (next_kind < 0 or lacks > most):
                next_kind, most = kind, lacks
        tried |= 1 << next_kind
        of_kind = first_of_post(m, team, post) + next_kind * OF_POST_COLUMNS
        job = _next_of_kind(m, team, of_kind, queue)
        counted = hours + next_kind
    if job < 0:
        job = next_job(m, team, queue)
        counted = hours + rules.first_kinds
    m[counted] += job_at(m, job).minutes
    return job
