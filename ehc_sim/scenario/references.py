"""What a reference of a case may look like, so that no reference is a person in disguise.

A reference needs digits, and has few letters: a name is not one, whatever is put between its parts.
What has a form of its own is refused: days (of birth), and the numbers and codes of persons.
"""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

LONGEST = 20
MOST_LETTERS = 4
FEWEST_DIGITS = 3
"""After letters in a file of one reference; initials are often followed by one or two."""
MOST_DIGITS_IN_A_ROW = 9
"""NHS numbers and learner numbers have ten, telephone numbers eleven."""
MOST_DIGITS = 12
WORDS = ("EHCNA", "EHCAR", "EXAMPLE")
"""Longer beginnings: needs assessment, assessment request, and the rows of a template."""

ALLOWED = (
    f"allowed are digits, with up to {MOST_LETTERS} letters before them and one after, with "
    "-, _ or / between, such as 2024-00123 or EHC/2024/0123"
)

INITIALS = (
    "letters that no other reference begins with may be initials; allowed are those of a kind of "
    "case or an area"
)

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHAPE = re.compile(
    rf"(?:([A-Z]{{1,{MOST_LETTERS}}}|{'|'.join(WORDS)})[-_/]?)?"
    r"([0-9]+(?:[-_/][0-9]+)*)(?:[-_/]?([A-Z]))?"
)
_BORN = range(1990, 2050)
_MOSTLY = 0.9
"""Share of six-digit numbers that are days of birth, above which all are taken to be; serial
numbers that begin with 10 to 31 look like days in up to half of the cases."""


def problem_of_reference(text: str) -> str | None:
    """Return why a text may not be a reference; None where it may. The text is not repeated.

    Parameters
    ----------
    text : str
        Without spaces at its ends.
    """
    found = _SHAPE.fullmatch(text.upper()) if text.isascii() else None
    if found is None or len(text) > LONGEST:
        return f"found what may be a name or a number of a person; {ALLOWED}"
    letters, digits, last = found[1] or "", found[2], found[3] or ""
    groups = [len(group) for group in re.split("[-_/]", digits)]
    count = sum(groups)
    telephone = digits.startswith("0") and count in (10, 11)
    too_long = max(groups) > MOST_DIGITS_IN_A_ROW or count > MOST_DIGITS
    if too_long or telephone or groups == [3, 3, 4]:
        return (
            "looks like the number of a person (NHS, pupil, learner, telephone); allowed are at "
            f"most {MOST_DIGITS_IN_A_ROW} digits in a row and {MOST_DIGITS} in all"
        )
    if (len(letters), count + len(last), bool(last)) in ((1, 12, False), (1, 12, True)):
        return "looks like a unique pupil number"
    if (len(letters), count, len(last)) == (2, 6, 1):
        return "looks like a National Insurance number"
    if _has_a_day(digits):
        return "looks like a date, which may be one of birth"
    return None


def problems_of_references(texts: Sequence[str]) -> dict[int, str]:
    """Return why some of a column's texts may not be references, by place.

    Parameters
    ----------
    texts : sequence of str
        The column; blanks are passed over.
    """
    there = {place: text for place, text in enumerate(texts) if text}
    found = {
        place: problem
        for place, text in there.items()
        if (problem := problem_of_reference(text)) is not None
    }
    sound = {place: text.upper() for place, text in there.items() if place not in found}
    found |= dict.fromkeys(_days_of_six_digits(sound), "looks like a date of birth of six digits")
    return found | dict.fromkeys(_initials(sound), INITIALS)


def same_reference(text: str) -> str:
    """Return a reference without what does not matter: capitals, and what stands between parts."""
    return "-".join(re.findall("[A-Z]+|[0-9]+", text.upper()))


def _initials(texts: dict[int, str]) -> list[int]:
    """Return the places of references that begin with letters as no other does."""
    letters = {
        place: text[: len(text) - len(text.lstrip(_LETTERS))] for place, text in texts.items()
    }
    same = Counter(letters.values())
    return [
        place
        for place, one in letters.items()
        if one
        and one not in WORDS
        and same[one] == 1
        and (len(same) > 1 or sum(c.isdigit() for c in texts[place]) < FEWEST_DIGITS)
    ]


def _has_a_day(digits: str) -> bool:
    """Return whether digits have a day among them, in eight in a row or in three groups."""
    groups = re.split("[-_/]", digits)
    eights = [group for group in groups if len(group) == 8]
    triples = [tuple(groups[i : i + 3]) for i in range(len(groups) - 2)]
    return any(
        _is_day(e[:4], e[4:6], e[6:]) or _is_day(e[4:], e[2:4], e[:2]) for e in eights
    ) or any(_is_day(*triple) or _is_day(*reversed(triple)) for triple in triples)


def _is_day(year: str, month: str, day: str) -> bool:
    if len(year) not in (2, 4) or len(month) > 2 or len(day) > 2:
        return False
    century = 0 if len(year) == 4 else 2000 if int(year) < 50 else 1900
    try:
        return date(int(year) + century, int(month), int(day)).year in _BORN
    except ValueError:
        return False


def _days_of_six_digits(texts: dict[int, str]) -> list[int]:
    """Return the places of six-digit numbers, where almost all of them are days."""
    sixes = {
        place: found[1]
        for place, text in texts.items()
        if (found := re.fullmatch("[A-Z]*[-_/]?([0-9]{6})[-_/]?[A-Z]?", text)) is not None
    }
    days = [
        place
        for place, six in sixes.items()
        if _is_day(six[4:], six[2:4], six[:2]) or _is_day(six[:2], six[2:4], six[4:])
    ]
    return days if sixes and len(days) >= _MOSTLY * len(sixes) else []
