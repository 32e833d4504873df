"""Dated changes of a scenario: what a council would do differently, and when."""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from pydantic import Field, create_model

from ehc_sim.scenario.faults import Fault, describe, listed, nearest
from ehc_sim.scenario.files import SourceFile, locations_below
from ehc_sim.scenario.levers import LEVERS
from ehc_sim.scenario.marked import holds_for_whole_run
from ehc_sim.scenario.money import Source
from ehc_sim.scenario.numbers import Number, Step, fixed, number_of
from ehc_sim.scenario.part import Part
from ehc_sim.scenario.paths import Spot, known_paths, split, spot_at
from ehc_sim.scenario.plain import checked
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.ranges import Pounds
from ehc_sim.scenario.schema import Period
from ehc_sim.scenario.tree import ABSENT, Location, Tree, dotted

KINDS = ("set", *LEVERS)
"""What a change can do: put a value there, or change the number that is."""


class Block(Part):
    """A ``[[change]]`` of a scenario file. It has exactly one of set, add and multiply."""

    what: str
    """Path of what changes, such as ``teams.plan writers.posts``."""
    set: Any = None
    """The new value: a number, text, true or false, or a table."""
    from_: date | None = Field(default=None, alias="from")
    """First day; the first day of the plan where none is given."""
    until: date | None = None
    """Last day; to the end of the run where none is given."""
    one_off_cost: Pounds = fixed(0)
    """Pounds, once, when the change starts; on the first day of the plan for one without dates."""
    yearly_cost: Pounds = fixed(0)
    """Pounds a year for the time that the change works, beside what posts and cases cost; from the
    first day of the plan for one without dates."""
    funded_by: Source | None = None
    """Who pays what the change costs; posts and cases are paid by whom their team says."""
    source: str | None = None
    """Public source of the figures."""
    note: str | None = None
    """Why, in words."""

    def amount(self, kind: str) -> Any:  # noqa: ANN401
        """Return what it has of a kind."""
        return getattr(self, kind)


_LEVERS: dict[str, Any] = {
    kind: (Number | None, Field(default=None, description=lever.meaning))
    for kind, lever in LEVERS.items()
}
WITH_LEVERS = create_model(
    "Block", __base__=Block, __doc__=Block.__doc__, __module__=__name__, **_LEVERS
)
"""A ``Block`` with a key for each lever."""


@dataclass(frozen=True)
class Change:
    """A change whose path and dates are known to be right.

    Attributes
    ----------
    what : str
        Path of what changes, such as ``teams.plan writers.posts``.
    kind : str
        One of ``KINDS``.
    amount : Number, str, bool, int, date, list or dict
        What is set, added or multiplied by; a Number wherever it is one.
    from_ : date
        First day on which it works.
    until : date or None
        Last day; None to the end of the run.
    one_off_cost, yearly_cost : Number
        Pounds once, and pounds a year for the time it works.
    source, note : str or None
        Public source, and why.
    paid_from : date
        First day on which it is paid for: ``from_``, and the first day of the plan for what holds
        for the whole run, since what is paid before the plan is in none of its costs.
    funded_by : str or None
        Who pays these pounds, one of ``money.SOURCES``.
    """

    what: str
    kind: str
    amount: Any
    from_: date
    until: date | None
    one_off_cost: Number
    yearly_cost: Number
    source: str | None
    note: str | None
    paid_from: date
    funded_by: str | None = None

    @property
    def of_members(self) -> bool:
        """Whether it is a column of the table of members."""
        return isinstance(self.amount, Number) and self.amount.column is not None

    def works_on(self, day: date) -> bool:
        """Return whether the change works on a day."""
        return self.from_ <= day and (self.until is None or day <= self.until)

    def words(self) -> tuple[str, str, str, str, str, str]:
        """Return what changes, how, from when, until when, and the pounds once and a year."""
        amount = str(self.amount) if isinstance(self.amount, Number) else describe(self.amount)
        kind = LEVERS[self.kind].words if self.kind in LEVERS else self.kind
        until = str(self.until) if self.until else "the end"
        costs = (str(self.one_off_cost), str(self.yearly_cost))
        return (self.what, f"{kind} {amount}", str(self.from_), until, *costs)

    @property
    def how(self) -> str:
        """What it makes of the setting, and when: ``add 2 from 2027-04-01 until 2028-03-31``."""
        _, how, from_, until, *_ = self.words()
        return f"{how} from {from_}" + (f" until {until}" if self.until else "")

    def __str__(self) -> str:
        return f"{self.what}: {self.how}"


@dataclass(frozen=True)
class Written:
    """A change as it stands in a file, before its path and dates are known to be right.

    Attributes
    ----------
    block : Block
    kind : str
        The one of ``KINDS`` that it has.
    number : int
        Counted from 0 in its file.
    source : SourceFile
    """

    block: Block
    kind: str
    number: int
    source: SourceFile

    def fault(self, key: str, problem: str) -> Fault:
        """Return a fault of one key of this block."""
        return self.source.fault(("change", self.number, key), problem, _said(self.number, key))

    @property
    def called(self) -> str:
        """What it is called where another is at fault."""
        return _said(self.number)

    def starts(self, period: Period) -> date:
        """Return the first day on which it works, where it says none and may have one."""
        return self.block.from_ or period.plan_from


