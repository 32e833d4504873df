"""What the options do under each explanation of the past, and what holds under all of them.

A past can be explained in several ways that fit it about as well. Each replication follows one of
them, the same in every scenario, in as many as its weight says: so a chance of all replications is
that of the explanations together, and by explanation it is that of the replications that follow it.
How far these lie apart no number of replications narrows.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from ehc_sim.catalogue.tables import names
from ehc_sim.experiment.chance import LEVEL, chance_interval
from ehc_sim.experiment.compare import figures
from ehc_sim.experiment.pairs import pair, pairs
from ehc_sim.experiment.scenario_result import FEWEST, Explanations, ScenarioResult
from ehc_sim.experiment.standing import SAME_WAITING, standing

MORE, LESS, SAME, NOT_KNOWN = "more", "less", "the same", "not known"
"""What an option does to a measure under one explanation, beside the baseline."""
HOLDS, TURNS = "holds", "turns"
"""What it does under all explanations: the same, or not the same; else it is ``NOT_KNOWN``."""
KNOWN, NOT_APART = "known", "not shown to differ"
"""Of the level of a chance: the explanations disagree about it by less than the options do, or are
not shown to; else it is ``NOT_KNOWN``."""
SAME_SHARE = 0.01
"""Shares on time that are shown to differ by less than a point are the same."""

_FLAGS = ("is_choice", "order_only", "other_children", "changes_order")
_OF_FIGURES = (
    *("chance", "chance_low", "chance_high", "on_time", "mean_weeks", "late_child_weeks"),
    *("difference", "difference_low", "difference_high"),
    *("late_child_weeks_saved", "late_child_weeks_saved_low", "late_child_weeks_saved_high"),
)
_OF_STANDING = ("place", "with_the_best", "waiting_place", "saves_most")


def explanations(results: Sequence[ScenarioResult], comparison: pd.DataFrame) -> pd.DataFrame:
    """Return what each scenario does under each explanation of the past.

    Parameters
    ----------
    results : sequence of ScenarioResult
        Scenarios of one study, the baseline first.
    comparison : DataFrame
        As ``compare`` returns, of the same scenarios.

    Returns
    -------
    DataFrame
        As ``docs/results.md`` describes ``explanations.csv``; empty where none are named.
    """
    known = results[0].ways
    rows = [
        row
        for number in range(len(known.names) if known else 0)
        for row in _of_explanation(results, comparison, number)
    ]
    table = pd.DataFrame(rows, columns=names("explanations"))
    order = {one.scenario.name: place for place, one in enumerate(results)}
    return table.sort_values("scenario", key=lambda name: name.map(order), kind="stable")


def _of_explanation(
    results: Sequence[ScenarioResult], comparison: pd.DataFrame, number: int
) -> Iterator[dict[str, object]]:
    """Yield the rows of one explanation."""
    known = results[0].ways
    assert known is not None
    parts = [one.of_explanation(number) for one in results]
    keys = [_keys(one, known, number) for one in parts]
    if min(one.replications for one in parts) == 0:
        yield from (row | _NOTHING for row in keys)
        return
    found = pd.DataFrame(figures(parts))
    flags = comparison[list(_FLAGS)].reset_index(drop=True)
    stood = standing(pd.concat([found, flags], axis=1), pairs(parts))
    bands = _bands(float(found["late_child_weeks"].iloc[0]))
    rows = found.to_dict("records")
    for place, (part, row) in enumerate(zip(parts, rows, strict=True)):
        enough = row["replications_compared"] >= FEWEST
        yield (
            keys[place]
            | {name: row[name] for name in _OF_FIGURES}
            | _chance_difference(parts[0], part)
            | {
                column: _effect(row[f"{of}_low"], row[f"{of}_high"], bands[of], enough)
                for column, of in EFFECTS.items()
            }
            | {name: stood.loc[place, name] for name in _OF_STANDING}
        )


EFFECTS = {"on_time_effect": "difference", "saving_effect": "late_child_weeks_saved"}
"""Columns that say what an option does, and the difference that shows it."""
HELD = {"on_time_holds": "on_time_effect", "saving_holds": "saving_effect"}
"""Columns of the comparison, and the effect under each explanation from which they come."""

_NOTHING: dict[str, object] = {
    **dict.fromkeys(EFFECTS, NOT_KNOWN),
    "with_the_best": False,
    "saves_most": False,
}
"""Of an explanation that no replication follows; its numbers are NaN."""


def _keys(result: ScenarioResult, known: Explanations, number: int) -> dict[str, object]:
    return {
        "scenario": result.scenario.name,
        "explanation": known.names[number],
        "weight": known.weights[number],
        "members": known.members[number],
        "replications": result.replications,
    }


def _bands(waiting: float) -> dict[str, float]:
    """Return by how much either way what is the same may differ, of each difference."""
    return {"difference": SAME_SHARE, "late_child_weeks_saved": SAME_WAITING * waiting}


def _chance_difference(baseline: ScenarioResult, result: ScenarioResult) -> dict[str, object]:
    """Return how much higher a chance is than the baseline's, with its paired 95% interval."""
    if result is baseline:
        return dict.fromkeys(_OF_CHANCE, 0.0)
    row = pair(baseline, result)
    ends = (row[f"chance_{end}"] for end in ("difference", "low", "high"))
    return dict(zip(_OF_CHANCE, ends, strict=True))


