"""A planner's adjustments to a forecast, each with an uncertainty of its own."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ehc_sim.demand.exposure import Months
from ehc_sim.demand.extremes import MOST_RISE
from ehc_sim.demand.paths import CountPaths
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.schema import Overlay

DAYS_A_YEAR = 365.25
MOST_A_MONTH = 16_000.0
"""Requests in a month that no adjustment goes beyond, by whatever chance: more than all of England
has. An adjustment that is likely to come near it is refused before the run."""
LEAST_FACTOR = 0.05
"""An uncertain adjustment never takes away more than 95% of requests."""


def adjust(
    base: CountPaths, overlays: Mapping[str, Overlay], draws: Sequence[Streams]
) -> CountPaths:
    """Return the paths with every overlay applied; the base is left as it is.

    Each overlay multiplies each path month by month, so the spread and shape of the forecast stay.
    Its size differs between paths: normal, with the overlay's own standard deviation.

    Parameters
    ----------
    base : CountPaths
        The forecast, shape (n_paths, n_months).
    overlays : mapping of str to Overlay
        By the name that also names their random numbers.
    draws : sequence of Streams
        One for each path.
    """
    if not overlays:
        return base
    values = base.counts.astype(np.float64)
    for name, overlay in overlays.items():
        values = np.minimum(values * factors(name, overlay, base.months, draws), MOST_A_MONTH)
    uniforms = np.stack(
        [streams.generator("overlay rounding").random(len(base.months)) for streams in draws]
    )
    return CountPaths.rounded(base.months, values, uniforms, base.first_path)


def factors(
    name: str, overlay: Overlay, months: Months, draws: Sequence[Streams]
) -> NDArray[np.float64]:
    """Return what each path's months are multiplied by, shape (n_paths, n_months).

    Extra growth g gives (1 + g) to the power of the years since the start; a step s gives 1 + s,
    or its part reached by then on the ramp. A month takes the mean of its days; 1 before the start.
    Its error makes of it no more than ``MOST_RISE`` times what was decided, nor less.
    """
    first = months.astype("datetime64[D]")
    last = (months + 1).astype("datetime64[D]")
    days = np.arange(first[0], last[-1])
    starts = np.r_[0, np.cumsum((last - first).astype(np.int64))[:-1]]
    length = (last - first).astype(np.int64)
    since = (days - np.datetime64(overlay.starts, "D")).astype(np.int64)

    decided, size = np.empty((2, len(draws), 1))
    ramp_days = np.empty((len(draws), 1))
    for r, streams in enumerate(draws):
        kind = overlay.step if overlay.growth_a_year is None else overlay.growth_a_year
        assert kind is not None  # the schema asks for one of the two
        drawn = kind.drawn(streams.uniform)
        error = streams.generator(f"overlay {name}").standard_normal()
        decided[r] = drawn
        size[r] = drawn * (1 + overlay.sd_share.drawn(streams.uniform) * error)
        ramp_days[r] = overlay.ramp_months.drawn(streams.uniform) * DAYS_A_YEAR / 12
    if overlay.growth_a_year is not None:
        years = np.add.reduceat(np.maximum(since, 0), starts) / length / DAYS_A_YEAR
        return _near(*(np.maximum(1 + g, LEAST_FACTOR) ** years for g in (decided, size)))
    reached = np.where(since >= 0, np.minimum((since + 1) / np.maximum(ramp_days, 1), 1), 0.0)
    part = np.add.reduceat(reached, starts, axis=1) / length
    return _near(*(np.maximum(1 + s * part, LEAST_FACTOR) for s in (decided, size)))


def _near(decided: NDArray[np.float64], drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return factors as drawn, within ``MOST_RISE`` times those decided and that part of them."""
    return np.asarray(np.clip(drawn, decided / MOST_RISE, decided * MOST_RISE))


def describe(overlay: Overlay) -> str:
    """Return an overlay in one sentence: what, from when, who, when decided and why."""
    if overlay.growth_a_year is not None:
        what = f"{float(overlay.growth_a_year):+.1%} growth a year"
    else:
        assert overlay.step is not None  # the schema asks for one of the two
        what = f"{float(overlay.step):+.1%} requests"
        if overlay.ramp_months.largest > 0:
            what += f" over {float(overlay.ramp_months):g} months"
    return (
        f"{overlay.name}: {what} from {overlay.starts}, give or take "
        f"{float(overlay.sd_share):.0%} of that (decided by {overlay.who} on {overlay.decided}: "
        f"{overlay.why})"
    )
