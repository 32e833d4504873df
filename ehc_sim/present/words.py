"""Plain words for measures, numbers, ranges, chances, money and months.

Every function takes the experiment's units (shares from 0 to 1, pounds, weeks) and gives text. A
missing number is "not known". Percentages are whole: no range of a run supports a decimal.
"""

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from ehc_sim.catalogue.measure import Unit as Unit
from ehc_sim.catalogue.tables import NAMED
from ehc_sim.safe.small_counts import FEW as FEW

NOT_KNOWN = "not known"
NOT_SHOWN = "not shown"
"""In place of a published count of so few children that it is not passed on."""
FEWER = f"fewer than {FEW}"

_ROUNDED_FROM = 100
"""Numbers whose range is narrower than this are told to the last one."""

_FIVE_POINTS = 0.05

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def measure(name: str) -> str:
    """Return a measure's plain words; a name that is not known is returned without underlines."""
    return NAMED[name].words if name in NAMED else name.replace("_", " ")


def known(value: float | None) -> bool:
    """Whether a number is there and finite."""
    return value is not None and math.isfinite(value)


def percent(share: float | None) -> str:
    """Return a share as a whole percentage; what is not quite 0 or 100 never reads as such."""
    if share is None or not math.isfinite(share):
        return NOT_KNOWN
    whole = round(100 * share)
    if whole == 0 and share > 0:
        return "under 1%"
    if whole == 100 and share < 1:
        return "over 99%"
    return f"{_minus(whole)}%"


def percent_range(low: float | None, high: float | None) -> str:
    """Return two shares as "31% to 38%", or one percentage where both round to it."""
    return _range(percent(low), percent(high))


def number(value: float | None) -> str:
    """Return a whole number with thousands marked."""
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    return _minus(round(value))


def rounded_up(value: float) -> str:
    """Return a number of things to be done, up to two figures: 187 as "190"."""
    return number(math.ceil(value / (step := _second_figure(value))) * step)


def rounded(value: float) -> str:
    """Return a number to two figures: 187,400 as "190,000"."""
    return number(round(value / (step := _second_figure(value))) * step)


def number_range(low: float | None, high: float | None) -> str:
    """Return two numbers as "1,200 to 1,350"."""
    return _range(number(low), number(high))


class Counted(NamedTuple):
    """A number in words and its range, both rounded to what the range supports."""

    figure: str
    range: str


def counted(value: float | None, low: float | None, high: float | None) -> Counted:
    """Return a number and its range to the power of ten below a tenth of the range's width.

    With 6,914 to 7,209 about it 7,114 is 7,110, and with 700 to 2,300 about it 1,376 is 1,400.
    Nothing is rounded so far that a number above 0 would read as none.
    """
    ends = [one for one in (value, low, high) if one is not None and math.isfinite(one)]
    step = 1.0
    if len(ends) == 3 and ends[2] - ends[1] > _ROUNDED_FROM:
        sizes = [abs(one) for one in ends if one] + [(ends[2] - ends[1]) / 10]
        step = max(1.0, 10.0 ** math.floor(math.log10(min(sizes))))

    def rounded(one: float | None) -> str:
        return number(step * round(one / step) if one is not None and known(one) else one)

    return Counted(rounded(value), _range(rounded(low), rounded(high)))


def signed(value: float | None) -> str:
    """Return a whole number with its sign: "+35", "−4", "0"."""
    text = number(value)
    return f"+{text}" if value is not None and known(value) and round(value) > 0 else text


def weeks(value: float | None) -> str:
    """Return a whole number of weeks, with the word."""
    text = number(value)
    return text if text == NOT_KNOWN else f"{text} week" + ("" if text == "1" else "s")


def tenths(value: float | None) -> str:
    """Return a number with one decimal."""
    return f"{value:,.1f}" if value is not None and known(value) else NOT_KNOWN


def count_by_group(value: float | None) -> str:
    """Return a count of children in a group; a small one is "fewer than 6"."""
    if value is not None and value < FEW:
        return FEWER
    return number(value)


