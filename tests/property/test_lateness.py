"""The parts of every late plan add up to the minute, and are those of the one way that decides."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.experiment.replication import Replication, Replicator, lateness_parts
from ehc_sim.journey import milestones as m
from ehc_sim.measures.lateness import (
    ADVICE,
    ALL,
    DECISION,
    DRAFT,
    FINAL,
    NOT_RECORDED,
    STEPS,
    Bucket,
    Lateness,
    lateness,
    lateness_table,
)
from ehc_sim.measures.timings import Timings
from ehc_sim.network.log import NOBODY, Log
from ehc_sim.scenario import load
from tests.hand_made import MARKS, two_years
from tests.plain_counts import by_part
from tests.runs import SEED, run_once
from tests.scenario_files import change, smallshire, whole_service

pytestmark = pytest.mark.property

PLACES = {
    "registration": Bucket(DECISION, "officers"),
    "school: advice": Bucket(ADVICE, "School", "school"),
    "psychologist: advice": Bucket(ADVICE, "psychologists", "psychologist"),
    "drafting": Bucket(DRAFT, "writers"),
    "signing": Bucket(FINAL, "officers"),
}
NAMES = tuple(dict.fromkeys((*MARKS, m.ORDER_TO_ISSUE, *PLACES)))
Row = tuple[int, int, int, int]
"""Node and the minutes at which it was joined, begun and ended."""
FEW_PSYCHOLOGISTS = change("teams.educational psychologists.patches.North.posts", "multiply = 0.6")


def assert_adds_up(account: Lateness) -> None:
    """Check that pieces add up to parts and steps, and these to the total, of every case."""
    assert account.minutes.dtype == np.int64
    assert (account.total > 0).all()
    np.testing.assert_array_equal(account.steps.sum(axis=1), account.total)
    parts = by_part(account)
    np.testing.assert_array_equal(parts.sum(axis=1), account.total)
    for place, step in enumerate(STEPS):
        within = [name == step for name, _ in account.parts]
        np.testing.assert_array_equal(parts[:, within].sum(axis=1), account.steps[:, place])


@st.composite
def any_case(draw: st.DrawFn) -> list[Row]:
    """Return rows of a case that is told of with gaps, overlaps and milestones left out."""
    day = st.integers(-300, 700)
    rows = []
    for name in NAMES:
        if name not in PLACES and name != m.REQUEST and draw(st.booleans()):
            at = draw(day) * MINUTES_A_DAY + draw(st.integers(0, MINUTES_A_DAY - 1))
            rows.append((NAMES.index(name), at, at, at))
    for name in draw(st.lists(st.sampled_from(list(PLACES)), max_size=8)):
        days = sorted(draw(st.tuples(*[st.integers(-300 * 1440, 700 * 1440)] * 3)))
        rows.append((NAMES.index(name), *days))
    return rows


@settings(max_examples=200, deadline=None)
@given(st.lists(any_case(), min_size=1, max_size=5))
def test_parts_add_up_whatever_the_log_tells_of(cases: list[list[Row]]) -> None:
    """Cases of a caseload bring dates that need not fit each other."""
    rows = [
        number
        for case, visits in enumerate(cases)
        for visit in visits
        for number in (case, *visit, NOBODY, 0)
    ]
    timeline = two_years()
    kinds = tuple("wait" if name in PLACES else "mark" for name in NAMES)
    until = len(timeline.days) * MINUTES_A_DAY
    log = Log.of(rows, NAMES, kinds, np.full(len(cases), -300 * MINUTES_A_DAY), until)
    timings = Timings.of(log, timeline, [])
    assert_adds_up(lateness(log, timings, PLACES))


def account_of(run: Replication) -> tuple[Lateness, Timings, dict[str, Bucket]]:
    """Return the account of a run with what it was made from."""
    timeline = run.prepared.network.timeline
    places = lateness_parts(run.periods[-1][1])
    requests = run.prepared.cases["kind"].isin([m.REQUEST_CASE, m.REQUEST_AGAIN]).sum()
    timings = Timings.of(run.log, timeline, [], int(requests))
    return lateness(run.log, timings, places), timings, places


COUNCILS = {
    "Smallshire": smallshire,
    "few psychologists": lambda folder: smallshire(folder, FEW_PSYCHOLOGISTS),
    "whole service": whole_service,
}


@pytest.fixture(scope="module", params=COUNCILS)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Replication:
    return run_once(COUNCILS[request.param](tmp_path_factory.mktemp("council")))


def test_parts_of_every_late_plan_of_a_run_add_up(run: Replication) -> None:
    account, timings, _ = account_of(run)
    late = (timings.final > 0) & ~timings.plan_on_time
    np.testing.assert_array_equal(account.cases, np.flatnonzero(late))
    assert len(account.cases) > 100
    assert_adds_up(account)


def test_a_run_leaves_no_time_unrecorded(run: Replication) -> None:
    account, _, _ = account_of(run)
    unknown = [part == NOT_RECORDED for _, part in account.parts]
    assert not by_part(account)[:, unknown].any()


def test_the_parts_are_those_of_the_way_walked_backwards(run: Replication) -> None:
    """Each case is followed back from its final plan, visit by visit, to the start of its clock."""
    account, timings, places = account_of(run)
    known = by_part(account)
    for row, case in enumerate(account.cases.tolist()):
        spent = _walked_back(run.log, timings, places, case)
        for part, minutes in zip(account.parts, known[row].tolist(), strict=True):
            step = STEPS.index(part[0])
            whole = sum(taken for (name, _), taken in spent.items() if name == part[0])
            exact = Fraction(int(account.steps[row, step]) * spent.get(part, 0), whole or 1)
            pieces = int(((account.row == row) & (account.part == account.parts.index(part))).sum())
            if whole:
                assert abs(minutes - exact) <= pieces


def _walked_back(
    log: Log, timings: Timings, places: dict[str, Bucket], case: int
) -> dict[tuple[str, str], int]:
    """Return the minutes of each part on the way that ends with the final plan."""
    visits = [
        (log.nodes[node], joined, ended)
        for _, node, joined, _, ended, _, _ in log.visits[log.visits[:, 0] == case].tolist()
        if log.nodes[node] in places and ended > joined
    ]
    order = list(places)
    visits.sort(key=lambda visit: order.index(visit[0]))
    now, complete, giver = int(timings.final[case]), int(timings.complete[case]), None
    spent: dict[tuple[str, str], int] = defaultdict(int)
    while now > timings.clock_started[case]:
        ends_here = [visit for visit in visits if visit[2] == now]
        if now > complete:
            ends_here = [visit for visit in ends_here if places[visit[0]].giver is None]
        elif giver is not None:
            ends_here = [visit for visit in ends_here if places[visit[0]].giver in (giver, None)]
        name, joined, ended = ends_here[0]
        place = places[name]
        giver = place.giver
        spent[place.step, place.part] += ended - joined
        now = joined
    assert now == timings.clock_started[case]
    return spent


def test_the_table_adds_up_in_every_year(run: Replication) -> None:
    account, timings, _ = account_of(run)
    minutes = lateness_table(account, timings).frame()["minutes"].unstack(["step", "part"])
    by_step = sum(minutes[step, ALL] for step in STEPS)
    by_part = sum(minutes[part] for part in account.parts)
    assert (minutes[ALL, ALL] == by_step).all()
    assert (minutes[ALL, ALL] == by_part).all()
    assert minutes[ALL, ALL].sum() == account.total.sum()


@pytest.mark.slow
def test_parts_of_every_late_plan_of_somerset_add_up_in_20_replications() -> None:
    """The lateness parts of every late case in 20 replications add up exactly."""
    baseline = Path(__file__).parents[2] / "scenarios" / "somerset" / "baseline.toml"
    replicator = Replicator(load(baseline), SEED)
    for number in range(20):
        account, _, _ = account_of(replicator.runs([number])[0])
        assert len(account.cases) > 500
        assert_adds_up(account)
