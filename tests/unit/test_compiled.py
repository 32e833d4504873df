"""Code that is compiled as one program gives what its parts say."""

from __future__ import annotations

import pytest
from numba import njit

from ehc_sim.compiled import part, program, seldom

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
