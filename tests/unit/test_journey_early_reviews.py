"""Reviews that are brought forward: when they meet, when they are due, and what follows them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.engines.choose import Engine
from ehc_sim.experiment.measured import with_reviews
from ehc_sim.experiment.replication import Replication, Replicator
from ehc_sim.journey import milestones as m
from ehc_sim.measures.reviews import DaysToReview, Reviews
from ehc_sim.network.log import NOT_YET
from ehc_sim.scenario import Scenario
from tests.big_draws import big_draw, holds
from tests.plain_measures import reviews as plain_reviews
from tests.runs import run_once
from tests.scenario_files import SMALL, change, whole_service

pytestmark = pytest.mark.unit

ENGINES: Final[tuple[Engine, ...]] = ("compiled", "simpy")
AHEAD = 60
OWN = {"": 365 - AHEAD, " under five": 182 - AHEAD}
"""Days from a review to arranging the next on its own day, by age."""
EARLY = {"": range(123, 305), " under five": range(31, 122)}
"""The same of those brought forward: from half of the days between two reviews on."""
FIRST, NEXT, AFTER = m.FIRST_REVIEW, m.NEXT_REVIEW, m.REVIEW_AFTER_TRANSFER


def of_plans(folder: Path, text: str, *rows: str) -> Scenario:
    """Return a service whose plans in hand on 1 January 2023 are these: age, last review, plans."""
    scenario = whole_service(folder, text)
    head = (SMALL / "plans.csv").read_text(encoding="utf-8").splitlines()[0]
    lines = [head, *(f"Smallshire,2023-01-01,{row}" for row in rows), ""]
    (folder / "plans.csv").write_text("\n".join(lines), encoding="utf-8")
    return scenario


def starts(run: Replication, name: str) -> Iterator[tuple[int, int, int]]:
    """Give what starts reviews at a node within the run: its case, its day, and the review's."""
    log = run.log
    rows = log.visits[log.visits[:, 1] == log.nodes.index(name)]
    for case, now, arrives in rows[rows[:, 4] != NOT_YET][:, [0, 2, 4]].tolist():
        yield case, now // MINUTES_A_DAY, arrives // MINUTES_A_DAY


