"""The list of events: a calendar queue (Brown 1988).

Events far ahead lie in buckets, the last on top. Those of the bucket whose time has come lie in its
slots, each a list in the order of time and, within a minute, of the order in which they were made:
mostly the events of one minute.
"""

from ehc_sim.engines.compiled.loop.layout import (
    BEGIN,
    BUCKET,
    BUCKET_BITS,
    BUCKETS,
    EVENT_COLUMNS,
    FAULT,
    FILLED,
    GROUP_BITS,
    HAS_VARIANT,
    JOINS_AT,
    MEET,
    NOW,
    OF_EVENTS,
    OWN_ADDRESS,
    SLOT_BITS,
    SLOTS,
    SLOTS_A_BUCKET,
    SLOTS_A_WORD,
    UNTIL,
    Ints,
    case_at,
    case_of,
    event_at,
    new_row,
    node_at,
    node_of,
    place_of_case,
    quantity_at,
)
from ehc_sim.jit.decorators import inline, noinline
from ehc_sim.jit.machine import fetch, lowest_bit, number_at
from ehc_sim.network.variates import SAMPLER_COLUMNS, variate


@inline
def _period(m: Ints, quantity: int) -> int:
    """Return which of a quantity's periods this minute is in."""
    period = quantity_at(m, quantity).periods - 1
    if period > 0:
        first = quantity_at(m, quantity).first_period
        now = m[NOW]
        while m[first + period] > now:
            period -= 1
    return period


@inline
def _place_of_value(m: Ints, quantity: int, case: int) -> int:
    """Return the address of a case's value of a quantity at this minute, where it is given."""
    place = (
        _period(m, quantity) * quantity_at(m, quantity).width
        + case
        - quantity_at(m, quantity).first_case
    )
    return quantity_at(m, quantity).address + 8 * place


@inline
def fetch_case(m: Ints, what: int) -> None:
    """Have the case of an event fetched from memory."""
    if what & 15 <= BEGIN:
        fetch(m[OWN_ADDRESS] + 8 * place_of_case(m, case_of(what)))


@inline
def fetch_way(m: Ints, what: int) -> None:
    """Have the given values that the case of an event may read before it waits fetched."""
    kind = what & 15
    if kind > BEGIN:
        return
    case = case_of(what)
    node = node_of(what)
    if kind == MEET:
        node = case_at(m, case).branches_out >> JOINS_AT
    if kind != BEGIN:
        node = node_at(m, node).then
    first = node_at(m, node).first_read
    for place in range(first, first + node_at(m, node).reads):
        quantity = m[place]
        if quantity > 0:
            fetch(_place_of_value(m, quantity, case))
        else:
            holder = case_at(m, case).holder
            fetch(m[OWN_ADDRESS] + 8 * place_of_case(m, holder))
            fetch(_place_of_value(m, -quantity, holder))


@inline
def value_of(m: Ints, quantity: int, case: int) -> int:
    """Return a case's value of a quantity at this minute."""
    here = case_at(m, case)
    if quantity_at(m, quantity).variant >= 0 and here.state & HAS_VARIANT:
        quantity = quantity_at(m, quantity).variant
    if quantity_at(m, quantity).samplers < 0:
        return number_at(_place_of_value(m, quantity, case))
    sampler = quantity_at(m, quantity).samplers + _period(m, quantity) * SAMPLER_COLUMNS
    group = (here.group_and_profile & (1 << GROUP_BITS) - 1) - quantity_at(m, quantity).first_group
    return variate(m, sampler, here.number, group, here.group_and_profile >> GROUP_BITS)


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
