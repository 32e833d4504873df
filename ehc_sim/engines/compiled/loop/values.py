"""The values that cases read: given ones from the draw, others made of their keys."""

from __future__ import annotations

from ehc_sim.engines.compiled.loop.layout import (
    BEGIN,
    GROUP_BITS,
    HAS_VARIANT,
    JOINS_AT,
    MEET,
    NOW,
    OWN_ADDRESS,
    Ints,
    case_at,
    case_of,
    node_at,
    node_of,
    place_of_case,
    quantity_at,
)
from ehc_sim.jit.decorators import inline
from ehc_sim.jit.machine import fetch, number_at
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
