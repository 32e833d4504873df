"""Classes of cases that a team takes ahead of others."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline
from ehc_sim.catalogue.measure import PRIORITY
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.simpy import run
from ehc_sim.experiment.replication import Replication, Replicator
from ehc_sim.journey import milestones as m
from ehc_sim.journey.priority import septembers, sorted_again
from ehc_sim.network import (
    AlwaysThere,
    Draw,
    End,
    Mark,
    Network,
    Pathway,
    Quantity,
    Rules,
    TeamPlan,
    Wait,
    Work,
)
from ehc_sim.network.log import NOT_YET
from ehc_sim.network.orders import AHEAD, FLAGS, ORDERS
from ehc_sim.scenario import Scenario
from ehc_sim.scenario.faults import BadInput
from tests.runs import SEED, run_once
from tests.scenario_files import change, whole_service

pytestmark = pytest.mark.unit

PAGE = Path(__file__).parents[2] / "docs" / "worked_cases.md"
SHARES = "[requests.priority]\nlooked_after = 0.1\nout_of_school = 0.05\n"
BY_AGE = 'out_of_school_by_age = { "11-15" = 3, "0-4" = 0 }\n'
TEAM = 'teams."educational psychologists"'
AHEAD_OF_ALL = 'ahead = ["ordered", "looked after", "out of school", "starting or moving school"]'
MONDAY = date(2025, 9, 1)
TIMELINE = Timeline.england(MONDAY, date(2026, 9, 30), SchoolTerms())
HOUR, DAY = 60, MINUTES_A_DAY


@cache
def ran(folder: Path, text: str) -> Replication:
    folder.mkdir(exist_ok=True)
    return run_once(whole_service(folder, text))


# --- by hand: one post that is always there, and jobs of an hour ---


def taken(
    flags: list[int], *rules: Rules, arrived: list[int] | None = None, sort: tuple[int, ...] = ()
) -> list[int]:
    """Return the cases in the order in which the post takes them; both models must agree."""
    cases = len(flags)
    work = Work("assess", "team", "minutes", "out", "assessments")
    team = TeamPlan((AlwaysThere(),), rules, sorted_again=sort)
    network = Network(Pathway([work, End("out", "out")]), TIMELINE, {"team": team})
    minutes = np.arange(cases) if arrived is None else np.array(arrived)
    quantities = {"minutes": Quantity.constant([HOUR] * cases), AHEAD: Quantity.constant(flags)}
    draw = Draw(minutes.astype(np.int64), quantities)
    log = run(network, draw)
    assert np.array_equal(log.visits, run_compiled(network, draw).visits)
    of_work = log.visits[log.visits[:, 1] == 0]
    return of_work[np.argsort(of_work[:, 3], kind="stable")][:, 0].tolist()


LOOKED_AFTER, OUT_OF_SCHOOL = FLAGS["looked after"], FLAGS["out of school"]
FIVE = [0, 0, OUT_OF_SCHOOL, LOOKED_AFTER, LOOKED_AFTER | OUT_OF_SCHOOL]


def of_the_page() -> list[tuple[str, tuple[str, ...], list[int]]]:
    """Return the order, the classes and the jobs as taken of each line of the worked page."""
    section = PAGE.read_text(encoding="utf-8").split("## Who is taken first")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    found = []
    for order, ahead, jobs in rows[2:]:
        named = () if ahead.strip() == "nobody" else tuple(ahead.strip().split("; "))
        found.append((order.strip(), named, [int(job) for job in jobs.split(",")]))
    return found


def test_the_first_named_goes_first_and_the_order_holds_within_a_class() -> None:
    lines = of_the_page()
    assert len(lines) == 5
    for order, ahead, jobs in lines:
        assert taken(FIVE, Rules(order=order, ahead=ahead)) == jobs  # type: ignore[arg-type]


@pytest.mark.parametrize("order", ORDERS)
def test_every_order_of_work_holds_within_a_class_as_it_does_alone(order: str) -> None:
    flags = [0, *[LOOKED_AFTER] * 6]
    alone = taken([0] * 7, Rules(order=order))  # type: ignore[arg-type]
    assert taken(flags, Rules(order=order, ahead=("looked after",))) == alone  # type: ignore[arg-type]


def test_classes_that_are_taken_up_on_a_date_move_what_waits() -> None:
    later = Rules(starts=2 * HOUR, ahead=("looked after",))
    assert taken(FIVE, Rules(), later) == [0, 1, 3, 4, 2]
    assert taken(FIVE, Rules(ahead=("looked after",)), Rules(starts=2 * HOUR)) == [0, 3, 1, 2, 4]


def test_what_waited_long_goes_first_even_where_the_newest_do() -> None:
    """One case a quarter of an hour, jobs of an hour: with the newest first, the oldest wait on."""
    flags, arrived = [0] * 10, [quarter * 15 for quarter in range(10)]
    newest = taken(flags, Rules(order="newest"), arrived=arrived)
    assert newest == [0, 4, 8, 9, 7, 6, 5, 3, 2, 1]
    guarded = Rules(order="newest", ahead=("waited long",), waited=200)
    # At minute 240 those that came by minute 30 have waited for more than 200; the oldest first.
    assert taken(flags, guarded, arrived=arrived, sort=(240,)) == [0, 4, 8, 9, 1, 2, 7, 6, 5, 3]
    # It is looked at when the list is sorted, not in between.
    assert taken(flags, guarded, arrived=arrived) == newest
    assert taken(flags, guarded, arrived=arrived, sort=(215,)) == newest  # 0 was taken, 1 is at 200


def test_a_class_comes_before_those_that_waited_long_where_it_is_named_first() -> None:
    flags, arrived = [0, 0, 0, LOOKED_AFTER], [0, 1, 2, 100]
    first = Rules(ahead=("looked after", "waited long"), waited=30)
    then = Rules(ahead=("waited long", "looked after"), waited=30)
    assert taken(flags, first, arrived=arrived, sort=(110,)) == [0, 1, 3, 2]
    assert taken(flags, then, arrived=arrived, sort=(110,)) == [0, 1, 2, 3]


def test_an_order_puts_a_case_ahead_from_then_on() -> None:
    """Two cases wait for the same time before work, and the later of the two was ordered."""
    nodes = [
        Wait("wait", "days", "ordered?"),
        Mark("ordered?", "assess", ordered=True),
        Work("assess", "team", "minutes", "out", "assessments"),
        Work("other", "team", "minutes", "out", "assessments"),
        End("out", "out"),
    ]
    pathway = Pathway(nodes, ("wait", "other"))
    team = TeamPlan((AlwaysThere(),), (Rules(ahead=("ordered",)),))
    network = Network(pathway, TIMELINE, {"team": team})
    draw = Draw(
        np.array([0, DAY - 30, DAY - 29, DAY - 28]),
        {
            "minutes": Quantity.constant([HOUR] * 4),
            "days": Quantity.constant([1] * 4),
            AHEAD: Quantity.constant([0] * 4),
        },
        entry=np.array([0, 1, 1, 1]),
    )
    log = run(network, draw)
    assert np.array_equal(log.visits, run_compiled(network, draw).visits)
    works = log.visits[np.isin(log.visits[:, 1], [2, 3])]
    # Case 0 comes back at the start of day 1, joins last of all, and is taken next.
    joined = works[works[:, 0] == 0][0, 2]
    started = dict(zip(works[:, 0].tolist(), works[:, 3].tolist(), strict=True))
    assert joined == DAY
    assert sorted(started, key=started.__getitem__) == [1, 0, 2, 3]


# --- who is in a class ---


def flags_of(replication: Replication) -> np.ndarray:
    prepared = replication.prepared
    return prepared.draw.quantities[AHEAD].values[:, prepared.everybody.holder]


def test_shares_are_those_of_the_file_and_follow_the_age(tmp_path: Path) -> None:
    run_ = ran(tmp_path, SHARES + BY_AGE)
    flags, cases = flags_of(run_)[0], run_.prepared.cases
    holders = (cases["holder"] == np.arange(len(cases))).to_numpy()
    first = holders & (cases["kind"] != m.REQUEST_AGAIN).to_numpy()
    group = cases["age_group"].astype(str).to_numpy()

    def share(flag: int, which: np.ndarray) -> float:
        return float((flags[which] & flag > 0).mean())

    def sure(of: float, which: np.ndarray) -> float:
        return 4 * np.sqrt(of * (1 - of) / which.sum())

    assert abs(share(1, first) - 0.1) < sure(0.1, first)
    of_age = {"5-10": 0.05, "11-15": 0.15, "16-25": 0.05}
    for name, expected in of_age.items():
        which = first & (group == name)
        assert abs(share(2, which) - expected) < sure(expected, which)
    assert not (flags[first & (group == "0-4")] & 2).any()


def test_a_class_is_the_childs_in_every_request_review_and_transfer(tmp_path: Path) -> None:
    run_ = ran(tmp_path, SHARES + BY_AGE)
    flags = flags_of(run_)
    again = run_.prepared.draw.quantities["case asking again"].values[0]
    asking = np.flatnonzero(again != np.arange(len(again)))
    assert len(asking) > 20
    assert np.array_equal(flags[:, asking], flags[:, again[asking]])


def test_those_who_move_school_are_those_of_the_three_years_before_september(
    tmp_path: Path,
) -> None:
    """Born from 1 September to 31 August: 4, 11 or 16 on the last day of the school year."""
    run_ = ran(tmp_path, SHARES + BY_AGE)
    quantity = run_.prepared.draw.quantities[AHEAD]
    timeline = run_.prepared.network.timeline
    days = [str(timeline.days[start // DAY]) for start in quantity.starts]
    assert days == ["2023-01-01", "2023-09-01", "2024-09-01", "2025-09-01", "2026-09-01"]
    cases = run_.prepared.everybody
    moving = flags_of(run_) & FLAGS["starting or moving school"] > 0
    age, minute = np.asarray(cases.age), cases.minute
    # A request of a child of 7 or of 12 is of nobody who moves within the year; of a child of 10 in
    # the autumn term some are. In the small council requests are of 3, 7, 12 and 17.
    first = (cases.of_kind(m.REQUEST_CASE)) & (minute != NOT_YET)
    period = np.searchsorted(quantity.starts, np.maximum(minute, 0), side="right") - 1
    now = moving[period, np.arange(len(minute))]
    assert not now[first & np.isin(age, (7, 12, 17))].any()
    three = now[first & (age == 3)]
    # Of children of 3, evenly over their year and over the months, half turn 4 by 31 August.
    assert 0.3 < three.mean() < 0.7
    # Each child of 3 is among those who start school in exactly one year, this one or the next.
    assert (moving[:, first & (age == 3)].sum(axis=0) <= 1).all()


def test_lists_are_sorted_again_when_a_week_or_a_school_year_begins(tmp_path: Path) -> None:
    def minutes(ahead: str) -> tuple[int, ...]:
        scenario = whole_service(tmp_path, SHARES + f"[{TEAM}]\nahead = {ahead}\n")
        teams = [scenario.periods[0][1].teams["educational psychologists"]]
        return sorted_again(teams, [0], TIMELINE)

    assert minutes('["ordered", "looked after"]') == ()
    september = (365 * DAY,)  # 1 September 2026; that of 2025 is the first day
    assert minutes('["starting or moving school"]') == september == septembers(TIMELINE)
    weeks = tuple(range(7 * DAY, len(TIMELINE.days) * DAY, 7 * DAY))
    assert minutes('["waited long"]') == weeks
    assert minutes('["waited long", "starting or moving school"]') == tuple(
        sorted({*weeks, *september})
    )


def test_what_comes_ahead_later_sorts_no_list_before(tmp_path: Path) -> None:
    """An option leaves the years before its change as they are."""
    before, from_ = (
        whole_service(tmp_path, SHARES + f"[{TEAM}]\nahead = {ahead}\n").base.teams[
            "educational psychologists"
        ]
        for ahead in ('["ordered"]', '["waited long"]')
    )
    weeks = range(0, len(TIMELINE.days) * DAY, 7 * DAY)
    day, back = 100 * DAY, 200 * DAY
    found = sorted_again([before, from_, before], [0, day, back], TIMELINE)
    assert found == tuple(minute for minute in weeks if day <= minute < back)


# --- what it changes, and what it does not ---


def test_shares_alone_change_no_draw_and_no_event(tmp_path: Path) -> None:
    without, with_ = ran(tmp_path / "a", ""), ran(tmp_path / "b", SHARES + BY_AGE)
    assert AHEAD not in without.prepared.draw.quantities
    for name, quantity in without.prepared.draw.quantities.items():
        other = with_.prepared.draw.quantities[name]
        assert np.array_equal(quantity.values, other.values), name
    assert np.array_equal(without.log.visits, with_.log.visits)


def test_more_looked_after_children_are_more_of_the_same(tmp_path: Path) -> None:
    few = flags_of(ran(tmp_path / "a", SHARES + BY_AGE))
    more = flags_of(ran(tmp_path / "b", (SHARES + BY_AGE).replace("0.1", "0.2")))
    assert not (few & ~more).any()  # nobody leaves, and nothing else moves
    assert np.array_equal(few & ~LOOKED_AFTER, more & ~LOOKED_AFTER)
    assert (more & LOOKED_AFTER).sum() > (few & LOOKED_AFTER).sum()


def test_a_change_on_a_date_changes_nothing_before_it(tmp_path: Path) -> None:
    what = "teams.educational psychologists.ahead"
    text = change(what, 'set = ["looked after", "ordered"]', "from = 2025-06-02")
    before, after = ran(tmp_path / "a", SHARES), ran(tmp_path / "b", SHARES + text)
    assert after.prepared.network.teams["educational psychologists"].rules[-1].ahead == (
        *("looked after", "ordered"),
    )
    day = after.prepared.network.timeline.minute(date(2025, 6, 2))
    one, other = (
        visits[(visits[:, 3] != NOT_YET) & (visits[:, 3] < day)]
        for visits in (before.log.visits, after.log.visits)
    )
    assert np.array_equal(one[:, :4], other[:, :4])
    assert not np.array_equal(before.log.visits, after.log.visits)


def all_ahead(teams: Scenario) -> str:
    """Return text in which every team of posts takes all classes ahead."""
    named = '["waited long", "ordered", "starting or moving school", "looked after"]'
    return "".join(
        f'[teams."{name}"]\nahead = {named}\nwaited_long_weeks = 30\n'
        for name in teams.periods[0][1].teams
    )


def test_both_models_agree_where_every_team_takes_all_classes_ahead(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    text = SHARES + all_ahead(whole_service(tmp_path / "a"))
    done = ran(tmp_path / "b", text)
    assert np.array_equal(run(done.prepared.network, done.prepared.draw).visits, done.log.visits)
    moved = ran(tmp_path / "c", SHARES)
    assert not np.array_equal(moved.log.visits, done.log.visits)


def test_yearly_measures_are_by_class_where_there_are_classes(tmp_path: Path) -> None:
    """Classes share out the requests, and those ahead wait less for the same psychologists."""
    fewer = '[teams."educational psychologists".patches]\nNorth.posts = 1.0\nSouth.posts = 0.8\n'
    head = f'[{TEAM}]\nahead = ["ordered", "looked after"]\n'
    replicator = Replicator(whole_service(tmp_path, SHARES + head + fewer), SEED)
    (one,) = replicator.runs([0])
    table = replicator.tables(one)["yearly"]
    frame = table.frame().reset_index()
    by = frame[frame["by"] == PRIORITY].set_index(["year", "group"])
    everybody = frame[frame["by"] == "all"].set_index("year")
    groups = ["ordered", "looked after", "out of school", "starting or moving school"]
    assert by.loc[2026].index.tolist() == [*groups, "none of these"]
    for name in ("requests", "plans_issued"):
        assert by[name].groupby("year").sum().tolist() == everybody[name].tolist()
    late = by.loc[2026]["mean_weeks"]
    assert late["looked after"] < late["none of these"]
    (without,) = Replicator(whole_service(tmp_path), SEED).runs([0])
    plain = (
        Replicator(whole_service(tmp_path), SEED).tables(without)["yearly"].frame().reset_index()
    )
    assert PRIORITY not in set(plain["by"])


def test_the_guard_keeps_the_oldest_case_from_waiting_on(tmp_path: Path) -> None:
    """Too few psychologists, who see the newest first, with and without the guard."""
    short = '[teams."educational psychologists".patches]\nNorth.posts = 0.9\nSouth.posts = 0.7\n'

    def oldest_weeks(name: str, team: str) -> float:
        (tmp_path / name).mkdir()
        scenario = whole_service(tmp_path / name, f"[{TEAM}]\n{team}{short}")
        replicator = Replicator(scenario, SEED)
        (one,) = replicator.runs([0])
        return float(replicator.tables(one)["monthly"].column("oldest_weeks")[-1])

    newest = 'order = "newest"\n'
    guard = 'ahead = ["waited long"]\nwaited_long_weeks = 40\n'
    received, unguarded, guarded = (
        oldest_weeks(str(place), team) for place, team in enumerate(("", newest, newest + guard))
    )
    assert unguarded > 1.5 * received
    assert guarded < 0.7 * unguarded


# --- what a file may say ---


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            f'[{TEAM}]\nahead = ["looked after"]\n',
            'found "looked after" and no child who is, allowed is a share above 0 of '
            "requests.priority.looked_after",
        ),
        (
            f'[requests.priority]\nlooked_after = 0.1\n[{TEAM}]\nahead = ["out of school"]\n',
            'found "out of school" and no child who is, allowed is a share above 0 of '
            "requests.priority.out_of_school",
        ),
        (
            f'[{TEAM}]\nahead = ["ordered", "ordered"]\n',
            'found "ordered" twice, allowed is each class once',
        ),
        (f'[{TEAM}]\nahead = ["urgent"]\n', 'found the text "urgent", allowed is "ordered"'),
        (f'[{TEAM}]\nahead = "ordered"\n', 'found the text "ordered", allowed is a list'),
        (
            '[requests.priority]\nlooked_after = 0.1\nlooked_after_by_age = { "5-9" = 2 }\n',
            'found "5-9", allowed is "0-4", "5-10", "11-15", "16-25" or an age from "0" to "25"',
        ),
        ("[requests.priority]\nlooked_after = 1.1\n", "found 1.1, allowed is 0 to 1"),
    ],
)
def test_a_mistake_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(BadInput) as error:
        whole_service(tmp_path, text)
    (line,) = str(error.value).splitlines()
    assert told in line
