"""Made-up records of requests for tests of the forecast's faces."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

SHAPE = (1.05, 1.0, 1.15, 0.85, 1.05, 1.2, 1.1, 0.45, 0.85, 1.15, 1.1, 0.9)
SPLIT = {
    "source": ["school", "parent", "other"],
    "age_group": ["0-4", "5-10", "11-15", "16-25"],
    "need": ["ASD", "SEMH", "SLCN"],
}


def by_request(path: Path, first: str = "2021-01", last: str = "2024-12") -> Path:
    """Write a record with one row a request: 60 a month, growing by 12% a year."""
    rng = np.random.default_rng(7)
    parts = []
    for k, month in enumerate(pd.period_range(first, last, freq="M")):
        number = rng.poisson(60 * 1.12 ** (k / 12) * SHAPE[month.month - 1])
        days = pd.bdate_range(month.start_time, month.end_time.normalize())
        columns = {"date": rng.choice(days.strftime("%Y-%m-%d"), number)}
        columns |= {name: rng.choice(groups, number) for name, groups in SPLIT.items()}
        parts.append(pd.DataFrame(columns))
    table = pd.concat(parts).sort_values("date", kind="stable")
    table.to_csv(path, index=False)
    return path


def by_month(path: Path, first: str, last: str) -> Path:
    """Write a record by month."""
    rng = np.random.default_rng(8)
    months = pd.period_range(first, last, freq="M")
    counts = [rng.poisson(60 * SHAPE[month.month - 1]) for month in months]
    pd.DataFrame({"month": months.astype(str), "requests": counts}).to_csv(path, index=False)
    return path


def population(path: Path, first: int = 2019, last: int = 2025) -> Path:
    """Write children by age, a little more each year."""
    rows = [
        (y, a, 6000 + 20 * a + 30 * (y - first)) for y in range(first, last + 1) for a in range(26)
    ]
    pd.DataFrame(rows, columns=["year", "age", "population"]).to_csv(path, index=False)
    return path
