"""Where the shares of refusals overturned reach all of them, and can rise no further."""

from collections.abc import Callable, Iterator

from ehc_sim.scenario.disputes import Margin
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.scenario import Scenario
from ehc_sim.scenario.schema import Settings

Value = Callable[[Number], float]


def all_overturned(scenario: Scenario, refused: float = 0.0) -> list[str]:
    """Return which shares overturned reach 100% at the shares refused in the plan.

    Above that share refused the margin does nothing: refusing more looks better than it is.

    Parameters
    ----------
    scenario : Scenario
    refused : float
        A share of requests refused that is tried beside those of the scenario.
    """
    starts = scenario.base.period.plan_from
    days = [day for day, _ in scenario.periods]
    notes: dict[str, str] = {}
    for day, after in zip(days, [*days[1:], None], strict=True):
        settings = scenario.on(day)
        if settings.disputes and settings.disputes.margin and (after is None or after > starts):
            most = max(settings.decision_to_assess.refused.largest, refused)
            for key, share in _overturned(settings):
                problem = _reached(settings.disputes.margin, share, most)
                if problem:
                    notes[key] = f"disputes.{key}: {problem}"
    return list(notes.values())


def _overturned(settings: Settings) -> Iterator[tuple[str, Number]]:
    disputes = settings.disputes
    assert disputes is not None
    yield "mediation.agreed", disputes.mediation.agreed
    yield "appeals.overturned", disputes.appeals.overturned
    if disputes.reconsideration is not None:
        yield "reconsideration.agreed", disputes.reconsideration.agreed


def _reached(margin: Margin, share: Number, refused: float) -> str:
    """Return how a share reaches 100% below a share refused, or nothing where it does not."""
    first = _limit(margin.refused.smallest, margin.times.largest, share.largest)
    if first >= refused:
        return ""
    values = (number.drawn(lambda _: 0.5) for number in (margin.refused, margin.times, share))
    middle = _limit(*values)
    usual = f"; at their middle when more than {middle:.0%} are" if first < middle < 1 else ""
    return (
        f"with disputes.margin it reaches 100% when more than {first:.0%} are refused, at the ends "
        f"of the ranges{usual}; it rises no further, and {refused:.0%} may be refused"
    )


def _limit(counted_at: float, times: float, share: float) -> float:
    """Return the share refused at which a share overturned is 1; infinite where it never is."""
    if share >= 1 or share <= 0 or times <= 1:  # at 1 there is nothing to rise to
        return float("inf")
    return float(counted_at * share ** (-1 / (times - 1)))
