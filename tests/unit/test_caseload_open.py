"""From a caseload to the open cases of a draw."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.journey import milestones as m
from ehc_sim.journey.open_cases.case import CaseRow, OpenAdvice
from ehc_sim.journey.open_cases.caseload import Caseload
from ehc_sim.journey.open_cases.opening import open_cases
from ehc_sim.network.draw import OpenCase
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import load
from ehc_sim.scenario.numbers import fixed
from ehc_sim.scenario.part import Delay, Wait
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit

SETTINGS = load(SMALL / "whole_service.toml").drawn(lambda key: 0.5)[0][1]
START = SETTINGS.period.run_in_from
TIMELINE = Timeline.england(START, date(2024, 12, 31), SchoolTerms.read("somerset"))
DAY = 1440
PSYCHOLOGIST = "educational psychologist"


def before(days: int) -> date:
    return START - timedelta(days=days)


def minute(days_before: int) -> int:
    return -days_before * DAY + 540


def opened(*cases: CaseRow, settings=SETTINGS, replication: int = 0) -> tuple[OpenCase, ...]:
    return open_cases(Caseload(cases), settings, TIMELINE, Streams(1, replication))


CASE = CaseRow("1", before(100), "drafting", before(10), "school", 7, "autism", "North")
CASE = replace(CASE, decided=before(70))


def at_advice(**advice: OpenAdvice) -> CaseRow:
    named = {name.replace("_", " "): one for name, one in advice.items()}
    return replace(CASE, step="advice", since=before(70), advice=named)


def marks(case: OpenCase) -> dict[str, int]:
    return {name: ended for name, joined, _, ended in case.done if joined == ended}


def test_no_cases_no_open_cases() -> None:
    assert opened() == ()


def test_cases_have_the_numbers_of_their_places_and_their_own_clocks() -> None:
    ordered = replace(at_advice(health=OpenAdvice(before(20))), ordered=before(30))
    early = replace(CASE, step="evidence", since=before(95), decided=None)
    first, second, third = opened(CASE, ordered, early)
    assert [one.case for one in (first, second, third)] == [0, 1, 2]
    assert (first.received, first.clock, first.clock_days) == (minute(100), minute(100), 140)
    assert (second.received, second.clock, second.clock_days) == (minute(100), minute(30), 98)
    assert (third.clock, third.clock_days) == (minute(100), 42)


def test_the_milestones_behind_a_case_are_those_of_the_file() -> None:
    row = replace(
        CASE,
        advice={"health": OpenAdvice(before(65), before(40)), "family": OpenAdvice(before(66))},
    )
    found = marks(opened(row)[0])
    assert found[m.REQUEST] == minute(100)
    assert found[m.DECISION_TO_ASSESS] == found[m.AGREED] == minute(70)
    assert found[m.asked("health")] == minute(65)
    assert found[m.advice_in("health")] == found[m.ASSESSMENT_COMPLETE] == minute(40)
    assert m.advice_in("family") not in found
    assert found[m.AGREED_TO_ISSUE] == minute(10)
    assert m.DRAFT_PLAN not in found
    drafted = marks(opened(replace(row, step="placement"))[0])
    assert drafted[m.DRAFT_PLAN] == minute(10)


def test_a_refusal_that_is_disputed() -> None:
    case = opened(replace(CASE, step="appeal decision"))[0]
    found = marks(case)
    assert found[m.REFUSED] == minute(70)
    assert found[m.APPEALED] == minute(10)
    assert m.AGREED not in found
    assert case.left > 0


def test_work_that_is_left_is_shorter_by_the_hours_done() -> None:
    drafting = SETTINGS.drafting.model_copy(
        update={"effort": SETTINGS.drafting.effort.model_copy(update={"spread": fixed(0)})}
    )
    settings = SETTINGS.model_copy(update={"drafting": drafting})
    hours = float(settings.drafting.effort.mean_hours)
    case = opened(replace(CASE, minutes_done=120), settings=settings)[0]
    assert case.left == round(60 * hours) - 120


def test_a_case_at_a_panel_has_nothing_left_to_wait_for_but_the_panel() -> None:
    assert opened(replace(CASE, step="panel to issue"))[0].left == 0


def test_an_appointment_of_known_length_is_ahead_or_over() -> None:
    """Smallshire's psychologists see a child five school days after they are asked."""
    schools_open = [before(d) for d in range(14, 40) if before(d).weekday() < 5]
    long_ago, just_asked = schools_open[-1], before(13)  # 19 December: schools close on the 16th
    over = opened(at_advice(educational_psychologist=OpenAdvice(long_ago)))[0].branches[0]
    ahead = opened(at_advice(educational_psychologist=OpenAdvice(just_asked)))[0].branches[0]
    assert over.node == f"{PSYCHOLOGIST}: advice"
    assert minute(40) < over.joined < minute(30)
    assert ahead.node == f"{PSYCHOLOGIST}: appointment"
    assert ahead.joined == minute(13)
    assert ahead.left % DAY == 540


