"""A scenario with settings that are tried out, beside those that its files say."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ehc_sim.scenario.columns import NO_FILE as NO_TABLE
from ehc_sim.scenario.columns import place_of_naming
from ehc_sim.scenario.faults import BadInput, Fault
from ehc_sim.scenario.files import SourceFile, read_chain, source_file
from ehc_sim.scenario.known import Known
from ehc_sim.scenario.members import Members
from ehc_sim.scenario.paths import split, spot_at
from ehc_sim.scenario.reading import Content, Given, content_of
from ehc_sim.scenario.scenario import Scenario

_NO_FILE = Path("what if")
"""Stands for the file in which the changes are not written."""


def what_if(scenario: Scenario, settings: Mapping[str, Any], name: str) -> Scenario:
    """Return a scenario in which settings have other values from the start of the plan.

    Each is a ``[[change]]`` with ``set`` and without dates, after all those of the scenario's
    files. A setting that holds for the whole run is changed for all of it.

    Parameters
    ----------
    scenario : Scenario
        As it was read from its file.
    settings : mapping of str to any
        Value by the path of what changes, such as ``{"decision_to_assess.refused": 0.3}``. Values
        are those of a TOML file; the path of another file is absolute, or from the current folder.
    name : str
        Name of the new scenario.

    Raises
    ------
    BadInput
        When there is no such setting, or it cannot have such a value.
    ValueError
        When the scenario is not as its file says: what was changed in it would be lost.
    """
    blocks = [{"what": what, "set": value} for what, value in settings.items()]
    return changed(scenario, blocks, name, scenario.why)


def changed(
    scenario: Scenario, blocks: Sequence[Mapping[str, Any]], name: str, why: str
) -> Scenario:
    """Return a scenario with more changes, after all those that it has.

    Parameters
    ----------
    scenario : Scenario
        As it was read from its file, or returned from here.
    blocks : sequence of mapping
        Each as a ``[[change]]`` of a scenario file has it.
    name, why : str
        What the new scenario is called, and why it is considered.

    Raises
    ------
    BadInput
        When a change cannot be made.
    ValueError
        When the scenario is not as its file says: what was changed in it would be lost.
    """
    added = ({"name": name, "why": why, "change": [plain(one)]} for one in blocks)
    tried = [*scenario.tried, *added]
    return _tried(scenario, tried)


def with_settings(scenario: Scenario, settings: Mapping[str, Mapping[str, Any]]) -> Scenario:
    """Return a scenario with other settings for the whole run, under its own name.

    Parameters
    ----------
    scenario : Scenario
        As it was read from its file, or returned from here.
    settings : mapping
        Tables as a scenario file has them, such as ``{"target": {"share": 0.6}}``.

    Raises
    ------
    BadInput, ValueError
        As ``changed``.
    """
    name, why = scenario.name, scenario.why
    return _tried(scenario, [*scenario.tried, {"name": name, "why": why, **settings}])


def read_again(scenario: Scenario) -> Content | None:
    """Return what the files of a scenario say, with their places; None where it has no file.

    They are read again only where they are not kept with it, as in a worker.
    """
    content, tried = scenario.content, len(scenario.tried)
    if scenario.path is None:
        return None
    if content is not None and tried == len([one for one in content.chain if not one.lines]):
        return content
    chain = read_chain(scenario.path)
    files = [*chain, *_as_files(len(chain), scenario.tried)]
    return content_of(files, Known(), _given(scenario))


def with_members(
    scenario: Scenario, members: Members | None, in_file: Path | None = None
) -> Scenario:
    """Return a scenario whose replications take numbers from other members, which need no file.

    Parameters
    ----------
    scenario : Scenario
        As it was read from its file, or returned from here.
    members : Members or None
        Instead of those that its files name; None for no members.
    in_file : Path, optional
        The file that is read as if it named them: the one that does, or else the one that extends
        no other, where none is given.

    Raises
    ------
    BadInput
        When a column is the path of no number, or a number is out of its range.
    ValueError
        When the scenario is not as its file says, or extends no such file.
    """
    before = _as_read(scenario)
    if members is not None:
        files = [source.path for source in before.chain]
        if in_file is not None and in_file not in files:
            allowed = ", ".join(map(str, files))
            raise ValueError(f"in_file: found {in_file}, allowed is one of {allowed}")
        named = files[place_of_naming(before.chain) or 0]
        members = replace(members, named_by=in_file or named)
    try:
        content = content_of(before.chain, before.known.apart(), Given(members))
    except BadInput as bad:
        faults = [
            Fault(None, None, one.where, one.problem) if one.file == NO_TABLE else one
            for one in bad.faults
        ]
        raise BadInput(faults) from None
    return replace(_of(scenario, content), members_in_python=True)


def _given(scenario: Scenario) -> Given | None:
    return Given(scenario.members) if scenario.members_in_python else None


def _of(scenario: Scenario, content: Content) -> Scenario:
    return replace(
        scenario,
        name=content.name,
        why=content.why,
        periods=content.periods,
        changes=content.changes,
        takes_over=content.takes_over,
        members=content.members,
        content=content,
    )


def _tried(scenario: Scenario, tried: Sequence[Mapping[str, Any]]) -> Scenario:
    before = _as_read(scenario)
    done, files = len(scenario.tried), len(before.chain) - len(scenario.tried)
    added = _as_files(files, tried)[done:]
    try:
        content = content_of([*before.chain, *added], before.known.apart(), _given(scenario))
    except BadInput as bad:
        raise BadInput([_of_no_file(fault, tried, before) for fault in bad.faults]) from None
    return replace(_of(scenario, content), tried=tuple(tried))


def _as_read(scenario: Scenario) -> Content:
    before = read_again(scenario)
    if before is None or (before.changes, before.periods) != (scenario.changes, scenario.periods):
        raise ValueError(f"{scenario.name}: allowed is a scenario as it was read from its file")
    return before


def _as_files(files: int, tried: Sequence[Mapping[str, Any]]) -> list[SourceFile]:
    """Return changes made in Python as if each stood in a file that extends those there are."""
    return [
        source_file(Path(f"{_NO_FILE} {number + 1}"), files + number, dict(one), {})
        for number, one in enumerate(tried)
    ]


def plain(value: Any) -> Any:  # noqa: ANN401
    """Return numpy's numbers and days as Python's own, also within tables and lists."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    return [plain(one) for one in value] if isinstance(value, list | tuple) else value


