"""Key measures of Somerset's service, for comparison with those of the last release.

``python -m tests.regression.key_measures`` writes them anew, when a change is meant to move them.
The changelog then says which moved, and by how much.
"""

from __future__ import annotations

import json
from pathlib import Path

from ehc_sim.experiment.study import Plan, study
from ehc_sim.jobs.results_folder import shipped
from ehc_sim.scenario import load

KEPT = Path(__file__).with_suffix(".json")
SCENARIOS = (
    "somerset/baseline.toml",
    "somerset/clear_the_backlog.toml",
    "somerset_whole_service/meetings_for_half.toml",
)
REPLICATIONS = 10

Measures = dict[str, dict[str, float]]


def measured() -> Measures:
    """Return the measures of the comparison, by scenario; those that are not known are left out."""
    scenarios = [load(shipped().parent / name) for name in SCENARIOS]
    summary = study(scenarios, Plan(REPLICATIONS), lambda done, wanted: None).summary()
    numbers = summary.set_index("scenario").select_dtypes("number")
    return {str(name): row.dropna().to_dict() for name, row in numbers.iterrows()}


def moved(before: Measures, now: Measures) -> list[str]:
    """Return a line for each measure that is another, with how far it moved."""
    found = []
    for scenario in sorted({*before, *now}):
        old, new = before.get(scenario, {}), now.get(scenario, {})
        for measure in sorted({*old, *new}):
            was, is_ = old.get(measure), new.get(measure)
            if was is None or is_ is None:
                found.append(f"{scenario}: {measure} was {was}, is {is_}")
            elif abs(is_ - was) > 1e-9 * max(1.0, abs(was)):
                found.append(f"{scenario}: {measure} was {was:g}, is {is_:g} ({is_ - was:+g})")
    return found


if __name__ == "__main__":
    KEPT.write_text(json.dumps(measured(), indent=1) + "\n", encoding="utf-8")
