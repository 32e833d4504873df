"""Forecasts of one year by council from DfE's figures up to the year before, against plain guesses.

    python -m benchmarks.forecast_sen2 [--data FOLDER] [--json FILE]

Every council with a figure for the year, for the year before and for at least one more is forecast
from what DfE's file says up to the year before, England's figures included. Nothing is fitted to
what is reported: the method's constants are those of ``ehc_sim/demand/yearly.py``, which says where
they come from. The panel that they were set on has 2019 to 2024, so that forecasts of 2021 to 2024
are calibrated, and no proof; what councils had in 2018, and how they came to 2019, is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks import figures
from ehc_sim.calendars import SchoolTerms
from ehc_sim.demand.exposure import DayWeights, MonthWeights
from ehc_sim.demand.history import History
from ehc_sim.demand.scores import crps
from ehc_sim.demand.sen2 import Sen2, read_sen2
from ehc_sim.demand.sen2_council import council_of, councils, history_in_sen2
from ehc_sim.demand.yearly import YearlyTotals, learnt_years
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import BadInput

SHARED = Path(__file__).parents[2] / "shared" / "data"
FILES = {
    "dfe_sen2_2014_2021.zip": (2018, 2019, 2021),
    "dfe_sen2_2019_2024_part.zip": (2022, 2023, 2024),
}
PATHS = 1000


def histories(sen2: Sen2) -> Iterator[tuple[str, History]]:
    """Give every council of a file that has a figure, with its record."""
    for name in councils(sen2):
        try:
            yield name, history_in_sen2(sen2, council_of(sen2, name))
        except BadInput:
            continue


def one(history: History, year: int) -> dict[str, float] | None:
    """Forecast a council's year from the years before; None where it cannot be judged."""
    at = np.flatnonzero(history.index == np.datetime64(str(year), "Y"))
    if not len(at) or at[0] < 2 or not history.learnt[at[0]] or history.counts[at[0]] == 0:
        return None
    past = history.until(int(at[0]))
    used = np.flatnonzero(learnt_years(past))
    if len(used) < 2 or not past.known[-1]:
        return None
    weights = MonthWeights.england(
        past.index[-1] + 1, past.index[-1] + 1, SchoolTerms.read("somerset"), DayWeights()
    )
    fitted = YearlyTotals().fit(past, weights)
    sample = fitted.totals(1, [Streams(2024, r) for r in range(PATHS)])[:, 0].astype(float)
    low95, low80, median, high80, high95 = np.quantile(sample, [0.025, 0.1, 0.5, 0.9, 0.975])
    actual, last, before = (float(history.counts[k]) for k in (at[0], at[0] - 1, at[0] - 2))
    again = last * last / before if past.known[-2] and before else last
    return {
        "actual": actual,
        "ours": abs(median / actual - 1),
        "same": abs(last / actual - 1),
        "again": abs(again / actual - 1),
        "crps": float(crps(sample[:, np.newaxis], np.array([actual]))[0]) / actual,
        "in80": float(low80 <= actual <= high80),
        "in95": float(low95 <= actual <= high95),
        "high": float(actual > median),
        "place": float(np.mean(sample < actual)),
    }


def measured(folder: Path) -> pd.DataFrame:
    """Return one row a year: councils, median errors, scores, coverage, share too low."""
    rows = []
    for file, years in FILES.items():
        record = list(histories(read_sen2(folder / file)))
        for year in years:
            found = pd.DataFrame(filter(None, (one(history, year) for _, history in record)))
            rows.append(
                {
                    "year": year,
                    "councils": len(found),
                    **found[["ours", "same", "again"]].median().to_dict(),
                    **found[["crps", "in80", "in95", "high"]].mean().to_dict(),
                    "crps_same": float(found["same"].mean()),
                    "crps_again": float(found["again"].mean()),
                }
            )
    return pd.DataFrame(rows)


def main() -> None:
    """Print the table."""
    parser = figures.parser(__doc__)
    parser.add_argument("--data", type=Path, default=SHARED)
    chosen = parser.parse_args()
    table = measured(chosen.data)
    print(table.to_string(index=False, float_format="{:.3f}".format))
    figures.put(chosen.json, {"scores": table.to_dict("records")})


if __name__ == "__main__":
    main()
