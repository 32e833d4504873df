"""Writes what is made from the program: parts of the documentation, the schemas of scenario files.

    python docs/generate.py

A test holds them to the program.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from annotated_types import Ge, Le
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from docs import json_schema
from docs.json_schema import descriptions
from docs.process_map import Part, overview, process_map
from ehc_sim.calendars import law
from ehc_sim.jobs.results_folder import shipped
from ehc_sim.journey.pathway import journey
from ehc_sim.scenario import load, ranges
from ehc_sim.scenario.changes import WITH_LEVERS
from ehc_sim.scenario.marks import Mark
from ehc_sim.scenario.names import Name
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.part import Delay, Effort, Wait
from ehc_sim.scenario.ranges import Range, Shares
from ehc_sim.scenario.record import Month
from ehc_sim.scenario.schema import Settings

DOCS = Path(__file__).parent
BEGINS, ENDS = "<!-- made by docs/generate.py -->", "<!-- end -->"

PARTS = (
    Part("request", "Request and decision to assess", f"weeks 0 to {law.ASSESS_DECISION.weeks}"),
    Part(
        "refused",
        "After a refusal",
        f"if it is overturned, a plan {law.ORDER_PLAN.weeks} weeks after the order",
    ),
    Part(
        "personal circumstances",
        "Advice",
        f"weeks {law.ASSESS_DECISION.weeks} to {law.ASSESS_DECISION.weeks + law.ADVICE.weeks}",
    ),
    Part("panel to issue", "Decision to issue", f"no plan: told by week {law.NO_PLAN.weeks}"),
    Part(
        "agreed to issue",
        "Outcome and Provision meeting, and the draft plan",
        f"draft by about week {law.NO_PLAN.weeks}: the family has 15 days",
    ),
    Part("draft plan", "Draft to final plan", f"final by week {law.PLAN.weeks}"),
    Part("first review?", "Once the plan is issued", "appeals about its contents"),
    Part("plan in hand", "Plans in hand, and plans that move in"),
    Part("review arranged", "Annual reviews", "within 12 months of the plan or the last review"),
    Part("to the panel?", "Amended plans", "12 weeks from the review meeting"),
    Part("phase transfer begun", "Phase transfers", "by 14 February; for post-16 by 31 March"),
)
"""Parts of the process map, each from its first node on. The weeks are those of the law."""

KINDS = {
    str: "text",
    bool: "true or false",
    int: "whole number",
    date: "date",
    Any: "number, text, true or false, or a table",
}


HEADINGS: dict[type[BaseModel], str] = {Wait: "A wait", Effort: "An effort", Delay: "A delay"}
"""Tables that stand at several places."""


def main() -> None:
    """Write the process map, the tables of settings and the schemas."""
    (DOCS / "process_map.md").write_text(process_map_page(), encoding="utf-8", newline="\n")
    for name, made in MADE.items():
        path = DOCS / name
        path.write_text(with_part(path.read_text("utf-8"), made()), encoding="utf-8", newline="\n")
    json_schema.write(DOCS.parent / "scenarios")


def process_map_page() -> str:
    """Return the page with the process map of Somerset's baseline."""
    pathway = journey(load(shipped() / "baseline.toml").base)
    parts = "\n".join(
        f"## {part.title}\n\n```mermaid\n{process_map(pathway, PARTS, part)}```\n" for part in PARTS
    )
    return f"""# Process map

Drawn from the table of nodes in `ehc_sim/journey/pathway.py` and its parts, for the teams, panels
and providers of `scenarios/somerset/baseline.toml`: first the parts, with the weeks of the law
counted from the request, then each part by itself. [model.md](model.md) has the rules and the
numbers.

```mermaid
{overview(pathway, PARTS)}```

In the maps of the parts, boxes with upright sides are work, with the team below; with double sides,
a decision of a panel; slanted, time that passes, with the kind of days below; diamonds, one way or
another; rounded, a milestone; with round ends, an outcome; six-sided, where advice is asked of all
at once and where the last awaited piece is in; with a notch, where another case is started later.
Grey with a broken edge is another part. A dashed arrow leads from where another case is started to
where that case arrives. Advice providers that are asked in the same way are drawn once. Requests,
plans in hand, annual reviews and phase transfers each arrive by themselves.

{parts}"""


def with_part(page: str, made: str) -> str:
    """Return a page with the part that is made from the program made anew."""
    before, _, rest = page.partition(BEGINS)
    _, _, after = rest.partition(ENDS)
    return f"{before}{BEGINS}\n\n{made}\n{ENDS}{after}"


def limits() -> str:
    """Return the law's limits as the rows of a table."""
    rows = (
        f"| {one.starts} | {one.ends} | {one.days} | {one.source} | {one.verified} |"
        for one in law.LIMITS
    )
    return "\n".join(
        ["| from | to | days | source | verified |", "|---|---|---|---|---|", *rows, ""]
    )


