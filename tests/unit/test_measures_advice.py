"""Advice within six weeks, and the family's view before the draft: worked by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from ehc_sim.journey import milestones as m
from ehc_sim.measures.advice import advice
from ehc_sim.measures.timeliness import monthly
from ehc_sim.measures.timings import Timings
from tests.hand_made import Case, log_of, request, two_years

pytestmark = pytest.mark.unit


def asked(giver: str, when: str, given: str | None = None) -> Case:
    answers = [(m.advice_in(giver), given)] if given else []
    return request("2025-01-06", (m.asked(giver), when), *answers)


def table_of(*cases: Case) -> pd.DataFrame:
    timeline = two_years()
    log = log_of(timeline, *cases)
    timings = Timings.of(log, timeline, ["school"])
    return advice(timings, ["school", "psychologist"]).frame()


def test_advice_is_on_time_to_the_end_of_its_42nd_day() -> None:
    """3 March + 42 days is 14 April. The one that never came is late too."""
    row = table_of(
        asked("psychologist", "2025-03-03 09:00", "2025-04-14 23:00"),
        asked("psychologist", "2025-03-03 16:00", "2025-04-15 00:30"),
        asked("psychologist", "2025-03-03"),
        asked("school", "2025-03-03", "2025-03-04"),
    ).loc[(2025, "psychologist")]
    assert row["asked"] == 3
    assert row["on_time"] == pytest.approx(1 / 3)
    assert row["late"] == 2
    assert row["outstanding"] == 1


def test_advice_whose_six_weeks_end_after_the_run_is_not_judged() -> None:
    """19 November + 42 days is 31 December 2026, the last day; of the 20th it is too early."""
    row = table_of(
        asked("psychologist", "2026-11-19"),
        asked("psychologist", "2026-11-20"),
        asked("psychologist", "2026-12-01", "2026-12-02"),
    ).loc[(2026, "psychologist")]
    assert row["asked"] == 3
    assert row["on_time"] == 0.0
    assert row["late"] == 1
    assert row["outstanding"] == 2


def test_outstanding_is_what_was_still_out_at_the_end_of_the_year() -> None:
    table = table_of(
        asked("school", "2025-12-15", "2026-01-10"),
        asked("school", "2025-12-15", "2025-12-31 23:59"),
        asked("school", "2025-03-03"),
    )
    assert table.loc[(2025, "school"), "outstanding"] == 2
    assert table.loc[(2026, "school"), "outstanding"] == 1
    assert table.loc[(2026, "school"), "asked"] == 0
    assert pd.isna(table.loc[(2026, "school"), "on_time"])


def test_the_median_counts_advice_still_out_as_the_longest() -> None:
    """10, 20 and not yet: the middle one is 20 days."""
    row = table_of(
        asked("school", "2025-03-03 16:00", "2025-03-13 09:00"),
        asked("school", "2025-03-03", "2025-03-23"),
        asked("school", "2025-03-03"),
    ).loc[(2025, "school")]
    assert row["median_days"] == 20


def test_there_is_no_median_while_half_are_not_in() -> None:
    row = table_of(asked("school", "2025-03-03", "2025-03-13"), asked("school", "2025-03-03")).loc[
        (2025, "school")
    ]
    assert pd.isna(row["median_days"])


def drafted(on: str, family: str | None) -> Case:
    return asked("family", "2025-02-03", family) | {m.AGREED_TO_ISSUE: on}


def test_the_familys_view_counts_when_it_is_in_by_the_time_drafting_may_begin() -> None:
    timeline = two_years()
    log = log_of(
        timeline,
        drafted("2025-05-06 10:00", "2025-05-06 10:00"),
        drafted("2025-05-06 10:00", "2025-05-06 10:01"),
        drafted("2025-05-20", None),
        drafted("2025-06-03", "2025-03-03"),
        request("2025-05-01"),
    )
    view = monthly(Timings.of(log, timeline, [], families=["family"])).frame()
    shares = view["family_view_before_draft"]
    assert shares[pd.Timestamp("2025-05")] == pytest.approx(1 / 3)
    assert shares[pd.Timestamp("2025-06")] == 1.0
    assert pd.isna(shares[pd.Timestamp("2025-07")])


def test_the_view_of_every_family_giver_has_to_be_in() -> None:
    """Of two that stand for the family only the one's is in, and of another case the other's."""
    timeline = two_years()
    both = {m.asked("family"): "2025-02-03", m.asked("school"): "2025-02-03"}
    log = log_of(
        timeline,
        *(
            request("2025-01-06")
            | both
            | {m.advice_in(giver): "2025-03-03"}
            | {m.AGREED_TO_ISSUE: "2025-05-06"}
            for giver in ("family", "school")
        ),
    )
    for families in (["family", "school"], ["school", "family"]):
        view = monthly(Timings.of(log, timeline, [], families=families)).frame()[
            "family_view_before_draft"
        ]
        assert view[pd.Timestamp("2025-05")] == 0.0
    one = monthly(Timings.of(log, timeline, [], families=["family"])).frame()[
        "family_view_before_draft"
    ]
    assert one[pd.Timestamp("2025-05")] == 0.5
