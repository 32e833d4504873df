"""Records of requests as files: made, read, and what is said of them."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.demand.history import History
from ehc_sim.demand.reading import read_history
from ehc_sim.scenario.faults import BadInput
from ehc_sim.scenario.record import Record

TODAY = datetime.date(2026, 6, 15)


def read(folder: Path, text: str, **record: str) -> History:
    path = folder / "requests.csv"
    path.write_text(text, encoding="utf-8")
    return read_history(path, Record.model_validate(record), today=TODAY)


def refused(folder: Path, text: str, **record: str) -> str:
    with pytest.raises(BadInput) as raised:
        read(folder, text, **record)
    return str(raised.value)


def by_month(counts: list[int], first: str = "2022-01") -> str:
    months = np.datetime64(first, "M") + np.arange(len(counts))
    return "\n".join(["month,requests", *(f"{m},{n}" for m, n in zip(months, counts, strict=True))])


def steady(mean: float, months: int = 18, seed: int = 1) -> list[int]:
    return [int(n) for n in np.random.default_rng(seed).poisson(mean, months)]


def asked(history: History, about: str) -> str:
    (finding,) = (one for one in history.findings if one.about == about)
    assert finding.kind == "question"
    assert finding.text in history.notes
    return f"{finding.text} {finding.evidence}"


def request_rows(days: list[datetime.date]) -> str:
    return "\n".join(["date", *(day.isoformat() for day in days)])


def poisson_days(a_month: float, years: int, seed: int) -> list[datetime.date]:
    rng = np.random.default_rng(seed)
    first = np.datetime64("2020-09-01")
    days = np.busday_offset(first, np.arange(21 * 12 * years), roll="forward")
    return [
        day
        for day, n in zip(days.tolist(), rng.poisson(a_month / 21, len(days)), strict=True)
        for _ in range(n)
    ]
