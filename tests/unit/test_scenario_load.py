"""Reading scenarios from files, and what a scenario then offers."""

from __future__ import annotations

import pickle
import shutil
from collections import Counter
from dataclasses import FrozenInstanceError, replace
from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from ehc_sim.scenario import BadInput, Scenario, load, load_folder
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.part import numbers_in
from tests.scenario_files import SMALL, change, smallshire

pytestmark = pytest.mark.unit

EP_HOURS = "advice.educational psychologist.effort.mean_hours"
UNCERTAIN = {
    EP_HOURS,
    "advice.health.turnaround.mean_days",
    "teams.senior officers.time_on_this_work",
}


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load(SMALL / "baseline.toml")


@pytest.fixture(scope="module")
def more() -> Scenario:
    return load(SMALL / "more_psychologists.toml")


def test_what_a_file_says(baseline: Scenario) -> None:
    assert baseline.name == "Smallshire today"
    assert baseline.why == "What happens if nothing changes"
    assert baseline.path == SMALL / "baseline.toml"
    assert baseline.folder == SMALL
    assert [day for day, _ in baseline.periods] == [date(2023, 1, 1)]
    assert baseline.base.council.name == "Smallshire"
    assert float(baseline.base.teams["plan writers"].posts) == 2.5
    assert baseline.base.demand.history == str(SMALL / "history.csv")
    assert baseline.base.council.terms == "somerset"


def test_other_files_are_found_beside_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "council").mkdir()
    for name in ("baseline.toml", "history.csv"):
        shutil.copy(SMALL / name, tmp_path / "council" / name)
    text = 'extends = "council/baseline.toml"\nname = "x"\nwhy = "y"\n'
    (tmp_path / "x.toml").write_text(text)
    history = str(tmp_path / "council" / "history.csv")
    assert load(tmp_path / "x.toml").base.demand.history == history
    shutil.copy(SMALL / "history.csv", tmp_path / "mine.csv")
    (tmp_path / "x.toml").write_text(text + '[demand]\nhistory = "mine.csv"\n')
    assert load(tmp_path / "x.toml").base.demand.history == str(tmp_path / "mine.csv")


def test_extending_merges_tables_and_replaces_numbers_and_lists(tmp_path: Path) -> None:
    scenario = smallshire(
        tmp_path,
        '[teams."plan writers"]\nposts = { low = 2, likely = 3, high = 4 }\n'
        "[advice.health.turnaround]\nmean_days = 20\n"
        "[demand]\nweekday_weights = [1, 1, 1, 1, 1]\n",
    )
    team = scenario.base.teams["plan writers"]
    assert (team.posts.low, team.posts.high, float(team.time_on_this_work)) == (2, 4, 0.8)
    turnaround = scenario.base.advice["health"].turnaround
    assert turnaround is not None
    assert not turnaround.mean_days.uncertain
    assert float(turnaround.spread) == 0.5
    assert [float(weight) for weight in scenario.base.demand.weekday_weights] == [1] * 5


def test_extending_over_two_files(tmp_path: Path) -> None:
    smallshire(tmp_path, "[drafting]\nrework = 0.3\nrework_effort = 0.5\n")
    text = 'extends = "another.toml"\nname = "x"\nwhy = "y"\n[drafting]\nrework = 0.2\n'
    (tmp_path / "x.toml").write_text(text)
    drafting = load(tmp_path / "x.toml").base.drafting
    assert (float(drafting.rework), float(drafting.rework_effort)) == (0.2, 0.5)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
def test_files_as_windows_writes_them(
    tmp_path: Path, mark: bytes, line_end: bytes, baseline: Scenario
) -> None:
    shutil.copy(SMALL / "history.csv", tmp_path)
    text = (SMALL / "baseline.toml").read_bytes()
    (tmp_path / "x.toml").write_bytes(mark + text.replace(b"\n", line_end))
    assert load(tmp_path / "x.toml").base.teams == baseline.base.teams
    broken = text.replace(b"rework = 0.15", b"rework = 15")
    line = broken[: broken.index(b"rework = 15")].count(b"\n") + 1
    (tmp_path / "x.toml").write_bytes(mark + broken.replace(b"\n", line_end))
    with pytest.raises(BadInput, match=rf"x\.toml:{line}: drafting\.rework: found 15"):
        load(tmp_path / "x.toml")


def test_folder_gives_what_others_extend_first(tmp_path: Path) -> None:
    smallshire(tmp_path)
    for name, base in (("b", "another"), ("a", "baseline"), ("aaa", "b")):
        text = f'extends = "{base}.toml"\nname = "{name}"\nwhy = "y"\n'
        (tmp_path / f"{name}.toml").write_text(text)
    names = [scenario.path.stem for scenario in load_folder(tmp_path) if scenario.path]
    assert names == ["baseline", "another", "b", "a", "aaa"]


def test_two_scenarios_of_a_folder_cannot_have_one_name(tmp_path: Path) -> None:
    smallshire(tmp_path)
    shutil.copy(tmp_path / "another.toml", tmp_path / "copy.toml")
    with pytest.raises(BadInput, match=r'copy\.toml:2: name: found "Another", the name of another'):
        load_folder(tmp_path)


def test_every_number_knows_its_path_in_every_period(more: Scenario) -> None:
    for _, settings in more.periods:
        keys = [number.key for _, number in numbers_in(settings)]
        assert len(keys) == len(set(keys))
        assert settings.advice["educational psychologist"].effort.mean_hours.key == EP_HOURS
        assert settings.requests.sources["parent"].key == "requests.sources.parent"
        assert settings.demand.weekday_weights[0].key == "demand.weekday_weights.1"


