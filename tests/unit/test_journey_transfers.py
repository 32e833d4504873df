"""A phase transfer is the annual review of its school year (SEND Regulations 2014, reg 18)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline
from ehc_sim.experiment.replication import Replication
from ehc_sim.journey import milestones as m
from ehc_sim.journey.requests import Attributes
from ehc_sim.journey.transfers import Transfers, transfers
from ehc_sim.measures.reviews import DaysToReview, Reviews
from ehc_sim.network.case_keys import Group
from ehc_sim.network.log import NOT_YET
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import BadInput, Scenario
from tests.big_draws import holds
from tests.plain_measures import visits_of
from tests.runs import run_once
from tests.scenario_files import SMALL, change, whole_service

pytestmark = pytest.mark.unit

REVIEWED_IN_NOVEMBER = """
[disputes.contents]
amended_plan = 0
phase_transfer = 0

[plans]
moved_in_a_year = 0
moved_out_a_year = 0
ceased_a_year = 0

[plans.reviews]
meeting = { mean_days = 60, spread = 0, counted_in = "calendar" }
report = { mean_days = 10, spread = 0 }
amended = 1
ceased = 0
to_panel = 0

[plans.phase_transfers]
consultation = { mean_days = 30, spread = 0, at_least_days = 0 }
LATE

