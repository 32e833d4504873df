"""Every measure as one row: what it is called, counted in, when it counts, of what, and which part.

The tables of measures, the window, the comparison and the words of the pages are read off these
rows. ``measures.columns`` works a row out, and ``docs/results.md`` says more of each.
"""

from dataclasses import dataclass, replace
from typing import Literal

Unit = Literal["share", "count", "a week", "weeks", "hours", "days", "minutes", "pounds"]
About = Literal["requests", "reviews", "plans"]
RANGE = ("median", "low80", "high80", "low95", "high95")
"""Columns of every table of measures: the middle of the replications, and ranges."""
GROUPINGS = ("source", "age group", "age", "need", "area")
"""Views by which every yearly figure is also given."""
NOT_COMPARED = "not compared"
"""In place of how far off is allowed: of a published figure that the model does not count."""
STEPS = (
    "Decision to assess",
    "Advice",
    "Decision to issue",
    "Draft plan",
    "Draft to final plan",
)
"""Steps at which an open case may wait, in order."""
PRIORITY = "priority"
"""The view by class, where a scenario has children whose cases may be taken ahead of others."""


@dataclass(frozen=True)
class Measure:
    """One measure.

    What it is of is named by the attributes of ``Timings``, ``Reviews`` or ``Stock``, or by the
    milestones of the log. A row without ``when`` is worked out by the function of its table.

    Attributes
    ----------
    name : str
        Its name in the tables.
    words : str
        What a sentence or a chart calls it.
    unit : {"share", "count", "a week", "weeks", "hours", "days", "minutes", "pounds"}
        What it is counted in.
    when : str
        The minute by which it counts in a month, a year or the window.
    of : str
        Those that count: flags, or minutes that were reached; all that have the minute by default.
    part : str
        Which of them are the part of a share.
    since : str
        From when the time is taken to ``when``: a mean in weeks, or with ``days`` a share.
    by : str
        What should follow ``when`` within ``days``. Those whose days end after the run are left
        out of the share, since nobody can say of them.
    days : int
        Calendar days allowed, to the end of the last; 0 where nothing is judged.
    mean : str
        What the mean is of.
    months : int
        Months that are taken together, up to each.
    year_from : int
        Month in which a year begins of which all months are taken together, up to each; 0 where
        not.
    last : str
        Measure by month of which it is the last.
    about : {"requests", "reviews", "plans"}
        Whose minutes and flags these are.
    """

    name: str
    words: str
    unit: Unit
    when: str = ""
    of: str = ""
    part: str = ""
    since: str = ""
    by: str = ""
    days: int = 0
    mean: str = ""
    months: int = 1
    year_from: int = 0
    last: str = ""
    about: About = "requests"


def about(what: About, *rows: Measure) -> tuple[Measure, ...]:
    """Return rows whose minutes are of something else than requests."""
    return tuple(replace(row, about=what) for row in rows)
