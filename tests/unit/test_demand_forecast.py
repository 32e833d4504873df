"""The forecast: which method, what it says of itself, adjustments, and paths that stand alone."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.calendars import SchoolTerms
from ehc_sim.demand.backtest import cuts
from ehc_sim.demand.backtest_words import summary_of
from ehc_sim.demand.exposure import DayWeights, MonthWeights
from ehc_sim.demand.forecast import Forecast, forecast
from ehc_sim.demand.history import History, nothing_recorded
from ehc_sim.demand.overlay import factors
from ehc_sim.demand.pool import FOUR
from ehc_sim.demand.reading import read_history
from ehc_sim.demand.yearly import ENGLAND, YearlyTotals, national_growth
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.faults import BadInput
from ehc_sim.scenario.record import Assumed
from ehc_sim.scenario.schema import Overlay

pytestmark = pytest.mark.unit

TERMS = SchoolTerms.read("somerset")
SOMERSET = read_history(Path(__file__).parents[1] / "data" / "somerset_to_2024.csv")
DECISION = {"who": "SEND board", "decided": date(2025, 1, 15), "why": "new advice line"}


def monthly(months: int, first: str = "2021-01", mean: float = 90.0) -> History:
    index = np.datetime64(first, "M") + np.arange(months)
    weights = MonthWeights.england(index[0], index[-1], TERMS, DayWeights())
    means = mean * weights.exposure / weights.exposure.mean() * 1.08 ** (np.arange(months) / 12)
    return History("monthly", index, np.random.default_rng(3).poisson(means))


def of(history: History, months: int = 24, **settings: object) -> Forecast:
    return forecast(history, months, terms=TERMS, seed=5, paths=60, **settings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("history", "method"),
    [
        (SOMERSET, "yearly totals, growth leaned on England's"),
        (monthly(4), "yearly totals, growth leaned on England's"),
        (monthly(11), "yearly totals, growth leaned on England's"),
        (monthly(12), "regression with a borrowed year"),
        (monthly(23), "regression with a borrowed year"),
        (monthly(24), "regression with a borrowed year, and theta"),
        (monthly(35), "regression with a borrowed year, and theta"),
        (monthly(36), "pool of four methods"),
        (monthly(41, "2019-01"), "regression with a borrowed year, and theta"),  # six are COVID's
        (monthly(42, "2019-01"), "pool of four methods"),
        (monthly(60, mean=6.0), "regression with a borrowed year"),
    ],
)
def test_the_record_decides_the_method(history: History, method: str) -> None:
    made = of(history)
    assert made.method == method
    assert made.why
    assert made.base.counts.shape == (60, 24)
    assert made.base.counts.min() >= 0


def test_less_than_four_months_say_what_is_needed() -> None:
    with pytest.raises(BadInput, match="found 3 usable months, allowed is 4 or more; or give year"):
        of(monthly(3))


def test_the_plain_guess_can_be_asked_for() -> None:
    history = monthly(60)
    made = of(history, method="seasonal naive")
    assert (made.method, made.why) == ("seasonal naive", "the scenario asks for it")
    middle = np.median(made.base.counts[:, :12], axis=0)
    spread = np.sqrt(np.mean((history.counts[12:] - history.counts[:-12]) ** 2.0))
    assert np.abs(middle - history.counts[-12:]).max() < 5 * 1.25 * spread / np.sqrt(60)
    with pytest.raises(BadInput, match="found yearly totals, allowed is 12 or more months"):
        of(SOMERSET, method="seasonal naive")


def test_the_plain_guess_is_checked_as_itself() -> None:
    check = of(monthly(60), method="seasonal naive").check
    assert check.table["method"].unique().tolist() == ["seasonal naive"]
    assert check.beats_naive is None
    assert "What to do" not in check.summary


def test_a_member_that_finds_no_fit_is_left_out_and_said_so() -> None:
    """Counts that are all the same: the drift of theta is arbitrary."""
    index = np.datetime64("2021-01", "M") + np.arange(60)
    history = History("monthly", index, np.full(60, 100))
    weights = MonthWeights(index[0] + np.arange(96), np.ones(96))
    fitted = FOUR.fit(history, weights)
    assert "theta" not in fitted.members
    assert "Left out of the pool, for want of a fit: theta" in " ".join(fitted.notes)
    draws = [Streams(1, r) for r in range(9)]
    paths = replace(fitted, factor=1.0).paths(index[-1] + 1 + np.arange(12), draws).counts
    for place, member in enumerate(fitted.members.values()):
        alone = member.paths(index[-1] + 1 + np.arange(12), draws).counts
        assert np.array_equal(paths[place::3], alone[place::3])


def test_an_assumption_is_labelled_as_one() -> None:
    assumed = Assumed(requests_a_year=600, growth_a_year=0.2, level_sd=0)  # type: ignore[arg-type]
    history = nothing_recorded(assumed, np.datetime64("2025-04", "M"))
    made = of(history, 24)
    assert made.method == "assumed, not forecast"
    assert "This is an assumption and no forecast" in made.notes[0]
    assert str(made.base.months[0]) == "2025-04"
    years = made.base.counts.reshape(60, 2, 12).sum(axis=2).mean(axis=0)
    error = 4 * np.sqrt((600 + 0.006 * 600**2 / 12) / 60)
    assert years[0] == pytest.approx(600, abs=error)
    assert years[1] == pytest.approx(720, abs=1.2 * error + 15)  # another year's calendar
    assert made.check.summary == "Nothing was recorded, so nothing can be tested."
    assert made.check.beats_naive is None


def test_the_forecast_starts_after_the_record() -> None:
    assert str(of(SOMERSET, 3).paths.index[0]) == "2025-01"
    assert str(of(SOMERSET, 3, first_month=date(2026, 4, 1)).paths.index[0]) == "2026-04"
    with pytest.raises(ValueError, match="the record ends in 2024-12"):
        of(SOMERSET, 3, first_month=date(2024, 12, 1))


@pytest.mark.parametrize(
    "history", [SOMERSET, monthly(8), monthly(20), monthly(30), monthly(60), monthly(60, mean=5)]
)
def test_a_path_does_not_depend_on_what_else_is_asked_for(history: History) -> None:
    many = of(history, 30)
    first = many.base.months[5].item()
    alone = forecast(history, 10, terms=TERMS, seed=5, paths=1, first_path=41, first_month=first)
    assert alone.path(41).tolist() == many.path(41)[5:15].tolist()
    assert alone.paths.columns.tolist() == [41]
    with pytest.raises(ValueError, match="no path for replication 40"):
        alone.path(40)


def test_other_seeds_and_replications_give_other_paths() -> None:
    made = of(SOMERSET)
    assert len({tuple(path) for path in made.base.counts}) == 60
    other = forecast(SOMERSET, 24, terms=TERMS, seed=6, paths=60)
    assert not np.array_equal(other.base.counts, made.base.counts)


def test_tables_have_the_columns_that_charts_expect() -> None:
    made = of(monthly(60), 14)
    columns = ["median", "low80", "high80", "low95", "high95"]
    months = made.quantiles()
    assert months.columns.tolist() == ["month", "kind", *columns]
    assert months["kind"].value_counts().to_dict() == {"history": 60, "base": 14, "adjusted": 14}
    ordered = months[["low95", "low80", "median", "high80", "high95"]].to_numpy()
    assert (np.diff(ordered, axis=1) >= 0).all()
    assert made.by_year().columns.tolist() == ["year", "kind", *columns]


def test_the_year_in_which_a_monthly_record_ends_is_made_whole_from_both() -> None:
    history = monthly(57)  # to September 2025
    made = of(history, 15)
    years = made.by_year().set_index(["kind", "year"])
    recorded = history.counts[-9:].sum()
    ahead = made.base.counts[:, :3].sum(axis=1)
    assert years.loc[("base", 2025), "median"] == recorded + np.median(ahead)
    assert ("history", 2025) not in years.index
    assert years.loc[("history", 2024), "median"] == history.counts[36:48].sum()


def test_a_year_that_is_not_whole_has_no_total() -> None:
    """Of a record from February 2021 to December 2023, forecast to November 2025."""
    history = monthly(35, "2021-02")
    years = of(history, 23, method="seasonal naive").by_year().set_index(["kind", "year"])
    assert years.loc["history"].index.tolist() == [2022, 2023]
    assert years.loc["base"].index.tolist() == [2024]


def test_yearly_history_is_shown_by_year() -> None:
    years = of(SOMERSET, 12).by_year().set_index(["kind", "year"])
    assert years.loc[("history", 2024), "median"] == 1207
    assert ("base", 2025) in years.index


def test_covid_and_growth_are_said() -> None:
    notes = " ".join(of(SOMERSET).notes)
    assert "2020 is a COVID year" in notes
    assert "the council's own was +2.6% a year" in notes


def test_a_covid_year_changes_nothing() -> None:
    counts = SOMERSET.counts.copy()
    counts[4] = 2 * counts[4]
    other = History("yearly", SOMERSET.index, counts, SOMERSET.england)
    assert np.array_equal(of(other).base.counts, of(SOMERSET).base.counts)


def test_level_and_drift_by_hand() -> None:
    """Level: 0.7 of 110, 0.3 of 100 with a year's drift. Drift: 0.3 own growth, 0.7 England's."""
    history = History(
        "yearly",
        np.array(["2022", "2023"], dtype="datetime64[Y]"),
        np.array([100, 110]),
        np.array([1000.0, 1200.0]),
    )
    weights = MonthWeights.england(
        np.datetime64("2024", "Y"), np.datetime64("2024", "Y"), TERMS, DayWeights()
    )
    fitted = YearlyTotals().fit(history, weights)
    drift = 0.3 * np.log(1.1) + 0.7 * np.log(1.2)
    assert fitted.drift == pytest.approx(drift)
    assert fitted.log_level == pytest.approx(0.7 * np.log(110) + 0.3 * (np.log(100) + drift))


@pytest.mark.parametrize("last", [2018, 2021, 2023])
def test_what_england_had_after_the_record_is_not_known_to_its_forecast(last: int) -> None:
    """So a check on the past is one; the growth is that of the five years up to the record's end,
    2020 left out."""
    index = np.arange(np.datetime64(str(last - 2), "Y"), np.datetime64(str(last + 1), "Y"))
    found, source = national_growth(History("yearly", index, np.array([100, 110, 120])))
    known = [year for year in ENGLAND if year <= last and year != 2020]
    first = min(year for year in known if year >= known[-1] - 5)
    if first == known[-1]:
        assert source == "the middle of England's authorities"
    else:
        rise = np.log(ENGLAND[known[-1]] / ENGLAND[first])
        assert found == pytest.approx(rise / (known[-1] - first))


def step(**settings: object) -> Overlay:
    return Overlay.model_validate(
        {"name": "a step", "starts": date(2025, 4, 1), **DECISION, **settings}
    )


def test_an_overlay_leaves_the_base_and_what_was_before_it() -> None:
    plain = of(SOMERSET)
    made = of(SOMERSET, overlays={"fewer": step(step=-0.2)})
    assert np.array_equal(made.base.counts, plain.base.counts)
    assert np.array_equal(made.adjusted.counts[:, :3], plain.base.counts[:, :3])
    assert made.adjusted.counts[:, 3:].sum() < plain.base.counts[:, 3:].sum()
    assert "SEND board on 2025-01-15: new advice line" in made.notes[-1]


def test_an_overlay_without_doubt_multiplies_exactly() -> None:
    months = np.datetime64("2025-01", "M") + np.arange(28)
    draws = [Streams(1, 0)]
    half_way = step(step=0.3, sd_share=0, starts=date(2025, 4, 16))
    found = factors("a", half_way, months, draws)[0]
    assert found[2] == 1
    assert found[3] == pytest.approx(1 + 0.3 * 15 / 30)
    assert found[4:] == pytest.approx(1.3)

    growing = step(growth_a_year=0.1, sd_share=0, starts=date(2025, 1, 1))
    found = factors("a", growing, months, draws)[0]
    assert found[24] == pytest.approx(1.1 ** (2 + 15 / 365.25), abs=1e-3)

    ramp = step(step=0.3, sd_share=0, ramp_months=12, starts=date(2025, 4, 1))
    found = factors("a", ramp, months, draws)[0]
    assert (np.diff(found[2:16]) > 0).all()
    assert found[3 + 6] == pytest.approx(1 + 0.3 * 6.5 / 12, abs=0.005)
    assert found[3 + 13] == pytest.approx(1.3)


def test_an_overlay_is_uncertain_by_half_its_size() -> None:
    months = np.datetime64("2025-05", "M") + np.arange(1)
    draws = [Streams(1, r) for r in range(4000)]
    found = factors("a", step(step=0.2), months, draws)[:, 0]
    assert found.mean() == pytest.approx(1.2, abs=4 * 0.1 / np.sqrt(4000))
    assert found.std() == pytest.approx(0.1, rel=4 / np.sqrt(2 * 4000))


def test_members_stand_side_by_side_and_make_up_the_pool() -> None:
    made = of(monthly(44))  # too short for a spread of its own
    assert list(made.members) == [
        *("monthly regression with a damped trend", "exponential smoothing"),
        *("structural components", "theta"),
    ]
    for place, paths in enumerate(made.members.values()):
        assert np.array_equal(paths.counts[place::4], made.base.counts[place::4])
    table = made.by_member()
    assert table.columns.tolist() == [
        *("month", "member", "median", "low80", "high80", "low95", "high95")
    ]
    assert len(table) == 4 * 24
    assert list(of(SOMERSET).members) == [of(SOMERSET).method]


def test_the_check_by_year_shows_the_plain_guess_beside_the_method() -> None:
    check = of(SOMERSET).check
    assert check.table["method"].unique().tolist() == [of(SOMERSET).method, "seasonal naive"]
    first = check.table[check.table["horizon"] == 12].set_index("method")
    assert (first["months"] == 5).all()  # 2019 to 2024, without 2020
    plain = check.origins.query("method == 'seasonal naive' and horizon == 12").set_index("origin")
    assert "2019" not in plain.index  # a year ahead of it is 2020
    changes = np.abs(np.diff(SOMERSET.counts[[0, 1, 2, 3, 5, 6, 7]]))  # of years but 2020, to 2023
    error = abs(plain.loc["2023", "median"] - 1207) / changes.mean()
    assert plain.loc["2023", "mase"] == pytest.approx(error)


def test_the_check_by_month_has_four_points_or_more_where_the_record_allows() -> None:
    check = of(monthly(72)).check
    table = check.table.set_index(["method", "horizon"])
    assert {method for method, _ in table.index} == {
        *("pool of four methods", "seasonal naive", "monthly regression with a damped trend"),
        *("exponential smoothing", "structural components", "theta"),
    }
    assert table.loc[("pool of four methods", 12), "origins"] >= 4
    assert {horizon for _, horizon in table.index} == {12, 24, 36}
    for horizon in (12, 24, 36):
        own, plain = (table.loc[(m, horizon)] for m in ("pool of four methods", "seasonal naive"))
        assert own["skill"] == pytest.approx(1 - own["crps"] / plain["crps"])
    assert check.pit.groupby("method")["share"].sum().to_numpy() == pytest.approx(1)
    assert of(monthly(12)).check.table.empty
    assert "too short" in of(monthly(12)).check.summary


@pytest.mark.parametrize(
    ("months", "known"),
    [(108, [60, 72, 84, 96]), (72, [36, 42, 48, 54, 60]), (48, [24, 30, 36]), (23, [])],
)
def test_points_of_the_check_leave_a_year_after_and_enough_before(
    months: int, known: list[int]
) -> None:
    found = cuts(monthly(months, "2021-01" if months < 80 else "2014-01"))
    if months == 108:  # 2014 to 2022: six months are COVID's
        known = [36, 48, 60, 72, 84, 96]
    if months == 48:
        known = found
        assert len(known) >= 4
        assert known[0] >= 24
    assert found == known
    assert all(months - cut >= 12 for cut in found)


def test_a_method_that_does_not_beat_the_plain_guess_says_so_and_what_to_do() -> None:
    check = of(SOMERSET).check
    own = check.table[check.table["method"] == of(SOMERSET).method]
    assert (own["skill"] < 0).all()
    assert check.beats_naive is False
    worse = [
        f"{ahead} months ({-skill:.0%} worse)"
        for ahead, skill in zip(own["horizon"], own["skill"], strict=True)
    ]
    assert f'It did not beat "the same as last year" over {" and ".join(worse)}.' in check.summary
    assert "What to do: give requests by month if they can be had" in check.summary

    table = pd.DataFrame(
        {
            "method": ["pool", "seasonal naive"] * 2,
            "horizon": [12, 12, 24, 24],
            "origins": 4,
            "mase": [0.8, 1.0, 1.1, 1.0],
            "skill": [0.1, 0.0, -0.2, 0.0],
            "in80": 0.8,
            "in95": 0.95,
            "totals80": [0.75, 0.5, 0.5, 0.5],
            "totals": [4, 4, 4, 4],
        }
    )
    words = summary_of(table, "pool", "monthly")
    assert 'the error was 80% of that of "the same month last year"' in words
    assert 'It did not beat "the same month last year" over 24 months (20% worse).' in words
    assert "12 months (" not in words
    assert 'set method = "seasonal naive" in [demand]' in words
    assert "What to do" not in summary_of(table[table["horizon"] == 12], "pool", "monthly")


def test_the_table_of_the_check_is_made_of_its_forecasts_weighted_by_their_months() -> None:
    """Every column, of every method and horizon; some of the years judged lack COVID's months."""
    check = of(monthly(60, "2018-01")).check
    assert check.origins["months"].nunique() > 2
    for row in check.table.to_dict("records"):
        of_it = (check.origins["method"] == row["method"]) & (
            check.origins["horizon"] == row["horizon"]
        )
        some = check.origins[of_it]
        assert (row["origins"], row["months"]) == (len(some), some["months"].sum())
        for score in ("mase", "rmsse", "crps", "in80", "in95", "bias"):
            by_hand = sum(some[score] * some["months"]) / sum(some["months"])
            assert row[score] == pytest.approx(by_hand), score
        assert row["totals"] == some["totals"].sum()
        if row["totals"]:
            assert row["totals80"] == some["totals_in80"].sum() / some["totals"].sum()


