"""Made-up plans in place, their reviews, decisions and hours, for `present_frames`.

The option "Twice the plans, the same officers" has a stock that is twice as large: its officers
spend more of their hours on it, and cases wait longer for them.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from tests.present_lateness import lateness_rows

TWICE = "Twice the plans, the same officers"
OFFICERS = "assessment and reviewing officers"
YEARS = (2023, 2024, 2025, 2026, 2027, 2028)

_OFFICERS_HOURS = {
    "assessments": 8_000,
    "second assessments": 1_000,
    "annual reviews": 8_200,
    "phase transfers": 1_800,
    "disputes": 1_000,
    "meetings": 0,
}
_OFFICERS_HOURS_TWICE = {
    "assessments": 4_700,
    "second assessments": 500,
    "annual reviews": 11_600,
    "phase transfers": 2_200,
    "disputes": 1_000,
    "meetings": 0,
}
_ASSESSMENTS = ("assessments", "second assessments")
_ON_PLANS = ("annual reviews", "phase transfers")
_WEEKS = {
    "weeks_to_decision": 4.0,
    "weeks_of_assessment": 15.0,
    "weeks_to_draft": 3.0,
    "weeks_draft_to_final": 8.0,
}


def plans(names: Sequence[str], spread: float) -> pd.DataFrame:
    """Return the table ``plans``: 5,600 in 2025 and 400 more each year."""
    rows = []
    for name in names:
        times = 2 if name == TWICE else 1
        for year in YEARS:
            start = times * (5600 + 400 * (year - 2025))
            at = {"scenario": name, "year": year}
            known = {
                "at_start": start,
                "issued": 720,
                "moved_in": 190,
                "ceased": 390,
                "moved_out": 120,
                "at_end": start + times * 400,
            }
            rows += [{**at, "measure": m, "median": value} for m, value in known.items()]
    return ranged(rows, 0.02 * spread)


def reviews(names: Sequence[str], spread: float) -> pd.DataFrame:
    """Return the table ``reviews``."""
    known = {
        "held": 4300,
        "decided": 4100,
        "decided_on_time": 0.22,
        "overdue_at_end": 1270,
        "transfers_on_time": 0.64,
    }
    return _each(names, known, spread)


def decisions(names: Sequence[str], spread: float) -> pd.DataFrame:
    """Return the table ``decisions``."""
    return _each(names, {"refusals": 470, "mediated": 190, "appeals": 412}, spread)


def hours(names: Sequence[str], spread: float) -> pd.DataFrame:
    """Return the table ``hours`` of two teams: officers, who do everything, and writers."""
    rows = []
    for name in names:
        officers = _OFFICERS_HOURS_TWICE if name == TWICE else _OFFICERS_HOURS
        for year in YEARS:
            for team, by_kind in ((OFFICERS, officers), ("plan writers", {"assessments": 5000})):
                together = {
                    "all": sum(by_kind.values()),
                    "all assessments": sum(by_kind.get(kind, 0) for kind in _ASSESSMENTS),
                    "all work on plans": sum(by_kind.get(kind, 0) for kind in _ON_PLANS),
                }
                for kind, worked in {**by_kind, **together}.items():
                    at = {"scenario": name, "year": year, "team": team, "kind": kind}
                    rows.append({**at, "measure": "hours", "median": worked})
                    rows.append({**at, "measure": "agency_hours", "median": 0})
                    share = worked / together["all"]
                    rows.append({**at, "measure": "share", "median": share})
    return ranged(rows, 0.05 * spread)


def steps(names: Sequence[str], spread: float) -> pd.DataFrame:
    """Return rows of the table ``yearly``: plans issued, and the weeks that each step takes."""
    rows = []
    for name in names:
        for year in YEARS:
            at = {"scenario": name, "year": year, "by": "all", "group": "all"}
            weeks = {**_WEEKS, "weeks_draft_to_final": 14.0} if name == TWICE else _WEEKS
            rows += [{**at, "measure": m, "median": value} for m, value in weeks.items()]
            rows.append({**at, "measure": "plans_issued", "median": 720})
    return ranged(rows, 0.1 * spread)


def lateness(names: Sequence[str], spread: float) -> pd.DataFrame:
    """Return the table ``lateness``, with 35 days more at the officers where the stock is twice."""
    rows = lateness_rows(names, spread)
    rows["part"] = rows["part"].replace({"assessment officers": OFFICERS})
    final = rows["step"].isin(["Draft to final plan", "all"])
    twice = rows["scenario"] == TWICE
    more = final & twice & (rows["part"] == OFFICERS) & (rows["measure"] == "days_a_late_plan")
    rows.loc[more, ["median", "low80", "high80", "low95", "high95"]] += 35.0
    return rows


def ranged(rows: list[dict[str, object]], half: float) -> pd.DataFrame:
    """Return rows with their ranges: `half` of the middle on each side for 8 in 10 futures."""
    table = pd.DataFrame(rows)
    for column, sign, times in (
        ("low80", -1, 1), ("high80", 1, 1), ("low95", -1, 1.5), ("high95", 1, 1.5),
    ):  # fmt: skip
        table[column] = table["median"] * (1 + sign * times * half)
    return table


def _each(names: Sequence[str], known: dict[str, float], spread: float) -> pd.DataFrame:
    rows = [
        {"scenario": name, "year": year, "measure": measure, "median": value}
        for name in names
        for year in YEARS
        for measure, value in known.items()
    ]
    return ranged(rows, 0.15 * spread)
