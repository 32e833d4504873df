"""Dated changes: what they set, add and multiply, and from when until when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ehc_sim.scenario import BadInput, Scenario, load
from tests.scenario_files import change, smallshire

pytestmark = pytest.mark.unit

POSTS = "teams.plan writers.posts"


def days(scenario: Scenario) -> list[date]:
    return [day for day, _ in scenario.periods]


def test_until_is_the_last_day(tmp_path: Path) -> None:
    text = change(POSTS, "add = 1", "from = 2025-04-01", "until = 2025-08-31")
    scenario = smallshire(tmp_path, text)
    assert days(scenario) == [date(2023, 1, 1), date(2025, 4, 1), date(2025, 9, 1)]
    posts = {
        day: float(scenario.on(day).teams["plan writers"].posts)
        for day in (date(2025, 3, 31), date(2025, 4, 1), date(2025, 8, 31), date(2025, 9, 1))
    }
    assert list(posts.values()) == [2.5, 3.5, 3.5, 2.5]


def test_change_without_dates_works_from_the_first_day_of_the_plan_to_the_end(
    tmp_path: Path,
) -> None:
    scenario = smallshire(tmp_path, change(POSTS, "set = 4"))
    assert days(scenario) == [date(2023, 1, 1), date(2025, 1, 1)]
    assert scenario.changes[0].from_ == date(2025, 1, 1)
    assert scenario.changes[0].until is None


def test_change_that_ends_with_the_run_adds_no_period_after_it(tmp_path: Path) -> None:
    scenario = smallshire(tmp_path, change(POSTS, "set = 4", "until = 2026-12-31"))
    assert days(scenario) == [date(2023, 1, 1), date(2025, 1, 1)]


def test_periods_in_which_nothing_differs_are_one(tmp_path: Path) -> None:
    same = change(POSTS, "set = 2.5", "from = 2025-06-01")
    assert days(smallshire(tmp_path, same)) == [date(2023, 1, 1)]


def test_changes_are_applied_in_the_order_in_which_they_stand(tmp_path: Path) -> None:
    text = change(POSTS, "add = 1") + change(POSTS, "multiply = 2") + change(POSTS, "add = -3")
    scenario = smallshire(tmp_path, text)
    assert float(scenario.on(date(2026, 1, 1)).teams["plan writers"].posts) == (2.5 + 1) * 2 - 3


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (change(POSTS, "add = 1"), change(POSTS, "set = 4")),
        (change(POSTS, "set = 4"), change(POSTS, "set = 5", "from = 2025-01-01")),
        (change(POSTS, "multiply = 2"), change(POSTS, "set = 4", "until = 2025-06-30")),
        (change("target.share", "add = 0.1"), change("target.share", "set = 0.5")),
    ],
)
def test_what_is_set_is_not_changed_by_another_on_the_same_day(
    tmp_path: Path, first: str, second: str
) -> None:
    with pytest.raises(BadInput, match=r"change 2: .* where change 1 has .* from the same day"):
        smallshire(tmp_path, first + second)


def test_a_set_on_another_day_or_in_an_extending_file_wins(tmp_path: Path) -> None:
    text = change(POSTS, "add = 1") + change(POSTS, "set = 5", "from = 2025-01-02")
    scenario = smallshire(tmp_path, text)
    assert float(scenario.on(date(2025, 1, 2)).teams["plan writers"].posts) == 5
    text = 'extends = "another.toml"\nname = "Third"\nwhy = "To see"\n' + change(POSTS, "set = 7")
    (tmp_path / "third.toml").write_text(text, encoding="utf-8")
    assert (
        float(load(tmp_path / "third.toml").on(date(2025, 1, 1)).teams["plan writers"].posts) == 7
    )


@pytest.mark.parametrize("how", ["add = 0", "add = 0.0", "multiply = 1", "multiply = 1.0"])
@pytest.mark.parametrize("what", [POSTS, "target.share", "panels.weekly panel.every_weeks"])
def test_a_change_that_changes_nothing_is_refused(tmp_path: Path, what: str, how: str) -> None:
    with pytest.raises(BadInput, match="allowed is a number that changes something"):
        smallshire(tmp_path, change(what, how))


def test_changes_of_the_extended_file_come_first(tmp_path: Path) -> None:
    smallshire(tmp_path)
    base = tmp_path / "baseline.toml"
    base.write_text(base.read_text() + change(POSTS, "set = 3", "from = 2024-01-01"))
    head = 'extends = "baseline.toml"\nname = "x"\nwhy = "y"\n'
    (tmp_path / "x.toml").write_text(head + change(POSTS, "add = 1", "from = 2025-01-01"))
    scenario = load(tmp_path / "x.toml")
    assert [one.kind for one in scenario.changes] == ["set", "add"]
    assert float(scenario.on(date(2025, 1, 1)).teams["plan writers"].posts) == 4


def test_set_takes_text_switches_tables_and_new_names(tmp_path: Path) -> None:
    scenario = smallshire(
        tmp_path,
        change("teams.plan writers.order", 'set = "newest"')
        + change("teams.educational psychologists.pooled", "set = true")
        + change("advice.family.by_age.0-4", "set = 0.5")
        + change(
            "teams.plan writers.agency",
            "set = { cases_a_month = 4, price = 900, turnaround = { mean_days = 10 } }",
        ),
    )
    before, after = scenario.base, scenario.on(date(2025, 1, 1))
    assert (before.teams["plan writers"].order, after.teams["plan writers"].order) == (
        "due",
        "newest",
    )
    assert after.teams["educational psychologists"].pooled
    assert float(after.advice["family"].by_age["0-4"]) == 0.5
    assert before.teams["plan writers"].agency is None
    agency = after.teams["plan writers"].agency
    assert agency is not None
    assert float(agency.turnaround.mean_days) == 10


def test_numbers_that_are_not_in_the_file_can_be_changed(tmp_path: Path) -> None:
    scenario = smallshire(tmp_path, change("teams.plan writers.hours_a_week", "add = -1"))
    assert float(scenario.on(date(2025, 1, 1)).teams["plan writers"].hours_a_week) == 36


def test_whole_numbers_can_be_changed(tmp_path: Path) -> None:
    scenario = smallshire(tmp_path, change("panels.weekly panel.every_weeks", "multiply = 2"))
    assert scenario.on(date(2025, 1, 1)).panels["weekly panel"].every_weeks == 2


def test_whole_numbers_stay_whole(tmp_path: Path) -> None:
    text = change("panels.weekly panel.every_weeks", "multiply = 1.5")
    with pytest.raises(BadInput, match=r"another\.toml:6: .*found 1\.5, allowed is a whole number"):
        smallshire(tmp_path, text)


def test_uncertain_amount_for_a_whole_number(tmp_path: Path) -> None:
    text = change("panels.weekly panel.every_weeks", "add = { low = 0, likely = 1, high = 2 }")
    with pytest.raises(
        BadInput, match="change 1: add: found an uncertain number, allowed is a cer"
    ):
        smallshire(tmp_path, text)


def test_number_that_is_not_there_yet_must_be_set(tmp_path: Path) -> None:
    text = change("teams.plan writers.agency.price", "multiply = 2")
    with pytest.raises(BadInput, match=r"another\.toml:6: change 1: multiply: found no number at"):
        smallshire(tmp_path, text)


def test_change_of_what_holds_for_the_whole_run_works_from_its_first_day(tmp_path: Path) -> None:
    text = change("target.share", "add = 0.1") + change("period.plan_until", "set = 2027-12-31")
    scenario = smallshire(tmp_path, text)
    assert days(scenario) == [date(2023, 1, 1)]
    assert float(scenario.base.target.share) == pytest.approx(0.7)
    assert scenario.base.period.plan_until == date(2027, 12, 31)
    assert scenario.changes[0].from_ == date(2023, 1, 1)


def test_history_set_by_a_change_is_found_beside_its_file(tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("year,requests\n2024,500\n")
    scenario = smallshire(tmp_path, change("demand.history", 'set = "more.csv"'))
    assert scenario.base.demand.history == str(tmp_path / "more.csv")


def test_costs_and_sources_of_a_change(tmp_path: Path) -> None:
    text = change(
        POSTS,
        "add = 1",
        "one_off_cost = 12_000",
        "yearly_cost = { low = 1, likely = 2, high = 3 }",
        'source = "Job advert"',
        'note = "Hard to fill"',
    )
    (one,) = smallshire(tmp_path, text).changes
    assert (float(one.one_off_cost), float(one.yearly_cost)) == (12_000, 2)
    assert one.amount.source == one.yearly_cost.source == "Job advert"
    assert one.amount.note == one.note == "Hard to fill"
    assert one.yearly_cost.key not in ("", one.amount.key)


def test_shared_change_has_the_same_key_wherever_it_stands(tmp_path: Path) -> None:
    amount = "add = { low = 1, likely = 2, high = 3 }"
    mine = change(POSTS, amount, "from = 2025-09-01")
    other = change(POSTS, amount, "from = 2025-02-01")
    alone = smallshire(tmp_path, mine).changes[0].amount.key
    assert smallshire(tmp_path, other + mine).changes[1].amount.key == alone
    keys = [one.amount.key for one in smallshire(tmp_path, mine + other + mine).changes]
    assert keys[0] == alone
    assert len(set(keys)) == 3


def test_a_change_in_words(tmp_path: Path) -> None:
    text = change(POSTS, "multiply = 2", "from = 2025-02-01", "until = 2025-03-31")
    (one,) = smallshire(tmp_path, text).changes
    assert str(one) == f"{POSTS}: multiply by 2 from 2025-02-01 until 2025-03-31"
