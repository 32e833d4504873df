"""Financial years and the year to date: worked by hand, and added up from the months of a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.calendars import APRIL, JANUARY
from ehc_sim.experiment.by_year import BY_YEAR
from ehc_sim.experiment.folder import FINANCIAL_YEARS, write_tables
from ehc_sim.experiment.results import Results
from ehc_sim.experiment.study import Plan, study
from ehc_sim.measures.periods import first_of_year, year_bounds, years
from ehc_sim.measures.timeliness import monthly
from tests.hand_made import plan, timings_of, two_years
from tests.scenario_files import whole_service
from tests.unit.test_measures_of_run import EVERYTHING, Made, m, measured

pytestmark = pytest.mark.unit


def on_time(final: str) -> Made:
    """Return a request with a plan on a day, 70 days after it was asked for."""
    asked = pd.Timestamp(final) - pd.Timedelta(days=70)
    return Made(m.REQUEST_CASE, plan(f"{asked:%Y-%m-%d}", final))


def late(final: str) -> Made:
    """Return the same with a plan after 210 days."""
    asked = pd.Timestamp(final) - pd.Timedelta(days=210)
    return Made(m.REQUEST_CASE, plan(f"{asked:%Y-%m-%d}", final))


def test_the_year_to_date_begins_anew_each_january_or_each_april() -> None:
    """The financial year of the first three months began before the run: it is not known."""
    made = (
        *(on_time("2025-01-20"), late("2025-03-31"), on_time("2025-04-01"), late("2025-12-15")),
        *(late("2026-01-15"), on_time("2026-03-31"), on_time("2026-04-01")),
    )
    table = monthly(timings_of(two_years(), *(one.when for one in made))).frame()
    of_year, of_financial = (
        table[f"issued_on_time_{kind}_to_date"] for kind in ("year", "financial_year")
    )
    found = {month: of_year[pd.Timestamp(month)] for month in ("2025-01", "2025-03", "2025-04")}
    assert list(found.values()) == [1.0, 1 / 2, 2 / 3]
    assert of_year[pd.Timestamp("2025-11")] == 2 / 3  # nothing is issued in between
    assert of_year[pd.Timestamp("2025-12")] == 2 / 4
    assert of_year[pd.Timestamp("2026-01")] == 0.0
    assert of_year[pd.Timestamp("2026-04")] == 2 / 3
    assert of_financial[:"2025-03"].isna().all()
    assert of_financial[pd.Timestamp("2025-04")] == 1.0
    assert of_financial[pd.Timestamp("2026-01")] == 1 / 3
    assert of_financial[pd.Timestamp("2026-03")] == 2 / 4
    assert of_financial[pd.Timestamp("2026-04")] == 1.0


def test_plans_due_are_told_to_date_too() -> None:
    """Due are those of January (asked for in August) and of May; open cases count as not in time.

    That of 20 August 2024 came on 20 March and was due on 7 January 2025; that of 13 December was
    due on 2 May and came on 1 May.
    """
    timings = timings_of(
        two_years(), plan("2024-08-20", "2025-03-20"), plan("2024-12-13", "2025-05-01")
    )
    table = monthly(timings).frame()
    assert table["due_on_time_year_to_date"][pd.Timestamp("2025-06")] == 1 / 2
    assert table["due_on_time_financial_year_to_date"][pd.Timestamp("2025-06")] == 1.0


def test_the_last_day_of_march_and_the_first_of_april_are_of_two_years() -> None:
    tables = measured(late("2025-03-31"), on_time("2025-04-01"), on_time("2026-03-31"))
    by_year, by_financial = tables["yearly"], tables["yearly by financial year"]
    issued = by_financial["plans_issued"].xs("all", level="by").xs("all", level="group")
    assert issued.to_dict() == {2024: 1, 2025: 2, 2026: 0}
    shares = by_financial["issued_on_time"].xs("all", level="by").xs("all", level="group")
    assert shares[2024] == 0.0
    assert shares[2025] == 1.0
    assert by_year.loc[(2025, "all", "all"), "plans_issued"] == 2


def test_all_that_is_by_year_is_by_financial_years_with_the_same_columns() -> None:
    tables = measured(*EVERYTHING)
    for name in BY_YEAR:
        of_financial = tables[f"{name} by financial year"]
        assert of_financial.columns.equals(tables[name].columns)
        assert set(of_financial.index.get_level_values("year")) == {2024, 2025, 2026}
    plans = tables["plans by financial year"]
    assert plans["at_end"].iloc[:-1].tolist() == plans["at_start"].iloc[1:].tolist()


def test_years_of_a_timeline_begin_in_january_or_in_april() -> None:
    timeline = two_years()
    financial = timeline.in_financial_years
    assert years(timeline).tolist() == [2025, 2026]
    assert years(financial).tolist() == [2024, 2025, 2026]
    bounds = [timeline.date_of(minute).isoformat() for minute in year_bounds(financial)]
    assert bounds == ["2025-01-01", "2025-04-01", "2026-04-01", "2027-01-01"]
    months = np.arange(np.datetime64("2025-02"), np.datetime64("2026-05"))
    assert first_of_year(months, JANUARY).tolist() == [-1] * 11 + [11] * 4
    assert first_of_year(months, APRIL).tolist() == [-10] * 2 + [2] * 12 + [14]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    scenario = whole_service(tmp_path_factory.mktemp("financial"))
    return study([scenario], Plan(2), lambda done, wanted: None)


def test_on_a_run_months_add_up_to_financial_years(results: Results) -> None:
    """In each replication; and so do the hours, whose last year is cut off in December."""
    tables = results.scenarios[0].tables
    issued = tables["monthly"].column("plans_issued")
    begins = pd.DatetimeIndex(tables["monthly"].index) - pd.DateOffset(months=3)
    by_month = pd.DataFrame(issued.T).groupby(begins.year).sum().T
    yearly = tables["yearly by financial year"]
    of_all = (yearly.index.get_level_values("by") == "all").nonzero()[0]
    np.testing.assert_array_equal(yearly.column("plans_issued")[:, of_all], by_month)
    whole, parts = (
        tables[name].column("hours").sum(axis=1) for name in ("hours", "hours by financial year")
    )
    np.testing.assert_allclose(whole, parts)


def test_tables_by_financial_year_say_how_much_of_it_is_in_the_run(
    results: Results, tmp_path: Path
) -> None:
    found = results.by_financial_year("advice")
    of_years = found.drop_duplicates("financial_year").set_index("financial_year")["months"]
    assert of_years.to_dict() == {
        **{"2022/23": 3, "2023/24": 12, "2024/25": 12, "2025/26": 12, "2026/27": 9},
    }
    assert set(found["giver"]) == set(results.advice()["giver"])
    with pytest.raises(ValueError, match="table: found 'monthly', allowed is 'yearly'"):
        results.by_financial_year("monthly")
    write_tables(results, tmp_path)
    written = {path.stem for path in (tmp_path / FINANCIAL_YEARS).glob("*.csv")}
    assert written == set(BY_YEAR)
    for name in BY_YEAR:
        by_year = pd.read_csv(tmp_path / f"{name}.csv", encoding="utf-8-sig").columns.tolist()
        read = pd.read_csv(tmp_path / FINANCIAL_YEARS / f"{name}.csv", encoding="utf-8-sig")
        place = by_year.index("year")
        wanted = [*by_year[:place], "financial_year", "months", *by_year[place + 1 :]]
        assert read.columns.tolist() == wanted
