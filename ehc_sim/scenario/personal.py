"""What looks as if it were about a person: names of columns, and what stands in them.

The checks are for files that need no personal data, so that none is read by mistake. They find what
has a form of its own. They cannot find everything: a first name alone is only a word.
"""

import re
from collections.abc import Callable, Mapping, Sequence

PERSONAL = (
    "name", "forename", "surname", "dob", "birth", "born", "upn", "uln", "nhs", "postcode",
    "address", "email", "mail", "phone", "mobile", "telephone", "tel", "pupil", "child", "parent",
    "parents", "carer", "mother", "father", "initials", "gender", "sex", "ethnicity", "religion",
    "nationality",
)  # fmt: skip
"""Words in a column's name that mean the file is about persons."""
WITHIN = ("name", "birth", "postcode", "address", "email", "phone", "pupil", "ethnic")
"""Words that mean so within a longer word, such as firstname."""

_PUPIL = re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[0-9A-HJ-NP-RT-Z]\b", re.IGNORECASE)
_PUPIL_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_NHS = re.compile(r"(?<!\d)\d{3}([ -]?)\d{3}\1\d{4}(?!\d)")
_POSTCODE = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b"
    r"|^[A-Z]{1,2}\d[A-Z\d]?\d[ABD-HJLNP-UW-Z]{2}$",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_WORD = r"[^\W\d_a-z][^\W\d_A-Z]+(?:['’-][^\W\d_]+)*"
_NAME = re.compile(rf"\b{_WORD},? {_WORD}\b")
_YEAR, _MONTH, _DAY = r"(?:19[89]\d|20[0-4]\d)", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_DATE = re.compile(
    rf"(?<!\d)(?:{_YEAR}[-/.]{_MONTH}[-/.]{_DAY}|{_DAY}[-/.]{_MONTH}[-/.]{_YEAR}"
    rf"|{_DAY}/{_MONTH}/\d\d)(?!\d)"
)


def names_a_person(column: str) -> bool:
    """Return whether a column's name looks as if the column were about persons."""
    words = re.split(r"[^a-z]+", column.lower())
    whole = "".join(words)
    return (
        any(word in words or word == whole for word in PERSONAL)
        or any(within in word for within in WITHIN for word in (*words, whole))
        or any(re.fullmatch("(dob|upn|uln|nhs)(no|number|s)?", word) for word in words)
    )


def is_pupil_number(text: str) -> bool:
    """Return whether a text is a unique pupil number with its right check letter.

    A letter, then 12 digits, or 11 and a letter for a temporary one. The check letter is that of
    the digits weighted by 2, 3, …, 13, modulo 23 (DfE, Unique Pupil Numbers: a guide for schools
    and local authorities; the letter at the end counts as its place among the letters).
    """
    text = text.upper()
    if not _PUPIL.fullmatch(text):
        return False
    values = [int(c) if c.isdigit() else _PUPIL_LETTERS.index(c) for c in text[1:]]
    total = sum(value * weight for weight, value in enumerate(values, start=2))
    return text[0] == _PUPIL_LETTERS[total % 23]


def is_nhs_number(text: str) -> bool:
    """Return whether a text is ten digits with the check digit of an NHS number.

    The first nine digits are weighted by 10, 9, …, 2; the check digit is 11 less the sum modulo 11,
    0 for 11, and never 10 (NHS Data Dictionary, NHS Number).
    """
    digits = [int(c) for c in text if c.isdigit()]
    if not _NHS.fullmatch(text.strip()):
        return False
    check = 11 - sum(d * w for d, w in zip(digits[:9], range(10, 1, -1), strict=True)) % 11
    return digits[9] == (0 if check == 11 else check)


def personal_content(values: Sequence[str], words: bool = True) -> dict[str, list[int]]:
    """Return what the values of a column look like, where they look personal.

    Plain numbers of ten digits happen to have the check digit of an NHS number once in eleven
    times, so those written without spaces count only when they are most of the column's ten-digit
    numbers.

    Parameters
    ----------
    values : sequence of str
        What stands in a column, one text a row.
    words : bool
        Whether two words with capitals are a name, and dates are dates of birth; False for columns
        in which words or dates are expected.

    Returns
    -------
    dict of str to list of int
        For each kind of personal data found, the places of its values.
    """
    kinds: dict[str, Callable[[str], bool]] = {
        "a unique pupil number": lambda text: any(map(is_pupil_number, _PUPIL.findall(text))),
        "an e-mail address": lambda text: bool(_EMAIL.search(text)),
        "a postcode": lambda text: bool(_POSTCODE.search(text)),
    }
    if words:
        kinds["a person's name"] = lambda text: bool(_NAME.search(text))
        kinds["a date, which may be one of birth"] = lambda text: bool(_DATE.search(text))
    places: dict[str, list[int]] = {}  # the same text stands in many rows
    for place, text in enumerate(values):
        places.setdefault(text, []).append(place)
    found = {
        kind: sorted(place for text in places if looks(text) for place in places[text])
        for kind, looks in kinds.items()
    }
    found["an NHS number"] = _nhs_numbers(places)
    return {kind: rows for kind, rows in found.items() if rows}


def _nhs_numbers(places: Mapping[str, Sequence[int]]) -> list[int]:
    numbers = {
        place: match[0]
        for text, rows in places.items()
        if (match := _NHS.search(text))
        for place in rows
    }
    valid = sorted(place for place, number in numbers.items() if is_nhs_number(number))
    if 2 * len(valid) > len(numbers):
        return valid
    return [place for place in valid if not numbers[place].isdigit()]


def in_words(found: Mapping[str, Sequence[int]], lines: Sequence[int]) -> list[tuple[int, str]]:
    """Return a line of the file and a message for each kind of personal data in a column.

    The value itself is not repeated.

    Parameters
    ----------
    found : mapping of str to sequence of int
        As ``personal_content`` returns.
    lines : sequence of int
        Line of the file of each value.
    """
    said = []
    for kind, places in found.items():
        more = len(places) - 1
        rows = f", and {more} more row{'s' * (more > 1)}" if more else ""
        said.append(
            (
                lines[places[0]],
                f"looks like {kind}{rows}; no personal data is needed, so take it out of the file",
            )
        )
    return said
