"""Open and overdue cases, the oldest, and where they wait: worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from ehc_sim.journey import milestones as m
from ehc_sim.measures.backlog import STEPS, backlog, waiting
from ehc_sim.measures.timings import Timings
from tests.hand_made import agreed, overturned, request, timings_of, two_years

pytestmark = pytest.mark.unit

MONTHS = ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05", "2025-06", "2025-07"]


def four_cases() -> Timings:
    """Return a plan, a refusal, an overturned refusal that stays open, and a withdrawal."""
    return timings_of(
        two_years(),
        agreed(
            "2025-01-06",
            "2025-02-04",
            (m.ASSESSMENT_COMPLETE, "2025-04-10"),
            (m.AGREED_TO_ISSUE, "2025-04-22"),
            (m.DRAFT_PLAN, "2025-05-06"),
            (m.FINAL_PLAN, "2025-06-10"),
        ),
        request("2025-01-10", (m.DECISION_TO_ASSESS, "2025-02-04"), (m.REFUSED, "2025-02-04")),
        overturned("2025-01-15", "2025-02-04", "2025-04-02"),
        request("2025-02-20", (m.DECISION_TO_ASSESS, "2025-03-04"), (m.WITHDRAWN, "2025-03-04")),
    )


def column(table: pd.DataFrame, name: str) -> list[float]:
    return table.loc[pd.to_datetime(MONTHS), name].tolist()


def test_a_case_is_open_from_its_request_or_order_to_its_outcome() -> None:
    """While a refusal is disputed the case is not open: the third from 4 February to 2 April."""
    assert column(backlog(four_cases()).frame(), "open_cases") == [3, 2, 1, 2, 2, 1, 1]


def test_a_case_is_overdue_after_the_day_on_which_its_plan_was_due() -> None:
    """The plan was due on 26 May; the overturned one 98 days after 2 April, on 9 July."""
    assert column(backlog(four_cases()).frame(), "overdue_cases") == [0, 0, 0, 0, 1, 0, 1]


def test_a_case_due_on_the_last_day_of_a_month_is_not_yet_overdue() -> None:
    """11 January + 140 days is 31 May."""
    table = backlog(timings_of(two_years(), agreed("2025-01-11", "2025-02-04"))).frame()
    assert column(table, "overdue_cases") == [0, 0, 0, 0, 0, 1, 1]


def test_the_oldest_case_is_counted_on_its_own_clock() -> None:
    """On 30 April it is the first, of 114 days; from its draft plan of 6 May on it is the third."""
    weeks = backlog(four_cases()).frame()["oldest_weeks"]
    assert weeks[pd.Timestamp("2025-02")] == pytest.approx(53 / 7)
    assert weeks[pd.Timestamp("2025-04")] == pytest.approx(114 / 7)
    assert weeks[pd.Timestamp("2025-05")] == pytest.approx(59 / 7)
    assert weeks[pd.Timestamp("2025-06")] == pytest.approx(89 / 7)


def test_a_case_ordered_to_have_a_plan_is_open_again_from_the_order() -> None:
    """No plan was told on 22 April, the order came on 2 June and gives 77 days, to 18 August."""
    case = agreed(
        "2025-01-06",
        "2025-02-04",
        (m.ASSESSMENT_COMPLETE, "2025-04-10"),
        (m.NO_PLAN_TOLD, "2025-04-22"),
        (m.ORDER_TO_ISSUE, "2025-06-02"),
        (m.AGREED_TO_ISSUE, "2025-06-02"),
        (m.DRAFT_PLAN, "2025-08-10"),
        (m.FINAL_PLAN, "2025-09-10"),
    )
    timings = timings_of(two_years(), case)
    table = backlog(timings).frame()
    assert column(table, "open_cases") == [1, 1, 1, 0, 0, 1, 1]
    assert table.loc["2025-08":"2025-09", "open_cases"].tolist() == [1, 0]
    assert table.loc["2025-07":"2025-09", "overdue_cases"].tolist() == [0, 1, 0]
    assert table.loc[pd.Timestamp("2025-07"), "oldest_weeks"] == pytest.approx(59 / 7)
    steps = waiting(timings).frame()
    assert column(steps, "Draft plan") == [0, 0, 0, 0, 0, 1, 1]
    assert (steps[list(STEPS)].sum(axis=1) == table["open_cases"]).all()


def test_a_case_received_before_the_run_is_open_from_its_first_minute() -> None:
    """Received on 1 September 2024, so that it was due on 19 January 2025."""
    timings = timings_of(two_years(), agreed("2024-09-01", "2024-10-10"), {})
    table = backlog(timings).frame()
    assert column(table, "open_cases") == [1] * 7
    assert column(table, "overdue_cases") == [1] * 7
    assert table.loc[pd.Timestamp("2025-01"), "oldest_weeks"] == pytest.approx(152 / 7)
    assert column(waiting(timings).frame(), "Advice") == [1] * 7


def test_a_case_with_a_draft_plan_is_not_the_oldest() -> None:
    """It may wait for a placement for years; the next oldest, of 10 April, is looked at."""
    drafted = agreed("2025-01-10", "2025-02-04", (m.DRAFT_PLAN, "2025-04-20"))
    weeks = backlog(timings_of(two_years(), drafted, request("2025-04-10"))).frame()["oldest_weeks"]
    assert weeks[pd.Timestamp("2025-03")] == pytest.approx(80 / 7)
    assert weeks[pd.Timestamp("2025-05")] == pytest.approx(51 / 7)


def test_where_nobody_waits_there_is_no_oldest() -> None:
    closed = request("2025-01-10", (m.DECISION_TO_ASSESS, "2025-02-04"), (m.REFUSED, "2025-02-04"))
    later = request("2025-04-10")
    assert column(
        backlog(timings_of(two_years(), closed, later)).frame(), "oldest_weeks"
    ) == pytest.approx([21 / 7, 0, 0, 20 / 7, 51 / 7, 81 / 7, 112 / 7])


def test_open_cases_wait_at_one_step_each() -> None:
    table = waiting(four_cases()).frame()
    assert column(table, "Decision to assess") == [3, 1, 0, 0, 0, 0, 0]
    assert column(table, "Advice") == [0, 1, 1, 1, 1, 1, 1]
    assert column(table, "Decision to issue") == [0, 0, 0, 0, 0, 0, 0]
    assert column(table, "Draft plan") == [0, 0, 0, 1, 0, 0, 0]
    assert column(table, "Draft to final plan") == [0, 0, 0, 0, 1, 0, 0]


def test_the_steps_add_up_to_the_open_cases() -> None:
    timings = four_cases()
    assert (
        waiting(timings).frame()[list(STEPS)].sum(axis=1) == backlog(timings).frame()["open_cases"]
    ).all()


def test_the_oldest_case_is_counted_in_days_by_date_to_the_last_of_the_month() -> None:
    """From the first minute of 10 January to 31 January are 21 days, and not 22."""
    table = backlog(timings_of(two_years(), request("2025-01-10 00:00"))).frame()
    assert table.loc[pd.Timestamp("2025-01"), "oldest_weeks"] == pytest.approx(21 / 7)
