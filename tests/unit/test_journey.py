"""The journey's draw and people: chances, leave, sickness, sittings and posts, worked by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.simpy import run
from ehc_sim.experiment.replication import Replication, Replicator
from ehc_sim.journey import milestones as m
from ehc_sim.journey.sampling import OLDEST, refusal
from ehc_sim.network.log import NOT_YET
from ehc_sim.network.network import TeamPlan
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import Settings
from ehc_sim.scenario.faults import BadInput
from ehc_sim.scenario.numbers import fixed
from ehc_sim.staff.absence import WORKING_DAYS_A_YEAR, leave, sickness
from tests.plain_counts import day_index
from tests.runs import SEED, small_run
from tests.scenario_files import change, smallshire

pytestmark = pytest.mark.unit

THREE_YEARS = Timeline.england(date(2023, 1, 1), date(2025, 12, 31), SchoolTerms())


def odds(chance: float) -> float:
    return chance / (1 - chance)


def shares_of(settings: Settings, chances: np.ndarray) -> float:
    """Return the chance of refusal over all requests."""
    sources = np.array([float(share) for share in settings.requests.sources.values()])
    ages = np.zeros(OLDEST + 1)
    for age, share in settings.requests.ages.items():
        ages[int(age)] = float(share)
    weights = np.outer(sources, ages)
    return float((weights * chances).sum() / weights.sum())


def test_refusals_average_to_the_share_and_keep_the_odds_of_the_groups(tmp_path: Path) -> None:
    """Parents' odds are 1.5 times those of others; those of 16 and over are twice as high."""
    settings = smallshire(tmp_path).base
    chances = refusal(settings.decision_to_assess, settings.requests)
    assert shares_of(settings, chances) == pytest.approx(0.2, abs=1e-9)
    parent, school = chances[0], chances[1]
    assert odds(parent[7]) / odds(school[7]) == pytest.approx(1.5)
    assert odds(school[17]) / odds(school[7]) == pytest.approx(2)
    assert school[3] == pytest.approx(school[12])


def test_refusals_average_to_the_share_where_drawn_shares_do_not_add_up(tmp_path: Path) -> None:
    """Uncertain shares are each drawn on their own: here they add up to 1.2."""
    settings = smallshire(tmp_path).base
    more = {name: fixed(1.2 * float(share)) for name, share in settings.requests.sources.items()}
    requests = settings.requests.model_copy(update={"sources": more})
    chances = refusal(settings.decision_to_assess, requests)
    np.testing.assert_allclose(
        chances, refusal(settings.decision_to_assess, settings.requests), rtol=0, atol=1e-9
    )


def test_a_post_takes_its_days_of_leave_and_their_share_in_the_school_holidays() -> None:
    """30 days, 21 of them (70%) in the holidays of 2023 and 15 (50%) in those of later years.

    A year is 253 working days; 2023, with a coronation, has 251, so its leave is 29.76 days.
    """
    days, shares = np.array([30.0, 30.0, 30.0]), np.array([0.7, 0.5, 0.5])
    away = leave(Streams(SEED, 0), "team", 4, THREE_YEARS, days, shares)
    years = THREE_YEARS.days.astype("datetime64[Y]").astype(int) + 1970
    for year, in_holidays in ((2023, 21), (2024, 15), (2025, 15)):
        of_year = away[:, (years == year) & THREE_YEARS.working]
        open_days = THREE_YEARS.school[(years == year) & THREE_YEARS.working]
        assert of_year.sum(axis=1).tolist() == [30] * 4
        assert of_year[:, ~open_days].sum(axis=1).tolist() == [in_holidays] * 4
    assert not away[:, ~THREE_YEARS.working].any()


def test_sickness_takes_its_days_a_year_on_average() -> None:
    """20 days a year of 400 posts over three years, within 1 day; spells last 5 days on average."""
    rate = np.full(len(THREE_YEARS.days), 20.0)
    away = sickness(Streams(SEED, 0), "team", 400, THREE_YEARS, rate)[:, THREE_YEARS.working]
    assert away.mean() * WORKING_DAYS_A_YEAR == pytest.approx(20, abs=1)
    begins = (np.diff(away.astype(int), axis=1) == 1).sum()
    assert 5 < away.sum() / begins < 5.6  # spells that overlap make one longer absence


def test_nobody_is_ill_or_away_where_there_are_no_such_days() -> None:
    none, shares = np.zeros(3), np.full(3, 0.7)
    assert not leave(Streams(1, 0), "team", 2, THREE_YEARS, none, shares).any()
    assert not sickness(
        Streams(1, 0), "team", 2, THREE_YEARS, np.zeros(len(THREE_YEARS.days))
    ).any()


