"""Measures of replications are kept in files and come back as they were."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.experiment.batches import RunFailed, Tables
from ehc_sim.experiment.spool import Spool, SpoolFolder
from ehc_sim.experiment.stack import Stack

pytestmark = pytest.mark.unit

YEARS = pd.Index([2024, 2025, 2026], name="year")
WHOLE = np.random.default_rng(5).normal(size=(7, 3, 2))
TOTALS = np.random.default_rng(6).normal(size=(7, 1, 4))


def tables(first: int, end: int) -> Tables:
    return {
        "yearly": Stack(YEARS, ("a", "b"), WHOLE[first:end]),
        "totals": Stack(pd.Index([0]), ("p", "q", "r", "s"), TOTALS[first:end]),
    }


def test_replications_come_back_in_order_whichever_was_first(tmp_path: Path) -> None:
    spool = Spool(SpoolFolder(tmp_path), "0")
    for first, end in ((5, 7), (0, 3), (3, 5)):
        spool.add(first, tables(first, end))
    found = spool.tables()
    assert list(found) == ["yearly", "totals"]
    assert len(found) == 2
    np.testing.assert_array_equal(found["yearly"].values, WHOLE)
    np.testing.assert_array_equal(found["totals"].values, TOTALS)
    assert found["yearly"].index.equals(YEARS)
    assert found["totals"].columns == ("p", "q", "r", "s")
    assert spool.replications == 7


def test_more_replications_may_follow(tmp_path: Path) -> None:
    spool = Spool(SpoolFolder(tmp_path), "0")
    spool.add(0, tables(0, 3))
    np.testing.assert_array_equal(spool.stack("yearly").values, WHOLE[:3])
    spool.add(3, tables(3, 7))
    np.testing.assert_array_equal(spool.stack("yearly").values, WHOLE)


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    spool = Spool(SpoolFolder(tmp_path), "0")
    spool.add(0, tables(0, 3))
    with pytest.raises(KeyError):
        spool.tables()["monthly"]


def test_the_folder_stays_as_long_as_a_table_may_be_asked_for(tmp_path: Path) -> None:
    folder = SpoolFolder(tmp_path)
    spool = Spool(folder, "0")
    spool.add(0, tables(0, 7))
    found, place = spool.tables(), folder.path
    del folder, spool
    gc.collect()
    np.testing.assert_array_equal(found["yearly"].values, WHOLE)
    del found
    gc.collect()
    assert not place.exists()


def test_what_cannot_be_written_is_told(tmp_path: Path) -> None:
    folder = SpoolFolder(tmp_path)
    (folder.path / "0.f8").mkdir()
    with pytest.raises(RunFailed, match="could not keep measures in"):
        Spool(folder, "0").add(0, tables(0, 7))


def test_a_file_that_was_cut_short_is_told_and_gives_no_numbers(tmp_path: Path) -> None:
    """As when another program empties the folder of temporary files during a long run."""
    spool = Spool(SpoolFolder(tmp_path), "0")
    spool.add(0, tables(0, 7))
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    with file.open("r+b") as open_file:
        open_file.truncate(file.stat().st_size - 8)
    np.testing.assert_array_equal(spool.stack("yearly").values, WHOLE)
    with pytest.raises(RunFailed, match="ends before replication 6"):
        spool.stack("totals")


def test_any_bit_that_turned_is_told_and_gives_no_numbers(tmp_path: Path) -> None:
    spool = Spool(SpoolFolder(tmp_path), "0")
    for first, end in ((4, 7), (0, 4)):
        spool.add(first, tables(first, end))
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    whole = file.read_bytes()
    for place in range(0, 8 * len(whole), 7):
        turned = bytearray(whole)
        turned[place // 8] ^= 1 << place % 8
        file.write_bytes(turned)
        with pytest.raises(RunFailed, match="is not as it was written: replication"):
            dict(spool.tables())
    file.write_bytes(whole)
    np.testing.assert_array_equal(spool.stack("yearly").values, WHOLE)


def test_a_table_that_nobody_wrote_where_it_is_read_is_told(tmp_path: Path) -> None:
    """Rows that changed places have the right numbers, and are those of other replications."""
    spool = Spool(SpoolFolder(tmp_path), "0")
    spool.add(0, tables(0, 7))
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    rows = np.fromfile(file, "<f8").reshape(7, -1)
    rows[[1, 2]] = rows[[2, 1]]
    rows.tofile(file)
    with pytest.raises(RunFailed, match="replication 1"):
        spool.stack("yearly")


def test_a_file_that_was_removed_is_told(tmp_path: Path) -> None:
    spool = Spool(SpoolFolder(tmp_path), "0")
    spool.add(0, tables(0, 7))
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    file.unlink()
    with pytest.raises(RunFailed, match="cannot be read"):
        spool.stack("yearly")
