"""The views by which yearly figures are given."""

from __future__ import annotations

GROUPINGS = ("source", "age group", "age", "need", "area")
"""Views by which every yearly figure is also given."""
