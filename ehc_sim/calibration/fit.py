"""What a calibration found, as tables: figures matched, numbers known, and what trades off."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.calibration.calibrate import Calibration, Explained
from ehc_sim.calibration.targets import Target, squares
from ehc_sim.calibration.unknowns import Told

Floats = NDArray[np.float64]

ALL = "all"
"""In place of an explanation: all of them, by their weights."""
MATCHED = 2.0
"""A figure is matched where the middle member is within so many standard deviations of it."""
TRADES_OFF = 0.7
"""Correlation from which two numbers are told together."""
TAILS = (0.1, 0.5, 0.9)
"""Quantiles that are told: the middle and the ends of the 80% range."""


def fit_table(found: Calibration) -> pd.DataFrame:
    """Return each figure beside what members said of it before and after.

    Returns
    -------
    DataFrame
        Columns explanation (``all`` for all of them by weight), weight, period, measure, by, group,
        published, near (one standard deviation, in the figure's own unit), assumed_low80,
        assumed_median, assumed_high80 (before any figure was looked at), low80, median, high80 (of
        the members, with random numbers of which they knew nothing), and matched.
    """
    kept = [one for one in found.explained if one.weight]
    rows = []
    for name, weight, parts in [
        (ALL, 1.0, kept),
        *((e.structure.name, e.weight, [e]) for e in found.explained),
    ]:
        for place, target in enumerate(found.targets):
            assumed = [target.plain(one.rounds[0].simulated[:, place]) for one in parts]
            after = [one.confirmed[:, place] for one in parts]
            shares = [one.weight or 1.0 for one in parts]
            rows.append(
                {
                    "explanation": name,
                    "weight": weight,
                    "period": target.period,
                    "measure": target.figure.measure,
                    "by": target.figure.by,
                    "group": target.figure.group,
                    "published": target.figure.value,
                    "near": _near(target),
                    **_named("assumed_", _quantiles(assumed, shares)),
                    **_named("", _quantiles(after, shares)),
                }
            )
    table = pd.DataFrame(rows)
    table["matched"] = [
        abs(median - published) <= MATCHED * near
        for median, published, near in table[["median", "published", "near"]].itertuples(
            index=False
        )
    ]
    return table


def numbers_table(found: Calibration) -> pd.DataFrame:
    """Return each number that members set, before and after.

    Returns
    -------
    DataFrame
        Columns of (what it is a number of), number (the same with its date), path, since (date, or
        NaT for the whole run), assumed_low80, assumed_median, assumed_high80, low80, median, high80
        (over all members by weight), narrower (by which part the 80% range became narrower; below 0
        where it became wider), and learned (whether it holds within the time of the figures).
    """
    rows: dict[str, tuple[Told, list[Floats], list[Floats], list[float]]] = {}
    for one in found.explained:
        if not one.weight:
            continue
        pairs = zip(_told(one, one.rounds[0].unknowns), _told(one, one.unknowns), strict=True)
        for (_, before), (_, after) in pairs:
            row = rows.setdefault(before.words, (before, [], [], []))
            row[1].append(before.values)
            row[2].append(after.values)
            row[3].append(one.weight)
    return pd.DataFrame([_number(found, *row) for row in rows.values()])


def _number(
    found: Calibration, told: Told, before: list[Floats], after: list[Floats], shares: list[float]
) -> dict[str, object]:
    was, is_ = _quantiles(before, shares), _quantiles(after, shares)
    width = was[2] - was[0]
    return {
        "of": told.of,
        "number": told.words,
        "path": told.path,
        "since": pd.NaT if told.since is None else pd.Timestamp(told.since),
        **_named("assumed_", was),
        **_named("", is_),
        "narrower": 1 - (is_[2] - is_[0]) / width if width > 0 else 0.0,
        "learned": told.since is None or told.since <= found.until,
    }


def trade_offs(found: Calibration) -> pd.DataFrame:
    """Return pairs of numbers that move together among members: one cannot be known by itself.

    Returns
    -------
    DataFrame
        Columns explanation, first, second (in words) and correlation (of ranks), those farthest
        from 0 first. Numbers made of one another are left out, as posts of two half-years.
    """
    rows = []
    for one in found.explained:
        if not one.weight:
            continue
        learned = [
            (place, told)
            for place, told in _told(one, one.unknowns)
            if told.since is None or told.since <= found.until
        ]
        ranks = [np.argsort(np.argsort(told.values)) for _, told in learned]
        together = np.atleast_2d(np.corrcoef(ranks))
        for i, j in zip(*np.triu_indices(len(learned), 1), strict=True):
            if learned[i][0] != learned[j][0] and abs(together[i, j]) > TRADES_OFF:
                words = (learned[i][1].words, learned[j][1].words)
                rows.append((one.structure.name, *words, float(together[i, j])))
    table = pd.DataFrame(rows, columns=["explanation", "first", "second", "correlation"])
    order = table["correlation"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def explanations_table(found: Calibration) -> pd.DataFrame:
    """Return how each explanation did.

    Returns
    -------
    DataFrame
        Columns explanation, weight (0 where the figures rule it out), members, off (standard
        deviations that the middle member is off, in the mean of squares over the figures) and
        off_assumed (the same before any figure was looked at).
    """
    count = len(found.targets)
    rows = [
        {
            "explanation": one.structure.name,
            "weight": one.weight,
            "members": len(one.kept) if one.weight else 0,
            "off": _middle(found.targets, one.rounds[-1].simulated[one.kept], count),
            "off_assumed": _middle(found.targets, one.rounds[0].simulated, count),
        }
        for one in found.explained
    ]
    return pd.DataFrame(rows)


def _middle(targets: tuple[Target, ...], simulated: Floats, count: int) -> float:
    return float(np.sqrt(np.median(squares(targets, simulated)) / count))


def _told(one: Explained, unknowns: Floats) -> list[tuple[int, Told]]:
    """Return the numbers of members, and of which piece of the explanation each is."""
    return [
        (place, told)
        for place, (piece, part) in enumerate(one.structure.parts(unknowns))
        for told in piece.told(part)
    ]


def _near(target: Target) -> float:
    """Return one standard deviation in the unit of the figure."""
    shared = target.unit in ("share", "weeks")
    return target.near if shared else target.near * target.figure.value


def _quantiles(parts: list[Floats], shares: list[float]) -> Floats:
    """Return the quantiles of TAILS over parts of which each has a share of the weight."""
    values = np.concatenate(parts)
    weights = np.concatenate(
        [np.full(len(part), share / len(part)) for part, share in zip(parts, shares, strict=True)]
    )
    known = np.isfinite(values)
    values, weights = values[known], weights[known]
    if not len(values):
        return np.full(len(TAILS), np.nan)
    order = np.argsort(values, kind="stable")
    values, weights = values[order], weights[order]
    at = (np.cumsum(weights) - weights / 2) / weights.sum()
    return np.asarray(np.interp(TAILS, at, values))


def _named(prefix: str, quantiles: Floats) -> dict[str, float]:
    names = (f"{prefix}low80", f"{prefix}median", f"{prefix}high80")
    return dict(zip(names, map(float, quantiles), strict=True))
