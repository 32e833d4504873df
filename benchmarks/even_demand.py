"""What evenly drawn requests are worth: variances of a study's answers against plain draws.

Run ``python -m benchmarks.even_demand`` from the root of the project; ``--json`` prints numbers.
Every seed is a scrambling: so many studies of so many replications each. A replication by itself
is a plain draw, so the variance of plain draws is that of all replications of all seeds together,
over the replications of a study; what the even ones are worth is this over the variance of what the
studies found. Of 24 studies that is known to some 30%, so what the places of all replications
together foretell stands beside it, and is known better. Somerset's own target is far off for most
options, so a chance is that of reaching a share on time which some of the option's futures reach.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ehc_sim.experiment.chance import chance_interval, mean_interval, worth
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.scenario_result import PLACE
from ehc_sim.jobs.results_folder import shipped
from ehc_sim.scenario import load

Floats = NDArray[np.float64]
OPTIONS = (
    "baseline",
    "newest_first",
    "still_in_time_first",
    "recovery_plan",
    "decide_early",
)
"""The baseline first: differences are those from it."""
MEASURES = ("on_time", "due_on_time", "mean_weeks", "late_child_weeks_in_plan")
CHANCES = (0.05, 0.3, 0.5, 0.7)


def of_option(name: str, seeds: int, replications: int) -> dict[str, Floats]:
    """Run an option, and return its measures and places, each of shape (seeds, replications)."""
    scenario = load(shipped() / f"{name}.toml")
    found: dict[str, list[list[float]]] = {measure: [] for measure in (*MEASURES, PLACE)}
    for seed in range(seeds):
        replicator = Replicator(scenario, seed)
        rows: list[list[float]] = []
        for drawn in replicator.drawn(range(replications)):
            totals = replicator.tables(replicator.run(drawn))["totals"]
            rows.append([float(totals.column(measure)[0]) for measure in found])
        for measure, column in zip(found, np.array(rows).T, strict=True):
            found[measure].append(column.tolist())
    return {measure: np.nan_to_num(np.array(every)) for measure, every in found.items()}


def worth_of(values: Floats) -> float:
    """Return how many plain replications each is worth; ``values``: (seeds, replications)."""
    between = values.mean(axis=1).var(ddof=1)
    plain = values.var(ddof=1) / values.shape[1]
    return float(plain / between) if between > 0 else float("nan")


def answers(options: Mapping[str, Mapping[str, Floats]]) -> list[dict[str, object]]:
    """Return what each answer of the studies is worth, and the cover of its interval.

    The truth of a cover is the mean of all studies, so it is a little too good for few seeds.
    """
    rows: list[dict[str, object]] = []
    first, *_ = options.values()
    for name, of_one in options.items():
        places = of_one[PLACE]
        for chance in CHANCES:
            level = np.quantile(of_one["on_time"], 1 - chance)
            hits = of_one["on_time"] > level
            truth = hits.mean()
            ends = [chance_interval(*study) for study in zip(hits, places, strict=True)]
            rows.append(_row(name, f"chance {truth:.2f}", hits.astype(float), places, ends, truth))
            if of_one is first:
                continue
            apart = hits.astype(float) - (first["on_time"] > level)
            rows.append(_row(name, f"difference of chance {truth:.2f}", apart, places, [], 0.0))
        for measure in MEASURES:
            kinds = {"mean": of_one[measure]}
            if of_one is not first:
                kinds["difference of mean"] = of_one[measure] - first[measure]
            for kind, values in kinds.items():
                ends = [mean_interval(*s)[1:] for s in zip(values, places, strict=True)]
                rows.append(_row(name, f"{kind}, {measure}", values, places, ends, values.mean()))
    return rows


def _row(
    option: str,
    what: str,
    values: Floats,
    places: Floats,
    ends: list[tuple[float, float]],
    truth: float,
) -> dict[str, object]:
    held = [low <= truth <= high for low, high in ends]
    cover = float(np.mean(held)) if held else float("nan")
    foretold = worth(values.ravel(), places.ravel())
    return {
        "option": option,
        "what": what,
        "worth": worth_of(values),
        "foretold": foretold,
        "cover": cover,
    }


def main() -> None:
    """Print what even draws are worth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=24, help="scramblings")
    parser.add_argument("--replications", type=int, default=32)
    parser.add_argument("--options", nargs="+", default=list(OPTIONS))
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    rows = answers({o: of_option(o, asked.seeds, asked.replications) for o in asked.options})
    if asked.json:
        print(json.dumps(rows, indent=1))
        return
    print(f"{'option':22} {'answer':44} worth  foretold  cover")
    for row in rows:
        numbers = f"{row['worth']:5.2f} {row['foretold']:9.2f} {row['cover']:6.2f}"
        print(f"{row['option']:22} {row['what']:44} {numbers}")


if __name__ == "__main__":
    main()