[teams."reviewing officers"]
posts = 30
reserved = { "annual reviews" = 0 }
"""
"""A meeting is 60 days after it is arranged, which is 60 days before it is due: 12 months after the
last one to the day."""
PLANS = 60


def in_hand(folder: Path, month: str = "2022-11", late: str = "") -> Scenario:
    """Return a service with children of 9 who all had their last review in the same month."""
    scenario = whole_service(folder, REVIEWED_IN_NOVEMBER.replace("LATE", late))
    head = (SMALL / "plans.csv").read_text(encoding="utf-8").splitlines()[0]
    row = f"Smallshire,2023-01-01,9,{month},{PLANS}"
    (folder / "plans.csv").write_text(f"{head}\n{row}\n", encoding="utf-8")
    return scenario


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Replication:
    return run_once(in_hand(tmp_path_factory.mktemp("November")))


def moving_in_2024(run: Replication) -> list[int]:
    """Return the plans of children who are 10 on 31 August 2023 and move in September 2024."""
    cases, timeline = run.prepared.everybody, run.prepared.network.timeline
    due = timeline.minute(date(2024, 2, 14), MINUTES_A_DAY - 1)
    found = cases.holder[cases.due_minute == due]
    return [case for case in found.tolist() if cases.of_kind(m.PLAN_AT_START)[case]]


def visits_by_plan(run: Replication) -> pd.DataFrame:
    """Return the visits with the plan that each is about and the day of its end."""
    visits = visits_of(run.log)
    visits["plan"] = run.prepared.everybody.holder[visits["case"]]
    visits["day"] = visits["ended"] // MINUTES_A_DAY
    return visits


def days_of(run: Replication, *days: date) -> list[int]:
    return [run.prepared.network.timeline.minute(day) // MINUTES_A_DAY for day in days]


def test_the_year_of_a_transfer_has_one_meeting_one_decision_and_one_notice(
    ran: Replication,
) -> None:
    """Reviewed each November: in the school year 2023/24 the transfer is all there is."""
    first, last = days_of(ran, date(2023, 9, 1), date(2024, 8, 31))
    visits = visits_by_plan(ran)
    there = visits[visits["plan"].isin(moving_in_2024(ran)) & visits["day"].between(first, last)]
    each = there.groupby("node")["plan"].value_counts().unstack("node")
    assert len(each) > PLANS / 3
    for nodes in (
        (m.REVIEW_MEETING, m.TRANSFER_MEETING),
        (m.AMENDMENT_NOTICE, m.TRANSFER_NOTICE),
        (m.AMENDED_PLAN, m.TRANSFER_PLAN),
        ("review decision", "transfer work"),
        ("amending", "transfer work"),
        ("check of amendment", "check of transfer"),
    ):
        assert (each.reindex(columns=nodes).sum(axis=1) == 1).all(), nodes
    assert set(there["node"]).isdisjoint({"review decision", "amending", m.REVIEW_MEETING})


def test_the_review_after_a_transfer_is_12_months_after_its_meeting(ran: Replication) -> None:
    """And not in the November after. The one that the transfer takes the place of is not held."""
    visits = visits_by_plan(ran)
    for plan in moving_in_2024(ran):
        mine = visits[visits["plan"] == plan]
        met = mine[mine["node"].isin([m.REVIEW_MEETING, m.TRANSFER_MEETING])].sort_values("day")
        assert met["node"].tolist()[:2] == [m.TRANSFER_MEETING, m.REVIEW_MEETING]
        assert (np.diff(met["day"]) == 365).all()
        assert len(met) == 4  # autumn 2023 to autumn 2026
        assert (mine["node"] == m.TRANSFER_INSTEAD).sum() == 1


def test_a_transfer_counts_as_a_review_once(ran: Replication) -> None:
    """Held, decided and amended once; due when the review is that it takes the place of, in
    November, and overdue until it is decided."""
    timeline = ran.prepared.network.timeline
    r = Reviews.of(ran.log, ran.prepared.everybody, timeline, [DaysToReview(0, 0, 0, 60)])
    first, last = (MINUTES_A_DAY * day for day in days_of(ran, date(2023, 9, 1), date(2024, 9, 1)))
    november = days_of(ran, date(2023, 11, 1), date(2023, 12, 1))
    since, until = r.overdue()
    late = 0
    for plan in moving_in_2024(ran):
        mine = np.flatnonzero((r.holder == plan) & (r.meeting >= first) & (r.meeting <= last))
        (row,) = mine.tolist()
        assert november[0] <= r.due[row] // MINUTES_A_DAY < november[1]
        assert first <= r.decided[row] == r.notice[row] <= last
        assert r.amended[row] != NOT_YET
        assert until[row] == max(r.decided[row], r.due[row] + 1)
        late += int(until[row] > since[row])
        due_then = (r.holder == plan) & (r.due >= first) & (r.due <= last)
        assert due_then.sum() == 1
    assert late > 0


def test_a_review_that_would_meet_in_the_school_year_of_the_transfer_is_not_held(
    tmp_path: Path,
) -> None:
    """Arranged in July and August for a meeting in September and October: from 1 September on the
    transfer is the review."""
    run = run_once(in_hand(tmp_path, "2022-09"))
    visits, plans = visits_by_plan(run), moving_in_2024(run)
    first, last = days_of(run, date(2023, 9, 1), date(2024, 8, 31))
    held = visits[visits["day"].between(first, last) & visits["plan"].isin(plans)]
    assert not (held["node"] == m.REVIEW_MEETING).any()
    assert (held["node"] == m.TRANSFER_MEETING).sum() == len(plans) > 10
    arranged = visits[(visits["node"] == m.REVIEW_ARRANGED) & visits["plan"].isin(plans)]
    assert (arranged.groupby("plan")["day"].min() < first).any()


def test_an_order_of_dates_has_a_transfers_decision_due_in_28_days_then_its_own_day(
    ran: Replication,
) -> None:
    pathway = ran.prepared.network.pathway
    meeting, notice = pathway[m.TRANSFER_MEETING], pathway[m.TRANSFER_NOTICE]
    assert (meeting.clock_days, notice.due_days) == (28, "transfer days")


def test_some_transfers_are_late_as_the_place_is_found_late(tmp_path: Path) -> None:
    """90 days after the consultation of 30, for half of them."""
    late = "late = { share = 0.5, wait = { mean_days = 90, spread = 0 } }"
    run = run_once(in_hand(tmp_path, late=late))
    visits = visits_of(run.log)
    waited = visits[visits["node"] == "place found late"].set_index("case")
    over = visits[(visits["node"] == "transfer consultation") & visits["ended"].notna()]
    over = over.set_index("case")["ended"]
    assert ((waited["ended"] - waited["joined"]).dropna() == 90 * MINUTES_A_DAY).all()
    assert (over[waited.index] == waited["joined"]).all()
    assert holds(over.index.isin(waited.index), 0.5)
    signed = visits[visits["node"] == "check of transfer"].set_index("case")["joined"]
    both = waited.index.intersection(signed.index)
    assert len(both) > 20
    assert (signed[both] == waited["ended"][both]).all()


# --- who moves ---

TIMELINE = Timeline.england(date(2023, 1, 1), date(2031, 12, 31), SchoolTerms())
COUNT = 4_000


def moves(folder: Path, birth: date, **shares: float) -> tuple[Transfers, NDArray[np.int64]]:
    """Return the transfers of children with one birthday, and how many each has."""
    lines = "\n".join(f"{name} = {share}" for name, share in shares.items())
    settings = whole_service(folder, f"[plans.phase_transfers]\n{lines}\n").base
    none = np.zeros(COUNT, dtype=np.int64)
    who = Attributes(none, none, none, none, np.full(COUNT, TIMELINE.minute(birth)))
    group = Group("", np.arange(COUNT))
    found = transfers(Streams(1, 0), TIMELINE, settings, [group], who, none)
    return found, np.bincount(found.holder, minlength=COUNT)


def dates_of(found: Transfers, holder: int) -> list[date]:
    return [TIMELINE.date_of(due) for due in found.due[found.holder == holder].tolist()]


def test_a_child_goes_to_a_middle_school_or_moves_at_seven_and_eleven(tmp_path: Path) -> None:
    """Born in May 2018: 7 on 31 August 2025, 9 in 2027, 11 in 2029, 13 in 2031."""
    found, _ = moves(tmp_path, date(2018, 5, 5), middle_school=0.3, infant_to_junior=1)
    by_child = [tuple(dates_of(found, child)) for child in range(COUNT)]
    middle = (date(2027, 2, 14), date(2031, 2, 14))
    others = (date(2025, 2, 14), date(2029, 2, 14))
    assert set(by_child) == {middle, others}
    assert holds(np.array([one == middle for one in by_child]), 0.3)


def test_more_middle_schools_are_those_of_the_same_children_and_some_more(tmp_path: Path) -> None:
    some, more = (
        moves(tmp_path, date(2018, 5, 5), middle_school=share, infant_to_junior=0)[0]
        for share in (0.1, 0.4)
    )
    at_nine = TIMELINE.minute(date(2027, 2, 14), MINUTES_A_DAY - 1)
    few, many = (set(one.holder[one.due == at_nine].tolist()) for one in (some, more))
    assert few < many


def test_some_move_to_another_post_16_institution_at_18(tmp_path: Path) -> None:
    """Born in May 2007: 16 on 31 August 2023, 18 in 2025; five months before is 31 March."""
    found, count = moves(tmp_path, date(2007, 5, 5), post_16_moves=0.25)
    assert set(dates_of(found, int(np.argmax(count == 2)))) == {
        date(2023, 3, 31),
        date(2025, 3, 31),
    }
    assert holds(count == 2, 0.25)
    _, none = moves(tmp_path, date(2007, 5, 5))
    assert (none == 1).all()


@pytest.mark.parametrize("name", ["infant_to_junior", "middle_school", "post_16_moves"])
def test_who_moves_holds_for_the_whole_run(tmp_path: Path, name: str) -> None:
    what = f"plans.phase_transfers.{name}"
    with pytest.raises(BadInput, match="holds for the whole run"):
        whole_service(tmp_path, change(what, "set = 0.4", "from = 2024-09-01"))
    whole_service(tmp_path, change(what, "set = 0.4"))
