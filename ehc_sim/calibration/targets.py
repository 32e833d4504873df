"""Published figures as targets: on which scale each is compared, and how far off is near."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calibration.smoother import Figures
from ehc_sim.catalogue.measure import Unit
from ehc_sim.catalogue.tables import NAMED
from ehc_sim.experiment.published import Published

Floats = NDArray[np.float64]

NEAR: Mapping[str, float] = {
    "completed": 0.04,
    "plans_issued": 0.05,
    "decisions": 0.05,
    "agreed": 0.05,
    "issued_on_time": 0.05,
    "issued_on_time_with_exceptions": 0.05,
    "due_on_time": 0.05,
    "issued_over_52_weeks": 0.025,
    "mean_weeks": 1.5,
    "median_weeks": 2.0,
    "p90_weeks": 4.0,
    "weeks_of_assessment": 2.0,
    "weeks_to_draft": 1.0,
    "weeks_draft_to_final": 1.5,
    "open_cases": 0.06,
    "overdue_cases": 0.10,
    "open_to_20_weeks": 0.10,
    "open_20_to_30_weeks": 0.15,
    "open_30_to_52_weeks": 0.15,
    "open_over_52_weeks": 0.20,
    "given_a_week": 0.06,
    "waiting": 0.08,
    "expected_held": 0.07,
    "held": 0.05,
    "decided": 0.05,
    "decided_on_time": 0.05,
    "reviews_overdue": 0.15,
    "review_decisions": 0.08,
}
"""What a figure of a year can be matched by, which unknown numbers move, and how nearly, as one
standard deviation: in weeks, as a part of a count, or as a difference of shares. A structure that
is simpler than the service cannot do better; what chance does to a count is less."""

OF_A_QUARTER, OF_A_MONTH = 1.5, 2.0
"""How many times as far off a quarter or a month may be as a year."""


@dataclass(frozen=True)
class Target:
    """A published figure that the calibration is to match.

    Attributes
    ----------
    figure : Published
        As it was published.
    near : float
        One standard deviation, as ``NEAR`` has it.
    """

    figure: Published
    near: float

    @property
    def unit(self) -> Unit:
        """What it is counted in."""
        return NAMED[self.figure.measure].unit

    @property
    def period(self) -> str:
        """Year, quarter or month, such as ``2024``, ``2024-Q3`` or ``2024-07``."""
        return self.figure.period

    @property
    def ends(self) -> date:
        """The day after the last of its period."""
        return _day_after(self.figure)

    def scaled(self, values: Floats) -> Floats:
        """Return values on the scale on which their errors are about normal.

        Shares by the angle of which they are the squared sine, counts by their logarithm, weeks as
        they are.
        """
        if self.unit == "share":
            return np.asarray(np.arcsin(np.sqrt(np.clip(values, 0, 1))))
        if self.unit == "weeks":
            return np.asarray(values, dtype=np.float64)
        return np.asarray(np.log(np.maximum(values, 0.5)))

    def plain(self, values: Floats) -> Floats:
        """Return what was on that scale as it is published."""
        if self.unit == "share":
            return np.asarray(np.square(np.sin(values)))
        return np.asarray(values if self.unit == "weeks" else np.exp(values))

    @property
    def error(self) -> float:
        """One standard deviation on that scale."""
        if self.unit == "share":
            # Towards the middle: beyond an end of the scale there is nothing.
            to_middle = self.near if self.figure.value < 0.5 else -self.near
            here, there = self.scaled(np.array([self.figure.value, self.figure.value + to_middle]))
            return float(abs(there - here))
        return self.near


def targets_of(figures: Sequence[Published], first: date, until: date) -> tuple[Target, ...]:
    """Return the figures that a calibration is to match: those that are judged, or were fitted.

    A figure of which the file says neither how far off is allowed nor that it is fitted stands
    beside as a check.

    Parameters
    ----------
    figures : sequence of Published
        Figures of a council.
    first, until : date
        First and last day of what is looked at; periods that lie in it as a whole count.
    """
    return tuple(
        Target(figure, near_of(figure))
        for figure in figures
        if figure.compared
        and (figure.fitted or figure.allowed)
        and figure.by in ("all", "giver", "step")
        and figure.measure in NEAR
        and first <= _first_day(figure)
        and _day_after(figure) <= date.fromordinal(until.toordinal() + 1)
    )


def near_of(figure: Published) -> float:
    """Return how near is near, as one standard deviation.

    Half of what the file allows, where it says so, which is as far as anybody wants it; but not
    less than what the model can be expected to do.
    """
    longer = OF_A_MONTH if figure.month else OF_A_QUARTER if figure.quarter else 1.0
    least = NEAR[figure.measure] * longer
    said = figure.tolerance / 2
    if NAMED[figure.measure].unit not in ("share", "weeks") and figure.value > 0:
        said /= figure.value
    return max(least, said) if said > 0 else least


def figures_of(targets: Sequence[Target]) -> Figures:
    """Return targets as the smoother takes them."""
    values = [float(one.scaled(np.array(one.figure.value))) for one in targets]
    return Figures(np.array(values), np.array([one.error for one in targets]))


def scaled(targets: Sequence[Target], values: Floats) -> Floats:
    """Return simulated values on the scales of their targets, shape (members, targets)."""
    return np.stack([one.scaled(values[:, i]) for i, one in enumerate(targets)], axis=1)


def squares(targets: Sequence[Target], simulated: Floats) -> Floats:
    """Return how far off members are: squares of standard deviations, added up, shape (members,).

    Parameters
    ----------
    targets : sequence of Target
    simulated : ndarray of float64, shape (members, targets)
        On the scales of the targets; what a member has nothing of is left out.
    """
    figures = figures_of(targets)
    off = (simulated - figures.values) / figures.errors
    return np.asarray(np.nansum(np.square(off), axis=1))


def _first_day(figure: Published) -> date:
    if figure.month:
        return date(figure.year, int(figure.month[-2:]), 1)
    if figure.quarter:
        return date(figure.year, 3 * int(figure.quarter[-1]) - 2, 1)
    return date(figure.year, 1, 1)


def _day_after(figure: Published) -> date:
    first = _first_day(figure)
    months = 1 if figure.month else 3 if figure.quarter else 12
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)
