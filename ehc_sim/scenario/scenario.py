"""A scenario: what a council decides and assumes, as it stands on each day of a run."""

from __future__ import annotations

import hashlib
import html
import json
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from ehc_sim.safe.plain_text import folded
from ehc_sim.scenario.changes import Change
from ehc_sim.scenario.faults import BadInput, Fault, shortened
from ehc_sim.scenario.known import Known
from ehc_sim.scenario.marked import other_files
from ehc_sim.scenario.members import Members
from ehc_sim.scenario.names import MOST_NAME
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.part import Uncertain, drawn, numbers_in, uncertain
from ehc_sim.scenario.paths import known_paths
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.reading import Content, read
from ehc_sim.scenario.schema import Settings
from ehc_sim.scenario.tree import dotted

Periods = tuple[tuple[date, Settings], ...]
"""First day of each period, and the settings that hold from then on."""


class Assumption(NamedTuple):
    """A number of a scenario, for the list of assumptions.

    Attributes
    ----------
    path : str
        Such as ``teams.plan writers.posts``.
    value : str
        In words: ``12``, or ``10 to 16, most likely 12``.
    source, note : str or None
        Where it comes from; a number without a source is an assumption of the council.
    fitted : bool
        Whether it was set so that the run-in agrees with published figures.
    changed_by : str
        The changes of this scenario that touch it, joined by semicolons; empty where there is none.
    change : str
        What a change makes of the setting and when, such as ``add 2 from 2027-04-01``; empty for
        the setting itself.
    cost : str
        ``once`` or ``a year`` where it is what that change costs; else empty.
    """

    path: str
    value: str
    source: str | None
    note: str | None
    fitted: bool
    changed_by: str
    change: str = ""
    cost: str = ""


