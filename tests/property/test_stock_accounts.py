"""The accounts of the stock of plans close in every replication of every whole service.

Plans at the start + issued + moved in - ceased - moved out = plans at the end, year by year; and
every plan has at any time exactly one next review, of which a phase transfer is one.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.experiment.replication import Replication, Replicator
from ehc_sim.journey import milestones as m
from ehc_sim.measures.plans import Stock, plans
from ehc_sim.network.log import NOT_YET
from ehc_sim.scenario import Scenario, load
from tests.plain_counts import reviews_to_come
from tests.runs import SEED
from tests.scenario_files import change, whole_service

pytestmark = pytest.mark.property

SOMERSET = Path(__file__).parents[2] / "scenarios" / "somerset" / "baseline.toml"

shares = st.sampled_from([0, 0.02, 0.1, 0.35])


@st.composite
def services(draw: st.DrawFn) -> str:
    """Return settings of a small whole service that differ from Smallshire's."""
    often = draw(st.sampled_from([(365, 182), (365, 120), (200, 90)]))
    refused = draw(st.sampled_from([0.05, 0.3, 0.6]))
    return f"""
[disputes]
ask_again = {draw(st.sampled_from([0.1, 0.3, 0.9]))}
no_plan_overturned = {draw(shares)}

[disputes.mediation]
share = {draw(shares)}

[disputes.appeals]
share = {draw(shares)}

[meetings]
share = {draw(st.sampled_from([0, 0.3, 1]))}

[plans]
times = {draw(st.sampled_from([0.2, 0.7, 1, 1.6]))}
moved_in_a_year = {draw(st.sampled_from([0, 6, 40]))}
moved_out_a_year = {draw(shares)}
ceased_a_year = {draw(shares)}

[plans.reviews]
every_days = {often[0]}
every_days_under_five = {often[1]}
amended = {draw(shares)}
ceased = {draw(shares)}
put_off = {{ share = {draw(shares)}, wait = {{ mean_days = 150, spread = 0.5 }} }}

[plans.phase_transfers]
infant_to_junior = {draw(shares)}
middle_school = {draw(shares)}
post_16_moves = {draw(shares)}

{change("decision_to_assess.refused", f"set = {refused}", "from = 2023-01-01")}
{change("plans.ceased_a_year", f"set = {draw(shares)}", "from = 2025-04-01")}
{
        change(
            "teams.reviewing officers.posts",
            f"set = {draw(st.sampled_from([1, 3, 6]))}",
            "from = 2024-01-01",
        )
    }
"""


def assert_accounts_close(run: Replication) -> None:
    timeline, cases = run.prepared.network.timeline, run.prepared.everybody
    table = plans(Stock.of(run.log, cases), timeline).frame()
    end = table["at_start"] + table["issued"] + table["moved_in"]
    end -= table["ceased"] + table["moved_out"]
    pd.testing.assert_series_equal(end, table["at_end"], check_names=False)
    np.testing.assert_array_equal(table["at_start"][1:], table["at_end"][:-1])
    at_start = cases.of_kind(m.PLAN_AT_START).sum()
    assert table["at_start"].iloc[0] == at_start
    issued = (run.log.reached(m.FINAL_PLAN) != NOT_YET).sum()
    assert table["issued"].sum() == issued
    ends = [
        day * MINUTES_A_DAY - 1 for day in (*range(45, len(timeline.days), 97), len(timeline.days))
    ]
    for minute in ends:
        assert (reviews_to_come(run, minute) == 1).all()
    assert len(reviews_to_come(run, ends[-1])) == table["at_end"].iloc[-1]


@settings(max_examples=15, deadline=None)
@given(text=services(), seed=st.integers(0, 10_000), replication=st.integers(0, 50))
def test_stock_accounts_close(text: str, seed: int, replication: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scenario = whole_service(Path(folder), text)
        (run,) = Replicator(scenario, seed).runs([replication])
    assert_accounts_close(run)


@settings(max_examples=15, deadline=None)
@given(text=services(), seed=st.integers(0, 10_000))
def test_the_ends_of_plans_are_those_of_the_draw(text: str, seed: int) -> None:
    """In the log nothing of a plan is begun after its end, whatever the settings."""
    with tempfile.TemporaryDirectory() as folder:
        (run,) = Replicator(whole_service(Path(folder), text), seed).runs([0])
    log, cases = run.log, run.prepared.everybody
    stock, holder = Stock.of(log, cases), cases.holder
    for first in ("review meeting", m.TRANSFER_MEETING):
        begun = log.joined(first)
        came = begun != NOT_YET
        assert (stock.opened[holder][came] <= begun[came]).all()
        assert (begun[came] < stock.closed[holder][came]).all()


@pytest.fixture(scope="module")
def somerset() -> Scenario:
    return load(SOMERSET)


def test_somersets_stock_accounts_close(somerset: Scenario) -> None:
    assert_accounts_close(Replicator(somerset, SEED).runs([0])[0])


@pytest.mark.slow
def test_somersets_stock_accounts_close_in_every_replication(somerset: Scenario) -> None:
    replicator = Replicator(somerset, SEED)
    for replication in range(5):
        assert_accounts_close(replicator.runs([replication])[0])
