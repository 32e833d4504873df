"""Common random numbers of the whole service: parts and shares change only what they are about."""

from __future__ import annotations

import itertools
import re
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ehc_sim.journey import milestones as m
from ehc_sim.journey.prepare import Prepared
from ehc_sim.scenario import load
from tests.big_draws import big_draw
from tests.runs import run_once
from tests.scenario_files import SMALL, whole_service

pytestmark = pytest.mark.property

PARTS = ("disputes", "meetings", "plans")
PLACES = {"case of first review", "case of next review", "case asking again"}
"""Quantities that are places among the cases, which move where cases are added."""
REQUESTS = 2_000


def with_parts(folder: Path, *parts: str) -> Prepared:
    """Return Smallshire's draw with some parts of its whole service, and the team that does it."""
    for name in ("baseline.toml", "history.csv", "plans.csv"):
        shutil.copy(SMALL / name, folder / name)
    text = (SMALL / "whole_service.toml").read_text(encoding="utf-8")
    head, *blocks = re.split(r"\n(?=\[)", text)
    team = ("teams",) if {"disputes", "plans"} & set(parts) else ()
    wanted = [*parts, *team, "nothing else"]
    kept = [block for block in blocks if re.match(rf"\[({'|'.join(wanted)})\b", block)]
    whole = "\n".join([head, *kept])
    if "plans" not in parts:
        whole = re.sub(r"^reserved = .*$", "", whole, flags=re.MULTILINE)
    (folder / "parts.toml").write_text(whole, encoding="utf-8")
    return big_draw(load(folder / "parts.toml"), requests=REQUESTS)


def first_time(run: Prepared) -> NDArray[np.int64]:
    return np.flatnonzero(run.cases["kind"] == m.REQUEST_CASE)


def assert_same_requests(few: Prepared, more: Prepared) -> None:
    """Check that the requests which both have are alike in all that both know of them."""
    numbers = [run.cases["number"].to_numpy()[first_time(run)] for run in (few, more)]
    both = np.intersect1d(*numbers)
    assert len(both) > 0.9 * REQUESTS
    one, other = (
        cases[np.isin(number, both)]
        for cases, number in zip((first_time(few), first_time(more)), numbers, strict=True)
    )
    for column in ("number", "minute", "source", "age", "need", "area"):
        assert few.cases[column][one].tolist() == more.cases[column][other].tolist()
    for name in few.draw.quantities.keys() & more.draw.quantities.keys() - PLACES:
        of_few, of_more = few.draw.quantities[name], more.draw.quantities[name]
        if one[0] in of_few.cases and other[0] in of_more.cases:
            values = of_few.values[:, one - of_few.first], of_more.values[:, other - of_more.first]
            np.testing.assert_array_equal(*values, err_msg=name)


@pytest.mark.parametrize("parts", [("disputes",), ("meetings",), ("plans",), PARTS])
def test_parts_of_the_service_change_no_draw_of_the_requests(
    tmp_path: Path, parts: tuple[str, ...]
) -> None:
    alone, added = with_parts(tmp_path), with_parts(tmp_path, *parts)
    assert set(alone.draw.quantities) <= set(added.draw.quantities)
    assert_same_requests(alone, added)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_changes_no_draw_of_the_other_parts(tmp_path: Path, part: str) -> None:
    others = [one for one in PARTS if one != part]
    assert_same_requests(with_parts(tmp_path, *others), with_parts(tmp_path, *PARTS))


def test_parts_of_the_service_change_no_teams_days(tmp_path: Path) -> None:
    alone, whole = with_parts(tmp_path), with_parts(tmp_path, *PARTS)
    for name, team in alone.network.teams.items():
        posts = whole.network.teams[name].posts
        for one, other in zip(team.posts, posts, strict=True):
            np.testing.assert_array_equal(one.minutes, other.minutes)


# --- higher shares keep the same cases and add some ---


def ladder(folder: Path, part: str, setting: str, *shares: float) -> list[Prepared]:
    return [
        big_draw(whole_service(folder, f"[{part}]\n{setting} = {share}\n"), requests=REQUESTS)
        for share in shares
    ]


def chosen(run: Prepared, quantity: str, option: int) -> set[int]:
    """Return the numbers of the first-time requests, or of all cases, that have an option."""
    values = run.draw.quantities[quantity]
    cases = first_time(run) if values.first == 0 else np.array(values.cases)
    mine = values.values[-1][cases - values.first] == option
    return set(cases[mine].tolist())


