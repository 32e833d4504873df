"""Made-up accounts of why late plans are late, for the tests of charts and the briefing."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

_DAYS = {
    "Decision to assess": {
        "assessment officers": -0.6,
        "missing evidence": -5.7,
        "panel to assess": -8.4,
        "not recorded": 0.0,
        "no time taken": 0.0,
    },
    "Advice": {
        "Educational psychology: appointment": 13.9,
        "educational psychologists": 95.8,
        "Paediatrics": 0.5,
        "Speech and language therapy": 1.9,
        "not recorded": 2.2,
        "no time taken": 0.0,
    },
    "Draft plan": {"panel to issue": -9.0, "plan writers": -2.2, "senior officers": -1.1},
    "Draft to final plan": {
        "family": 3.7,
        "settings": 4.2,
        "placement": 53.5,
        "assessment officers": 0.3,
        "senior officers": 0.2,
    },
}
_PLACEMENT = ("Draft to final plan", "placement")


def lateness_rows(names: Sequence[str], spread: float = 1.0) -> pd.DataFrame:
    """Return the table ``lateness`` of so many scenarios; each has shorter queues than the last."""
    rows: list[dict[str, object]] = []
    for place, name in enumerate(names):
        for year in (2024, 2025, 2026, 2027, 2028):
            eased = 1 - 0.06 * place
            days = {
                (step, part): median if median < 0 or (step, part) == _PLACEMENT else median * eased
                for step, parts in _DAYS.items()
                for part, median in parts.items()
            }
            whole = {
                (step, "all"): sum(day for (own, _), day in days.items() if own == step)
                for step in _DAYS
            }
            for part in dict.fromkeys(part for _, part in days):
                whole["all", part] = sum(day for (_, own), day in days.items() if own == part)
            whole["all", "all"] = sum(days.values())
            plans = 460 - 5 * place
            for (step, part), median in {**whole, **days}.items():
                at = {"scenario": name, "year": year, "step": step, "part": part}
                half = 0.2 * spread * abs(median)
                for measure, value, wide in (
                    ("late_plans", plans, 0.1 * spread * plans),
                    ("minutes", 1440 * median * plans, 1440 * half * plans),
                    ("minutes_in_queue", 720 * median * plans, 720 * half * plans),
                    ("days_a_late_plan", median, half),
                    ("share", median / whole["all", "all"], 0.05 * spread),
                ):
                    rows.append(
                        {
                            **at,
                            "measure": measure,
                            "median": value,
                            "low80": value - wide,
                            "high80": value + wide,
                            "low95": value - 1.5 * wide,
                            "high95": value + 1.5 * wide,
                        }
                    )
    return pd.DataFrame(rows)
