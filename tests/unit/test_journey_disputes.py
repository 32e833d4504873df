"""What follows a refusal: shares as set, support, second requests, orders and their clocks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.experiment.replication import Replication
from ehc_sim.journey import milestones as m
from ehc_sim.journey.disputes import (
    ABOUT_PLANS,
    AGREED,
    APPEAL,
    MEDIATION,
    NEITHER,
    NO_DISPUTE,
    STRAIGHT_TO_APPEAL,
)
from ehc_sim.journey.pathway import journey
from ehc_sim.network import Mark, Work
from ehc_sim.network.log import NOT_YET, Log
from ehc_sim.scenario import load
from tests.big_draws import REQUESTS, big_draw, big_whole_service, holds, options
from tests.runs import run_once
from tests.scenario_files import SMALL, smallshire, whole_service

pytestmark = pytest.mark.unit

Bools = NDArray[np.bool_]


@pytest.fixture(scope="module")
def ran() -> Replication:
    return run_once(load(SMALL / "whole_service.toml"))


def been(log: Log, node: str) -> Bools:
    return log.reached(node) != NOT_YET


def chosen(quantity: str, option: int) -> Bools:
    return np.asarray(options(big_whole_service(), quantity) == option)


def supported() -> Bools:
    return chosen("support option", 1)


def made_again() -> Bools:
    cases = big_whole_service().cases
    return (cases["kind"] == m.REQUEST_AGAIN).to_numpy()[: len(supported())]


# --- shares ---


def test_of_the_record_only_the_requests_made_for_the_first_time_are_kept() -> None:
    """A share of 0.05 was made again; the model makes these itself."""
    kept = (big_whole_service().cases["kind"] == m.REQUEST_CASE).sum()
    assert holds(np.arange(REQUESTS) >= kept, 0.05)


def test_support_is_taken_up_by_its_share() -> None:
    assert holds(supported(), 0.25)


def test_refusals_are_mediated_and_appealed_by_their_shares_and_less_with_support() -> None:
    for group, kept in ((~supported(), 1), (supported(), 0.6)):
        assert holds(chosen("dispute option", MEDIATION)[group], 0.2 * kept)
        assert holds(chosen("dispute option", STRAIGHT_TO_APPEAL)[group], 0.1 * kept)
        assert holds(chosen("dispute option", NO_DISPUTE)[group], 1 - 0.3 * kept)


def test_mediations_are_agreed_or_appealed_by_their_shares() -> None:
    """Of all 0.4 are agreed; of the others 0.3 appeal, and with support 0.18."""
    for group, kept in ((~supported(), 1), (supported(), 0.6)):
        assert holds(chosen("mediation option", AGREED)[group], 0.4)
        assert holds(chosen("mediation option", APPEAL)[group], 0.6 * 0.3 * kept)
        assert holds(chosen("mediation option", NEITHER)[group], 0.6 * (1 - 0.3 * kept))


def test_appeals_are_overturned_by_their_share() -> None:
    """The first way on from an appeal is the order."""
    assert holds(chosen("appeal option", 0), 0.8)


def test_families_ask_again_by_their_share_less_with_support_and_once_only() -> None:
    first = ~made_again()
    for group, kept in ((~supported(), 1), (supported(), 0.7)):
        assert holds(chosen("ask again option", 1)[group & first], 0.3 * kept)
    assert not chosen("ask again option", 1)[made_again()].any()


def test_decisions_not_to_issue_are_overturned_by_their_share() -> None:
    assert holds(chosen("no plan overturned option", 1), 0.1)


def test_new_plans_are_appealed_by_their_share_and_half_as_often_after_a_meeting() -> None:
    quantity = big_whole_service().draw.quantities["new plan appeal option"]
    assert holds(quantity.values[-1] == 1, 0.05)
    assert quantity.variant is not None
    assert holds(quantity.variant.values[-1] == 1, 0.025)


def test_each_question_is_answered_by_a_number_of_its_own() -> None:
    """Who takes up support, mediates, appeals, wins or asks again says nothing of the others."""
    run = big_whole_service()
    first = ~made_again() & ~supported()
    names = ("dispute option", "mediation option", "appeal option", "ask again option")
    found = np.array([options(run, name)[first] for name in names])
    correlations = np.corrcoef(found)[np.triu_indices(len(names), 1)]
    assert np.abs(correlations).max() < 4.5 / np.sqrt(first.sum())


def test_second_requests_are_of_the_same_children_and_decided_anew() -> None:
    run = big_whole_service()
    again = run.draw.quantities["case asking again"].values[0]
    first = np.flatnonzero(again != np.arange(len(again)))
    second = again[first]
    assert (run.cases["kind"].to_numpy()[second] == m.REQUEST_AGAIN).all()
    for column in ("source", "age", "need", "area"):
        values = run.cases[column].to_numpy()
        assert (values[first] == values[second]).all()
    decided = options(run, "assess option")
    both = np.corrcoef(decided[first] == 1, decided[second] == 1)[0, 1]
    assert abs(both) < 0.1  # as likely refused as the group, but not the same again


MARGIN = """
[decision_to_assess]
refused = {refused}
[disputes.margin]
refused = 0.2
times = {times}
[disputes.appeals]
overturned = 0.6
"""


@pytest.mark.parametrize(
    ("refused", "times", "agreed", "won"),
    [
        (0.2, 2, 0.4, 0.6),  # at the share of the count: as they say
        (0.25, 2, 0.5, 0.75),  # a quarter more are refused: both a quarter up
        (0.1, 2, 0.2, 0.3),  # half as many: the stronger half of them is no longer refused
        (0.25, 1, 0.4, 0.6),  # no difference at the margin
        (0.45, 1.5, 0.6, 0.9),  # the square root of 2.25 is 1.5
        (0.45, 3, 1.0, 1.0),  # 5.0625 times as often: all of them
    ],
)
def test_the_share_overturned_rises_with_the_share_refused(
    tmp_path: Path, refused: float, times: float, agreed: float, won: float
) -> None:
    """Each is the share that was counted, times (refused / 0.2) ** (times - 1)."""
    text = MARGIN.format(refused=refused, times=times)
    run = big_draw(whole_service(tmp_path, text), requests=3_000)
    assert holds(options(run, "mediation option") == AGREED, agreed)
    assert holds(options(run, "appeal option") == 0, won)


# --- the way through ---


def test_without_disputes_a_refusal_stands_at_once(tmp_path: Path) -> None:
    pathway = journey(smallshire(tmp_path).base)
    assert pathway[m.REFUSED] == Mark(m.REFUSED, m.REFUSAL_STANDS)
    assert pathway[m.NO_PLAN_TOLD] == Mark(m.NO_PLAN_TOLD, m.NO_PLAN)
    assert not any(isinstance(node, Work) and node.kind == "disputes" for node in pathway)


def test_all_work_on_refusals_is_of_that_kind_and_appeals_about_plans_of_another(
    tmp_path: Path,
) -> None:
    pathway = journey(whole_service(tmp_path).base)
    found = {node.name for node in pathway if isinstance(node, Work) and node.kind == "disputes"}
    assert found == {"support", "mediation", "answer to appeal"}
    answer = pathway["answer to contents appeal"]
    assert isinstance(answer, Work)
    assert answer.kind == ABOUT_PLANS != "disputes"


def test_every_refusal_ends_in_an_order_or_stands_or_is_in_dispute(ran: Replication) -> None:
    log = ran.log
    refused, ordered, stands = (
        been(log, name) for name in (m.REFUSED, m.ORDER_TO_ASSESS, m.REFUSAL_STANDS)
    )
    assert not (ordered & stands).any()
    assert not ((ordered | stands) & ~refused).any()
    disputed = been(log, "wait for mediation") | been(log, m.APPEALED)
    open_yet = refused & ~ordered & ~stands
    in_support = log.joined("support") != NOT_YET
    waits_for = (log.joined("wait for mediation") != NOT_YET) | disputed | in_support
    assert (waits_for | ~open_yet).all()


def test_orders_come_of_mediations_agreed_and_appeals_won_only(ran: Replication) -> None:
    log, draw = ran.log, ran.prepared.draw
    ordered = np.flatnonzero(been(log, m.ORDER_TO_ASSESS))
    agreed = draw.quantities["mediation option"].values[-1] == AGREED
    won = draw.quantities["appeal option"].values[-1] == 0
    for case in ordered:
        mediated, appealed = been(log, m.MEDIATED)[case], been(log, m.APPEALED)[case]
        assert (appealed and won[case]) or (mediated and agreed[case] and not appealed)
    assert len(ordered) > 10


def test_an_order_leads_to_advice_on_the_second_clock(ran: Replication) -> None:
    pathway = ran.prepared.network.pathway
    assert pathway[m.ORDER_TO_ASSESS] == Mark(
        m.ORDER_TO_ASSESS, "personal circumstances", clock_days=98, ordered=True
    )
    assert pathway[m.ORDER_TO_ISSUE] == Mark(
        m.ORDER_TO_ISSUE, m.AGREED_TO_ISSUE, clock_days=77, ordered=True
    )


def test_a_second_request_comes_after_its_days_and_goes_the_whole_way(ran: Replication) -> None:
    log, draw = ran.log, ran.prepared.draw
    started = log.visits[log.visits[:, 1] == log.nodes.index("ask again")]
    again, days = (draw.quantities[name] for name in ("case asking again", "days to asking again"))
    for case, minute in started[:, [0, 2]].tolist():
        other, arrives = again.at(0, case), minute + days.at(minute, case) * MINUTES_A_DAY
        assert log.reached(m.REFUSAL_STANDS)[case] == minute
        expected = arrives if arrives < log.until else NOT_YET
        assert log.arrived[other] == log.reached(m.REQUEST)[other] == expected
    second = (ran.prepared.cases["kind"] == m.REQUEST_AGAIN).to_numpy()
    arrived = second & (log.arrived != NOT_YET)
    assert arrived.sum() == (started[:, 4] != NOT_YET).sum() > 20
    assert been(log, m.FINAL_PLAN)[arrived].any()


def test_nobody_asks_again_where_the_share_is_nothing(tmp_path: Path) -> None:
    none = "[disputes]\nask_again = 0\nrecorded_again = 0\n"
    run = run_once(whole_service(tmp_path, none))
    assert not been(run.log, "ask again").any()
    assert not (run.prepared.cases["kind"] == m.REQUEST_AGAIN).any()
