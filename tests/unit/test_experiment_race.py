"""A race of real scenarios: what it tells of each option."""

from __future__ import annotations

import numpy as np
import pytest

import ehc_sim as ehc
from ehc_sim.experiment.study import Plan, study
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit

WEEKS = "late_child_weeks_in_plan"


def test_a_race_tells_every_options_replications_and_the_interval_of_the_best() -> None:
    today = ehc.load(SMALL / "baseline.toml")
    more = today.with_change("teams.educational psychologists.posts", add=2, name="Two more")
    found = ehc.race(
        [today, more], WEEKS, better="smallest", zone=200.0, first=10, most=10, processes=1
    )
    table = found.table()
    assert found.best == table["scenario"].iloc[0] == "Two more"
    best, other = table.to_dict("records")
    assert best["low"] < best["mean"] < best["high"]
    assert np.isnan([other["low"], other["high"], best["left_after"]]).all()
    assert found.decided == (other["left_after"] == 10)
    assert other["beaten_by"] == ("Two more" if found.decided else "")
    # The numbers are those of a study.
    values = study([more], Plan(10)).scenarios[0].total(WEEKS)
    assert best["mean"] == pytest.approx(values.mean())
    assert best["replications"] == 10


@pytest.mark.parametrize(
    ("wrong", "fault", "said"),
    [
        ({"measure": "speed"}, ValueError, "measure: found 'speed', allowed is chance, "),
        ({"better": "most"}, ValueError, "better: found 'most', allowed is 'largest' or"),
        ({"zone": 0}, ValueError, "zone: found 0, allowed is more than 0"),
        ({"zone": "x"}, TypeError, "zone: found 'x'"),
        ({"confidence": 1.0}, ValueError, "confidence: found 1.0, allowed is 0.5 to less"),
        ({"first": 5}, ValueError, "first: found 5, allowed is 10"),
        ({"most": 15}, ValueError, "most: found 15, allowed is 20"),
    ],
)
def test_a_race_that_cannot_be_is_refused(
    wrong: dict[str, object], fault: type[Exception], said: str
) -> None:
    today = ehc.load(SMALL / "baseline.toml")
    other = today.with_change("teams.educational psychologists.posts", add=1, name="More")
    asked = {"measure": WEEKS, "better": "smallest", "zone": 10.0, "first": 20} | wrong
    with pytest.raises(fault, match=said):
        ehc.race([today, other], **asked)


def test_who_leaves_children_without_cannot_win_a_race() -> None:
    today = ehc.load(SMALL / "baseline.toml")
    none = today.with_change("decision_to_assess.refused", set=0.9, name="Refuse")
    with pytest.raises(ValueError, match="found 'Refuse', in which other children ask"):
        ehc.race([today, none], measure=WEEKS, better="smallest", zone=10.0)


def test_one_option_is_no_race() -> None:
    with pytest.raises(ValueError, match="found one scenario, allowed is two or more"):
        ehc.race([SMALL / "baseline.toml"], WEEKS, better="smallest", zone=1.0)