def dues(run: Replication) -> set[tuple[int, int]]:
    """Return who holds the plan of each review that is told of, and the day on which it is due."""
    days = [DaysToReview(0, OWN[""], OWN[" under five"], AHEAD)]
    timeline = run.prepared.network.timeline
    told = Reviews.of(run.log, run.prepared.everybody, timeline, days, brought_forward=True)
    return set(zip(told.holder.tolist(), (told.due // MINUTES_A_DAY).tolist(), strict=True))


def been(run: Replication, node: str) -> NDArray[np.bool_]:
    return np.asarray(run.log.reached(node) != NOT_YET)


@pytest.fixture(scope="module")
def all_early(tmp_path_factory: pytest.TempPathFactory) -> Replication:
    text = """[plans.reviews]
brought_forward = 1
put_off = { share = 1, wait = { mean_days = 100 } }
"""
    return run_once(whole_service(tmp_path_factory.mktemp("early"), text))


@pytest.mark.parametrize("name", [FIRST, NEXT, AFTER])
@pytest.mark.parametrize("age", ["", " under five"])
def test_an_early_review_is_arranged_between_half_and_all_of_the_days_to_the_next(
    all_early: Replication, name: str, age: str
) -> None:
    assert not list(starts(all_early, name + age))
    found = [at - now for _, now, at in starts(all_early, m.brought_forward(name + age))]
    assert set(found) <= set(EARLY[age])
    if age == "" and name != AFTER:
        assert len(found) > 100
        error = len(EARLY[age]) / np.sqrt(12 * len(found))
        assert abs(np.mean(found) - np.mean(EARLY[age])) < 4.5 * error


def test_an_early_review_stays_due_twelve_months_after_the_last(all_early: Replication) -> None:
    """Its day is that of any other review, and the next one counts from the early meeting."""
    told, holder = dues(all_early), all_early.prepared.everybody.holder
    instead = been(all_early, m.TRANSFER_INSTEAD)
    given_up = set(holder[instead].tolist())
    count = 0
    for name in (FIRST, NEXT, AFTER):
        for age, days in OWN.items():
            for case, now, _ in starts(all_early, m.brought_forward(name + age)):
                if int(holder[case]) not in given_up:
                    assert (int(holder[case]), now + days + AHEAD) in told
                    count += 1
    assert count > 300


def test_no_early_review_is_put_off(all_early: Replication) -> None:
    log = all_early.log
    early, put_off = been(all_early, m.BROUGHT_FORWARD), been(all_early, "review put off")
    assert early.sum() > 500
    assert not (early & put_off).any()
    assert not (early & been(all_early, m.REVIEW_ARRANGED)).any()
    assert log.arrived[early].tolist() == log.reached(m.BROUGHT_FORWARD)[early].tolist()


def test_no_early_review_is_held_in_the_school_year_of_a_transfer(all_early: Replication) -> None:
    """One that would meet after 1 September is not held: the transfer is that year's review."""
    quantity = all_early.prepared.draw.quantities["minute transfer takes its place"]
    early = np.flatnonzero(been(all_early, m.BROUGHT_FORWARD))
    met = all_early.log.reached(m.REVIEW_MEETING)[early]
    year = np.array([quantity.at(0, case) for case in early.tolist()])
    assert (met[met != NOT_YET] < year[met != NOT_YET]).all()
    assert been(all_early, m.TRANSFER_INSTEAD)[early].sum() > 20


@pytest.mark.parametrize("share", [0.3, 1])
def test_of_plans_in_hand_those_not_yet_reviewed_early_are_fewer(
    share: float, tmp_path: Path
) -> None:
    """Last reviewed in September 2022, 93 to 122 days ago: all early days are still to come. Last
    in May, 216 to 245 days ago: of 182 early days 60 to 89 are left. In January, 336 to 365 ago: an
    early one would have been arranged, so none is."""
    text = f"[plans.reviews]\nbrought_forward = {share}\n"
    rows = [f"10,2022-{month},1500" for month in ("09", "05", "01")]
    run = big_draw(of_plans(tmp_path, text, *rows), requests=20)
    assert run.draw.quantities["review in hand early option"].values.shape[1] >= 4500
    early = run.draw.quantities["review in hand early option"].values[0][:4500] == 1
    # Plans are in the order of the rows of the file, one of each in turn or one row after another.
    days = run.draw.quantities["days to review in hand"].values[0][:4500]
    due = run.everybody.due_minute[run.everybody.of_kind(m.PLAN_AT_START)]
    assert ((due >= 0) == early).all()
    own = due[early] // MINUTES_A_DAY - AHEAD
    assert (days[early] < own).all()
    september, may, january = early[:1500], early[1500:3000], early[3000:]
    assert holds(september, share)
    left = np.arange(60, 90) / 182
    assert holds(may, float(np.mean(share * left / (1 - share + share * left))))
    assert not january.any()
    assert days[1500:3000][may].max() < 90


def test_a_share_holds_from_its_date_on(tmp_path: Path) -> None:
    later = change("plans.reviews.brought_forward", "set = 1", "from = 2024-03-01")
    run = run_once(whole_service(tmp_path, later))
    day = (np.datetime64("2024-03-01") - run.prepared.network.timeline.days[0]).astype(int)
    before = [now for name in (FIRST, NEXT, AFTER) for _, now, _ in starts(run, name)]
    after = [
        now for name in (FIRST, NEXT, AFTER) for _, now, _ in starts(run, m.brought_forward(name))
    ]
    assert min(len(before), len(after)) > 100
    assert max(before) < day <= min(after)


def test_how_early_can_be_set(tmp_path: Path) -> None:
    """From 0.8 of 365 days, 292, on: arranged 232 to 304 days after the last."""
    text = "[plans.reviews]\nbrought_forward = 1\nbrought_forward_after = 0.8\n"
    run = run_once(whole_service(tmp_path, text))
    found = {at - now for _, now, at in starts(run, m.brought_forward(NEXT))}
    assert found <= set(range(232, 305))
    assert min(found) < 240


def test_the_same_reviews_are_early_at_a_higher_share(tmp_path: Path) -> None:
    texts = (f"[plans.reviews]\nbrought_forward = {share}\n" for share in (0.1, 0.3))
    few, many = (
        big_draw(whole_service(tmp_path, text), requests=50).draw.quantities for text in texts
    )
    one, other = (run["brought forward option"].values[0] == 1 for run in (few, many))
    assert (one <= other).all()
    assert holds(one, 0.1)
    assert holds(other, 0.3)


def test_where_all_reviews_are_early_plans_are_reviewed_a_third_more_often(tmp_path: Path) -> None:
    """A gap is then three quarters of 365 days on average. Of those of 17 nobody moves phase."""
    held = []
    for share in (0, 1):
        text = f"""[plans]
moved_in_a_year = 0
moved_out_a_year = 0
ceased_a_year = 0
[plans.reviews]
brought_forward = {share}
arranged_days_before = 0
meeting = {{ mean_days = 0, spread = 0 }}
ceased = 0
"""
        rows = [f"17,2022-{month:02},30" for month in range(1, 13)]
        run = run_once(of_plans(tmp_path, text, *rows))
        cases, met = run.prepared.everybody, run.log.reached(m.REVIEW_MEETING)
        at_start = cases.of_kind(m.PLAN_AT_START)[cases.holder]
        first = (np.datetime64("2024-01-01") - run.prepared.network.timeline.days[0]).astype(int)
        after = (met >= first * MINUTES_A_DAY) & at_start
        held.append(int((after & (met < (first + 730) * MINUTES_A_DAY)).sum()))
    assert held[0] == pytest.approx(2 * 360, rel=0.01)
    assert held[1] / held[0] == pytest.approx(1 / (1 - 1 / 4), rel=0.04)


@pytest.mark.parametrize("early", ["0", "0.3"])
def test_a_review_is_due_by_what_held_when_its_day_was_set(tmp_path: Path, early: str) -> None:
    """A year after the meeting before it, however long ahead the one after it is arranged."""
    text = f"[plans.reviews]\nbrought_forward = {early}\n"
    text += change("plans.reviews.arranged_days_before", "set = 10", "from = 2023-06-01")
    text += change("plans.reviews.arranged_days_before", "set = 40", "from = 2024-02-01")
    runner = Replicator(whole_service(tmp_path, text), 5)
    run = runner.runs([0])[0]
    known = with_reviews(runner.definitions, run.periods, runner.timeline)
    told = Reviews.of(
        run.log,
        run.prepared.everybody,
        runner.timeline,
        known.days_to_review,
        brought_forward=known.brought_forward,
    )
    due = set(zip(told.holder.tolist(), (told.due // MINUTES_A_DAY).tolist(), strict=True))
    holder = run.prepared.everybody.holder
    given_up = set(holder[been(run, m.TRANSFER_INSTEAD)].tolist())
    ahead = set()
    for name in (FIRST, NEXT, AFTER):
        for age, every in (("", 365), (" under five", 182)):
            for node in (name + age, m.brought_forward(name + age)):
                for case, now, at in starts(run, node):
                    if int(holder[case]) not in given_up:
                        assert (int(holder[case]), now + every) in due
                        if node == name + age:
                            ahead.add(now + every - at)
    assert ahead == {60, 10, 40}


@pytest.mark.slow
def test_reviews_are_due_as_counted_plainly_and_alike_in_both_models(tmp_path: Path) -> None:
    """With changes on dates of how many are early, of the days between and of those ahead."""
    text = """[plans.reviews]
brought_forward = 0.4
put_off = { share = 0.2, wait = { mean_days = 150, spread = 0.5 } }
"""
    text += change("plans.reviews.every_days", "set = 300", "from = 2024-03-01")
    text += change("plans.reviews.brought_forward", "set = 0.8", "from = 2024-06-01")
    text += change("plans.reviews.arranged_days_before", "set = 40", "from = 2024-06-01")
    scenario = whole_service(tmp_path, text)
    run, other = (Replicator(scenario, 5, engine).runs([0])[0] for engine in ENGINES)
    assert np.array_equal(run.log.visits, other.log.visits)
    early = been(run, m.BROUGHT_FORWARD)
    assert early.sum() > 500
    assert been(run, m.TRANSFER_INSTEAD)[early].sum() > 20
    timeline = run.prepared.network.timeline
    since = timeline.minute(date(2024, 3, 1))
    days = [DaysToReview(0, 305, 122, AHEAD), DaysToReview(since, 240, 122, AHEAD)]
    days.append(DaysToReview(timeline.minute(date(2024, 6, 1)), 260, 142, 40))
    told = Reviews.of(run.log, run.prepared.everybody, timeline, days, brought_forward=True)
    plain = plain_reviews(run)
    rows = zip(plain["holder"].astype(int), plain["due"].astype(int), strict=True)
    assert sorted(rows) == sorted(zip(told.holder.tolist(), told.due.tolist(), strict=True))
