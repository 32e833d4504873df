"""Annual reviews and phase transfers: shares as set, and their way through a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.experiment.replication import Replication
from ehc_sim.journey import milestones as m
from ehc_sim.journey.pathway import journey
from ehc_sim.network import Mark, Work
from ehc_sim.network.log import NOT_YET
from ehc_sim.scenario import load
from ehc_sim.scenario.plans import Reviews
from tests.big_draws import big_draw, big_whole_service, holds
from tests.runs import run_once
from tests.scenario_files import SMALL, smallshire, whole_service

pytestmark = pytest.mark.unit

EVERY_DAYS, UNDER_FIVE_DAYS = 365 - 60, 182 - 60
"""From a meeting to arranging the next review, for older and for younger children."""


@pytest.fixture(scope="module")
def ran() -> Replication:
    return run_once(load(SMALL / "whole_service.toml"))


def values(quantity: str) -> NDArray[np.int64]:
    return big_whole_service().draw.quantities[quantity].values[-1]


def starts_of(run: Replication, name: str) -> NDArray[np.int64]:
    """Return case, minute at which it starts another, and minute of that, of a start's visits."""
    log = run.log
    return log.visits[log.visits[:, 1] == log.nodes.index(name)][:, [0, 2, 4]]


def been(run: Replication, node: str) -> NDArray[np.bool_]:
    return np.asarray(run.log.reached(node) != NOT_YET)


# --- shares and clocks ---


def test_of_all_reviews_plans_are_ceased_and_amended_by_their_shares() -> None:
    ceased, amended = values("ceased option") == 1, values("amended option") == 1
    assert holds(ceased, 0.02)
    assert holds(amended & ~ceased, 0.35)


def test_amendments_go_to_the_panel_by_their_share() -> None:
    assert holds(values("to the panel option") == 1, 0.2)


def test_amended_plans_and_transfers_are_appealed_by_their_shares() -> None:
    assert holds(values("amended plan appeal option") == 1, 0.02)
    assert holds(values("phase transfer appeal option") == 1, 0.03)


def test_reviews_outcomes_of_a_plan_are_not_alike() -> None:
    """The number of each review is its own: amended once says nothing of the next time."""
    run = big_whole_service()
    reviews = run.cases[run.cases["kind"] == m.REVIEW]
    amended = values("amended option") == 1
    same = (reviews["holder"].to_numpy()[1:] == reviews["holder"].to_numpy()[:-1]).nonzero()[0]
    both = np.corrcoef(amended[same], amended[same + 1])[0, 1]
    assert abs(both) < 4.5 / np.sqrt(len(same))


def test_the_clock_of_a_transfer_runs_from_its_meeting_to_its_due_day(ran: Replication) -> None:
    cases, days = ran.prepared.cases, ran.prepared.draw.quantities["transfer days"]
    met = np.flatnonzero(been(ran, m.TRANSFER_MEETING))
    assert len(met) > 200
    day = ran.log.reached(m.TRANSFER_MEETING)[met] // MINUTES_A_DAY
    due = cases["due_minute"].to_numpy()[met] // MINUTES_A_DAY
    assert [days.at(0, case) for case in met.tolist()] == (due - day).tolist()
    run = big_whole_service()
    others = run.cases[run.cases["kind"] != m.TRANSFER]
    assert (others["due_minute"] == -1).all()


def test_a_shares_uncertain_sum_never_makes_a_chance_above_one(tmp_path: Path) -> None:
    """Amended 0.9 and ceased 0.1: every plan that is kept is amended."""
    text = "[plans.reviews]\namended = 0.9\nceased = 0.1\n"
    run = big_draw(whole_service(tmp_path, text), requests=50)
    assert (run.draw.quantities["amended option"].values == 1).all()


# --- the table ---


def test_without_plans_an_issued_plan_is_the_end(tmp_path: Path) -> None:
    pathway = journey(smallshire(tmp_path).base)
    assert pathway[m.FINAL_PLAN] == Mark(m.FINAL_PLAN, m.ISSUED, opens_plan=True)
    assert pathway.entries == (m.REQUEST,)
    assert m.REVIEW_ARRANGED not in pathway.index


def test_work_on_plans_is_of_its_kind(tmp_path: Path) -> None:
    work = [node for node in journey(whole_service(tmp_path).base) if isinstance(node, Work)]
    found = {kind: {n.name for n in work if n.kind == kind} for kind in {n.kind for n in work}}
    of_reviews = {"review decision", "signing of review decision", "amending", "check of amendment"}
    assert found["annual reviews"] == of_reviews
    of_transfers = {"transfer work", "signing of transfer decision", "check of transfer"}
    assert found["phase transfers"] == of_transfers


def test_the_clocks_of_reviews_are_those_of_the_law(tmp_path: Path) -> None:
    """28 days from the meeting; 84 for the amended plan: four weeks and eight."""
    pathway = journey(whole_service(tmp_path).base)
    meeting, notice = pathway[m.REVIEW_MEETING], pathway[m.AMENDMENT_NOTICE]
    assert isinstance(meeting, Mark)
    assert isinstance(notice, Mark)
    assert (meeting.clock_days, meeting.due_days) == (28, None)
    assert (notice.clock_days, notice.due_days) == (None, 84)


def test_the_law_asks_for_a_yearly_review_at_every_age() -> None:
    """Section 44; that reviews under five are to be more frequent is advice to consider it."""
    every = {name: field.get_default().smallest for name, field in Reviews.model_fields.items()
             if name.startswith("every_days")}  # fmt: skip
    assert every == {"every_days": 365, "every_days_under_five": 365}


# --- the way through ---


