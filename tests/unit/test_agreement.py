"""What may be compared: the same futures, the same target, the same past."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import ehc_sim as ehc
from ehc_sim.jobs.checking import for_all, scenarios_of, shipped
from ehc_sim.scenario import BadInput, load
from ehc_sim.scenario.agreement import (
    agreed,
    alone,
    faults_of_options,
    notes_of_options,
)
from ehc_sim.scenario.margin import all_overturned
from ehc_sim.scenario.marked import all_spots, rule_of
from ehc_sim.scenario.marks import Mark
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.tree import dotted
from tests.scenario_files import SMALL, change, smallshire, whole_service

pytestmark = pytest.mark.unit

BASELINE = SMALL / "baseline.toml"


def faults_of(folder: Path, text: str) -> list[str]:
    """Return why an option of some text cannot be compared with Smallshire's baseline."""
    option = smallshire(folder, text)
    return [str(one) for one in faults_of_options([load(folder / "baseline.toml"), option])]


@pytest.mark.parametrize(
    ("text", "where", "has", "other"),
    [
        ("[period]\nplan_until = 2027-06-30", "period.plan_until", "2027-06-30", "2026-12-31"),
        ("[period]\nrun_in_from = 2023-06-01", "period.run_in_from", "2023-06-01", "2023-01-01"),
        ("[target]\nshare = 0.5", "target.share", "0.5", "0.6"),
        ("[target]\nwindow_from = 2026-03-01", "target.window_from", "2026-03-01", "2026-01-01"),
        ('[costs]\nprice_year = "2025/26"', "costs.price_year", '"2025/26"', '"2024/25"'),
        ("[costs]\ndiscount_rate = 0.02", "costs.discount_rate", "0.02", "0.035"),
        ("[demand]\nschool_holiday_weight = 0.6", "demand.school_holiday_weight", "0.6", "0.45"),
        ('[demand]\nmethod = "seasonal naive"', "demand.method", '"seasonal naive"', '"by the '),
        ("[requests.areas]\nNorth = 0.5\nSouth = 0.5", "requests.areas.North", "0.5", "0.6"),
        ("[requests]\nconcentration = 100", "requests.concentration", "100", "400"),
    ],
)
def test_what_must_agree_is_refused_with_both_values_and_both_places(
    tmp_path: Path, text: str, where: str, has: str, other: str
) -> None:
    first, *_ = faults_of(tmp_path, text)
    assert first.startswith(f"{tmp_path / 'another.toml'}:")
    assert f': {where}: found {has}, where "Smallshire today" has {other}' in first
    assert "allowed is the same in all that are compared" in first


def test_each_difference_is_a_line_and_the_place_of_the_other_is_told(tmp_path: Path) -> None:
    text = "[target]\nshare = 0.5\nwindow_from = 2026-02-01\n[period]\nplan_until = 2027-12-31\n"
    found = faults_of(tmp_path, text)
    assert len(found) == 3
    lines = (tmp_path / "baseline.toml").read_text(encoding="utf-8").split("\n")
    line = lines.index("share = 0.6") + 1
    assert f"({tmp_path / 'baseline.toml'}:{line})" in next(one for one in found if "share" in one)


def test_the_same_record_in_another_folder_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    record = (SMALL / "history.csv").read_text(encoding="utf-8")
    (tmp_path / "there" / "copy.csv").write_text(record, encoding="utf-8")
    same = '[demand]\nhistory = "there/copy.csv"'
    assert not faults_of(tmp_path, same)
    (tmp_path / "there" / "copy.csv").write_text(record + "\n2024,150\n", encoding="utf-8")
    (found,) = faults_of(tmp_path, same)
    assert "demand.history: found" in found


def test_a_change_of_the_whole_run_counts_as_well(tmp_path: Path) -> None:
    (found,) = faults_of(tmp_path, change("target.share", "set = 0.4"))
    assert "target.share: found 0.4" in found


@pytest.mark.parametrize(
    "text",
    [
        change("teams.plan writers.posts", "add = 2", "from = 2023-06-01"),
        change("teams.plan writers.posts", "add = 2", "from = 2023-06-01", "until = 2024-06-30"),
        change("drafting.rework", "set = 0.1", "from = 2024-12-31"),
        '[teams."plan writers"]\nposts = 4',
        '[panels."weekly panel"]\ncases = 20',
        "[drafting]\nrework = 0.05",
        change(
            "teams.plan writers.agency",
            "set = { cases_a_month = 4, price = 500, turnaround = { mean_days = 10 } }",
            "from = 2024-01-01",
        ),
    ],
)
def test_an_option_with_a_past_of_its_own_is_refused(tmp_path: Path, text: str) -> None:
    (found,) = faults_of(tmp_path, text)
    assert "before the plan; allowed is another from 2025-01-01 on" in found


