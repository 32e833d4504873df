"""When posts are at work, and how long a job takes them."""

from ehc_sim.engines.compiled.loop.layout import (
    DAY,
    DAYS,
    MORNING,
    NEVER,
    NOW,
    POST_COLUMNS,
    WORD,
    Ints,
    post_at,
    team_at,
)
from ehc_sim.jit.decorators import inline
from ehc_sim.jit.machine import lowest_bit, number_at


@inline
def _day_mask(m: Ints, team: int, day: int, word: int) -> int:
    first = team_at(m, team).masks
    return 0 if first < 0 else m[first + day * team_at(m, team).words + word]


@inline
def at_work_of(m: Ints, team: int, word: int) -> int:
    """Return which idle posts of a word may take a job now."""
    now = m[NOW]
    day = now // DAY
    of_day = now % DAY - MORNING
    idle = m[team_at(m, team).idle + word]
    at_work = idle & m[team_at(m, team).always + word]
    if of_day < 0:
        return at_work
    there = idle & _day_mask(m, team, day, word)
    while there:
        bit = lowest_bit(there)
        there &= there - 1
        post = team_at(m, team).first_post + (word * WORD + bit) * POST_COLUMNS
        if of_day < number_at(post_at(m, post).minutes_of_day + 8 * day):
            at_work |= 1 << bit
    return at_work


@inline
def next_there(m: Ints, team: int, post: int) -> int:
    """Return the first minute from now on at which an idle post may take a job."""
    now = m[NOW]
    if m[team_at(m, team).always + post // WORD] >> post % WORD & 1:
        return now
    row = team_at(m, team).first_post + post * POST_COLUMNS
    day = now // DAY
    next_day = post_at(m, row).next_day
    if number_at(next_day + 8 * day) == day:
        of_day = now % DAY - MORNING
        if of_day < number_at(post_at(m, row).minutes_of_day + 8 * day):
            return max(now, day * DAY + MORNING)
    following = number_at(next_day + 8 * (day + 1))
    return NEVER if following < 0 else following * DAY + MORNING


@inline
def finish(m: Ints, post: int, start: int, minutes: int) -> int:
    """Return the minute at which so much work is done by a post when it is begun at a minute."""
    if post_at(m, post).minutes_of_day == 0:
        return start + minutes
    before = post_at(m, post).before_day
    target = done_by(m, post, start) + minutes
    day = start // DAY
    days = m[DAYS]
    while day <= days and number_at(before + 8 * day) < target:
        day += 1
    last = day - 1
    if last >= days:
        return NEVER
    return last * DAY + MORNING + target - number_at(before + 8 * last)


@inline
def done_by(m: Ints, post: int, minute: int) -> int:
    """Return the minutes of work that a post busy since minute 0 has done by a minute."""
    day = minute // DAY
    today = number_at(post_at(m, post).minutes_of_day + 8 * day)
    done = min(max(minute % DAY - MORNING, 0), today)
    return number_at(post_at(m, post).before_day + 8 * day) + done


@inline
def next_handover(m: Ints, post: int, start: int, ended: int) -> int:
    """Return the first minute between two at which a post hands back its work, or NEVER."""
    first = post_at(m, post).first_handover
    for place in range(first, first + post_at(m, post).handovers):
        if m[place] > start:
            return m[place] if m[place] < ended else NEVER
    return NEVER
