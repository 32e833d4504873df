"""Two results folders: what must be the same in both, and what a run would replace."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import ehc_sim as ehc
from ehc_sim.cli.app import app
from ehc_sim.experiment.beside import NotOurs
from ehc_sim.experiment.contents import manifest_of, seal
from ehc_sim.experiment.folders import compare_folders
from ehc_sim.experiment.together import check_none_lost, faults_of_folders, lost_by
from ehc_sim.jobs.forecast_folder import check_folder
from ehc_sim.jobs.record import recorded
from tests.scenario_files import SMALL, smallshire

pytestmark = pytest.mark.unit

BASELINE = SMALL / "baseline.toml"
Made = Callable[..., Path]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Return a function that simulates scenarios and returns their results folder."""

    def write(*scenarios: Any, replications: int = 1, **settings: Any) -> Path:
        folder = tmp_path_factory.mktemp("results") / "results"
        results = ehc.simulate(list(scenarios), replications, processes=1, **settings)
        ehc.write_results(results, folder)
        return folder

    return write


@pytest.fixture(scope="module")
def today(made: Made) -> Path:
    return made(BASELINE, SMALL / "more_psychologists.toml")


def said(first: Path, second: Path) -> list[str]:
    return [fault.where for fault in faults_of_folders(first, second)]


def test_results_of_one_program_seed_and_number_can_be_compared(today: Path, made: Made) -> None:
    assert said(today, today) == []
    assert said(today, made(BASELINE)) == []