_PARTS = (
    *((1 / 20, "about 1 in 20"), (1 / 10, "about 1 in 10"), (1 / 7, "about 1 in 7")),
    *((1 / 5, "about 1 in 5"), (1 / 4, "about 1 in 4"), (3 / 10, "about 3 in 10")),
    *((1 / 3, "about 1 in 3"), (2 / 5, "about 2 in 5"), (9 / 20, "just under half")),
    *((1 / 2, "about half"), (11 / 20, "just over half"), (3 / 5, "about 3 in 5")),
    *((2 / 3, "about 2 in 3"), (7 / 10, "about 7 in 10"), (3 / 4, "about 3 in 4")),
    *((4 / 5, "about 4 in 5"), (6 / 7, "about 6 in 7"), (9 / 10, "about 9 in 10")),
    (19 / 20, "about 19 in 20"),
)
"""Parts that are said of a chance: the nearest is three and a half points off at most."""


def out_of(chance: float | None) -> str:
    """Return a chance as a few words: "about 1 in 3", "less than 1 in 20", "none"."""
    if chance is None or not math.isfinite(chance):
        return NOT_KNOWN
    if chance <= 0:
        return "none"
    if chance >= 1:
        return "all"
    if chance < _PARTS[0][0]:
        return "less than 1 in 20"
    if chance > _PARTS[-1][0]:
        return "more than 19 in 20"
    return min(_PARTS, key=lambda part: abs(part[0] - chance))[1]


def chance(value: float | None, low: float | None, high: float | None, between: str = "") -> str:
    """Return a chance in words with its ranges, as a share of the simulated futures.

    Parameters
    ----------
    value, low, high : float
        Chance and its 95% range, 0 to 1.
    between : str
        Its range between explanations of the past, in words; nothing where there is none.
    """
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    return f"{out_of(value)} of the simulated futures ({ranges(low, high, between)})"


def ranges(low: float | None, high: float | None, between: str = "") -> str:
    """Return the 95% range of a chance and, where there is one, that between explanations."""
    ends = percent_range(low, high)
    if not between:
        return ends
    apart = " to " in between or between == NOT_YET
    return f"{ends}; {f'between explanations {between}' if apart else f'{between} under each'}"


NOT_YET = "not known yet"
"""Of what more simulated futures would tell."""


def between(explanations: float, chance: Sequence[float]) -> str:
    """Return the range of a chance between explanations of the past: "13% to 45%".

    Parameters
    ----------
    explanations : float
        How many there are. Nothing is said of one, or none.
    chance : (float, float, float)
        The chance, and its lowest and highest of any explanation.
    """
    if not (explanations > 1 and known(chance[0])):
        return ""
    return percent_range(*chance[1:]) if known(chance[1]) else NOT_YET


def chance_percent(value: float | None, low: float | None, high: float | None) -> str:
    """Return a chance as a percentage, to five points where its range is wider than that.

    A hundred futures do not tell 37% from 39%: it reads "35%" or "40%".
    """
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    if value in (0, 1) or low is None or high is None or not high - low > _FIVE_POINTS:
        return percent(value)
    step = round(value / _FIVE_POINTS)
    if step == 0:
        return "under 5%"
    return "over 95%" if step == round(1 / _FIVE_POINTS) else percent(step * _FIVE_POINTS)


def chance_figures(
    value: float | None, low: float | None, high: float | None, between: str = ""
) -> str:
    """Return a chance as figures with its ranges: "60% (51% to 69%)"."""
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    return f"{chance_percent(value, low, high)} ({ranges(low, high, between)})"


def share_figures(value: float | None, low: float | None, high: float | None) -> str:
    """Return a share as figures with its range: "62% (58% to 66%)"."""
    if value is None or not math.isfinite(value):
        return NOT_KNOWN
    return f"{percent(value)} ({percent_range(low, high)})"


def pounds(amount: float | None) -> str:
    """Return pounds to about two figures: "£4,300", "£340,000", "£1.2 million", "−£20,000"."""
    if amount is None or not math.isfinite(amount):
        return NOT_KNOWN
    size = _two_figures(amount)
    if size >= 1_000_000:
        return f"{_pound_sign(amount)}{_tenths(size / 1_000_000)} million"
    return f"{_pound_sign(amount)}{size:,.0f}"


