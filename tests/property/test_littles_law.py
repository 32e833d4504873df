"""Little's law on every team and panel of a Somerset run, exactly, and cases in = out + open.

Over a window, the time that jobs spend at a team adds up in two ways: the number present, minute by
minute, and the time of each job. For the jobs that joined in the window it is their number times
their mean time; what lies beyond the window's end is taken off, and what those spend in it who
joined before is added. With these corrections the two sums are equal to the minute:

    mean number present x window = arrivals x mean time - beyond the end + from before the start
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.experiment.replication import Replication
from ehc_sim.journey import milestones as m
from ehc_sim.measures.backlog import STEPS, backlog, waiting
from ehc_sim.measures.team_hours import workload
from ehc_sim.measures.timeliness import cohort
from ehc_sim.measures.timings import Timings
from ehc_sim.network import Log
from ehc_sim.network.log import NOT_YET
from ehc_sim.network.nodes import Decision, Work
from ehc_sim.scenario import load
from tests.runs import run_once

pytestmark = pytest.mark.property

SOMERSET = Path(__file__).parents[2] / "scenarios" / "somerset" / "baseline.toml"
WINDOW = (date(2023, 1, 1), date(2026, 1, 1))


@pytest.fixture(scope="module")
def somerset() -> Replication:
    return run_once(load(SOMERSET))


def nodes_of(run: Replication) -> dict[str, list[str]]:
    """Return the nodes at which each team works and each panel decides."""
    found: dict[str, list[str]] = {}
    for node in run.prepared.network.pathway:
        if isinstance(node, Work | Decision):
            station = node.team if isinstance(node, Work) else node.panel
            found.setdefault(station, []).append(node.name)
    return found


def present(log: Log, nodes: list[str], low: int, high: int) -> int:
    """Return the sum over the minutes of a window of the number present, from the events."""
    events = log.events
    here = events[events["node"].isin(nodes) & events["event"].isin(["join", "end"])]
    change = np.where(here["event"] == "join", 1, -1)
    minutes = here["minute"].to_numpy()
    number = change[minutes < low].sum()
    inside = (minutes >= low) & (minutes < high)
    steps, order = change[inside], np.argsort(minutes[inside], kind="stable")
    times = np.concatenate([[low], minutes[inside][order], [high]])
    levels = number + np.concatenate([[0], np.cumsum(steps[order])])
    assert (levels >= 0).all()
    return int((np.diff(times) * levels).sum())


def visits_of(log: Log, nodes: list[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return when each visit joined and ended, the end of the run where it did not."""
    places = [log.nodes.index(name) for name in nodes]
    visits = log.visits[np.isin(log.visits[:, 1], places)]
    return visits[:, 2], np.where(visits[:, 4] == NOT_YET, log.until, visits[:, 4])


def test_littles_law_holds_to_the_minute_at_every_team_and_panel(somerset: Replication) -> None:
    timeline, log = somerset.prepared.network.timeline, somerset.log
    low, high = (timeline.minute(day) for day in WINDOW)
    stations = nodes_of(somerset)
    assert len(stations) == 5
    for station, nodes in stations.items():
        joined, ended = visits_of(log, nodes)
        mine = (joined >= low) & (joined < high)
        time = (ended - joined)[mine]
        beyond = (ended - np.maximum(joined, high)).clip(0)[mine].sum()
        before = (np.minimum(ended, high) - low).clip(0)[joined < low].sum()
        arrivals, mean_time = int(mine.sum()), time.sum() / mine.sum()
        mean_present = present(log, nodes, low, high) / (high - low)
        assert arrivals > 500, station
        assert present(log, nodes, low, high) == time.sum() - beyond + before, station
        # And as it is usually written, with the corrections for both ends of the window.
        corrected = arrivals / (high - low) * mean_time + (before - beyond) / (high - low)
        assert mean_present == pytest.approx(corrected, rel=1e-9), station


def test_the_queue_of_the_workload_is_that_of_the_events(somerset: Replication) -> None:
    """At the end of each month: joined and not yet started."""
    log, network = somerset.log, somerset.prepared.network
    ends = (np.flatnonzero(np.diff(network.timeline.month, append=-1)) + 1) * MINUTES_A_DAY
    table = workload(log, network).frame()
    events = log.events
    for team in network.teams:
        here = events[events["node"].isin(nodes_of(somerset)[team])]
        joins, starts = (
            np.sort(here.loc[here["event"] == kind, "minute"].to_numpy())
            for kind in ("join", "start")
        )
        waits = np.searchsorted(joins, ends) - np.searchsorted(starts, ends)  # before that minute
        assert table.loc[team, "queue"].tolist() == waits.tolist()