@dataclass(frozen=True, repr=False)
class Scenario:
    """What a council decides and assumes. Never changed in place; safe to send to a worker.

    Attributes
    ----------
    name, why : str
        What it is called, and why it is considered.
    path : Path or None
        File that it was read from.
    periods : tuple
        First day and settings of each period; the first period starts with the run, each other one
        on a day on which something changes.
    changes : tuple of Change
        In the order in which they are applied, those of extended files first.
    tried : tuple of mapping
        The changes among them that were made in Python and stand in no file.
    takes_over : tuple of tuple of str
        Paths of what it takes over of another council on purpose.
    extends : Path or None
        File that its own extends, as an absolute path.
    members : Members or None
        What replications take numbers from that are set by explanation.
    members_in_python : bool
        Whether they stand in no file.
    content : Content or None
        What was read, of which options are made without reading it again. It does not go to workers
        and is no part of what makes two scenarios equal.

    Examples
    --------
    >>> import ehc_sim as ehc
    >>> today = ehc.load("scenarios/somerset/baseline.toml")
    >>> today.base.council.name, today.extends
    ('Somerset', None)
    """

    name: str
    why: str
    path: Path | None
    periods: Periods
    changes: tuple[Change, ...] = ()
    tried: tuple[Mapping[str, Any], ...] = ()
    takes_over: tuple[Where, ...] = ()
    extends: Path | None = None
    members: Members | None = None
    members_in_python: bool = False
    content: Content | None = field(default=None, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """Return what goes to a worker: no more than it needs to run the scenario."""
        return {**self.__dict__, "content": None}

    @property
    def base(self) -> Settings:
        """The settings on the first day of the run."""
        return self.periods[0][1]

    @property
    def folder(self) -> Path:
        """Folder of the scenario's file; the current folder where it has none."""
        return Path.cwd() if self.path is None else self.path.resolve().parent

    def whose(self, *where: str) -> str | None:
        """Return whose a file must be that a setting names, where the file says whose it is.

        Parameters
        ----------
        *where : str
            Path of the setting, such as ``"demand", "history"``.

        Returns
        -------
        str or None
            The council; None for a file that is taken over of another on purpose.
        """
        if any(where[: len(path)] == path for path in self.takes_over):
            return None
        return self.base.council.name

    def on(self, day: date) -> Settings:
        """Return the settings that hold on a day.

        Raises
        ------
        ValueError
            When the day is before the first day of the run.
        """
        place = bisect_right(self.periods, day, key=lambda period: period[0])
        if place == 0:
            raise ValueError(f"found {day}, allowed is {self.periods[0][0]} or later")
        return self.periods[place - 1][1]

    def drawn(self, uniform: Callable[[str], float], member: int | None = None) -> Periods:
        """Return the periods with every uncertain number replaced by its value in a replication.

        Parameters
        ----------
        uniform : callable
            Gives the uniform number in [0, 1) that belongs to a number's key in this replication.
            It is asked once for each key.
        member : int, optional
            Row of the replication's member in the table of members, counted from 0; needed where
            the scenario has one.

        Returns
        -------
        tuple
            As ``periods``. Shares that are uncertain need not add up to 1 any more.

        Raises
        ------
        ValueError
            When the scenario has members and none is said.
        """
        if self.members is not None and member is None:
            raise ValueError("member: found none, allowed is one of the scenario's members")
        values = None if self.members is None or member is None else self.members.mapping(member)
        once, made = cache(uniform), dict[int, Any]()
        return tuple(
            (day, settings if found is None else drawn(found, once, made, values))
            for (day, settings), found in zip(self.periods, self._uncertain, strict=True)
        )

    def assumptions(self) -> list[Assumption]:
        """Return every number of the scenario with its source, the settings first, then changes.

        A number that a change sets from a later day is listed with its first value; the change
        itself comes after it.
        """
        first: dict[Where, Number] = {}
        for _, settings in self.periods:
            for where, number in numbers_in(settings):
                first.setdefault(where, number)
        start, plan_from = self.periods[0][0], self.base.period.plan_from
        listed = [
            _assumption(dotted(where), n, self._changed_by(where)) for where, n in first.items()
        ]
        of_changes = [one for change in self.changes for one in _assumed(change, start, plan_from)]
        return listed + of_changes

    def with_change(
        self,
        what: str,
        *,
        from_: date | None = None,
        until: date | None = None,
        one_off_cost: float = 0,
        yearly_cost: float = 0,
        name: str | None = None,
        why: str | None = None,
        **amount: Any,  # noqa: ANN401 - as a scenario file has it
    ) -> Scenario:
        """Return this scenario with one more change; this one stays as it is.

        Parameters
        ----------
        what : str
            Path of what changes, such as ``teams.plan writers.posts``; ``paths()`` lists them.
        from_, until : date, optional
            First and last day; from the first day of the plan to the end of the run where they are
            not given.
        one_off_cost, yearly_cost : float
            Pounds once, and pounds a year, beside what posts and cases cost.
        name, why : str, optional
            What the new scenario is called, and why it is considered; made from the change where
            they are not given.
        **amount
            Exactly one of ``set``, ``add`` and ``multiply``, as a ``[[change]]`` of a scenario file
            has it: a number, a range such as ``{"low": 1, "likely": 2, "high": 3}``, or, for
            ``set``, whatever may stand there.

        Raises
        ------
        BadInput
            When there is no such setting, or it cannot be changed so.
        TypeError
            When ``what``, ``name`` or ``why`` is no text.
        ValueError
            When this scenario has a changed setting that neither a file nor ``with_change`` made.

        Examples
        --------
        >>> from datetime import date
        >>> import ehc_sim as ehc
        >>> today = ehc.load("scenarios/somerset/baseline.toml")
        >>> posts = "teams.educational psychologists.posts"
        >>> more = today.with_change(posts, add=3, from_=date(2026, 9, 1), name="Three more")
        >>> len(more.changes) > len(today.changes)
        True
        """
        from ehc_sim.scenario.what_if import changed

        for argument, text in (("what", what), ("name", name), ("why", why)):
            if not (isinstance(text, str) or (text is None and argument != "what")):
                raise TypeError(f"{argument}: found {text!r}, allowed is a text")
        given = {kind: value for kind, value in amount.items() if value is not None}
        dates = {"from": from_, "until": until}
        block = {
            "what": what,
            **given,
            **{key: day for key, day in dates.items() if day is not None},
            "one_off_cost": one_off_cost,
            "yearly_cost": yearly_cost,
        }
        words = [f"{kind} {value}" for kind, value in given.items()]
        name = name or shortened(": ".join([what, *words]), MOST_NAME)
        return changed(self, [block], name, why or name)

    def with_members(self, members: Members | None, in_file: Path | None = None) -> Scenario:
        """Return this scenario with other members, which need no file; this one stays as it is.

        Parameters
        ----------
        members : Members or None
            Instead of those that its files name; None for no members.
        in_file : Path, optional
            The file that is read as if it named them, for a scenario that extends others; without
            it the one that does, or else the one that extends no other.

        Raises
        ------
        BadInput
            When a column is the path of no number, or a number is out of its range.
        ValueError
            When this scenario is not as its file says, or extends no such file.
        """
        from ehc_sim.scenario.what_if import with_members

        return with_members(self, members, in_file)

    def paths(self) -> list[str]:
        """Return every path that a change of this scenario can name.

        Examples
        --------
        >>> "teams.educational psychologists.posts" in today.paths()
        True
        """
        return known_paths(self.base.model_dump())

    @cached_property
    def hash(self) -> str:
        """SHA-256 of all that the scenario holds, with the content of the files it names."""
        content = {
            "name": self.name,
            "why": self.why,
            "periods": [(day.isoformat(), _content(settings)) for day, settings in self.periods],
            "changes": [asdict(change) for change in self.changes],
        }
        if self.members is not None:
            content["members"] = self.members.digest
        text = json.dumps(content, sort_keys=True, default=_plain)
        return hashlib.sha256(text.encode()).hexdigest()

    def __hash__(self) -> int:
        return hash(self.hash)

    def __repr__(self) -> str:
        lines = [f"{self.name}: {self.why}", *(f"  {change}" for change in self.changes)]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        """Show the name, the reason and the changes as a short table."""
        head = f"<p><strong>{html.escape(self.name)}</strong><br>{html.escape(self.why)}</p>"
        if not self.changes:
            return head + "<p>No changes.</p>"
        columns = ("What changes", "How", "From", "Until", "Pounds once", "Pounds a year")
        rows = [tuple(map(html.escape, change.words())) for change in self.changes]
        titles = "".join(f'<th scope="col">{title}</th>' for title in columns)
        body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
        table = f"<thead><tr>{titles}</tr></thead><tbody>{body}</tbody>"
        return f"{head}<table><caption>Changes</caption>{table}</table>"

    @cached_property
    def _uncertain(self) -> tuple[Uncertain | None, ...]:
        known: dict[int, Uncertain | None] = {}
        return tuple(uncertain(settings, known) for _, settings in self.periods)

    def _changed_by(self, where: Where) -> str:
        names = [(dotted(where[:length])) for length in range(1, len(where) + 1)]
        return "; ".join(str(change) for change in self.changes if change.what in names)


def load(path: Path | str) -> Scenario:
    """Read a scenario from its file and the files that it extends.

    Parameters
    ----------
    path : Path or str

    Raises
    ------
    BadInput
        With every fault of the files, each with its file and line.
    """
    return _scenario(read(Path(path)))


def load_folder(folder: Path | str) -> list[Scenario]:
    """Read every scenario file of a folder.

    Parameters
    ----------
    folder : Path or str

    Returns
    -------
    list of Scenario
        The files that others extend first, such as a baseline; then by file name.

    Raises
    ------
    BadInput
        With every fault of all the files; also when there is no scenario file, or when two
        scenarios have the same name.
    """
    folder = Path(folder)
    contents: list[Content] = []
    faults: list[Fault] = []
    known = Known()
    for path in sorted(folder.glob("*.toml")):
        try:
            contents.append(read(path, known))
        except BadInput as bad:
            faults += bad.faults
    if not contents and not faults:
        faults = [Fault(folder, None, "", "found no scenario, allowed is a folder of .toml files")]
    faults += _same_name(contents)
    if faults:
        raise BadInput(faults)
    extended = {path for content in contents for path in content.extended}
    contents.sort(key=lambda one: (one.path.resolve() not in extended, len(one.extended), one.path))
    return [_scenario(content) for content in contents]


def _scenario(content: Content) -> Scenario:
    one = content
    return Scenario(
        one.name,
        one.why,
        one.path,
        one.periods,
        one.changes,
        takes_over=one.takes_over,
        extends=one.extended[-1] if one.extended else None,
        members=one.members,
        content=one,
    )


def _same_name(contents: list[Content]) -> list[Fault]:
    first: dict[str, Path] = {}
    faults: list[Fault] = []
    for content in contents:
        other = first.setdefault(folded(content.name), content.path)
        if other is not content.path:
            problem = f'found "{content.name}", the name of {other.name} too; allowed is another'
            faults.append(Fault(content.path, content.line_of_name, "name", problem))
    return faults


def _assumed(change: Change, start: date, plan_from: date) -> list[Assumption]:
    """Return the numbers of a change; what it sets from the first day is among the settings.

    What members have from a day of the plan on was set by no fit to the past.
    """
    listed: list[Assumption] = []
    among_settings = change.kind == "set" and change.from_ <= start
    if isinstance(change.amount, Number) and not among_settings:
        said = _assumption(change.what, change.amount, change=change.how)
        ahead = change.of_members and change.from_ >= plan_from
        listed.append(said._replace(fitted=False) if ahead else said)
    costs = {"once": change.one_off_cost, "a year": change.yearly_cost}
    for name, cost in costs.items():
        if cost.largest != 0 or cost.smallest != 0:
            listed.append(_assumption(change.what, cost, change=change.how, cost=name))
    return listed


def _assumption(
    path: str, number: Number, changed_by: str = "", change: str = "", cost: str = ""
) -> Assumption:
    said = (number.source, number.note, number.fitted)
    return Assumption(path, str(number), *said, changed_by, change, cost)


def _content(settings: Settings) -> dict[str, Any]:
    content = settings.model_dump(mode="json")
    for *above, last in other_files():
        table: Any = content
        for part in above:
            table = table and table[part]
        file = Path((table and table[last]) or "")
        if file.is_file():
            table[last] = hashlib.sha256(file.read_bytes()).hexdigest()
    return content


def _plain(value: Any) -> Any:  # noqa: ANN401
    return value.model_dump(mode="json") if isinstance(value, Number) else str(value)
