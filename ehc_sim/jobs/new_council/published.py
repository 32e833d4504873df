"""What DfE published of a council's service, as the file that a run-in is held against."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from ehc_sim.experiment.published import COLUMNS
from ehc_sim.jobs.new_council.figures import Figures, Found
from ehc_sim.jobs.new_council.numbers import count, written

MOST_CLAIMED = 0.5
"""Where exceptions are claimed for more plans than this, the measure with exceptions is taken."""
SETTLING_YEARS = 1
"""Years from the start of the run of which nothing is judged: the queues fill."""
UNLIKE_OTHERS = (2020,)
"""Years that are not judged: time limits were relaxed from May to September 2020."""
FEWEST = 10
"""Cases below which a share is left out: it is chance, and about few children."""

Row = tuple[int, str, float, str, str]
"""Year, measure, value, allowed and source."""


def published(found: Found, run_from: int) -> pd.DataFrame:
    """Return the published figures from the first year of the run on."""
    own = found.own
    rows = [row for rows in (_counts(own), _shares(own), _weeks(own)) for row in rows]
    rows = [row for row in rows if row[0] >= run_from]
    unjudged = {*range(run_from, run_from + SETTLING_YEARS), *UNLIKE_OTHERS}
    return pd.DataFrame(
        [
            (own.place, year, measure, "all", "all", written_exactly(value),
             "" if year in unjudged else allowed, "no", f"{own.edition}: {source}")
            for year, measure, value, allowed, source in sorted(rows, key=lambda row: row[:2])
        ],
        columns=list(COLUMNS),
    )  # fmt: skip


def written_exactly(value: float) -> str:
    """Return a count as it is, and a share with three digits."""
    return f"{value:.10g}" if value >= 1 else written(round(value, 3))


def completed(own: Figures) -> dict[int, float]:
    """Return the assessments that ended, with a plan or without, by year."""
    issued, none = own.of("issued"), own.of("not_issued")
    return {year: issued[year] + none[year] for year in issued if year in none}


def with_exceptions(own: Figures, year: int) -> bool:
    """Return whether a year is judged with its exceptions counted: they are most of the plans."""
    every, without = (own.of(name).get(year, 0.0) for name in ("counted", "counted_ex"))
    return without < (1 - MOST_CLAIMED) * every


def on_time(own: Figures, measure: str = "on_time") -> dict[int, tuple[float, float, str]]:
    """Return plans on time, or over a year, of how many by year, and what they are."""
    found = {}
    for year in sorted(own.of("counted")):
        ex = "" if with_exceptions(own, year) else "_ex"
        part, whole = (own.of(name + ex).get(year) for name in (measure, "counted"))
        if part is not None and whole and part <= whole:
            found[year] = (part, whole, "without exceptions" if ex else "exceptions counted")
    return found


def _counts(own: Figures) -> Iterator[Row]:
    done = completed(own)
    for year, value in done.items():
        yield year, "completed", value, "10%", "assessments completed"
    plain = {
        "counted": ("plans_counted", "plans in the 20-week measure", 0),
        "mediated": ("mediated", "mediations of the year's requests", 0),
        "appealed": ("appealed", "tribunals of the year's requests", 0),
        "review_expected": ("expected", "annual review expected", 0),
        "review_held": ("expected_held", "of these, review meeting in the year", 0),
        "reviewed": ("decided", "of these, review decision in the year", 0),
        "plans": ("at_end", "plans in place in January after", 1),
        "moved_away": ("moved_out", "plans moved to other councils", 0),
    }
    for measure, (name, words, before) in plain.items():
        for year, value in own.of(measure).items():
            yield year - before, name, value, "", words
    moved = own.of("moved_away")
    for year, ended in own.of("ended").items():
        if year in moved:
            told = f"plans ceased, {count(ended)}, less {count(moved[year])} moved to others"
            yield year, "ceased", ended - moved[year], "", told


def _shares(own: Figures) -> Iterator[Row]:
    for measure, name, allowed, words in (
        ("on_time", "issued_on_time", "10 points", "20 weeks"),
        ("over_a_year", "issued_over_52_weeks", "5 points", "after more than 52 weeks"),
    ):
        for year, (part, whole, which) in on_time(own, measure).items():
            if whole >= FEWEST:
                told = f"{words}, {which}: {count(part)} of {count(whole)} plans"
                yield year, name, part / whole, allowed, told
    for soon, late, name, allowed, words in (
        ("in_six_weeks", "after_six_weeks", "week6_on_time", "5 points", "decisions in six weeks"),
        (
            *("review_in_four_weeks", "review_after_four_weeks", "decided_on_time"),
            *("", "review decisions within four weeks"),
        ),
    ):
        for year, in_time in own.of(soon).items():
            every = in_time + own.of(late).get(year, 0.0)
            if year in own.of(late) and every >= FEWEST:
                told = f"{words}: {count(in_time)} of {count(every)}"
                yield year, name, in_time / every, allowed, told
    for year, plans in own.of("issued").items():
        counted = own.of("counted").get(year)
        if counted is not None and FEWEST <= plans >= counted:
            told = f"{count(plans)} plans after an assessment, {count(counted)} in the measure"
            yield year, "left_out", 1 - counted / plans, "", told


def _weeks(own: Figures) -> Iterator[Row]:
    for year, weeks in own.of("mean_weeks").items():
        yield year, "mean_weeks", weeks, "", "mean weeks to a plan"