def test_draw_replaces_every_uncertain_number_by_its_quantile(more: Scenario) -> None:
    asked: Counter[str] = Counter()

    def uniform(key: str) -> float:
        asked[key] += 1
        return 0.3

    drawn = more.drawn(uniform)
    added = more.changes[0].amount
    assert set(asked) == {*UNCERTAIN, added.key}
    assert set(asked.values()) == {1}
    assert [day for day, _ in drawn] == [day for day, _ in more.periods]
    for (_, settings), (_, before) in zip(drawn, more.periods, strict=True):
        values = dict(numbers_in(settings))
        assert not any(number.uncertain for number in values.values())
        for where, number in numbers_in(before):
            assert float(values[where]) == number.drawn(lambda key: 0.3)
            assert values[where].key == number.key
    north = drawn[2][1].teams["educational psychologists"].patches["North"]
    assert float(north.posts) == 1.7 + added.quantile(0.3)


def test_draw_leaves_the_scenario_as_it_was(more: Scenario) -> None:
    before = pickle.dumps(more.periods)
    more.drawn(lambda key: 0.9)
    assert pickle.dumps(more.periods) == before


def test_scenario_cannot_be_changed(baseline: Scenario) -> None:
    with pytest.raises(FrozenInstanceError):
        baseline.name = "other"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        baseline.base.drafting.rework = Number(low=0, likely=0, high=0)


def test_scenario_goes_to_a_worker_and_back(more: Scenario) -> None:
    back = pickle.loads(pickle.dumps(more))
    assert back == more
    assert hash(back) == hash(more)
    assert back.drawn(lambda key: 0.4) == more.drawn(lambda key: 0.4)


def test_settings_before_the_run(baseline: Scenario) -> None:
    with pytest.raises(ValueError, match="found 2022-12-31, allowed is 2023-01-01 or later"):
        baseline.on(date(2022, 12, 31))


def test_hash_depends_on_what_is_said_and_not_on_where(tmp_path: Path, more: Scenario) -> None:
    for name in ("baseline.toml", "history.csv", "more_psychologists.toml"):
        shutil.copy(SMALL / name, tmp_path)
    assert load(tmp_path / "more_psychologists.toml").hash == more.hash
    (tmp_path / "history.csv").write_text("year,requests\n2024,500\n")
    assert load(tmp_path / "more_psychologists.toml").hash != more.hash
    assert replace(more, name="other").hash != more.hash


def test_hash_sees_every_part_of_a_change(tmp_path: Path) -> None:
    base = ("add = 1", "from = 2025-09-01")
    texts = [
        change("drafting.rework", "add = 0.1"),
        change("teams.plan writers.posts", *base),
        change("teams.plan writers.posts", *base, "until = 2026-12-31"),
        change("teams.plan writers.posts", *base, "one_off_cost = 5"),
        change("teams.plan writers.posts", *base, "yearly_cost = 5"),
    ]
    assert len({smallshire(tmp_path, text).hash for text in texts}) == len(texts)


def test_assumptions_list_every_number_with_its_source(more: Scenario) -> None:
    listed = {one.path: one for one in more.assumptions() if not one.change}
    changed = {(one.path, one.change, one.cost): one for one in more.assumptions()}
    assert {".".join(map(str, where)) for where, _ in numbers_in(more.base)} >= {EP_HOURS}
    for _, settings in more.periods:
        assert {number.key for _, number in numbers_in(settings)} <= set(listed)
    assert listed["requests.sources.parent"].source == "invented"
    assert listed[EP_HOURS].value == "10 to 16, most likely 12"
    assert listed[EP_HOURS].note == "Asked of the team"
    north = listed["teams.educational psychologists.patches.North.posts"]
    assert north.changed_by == str(more.changes[0])
    assert listed["teams.educational psychologists.patches.South.posts"].changed_by == ""
    assert listed["teams.educational psychologists.agency.price"].changed_by
    change = more.changes[0]
    amount = changed[change.what, change.how, ""]
    assert (amount.value, amount.note) == ("0.5 to 1, most likely 1", change.amount.note)
    assert changed[change.what, change.how, "once"].value == "12,000"


def test_what_people_see(more: Scenario, baseline: Scenario) -> None:
    text = repr(more)
    assert text.startswith("One more educational psychologist: Advice of")
    assert "patches.North.posts: add 0.5 to 1, most likely 1 from 2025-09-01" in text
    page = more._repr_html_()
    assert page.count("<tr>") == 1 + len(more.changes)
    assert "12,000" in page
    assert "No changes" in baseline._repr_html_()
    sly = replace(baseline, name="<b>x</b>")
    assert "<b>" not in sly._repr_html_()


def test_every_change_starts_a_period_and_every_range_is_uncertain(tmp_path: Path) -> None:
    text = "[requests]\nconcentration = { low = 300, likely = 400, high = 500 }\n[requests.ages]\n"
    text += "".join(
        f"{age} = {{ low = 0.02, likely = {1 / 18}, high = 0.08 }}\n" for age in range(18)
    )
    text += "[decision_to_assess.odds_by_age]\n"
    text += "".join(f"{age} = {{ low = 1, likely = 2, high = 3 }}\n" for age in range(18))
    for month in range(1, 12):
        amount = "add = { low = 0, likely = 0.1, high = 0.2 }"
        text += change("teams.plan writers.posts", amount, f"from = 2025-{month:02}-01")
    smallshire(tmp_path, text)
    scenario = load(tmp_path / "another.toml")
    assert len(scenario.periods) == 12
    assert sum(number.uncertain for _, number in numbers_in(scenario.base)) == 40