def test_the_hours_worked_are_the_hours_of_the_jobs(somerset: Replication) -> None:
    """Over the whole run: every minute of a finished job once, and of one in hand a part."""
    log, network = somerset.log, somerset.prepared.network
    table = (
        workload(log, network).frame().groupby("team")[["worked_minutes", "offered_minutes"]].sum()
    )
    for team in network.teams:
        places = [log.nodes.index(name) for name in nodes_of(somerset)[team]]
        visits = log.visits[np.isin(log.visits[:, 1], places) & (log.visits[:, 5] >= 0)]
        done = visits[visits[:, 4] != NOT_YET, 6].sum()
        in_hand = visits[visits[:, 4] == NOT_YET, 6].sum()
        assert done <= table.loc[team, "worked_minutes"] <= done + in_hand


def requests_of(run: Replication) -> Timings:
    requests = run.prepared.cases["kind"].isin([m.REQUEST_CASE, m.REQUEST_AGAIN])
    timeline = run.prepared.network.timeline
    return Timings.of(run.log, timeline, ["schools"], int(requests.sum()))


def test_requests_in_are_requests_out_in_dispute_and_open(somerset: Replication) -> None:
    timings, log = requests_of(somerset), somerset.log

    def count(name: str) -> int:
        return int((log.reached(name) != NOT_YET).sum())

    outcomes = (m.FINAL_PLAN, m.REFUSAL_STANDS, m.NO_PLAN, m.WITHDRAWN)
    ended = sum(count(outcome) for outcome in outcomes)
    refused = (timings.refused != NOT_YET) & (timings.ordered == NOT_YET)
    no_plan = (timings.no_plan != NOT_YET) & (timings.ordered_to_issue == NOT_YET)
    in_dispute = int(refused.sum()) - count(m.REFUSAL_STANDS)
    in_dispute += int(no_plan.sum()) - count(m.NO_PLAN)
    still_open = int(backlog(timings).frame()["open_cases"].iloc[-1])
    assert (timings.received != NOT_YET).sum() == ended + in_dispute + still_open


@pytest.mark.parametrize("kind", m.KINDS_OF_CASE)
def test_cases_of_each_kind_that_come_in_are_out_or_at_a_node(
    somerset: Replication, kind: str
) -> None:
    """Each has come to one end, or has a visit that is not over."""
    log = somerset.log
    ends = [place for place, one in enumerate(log.kinds) if one == "end"]
    at_an_end = np.isin(log.visits[:, 1], ends) & (log.visits[:, 4] != NOT_YET)
    ended = np.bincount(log.visits[at_an_end, 0], minlength=len(log.arrived))
    places = np.array([one != "start" for one in log.kinds])
    not_over = (log.visits[:, 4] == NOT_YET) & places[log.visits[:, 1]]
    in_hand = np.bincount(log.visits[not_over, 0], minlength=len(log.arrived))
    mine = (somerset.prepared.cases["kind"] == kind).to_numpy()
    came = mine & (log.arrived != NOT_YET) & (log.arrived < log.until)
    assert came.sum() > 100
    assert (ended[came] <= 1).all()
    assert ((ended > 0) | (in_hand > 0))[came].all()
    assert not (ended | in_hand)[mine & ~came].any()


def test_the_steps_at_which_cases_wait_add_up_to_the_open_cases(somerset: Replication) -> None:
    timings = requests_of(somerset)
    table = waiting(timings).frame()
    assert (table[list(STEPS)].sum(axis=1) == backlog(timings).frame()["open_cases"]).all()
    assert (table >= 0).all(axis=None)


def test_the_outcomes_of_a_years_requests_add_up_to_one(somerset: Replication) -> None:
    timings = requests_of(somerset)
    table = cohort(timings).frame().dropna()
    np.testing.assert_allclose(table.sum(axis=1), 1, rtol=0, atol=1e-12)
    assert ((table >= 0) & (table <= 1)).all(axis=None)
