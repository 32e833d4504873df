"""Fixtures that every kind of test shares."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)  # no test fails for want of time
settings.load_profile("house")

KINDS = {"unit", "property", "theory", "metamorphic", "golden", "regression", "e2e"}
PUBLISHED = Path(__file__).parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse a test that does not say which one kind it is."""
    for item in items:
        kinds = KINDS & {mark.name for mark in item.iter_markers()}
        if len(kinds) != 1:
            raise pytest.UsageError(f"{item.nodeid} needs one mark of {sorted(KINDS)}: {kinds}")


@pytest.fixture(scope="session")
def dfe_data() -> Path:
    """Folder of DfE's published files; a test that needs it is skipped where it is absent."""
    if not PUBLISHED.is_dir():
        pytest.skip("DfE's published files are not beside the project")
    return PUBLISHED
