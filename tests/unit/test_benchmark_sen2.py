"""The benchmark of yearly forecasts scores what it says, and its page has what it found."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.forecast_sen2 import histories, measured, one
from ehc_sim.demand.history import History
from ehc_sim.demand.sen2 import read_sen2
from tests.sen2_files import edition

pytestmark = pytest.mark.unit
PAGE = Path(__file__).parents[2] / "docs" / "forecasting_command.md"


def record(counts: dict[int, int], known: list[bool] | None = None) -> History:
    years = np.array([str(year) for year in counts], dtype="datetime64[Y]")
    mask = np.ones(len(years), dtype=bool) if known is None else np.array(known)
    return History("yearly", years, np.array(list(counts.values())), None, known=mask)


def test_plain_guesses_are_scored_by_hand() -> None:
    """400, 500, 600: the same as last year is 1/6 off; growth of 25% again gives 625, 25/600."""
    found = one(record({2021: 400, 2022: 500, 2023: 600}), 2023)
    assert found is not None
    assert found["same"] == pytest.approx(100 / 600)
    assert found["again"] == pytest.approx(25 / 600)
    assert found["actual"] == 600


def test_the_year_itself_is_not_seen() -> None:
    """Whatever came, the forecast was the same: the error follows from it alone."""
    low = one(record({2020: 400, 2021: 420, 2022: 440, 2023: 400}), 2023)
    high = one(record({2020: 400, 2021: 420, 2022: 440, 2023: 800}), 2023)
    assert low is not None
    assert high is not None
    middles = {round(400 * (1 + sign * low["ours"])) for sign in (-1, 1)}
    others = {round(800 * (1 + sign * high["ours"])) for sign in (-1, 1)}
    assert middles & others


def test_years_that_cannot_be_judged_are_not() -> None:
    gap = record({2020: 400, 2021: 420, 2022: 0, 2023: 440}, [True, True, False, True])
    assert one(gap, 2023) is None
    assert one(gap, 2022) is None
    assert one(record({2022: 400, 2023: 420}), 2023) is None


def test_every_council_with_a_figure_is_there(tmp_path: Path) -> None:
    found = dict(histories(read_sen2(edition(tmp_path / "sen2.zip", 2025))))
    assert set(found) == {"Smallshire", "Gapshire", "Port, City of", "Newshire", "Moved"}


@pytest.mark.slow
def test_the_table_of_the_page_is_what_the_benchmark_finds(dfe_data: Path) -> None:
    shown = re.findall(r"^\| (20\d\d) \|(.*)\|$", PAGE.read_text("utf-8"), re.MULTILINE)
    table = measured(dfe_data).set_index("year")
    assert [int(year) for year, _ in shown] == table.index.tolist()
    for year, cells in shown:
        numbers = [float(cell.strip().rstrip("%")) for cell in cells.split("|")]
        row = table.loc[int(year)]
        assert numbers[0] == row["councils"]
        names = ["ours", "same", "again"]
        assert numbers[1:4] == pytest.approx((100 * row[names]).tolist(), abs=0.051)
        shares = 100 * row[["in80", "in95", "high"]]
        assert numbers[4:] == pytest.approx(shares.tolist(), abs=0.51)
