"""The two sentences of the answer are honest about chance, cost and the price in waiting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ehc_sim.present import answer, briefing, saved
from ehc_sim.present.reading import over_the_plan, standing
from tests.present_frames import made_up, stood

pytestmark = pytest.mark.unit


def changed(frames, **columns):
    """Frames with columns of the comparison put in the place of others."""
    return stood(replace(frames, comparison=frames.comparison.assign(**columns)))


def test_two_sentences_tell_the_percentage_and_orders_of_work_stand_apart():
    for scenarios, apart in ((1, False), (2, False), (15, True)):
        frames = made_up(scenarios)
        now = standing(frames)
        assert len(answer.answer(frames, now)) == 2
        assert bool(answer.only_moves_the_wait(now)) == apart


def test_an_order_of_work_is_never_the_answer_and_stands_apart_with_who_pays():
    """It has the best chance of all, and 360 children past 20 weeks instead of 330."""
    frames = changed(
        made_up(5),
        chance=[0.01, 0.31, 0.24, 0.02, 0.95],
        overdue_at_end=[330.0, 300.0, 310.0, 320.0, 360.0],
    )
    now = standing(frames)
    first, second = answer.answer(frames, now)
    order = "“Cases still in time first”"
    assert order not in first + second + answer.cannot_be_told_apart(now)
    assert now.ranked[-2].scenario == "Cases still in time first"
    assert answer.only_moves_the_wait(now) == [
        f"{order} and “Oldest overdue cases first” only change who is seen first: one child is "
        "seen sooner because another waits.",
        "They reach the target in about 19 in 20 and less than 1 in 20 of the simulated futures.",
        f"The children who are seen later pay: with {order}, 360 children are past 20 weeks at the "
        "end of the planning period, against 330 with the baseline.",
    ]
    assert not any(order in said for said in saved.saved(frames, now))


def test_the_cost_is_told_with_both_ends_of_its_range():
    frames = changed(
        made_up(2),
        chance=[0.1, 0.7],
        cost=[0.0, 640_000.0],
        cost_low=[0.0, 610_000.0],
        cost_high=[0.0, 690_000.0],
    )
    said = " ".join(saved.saved(frames, standing(frames)))
    assert "It costs £640,000 more than the baseline (£610,000 to £690,000 in 8 of 10" in said
    no_less = replace(frames, comparison=frames.comparison.assign(late_child_weeks=9.0))
    _, second = answer.answer(no_less, standing(stood(no_less)))
    assert "it costs £640,000 more than the baseline (£610,000 to £690,000 in 8 of 10" in second


def test_what_is_an_order_of_work_is_not_read_from_a_name():
    """A scenario called "… first" that adds people may lead; one by another name that only
    changes the order may not."""
    names = ["Today's staff", "Two psychologists first, then two more", "LIFO for psychologists"]
    frames = made_up(3)
    renamed = frames.comparison.assign(
        scenario=names,
        chance=[0.1, 0.6, 0.9],
        order_only=[False, False, True],
        changes_order=[False, False, True],
    )
    now = standing(stood(replace(frames, comparison=renamed)))
    assert now.best.scenario == names[1]
    assert [option.scenario for option in now.orders] == [names[2]]


def test_the_options_that_cannot_be_told_apart_are_named_together():
    """13 futures in 100 to 0 are told apart; 5 to 0 (exact p 0.0625) are not."""
    frames = changed(made_up(3, replications=100), chance=[0.10, 0.23, 0.18], overdue_at_end=300.0)
    said = answer.cannot_be_told_apart(standing(frames))
    tied = ["“Three more educational psychologists”", "“Agency for 15 psychology cases a month”"]
    assert f"The chances of {tied[0]} and {tied[1]} cannot be told apart" in said
    assert "Today's staff" not in said
    assert f"{tied[0]} is put first because it leaves children waiting least" in said
    assert "Of those shown to raise the chance over the baseline's" in said


def test_what_puts_one_first_is_named_where_no_chance_is_shown_to_rise():
    frames = changed(made_up(3, replications=100), chance=[0.3, 0.32, 0.31], overdue_at_end=300.0)
    said = answer.cannot_be_told_apart(standing(frames))
    assert "No option is shown to raise the chance over the baseline's" in said
    assert "Of those shown to spare children waiting past their date, “" in said
    assert "do better than" not in said


def test_an_option_with_the_lower_chance_leads_where_it_leaves_children_waiting_less():
    frames = changed(
        made_up(3, replications=100), chance=[0.1, 0.5, 0.48], late_child_weeks=[9.0, 8.0, 6.0]
    )
    first = answer.answer(frames, standing(frames))[0]
    assert first.startswith(
        "“Agency for 15 psychology cases a month” is put first of those whose chances cannot be "
        "told apart: it reaches the target in about half"
    )


def test_a_folder_without_paired_tests_says_that_it_has_none():
    frames = made_up(4)
    old = replace(frames, pairs=frames.pairs.head(0), standing=frames.standing.head(0))
    now = standing(old)
    assert now.best.scenario == "Three more educational psychologists"
    assert "which did not test the options in pairs" in answer.cannot_be_told_apart(now)


def test_honest_where_no_option_reaches_the_target():
    frames = changed(
        made_up(4),
        chance=[0.0, 0.02, 0.01, 0.0],
        chance_low=0.0,
        chance_high=[0.01, 0.04, 0.03, 0.01],
    )
    now = standing(frames)
    first, second = answer.answer(frames, now)
    assert first == (
        "No option tested is enough: the best reaches the target in less than 1 in 20 of the "
        "simulated futures (0% to 4%)."
    )
    assert second == (
        "With the baseline, educational psychologists and plan writers get more work than they "
        "have hours for. Every other option leaves a team so too."
    )
    none = standing(changed(frames, chance=0.0, chance_high=0.01))
    assert answer.answer(frames, none)[0] == (
        "No option tested is enough: none reaches the target in any of the simulated futures "
        "(0% to 1%)."
    )


SAVED = {
    "late_child_weeks": [40_000.0, 28_000.0, 31_000.0, 0.0],
    "late_child_weeks_saved": [0.0, 12_000.0, 9_000.0, 40_000.0],
    "late_child_weeks_saved_low": [0.0, 11_000.0, 8_000.0, 39_000.0],
    "late_child_weeks_saved_high": [0.0, 13_000.0, 10_000.0, 41_000.0],
    "cost_per_week_saved": [float("nan"), 59.0, 70.0, 1.0],
    "cost_per_week_saved_low": [float("nan"), 52.0, 60.0, 1.0],
    "cost_per_week_saved_high": [float("nan"), 66.0, 80.0, 1.0],
    "order_only": [False, False, False, True],
    "chance": 0.0,
    "chance_low": 0.0,
    "chance_high": 0.01,
}
"""Four scenarios of which none reaches the target; the last only changes who is seen first."""


def waiting_saved(frames):
    """Return the sentences of the answer on who saves most waiting."""
    return saved.saved(frames, standing(frames))


def test_the_weeks_of_waiting_saved_and_their_price_come_first():
    """Who only changes the order is never named for it, whatever it saves."""
    frames = changed(made_up(4), **SAVED)
    first, order = frames.comparison["scenario"][[1, 3]]
    said = waiting_saved(frames)
    assert said[0] == (
        f"Most waiting is saved by “{first}”: over the planning period, 2025 to 2028, 12,000 "
        "weeks (11,000 to 13,000, 95% range) past children's dates, added up."
    )
    assert said[1].startswith("It costs £640,000 more than the baseline (")
    assert said[1].endswith(": £59 (£52 to £66, 95% range) for each week saved.")
    assert order not in " ".join(said)


def test_options_whose_waiting_the_tests_do_not_tell_apart_are_named_together():
    level = {
        "late_child_weeks": [40_000.0, 28_000.0, 28_000.0, 0.0],
        "cost": [0.0, 9.0e5, 2.0e5, 0.0],
    }
    said = waiting_saved(changed(made_up(4), **SAVED | level))
    dear, cheap = made_up(4).comparison["scenario"][1:3]
    assert said[0].startswith(f"No option is shown to save more waiting than “{cheap}”: ")
    of_dear = next(one for one in said if one.startswith(f"“{dear}” saves 12,000 weeks ("))
    assert of_dear.endswith("range): the futures do not tell that apart, and it costs more.")


def test_what_saves_a_week_for_least_is_told_where_it_is_another_one():
    """£30 (27 to 33) is below £59 (52 to 66); £32 (29 to 36) may be as little."""
    frames = changed(
        made_up(5),
        late_child_weeks=[40_000.0, 28_000.0, 37_000.0, 36_000.0, 0.0],
        late_child_weeks_saved=[0.0, 12_000.0, 3_000.0, 4_000.0, 40_000.0],
        late_child_weeks_saved_low=[0.0, 11_000.0, 2_500.0, 3_500.0, 39_000.0],
        late_child_weeks_saved_high=[0.0, 13_000.0, 3_500.0, 4_500.0, 41_000.0],
        cost_per_week_saved=[np.nan, 59.0, 30.0, 32.0, 1.0],
        cost_per_week_saved_low=[np.nan, 52.0, 27.0, 29.0, 1.0],
        cost_per_week_saved_high=[np.nan, 66.0, 33.0, 36.0, 1.0],
        order_only=[False, False, False, False, True],
        changes_staff=[False, True, True, False, False],
    )
    _, _, third, fourth, fifth = waiting_saved(frames)
    cheap, near = frames.comparison["scenario"][2:4]
    assert third == (
        f"A week is saved for least by “{cheap}”, at £30 (£27 to £33, 95% range), but it saves "
        "only 3,000 weeks (2,500 to 3,500, 95% range)."
    )
    assert fourth == f"“{near}” may be as cheap."
    assert fifth.startswith(
        f"With staffing as it is, most is saved by “{near}”: 4,000 weeks (3,500"
    )
    as_cheap = frames.comparison["cost_per_week_saved_low"].where(lambda low: low != 52, 33.0)
    told = waiting_saved(changed(frames, cost_per_week_saved_low=as_cheap))
    assert not any("for least" in said for said in told)


def test_no_price_of_a_week_is_told_of_what_saves_money_or_of_waiting_that_is_not_saved():
    cheaper = SAVED | {"cost_per_week_saved_low": -3.0, "cost": [0.0, -1e6, 1e6, 0.0]}
    said = waiting_saved(changed(made_up(4), **cheaper))
    assert said[1] == "It saves £1 million."
    assert "for each" not in " ".join(said)
    assert waiting_saved(changed(made_up(4), **SAVED | {"late_child_weeks": 40_000.0})) == [
        "No option is shown to save children any waiting past their date."
    ]


def test_when_the_backlog_is_clear_is_told_of_who_saves_most_and_of_the_baseline():
    """240 of 400 are clear of 52 weeks by the target's day, and 60 of 30 weeks; none without."""
    frames = made_up(2)
    lead = f"“{frames.comparison['scenario'][1]}”"
    assert saved.when_clear(frames, standing(frames)) == [
        f"With {lead}, nobody without a draft plan has waited over 52 weeks from February 2028 on "
        "(July 2027 to after December 2028 in 8 of 10 futures) and 30 weeks not by December 2028 "
        "(July 2027 to after December 2028 in 8 of 10 futures).",
        "With the baseline, children without a draft plan still wait over 52 or 30 weeks at the "
        "end of the plan, December 2028.",
        "The target of nobody over 52 weeks by June 2028 is met, of the simulated futures, in "
        f"about 3 in 5 (55% to 65%) with {lead} and in none (0% to 1%) with the baseline.",
        "The target of nobody over 30 weeks by June 2028 is met, of the simulated futures, in "
        f"about 1 in 7 (12% to 19%) with {lead} and in none (0% to 1%) with the baseline.",
    ]


