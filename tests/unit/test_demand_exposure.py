"""Day weights, month exposure and the split of a year."""

from datetime import date

import numpy as np
import pytest

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.demand.exposure import DayWeights, MonthWeights, daily_weights
from ehc_sim.demand.profile import QUARTERS_BEYOND_CALENDAR, expected_shares, expected_weight
from tests.plain_counts import day_index

pytestmark = pytest.mark.unit

TERMS = SchoolTerms.read("somerset")
DEVON_REQUESTS = {"2018": (463, 362, 309, 359), "2019": (422, 399, 368, 487)}


def year_of(year: str) -> MonthWeights:
    return MonthWeights.england(
        np.datetime64(year, "Y"), np.datetime64(year, "Y"), TERMS, DayWeights()
    )


def test_a_day_weighs_its_weekday_and_less_in_the_holidays() -> None:
    timeline = Timeline.england(date(2024, 1, 1), date(2024, 12, 31), TERMS)
    daily = daily_weights(timeline, DayWeights((5, 4, 3, 2, 1), 0.5))
    in_term, in_holiday = date(2024, 6, 10), date(2024, 8, 12)  # both Mondays
    assert daily[day_index(timeline, in_term)] == 5
    assert daily[day_index(timeline, in_holiday)] == 2.5
    assert daily[day_index(timeline, date(2024, 6, 14))] == 1
    assert daily[day_index(timeline, date(2024, 6, 15))] == 0  # a Saturday
    assert daily[day_index(timeline, date(2024, 5, 6))] == 0  # a bank holiday


def test_a_month_without_weight_falls_back_to_its_working_days() -> None:
    timeline = Timeline.england(date(2024, 7, 1), date(2024, 9, 30), TERMS)
    only_fridays_in_term = daily_weights(timeline, DayWeights((0, 0, 0, 0, 1), 0.0))
    august = timeline.month == 1
    assert only_fridays_in_term[august].tolist() == timeline.working[august].astype(float).tolist()
    september = timeline.month == 2
    assert only_fridays_in_term[september].sum() == 4


def test_the_exposure_of_a_month_is_the_sum_of_its_days() -> None:
    weights = year_of("2024")
    timeline = Timeline.england(date(2024, 5, 1), date(2024, 5, 31), TERMS)
    may = np.array(["2024-05"], dtype="datetime64[M]")
    assert weights.at(may)[0] == pytest.approx(daily_weights(timeline, DayWeights()).sum())


def test_exposure_of_months_that_are_not_known_is_an_error() -> None:
    with pytest.raises(ValueError, match="exposure is known from 2024-01 to 2024-12"):
        year_of("2024").at(np.array(["2025-01"], dtype="datetime64[M]"))


def test_shares_of_a_year_add_up_to_one_and_august_has_the_least() -> None:
    weights = year_of("2024")
    shares = expected_shares(weights.months, weights)
    assert shares.sum() == pytest.approx(1)
    assert shares.argmin() == 7


def test_the_borrowed_profile_is_half_of_what_the_calendar_leaves_of_devons_quarters() -> None:
    """The constants follow from the published figures and the calendar, as their note says."""
    observed = np.mean([np.array(q) / sum(q) for q in DEVON_REQUESTS.values()], axis=0)
    by_calendar = []
    for year in DEVON_REQUESTS:
        quarters = year_of(year).exposure.reshape(4, 3).sum(axis=1)
        by_calendar.append(quarters / quarters.sum())
    half = np.sqrt(observed / np.mean(by_calendar, axis=0))
    assert np.abs(half - QUARTERS_BEYOND_CALENDAR).max() < 0.01


def test_a_monday_in_term_draws_the_same_in_every_year_of_the_calendar() -> None:
    long = MonthWeights.england(
        np.datetime64("2023", "Y"), np.datetime64("2025", "Y"), TERMS, DayWeights()
    )
    assert long.at(year_of("2024").months).tolist() == year_of("2024").exposure.tolist()


def test_months_of_the_same_exposure_differ_by_their_quarter() -> None:
    """January to March have 1.04, October to December 1.00, the rest 0.98, whenever it starts."""
    months = np.arange(np.datetime64("2024-04", "M"), np.datetime64("2025-04", "M"))
    flat = MonthWeights(months, np.full(12, 20.0))
    expected = np.repeat([0.98, 0.98, 1.00, 1.04], 3)
    assert expected_weight(months, flat) == pytest.approx(20 * expected)
    assert expected_shares(months, flat) == pytest.approx(expected / expected.sum())
