"""The line of every key of a TOML text."""

from __future__ import annotations

import pytest

from ehc_sim.scenario.positions import NotToml, given_twice, lines_of

pytestmark = pytest.mark.unit

TEXT = '''\
# a comment with [brackets] and key = value
name = "x"   # and one with "quotes
why = """
two = 2
lines"""

[teams."plan writers"]  # header
posts = { low = 1, likely = 2, high = 3 }
patches.North.posts = 4
'single' = 5
"tab\\tbed" = 6

[teams."plan writers".agency]
weights = [
  1, # [
  { a = "]", b = 2 },
]

[[change]]
what = "a"
from = 2025-09-01 07:30:00

[[change]]
what = 'it''s'
[change.set]
price = 3

[teams]
more = true
'''.replace("'it''s'", "'its'")


def test_lines() -> None:
    lines = lines_of(TEXT)
    plan = ("teams", "plan writers")
    expected = {
        ("name",): 2,
        ("why",): 3,
        plan: 7,
        (*plan, "posts"): 8,
        (*plan, "posts", "high"): 8,
        (*plan, "patches"): 9,
        (*plan, "patches", "North", "posts"): 9,
        (*plan, "single"): 10,
        (*plan, "tab\tbed"): 11,
        (*plan, "agency"): 13,
        (*plan, "agency", "weights"): 14,
        (*plan, "agency", "weights", 0): 15,
        (*plan, "agency", "weights", 1): 16,
        (*plan, "agency", "weights", 1, "b"): 16,
        ("change",): 19,
        ("change", 0): 19,
        ("change", 0, "from"): 21,
        ("change", 1): 23,
        ("change", 1, "what"): 24,
        ("change", 1, "set"): 25,
        ("change", 1, "set", "price"): 26,
        ("teams",): 28,
        ("teams", "more"): 29,
    }
    assert {where: lines[where] for where in expected} == expected


@pytest.mark.parametrize(
    ("text", "where", "line", "first"),
    [
        ("a = 1\nb = 2\na = 3\n", ("a",), 3, 1),
        ("[t]\na = 1\n[u]\n[t]\n", ("t",), 4, 1),
        ("[t]\na.b = 1\na.b = 2\n", ("t", "a", "b"), 3, 2),
        ("a = 1\n[a]\n", ("a",), 2, 1),
        ("a = 1\na = 2\nb = \n", ("a",), 2, 1),
    ],
)
def test_what_is_given_twice(text: str, where: tuple[str, ...], line: int, first: int) -> None:
    (twice,) = given_twice(text)
    assert (twice.where, twice.line, twice.first) == (where, line, first)


@pytest.mark.parametrize(
    "text", ["a", "a = ", '"\\q" = 1', "[a", 'a = "b', "a = [1", "a = {b = 1", "= 3"]
)
def test_what_is_not_toml_is_refused(text: str) -> None:
    with pytest.raises(NotToml):
        lines_of(text)