def writers(folder: Path, *text: str) -> tuple[Timeline, TeamPlan]:
    """Return Smallshire's plan writers, never away, with some changes."""
    present = "".join(
        change(f"teams.plan writers.{days}", "set = 0", "from = 2023-01-01")
        for days in ("leave_days", "sickness_days")
    )
    network = small_run(folder, present + "".join(text)).prepared.network
    return network.timeline, network.teams["plan writers"]


def test_two_and_a_half_posts_are_two_whole_ones_and_a_half(tmp_path: Path) -> None:
    """37 hours a week, 80% of them: 355 minutes a day, and half of that 178."""
    timeline, team = writers(tmp_path)
    day = day_index(timeline, date(2025, 3, 5))
    assert [int(post.minutes[day]) for post in team.posts] == [355, 355, 178]
    assert [int(post.minutes[day + 3]) for post in team.posts] == [0, 0, 0]  # Saturday


def test_posts_come_and_go_with_a_change_and_leavers_finish_what_they_have(tmp_path: Path) -> None:
    timeline, team = writers(
        tmp_path,
        change("teams.plan writers.posts", "add = 1", "from = 2025-03-05", "until = 2025-03-11"),
    )
    before, first, last, after = (day_index(timeline, date(2025, 3, day)) for day in (4, 5, 11, 12))
    third, fourth = team.posts[2:]
    takes = [bool(fourth.takes[day]) for day in (before, first, last, after)]
    assert takes == [False, True, True, False]
    # The third is half a post, whole for a week; the fourth is half a post for a week only.
    assert [int(third.minutes[day]) for day in (before, first, after)] == [178, 355, 178]
    assert [int(fourth.minutes[day]) for day in (before, first, after)] == [0, 178, 178]


def test_a_run_may_start_on_any_day_of_the_year(tmp_path: Path) -> None:
    scenario = smallshire(tmp_path, "[period]\nrun_in_from = 2023-04-05\n")
    run = Replicator(scenario, SEED).runs([0])[0]
    assert run.prepared.network.timeline.first_day == date(2023, 4, 5)
    assert (run.log.reached("final plan") != NOT_YET).sum() > 100


def test_a_panel_that_rests_in_the_school_holidays_sits_on_school_days_only(tmp_path: Path) -> None:
    rest = change("panels.weekly panel.sits_in_school_holidays", "set = false", "from = 2025-01-01")
    network = small_run(tmp_path, rest).prepared.network
    timeline = network.timeline
    days = [sitting.minute // MINUTES_A_DAY for sitting in network.panels["weekly panel"].sittings]
    planned = [day for day in days if day >= day_index(timeline, date(2025, 1, 1))]
    assert all(timeline.school[day] for day in planned)
    assert not all(timeline.school[day] for day in days)
    assert {int(timeline.weekday[day]) for day in planned} == {2}


def test_lists_close_in_order_and_before_their_sittings(tmp_path: Path) -> None:
    """At 17:00; that of Wednesday 4 January 2023 closed before the run, which starts with it."""
    network = small_run(tmp_path).prepared.network
    first, *sittings = network.panels["weekly panel"].sittings
    assert (first.closes, network.timeline.date_of(first.minute)) == (0, date(2023, 1, 4))
    closes = [sitting.closes for sitting in sittings]
    assert closes == sorted(closes)
    assert all(sitting.closes < sitting.minute for sitting in sittings)
    assert {sitting.closes % MINUTES_A_DAY for sitting in sittings} == {17 * 60}
    assert {sitting.minute % MINUTES_A_DAY for sitting in sittings} == {10 * 60}


def days_to_consultation(folder: Path, text: str = "") -> list[float]:
    """Return the days from each draft plan to the day on which settings are first consulted."""
    log = Replicator(smallshire(folder, text), 1).runs([0])[0].log
    drafted, consulted = log.reached(m.DRAFT_PLAN), log.joined("consultation")
    both = (drafted != NOT_YET) & (consulted != NOT_YET)
    assert both.sum() > 100
    return ((consulted - drafted)[both] / MINUTES_A_DAY).tolist()


def test_settings_are_consulted_on_the_last_of_the_familys_15_days(tmp_path: Path) -> None:
    """The 15 days begin with the day on which the draft is served: the last is 14 days later."""
    assert set(days_to_consultation(tmp_path)) == {14}


def test_settings_are_consulted_once_the_family_has_named_a_school(tmp_path: Path) -> None:
    """14 days and always 6 more; or 6 on average, with a spread."""
    always = "[draft_to_final.naming_a_school]\nmean_days = 6\n"
    assert set(days_to_consultation(tmp_path, always)) == {20}
    some = days_to_consultation(tmp_path, always + "spread = 0.5\n")
    assert min(some) > 14 and len(set(some)) > 5
    assert np.mean(some) == pytest.approx(20, abs=0.5)


def test_families_take_longer_to_name_a_school_from_a_date(tmp_path: Path) -> None:
    always = "[draft_to_final.naming_a_school]\nmean_days = 0\n"
    later = change("draft_to_final.naming_a_school.mean_days", "set = 3", "from = 2025-06-01")
    assert set(days_to_consultation(tmp_path, always + later)) == {14, 17}


ASSISTANTS = """
[advice."educational psychologist"]
assistant_team = "assistants"
sign_off_hours = 1.5
effort = { mean_hours = 12, spread = 0.4 }
[teams.assistants]
posts = 2
time_on_this_work = 0.8
leave_days = 28
sickness_days = 6
cost_a_post = 35_000
"""


def test_assistants_work_their_share_of_advice_and_a_psychologist_signs(tmp_path: Path) -> None:
    """Of the same hours of a case 40% by assistants; the rest and an hour and a half to sign."""
    psychologist = "educational psychologist"
    alone, both = (
        Replicator(smallshire(tmp_path, ASSISTANTS + text), 1).runs([0])[0]
        for text in (
            "",
            change(f"advice.{psychologist}.assistant_share", "set = 0.4", "from = 2023-01-01"),
        )
    )
    assert (alone.log.joined(f"{psychologist}: assistants") == NOT_YET).all()

    def minutes(run: Replication, node: str) -> dict[int, int]:
        visits = run.log.visits
        mine = visits[visits[:, 1] == run.log.nodes.index(f"{psychologist}: {node}")]
        return dict(zip(mine[:, 0].tolist(), mine[:, 6].tolist(), strict=True))

    whole, assisted, signed = minutes(alone, "advice"), minutes(both, "assistants"), {}
    signed = minutes(both, "advice")
    cases = whole.keys() & signed.keys()
    assert len(cases) > 100
    for case in cases:
        assert assisted[case] == pytest.approx(0.4 * whole[case], abs=1)
        assert signed[case] == pytest.approx(0.6 * whole[case] + 90, abs=1)
    given = both.log.joined(f"{psychologist}: advice")
    began = both.log.joined(f"{psychologist}: assistants")
    assert all(given[case] > began[case] for case in cases)


def test_both_models_run_the_same_with_assistants(tmp_path: Path) -> None:
    share = change("advice.educational psychologist.assistant_share", "set = 0.4")
    prepared = Replicator(smallshire(tmp_path, ASSISTANTS + share), 1).runs([0])[0].prepared
    logs = [model(prepared.network, prepared.draw) for model in (run, run_compiled)]
    np.testing.assert_array_equal(logs[0].visits, logs[1].visits)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[advice.health]\nassistant_team = "plan writers"\n', "assistant_team without team"),
        (
            '[advice."educational psychologist"]\nassistant_share = 0.2\n',
            "assistant_share without assistant_team",
        ),
    ],
)
def test_assistants_need_a_team_of_their_own_and_one_that_signs(
    tmp_path: Path, text: str, problem: str
) -> None:
    with pytest.raises(BadInput, match=problem):
        smallshire(tmp_path, text)


