"""Outcome and Provision meetings: who has one, how their share comes in, and what they change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.experiment.replication import Replication
from ehc_sim.journey import milestones as m
from ehc_sim.journey.meetings import adoption
from ehc_sim.journey.pathway import journey
from ehc_sim.network import Mark, Work
from ehc_sim.network.log import NOT_YET
from ehc_sim.scenario import Settings, load
from tests.big_draws import big_draw, big_whole_service, holds, options
from tests.runs import run_once
from tests.scenario_files import SMALL, change, smallshire, whole_service

pytestmark = pytest.mark.unit

TIMELINE = Timeline.england(date(2023, 1, 1), date(2023, 12, 31), SchoolTerms())


def steps(
    folder: Path, shares: Sequence[float], days: Sequence[date], ramp: float
) -> list[tuple[date, float]]:
    """Return each date on which the share changes, with the share from then on."""
    base = whole_service(folder).base
    assert base.meetings is not None
    number = type(base.meetings.share)

    def with_share(share: float) -> Settings:
        assert base.meetings is not None
        parts = {"share": number(value=share), "ramp_months": number(value=ramp)}
        return base.model_copy(update={"meetings": base.meetings.model_copy(update=parts)})

    starts = [TIMELINE.minute(day) for day in days]
    minutes, reached = adoption([with_share(share) for share in shares], starts, TIMELINE)
    found: list[tuple[date, float]] = []
    for minute, share in zip(minutes, reached, strict=True):
        if not found or share != pytest.approx(found[-1][1]):
            found.append((TIMELINE.date_of(minute), share))
    return found


FIRST = date(2023, 1, 1)


def test_a_share_that_never_changes_holds_from_the_first_day(tmp_path: Path) -> None:
    assert steps(tmp_path, [0.3], [FIRST], ramp=6) == [(FIRST, 0.3)]


def test_without_a_ramp_a_change_holds_from_its_day(tmp_path: Path) -> None:
    change_on = date(2023, 3, 15)
    found = steps(tmp_path, [0.3, 0.9], [FIRST, change_on], ramp=0)
    assert [day for day, _ in found] == [FIRST, change_on]
    assert [share for _, share in found] == pytest.approx([0.3, 0.9])


@pytest.mark.parametrize("day", [date(2023, 3, 1), date(2023, 3, 15)])
def test_a_change_comes_in_by_even_steps_at_the_start_of_each_month(
    tmp_path: Path, day: date
) -> None:
    """From 0.3 to 0.9 over three months: a third of the way in each of the next three months."""
    found = steps(tmp_path, [0.3, 0.9], [FIRST, day], ramp=3)
    assert [one for one, _ in found] == [FIRST, *(date(2023, month, 1) for month in (4, 5, 6))]
    assert [share for _, share in found] == pytest.approx([0.3, 0.5, 0.7, 0.9])


def test_a_change_of_plan_comes_in_beside_the_one_under_way(tmp_path: Path) -> None:
    """In May 0.7 of the way to 0.9 is reached, and 0.8 are given up in three steps from June."""
    days = [FIRST, date(2023, 3, 1), date(2023, 5, 20)]
    found = steps(tmp_path, [0.3, 0.9, 0.1], days, ramp=3)
    july, june = 0.9 - 2 * 0.8 / 3, 0.9 - 0.8 / 3
    assert [share for _, share in found] == pytest.approx([0.3, 0.5, 0.7, june, july, 0.1])
    assert [one.month for one, _ in found] == [1, 4, 5, 6, 7, 8]


def test_more_meetings_on_the_way_never_make_fewer(tmp_path: Path) -> None:
    days = [FIRST, date(2023, 3, 1), date(2023, 5, 20)]
    without, more = (dict(steps(tmp_path, [0.3, 0.6, goal], days, ramp=6)) for goal in (0.6, 0.65))
    assert all(more[day] >= share - 1e-12 for day, share in without.items() if day in more)
    assert max(more.values()) == pytest.approx(0.65)


def test_a_change_of_another_setting_does_not_start_the_steps_anew(tmp_path: Path) -> None:
    days = [FIRST, date(2023, 3, 1), date(2023, 4, 10)]
    found = steps(tmp_path, [0.3, 0.9, 0.9], days, ramp=3)
    assert [share for _, share in found] == pytest.approx([0.3, 0.5, 0.7, 0.9])


# --- shares and effects ---


def test_cases_have_a_meeting_by_the_share() -> None:
    assert holds(options(big_whole_service(), "meeting option") == 1, 0.3)


def test_after_a_meeting_drafting_takes_what_is_kept_of_the_hours() -> None:
    """0.8 of each case's own hours, to the minute; and of those of writing again, 0.4 of them."""
    quantities = big_whole_service().draw.quantities
    for name, within in (("drafting minutes", 0.5 + 0.8 * 0.5), ("drafting again minutes", 1)):
        usual, after = quantities[name], quantities[name].variant
        assert after is not None
        difference = after.values[-1] - 0.8 * usual.values[-1]
        assert np.abs(difference).max() <= within


