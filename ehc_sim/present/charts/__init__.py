"""The charts by name, one file each.

Every chart is a function of the results tables that returns a `Chart`: a figure, the same in words
and the numbers in it.
"""

from collections.abc import Callable

from ehc_sim.present import style
from ehc_sim.present.charts import (
    advice,
    chance,
    fan,
    frontier,
    lateness,
    load,
    recovery,
    waiting,
)
from ehc_sim.present.frames import Frames

CHARTS: dict[str, Callable[[Frames], style.Chart]] = {
    "chance": chance.draw,
    "fan": fan.draw,
    "frontier": frontier.draw,
    "waiting": waiting.draw,
    "load": load.draw,
    "advice": advice.draw,
    "lateness": lateness.draw,
    "recovery": recovery.draw,
}


def draw_all(frames: Frames) -> dict[str, style.Chart]:
    """Return every chart that the tables have numbers for, by name."""
    return style.drawn_of(CHARTS, frames)
