"""A service that fails has more plans with a review overdue: no late step hides those after it.

The meeting of a review is the school's and waits for nobody at the council. So with fewer officers
the same reviews of the same plans are due and meet, and each is decided later or not at all.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.engines.choose import Engine
from ehc_sim.experiment.batches import Batch, measure_batch
from ehc_sim.journey import milestones as m
from ehc_sim.network.log import NOT_YET
from ehc_sim.tables import Table
from tests.runs import SEED, run_once
from tests.scenario_files import change, whole_service

pytestmark = pytest.mark.metamorphic

OFFICERS = (3, 1, 0.25)
"""Posts, of which three are the service as it is."""
REPLICATIONS = 3


def ladder(folder: Path, engine: Engine) -> list[dict[str, Table]]:
    """Return the measures with fewer and fewer officers; the plans are those of the start alone,
    so that a plan that is issued later is none that is reviewed less."""
    found = []
    for posts in OFFICERS:
        few = change("teams.reviewing officers.posts", f"set = {posts}", "from = 2023-01-01")
        none = change("decision_to_assess.refused", "set = 1.0", "from = 2023-01-01")
        scenario = whole_service(folder, few + none)
        found.append(measure_batch(Batch(scenario, SEED, 0, REPLICATIONS, engine)))
    return found


@pytest.mark.parametrize("engine", ["compiled", "simpy"])
def test_fewer_officers_never_lower_the_share_of_plans_with_a_review_overdue(
    tmp_path: Path, engine: Engine
) -> None:
    tables = ladder(tmp_path, engine)
    # Fewer officers finish fewer plans too, so it is of the plans in place.
    overdue = [
        table["monthly"].column("reviews_overdue") / table["monthly"].column("plans_in_place")
        for table in tables
    ]
    assert (overdue[-1][:, -1] > 1.5 * overdue[0][:, -1]).all()
    oldest = [table["reviews"].column("oldest_overdue_weeks") for table in tables]
    for rises in (overdue, oldest):
        for more, fewer in itertools.pairwise(rises):
            assert (fewer >= more).all()


def test_fewer_officers_take_no_meeting_away(tmp_path: Path) -> None:
    """Each review of a plan of the start meets at the same minute, whoever is there to decide."""
    meetings = []
    for posts in OFFICERS:
        text = change("teams.reviewing officers.posts", f"set = {posts}", "from = 2023-01-01")
        ran = run_once(whole_service(tmp_path, text))
        cases = ran.prepared.everybody
        at_start = np.flatnonzero(cases.of_kind(m.REVIEW))
        at_start = at_start[cases.of_kind(m.PLAN_AT_START)[cases.holder[at_start]]]
        met = ran.log.reached(m.REVIEW_MEETING)[at_start]
        keys = ran.prepared.draw.keys
        assert keys is not None
        names = np.array(keys.prefixes)[keys.group[at_start]]
        which = list(zip(names.tolist(), keys.numbers[at_start].tolist(), strict=True))
        meetings.append({which[row]: int(met[row]) for row in np.flatnonzero(met != NOT_YET)})
    assert len(meetings[0]) > 500
    for fewer in meetings[1:]:  # a plan that is ceased later may be reviewed once more
        assert fewer.items() >= meetings[0].items()


def test_fewer_officers_make_no_fewer_transfers_late(tmp_path: Path) -> None:
    late = []
    for table in ladder(tmp_path, "compiled"):
        due, share = (table["reviews"].column(name) for name in ("transfers", "transfers_on_time"))
        late.append(np.nansum(due * (1 - share), axis=1))
    for more, fewer in itertools.pairwise(late):
        assert (fewer >= more).all()
    assert (late[-1] > late[0]).all()
