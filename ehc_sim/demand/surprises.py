"""Yearly totals that are far from the year before, and may be of a return that was not complete."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.findings import Finding

SURPRISING = 2.0
"""A year this many times the one before, or that part of it, is asked about."""


def surprising_years(
    index: NDArray[np.datetime64], counts: NDArray[np.integer[Any]] | NDArray[np.floating[Any]]
) -> list[Finding]:
    """Ask about years that are twice the known year before, or half of it.

    Parameters
    ----------
    index : ndarray of datetime64[Y], shape (n,)
    counts : ndarray, shape (n,)
        Requests; below 0 where they are not known.
    """
    known = counts >= 0
    years, counts = index[known], counts[known]
    found = []
    for year, was, before, after in zip(
        years[1:], years[:-1], counts[:-1], counts[1:], strict=True
    ):
        ratio = max(after, 0.5) / max(before, 0.5)
        far = max(ratio, 1 / ratio)
        chance = 4 * np.sqrt(1 / max(after, 1) + 1 / max(before, 1))
        if far > SURPRISING and np.log(far) > chance:
            found.append(
                Finding(
                    "question", "outlier", (str(year),),
                    f"{after:,.0f} requests in {year} after {before:,.0f} in {was}: is that so, or "
                    f"was a return not complete? If it was not, forecast again with --leave-out "
                    f"{year}.",
                )
            )  # fmt: skip
    return found
