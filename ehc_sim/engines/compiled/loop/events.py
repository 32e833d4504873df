"""The list of events: a calendar queue (Brown 1988).

Events far ahead lie in buckets, the last on top. Those of the bucket whose time has come lie in its
slots, each a list in the order of time and, within a minute, of the order in which they were made:
mostly the events of one minute.
"""

from __future__ import annotations

from ehc_sim.engines.compiled.loop.layout import (
    BUCKET,
    BUCKET_BITS,
    BUCKETS,
    EVENT_COLUMNS,
    FAULT,
    FILLED,
    OF_EVENTS,
    SLOT_BITS,
    SLOTS,
    SLOTS_A_BUCKET,
    SLOTS_A_WORD,
    UNTIL,
    Ints,
    event_at,
    new_row,
)
from ehc_sim.engines.compiled.loop.values import fetch_way
from ehc_sim.jit.decorators import inline, noinline
from ehc_sim.jit.machine import lowest_bit


@inline
def schedule(m: Ints, minute: int, what: int, more: int) -> None:
    """Have an event happen at a minute, after those of that minute that are there already."""
    if minute >= m[UNTIL]:
        return
    event = new_row(m, OF_EVENTS, EVENT_COLUMNS)
    if m[FAULT]:
        return
    event_at(m, event).minute = minute
    event_at(m, event).what = what
    event_at(m, event).more = more
    bucket = minute >> m[BUCKET_BITS]
    if bucket == m[BUCKET]:
        fetch_way(m, what)
        to_slot(m, event)
    else:
        event_at(m, event).next = m[m[BUCKETS] + bucket]
        m[m[BUCKETS] + bucket] = event


@inline
def to_slot(m: Ints, event: int) -> None:
    """Put an event in its slot of the bucket whose time has come."""
    minute = event_at(m, event).minute
    number = minute >> m[SLOT_BITS] & SLOTS_A_BUCKET - 1
    slot = m[SLOTS] + 2 * number
    last = m[slot + 1]
    if m[slot] < 0:
        m[slot] = event
        _fill(m, number)
    elif event_at(m, last).minute <= minute:
        event_at(m, last).next = event
    else:
        _put_between(m, slot, event)
        return
    m[slot + 1] = event
    event_at(m, event).next = -1


@noinline
def _put_between(m: Ints, slot: int, event: int) -> None:
    """Put an event before the first of a slot that comes later than it."""
    minute = event_at(m, event).minute
    link = slot
    while event_at(m, m[link]).minute <= minute:
        link = m[link]  # the next is its first number
    event_at(m, event).next = m[link]
    m[link] = event


@inline
def _fill(m: Ints, number: int) -> None:
    word = number // SLOTS_A_WORD
    m[m[FILLED] + 1 + word] |= 1 << number % SLOTS_A_WORD
    m[m[FILLED]] |= 1 << word


@inline
def next_slot(m: Ints) -> int:
    """Return the place of the first slot that has an event, or -1."""
    words = m[m[FILLED]]
    if words == 0:
        return -1
    word = lowest_bit(words)
    number = word * SLOTS_A_WORD + lowest_bit(m[m[FILLED] + 1 + word])
    return m[SLOTS] + 2 * number


@inline
def take_event(m: Ints, slot: int) -> int:
    """Take the first event out of a slot."""
    event = m[slot]
    m[slot] = event_at(m, event).next
    if m[slot] < 0:
        number = (slot - m[SLOTS]) >> 1
        word = number // SLOTS_A_WORD
        m[m[FILLED] + 1 + word] &= ~(1 << number % SLOTS_A_WORD)
        if m[m[FILLED] + 1 + word] == 0:
            m[m[FILLED]] &= ~(1 << word)
    return event
