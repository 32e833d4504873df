"""What one cell of a table holds: a number, and marks of what is no number."""

import re

from ehc_sim.inputs.sheet import same_key

NOT_A_NUMBER = ("c", "x", "z", "k", "u", "~", "low", ":", "..", "-", "")
"""What DfE writes for figures that are suppressed, not collected, not applicable or too low to
show. None of them is a zero."""

_MARK = re.compile(
    r"\[?[cxzku]\]?|\[low\]|low|~|:|\.\.\.?|…|\*+|#+n/a|n/?[ak]|"
    r"[<≤]=? ?\d{1,2}|(under|fewer than|less than|below) \d{1,2}|\d{1,2} ?(-|to) ?\d{1,2}|"
    r"suppressed|redacted|withheld|not known|unknown"
)
_OF_WHAT = (
    "requests?|ages?|age groups?|needs?|sources?|types?|children|pupils|areas?|categories|cases"
)
_TOTAL = re.compile(
    rf"(.* )?((grand|sub)[- ]?)?totals?( (number|{_OF_WHAT}|all|for|of|\().*)?|all( ({_OF_WHAT}))?|"
    r"overall|england|combined|sum|count|(sum|count) of .*"
)
_PART = re.compile(r"\W*(of which|of whom|of these|thereof|including|incl\b|o/w\b)")


def is_mark(text: str) -> bool:
    """Return whether a cell stands for a figure that is not shown, such as ``c``, ``<5``, ``*``.

    Nothing and ``-`` are none: a spreadsheet shows a zero as a dash.
    """
    return _MARK.fullmatch(same_key(text)) is not None


def is_total(text: str) -> bool:
    """Return whether a label is that of a total, such as ``Total``, ``All needs``, ``Subtotal``."""
    return _TOTAL.fullmatch(same_key(text).strip(" :.*")) is not None


def is_part(text: str) -> bool:
    """Return whether a label is that of a part of another row, such as ``of which: parents``."""
    return _PART.match(same_key(text)) is not None


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