def test_the_origins_of_the_check_are_scored_on_what_then_happened() -> None:
    """The plain guess, by hand: its median is the same month of the last year that was known."""
    history = monthly(48)
    plain = of(history).check.origins.query("method == 'seasonal naive' and horizon == 12")
    for row in plain.to_dict("records"):
        cut = int((np.datetime64(row["origin"], "M") - history.first_month).astype(int)) + 1
        then, before = history.counts[cut : cut + 12], history.counts[cut - 12 : cut]
        assert row["actual"] == then.sum()
        assert row["bias"] == pytest.approx(row["median"] / then.sum() - 1)
        assert row["median"] == pytest.approx(before.sum(), rel=0.05)
        changes = np.abs(history.counts[12:cut] - history.counts[: cut - 12])
        assert row["mase"] == pytest.approx(np.abs(before - then).mean() / changes.mean(), rel=0.15)


@pytest.mark.parametrize(("last", "tenth"), [(300, 9), (5, 0)])
def test_months_above_their_forecasts_are_in_the_highest_tenth(last: int, tenth: int) -> None:
    """And those below in the lowest: years of about 50 a month, then one of 300 or of 5."""
    counts = np.r_[np.random.default_rng(4).poisson(50.0, 60), np.full(12, last)]
    index = np.datetime64("2014-01", "M") + np.arange(72)
    check = of(History("monthly", index, counts), 12, method="seasonal naive").check
    share = check.pit["share"].to_numpy()
    assert share.sum() == pytest.approx(1)
    points = len(check.origins[check.origins["horizon"] == 12])
    assert share[tenth] >= 1 / points
    assert share[9 - tenth] < 1 / points


