"""How a method would have done on the record's own past, beside "the same as last year"."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd

from ehc_sim.demand.backtest_words import summary_of
from ehc_sim.demand.choose import choose
from ehc_sim.demand.exposure import MonthWeights
from ehc_sim.demand.fits import fit_once
from ehc_sim.demand.history import History, covid
from ehc_sim.demand.ladder import FOR_BORROWED, FOR_FOUR, FOR_TWO, Method
from ehc_sim.demand.member import CannotFit, Fitted
from ehc_sim.demand.pool import FittedPool
from ehc_sim.demand.scores import Array, Scale, pit, relative, scores, totals_in_80
from ehc_sim.demand.seasonal_naive import SPREAD_ELSEWHERE, SeasonalNaive
from ehc_sim.demand.yearly import YearlyTotals, learnt_years, year_ends
from ehc_sim.rng.streams import Streams

HORIZONS = (12, 24, 36)
"""Months ahead that are judged."""
WANTED_ORIGINS, MOST_ORIGINS = 4, 6
"""Times that a record is cut off to be forecast: at least, where it allows, and at most."""
CUTS = (
    *((FOR_FOUR, step) for step in (12, 6, 3)),
    *((FOR_TWO, step) for step in (12, 6, 3)),
    *((FOR_BORROWED, step) for step in (6, 3, 1)),
)
"""Months learnt from before the first cut, and months between cuts, from what is liked best."""
LEAST_YEARS = 3
"""Yearly totals before the first year that is forecast."""
PATHS = 400
"""Sample paths of each forecast."""
BINS = 10
NAIVE = "seasonal naive"
NO_SCALE = (
    "From some points, the record up to then was the same from one year to the next: an error has "
    "nothing there to be measured by, and is not in the scores."
)
SCORES = ["mase", "rmsse", "crps", "in80", "in95", "bias"]


@dataclass(frozen=True, eq=False)
class Backtest:
    """Forecasts made as if in the past, against what then happened.

    Attributes
    ----------
    table : DataFrame
        One row a method and horizon: method (the one tested, the seasonal naive, then each member
        of a pool), horizon (months; of a yearly record too), origins, months (compared; of a yearly
        record, totals), mase, rmsse and crps (scaled by the record's changes from one year to the
        next up to then), skill (1 less crps over that of the seasonal naive), in80 and in95 (shares
        of months), totals80 (share of twelve-month totals in their 80% range), totals, bias (of the
        median). A score that cannot be told is NaN: of a record that never changes there is no
        scale, and against a plain guess without an error no skill.
    origins : DataFrame
        One row a forecast, method and horizon: origin (last month or year known), used (the method
        that the record called for then), actual and median (sums), and the same scores.
    pit : DataFrame
        One row a method and tenth: method, low, high, share of months of the first twelve.
    beats_naive : bool or None
        Whether the method had the better score at every horizon; None where nothing was tested, or
        it is the seasonal naive itself.
    summary : str
        The same in words, and what to do where the plain guess was not beaten.
    notes : tuple of str
        What a reader of the table should know.
    """

    table: pd.DataFrame
    origins: pd.DataFrame
    pit: pd.DataFrame
    beats_naive: bool | None
    summary: str
    notes: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        table = self.table.to_html(index=False, float_format="{:.3g}".format, na_rep="not known")
        return f"<p>{escape(self.summary)}</p>{table}"


@dataclass(frozen=True, eq=False)
class Tested:
    """One method's forecast from one point in the past, and what then happened.

    ``sample`` is of shape (n_paths, n); ``actual`` and ``counts`` of shape (n,): periods that
    count. A period is a month, or a year of a yearly record: ``a_year`` of them make a year.
    """

    origin: str
    method: str
    used: str
    sample: Array
    actual: Array
    counts: np.ndarray[tuple[int], np.dtype[np.bool_]]
    scale: Scale
    a_year: int


def backtest(history: History, weights: MonthWeights, method: Method | None = None) -> Backtest:
    """Forecast the record's own past from its past.

    The method from each point is the one that the record called for then; months of COVID and those
    that the planner left out are not judged.

    Parameters
    ----------
    history : History
        The record.
    weights : MonthWeights
        Exposure of the record's months.
    method : str, optional
        What the scenario asks for; by default the record decides.
    """
    name = choose(history, method)[0].name
    if history.kind == "assumed":
        tested: list[Tested] = []
    elif history.kind == "yearly":
        tested = list(_yearly(history, weights, name))
    else:
        tested = list(_monthly(history, weights, name, method))
    origins = _origins(tested)
    if origins.empty:
        words = (
            "Nothing was recorded, so nothing can be tested."
            if history.kind == "assumed"
            else "The record is too short to test the method on its own past."
        )
        return Backtest(_table(origins, tested), origins, _pit(tested), None, words)
    table = _table(origins, tested)
    own = table[table["method"] == name]
    beats = None if name == NAIVE else bool((own["skill"] > 0).all())
    used = origins.loc[(origins["method"] == name) & (origins["used"] != name), "used"].unique()
    notes = tuple(f"From some earlier points the record called for: {other}." for other in used)
    if origins["mase"].isna().any():
        notes += (NO_SCALE,)
    return Backtest(
        table, origins, _pit(tested), beats, summary_of(table, name, history.kind), notes
    )


def cuts(history: History) -> list[int]:
    """Return how many months are known at each point from which the past is forecast, rising.

    The longest steps between points, and the longest records before them, that still give
    ``WANTED_ORIGINS`` points with twelve months after; else the most points that there are.
    """
    enough = np.cumsum(history.learnt)
    most: list[int] = []
    for least, step in CUTS:
        points = range(len(history.counts) - 12, 0, -step)
        found = [cut for cut in points if enough[cut - 1] >= least][:MOST_ORIGINS]
        if len(found) >= WANTED_ORIGINS:
            return found[::-1]
        most = max(most, found[::-1], key=len)
    return most


def _monthly(
    history: History, weights: MonthWeights, name: str, method: Method | None
) -> Iterator[Tested]:
    draws = [Streams(0, r) for r in range(PATHS)]
    for cut in cuts(history):
        past = history.until(cut)
        ahead = history.index[cut : cut + min(HORIZONS[-1], (len(history.counts) - cut) // 12 * 12)]
        there = slice(cut, cut + len(ahead))
        both = past.learnt[12:] & past.learnt[:-12]
        changes = (past.counts[12:] - past.counts[:-12])[both].astype(np.float64)
        if not len(changes):  # one year: what months differ by in a year is not known yet
            changes = np.asarray(SPREAD_ELSEWHERE * past.counts[past.learnt], dtype=np.float64)
        member = choose(past, method)[0]
        try:
            fitted = fit_once(member, past, weights)
            plain = fit_once(SeasonalNaive(), past, weights)
        except CannotFit:
            continue
        forecasts: dict[str, Fitted] = {name: fitted}
        forecasts.setdefault(NAIVE, plain)
        if isinstance(fitted, FittedPool):
            forecasts |= fitted.members
        for label, one in forecasts.items():
            yield Tested(
                str(past.last_month), label, member.name,
                one.paths(ahead, draws).counts.astype(np.float64),
                history.counts[there].astype(np.float64), history.learnt[there],
                Scale.of(changes), 12,
            )  # fmt: skip


def _yearly(history: History, weights: MonthWeights, name: str) -> Iterator[Tested]:
    draws = [Streams(0, r) for r in range(PATHS)]
    of_covid = np.any(covid(year_ends(history)[:, np.newaxis] - np.arange(12)), axis=1)
    normal = np.asarray(history.learnt & ~of_covid)
    years = HORIZONS[-1] // 12
    for cut in range(LEAST_YEARS, len(history.counts)):
        past = history.until(cut)
        used = past.counts[learnt_years(past)].astype(np.float64)
        if len(used) < 2:
            continue
        ahead = slice(cut, min(cut + years, len(history.counts)))
        number = ahead.stop - ahead.start
        fitted = YearlyTotals().fit(past, weights)
        changes = np.diff(used)
        walk = np.stack(
            [s.generator("requests by year, naive").standard_normal(years) for s in draws]
        )
        spread = np.sqrt(np.mean(changes**2)) * np.cumsum(walk, axis=1)[:, :number]
        samples = {
            name: fitted.totals(number, draws).astype(np.float64),
            NAIVE: np.maximum(np.rint(used[-1] + spread), 0),
        }
        for label, sample in samples.items():
            yield Tested(
                str(past.index[-1]), label, name, sample, history.counts[ahead].astype(np.float64),
                normal[ahead], Scale.of(changes), 1,
            )  # fmt: skip


def _origins(tested: list[Tested]) -> pd.DataFrame:
    rows = []
    for one in tested:
        for horizon in HORIZONS:
            periods = horizon // 12 * one.a_year
            if periods > len(one.actual) or not one.counts[:periods].any():
                continue
            judged = np.flatnonzero(one.counts[:periods])
            sample, actual = one.sample[:, judged], one.actual[judged]
            found = scores(sample, actual, one.scale)
            totals = (
                totals_in_80(one.sample[:, :periods], one.actual[:periods], one.counts[:periods])
                if one.a_year == 12
                else [bool(found["in80"] * len(judged) >= k) for k in range(1, len(judged) + 1)]
            )
            rows.append(
                {
                    "origin": one.origin,
                    "method": one.method,
                    "used": one.used,
                    "horizon": horizon,
                    "months": len(judged),
                    "actual": float(actual.sum()),
                    "median": float(np.median(sample, axis=0).sum()),
                    **found,
                    "totals_in80": sum(totals),
                    "totals": len(totals),
                }
            )
    return pd.DataFrame(rows)


COLUMNS = [
    *("method", "horizon", "origins", "months", "mase", "rmsse", "crps", "skill", "in80", "in95"),
    *("totals80", "totals", "bias"),
]


def _table(origins: pd.DataFrame, tested: list[Tested]) -> pd.DataFrame:
    """Return means over the origins, each weighted by the months that it was judged on.

    A score that is undefined from some origins is the mean over the others.
    """
    if origins.empty:
        return pd.DataFrame(columns=COLUMNS)
    rows = []
    for method in dict.fromkeys(one.method for one in tested):
        for horizon in HORIZONS:
            some = origins[(origins["method"] == method) & (origins["horizon"] == horizon)]
            if some.empty:
                continue
            mean = [_mean(some[score], some["months"]) for score in SCORES]
            totals = int(some["totals"].sum())
            rows.append(
                {
                    "method": method,
                    "horizon": horizon,
                    "origins": len(some),
                    "months": int(some["months"].sum()),
                    **dict(zip(SCORES, mean, strict=True)),
                    "totals80": some["totals_in80"].sum() / totals if totals else np.nan,
                    "totals": totals,
                }
            )
    table = pd.DataFrame(rows)
    plain = table[table["method"] == NAIVE].set_index("horizon")["crps"]
    guess = table["horizon"].map(plain)
    table["skill"] = 1 - table["crps"] / guess.where(guess > 0)
    return table[COLUMNS]


def _mean(values: pd.Series, weights: pd.Series) -> float:
    defined = values.notna()
    return relative(float((values * weights)[defined].sum()), float(weights[defined].sum()))


def _pit(tested: list[Tested]) -> pd.DataFrame:
    """Return the histogram of where the first twelve months fell in their forecasts."""
    rows = []
    edges = np.linspace(0, 1, BINS + 1)
    for method in dict.fromkeys(one.method for one in tested):
        places = []
        for one in tested:
            if one.method == method:
                judged = np.flatnonzero(one.counts[: one.a_year])
                rng = Streams(0, 0).generator(f"place in the forecast from {one.origin}")
                uniforms = rng.random(one.a_year)[judged]
                places.append(pit(one.sample[:, judged], one.actual[judged], uniforms))
        found = np.histogram(np.concatenate(places), bins=edges)[0]
        for low, high, number in zip(edges[:-1], edges[1:], found, strict=True):
            rows.append(
                {"method": method, "low": low, "high": high, "share": number / max(found.sum(), 1)}
            )
    return pd.DataFrame(rows, columns=["method", "low", "high", "share"])
