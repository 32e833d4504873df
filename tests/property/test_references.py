"""References: no name passes, and what does not matter makes no difference."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehc_sim.scenario.references import problem_of_reference, same_reference

pytestmark = pytest.mark.property

LETTERS = st.text(string.ascii_letters, min_size=1, max_size=12)
BETWEEN = st.sampled_from(["", " ", "-", "_", "/", ".", ", ", "'"])
GOOD = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "SIM-", "ehc/", "REF_", "A"]),
    st.integers(0, 99_999).map("{:05d}".format),
    st.sampled_from(["", "/17", "-004", "B"]),
)


@given(words=st.lists(LETTERS, min_size=1, max_size=4), between=BETWEEN)
def test_letters_alone_are_no_reference_whatever_stands_between(words, between) -> None:
    assert problem_of_reference(between.join(words)) is not None


@given(name=st.text(string.ascii_letters, min_size=5, max_size=14), number=st.integers(0, 9999))
def test_a_longer_word_with_a_number_is_no_reference(name, number) -> None:
    if name.upper() not in ("EHCNA", "EHCAR", "EXAMPLE"):
        for text in (f"{name}{number}", f"{name}-{number}", f"{number}{name}", f"{number}/{name}"):
            assert problem_of_reference(text) is not None


@given(
    day=st.dates(), way=st.sampled_from(["%Y%m%d", "%d%m%Y", "%Y-%m-%d", "%d/%m/%Y", "%d_%m_%y"])
)
def test_no_day_is_a_reference(day, way) -> None:
    if 1990 <= day.year < 2050:
        assert problem_of_reference(day.strftime(way)) is not None
        assert problem_of_reference("OS-" + day.strftime(way)) is not None


@given(
    reference=GOOD,
    change=st.sampled_from([str.upper, str.lower, str.title]),
    sign=st.sampled_from("-_/"),
)
def test_a_reference_is_the_same_in_other_capitals_and_signs(reference, change, sign) -> None:
    assert problem_of_reference(reference) is None
    other = change(reference).replace("-", sign).replace("/", sign)
    assert same_reference(other) == same_reference(reference)


@given(one=GOOD, two=GOOD)
def test_two_references_with_other_letters_or_digits_are_two(one, two) -> None:
    plain = [("".join(filter(str.isalnum, text))).upper() for text in (one, two)]
    if plain[0] != plain[1]:
        assert same_reference(one) != same_reference(two)
