"""The forecast: which method, what it says of itself, adjustments, and paths that stand alone."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.calendars import SchoolTerms
from ehc_sim.demand.exposure import DayWeights, MonthWeights
from ehc_sim.demand.forecast import Forecast, forecast
from ehc_sim.demand.history import History
from ehc_sim.demand.reading import read_history
from ehc_sim.demand.overlay import factors
from ehc_sim.demand.yearly import YearlyTotals
from ehc_sim.scenario.faults import BadInput
from ehc_sim.scenario.schema import Overlay
from ehc_sim.streams import Streams

pytestmark = pytest.mark.unit

TERMS = SchoolTerms.read("somerset")
SOMERSET = read_history(Path(__file__).parents[2] / "scenarios" / "somerset" / "requests.csv")
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
        (SOMERSET, "yearly totals"),
        (monthly(12), "yearly totals"),
        (monthly(35), "yearly totals"),
        (monthly(36), "monthly regression"),
        (monthly(41, "2019-01"), "yearly totals"),  # six of them are COVID months
        (monthly(42, "2019-01"), "monthly regression"),
    ],
)
def test_the_record_decides_the_method(history: History, method: str) -> None:
    made = of(history)
    assert method in made.method
    assert made.why


def test_less_than_a_year_by_month_says_what_is_needed() -> None:
    with pytest.raises(BadInput, match="found 11 months, allowed is 12 or more; or give yearly"):
        of(monthly(11))


def test_the_forecast_starts_after_the_record() -> None:
    assert str(of(SOMERSET, 3).paths.index[0]) == "2025-01"
    assert str(of(SOMERSET, 3, first_month=date(2026, 4, 1)).paths.index[0]) == "2026-04"
    with pytest.raises(ValueError, match="the record ends in 2024-12"):
        of(SOMERSET, 3, first_month=date(2024, 12, 1))


@pytest.mark.parametrize("history", [SOMERSET, monthly(20), monthly(60)], ids=["y", "short", "m"])
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


def test_the_check_shows_the_plain_guess_beside_the_method() -> None:
    table = of(SOMERSET).check.table
    assert table["forecast"].tolist() == ["2019", "2020", "2021", "2022", "2023", "2024"]
    row = table.set_index("forecast").loc["2024"]
    assert row["naive_error"] == pytest.approx(1121 / 1207 - 1)
    assert table["covid"].tolist() == [False, True, False, False, False, False]
    assert "the same as last year" in of(SOMERSET).check.summary


def test_the_monthly_check_has_four_points_where_the_record_allows() -> None:
    check = of(monthly(72)).check
    assert check.table["forecast"].tolist() == ["2024-07", "2025-01", "2025-07", "2026-01"]
    assert {"mase", "naive_mase", "crps", "naive_crps", "in80", "in95"} <= set(check.table)
    assert of(monthly(40)).check.table.empty
    assert "too short" in of(monthly(40)).check.summary


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
