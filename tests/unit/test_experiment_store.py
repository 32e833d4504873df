"""Finished batches on disk: read as they were written, never mixed with those of another run."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.experiment.batches import Batch, measure_batch
from ehc_sim.experiment.spool import PREFIX
from ehc_sim.experiment.stack import Stack
from ehc_sim.experiment.store import MANIFEST, OtherParts, Store
from ehc_sim.scenario import load
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit

SEED = 7
SCENARIO = load(SMALL / "baseline.toml")
BATCH = Batch(SCENARIO, SEED, 0, 2)


@pytest.fixture(scope="module")
def tables() -> dict[str, Stack]:
    return measure_batch(BATCH)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "parts", [SCENARIO], SEED)


def test_a_batch_is_read_as_it_was_measured(store: Store, tables: dict[str, Stack]) -> None:
    store.write(BATCH, tables)
    again = store.read(BATCH)
    assert again is not None
    assert list(again) == list(tables)
    for name, stack in tables.items():
        assert again[name].columns == stack.columns
        assert np.array_equal(again[name].values, stack.values, equal_nan=True)
        pd.testing.assert_index_equal(again[name].index, stack.index, exact="equiv")
        pd.testing.assert_frame_equal(again[name].ranges(), stack.ranges())


def test_what_is_not_finished_is_not_there(store: Store, tables: dict[str, Stack]) -> None:
    store.write(BATCH, tables)
    assert store.read(replace(BATCH, first=2)) is None
    assert store.read(replace(BATCH, count=3)) is None
    assert len(store) == 2


def test_only_whole_files_have_their_names(store: Store, tables: dict[str, Stack]) -> None:
    store.write(BATCH, tables)
    names = sorted(path.name for path in store.folder.iterdir())
    assert re.fullmatch(rf"{SCENARIO.hash[:16]}-0000000-2-[0-9a-f]{{32}}\.parquet", names[0])
    assert names[1:] == [MANIFEST]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_torn_file_is_named_and_dropped(
    store: Store, tables: dict[str, Stack], share: float
) -> None:
    store.write(BATCH, tables)
    (path,) = store.folder.glob("*.parquet")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    assert store.read(BATCH) is None
    assert store.torn == [path.name]
    assert not path.exists()
    assert len(store) == 0


def test_every_flipped_bit_is_noticed(store: Store, tables: dict[str, Stack]) -> None:
    """300 places over the whole file, the last bytes among them."""
    store.write(BATCH, tables)
    (path,) = store.folder.glob("*.parquet")
    whole = path.read_bytes()
    places = np.linspace(0, 8 * len(whole) - 1, 300).astype(int)
    for place in places:
        flipped = bytearray(whole)
        flipped[place // 8] ^= 1 << place % 8
        path.write_bytes(flipped)
        assert store.read(BATCH) is None
        assert not path.exists()
    assert len(store.torn) == len(places)
    path.write_bytes(whole)
    assert store.read(BATCH) is not None


def test_a_batch_is_run_again_beside_one_that_was_changed(
    store: Store, tables: dict[str, Stack]
) -> None:
    """The values of another run under the name of this one are not taken for this one's."""
    store.write(BATCH, tables)
    (path,) = store.folder.glob("*.parquet")
    store.write(replace(BATCH, first=2), {name: tables[name] for name in list(tables)[:1]})
    (other,) = store.folder.glob("*-0000002-*.parquet")
    other.replace(path)
    assert store.read(BATCH) is None
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


def test_the_same_run_finds_its_batches(store: Store, tables: dict[str, Stack]) -> None:
    store.write(BATCH, tables)
    again = Store(store.folder, [SCENARIO], SEED)
    assert again.read(BATCH) is not None


def test_nothing_is_refused_where_nothing_is_finished(store: Store) -> None:
    """A run that failed at once must not stand in the way of the next."""
    again = Store(store.folder, [replace(SCENARIO, why="Another reason.")], SEED + 1)
    assert json.loads((again.folder / MANIFEST).read_text())["seed"] == SEED + 1


def test_another_scenario_seed_or_version_is_refused_by_name(
    store: Store, tables: dict[str, Stack]
) -> None:
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
def test_a_manifest_that_cannot_be_read_is_refused(
    text: str, store: Store, tables: dict[str, Stack]
) -> None:
    store.write(BATCH, tables)
    (store.folder / MANIFEST).write_text(text)
    with pytest.raises(OtherParts, match=r"found a manifest\.json that cannot be read"):
        Store(store.folder, [SCENARIO], SEED)


def test_what_a_killed_run_left_in_spools_is_removed(store: Store) -> None:
    left_behind = store.folder / f"{PREFIX}abc"
    left_behind.mkdir()
    (left_behind / "0000.f8").write_bytes(b"12345678")
    Store(store.folder, [SCENARIO], SEED)
    assert not left_behind.exists()


def test_further_scenarios_may_join(store: Store, tables: dict[str, Stack]) -> None:
    """A scenario more needs no other replication of those that are there."""
    store.write(BATCH, tables)
    again = Store(store.folder, [SCENARIO, replace(SCENARIO, name="Another")], SEED)
    assert again.read(BATCH) is not None


def test_what_is_not_ours_in_it_stays_when_batches_are_removed(
    store: Store, tables: dict[str, Stack]
) -> None:
    store.write(BATCH, tables)
    spools = store.folder / f"{PREFIX}abc"
    spools.mkdir()
    theirs = {"notes.docx": store.folder, "my.parquet": store.folder, "mine.txt": spools}
    for name, place in theirs.items():
        (place / name).write_text("mine")
    (spools / "0000.f8").write_bytes(b"12345678")
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
