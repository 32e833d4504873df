"""Medians and ranges over replications, against numpy."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from ehc_sim.measures.table import RANGES, Table
from tests.stacks import stack_of

pytestmark = pytest.mark.unit


def values_stacked(values: np.ndarray) -> Table:
    """Return a stack of tables, shape (replications, rows, measures)."""
    index = pd.Index([f"row {i}" for i in range(values.shape[1])], name="row")
    columns = [f"measure {i}" for i in range(values.shape[2])]
    return stack_of([pd.DataFrame(each, index=index, columns=columns) for each in values])


def ranges_by_numpy(values: np.ndarray) -> dict[str, np.ndarray]:
    """Return the quantiles of each measure's rows, one measure after the other."""
    found = np.full((len(RANGES), *values.shape[1:]), np.nan)
    some = ~np.isnan(values).all(axis=0)
    found[:, some] = np.nanquantile(values[:, some], list(RANGES.values()), axis=0)
    return {name: part.T.ravel() for name, part in zip(RANGES, found, strict=True)}


@pytest.mark.parametrize("replications", [1, 2, 7, 40])
@pytest.mark.parametrize("holes", [0.0, 0.3, 1.0])
def test_ranges_are_numpys_quantiles_without_what_is_missing(
    replications: int, holes: float
) -> None:
    rng = np.random.default_rng(replications)
    values = rng.normal(size=(replications, 5, 3))
    values[rng.random(values.shape) < holes] = np.nan
    table = values_stacked(values).ranges()
    for name, wanted in ranges_by_numpy(values).items():
        np.testing.assert_allclose(table[name], wanted, rtol=0, atol=1e-12)


def test_a_row_that_only_one_replication_counts_has_its_value_in_every_range() -> None:
    values = np.full((9, 1, 1), np.nan)
    values[4] = 0.25
    row = values_stacked(values).ranges().iloc[0]
    assert [row[name] for name in RANGES] == [0.25] * 5


def test_ranges_are_long_with_the_keys_of_the_rows() -> None:
    table = values_stacked(np.arange(12.0).reshape(2, 3, 2)).ranges()
    assert list(table.columns) == [
        "row",
        "measure",
        "median",
        "low80",
        "high80",
        "low95",
        "high95",
    ]
    assert table[["row", "measure"]].values.tolist() == [
        [f"row {row}", f"measure {measure}"] for measure in range(2) for row in range(3)
    ]
    assert table["median"].tolist() == [3, 5, 7, 4, 6, 8]


def test_a_column_has_every_replication() -> None:
    values = np.arange(30.0).reshape(5, 3, 2)
    np.testing.assert_array_equal(values_stacked(values).column("measure 1"), values[:, :, 1])
