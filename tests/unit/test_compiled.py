"""Compiled code gives what its parts say, and is kept for as long as that is so."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ehc_sim.engines.compiled.loop import going_on, run
from ehc_sim.jit import decorators
from ehc_sim.jit.decorators import entry, inline, noinline

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]


@inline
def _twice(number: int) -> int:
    return 2 * number


@noinline
def _collatz_step(number: int) -> int:
    return number // 2 if number % 2 == 0 else _twice(number) + number + 1


@inline
def _steps_to_one(number: int) -> int:
    steps = 0
    while number > 1:
        number = _collatz_step(number)
        steps += 1
    return steps


@entry
def pair_of(number: int) -> tuple[int, int]:
    return _steps_to_one(number), _twice(number)


def test_parts_of_parts_are_in_the_program() -> None:
    """27 takes 111 steps (OEIS A006577)."""
    assert pair_of(27) == (111, 54)
    assert pair_of(97) == (118, 194)


def test_a_part_is_put_where_it_is_called() -> None:
    pair_of.recompile()  # what was compiled before has no text to look at
    (code,) = pair_of.inspect_llvm().values()
    calls = [line for line in code.splitlines() if "call " in line]
    assert not any("_steps_to_one" in line or "_twice" in line for line in calls)


PROGRAM = {
    "__init__.py": "",
    "numbers_of.py": "STEP = 3\n",
    "parts.py": """
from ehc_sim.jit.decorators import inline
from made.numbers_of import (
    STEP,
)

@inline
def step(number: int) -> int:
    return number + STEP
""",
    "steps.py": """
from ehc_sim.jit.decorators import entry
from made import parts

step = parts.step

@entry
def two_steps(number: int) -> int:
    return step(step(number))
""",
}
SCRIPT = """
from made.steps import two_steps
print(two_steps(1), sum(two_steps.stats.cache_hits.values()))
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "made").mkdir()
    for name, text in PROGRAM.items():
        (tmp_path / "made" / name).write_text(text, encoding="utf-8")
    return tmp_path


def start(folder: Path, kept: Path | None = None) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(folder), str(ROOT)])
    given = {"PYTHONPATH": path, "NUMBA_CACHE_DIR": str(kept or folder / "kept")}
    command = [sys.executable, "-B", "-c", SCRIPT]
    return subprocess.Popen(
        command, cwd=folder, env={**os.environ, **given}, stdout=subprocess.PIPE, text=True
    )


def result_and_hits(folder: Path, kept: Path | None = None) -> str:
    """Run the program in a process of its own; return its result and how often it was kept."""
    return start(folder, kept).communicate()[0].strip()


def test_a_program_is_kept_until_a_number_of_another_file_changes(folder: Path) -> None:
    assert result_and_hits(folder) == "7 0"
    assert result_and_hits(folder) == "7 1"
    (folder / "made" / "numbers_of.py").write_text("STEP = 4\n", encoding="utf-8")
    assert result_and_hits(folder) == "9 0"


def test_a_program_is_compiled_anew_when_a_part_in_another_file_changes(folder: Path) -> None:
    assert result_and_hits(folder) == "7 0"
    minus = PROGRAM["parts.py"].replace("+ STEP", "- STEP")
    (folder / "made" / "parts.py").write_text(minus, encoding="utf-8")
    assert result_and_hits(folder) == "-5 0"
    (folder / "made" / "parts.py").write_text(PROGRAM["parts.py"], encoding="utf-8")
    assert result_and_hits(folder) == "7 1"


def test_two_processes_may_compile_the_same_at_once(folder: Path) -> None:
    both = [start(folder), start(folder)]
    assert [one.communicate()[0].split()[0] for one in both] == ["7", "7"]
    assert [one.returncode for one in both] == [0, 0]
    assert result_and_hits(folder) == "7 1"


