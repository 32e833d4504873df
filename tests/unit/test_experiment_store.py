"""Finished batches on disk: read as they were written, never mixed with those of another run."""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.experiment.batches import Batch, RunFailed, Tables, measure_batch
from ehc_sim.experiment.store import MANIFEST, OtherParts, Store
from ehc_sim.measures.table import Rows, Table
from ehc_sim.scenario import load
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit

SEED = 7
SCENARIO = load(SMALL / "baseline.toml")
BATCH = Batch(SCENARIO, SEED, 0, 2)
NUMBERS = np.random.default_rng(5)


@pytest.fixture(scope="module")
def tables() -> Tables:
    return measure_batch(BATCH)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "parts", [SCENARIO], SEED)


def test_a_batch_is_read_as_it_was_measured(store: Store, tables: Tables) -> None:
    store.write(BATCH, tables)
    again = store.tables([BATCH])
    assert list(again) == list(tables)
    assert len(again) == len(tables)
    for name, table in tables.items():
        assert again[name].columns == table.columns
        assert np.array_equal(again[name].values, table.values, equal_nan=True)
        pd.testing.assert_index_equal(again[name].index, table.index, exact="equiv")
        pd.testing.assert_frame_equal(again[name].ranges(), table.ranges())
    with pytest.raises(KeyError):
        again["none"]


SMALLER = {
    "yearly": Table(Rows.of(year=[2024, 2025, 2026]), ("a", "b"), NUMBERS.normal(size=(7, 3, 2))),
    "none": Table(Rows.of(team=[]), ("c",), np.empty((7, 0, 1))),
    "totals": Table(Rows((None,), (([0],),)), tuple("pqrs"), NUMBERS.normal(size=(7, 1, 4))),
}
"""Tables of seven replications, one of them without a row."""


def kept(store: Store, *ends: tuple[int, int]) -> Mapping[str, Table]:
    """Return what a store gives of batches of ``SMALLER`` that are finished in this order."""
    batches = [Batch(SCENARIO, SEED, first, end - first) for first, end in ends]
    for batch, (first, end) in zip(batches, ends, strict=True):
        some = {name: replace(t, values=t.values[first:end]) for name, t in SMALLER.items()}
        store.write(batch, some)
    return store.tables(sorted(batches, key=lambda batch: batch.first))


def test_batches_come_back_in_order_whichever_was_finished_first(store: Store) -> None:
    found = kept(store, (5, 7), (0, 3), (3, 5))
    for name, table in SMALLER.items():
        np.testing.assert_array_equal(found[name].values, table.values)
        assert found[name].index.equals(table.index)


