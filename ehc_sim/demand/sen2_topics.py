"""What the rows of DfE's table of requests are of: all, ages, who asked; found by their labels.

DfE changes its labels: 2025's "All requests for EHC needs assessments" is 2026's "All requests for
an EHC needs assessment", and "Source of request" is new in it. So a topic is known by a word of its
label, and what is not found is said with what was looked for and what there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

ALL = "all"
TOPICS = {
    ALL: r"^all requests",
    "age": r"\bage\b",
    "source": r"\bsource\b|\brequest(er|ed by)\b",
    "need": r"\bneed\b",
}
"""Topics of a table in their order of search, and how they are recognised."""
NOT_USED = r"ethnic|\bsex\b|\bgender\b"
"""Topics that DfE gives and that nothing here is told by."""
LOOKED_FOR = {
    ALL: "a topic that begins with “All requests”",
    "age": "a topic with the word “age”",
    "source": "a topic with the word “source” or “requested by”",
    "need": "a topic with the word “need”",
}
WORDS = {"age": "ages", "source": "who asked", "need": "needs"}
"""What a topic tells."""
MOST = 8


def topic_of(heading: str) -> str:
    """Return which of the topics a heading is of; nothing for those that are not used."""
    found = (topic for topic, form in TOPICS.items() if re.search(form, heading.lower()))
    return next(found, "")


def quoted(names: Iterable[str]) -> str:
    """Return the different ones of some names, in their order, for a message."""
    found = [f"“{name}”" for name in dict.fromkeys(names)]
    return ", ".join(found[:MOST]) + (" …" if len(found) > MOST else "") or "none"


def no_totals(headings: pd.Series[str]) -> str:
    """Return what is said of a table of which no topic is all requests."""
    return (
        f"has no row of all requests: looked in breakdown_topic for {LOOKED_FOR[ALL]}; found the "
        f"topics {quoted(headings)}"
    )


def not_told(headings: pd.Series[str]) -> tuple[str, ...]:
    """Return what the labels of a table do not tell, in a line, with what was looked for.

    Ages are always looked for. Who asked is there from the 2026 edition on: that it is missing is
    said only where there is a topic that is not known, for it may be that one.
    """
    there = {topic_of(heading) for heading in headings.unique()}
    strange = [one for one in headings.unique() if not _is_known(one)]
    missing = [topic for topic in ("age", "source") if topic not in there]
    if not missing or not (strange or "age" in missing):
        return ()
    if not strange:
        missing = ["age"]
    wanted = " and ".join(f"{WORDS[topic]} (looked for {LOOKED_FOR[topic]})" for topic in missing)
    return (f"DfE's table does not tell {wanted}; found the topics {quoted(headings)}.",)


def _is_known(heading: str) -> bool:
    return bool(topic_of(heading) or re.search(NOT_USED, heading.lower()))


def told_twice(headings: pd.Series[str], years: pd.Series[str]) -> dict[str, list[str]]:
    """Return the topics for which one year has two labels or more, with those labels.

    One label in some years and another in others is one topic whose label was changed.
    """
    pairs = pd.DataFrame({"heading": headings, "year": years}).drop_duplicates()
    pairs["topic"] = pairs["heading"].map(topic_of)
    pairs = pairs[pairs["topic"] != ""]
    several = pairs[pairs.duplicated(["topic", "year"], keep=False)]
    return {
        str(topic): list(dict.fromkeys(labels))
        for topic, labels in several.groupby("topic", sort=False)["heading"]
    }