CONSTANT = {
    "the same every month": np.full(60, 80),
    "the same every year": np.tile(np.arange(40, 100, 5), 5),
    "nothing": np.zeros(60, dtype=np.int64),
    "one other month": np.r_[np.full(29, 80), 81, np.full(30, 80)],
}


@pytest.mark.parametrize("name", CONSTANT)
def test_a_record_that_never_changes_has_no_scores_and_says_so(name: str) -> None:
    """A MASE of 8,333,333 and "over 10,000%" were told."""
    history = History("monthly", np.datetime64("2021-01", "M") + np.arange(60), CONSTANT[name])
    check = of(history).check
    scaled = check.table[["mase", "rmsse", "crps", "skill"]]
    if name != "one other month":
        assert scaled.isna().all(axis=None)
        assert any("has nothing there to be measured by" in note for note in check.notes)
        assert "had next to no error, so that there is no comparing with it" in check.summary
    assert not (scaled.abs() > 1e4).any(axis=None)
    assert "over 10,000%" not in check.summary
    assert "nan" not in check.summary
    assert check.table[["in80", "in95"]].notna().all(axis=None)
    assert check.beats_naive is False
    assert "NaN" not in check._repr_html_()


def test_the_page_shown_in_a_notebook_holds_method_notes_and_check() -> None:
    page = of(SOMERSET, overlays={"x": step(step=0.1, why="<b>")})._repr_html_()
    assert "yearly totals" in page
    assert "the same as last year" in page
    assert "&lt;b&gt;" in page


def test_paths_say_what_they_are() -> None:
    assert of(SOMERSET).adjusted.kind == "count"


def test_a_record_with_no_requests_in_a_year_is_still_forecast() -> None:
    history = History("yearly", np.array(["2022", "2023"], dtype="datetime64[Y]"), np.array([0, 0]))
    assert of(history).base.counts.sum(axis=1).max() < 20
