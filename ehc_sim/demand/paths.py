"""Sample paths of monthly counts, with a type that says what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.demand.exposure import Months
from ehc_sim.rng.streams import Streams


@dataclass(frozen=True, eq=False)
class CountPaths:
    """Joint sample paths of the number of requests received in each month.

    The numbers are counts as they would be observed, chance included. They are split into days as
    they are: using one as the mean of another Poisson draw would count chance twice (measured: half
    as much variance again).

    Attributes
    ----------
    months : ndarray of datetime64[M], shape (n_months,)
        Months in order.
    counts : ndarray of int64, shape (n_paths, n_months)
        Path r belongs to replication ``first_path + r``.
    first_path : int
        Replication of the first path.
    """

    months: Months
    counts: NDArray[np.int64]
    first_path: int = 0
    kind: ClassVar[Literal["count"]] = "count"

    @classmethod
    def rounded(
        cls,
        months: Months,
        values: NDArray[np.float64],
        uniforms: NDArray[np.float64],
        first_path: int = 0,
    ) -> CountPaths:
        """Round up or down at random, so that the mean is kept.

        Parameters
        ----------
        months : ndarray of datetime64[M], shape (n_months,)
            Months in order.
        values : ndarray of float64, shape (n_paths, n_months)
            Values; those below 0 become 0.
        uniforms : ndarray of float64, shape (n_paths, n_months)
            Random numbers in (0, 1). With the same ones, a higher value never gives a lower count.
        first_path : int
            Replication of the first path.
        """
        counts = np.floor(np.maximum(values, 0) + uniforms).astype(np.int64)
        return cls(months, counts, first_path)

    @classmethod
    def of_values(
        cls,
        months: Months,
        values: NDArray[np.float64],
        draws: Sequence[Streams],
        what: str,
        most: NDArray[np.float64],
    ) -> CountPaths:
        """Round a method's real-valued paths, with random numbers named by month.

        Parameters
        ----------
        months : ndarray of datetime64[M], shape (n_months,)
            Months in order.
        values : ndarray of float64, shape (n_paths, n_months)
            Values; those below 0 become 0.
        draws : sequence of Streams
            One for each path.
        what : str
            Name of the method, which names the random numbers.
        most : ndarray of float64, shape (n_months,)
            The most that each month can have; a higher value becomes this.
        """
        places = months.astype(np.int64)
        uniforms = np.stack(
            [s.uniforms(f"monthly requests, {what}, rounding", places) for s in draws]
        )
        return cls.rounded(months, np.minimum(values, most), uniforms, draws[0].replication)

    def of(self, replication: int) -> NDArray[np.int64]:
        """Return the path of one replication, shape (n_months,).

        Raises
        ------
        ValueError
            If there is no path for it.
        """
        row = replication - self.first_path
        if not 0 <= row < len(self.counts):
            raise ValueError(f"no path for replication {replication}")
        return np.asarray(self.counts[row])

    def frame(self) -> pd.DataFrame:
        """Return months in rows (PeriodIndex) and paths in columns."""
        index = pd.PeriodIndex(self.months.astype(str), freq="M", name="month")
        columns = pd.RangeIndex(
            self.first_path, self.first_path + len(self.counts), name="replication"
        )
        return pd.DataFrame(self.counts.T, index=index, columns=columns)
