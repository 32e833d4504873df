"""Numbers as people and spreadsheets write them, where there is one meaning."""

import re

_WHOLE = re.compile(
    r"([0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2}|[0-9]{1,3}(?: [0-9]{3}){1,2})(\.00?)?"
)
_NUMBER = re.compile(r"(-?)([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(\.[0-9]{1,15})?")


def whole_in(text: str) -> int | None:
    """Return the whole number that a text is, None where it is none or could be two.

    Read are ``1234``, ``1,234``, ``1 234``, ``12.0`` and ``12.00``, up to nine digits; ``12.000``
    (twelve, or twelve thousand as written abroad) is not, nor is ``1,23``.
    """
    found = _WHOLE.fullmatch(text)
    return None if found is None else int(re.sub("[, ]", "", found[1]))


def number_in(text: str) -> float | None:
    """Return the number that a text is, with its decimal point; None where it is none.

    Thousands may have commas. Words such as ``inf`` and ``nan``, and powers such as ``1e5``, are
    no numbers.
    """
    found = _NUMBER.fullmatch(text)
    return None if found is None else float(text.replace(",", ""))
