"""Made-up results of a run, of Somerset's size, for the tests of charts and the briefing.

Nothing here was simulated. The shapes are realistic: long names, a backlog, ranges that overlap.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ehc_sim.catalogue.tables import TABLES
from ehc_sim.catalogue.tables import names as columns_of
from ehc_sim.experiment import chance, standing
from ehc_sim.experiment.pairs import FAMILIES, asked
from ehc_sim.present.frames import Frames
from tests import present_stock
from tests.present_numbers import assumptions, backcast
from tests.present_stock import OFFICERS, TWICE, ranged
from tests.present_worse import explained

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
    ("Three more officers", "They carry reviews, transfers and disputes beside assessments"),
    (TWICE, "Reviews are work for the officers who assess"),
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
    0.02,
    0.0,
]
COSTS = [0, 642, 450, 0, 0, 12, 96, 188, 70, 655, 948, 60, 120, 35, 18, 350, 0]
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
    OFFICERS: 0.98,
    "panel support": 0.61,
    "occupational therapists": 0.88,
}
STEPS = {
    "Decision to assess": 78,
    "Advice": 290,
    "Decision to issue": 25,
    "Draft plan": 62,
    "Draft to final plan": 120,
}
PUBLISHED = {
    2016: 0.526, 2017: 0.568, 2018: 0.361, 2019: 0.218, 2020: 0.356,
    2021: 0.647, 2022: 0.694, 2023: 0.421, 2024: 0.335,
}  # fmt: skip


def made_up(scenarios: int = 12, replications: int = 400, spread: float = 1.0) -> Frames:
    """Return frames with so many scenarios; `spread` 0 makes every range a point."""
    comparison = _comparison(scenarios, replications, spread)
    names = comparison["scenario"].tolist()
    made = Frames(
        comparison=comparison,
        monthly=_monthly(names, spread),
        yearly=_yearly(names, spread),
        advice=_advice(names, spread),
        teams=_teams(names, spread),
        waiting=_waiting(names),
        clear_by=_clear_by(comparison),
        cohort=pd.DataFrame(columns=columns_of("cohort")),
        backcast=backcast(),
        forecast=_forecast(spread),
        assumptions=assumptions(GIVERS, TEAMS),
        history=pd.DataFrame(
            {"year": list(PUBLISHED), "measure": "issued_on_time", "value": PUBLISHED.values()}
        ),
        manifest={
            "name": "Somerset",
            "price_year": "2024/25",
            "version": "0.1.0",
            "seed": 20260301,
            "replications": replications,
            "seconds": 93.5,
            "created": "2026-11-23T14:05:00+00:00",
        },
        hours=present_stock.hours(names, spread),
        lateness=present_stock.lateness(names, spread),
        decisions=present_stock.decisions(names, spread),
        reviews=present_stock.reviews(names, spread),
        plans=present_stock.plans(names, spread),
    )
    return stood(made)


def stood(frames: Frames) -> Frames:
    """Return frames with the pairs and the standing that go with their comparison.

    As under common random numbers, a scenario with a lower chance meets the target in some of the
    replications in which one with a higher chance does, and in no other.
    """
    choices = frames.comparison[frames.comparison["is_choice"]]
    pairs = _pairs(choices, frames.comparison)
    every = [*pairs.to_dict("records"), *_others(frames.comparison, choices)]
    found = standing.standing(frames.comparison, pairs)
    return replace(frames, pairs=pairs, standing=found, worse=explained(frames, every))


def _others(comparison: pd.DataFrame, choices: pd.DataFrame) -> list[Mapping[Any, Any]]:
    """Return the pairs with what is no choice."""
    if len(choices) == len(comparison):
        return []
    names = set(choices["scenario"])
    rows = _pairs(comparison, comparison).assign(chance_p_adjusted=1.0, on_time_p_adjusted=1.0)
    return [row for row in rows.to_dict("records") if not {row["first"], row["second"]} <= names]


def _pairs(choices: pd.DataFrame, comparison: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for one, other in combinations(choices.to_dict("records"), 2):
        n = int(one["replications"])
        hits = [round(np.nan_to_num(row["chance"]) * n) for row in (one, other)]
        both = min(hits)
        apart = [hit - both for hit in hits]
        low, high = chance.paired_chance_interval(both, *apart, n - max(hits))
        row = {
            **{"first": one["scenario"], "second": other["scenario"], "replications": n},
            **{"both_met": both, "only_first": apart[0], "only_second": apart[1]},
            "neither": n - max(hits),
            "chance_difference": (hits[1] - hits[0]) / n,
            **{"chance_low": low, "chance_high": high},
            "chance_p": chance.paired_chance_p(*apart),
        }
        columns = {"on_time": "on_time", "late_child_weeks": "late_child_weeks", "cost": "cost"}
        for name, column in (columns | {"overdue": "overdue_at_end"}).items():
            difference = other[column] - one[column]
            half = 0.01 * abs(difference)
            row[f"{name}_difference"] = difference
            row |= {f"{name}_low": difference - half, f"{name}_high": difference + half}
            if name in FAMILIES:
                row[f"{name}_p"] = 1.0 if difference == 0 else 0.001 / len(comparison) ** 2
        rows.append(row)
    table = pd.DataFrame(rows, columns=columns_of("pairs"))
    rivals = comparison.loc[~comparison["order_only"] & comparison["is_choice"], "scenario"]
    return asked(table, str(comparison["scenario"].iloc[0]), list(rivals))


def largest() -> Frames:
    """Return frames as large as a council's can be: every option, several of them worse."""
    frames = made_up(len(OPTIONS))
    comparison = frames.comparison.copy()
    worse = comparison["scenario"].str.contains("Oldest|meetings|Refuse|Twice")
    comparison.loc[worse, ["chance", "chance_low", "difference_high"]] = [0.0, 0.0, -0.01]
    comparison.loc[worse, "on_time"] = comparison.loc[0, "on_time"] - 0.02
    teams = frames.teams.copy()
    busier = teams["scenario"].isin(comparison.loc[worse, "scenario"])
    busier &= teams["team"].eq("senior officers")
    busier &= teams["measure"].isin(["offered_hours", "load_of_year"])
    teams.loc[busier, "median"] *= 1.3
    return stood(replace(frames, comparison=comparison, teams=teams))


