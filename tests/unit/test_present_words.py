"""Numbers become plain words, and say no more than they know."""

from __future__ import annotations

import re
from datetime import date

import pytest

from ehc_sim.catalogue.tables import NAMED
from ehc_sim.present import words

pytestmark = pytest.mark.unit
NAN = float("nan")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.334, "33%"),
        (0.0, "0%"),
        (1.0, "100%"),
        (0.001, "under 1%"),
        (0.998, "over 99%"),
        (1.16, "116%"),
        (NAN, "not known"),
        (None, "not known"),
    ],
)
def test_a_share_is_a_whole_percentage(share, said):
    assert words.percent(share) == said


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (0.0, "none"),
        (0.02, "less than 1 in 20"),
        (0.06, "about 1 in 20"),
        (0.1, "about 1 in 10"),
        (0.31, "about 3 in 10"),
        (0.5, "about half"),
        (0.35, "about 1 in 3"),
        (0.45, "just under half"),
        (0.16, "about 1 in 7"),
        (0.91, "about 9 in 10"),
        (0.94, "about 19 in 20"),
        (0.99, "more than 19 in 20"),
        (1.0, "all"),
    ],
)
def test_a_chance_is_said_in_a_few_words(chance, said):
    assert words.out_of(chance) == said


def test_a_chance_comes_with_its_range():
    assert words.chance(0.31, 0.27, 0.36) == "about 3 in 10 of the simulated futures (27% to 36%)"
    assert words.chance(0.0, 0.0, 0.009) == "none of the simulated futures (0% to 1%)"
    assert words.share_figures(0.31, 0.27, 0.36) == "31% (27% to 36%)"
    assert words.chance_figures(0.31, NAN, NAN) == "31% (range not known)"


def test_a_chance_is_told_to_five_points_where_its_range_is_wider():
    """37 of 100 (28 to 47) is not told from 39 of 100; 1,240 of 4,000 are told to the point."""
    for share, said in ((0.37, "35%"), (0.39, "40%"), (0.02, "under 5%"), (0.99, "over 95%")):
        assert words.chance_figures(share, 0.2, 0.3) == f"{said} (20% to 30%)"
    assert words.chance_figures(0.31, 0.296, 0.325) == "31% (30% to 32%)"
    assert words.chance_figures(0.0, 0.0, 0.09) == "0% (0% to 9%)"
    assert words.chance_percent(NAN, 0.1, 0.2) == "not known"


def test_no_percentage_has_a_decimal():
    for thousandths in range(1001):
        assert re.fullmatch(r"(under |over )?\d+%", words.percent(thousandths / 1000))


def test_only_none_and_all_are_called_so():
    """A chance that is not quite 0 or 1 must not read as certain."""
    for thousandths in range(1, 1000):
        share = thousandths / 1000
        assert words.percent(share) not in ("0%", "100%")
        assert words.out_of(share) not in ("none", "all")


@pytest.mark.parametrize(
    ("amount", "said", "short"),
    [
        (0, "£0", "£0"),
        (93.4, "£93", "£93"),
        (4_321, "£4,300", "£4,300"),
        (338_000, "£340,000", "£340k"),
        (999_999, "£1 million", "£1m"),
        (1_234_567, "£1.2 million", "£1.2m"),
        (12_345_678, "£12 million", "£12m"),
        (-20_400, "−£20,000", "−£20k"),
        (NAN, "not known", "not known"),
    ],
)
def test_money_is_said_to_two_figures(amount, said, short):
    assert words.pounds(amount) == said
    assert words.pounds_short(amount) == short


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ((2027, 1, 1), (2027, 12, 31), "January to December 2027"),
        ((2026, 9, 1), (2027, 8, 31), "September 2026 to August 2027"),
        ((2027, 5, 1), (2027, 5, 31), "May 2027"),
    ],
)
def test_a_window_is_said_in_months(first, last, said):
    assert words.window(date(*first), date(*last)) == said


def test_lists_are_joined_as_people_say_them():
    assert words.join([]) == ""
    assert words.join(["a"]) == "a"
    assert words.join(["a", "b"]) == "a and b"
    assert words.join(["a", "b", "c"]) == "a, b and c"
    assert words.quoted(list("abcdefgh"), most=4) == "“a”, “b”, “c” and five more"


@pytest.mark.parametrize("count", [0, 1, 5, 5.9])
def test_small_counts_of_children_are_not_shown(count):
    assert words.count_by_group(count) == "fewer than 6"


def test_counts_from_six_are_shown():
    assert words.count_by_group(6) == "6"
    assert words.count_by_group(1_207) == "1,207"
    assert words.count_by_group(NAN) == "not known"


def test_differences_say_which_way():
    assert words.signed(35.2) == "+35"
    assert words.signed(-4) == "−4"
    assert words.signed(0.2) == "0"


def test_every_measure_has_plain_words():
    for name, measure in NAMED.items():
        assert "_" not in measure.words, name
        assert not re.search(r"stochastic|kernel|\bWIP\b", measure.words)


def test_a_measure_that_is_not_known_still_reads_well():
    assert words.measure("some_new_thing") == "some new thing"


def test_a_capital_is_lost_inside_a_sentence_unless_it_is_an_abbreviation():
    assert words.uncapital("Draft plan") == "draft plan"
    assert words.uncapital("CAMHS") == "CAMHS"


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ((7114.0, 6914.0, 7209.0), ("7,110", "6,910 to 7,210")),
        ((43_422.0, 41_900.0, 45_100.0), ("43,400", "41,900 to 45,100")),
        ((1376.0, 700.0, 2300.0), ("1,400", "700 to 2,300")),
        ((149.0, 119.0, 179.0), ("149", "119 to 179")),
        ((400.0, 3.0, 900.0), ("400", "3 to 900")),
        ((4.0, 0.0, 120.0), ("4", "0 to 120")),
        ((-2140.0, -3333.0, -911.0), ("−2,100", "−3,300 to −900")),
        ((5000.0, 5000.0, 5000.0), ("5,000", "5,000")),
        ((float("nan"), 1.0, 2.0), ("not known", "1 to 2")),
        ((12.0, None, None), ("12", "range not known")),
    ],
)
def test_a_count_is_told_as_far_as_its_range_supports(numbers, told):
    assert words.counted(*numbers) == told
