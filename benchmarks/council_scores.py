"""How good forecasts of councils were, and those of plain rivals, against what was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri
from statsmodels.api import add_constant
from statsmodels.regression.quantile_regression import QuantReg

from benchmarks.council_figures import fold
from ehc_sim.demand.scores import interval_score

HORIZONS = ((2022, 2023), (2022, 2024), (2023, 2024))
"""Last year known, and the year foretold."""
LEVEL = 0.8
AS_BEFORE, AS_KNOWN = "same as last year", "as last known"
LINES = "lines through all councils' earlier years"
ERRORS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3)
WIDENED = "model, with an error chosen by others"
MODEL, HALF = "model", "half model, half as last known"


def rivals(figures: pd.DataFrame, councils: Sequence[str], measure: str) -> pd.DataFrame:
    """Return what plain rivals say of a measure, with ranges from the other half of the councils.

    "Same as last year" is the year before, also where that was not known yet; "as last known" is
    the last year known. Both ranges are as wide to each side as the error that 80% of the councils
    of the other half stayed within, in the same years.

    Parameters
    ----------
    figures : DataFrame
        As ``council_figures.published`` returns them.
    councils : sequence of str
        Names of those that are judged.
    measure : str
        Column of ``figures``. Of a count the error is a share of what was foretold.

    Returns
    -------
    DataFrame
        Columns forecast, council, known, year, published, median, low and high. Without councils
        that published nothing of either year.
    """
    wide = figures[figures["council"].isin(councils)].reset_index()
    wide = wide.pivot_table(index="council", columns="year", values=measure)
    side = np.array([fold(str(name)) for name in wide.index])
    share = measure.startswith("issued_")
    parts = []
    for known, year in HORIZONS:
        for name, from_ in ((AS_BEFORE, year - 1), (AS_KNOWN, known)):
            if not {from_, year} <= set(wide.columns):
                continue
            said, came = wide[from_].to_numpy(), wide[year].to_numpy()
            scale = np.ones_like(said) if share else said
            error = np.abs(came - said) / scale
            widths = np.array([np.nanquantile(error[side != one], LEVEL) for one in (0, 1)])
            off = widths[side] * scale
            parts.append(
                pd.DataFrame(
                    {
                        "forecast": name, "council": wide.index, "known": known, "year": year,
                        "published": came, "median": said,
                        "low": np.maximum(said - off, 0),
                        "high": np.minimum(said + off, 1) if share else said + off,
                    }
                )
            )  # fmt: skip
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return found.dropna() if len(found) else found


def of_samples(
    samples: Mapping[tuple[str, int, int], np.ndarray],
    figures: pd.DataFrame,
    measure: str,
    forecast: str = MODEL,
) -> pd.DataFrame:
    """Return medians and 80% ranges of samples beside what was published, as ``rivals`` does.

    Parameters
    ----------
    samples : mapping
        By council, last year known and year foretold: values of the measure, one a replication.

    Notes
    -----
    The ends of a range are such that one more value of the same kind is inside with the chance that
    is said, however few the replications are.
    """
    came = figures.reset_index().set_index(["council", "year"])[measure]
    rows = []
    for (council, known, year), values in samples.items():
        sample = values[np.isfinite(values)]
        actual = float(came.get((council, year), np.nan))
        if not len(sample) or not np.isfinite(actual):
            continue
        parts = [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2]
        low, median, high = np.quantile(sample, parts, method="weibull")
        rows.append((forecast, council, known, year, actual, median, low, high))
    names = ["forecast", "council", "known", "year", "published", "median", "low", "high"]
    return pd.DataFrame(rows, columns=names)


def widened(values: np.ndarray, error: float, share: bool) -> np.ndarray:
    """Return a sample with a model error added: how far a published figure is from a perfect model.

    Shares move by the angle of which they are the squared sine, counts by their logarithm, as for
    ``calibration.targets``.

    Parameters
    ----------
    values : ndarray, shape (replications,)
    error : float
        Standard deviation of the error on that scale.
    share : bool
    """
    places = (np.arange(len(values)) + 0.5) / len(values)
    moves = error * ndtri(np.random.default_rng(len(values)).permutation(places))
    if share:
        angles = np.arcsin(np.sqrt(np.clip(values, 0, 1))) + moves
        return np.asarray(np.sin(np.clip(angles, 0, np.pi / 2)) ** 2)
    return np.asarray(values * np.exp(moves))


def left_out(
    samples: Mapping[tuple[str, int, int], np.ndarray], figures: pd.DataFrame, measure: str
) -> tuple[pd.DataFrame, tuple[float, float]]:
    """Return forecasts of councils that had no say in the model error that they are given.

    For each half of the councils the error is that of ``ERRORS`` whose ranges have the lowest mean
    interval score on the other half.

    Returns
    -------
    DataFrame
        As ``rivals`` returns it.
    tuple of float
        The error that each half was given.
    """
    share = measure.startswith("issued_")
    tried = {
        error: of_samples(
            {key: widened(one, error, share) for key, one in samples.items()},
            *(figures, measure, WIDENED),
        )
        for error in ERRORS
    }
    parts, chosen = [], []
    for side in (0, 1):
        scores = {}
        for error, said in tried.items():
            other = said[said["council"].map(fold) != side]
            scores[error] = scored(other.assign(known=0, year=0), share)["score"].mean()
        best = min(scores, key=lambda error: scores[error])
        said = tried[best]
        parts.append(said[said["council"].map(fold) == side])
        chosen.append(best)
    return pd.concat(parts, ignore_index=True), (chosen[0], chosen[1])


def halved(model: pd.DataFrame, last: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of two forecasts' medians and ends of ranges, where both have one."""
    keys = ["council", "known", "year"]
    both = model.merge(last[[*keys, "median", "low", "high"]], on=keys, suffixes=("", "_last"))
    for name in ("median", "low", "high"):
        both[name] = (both[name] + both.pop(f"{name}_last")) / 2
    return both.assign(forecast=HALF)


