"""What a plan that moves in from another council takes: SEND Regulations 2014, regulation 15."""

from collections.abc import Sequence

import numpy as np

from ehc_sim.journey import milestones as m
from ehc_sim.journey.steps import Chances, Step, Steps
from ehc_sim.network.nodes import Before
from ehc_sim.network.quantities import AnyQuantity
from ehc_sim.scenario.schema import Settings

PLANS_MOVED_IN = "plans moved in"
"""Kind of work."""

_MORNING = "minute of the first morning"


def taken_on(settings: Settings) -> tuple[str, Sequence[Step]]:
    """Return what follows when a plan is in hand: the first node, and the steps.

    Plans at the start are in hand from the first minute of the run; those that move in come later.

    Parameters
    ----------
    settings : Settings
        Settings with plans.
    """
    if settings.plans is None or settings.plans.moving_in is None:
        return m.KEPT, ()
    which, work = "moved in?", "taking on a plan"
    return which, (
        Step(Before(which, _MORNING, m.KEPT, work), {_MORNING: _second_minute}),
        Steps(settings, "every", PLANS_MOVED_IN).work(work, "plans.moving_in.effort", m.KEPT),
    )


def _second_minute(chances: Chances) -> AnyQuantity:
    return chances.every.constant(np.ones(len(chances.every.cases), dtype=np.int64))
