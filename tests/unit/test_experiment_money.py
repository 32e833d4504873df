"""Appeals, mediations, remedies and provision in pounds, and who pays: worked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.experiment.spending import Line, by_financial_year, provided, spending, spent
from ehc_sim.journey import milestones as m
from ehc_sim.measures.billed import billed
from ehc_sim.measures.plans import Stock
from ehc_sim.measures.timings import Timings
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import BadInput, Scenario
from ehc_sim.tables import Rows, Table
from tests.hand_made import Made, agreed, in_hand, plan, request, service_of, two_years
from tests.scenario_files import change, smallshire

pytestmark = pytest.mark.unit

A_YEAR = 365.25
TWO = two_years()


def bills(*made: Made, plan_from: date = date(2025, 1, 1), after_weeks: int = 0) -> pd.DataFrame:
    """Return what is billed of cases made by hand, by month of 2025 and 2026."""
    log, cases = service_of(TWO, *made)
    timings = Timings.of(log, TWO, ["school"], cases.requests, ["family"], False)
    return billed(timings, Stock.of(log, cases), plan_from, after_weeks).frame()


def made(case: dict[str, str] | object, ends: str | None = None) -> Made:
    return Made(m.REQUEST_CASE, case, None, ends)  # type: ignore[arg-type]


def test_appeals_of_both_kinds_and_mediations_count_in_their_month() -> None:
    refused = (m.REFUSED, "2025-02-10")
    table = bills(
        made(request("2025-01-06", refused, (m.APPEALED, "2025-03-31 23:59"))),
        made(request("2025-01-06", refused, (m.MEDIATED, "2025-03-05"))),
        made(plan("2025-01-06", "2025-03-03", (m.CONTENTS_APPEAL, "2025-04-01 00:00"))),
    )
    assert table["appeals"]["2025-02":"2025-05"].tolist() == [0, 1, 1, 0]
    assert table["mediations"]["2025-02":"2025-04"].tolist() == [0, 1, 0]


LATE = {m.REQUEST: "2025-01-06"}
"""Due on 26 May 2025, the 140th day; late from 27 May."""


def test_days_late_are_counted_from_the_day_after_the_date_to_the_day_before_the_plan() -> None:
    """Due on 26 May, issued on 16 June: 5 days of May and 15 of June."""
    table = bills(made(plan("2025-01-06", "2025-06-16")))
    assert table["late_days"]["2025-04":"2025-07"].tolist() == [0, 5, 15, 0]


def test_weeks_that_are_not_paid_for_are_left_out() -> None:
    """Two weeks: from 10 June, 6 days to the plan; three weeks: none."""
    late = made(plan("2025-01-06", "2025-06-16"))
    assert bills(late, after_weeks=2)["late_days"].sum() == 6
    assert bills(late, after_weeks=3)["late_days"].sum() == 0


def test_a_child_who_still_waits_at_the_end_is_counted_to_the_end() -> None:
    table = bills(made(agreed("2025-01-06", "2025-02-03")))
    assert table["late_days"]["2025"].sum() == 5 + 30 + 31 + 31 + 30 + 31 + 30 + 31
    assert table["late_days"]["2026"].sum() == 365


def test_a_child_whose_refusal_was_overturned_is_late_by_the_second_clock() -> None:
    """Refused on day 28; ordered on 1 July 2025, 98 days to 7 October; issued on 10 October."""
    told = ((m.DECISION_TO_ASSESS, "2025-02-03"), (m.REFUSED, "2025-02-03"))
    ordered = ((m.ORDER_TO_ASSESS, "2025-07-01"), (m.FINAL_PLAN, "2025-10-10"))
    assert bills(made(request("2025-01-06", *told, *ordered)))["late_days"].sum() == 2


def test_plans_are_provided_for_from_the_day_of_issue_to_their_end() -> None:
    """Issued on 30 June 2025: 1 day of June; it ends on 3 March 2026: 2 days of March."""
    table = bills(made(plan("2025-02-10", "2025-06-30"), ends="2026-03-03"))
    assert table["plan_days"]["2025-05":"2025-08"].tolist() == [0, 1, 31, 31]
    assert table["plan_days"]["2026-01":"2026-04"].tolist() == [31, 28, 2, 0]


def test_plans_of_the_time_before_the_plan_and_those_in_hand_are_not_counted() -> None:
    """Of two that are issued on 19 and 20 May 2025 the second: 12 days of May."""
    earlier, first = (made(plan("2025-01-06", f"2025-05-{day}")) for day in (19, 20))
    table = bills(earlier, first, in_hand(), plan_from=date(2025, 5, 20))
    assert table["plan_days"]["2025-04":"2025-06"].tolist() == [0, 12, 30]


def test_a_plan_without_an_end_is_counted_to_the_end_of_the_run() -> None:
    table = bills(made(plan("2025-01-06", "2026-12-31")))
    assert table["plan_days"].sum() == 1


PRICES = """
[costs.appeal]
heard = 0.25
with_hearing = { pounds = 9_000, funded_by = "grant" }
[costs.appeal.without_hearing]
pounds = 4_000
price_year = "2015/16"
uplift = 1.5
funded_by = "general fund"
[costs.mediation]
pounds = 800
funded_by = "general fund"
[costs.remedies]
a_month = { pounds = 100, funded_by = "general fund" }
complained = 0.2
[costs.provision]
pounds = 20_000
funded_by = "high-needs block"
"""


def lines_of(scenario: Scenario, **numbers: list[float]) -> dict[str, Line]:
    """Return the lines paid by the case, of what is billed in January and February 2025."""
    columns = ("appeals", "mediations", "late_days", "plan_days")
    table = Table.of(
        Rows.of(month=TWO.months[:2]),
        {name: np.array(numbers.get(name, [0, 0]), dtype=float) for name in columns},
    )
    lines = spending((), scenario.periods, TWO, {}, {}, {}, Streams(1, 0), table)
    return {line.item: line for line in lines if len(line.pounds) == 2}


def test_an_appeal_costs_by_its_chance_of_a_hearing_and_in_the_prices_of_the_plan(
    tmp_path: Path,
) -> None:
    """Four appeals: three at 4,000 × 1.5 and one at 9,000, of two payers."""
    found = lines_of(smallshire(tmp_path, PRICES), appeals=[4, 0], mediations=[0, 3])
    assert found["appeals without a hearing"].pounds.tolist() == [3 * 6_000, 0]
    assert found["appeals without a hearing"].payer == "general fund"
    assert found["appeals heard"].pounds.tolist() == [9_000, 0]
    assert found["appeals heard"].payer == "grant"
    assert found["mediations"].pounds.tolist() == [0, 2_400]


def test_remedies_are_paid_by_the_month_for_those_who_complain(tmp_path: Path) -> None:
    """3,652.5 days late are ten years of 12 months; one in five complains: 2,400 pounds."""
    found = lines_of(smallshire(tmp_path, PRICES), late_days=[3652.5, 0])
    assert found["remedies"].pounds.tolist() == pytest.approx([0.2 * 120 * 100, 0])


def test_provision_is_in_no_sum_with_the_rest(tmp_path: Path) -> None:
    """Half a year of one plan is 10,000 pounds of the high-needs block, and nothing is spent."""
    found = lines_of(smallshire(tmp_path, PRICES), plan_days=[A_YEAR / 2, 0])
    lines = list(found.values())
    assert found["provision"].payer == "high-needs block"
    assert provided(lines, 2).tolist() == [10_000, 0]
    assert spent(lines, 2).tolist() == [0, 0]
    table = by_financial_year(lines, TWO.months[:2], date(2025, 1, 1)).frame()
    whole = table.xs("all", level="funded_by")
    assert whole[["spent", "provision"]].to_numpy().tolist() == [[0, 10_000]]


def test_what_has_no_price_costs_nothing_and_provision_is_not_known(tmp_path: Path) -> None:
    numbers = {"appeals": [1, 1], "mediations": [1, 1], "late_days": [9, 9], "plan_days": [9, 9]}
    found = lines_of(smallshire(tmp_path), **numbers)
    assert not found
    assert np.isnan(provided([], 2)).all()


def by_year(*lines: Line, plan_from: date = date(2025, 2, 1)) -> pd.DataFrame:
    return by_financial_year(lines, TWO.months, plan_from).frame()


def a_line(kind: str, payer: str, **pounds: float) -> Line:
    """Return a line with pounds in some months, such as ``m2025_03=1``."""
    paid = np.zeros(24)
    for name, amount in pounds.items():
        year, month = map(int, name.removeprefix("m").split("_"))
        paid[(year - 2025) * 12 + month - 1] = amount
    return Line("any", kind, payer, paid)


def test_a_financial_year_is_from_april_to_march_and_only_months_of_the_plan_count() -> None:
    table = by_year(
        a_line(
            "posts", "general fund", m2025_01=1, m2025_02=2, m2025_03=4, m2025_04=8, m2026_03=16
        ),
        a_line("agencies", "grant", m2026_03=32, m2026_04=64),
    )
    labels = table.index.droplevel("funded_by").unique().tolist()
    assert labels == [("2024/25", 2), ("2025/26", 12), ("2026/27", 9)]
    spent_by = table["spent"].unstack("funded_by").droplevel("months")
    assert spent_by["general fund"].tolist() == [6, 24, 0]
    assert spent_by["grant"].tolist() == [0, 32, 64]
    assert spent_by["all"].tolist() == [6, 56, 64]
    assert table["posts"].sum() == 2 * 30  # of all and of the one who pays


def test_the_month_in_which_a_run_and_its_plan_start_is_in_its_financial_year() -> None:
    found = by_year(a_line("posts", "grant", m2025_01=1, m2025_02=2), plan_from=date(2025, 2, 12))
    assert found.xs("grant", level="funded_by")["spent"].tolist() == [2, 0, 0]


def test_what_is_spent_is_the_sum_of_its_kinds() -> None:
    kinds = ("posts", "agencies", "sittings", "changes", "appeals", "mediations", "remedies")
    table = by_year(*(a_line(kind, "partner", m2025_05=1) for kind in kinds))
    assert (table["spent"] == table[list(kinds)].sum(axis=1)).all()
    assert table["spent"].max() == 7
    assert table["provision"].isna().all()


def paid(scenario: Scenario, item: str) -> dict[str, float]:
    """Return the pounds of an item in the plan by who pays."""
    lines = spending(scenario.changes, scenario.periods, TWO, {}, {}, {}, Streams(1, 0))
    return {line.payer: float(line.pounds.sum()) for line in lines if line.item == item}


def test_a_team_is_paid_by_whom_it_says_and_from_the_day_on_which_that_changes(
    tmp_path: Path,
) -> None:
    """2.5 writers at 42,000: 90 days of 2025 by the grant, the rest of 730 by the general fund."""
    own = '[teams."plan writers"]\nfunded_by = "grant"\n'
    later = change("teams.plan writers.funded_by", 'set = "general fund"', "from = 2025-04-01")
    daily = 2.5 * 42_000 / A_YEAR
    found = paid(smallshire(tmp_path, own + later), "plan writers")
    assert found == pytest.approx({"grant": 90 * daily, "general fund": 640 * daily})
    assert paid(smallshire(tmp_path), "plan writers") == pytest.approx({"not said": 730 * daily})


def test_what_a_change_costs_is_paid_by_whom_it_says(tmp_path: Path) -> None:
    """10,000 once by a partner; training at 5,000 once and 3,652.5 a year for 10 days, by nobody
    named."""
    posts = "teams.plan writers.posts"
    one = change(posts, "add = 1", "one_off_cost = 10_000", 'funded_by = "partner"')
    dates = ("from = 2025-03-01", "until = 2025-03-10")
    other = change(posts, "add = 1", *dates, "one_off_cost = 5_000", "yearly_cost = 3_652.5")
    found = paid(smallshire(tmp_path, one + other), "changes")
    assert found == pytest.approx({"not said": 5_100, "partner": 10_000})


def test_an_agency_is_paid_by_whom_it_says_or_else_by_whom_its_team_says(tmp_path: Path) -> None:
    """31 cases of March 2025 at 1,000 pounds; from 11 March the agency has a grant."""
    own = '[teams."plan writers"]\nfunded_by = "high-needs block"\n'
    bought = "cases_a_month = 40, price = 1_000, turnaround = { mean_days = 20 }"
    dates = (("2023-01-01", ""), ("2025-03-11", ', funded_by = "grant"'))
    agency = "".join(
        change("teams.plan writers.agency", f"set = {{ {bought}{payer} }}", f"from = {day}")
        for day, payer in dates
    )
    scenario = smallshire(tmp_path, own + agency)
    cases = {"plan writers": (TWO.months == np.datetime64("2025-03")).astype(float) * 31}
    lines = spending((), scenario.periods, TWO, cases, {}, {}, Streams(1, 0))
    found = {line.payer: line.pounds.sum() for line in lines if line.kind == "agencies"}
    assert found == pytest.approx({"high-needs block": 10_000, "grant": 21_000})


BAD = [
    (
        '[costs.mediation]\npounds = 800\nprice_year = "2015/16"\n',
        'costs.mediation: found prices of the text "2015/16" without uplift, allowed is uplift',
    ),
    (
        "[costs.provision]\npounds = 800\nuplift = 1.2\n",
        "costs.provision.uplift: found uplift of prices of the same year, allowed is a price_year",
    ),
    (
        '[costs.provision]\npounds = 800\nuplift = 1.2\nprice_year = "2024/25"\n',
        "costs.provision.uplift: found uplift of prices of the same year",
    ),
    ("[costs.mediation]\npounds = -1\n", "costs.mediation.pounds: found -1, allowed is 0 to"),
    (
        '[costs.mediation]\npounds = 1\nfunded_by = "DSG"\n',
        'funded_by: found the text "DSG", allowed is "general fund", "high-needs block"',
    ),
    (
        "[costs.remedies]\na_month = { pounds = 1 }\ncomplained = 20\n",
        "costs.remedies.complained: found 20, allowed is 0 to 1",
    ),
    (
        "[costs.remedies]\na_month = { pounds = 1 }\ncomplained = 0\nafter_weeks = -4\n",
        "costs.remedies.after_weeks: found -4",
    ),
    (
        '[[change]]\nwhat = "costs.mediation.pounds"\nset = 3\nfrom = 2025-03-01\n',
        "holds for the whole run",
    ),
]


@pytest.mark.parametrize(("text", "problem"), BAD, ids=range(len(BAD)))
def test_each_fault_of_a_price_is_told_in_one_line(text: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as bad:
        smallshire(tmp_path, text)
    (line,) = str(bad.value).splitlines()
    assert problem in line