@pytest.mark.parametrize(
    ("settings", "where"), [({"seed": 7}, "seed"), ({"replications": 2}, "replications")]
)
def test_another_seed_or_number_is_refused(
    settings: dict[str, int], where: str, today: Path, made: Made
) -> None:
    other = made(BASELINE, **settings)
    (fault,) = faults_of_folders(today, other)
    assert fault.where == where
    assert f"where {today} has" in fault.problem
    done = CliRunner().invoke(app, ["compare", str(today), str(other)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"{where}: found" in done.stderr


def test_scenarios_that_stopped_by_themselves_are_compared_in_what_both_have(
    today: Path, tmp_path: Path
) -> None:
    """The second folder has a future more, in which nothing was on time."""
    one, two = (shutil.copytree(today, tmp_path / name) for name in ("one", "two"))
    for folder, replications in ((one, 1), (two, 2)):
        manifest = manifest_of(folder) | {"half_width": 0.05, "replications": replications}
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    every = pd.read_parquet(two / "replications.parquet")
    more = every.assign(replication=1, value=0.0)
    pd.concat([every, more]).to_parquet(two / "replications.parquet")
    for folder in (one, two):
        seal(folder)
    assert said(one, two) == []
    assert said(today, two) == ["half-width of the chances", "replications"]
    for row in compare_folders(one, two).to_dict("records"):
        assert row["difference"] == 0
        assert row["on_time_first"] == row["on_time_second"]
    assert len(compare_folders(two, one)) == 2


def test_every_difference_of_what_must_agree_is_a_line(
    today: Path, made: Made, tmp_path: Path
) -> None:
    text = (
        "[period]\nplan_until = 2027-12-31\n[target]\nshare = 0.5\nwindow_from = 2026-07-01\n"
        '[costs]\nprice_year = "2025/26"\n[requests]\nconcentration = 100\n'
    )
    other = made(smallshire(tmp_path, text))
    assert set(said(today, other)) == {
        "period.plan_until",
        "target.share",
        "target.window_from",
        "costs.price_year",
        "requests.concentration",
    }
    record = (SMALL / "history.csv").read_text(encoding="utf-8")
    (tmp_path / "history.csv").write_text(record.replace("208", "209"), encoding="utf-8")
    again = made(ehc.load(tmp_path / "baseline.toml"))
    assert said(today, again) == ["demand.history"]


def test_a_manifest_says_what_was_run(today: Path, made: Made) -> None:
    manifest = manifest_of(today)
    assert manifest["compared_with"] == "Smallshire today"
    assert manifest["read_from"]["One more educational psychologist"] == "more_psychologists.toml"
    assert manifest["agreed"]["target.share"] == "0.6"
    alone = manifest_of(made(SMALL / "more_psychologists.toml"))
    assert alone["compared_with"] is None


def test_a_run_of_one_does_not_replace_results_of_several_unasked(today: Path) -> None:
    one = SMALL / "more_psychologists.toml"
    assert "Smallshire today" in str(lost_by(today, [ehc.load(one)]))
    assert lost_by(today, [ehc.load(BASELINE), ehc.load(one)]) is None
    assert lost_by(today.parent / "none", [ehc.load(one)]) is None
    before = (today / "manifest.json").read_bytes()
    few = ["--replications", "1", "--processes", "1", "--out", str(today)]
    done = CliRunner().invoke(app, ["run", str(one), *few])
    assert done.exit_code == 2
    assert 'found results of scenarios that this run has not: "Smallshire today"' in done.stderr
    assert "--replace" in done.stderr
    assert (today / "manifest.json").read_bytes() == before


def test_python_does_not_replace_results_of_several_unasked(today: Path, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    shutil.copytree(today, folder)
    one = ehc.simulate(SMALL / "more_psychologists.toml", 1, processes=1)
    for name in (folder, str(folder), folder.parent / "results" / "."):
        with pytest.raises(ValueError, match=r'has not: "Smallshire today".*replace=True'):
            ehc.write_results(one, name)
    assert (folder / "manifest.json").read_bytes() == (today / "manifest.json").read_bytes()
    ehc.write_results(one, folder, replace=True)
    assert list(manifest_of(folder)["scenarios"]) == ["One more educational psychologist"]


def test_the_forecast_of_another_record_is_not_replaced_unasked(tmp_path: Path) -> None:
    folder = tmp_path / "forecast"
    folder.mkdir()
    manifest = {"kind": "forecast", "name": "history", "record": "history.csv"}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    seal(folder)
    same = recorded(SMALL / "history.csv")
    assert check_folder(folder, same) == []
    others = (
        recorded(SMALL / "history.csv", council="Elsewhere"),
        recorded(BASELINE),
        replace(same, file=tmp_path / "history_2.csv"),
    )
    for other in others:
        with pytest.raises(ValueError, match=r'another record, "history" from history\.csv;'):
            check_folder(folder, other)
        assert check_folder(folder, other, replace_others=True) == []


def test_one_target_for_all_from_the_command(tmp_path: Path) -> None:
    smallshire(tmp_path, "[target]\nshare = 0.5\n")
    files = [str(tmp_path / name) for name in ("baseline.toml", "another.toml")]
    few = ["--replications", "1", "--processes", "1", "--out", str(tmp_path / "out")]
    refused = CliRunner().invoke(app, ["run", *files, *few])
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "target.share: found 0.5" in refused.stderr
    assert not (tmp_path / "out").exists()
    options = ["--target", "0.55", "--window", "2026-03:2026-10", "--until", "2026-12"]
    done = CliRunner().invoke(app, ["run", *files, *few, *options])
    assert done.exit_code == 0, done.stderr
    agreed = manifest_of(tmp_path / "out")["agreed"]
    assert agreed["target.share"] == "0.55"
    assert (agreed["target.window_from"], agreed["target.window_until"]) == (
        "2026-03-01",
        "2026-10-31",
    )


@pytest.mark.parametrize(
    ("name", "replaced"),
    [("Bath", False), ("Smallshire West", False), ("SMALLSHIRE", True),
     ("Smallshire County Council", True)],
)  # fmt: skip
def test_a_run_of_another_council_does_not_replace_results_of_the_same_names(
    today: Path, tmp_path: Path, name: str, replaced: bool
) -> None:
    text = BASELINE.read_text(encoding="utf-8").replace('"Smallshire"', f'"{name}"')
    shutil.copy(SMALL / "history.csv", tmp_path)
    (tmp_path / "baseline.toml").write_text(text, encoding="utf-8")
    more = (SMALL / "more_psychologists.toml").read_text(encoding="utf-8")
    (tmp_path / "more.toml").write_text(more, encoding="utf-8")
    scenarios = [ehc.load(tmp_path / "baseline.toml"), ehc.load(tmp_path / "more.toml")]
    lost = lost_by(today, scenarios)
    if replaced:
        assert lost is None
        return
    assert lost == f"results of Smallshire, and this run is of {name}"
    with pytest.raises(NotOurs, match=f"found {lost}; name another folder, or say --replace"):
        check_none_lost(today, scenarios)
