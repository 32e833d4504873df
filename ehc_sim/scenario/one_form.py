"""Names and texts of a scenario file in one form, so that what looks alike is alike."""

from collections.abc import Mapping
from typing import Any

from ehc_sim.safe.plain_text import normal, shown
from ehc_sim.scenario.marked import other_files
from ehc_sim.scenario.names import MOST_NAME, fault_of_text, not_plain
from ehc_sim.scenario.positions import Where

Problem = tuple[Where, str]
"""Path of what is wrong; what was found and what is allowed."""

_PATHS = {where[-1] for where in other_files()} | {"extends"}
"""Keys whose texts are paths of files, which are taken as they are written."""


def settled(
    values: dict[str, Any], lines: Mapping[Where, int]
) -> tuple[dict[str, Any], dict[Where, int], list[Problem]]:
    """Return what a file says with its names and texts in one form, and what is wrong with them.

    Letters with accents are composed and all spaces are plain ones, so that a team is the same
    however its name was typed. Characters that are not seen are refused; they are shown as their
    numbers, so that nothing else is said of them.

    Parameters
    ----------
    values : dict
        As they were read.
    lines : Mapping
        Line of each value by its path.
    """
    problems: list[Problem] = []
    new = _settled(values, (), problems)
    return new, {_in_one_form(where): line for where, line in lines.items()}, problems


def _settled(value: Any, where: Where, problems: list[Problem]) -> Any:  # noqa: ANN401
    if isinstance(value, list | tuple):
        return [_settled(one, (*where, index), problems) for index, one in enumerate(value)]
    if isinstance(value, str):
        path = bool(where) and where[-1] in _PATHS
        return _text(value if path else normal(value), where, problems)
    if not isinstance(value, dict):
        return value
    table: dict[str, Any] = {}
    # The path of another file may stand in a change, whose key is then no guide.
    what = str(value.get("what", "")) if where[:1] == ("change",) else ""
    for key, inner in value.items():
        name = shown(normal(key))
        if name != normal(key):
            problems.append(((*where, name), not_plain(normal(key))))
        elif name in table:
            problems.append(((*where, name), f'found "{name}" again, allowed is once'))
        is_path = key == "set" and what.rpartition(".")[2] in _PATHS
        table[name] = inner if is_path else _settled(inner, (*where, name), problems)
    return table


def _text(text: str, where: Where, problems: list[Problem]) -> str:
    problem = fault_of_text(text)
    if problem is not None:
        problems.append((where, problem))
        text = text[:MOST_NAME]  # its length is told
        return "\n".join("\t".join(map(shown, line.split("\t"))) for line in text.split("\n"))
    return text


def _in_one_form(where: Where) -> Where:
    return tuple(shown(normal(part)) if isinstance(part, str) else part for part in where)