def pounds_short(amount: float | None) -> str:
    """Return pounds for a narrow column: "£4,300", "£340k", "£1.2m"."""
    if amount is None or not math.isfinite(amount):
        return NOT_KNOWN
    size = _two_figures(amount)
    if size >= 1_000_000:
        return f"{_pound_sign(amount)}{_tenths(size / 1_000_000)}m"
    if size >= 10_000:
        return f"{_pound_sign(amount)}{size / 1_000:.0f}k"
    return f"{_pound_sign(amount)}{size:,.0f}"


def pounds_range(low: float | None, high: float | None) -> str:
    """Return two amounts as "£1.1 million to £1.3 million", or one where both round to it."""
    return _range(pounds(low), pounds(high))


def quantity(value: float | None, unit: Unit) -> str:
    """Return a number in the words of its unit."""
    if unit == "share":
        return percent(value)
    if unit == "pounds":
        return pounds(value)
    if unit == "weeks":
        return weeks(value)
    return number(value)


def month(text: str, *, short: bool = False) -> str:
    """Return "2026-03" or "2026-03-01" as "March 2026", or "Mar 2026"; other text unchanged."""
    day = _day(text)
    return text if day is None else month_of(day, short=short)


def month_of(day: date, *, short: bool = False) -> str:
    """Return the month of a day, as "March 2026" or "Mar 2026"."""
    return f"{day:{'%b' if short else '%B'}} {day.year}"


def window(first: date, last: date) -> str:
    """Return the months of two days: "January to December 2026", "May 2025 to April 2026"."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{last:%B} {last.year}"
    if first.year == last.year:
        return f"{first:%B} to {last:%B} {last.year}"
    return f"{first:%B} {first.year} to {last:%B} {last.year}"


def join(parts: Sequence[str]) -> str:
    """Return "a", "a and b", or "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def quoted(names: Sequence[str], most: int = 5) -> str:
    """Return names in quotation marks, joined; past `most` only how many more there are."""
    marked = [f"“{name}”" for name in names]
    if len(marked) > most:
        marked = [*marked[: most - 1], f"{how_many(len(marked) - most + 1)} more"]
    return join(marked)


def how_many(whole: int) -> str:
    """Return a small number as a word, from "no" to "ten"; a larger one as figures."""
    return _SMALL[whole] if 0 <= whole < len(_SMALL) else f"{whole:,}"


def place(whole: int) -> str:
    """Return a place in an order: "1st", "2nd", "11th"."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole}th" if whole % 100 in (11, 12, 13) else f"{whole}{ending}"


def plural(whole: int, one: str, many: str) -> str:
    """Return the word that goes with a number."""
    return one if whole == 1 else many


def capital(text: str) -> str:
    """Return text with a capital at its start and the rest as it is."""
    return text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """Return text as it goes inside a sentence: "Advice" as "advice", but "CAMHS" as it is."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _second_figure(value: float) -> int:
    """Return the size of a number's second figure, 1 at least."""
    return int(10 ** max(math.floor(math.log10(max(value, 1))) - 1, 0))


def _two_figures(amount: float) -> float:
    size = abs(amount)
    return 0.0 if size < 0.5 else round(size, 1 - math.floor(math.log10(size)))


def _pound_sign(amount: float) -> str:
    return "−£" if amount <= -0.5 else "£"


def _tenths(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _minus(whole: int) -> str:
    return f"{whole:,}".replace("-", "−")


def _range(low: str, high: str) -> str:
    if NOT_KNOWN in (low, high):
        return "range " + NOT_KNOWN
    if low == high:
        return low
    return f"{low} to {high}"


def _day(text: str) -> datetime | None:
    for form in ("%Y-%m-%d", "%Y-%m", "%B %Y"):
        try:
            return datetime.strptime(text.strip(), form)
        except ValueError:
            continue
    return None
