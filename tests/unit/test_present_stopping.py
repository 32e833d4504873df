"""What the terminal and the briefing say where each scenario stopped by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ehc_sim.cli.terminal import comparison_lines
from ehc_sim.present import answer, briefing, limits, tables
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import standing
from tests.present_frames import made_up, stood

pytestmark = pytest.mark.unit


def stopped_by_itself() -> Frames:
    """Return three options of 55, 380 and 400 futures, the last of them at the most."""
    frames = stood(made_up(3))
    rows = frames.comparison.assign(
        replications=[55, 380, 400],
        replications_compared=[55, 55, 50],
        half_width_asked=0.05,
        chance_low=[0.0, 0.264, 0.18],
        chance_high=[0.06, 0.358, 0.30],
        chance_beats_baseline=[float("nan"), 0.8, 0.9],
        reached=[
            "known to ±3 points after 55 simulated futures",
            "known to ±5 points after 380 simulated futures",
            "stopped at the most, 400: ±6 points",
        ],
        review_decisions_on_time=float("nan"),
    )
    return replace(frames, comparison=rows)


def test_the_terminal_says_how_many_futures_each_had_and_what_was_reached() -> None:
    rows = stopped_by_itself().comparison
    lines = comparison_lines(rows)
    assert "from 55 to 400 simulated futures of each scenario." in lines[1]
    assert lines[3].endswith("Futures")
    assert {line.split()[-1] for line in lines[5:8]} == {"55", "380", "400"}
    last = rows["scenario"].iloc[-1]
    said = lines.index(
        "Each scenario was simulated until its chance was known to ±5 points; two are compared in "
        "the futures that both have."
    )
    assert lines[said + 1] == f"“{last}” stopped at the most, 400: ±6 points."
    assert not any("known to" in line for line in lines[said + 1 :])


def test_a_fixed_number_is_told_as_before() -> None:
    rows = made_up(3).comparison.assign(reached="", half_width_asked=float("nan"))
    lines = comparison_lines(rows)
    assert "from 400 simulated futures of each scenario." in lines[1]
    assert not any("Futures" in line or "known to" in line for line in lines)


def test_the_briefing_says_it_in_its_table_and_under_what_could_be_wrong() -> None:
    frames = stopped_by_itself()
    now = standing(frames)
    cells = {one.name: [cell.range for cell in one.cells] for one in tables.compared(frames, now)}
    for row in frames.comparison.to_dict("records"):
        wanted = f"; {row['replications']} futures"
        assert sum(text.endswith(wanted) for text in cells[row["scenario"]]) == 1
    said = " ".join(limits.what_could_be_wrong(frames, now))
    last = frames.comparison["scenario"].iloc[-1]
    assert (
        "Each chance comes from 55 to 400 simulated futures: each option was simulated until its "
        "chance was known to ±5 points, and two are compared in the futures that both have. "
        f"“{last}” stopped at the most, 400: ±6 points. More of them would"
    ) in said
    page = briefing.render(frames, {})
    assert "55 to 400 simulated futures for each option" in page


def test_what_beats_the_baseline_is_counted_in_the_futures_that_both_have() -> None:
    frames = stopped_by_itself()
    option = standing(frames).ranked[0]
    assert option.scenario != frames.comparison["scenario"].iloc[0]
    counts = {0.8: "44 of the 55 simulated futures", 0.9: "45 of the 50 simulated futures"}
    assert counts[option.chance_beats_baseline] in answer._beats_baseline(option)


def test_folders_of_earlier_versions_compare_all_their_futures() -> None:
    frames = stood(made_up(3))
    rows = frames.comparison.drop(columns=["reached", "half_width_asked", "replications_compared"])
    option = standing(replace(frames, comparison=rows)).ranked[0]
    assert (option.replications_compared, option.reached) == (400, "")