def value_of(text: str) -> Any:  # noqa: ANN401
    """Return the value that a text stands for in a scenario file; quotation marks may be left out.

    Parameters
    ----------
    text : str
        Such as ``0.25``, ``true``, ``2025-09-01``, ``{ low = 1, high = 2 }`` or ``newest``.
    """
    try:
        return tomllib.loads(f"value = {text.strip()}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _of_no_file(fault: Fault, tried: Sequence[Mapping[str, Any]], before: Content) -> Fault:
    """Return a fault of what was tried out without a file, under the path of what changes.

    What is missing beside it has the path of its own, and the place of the table that lacks it.
    """
    file, _, number = str(fault.file).rpartition(" ")
    if file != str(_NO_FILE):
        return fault
    blocks = tried[int(number) - 1].get("change")
    if blocks is None or fault.where in ("name", "why"):
        return Fault(None, None, fault.where, fault.problem)
    path = split(fault.where)
    given = split(blocks[0].get("what", ""))
    if fault.problem.startswith("found nothing") and path and path != given and spot_at(path):
        at = before.trees[-1][1].location(path)
        if at is None or not at.file.is_file():
            return Fault(None, None, fault.where, fault.problem)
        return Fault(at.file, at.line, fault.where, fault.problem)
    _, _, key = fault.where.partition("change 1: ")
    where = "" if key == "what" else blocks[0].get("what", "")
    if key and key not in ("what", "set"):
        where += f": {key}"
    return Fault(None, None, where, fault.problem)
