"""Two runs part at the first minute at which either reads what the other does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline
from ehc_sim.network import (
    AgencyPlan,
    Decision,
    Draw,
    End,
    Network,
    PanelPlan,
    Pathway,
    Quantity,
    Rota,
    Sitting,
    TeamPlan,
    Work,
)
from ehc_sim.network.parting import Parting, parting

pytestmark = pytest.mark.unit

DAYS, DAY = 30, 20
YEAR = Timeline.england(date(2026, 1, 1), date(2026, 1, DAYS), SchoolTerms())
PATHWAY = Pathway(
    [
        Work("drafting", "officers", "minutes", "panel"),
        Decision("panel", "panel", "issued"),
        End("issued", "done"),
    ]
)
ALWAYS = Rota(np.full(DAYS, 60), np.ones(DAYS, bool))
LATER = Rota(np.full(DAYS, 60), np.arange(DAYS) >= DAY)
LEAVES = Rota(np.full(DAYS, 60), np.arange(DAYS) < DAY)
LISTS = tuple(Sitting(day * MINUTES_A_DAY, day * MINUTES_A_DAY + 60, 5) for day in (5, 10, 15))
VALUES = np.array([60, 30])


def network(*posts: Rota, lists: tuple[Sitting, ...] = LISTS, agency: bool = False) -> Network:
    bought = AgencyPlan((0,), (0,), "minutes") if agency else None
    teams = {"officers": TeamPlan(posts, agency=bought)}
    return Network(PATHWAY, YEAR, teams, {"panel": PanelPlan(lists)})


def draw(*others: tuple[int, list[int]]) -> Draw:
    starts = (0, *(start for start, _ in others))
    rows = np.stack([VALUES, *(np.array(row) for _, row in others)])
    return Draw(np.array([0, 10]), {"minutes": Quantity(starts, rows)})


def parts(one: Network, other: Network, drawn: Draw | None = None) -> Parting:
    return parting((one, draw()), (other, drawn or draw()))


def test_what_is_the_same_never_parts() -> None:
    found = parts(network(ALWAYS), network(ALWAYS))
    assert (found.minute, found.posts) == (DAYS * MINUTES_A_DAY, {})


def test_a_post_that_is_added_comes_on_its_first_day() -> None:
    found = parts(network(ALWAYS), network(LATER, ALWAYS))
    assert found.minute == DAY * MINUTES_A_DAY
    assert found.posts["officers"].number == (1,)
    assert found.posts["officers"].other == (False,)


def test_a_post_that_is_left_out_has_no_number() -> None:
    found = parts(network(LATER, ALWAYS), network(ALWAYS))
    assert found.minute == DAY * MINUTES_A_DAY
    assert found.posts["officers"].number == (None, 0)


def test_a_post_that_would_have_been_at_work_parts_at_once() -> None:
    assert parts(network(ALWAYS), network(ALWAYS, ALWAYS)).minute == 0


def test_an_agency_is_asked_a_week_before_somebody_leaves() -> None:
    one, other = network(ALWAYS, agency=True), network(LEAVES, agency=True)
    assert parts(one, other).minute == (DAY - 7) * MINUTES_A_DAY
    assert parts(network(ALWAYS), network(LEAVES)).minute == DAY * MINUTES_A_DAY


def test_a_list_is_looked_up_when_the_one_before_it_closes() -> None:
    fewer = (*LISTS[:2], replace(LISTS[2], cases=1))
    found = parts(network(ALWAYS), network(ALWAYS, lists=fewer))
    assert (found.minute, found.why) == (LISTS[1].closes, "panel")


def test_values_part_where_they_are_others_and_not_where_a_period_starts() -> None:
    one = network(ALWAYS)
    found = parts(one, one, draw((1_000, [60, 30]), (2_000, [60, 20])))
    assert (found.minute, found.why) == (2_000, "minutes")


def test_other_cases_part_at_once() -> None:
    one = network(ALWAYS)
    other = Draw(np.array([0, 11]), {"minutes": Quantity.constant(VALUES)})
    assert parts(one, one, other).minute == 0
