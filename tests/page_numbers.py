"""The numbers that a page tells, and how a cell of a table is printed, in formats of the tests."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from ehc_sim.present.frames import Frames

NUMBER = re.compile(r"[−+]?£?\d[\d,]*(?:\.\d+)?(?:%| million|k|m)?(?![\w])")
CONSTANT = re.compile(
    r"“[^”]*”|8 (?:of|in) 10 futures|95% range|19 in 20|within \d+ weeks|past 20 weeks"
    r"|[Oo]ver \d+(?: or \d+)? weeks|and 30 weeks|about \d in \d|over 52:"
    r"|over 12 months|2024/25 prices|fewer than 6|about \d in 10|less than 1 in 20|under 1%|v3\.0"
)
"""Names of scenarios, and what the law and the page itself always say."""


def words_of(html: str) -> str:
    """Return the words of a part of the page, without its figures."""
    text = re.sub(r"<figure>.*?</figure>|<svg.*?</svg>", " ", html, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", text)))


def section(page: str, heading: str) -> str:
    """Return the words under a heading of the page, up to the next one."""
    start = page.index(f">{heading}</h2>")
    return words_of(page[start + 1 : page.index("<h2", start) if "<h2" in page[start:] else None])


def numbers(text: str) -> list[str]:
    """Return the numbers of a text in their order, without those of names and of the law."""
    found = NUMBER.findall(CONSTANT.sub(" ", text))
    return [one.rstrip(",") for one in found]


def cell(frames: Frames, table: str, column: str = "median", **where: object) -> float:
    """Return the only cell of a table that matches."""
    rows = getattr(frames, table)
    for name, wanted in where.items():
        rows = rows[rows[name] == wanted]
    assert len(rows) == 1, where
    return float(rows[column].iloc[0])


def percent(share: float) -> str:
    """Return a whole percentage."""
    return f"{100 * share:.0f}%".replace("-", "−")


def chance(share: float, width: float) -> str:
    """Return a chance as a percentage, to five points where its range is wider than five."""
    if width <= 0.05 or share in (0, 1):
        return percent(share)
    near = 5 * round(20 * share)
    return {0: "under 5%", 100: "over 95%"}.get(near, f"{near}%")


def whole(value: float) -> str:
    """Return a whole number, with thousands marked and the minus sign of print."""
    return f"{value:,.0f}".replace("-", "−")


def rounded(middle: float, low: float, high: float) -> list[str]:
    """Return a count and the ends of its range to one digit below a tenth of the range's width.

    Only where the range is wider than 100, and never further than the first digit of each.
    """
    digits = 0
    if high - low > 100:
        digits = min(len(f"{abs(one):.0f}") for one in (middle, low, high, (high - low) // 10)) - 1
    return [f"{round(one, -digits):,.0f}" for one in (middle, low, high)]


def pounds(value: float) -> str:
    """Return pounds to two figures."""
    return f"£{float(f'{value:.2g}'):,.0f}"


def as_counted(frames: Frames, table: str, **where: object) -> list[str]:
    """Return a count and the ends of its 80% range, as far as the range supports them."""
    names = ("median", "low80", "high80")
    return rounded(*(cell(frames, table, name, **where) for name in names))


def ranged(frames: Frames, form: Callable[[float], str], table: str, **where: object) -> list[str]:
    """Return a cell and the ends of its 80% range."""
    return [form(cell(frames, table, column, **where)) for column in ("median", "low80", "high80")]
