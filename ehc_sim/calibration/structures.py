"""The explanations of a service: which numbers are unknown, and how it may work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from ehc_sim.calibration.targets import Target
from ehc_sim.calibration.unknowns import (
    Around,
    Divided,
    Fixed,
    Piece,
    Structure,
    Together,
    Walk,
    headers,
)
from ehc_sim.calibration.widths import Widths
from ehc_sim.scenario import BadInput, Fault, Scenario
from ehc_sim.scenario.numbers import Number
from ehc_sim.scenario.paths import split
from ehc_sim.scenario.schema import Settings
from ehc_sim.scenario.tree import dotted

PLAIN, MIXED, UNEVEN = (
    "one queue, in order",
    "newest cases partly first",
    "areas unevenly staffed",
)
NEWEST = 0.3
"""Middle of what is assumed of the share of the newest cases, where they are partly first."""

WORKING_DAYS = 253
"""Of a year in England, without bank holidays."""
OTHER_WORK = 1.15
"""Hours of the psychologists for each of new advice: plans are reassessed, and no week is like
another. As the members of Somerset to 2024 had it, of posts by completed assessments alone."""

OF_OFFICERS = {
    *("expected_held", "held", "decided", "decided_on_time", "reviews_overdue"),
    *("review_decisions", "weeks_draft_to_final"),
}
"""Figures that tell of the officers' posts."""
OF_WRITERS = {"weeks_to_draft", "mean_weeks", "median_weeks", "p90_weeks"}
"""Figures that tell of the plan writers' posts."""


def psychologists(settings: Settings) -> str | None:
    """Return the team that gives the advice with the most work; None where no team gives any."""
    work = {
        giver.team: float(giver.needed) * float(giver.effort.mean_hours)
        for giver in settings.advice.values()
        if giver.team is not None and giver.effort is not None
    }
    return max(work, key=work.__getitem__) if work else None


def posts_of_an_assessment(settings: Settings, team: str) -> float:
    """Return the posts of a team that one assessment a year takes, other work with it."""
    of = settings.teams[team]
    hours = sum(
        float(giver.needed) * (1 - float(giver.existing)) * float(giver.effort.mean_hours)
        for giver in settings.advice.values()
        if giver.team == team and giver.effort is not None
    )
    days = WORKING_DAYS - float(of.leave_days) - float(of.sickness_days)
    of_a_post = days * float(of.hours_a_week) / 5 * float(of.time_on_this_work)
    return hours * OTHER_WORK / of_a_post


def structures_of(
    scenario: Scenario, targets: Sequence[Target], until: date, widths: Widths
) -> tuple[Structure, ...]:
    """Return the explanations that a council's settings leave open, the plainest first.

    Parameters
    ----------
    scenario : Scenario
        The council's baseline.
    targets : sequence of Target
        What is published: it says of whose posts anything can be learned.
    until : date
        Last day of what is published.
    widths : Widths
        How uncertain each number is.

    Raises
    ------
    BadInput
        When no team gives any advice.
    """
    known = _Known(scenario, targets, until, widths)
    alike = [*known.alike(), *known.other_teams({one.figure.measure for one in targets})]
    return tuple(Structure(name, (*pieces, *alike)) for name, pieces in known.ways())