def test_a_folder_that_cannot_be_written_is_no_hindrance(folder: Path) -> None:
    (folder / "a file").write_text("")
    assert result_and_hits(folder, folder / "a file" / "below") == "7 0"


def test_what_no_process_used_for_long_is_removed_and_all_else_stays(folder: Path) -> None:
    old, recent = (folder / "kept" / "ehc_sim" / name for name in ("old-1", "recent-2"))
    for made, days in ((old, decorators.UNUSED_DAYS + 1), (recent, decorators.UNUSED_DAYS - 1)):
        (made / "below").mkdir(parents=True)
        used = time.time() - days * 24 * 60 * 60
        os.utime(made, (used, used))
    assert result_and_hits(folder) == "7 0"
    assert not old.exists()
    assert recent.exists()


def test_a_process_of_which_the_folder_is_removed_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(decorators, "_writable_folder", lambda: tmp_path)
    decorators.folder_of.cache_clear()
    made = entry(_steps_to_one.py_func)
    monkeypatch.undo()
    decorators.folder_of.cache_clear()
    decorators._remove_unused(tmp_path)
    (of_module,) = tmp_path.iterdir()
    for below in of_module.iterdir():
        below.rmdir()
    of_module.rmdir()
    assert made(27) == 111
    assert list(tmp_path.rglob("*.nbc"))


def test_the_kept_code_of_other_programs_of_this_process_stays_where_it_was() -> None:
    assert not str(decorators.config.CACHE_DIR or "").startswith(str(decorators._writable_folder()))


def test_what_the_event_loop_is_made_of_is_in_its_hash() -> None:
    """Its parts, the numbers that they name, and files far below: a change of any is seen."""
    beside = ROOT / "ehc_sim" / "engines" / "compiled" / "loop"
    expected = {f"ehc_sim.engines.compiled.loop.{file.stem}" for file in beside.glob("[!_]*.py")}
    expected |= {"ehc_sim.jit.machine", "ehc_sim.rng.philox", "ehc_sim.network.variates"}
    for part, others in ((going_on, set()), (run, {going_on.__name__})):
        sources: dict[str, bytes] = {}
        decorators._add_sources(part.__name__, sources)
        assert expected - others <= set(sources)


DOCUMENTED = {"numba.core.event"}
"""Of numba's core, what its documentation offers: its events."""


def _of_numba(tree: ast.AST) -> set[str]:
    """Return what a file takes from numba and llvmlite, and private names of anything's."""
    named: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            named |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            named |= {one.asname or one.name.split(".")[0]: one.name for one in node.names}
    theirs = {name for name in named.values() if name.split(".")[0] in ("numba", "llvmlite")}
    if not theirs:
        return set()
    dotted = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for text in dotted:
        first, _, rest = text.partition(".")
        if named.get(first) in theirs:
            theirs.add(f"{named[first]}.{rest}")
        elif first not in named and first != "self" and re.search(r"(^|\.)_[^_]", rest):
            theirs.add(f"numba?.{rest}")
    return theirs


def test_only_what_numba_offers_to_others_is_used() -> None:
    taken: dict[str, str] = {}
    for file in (ROOT / "ehc_sim").rglob("*.py"):
        found = _of_numba(ast.parse(file.read_text(encoding="utf-8")))
        taken |= dict.fromkeys(found, file.name)
    assert "numba.njit" in taken
    assert {name: file for name, file in taken.items() if "._" in name} == {}
    internal = {name for name in taken if ".core." in name}
    assert {name for name in internal if name.rpartition(".")[0] not in DOCUMENTED} == set()


@pytest.mark.parametrize(
    "text",
    [
        "from numba import njit\nnjit(one)._cache = kept",
        "import numba\nnumba.core.caching._Cache()",
        "from numba import config\nconfig._reloader",
        "from numba.core import _dispatcher",
    ],
)
def test_private_names_of_numba_are_found(text: str) -> None:
    assert any("._" in name for name in _of_numba(ast.parse(text)))
