"""The plans already in place, in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ehc_sim.present import stock
from ehc_sim.present.reading import standing
from tests.present_frames import made_up

pytestmark = pytest.mark.unit


def said(frames):
    return stock.plans_in_place(frames, standing(frames))


def test_the_stock_its_reviews_and_the_hours_they_take():
    plans, reviews, hours, between = said(made_up(12))
    assert plans == (
        "With “Today's staff”, 5,600 plans are in place at the start of 2025 and 6,800 at the end "
        "of 2027 (6,660 to 6,940 in 8 of 10 futures). The teams that assess children also review "
        "these plans, amend them and answer appeals."
    )
    assert reviews == (
        "In 2027, 22% of reviews are decided within four weeks of the meeting (19% to 25% in 8 of "
        "10 futures), 1,270 plans have a review overdue at the year's end (not yet decided), 64% "
        "of phase transfers are on time and families make 410 appeals."
    )
    # 9,000 of 20,000 hours are assessments, the second ones among them.
    assert hours == (
        "Of the 20,000 hours that assessment and reviewing officers work in 2027, assessments take "
        "45%; annual reviews 41%, phase transfers 9% and disputes 5%."
    )
    assert between.startswith("Between the options, the share of reviews decided within four weeks")


def test_hours_that_an_agency_works_are_not_the_teams():
    """10,000 hours of an agency's beside each kind of work leave the team's hours as they are."""
    frames = made_up(2)
    rows = frames.hours.copy()
    rows.loc[rows["measure"] == "agency_hours", ["median", "low80", "high80"]] = 10_000.0
    with_agency = said(replace(frames, hours=rows))
    assert with_agency == said(frames)
    assert "Of the 20,000 hours that assessment and reviewing officers work" in with_agency[2]


def test_options_that_change_nothing_about_reviews_are_told_so():
    frames = made_up(3)
    rows = frames.comparison.assign(review_decisions_on_time=[0.22, 0.221, 0.225])
    now = standing(replace(frames, comparison=rows))
    assert stock.between_options(now).startswith("No option changes much")


def test_the_least_and_the_most_reviews_in_time_are_named():
    frames = made_up(3)
    rows = frames.comparison.assign(review_decisions_on_time=[0.22, 0.04, 0.31])
    assert stock.between_options(standing(replace(frames, comparison=rows))) == (
        "Between the options, the share of reviews decided within four weeks goes from 4% "
        "(“Three more educational psychologists”) to 31% "
        "(“Agency for 15 psychology cases a month”)."
    )


def test_nothing_is_said_of_options_whose_reviews_are_not_known():
    frames = made_up(3)
    rows = frames.comparison.assign(review_decisions_on_time=np.nan)
    assert stock.between_options(standing(replace(frames, comparison=rows))) == ""
    assert stock.between_options(standing(made_up(1))) == ""


def test_a_service_without_plans_says_nothing_of_them():
    frames = made_up(2)
    noughts = frames.plans.assign(median=0.0, low80=0.0, high80=0.0)
    assert said(replace(frames, plans=noughts)) == []
    assert said(replace(frames, plans=frames.plans.head(0))) == []


def test_what_is_not_known_is_left_out():
    frames = made_up(1)
    rows = frames.reviews[~frames.reviews["measure"].isin(["transfers_on_time"])]
    _, reviews, _ = said(replace(frames, reviews=rows))
    assert "phase transfers" not in reviews
    hours = frames.hours[frames.hours["kind"] != "annual reviews"]
    assert len(said(replace(frames, hours=hours))) == 2


def test_folders_without_shares_by_replication_tell_no_shares():
    """Earlier versions wrote the hours of each kind alone: their middles are not divided."""
    frames = made_up(2)
    rows = frames.hours
    rows = rows[(rows["measure"] != "share") & ~rows["kind"].str.startswith("all")]
    assert not any("hours that" in one for one in said(replace(frames, hours=rows)))