@dataclass(frozen=True)
class Aimed:
    """A change, where it works, and how it was written.

    Attributes
    ----------
    change : Change
    where : Where
        Path of what changes.
    spot : Spot
        What may stand there.
    written : Written
    order : int
        Changes are applied in this order.
    """

    change: Change
    where: Where
    spot: Spot
    written: Written
    order: int


def blocks(source: SourceFile) -> tuple[list[Written], list[Fault]]:
    """Return the changes of one file, and what is wrong in how they are written."""
    given = source.values.get("change", [])
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        problem = f"found {describe(given)}, allowed is [[change]] in double brackets"
        return [], [source.fault(("change",), problem)]
    written: list[Written] = []
    faults: list[Fault] = []
    for number, values in enumerate(given):
        block, problems = checked(WITH_LEVERS, values)
        faults += [
            source.fault(("change", number, *where), problem, _said(number, *where))
            for where, problem in problems
        ]
        kinds = [kind for kind in KINDS if kind in values]
        if len(kinds) != 1:
            found = " and ".join(kinds) or "none of them"
            allowed = f"{', '.join(KINDS[:-1])} and {KINDS[-1]}"
            problem = f"found {found}, allowed is exactly one of {allowed}"
            where: Where = ("change", number, *kinds[1:2])
            faults.append(source.fault(where, problem, _said(number)))
        elif block is not None:
            written.append(Written(block, kinds[0], number, source))
    return written, faults


def aimed(
    written: list[Written], tree: Tree, period: Period | None
) -> tuple[list[Aimed], list[Fault]]:
    """Find what each change works on, and when.

    Parameters
    ----------
    written : list of Written
        In the order in which they are applied.
    tree : Tree
        The settings without any change.
    period : Period or None
        The dates of the run; None where they are at fault, and then no change can be dated.

    Returns
    -------
    tuple
        The changes that can be applied, and what is wrong with the others.
    """
    found: list[Aimed] = []
    faults: list[Fault] = []
    alike: dict[str, int] = {}
    # What changed before the day of a caseload still holds: such a run may start later than it did.
    earliest = period.run_in_from if period and tree.get("caseload") is ABSENT else date.min
    for order, one in enumerate(written):
        target = _target(one, tree)
        wrong = (
            [target]
            if isinstance(target, Fault)
            else _wrong_dates(one, target[0], period, earliest)
        )
        faults += wrong
        if isinstance(target, Fault) or wrong or period is None:
            continue
        where, spot = target
        change = _dated(one, where, spot, period, alike)
        found.append(Aimed(change, where, spot, one, order))
    return found, faults + _two_at_once(found)


def _two_at_once(found: list[Aimed]) -> list[Fault]:
    """Return a fault for each change that sets what one before it in its file changes that day.

    The one before it would be lost. To add to what was set is another matter, and a file that
    extends another may set again what that one changed.
    """
    faults = []
    for number, one in enumerate(found):
        for other in found[:number]:
            if (
                one.written.source is other.written.source
                and one.change.from_ == other.change.from_
                and one.where == other.where[: len(one.where)]
                and one.change.kind == "set"
            ):
                problem = (
                    f"found {one.change.kind} from {one.change.from_}, where "
                    f"{other.written.called} has {other.change.kind} of "
                    f"{other.change.what} from the same day; allowed is one of the two"
                )
                faults.append(one.written.fault(one.change.kind, problem))
                break
    return faults


def applied(tree: Tree, one: Aimed) -> tuple[Tree, list[Fault]]:
    """Return the settings with one change made, and why it cannot be made, if so.

    Parameters
    ----------
    tree : Tree
        The settings with all changes before this one.
    one : Aimed
    """
    amount = one.change.amount
    if one.change.kind != "set":
        before = tree.get(*one.where)
        before = one.spot.default if before is ABSENT else before
        if before is ABSENT or before is None:
            problem = f"found no number at {one.change.what}, allowed is set, which puts one there"
            return tree, [one.written.fault(one.change.kind, problem)]
        amount = _stepped(before, one)
    return tree.with_value(one.where, amount, partial(_locations, one)), []


def _locations(one: Aimed) -> dict[Where, Location]:
    """Return where the value of a change was written, after all that is no change."""
    below = locations_below(one.written.source, ("change", one.written.number, one.change.kind))
    return {path: replace(location, rank=1000 + one.order) for path, location in below.items()}


def _said(number: int, *where: str | int) -> str:
    return f"change {number + 1}" + (f": {dotted(where)}" if where else "")