def test_a_file_that_was_cut_short_or_removed_is_told_and_gives_no_numbers(store: Store) -> None:
    """As when another program empties the folder of temporary files during a long run."""
    found = kept(store, (0, 4), (4, 7))
    path = max(store.folder.glob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(RunFailed, match="is not as it was written; the disk"):
        found["yearly"]
    path.unlink()
    with pytest.raises(RunFailed, match="cannot be read: No such file"):
        found["yearly"]


def test_any_bit_that_turned_is_told_and_gives_no_numbers(store: Store) -> None:
    found = kept(store, (0, 7))
    (path,) = store.folder.glob("*.parquet")
    whole = path.read_bytes()
    for place in range(0, 8 * len(whole), 61):
        turned = bytearray(whole)
        turned[place // 8] ^= 1 << place % 8
        path.write_bytes(turned)
        with pytest.raises(RunFailed, match="is not as it was written"):
            found["yearly"]
    path.write_bytes(whole)
    np.testing.assert_array_equal(found["yearly"].values, SMALLER["yearly"].values)


def test_a_temporary_folder_stays_as_long_as_a_table_may_be_asked_for() -> None:
    store = Store(None, [SCENARIO], SEED)
    found, folder = kept(store, (0, 7)), store.folder
    del store
    gc.collect()
    np.testing.assert_array_equal(found["yearly"].values, SMALLER["yearly"].values)
    del found
    gc.collect()
    assert not folder.exists()


def test_what_cannot_be_written_is_told(store: Store, tables: Tables) -> None:
    store.remove()
    with pytest.raises(RunFailed, match=rf"could not keep {SCENARIO.name}: replications 0 to 1 in"):
        store.write(BATCH, tables)


def test_what_is_not_finished_is_not_there(store: Store, tables: Tables) -> None:
    store.write(BATCH, tables)
    assert not store.has(replace(BATCH, first=2))
    assert not store.has(replace(BATCH, count=3))
    assert len(store) == 2


def test_only_whole_files_have_their_names(store: Store, tables: Tables) -> None:
    store.write(BATCH, tables)
    names = sorted(path.name for path in store.folder.iterdir())
    assert re.fullmatch(rf"{SCENARIO.hash[:16]}-0000000-2-[0-9a-f]{{32}}\.parquet", names[0])
    assert names[1:] == [MANIFEST]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_torn_file_is_named_and_dropped(store: Store, tables: Tables, share: float) -> None:
    store.write(BATCH, tables)
    (path,) = store.folder.glob("*.parquet")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    assert not store.has(BATCH)
    assert store.torn == [path.name]
    assert not path.exists()
    assert len(store) == 0


def test_every_flipped_bit_is_noticed(store: Store, tables: Tables) -> None:
    """300 places over the whole file, the last bytes among them."""
    store.write(BATCH, tables)
    (path,) = store.folder.glob("*.parquet")
    whole = path.read_bytes()
    places = np.linspace(0, 8 * len(whole) - 1, 300).astype(int)
    for place in places:
        flipped = bytearray(whole)
        flipped[place // 8] ^= 1 << place % 8
        path.write_bytes(flipped)
        assert not store.has(BATCH)
        assert not path.exists()
    assert len(store.torn) == len(places)
    path.write_bytes(whole)
    assert store.has(BATCH)


def test_a_batch_is_run_again_beside_one_that_was_changed(store: Store, tables: Tables) -> None:
    """The values of another run under the name of this one are not taken for this one's."""
    store.write(BATCH, tables)
    (path,) = store.folder.glob("*.parquet")
    store.write(replace(BATCH, first=2), {name: tables[name] for name in list(tables)[:1]})
    (other,) = store.folder.glob("*-0000002-*.parquet")
    other.replace(path)
    assert not store.has(BATCH)
    assert store.torn == [path.name]


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_is_not_ours_is_neither_used_nor_removed(kind: str, tmp_path: Path) -> None:
    place = tmp_path / ".out.parts"
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "photograph.jpg").write_text("theirs")
    if kind == "file":
        place.write_text("theirs")
    elif kind == "folder":
        theirs.rename(place)
    else:
        place.symlink_to(theirs)
    with pytest.raises(OtherParts, match="found something that is not ours"):
        Store(place, [SCENARIO], SEED)
    assert (place if kind == "file" else place / "photograph.jpg").read_text() == "theirs"


def test_the_same_run_finds_its_batches(store: Store, tables: Tables) -> None:
    store.write(BATCH, tables)
    again = Store(store.folder, [SCENARIO], SEED)
    assert again.has(BATCH)


def test_nothing_is_refused_where_nothing_is_finished(store: Store) -> None:
    """A run that failed at once must not stand in the way of the next."""
    again = Store(store.folder, [replace(SCENARIO, why="Another reason.")], SEED + 1)
    assert json.loads((again.folder / MANIFEST).read_text())["seed"] == SEED + 1


def test_another_scenario_seed_or_version_is_refused_by_name(store: Store, tables: Tables) -> None:
    store.write(BATCH, tables)
    changed = replace(SCENARIO, why="Another reason.")
    with pytest.raises(OtherParts) as fault:
        Store(store.folder, [changed], SEED)
    first, last = str(fault.value).splitlines()
    assert first == (
        f"{store.folder}: found replications of “{SCENARIO.name}” as it was before it was changed"
    )
    assert last == f"{store.folder}: remove it to start anew"

    other = replace(SCENARIO, name="Another")
    with pytest.raises(OtherParts, match=f"“{SCENARIO.name}”, which is not run now"):
        Store(store.folder, [other], SEED)
    with pytest.raises(OtherParts, match="found replications of seed 7, this is 8"):
        Store(store.folder, [SCENARIO], 8)

    manifest = store.folder / MANIFEST
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"version": "0.0.1"}))
    with pytest.raises(OtherParts, match=r"found replications of version 0\.0\.1 of another code"):
        Store(store.folder, [SCENARIO], SEED)


@pytest.mark.parametrize("text", ["", "{", "[]", "\x00"])
def test_a_manifest_that_cannot_be_read_is_refused(text: str, store: Store, tables: Tables) -> None:
    store.write(BATCH, tables)
    (store.folder / MANIFEST).write_text(text)
    with pytest.raises(OtherParts, match=r"found a manifest\.json that cannot be read"):
        Store(store.folder, [SCENARIO], SEED)


def test_further_scenarios_may_join(store: Store, tables: Tables) -> None:
    """A scenario more needs no other replication of those that are there."""
    store.write(BATCH, tables)
    again = Store(store.folder, [SCENARIO, replace(SCENARIO, name="Another")], SEED)
    assert again.has(BATCH)


def test_what_is_not_ours_in_it_stays_when_batches_are_removed(
    store: Store, tables: Tables
) -> None:
    store.write(BATCH, tables)
    below = store.folder / "below"
    below.mkdir()
    theirs = {"notes.docx": store.folder, "my.parquet": store.folder, "mine.txt": below}
    for name, place in theirs.items():
        (place / name).write_text("mine")
    again = Store(store.folder, [SCENARIO], SEED)
    assert len(again) == BATCH.count
    again.remove()
    left = {path.name: path.parent for path in store.folder.rglob("*") if path.is_file()}
    assert left == theirs


@pytest.mark.parametrize("text", ["{}", '{"seed": 7}', "[" * 100_000, "\x00"])
def test_a_manifest_of_another_program_is_not_written_over(text: str, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / MANIFEST).write_text(text)
    with pytest.raises(OtherParts, match=r"found a manifest\.json that cannot be read"):
        Store(folder, [SCENARIO], SEED)
    assert (folder / MANIFEST).read_text() == text
