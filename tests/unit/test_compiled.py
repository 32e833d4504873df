"""Code that is compiled as one program gives what its parts say."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from numba import njit
from numba.core.dispatcher import Dispatcher
from numba.core.extending import _Intrinsic

from ehc_sim.compiled import part, program, seldom
from ehc_sim.pathway import variates
from ehc_sim.pathway.event_loop import run

pytestmark = pytest.mark.unit


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


def names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from names_in(constant)


def files_compiled_into(function: Callable[..., Any], found: set[Path]) -> set[Path]:
    """Add the files of a function and of all compiled functions that it names, and so on."""
    found.add(Path(inspect.getfile(function)))
    for name in names_in(function.__code__):
        named = function.__globals__.get(name)
        if isinstance(named, Dispatcher):
            files_compiled_into(named.py_func, found)
        elif isinstance(named, _Intrinsic):
            found.add(Path(inspect.getfile(named._defn)))
    return found


@pytest.mark.parametrize(
    ("compiled", "files"),
    [(run.run_events, run.FILES), (variates.sample, variates.FILES)],
    ids=["event loop", "draw"],
)
def test_a_change_in_any_file_that_is_compiled_into_a_program_is_noticed(
    compiled: Dispatcher, files: tuple[Path, ...]
) -> None:
    needed = files_compiled_into(compiled.py_func, set())
    assert len(needed) >= 3
    assert needed <= set(files)
