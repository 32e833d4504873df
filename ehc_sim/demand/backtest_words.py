"""A back-test in plain words, and what to do where the plain guess was not beaten."""

from __future__ import annotations

import pandas as pd

NAIVE = "seasonal naive"
MOST = 100.0
"""Ratio to the plain guess's error beyond which the plain guess had next to none."""
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
    lost = own[own["skill"] <= 0]
    return f"{words} {_not_beaten(lost, kind)}" if len(lost) else words


def _monthly(own: pd.DataFrame, plain: pd.DataFrame) -> str:
    first = own.iloc[0]
    ratio = first["mase"] / max(plain.iloc[0]["mase"], 1e-9)
    words = (
        f"Twelve months forecast from each of {first['origins']:.0f} points in the record: the "
        f'error was {_percent(ratio)} of that of "the same month last year" (with ranges counted: '
        f"{_percent(1 - first['skill'])}). {first['in80']:.0%} of months lay in the 80% range, "
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
        "2020 left out as a COVID year): the error was "
        f"{_percent(first['mase'] / max(plain.iloc[0]['mase'], 1e-9))} of that of "
        f'"the same as last year" (with ranges counted: {_percent(1 - first["skill"])}). '
        f"{first['in80'] * first['months']:.0f} lay in the 80% range and "
        f"{first['in95'] * first['months']:.0f} in the 95% range."
    )
    return words + (" So few say little." if last["months"] < FEW else "")


def _percent(ratio: float) -> str:
    """Return a ratio; one to a plain guess that had next to no error is not told exactly."""
    return f"{ratio:.0%}" if ratio < MOST else f"over {MOST:,.0%}"


def _not_beaten(lost: pd.DataFrame, kind: str) -> str:
    ahead = " and ".join(
        f"{horizon} months ({_percent(-skill)} worse)"
        if skill < 0
        else f"{horizon} months (no better)"
        for horizon, skill in lost["skill"].items()
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
