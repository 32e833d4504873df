"""What a scenario costs."""

from __future__ import annotations

import pandas as pd


def cost(spending: pd.DataFrame, discount_rate: float, plan_from: pd.Timestamp) -> float:
    """Return the discounted cost of the plan.

    Parameters
    ----------
    spending : DataFrame
        Columns month (start of the month) and pounds, at the scenario's price year.
    discount_rate : float
        Rate a year (3.5% in HM Treasury's Green Book).
    plan_from : Timestamp
        Start of the plan. Spending before it is left out; the first year is not discounted.

    Returns
    -------
    float
        Pounds, present value at the start of the plan.
    """
    inside = spending[spending["month"] >= plan_from]
    years = (inside["month"].dt.year - plan_from.year) + (
        inside["month"].dt.month - plan_from.month
    ) / 12
    return float((inside["pounds"] / (1 + discount_rate) ** (years // 1)).sum())
