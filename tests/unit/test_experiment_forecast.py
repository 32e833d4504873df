"""The forecast inside a study: fitted once, and a replication's path its own whatever its batch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ehc_sim.demand import fits
from ehc_sim.experiment.replication import Replicator, forecast_of
from ehc_sim.scenario import BadInput, Scenario, load
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit

BASELINE = (SMALL / "baseline.toml").read_text(encoding="utf-8")
HISTORY = 'history = "history.csv"'


def scenario_of(folder: Path, demand: str = "") -> Scenario:
    """Return Smallshire with five years by month, or with other lines under ``[demand]``."""
    assert HISTORY in BASELINE
    index = np.datetime64("2020-01", "M") + np.arange(60)
    counts = np.random.default_rng(2).poisson(25 * 1.05 ** (np.arange(60) / 12))
    rows = [f"{month},{count}" for month, count in zip(index, counts, strict=True)]
    (folder / "history.csv").write_text("\n".join(["month,requests", *rows]))
    path = folder / "baseline.toml"
    path.write_text(BASELINE.replace(HISTORY, demand or HISTORY), encoding="utf-8")
    return load(path)


def test_a_path_is_the_same_in_any_batch_and_the_fit_is_made_once(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path)
    shown = forecast_of(scenario, 11, paths=12)
    assert shown.method == "pool of four methods"
    kept = dict(fits._kept)
    replicator = Replicator(scenario, 11)
    for batch in (range(5), range(5, 10), range(7, 8)):
        ahead = replicator._months_ahead(list(batch))
        assert ahead.tolist() == [shown.path(r).tolist() for r in batch]
    assert dict(fits._kept) == kept  # nothing was fitted again


def test_what_the_scenario_says_of_its_record_reaches_the_forecast(tmp_path: Path) -> None:
    plain = forecast_of(scenario_of(tmp_path), 11, paths=8)
    said = f'{HISTORY}\nmethod = "seasonal naive"\nrecord.leave_out = ["2023-05"]'
    naive = forecast_of(scenario_of(tmp_path, said), 11, paths=8)
    assert naive.method == "seasonal naive"
    assert "Left out because the scenario says so: 2023-05." in naive.notes
    assert not np.array_equal(naive.base.counts, plain.base.counts)
    wrong = f'{HISTORY}\nrecord.leave_out = ["May 2023"]'
    with pytest.raises(BadInput, match=r'found "May 2023", allowed is a month such as 2024-03'):
        scenario_of(tmp_path, wrong)


def test_a_council_without_a_record_runs_on_what_it_assumes(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path, "assumed = { requests_a_year = 300, growth_a_year = 0.0 }")
    replicator = Replicator(scenario, 11)
    drawn = next(iter(replicator.drawn([3])))
    months = replicator.timeline.months
    ahead = replicator._months_ahead([3])[0]
    assert len(ahead) == len(months)  # the run-in too
    assert len(drawn.prepared.cases) > 0
    with pytest.raises(BadInput, match="found both, allowed is either history or assumed"):
        scenario_of(tmp_path, f"{HISTORY}\nassumed = {{ requests_a_year = 300 }}")