def reference() -> str:
    """Return every table of a scenario file, with its keys, as Markdown."""
    tables = _parts_of(Settings)
    tables[WITH_LEVERS] = "`[[change]]`"
    lines = [
        line
        for part, heading in tables.items()
        for line in (f"### {heading}", "", _first_paragraphs(part), "", *_rows(part), "")
    ]
    return "\n".join([*lines, "### Why these ranges", "", *_ranges(), ""])


def _ranges() -> list[str]:
    """Return every range of a number with its reason, as the rows of a table."""
    found = (get_args(kind) for kind in vars(ranges).values() if get_origin(kind) is Annotated)
    kinds = dict.fromkeys(one for _, *limits in found for one in limits if isinstance(one, Range))
    rows = (f"| {one} | {_one_line(one.why)} |" for one in kinds)
    return ["| allowed | why |", "|---|---|", *rows]


def _parts_of(part: type[BaseModel], above: str = "") -> dict[type[BaseModel], str]:
    """Return every table below one, each with the path of its first use."""
    found: dict[type[BaseModel], str] = {}
    for name, field in part.model_fields.items():
        inner, named = _table_of(field.annotation)
        if inner is None:
            continue
        path = f"{above}.{name}" if above else name
        path += ".<name>" if named else ""
        found.setdefault(inner, HEADINGS.get(inner, f"`[{path}]`"))
        for lower, where in _parts_of(inner, path).items():
            found.setdefault(lower, where)
    return found


def _table_of(kind: Any) -> tuple[type[BaseModel] | None, bool]:  # noqa: ANN401
    """Return the table that a setting holds, and whether there are several by name."""
    kind = _bare(kind)
    if get_origin(kind) is dict:
        inner, _ = _table_of(get_args(kind)[1])
        return inner, True
    table = isinstance(kind, type) and issubclass(kind, BaseModel) and kind is not Number
    return (kind if table else None), False


def _rows(part: type[BaseModel]) -> list[str]:
    hints, meant = get_type_hints(part, include_extras=True), descriptions(part)
    rows = ["| key | allowed | without it | meaning |", "|---|---|---|---|"]
    for name, field in part.model_fields.items():
        meaning = _one_line(meant.get(name, ""))
        cells = (f"`{field.alias or name}`", _allowed(hints[name]), _default(field), meaning)
        rows.append(f"| {' | '.join(cells)} |")
    return rows


def _allowed(kind: Any) -> str:  # noqa: ANN401
    """Return in words what may stand at a setting."""
    if get_origin(kind) is Annotated:  # marks say nothing of what may stand there
        inner, *more = get_args(kind)
        said = tuple(one for one in more if not isinstance(one, Mark))
        kind = Annotated[(inner, *said)] if said else inner  # type: ignore[index]
    if kind == Shares:
        return "a share for each name, 1 together"
    if kind == Month:
        return "months"
    if kind == Name:
        return "a name"
    if kind is Number:
        return "number"
    if get_origin(kind) in (Union, UnionType):
        return _allowed(next(one for one in get_args(kind) if one is not NoneType))
    if get_origin(kind) is Annotated:
        inner, *limits = get_args(kind)
        return _allowed(inner) + "".join(map(_ends, limits))
    if get_origin(kind) is Literal:
        return ", ".join(f"`{value}`" for value in get_args(kind))
    if get_origin(kind) is dict:
        return f"by name: {_allowed(get_args(kind)[1])}"
    if get_origin(kind) is list:
        return "a table"
    if get_origin(kind) is tuple and get_args(kind)[1:] == (...,):
        return f"a list of {_allowed(get_args(kind)[0])}"
    if get_origin(kind) is tuple:
        return f"a list of {len(get_args(kind))} numbers"
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        heading = HEADINGS.get(kind, "a table")
        return heading[0].lower() + heading[1:]
    return KINDS[kind]


def _ends(limit: object) -> str:
    """Return the range of a number, where the annotation gives both ends."""
    if isinstance(limit, Range):
        return f", {limit}"
    if not isinstance(limit, FieldInfo):
        return ""
    ends = {type(one): one for one in limit.metadata}
    return f", {ends[Ge].ge} to {ends[Le].le}" if {Ge, Le} <= ends.keys() else ""


def _default(field: FieldInfo) -> str:
    """Return what holds where a setting is not given."""
    if field.is_required():
        return "must be given"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number | int):
        return f"{float(value):g}"
    if isinstance(value, str):
        return f"`{value}`"
    if isinstance(value, tuple) and value:
        return ", ".join(f"{float(one):g}" for one in value)
    return "none"


def _bare(kind: Any) -> Any:  # noqa: ANN401
    if get_origin(kind) is Annotated:
        return _bare(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        return _bare(next(one for one in get_args(kind) if one is not NoneType))
    return kind


def _first_paragraphs(part: type[BaseModel]) -> str:
    return "\n\n".join(_one_line(text) for text in (part.__doc__ or "").split("\n\n"))


def _one_line(text: str) -> str:
    return " ".join(text.replace("``", "`").split()).replace("|", "\\|")


MADE: dict[str, Callable[[], str]] = {"scenarios.md": reference, "model.md": limits}
"""Pages with a part that is made from the program, and what makes it."""


if __name__ == "__main__":
    main()
