"""Numbers that may be uncertain, may carry a source and may be changed."""

from __future__ import annotations

import math

import pytest
from pydantic import TypeAdapter, ValidationError

from ehc_sim.scenario.numbers import FROM_FILE, Number, Step, fixed, number_of
from ehc_sim.scenario.ranges import Share

pytestmark = pytest.mark.unit


def test_forms_of_a_number() -> None:
    certain = Number.model_validate(12)
    assert certain == Number.model_validate({"value": 12}) == fixed(12)
    uncertain = Number.model_validate({"low": 10, "likely": 12, "high": 16, "source": "a book"})
    assert (uncertain.low, uncertain.likely, uncertain.high) == (10, 12, 16)
    assert uncertain.source == "a book"
    assert not certain.uncertain
    assert uncertain.uncertain


@pytest.mark.parametrize("inner", [{"key": "a"}, {"steps": []}])
def test_inner_fields_cannot_come_from_a_file(inner: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="unknown key"):
        Number.model_validate({"value": 1, **inner}, context=FROM_FILE)


@pytest.mark.parametrize("given", ["12", True, None, [1], {"value": "x"}, {"value": True}, {}])
def test_what_is_no_number(given: object) -> None:
    assert number_of(given) is None


@pytest.mark.parametrize(
    ("given", "fitted"),
    [
        ({"value": 1, "note": "Fitted to 20 weeks by age."}, False),
        ({"value": 1, "note": "Asked two officers.", "fitted": True}, True),
        ({"low": 1, "likely": 2, "high": 3, "fitted": True, "source": "a book"}, True),
        ({"value": 1, "note": "Fitted.", "fitted": False}, False),
        (1, False),
    ],
)
def test_a_number_is_fitted_where_its_key_says_so_whatever_its_note(
    given: object, fitted: bool
) -> None:
    number = number_of(given)
    assert number is not None
    assert number.fitted is fitted
    stepped = number.model_copy(update={"steps": (Step(kind="add", amount=fixed(1)),)})
    assert stepped.fitted is fitted


@pytest.mark.parametrize("given", ["yes", 1, None, []])
def test_fitted_is_true_or_false(given: object) -> None:
    with pytest.raises(ValidationError, match=r"fitted: found .*, allowed is true or false"):
        Number.model_validate({"value": 1, "fitted": given}, context=FROM_FILE)


def test_triangle_quantiles() -> None:
    number = Number(low=10, likely=12, high=16)
    assert number.quantile(0) == 10
    assert number.quantile(1) == 16
    # The share below the most likely value is (12 - 10) / (16 - 10); the density rises and falls
    # in straight lines, so a quarter of that share lies in the first half of the rise.
    assert number.quantile(1 / 3) == pytest.approx(12, abs=1e-12)
    assert number.quantile(1 / 12) == pytest.approx(11, abs=1e-12)
    assert number.quantile(1 - 2 / 3 / 4) == pytest.approx(14, abs=1e-12)


def test_steps_are_applied_in_order() -> None:
    steps = (Step(kind="add", amount=fixed(2)), Step(kind="multiply", amount=fixed(3)))
    number = fixed(4).model_copy(update={"steps": steps})
    assert float(number) == 18
    assert number.drawn(lambda key: math.nan) == 18
    assert not number.uncertain


def test_range_of_a_number_with_uncertain_steps() -> None:
    steps = (
        Step(kind="add", amount=Number(low=-3, likely=0, high=1)),
        Step(kind="multiply", amount=Number(low=-1, likely=1, high=2)),
    )
    number = Number(low=1, likely=2, high=3).model_copy(update={"steps": steps})
    assert number.uncertain
    assert number.smallest == -4  # (1 - 3) * 2 and (3 + 1) * -1
    assert number.largest == 8  # (3 + 1) * 2


def test_limits_hold_after_the_steps() -> None:
    share = TypeAdapter(Share)
    assert share.validate_python(0.6).largest == 0.6
    grown = fixed(0.6).model_copy(
        update={"steps": (Step(kind="multiply", amount=Number(low=1, likely=1.5, high=2)),)}
    )
    with pytest.raises(ValidationError, match=r"found 1\.2, allowed is 0 to 1"):
        share.validate_python(grown)


def test_a_number_in_words() -> None:
    assert str(fixed(12_000)) == "12,000"
    assert str(Number(low=1, likely=1.5, high=2)) == "1 to 2, most likely 1.5"
    steps = (Step(kind="add", amount=fixed(2)), Step(kind="multiply", amount=fixed(0.5)))
    assert str(fixed(3).model_copy(update={"steps": steps})) == "3; plus 2; times 0.5"
