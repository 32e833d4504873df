"""Runs of the small council that several tests compare."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from ehc_sim.experiment.replication import Replication, Replicator
from ehc_sim.network import Work
from ehc_sim.scenario import Scenario
from tests.scenario_files import smallshire

SEED = 20_250_101
SMALL_TEAMS = ("educational psychologists", "plan writers", "senior officers")


def run_once(scenario: Scenario, replication: int = 0) -> Replication:
    """Run one replication of a scenario."""
    return Replicator(scenario, SEED).runs([replication])[0]


def small_run(folder: Path, text: str = "", replication: int = 0) -> Replication:
    """Run one replication of Smallshire with some text added to its scenario."""
    return run_once(smallshire(folder, text), replication)


def events_before(run: Replication, day: date) -> pd.DataFrame:
    """Return what happened before a date, in an order that does not depend on the nodes' own."""
    events = run.log.events
    return ordered(events[events["minute"] < run.prepared.network.timeline.minute(day)])


def ordered(events: pd.DataFrame) -> pd.DataFrame:
    """Return events sorted by time, case, node and event."""
    return events.sort_values(["minute", "case", "node", "event"], ignore_index=True)


def assert_same_events(some: pd.DataFrame, others: pd.DataFrame, run: Replication) -> None:
    """Check that the same happened to the same cases, done by the same posts.

    The posts of a team are numbered in the order of its patches, so an added post may move the
    numbers of others. Each number must then stand for one post of its team throughout.
    """
    pd.testing.assert_frame_equal(some.drop(columns="resource"), others.drop(columns="resource"))
    teams = {
        node.name: node.team for node in run.prepared.network.pathway if isinstance(node, Work)
    }
    both = pd.DataFrame(
        {"team": some["node"].map(teams), "a": some["resource"], "b": others["resource"]}
    ).drop_duplicates()
    assert (both["team"].isna() <= (both["a"] == both["b"])).all()
    posts = both[both["team"].notna()]
    assert not posts.duplicated(["team", "a"]).any()
    assert not posts.duplicated(["team", "b"]).any()
