"""Members: read from a table, given in Python, and taken by replications."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.experiment.batches import Batch, measure_batch
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.rng.even import MEMBERS, places_of
from ehc_sim.scenario import BadInput, Scenario, load
from ehc_sim.scenario.agreement import faults_of_options, notes_of
from ehc_sim.scenario.members import Members, column_name, parts_of, read_members, text_of
from ehc_sim.scenario.reading import MOST_CHANGES
from ehc_sim.scenario.uncertain_numbers import uncertain_numbers
from tests import snapshots
from tests.members import LATER, NAMED, POSTS, TABLE, council, option, write_council
from tests.runs import SEED, assert_same_events
from tests.scenario_files import SMALL, change

pytestmark = pytest.mark.unit

DAYS = (date(2023, 1, 1), date(2024, 6, 30), date(2024, 7, 1), date(2026, 12, 31))


def posts(scenario: Scenario, member: int, *days: date) -> list[float]:
    """Return the posts that a member has on some days."""
    drawn = replace(scenario, periods=scenario.drawn(lambda key: 0.5, member), members=None)
    return [float(drawn.on(day).teams["plan writers"].posts) for day in days]


def made(**other: object) -> Members:
    """Return the members of ``TABLE`` as made in Python, parts of them others."""
    parts = {
        "names": ("a", "b", "c", "d"),
        "explanations": ("in order", "newest first", "in order", "newest first"),
        "weights": (3, 2, 1, 2),
        "columns": (POSTS, LATER, "decision_to_assess.refused"),
        "values": np.array([[2.5, 2, 0.3], [3, 3.5, 0.2], [2, 2.5, 0.25], [3.5, 4, 0.15]]),
    }
    return Members(**(parts | other))  # type: ignore[arg-type]


def test_a_member_sets_its_numbers_for_the_whole_run_or_from_a_day_on(tmp_path: Path) -> None:
    scenario = council(tmp_path)
    assert posts(scenario, 0, *DAYS) == [2.5, 2.5, 2.0, 2.0]
    assert posts(scenario, 3, *DAYS) == [3.5, 3.5, 4.0, 4.0]
    refused = [
        scenario.drawn(lambda key: 0.5, i)[0][1].decision_to_assess.refused for i in range(4)
    ]
    assert [float(one) for one in refused] == [0.3, 0.2, 0.25, 0.15]


def test_the_same_members_in_python_make_the_same_scenario(tmp_path: Path) -> None:
    named = council(tmp_path)
    given = load(SMALL / "baseline.toml").with_members(made())
    assert named.members == given.members == made()
    assert [posts(given, i, *DAYS) for i in range(4)] == [posts(named, i, *DAYS) for i in range(4)]
    assert given.with_members(None).periods == load(SMALL / "baseline.toml").periods
    assert named.with_members(None).members is None
    other = given.with_members(made(weights=(3, 2.5, 1, 1.5)))
    assert other.periods == given.periods  # the ends and the middles are the same
    assert len({given.hash, other.hash, given.with_members(None).hash}) == 3


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_text(text_of(made()), encoding="utf-8")
    assert read_members(file) == made()


def test_options_change_what_the_member_has(tmp_path: Path) -> None:
    more = option(tmp_path, change(POSTS, "add = 1", "from = 2025-09-01"))
    assert posts(more, 0, date(2025, 8, 31), date(2025, 9, 1)) == [2, 3]
    twice = option(tmp_path, change(POSTS, "multiply = 2", "from = 2025-09-01"))
    assert posts(twice, 3, date(2025, 8, 31), date(2025, 9, 1)) == [4, 8]
    other = option(tmp_path, change(POSTS, "set = 9", "from = 2025-09-01"))
    assert posts(other, 3, date(2025, 8, 31), date(2025, 9, 1)) == [4, 9]
    assert not faults_of_options([load(tmp_path / "baseline.toml"), other])


@pytest.mark.parametrize("turned", [False, True])
def test_what_the_same_file_sets_and_a_column_hold_each_until_the_next(
    tmp_path: Path, turned: bool
) -> None:
    blocks = [
        change(POSTS, "set = 7", "from = 2023-06-01"),
        change(POSTS, "set = 8", "from = 2025-03-01"),
        change(POSTS, "add = 1", "from = 2025-05-01"),
    ]
    columns = [f"{POSTS} from 2025-09-01", f"{POSTS} from 2024-07-01"]
    head = ",".join(columns[::-1] if turned else columns)
    cells = "5,6" if turned else "6,5"
    table = f"member,explanation,weight,{head}\na,one,1,{cells}\n"
    scenario = council(tmp_path, table, "".join(blocks))
    days = ("2023-05-31", "2023-06-01", "2024-07-01", "2025-03-01", "2025-05-01", "2025-09-01")
    assert posts(scenario, 0, *map(date.fromisoformat, days)) == [2.5, 7, 5, 8, 9, 7]


def test_a_replication_has_the_same_member_in_every_option_and_both_models(tmp_path: Path) -> None:
    write_council(tmp_path, options={"option": change(POSTS, "add = 1", "from = 2025-09-01")})
    both = [load(tmp_path / name) for name in ("baseline.toml", "option.toml")]
    some, others = (Replicator(one, SEED) for one in both)
    chosen = [some.member(number) for number in range(32)]
    assert chosen == [others.member(number) for number in range(32)]
    assert chosen == [both[0].members.of(place) for place in places_of(SEED, range(32), MEMBERS)]
    one, other = (Replicator(both[0], SEED, model).runs([1])[0] for model in ("compiled", "simpy"))
    assert one.periods[0][1].teams["plan writers"].posts.likely == (2.5, 3, 2, 3.5)[chosen[1]]
    assert_same_events(one.log.events, other.log.events, one)


def test_totals_and_results_say_which_member_a_replication_had(tmp_path: Path) -> None:
    scenario = council(tmp_path)
    tables = measure_batch(Batch(scenario, SEED, 0, 4, None))
    result = ScenarioResult(scenario, tables)
    chosen = [Replicator(scenario, SEED).member(number) for number in range(4)]
    assert result.members is not None
    assert result.members.tolist() == chosen
    assert result.explanations is not None
    assert result.explanations.tolist() == [made().explanations[i] for i in chosen]
    plain = load(SMALL / "baseline.toml")
    assert "member" not in measure_batch(Batch(plain, SEED, 0, 1, None))["totals"].columns


def test_one_can_say_which_member_each_replication_has(tmp_path: Path) -> None:
    class InTurn(Replicator):
        def member(self, number: int) -> int:
            return number

    drawn = [one.periods for one in InTurn(council(tmp_path), SEED).drawn(range(4))]
    assert [float(one[0][1].teams["plan writers"].posts) for one in drawn] == [2.5, 3, 2, 3.5]


def test_members_go_to_workers_and_can_be_changed_there(tmp_path: Path) -> None:
    for scenario in (council(tmp_path), load(SMALL / "baseline.toml").with_members(made())):
        there = pickle.loads(pickle.dumps(scenario))
        assert (there, there.hash) == (scenario, scenario.hash)
        assert posts(there, 3, *DAYS) == posts(scenario, 3, *DAYS)
        more = there.with_change(POSTS, add=1, from_=date(2025, 9, 1))
        assert posts(more, 3, date(2025, 9, 1)) == [5]


def test_a_number_that_members_set_is_no_uncertain_number(tmp_path: Path) -> None:
    before = {one.key for one in uncertain_numbers(load(SMALL / "baseline.toml"))}
    assert {one.key for one in uncertain_numbers(council(tmp_path))} == before
    more = option(tmp_path, change(POSTS, "add = { low = 1, likely = 2, high = 3 }"))
    assert len(uncertain_numbers(more)) == len(before) + 1


def test_assumptions_say_what_members_have_in_one_line_each(tmp_path: Path) -> None:
    lines = [one for one in council(tmp_path).assumptions() if one.note == "members.csv"]
    assert [(one.path, one.value, one.change) for one in lines] == [
        ("decision_to_assess.refused", "0.15 to 0.3 by explanation, most likely 0.2", ""),
        (POSTS, "2 to 3.5 by explanation, most likely 2.5", ""),
        (
            POSTS,
            "2 to 4 by explanation, most likely 2.5",
            "set 2 to 4 by explanation, most likely 2.5 from 2024-07-01",
        ),
    ]


def test_each_explanation_has_its_stretch_however_the_rows_are_ordered() -> None:
    members = made()
    assert members.weights == (0.375, 0.25, 0.125, 0.25)
    assert members.shares == {"in order": 0.5, "newest first": 0.5}
    assert [members.of(place) for place in (0.01, 0.37, 0.38, 0.49, 0.51, 0.74, 0.76, 0.999)] == [
        *(0, 0, 2, 2),
        *(1, 1, 3, 3),
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"weights": (1, 1, 0, 1)},
        {"weights": (1, 1, float("nan"), 1)},
        {"names": ("a", "a", "b", "c")},
        {"explanations": ("one",)},
        {"values": np.ones((4, 2))},
        {"values": np.full((4, 3), np.inf)},
        {"columns": (POSTS, POSTS, LATER)},
    ],
)
def test_parts_that_do_not_fit_together_are_refused(other: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"found|allowed"):
        made(**other)


def test_options_with_other_members_are_not_compared(tmp_path: Path) -> None:
    write_council(tmp_path, options={"option": '[explanations]\nmembers = "others.csv"\n'})
    (tmp_path / "others.csv").write_text(TABLE.replace("0.15", "0.16"), encoding="utf-8")
    scenarios = [load(tmp_path / name) for name in ("baseline.toml", "option.toml")]
    assert [one.where for one in faults_of_options(scenarios)] == ["explanations.members"]
    given = [scenarios[0], scenarios[0].with_members(made(weights=(1, 1, 1, 1)))]
    assert [one.where for one in faults_of_options(given)] == ["explanations.members"]


def test_a_fault_of_members_in_python_says_the_column() -> None:
    with pytest.raises(BadInput) as bad:
        load(SMALL / "baseline.toml").with_members(made(columns=(POSTS, "teams.x.posts", LATER)))
    assert str(bad.value).startswith("column teams.x.posts: ")


def test_members_do_not_make_up_for_a_past_of_an_options_own(tmp_path: Path) -> None:
    write_council(tmp_path, options={"option": change(POSTS, "set = 9", "from = 2024-01-01")})
    scenarios = [load(tmp_path / name) for name in ("baseline.toml", "option.toml")]
    assert [one.where for one in faults_of_options(scenarios)] == [POSTS]


def test_a_run_from_open_cases_takes_what_its_member_has_on_that_day(tmp_path: Path) -> None:
    """Columns from before that day hold from the first day on, as other changes do."""
    columns = f"{POSTS},{POSTS} from 2023-06-01,{POSTS} from 2024-07-01"
    table = f"member,explanation,weight,{columns}\na,one,1,1,2,3\nb,two,1,4,5,6\n"
    (tmp_path / "members.csv").write_text(table, encoding="utf-8")
    before = Replicator(snapshots.council(tmp_path, NAMED), SEED)
    file = snapshots.snapshot(before.runs([0])[0], before.timeline.minute(snapshots.FROM_HERE))
    scenario = snapshots.going_on(tmp_path, file)
    days = (snapshots.FROM_HERE, date(2024, 7, 1))
    assert [posts(scenario, member, *days) for member in (0, 1)] == [[2, 3], [5, 6]]
    run = Replicator(scenario, SEED).runs([1])[0]
    (at_start,) = posts(scenario, before.member(1) or 0, snapshots.FROM_HERE)
    assert float(run.periods[0][1].teams["plan writers"].posts) == at_start
    assert (run.log.arrived[: len(file)] < 0).all()


def test_to_name_the_same_table_again_changes_nothing(tmp_path: Path) -> None:
    table = TABLE.replace("2024-07-01", "2026-07-01")
    own = change(POSTS, "set = 9", "from = 2025-09-01")
    day = date(2026, 7, 1)
    assert posts(option(tmp_path, own, table), 0, day) == [9]
    assert posts(option(tmp_path, NAMED + own, table), 0, day) == [9]
    again = load(tmp_path / "option.toml").with_members(None).with_members(made())
    assert posts(again, 0, day) == [9]


def test_members_stand_in_the_file_that_is_said(tmp_path: Path) -> None:
    write_council(tmp_path, options={"option": change(POSTS, "set = 9", "from = 2025-09-01")})
    members = made(columns=(POSTS, f"{POSTS} from 2026-07-01", "decision_to_assess.refused"))
    more = load(tmp_path / "option.toml").with_members(None)
    day = date(2026, 7, 1)
    assert posts(more.with_members(members), 0, day) == [9]
    assert posts(more.with_members(members, tmp_path / "option.toml"), 0, day) == [2]
    with pytest.raises(ValueError, match="in_file: found"):
        more.with_members(members, tmp_path / "members.csv")


def test_no_change_can_name_the_table(tmp_path: Path) -> None:
    assert not [path for path in council(tmp_path).paths() if path.startswith("explanations")]


def test_columns_are_no_changes_that_a_council_would_have_to_do_without(tmp_path: Path) -> None:
    """There may be more of them than a file may have changes, and no note is of one of them."""
    paths = [f"teams.{team}.posts" for team in ("plan writers", "senior officers")]
    paths += [f"{path}.effort.mean_hours" for path in ("drafting", "draft_to_final")]
    days = [date(2026, 12, 15) - timedelta(days=3 * n) for n in range(MOST_CHANGES // 4 + 1)]
    head = ",".join(f"{path} from {day}" for day in days for path in paths)
    table = f"member,explanation,weight,{head}\na,one,1{',2' * len(days) * 4}\n"
    scenario = council(tmp_path, table)
    assert len(scenario.changes) > MOST_CHANGES
    assert not notes_of(scenario)


def test_what_members_have_from_the_plan_on_is_not_said_to_fit_the_past(tmp_path: Path) -> None:
    table = TABLE.replace(",decision_to_assess.refused", f",{POSTS} from 2025-01-01")
    lines = [one for one in council(tmp_path, table).assumptions() if one.note == "members.csv"]
    assert [one.fitted for one in lines] == [True, True, False]


@pytest.mark.parametrize("since", [None, date(2024, 7, 1)])
@pytest.mark.parametrize(
    "path", [POSTS, "teams.moves from primary.posts", 'teams."St. Mary from 1990".posts']
)
def test_the_name_of_a_column_has_its_path_and_its_day(path: str, since: date | None) -> None:
    assert parts_of(column_name(path, since)) == (path, since)


def test_members_may_staff_a_whole_team_or_its_areas(tmp_path: Path) -> None:
    """Nobody is without psychologists, though the least of each column is 0."""
    team = "teams.educational psychologists"
    columns = f"{team}.posts,{team}.patches.North.posts,{team}.patches.South.posts"
    table = f"member,explanation,weight,{columns}\na,whole,1,3,0,0\nb,areas,2,0,2,1\n"
    assert council(tmp_path, table).members is not None
    with pytest.raises(BadInput, match='found no posts for "South"'):
        council(tmp_path, table.replace("0,2,1", "0,2,0").replace("3,0,0", "0,0,0"))
