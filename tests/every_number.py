"""Every number that a scenario can hold, with its range: for tests that try them all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from ehc_sim.scenario import Scenario, load
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.part import numbers_in
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.ranges import Range
from ehc_sim.scenario.schema import Settings
from tests.scenario_files import SMALL

FULL = """
[period]
run_in_from = 2024-06-01
plan_until = 2025-12-31
[target]
window_from = 2025-07-01
window_until = 2025-12-31
[demand.overlay.reform]
name = "Reform"
step = 0.1
starts = 2025-02-01
who = "A planner"
decided = 2024-12-01
why = "To see"
[demand.overlay.growth]
name = "Growth"
growth_a_year = 0.05
starts = 2025-02-01
who = "A planner"
decided = 2024-12-01
why = "To see"
[advice.health]
by_age = { "5-10" = 1 }
existing = 0.1
nil_returns = { share = 0.3, wait = { mean_days = 5, spread = 0.5, at_least_days = 1 } }
[exceptions.personal_circumstances]
share = 0.01
wait = { mean_days = 28, spread = 0.5 }
[exceptions.missed_appointment]
share = 0.05
wait = { mean_days = 10, spread = 0.5 }
[exceptions.away_from_area]
share = 0.01
wait = { mean_days = 10, spread = 0.5, at_least_days = 28 }
[advice."educational psychologist"]
assistant_team = "reviewing officers"
assistant_share = 0.2
sign_off_hours = 1
agency_check_hours = 1
[draft_to_final.naming_a_school]
mean_days = 4
spread = 0.5
[disputes.margin]
refused = 0.3
times = 1.5
[disputes.reconsideration]
share = 0.3
wait = { mean_days = 10, spread = 0.4 }
team = "reviewing officers"
effort = { mean_hours = 2, spread = 0.4 }
agreed = 0.2
[disputes.ceasing_appeals]
share = 0.3
after = { mean_days = 20, spread = 0.4 }
team = "reviewing officers"
effort = { mean_hours = 3, spread = 0.4 }
wait = { mean_days = 40, spread = 0.4, at_least_days = 5 }
overturned = 0.5
[disputes.contents.after_answer]
team = "reviewing officers"
evidence = { mean_hours = 4, spread = 0.4 }
hearing = 0.4
settling = { mean_days = 20, spread = 0.4 }
consent = { mean_hours = 2, spread = 0.4 }
hearing_wait = { mean_days = 40, spread = 0.4 }
attending = { mean_hours = 4, spread = 0.4 }
changed_without_hearing = 0.7
changed_by_hearing = 0.9
placement_only = 0.2
amending = { mean_hours = 2, spread = 0.4 }
[plans.reviews]
sign_off_hours = 0.5
brought_forward = 0.2
brought_forward_after = 0.6
put_off = { share = 0.2, wait = { mean_days = 30, spread = 0.4, at_least_days = 5 } }
put_off_by_age = { "16-25" = 2 }
amended_by_age = { "16-25" = 1.5, "10" = 0.5 }
[plans.phase_transfers]
late = { share = 0.2, wait = { mean_days = 30, spread = 0.4, at_least_days = 5 } }
[plans.reassessments]
share = 0.05
team = "reviewing officers"
effort = { mean_hours = 2, spread = 0.4 }
adviser_team = "educational psychologists"
adviser = { mean_hours = 8, spread = 0.3 }
agency_check_hours = 1
advice = { mean_days = 30, spread = 0.4 }
drafting_team = "plan writers"
drafting = { mean_hours = 4, spread = 0.4 }
check_team = "senior officers"
check = { mean_hours = 1, spread = 0.4 }
[plans.moving_in]
team = "reviewing officers"
effort = { mean_hours = 3, spread = 0.4 }
[requests.priority]
looked_after = 0.05
out_of_school = 0.05
[requests.school_support]
ramp_months = 2
[costs.appeal]
heard = 0.3
[costs.appeal.without_hearing]
pounds = 2000
[costs.appeal.with_hearing]
pounds = 4000
[costs.mediation]
pounds = 500
[costs.remedies]
a_month = { pounds = 100 }
after_weeks = 10
complained = 0.1
[costs.provision]
pounds = 20000
[teams."plan writers".agency]
cases_a_month = 4
ramp_months = 2
price = 500
turnaround = { mean_days = 10, spread = 0.2 }
queue_longer_than = 5
older_than_weeks = 6
[teams."educational psychologists"]
leavers_a_year = 0.2
weeks_to_recruit = 8
recruitment_fails = 0.3
weeks_to_full_speed = 8
cover = 0.3
mentor_hours_a_week = 2
overtime_hours_a_week = 2
long_sickness_a_year = 0.1
long_sickness_weeks = 6
reassign_after_weeks = 2
reserved = { assessments = 0.2 }
ahead = ["ordered", "waited long"]
waited_long_weeks = 20
[teams."senior officers"]
posts = 0
capacity = "daily hours"
hours_a_day = 5
most_hours_a_case = 3
"""
"""What Smallshire's whole service lacks of what a scenario can say; its run is a short one."""


def full(folder: Path) -> Scenario:
    """Return a scenario that uses every table of the schema, so that all its numbers are used."""
    for name in ("baseline.toml", "history.csv", "whole_service.toml", "plans.csv"):
        shutil.copy(SMALL / name, folder / name)
    plans = (folder / "plans.csv").read_text(encoding="utf-8")
    (folder / "plans.csv").write_text(plans.replace("2023-01-01,", "2024-06-01,"), encoding="utf-8")
    head = 'extends = "whole_service.toml"\nname = "Everything"\nwhy = "To see"\n'
    (folder / "full.toml").write_text(head + FULL, encoding="utf-8")
    return load(folder / "full.toml")


def numbers_with_ranges(scenario: Scenario) -> Iterator[tuple[Where, Range | None]]:
    """Give the path of every number of a scenario's first day, and its range."""
    for where, _ in numbers_in(scenario.base):
        yield where, range_at(where)


def range_at(where: Where) -> Range | None:
    """Return the range that the schema declares at a path; None where it declares none."""
    kind: Any = Settings
    limits: list[Any] = []
    for part in where:
        kind = _table(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            kind = get_type_hints(kind, include_extras=True)[part]
        elif get_origin(kind) is dict:
            kind = get_args(kind)[1]
        else:
            kind = get_args(kind)[int(part)]
        kind, limits = _without_limits(kind)
    assert kind is Number, where
    return next((one for one in limits if isinstance(one, Range)), None)


def _table(kind: Any) -> Any:
    return _without_limits(kind)[0]


def _without_limits(kind: Any) -> tuple[Any, list[Any]]:
    if get_origin(kind) in (Union, UnionType):
        kind = next(one for one in get_args(kind) if one is not NoneType)
    if get_origin(kind) is Annotated:
        inner, *limits = get_args(kind)
        deeper, more = _without_limits(inner)
        return deeper, limits + more
    return kind, []