def test_staff_panels_and_ways_of_working_may_differ_from_the_plan_on(tmp_path: Path) -> None:
    text = "".join(
        [
            change("teams.plan writers.posts", "add = 2"),
            change("panels.weekly panel.cases", "set = 20", "from = 2025-03-01"),
            change("drafting.rework", "set = 0.05", "from = 2025-01-01", "until = 2025-06-30"),
            change("decision_to_assess.refused", "set = 0.3"),
        ]
    )
    assert not faults_of(tmp_path, text)
    assert not notes_of_options([load(BASELINE), load(tmp_path / "another.toml")])


def test_the_past_of_a_baseline_is_its_own(tmp_path: Path) -> None:
    past = change("teams.plan writers.posts", "add = 2", "from = 2023-06-01")
    baseline = smallshire(tmp_path, past)
    text = 'extends = "another.toml"\nname = "Option"\nwhy = "To see"\n'
    (tmp_path / "option.toml").write_text(text, encoding="utf-8")
    assert not faults_of_options([baseline, load(tmp_path / "option.toml")])


def test_a_higher_demand_is_told_and_what_holds_for_the_whole_run_too(tmp_path: Path) -> None:
    overlay = '[demand.overlay.more]\nname = "More"\nstep = 0.1\nstarts = 2025-04-01\nwho = "Us"\n'
    option = smallshire(tmp_path, overlay + 'decided = 2024-12-01\nwhy = "To see"\n')
    first, *more = notes_of_options([load(BASELINE), option])
    assert "demand.overlay.more" in first
    assert "do not meet the same futures" in first
    assert not more
    claimed = smallshire(tmp_path, change("exceptions.claimed", "set = true"))
    (note,) = notes_of_options([load(BASELINE), claimed])
    assert "exceptions.claimed holds for the whole run" in note


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ("from = 2026-09-15", "can hardly show"),
        ("from = 2026-08-01", ""),
        ("from = 2026-11-15", "cannot show in the chance"),
    ],
)
def test_what_starts_too_late_to_show_is_said(tmp_path: Path, dates: str, said: str) -> None:
    until = "2026-12-31" if "hardly" in said or not said else "2026-10-31"
    text = f"[target]\nwindow_until = {until}\n"
    option = smallshire(tmp_path, text + change("teams.plan writers.posts", "add = 2", dates))
    notes = notes_of_options([option])
    assert [said in note for note in notes] == ([True] if said else [])


@pytest.mark.parametrize(
    "text",
    [
        change("teams.plan writers.posts", "add = 2", "from = 2023-06-01"),
        '[teams."plan writers"]\nposts = 4',
        change("drafting.rework", "set = 0.1", "from = 2024-12-31"),
        change("panels.weekly panel.cases", "multiply = 2", "from = 2024-01-01"),
    ],
)
def test_an_option_alone_with_a_past_of_its_own_is_told_so(tmp_path: Path, text: str) -> None:
    option = smallshire(tmp_path, text)
    (note,) = notes_of_options([option])
    assert "is not as in Smallshire today from 202" in note
    assert "before the plan (2025-01-01)" in note


def test_an_option_alone_from_the_plan_on_is_not_told(tmp_path: Path) -> None:
    option = smallshire(tmp_path, change("teams.plan writers.posts", "add = 2"))
    assert not notes_of_options([option])


@pytest.mark.parametrize(
    ("until", "said"),
    [
        ("2025-03-01", "works for 1 day only"),
        ("2025-03-02", "works for 2 days only"),
        ("2025-03-27", "works for 27 days only"),
        ("2025-03-31", ""),
    ],
)
def test_a_change_of_a_few_days_is_said(tmp_path: Path, until: str, said: str) -> None:
    text = change("teams.plan writers.posts", "add = 2", "from = 2025-03-01", f"until = {until}")
    notes = notes_of_options([smallshire(tmp_path, text)])
    assert [note.endswith(said) for note in notes] == ([True] if said else [])


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (('set = "due"', "from = 2025-03-01"), True),  # as it is anyway
        (('set = "newest"', "from = 2025-03-01"), False),
        (('set = "newest"', "from = 2025-03-01", "until = 2025-06-30"), False),
    ],
)
def test_what_is_set_to_what_it_is_already_is_said(
    tmp_path: Path, lines: tuple[str, ...], said: bool
) -> None:
    notes = notes_of_options([smallshire(tmp_path, change("teams.plan writers.order", *lines))])
    assert ["changes nothing" in note for note in notes] == [True] * said