class _Known:
    """What a scenario says, as the pieces of explanations need it."""

    def __init__(
        self, scenario: Scenario, targets: Sequence[Target], until: date, widths: Widths
    ) -> None:
        self.scenario, self.until, self.widths = scenario, until, widths
        self.completed = {
            one.figure.year: one.figure.value
            for one in targets
            if one.figure.measure == "completed" and one.period == str(one.figure.year)
        }
        base = scenario.base
        self.first = base.period.run_in_from
        after = date(until.year + 1, 1, 1)
        self.later = [date(y, 1, 1) for y in range(after.year, base.period.plan_until.year + 1)]
        years = range(self.first.year, until.year + 1)
        halves = [date(year, month, 1) for year in years for month in (1, 7)]
        self.halves = (self.first, *(day for day in halves if day > self.first))
        self.years = (self.first, *(date(y, 1, 1) for y in years if date(y, 1, 1) > self.first))
        team = psychologists(base)
        if team is None:
            problem = "found none that a team gives, allowed is one or more: its posts are found"
            raise BadInput([Fault(scenario.path, None, "advice", problem)])
        self.team = team

    def ways(self) -> Iterator[tuple[str, list[Piece]]]:
        """Yield each explanation that is possible, with what is of its own."""
        team = self.scenario.base.teams[self.team]
        newest = dotted(("teams", self.team, "newest_share"))
        days = (*self.years, *self.later)
        in_order: list[Piece] = []
        if team.order == "mixed":
            in_order = [Fixed(tuple((one, 0.0) for one in headers(newest, days)))]
        yield PLAIN, [self._posts(uneven=False), *in_order]
        if team.order == "mixed":
            w = self.widths
            steps = (w.newest_in_a_year,) * (len(days) - 1)
            middles = (NEWEST,) * len(days)
            walk = Walk("newest first", newest, days, middles, "logit", w.newest, steps)
            yield MIXED, [self._posts(uneven=False), walk]
        if team.patches and not team.pooled:
            yield UNEVEN, [self._posts(uneven=True), *in_order]

    def _posts(self, uneven: bool) -> Piece:
        team, w = self.scenario.base.teams[self.team], self.widths
        areas = {name: float(patch.posts) for name, patch in team.patches.items()}
        there = float(team.posts) + sum(areas.values())
        spread = (w.posts, w.posts_in_a_half_year)
        whole = self._walk(
            self.team, lambda day: self._posts_needed(day) or there, self.halves, spread
        )
        if not areas:
            return whole
        shares = self.scenario.base.requests.areas
        even = [float(shares[a]) if a in shares else areas[a] for a in areas]
        paths = [dotted(("teams", self.team, "patches", name, "posts")) for name in areas]
        of_areas = tuple(zip(paths, (one / sum(even) for one in even), strict=True))
        return Divided(whole, of_areas, w.unevenness if uneven else 0.0)

    def _posts_needed(self, day: date) -> float:
        """Return the posts that would give as much advice as assessments were completed; 0 if none.

        That is in the year of a day, or in the nearest year of which it is known. While there is a
        queue, as much is completed as there are hours for.
        """
        if not self.completed:
            return 0.0
        each = posts_of_an_assessment(self.scenario.base, self.team)
        nearest = min(self.completed, key=lambda year: (abs(year - day.year), year))
        return self.completed[nearest] * each

    def _walk(
        self,
        team: str,
        posts: Callable[[date], float],
        days: tuple[date, ...],
        spread: tuple[float, float],
    ) -> Walk:
        """Return posts that move at dates of the record, and after it from year to year."""
        first, step = spread
        steps = (step,) * (len(days) - 1) + (self.widths.posts_after,) * len(self.later)
        days = (*days, *self.later)
        middles = tuple(posts(day) for day in days)
        path = dotted(("teams", team, "posts"))
        return Walk(team, path, days, middles, "log", first, steps)

    def other_teams(self, measures: set[str]) -> Iterator[Piece]:
        """Yield posts of officers and writers, where what is published tells of them."""
        base, w = self.scenario.base, self.widths
        teams: dict[str, None] = {}
        if measures & OF_OFFICERS:
            teams[base.plans.reviews.team if base.plans else base.draft_to_final.team] = None
        if measures & OF_WRITERS:
            teams[base.drafting.team] = None
        for team in teams:
            spread = (w.other_posts, w.other_posts_in_a_year)
            posts = float(base.teams[team].posts)
            yield self._walk(team, lambda day, posts=posts: posts, self.years, spread)  # type: ignore[misc]

    def alike(self) -> Iterator[Piece]:
        """Yield what is unknown under every explanation."""
        w = self.widths
        path = "decision_to_assess.refused"
        days = self._with_own_dates((*self.years, *self.later[:1]), [path])
        refused = tuple(self._value(path, day) for day in days)
        yield Around(
            *("share not assessed", path, days, refused),
            *("logit", w.refused, w.refused_in_a_year),
        )
        waits = list(self._waits_for_advice())
        yield self._together("waits for advice", waits, self.years, (w.pace, w.pace_in_a_year))
        share, wait = "draft_to_final.placement", "draft_to_final.placement_wait.mean_days"
        days = self._with_own_dates(self.years, [share])
        middles = tuple(self._value(share, day) for day in days)
        if any(middles):
            words = "share that waits for a placement"
            spread = (w.placement, w.placement_in_a_year)
            yield Around(words, share, days, middles, "logit", *spread)
            yield self._together(
                "days for a placement", [wait], (self.first,), (w.placement_wait, 0.0)
            )

    def _together(
        self, words: str, paths: list[str], days: tuple[date, ...], spread: tuple[float, float]
    ) -> Together:
        """Return numbers that move together at dates, and at those at which the file moves them."""
        days = self._with_own_dates(days, paths)
        numbers = [(path, tuple(self._value(path, day) for day in days)) for path in paths]
        return Together(words, days, tuple(numbers), *spread)

    def _with_own_dates(self, days: tuple[date, ...], paths: list[str]) -> tuple[date, ...]:
        return tuple(sorted({*days, *(day for path in paths for day in self._dates(path))}))

    def _waits_for_advice(self) -> Iterator[str]:
        for name, giver in self.scenario.base.advice.items():
            for kind in ("turnaround", "appointment"):
                if getattr(giver, kind) is not None:
                    yield dotted(("advice", name, kind, "mean_days"))

    def _dates(self, path: str) -> list[date]:
        """Return the days after the first on which a setting changes."""
        found = [(day, value_at(settings, path)) for day, settings in self.scenario.periods]
        return [
            day for (_, before), (day, now) in pairwise(found) if before != now and now is not None
        ]

    def _value(self, path: str, day: date) -> float:
        found = value_at(self.scenario.on(day), path)
        return 0.0 if found is None else found


def value_at(settings: Settings, path: str) -> float | None:
    """Return the most likely value of a number of the settings; None where there is none."""
    part: object = settings
    for name in split(path) or ():
        part = part.get(name) if isinstance(part, dict) else getattr(part, name, None)
    return float(part) if isinstance(part, Number | int | float) else None