@pytest.mark.parametrize(
    ("part", "setting", "quantity", "option"),
    [
        ("disputes", "ask_again", "ask again option", 1),
        ("disputes.support", "uptake", "support option", 1),
        ("disputes.mediation", "share", "dispute option", 1),
        ("disputes.mediation", "agreed", "mediation option", 0),
        ("disputes.appeals", "share", "dispute option", 2),
        ("disputes.appeals", "overturned", "appeal option", 0),
        ("disputes", "no_plan_overturned", "no plan overturned option", 1),
        ("disputes.contents", "new_plan", "new plan appeal option", 1),
        ("meetings", "share", "meeting option", 1),
        ("plans.reviews", "ceased", "ceased option", 1),
        ("plans.reviews", "amended", "amended option", 1),
        ("plans.reviews", "to_panel", "to the panel option", 1),
    ],
)
def test_a_higher_share_keeps_the_same_cases_and_adds_some(
    tmp_path: Path, part: str, setting: str, quantity: str, option: int
) -> None:
    runs = ladder(tmp_path, part, setting, 0.05, 0.2, 0.6)
    found = [chosen(run, quantity, option) for run in runs]
    for fewer, more in itertools.pairwise(found):
        assert fewer < more


def test_more_who_ask_again_are_the_same_second_requests_and_some_more(tmp_path: Path) -> None:
    few, many = ladder(tmp_path, "disputes", "ask_again", 0.1, 0.6)
    tables = []
    for run in (few, many):
        again = run.cases[run.cases["kind"] == m.REQUEST_AGAIN]
        tables.append(again.set_index("number"))
        tables[-1]["assess"] = run.draw.quantities["assess option"].values[-1][again.index]
    one, other = tables
    assert set(one.index) < set(other.index)
    columns = ["source", "age", "need", "area", "ends", "assess"]
    assert one[columns].equals(other.loc[one.index, columns])


def test_more_support_leaves_fewer_disputes_and_fewer_who_ask_again(tmp_path: Path) -> None:
    runs = ladder(tmp_path, "disputes.support", "uptake", 0, 0.3, 1)
    for fewer, more in itertools.pairwise(reversed(runs)):
        for quantity in ("dispute option", "ask again option"):
            assert chosen(more, quantity, 0) < chosen(fewer, quantity, 0)


@pytest.mark.parametrize("setting", ["ceased_a_year", "moved_out_a_year"])
def test_higher_shares_of_plans_that_end_end_the_same_plans_sooner(
    tmp_path: Path, setting: str
) -> None:
    runs = ladder(tmp_path, "plans", setting, 0, 0.1, 0.4)
    for fewer, more in itertools.pairwise(run.cases["ends"].to_numpy() for run in runs):
        assert (more <= fewer).all()
        assert (more < fewer).sum() > 50


@pytest.mark.parametrize(
    ("setting", "kind", "values"),
    [
        ("times", m.PLAN_AT_START, (0.3, 1, 1.7)),
        ("moved_in_a_year", m.PLAN_MOVED_IN, (2, 30, 90)),
    ],
)
def test_a_larger_stock_keeps_the_same_plans_and_adds_some(
    tmp_path: Path, setting: str, kind: str, values: tuple[float, ...]
) -> None:
    """With the same ends, and the same outcomes of their reviews."""
    runs = ladder(tmp_path, "plans", setting, *values)
    for few, many in itertools.pairwise(runs):
        one, other = (
            run.cases[run.cases["kind"] == kind].set_index("number") for run in (few, many)
        )
        assert set(one.index) < set(other.index)
        columns = ["minute", "age", "need", "area", "ends", "moves_out"]
        assert one[columns].equals(other.loc[one.index, columns])
        assert reviews_of(few, kind).items() <= reviews_of(many, kind).items()


def reviews_of(run: Prepared, kind: str) -> dict[tuple[int, int], int]:
    """Return whether each review amends, by number of the plan and of the review."""
    cases = run.cases
    holder = cases["holder"].to_numpy()
    kinds, numbers = cases["kind"].to_numpy(), cases["number"].to_numpy()
    mine = np.flatnonzero((kinds == m.REVIEW) & (kinds[holder] == kind))
    amended = run.draw.quantities["amended option"]
    keys = zip(numbers[holder[mine]].tolist(), numbers[mine].tolist(), strict=True)
    return dict(zip(keys, amended.values[-1][mine - amended.first].tolist(), strict=True))


def test_reviews_that_amend_more_often_change_no_other_number(tmp_path: Path) -> None:
    """And in the run nothing of the requests, until the work meets in the teams."""
    few, many = ladder(tmp_path, "plans.reviews", "amended", 0.1, 0.6)
    for name, quantity in few.draw.quantities.items():
        if name != "amended option":
            np.testing.assert_array_equal(quantity.values, many.draw.quantities[name].values)


def test_the_whole_service_runs_the_same_twice() -> None:
    scenario = load(SMALL / "whole_service.toml")
    one, other = run_once(scenario), run_once(scenario)
    np.testing.assert_array_equal(one.log.visits, other.log.visits)
    np.testing.assert_array_equal(one.log.arrived, other.log.arrived)
