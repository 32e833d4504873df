"""The four kinds of exception, on logs written by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from ehc_sim.journey import milestones as m
from ehc_sim.measures.timeliness import exceptions, monthly
from tests.hand_made import Case, overturned, plan, timings_of, two_years

pytestmark = pytest.mark.unit

LATE, IN_TIME = "2025-12-15", "2025-10-15"
KINDS = [
    ("school closure", (m.asked("school"), "2025-07-29")),
    ("personal circumstances", ("personal circumstances", "2025-08-10")),
    ("away from the area", ("away from the area", "2025-09-10")),
    ("missed appointment", ("psychologist: missed appointment", "2025-08-20")),
]
OF_THE_PLAN = KINDS[:3]
MISSED = KINDS[3][1]


def issued(final: str, *others: tuple[str, str]) -> Case:
    """Return a plan that was asked for on 1 July 2025, so that it was due on 18 November."""
    return plan("2025-07-01", final, *others)


def row(kind: str, *cases: Case) -> pd.Series:
    return exceptions(timings_of(two_years(), *cases)).frame().loc[(2025, kind)]


@pytest.mark.parametrize(("kind", "happened"), KINDS)
def test_a_case_is_flagged_for_what_happened_to_it(kind: str, happened: tuple[str, str]) -> None:
    """One late and flagged, one late, one on time: 1 of 3 with it, 1 of 2 without."""
    cases = (issued(LATE, happened), issued(LATE), issued(IN_TIME))
    for other, _ in KINDS:
        found = row(other, *cases)
        assert found["excepted"] == (other == kind)
        assert found["on_time_with"] == pytest.approx(1 / 3)
        assert found["on_time_without"] == pytest.approx(1 / 2 if other == kind else 1 / 3)


@pytest.mark.parametrize(("kind", "happened"), OF_THE_PLAN)
@pytest.mark.parametrize(("claimed", "share"), [(False, 0.5), (True, 1.0)])
def test_each_kind_is_left_out_where_the_council_claims_exceptions(
    kind: str, happened: tuple[str, str], claimed: bool, share: float
) -> None:
    late = plan("2025-07-01", LATE, happened)
    cases = (late, plan("2025-08-01", LATE))
    table = monthly(timings_of(two_years(), *cases, claimed=claimed)).frame()
    assert table.loc[pd.Timestamp("2025-12"), "issued_on_time"] == share


def test_a_missed_appointment_gives_the_plan_no_more_time() -> None:
    """Regulation 8(2) excuses whoever gives the advice; regulation 13(3) does not name it."""
    late = plan("2025-07-01", LATE, MISSED)
    cases = (late, plan("2025-08-01", LATE))
    table = monthly(timings_of(two_years(), *cases, claimed=True)).frame()
    assert table.loc[pd.Timestamp("2025-12"), "issued_on_time"] == 0.5
    assert row("any", late)["excepted"] == 0


def test_a_case_with_two_kinds_counts_once_among_all() -> None:
    both = issued(LATE, KINDS[1][1], KINDS[0][1])
    found = row("any", both, issued(LATE), issued(IN_TIME, KINDS[2][1]))
    assert found["excepted"] == 2
    assert found["on_time_with"] == pytest.approx(1 / 3)
    assert found["on_time_without"] == 0.0


def test_a_plan_that_dfe_leaves_out_anyway_is_not_counted() -> None:
    happened = KINDS[1][1]
    case = overturned("2025-01-06", "2025-02-04", "2025-03-03", happened, (m.FINAL_PLAN, LATE))
    found = row("any", case)
    assert found["excepted"] == 0
    assert pd.isna(found["on_time_with"])


def test_every_kind_has_a_row_in_every_year() -> None:
    table = exceptions(timings_of(two_years())).frame()
    assert table.index.tolist() == [
        (year, kind) for year in (2025, 2026) for kind in (*(kind for kind, _ in KINDS), "any")
    ]
