"""The values that cases read: given ones from the draw, others made of their keys."""

from __future__ import annotations

from ehc_sim.compiled import part
from ehc_sim.machine import fetch, number_at
from ehc_sim.pathway.event_loop.layout import (
    ADDRESS,
    BEGIN,
    BRANCHES_OUT,
    FIRST_CASE,
    FIRST_GROUP,
    FIRST_PERIOD,
    FIRST_READ,
    GROUP_AND_PROFILE,
    GROUP_BITS,
    HAS_VARIANT,
    HOLDER,
    JOINS_AT,
    LAWS,
    MEET,
    NOW,
    NUMBER,
    OWN_ADDRESS,
    PERIODS,
    READS,
    STATE,
    THEN,
    VARIANT_OF,
    WIDTH,
    Ints,
    case_at,
    case_of,
    node_at,
    node_of,
)
from ehc_sim.pathway.variates import LAW_COLUMNS, variate


@part
def _period(m: Ints, quantity: int) -> int:
    """Return which of a quantity's periods this minute is in."""
    period = m[quantity + PERIODS] - 1
    if period > 0:
        first = m[quantity + FIRST_PERIOD]
        now = m[NOW]
        while m[first + period] > now:
            period -= 1
    return period


@part
def _place_of_value(m: Ints, quantity: int, case: int) -> int:
    """Return the address of a case's value of a quantity at this minute, where it is given."""
    place = _period(m, quantity) * m[quantity + WIDTH] + case - m[quantity + FIRST_CASE]
    return m[quantity + ADDRESS] + 8 * place


@part
def fetch_case(m: Ints, what: int) -> None:
    """Have the case of an event fetched from memory."""
    if what & 15 <= BEGIN:
        fetch(m[OWN_ADDRESS] + 8 * case_at(m, case_of(what)))


@part
def fetch_way(m: Ints, what: int) -> None:
    """Have the given values that the case of an event may read before it waits fetched."""
    kind = what & 15
    if kind > BEGIN:
        return
    case = case_of(what)
    node = node_of(what)
    if kind == MEET:
        node = m[case_at(m, case) + BRANCHES_OUT] >> JOINS_AT
    if kind != BEGIN:
        node = m[node_at(m, node) + THEN]
    first = m[node_at(m, node) + FIRST_READ]
    for place in range(first, first + m[node_at(m, node) + READS]):
        quantity = m[place]
        if quantity > 0:
            fetch(_place_of_value(m, quantity, case))
        else:
            holder = m[case_at(m, case) + HOLDER]
            fetch(m[OWN_ADDRESS] + 8 * case_at(m, holder))
            fetch(_place_of_value(m, -quantity, holder))


@part
def value_of(m: Ints, quantity: int, case: int) -> int:
    """Return a case's value of a quantity at this minute."""
    here = case_at(m, case)
    if m[quantity + VARIANT_OF] >= 0 and m[here + STATE] & HAS_VARIANT:
        quantity = m[quantity + VARIANT_OF]
    if m[quantity + LAWS] < 0:
        return number_at(_place_of_value(m, quantity, case))
    law = m[quantity + LAWS] + _period(m, quantity) * LAW_COLUMNS
    group = (m[here + GROUP_AND_PROFILE] & (1 << GROUP_BITS) - 1) - m[quantity + FIRST_GROUP]
    return variate(m, law, m[here + NUMBER], group, m[here + GROUP_AND_PROFILE] >> GROUP_BITS)