def test_a_folder_of_an_earlier_version_leads_with_the_percentage():
    frames = made_up(4)
    old = replace(frames, standing=frames.standing.head(0), clear_by=frames.clear_by.head(0))
    assert saved.saved(old, standing(old)) == []
    assert saved.when_clear(old, standing(old)) == []


def test_no_winner_is_crowned_where_every_chance_is_near_zero():
    """The option that is best by accident is not named; what is surely gained on time is."""
    frames = changed(
        made_up(4),
        chance=[0.0, 0.002, 0.0, 0.0],
        chance_low=0.0,
        chance_high=0.01,
        difference_low=[0.0, -0.01, 0.02, 0.02],
        overdue_at_end=[330.0, 300.0, 320.0, 400.0],
        late_child_weeks=[9.0, 6.0, 8.0, 9.0],
    )
    now = standing(frames)
    apart = answer.cannot_be_told_apart(now)
    sentences = [*answer.answer(frames, now), apart]
    assert now.best.scenario == "Three more educational psychologists"
    assert now.best.scenario not in " ".join(sentences)
    assert "“Agency for 15 psychology cases a month” lifts the share on time most" in apart
    nothing = standing(changed(frames, difference_low=-0.01))
    assert "is shown to lift the share on time either" in answer.cannot_be_told_apart(nothing)


