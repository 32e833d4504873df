"""Why an option has a lower chance than the baseline, in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ehc_sim.present import briefing, worse
from ehc_sim.present.reading import standing
from tests.present_frames import OPTIONS, largest, made_up, stood
from tests.present_stock import OFFICERS, TWICE

pytestmark = pytest.mark.unit
EVERY = len(OPTIONS)


def paragraphs(frames):
    frames = stood(frames)
    return worse.lower_chances(frames, standing(frames))


def two(**columns):
    """Frames of two options, with columns of the comparison put in the place of others."""
    frames = made_up(2)
    return replace(frames, comparison=frames.comparison.assign(**columns))


def test_twice_the_plans_and_the_same_officers():
    """The step that takes longer, whose hours go where, how much work there is, and what waits."""
    (said,) = paragraphs(made_up(EVERY))
    assert said == (
        f"“{TWICE}” issues 30% of plans on time, the baseline 33%. "
        "It starts 2025 with 11,200 instead of 5,600 plans in place. "
        "What takes longer is the way from the draft to the final plan: 98 instead of 56 days on "
        f"average in 2027, where cases wait for {OFFICERS}. "
        "In 2027, reviews, phase transfers and appeals about plans take 69% instead of 50% of the "
        f"hours that {OFFICERS} work, and assessments 26% instead of 45%; the work that reaches "
        "them is 139% instead of 98% of the hours they have; 2,300 instead of 180 jobs wait for "
        "them at the end of the year."
    )


def test_the_jobs_that_wait_are_those_of_the_end_of_the_year():
    """Of the year in which the target ends: 2,300 in its December, one in every other month."""
    frames = made_up(EVERY)
    rows = frames.teams.copy()
    rows.loc[(rows["measure"] == "queue") & (rows["month"] != "2027-12-01"), "median"] = 1.0
    (told,) = paragraphs(replace(frames, teams=rows))
    assert "2,300 instead of 180 jobs wait for them at the end of the year." in told


@pytest.mark.parametrize("is_choice", [True, False])
def test_a_larger_stock_is_held_against_the_same_people_without_it(is_choice):
    """It may still do better than the baseline, which has fewer people; and it is told though it
    is no choice to be made."""
    frames = made_up(EVERY)
    rows = frames.comparison.set_index("scenario")
    same = ["Psychologists and pooling together", "Three more educational psychologists", TWICE]
    rows.loc[same, "cost"] = [650_000, 642_000, 645_000]
    rows.loc[TWICE, ["chance", "chance_low", "chance_high", "difference_high"]] = [
        0.1,
        0.07,
        0.13,
        1,
    ]
    rows.loc[TWICE, "is_choice"] = is_choice
    frames = stood(replace(frames, comparison=rows.reset_index()[frames.comparison.columns]))
    (said,) = paragraphs(frames)
    assert said.startswith(
        f"“{TWICE}” reaches the target in 10% (7% to 13%) of the simulated futures, “Three more "
        "educational psychologists” in 30% (27% to 36%). It starts 2025 with 11,200 instead of "
        "5,600 plans in place. What takes longer is"
    )


def test_options_that_do_as_well_or_better_are_not_told():
    assert paragraphs(made_up(12)) == []
    assert paragraphs(made_up(1)) == []


def test_where_the_chances_are_equal_the_share_on_time_counts():
    frames = two(chance=0.0, on_time=[0.3, 0.2], difference=[0.0, -0.1], difference_high=[0, -0.05])
    (said,) = paragraphs(frames)
    opening = (
        "“Three more educational psychologists” issues 20% of plans on time, the baseline 30%."
    )
    assert said.startswith(opening)


def test_a_lower_chance_that_may_be_an_accident_is_told_as_such():
    """Of 400 futures the baseline reaches it in 4 in which the option does not (exact p 0.125),
    and the shares on time are the same."""
    frames = two(chance=[0.5, 0.49], on_time=0.3, difference=0.0, difference_high=-0.05)
    assert paragraphs(frames) == [
        "“Three more educational psychologists” reaches the target less often than the baseline, "
        "but no lower chance or share on time is shown."
    ]


def test_the_largest_fall_comes_first():
    said = paragraphs(largest())
    now = standing(largest())
    falls = [
        option.difference
        for paragraph in said
        for option in now.ranked
        if paragraph.startswith(f"“{option.scenario}”")
    ]
    assert len(falls) == len(said) >= 4
    assert falls == sorted(falls)


def test_clearing_old_cases_is_told():
    """More plans and more of them late: the percentage falls, and nobody waits for longer."""
    frames = two(chance=[0.5, 0.1], difference=[0.0, -0.1], difference_high=[0.0, -0.05])
    yearly, lateness = frames.yearly.copy(), frames.lateness.copy()
    of_option = yearly["scenario"] != "Today's staff"
    yearly.loc[of_option & (yearly["measure"] == "plans_issued"), "median"] = 900
    of_option = lateness["scenario"] != "Today's staff"
    lateness.loc[of_option & (lateness["measure"] == "late_plans"), "median"] = 700
    (said,) = paragraphs(replace(frames, yearly=yearly, lateness=lateness))
    assert said.endswith(
        "It issues 900 instead of 720 plans, 700 instead of 460 of them late: finishing cases that "
        "are already late lowers the percentage too."
    )


def test_a_team_that_is_overloaded_only_with_the_option_is_named():
    frames = two(
        chance=[0.5, 0.1],
        difference=[0.0, -0.1],
        difference_high=[0.0, -0.05],
    )
    teams = frames.teams.copy()
    busier = (teams["scenario"] != "Today's staff") & (teams["team"] == "senior officers")
    teams.loc[busier & (teams["measure"] == "load_of_year"), "median"] = 1.05
    most = (teams["scenario"] != "Today's staff") & (teams["team"] == "plan writers")
    teams.loc[most & (teams["measure"] == "load_of_year"), "median"] = 1.9
    (said,) = paragraphs(replace(frames, teams=teams))
    assert (
        "Senior officers get more work than they have hours for, which they do not with the "
        "baseline."
    ) in said


def test_a_step_that_waits_for_nobody_s_hours_names_who_is_waited_for():
    """Where no team of the step has the cases for longer, a panel, a family or a setting may."""
    frames = two(chance=[0.5, 0.1], difference=[0.0, -0.1], difference_high=[0.0, -0.05])
    name = frames.comparison["scenario"].iloc[1]
    yearly, lateness = frames.yearly.copy(), frames.lateness.copy()
    longer = (yearly["scenario"] == name) & (yearly["measure"] == "weeks_draft_to_final")
    yearly.loc[longer, "median"] += 3
    later = (lateness["scenario"] == name) & (lateness["measure"] == "days_a_late_plan")
    lateness.loc[later & (lateness["part"] == "placement"), "median"] += 20
    (said,) = paragraphs(replace(frames, yearly=yearly, lateness=lateness))
    assert (
        "What takes longer is the way from the draft to the final plan: 77 instead of 56 days on "
        "average in 2027, most of all for placement."
    ) in said


def test_folders_of_earlier_versions_do_not_tell_why():
    frames = made_up(EVERY)
    frames = replace(frames, worse=frames.worse.head(0))
    assert worse.lower_chances(frames, standing(frames)) == []


def test_what_is_not_in_the_tables_is_left_out():
    """Without kinds of work and without the account of late plans, the load still tells."""
    frames = made_up(EVERY)
    bare = replace(
        frames,
        yearly=frames.yearly[frames.yearly["by"] != "all"],
        **{name: getattr(frames, name).head(0) for name in ("hours", "lateness")},
    )
    (said,) = paragraphs(bare)
    assert f"In 2027, the work that reaches {OFFICERS} is 139% instead of 98%" in said
    assert not np.any([word in said for word in ("nan", "None", "What takes longer")])


def test_the_page_has_them_all_and_print_the_first_three():
    html = briefing.render(largest())
    shown, _, folded = html.partition("The others that do worse")
    first, *_, last = paragraphs(largest())
    assert first[:60] in shown
    assert last[:40] not in shown
    assert last[:40] in folded
    assert "Why some options do worse" not in briefing.render(made_up(12))


def test_a_team_with_idle_hours_is_no_cause():
    """A point more of work for a team that has hours to spare holds nothing up."""
    frames = two(chance=[0.3, 0.1], difference_high=[0.0, -0.05])
    rows, weeks = frames.teams.copy(), frames.yearly.copy()
    alike = weeks["measure"].str.startswith("weeks_")
    weeks.loc[alike, "median"] = 5.0
    for option, load in enumerate((0.66, 0.68)):
        own = rows["scenario"].eq(OPTIONS[option][0])
        loads = own & rows["measure"].isin(["load", "load_of_year"])
        rows.loc[loads, "median"] = 0.5
        rows.loc[loads & rows["team"].eq("senior officers"), "median"] = load
    (said,) = paragraphs(replace(frames, teams=rows, yearly=weeks))
    assert "senior officers" not in said
    rows.loc[loads & rows["team"].eq("senior officers"), "median"] = 0.95
    (said,) = paragraphs(replace(frames, teams=rows, yearly=weeks))
    assert "the work that reaches senior officers is 95% instead of 66% of the hours" in said
