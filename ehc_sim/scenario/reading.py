"""From a scenario file to checked settings with their dates, or to everything that is wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ehc_sim.inputs import problem_of
from ehc_sim.inputs.sheet import MOST_BYTES
from ehc_sim.scenario import cross_checks
from ehc_sim.scenario.changes import Aimed, Change, Written, aimed, blocks
from ehc_sim.scenario.columns import (
    NAMED,
    Columns,
    OfColumn,
    columns_of,
    in_place,
    place_of_naming,
)
from ehc_sim.scenario.councils import (
    faults_of_another_council,
    faults_of_lists,
    faults_of_no_stock,
    taken_over,
)
from ehc_sim.scenario.faults import BadInput, Fault, describe, listed, nearest
from ehc_sim.scenario.files import HEAD, LEAVES_OUT, SourceFile, listed_paths, merged, read_chain
from ehc_sim.scenario.known import Known
from ehc_sim.scenario.marked import holds_for_whole_run, moved
from ehc_sim.scenario.members import Members
from ehc_sim.scenario.names import fault_of_name
from ehc_sim.scenario.part import keyed, shared
from ehc_sim.scenario.paths import NEVER_CHANGED, Spot, split, spot_at
from ehc_sim.scenario.plain import Problem, checked
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.schema import Period, Settings
from ehc_sim.scenario.school_support import before_the_plan
from ehc_sim.scenario.tree import Tree
from ehc_sim.scenario.whole_run import of_whole_run

A_DAY = timedelta(days=1)
MOST_CHANGES = 200
"""Changes of a scenario and of the files that it extends. The shipped ones have 38 at most, and
each date makes the whole of the settings be checked once more."""

ANOTHER = "found another on a date, allowed is one for the whole run"
"""What is said of a setting that cannot change on a date."""


@dataclass(frozen=True)
class Content:
    """What the file of a scenario and the files that it extends say.

    Attributes
    ----------
    name, why : str
    path : Path
    line_of_name : int
        Line of the file on which the name stands.
    extended : tuple of Path
        The files that it extends, directly or not, as absolute paths.
    periods : tuple
        First day and settings of each period; merged where nothing differs.
    changes : tuple of Change
    trees : tuple
        First day of each stretch between two dates of changes, and what was written for it.
    takes_over : tuple of Where
        What it takes over of another council on purpose.
    chain : tuple of SourceFile
        The files themselves, the one that extends no other first.
    known : Known
        What was checked of them.
    members : Members or None
        The members that replications take numbers from.
    """

    name: str
    why: str
    path: Path
    line_of_name: int
    extended: tuple[Path, ...]
    periods: tuple[tuple[date, Settings], ...]
    changes: tuple[Change, ...]
    trees: tuple[tuple[date, Tree], ...]
    takes_over: tuple[Where, ...]
    chain: tuple[SourceFile, ...]
    known: Known
    members: Members | None = None


def read(path: Path, known: Known | None = None) -> Content:
    """Read a scenario file and the files that it extends.

    Parameters
    ----------
    path : Path
    known : Known, optional
        What was checked of other files, with which this one may have much in common.

    Raises
    ------
    BadInput
        With every fault, each with the file and line where it was written.
    """
    return content_of(read_chain(path), Known() if known is None else known)


@dataclass(frozen=True)
class Given:
    """Members that were made in Python.

    Attributes
    ----------
    members : Members or None
        Instead of those that the files name; None for no members.
    """

    members: Members | None


def content_of(chain: Sequence[SourceFile], known: Known, given: Given | None = None) -> Content:
    """Return what a chain of files says, the file that extends no other first.

    Parameters
    ----------
    chain : sequence of SourceFile
    known : Known
        What was checked before; what is checked here is put there.
    given : Given, optional
        Members that take the place of those that the files name.

    Raises
    ------
    BadInput
        With every fault, each with the file and line where it was written.
    """
    found = _Found([fault for source in chain for fault in _head(source)], known)
    found.faults += [source.fault(*odd) for source in chain for odd in source.odd]
    found.faults += [slip for source in chain for slip in source.slips]
    found.in_part = any(source.slips for source in chain)
    tree = merged(chain)
    naming, columns = found.columns_of(chain, tree, given)
    whole, dated = found.changes_of(chain, naming, columns)
    found.check(tree)

    period, _ = checked(Period, tree.table("period"))
    up_to = chain[: naming + 1]
    undated = in_place(found.aim(whole, tree, period), up_to)
    if undated:
        tree = found.apply(tree, undated)
        found.check(tree)
        period, _ = checked(Period, tree.table("period"))
    changes = in_place(found.aim(dated, tree, period), up_to)

    days = _starts(period, changes)
    trees = [
        found.apply(tree, [one for one in changes if one.change.works_on(day)]) for day in days
    ]
    settings = [found.check(one, day) for day, one in zip(days, trees, strict=True)]
    if not found.in_part:
        found.add((trees or [tree])[-1], cross_checks.problems_of_run(trees or [tree], tree))
        found.add((trees or [tree])[-1], list(before_the_plan(days, trees)))
        found.faults += faults_of_another_council(chain, trees or [tree])
        found.faults += faults_of_no_stock(chain, tree)
    periods = _periods(days, settings, known) if not found.faults else ()
    found.add_moved(periods, trees)
    if found.faults:
        raise BadInput(found.in_order(chain))
    return Content(
        name=chain[-1].values["name"],
        why=" ".join(chain[-1].values["why"].split()),
        path=chain[-1].path,
        line_of_name=chain[-1].location(("name",)).line,
        extended=tuple(source.path.resolve() for source in chain[:-1]),
        periods=periods,
        changes=tuple(one.change for one in (*undated, *changes)),
        trees=tuple(zip(days, trees, strict=True)),
        takes_over=taken_over(chain, (trees or [tree])[-1]),
        chain=tuple(chain),
        known=known,
        members=None if columns is None else columns.members,
    )


@dataclass
class _Found:
    """Everything that was found wrong so far."""

    faults: list[Fault]
    known: Known
    in_part: bool = False
    """Whether something of the files could not be read, so that it is not known what lacks."""
    _seen: set[Problem] = field(default_factory=set)

    def columns_of(
        self, chain: Sequence[SourceFile], tree: Tree, given: Given | None
    ) -> tuple[int, Columns | None]:
        """Return which file of the chain names the members, and their columns as changes."""
        if given is not None:
            if given.members is None:
                return 0, None
            columns = columns_of(given.members)
            of = [n for n, source in enumerate(chain) if source.path == given.members.named_by]
            place = of[0] if of else 0
        else:
            file = tree.get(*NAMED)
            if not isinstance(file, str) or problem_of(Path(file), MOST_BYTES) is not None:
                return 0, None  # that is said with the other files
            place = place_of_naming(chain) or 0
            try:
                columns = self.known.columns_in(Path(file))
            except BadInput as bad:
                self.faults += bad.faults
                self.in_part = True
                return 0, None
            named = replace(columns.members, named_by=chain[place].path)
            columns = replace(columns, members=named)
        self.faults += columns.faults
        self.in_part |= bool(columns.faults)
        return place, columns

    def changes_of(
        self, chain: Sequence[SourceFile], naming: int, columns: Columns | None
    ) -> tuple[list[Written], list[Written]]:
        """Return the changes that hold for the whole run, and the dated ones.

        The columns of a table of members come after those of the file that names it.
        """
        kinds: tuple[list[Written], list[Written]] = ([], [])
        for number, source in enumerate(chain):
            later = [p for after in chain[number + 1 :] for p in listed_paths(after, LEAVES_OUT)]
            written, faults = blocks(source)
            self.faults += faults
            if columns is not None and number == naming:
                written = [*written, *columns.changes]
            for one in written:
                path = split(one.block.what) or ()
                if path and path[0] in NEVER_CHANGED:
                    problem = f"found a change of {path[0]}, allowed is the table [{path[0]}]"
                    self.faults.append(one.fault("what", problem))
                    continue
                if any(path[: len(left)] == left for left in later):
                    continue
                dated = not holds_for_whole_run(split(one.block.what) or ("",))
                kinds[dated].append(one)
        number = sum(not isinstance(one, OfColumn) for kind in kinds for one in kind)
        if number > MOST_CHANGES:
            problem = f"found {number:,} changes, allowed is {MOST_CHANGES} at most"
            self.faults.append(chain[-1].fault(("change",), problem))
            return [], []
        return kinds

    def aim(self, written: list[Written], tree: Tree, period: Period | None) -> list[Aimed]:
        changes, faults = aimed(written, tree, period)
        self.faults += [] if self.in_part else faults
        return changes

    def apply(self, tree: Tree, changes: Sequence[Aimed]) -> Tree:
        for one in changes:
            tree, faults = self.known.changed(tree, one)
            self.faults += faults
        return tree

    def check(self, tree: Tree, day: date | None = None) -> Settings | None:
        """Check settings as they stand on a day, or without any change."""
        settings = self.known.whole(tree.values)
        if settings is not None:
            return settings
        settings, problems = self.known.checked(tree.values)
        between = [] if self.in_part else cross_checks.problems_of(tree)
        self.add(tree, [*_without_header(problems, tree), *between], day)
        if settings is not None and not between and not self.in_part:
            self.known.keep(tree.values, settings)
        return settings

    def add(self, tree: Tree, problems: Sequence[Problem], day: date | None = None) -> None:
        """Add what was not found before; what first shows on a day is the work of a change."""
        for where, problem in problems:
            if self.in_part and not _stands_by_itself(where, problem):
                continue
            if (where, problem) not in self._seen:
                self._seen.add((where, problem))
                since = f" (from {day})" if day else ""
                self.faults.append(tree.fault(where, problem + since))

    def add_moved(self, periods: Sequence[tuple[date, Settings]], trees: Sequence[Tree]) -> None:
        """Add what holds for the whole run and yet is another on a date."""
        seen: set[Where] = set()
        for number, (day, after) in enumerate(periods[1:], start=1):
            for where in moved(of_whole_run(periods[:number]), after):
                if where not in seen:
                    seen.add(where)
                    self.add(trees[-1], [(where, f"{ANOTHER} (from {day})")])

    def in_order(self, chain: Sequence[SourceFile]) -> list[Fault]:
        """Return the faults by file, the file that was asked for last, and by line."""
        files = [source.path for source in chain]

        def position(fault: Fault) -> tuple[int, int]:
            return (files.index(fault.file) if fault.file in files else -1, fault.line or 0)

        return sorted(dict.fromkeys(self.faults), key=position)


def _without_header(problems: list[Problem], tree: Tree) -> list[Problem]:
    """Return problems, those of a table whose header is missing as the one mistake that it is.

    Without the line ``[period]`` its keys are read as those of the table before: each is unknown
    there, and the table is missing.
    """
    told: list[Problem] = []
    strays: set[Where] = set()
    needed = {name: Spot(field.annotation) for name, field in Settings.model_fields.items()
              if field.is_required()}  # fmt: skip
    missing = {n: spot.keys() for n, spot in needed.items() if n not in tree.values and spot.keys()}
    for name, expected in missing.items():
        for where, spot in _tables_of(tree):
            known = spot.keys()
            keys = [key for key in tree.table(*where) if key in expected and key not in known]
            if len(keys) > 1:
                allowed = f"allowed is the line [{name}] before them"
                told.append(((*where, keys[0]), f"found {listed(keys)} of [{name}], {allowed}"))
                strays |= {(name,), *((*where, key) for key in keys)}
    return [*told, *(one for one in problems if one[0] not in strays)]


def _tables_of(
    tree: Tree, where: Where = (), spot: Spot | None = None
) -> Iterator[tuple[Where, Spot]]:
    """Yield every table of settings that was written."""
    spot = spot or Spot(Settings)
    if spot.is_table and where:
        yield where, spot
    for key in tree.table(*where):
        inner = spot.inside(key)
        if inner is not None and (inner.is_table or inner.is_named):
            yield from _tables_of(tree, (*where, key), inner)


def _stands_by_itself(where: Where, problem: str) -> bool:
    """Return whether a problem is one of a single value, whatever else may be missing."""
    spot = spot_at(where)
    leaf = spot is not None and not spot.is_table and not spot.is_named
    return (leaf and not problem.startswith("found nothing")) or "unknown key" in problem


def _head(source: SourceFile) -> list[Fault]:
    """Return what is wrong with the keys of a file beside its settings."""
    faults = faults_of_lists(source)
    known = (*HEAD, *Settings.model_fields)
    for key in source.values:
        if key not in known:
            near = nearest(key, known)
            allowed = f'did you mean "{near}"?' if near else f"allowed is {listed(known)}"
            faults.append(source.fault((key,), f'found the unknown key "{key}", {allowed}'))
    for key in ("name", "why"):
        value: Any = source.values.get(key)
        if value is None and source.slips:
            continue
        if not isinstance(value, str) or not value.strip():
            faults.append(source.fault((key,), f"found {describe(value)}, allowed is a text", key))
        elif key == "name" and (problem := fault_of_name(value)) is not None:
            faults.append(source.fault((key,), problem, key))
    return faults


def _starts(period: Period | None, changes: Sequence[Aimed]) -> list[date]:
    """Return the days on which settings start to hold: the first day and those of changes."""
    if period is None:
        return []
    days = {period.run_in_from}
    for one in changes:
        days |= {one.change.from_, *([one.change.until + A_DAY] if one.change.until else [])}
    return sorted(day for day in days if period.run_in_from <= day <= period.plan_until)


def _periods(
    days: Sequence[date], settings: Sequence[Settings | None], known: Known
) -> tuple[tuple[date, Settings], ...]:
    periods: list[tuple[date, Settings]] = []
    written: Settings | None = None
    for day, one in zip(days, settings, strict=True):
        written = one if written is None else shared(one, written)
        here = keyed(written, known.keyed)
        if periods:
            here = shared(here, periods[-1][1])
        if not periods or here is not periods[-1][1]:
            periods.append((day, here))
    return tuple(periods)
