"""What an agency of a team did is checked by the team's own posts: worked out by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.simpy import run
from ehc_sim.experiment.replication import Replication, Replicator
from ehc_sim.journey.milestones import advice_in
from ehc_sim.network import (
    AgencyPlan,
    AlwaysThere,
    Draw,
    End,
    Log,
    Network,
    Pathway,
    Quantity,
    Rules,
    TeamPlan,
    Work,
)
from ehc_sim.network.log import AGENCY, NOT_YET
from ehc_sim.network.pathway import PathwayFault
from ehc_sim.scenario import BadInput
from tests.runs import SEED, events_before
from tests.scenario_files import change, smallshire

pytestmark = pytest.mark.unit

Model = Callable[[Network, Draw], Log]
both = pytest.mark.parametrize("model", [run, run_compiled], ids=["simpy", "compiled"])

DAY = 1440
TIMELINE = Timeline.england(date(2025, 4, 7), date(2025, 5, 6), SchoolTerms())
CHECKED = Pathway(
    [
        Work("advice", "team", "minutes", "done", by_agency="check"),
        Work("check", "team", "check minutes", "done", "annual reviews", own_posts=True),
        End("done", "done"),
    ]
)
ADVICE, CHECK = 0, 1


def at(day: int, hour: int, minute: int = 0) -> int:
    return day * DAY + hour * 60 + minute


def visits(
    model: Model,
    arrived: Sequence[int],
    minutes: Sequence[int],
    check: int = 30,
    rules: Rules | None = None,
    most: int = 9,
    agency: bool = True,
) -> list[tuple[int, ...]]:
    """Return case, node, joined, started, ended and post of every visit to work.

    The agency takes what no post is free for, and has it back after four days.
    """
    plan = AgencyPlan((0,), (most,), "agency days") if agency else None
    team = TeamPlan((AlwaysThere(),), (rules or Rules(),), agency=plan)
    values = {
        "minutes": minutes,
        "check minutes": [check] * len(arrived),
        "agency days": [4] * len(arrived),
    }
    draw = Draw(np.array(arrived), {name: Quantity.constant(v) for name, v in values.items()})
    log = model(Network(CHECKED, TIMELINE, {"team": team}), draw)
    work = log.visits[np.isin(log.visits[:, 1], [ADVICE, CHECK])]
    return [tuple(row) for row in work[:, :6].tolist()]


@both
def test_only_what_an_agency_did_is_checked_and_by_a_post(model: Model) -> None:
    """The first case has the post, the second the agency, which sends it back after four days."""
    assert visits(model, [at(0, 9)] * 2, [60, 60]) == [
        (0, ADVICE, at(0, 9), at(0, 9), at(0, 10), 0),
        (1, ADVICE, at(0, 9), at(0, 9), at(4, 9), AGENCY),
        (1, CHECK, at(4, 9), at(4, 9), at(4, 9, 30), 0),
    ]


@both
def test_a_check_waits_for_a_post_while_the_agency_takes_younger_cases(model: Model) -> None:
    """Back on day 4, case 1 finds the post busy until 18:50; case 3 goes to the agency at 9:30."""
    arrived = [at(0, 9), at(0, 9), at(4, 8, 50), at(4, 9, 30)]
    found = visits(model, arrived, [60, 60, 600, 60])
    assert found[2:] == [
        (1, CHECK, at(4, 9), at(4, 18, 50), at(4, 19, 20), 0),
        (2, ADVICE, at(4, 8, 50), at(4, 8, 50), at(4, 18, 50), 0),
        (3, ADVICE, at(4, 9, 30), at(4, 9, 30), at(8, 9, 30), AGENCY),
        (3, CHECK, at(8, 9, 30), at(8, 9, 30), at(8, 10), 0),
    ]


@both
def test_a_check_takes_its_turn_by_the_order_of_the_team(model: Model) -> None:
    """At 18:50 the oldest is next, which is the check; with the newest first it is case 3."""
    arrived = [at(0, 9), at(0, 9), at(4, 8, 50), at(4, 9, 30)]
    for order, first in (("received", (1, CHECK)), ("newest", (3, ADVICE))):
        found = visits(model, arrived, [60, 60, 600, 60], rules=Rules(0, order), most=1)
        begun = [row[:2] for row in sorted(found, key=lambda row: row[3]) if row[3] >= at(4, 18)]
        assert begun[0] == first


@both
def test_a_post_reserved_for_a_kind_takes_the_checks_of_it_first(model: Model) -> None:
    """The check is of another kind than the advice, and comes before a case that is older."""
    arrived = [at(0, 8), at(0, 9), at(0, 9, 30)]
    rules = Rules(0, "newest", reserved=("annual reviews",))
    found = visits(model, arrived, [4 * DAY + 120, 60, 60], rules=rules, most=1)
    begun = [row[:2] for row in sorted(found, key=lambda row: row[3])]
    assert begun == [(0, ADVICE), (1, ADVICE), (1, CHECK), (2, ADVICE)]


@both
def test_no_time_to_check_is_no_check_and_without_an_agency_there_is_none(model: Model) -> None:
    for more in ({"check": 0}, {"agency": False}):
        found = visits(model, [at(0, 9)] * 2, [60, 60], **more)
        assert [row[1] for row in found] == [ADVICE, ADVICE]


def test_the_way_after_an_agency_is_one_of_the_table() -> None:
    with pytest.raises(PathwayFault, match="leads to 'nowhere', which is no node"):
        Pathway([Work("advice", "team", "minutes", "done", by_agency="nowhere"), End("done", "d")])


# --- the advice of a council ---

HOURS, GIVER = "advice.educational psychologist.agency_check_hours", "educational psychologist"
BOUGHT = """
[teams."educational psychologists".agency]
cases_a_month = 6
price = 1_200
turnaround = { mean_days = 28 }
"""


def ran(folder: Path, hours: str) -> Replication:
    return Replicator(smallshire(folder, BOUGHT + hours), SEED).runs([0])[0]


def at_node(run: Replication, step: str) -> np.ndarray:
    log = run.log
    return log.visits[log.visits[:, 1] == log.nodes.index(f"{GIVER}: {step}")]


def test_a_psychologist_checks_each_advice_of_the_agency_before_it_is_in(tmp_path: Path) -> None:
    """Two hours of a post for each that came back, and for no other; it is in when checked."""
    found = ran(tmp_path, change(HOURS, "set = 2", "from = 2023-01-01"))
    advice, checks = at_node(found, "advice"), at_node(found, "check of agency advice")
    back = advice[(advice[:, 5] == AGENCY) & (advice[:, 4] != NOT_YET)]
    assert len(back) > 50
    assert set(checks[:, 0]) == set(back[:, 0])
    assert (checks[:, 6] == 120).all()
    done = checks[checks[:, 3] != NOT_YET]
    assert (done[:, 5] >= 0).all()
    assert len(done) > 50
    in_at = found.log.reached(advice_in(GIVER))
    ended = done[done[:, 4] != NOT_YET]
    np.testing.assert_array_equal(in_at[ended[:, 0]], ended[:, 4])


def test_checks_are_hours_of_the_team_from_their_date_on(tmp_path: Path) -> None:
    """Before April 2025 nothing is checked, and everything is as without checks."""
    without, later = ran(tmp_path, ""), ran(tmp_path, change(HOURS, "set = 3", "from = 2025-04-01"))
    start = later.prepared.network.timeline.minute(date(2025, 4, 1))
    checks = at_node(later, "check of agency advice")
    assert len(checks)
    assert (checks[:, 2] >= start).all()
    assert not len(at_node(without, "check of agency advice"))
    one, other = (events_before(each, date(2025, 4, 1)) for each in (without, later))
    pd.testing.assert_frame_equal(one, other)


def test_both_models_run_the_same_with_checks(tmp_path: Path) -> None:
    prepared = ran(tmp_path, change(HOURS, "set = 2", "from = 2024-01-01")).prepared
    logs = [model(prepared.network, prepared.draw) for model in (run, run_compiled)]
    np.testing.assert_array_equal(logs[0].visits, logs[1].visits)


def test_advice_that_no_team_gives_has_nobody_to_check_it(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="found agency_check_hours without team"):
        smallshire(tmp_path, "[advice.health]\nagency_check_hours = 1\n")
