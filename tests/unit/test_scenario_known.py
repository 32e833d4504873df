"""What files have in common is read and checked once, and comes out as if each were read alone."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

import pytest

from ehc_sim.jobs.checking import shipped
from ehc_sim.scenario import BadInput, load, load_folder
from ehc_sim.scenario.files import read_chain
from ehc_sim.scenario.marked import differences
from tests.scenario_files import change, smallshire

pytestmark = pytest.mark.unit

POSTS = "teams.plan writers.posts"
EARLIER = change(POSTS, "add = 1", "from = 2025-03-01")
LATER = change(POSTS, "multiply = 2", "from = 2025-09-01", "until = 2025-12-31")


def options(folder: Path, **texts: str) -> Path:
    """Write options of Smallshire's baseline into a folder."""
    smallshire(folder)
    (folder / "another.toml").unlink()
    for name, text in texts.items():
        head = f'extends = "baseline.toml"\nname = "{name}"\nwhy = "To see"\n'
        (folder / f"{name}.toml").write_text(head + text, encoding="utf-8")
    return folder


def assert_each_as_if_alone(folder: Path) -> None:
    for one in load_folder(folder):
        assert one.path is not None
        alone = load(one.path)
        assert one == alone
        assert one.hash == alone.hash
        assert one.assumptions() == alone.assumptions()


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param({"more": EARLIER, "both": EARLIER + LATER}, id="the same change in two files"),
        pytest.param({"a": LATER + EARLIER, "b": EARLIER + LATER}, id="in another order"),
        pytest.param({"a": EARLIER, "b": EARLIER.replace("1\n", "2\n", 1)}, id="another amount"),
        pytest.param({"a": '[teams."plan writers"]\nposts = 3\n', "b": EARLIER}, id="no change"),
        pytest.param(
            {"a": 'leaves_out = ["teams.plan writers.order"]\n', "b": EARLIER}, id="left out"
        ),
        pytest.param({"a": EARLIER + EARLIER, "b": EARLIER}, id="twice"),
    ],
)
def test_options_read_together_are_as_if_read_alone(texts: dict[str, str], tmp_path: Path) -> None:
    assert_each_as_if_alone(options(tmp_path, **texts))


def test_changes_of_a_file_that_others_extend_are_made_in_what_each_of_them_says(
    tmp_path: Path,
) -> None:
    folder = options(
        tmp_path,
        middle=EARLIER + LATER,
        lower='[teams."plan writers"]\nposts = 2\n',
        without='leaves_out = ["teams.plan writers.posts"]\n[teams."plan writers"]\nposts = 5\n',
        same="",
    )
    for name in ("lower", "without", "same"):
        path = folder / f"{name}.toml"
        text = path.read_text(encoding="utf-8").replace("baseline.toml", "middle.toml")
        path.write_text(text, encoding="utf-8")
    assert_each_as_if_alone(folder)
    posts = {
        one.name: [float(settings.teams["plan writers"].posts) for _, settings in one.periods]
        for one in load_folder(folder)
    }
    assert posts["middle"] == posts["same"] == [2.5, 3.5, 7, 3.5]
    assert posts["lower"] == [2, 3, 6, 3]
    assert posts["without"] == [5]


def test_shipped_options_read_together_are_as_if_read_alone(tmp_path: Path) -> None:
    for name in (
        "baseline.toml",
        "decide_early.toml",
        "recovery_plan.toml",
        "two_more_plan_writers.toml",
    ):
        shutil.copy(shipped() / name, tmp_path)
    for path in shipped().glob("*.csv"):
        shutil.copy(path, tmp_path)
    assert_each_as_if_alone(tmp_path)


def test_what_options_share_is_the_same_in_memory(tmp_path: Path) -> None:
    today, more = load_folder(options(tmp_path, more=EARLIER))
    assert more.base is today.base
    assert not list(differences(today.base, more.base))
    (_, later) = more.periods[-1]
    assert later.advice is today.base.advice
    assert later.teams["senior officers"] is today.base.teams["senior officers"]
    assert later.teams["plan writers"] != today.base.teams["plan writers"]


def test_a_fault_is_told_alike_together_and_alone(tmp_path: Path) -> None:
    """Of a setting of the file itself, of one that only a date makes wrong, and of what lacks."""
    wrong = '[teams."plan writers"]\nposts = -1\nsickness_days = "ten"\n[drafting]\nreworks = 1\n'
    dated = change("teams.plan writers.sickness_days", "set = 300", "from = 2025-03-01")
    folder = options(tmp_path, fine=EARLIER, wrong=wrong, dated=dated)
    with pytest.raises(BadInput) as together:
        load_folder(folder)
    alone = []
    for name in ("dated", "wrong"):
        with pytest.raises(BadInput) as one:
            load(folder / f"{name}.toml")
        alone += one.value.faults
    assert list(together.value.faults) == alone
    assert {fault.file for fault in alone} == {folder / "dated.toml", folder / "wrong.toml"}


def test_a_file_that_was_edited_is_read_anew(tmp_path: Path) -> None:
    """Known by its text: an edit may leave the size and the time of a file as they were."""
    options(tmp_path, more=EARLIER)
    assert load(tmp_path / "more.toml").changes[0].amount.likely == 1
    text = (tmp_path / "baseline.toml").read_text(encoding="utf-8")
    (tmp_path / "baseline.toml").write_text(text.replace("Smallshire today", "Today, renamed"))
    assert load(tmp_path / "baseline.toml").name == "Today, renamed"
    assert read_chain(tmp_path / "more.toml")[0].values["name"] == "Today, renamed"


def test_an_option_made_in_python_reads_no_file(tmp_path: Path) -> None:
    today = smallshire(tmp_path)
    for path in tmp_path.iterdir():
        if path.suffix == ".toml":
            path.unlink()
    more = today.with_change(POSTS, add=1)
    both = more.with_change(POSTS, multiply=2)
    before = float(today.periods[-1][1].teams["plan writers"].posts)
    after = [float(one.periods[-1][1].teams["plan writers"].posts) for one in (more, both)]
    assert after == [before + 1, (before + 1) * 2]
    assert float(today.periods[-1][1].teams["plan writers"].posts) == before
    with pytest.raises(BadInput, match=r"teams\.plan writers\.posts: found -1"):
        today.with_change(POSTS, set=-1)


def test_an_option_made_in_python_is_the_one_of_a_file(tmp_path: Path) -> None:
    folder = options(tmp_path, more=change(POSTS, "add = 1"))
    today, more = load_folder(folder)
    made = today.with_change(POSTS, add=1, name="more", why="To see")
    assert made.periods == more.periods
    assert made.changes == more.changes
    assert made.hash == more.hash
    again = pickle.loads(pickle.dumps(today)).with_change(POSTS, add=1, name="more", why="To see")
    assert again == made


def test_what_was_read_stays_here_when_a_scenario_goes_to_a_worker(tmp_path: Path) -> None:
    today = smallshire(tmp_path)
    assert today.content is not None
    back = pickle.loads(pickle.dumps(today))
    assert back.content is None
    assert back == today


def test_options_that_are_thrown_away_leave_nothing_behind(tmp_path: Path) -> None:
    today = smallshire(tmp_path)
    assert today.content is not None
    known = today.content.known
    before = [len(one) for one in (known.tables, known.wholes, known.made, known.keyed)]
    for amount in (1, 2, 3):
        today.with_change(POSTS, add=amount)
    assert [len(one) for one in (known.tables, known.wholes, known.made, known.keyed)] == before