def test_of_two_changes_the_second_may_change_nothing(tmp_path: Path) -> None:
    path = "teams.plan writers.posts"
    more = change(path, "set = 5", "from = 2025-03-01") + change(
        path, "set = 5", "from = 2025-06-01"
    )
    (note,) = notes_of_options([smallshire(tmp_path, more)])
    assert "set 5 from 2025-06-01: changes nothing" in note


def test_more_demand_from_before_the_plan_is_said(tmp_path: Path) -> None:
    head = '[demand.overlay.more]\nname = "More"\nstep = 0.1\nwho = "Us"\nwhy = "To see"\n'
    text = head + "decided = 2024-01-01\nstarts = {}\n"
    (note,) = notes_of_options([smallshire(tmp_path, text.format("2024-12-31"))])
    assert "demand.overlay.more: starts on 2024-12-31, before the plan (2025-01-01)" in note
    assert not notes_of_options([smallshire(tmp_path, text.format("2025-01-01"))])


def test_a_change_from_before_the_day_of_a_caseload_is_nothing_to_say() -> None:
    today = load(shipped("somerset_open_cases") / "today.toml")
    assert min(change.from_ for change in today.changes) < today.base.period.run_in_from
    assert not [note for note in notes_of_options([today]) if "disputes.margin" not in note]


@pytest.mark.parametrize(("months", "said"), [(12, False), (30, True)])
def test_a_ramp_that_ends_after_the_window_is_said(tmp_path: Path, months: int, said: bool) -> None:
    head = '[demand.overlay.more]\nname = "More"\nstep = 0.1\nwho = "Us"\nwhy = "To see"\n'
    text = f"{head}decided = 2024-01-01\nstarts = 2025-01-01\nramp_months = {months}\n"
    notes = notes_of_options([smallshire(tmp_path, text)])
    assert any("months, which end after 2026-12-31" in note for note in notes) == said
    meetings = change("meetings.ramp_months", f"set = {months}") + change(
        "meetings.share", "set = 0.5"
    )
    notes = notes_of_options([whole_service(tmp_path, meetings)])
    assert any("meetings.share: set 0.5" in note for note in notes) == said
    assert not any("meetings.ramp_months: set" in note for note in notes)
    support = change("requests.school_support.ramp_months", f"set = {months}") + change(
        "requests.school_support.fewer", "set = 0.1"
    )
    notes = notes_of_options([smallshire(tmp_path, support)])
    assert any("school_support.fewer: set 0.1" in note for note in notes) == said
    assert not any("school_support.ramp_months: set" in note for note in notes)


def test_python_refuses_too(tmp_path: Path) -> None:
    option = smallshire(tmp_path, "[target]\nshare = 0.5\n")
    with pytest.raises(BadInput, match=r"target\.share: found 0\.5"):
        ehc.simulate([BASELINE, option], 1, processes=1)
    with pytest.raises(BadInput, match=r"target\.share: found 0\.5"):
        ehc.compare([BASELINE, option], 1, processes=1)
    early = load(BASELINE).with_change("target.share", set=0.5, name="Lower")
    with pytest.raises(BadInput, match=r"target\.share: found 0\.5"):
        ehc.simulate([BASELINE, early], 1, processes=1)


def test_one_target_window_and_end_for_all(tmp_path: Path) -> None:
    smallshire(tmp_path, "[target]\nshare = 0.5\n")
    files = [tmp_path / "baseline.toml", tmp_path / "another.toml"]
    with pytest.raises(BadInput, match=r"target\.share"):
        scenarios_of(files)
    settings = for_all(0.55, "2026-02:2026-10", "2027-03")
    found = scenarios_of(files, settings)
    assert [one.name for one in found] == ["Smallshire today", "Another"]
    for one in found:
        assert float(one.base.target.share) == 0.55
        assert str(one.base.target.window_from) == "2026-02-01"
        assert str(one.base.target.window_until) == "2026-10-31"
        assert str(one.base.period.plan_until) == "2027-03-31"
        assert not one.changes
    assert for_all(None, "2026-02", "2027-03-15") == {
        "target": {"window_from": _day("2026-02-01"), "window_until": _day("2026-02-28")},
        "period": {"plan_until": _day("2027-03-15")},
    }


