"""What comes back of the hours that refusing saves, where theory knows it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from ehc_sim.experiment.refusing import what_refusing_costs
from ehc_sim.experiment.study import Plan
from ehc_sim.scenario import Scenario
from tests.scenario_files import change, smallshire, whole_service

pytestmark = pytest.mark.theory

ALWAYS = "from = 2023-01-01"
MANY_HANDS = "".join(
    [
        change("teams.educational psychologists.patches.North.posts", "set = 8", ALWAYS),
        change("teams.educational psychologists.patches.South.posts", "set = 6", ALWAYS),
        change("teams.plan writers.posts", "set = 8", ALWAYS),
        change("teams.senior officers.posts", "set = 4", ALWAYS),
        change("panels.weekly panel.cases", "set = 100", ALWAYS),
    ]
)
"""So many people that nothing waits, and a case takes as many hours whenever it comes."""

OVERTURNED_AT_ONCE = "".join(
    [
        change("teams.reviewing officers.posts", "set = 9", ALWAYS),
        change("disputes.appeals.share", "set = 0", ALWAYS),
        change("disputes.mediation.share", "set = 1", ALWAYS),
        change("disputes.mediation.agreed", "set = 1", ALWAYS),
        change("disputes.mediation.wait", "set = { mean_days = 1 }", ALWAYS),
        change("disputes.mediation.effort", "set = { mean_hours = 0.05 }", ALWAYS),
        change("disputes.support.uptake", "set = 0", ALWAYS),
        change("disputes.contents.new_plan", "set = 0", ALWAYS),
    ]
)


def highest(scenario: Scenario) -> pd.Series:
    """Return what refusing every second request costs against one in five."""
    return what_refusing_costs(scenario, [0.5, 0.2], Plan(replications=3)).iloc[-1]


def test_without_disputes_and_without_asking_again_nothing_comes_back(tmp_path: Path) -> None:
    row = highest(smallshire(tmp_path, MANY_HANDS))
    assert row["rate"] == 0.5
    assert row["saved_low"] > 0
    assert (row["share_back"], row["share_back_low"], row["share_back_high"]) == (0, 0, 0)
    assert row["net"] == pytest.approx(row["saved"])


def test_where_everything_is_overturned_at_once_nearly_all_comes_back(tmp_path: Path) -> None:
    """Every child that is refused is assessed a few days later, for as many hours.

    What is begun a few days later ends up to a week later: at most a week of the 52 falls out of
    the year at its end or into it at its start.
    """
    scenario = whole_service(tmp_path, MANY_HANDS + OVERTURNED_AT_ONCE)
    row = highest(scenario)
    assert row["overturned"] == pytest.approx(row["refusals"], rel=0.05)
    assert row["share_back"] == pytest.approx(1, abs=1 / 52 + 0.01)
    assert row["asked_again"] == 0


STRONGER_AT_THE_MARGIN = """
[disputes.mediation]
share = 1
agreed = 0.3
[disputes.appeals]
share = 0
after_mediation = 0
[disputes.margin]
refused = 0.2
times = 2
"""


def test_more_of_the_refusals_are_overturned_where_more_is_refused(tmp_path: Path) -> None:
    """At the share of the count 0.3; at twice it 0.6, the cases between the two 0.9."""
    at_once = change("disputes.mediation.wait", "set = { mean_days = 1 }", ALWAYS)
    no_help = change("disputes.support.uptake", "set = 0", ALWAYS)
    text = STRONGER_AT_THE_MARGIN + MANY_HANDS + at_once + no_help
    scenario = whole_service(tmp_path, text)
    low, high = what_refusing_costs(scenario, [0.2, 0.4], Plan(replications=4)).itertuples()
    for row, share in ((low, 0.3), (high, 0.6)):
        of_all = row.refusals * 4  # a year, of four futures; more than one year is judged
        assert row.share_overturned == pytest.approx(row.overturned / row.mediated)
        assert abs(row.share_overturned - share) < 4.5 * (share * (1 - share) / of_all) ** 0.5
        assert row.share_overturned_low < row.share_overturned < row.share_overturned_high
