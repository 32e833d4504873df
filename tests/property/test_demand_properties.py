"""What holds for any record, count and calendar."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline
from ehc_sim.demand.arrivals import arrivals, recorded_months
from ehc_sim.demand.exposure import DayWeights, daily_weights
from ehc_sim.demand.history import History
from ehc_sim.demand.paths import CountPaths
from ehc_sim.demand.profile import split
from ehc_sim.demand.reading import read_history
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.faults import BadInput

pytestmark = pytest.mark.property

TERMS = SchoolTerms.read("somerset")
YEAR = Timeline.england(date(2024, 1, 1), date(2024, 12, 31), TERMS)
WEIGHTS = daily_weights(YEAR, DayWeights())
counts_of_a_year = st.lists(st.integers(0, 300), min_size=12, max_size=12).map(np.array)


@given(st.integers(0, 5000), st.lists(st.floats(0, 1), min_size=1, max_size=24), st.integers(0, 99))
def test_a_split_keeps_its_total(total: int, shares: list[float], seed: int) -> None:
    weights = np.array(shares) + 1e-6
    parts = split(total, weights / weights.sum(), np.random.default_rng(seed))
    assert parts.sum() == total
    assert parts.min() >= 0


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=5), st.integers(0, 50))
@settings(max_examples=50)
def test_the_months_of_a_recorded_year_add_up_to_it(totals: list[int], replication: int) -> None:
    years = np.datetime64("2020", "Y") + np.arange(len(totals))
    history = History("yearly", years, np.array(totals))
    timeline = Timeline.england(date(2020, 1, 1), date(2020 + len(totals), 3, 31), TERMS)
    months = recorded_months(history, timeline, Streams(1, replication))
    assert months.reshape(-1, 12).sum(axis=1).tolist() == totals
    later = Timeline.england(date(2020, 5, 6), date(2027, 3, 31), TERMS)
    assert recorded_months(history, later, Streams(1, replication)).tolist() == months[4:].tolist()


@given(counts_of_a_year, st.integers(0, 50))
@settings(max_examples=50)
def test_every_request_comes_once_on_a_day_with_weight_between_nine_and_five(
    counts: np.ndarray, replication: int
) -> None:
    found = arrivals(Streams(7, replication), YEAR, counts, WEIGHTS)
    day, minute = np.divmod(found.minute, MINUTES_A_DAY)
    assert np.bincount(YEAR.month[day], minlength=12).tolist() == counts.tolist()
    assert (WEIGHTS[day] > 0).all()
    assert ((minute >= 9 * 60) & (minute < 17 * 60)).all()
    assert (np.diff(found.minute) >= 0).all()
    assert len(set(found.number.tolist())) == counts.sum()


@given(counts_of_a_year, st.integers(0, 11), st.integers(1, 40))
@settings(max_examples=50)
def test_more_requests_keep_the_same_ones_and_add_some(
    counts: np.ndarray, month: int, more: int
) -> None:
    higher = counts.copy()
    higher[month] += more
    few = arrivals(Streams(7, 1), YEAR, counts, WEIGHTS)
    many = arrivals(Streams(7, 1), YEAR, higher, WEIGHTS)
    before = set(zip(few.number.tolist(), few.minute.tolist(), strict=True))
    after = set(zip(many.number.tolist(), many.minute.tolist(), strict=True))
    assert before <= after
    assert len(after - before) == more


@given(st.integers(0, 200), st.integers(0, 200))
@settings(max_examples=50)
def test_a_run_that_starts_or_ends_inside_a_month_has_its_own_days_only(
    into_the_year: int, from_its_end: int
) -> None:
    first = date(2024, 1, 1) + timedelta(days=into_the_year)
    last = max(first, date(2024, 12, 31) - timedelta(days=from_its_end))
    part = Timeline.england(first, last, TERMS)
    counts = np.full(len(part.months), 40)
    found = arrivals(Streams(7, 1), part, counts, daily_weights(part, DayWeights()))
    assert len(found.number) <= counts.sum()
    assert (found.minute >= 0).all()
    assert (found.minute < len(part.days) * MINUTES_A_DAY).all()


def test_months_without_exposure_have_no_arrivals() -> None:
    weights = np.where(YEAR.month == 4, 0.0, WEIGHTS)
    found = arrivals(Streams(7, 1), YEAR, np.full(12, 50), weights)
    months = np.bincount(YEAR.month[found.minute // MINUTES_A_DAY], minlength=12)
    assert months.tolist() == [50, 50, 50, 50, 0, 50, 50, 50, 50, 50, 50, 50]


@pytest.mark.parametrize("counts", [[-1], [2**20], [1] * 13])
def test_counts_that_cannot_be_are_refused(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="month"):
        arrivals(Streams(7, 1), YEAR, np.array(counts), WEIGHTS)


def test_months_that_are_not_recorded_are_named() -> None:
    history = History("yearly", np.array(["2024"], dtype="datetime64[Y]"), np.array([100]))
    early = Timeline.england(date(2023, 6, 1), date(2024, 3, 31), TERMS)
    with pytest.raises(ValueError, match="no record for 2023-06: the history runs from 2024-01"):
        recorded_months(history, early, Streams(1, 1))


@given(st.floats(0, 1e5), st.floats(0, 1e5), st.floats(0.001, 0.999))
def test_rounding_keeps_the_order(one: float, other: float, uniform: float) -> None:
    months = np.array(["2025-01"], dtype="datetime64[M]")
    rounded = [
        CountPaths.rounded(months, np.array([[value]]), np.array([[uniform]])).counts[0, 0]
        for value in sorted((one, other))
    ]
    assert rounded[0] <= rounded[1]
    assert abs(rounded[0] - min(one, other)) <= 1


lines = st.lists(
    st.lists(
        st.sampled_from(
            ["year", "month", "requests", "england", "2024", "2023", "2024-03", "12", "-1", "", '"']
        )
        | st.text(max_size=4),
        max_size=4,
    ).map(",".join),
    max_size=6,
)


@given(lines, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
@settings(max_examples=300)
def test_any_file_is_read_or_refused_in_words(rows: list[str], end: str, encoding: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "requests.csv"
        path.write_bytes(end.join(rows).encode(encoding, errors="replace"))
        try:
            history = read_history(path)
        except BadInput as bad:
            assert bad.faults
            assert all(fault.problem for fault in bad.faults)
        else:
            assert (history.counts >= 0).all()
