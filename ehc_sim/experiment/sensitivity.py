"""Which uncertain numbers of a scenario decide a measure, with demand and chance held."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ehc_sim.catalogue.tables import NAMED
from ehc_sim.catalogue.timeliness import TOTALS
from ehc_sim.experiment.arguments import several, whole
from ehc_sim.experiment.batches import Batch
from ehc_sim.experiment.before import faults_of_size_of
from ehc_sim.experiment.effects import (
    Effects,
    Floats,
    by_demand,
    effects,
    together,
    with_those_alone,
)
from ehc_sim.experiment.held import REQUESTS, Point, run_held
from ehc_sim.experiment.mirrored import Signs, design, factorial
from ehc_sim.experiment.study import Plan, Progress
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import BadInput, Fault, Scenario
from ehc_sim.scenario.uncertain_numbers import UncertainNumber, uncertain_numbers

MEASURES = ("on_time", "late_child_weeks_in_plan")
"""Measures that are looked at where none is named."""
MOST_LEADING = 5
"""Numbers that are looked at more closely for each measure, and those of all measures that are run
together in every combination: of more, effects would be mixed up."""
FUTURES_ALONE, FUTURES_TOGETHER = 20, 8
"""Futures in which each of them alone is run at its ends, and in which they are run together."""
MOST_RUNS = 100_000


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """What the uncertain numbers of a scenario do to some measures.

    Attributes
    ----------
    scenario : Scenario
    numbers : tuple of UncertainNumber
        Its numbers with a range.
    effects : dict of str to Effects
        By measure.
    by_demand : dict of str to dict
        By measure, as ``effects.by_demand`` has it.
    together : dict of str to list of (int, int)
        By measure, numbers that act together.
    looked_together : tuple of int
        Numbers that were asked whether they act together.
    futures, runs : int
        Futures that were simulated, and runs in all.
    seed : int
        Seed of the study.
    left_out : tuple of str
        Measures that some run had no value of, so that nothing can be said.
    """

    scenario: Scenario
    numbers: tuple[UncertainNumber, ...]
    effects: dict[str, Effects]
    by_demand: dict[str, dict[int, tuple[float, float]]]
    together: dict[str, list[tuple[int, int]]]
    looked_together: tuple[int, ...]
    futures: int
    runs: int
    seed: int
    left_out: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was asked for and cannot be said, in sentences."""
        notes = [
            f"{one}: some run had no value of it, so that nothing is said of it."
            for one in self.left_out
        ]
        if self.scenario.members is not None:
            notes.append(
                "What differs between explanations of the past is held as each future has it, and "
                "is none of these numbers."
            )
        return tuple(notes)

    def table(self) -> pd.DataFrame:
        """Return one row for each measure and number, what decides most first.

        Returns
        -------
        DataFrame
            Columns measure, unit, number (what people call it), key, file, line, range (in words),
            low, high (ends of the range), effect with its 95% interval effect_low and effect_high
            (from the low end of the number to its high end, in the measure's unit), at_ends
            ("alone", or "with others" where other numbers were at ends of theirs too), share (of
            the variance between runs of one future, 0 to 1), told_apart (whether it can be told
            from none), interactions ("yes", "none found", or "not looked for" of numbers that are
            none of the leading ones), acts_with, effect_few_requests and effect_many_requests
            (NaN where no dependence on demand was found).
        """
        rows = [row for measure in self.effects for row in self._rows(measure)]
        return pd.DataFrame(rows)

    def _rows(self, measure: str) -> list[dict[str, object]]:
        found = self.effects[measure]
        order = np.lexsort((-np.abs(found.effect), -found.share, ~found.told_apart))
        return [self._row(measure, int(i)) for i in order]

    def _row(self, measure: str, i: int) -> dict[str, object]:
        number, found = self.numbers[i], self.effects[measure]
        others = [b if a == i else a for a, b in self.together.get(measure, ()) if i in (a, b)]
        looked = "none found" if i in self.looked_together else "not looked for"
        few, many = self.by_demand[measure].get(i, (float("nan"), float("nan")))
        return {
            "measure": measure,
            "unit": NAMED[measure].unit,
            "number": number.label,
            "key": number.key,
            "file": "" if number.file is None else number.file.name,
            "line": number.line,
            "range": number.range,
            "low": number.low,
            "high": number.high,
            "effect": float(found.effect[i]),
            "effect_low": float(found.low[i]),
            "effect_high": float(found.high[i]),
            "at_ends": "alone" if found.alone[i] else "with others",
            "share": float(found.share[i]),
            "told_apart": bool(found.told_apart[i]),
            "interactions": "yes" if others else looked,
            "acts_with": "; ".join(self.numbers[other].label for other in others),
            "effect_few_requests": few,
            "effect_many_requests": many,
        }


