"""A record that never has one month of the year is forecast by a method that borrows a year."""

from pathlib import Path

import pytest

from ehc_sim.demand.choose import choose
from ehc_sim.jobs.record import recorded

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("row", ["2020-08,0", None])
@pytest.mark.parametrize("years", [3, 5])
def test_record_without_an_august_is_forecast(tmp_path: Path, row: str | None, years: int) -> None:
    months = [f"{2020 + k // 12}-{k % 12 + 1:02d}" for k in range(12 * years)]
    rows = [
        f"{month},{0 if month.endswith('08') else 70 + 7 * k % 11}"
        for k, month in enumerate(months)
        if row is not None or not month.endswith("08")
    ]
    file = tmp_path / "requests.csv"
    file.write_text("\n".join(["month,requests", *rows]), encoding="utf-8")

    record = recorded(file, "somerset", None, None)
    member, why = choose(record.history)
    made = record.forecast(14, 100, 1)

    assert "borrowed year" in member.name
    assert "none for some month of the year" in why
    assert (made.quantiles()["median"] > 0).any()
