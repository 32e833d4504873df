"""One council made, calibrated and foretold from what was known at the end of a year."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True)
class Setting:
    """How councils are calibrated; fits of one name are scored together."""

    name: str = "as shipped"

    @classmethod
    def arguments(cls, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--name", default=cls.name)

    @classmethod
    def of(cls, chosen: argparse.Namespace) -> Self:
        return cls(chosen.name)


def fitted(council: str, known: int, until: int, data: Path, setting: Setting) -> dict[str, Any]:
    raise NotImplementedError