def test_hours_worked_mean_that_the_appointment_is_over() -> None:
    wait = SETTINGS.advice[PSYCHOLOGIST].appointment
    assert wait is not None
    giver = SETTINGS.advice[PSYCHOLOGIST].model_copy(
        update={"appointment": wait.model_copy(update={"spread": fixed(1)})}
    )
    settings = SETTINGS.model_copy(update={"advice": {**SETTINGS.advice, PSYCHOLOGIST: giver}})
    rows = [at_advice(educational_psychologist=OpenAdvice(before(35), None, 90))] * 50
    nodes = {one.branches[0].node for one in opened(*rows, settings=settings)}
    assert nodes == {f"{PSYCHOLOGIST}: advice"}
    rows = [at_advice(educational_psychologist=OpenAdvice(before(35)))] * 200
    nodes = {one.branches[0].node for one in opened(*rows, settings=settings)}
    assert nodes == {f"{PSYCHOLOGIST}: advice", f"{PSYCHOLOGIST}: appointment"}


def test_advice_that_is_awaited_given_that_one_piece_is() -> None:
    """With three outstanding pieces awaited in half of the cases, 4 of the 7 ways that one at least
    is awaited have the first awaited, and so on."""
    givers = {
        name: giver.model_copy(update={"awaited": fixed(0.5)})
        for name, giver in SETTINGS.advice.items()
    }
    settings = SETTINGS.model_copy(update={"advice": givers})
    advice = {name: OpenAdvice(before(8)) for name in givers}
    cases = opened(*[replace(at_advice(), advice=advice)] * 4000, settings=settings)
    awaited = np.array([[branch.awaited for branch in case.branches] for case in cases])
    assert awaited.any(axis=1).all()
    assert awaited.mean(axis=0) == pytest.approx([4 / 7] * 3, abs=0.03)


def test_after_the_step_of_advice_none_is_awaited_any_more() -> None:
    case = opened(replace(CASE, advice={"family": OpenAdvice(before(30))}))[0]
    assert case.node == "drafting"
    assert [(one.node, one.awaited) for one in case.branches] == [("family: advice", False)]


def test_the_same_replication_draws_the_same_and_another_something_else() -> None:
    row = replace(CASE, step="placement")
    assert opened(row) == opened(row)
    assert opened(row) != opened(row, replication=1)
    alone, with_more = opened(row)[0], opened(row, replace(CASE, reference="2"))[0]
    assert alone == with_more


def nil_returns(days_asked: int, share: float) -> float:
    """Return the share of nil returns among open advice asked for so long ago.

    They take ten calendar days, and other answers twenty.
    """
    health = SETTINGS.advice["health"]
    turnaround = Wait(mean_days=fixed(20))
    answers = Delay(share=fixed(share), wait=Wait(mean_days=fixed(10)))
    giver = health.model_copy(update={"nil_returns": answers, "turnaround": turnaround})
    settings = SETTINGS.model_copy(update={"advice": {**SETTINGS.advice, "health": giver}})
    row = at_advice(health=OpenAdvice(before(days_asked)))
    cases = opened(*[replace(row, reference=str(n)) for n in range(200)], settings=settings)
    branches = [branch for case in cases for branch in case.branches]
    for branch in branches:
        nil = branch.node == "health: nil return"
        days = (10 if nil else 20) - days_asked
        assert branch.left // DAY == max(days, 0)
    return sum(branch.node == "health: nil return" for branch in branches) / len(branches)


def test_an_open_case_waits_for_a_nil_return_as_often_as_one_may_still_come() -> None:
    """On the sixth day as often as ever; after the tenth all that are out have something to add."""
    assert nil_returns(5, share=0.3) == pytest.approx(0.3, abs=0.1)
    assert nil_returns(12, share=0.3) == 0
    assert nil_returns(12, share=1) == 1  # as late as a nil return can be