def scored(said: pd.DataFrame, share: bool) -> pd.DataFrame:
    """Return one row a forecast, last year known and year foretold.

    Parameters
    ----------
    said : DataFrame
        As ``rivals`` returns it.
    share : bool
        Whether it is of a share, told in points of a hundred; else errors are percent of what was
        published.

    Returns
    -------
    DataFrame
        councils, error (mean absolute error of the median), holds (share of 80% ranges that hold
        what was published), width (mean), and score (mean interval score, lower is better; Gneiting
        and Raftery 2007), the last three but the share in the unit of the error.
    """
    unit = 100.0 if share else 100.0 / said["published"].where(said["published"] > 0)
    low, high, came = said["low"], said["high"], said["published"]
    scores = interval_score(low.to_numpy(), high.to_numpy(), came.to_numpy(), LEVEL)
    each = said.assign(
        error=(said["median"] - came).abs() * unit,
        holds=(low <= came) & (came <= high),
        width=(high - low) * unit,
        score=scores * unit,
    )
    by = each.groupby(["forecast", "known", "year"], sort=False)
    found = by[["error", "holds", "width", "score"]].mean()
    found.insert(0, "councils", by.size())
    return found.reset_index()


def regression(figures: pd.DataFrame, councils: Sequence[str], measure: str) -> pd.DataFrame:
    """Return what lines fitted to all councils' earlier years say, in the form of ``rivals``.

    Quantile regression on what was known: the last two years of the measure (of a count: its last
    growth), assessments completed for each request that was not refused in these years, and the
    growth of those requests. It is fitted to every pair of years that ended by the last known one,
    and to nothing later: what can be said of a council from public figures without any model.
    """
    share = measure.startswith("issued_")
    every = figures.reset_index()
    wide = {
        name: every.pivot_table(index="council", columns="year", values=name)
        for name in ("requests", "refused", "completed", measure)
    }
    parts = []
    for known, year in HORIZONS:
        ends = range(2017 + year - known, known + 1)
        past = [_told(wide, measure, end - (year - known), end) for end in ends]
        train = pd.concat(past)
        test = _told(wide, measure, known, year)
        test = test[test.index.isin(councils)]
        if len(train) < 50 or test.empty:  # as of a measure that is new
            continue
        lines = QuantReg(train["came"], add_constant(train.drop(columns="came")))
        at = add_constant(test.drop(columns="came"), has_constant="add")
        said = {
            name: np.asarray(lines.fit(q=part, max_iter=10_000).predict(at))
            for name, part in (("low", (1 - LEVEL) / 2), ("median", 0.5), ("high", (1 + LEVEL) / 2))
        }
        found = pd.DataFrame({"published": test["came"], **said}, index=test.index)
        if share:
            found = found.clip(0, 1)
        else:
            found = np.exp(found).mul(wide[measure][known].reindex(test.index), axis=0)
        parts.append(found.reset_index().assign(forecast=LINES, known=known, year=year))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _told(wide: Mapping[str, pd.DataFrame], measure: str, known: int, year: int) -> pd.DataFrame:
    """Return what is known of each council at the end of a year, and what came of a later one."""
    of, done = wide[measure], wide["completed"]
    needed = {known - 1, known, year}
    if not all(needed <= set(one.columns) for one in (of, done, wide["requests"])):
        return pd.DataFrame()
    asked = (wide["requests"] - wide["refused"]).where(lambda count: count > 0)
    done, of = done.where(done > 0), of if measure.startswith("issued_") else of.where(of > 0)
    rows = {
        "done": np.log(done[known] / asked[known]),
        "done_before": np.log(done[known - 1] / asked[known - 1]),
        "growth": np.log(asked[known] / asked[known - 1]),
    }
    if measure.startswith("issued_"):
        rows |= {"last": of[known], "before": of[known - 1], "came": of[year]}
    else:
        rows |= {"last": np.log(of[known] / of[known - 1]), "came": np.log(of[year] / of[known])}
    return pd.DataFrame(rows).replace([np.inf, -np.inf], np.nan).dropna()