def overloaded(frames: Frames, *teams: Collection[str]) -> Frames:
    """Return frames in which only these teams are overloaded: one lot a scenario, or for all."""
    rows = frames.teams.copy()
    of_year = rows["measure"] == "load_of_year"
    names = list(frames.comparison["scenario"])
    for name, over in zip(names, teams * len(names) if len(teams) == 1 else teams, strict=False):
        mine = of_year & (rows["scenario"] == name)
        busy = mine & rows["team"].isin(over)
        rows.loc[busy, "median"] = rows.loc[busy, "median"].clip(lower=1.05)
        rows.loc[mine & ~busy, "median"] = rows.loc[mine & ~busy, "median"].clip(upper=0.9)
    return replace(frames, teams=rows)


def write(frames: Frames, folder: Path) -> None:
    """Write frames as a run does."""
    for name in TABLES:
        getattr(frames, name).to_csv(folder / f"{name}.csv", index=False)
    (folder / "manifest.json").write_text(json.dumps(dict(frames.manifest)), encoding="utf-8")


def wilson(share: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    z = 1.96
    middle = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    return middle - half, middle + half


def _comparison(scenarios: int, replications: int, spread: float) -> pd.DataFrame:
    share = np.array(CHANCES[:scenarios])
    low, high = wilson(share, replications)
    on_time = 0.30 + 0.42 * share**0.6
    cost = 1000.0 * np.array(COSTS[:scenarios])
    extra = 900 * (on_time - on_time[0])
    clear = extra > 25
    saved = 30000 * (on_time - on_time[0])
    names = OPTIONS[:scenarios]
    with np.errstate(divide="ignore", invalid="ignore"):
        per_plan = np.where(clear, cost / extra, np.nan)
        per_week = np.where(saved > 0, cost / saved, np.nan)
    best = np.zeros(scenarios)
    best[np.argmax(share)] = 1.0
    return pd.DataFrame(
        {
            "scenario": [name for name, _ in OPTIONS[:scenarios]],
            "why": [why for _, why in OPTIONS[:scenarios]],
            "replications": replications,
            "reached": "",
            "half_width_asked": np.nan,
            "replications_compared": replications,
            "target": 0.6,
            "window_from": date(2027, 1, 1),
            "window_until": date(2027, 12, 31),
            "chance": share,
            "chance_low": np.where(spread > 0, low, share),
            "chance_high": np.where(spread > 0, high, share),
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
            "changes_order": [name.endswith(" first") for name, _ in OPTIONS[:scenarios]],
            "order_only": [name.endswith(" first") for name, _ in OPTIONS[:scenarios]],
            "other_children": False,
            "is_choice": True,
            "late_child_weeks": 40000 - 30000 * (on_time - on_time[0]),
            "late_child_weeks_saved": saved,
            "late_child_weeks_saved_low": 29000 * (on_time - on_time[0]),
            "late_child_weeks_saved_high": 31000 * (on_time - on_time[0]),
            "cost": cost,
            "cost_low": cost * (1 - 0.06 * spread),
            "cost_high": cost * (1 + 0.06 * spread),
            "cost_per_week_saved": per_week,
            "cost_per_week_saved_low": per_week * (1 - 0.2 * spread),
            "cost_per_week_saved_high": per_week * (1 + 0.3 * spread),
            "more_plans_issued": 300 * (on_time - on_time[0]),
            "more_plans_issued_low": 300 * (on_time - on_time[0]) - 25 * spread,
            "more_plans_issued_high": 300 * (on_time - on_time[0]) + 25 * spread,
            "changes_staff": [not name.endswith((" first", "Portal")) for name, _ in names],
            "over_52_weeks_at_end": 120 - 200 * (on_time - on_time[0]),
            "cost_per_extra_plan": per_plan,
            "cost_per_extra_plan_low": per_plan * (1 - 0.2 * spread),
            "cost_per_extra_plan_high": per_plan * (1 + 0.3 * spread),
            "mean_weeks": 43 - 24 * (on_time - on_time[0]),
            "over_52_weeks": 0.12 - 0.1 * (on_time - on_time[0]),
            "due_on_time": on_time - 0.03,
            "open_at_end": 610 - 400 * (on_time - on_time[0]),
            "overdue_at_end": 330 - 500 * (on_time - on_time[0]),
            "oldest_weeks_at_end": 110 - 60 * (on_time - on_time[0]),
            "review_decisions_on_time": 0.22 + 0.1 * (on_time - on_time[0]),
            "reviews_overdue_at_end": 1270 - 100 * (on_time - on_time[0]),
            "appeals": 412.0,
            "recovers": ["2027-05" if value > 0.3 else "" for value in share],
            "overloaded": [
                "" if value > 0.6 else "educational psychologists; plan writers" for value in share
            ],
        }
    )


def _clear_by(comparison: pd.DataFrame) -> pd.DataFrame:
    """Return when nobody has waited over 52 and 30 weeks: never with the baseline."""
    replications = int(comparison["replications"].iloc[0])
    rows = []
    for number, row in enumerate(comparison.to_dict("records")):
        for weeks, is_target in ((52, False), (52, True), (30, False), (30, True)):
            share = round(0.6 * (number > 0) * (1 if weeks == 52 else 0.25) * replications)
            low, high = wilson(np.array(share / replications), replications)
            end, half = ("2028-12", number > 0 and weeks == 52)
            rows.append(
                {
                    **{"scenario": row["scenario"], "weeks": weeks, "is_target": is_target},
                    "day": date(2028, 6, 30) if is_target else date(2028, 12, 31),
                    **{"replications": replications, "cleared": share},
                    **{"chance": share / replications, "chance_low": low, "chance_high": high},
                    "low80": f"2027-{6 + number % 6:02d}" if number else "",
                    "median": f"2028-{1 + number % 9:02d}" if half else "",
                    "high80": "" if number % 2 else (end if half else ""),
                }
            )
    return pd.DataFrame(rows)


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
    steps = present_stock.steps(names, spread)
    return pd.concat([ranged(rows, 0.12 * spread), steps], ignore_index=True)


def _advice(names: list[str], spread: float) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for name in names[:2]:
        for year in (2024, 2025, 2026):
            for giver, (share, many) in GIVERS.items():
                at = {"scenario": name, "year": year, "giver": giver}
                rows.append({**at, "measure": "asked", "median": many})
                rows.append({**at, "measure": "on_time", "median": share})
                rows.append({**at, "measure": "late", "median": round(many * (1 - share))})
                rows.append(
                    {**at, "measure": "outstanding", "median": round(many * (1 - share) / 3)}
                )
                rows.append(
                    {**at, "measure": "median_days", "median": round(30 + 60 * (1 - share))}
                )
    return ranged(rows, 0.08 * spread)


def _teams(names: list[str], spread: float) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for place, name in enumerate(names):
        for team, load in TEAMS.items():
            for number, month in enumerate(_months()):
                seasonal = load * (1 + 0.14 * np.sin(number * np.pi / 6))
                eased = seasonal - 0.3 * CHANCES[place] * (number >= 30)
                pressed = name == TWICE and team == OFFICERS
                eased += 0.42 * pressed
                at = {"scenario": name, "month": month, "team": team}
                rows.append({**at, "measure": "capacity_hours", "median": 1000.0})
                rows.append({**at, "measure": "offered_hours", "median": 1000.0 * eased})
                rows.append({**at, "measure": "load", "median": eased})
                planned = load * (1 + 0.42 * pressed) - 0.3 * CHANCES[place] * (month.year > 2025)
                if month.year > 2024:
                    rows.append({**at, "measure": "load_of_year", "median": planned})
                rows.append({**at, "measure": "queue", "median": 2300.0 if pressed else 180.0})
    return ranged(rows, 0.1 * spread)


def _waiting(names: list[str]) -> pd.DataFrame:
    rows = []
    for place, name in enumerate(names):
        for number, month in enumerate(_months()):
            t = max(0, number - 24) / 47
            for step, cases in STEPS.items():
                held = cases * (1 - 0.5 * CHANCES[place] * t + 0.05 * np.sin(number * np.pi / 6))
                ends = [far * held for far in (0.85, 1.15, 0.8, 1.2)]
                rows.append((name, month, step, held, *ends))
    return pd.DataFrame(rows, columns=columns_of("waiting"))


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
