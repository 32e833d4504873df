"""A back-cast of the forecast is made from what was known then, and from nothing later."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from ehc_sim.calibration.backcast import BackCast, backcast
from ehc_sim.catalogue.held_out import GIVEN
from ehc_sim.experiment.contents import BACKCAST, checked
from ehc_sim.jobs import backcast_folder
from ehc_sim.scenario import BadInput, load
from tests.scenario_files import smallshire

pytestmark = pytest.mark.unit

FIGURES = "council,year,measure,by,group,value,allowed,fitted,source\n"


def found(folder: Path) -> BackCast:
    smallshire(folder)
    text = (folder / "baseline.toml").read_text(encoding="utf-8")
    named = text.replace('name = "Smallshire"', 'name = "Smallshire"\npublished = "published.csv"')
    (folder / "baseline.toml").write_text(named, encoding="utf-8")
    rows = [
        *("2023,completed,all,all,140,10%,yes", "2023,issued_on_time,all,all,0.5,10 points,yes"),
        *("2024,completed,all,all,150,10%,yes", "2024,issued_on_time,all,all,0.4,,yes"),
    ]
    lines = "".join(f"Smallshire,{row},Invented\n" for row in rows)
    (folder / "published.csv").write_text(FIGURES + lines, encoding="utf-8")
    scenario = load(folder / "baseline.toml")
    return backcast(scenario, replications=2, processes=1, drawn=4, kept=2, rounds=1)


def test_it_is_made_of_what_was_known_and_written_with_what_came(tmp_path: Path) -> None:
    one = found(tmp_path)
    assert one.known == 2023
    assert {target.figure.year for target in one.calibration.targets} == {2023}
    assert one.calibration.scenario.base.period.plan_from == date(2024, 1, 1)
    assert set(one.table["requests"]) == set(GIVEN)
    assert set(one.table["year"]) == {2024}
    last = one.table.set_index("measure").loc["completed", "last_known"]
    assert set(last) == {140}

    folder = tmp_path / "results"
    backcast_folder.write(one, folder)
    manifest = checked(folder, BACKCAST)
    assert manifest["name"] == "Smallshire"
    written = pd.read_csv(folder / backcast_folder.TABLE)
    assert written["median"].tolist() == pytest.approx(one.table["median"].tolist())
    assert "Made as at the end of 2023" in (folder / backcast_folder.PAGE).read_text("utf-8")


@pytest.mark.parametrize("known", [2022, 2025])
def test_the_year_must_lie_before_the_last_figures(tmp_path: Path, known: int) -> None:
    smallshire(tmp_path)
    text = (tmp_path / "baseline.toml").read_text(encoding="utf-8")
    named = text.replace('name = "Smallshire"', 'name = "Smallshire"\npublished = "published.csv"')
    (tmp_path / "baseline.toml").write_text(named, encoding="utf-8")
    row = "Smallshire,2024,completed,all,all,150,10%,yes,Invented\n"
    (tmp_path / "published.csv").write_text(FIGURES + row, encoding="utf-8")
    with pytest.raises(BadInput, match=f"found {known}, allowed is 2023 to 2023"):
        backcast(load(tmp_path / "baseline.toml"), known)


def test_a_council_without_figures_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="the forecast is held against"):
        backcast(smallshire(tmp_path))