NIL = """
[advice.health]
needed = 1
nil_returns = { share = SHARE, wait = { mean_days = 7 } }
turnaround = { mean_days = 30, spread = 0 }
"""


def days_of_health(run: Replication) -> np.ndarray:
    """Return the calendar days from asking health to the answer, of answers within the run."""
    asked, given = (run.log.joined(of("health")) for of in (m.asked, m.advice_in))
    known = (asked >= 0) & (given != NOT_YET)
    return given[known] // 1440 - asked[known] // 1440


@pytest.mark.parametrize(("share", "nil"), [("0", 0), ("1", 1), ("0.25", 0.25)])
def test_a_share_of_answers_is_that_there_is_nothing_to_add(
    tmp_path: Path, share: str, nil: float
) -> None:
    """A nil return comes on the seventh day, and any other answer on the thirtieth."""
    run = Replicator(smallshire(tmp_path, NIL.replace("SHARE", share)), 1).runs([0])[0]
    days = days_of_health(run)
    assert len(days) > 300
    assert np.isin(days, [7, 30]).all()
    assert np.mean(days == 7) == pytest.approx(nil, abs=0.08 if 0 < nil < 1 else 0)


def test_both_models_run_the_same_with_nil_returns(tmp_path: Path) -> None:
    text = NIL.replace("SHARE", "0.4").replace("spread = 0", "spread = 0.6")
    prepared = Replicator(smallshire(tmp_path, text), 1).runs([0])[0].prepared
    logs = [model(prepared.network, prepared.draw) for model in (run, run_compiled)]
    np.testing.assert_array_equal(logs[0].visits, logs[1].visits)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            '[advice."educational psychologist"]\nnil_returns = { share = 0.2, wait = '
            "{ mean_days = 7 } }\n",
            "found nil_returns beside appointment, allowed is beside a turnaround alone",
        ),
        (NIL.replace("SHARE", "1.2"), "advice.health.nil_returns.share"),
    ],
)
def test_nil_returns_are_beside_a_turnaround_alone(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        smallshire(tmp_path, text)