@pytest.mark.parametrize(
    ("quantity", "usual", "kept"),
    [("times sent back", 0.15, 0.5), ("further rounds", 0.2, 0.8), ("placement days", 0.1, 1)],
)
def test_after_a_meeting_the_chances_are_what_is_kept_of_them(
    quantity: str, usual: float, kept: float
) -> None:
    """Of placements, 1.5 times as many at ages 11 to 15, which are 0.3 of the requests."""
    run = big_whole_service()
    made = run.draw.quantities[quantity]
    assert made.variant is not None
    before, after = made.values[-1] > 0, made.variant.values[-1] > 0
    assert (before | ~after).all()  # the same cases, some of them no more
    if quantity == "placement days":
        older = (run.cases["age"] == 12).to_numpy()[: len(before)]
        assert holds(before[older], 1.5 * usual)
        before, after = before[~older], after[~older]
    assert holds(before, usual)
    assert holds(after, usual * kept)


def test_what_a_meeting_does_not_touch_has_no_variant() -> None:
    quantities = big_whole_service().draw.quantities
    touched = {name for name, quantity in quantities.items() if quantity.variant is not None}
    assert touched == {
        "drafting minutes",
        "drafting again minutes",
        "times sent back",
        "further rounds",
        "placement days",
        "new plan appeal option",
    }


# --- the way through ---


def test_without_meetings_drafting_begins_at_once(tmp_path: Path) -> None:
    scenario = smallshire(tmp_path)
    assert journey(scenario.base)[m.AGREED_TO_ISSUE] == Mark(m.AGREED_TO_ISSUE, "drafting")
    quantities = big_draw(scenario, requests=50).draw.quantities
    assert all(quantity.variant is None for quantity in quantities.values())


@pytest.fixture(scope="module")
def ran() -> Replication:
    return run_once(load(SMALL / "whole_service.toml"))


def test_a_meeting_takes_a_slot_and_both_teams_before_the_draft(ran: Replication) -> None:
    log, pathway = ran.log, ran.prepared.network.pathway
    work = [pathway[name] for name in ("Outcome and Provision meeting", "adviser at the meeting")]
    assert [node.kind for node in work if isinstance(node, Work)] == ["meetings"] * 2
    held = log.reached(m.MEETING_HELD)
    met = held != NOT_YET
    assert met.sum() > 100
    order = ("wait for a slot", "Outcome and Provision meeting", "adviser at the meeting")
    reached = [log.reached(m.AGREED_TO_ISSUE), *(log.reached(name) for name in order)]
    for before, after in zip(reached, [*reached[1:], held], strict=True):
        assert (after >= before)[met].all()
    drafting = log.joined("drafting")
    assert (drafting[met] == held[met]).all()
    without = (log.joined("wait for a slot") == NOT_YET) & (drafting != NOT_YET)
    assert (drafting[without] == log.reached(m.AGREED_TO_ISSUE)[without]).all()


def test_drafting_after_a_meeting_is_that_of_the_variant(ran: Replication) -> None:
    log = ran.log
    quantity = ran.prepared.draw.quantities["drafting minutes"]
    assert quantity.variant is not None
    met = log.reached(m.MEETING_HELD) != NOT_YET
    rows = log.visits[log.visits[:, 1] == log.nodes.index("drafting")]
    for case, joined, minutes in rows[:, [0, 2, 6]].tolist():
        given = quantity.variant if met[case] else quantity
        assert minutes == given.at(joined, case)


def test_a_dated_share_adds_meetings_from_its_date(tmp_path: Path) -> None:
    """As soon as it holds and not before, with the same requests."""
    more = change("meetings.share", "set = 0.9", "from = 2025-01-01")
    one, other = (run_once(whole_service(tmp_path, text)).prepared for text in ("", more))
    options_ = one.draw.quantities["meeting option"], other.draw.quantities["meeting option"]
    before = one.network.timeline.minute(date(2024, 12, 31))
    after = one.network.timeline.minute(date(2025, 1, 1))
    np.testing.assert_array_equal(*(quantity.values[0] for quantity in options_))
    cases = options_[0].cases
    for minute, equal in ((before, True), (after, False)):
        few, many = ([quantity.at(minute, case) for case in cases] for quantity in options_)
        assert (few == many) is equal
        assert all(b >= a for a, b in zip(few, many, strict=True))
