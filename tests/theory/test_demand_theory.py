"""Forecasts and arrivals against truths that are known."""

import io
import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline
from ehc_sim.demand.arrivals import arrivals
from ehc_sim.demand.damped_glm import DampedGLM, excess_variance
from ehc_sim.demand.exposure import DayWeights, MonthWeights, daily_weights
from ehc_sim.demand.extremes import Limit
from ehc_sim.demand.history import History
from ehc_sim.demand.paths import CountPaths
from ehc_sim.demand.profile import split
from ehc_sim.demand.scores import crps
from ehc_sim.demand.yearly import FittedYearly, YearlyTotals
from ehc_sim.rng.streams import Streams

pytestmark = pytest.mark.theory

TERMS = SchoolTerms.read("somerset")
FIRST = np.datetime64("2014-01", "M")
MONTHS_KNOWN, MONTHS_AHEAD = 72, 24
INDEX = FIRST + np.arange(MONTHS_KNOWN + MONTHS_AHEAD)
WEIGHTS = MonthWeights.england(INDEX[0], INDEX[-1], TERMS, DayWeights())


def simulated(
    rng: np.random.Generator, growth: float, alpha: float, walk_sd: float = 0.0
) -> np.ndarray:
    """Return counts of a known law: mean 100 by school days, growth, walk, excess variance."""
    time = np.arange(len(INDEX))
    walk = np.cumsum(walk_sd * rng.standard_normal(len(INDEX)))
    month_effect = np.tile(rng.normal(0, 0.08, 12), len(INDEX) // 12)
    mean = 100 * WEIGHTS.exposure / WEIGHTS.exposure.mean()
    mean = mean * np.exp(growth * time / 12 + walk + month_effect)
    return rng.poisson(mean * rng.gamma(1 / alpha, alpha, len(INDEX)))


def known(counts: np.ndarray) -> History:
    return History("monthly", INDEX[:MONTHS_KNOWN], counts[:MONTHS_KNOWN])


@pytest.mark.parametrize(("growth", "alpha"), [(0.05, 0.01), (0.15, 0.03)])
def test_growth_within_two_points_and_alpha_within_a_factor_of_two(
    growth: float, alpha: float
) -> None:
    rng = np.random.default_rng(11)
    fitted = [DampedGLM().fit(known(simulated(rng, growth, alpha)), WEIGHTS) for _ in range(20)]
    growths = np.array([one.growth for one in fitted])
    half_width = 2 * growths.std(ddof=1) / np.sqrt(len(growths))
    assert half_width < 0.01
    assert abs(growths.mean() - growth) < 0.02
    assert alpha / 2 < np.median([one.alpha for one in fitted]) < alpha * 2


def test_95_per_cent_intervals_hold_the_growth_that_is_true() -> None:
    """120 series: the share has a standard error of 2 points, and two of these are allowed."""
    rng = np.random.default_rng(21)
    held = []
    for _ in range(120):
        growth = rng.uniform(0.05, 0.16)
        fitted = DampedGLM().fit(known(simulated(rng, growth, 0.01)), WEIGHTS)
        held.append(abs(fitted.growth - growth) < 1.96 * fitted.growth_sd)
    assert 0.91 <= np.mean(held) <= 0.99


def test_the_moment_equation_finds_alpha() -> None:
    rng = np.random.default_rng(2)
    means = rng.uniform(60, 140, 20_000)
    counts = rng.poisson(means * rng.gamma(1 / 0.012, 0.012, len(means))).astype(float)
    assert excess_variance(counts, means, len(means)) == pytest.approx(0.012, rel=0.05)


def test_ranges_of_months_and_of_totals_hold_what_they_say() -> None:
    """60 series of a known law: coverage of months, and of totals of twelve months.

    Series are independent, months and years of one are not: the standard error of the coverage of
    totals is 4 to 5 points, of months some 2 to 3; two of these are allowed.
    """
    rng = np.random.default_rng(5)
    in80, in95, total80 = [], [], []
    for series in range(60):
        counts = simulated(rng, rng.uniform(0.0, 0.10), 0.01, walk_sd=0.02)
        draws = [Streams(series, r) for r in range(150)]
        paths = DampedGLM().fit(known(counts), WEIGHTS).paths(INDEX[MONTHS_KNOWN:], draws).counts
        actual = counts[MONTHS_KNOWN:]
        low95, low80, high80, high95 = np.quantile(paths, [0.025, 0.1, 0.9, 0.975], axis=0)
        in80.append(np.mean((low80 <= actual) & (actual <= high80)))
        in95.append(np.mean((low95 <= actual) & (actual <= high95)))
        low, high = np.quantile(paths.reshape(-1, 2, 12).sum(axis=2), [0.1, 0.9], axis=0)
        total = actual.reshape(2, 12).sum(axis=1)
        total80.append(np.mean((low <= total) & (total <= high)))
    print(
        f"months 80%: {np.mean(in80):.3f}, 95%: {np.mean(in95):.3f}, totals {np.mean(total80):.3f}"
    )
    assert 0.74 <= np.mean(in80) <= 0.86
    assert 0.92 <= np.mean(in95) <= 0.98
    assert 0.70 <= np.mean(total80) <= 0.90


def sen2_requests(folder: Path) -> tuple[pd.DataFrame, pd.Series]:
    """Return requests by authority (rows) and year, full records only, and those of England."""
    with zipfile.ZipFile(folder / "dfe_sen2_2019_2024_part.zip") as archive:
        raw = archive.read("data/requests.csv").decode("utf-8-sig")
    table = pd.read_csv(io.StringIO(raw), low_memory=False)
    table = table[table["breakdown_topic"] == "All requests for EHC needs assessments"]
    number = pd.to_numeric(table["requests_received_in_year"], errors="coerce")
    table = table.assign(requests=number)
    local = table[table["geographic_level"] == "Local authority"]
    by_year = local.pivot_table(index="la_name", columns="time_period", values="requests")
    england = table[table["geographic_level"] == "National"].set_index("time_period")["requests"]
    return by_year.dropna(), england


def sen2_coverage(folder: Path, last: int, ahead: int) -> tuple[float, float, float, float]:
    """Return the shares of authorities in their 80% and 95% range, and two median errors."""
    requests, england = sen2_requests(folder)
    draws = [Streams(1, r) for r in range(500)]
    years = [year for year in requests.columns if year <= last]
    index = np.array([str(year) for year in years], dtype="datetime64[Y]")
    in80, in95, errors, naive = [], [], [], []
    for _, row in requests.iterrows():
        history = History(
            "yearly", index, row[years].to_numpy(np.int64), england[years].to_numpy(float)
        )
        total = YearlyTotals().fit(history, WEIGHTS).totals(ahead, draws)[:, -1]
        low95, low80, median, high80, high95 = np.quantile(total, [0.025, 0.1, 0.5, 0.9, 0.975])
        actual = row[last + ahead]
        in80.append(low80 <= actual <= high80)
        in95.append(low95 <= actual <= high95)
        errors.append(abs(median / actual - 1))
        naive.append(abs(row[last] / actual - 1))
    return (
        float(np.mean(in80)), float(np.mean(in95)), float(np.median(errors)),
        float(np.median(naive)),
    )  # fmt: skip


@pytest.mark.parametrize("last", [2022, 2023])
def test_coverage_of_the_next_year_of_english_authorities(last: int, dfe_data: Path) -> None:
    in80, in95, error, naive = sen2_coverage(dfe_data, last, 1)
    print(f"{last} -> {last + 1}: 80% {in80:.3f}, 95% {in95:.3f}, {error:.3f}, naive {naive:.3f}")
    assert 0.70 <= in80 <= 0.90
    assert in95 > in80
    assert error < naive


NO_LIMIT = Limit(1e9, FIRST - 1)


def test_variance_of_the_log_total_is_the_sum_of_its_stated_parts() -> None:
    fitted = FittedYearly(FIRST, float(np.log(1e5)), 0.1, 0, WEIGHTS, (), NO_LIMIT)
    totals = fitted.totals(3, [Streams(3, r) for r in range(8000)])
    log_totals = np.log(totals)
    for ahead in (1, 2, 3):
        council = 0.10**2 + 0.05**2 * ahead + 0.05**2
        expected = np.sqrt(council + (0.11 * ahead) ** 2)
        assert log_totals[:, ahead - 1].std() == pytest.approx(expected, rel=0.04)
        growth = 0.1 * sum(0.75**year for year in range(1, ahead + 1))
        error = 5 * expected / np.sqrt(8000)
        assert np.median(log_totals[:, ahead - 1]) == pytest.approx(np.log(1e5) + growth, abs=error)


@pytest.mark.parametrize("level", [5, 40, 200, 792, 5000])
def test_small_councils_have_the_chance_of_a_count_as_well(level: int) -> None:
    """A count of mean m has a variance of m; up to the middle council, 792, it is extra.

    The same random numbers at a level without any show what is extra.
    """
    draws = [Streams(3, r) for r in range(8000)]
    totals, without = (
        FittedYearly(FIRST, float(np.log(one)), 0.0, 0, WEIGHTS, (), NO_LIMIT).totals(2, draws)[
            :, 1
        ]
        for one in (level, 10**7)
    )
    mean = without * (level / 10**7)
    extra = totals - mean
    part = max(1 - level / 792, 0)
    expected = part * mean.mean() + 1 / 12  # rounding
    assert extra.mean() == pytest.approx(0, abs=4 * np.sqrt(expected / len(extra)))
    assert extra.var() == pytest.approx(expected, rel=0.1)


def test_variance_of_a_split_is_that_of_its_law() -> None:
    """Dirichlet-multinomial to first order in the noise: n p (1-p) + n (n-1) var p."""
    shares = np.array([0.10, 0.05, 0.15, 0.30, 0.40])
    total, noise = 1200, 0.006
    rng = np.random.default_rng(8)
    parts = np.array([split(total, shares, rng, noise) for _ in range(20_000)])
    share_variance = shares**2 * noise * (1 - 2 * shares + np.sum(shares**2))
    expected = total * shares * (1 - shares) + total * (total - 1) * share_variance
    assert parts.mean(axis=0) == pytest.approx(total * shares, rel=0.005)
    assert parts.var(axis=0) == pytest.approx(expected, rel=0.05)


def test_days_have_the_variance_of_thinned_counts_and_no_second_poisson() -> None:
    """Counts of mean 100 and variance 200; a day of share p has E p (1-p) + V p².

    A second Poisson draw would make the month's ratio 1.5. E and V are those of the counts drawn,
    so that only the split is tested; the mean ratio over 20 days has an error of 0.5%.
    """
    timeline = Timeline.england(date(2024, 6, 1), date(2024, 6, 30), TERMS)
    weights = daily_weights(timeline, DayWeights())
    share = weights / weights.sum()
    rng = np.random.default_rng(4)
    counts = rng.poisson(rng.gamma(100, 0.01, 4000) * 100)
    days = np.empty((4000, len(share)))
    for r, count in enumerate(counts):
        found = arrivals(Streams(2, r), timeline, np.array([count]), weights)
        days[r] = np.bincount(found.minute // MINUTES_A_DAY, minlength=len(share))
    assert days.sum(axis=1).tolist() == counts.tolist()
    open_days = share > 0
    expected = counts.mean() * share * (1 - share) + counts.var() * share**2
    ratio = days.var(axis=0)[open_days] / expected[open_days]
    assert ratio.mean() == pytest.approx(1, abs=0.03)
    assert days.mean(axis=0)[open_days] == pytest.approx(
        (counts.mean() * share)[open_days], rel=0.05
    )


def test_rounding_keeps_the_mean() -> None:
    months = FIRST + np.arange(2)
    uniforms = np.random.default_rng(1).random((40_000, 2))
    values = np.tile([7.3, 0.2], (40_000, 1))
    counts = CountPaths.rounded(months, values, uniforms).counts
    assert counts.mean(axis=0) == pytest.approx([7.3, 0.2], abs=0.01)


def test_the_score_of_a_normal_sample_is_the_closed_form() -> None:
    """CRPS of a standard normal at 0 is sqrt(2/pi) - 1/sqrt(pi) (Gneiting and Raftery 2007)."""
    sample = np.random.default_rng(6).standard_normal((200_000, 1))
    score = crps(sample, np.zeros(1))[0]
    assert score == pytest.approx(np.sqrt(2 / np.pi) - 1 / np.sqrt(np.pi), abs=0.003)