def sensitivity(
    scenario: Scenario,
    plan: Plan,
    measures: Sequence[str] = MEASURES,
    least_runs: int = 1,
    progress: Progress = lambda done, wanted: None,
) -> Sensitivity:
    """Find which uncertain numbers of a scenario decide, with demand and chance held.

    Each future is run twice, with some numbers at ends of their ranges and with the same numbers at
    the opposite ends (``mirrored``); demand, chance and all other numbers are in both runs as the
    replication of that future has them. Those that decide most are then run at their ends alone,
    for the size of what they do, and in every combination of their ends, to see whether they act
    together.

    Parameters
    ----------
    scenario : Scenario
    plan : Plan
        Seed, processes and model; how many runs are made is decided here.
    measures : sequence of str
        Measures of the totals, such as ``mean_weeks``.
    least_runs : int
        Runs that are made at least; as many as the numbers need where that is more.
    progress : callable
        Called with the runs done and wanted.

    Raises
    ------
    BadInput
        When no number of the scenario has a range, it is too large to be run, or no measure has a
        value in every run.
    TypeError, ValueError
        When a measure is not known.
    RunFailed
        When a process is killed.
    """
    asked = checked_measures(measures)
    whole("least_runs", least_runs, 1, MOST_RUNS)
    numbers = tuple(uncertain_numbers(scenario))
    if not numbers:
        problem = "found no number with a range, allowed is one or more: low, likely and high"
        raise BadInput([Fault(scenario.path, None, "", problem)])
    if faults := faults_of_size_of(scenario):
        raise BadInput(faults)
    return _Search(scenario, plan, numbers, progress).found(asked, least_runs)


def checked_measures(measures: Sequence[str]) -> tuple[str, ...]:
    """Return measures that were asked for, each once.

    Raises
    ------
    TypeError, ValueError
        When they are no list, there is none, or one is not known.
    """
    asked = tuple(dict.fromkeys(several("measures", measures)))
    known = [row.name for row in TOTALS]
    for one in asked:
        if one not in known:
            raise ValueError(f"measure: found {one!r}, allowed is one of {', '.join(known)}")
    if not asked:
        raise ValueError("measures: found none, allowed is one or more")
    return asked