def _day(text: str) -> object:
    from datetime import date

    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("target", "window", "until", "said"),
    [
        (None, "2026-13", None, '--window: found "2026-13", allowed is a month such as 2027-01'),
        (None, "2026", None, '--window: found "2026"'),
        (None, "2026-01:x", None, '--window: found "x"'),
        (None, "2026-01-15:2026-12", None, '--window: found "2026-01-15"'),
        (None, None, "2027-02-30", '--until: found "2027-02-30"'),
        (None, "2027-01:2027-12", None, "target.window_until: found 2027-12-31, allowed is 2025"),
        (None, "2026-12:2026-01", None, "target: found 2026-12-01 to 2026-01-31"),
        (None, None, "2026-06", "target.window_until: found 2026-12-31, allowed is 2025"),
    ],
)
def test_options_for_all_are_checked_as_a_file_is(
    target: float | None, window: str | None, until: str | None, said: str
) -> None:
    with pytest.raises(BadInput) as bad:
        scenarios_of([BASELINE], for_all(target, window, until))
    assert said in str(bad.value)


def test_an_option_alone_is_said_to_be_compared_with_nothing(tmp_path: Path) -> None:
    option = smallshire(tmp_path)
    assert str(tmp_path / "baseline.toml") in str(alone([option]))
    assert alone([load(BASELINE)]) is None
    assert alone([load(tmp_path / "baseline.toml"), option]) is None


def test_options_without_what_they_extend_are_said_to_be_compared_with_one_of_them(
    tmp_path: Path,
) -> None:
    first = smallshire(tmp_path)
    text = 'extends = "baseline.toml"\nname = "Second"\nwhy = "To see"\n'
    (tmp_path / "second.toml").write_text(text, encoding="utf-8")
    second = load(tmp_path / "second.toml")
    said = str(alone([first, second]))
    assert said.startswith("Another is what the others are compared with")
    assert alone([load(tmp_path / "baseline.toml"), first, second]) is None


def test_what_is_agreed_on_is_told_by_words_and_by_the_content_of_files() -> None:
    found = agreed(load(BASELINE))
    assert found["target.share"] == "0.6"
    assert found["council.name"] == '"Smallshire"'
    assert found["demand.history"].startswith("a file with SHA-256 ")
    assert "drafting.rework" not in found
    assert json.dumps(found)


@pytest.mark.parametrize("where", [where for where, _ in all_spots()], ids=dotted)
def test_for_every_setting_it_is_decided_whether_options_may_differ(where: Where) -> None:
    rule = rule_of(where, Mark.MUST_AGREE, Mark.MAY_DIFFER, Mark.TOLD)
    assert rule is not None, f"{dotted(where)}: mark it, or its table, in the schema"


MARGIN = """
[disputes.margin]
refused = 0.2
times = {times}
[disputes.appeals]
overturned = {{ low = 0.5, likely = 0.8, high = 0.8 }}
[disputes.mediation]
agreed = 0.1
[decision_to_assess]
refused = {refused}
"""


@pytest.mark.parametrize(
    ("refused", "times", "tried", "reached"),
    [
        ("0.25", 2, 0.0, None),  # 0.8 x 0.25 / 0.2 is 1 at just that share
        ("0.26", 2, 0.0, "25%"),
        ("{ low = 0.1, likely = 0.2, high = 0.3 }", 2, 0.0, "25%"),
        ("0.2", 2, 0.45, "25%"),
        ("0.26", 1, 0.0, None),  # no difference at the margin
        ("0.24", 3, 0.0, "22%"),  # 0.2 over the root of 0.8
        ("0.2\n[[change]]\nwhat='decision_to_assess.refused'\nset=0.4", 2, 0.0, "25%"),
    ],
)
def test_it_is_told_where_all_are_overturned(
    tmp_path: Path, refused: str, times: float, tried: float, reached: str | None
) -> None:
    scenario = whole_service(tmp_path, MARGIN.format(refused=refused, times=times))
    told = all_overturned(scenario, tried)
    if not tried:  # what holds of several is told once
        notes = notes_of_options([scenario, scenario])
        assert [note for note in notes if "100%" in note] == [f"Another: {one}" for one in told]
    assert len(told) == (reached is not None)
    if reached is not None:
        said = "disputes.appeals.overturned: with disputes.margin it reaches 100% when more than"
        assert told[0].startswith(f"{said} {reached} are refused, at the ends of the ranges")