def paid_in_waiting(**columns):
    """Five options; the best costs nothing and leaves more cases overdue."""
    given = {
        "order_only": False,
        "overdue_at_end": [330.0, 300.0, 310.0, 320.0, 360.0],
        "oldest_weeks_at_end": 110.0,
    }
    return changed(made_up(5), **{**given, **columns})


def test_a_price_in_waiting_is_told_with_the_best_option_that_has_none():
    frames = paid_in_waiting()
    first, second = answer.answer(frames, standing(frames))
    assert "the best, “Cases still in time first”, does so in about 2 in 5" in first
    assert "costs nothing extra, but the price is paid in waiting" in first
    assert "360 children are past 20 weeks at the end of the planning period, against 330" in first
    assert "oldest case without a draft" not in first
    assert second.startswith(
        "Of the options that do not leave more children past 20 weeks than the baseline, "
        "“Three more educational psychologists” has the best chance: about 3 in 10"
    )
    assert "costs £640,000 more than the baseline" in second
    assert second.endswith("leaves 300 children past 20 weeks.")


def test_an_older_case_is_a_price_in_waiting_too():
    frames = paid_in_waiting(
        overdue_at_end=330.0, oldest_weeks_at_end=[110.0, 100.0, 100.0, 100.0, 150.0]
    )
    first = answer.answer(frames, standing(frames))[0]
    assert "the oldest case without a draft plan has waited 150 weeks, against 110" in first
    assert "are past 20 weeks at the end" not in first


