"""What the program answers from Python: it works, or says what is allowed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import ehc_sim as ehc
from tests.scenario_files import SMALL, change, smallshire

pytestmark = pytest.mark.unit

BASELINE = SMALL / "baseline.toml"
POSTS = "teams.plan writers.posts"
EVENTS = {"arrive", "join", "start", "end", "mark", "leave"}


@pytest.fixture(scope="module")
def small() -> ehc.Scenario:
    """A plan from 2025 to 2026."""
    return ehc.load(BASELINE)


@pytest.fixture(scope="module")
def results(small: ehc.Scenario):
    more = small.with_change(POSTS, add=1, name="More")
    return ehc.simulate([small, more], 2, processes=1)


@pytest.mark.parametrize(
    ("wrong", "kind", "said"),
    [
        ({"engine": "fast"}, ValueError, "engine: found 'fast', allowed is 'compiled' or 'simpy'"),
        ({"processes": 0}, ValueError, "processes: found 0, allowed is 1 or more"),
        ({"processes": -2}, ValueError, "processes: found -2, allowed is 1 or more"),
        ({"processes": 1.5}, TypeError, "processes: found 1.5, allowed is a whole number"),
        ({"seed": "a"}, TypeError, "seed: found 'a', allowed is a whole number"),
        ({"seed": -1}, ValueError, "seed: found -1, allowed is 0 or more"),
        ({"seed": True}, TypeError, "seed: found True, allowed is a whole number"),
        ({"replications": 0}, ValueError, "replications: found 0, allowed is 1 to 100000"),
        ({"replications": "10"}, TypeError, "replications: found '10', allowed is a whole number"),
        ({"half_width": 0.7}, ValueError, "half_width: found 0.7, allowed is more than 0 to 0.5"),
        ({"half_width": "x"}, TypeError, "half_width: found 'x', allowed is a number"),
    ],
)
def test_a_wrong_argument_is_named_with_what_is_allowed(
    wrong: dict[str, object], kind: type[Exception], said: str, small: ehc.Scenario
) -> None:
    with pytest.raises(kind, match=f"^{re.escape(said)}$"):
        ehc.simulate(small, **wrong)


@pytest.mark.parametrize("wrong", [3, None, [3], {"a": 1}])
def test_what_is_no_scenario_is_refused(wrong: object) -> None:
    with pytest.raises(TypeError, match="allowed is a Scenario or its file"):
        ehc.simulate(wrong)  # type: ignore[arg-type]


def test_nothing_to_simulate_is_refused() -> None:
    with pytest.raises(ValueError, match="found no scenario"):
        ehc.simulate([])


def test_a_file_stands_for_its_scenario(small: ehc.Scenario) -> None:
    of_file = ehc.simulate(str(BASELINE), 1, processes=1).summary()
    pd.testing.assert_frame_equal(of_file, ehc.simulate(small, 1, processes=1).summary())


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(ehc.BadInput, match=r"none\.toml"):
        ehc.simulate(tmp_path / "none.toml")


@pytest.mark.parametrize("replication", [2, 99, -1])
def test_the_log_of_a_replication_that_was_not_run_is_refused(replication: int, results) -> None:
    with pytest.raises(ValueError, match=f"replication: found {replication}, allowed is 0"):
        results.log(replication)


def test_the_log_of_another_kind_of_number_is_refused(results) -> None:
    with pytest.raises(TypeError, match=r"replication: found 0\.5"):
        results.log(0.5)
    assert len(results.log(np.int64(1)))


def test_the_columns_of_the_log_are_those_that_are_described(results) -> None:
    page = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")
    section = page.partition("## The log of a replication")[2]
    described = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    log = results.log(0, "More")
    assert list(log.columns) == described
    assert set(log["event"]) == EVENTS
    assert set(re.findall(r"`(\w+)`", section)) >= EVENTS
    started = pd.Timestamp(ehc.load(BASELINE).base.period.run_in_from)
    assert (log["date"] == started + pd.to_timedelta(log["minute"], unit="min")).all()
    assert log["minute"].is_monotonic_increasing


@pytest.mark.parametrize("history", [pd.DataFrame({"month": ["2024-01"], "requests": [3]}), 3])
def test_a_record_that_is_no_file_is_refused(history: object) -> None:
    with pytest.raises(TypeError, match=r"history: found \w+, allowed is a file of requests"):
        ehc.forecast(history)  # type: ignore[arg-type]


def test_a_data_frame_is_told_what_to_do() -> None:
    with pytest.raises(TypeError, match="write a DataFrame with to_csv and give the file"):
        ehc.why_requests_rise(pd.DataFrame({"year": [2024], "requests": [3]}))  # type: ignore[arg-type]


def test_no_record_at_all_is_not_taken_for_somersets() -> None:
    for ask in (ehc.forecast, ehc.why_requests_rise):
        with pytest.raises(ValueError, match="history: found nothing, allowed is a file"):
            ask(None)


@pytest.mark.parametrize("wrong", [3, None, 2.5, ["baseline.toml"], pd.DataFrame()])
def test_what_is_no_path_is_named(wrong: Any, results: ehc.Results) -> None:
    said = rf"found {type(wrong).__name__}, allowed is a path"
    for name, call in (
        ("path", lambda: ehc.load(wrong)),
        ("folder", lambda: ehc.read_results(wrong)),
        ("folder", lambda: ehc.write_results(results, wrong)),
    ):
        with pytest.raises(TypeError, match=f"^{name}: {said}$"):
            call()
    if wrong is not None:
        with pytest.raises(TypeError, match=f"^sen2: {said}$"):
            ehc.forecast(council="Somerset", sen2=wrong)


def test_what_is_no_result_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="results: found DataFrame, allowed is what simulate"):
        ehc.write_results(pd.DataFrame(), tmp_path / "out")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("wrong", "kind", "said"),
    [
        ({"months": 0}, ValueError, "months: found 0, allowed is 1 to 120"),
        ({"months": 10**6}, ValueError, "months: found 1000000, allowed is 1 to 120"),
        ({"months": 2.5}, TypeError, "months: found 2.5, allowed is a whole number"),
        ({"paths": 0}, ValueError, "paths: found 0, allowed is 1 to 10000"),
        ({"seed": "a"}, TypeError, "seed: found 'a', allowed is a whole number"),
    ],
)
def test_a_forecast_names_a_wrong_argument(
    wrong: dict[str, object], kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=f"^{re.escape(said)}$"):
        ehc.forecast(SMALL / "history.csv", **wrong)  # type: ignore[arg-type]


REFUSED = "decision_to_assess.refused"
SWEPT: dict[str, Any] = {"what": REFUSED, "values": (0.2, 0.3)}
NAN = float("nan")
RECORD = SMALL / "history.csv"
NO_LIST = "allowed is a list of values"
NO_TEXT = "allowed is a text"
NO_FLAG = "allowed is True or False"
EMPTY = "found an empty text, allowed is"
A_TABLE = "allowed is a table, as [demand.overlay.<name>] of a scenario"


@pytest.mark.parametrize(
    ("call", "given", "kind", "said"),
    [
        *(
            (ehc.sweep, {**SWEPT, "values": wrong}, TypeError, f"values: found {found}, {NO_LIST}")
            for wrong, found in [
                (None, "NoneType"),
                (0.3, "float"),
                ("0.3", "str"),
                ({0.2, 0.3}, "set"),
                ({"a": 1}, "dict"),
                (np.zeros((2, 2)), "ndarray"),
            ]
        ),
        (ehc.sweep, {**SWEPT, "what": None}, TypeError, f"what: found None, {NO_TEXT}"),
        (ehc.sweep, {**SWEPT, "what": " "}, ValueError, f"what: {EMPTY}"),
        *(
            (ehc.sweep, {**SWEPT, "values": wrong}, ehc.BadInput, f"{REFUSED}: {found}")
            for wrong, found in [
                ([], "found 0, allowed is 2 values or more"),
                ([0.3], "found 1, allowed is 2 values or more"),
                ([0.3, np.float32(0.5), 0.5], "found 0.5 twice, allowed is every value once"),
                ([0.3, NAN], "found nan, allowed is an ordinary number"),
                ([0.3, None], "found nothing, allowed is a number"),
                ([0.3, "x"], 'found the text "x", allowed is a number'),
                ([True, 0.3], "found true, allowed is a number"),
                ([0.3, np.int64(-1)], "found -1, allowed is 0 to 1"),
            ]
        ),
        *(
            (ehc.what_refusing_costs, {"rates": wrong}, TypeError, f"rates: {found}")
            for wrong, found in [
                (0.3, f"found float, {NO_LIST}"),
                (None, f"found NoneType, {NO_LIST}"),
                ("0.3", f"found str, {NO_LIST}"),
                (["a", 0.3], "found 'a', allowed is a number"),
                ([None, 0.3], "found None, allowed is a number"),
                ([True, 0.3], "found True, allowed is a number"),
            ]
        ),
        *(
            (ehc.what_refusing_costs, {"rates": wrong}, ehc.BadInput, f"{REFUSED}: {found}")
            for wrong, found in [
                ([], "found 0, allowed is 2 values or more"),
                ([0.3, 1.5], "found 1.5, allowed is 0 to 1"),
                ([-0.1, 0.3], "found -0.1, allowed is 0 to 1"),
                ([0.3, NAN], "found nan, allowed is an ordinary number"),
            ]
        ),
        *(
            (ehc.forecast, {"history": RECORD, "overlays": wrong}, TypeError, f"overlays{found}")
            for wrong, found in [
                (3, ": found int, allowed is a table of adjustments by name"),
                ([], ": found list, allowed is a table of adjustments by name"),
                ({3: {}}, f": found 3, {NO_TEXT}"),
                ({"x": 3}, f".x: found int, {A_TABLE}"),
                ({"x": None}, f".x: found NoneType, {A_TABLE}"),
            ]
        ),
        *(
            (ehc.forecast, {"history": RECORD, "overlays": {"x": wrong}}, ehc.BadInput, found)
            for wrong, found in [
                ({}, "overlays.x.starts: found nothing, allowed is a date"),
                ({"starts": "soon"}, 'overlays.x.starts: found the text "soon", allowed is a date'),
                ({"nonsense": 1}, 'overlays.x.nonsense: found the unknown key "nonsense"'),
                ({"step": NAN}, "overlays.x.step: found nan, allowed is an ordinary number"),
            ]
        ),
        *(
            (call, {"history": RECORD, "council": wrong}, kind, f"council: {found}")
            for call in (ehc.forecast, ehc.why_requests_rise)
            for wrong, kind, found in [
                (3, TypeError, f"found 3, {NO_TEXT}"),
                (NAN, TypeError, f"found nan, {NO_TEXT}"),
                ("", ValueError, EMPTY),
            ]
        ),
        (ehc.forecast, {"history": RECORD, "terms": ""}, ValueError, f"terms: {EMPTY}"),
        (ehc.forecast, {"history": ""}, ValueError, f"history: {EMPTY}"),
        (ehc.load, {"path": ""}, ValueError, f"path: {EMPTY}"),
        (ehc.read_results, {"folder": ""}, ValueError, f"folder: {EMPTY}"),
    ],
)  # fmt: skip
def test_every_argument_of_the_wrong_kind_is_named(
    call: Any, given: dict[str, Any], kind: type[Exception], said: str, small: ehc.Scenario
) -> None:
    more = {"scenario": small} if call in (ehc.sweep, ehc.what_refusing_costs) else {}
    with pytest.raises(kind) as fault:
        call(**more, **given)
    assert any(line.startswith(said) for line in str(fault.value).splitlines())


@pytest.mark.parametrize("wrong", ["yes", None, 1])
def test_what_is_neither_true_nor_false_is_named(
    wrong: Any, results: ehc.Results, tmp_path: Path
) -> None:
    with pytest.raises(TypeError, match=f"^replace: found {wrong!r}, {NO_FLAG}$"):
        ehc.write_results(results, tmp_path / "out", replace=wrong)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [3, "nobody", ["Smallshire today"]])
def test_a_log_of_no_scenario_says_which_there_are(name: Any, results: ehc.Results) -> None:
    said = f"scenario: found {name!r}, allowed is 'Smallshire today', 'More'"
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        results.log(0, name)


def test_numbers_and_days_of_numpy_are_those_of_python(small: ehc.Scenario) -> None:
    made = small.with_change(POSTS, add=np.int64(1), from_=np.datetime64("2025-06-01"), name="x")  # type: ignore[arg-type]
    assert made == small.with_change(POSTS, add=1, from_=date(2025, 6, 1), name="x")
    values = ({"low": np.float32(0.25), "likely": np.int64(1), "high": 1}, np.float64(0.5))
    for value in values:
        assert small.with_change(REFUSED, set=value).changes
    swept = ehc.sweep(small, REFUSED, np.array([0.25, 0.5]), np.int64(1), processes=1)
    assert swept.values == (0.25, 0.5)
    assert {type(value) for value in swept.values} == {float}


@pytest.mark.parametrize("years", [0, 50])
def test_a_rise_names_years_that_cannot_be(years: int) -> None:
    with pytest.raises(ValueError, match=f"years_back: found {years}, allowed is 1 to 10"):
        ehc.why_requests_rise(SMALL / "history.csv", years_back=years)


def test_a_change_made_in_python_is_the_same_as_one_in_a_file(tmp_path: Path) -> None:
    from_ = date(2025, 6, 1)
    in_file = smallshire(tmp_path, change(POSTS, "add = 1", "from = 2025-06-01"))
    made = smallshire(tmp_path).with_change(POSTS, add=1, from_=from_)
    assert made.periods == in_file.periods
    assert made.changes == in_file.changes


def test_changes_follow_one_another_and_leave_what_was_there(small: ehc.Scenario) -> None:
    doubled = small.with_change(POSTS, add=1).with_change(POSTS, multiply=2, name="Twice")
    assert float(doubled.periods[-1][1].teams["plan writers"].posts) == 2 * (2.5 + 1)
    assert float(small.periods[-1][1].teams["plan writers"].posts) == 2.5
    assert doubled.name == "Twice"
    assert len(doubled.changes) == len(small.changes) + 2


@pytest.mark.parametrize("argument", ["what", "name", "why"])
def test_a_text_of_a_change_that_is_none_is_named(argument: str, small: ehc.Scenario) -> None:
    given: dict[str, Any] = {"what": POSTS, "add": 1, argument: 3}
    with pytest.raises(TypeError, match=f"^{argument}: found 3, {NO_TEXT}$"):
        small.with_change(**given)


def test_a_change_has_the_name_of_what_it_does(small: ehc.Scenario) -> None:
    assert small.with_change(POSTS, add=1).name == "teams.plan writers.posts: add 1"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"what": "teams.plan writer.posts", "add": 1}, 'did you mean "teams.plan writers.posts"'),
        ({"what": POSTS}, "allowed is exactly one of set, add and multiply"),
        ({"what": POSTS, "add": 1, "set": 2}, "allowed is exactly one of set, add and multiply"),
        ({"what": POSTS, "set": -3}, "teams.plan writers.posts: found -3"),
        ({"what": POSTS, "add": 1, "from_": "2025-06-01"}, "allowed is a date"),
        ({"what": POSTS, "add": 1, "until": 3}, f"{POSTS}: until: found 3, allowed is a date"),
        ({"what": POSTS, "multiply": "2"}, f'{POSTS}: multiply: found the text "2", allowed is a'),
        ({"what": POSTS, "add": 1, "yearly_cost": None}, f"{POSTS}: yearly_cost: found nothing"),
        ({"what": POSTS, "add": 1, "from_": date(1999, 1, 1)}, "found 1999-01-01"),
    ],
)
def test_a_change_that_cannot_be_made_says_why(
    wrong: dict[str, object], said: str, small: ehc.Scenario
) -> None:
    again = small.with_change("decision_to_assess.refused", set=0.3)
    for scenario in (small, again):
        with pytest.raises(ehc.BadInput) as fault:
            scenario.with_change(**wrong)  # type: ignore[arg-type]
        assert said in str(fault.value)
        assert len(str(fault.value).splitlines()) == 1
