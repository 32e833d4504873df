"""Names and texts are plain, of a stated length, told apart, and settled before anything is run."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from ehc_sim.experiment.study import Plan, study
from ehc_sim.jobs.checking import scenarios_of
from ehc_sim.safe.plain_text import shown
from ehc_sim.scenario import BadInput, Scenario, load
from ehc_sim.scenario.faults import Fault, describe
from tests.scenario_files import SMALL, smallshire, whole_service
from tests.unit.broken_makers import BASELINE, HISTORY

pytestmark = pytest.mark.unit

UNSEEN = {
    "an escape": "\\u001b[2K",
    "a carriage return": "\\r",
    "a line break": "\\n",
    "a null": "\\u0000",
    "a bell": "\\u0007",
    "a C1 control": "\\u009b31m",
    "text turned round": "\\u202e",
    "an isolate": "\\u2066",
    "no width": "\\u200b",
    "a joiner": "\\u200d",
    "a byte-order mark": "\\ufeff",
    "a soft hyphen": "\\u00ad",
    "a line separator": "\\u2028",
    "a variation": "\\ufe0f",
    "a blank letter": "\\u3164",
    "a tag": "\\U000e0041",
    "a private letter": "\\ue000",
    "no letter": "\\uffff",
}


def written(folder: Path, text: str) -> Path:
    (folder / "history.csv").write_text(HISTORY, encoding="utf-8")
    path = folder / "x.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
@pytest.mark.parametrize(
    "before", ['name = "Smallshire today', 'name = "Smallshire', 'label = "Health']
)
def test_a_character_that_is_not_seen_is_refused_and_not_printed(
    before: str, unseen: str, tmp_path: Path
) -> None:
    assert BASELINE.count(f'{before}"\n') == 1
    path = written(tmp_path, BASELINE.replace(f'{before}"\n', f'{before}{unseen}"\n'))
    with pytest.raises(BadInput) as caught:
        load(path)
    (said,) = str(caught.value).split("\n")
    line = BASELINE[: BASELINE.index(f'{before}"\n')].count("\n") + 1
    assert f"x.toml:{line}: " in said
    assert "allowed is plain text without characters that are not seen" in said
    assert said.isprintable()


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
def test_the_name_of_an_area_is_plain_too_and_nothing_else_is_said(
    unseen: str, tmp_path: Path
) -> None:
    text = BASELINE.replace("North = 0.6", f'"North{unseen}" = 0.6')
    text = text.replace("North.posts", f'"North{unseen}".posts')
    with pytest.raises(BadInput) as caught:
        load(written(tmp_path, text))
    lines = str(caught.value).split("\n")
    assert all("characters that are not seen" in line and line.isprintable() for line in lines)
    assert {line.split(": ")[1].split(".")[0] for line in lines} == {"requests", "teams"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("North ", 'found "North " with spaces too many, allowed is "North"'),
        (" North", 'found " North" with spaces too many, allowed is "North"'),
        ("Far  North", 'found "Far  North" with spaces too many, allowed is "Far North"'),
        ("N" * 101, "found a name of 101 characters, allowed is 100 at most"),
        ("", 'found "", allowed is a name with a letter or a figure in it'),
        ("...", 'found "...", allowed is a name with a letter or a figure in it'),
    ],
)
def test_names_of_another_shape(name: str, said: str, tmp_path: Path) -> None:
    text = BASELINE.replace("North = 0.6", f'"{name}" = 0.6')
    text = text.replace("North.posts", f'"{name}".posts')
    with pytest.raises(BadInput) as caught:
        load(written(tmp_path, text))
    assert all(said in line for line in str(caught.value).split("\n"))


@pytest.mark.parametrize("other", ["north", "NORTH", "Nor th", "n o r t h"])
def test_two_names_that_people_take_for_one(other: str, tmp_path: Path) -> None:
    text = BASELINE.replace("North = 0.6", f'North = 0.4\n"{other}" = 0.2')
    with pytest.raises(BadInput, match=f'found "North" and "{other}", allowed are names that'):
        load(written(tmp_path, text))


def test_letters_with_accents_and_spaces_are_the_same_however_they_are_typed(
    tmp_path: Path,
) -> None:
    composed = unicodedata.normalize("NFC", "Bâle Ouest")
    decomposed = unicodedata.normalize("NFD", composed).replace(" ", "\u00a0")
    text = BASELINE.replace("North = 0.6", f'"{decomposed}" = 0.6')
    text = text.replace("North.posts", f'"{composed}".posts')
    scenario = load(written(tmp_path, text))
    assert list(scenario.base.requests.areas) == [composed, "South"]
    assert list(scenario.base.teams["educational psychologists"].patches) == [composed, "South"]
    twice = text.replace(f'"{decomposed}" = 0.6', f'"{decomposed}" = 0.3\n"{composed}" = 0.3')
    with pytest.raises(BadInput, match="again, allowed is once"):
        load(written(tmp_path, twice))


def test_a_reason_may_have_several_lines_and_is_told_in_one(tmp_path: Path) -> None:
    text = BASELINE.replace(
        '"What happens if nothing changes"', '"""What\n  if\tnothing\nchanges"""'
    )
    assert load(written(tmp_path, text)).why == "What if nothing changes"


def test_texts_have_a_length(tmp_path: Path) -> None:
    text = BASELINE.replace('source = "invented"', f'source = "{"x" * 2001}"')
    with pytest.raises(BadInput, match="found a text of 2,001 characters, allowed is 2,000"):
        load(written(tmp_path, text))


def test_there_are_so_many_groups_and_no_more(tmp_path: Path) -> None:
    """Their codes are kept in a byte: area 129 would be another one, without a word."""
    shares = "\n".join(f'"Area {number}" = {1 / 128}' for number in range(128))
    text = BASELINE.replace("North = 0.6\nSouth = 0.4", shares)
    with pytest.raises(BadInput, match="found 128 entries, allowed is 50 at most"):
        load(written(tmp_path, text))


@pytest.mark.parametrize("name", ["another", "ANOTHER", "A nother"])
def test_scenarios_that_are_run_together_are_told_apart(name: str, tmp_path: Path) -> None:
    smallshire(tmp_path)
    text = (tmp_path / "another.toml").read_text(encoding="utf-8")
    (tmp_path / "b.toml").write_text(text.replace('"Another"', f'"{name}"'), encoding="utf-8")
    files = [tmp_path / "another.toml", tmp_path / "b.toml"]
    with pytest.raises(BadInput, match=r"b\.toml: name: found .* differ in more than capitals"):
        scenarios_of(files)
    with pytest.raises(BadInput, match="the name of another"):
        scenarios_of([tmp_path])
    with pytest.raises(ValueError, match="differ in more than capitals"):
        study([load(file) for file in files], Plan(replications=1))


@pytest.mark.parametrize("name", ["N ", "\x1b[2K", "a\rb", "", "x" * 101, "x" * 3000])
def test_a_scenario_made_in_python_has_a_plain_name_before_it_is_run(name: str) -> None:
    scenario: Scenario = replace(load(SMALL / "baseline.toml"), name=name)
    with pytest.raises(ValueError, match="name: found"):
        study([scenario], Plan(replications=1))


def test_what_is_printed_of_a_fault_is_safe_wherever_it_comes_from() -> None:
    fault = Fault(Path("a\x1b[2K.toml"), 3, "teams.\u202eb", "found \x07\r\n")
    assert str(fault) == "a\\u{1b}[2K.toml:3: teams.\\u{202e}b: found \\u{7}\\u{d}\\u{a}"
    assert shown(describe("a\x1b[2K")) == 'the text "a\\u{1b}[2K"'
    assert shown("£ – Bâle “x” ½ 日本") == "£ – Bâle “x” ½ 日本"


def test_names_of_groups_beside_shares_are_told_apart_too(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="allowed are names that differ in more than capitals"):
        whole_service(tmp_path, "[decision_to_assess.odds_by_source]\nPARENT = 2\n")


def test_there_are_so_many_changes_and_no_more(tmp_path: Path) -> None:
    """Each dated one has all settings checked again: some thousands once took hours."""
    block = '[[change]]\nwhat = "drafting.rework"\nadd = 0.001\n'
    smallshire(tmp_path, block * 200)
    with pytest.raises(BadInput, match="found 201 changes, allowed is 200 at most"):
        smallshire(tmp_path, block * 201)


@pytest.mark.parametrize(("key", "most"), [("leave_out", 240), ("new_level_from", 20)])
def test_there_are_so_many_months_and_no_more(key: str, most: int, tmp_path: Path) -> None:
    months = [f"20{year:02}-{month:02}" for year in range(14, 36) for month in range(1, 13)]
    with pytest.raises(BadInput, match=f"allowed is {most} entries at most"):
        smallshire(tmp_path, f"[demand.record]\n{key} = {months[: most + 1]}\n")
