"""The numbers of a scenario that have a range: what each is called, and where it was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ehc_sim.scenario.changes import aimed, blocks
from ehc_sim.scenario.files import merged, read_chain
from ehc_sim.scenario.labels import label_of
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.part import numbers_in
from ehc_sim.scenario.plain import checked
from ehc_sim.scenario.scenario import Scenario
from ehc_sim.scenario.schema import Period
from ehc_sim.scenario.tree import Location, dotted


@dataclass(frozen=True)
class UncertainNumber:
    """A number of a scenario with a range.

    Attributes
    ----------
    key : str
        Key by which ``Scenario.drawn`` asks for it: its path, or that of the change it belongs to.
    label : str
        What people call it: ``Plan writers: posts``.
    range : str
        In words: ``10 to 16, most likely 12``. Where it has another range from a later day on,
        that follows.
    low, high : float
        Ends of its range as it was written, of the first where it has several.
    variance : float
        Variance of what is drawn, as a share of the square of the range's width.
    file : Path or None
        File in which it stands; None of a scenario that was made in Python.
    line : int or None
        Its line.
    """

    key: str
    label: str
    range: str
    low: float
    high: float
    variance: float
    file: Path | None = None
    line: int | None = None


def uncertain_numbers(scenario: Scenario) -> list[UncertainNumber]:
    """Return every number of a scenario that has a range, in the order of its settings.

    A number that members set is none of them: a replication has it from its member.
    What a change adds or multiplies by is a number of its own, and so are its costs.

    Raises
    ------
    BadInput
        When the scenario's file was changed since and is at fault now.
    """
    labels = {change.what: label_of(scenario, change.what) for change in scenario.changes}
    named: dict[str, str] = {}
    ranges: dict[str, dict[str, Number]] = {}
    for number in _numbers(scenario):
        if number.low < number.high and number.column is None:
            ranges.setdefault(number.key, {}).setdefault(_range(number), number)
    for change in scenario.changes:
        dated = f"{labels[change.what]}: {change.kind} from {change.from_}"
        if isinstance(change.amount, Number) and change.kind != "set":
            named[change.amount.key] = dated
        named[change.one_off_cost.key] = f"{dated}, cost once"
        named[change.yearly_cost.key] = f"{dated}, cost a year"
    written = {} if scenario.path is None else _written(scenario.path)
    found = []
    for key, of_key in ranges.items():
        first, at = next(iter(of_key.values())), written.get(key)
        label = named.get(key) or label_of(scenario, key)
        place = (None, None) if at is None else (at.file, at.line)
        found.append(
            UncertainNumber(
                *(key, label, "; later ".join(of_key)),
                *(first.low, first.high, _variance(first)),
                *place,
            )
        )
    return found


def _numbers(scenario: Scenario) -> Iterator[Number]:
    for _, settings in scenario.periods:
        for _, number in numbers_in(settings):
            yield number
            yield from (step.amount for step in number.steps)
    for change in scenario.changes:
        yield from (change.one_off_cost, change.yearly_cost)


def _variance(number: Number) -> float:
    """Return the variance of a triangular distribution that is 1 wide."""
    mode = (number.likely - number.low) / (number.high - number.low)
    return (1 - mode + mode**2) / 18


def _range(number: Number) -> str:
    return str(number.model_copy(update={"steps": ()}))


def _written(path: Path) -> dict[str, Location]:
    """Return where each number of a file and of those that it extends was written, by its key."""
    chain = read_chain(path)
    tree = merged(chain)
    found = {key: at for where, at in tree.locations.items() if (key := dotted(where))}
    period, _ = checked(Period, tree.table("period"))
    written = [one for source in chain for one in blocks(source)[0]]
    for one in aimed(written, tree, period)[0]:
        source, change = one.written.source, ("change", one.written.number)
        for cost in ("one_off_cost", "yearly_cost"):
            found[getattr(one.change, cost).key] = source.location((*change, cost))
        below = source.below.get((*change, one.change.kind), ())
        amount = source.location((*change, one.change.kind))
        if one.change.kind != "set":
            found[one.change.amount.key] = amount
            continue
        found.setdefault(one.change.what, amount)
        for where in below:
            inside = dotted(where[len(change) + 1 :])
            found.setdefault(f"{one.change.what}.{inside}", source.location(where))
    return found