def _target(one: Written, tree: Tree) -> tuple[Where, Spot] | Fault:
    what = one.block.what
    where = split(what)
    spot = spot_at(where) if where else None
    if where is None or spot is None or not _is_there(where, one.kind, tree):
        return one.fault("what", _no_such(what, where, tree))
    if one.kind == "set":
        return where, spot
    amount, nothing = one.block.amount(one.kind), LEVERS[one.kind].nothing
    if amount.smallest == amount.largest == nothing:
        return one.fault(one.kind, f"found {nothing}, allowed is a number that changes something")
    if spot.is_number:
        return where, spot
    if spot.kind is not int:
        problem = f'found "{what}", which is {spot.allowed()}; allowed is a number'
        return one.fault(one.kind, problem)
    if amount.uncertain:
        problem = "found an uncertain number, allowed is a certain one, as this is a whole number"
        return one.fault(one.kind, problem)
    return where, spot


def _is_there(where: Where, kind: str, tree: Tree) -> bool:
    """Whether every name on the way is used; a change may set a new one only as its last part."""
    for length in range(1, len(where) + 1):
        spot = spot_at(where[: length - 1])
        new = (
            spot is not None
            and spot.is_named
            and where[length - 1] not in tree.table(*where[: length - 1])
        )
        if new and not (kind == "set" and length == len(where)):
            return False
    return True


def _no_such(what: str, where: Where | None, tree: Tree) -> str:
    near = nearest(what, known_paths(tree.values))
    if near is not None:
        return f'found "{what}", did you mean "{near}"?'
    table: Where = ()
    for part in where or ():
        spot = spot_at((*table, part))
        if spot is None or not (spot.is_table or spot.is_named):
            break
        if part not in tree.table(*table) and table:
            break
        table = (*table, part)
    spot = spot_at(table)
    names = list(tree.table(*table)) if spot is None or spot.is_named else spot.keys()
    after = f"after {dotted(table)} is" if table else "starts with"
    return f'found "{what}", allowed {after} {listed(names)}'


def _wrong_dates(one: Written, where: Where, period: Period | None, earliest: date) -> list[Fault]:
    block = one.block
    dates = {"from": block.from_, "until": block.until}
    given = {key: day for key, day in dates.items() if day is not None}
    if holds_for_whole_run(where):
        problem = f"found a date, allowed is none: {dotted(where)} holds for the whole run"
        return [one.fault(key, problem) for key in given]
    faults: list[Fault] = []
    if block.from_ and block.until and block.until < block.from_:
        problem = f"found {block.until}, allowed is {block.from_} (its from) or later"
        faults.append(one.fault("until", problem))
    if period is None:
        return faults
    starts = block.from_ or period.plan_from
    if block.until and not block.from_ and period.run_in_from <= block.until < starts:
        problem = f"found {block.until} without from, allowed is {starts} (plan_from) or later"
        faults.append(one.fault("until", problem))
    for key, day in given.items():
        if not earliest <= day <= period.plan_until:
            run = f"{period.run_in_from} to {period.plan_until}"
            faults.append(one.fault(key, f"found {day}, allowed is {run}, the days of the run"))
    return faults


def _dated(one: Written, where: Where, spot: Spot, period: Period, alike: dict[str, int]) -> Change:
    block, what = one.block, dotted(where)
    from_ = period.run_in_from if holds_for_whole_run(where) else one.starts(period)
    key = f"{one.kind} {what} {from_} {block.until or ''}".rstrip()
    alike[key] = alike.get(key, 0) + 1
    key += f" ({alike[key]})" if alike[key] > 1 else ""
    amount = block.amount(one.kind)
    if spot.is_number:
        amount = _sourced(amount, block, what if one.kind == "set" else key)
    return Change(
        what=what,
        kind=one.kind,
        amount=amount,
        from_=from_,
        until=block.until,
        one_off_cost=_sourced(block.one_off_cost, block, f"{key} one_off_cost"),
        yearly_cost=_sourced(block.yearly_cost, block, f"{key} yearly_cost"),
        source=block.source,
        note=block.note,
        paid_from=block.from_ or period.plan_from,
        funded_by=block.funded_by,
    )


def _sourced(given: Any, block: Block, key: str) -> Any:  # noqa: ANN401
    """Return a number with its key and, where it has none, the source and note of its change.

    What is no number is returned as it is, for the check of the settings to complain about.
    """
    number = number_of(given)
    if number is None:
        return given
    source, note = number.source or block.source, number.note or block.note
    return number.model_copy(update={"key": key, "source": source, "note": note})


def _stepped(before: Any, one: Aimed) -> Any:  # noqa: ANN401
    """Return a number with the change applied; what is no number stays as it is."""
    kind, amount = one.change.kind, one.change.amount
    if one.spot.is_number:
        number = number_of(before)
        if number is None or kind == "set":
            return before
        step = Step(kind=kind, amount=amount)
        return number.model_copy(update={"steps": (*number.steps, step)})
    if isinstance(before, bool) or not isinstance(before, int | float):
        return before
    after = LEVERS[kind].apply(before, float(amount))
    return int(after) if after.is_integer() else after
