"""The best of many options by a measure of choice, with a guarantee and few replications."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.catalogue.tables import MEASURES
from ehc_sim.experiment.arguments import number, whole
from ehc_sim.experiment.chance import mean_interval, met
from ehc_sim.experiment.kim_nelson import Raced, Rules, kim_nelson, of_chances
from ehc_sim.experiment.scenario_result import PLACE
from ehc_sim.experiment.store import Store
from ehc_sim.experiment.study import FEWEST_REPLICATIONS, Plan, Progress, check, run_more
from ehc_sim.scenario import Scenario
from ehc_sim.scenario.agreement import is_choice
from ehc_sim.scenario.differences import changes_who_is_assessed

Floats = NDArray[np.float64]
Better = Literal["largest", "smallest"]

CHANCE = "chance"
"""Measure beside those of a whole run: whether the target is met."""
FEWEST = 10
"""Replications from which a variance is learnt at the least."""


@dataclass(frozen=True, eq=False)
class Race:
    """How a race of options ended.

    Attributes
    ----------
    best : str
        Name of the option that is picked.
    decided : bool
        Whether it is the best, or within the zone of it, with the confidence asked for. Where not,
        the race ended at its most replications, and ``best`` is but the best mean so far.
    measure : str
        What was raced by.
    rules : Rules
        The zone, the confidence and the numbers of replications.
    """

    best: str
    decided: bool
    measure: str
    rules: Rules
    _table: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Return one row an option, the best first, then those that stayed longest.

        Returns
        -------
        DataFrame
            Columns scenario; replications (simulated futures); left_after (how many of them it
            had when it fell out; NaN for those that never did); beaten_by (the option that was
            too far ahead then); mean (of the measure, in its own replications); low and high (95%
            interval of the mean of the best; NaN for the others: their replications were ended by
            what they happened to show, and their means are not to be compared).
        """
        return self._table.copy()


def race(
    scenarios: Sequence[Scenario],
    measure: str,
    better: Better,
    rules: Rules,
    plan: Plan,
    progress: Progress = lambda done, wanted: None,
) -> Race:
    """Race scenarios under common random numbers.

    Parameters
    ----------
    scenarios : sequence of Scenario
        The options, at least two.
    measure : str
        A measure of the whole run, as of ``replications.parquet``, or ``chance``.
    better : {"largest", "smallest"}
        Which mean is the best.
    rules : Rules
        The zone is in units of the measure.
    plan : Plan
        Seed, engine, and where to run.
    progress : callable
        Called as replications are done.

    Returns
    -------
    Race

    Raises
    ------
    ValueError, TypeError
        When there are fewer than two scenarios, one of them assesses other children than the
        first, no measure has the name, or a number of the rules
        is not allowed; or when the measure is not known in a replication.
    BadInput, RunFailed
        As ``study``.
    """
    check(scenarios)
    _check(scenarios, measure, better, rules)
    kept = Store(None, scenarios, plan.seed)
    sign = 1.0 if better == "largest" else -1.0
    done, places = 0, dict[int, Floats]()

    def more(options: Sequence[int], numbers: range) -> Floats:
        nonlocal done
        going = [scenarios[option] for option in options]
        batches = run_more(going, plan, numbers, done, progress, kept, only=("totals",))
        done += len(going) * len(numbers)
        found = []
        for option, one in zip(options, going, strict=True):
            totals = kept.tables([batch for batch in batches if batch.scenario is one])["totals"]
            if PLACE in totals.columns:
                here = totals.column(PLACE)[:, 0]
                places[option] = np.concatenate([places.get(option, here[:0]), here])
            on_time = totals.column("on_time" if measure == CHANCE else measure)[:, 0]
            hits = met(on_time, float(one.base.target.share)).astype(np.float64)
            found.append(sign * (hits if measure == CHANCE else on_time))
        values = np.stack(found)
        if not np.isfinite(values).all():
            who = going[int(np.argmin(np.isfinite(values).all(axis=1)))].name
            raise ValueError(f"measure: {measure} is not known in a future of “{who}”")
        return values

    raced = kim_nelson(more, len(scenarios), rules, of_chances if measure == CHANCE else None)
    at_best = places.get(raced.best)
    known = at_best is not None and not np.isnan(at_best).any()
    table = _table(scenarios, raced, sign, at_best if known else None)
    return Race(scenarios[raced.best].name, raced.decided, measure, rules, table)


def rules_of(measure: str, zone: float, confidence: float, first: int | None, most: int) -> Rules:
    """Return the rules of a race from what its user names of them.

    Without ``first`` it is 20, which keep the first stage short, and for a chance 55, as few
    replications in which the target is met tell little of how often it is.
    """
    least = FEWEST_REPLICATIONS if measure == CHANCE else Rules.first
    rules = Rules(zone, confidence)
    return replace(rules, first=min(least, most) if first is None else first, most=most)


def _check(scenarios: Sequence[Scenario], measure: str, better: str, rules: Rules) -> None:
    """Refuse a race that cannot be."""
    if len(scenarios) < 2:
        raise ValueError("scenarios: found one scenario, allowed is two or more")
    others = [one.name for one in scenarios if not _meets_the_same(scenarios[0], one)]
    if others:
        raise ValueError(
            f"scenarios: found {others[0]!r}, in which other children ask, are assessed or have a "
            "plan; allowed are those that do for the same children"
        )
    allowed = [CHANCE, *(row.name for row in MEASURES["totals"])]
    if measure not in allowed:
        raise ValueError(f"measure: found {measure!r}, allowed is {', '.join(allowed)}")
    if better not in get_args(Better):
        raise ValueError(f"better: found {better!r}, allowed is 'largest' or 'smallest'")
    number("zone", rules.zone)
    number("confidence", rules.confidence)
    if not 0 < rules.zone < float("inf"):
        raise ValueError(f"zone: found {rules.zone}, allowed is more than 0")
    if not 0.5 <= rules.confidence < 1:
        raise ValueError(f"confidence: found {rules.confidence}, allowed is 0.5 to less than 1")
    whole("first", rules.first, FEWEST)
    whole("most", rules.most, rules.first)


def _meets_the_same(first: Scenario, other: Scenario) -> bool:
    """Return whether the same children are to be served: who goes without waits for nothing."""
    return is_choice(first, other) and not changes_who_is_assessed(first, other)


def _table(
    scenarios: Sequence[Scenario], raced: Raced, sign: float, places: Floats | None
) -> pd.DataFrame:
    rows = []
    for option, (one, values, by) in enumerate(
        zip(scenarios, raced.values, raced.beaten_by, strict=True)
    ):
        interval = mean_interval(sign * values, places) if option == raced.best else None
        nan = float("nan")
        rows.append(
            {
                "scenario": one.name,
                "replications": len(values),
                "left_after": nan if by is None else float(len(values)),
                "beaten_by": "" if by is None else scenarios[by].name,
                "mean": float((sign * values).mean()),
                "low": nan if interval is None else interval[1],
                "high": nan if interval is None else interval[2],
            }
        )
    order = sorted(
        range(len(rows)), key=lambda option: (option != raced.best, -len(raced.values[option]))
    )
    return pd.DataFrame([rows[option] for option in order])
