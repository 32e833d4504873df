"""The table of support in schools without a plan, and what is wrong with one before the plan."""

from collections.abc import Iterator, Sequence
from datetime import date

from ehc_sim.scenario import ranges
from ehc_sim.scenario.numbers import fixed, number_of
from ehc_sim.scenario.part import Part
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.tree import ABSENT, Tree


class SchoolSupport(Part):
    """More support in schools for children without a plan, so that fewer are asked for.

    What it costs is the ``yearly_cost`` of the change that sets it, with who pays.
    """

    fewer: ranges.Share = fixed(0)
    """Share of requests that are not made for it, of every source, age and need alike. Set from a
    day of the plan on: what schools did before is in the record."""
    ramp_months: ranges.Months = fixed(0)
    """Months over which that share is reached, evenly; also those over which requests come back
    when it is lowered."""


FEWER: Where = ("requests", "school_support", "fewer")


def before_the_plan(days: Sequence[date], trees: Sequence[Tree]) -> Iterator[tuple[Where, str]]:
    """Yield fewer requests on days of the run-in, of which there is a record.

    Parameters
    ----------
    days : sequence of date
        First day of each stretch between two dates of changes.
    trees : sequence of Tree
        The settings on each of these days.
    """
    for day, tree in zip(days, trees, strict=True):
        plan_from, given = tree.get("period", "plan_from"), tree.get(*FEWER)
        number = None if given is ABSENT else number_of(given)
        if number is not None and number.largest > 0 and day < plan_from:
            problem = f"found {number} from {day}, allowed is a change from {plan_from} "
            yield FEWER, f"{problem}(plan_from) on: before it the record says what was asked for"
            return
