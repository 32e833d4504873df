"""Every number of a scenario, at both ends of its range and beyond them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ehc_sim.scenario import BadInput, Scenario, load
from ehc_sim.scenario.numbers import Number, Step, fixed
from ehc_sim.scenario.tree import dotted
from ehc_sim.scenario.what_if import what_if
from tests.every_number import full, numbers_with_ranges, range_at

pytestmark = pytest.mark.property

HOUSE = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return full(tmp_path_factory.mktemp("everything"))


def test_every_number_is_run_at_both_ends_of_its_range_or_refused() -> None:
    """In a process of its own: what compiled code could not hold would end it without a word."""
    command = [sys.executable, "-m", "tests.try_every_number"]
    done = subprocess.run(command, check=False, cwd=HOUSE, capture_output=True, text=True)
    last = "\n".join(done.stdout.split("\n")[-4:]) + done.stderr[-2000:]
    assert done.returncode == 0, last
    run, refused = (
        int(word) for word in done.stdout.split("numbers: ")[1].split() if word.isdigit()
    )
    assert run > 10 * refused > 0


def test_every_number_has_a_range_with_an_end_that_is_refused(everything: Scenario) -> None:
    for where, limits in numbers_with_ranges(everything):
        assert limits is not None, f"{dotted(where)} has no range"
        assert limits.low < limits.high, dotted(where)
        assert limits.why
        wide = (limits.high - limits.low) / 1000
        for value in (limits.low - wide, limits.high + wide, -1e300, 1e300):
            with pytest.raises(ValueError, match=r"^found .*, allowed is .* to "):
                limits.check(fixed(value))
        for value in (limits.low, limits.high):
            assert float(limits.check(fixed(value))) == value


def test_ranges_hold_for_what_an_uncertain_number_may_become_by_its_changes() -> None:
    limits = range_at(("teams", "plan writers", "posts"))
    assert limits is not None
    for kind, amount in (("add", 401), ("multiply", 6), ("multiply", -1)):
        wide = Number(low=0, likely=1, high=amount) if amount > 0 else fixed(amount)
        grown = fixed(100).model_copy(update={"steps": (Step(kind=kind, amount=wide),)})
        with pytest.raises(ValueError, match="allowed is 0 to 500 full-time posts"):
            limits.check(grown)
    twice = (Step(kind="multiply", amount=fixed(1e300)),) * 2 + (
        Step(kind="multiply", amount=fixed(0)),
    )
    with pytest.raises(ValueError, match="found nan"):
        limits.check(fixed(1).model_copy(update={"steps": twice}))


@pytest.mark.parametrize(
    ("what", "value", "said"),
    [
        ("draft_to_final.placement_wait.mean_days", 1e15, "0 to 1,826 days"),
        ("teams.plan writers.posts", 45_000, "0 to 500 full-time posts"),
        ("plans.times", 112, "0.01 to 10 times"),
        ("plans.reviews.every_days", 60, "90 to 1,096 days"),
        ("demand.overlay.growth.growth_a_year", 3, "-0.5 to 1 a year"),
        ("teams.plan writers.hours_a_week", 1e6, "1 to 60 hours a week"),
        ("teams.plan writers.cost_a_post", 4_500_000, "0 to 500,000 pounds a year"),
        ("drafting.effort.spread", 30, "0 to 3 times the mean"),
        ("target.share", 60, "0 to 1"),
        ("costs.discount_rate", 3.5, "0 to 0.2 a year"),
    ],
)
def test_a_number_in_the_wrong_place_is_refused_with_the_unit(
    what: str, value: float, said: str, everything: Scenario
) -> None:
    with pytest.raises(BadInput) as caught:
        what_if(everything, {what: value}, "Tried")
    lines = {str(fault).split(" (from")[0] for fault in caught.value.faults}
    assert f"{what}: found {value:,.10g}, allowed is {said}" in lines


@pytest.mark.parametrize("changes", ["add = 300", "multiply = 200", "multiply = 1e300"])
def test_changes_on_top_of_one_another_stay_in_the_range(
    changes: str, everything: Scenario
) -> None:
    assert everything.path is not None
    block = f'[[change]]\nwhat = "teams.plan writers.posts"\n{changes}\nfrom = 2025-0%d-01\n'
    text = 'extends = "full.toml"\nname = "Two"\nwhy = "To see"\n' + block % 3 + block % 6
    path = everything.path.with_name("two.toml")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="allowed is 0 to 500 full-time posts"):
        load(path)


ENDLESS = "1" + "0" * 400


@pytest.mark.parametrize(
    "text",
    [
        *(f"posts = {value}" for value in (ENDLESS, f"-{ENDLESS}", "1" * 5000, "inf", "nan")),
        f"posts = {{ value = {ENDLESS} }}",
        f"posts = {{ low = 1, likely = 2, high = {ENDLESS} }}",
        "posts = { low = 1, likely = 2, high = inf }",
    ],
)
def test_what_is_no_ordinary_number_is_told_in_one_line(text: str, everything: Scenario) -> None:
    assert everything.path is not None
    head = 'extends = "full.toml"\nname = "Two"\nwhy = "To see"\n[teams."plan writers"]\n'
    path = everything.path.with_name("endless.toml")
    path.write_text(head + text, encoding="utf-8")
    with pytest.raises(BadInput, match="allowed is") as caught:
        load(path)
    assert len(str(caught.value).split("\n")) == 1
    assert "Input should" not in str(caught.value)
