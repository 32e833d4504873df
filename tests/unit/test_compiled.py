"""Code that is compiled as one program gives what its parts say."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba import njit

from ehc_sim import counted
from ehc_sim.compiled import fingerprint, part, program, seldom
from ehc_sim.machine import high_half
from ehc_sim.pathway.event_loop import queues, values
from ehc_sim.pathway.event_loop.run import run_events

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]


@part
def _twice(number: int) -> int:
    return 2 * number


@seldom
def _collatz_step(number: int) -> int:
    return number // 2 if number % 2 == 0 else _twice(number) + number + 1


@part
def _steps_to_one(number: int) -> int:
    steps = 0
    while number > 1:
        number = _collatz_step(number)
        steps += 1
    return steps


def test_parts_of_parts_are_in_the_program() -> None:
    """27 takes 111 steps (OEIS A006577)."""

    @program
    def steps_and_twice(number: int) -> tuple[int, int]:
        return _steps_to_one(number), _twice(number)

    assert steps_and_twice(27) == (111, 54)
    assert steps_and_twice(97) == (118, 194)


def test_two_programs_may_share_a_part() -> None:
    @program
    def one(number: int) -> int:
        return _steps_to_one(number) + 1

    @program
    def other(number: int) -> int:
        return _steps_to_one(number) - 1

    assert one(6) == 9
    assert other(6) == 7
    assert one(7) == 17


def test_a_part_is_put_where_it_is_called_and_what_is_called_seldom_is_not() -> None:
    @program
    def steps(number: int) -> int:
        return _steps_to_one(number)

    assert steps(3) == 7
    steps.recompile()  # what was compiled before has no text to look at
    (code,) = steps.inspect_llvm().values()
    defined = [line for line in code.splitlines() if line.startswith("define")]
    assert any("_collatz_step" in line for line in defined)
    assert not any("_steps_to_one" in line or "_twice" in line for line in defined)


def test_a_part_that_no_program_calls_is_refused() -> None:
    @njit
    def steps(number: int) -> int:
        return _steps_to_one(number)

    with pytest.raises(RuntimeError, match="only a program or another part may call it"):
        steps(3)


PROGRAM = {
    "numbers_of.py": "STEP = 3\n",
    "parts.py": """
from ehc_sim.compiled import part
from numbers_of import STEP

@part
def step(number: int) -> int:
    return number + STEP
""",
    "made.py": """
from ehc_sim.compiled import program
from parts import step

@program
def two_steps(number: int) -> int:
    return step(step(number))

print(two_steps(1), sum(two_steps.stats.cache_hits.values()))
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in PROGRAM.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def result_and_hits(folder: Path) -> str:
    """Run the program in a process of its own; return its result and how often it was kept."""
    path = os.pathsep.join([str(folder), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path, "NUMBA_CACHE_DIR": str(folder / "kept")}
    command = [sys.executable, "-B", "made.py"]
    return subprocess.check_output(command, cwd=folder, env=environment, text=True).strip()


def test_a_program_is_kept_until_a_number_of_another_file_changes(folder: Path) -> None:
    assert result_and_hits(folder) == "7 0"
    assert result_and_hits(folder) == "7 1"
    (folder / "numbers_of.py").write_text("STEP = 4\n", encoding="utf-8")
    assert result_and_hits(folder) == "9 0"


def test_a_program_is_compiled_anew_when_a_part_in_another_file_changes(folder: Path) -> None:
    assert result_and_hits(folder) == "7 0"
    text = PROGRAM["parts.py"]
    (folder / "parts.py").write_text(f"# A remark.\n{text}", encoding="utf-8")
    assert result_and_hits(folder) == "7 1"
    (folder / "parts.py").write_text(text.replace("+ STEP", "- STEP"), encoding="utf-8")
    assert result_and_hits(folder) == "-5 0"


def test_numbers_of_a_module_and_of_an_array_are_in_a_fingerprint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def places(number: int) -> int:
        return int(number * queues.PLACE_COLUMNS)

    before = fingerprint(places)
    monkeypatch.setattr(queues, "PLACE_COLUMNS", queues.PLACE_COLUMNS + 1)
    assert fingerprint(places) != before
    before = fingerprint(looked_up)
    monkeypatch.setitem(globals(), "LOOKED_UP", np.arange(1000) + (np.arange(1000) == 500))
    assert fingerprint(looked_up) != before


LOOKED_UP = np.arange(1000)


def looked_up(number: int) -> int:
    return int(LOOKED_UP[number])


def test_what_is_compiled_into_the_event_loop_is_in_its_fingerprint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A number of a file far below, one of a file beside it, and another function."""
    before = fingerprint(run_events.py_func)
    assert fingerprint(run_events.py_func) == before
    for module, name in ((counted, "_ROUNDS"), (queues, "PLACE_COLUMNS")):
        with monkeypatch.context() as changed:
            changed.setattr(module, name, getattr(module, name) + 1)
            assert fingerprint(run_events.py_func) != before
    with monkeypatch.context() as changed:
        changed.setattr(values, "fetch", high_half)
        assert fingerprint(run_events.py_func) != before
    assert fingerprint(run_events.py_func) == before
