"""The forecast inside a study: fitted once, and a replication's path its own whatever its batch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ehc_sim.demand import fits
from ehc_sim.experiment.replication import Replicator, forecast_of
from ehc_sim.rng.even import places_of
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
    shown = forecast_of(scenario, 11, paths=70, even=True)  # more than one set
    assert shown.method == "pool of four methods"
    kept = dict(fits._kept)
    replicator = Replicator(scenario, 11)
    for batch in (range(5), range(5, 10), range(7, 8), range(60, 70)):
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


def test_an_option_with_more_requests_has_the_same_futures_grown(tmp_path: Path) -> None:
    """Growth that is sure multiplies the path that the baseline has in the same replication."""
    grown = f"""{HISTORY}
[demand.overlay.more]
name = "More"
starts = 2025-01-01
step = 1.0
sd_share = 0.0
who = "A planner"
decided = 2025-01-01
why = "A test"
"""
    plain = Replicator(scenario_of(tmp_path), 11)._months_ahead(range(9))
    more = Replicator(scenario_of(tmp_path, grown), 11)._months_ahead(range(9))
    assert more.tolist() == (2 * plain).tolist()


@pytest.mark.parametrize(
    "demand",
    [HISTORY, "assumed = { requests_a_year = 300 }", f'{HISTORY}\nmethod = "seasonal naive"'],
)
def test_replications_have_requests_as_many_as_their_places_say(
    tmp_path: Path, demand: str
) -> None:
    """Of few, many and middling totals each set has one in each of as many stretches; another
    record or method gives another number, but of the same rank."""
    scenario = scenario_of(tmp_path, demand)
    made = forecast_of(scenario, 11, paths=64, even=True)
    counted = made.base.months <= np.datetime64(scenario.base.target.window_until, "M")
    totals = made.base.counts[:, counted].sum(axis=1)
    order = np.argsort(places_of(11, range(64)))
    assert (np.diff(totals[order]) >= 0).all()
    plain = forecast_of(scenario, 11, paths=1024).base.counts[:, counted].sum(axis=1)
    stretches = np.sort(plain).reshape(64, 16)
    assert ((stretches[:, 0] <= totals[order]) & (totals[order] <= stretches[:, -1])).all()


def test_the_place_is_told_where_there_is_something_to_forecast(tmp_path: Path) -> None:
    scenario = scenario_of(tmp_path)
    replicator = Replicator(scenario, 11)
    [run] = replicator.runs([3])
    found = replicator.tables(run)["totals"].column("requests_place")
    assert found.tolist() == places_of(11, [3]).tolist()
