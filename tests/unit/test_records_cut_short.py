"""Ends of a record that may be cut short: left out, asked about, or neither."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.calendars import SchoolTerms
from ehc_sim.demand.exposure import DayWeights, MonthWeights
from tests.history_files import asked, by_month, poisson_days, read, request_rows, steady

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("months", [5, 12, 18, 30])
def test_a_last_month_cut_short_is_left_out_and_said(months: int, tmp_path: Path) -> None:
    counts = steady(80, months)
    counts[-1] = 24
    history = read(tmp_path, by_month(counts))
    assert history.counts.tolist() == counts[:-1]
    assert "was left out: it has 24 requests where some" in " ".join(history.notes)
    kept = read(tmp_path, by_month(counts), last_month="keep")
    assert kept.counts.tolist() == counts
    assert "was kept because the scenario says so" in " ".join(kept.notes)


def test_a_first_month_cut_short_is_left_out_and_said(tmp_path: Path) -> None:
    counts = steady(80)
    counts[0] = 24
    history = read(tmp_path, by_month(counts))
    assert history.counts.tolist() == counts[1:]
    assert str(history.first_month) == "2022-02"
    assert read(tmp_path, by_month(counts), first_month="keep").counts.tolist() == counts


@pytest.mark.parametrize(
    "counts",
    [
        [*steady(80, 17), 60],  # a little low
        [*steady(80, 12), *steady(30, 6)],  # lower for half a year
        [2, 3, 1, 2, 0, 3, 2, 1, 1, 4, 2, 0],  # few
        [*steady(80, 19), 40],  # August
    ],
)
def test_what_is_no_part_of_a_month_stays(counts: list[int], tmp_path: Path) -> None:
    assert read(tmp_path, by_month(counts)).counts.tolist() == counts


SHARES = {"08": 0.45, "12": 0.8, "04": 0.8}


def by_calendar(mean: float, first: str, months: int, august: float = 0.45) -> list[int]:
    """Return counts of months that have few school days, or an August of the council's own."""
    shares = SHARES | {"08": august}
    start = np.datetime64(first, "M")
    return [round(mean * shares.get(str(start + k)[5:], 1.0)) for k in range(months)]


@pytest.mark.parametrize(
    ("counts", "first", "month"),
    [
        ([*by_calendar(80, "2022-01", 17), 48], "2022-01", "2023-06"),  # 6 of 10
        ([*by_calendar(80, "2022-01", 29), 50], "2022-01", "2024-06"),
        ([*by_calendar(80, "2022-01", 31), 18], "2022-01", "2024-08"),  # half an August
        ([*by_calendar(80, "2021-01", 43, 0.9), 36], "2021-01", "2024-08"),  # its own are as others
        ([*by_calendar(300, "2023-09", 5), 170], "2023-09", "2024-02"),
        ([48, *by_calendar(80, "2022-02", 17)], "2022-01", "2022-01"),  # the first
    ],
)
def test_an_end_that_may_be_cut_by_less_than_half_is_asked_about(
    counts: list[int], first: str, month: str, tmp_path: Path
) -> None:
    history = read(tmp_path, by_month(counts, first))
    assert history.counts.tolist() == counts
    said = asked(history, "part month")
    end, key = ("last", "last_month") if month != first else ("first", "first_month")
    assert f"{month} is low for the {end} month of a record" in said
    assert f'{key} = "keep" says so' in said
    assert read(tmp_path, by_month(counts, first), **{key: "keep"}).findings == ()


@pytest.mark.parametrize(
    ("counts", "first"),
    [
        (by_calendar(80, "2022-01", 20), "2022-01"),  # ends with a whole August
        (by_calendar(80, "2022-08", 20), "2022-08"),  # begins with one
        (by_calendar(80, "2021-01", 44, 0.15), "2021-01"),  # the council's own are lower still
        ([*by_calendar(80, "2022-01", 17), 66], "2022-01"),
        ([*[80] * 12, *[50] * 5], "2022-01"),  # lower for a while
        ([6, 4, 5, 7, 3, 5, 6, 4, 2], "2022-01"),  # few
    ],
)
def test_an_end_that_chance_or_the_season_makes_low_is_not_asked_about(
    counts: list[int], first: str, tmp_path: Path
) -> None:
    history = read(tmp_path, by_month(counts, first))
    assert history.counts.tolist() == counts
    assert history.findings == ()


def test_a_last_month_whose_last_day_is_given_is_not_asked_about(tmp_path: Path) -> None:
    counts = [*by_calendar(80, "2022-01", 17), 48]
    rows = by_month(counts).splitlines()
    whole = "\n".join([f"{rows[0]},last_day", *(f"{row},2023-06-30" for row in rows[1:])])
    assert read(tmp_path, whole).findings == ()


def test_whole_ends_are_rarely_asked_about_and_halves_mostly(tmp_path: Path) -> None:
    """Of 40 made records of 80 a month, at most 4 whole ones and at least 28 halves."""
    shown = {1.0: 0, 0.5: 0}
    rng = np.random.default_rng(8)
    first, terms = np.datetime64("2022-01", "M"), SchoolTerms.read("somerset")
    weights = MonthWeights.england(first, first + 13, terms, DayWeights())
    for _ in range(40):
        varied = rng.gamma(1 / 0.006, 0.006, 14) * rng.lognormal(0, 0.1, 14)
        whole = rng.poisson(80 * varied * weights.exposure / weights.exposure.mean())
        for share in shown:
            counts = [*whole[:-1].tolist(), int(rng.binomial(whole[-1], share))]
            found = read(tmp_path, by_month(counts, "2022-01")).findings
            shown[share] += any("2023-02" in one.months for one in found)
    assert shown[1.0] <= 4
    assert shown[0.5] >= 28


def test_rows_that_end_days_before_the_month_are_asked_about(tmp_path: Path) -> None:
    days = [d for d in poisson_days(40, 2, seed=7) if d <= datetime.date(2022, 3, 24)]
    history = read(tmp_path, request_rows(days))
    assert "The last request is of 2022-03-24: is 2022-03 there to its last day?" in asked(
        history, "part month"
    )
    assert read(tmp_path, request_rows(days), last_month="keep").findings == ()
