"""Where every benchmark writes its numbers, and with which versions they were measured."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

LIBRARIES = ("numba", "llvmlite", "numpy", "pandas", "scipy", "simpy", "statsmodels")


def parser(of: str | None) -> argparse.ArgumentParser:
    """Return the parser of a benchmark, with ``--json FILE``."""
    made = argparse.ArgumentParser(
        description=of, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--json", type=Path, help="also write the numbers to this file")
    return made


def versions(libraries: Sequence[str] = LIBRARIES) -> dict[str, str]:
    """Return what the numbers were measured with."""
    here = {"python": platform.python_version(), "machine": platform.machine()}
    here |= {"processors": str(os.cpu_count())}
    return here | {name: version(name) for name in libraries}


def put(file: Path | None, numbers: dict[str, Any]) -> None:
    """Write numbers with their versions, under a temporary name first; nothing without a file."""
    if file is not None:
        part = file.with_name(f".{file.name}.part")
        text = json.dumps({"versions": versions(), **numbers}, indent=2)
        part.write_text(f"{text}\n", encoding="utf-8")
        part.replace(file)
