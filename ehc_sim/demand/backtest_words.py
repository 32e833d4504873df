"""A back-test in plain words, and what to do where the plain guess was not beaten."""

import pandas as pd

from ehc_sim.demand.scores import relative

NAIVE = "seasonal naive"
MOST = 100.0
"""Ratio to the plain guess's error beyond which the plain guess had next to none."""
NO_RATIO = "next to no error, so that there is no comparing with it"
FEW = 10
"""Totals below which a coverage says little."""


def summary_of(table: pd.DataFrame, name: str, kind: str) -> str:
    """Return what a back-test found, in a few sentences.

    Parameters
    ----------
    table : DataFrame
        As ``Backtest.table``.
    name : str
        The method that was tested.
    kind : "yearly" or "monthly"
        Of the record.
    """
    own = table[table["method"] == name].set_index("horizon")
    plain = table[table["method"] == NAIVE].set_index("horizon")
    words = _yearly(own, plain) if kind == "yearly" else _monthly(own, plain)
    if name == NAIVE:
        return words
    lost = own[~(own["skill"] > 0)]
    return f"{words} {_not_beaten(lost, kind)}" if len(lost) else words


def _monthly(own: pd.DataFrame, plain: pd.DataFrame) -> str:
    first = own.iloc[0]
    beside = _beside(first, plain.iloc[0], "the same month last year")
    words = (
        f"Twelve months forecast from each of {first['origins']:.0f} points in the record: "
        f"{beside} {first['in80']:.0%} of months lay in the 80% range, "
        f"{first['in95']:.0%} in the 95% range"
    )
    last = own.iloc[-1]
    if last["totals"]:
        words += (
            f"; {last['totals80'] * last['totals']:.0f} of {last['totals']:.0f} totals of twelve "
            "months lay in their 80% range"
        )
    return words + "."


def _yearly(own: pd.DataFrame, plain: pd.DataFrame) -> str:
    first, last = own.iloc[0], own.iloc[-1]
    words = (
        f"Each total forecast a year ahead from the ones before ({first['months']:.0f} of them, "
        "2020 left out as a COVID year): "
        f"{_beside(first, plain.iloc[0], 'the same as last year')} "
        f"{first['in80'] * first['months']:.0f} lay in the 80% range and "
        f"{first['in95'] * first['months']:.0f} in the 95% range."
    )
    return words + (" So few say little." if last["months"] < FEW else "")


def _beside(own: pd.Series, plain: pd.Series, guess: str) -> str:
    """Return how a method's error compares with the plain guess's, where that had any."""
    ratio, with_ranges = relative(own["mase"], plain["mase"]), 1 - own["skill"]
    if not max(ratio, with_ranges) < MOST:
        return f'"{guess}" had {NO_RATIO}.'
    return (
        f'the error was {ratio:.0%} of that of "{guess}" (with ranges counted: {with_ranges:.0%}).'
    )


def _worse(skill: float) -> str:
    if not abs(skill) < MOST:
        return "it had next to no error"
    return f"{-skill:.0%} worse" if skill < 0 else "no better"


def _not_beaten(lost: pd.DataFrame, kind: str) -> str:
    ahead = " and ".join(
        f"{horizon} months ({_worse(skill)})" for horizon, skill in lost["skill"].items()
    )
    plain = "the same month last year" if kind == "monthly" else "the same as last year"
    todo = (
        "answer the questions about the record and look at the steps and outliers proposed; if "
        'none explains it, set method = "seasonal naive" in [demand], or give your own view as an '
        "adjustment with its reason"
        if kind == "monthly"
        else "give requests by month if they can be had, or your own view as an adjustment with "
        "its reason; read the ranges, not the middle"
    )
    return f'It did not beat "{plain}" over {ahead}. What to do: {todo}.'
