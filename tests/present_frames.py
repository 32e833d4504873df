"""Made-up results of a run, of Somerset's size, for the tests of charts and the briefing.

Nothing here was simulated. The shapes are realistic: long names, a backlog, ranges that overlap.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from ehc_sim.present.frames import COLUMNS, Frames

OPTIONS = [
    ("Today's staff", "No new decision: posts, panels and ways of working stay as they are"),
    ("Three more educational psychologists", "Advice from psychologists is the longest wait"),
    ("Agency for 15 psychology cases a month", "Buys time while posts are advertised"),
    ("Oldest overdue cases first", "Clears the backlog before new requests"),
    ("Cases still in time first", "Lifts the percentage and leaves late cases waiting"),
    ("Pool the four area teams", "One queue for the county; costs nothing to buy"),
    ("Weekly panel, 30 cases", "The panel sits every week, school holidays too"),
    ("Two more plan writers", "Drafting is at 96% of its hours"),
    ("Outcome and Provision meetings", "Agrees outcomes before the draft is written"),
    ("Psychologists and pooling together", "The two that help most, at once"),
    (
        "Everything: psychologists, writers, weekly panel and pooling",
        "The ceiling of what staff can do",
    ),
    ("Half the drafting hours with a drafting tool", "Staff asked what it would change"),
    ("Two senior officers from Dorset on loan until March 2027", "Offered by a neighbour"),
    ("Refuse one in ten more requests", "Asked by members; many come back on appeal"),
    ("School advice chased at four weeks", "A phone call before the advice is late"),
]
CHANCES = [
    0.01,
    0.31,
    0.24,
    0.02,
    0.38,
    0.22,
    0.05,
    0.03,
    0.02,
    0.66,
    0.71,
    0.015,
    0.03,
    0.06,
    0.04,
]
COSTS = [0, 642, 450, 0, 0, 12, 96, 188, 70, 655, 948, 60, 120, 35, 18]
GIVERS = {
    "Parent or young person": (0.86, 664),
    "School or setting": (0.71, 655),
    "Educational psychologist": (0.18, 664),
    "Paediatrics": (0.55, 402),
    "Speech and language therapy": (0.47, 371),
    "Occupational therapy": (0.39, 214),
    "CAMHS": (0.30, 96),
    "Social care": (0.78, 610),
    "Hearing and vision advisers": (0.92, 4),
}
TEAMS = {
    "educational psychologists": 1.16,
    "plan writers": 1.03,
    "senior officers": 0.94,
    "assessment and reviewing officers": 0.98,
    "panel support": 0.61,
    "occupational therapists": 0.88,
}
STEPS = {
    "Decision to assess": 78,
    "Advice": 290,
    "Decision to issue": 25,
    "Draft plan": 62,
    "Draft to final plan": 120,
    "Quality check": 14,
}
PUBLISHED = {
    2016: 0.526, 2017: 0.568, 2018: 0.361, 2019: 0.218, 2020: 0.356,
    2021: 0.647, 2022: 0.694, 2023: 0.421, 2024: 0.335,
}  # fmt: skip


def made_up(scenarios: int = 12, replications: int = 400, spread: float = 1.0) -> Frames:
    """Return frames with so many scenarios; `spread` 0 makes every range a point."""
    comparison = _comparison(scenarios, replications, spread)
    names = comparison["scenario"].tolist()
    return Frames(
        comparison=comparison,
        monthly=_monthly(names, spread),
        yearly=_yearly(names, spread),
        advice=_advice(names, spread),
        teams=_teams(names, spread),
        waiting=_waiting(names),
        cohort=pd.DataFrame(columns=list(COLUMNS["cohort"])),
        backcast=_backcast(),
        forecast=_forecast(spread),
        assumptions=_assumptions(),
        history=pd.DataFrame(
            {"year": list(PUBLISHED), "measure": "issued_on_time", "value": PUBLISHED.values()}
        ),
        manifest={
            "name": "Somerset",
            "version": "0.1.0",
            "seed": 20260301,
            "replications": replications,
            "seconds": 93.5,
            "created": "2026-11-23T14:05:00+00:00",
        },
    )


def write(frames: Frames, folder: Path) -> None:
    """Write frames as a run does."""
    for name in COLUMNS:
        getattr(frames, name).to_csv(folder / f"{name}.csv", index=False)
    (folder / "manifest.json").write_text(json.dumps(dict(frames.manifest)), encoding="utf-8")


def _wilson(chance: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    z = 1.96
    middle = (chance + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(chance * (1 - chance) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return middle - half, middle + half


def _comparison(scenarios: int, replications: int, spread: float) -> pd.DataFrame:
    chance = np.array(CHANCES[:scenarios])
    low, high = _wilson(chance, replications)
    on_time = 0.30 + 0.42 * chance**0.6
    cost = 1000.0 * np.array(COSTS[:scenarios])
    extra = 900 * (on_time - on_time[0])
    clear = extra > 25
    with np.errstate(divide="ignore", invalid="ignore"):
        per_plan = np.where(clear, cost / extra, np.nan)
    best = np.zeros(scenarios)
    best[np.argmax(chance)] = 1.0
    return pd.DataFrame(
        {
            "scenario": [name for name, _ in OPTIONS[:scenarios]],
            "why": [why for _, why in OPTIONS[:scenarios]],
            "replications": replications,
            "target": 0.6,
            "window": "January 2027 to December 2027",
            "chance": chance,
            "chance_low": np.where(spread > 0, low, chance),
            "chance_high": np.where(spread > 0, high, chance),
            "on_time": on_time,
            "on_time_low80": on_time - 0.09 * spread,
            "on_time_high80": on_time + 0.09 * spread,
            "on_time_low95": on_time - 0.14 * spread,
            "on_time_high95": on_time + 0.14 * spread,
            "difference": on_time - on_time[0],
            "difference_low": on_time - on_time[0] - 0.01 * spread,
            "difference_high": on_time - on_time[0] + 0.01 * spread,
            "chance_beats_baseline": np.clip(0.5 + 3 * (on_time - on_time[0]), 0, 1),
            "chance_best": best,
            "plans_on_time": 720 * on_time,
            "extra_plans_on_time": extra,
            "extra_plans_on_time_low": extra - 25 * spread * (cost >= 0) * (extra != 0),
            "extra_plans_on_time_high": extra + 25 * spread * (extra != 0),
            "cost": cost,
            "cost_low": cost * (1 - 0.06 * spread),
            "cost_high": cost * (1 + 0.06 * spread),
            "cost_per_extra_plan": per_plan,
            "mean_weeks": 43 - 24 * (on_time - on_time[0]),
            "over_52_weeks": 0.12 - 0.1 * (on_time - on_time[0]),
            "due_on_time": on_time - 0.03,
            "open_at_end": 610 - 400 * (on_time - on_time[0]),
            "overdue_at_end": 330 - 500 * (on_time - on_time[0]),
            "oldest_weeks_at_end": 110 - 60 * (on_time - on_time[0]),
            "recovers": ["2027-05" if value > 0.3 else "" for value in chance],
            "overloaded": [
                "" if value > 0.6 else "educational psychologists; plan writers" for value in chance
            ],
        }
    )


def _months() -> pd.DatetimeIndex:
    return pd.date_range("2023-01-01", "2028-12-01", freq="MS")


def _monthly(names: list[str], spread: float) -> pd.DataFrame:
    months = _months()
    t = np.clip((np.arange(len(months)) - 24) / 47, 0, 1)
    season = np.sin(np.arange(len(months)) * np.pi / 6)
    parts = []
    for place, name in enumerate(names):
        gain = CHANCES[place] ** 0.6
        dip = 0.16 if "Oldest" in name else 0.0
        share = 0.34 + 0.42 * gain * t - dip * np.exp(-((t - 0.2) ** 2) / 0.01) + 0.012 * season
        backlog = 330 + 120 * t - (120 + 480 * gain) * t - (150 * t if dip else 0)
        known = {
            "issued_on_time_12m": (np.where(np.arange(len(months)) < 11, np.nan, share), 0.09),
            "issued_on_time": (share + 0.04 * season, 0.13),
            "open_cases": (590 + 40 * season - 380 * gain * t - (90 * t if dip else 0), 60),
            "overdue_cases": (np.maximum(backlog, 10), 50),
            "mean_weeks": (
                43 - 18 * gain * t + (9 if dip else 0) * np.exp(-((t - 0.2) ** 2) / 0.02),
                4,
            ),
            "oldest_weeks": (104 + 40 * t - 100 * gain * t, 12),
            "plans_issued": (60 + 8 * season, 9),
            "requests": (100 + 12 * season + 10 * t, 14),
        }
        for measure, (median, half) in known.items():
            parts.append(
                pd.DataFrame(
                    {"scenario": name, "month": months, "measure": measure, "median": median}
                ).assign(
                    low80=median - half * spread * (0.3 + t),
                    high80=median + half * spread * (0.3 + t),
                    low95=median - 1.5 * half * spread * (0.3 + t),
                    high95=median + 1.5 * half * spread * (0.3 + t),
                )
            )
    return pd.concat(parts, ignore_index=True)


def _ranged(rows: list[dict[str, object]], half: float) -> pd.DataFrame:
    table = pd.DataFrame(rows)
    for column, sign, times in (
        ("low80", -1, 1), ("high80", 1, 1), ("low95", -1, 1.5), ("high95", 1, 1.5),
    ):  # fmt: skip
        table[column] = table["median"] * (1 + sign * times * half)
    return table


def _yearly(names: list[str], spread: float) -> pd.DataFrame:
    groups = {
        "age group": {
            "0-4": (0.45, 190),
            "5-10": (0.33, 350),
            "11-15": (0.22, 170),
            "16-25": (0.2, 4),
        },
        "source": {"school or setting": (0.36, 440), "parent": (0.30, 240), "other": (0.31, 34)},
        "area": {"Mendip": (0.41, 170), "Sedgemoor": (0.20, 190), "South Somerset": (0.35, 210)},
    }
    rows: list[dict[str, object]] = []
    for name in names[:2]:
        for year in (2024, 2025, 2026, 2027, 2028):
            for by, shares in groups.items():
                for group, (share, plans) in shares.items():
                    at = {"scenario": name, "year": year, "by": by, "group": group}
                    rows.append({**at, "measure": "issued_on_time", "median": share})
                    rows.append({**at, "measure": "plans_issued", "median": plans})
    return _ranged(rows, 0.12 * spread)


def _advice(names: list[str], spread: float) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for name in names[:2]:
        for year in (2024, 2025, 2026):
            for giver, (share, asked) in GIVERS.items():
                at = {"scenario": name, "year": year, "giver": giver}
                rows.append({**at, "measure": "asked", "median": asked})
                rows.append({**at, "measure": "on_time", "median": share})
                rows.append({**at, "measure": "late", "median": round(asked * (1 - share))})
                rows.append(
                    {**at, "measure": "outstanding", "median": round(asked * (1 - share) / 3)}
                )
                rows.append(
                    {**at, "measure": "median_days", "median": round(30 + 60 * (1 - share))}
                )
    return _ranged(rows, 0.08 * spread)


def _teams(names: list[str], spread: float) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for place, name in enumerate(names):
        for team, load in TEAMS.items():
            for number, month in enumerate(_months()):
                seasonal = load * (1 + 0.14 * np.sin(number * np.pi / 6))
                eased = seasonal - 0.3 * CHANCES[place] * (number >= 30)
                at = {"scenario": name, "month": month, "team": team}
                rows.append({**at, "measure": "capacity_hours", "median": 1000.0})
                rows.append({**at, "measure": "offered_hours", "median": 1000.0 * eased})
                rows.append({**at, "measure": "load", "median": eased})
    return _ranged(rows, 0.1 * spread)


def _waiting(names: list[str]) -> pd.DataFrame:
    rows = []
    for place, name in enumerate(names):
        for number, month in enumerate(_months()):
            t = max(0, number - 24) / 47
            for step, cases in STEPS.items():
                held = cases * (1 - 0.5 * CHANCES[place] * t + 0.05 * np.sin(number * np.pi / 6))
                rows.append((name, month, step, held, 0.85 * held, 1.15 * held))
    return pd.DataFrame(rows, columns=list(COLUMNS["waiting"]))


def _backcast() -> pd.DataFrame:
    published = {
        "requests": (1061, 1121, 1207, "10%"),
        "agreed": (750, 690, 664, "10%"),
        "plans_issued": (600, 590, 567, "10%"),
        "issued_on_time": (0.694, 0.421, 0.335, "5 points"),
        "issued_over_52_weeks": (0.01, 0.05, 0.115, "5 points"),
        "week6_on_time": (0.93, 0.95, 0.966, "5 points"),
        "week16_on_time": (0.4, 0.37, 0.346, "10 points"),
    }
    misses = {("issued_on_time", 2022), ("week16_on_time", 2024)}
    rows = []
    for what, (*values, allowed) in published.items():
        for year, value in zip((2022, 2023, 2024), values, strict=True):
            off = -0.16 if (what, year) in misses else 0.01
            simulated = value + off if value < 2 else value * (1 + off / 5)
            half = 0.04 if value < 2 else 0.05 * value
            rows.append(
                (year, what, value, simulated, simulated - half, simulated + half, allowed,
                 str((what, year) not in misses), what == "issued_on_time" and year > 2022,
                 "DfE SEN2, 2025 edition")
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS["backcast"]))


def _forecast(spread: float) -> pd.DataFrame:
    months = _months()
    median = 100 + 12 * np.sin(np.arange(len(months)) * np.pi / 6)
    kind = np.where(months < pd.Timestamp("2025-01-01"), "history", "adjusted")
    wide = 0.18 * spread * (kind != "history")
    return pd.DataFrame({"month": months, "kind": kind, "median": median}).assign(
        low80=median * (1 - wide),
        high80=median * (1 + wide),
        low95=median * (1 - 1.5 * wide),
        high95=median * (1 + 1.5 * wide),
    )


def _assumptions() -> pd.DataFrame:
    rows: list[tuple[str, str, str, str, bool]] = []
    rows += [(f"requests.ages.{age}", f"{0.02 + age / 500:g}", "", "", False) for age in range(25)]
    rows += [
        (f"requests.sources.{one}", "0.3", "", "", False) for one in ("parent", "school", "other")
    ]
    rows += [
        (f"requests.needs.{one}", "0.2", "DfE SEN2", "", False) for one in ("SEMH", "ASD", "SLCN")
    ]
    for number, one in enumerate(GIVERS):
        shares = f"0.{4 + number % 3} to 0.8, most likely 0.{5 + number % 4}"
        days = f"{30 + 3 * number} to 90, most likely {45 + 2 * number}"
        psychologist = one == "Educational psychologist"
        rows += [
            (f"advice.{one}.needed", shares, "", "Asked of the service", False),
            (f"advice.{one}.by_need.ASD", f"1.{number}", "", "", False),
            (f"advice.{one}.by_age.0-4", f"0.{number}", "", "", False),
            (f"advice.{one}.existing", "0.05", "", "", False),
            (f"advice.{one}.awaited", "1", "", "", False),
            (f"advice.{one}.late_days_kept", "1", "", "", False),
            (f"advice.{one}.turnaround.mean_days", days, "", "", psychologist),
            (f"advice.{one}.turnaround.spread", "0.6", "", "", False),
            (f"advice.{one}.turnaround.at_least_days", "0", "", "", False),
        ]
    for number, team in enumerate(TEAMS):
        posts = f"{6 + number} to {12 + number}, most likely {8 + number}"
        rows += [
            (f"teams.{team}.posts", posts, "", "", team == "plan writers"),
            (f"teams.{team}.hours_a_week", "37", "", "", False),
            (f"teams.{team}.time_on_this_work", f"0.{5 + number % 4}", "", "", False),
            (f"teams.{team}.leave_days", "30", "", "", False),
            (f"teams.{team}.leave_in_school_holidays", "0.7", "", "", False),
            (f"teams.{team}.sickness_days", "9", "", "", False),
            (f"teams.{team}.newest_share", "0.5", "", "", False),
            (f"teams.{team}.leavers_a_year", f"0.{10 + number}", "", "", False),
            (f"teams.{team}.weeks_to_recruit", "14 to 30, most likely 20", "", "", False),
            (f"teams.{team}.cost_a_post", "71385", "Wokingham FOI 2023/24", "", False),
        ]
        rows += [
            (f"teams.{team}.patches.{area}.posts", f"{1 + number / 2}", "", "", False)
            for area in ("Mendip", "Sedgemoor", "South Somerset", "Taunton")
        ]
    for part, leaf in (
        ("demand", "school_holiday_weight"), ("decision_to_assess", "withdrawn"),
        ("decision_to_assess", "overturned"), ("decision_to_assess", "odds_by_source.parent"),
        ("decision_to_assess", "odds_by_age.0-4"), ("decision_to_assess", "odds_by_age.5-10"),
        ("demand", "weekday_weights.Monday"), ("demand", "weekday_weights.Friday"),
        ("decision_to_issue", "no_plan"),
        ("drafting", "effort.mean_hours"), ("drafting", "rework"), ("drafting", "rework_effort"),
        ("draft_to_final", "placement"), ("draft_to_final", "placement_wait.mean_days"),
        ("draft_to_final", "another_round"), ("panels", "locality triage.cases"),
        ("stock", "reviews.effort.mean_hours"), ("costs", "discount_rate"),
    ):  # fmt: skip
        sourced = "HM Treasury, The Green Book" if part == "costs" else ""
        rows.append((f"{part}.{leaf}", "0.35", sourced, "", leaf == "placement_wait.mean_days"))
    return pd.DataFrame(rows, columns=list(COLUMNS["assumptions"]))