def test_the_baseline_may_be_the_only_one_without_that_price():
    frames = paid_in_waiting(overdue_at_end=[330.0, 340.0, 350.0, 360.0, 370.0])
    second = answer.answer(frames, standing(frames))[1]
    assert second.endswith("none has a better chance than the baseline itself.")


def test_the_other_option_is_not_praised_where_it_is_not_enough():
    chance = [0.0, 0.02, 0.01, 0.0, 0.6]
    frames = paid_in_waiting(chance=chance, chance_low=0.0, chance_high=[0.01, 0.04, 0.03, 0.01, 1])
    second = answer.answer(frames, standing(frames))[1]
    assert "none is enough: the best, “Three more educational psychologists”" in second


def test_what_is_not_known_of_waiting_is_not_vouched_for():
    frames = paid_in_waiting(overdue_at_end=[330.0, np.nan, 310.0, 320.0, 360.0])
    now = standing(frames)
    assert now.best_without_more_waiting.scenario == "Agency for 15 psychology cases a month"


def test_honest_where_none_is_more_likely_than_not():
    frames = made_up(4)
    said = answer.answer(frames, standing(frames))[0]
    assert said.startswith("No option is more likely than not to reach the target")
    assert "about 3 in 10 of the simulated futures (27% to 36%)" in said


def test_honest_where_the_baseline_is_best():
    frames = changed(made_up(3), chance=[0.9, 0.1, 0.2], chance_low=[0.85, 0.05, 0.15])
    frames = changed(frames, chance_high=[0.95, 0.15, 0.25])
    said = answer.answer(frames, standing(frames))
    assert said[0].startswith("No option has a better chance of reaching the target")


def test_a_clear_winner_is_called_one():
    assert "differs from every other option's by more than accident" in answer.cannot_be_told_apart(
        standing(made_up(2))
    )


def test_a_plan_is_told_by_its_own_days_where_it_begins_after_the_record():
    """Requests are forecast from the end of the record on, and the plan may begin later."""
    frames = made_up(2)
    assert over_the_plan(frames) == "over the planning period, 2025 to 2028"
    later = {"from": "2027-04-01", "until": "2030-03-31"}
    frames = replace(frames, manifest=dict(frames.manifest) | {"plan": later})
    assert frames.plan_from == pd.Timestamp("2027-04-01")
    assert over_the_plan(frames) == "over the planning period, April 2027 to March 2030"


def test_who_leaves_children_without_is_no_rival_and_stands_apart():
    """Who is refused or never asks waits for no plan: that is no waiting saved."""
    frames = changed(made_up(4), **SAVED | {"order_only": False})
    most = waiting_saved(frames)[0].split("“")[1].split("”")[0]
    is_most = frames.comparison["scenario"] == most
    frames = changed(frames, other_children=is_most)
    now = standing(frames)
    assert most not in " ".join(waiting_saved(frames))
    assert now.lead.scenario != most and now.best.scenario != most
    assert [option.scenario for option in now.table_order][-1] == most
    opening, told = saved.of_other_children(now)
    assert opening.startswith(f"“{most}” changes how many children ask, are assessed or have a ")
    assert "not ranked with the others" in opening
    assert told.startswith(f"With “{most}” the children counted wait 40,000 weeks (39,000 to ")
    page = briefing.render(frames)
    assert page.index("What changes who is assessed.") < page.index("The options compared")
    assert "What changes who is assessed or has a plan</th>" in page


def test_what_changes_the_order_among_other_things_tells_who_pays():
    frames = changed(made_up(4), **SAVED | {"order_only": False, "changes_order": True})
    overdue = frames.comparison["overdue_at_end"].to_numpy(copy=True)
    overdue[3] = overdue[0] * 2
    now = standing(changed(frames, overdue_at_end=overdue))
    mixed = [o for o in now.ranked if o.pays_in_waiting]
    assert mixed
    said = " ".join(answer.only_moves_the_wait(now))
    assert all(f"{o.named} changes who is seen first too, and those" in said for o in mixed)
