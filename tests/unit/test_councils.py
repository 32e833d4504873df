"""What belongs to one council is asked for again where another extends its file."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import ehc_sim as ehc
from ehc_sim.scenario import BadInput, Scenario, load
from ehc_sim.scenario.marked import all_spots, of_a_council
from ehc_sim.scenario.tree import dotted
from tests.scenario_files import SMALL, change, whole_service

pytestmark = pytest.mark.unit

TEAMS = ("educational psychologists", "plan writers", "senior officers", "reviewing officers")
ASKED = {
    "demand.history",
    *(f"requests.{what}" for what in ("sources", "ages", "needs", "areas")),
    *(f"decision_to_assess.{what}" for what in ("refused", "withdrawn", "odds_by_age")),
    "decision_to_issue.no_plan",
    *(f"disputes.mediation.{what}" for what in ("share", "agreed")),
    *(f"disputes.appeals.{what}" for what in ("share", "after_mediation", "overturned")),
    *(f"disputes.contents.{what}" for what in ("new_plan", "amended_plan", "phase_transfer")),
    "disputes.recorded_again",
    *("plans.in_hand", "plans.moved_in_a_year", "plans.moved_out_a_year"),
    *("plans.ceased_a_year", "plans.ceased_by_age"),
    *("plans.reviews.amended", "plans.reviews.ceased"),
    *(f"teams.{team}.cost_a_post" for team in TEAMS),
    *("panels.weekly panel.cost_a_sitting", "costs.price_year"),
    "teams.educational psychologists.patches",
    "teams.plan writers.posts",
    "teams.senior officers.posts",
    "teams.reviewing officers.posts",
}
OTHER = '[council]\nname = "Bath"\n'
ALL = (
    'takes_over = ["demand", "requests", "decision_to_assess", "decision_to_issue", "disputes", '
    '"plans", "teams", "panels", "costs", "council"]\n'
)


def asked(folder: Path, text: str) -> dict[str, str]:
    """Return the settings that are asked for again, and what is said of each."""
    with pytest.raises(BadInput) as bad:
        whole_service(folder, text)
    return {fault.where: str(fault) for fault in bad.value.faults}


@pytest.mark.parametrize(
    "text", [OTHER, change("council.name", 'set = "Bath"')], ids=["table", "change"]
)
def test_all_that_belongs_to_a_council_is_asked_for_again(tmp_path: Path, text: str) -> None:
    found = asked(tmp_path, text)
    assert found.keys() == ASKED
    said = found["requests.areas"]
    assert said.startswith(f"{tmp_path / 'another.toml'}:")
    assert f"{tmp_path / 'baseline.toml'}:" in said
    assert "says of Smallshire, allowed is that of Bath" in said
    assert 'takes_over = ["requests.areas"]' in said


def test_what_is_given_is_not_asked_for(tmp_path: Path) -> None:
    shutil.copy(SMALL / "history.csv", tmp_path / "bath.csv")
    given = (
        '[demand]\nhistory = "bath.csv"\n[requests.areas]\nNorth = 0.5\nSouth = 0.5\n'
        '[teams."plan writers"]\nposts = 4\n'
    )
    left = asked(tmp_path, OTHER + given).keys()
    assert left == ASKED - {"demand.history", "requests.areas", "teams.plan writers.posts"}


def test_a_part_of_it_is_not_enough(tmp_path: Path) -> None:
    assert "requests.areas" in asked(tmp_path, OTHER + "[requests.areas]\nNorth = 0.6\n")


def test_figures_on_a_later_date_are_another_councils_too(tmp_path: Path) -> None:
    whole_service(tmp_path)
    dated = change("decision_to_assess.refused", "set = 0.4", "from = 2024-01-01")
    with (tmp_path / "baseline.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + dated)
    text = (tmp_path / "another.toml").read_text(encoding="utf-8")
    text = text + OTHER + "[decision_to_assess]\nrefused = 0.3\n"
    (tmp_path / "another.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=r"decision_to_assess\.refused: found what"):
        load(tmp_path / "another.toml")
    left_out = 'leaves_out = ["decision_to_assess.refused"]\n' + ALL
    (tmp_path / "another.toml").write_text(left_out + text, encoding="utf-8")
    other = load(tmp_path / "another.toml")
    assert [float(one.decision_to_assess.refused) for _, one in other.periods] == [0.3]
    assert not other.changes


@pytest.mark.parametrize("name", ["SMALLSHIRE", "smallshire"])
def test_the_same_name_in_other_letters_is_the_same_council(tmp_path: Path, name: str) -> None:
    assert isinstance(whole_service(tmp_path, f'[council]\nname = "{name}"\n'), Scenario)


def test_what_is_taken_over_or_left_out_on_purpose_is_said_in_the_file(tmp_path: Path) -> None:
    assert whole_service(tmp_path, ALL + OTHER).base.council.name == "Bath"
    left = 'leaves_out = ["plans"]\n'
    taken = ALL.replace('"plans", ', "")
    unused = "[disputes.contents]\nnew_plan = 0.05\n"
    assert whole_service(tmp_path, left + taken + OTHER + unused).base.plans is None


def test_what_one_council_takes_over_the_next_is_asked_for(tmp_path: Path) -> None:
    whole_service(tmp_path, ALL + OTHER)
    third = 'extends = "another.toml"\nname = "Wells"\nwhy = "To see"\n[council]\nname = "Wells"\n'
    (tmp_path / "third.toml").write_text(third, encoding="utf-8")
    with pytest.raises(BadInput, match=r"demand\.history: found what"):
        load(tmp_path / "third.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('leaves_out = ["plan"]', 'leaves_out: found "plan", allowed is the path of a setting'),
        ('takes_over = ["requests.area"]', 'takes_over: found "requests.area"'),
        ('leaves_out = "plans"', "allowed is a list such as"),
        ("takes_over = [1]", "allowed is a list such as"),
    ],
)
def test_lists_that_name_nothing_are_faults(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadInput) as bad:
        whole_service(tmp_path, text + "\n")
    assert said in str(bad.value)


def test_a_forecast_of_the_file_asks_as_well(tmp_path: Path) -> None:
    asked(tmp_path, OTHER)
    with pytest.raises(BadInput, match=r"demand\.history"):
        ehc.forecast(tmp_path / "another.toml", 3)


def test_every_other_file_of_the_schema_belongs_to_a_council() -> None:
    from ehc_sim.scenario.marked import other_files

    assert all(of_a_council(where) for where in other_files())
    assert "requests.areas" in {dotted(where) for where, _ in all_spots() if of_a_council(where)}


def test_what_was_fitted_to_one_councils_past_is_asked_for(tmp_path: Path) -> None:
    """A wait, an hour of work or a share by age: whatever was set so that its past comes out."""
    whole_service(tmp_path)
    path = tmp_path / "baseline.toml"
    text = path.read_text(encoding="utf-8")
    fitted = "{ value = 40, fitted = true, note = 'Set so that 2024 comes out.' }"
    for old, new in (
        ("placement_wait = { mean_days = 40,", f"placement_wait = {{ mean_days = {fitted},"),
        ('{ "11-15" = 1.5 }', '{ "11-15" = { value = 1.5, fitted = true, note = "Set." } }'),
        ("rework = 0.15", 'rework = { value = 0.15, fitted = false, note = "Asked." }'),
    ):
        assert old in text
        text = text.replace(old, new)
    dated = change("requests.evidence.mean_days", f"set = {fitted}", "from = 2024-01-01")
    path.write_text(text + "\n" + dated, encoding="utf-8")
    other = tmp_path / "another.toml"
    own = other.read_text(encoding="utf-8")
    other.write_text(ALL + own + OTHER, encoding="utf-8")
    with pytest.raises(BadInput) as bad:
        load(other)
    assert {fault.where for fault in bad.value.faults} == {  # requests are taken over
        "draft_to_final.placement_wait.mean_days",
        "draft_to_final.placement_by_age.11-15",
    }
    taken = ALL.replace('"demand", ', '"demand", "draft_to_final", ')
    other.write_text(taken + own + OTHER, encoding="utf-8")
    assert load(other).base.council.name == "Bath"
    parts = ", ".join(f'"requests.{one}"' for one in ("areas", "sources", "needs", "ages"))
    other.write_text(taken.replace('"requests"', parts) + own + OTHER, encoding="utf-8")
    with pytest.raises(BadInput, match=r"requests\.evidence\.mean_days: found what"):
        load(other)


def test_a_change_of_the_name_can_take_over_too(tmp_path: Path) -> None:
    text = ALL + change("council.name", 'set = "Bath"')
    assert whole_service(tmp_path, text).base.council.name == "Bath"


@pytest.mark.parametrize(
    ("where", "is_its_own"),
    [
        ("disputes.mediation.share", True),
        ("disputes.contents.phase_transfer", True),
        ("teams.*.agency.price", True),
        ("teams.*.overtime_cost_an_hour", True),
        ("demand.overlay", True),
        ("exceptions.claimed", True),
        ("costs.price_year", True),
        ("costs.discount_rate", False),
        ("decision_to_assess.odds_by_source", False),
        ("drafting.effort.mean_hours", False),
        ("plans.reviews.every_days", False),
        ("draft_to_final.family_days", False),
        ("target.share", False),
    ],
)
def test_what_is_measured_in_a_council_is_its_own_and_national_defaults_are_not(
    where: str, is_its_own: bool
) -> None:
    assert of_a_council(tuple(where.split("."))) is is_its_own