class _Search:
    """Makes the runs and counts them."""

    def __init__(
        self,
        scenario: Scenario,
        plan: Plan,
        numbers: tuple[UncertainNumber, ...],
        progress: Progress,
    ) -> None:
        self._scenario, self._plan, self._numbers = scenario, plan, numbers
        self._progress, self._done, self._wanted = progress, 0, 0

    def found(self, measures: Sequence[str], least_runs: int) -> Sensitivity:
        """Return what the numbers do to the measures."""
        generator = Streams(self._plan.seed, 0).generator("design of a sensitivity analysis")
        signs = design(len(self._numbers), -(-least_runs // 2), generator)
        runs = self._run([[self._point(row), self._point(-row)] for row in signs])
        told = [one for one in measures if np.isfinite(runs[one]).all()]
        if not told:
            problem = f"found runs without a value of {', '.join(measures)}, allowed is another"
            raise BadInput([Fault(self._scenario.path, None, "measure", problem)])
        spread = np.array([number.variance for number in self._numbers])
        effect = {one: effects(runs[one], signs, spread) for one in told}
        own = {one: effect[one].leading(MOST_LEADING) for one in told}
        looked, leading = sorted({i for some in own.values() for i in some}), _leading(effect)
        if looked and not effect[told[0]].alone.all():
            alone = self._alone(looked)
            told_alone = [one for one in told if np.isfinite(alone[one]).all()]
        else:
            alone, told_alone = {}, []
        for one in told_alone:
            changes = {i: change for i, (change, _) in _changes(alone, one, looked).items()}
            effect[one] = with_those_alone(effect[one], spread, changes)
        of_each = {
            one: _changes(alone, one, looked)
            if one in told_alone
            else _changes_of_pairs(runs, one, looked, signs)
            for one in told
        }
        more = len(leading) > 1
        return Sensitivity(
            self._scenario,
            self._numbers,
            effect,
            {one: by_demand({i: of_each[one][i] for i in own[one]}) for one in told},
            self._together(told, leading) if more else {},
            tuple(leading) if more else (),
            len(signs),
            self._wanted,
            self._plan.seed,
            tuple(one for one in measures if one not in told),
        )

    def _alone(self, looked: list[int]) -> dict[str, Floats]:
        """Run each of some numbers at its low end and at its high end, all else as it is drawn."""
        keys = [self._numbers[i].key for i in looked]
        return self._run([[{key: end} for key in keys for end in (0.0, 1.0)]] * FUTURES_ALONE)

    def _together(
        self, measures: Sequence[str], leading: list[int]
    ) -> dict[str, list[tuple[int, int]]]:
        """Run the leading numbers in combinations, and return those that act together."""
        signs = factorial(len(leading))
        full: Signs = np.zeros((len(signs), len(self._numbers)), dtype=np.int64)
        full[:, leading] = signs
        runs = self._run([[self._point(row) for row in full]] * FUTURES_TOGETHER)
        found = {}
        for one in measures:
            if np.isfinite(runs[one]).all():
                pairs = together(runs[one], signs)
                found[one] = [(leading[i], leading[j]) for i, j in pairs]
        return found

    def _point(self, row: Signs) -> Point:
        return {
            number.key: (1 + int(sign)) / 2
            for number, sign in zip(self._numbers, row, strict=True)
            if sign
        }

    def _run(self, points: Sequence[Sequence[Point]]) -> dict[str, Floats]:
        of_each = len(points[0])
        self._wanted += len(points) * of_each

        def count(batch: Batch) -> None:
            self._done += batch.count * of_each
            self._progress(self._done, self._wanted)

        return run_held(self._scenario, points, self._plan, count)


def _changes(
    runs: dict[str, Floats], measure: str, looked: list[int]
) -> dict[int, tuple[Floats, Floats]]:
    """Return what each number alone does in each future, with the requests there."""
    ends = runs[measure].reshape(len(runs[measure]), len(looked), 2)
    demand = runs[REQUESTS].mean(axis=1)
    return {i: (ends[:, place, 1] - ends[:, place, 0], demand) for place, i in enumerate(looked)}


def _changes_of_pairs(
    runs: dict[str, Floats], measure: str, looked: list[int], signs: Signs
) -> dict[int, tuple[Floats, Floats]]:
    """Return the same from mirrored pairs in each of which one number alone was at its ends."""
    change, demand = runs[measure][:, 0] - runs[measure][:, 1], runs[REQUESTS].mean(axis=1)
    found = {}
    for i in looked:
        there = signs[:, i] != 0
        found[i] = ((signs[:, i] * change)[there], demand[there])
    return found


def _leading(found: dict[str, Effects]) -> list[int]:
    """Return the numbers with the largest shares in any measure, a few at most."""
    largest: dict[int, float] = {}
    for one in found.values():
        for i in one.leading(MOST_LEADING):
            largest[i] = max(largest.get(i, 0.0), float(one.share[i]))
    return sorted(sorted(largest, key=lambda i: -largest[i])[:MOST_LEADING])
