"""What stands in a table where there is no figure, and what labels a total of other rows."""

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


def is_mark(text: str) -> bool:
    """Return whether a cell stands for a figure that is not shown, such as ``c``, ``<5``, ``*``.

    Nothing and ``-`` are none: a spreadsheet shows a zero as a dash.
    """
    return _MARK.fullmatch(same_key(text)) is not None


def is_total(text: str) -> bool:
    """Return whether a label is that of a total, such as ``Total``, ``All needs``, ``Subtotal``."""
    return _TOTAL.fullmatch(same_key(text).strip(" :.*")) is not None
