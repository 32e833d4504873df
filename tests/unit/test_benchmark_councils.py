"""The benchmark of councils: figures, plain rivals and scores of known cases."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks import councils
from benchmarks.council_figures import fold, published, whole
from benchmarks.council_scores import (
    AS_BEFORE,
    AS_KNOWN,
    halved,
    left_out,
    of_samples,
    rivals,
    scored,
    widened,
)
from ehc_sim.demand.scores import interval_score

pytestmark = pytest.mark.unit


def figures(shares: dict[str, list[float]], first: int = 2022) -> pd.DataFrame:
    """Return figures of councils from a year on."""
    rows = [
        {"number": name, "year": first + place, "council": name, "issued_on_time": share}
        for name, of in shares.items()
        for place, share in enumerate(of)
    ]
    table = pd.DataFrame(rows).set_index(["number", "year"])
    return table.assign(requests=400.0, refused=100.0, completed=300.0)


def names(side: int, many: int) -> list[str]:
    found = (f"Council {number}" for number in range(1000))
    return [name for name in found if fold(name) == side][:many]


def test_an_interval_score_by_hand() -> None:
    """A width of 4, and ten times the 2 and the 3 that lie outside an 80% range."""
    low, high = np.array([1.0, 1.0, 1.0]), np.array([5.0, 5.0, 5.0])
    assert interval_score(low, high, np.array([3.0, 7.0, -2.0]), 0.8).tolist() == pytest.approx(
        [4.0, 24.0, 34.0]
    )


def test_rivals_say_last_year_and_their_ranges_come_from_the_other_half() -> None:
    one, other = names(0, 2), names(1, 2)
    table = figures({one[0]: [0.5, 0.6, 0.7], one[1]: [0.5, 0.6, 0.7],
                     other[0]: [0.5, 0.3, 0.1], other[1]: [0.5, 0.3, 0.1]})  # fmt: skip
    said = rivals(table, [*one, *other], "issued_on_time").set_index(
        ["forecast", "council", "known", "year"]
    )
    before, known = said.loc[AS_BEFORE], said.loc[AS_KNOWN]
    assert before.loc[(one[0], 2022, 2024), "median"] == 0.6
    assert known.loc[(one[0], 2022, 2024), "median"] == 0.5
    # of the other half, two years on, all were 0.4 off; of this half 0.2
    ends = ["low", "high"]
    assert known.loc[(one[0], 2022, 2024), ends].tolist() == pytest.approx([0.1, 0.9])
    assert known.loc[(other[0], 2022, 2024), ends].tolist() == pytest.approx([0.3, 0.7])


def test_scores_of_a_forecast_by_hand() -> None:
    """Off by 10 and 20 points; a range of 20 points that holds, one of 20 that is 10 points off.

    Of 99 values the tenth and the ninetieth are the ends: one more would be outside in 20 of 100.
    """
    table = figures({"A": [0.5, 0.6], "B": [0.5, 0.2]})
    samples = {
        ("A", 2022, 2023): 0.5 + np.linspace(-0.1225, 0.1225, 99),
        ("B", 2022, 2023): np.append(0.4 + np.linspace(-0.1225, 0.1225, 99), np.nan),
    }
    said = of_samples(samples, table, "issued_on_time")
    (row,) = scored(said, share=True).to_dict("records")
    assert row["councils"] == 2
    assert row["error"] == pytest.approx((10 + 20) / 2)
    assert row["holds"] == 0.5
    assert row["width"] == pytest.approx(20)
    assert row["score"] == pytest.approx(20 + 10 * 10 / 2)


def test_a_model_error_widens_by_so_much() -> None:
    """At 0.5 an angle of 0.1 is 10 points: 80% of it are within 12.8."""
    values = widened(np.full(199, 0.5), 0.1, share=True)
    low, high = np.quantile(values, [0.1, 0.9], method="weibull")
    assert (low, high) == pytest.approx((0.5 - 0.127, 0.5 + 0.127), abs=0.002)
    assert widened(np.full(9, 70.0), 0.0, share=False) == pytest.approx(70)


def test_nobody_has_a_say_in_the_error_of_the_own_half() -> None:
    """One half is foretold just right, the other 0.3 off: each is given what suits the other."""
    right, wrong = names(0, 3), names(1, 3)
    table = figures({name: [0.5, 0.8 if name in wrong else 0.5] for name in (*right, *wrong)})
    samples = {(one, 2022, 2023): np.full(99, 0.5) for one in (*right, *wrong)}
    said, errors = left_out(samples, table, "issued_on_time")
    assert errors[1] == 0.0
    assert errors[0] > 0.15
    width = (said["high"] - said["low"]).groupby(said["council"]).mean()
    assert (width[right] > 0.3).all()
    assert width[wrong].tolist() == pytest.approx([0, 0, 0])


def test_half_and_half_is_between_the_two() -> None:
    model = pd.DataFrame([{"forecast": "model", "council": "A", "known": 2022, "year": 2023,
                           "published": 0.5, "median": 0.2, "low": 0.1, "high": 0.3}])  # fmt: skip
    last = model.assign(forecast=AS_KNOWN, median=0.6, low=0.3, high=0.9)
    (row,) = halved(model, last).to_dict("records")
    assert (row["median"], row["low"], row["high"]) == pytest.approx((0.4, 0.2, 0.6))


def test_a_file_of_fits_goes_on_after_a_line_that_was_cut_short(tmp_path: Path) -> None:
    file = tmp_path / "fits.jsonl"
    councils.add(file, {"council": "A"})
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps({"council": "B"})[:7])
    councils.add(file, {"council": "C"})
    assert [one["council"] for one in councils.lines_of(file)] == ["A", "C"]


def test_councils_with_holes_are_left_out_by_a_rule() -> None:
    years = [0.5] * 6
    table = figures({"Whole": years, "Small": years, "Hole": years, "Odd": years}, first=2019)
    table.loc[("Small", 2021), "requests"] = 99
    table.loc[("Hole", 2022), "refused"] = np.nan
    table.loc["Odd", "completed"] = 100.0
    assert whole(table) == ["Whole"]


@pytest.mark.slow
def test_rivals_of_the_published_councils(dfe_data: Path) -> None:
    """Somerset's own figures, as its shipped file of published figures has them."""
    table = published(dfe_data)
    somerset = table[table["council"] == "Somerset"].droplevel(0)
    assert somerset.loc[2023, "completed"] == 698
    assert somerset.loc[2024, "issued_on_time"] == pytest.approx(0.335, abs=0.0005)
    assert somerset.loc[2024, "issued_over_52_weeks"] == pytest.approx(0.115, abs=0.0005)
    assert "Somerset" in whole(table)