_OF_CHANCE = ("chance_difference", "chance_difference_low", "chance_difference_high")


def _effect(low: float, high: float, band: float, enough: bool) -> str:
    """Return what the interval of a difference shows."""
    if not enough or np.isnan(low):
        return NOT_KNOWN
    if -band <= low and high <= band:
        return SAME
    if low > 0:
        return MORE
    return LESS if high < 0 else NOT_KNOWN


def with_explanations(
    comparison: pd.DataFrame, table: pd.DataFrame, results: Sequence[ScenarioResult]
) -> pd.DataFrame:
    """Return the comparison with what the explanations say of each scenario.

    Parameters
    ----------
    comparison : DataFrame
        As ``compare`` returns.
    table : DataFrame
        As ``explanations`` returns.
    results : sequence of ScenarioResult
        Of which both are.

    Returns
    -------
    DataFrame
        As ``docs/results.md`` describes ``comparison.csv``; the same as it was where no
        explanations are named.
    """
    if table.empty:
        return comparison
    rivals = comparison["is_choice"] & ~comparison["order_only"] & ~comparison["other_children"]
    chances = comparison.loc[rivals.astype(bool), "chance"]
    apart = float(chances.max() - chances.min())
    baseline = table[table["scenario"] == results[0].scenario.name]
    of_each = dict(list(table.groupby("scenario")))
    rows = []
    for result in results:
        lowest, highest = result.between_explanations(result.met)
        own = of_each[result.scenario.name]
        rows.append(
            {
                "explanations": len(own),
                "chance_lowest": lowest,
                "chance_highest": highest,
                "level": _level(result, apart),
                **{
                    column: _held(own, baseline, effect) if result is not results[0] else ""
                    for column, effect in HELD.items()
                },
            }
        )
    beside = pd.DataFrame(rows, index=comparison.index)
    both = pd.concat([comparison, beside], axis=1)
    return both[[name for name in names("comparison") if name in both]]


def _level(result: ScenarioResult, apart: float) -> str:
    """Return whether the level of a chance is known.

    It is not where the explanations are shown to disagree about it, by more than the options are
    apart. What is shown is that the interval of the highest less the lowest does not take in 0
    (Newcombe, R. G. (1998), Interval estimation for the difference between independent proportions,
    Statistics in Medicine 17, 873-890), allowed for how many pairs of explanations there are.
    Nothing is said of a single explanation, and where one has too few replications.
    """
    lowest, highest = result.between_explanations(result.met)
    known = result.ways
    if known is None or len(known.names) < 2 or np.isnan(lowest):
        return ""
    parts = [result.of_explanation(number) for number in range(len(known.names))]
    level = 1 - (1 - LEVEL) / len(list(combinations(parts, 2)))
    ends = [(p.met.mean(), *chance_interval(p.met, p.places, level)) for p in parts]
    (low, _, above), (high, below, _) = min(ends), max(ends)
    shown = high - low > float(np.hypot(high - below, above - low))
    if not shown:
        return NOT_APART
    return NOT_KNOWN if highest - lowest >= apart else KNOWN


def _held(own: pd.DataFrame, baseline: pd.DataFrame, effect: str) -> str:
    """Return whether an option does the same to a measure under every explanation.

    It turns where it is shown to do more under one and less under another, or under one nothing
    that matters and under another something that does.
    """
    effects = set(own[effect])
    if len(own) < 2:
        return ""
    if len(effects) == 1:
        return NOT_KNOWN if effects == {NOT_KNOWN} else HOLDS
    if {MORE, LESS} <= effects:
        return TURNS
    of = EFFECTS[effect]
    bands = [_bands(waiting)[of] for waiting in baseline["late_child_weeks"]]
    clear = (own[f"{of}_low"].to_numpy() > bands) | (
        own[f"{of}_high"].to_numpy() < -np.array(bands)
    )
    matters = clear & own[effect].isin([MORE, LESS]).to_numpy()
    return TURNS if SAME in effects and matters.any() else NOT_KNOWN
