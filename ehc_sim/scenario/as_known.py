"""A scenario as it was known at the end of a year: later changes taken out, its plan from then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from ehc_sim.scenario.columns import NAMED
from ehc_sim.scenario.files import SourceFile
from ehc_sim.scenario.known import Known
from ehc_sim.scenario.marked import holds_for_whole_run
from ehc_sim.scenario.paths import split
from ehc_sim.scenario.reading import content_of
from ehc_sim.scenario.scenario import Scenario
from ehc_sim.scenario.target import TARGETS
from ehc_sim.scenario.what_if import read_again

FLOWS = ("requests", "decision_to_assess")
"""Tables of the settings that say who asks and who is refused."""


def as_known(
    scenario: Scenario, year: int, until: int, flows_of: Scenario | None = None
) -> Scenario:
    """Return a scenario as somebody would have had it at the end of a calendar year.

    It has no members: those of its files may have been found by later figures. Changes that start
    after that year are taken out, also those that start with the plan; the plan begins on the day
    after, and goes to the end of ``until``. What stands in the settings without a date stays,
    though a part of it may have been counted later. The record of requests stays as it is: cut it
    where the requests are not to be known (``History.until``).

    Parameters
    ----------
    scenario : Scenario
        As it was read from its file.
    year : int
        Last calendar year that is known.
    until : int
        Last calendar year that is run.
    flows_of : Scenario, optional
        Whose later changes of who asks and who is refused (``FLOWS``) hold, up to ``until``: this
        scenario itself, or one of which more years are known. None where these go on as they were.

    Raises
    ------
    BadInput
        When its settings cannot hold for these years.
    ValueError
        When the scenario was not read from a file, or has open cases of a later day to start from.
    """
    content = read_again(scenario)
    if content is None:
        raise ValueError(f"{scenario.name}: allowed is a scenario as it was read from its file")
    if scenario.base.period.run_in_from.year > year:
        found = scenario.base.period.run_in_from
        raise ValueError(f"run_in_from: found {found}, allowed is a day of {year} or before")
    until = max(until, year + 1)
    chain = [_cut(one, year, until) for one in content.chain]
    period = {"plan_from": date(year + 1, 1, 1), "plan_until": date(until, 12, 31)}
    window = {"window_from": date(until, 1, 1), "window_until": date(until, 12, 31)}
    later = [] if flows_of is None else _later_flows(flows_of, year, until)
    values = dict(chain[-1].values)
    values["change"] = [*values.get("change", []), *later]
    values["period"] = {**values.get("period", {}), **period}
    values["target"] = {**values.get("target", {}), **window}
    chain[-1] = replace(chain[-1], values=values)
    made = content_of(chain, Known())
    return replace(scenario, periods=made.periods, changes=made.changes, members=None, content=made)


def _later_flows(scenario: Scenario, year: int, until: int) -> list[dict[str, Any]]:
    """Return the changes of flows that start after a year, as they were written."""
    content = read_again(scenario)
    blocks = (
        [] if content is None else [b for f in content.chain for b in f.values.get("change", [])]
    )
    return [
        _until(one, until)
        for one in blocks
        if _where(one)[0] in FLOWS and "from" in one and year < one["from"].year <= until
    ]


def _cut(source: SourceFile, year: int, until: int) -> SourceFile:
    """Return a file without what was not known, and without what lies after the run."""
    values: dict[str, Any] = {key: v for key, v in source.values.items() if key != NAMED[0]}
    if "change" in values:
        kept = (one for one in values["change"] if _is_known(one, year))
        values["change"] = [_until(one, until) for one in kept]
    if "target" in values:
        values["target"] = {k: one for k, one in values["target"].items() if k not in TARGETS}
    overlays = values.get("demand", {}).get("overlay")
    if overlays:
        known = [one for one in overlays if one["decided"].year <= year]
        values["demand"] = {**values["demand"], "overlay": known}
    return replace(source, values=values)


def _where(block: Mapping[str, Any]) -> tuple[str, ...]:
    return split(str(block["what"])) or ("",)


def _is_known(block: Mapping[str, Any], year: int) -> bool:
    """Return whether a change started by the end of a year; one without a date starts the plan."""
    starts = block.get("from")
    return holds_for_whole_run(_where(block)) or (starts is not None and starts.year <= year)


def _until(block: Mapping[str, Any], until: int) -> dict[str, Any]:
    """Return a change that ends with the run where it ended later."""
    last = block.get("until")
    later = last is not None and last.year > until
    return {key: one for key, one in block.items() if not (later and key == "until")}
