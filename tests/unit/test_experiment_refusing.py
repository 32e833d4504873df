"""What refusing costs, from tables written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from ehc_sim.experiment.chance import ratio_interval
from ehc_sim.experiment.refusing import (
    COUNTS,
    HOURS,
    account,
    settled_years,
    what_refusing_costs,
)
from ehc_sim.experiment.scenario_result import ScenarioResult
from ehc_sim.experiment.spending import prices
from ehc_sim.experiment.study import Plan
from ehc_sim.scenario import BadInput, Scenario, load
from ehc_sim.scenario.schema import Period
from ehc_sim.tables import Table
from tests.scenario_files import SMALL, smallshire
from tests.stacks import stack_of

pytestmark = pytest.mark.unit

MONTHS = pd.date_range("2025-01-01", "2026-12-01", freq="MS")


PRICES = pd.DataFrame(
    {"pounds": [5_000.0, 900.0, 30.0]},
    index=pd.Index(["appeal", "mediation", "officers"], name="of"),
)
"""Of an appeal, a mediation and an hour of the officers."""


@pytest.fixture(scope="module")
def small() -> Scenario:
    return load(SMALL / "baseline.toml")


def of_rate(scenario: Scenario, of_2026: Mapping[str, Sequence[float]]) -> ScenarioResult:
    """Return results in which measures of 2026 are given by replication, and the rest is 1."""
    count = len(next(iter(of_2026.values())))
    years = pd.Index([2025, 2026], name="year")

    def stack(names: Sequence[str]) -> Table:
        return stack_of(
            [
                pd.DataFrame({n: [1.0, of_2026.get(n, [1.0] * count)[i]] for n in names}, years)
                for i in range(count)
            ]
        )

    def offered(replication: int) -> pd.DataFrame:
        """Return the hours of each kind of work that came to the one team."""
        keys = ((year, "officers", kind) for year in years for kind in HOURS.values())
        hours = [
            float(of_2026[name][replication]) if year == 2026 and name in of_2026 else 1.0
            for year in years
            for name in HOURS
        ]
        index = pd.MultiIndex.from_tuples(keys, names=["year", "team", "kind"])
        return pd.DataFrame({"offered_hours": hours}, index=index)

    requests = pd.DataFrame({"requests": [5.0] * 12 + [10.0] * 12}, index=MONTHS)
    return ScenarioResult(
        scenario,
        {
            "decisions": stack(COUNTS),
            "hours": stack_of([offered(replication) for replication in range(count)]),
            "plans": stack(("issued",)),
            "monthly": stack_of([requests] * count),
            "prices": stack_of([PRICES] * count),
        },
    )


def test_what_is_saved_and_what_comes_back_is_told_by_kind_of_work(small: Scenario) -> None:
    """A thousand hours saved; 100 more on disputes and 300 on second assessments: 40%."""
    low = of_rate(
        small,
        {
            "hours_first_assessments": [5000, 5100],
            "hours_second_assessments": [200, 200],
            "hours_disputes": [100, 120],
            "hours_reviews": [2000, 2000],
            "asked_again": [10, 20],
            "refusals": [30, 32],
            "issued": [60, 62],
        },
    )
    high = of_rate(
        small,
        {
            "hours_first_assessments": [4000, 4100],
            "hours_second_assessments": [500, 500],
            "hours_disputes": [200, 220],
            "hours_reviews": [1950, 1950],
            "refusals": [60, 62],
        },
    )
    table = account([low, high], [0.25, 0.45], [2026])
    first, last = table.iloc[0], table.iloc[1]
    assert table["years"].tolist() == ["2026", "2026"]
    assert first[["requests", "asked_again", "refusals", "plans_issued"]].tolist() == [
        105,
        15,
        31,
        61,
    ]
    assert last[["saved", "back", "later", "share_back"]].tolist() == [1000, 400, 50, 0.4]
    assert last["net"] == 1000 - 400 + 50
    assert last["net"] == first["hours"] - last["hours"]
    for name in ("saved", "back", "later", "net", "share_back"):
        assert last[f"{name}_low"] == pytest.approx(last[name])
        assert last[f"{name}_high"] == pytest.approx(last[name])
    assert first[["saved", "back", "later", "net"]].tolist() == [0, 0, 0, 0]
    assert np.isnan(first["share_back"])


def test_pounds_that_come_back_are_hours_at_their_teams_cost_and_the_prices_of_disputes(
    small: Scenario,
) -> None:
    """A thousand hours at 30 pounds saved; 400 hours, 8 appeals and 10 mediations come back.

    That is 12,000 + 40,000 + 9,000 pounds for 30,000: refusing costs. Fifty hours of reviews and 2
    appeals about plans are 11,500 pounds fewer.
    """
    low = of_rate(
        small,
        {
            "hours_first_assessments": [5000, 5100],
            "hours_disputes": [100, 120],
            "hours_reviews": [2000, 2000],
            "appealed": [2, 3],
            "mediated": [10, 20],
            "contents_appeals": [5, 6],
        },
    )
    high = of_rate(
        small,
        {
            "hours_first_assessments": [4000, 4100],
            "hours_disputes": [500, 520],
            "hours_reviews": [1950, 1950],
            "appealed": [10, 11],
            "mediated": [20, 30],
            "contents_appeals": [3, 4],
        },
    )
    row = account([low, high], [0.25, 0.45], [2026]).iloc[1]
    names = ["pounds_saved", "pounds_back", "pounds_later", "pounds_net"]
    assert row[names].tolist() == [30_000, 61_000, 11_500, 30_000 - 61_000 + 11_500]
    assert row["pounds_share_back"] == pytest.approx(61 / 30)
    assert row["pounds_share_back_high"] == pytest.approx(61 / 30)
    assert row["share_back"] == pytest.approx(0.4)


def test_an_hour_costs_what_a_post_does_over_the_hours_that_it_is_there(small: Scenario) -> None:
    """Plan writers: 42,000 pounds for 253 - 28 - 8 days of 7.4 hours; nothing else has a price."""
    found = prices(small.periods).frame()["pounds"]
    assert found["plan writers"] == pytest.approx(42_000 / (217 * 7.4))
    assert found["appeal"] == found["mediation"] == 0


def test_a_share_overturned_is_no_more_than_all(small: Scenario) -> None:
    """Of 10 mediations and 1 appeal nearly all are overturned: the interval would go past 1."""
    most = of_rate(small, {"overturned": [10, 12, 11], "mediated": [10, 11.5, 10.5]})
    row = account([most, most], [0.25, 0.45], [2026]).iloc[1]
    shares = row[["share_overturned_low", "share_overturned", "share_overturned_high"]]
    assert shares.is_monotonic_increasing
    assert shares.iloc[0] > 0.8
    assert shares.iloc[-1] == 1


def test_years_are_means_a_year(small: Scenario) -> None:
    """Of 2025 everything is 1, and there were 60 requests, of which 1 was made again."""
    made = of_rate(small, {"hours_first_assessments": [5000, 5000]})
    row = account([made, made], [0.2, 0.3], [2025, 2026]).iloc[0]
    assert row["hours_first_assessments"] == 2500.5
    assert row["requests"] == (60 - 1 + 120 - 1) / 2
    assert row["years"] == "2025 and 2026"


@pytest.mark.parametrize(
    ("first", "last", "years"),
    [
        (date(2025, 1, 1), date(2026, 12, 31), [2026]),
        (date(2025, 1, 1), date(2027, 12, 31), [2026, 2027]),
        (date(2025, 1, 2), date(2027, 12, 31), [2027]),
        (date(2025, 9, 1), date(2028, 12, 30), [2027]),
        (date(2025, 9, 1), date(2027, 8, 31), []),
    ],
)
def test_only_full_years_that_start_a_year_after_the_plan_are_judged(
    first: date, last: date, years: list[int]
) -> None:
    period = Period(run_in_from=date(2024, 1, 1), plan_from=first, plan_until=last)
    assert settled_years(period) == years


def test_a_plan_without_such_a_year_is_refused(tmp_path: Path, small: Scenario) -> None:
    text = (SMALL / "baseline.toml").read_text(encoding="utf-8")
    smallshire(tmp_path)
    short = tmp_path / "short.toml"
    short.write_text(text.replace("plan_from = 2025-01-01", "plan_from = 2025-02-01"), "utf-8")
    with pytest.raises(BadInput, match="allowed is 2027-12-31 or later") as bad:
        what_refusing_costs(load(short), [0.2, 0.3], Plan(1))
    assert bad.value.faults[0].where == "period.plan_until"


def test_the_ends_of_the_ratio_are_where_students_test_just_does_not_refuse_it() -> None:
    """Fieller's interval: the ratios r with |t| of top - r x bottom at most the 97.5% point."""
    top, bottom = np.array([3.0, 5.0, 4.0, 6.5]), np.array([9.0, 11.0, 12.0, 13.0])
    ratio, low, high = ratio_interval(top, bottom)
    assert ratio == pytest.approx(top.mean() / bottom.mean())
    assert low < ratio < high
    for end in (low, high):
        left = top - end * bottom
        t = left.mean() / (left.std(ddof=1) / np.sqrt(len(left)))
        assert abs(t) == pytest.approx(stats.t.ppf(0.975, 3))


def test_where_nothing_comes_back_the_share_is_nought_for_certain() -> None:
    assert ratio_interval(np.zeros(3), np.array([9.0, 11.0, 12.0])) == (0, 0, 0)


def test_a_share_of_what_may_be_nothing_has_no_interval() -> None:
    ratio, low, high = ratio_interval(np.array([1.0, 2.0, 3.0]), np.array([-3.0, 1.0, 5.0]))
    assert ratio == 2
    assert np.isnan([low, high]).all()
    assert np.isnan(ratio_interval(np.ones(2), np.zeros(2))).all()
    assert np.isnan(ratio_interval(np.ones(1), np.ones(1))[1:]).all()
