"""Requests that are not made because more children are supported in school without a plan."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.experiment.replication import Replicator
from ehc_sim.journey.prepare import Prepared
from ehc_sim.journey.school_support import share_not_made
from ehc_sim.measures.team_hours import workload
from ehc_sim.scenario import BadInput, Scenario
from ehc_sim.scenario.agreement import faults_of_options, is_choice
from tests.big_draws import big_draw, holds
from tests.runs import SEED, run_once
from tests.scenario_files import change, smallshire, whole_service

pytestmark = pytest.mark.unit

FEWER, RAMP = "requests.school_support.fewer", "requests.school_support.ramp_months"
TIMELINE = Timeline.england(date(2023, 1, 1), date(2026, 12, 31), SchoolTerms())
FROM = date(2025, 4, 1)
A_MONTH = 365.25 / 12


def supported(folder: Path, share: str, *rest: str) -> Scenario:
    """Return the whole service in which a share of requests is not made from April 2025 on."""
    return whole_service(folder, change(FEWER, f"set = {share}", f"from = {FROM}", *rest))


def on(scenario: Scenario, day: date) -> float:
    share = share_not_made(TIMELINE, scenario.drawn(lambda key: 0.5))
    return float(share[(day - TIMELINE.first_day).days])


def firsts(run: Prepared) -> pd.DataFrame:
    """Return the requests that are made for the first time, and who they are about."""
    columns = ["number", "minute", "source", "age", "need", "area"]
    cases = run.cases
    return cases.loc[cases["kind"] == "request", columns].reset_index(drop=True)


def test_a_share_is_reached_evenly_over_its_months_and_given_up_over_them(tmp_path: Path) -> None:
    """Over two months to 0.2, of which a month is gone on 1 May; then back, from 0.2, over two."""
    months = change(RAMP, "set = 2", f"from = {FROM}")
    scenario = whole_service(
        tmp_path, months + change(FEWER, "set = 0.2", f"from = {FROM}", "until = 2025-12-31")
    )
    assert on(scenario, date(2025, 3, 31)) == 0
    assert on(scenario, FROM) == pytest.approx(0.2 * 0.5 / (2 * A_MONTH))
    assert on(scenario, date(2025, 5, 1)) == pytest.approx(0.2 * 30.5 / (2 * A_MONTH))
    assert on(scenario, date(2025, 6, 1)) == on(scenario, date(2025, 12, 31)) == 0.2
    assert on(scenario, date(2026, 1, 1)) == pytest.approx(0.2 * (1 - 0.5 / (2 * A_MONTH)))
    assert on(scenario, date(2026, 3, 4)) == pytest.approx(0)


def test_a_share_that_is_lowered_on_its_way_gives_up_the_rest_over_its_months(
    tmp_path: Path,
) -> None:
    """Of 0.4 over 121.75 days, 0.3 is given up over as many days from the thirty-first on."""
    text = change(RAMP, "set = 4", f"from = {FROM}") + change(FEWER, "set = 0.4", f"from = {FROM}")
    scenario = whole_service(tmp_path, text + change(FEWER, "set = 0.1", "from = 2025-05-01"))
    midday = (0.4 * 30.5 - 0.3 * 0.5) / (4 * A_MONTH)
    assert on(scenario, date(2025, 5, 1)) == pytest.approx(midday)
    assert on(scenario, date(2026, 12, 31)) == pytest.approx(0.1)


@pytest.mark.parametrize("months", ["0", "4", "12"])
@pytest.mark.parametrize(
    "more",
    [
        change(FEWER, "add = 0.1", "from = 2025-06-01"),
        change(FEWER, "set = 0.5", "from = 2025-09-16"),
        change(FEWER, "multiply = 1.1", "from = 2025-06-01", "until = 2025-07-31"),
        change(FEWER, "add = 0.1", "from = 2025-06-01")
        + change(RAMP, "set = 24", "from = 2025-06-01"),
    ],
)
def test_more_support_never_leaves_more_requests(tmp_path: Path, months: str, more: str) -> None:
    text = change(RAMP, f"set = {months}", f"from = {FROM}")
    text += change(FEWER, "set = 0.4", f"from = {FROM}")
    without, beside = (
        share_not_made(TIMELINE, whole_service(tmp_path, one).drawn(lambda key: 0.5))
        for one in (text, text + more)
    )
    assert (beside >= without - 1e-12).all()
    assert beside.max() > without.max() or "until" in more
    assert beside.sum() > without.sum() + 0.1


def test_support_that_stops_on_its_way_takes_away_no_requests_at_once(tmp_path: Path) -> None:
    """With a ramp of nothing from then on: what was under way does not count against it."""
    text = change(RAMP, "set = 12", f"from = {FROM}", "until = 2025-05-31")
    text += change(FEWER, "set = 0.4", f"from = {FROM}", "until = 2025-05-31")
    share = share_not_made(TIMELINE, whole_service(tmp_path, text).drawn(lambda key: 0.5))
    assert (share >= 0).all()
    assert share[(date(2025, 6, 1) - TIMELINE.first_day).days] == 0
    assert share[-1] == pytest.approx(0)


def test_the_requests_that_are_left_are_the_same_requests(tmp_path: Path) -> None:
    """Of 20,000 a fifth is not made after 1 April 2025, at once; a tenth is among them."""
    without = firsts(big_draw(whole_service(tmp_path)))
    tenth, fifth = (firsts(big_draw(supported(tmp_path, share))) for share in ("0.1", "0.2"))
    assert set(fifth["number"]) < set(tenth["number"]) < set(without["number"])
    after = (without["minute"] >= TIMELINE.minute(FROM)).to_numpy()
    for some, share in ((tenth, 0.1), (fifth, 0.2)):
        made = without["number"].isin(some["number"]).to_numpy()
        assert made[~after].all()
        assert holds(~made[after], share)
        pd.testing.assert_frame_equal(some, without[made].reset_index(drop=True))


def test_every_request_that_is_left_has_its_own_random_numbers(tmp_path: Path) -> None:
    runs = [big_draw(s) for s in (whole_service(tmp_path), supported(tmp_path, "0.3"))]
    kept = np.isin(*(firsts(run)["number"] for run in runs))
    for name in ("drafting minutes", "assess option", "educational psychologist: advice minutes"):
        every, some = (run.draw.quantities[name].values[0] for run in runs)
        np.testing.assert_array_equal(every[: len(kept)][kept], some[: kept.sum()], err_msg=name)


def test_an_uncertain_share_is_another_in_each_future(tmp_path: Path) -> None:
    """From 0 to 0.2 with 0.1 likely: 0 in the first future, 0.1 in the middle, 0.2 in the last."""
    scenario = supported(tmp_path, "{ low = 0, likely = 0.1, high = 0.2 }")
    found = [
        share_not_made(TIMELINE, scenario.drawn(lambda key, u=u: u))[-1] for u in (0.0, 0.5, 1.0)
    ]
    assert found == pytest.approx([0, 0.1, 0.2])


def test_all_requests_may_be_met_in_school_and_no_work_is_left(tmp_path: Path) -> None:
    run = run_once(smallshire(tmp_path, change(FEWER, "set = 1", f"from = {FROM}")))
    assert (run.log.arrived < TIMELINE.minute(FROM)).all()
    hours = workload(run.log, run.prepared.network)
    assert hours.column("worked_minutes")[-1] == 0


def test_what_support_costs_a_year_is_a_line_of_whoever_pays(tmp_path: Path) -> None:
    """36,525 pounds a year are 100 a day: 36,500 from April 2025 to March 2026."""
    rest = (f"from = {FROM}", "yearly_cost = 36_525", 'funded_by = "high-needs block"')
    replicator = Replicator(smallshire(tmp_path, change(FEWER, "set = 0.1", *rest)), SEED)
    costs = replicator.tables(replicator.runs([0])[0])["costs_by_year"]
    place = list(costs.index).index(("2025/26", 12, "high-needs block"))
    assert costs.column("changes")[place] == pytest.approx(36_500)


def test_it_is_a_choice_that_is_compared_with_today(tmp_path: Path) -> None:
    """With its ramp from the same day; a ramp of the whole run is another past, and refused."""
    today, option = smallshire(tmp_path), smallshire(tmp_path, change(FEWER, "set = 0.1"))
    months = change(RAMP, "set = 12") + change(FEWER, "set = 0.1")
    for one in (option, smallshire(tmp_path, months)):
        assert not faults_of_options([today, one])
        assert is_choice(today, one)
    whole_run = smallshire(tmp_path, f"[requests.school_support]\nramp_months = 12\n{months}")
    assert faults_of_options([today, whole_run])


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("[requests.school_support]\nfewer = 0.1\n", "2023-01-01"),
        (
            change(FEWER, "set = { low = 0, likely = 0.1, high = 0.2 }", "from = 2024-06-01"),
            "2024-06-01",
        ),
    ],
)
def test_fewer_requests_before_the_plan_are_refused(tmp_path: Path, text: str, since: str) -> None:
    with pytest.raises(BadInput, match=f"{FEWER}: found .* from {since}, allowed is a change"):
        whole_service(tmp_path, text)