@pytest.mark.parametrize("first", ["first review", "next review", "review after a transfer"])
def test_children_under_five_are_reviewed_half_yearly_others_yearly(
    ran: Replication, first: str
) -> None:
    """By their age when the plan is issued or the review meets; told beyond the end as never."""
    birthday = ran.prepared.draw.quantities["minute of fifth birthday"]
    count = 0
    for name, days in ((first, EVERY_DAYS), (f"{first} under five", UNDER_FIVE_DAYS)):
        for case, now, arrives in starts_of(ran, name).tolist():
            assert (now < birthday.at(now, case)) == name.endswith("five")
            later = now + days * MINUTES_A_DAY
            assert arrives == (later if later < ran.log.until else NOT_YET)
            count += 1
    assert count > 200


def test_fifth_birthdays_are_those_of_the_ages(ran: Replication) -> None:
    """A child of three at the request has the birthday one to two years after it."""
    cases = ran.prepared.cases
    birthday = ran.prepared.draw.quantities["minute of fifth birthday"].values[0]
    young = (cases["kind"] == m.REQUEST_CASE) & (cases["age"] == 3)
    years = (birthday - cases["minute"])[young] / MINUTES_A_DAY / 365.25
    assert years.min() >= 1 - 0.01
    assert years.max() <= 2 + 0.01
    older = (cases["kind"] == m.PLAN_AT_START) & (cases["age"] >= 5)
    assert (birthday[older] == 0).all()


def test_each_issued_plan_and_each_plan_in_hand_has_one_first_review(ran: Replication) -> None:
    issued = np.flatnonzero(been(ran, m.FINAL_PLAN))
    names = ("first review", "first review under five")
    first = np.concatenate([starts_of(ran, name)[:, 0] for name in names])
    assert sorted(first.tolist()) == issued.tolist()
    in_hand = np.flatnonzero(been(ran, m.PLAN_IN_HAND))
    assert starts_of(ran, "review of a plan in hand")[:, 0].tolist() == in_hand.tolist()


def test_each_review_that_met_has_one_next_though_it_is_not_decided(ran: Replication) -> None:
    kept = np.flatnonzero(been(ran, m.REVIEW_MEETING) | been(ran, m.TRANSFER_MEETING))
    of = ("next review", "review after a transfer")
    names = [name + age for name in of for age in ("", " under five")]
    started = np.concatenate([starts_of(ran, name)[:, 0] for name in names])
    assert sorted(started.tolist()) == kept.tolist()


def test_a_plan_that_is_ceased_at_a_review_is_not_reviewed_again(ran: Replication) -> None:
    holder = ran.prepared.cases["holder"].to_numpy()
    ceased_at = ran.log.reached(m.CEASED_AT_REVIEW)
    ceased = np.flatnonzero(ceased_at != NOT_YET)
    assert len(ceased) > 5
    for case in ceased:
        siblings = np.flatnonzero(holder == holder[case])
        assert (ran.log.reached(m.REVIEW_MEETING)[siblings] <= ceased_at[case]).all()


def test_nothing_is_reviewed_or_transferred_after_the_plans_end(ran: Replication) -> None:
    """A review that was arranged in time goes on; one that is arranged later is not held."""
    cases, log = ran.prepared.cases, ran.log
    holder = cases["holder"].to_numpy()
    ends = cases["ends"].to_numpy()[holder]
    for begins, none in (
        (m.REVIEW_ARRANGED, m.NO_REVIEW),
        (m.TRANSFER_BEGUN, m.NO_TRANSFER),
    ):
        begun = log.reached(begins)
        came = begun != NOT_YET
        assert been(ran, none)[came & (begun >= ends)].all()
    opened = np.maximum(log.reached(m.FINAL_PLAN), log.reached(m.PLAN_IN_HAND))[holder]
    moved = been(ran, m.TRANSFER_MEETING)
    begun = log.reached(m.TRANSFER_BEGUN)
    assert (opened[moved] != NOT_YET).all()
    assert (opened[moved] <= begun[moved]).all()
    early = (begun != NOT_YET) & ((opened == NOT_YET) | (opened > begun))
    assert been(ran, m.NO_TRANSFER)[early].all()
    assert early.any()


def test_an_amended_plan_comes_after_the_familys_15_days(ran: Replication) -> None:
    log, draw = ran.log, ran.prepared.draw
    amended = np.flatnonzero(been(ran, m.AMENDED_PLAN))
    assert len(amended) > 300
    checked, told = log.reached("check of amendment"), log.reached(m.AMENDED_PLAN)
    assert (told[amended] - checked[amended] == 15 * MINUTES_A_DAY).all()
    # The notice goes out with the proposed amendments: not before they are written and checked.
    assert (log.reached(m.AMENDMENT_NOTICE)[amended] == checked[amended]).all()
    assert not been(ran, m.MAINTAINED)[amended].any()
    to_panel = draw.quantities["to the panel option"]
    sat = been(ran, "panel for amendments")
    for case in amended.tolist():
        assert sat[case] == (to_panel.at(0, case) == 1)


def test_contents_are_appealed_by_those_who_do(ran: Replication) -> None:
    """Of new plans, amended plans and transfers; by the option that holds for each."""
    log, draw = ran.log, ran.prepared.draw
    appeals = log.joined("wait for contents appeal")
    for plan, what in ((m.AMENDED_PLAN, "amended plan"), (m.TRANSFER_PLAN, "phase transfer")):
        told = log.reached(plan)
        option = draw.quantities[f"{what} appeal option"]
        for case in np.flatnonzero(told != NOT_YET).tolist():
            appealed = option.at(told[case], case) == 1
            assert appeals[case] == (told[case] if appealed else NOT_YET)
    assert (log.reached(m.APPEAL_CLOSED) != NOT_YET).sum() > 20
