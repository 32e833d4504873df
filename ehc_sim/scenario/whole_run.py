"""What there is over a whole run, where parts of it come and go on dates."""

from collections.abc import Sequence
from datetime import date

from ehc_sim.scenario.schema import AdviceGiver, Settings


def of_whole_run(periods: Sequence[tuple[date, Settings]]) -> Settings:
    """Return the settings of the last period with the advice providers of every period.

    A provider can be asked from one date to another; all else that a journey is made of holds for
    the whole run.

    Parameters
    ----------
    periods : sequence of (date, Settings)
        Settings as they stand from each date on.
    """
    last = periods[-1][1]
    gone: dict[str, AdviceGiver] = {}
    for _, settings in periods:
        gone |= {n: giver for n, giver in settings.advice.items() if n not in last.advice}
    return last.model_copy(update={"advice": {**last.advice, **gone}}) if gone else last
