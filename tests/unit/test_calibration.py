"""A calibration: what counts as a figure, what is unknown, and what comes out of a small one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.calibration import calibrate as job
from ehc_sim.calibration import fit
from ehc_sim.calibration.calibrate import Calibration, calibrate
from ehc_sim.calibration.forward import CutShort, Reader, simulated
from ehc_sim.calibration.structures import MIXED, OTHER_WORK, PLAIN, UNEVEN, structures_of
from ehc_sim.calibration.targets import Target, targets_of
from ehc_sim.calibration.unknowns import Structure
from ehc_sim.calibration.widths import WIDTHS
from ehc_sim.experiment.published import Published, read_published
from ehc_sim.experiment.replication import Replicator
from ehc_sim.jobs import calibration_folder
from ehc_sim.scenario import BadInput, Scenario, load
from ehc_sim.scenario.members import read_members
from tests.calibrations import FIGURES, council
from tests.runs import SEED

pytestmark = pytest.mark.unit

LAST = date(2024, 12, 31)
ON_TIME = "educational psychologists"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return council(tmp_path_factory.mktemp("council"))


@pytest.fixture(scope="module")
def smallshire(file: Path) -> Scenario:
    return load(file)


@pytest.fixture(scope="module")
def targets(file: Path, smallshire: Scenario) -> tuple[Target, ...]:
    figures = read_published(file.with_name("published.csv"), smallshire.base)
    return targets_of(figures, date(2023, 1, 1), LAST)


@pytest.fixture(scope="module")
def structures(smallshire: Scenario, targets: tuple[Target, ...]) -> tuple[Structure, ...]:
    return structures_of(smallshire, targets, LAST, WIDTHS)


@pytest.fixture(scope="module")
def found(smallshire: Scenario) -> Calibration:
    return calibrate(smallshire, drawn=6, kept=5, rounds=1)


def test_figures_that_are_judged_or_fitted_count_and_others_are_checks(
    targets: tuple[Target, ...],
) -> None:
    told = [(one.period, one.figure.measure) for one in targets]
    assert told == [
        ("2023", "completed"),
        ("2024", "completed"),
        ("2024", "issued_on_time"),
        ("2024-11", "open_cases"),
    ]
    assert [one.near for one in targets] == pytest.approx([0.05, 0.05, 0.05, 0.12])


@pytest.mark.parametrize(
    ("share", "below"), [(0.0, False), (0.02, False), (0.5, False), (0.98, True)]
)
def test_a_share_may_be_off_by_as_many_points_towards_the_middle(share: float, below: bool) -> None:
    figure = Published(2024, "issued_on_time", "all", "all", share, "", True, "")
    target = Target(figure, 0.05)
    here = target.scaled(np.array(share))
    there = target.scaled(np.array(share - 0.05 if below else share + 0.05))
    assert abs(float(there - here)) == pytest.approx(target.error)
    assert target.plain(target.scaled(np.array([share]))) == pytest.approx([share], abs=1e-12)


def test_periods_that_are_not_looked_at_whole_do_not_count(smallshire: Scenario) -> None:
    year = Published(2024, "completed", "all", "all", 150.0, "10%", False, "")
    quarter = replace(year, quarter="2024-Q3")
    month = replace(year, measure="open_cases", month="2024-10")
    every = (year, quarter, month)
    assert [one.period for one in targets_of(every, date(2023, 1, 1), date(2024, 9, 30))] == [
        "2024-Q3"
    ]
    assert len(targets_of(every, date(2024, 1, 1), LAST)) == 3
    assert [one.period for one in targets_of(every, date(2024, 1, 2), LAST)] == [
        "2024-Q3",
        "2024-10",
    ]


def test_each_explanation_sets_the_same_numbers(structures: tuple[Structure, ...]) -> None:
    assert [one.name for one in structures] == [PLAIN, MIXED, UNEVEN]
    made = [one.columns(np.zeros((1, len(one.unknowns)))) for one in structures]
    assert made[0].keys() == made[1].keys() == made[2].keys()


def test_under_one_queue_every_post_serves_every_area(structures: tuple[Structure, ...]) -> None:
    some = np.random.default_rng(1).standard_normal((7, 60))
    plain, _, uneven = (one.columns(some[:, : len(one.unknowns)]) for one in structures)
    for after in ("", " from 2024-07-01"):
        whole, north, south = (
            f"teams.{ON_TIME}.{name}posts{after}"
            for name in ("", "patches.North.", "patches.South.")
        )
        assert (plain[whole] > 0).all()
        assert (plain[north] == 0).all()
        assert (uneven[whole] == 0).all()
        np.testing.assert_allclose(uneven[north] + uneven[south], plain[whole], rtol=1e-4)
    assert len(set(uneven[north] / uneven[south])) == 7


def test_what_is_assumed_is_the_middle_of_each_number(
    smallshire: Scenario, structures: tuple[Structure, ...]
) -> None:
    plain = structures[0]
    made = plain.columns(np.zeros((1, len(plain.unknowns))))
    assert made["decision_to_assess.refused from 2024-01-01"][0] == pytest.approx(0.2)
    assert made["advice.health.turnaround.mean_days"][0] == 38
    # 120 and 150 advices a year at 12 hours, by posts of 37 hours a week for 217 days, 55% of them
    # on this work, which is more than new advice.
    of_a_post = 217 * 37 / 5 * 0.55
    for after, advices in ((" from 2023-07-01", 120), (" from 2024-01-01", 150)):
        needed = advices * 12 / of_a_post * OTHER_WORK
        assert made[f"teams.{ON_TIME}.posts{after}"][0] == pytest.approx(needed, rel=1e-4)


def test_no_figure_tells_of_a_number_that_comes_after_it(
    structures: tuple[Structure, ...], targets: tuple[Target, ...]
) -> None:
    may = job._may_move(structures[0], targets)
    late = [i for i, one in enumerate(structures[0].unknowns) if one.since >= date(2024, 1, 1)]
    assert not may[late, 0].any()
    after = [i for i, one in enumerate(structures[0].unknowns) if one.since > LAST]
    assert after
    assert not may[after].any()
    assert may[0].all()


def test_a_run_cut_short_is_the_first_part_of_the_whole(
    smallshire: Scenario, structures: tuple[Structure, ...], targets: tuple[Target, ...]
) -> None:
    plain = structures[0]
    members = job.members_of([plain], [np.zeros((2, len(plain.unknowns)))], [1.0])
    scenario = smallshire.with_members(members)
    whole, cut = Replicator(scenario, SEED), CutShort(scenario, SEED, LAST, {3: 0})
    told = [
        Reader(targets)(replicator, replicator.run(next(iter(replicator.drawn([3])))))
        for replicator in (whole, cut)
    ]
    np.testing.assert_array_equal(*told)


def test_processes_and_the_others_make_no_difference_to_a_member(
    smallshire: Scenario, structures: tuple[Structure, ...], targets: tuple[Target, ...]
) -> None:
    plain = structures[0]
    unknowns = np.random.default_rng(2).standard_normal((9, len(plain.unknowns)))
    scenario = smallshire.with_members(job.members_of([plain], [unknowns], [1.0]))
    every = simulated(scenario, SEED, range(9), targets, LAST)
    alone = smallshire.with_members(job.members_of([plain], [unknowns[8:]], [1.0]))
    np.testing.assert_array_equal(every[8:], simulated(alone, SEED, [8], targets, LAST))


def test_an_explanation_keeps_a_fifth_unless_it_is_ruled_out(found: Calibration) -> None:
    weights = [one.weight for one in found.explained]
    assert sum(weights) == pytest.approx(1)
    assert all(weight == 0 or weight >= 0.2 for weight in weights)
    shares = found.members.shares
    assert shares == pytest.approx(
        {one.structure.name: one.weight for one in found.explained if one.weight}
    )


def test_the_same_seed_gives_the_same_members(smallshire: Scenario, found: Calibration) -> None:
    again = calibrate(found.scenario, drawn=6, kept=5, rounds=1)  # those it has are left out
    assert again.members.digest == found.members.digest
    pd.testing.assert_frame_equal(fit.fit_table(again), fit.fit_table(found))


def test_what_is_written_is_read_and_the_baseline_names_it(
    found: Calibration, tmp_path: Path
) -> None:
    file = council(tmp_path)
    scenario = load(file).with_members(found.members)
    written = calibration_folder.write(replace(found, scenario=scenario))
    assert written.named
    read = load(file)
    assert read.members == read_members(written.members)
    np.testing.assert_allclose(read.members.values, found.members.values)
    page = written.page.read_text(encoding="utf-8")
    assert "What to measure next" in page
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    again = calibration_folder.write(replace(found, scenario=read))
    assert not again.named
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_numbers_of_which_nothing_is_told_stay_as_wide(found: Calibration) -> None:
    numbers = fit.numbers_table(found)
    after = numbers[~numbers["learned"]]
    assert not after.empty
    assert set(fit.fit_table(found)["explanation"]) == {fit.ALL, PLAIN, MIXED, UNEVEN}


@pytest.mark.parametrize(
    ("figures", "until"),
    [(FIGURES.replace("10%", "").replace("10 points", ""), None), (FIGURES, 2022)],
)
def test_without_a_figure_that_counts_nothing_is_calibrated(
    figures: str, until: int | None, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match="found no figure that members can be held against"):
        calibrate(load(council(tmp_path, figures)), until)


@pytest.mark.parametrize(
    ("what", "value", "day", "refused"),
    [
        ("decision_to_assess.refused", 0.3, "2024-03-01", False),
        ("draft_to_final.placement_wait.mean_days", 50, "2024-03-01", False),
        ("teams.plan writers.posts", 3, "2024-03-01", False),
        ("teams.educational psychologists.patches.North.posts", 2, "2024-03-01", True),
        ("teams.educational psychologists.patches.North.posts", 2, "2024-07-01", False),
        ("teams.educational psychologists.patches.North.posts", 2, "2025-03-01", False),
    ],
)
def test_a_file_that_sets_what_is_to_be_found_is_refused(
    what: str, value: float, day: str, refused: bool, targets: tuple[Target, ...], tmp_path: Path
) -> None:
    """What is published from a date is the middle of what is found from it."""
    more = f'[[change]]\nwhat = "{what}"\nset = {value}\nfrom = {day}\n'
    scenario = load(council(tmp_path, more=more))
    found = structures_of(scenario, targets, LAST, WIDTHS)
    if not refused:
        job._set_nowhere_else(scenario, found, LAST)
        return
    with pytest.raises(BadInput) as bad:
        job._set_nowhere_else(scenario, found, LAST)
    (line,) = str(bad.value).splitlines()
    assert "found one set from 2024-03-01, within what is calibrated; allowed is none up" in line


def test_a_baseline_without_figures_and_an_option_are_refused(tmp_path: Path) -> None:
    scenario = load(council(tmp_path))
    option = tmp_path / "option.toml"
    option.write_text('extends = "baseline.toml"\nname = "Another"\nwhy = "To see"\n')
    with pytest.raises(BadInput, match="allowed is a baseline"):
        calibration_folder.check(load(option))
    text = scenario.path.read_text().replace('published = "published.csv"\n', "")  # type: ignore[union-attr]
    (tmp_path / "baseline.toml").write_text(text)
    with pytest.raises(BadInput, match=r"council\.published: found none"):
        calibrate(load(tmp_path / "baseline.toml"))
