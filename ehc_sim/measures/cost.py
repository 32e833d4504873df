"""What a scenario costs."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

MONTHS_A_YEAR = 12


def cost(
    pounds: NDArray[np.float64],
    months: NDArray[np.datetime64],
    discount_rate: float,
    plan_from: date,
) -> float:
    """Return the discounted cost of the plan.

    Parameters
    ----------
    pounds : ndarray of float64, shape (..., months)
        Spent in each month, at the scenario's price year.
    months : ndarray of datetime64[M], shape (months,)
        The months.
    discount_rate : float
        Rate a year (3.5% in HM Treasury's Green Book).
    plan_from : date
        Start of the plan. Months that begin before it are left out; the first year is not
        discounted.

    Returns
    -------
    float
        Pounds, present value at the start of the plan.
    """
    inside = months.astype("datetime64[D]") >= np.datetime64(plan_from, "D")
    passed = (months[inside] - np.datetime64(plan_from, "M")).astype(np.int64)
    return float((pounds[..., inside] / (1 + discount_rate) ** (passed // MONTHS_A_YEAR)).sum())
