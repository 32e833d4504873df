"""Why late plans are late, on logs written by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.experiment.replication import lateness_parts
from ehc_sim.journey import milestones as m
from ehc_sim.journey.pathway import journey
from ehc_sim.measures.lateness import (
    ADVICE,
    ALL,
    DECISION,
    DRAFT,
    FINAL,
    NO_TIME,
    NOT_RECORDED,
    STEPS,
    Bucket,
    Lateness,
    lateness,
    lateness_table,
)
from ehc_sim.measures.timings import Timings
from ehc_sim.network.log import NOBODY, Log
from ehc_sim.network.nodes import Decision, Wait, Work
from ehc_sim.scenario import load
from tests.hand_made import MARKS, two_years
from tests.plain_counts import by_part
from tests.scenario_files import SMALL

pytestmark = pytest.mark.unit

PLACES = {
    "registration": Bucket(DECISION, "officers"),
    "panel to assess": Bucket(DECISION, "panel to assess"),
    "school: advice": Bucket(ADVICE, "School", "school"),
    "psychologist: seen": Bucket(ADVICE, "Psychology: appointment", "psychologist"),
    "psychologist: advice": Bucket(ADVICE, "psychologists", "psychologist"),
    "drafting": Bucket(DRAFT, "writers"),
    "check": Bucket(DRAFT, "senior officers"),
    "consultation": Bucket(FINAL, "settings"),
    "signing": Bucket(FINAL, "senior officers"),
}
NAMES = tuple(dict.fromkeys((*MARKS, m.ORDER_TO_ISSUE, *PLACES)))
Visit = tuple[str, float, float, float]
"""Node and the days at which it was joined, begun and ended; day 0 is the first of the run."""
A_MINUTE = 1 / MINUTES_A_DAY


def mark(name: str, day: float) -> Visit:
    return (name, day, day, day)


TO_DECISION = (
    mark(m.REQUEST, 10),
    ("registration", 10, 20, 25),
    ("panel to assess", 25, 40, 40),
    mark(m.DECISION_TO_ASSESS, 40),
)
FROM_ADVICE = (
    mark(m.ASSESSMENT_COMPLETE, 130),
    ("drafting", 130, 140, 145),
    ("check", 145, 145, 150),
    mark(m.DRAFT_PLAN, 150),
    ("consultation", 150, 150, 190),
)


def advice(giver: str, asked: float, given: float) -> tuple[Visit, ...]:
    first = "psychologist: seen" if giver == "psychologist" else "school: advice"
    return (
        mark(m.asked(giver), asked),
        (first, asked, asked, given),
        mark(m.advice_in(giver), given),
    )


def psychology(asked: float = 40) -> tuple[Visit, ...]:
    """Return 30 days to an appointment, 30 in the queue and the rest of work, to day 130."""
    seen, begun = asked + 30, asked + 60
    return (
        mark(m.asked("psychologist"), asked),
        ("psychologist: seen", asked, asked, seen),
        ("psychologist: advice", seen, begun, 130),
        mark(m.advice_in("psychologist"), 130),
    )


def signed(final: float) -> tuple[Visit, ...]:
    return (("signing", 190, final, final), mark(m.FINAL_PLAN, final))


def late_plan(school: float = 100, final: float = 200) -> list[Visit]:
    """Return a case of which all the time is known.

    It takes 30, 90, 20 and 50 days over its steps, 50 too many; psychology is the last advice.
    """
    agreed = mark(m.AGREED, 40)
    return [
        *(*TO_DECISION, agreed, *advice("school", 40, school), *psychology()),
        *(*FROM_ADVICE, *signed(final)),
    ]


def minute(day: float) -> int:
    return round(day * MINUTES_A_DAY)


def log_of(*cases: Sequence[Visit]) -> Log:
    rows = [
        number
        for case, made in enumerate(cases)
        for name, *days in made
        for number in (case, NAMES.index(name), *(minute(day) for day in days), NOBODY, 0)
    ]
    arrived = [minute(made[0][1]) for made in cases]
    until = len(two_years().days) * MINUTES_A_DAY
    kinds = tuple("wait" if name in PLACES else "mark" for name in NAMES)
    return Log.of(rows, NAMES, kinds, np.array(arrived), until)


def account_of(*cases: Sequence[Visit], places: Mapping[str, Bucket] = PLACES) -> Lateness:
    """Return the account of cases, checked to add up."""
    log = log_of(*cases)
    account = lateness(log, Timings.of(log, two_years(), []), places)
    assert (account.steps.sum(axis=1) == account.total).all()
    assert (by_part(account).sum(axis=1) == account.total).all()
    return account


def days_of(account: Lateness, case: int = 0) -> dict[tuple[str, str], float]:
    """Return the parts of a late case that are not nought, in days."""
    days = by_part(account)[case] / MINUTES_A_DAY
    return {part: day for part, day in zip(account.parts, days.tolist(), strict=True) if day}


def steps_of(account: Lateness, case: int = 0) -> list[float]:
    return (account.steps[case] / MINUTES_A_DAY).tolist()


def test_steps_are_their_days_less_six_six_four_and_four_weeks() -> None:
    account = account_of(late_plan())
    assert account.total.tolist() == [minute(190 - 140)]
    assert steps_of(account) == [30 - 42, 90 - 42, 20 - 28, 50 - 28]


def test_a_step_is_divided_in_proportion_to_time_and_of_advice_only_the_last_counts() -> None:
    assert days_of(account_of(late_plan())) == pytest.approx(
        {
            (DECISION, "officers"): -12 * 15 / 30,
            (DECISION, "panel to assess"): -12 * 15 / 30,
            (ADVICE, "Psychology: appointment"): 48 * 30 / 90,
            (ADVICE, "psychologists"): 48 * 60 / 90,
            (DRAFT, "writers"): -8 * 15 / 20,
            (DRAFT, "senior officers"): -8 * 5 / 20,
            (FINAL, "settings"): 22 * 40 / 50,
            (FINAL, "senior officers"): 22 * 10 / 50,
        }
    )


def test_waiting_for_a_free_post_is_told_apart_from_the_work_itself() -> None:
    """Of 90 days of advice, 30 were in the psychologists' queue and 30 their work."""
    account = account_of(late_plan())
    queued = dict(zip(account.parts, by_part(account, account.queued)[0].tolist(), strict=True))
    assert queued[ADVICE, "psychologists"] == minute(48 * 30 / 90)
    assert queued[ADVICE, "Psychology: appointment"] == 0
    assert queued[FINAL, "senior officers"] == minute(22 * 10 / 50)


def test_advice_that_is_not_waited_for_does_not_count() -> None:
    """The school's comes on day 160, when the assessment had been complete for a month."""
    account = account_of(late_plan(school=160))
    assert (ADVICE, "School") not in days_of(account)
    assert steps_of(account)[1] == 48


def test_of_advice_in_the_same_minute_the_first_giver_of_the_table_counts() -> None:
    assert days_of(account_of(late_plan(school=130)))[ADVICE, "School"] == 48
    turned = {name: PLACES[name] for name in reversed(PLACES)}
    found = days_of(account_of(late_plan(school=130), places=turned))
    assert (ADVICE, "School") not in found
    assert found[ADVICE, "psychologists"] == pytest.approx(48 * 60 / 90)


def test_only_plans_late_by_date_are_accounted_for() -> None:
    """The first is issued on its 140th day, a minute before midnight; the second a minute later."""
    in_time = [mark(m.REQUEST, 60.5), mark(m.FINAL_PLAN, 201 - A_MINUTE)]
    too_late = [mark(m.REQUEST, 60.5), mark(m.FINAL_PLAN, 201)]
    still_open = late_plan()[:-1]
    account = account_of(in_time, too_late, still_open)
    assert account.cases.tolist() == [1]
    assert account.total.tolist() == [minute(0.5)]


def test_after_an_order_to_assess_there_is_no_step_to_decide() -> None:
    """Refused on day 40, ordered on day 60: 98 days, of which 42, 28 and 28 by step."""
    refused = (mark(m.REFUSED, 40), mark(m.ORDER_TO_ASSESS, 60))
    ordered = [*TO_DECISION, *refused, *advice("school", 60, 130), *FROM_ADVICE, *signed(200)]
    account = account_of(ordered)
    assert account.total.tolist() == [minute(200 - 60 - 98)]
    assert steps_of(account) == [0, 70 - 42, 20 - 28, 50 - 28]
    found = days_of(account)
    assert found[ADVICE, "School"] == 70 - 42
    assert not [step for step, _ in found if step == DECISION]


def test_after_an_order_to_make_a_plan_the_draft_has_five_weeks_and_the_plan_eleven() -> None:
    """No plan on day 130, ordered on day 200, drafted on day 240, issued on day 290."""
    told = (mark(m.ASSESSMENT_COMPLETE, 130), mark(m.NO_PLAN_TOLD, 130))
    drafted = (("drafting", 200, 210, 240), mark(m.DRAFT_PLAN, 240))
    issued = (("signing", 240, 280, 290), mark(m.FINAL_PLAN, 290))
    before = (*TO_DECISION, mark(m.AGREED, 40), *psychology(), *told)
    account = account_of([*before, mark(m.ORDER_TO_ISSUE, 200), *drafted, *issued])
    assert account.total.tolist() == [minute(290 - 200 - 77)]
    assert days_of(account) == {(DRAFT, "writers"): 40 - 35, (FINAL, "senior officers"): 50 - 42}


@pytest.mark.parametrize(("over", "parts"), [(1, [0, 1]), (-1, [-1, 0])])
def test_a_minute_that_does_not_divide_goes_to_one_part(over: int, parts: list[int]) -> None:
    """Two halves of a last step of 28 days and a minute more or less; the advice is late."""
    half, final = 164, 150 + 28 + over * A_MINUTE
    issued = (("consultation", 150, 150, half), ("signing", half, half, final))
    account = account_of([*late_plan()[:-3], *issued, mark(m.FINAL_PLAN, final)])
    ends = [account.parts.index((FINAL, part)) for part in ("settings", "senior officers")]
    assert by_part(account)[0, ends].tolist() == parts


def test_time_that_the_log_does_not_tell_of_stays_in_its_step() -> None:
    """As for a case that was open before the run: only dates are known until day 140."""
    known = [visit for visit in late_plan() if visit[0] not in ("registration", "drafting")]
    found = days_of(account_of(known))
    assert found[DECISION, NOT_RECORDED] == -12 * 15 / 30
    assert found[DRAFT, NOT_RECORDED] == -8 * 15 / 20
    assert found[DRAFT, "senior officers"] == -8 * 5 / 20


def test_time_before_the_run_counts_like_any_other() -> None:
    """The same case asked for 100 days before the first of the run, so that minutes are below 0."""
    earlier = [(name, *(day - 100 for day in days)) for name, *days in late_plan()]
    assert days_of(account_of(earlier)) == days_of(account_of(late_plan()))


def test_a_milestone_that_is_not_recorded_leaves_its_time_to_the_next() -> None:
    known = [visit for visit in late_plan() if visit[0] != m.DECISION_TO_ASSESS]
    assert steps_of(account_of(known)) == [-42, 120 - 42, 20 - 28, 50 - 28]


def test_time_told_twice_counts_once_and_a_visit_only_within_its_step() -> None:
    """The writers' time goes on to day 160, ten days after the draft; the check lies within it."""
    told = [visit for visit in late_plan() if visit[0] not in ("drafting", "consultation")]
    found = days_of(
        account_of([*told, ("drafting", 130, 140, 160), ("consultation", 155, 155, 190)])
    )
    assert found[DRAFT, "writers"] == -8
    assert (DRAFT, "senior officers") not in found
    assert found[FINAL, NOT_RECORDED] == pytest.approx(22 * 5 / 50)
    assert found[FINAL, "settings"] == pytest.approx(22 * 35 / 50)


def test_a_step_that_took_no_time_gives_all_its_days() -> None:
    """The decision comes with the request."""
    at_once = (mark(m.REQUEST, 40), mark(m.DECISION_TO_ASSESS, 40))
    account = account_of([*at_once, *psychology(), *FROM_ADVICE, *signed(200)])
    assert days_of(account)[DECISION, NO_TIME] == -42
    assert account.total.tolist() == [minute(160 - 140)]


def test_cases_that_are_not_requests_are_left_alone() -> None:
    """Annual reviews and plans at the start come after the requests."""
    log = log_of(late_plan(), late_plan(final=210))
    account = lateness(log, Timings.of(log, two_years(), [], requests=1), PLACES)
    assert account.cases.tolist() == [0]
    assert days_of(account) == days_of(account_of(late_plan()))


def test_no_late_plan_makes_an_empty_account() -> None:
    account = account_of([mark(m.REQUEST, 10)])
    assert len(account.cases) == 0
    assert by_part(account).shape == (0, len(account.parts))


def test_days_of_which_no_allowances_are_known_are_refused() -> None:
    log = log_of(late_plan())
    timings = Timings.of(log, two_years(), [])
    timings.__dict__["allowed_days"] = np.array([100])
    with pytest.raises(ValueError, match="100 days"):
        lateness(log, timings, PLACES)


def table_of(*cases: Sequence[Visit]) -> pd.DataFrame:
    log = log_of(*cases)
    timings = Timings.of(log, two_years(), [])
    return lateness_table(lateness(log, timings, PLACES), timings).frame()


def test_the_table_has_the_mean_over_the_late_plans_of_each_year() -> None:
    """Two plans of 2025, 50 and 60 days too late, the ten all within the last step."""
    table = table_of(late_plan(), late_plan(final=210))
    of_2025 = table.loc[2025]
    assert (of_2025["late_plans"] == 2).all()
    assert of_2025.loc[(ALL, ALL), "minutes"] == minute(110)
    assert of_2025.loc[(ALL, ALL), "days_a_late_plan"] == 55
    assert of_2025.loc[(FINAL, ALL), "days_a_late_plan"] == (22 + 32) / 2
    assert of_2025.loc[(FINAL, ALL), "share"] == pytest.approx((22 + 32) / 110)
    assert of_2025.loc[(ADVICE, "psychologists"), "minutes"] == minute(2 * 32)
    assert of_2025.loc[(ADVICE, "psychologists"), "minutes_in_queue"] == minute(2 * 16)


def test_a_year_without_late_plans_has_no_mean() -> None:
    of_2026 = table_of(late_plan()).loc[2026]
    assert (of_2026["minutes"] == 0).all()
    assert of_2026[["days_a_late_plan", "share"]].isna().all(axis=None)


def test_the_table_has_the_same_rows_whatever_happened() -> None:
    one, none = table_of(late_plan()), table_of([mark(m.REQUEST, 10)])
    assert one.index.equals(none.index)
    assert one.index.is_unique
    assert list(one.index[:2]) == [(2025, ALL, ALL), (2025, DECISION, ALL)]


def test_every_wait_and_all_work_on_the_way_to_a_plan_has_its_place() -> None:
    settings = load(SMALL / "baseline.toml").base
    pathway = journey(settings)
    places = lateness_parts(settings)
    assert places["registration"] == Bucket(DECISION, "plan writers")
    assert places["panel to assess"] == Bucket(DECISION, "panel to assess")
    assert places["health: advice"] == Bucket(ADVICE, "Health", "health")
    psychologist = "educational psychologist"
    assert places[f"{psychologist}: advice"] == Bucket(
        ADVICE, "educational psychologists", psychologist
    )
    assert places[f"{psychologist}: appointment"] == Bucket(
        ADVICE, "Educational psychologist: appointment", psychologist
    )
    assert places["panel to issue"] == Bucket(DRAFT, "panel to issue")
    assert places["quality check"] == Bucket(DRAFT, "senior officers")
    assert places["family's 15 days"] == Bucket(FINAL, "family")
    assert places["consultation"] == Bucket(FINAL, "settings")
    assert {place.step for place in places.values()} == set(STEPS)
    assert all(isinstance(pathway[name], Wait | Work | Decision) for name in places)
    assert list(places) == [name for name in pathway.names if name in places]


def test_only_what_is_on_the_way_to_a_plan_has_a_place() -> None:
    """Disputes come before another clock, reviews and appeals about contents after the plan."""
    settings = load(SMALL / "whole_service.toml").base
    pathway = journey(settings)
    places = lateness_parts(settings)
    assert places["personal circumstances"].step == ADVICE
    assert places["health: missed appointment"] == Bucket(ADVICE, "Health", "health")
    assert places["wait for a slot"] == Bucket(DRAFT, "Outcome and Provision meetings")
    assert places["Outcome and Provision meeting"].step == DRAFT
    elsewhere = ("support", "wait for mediation", "answer to appeal", "wait for order to issue")
    afterwards = ("answer to contents appeal", "review decision", "transfer work", "amending")
    for name in (*elsewhere, *afterwards):
        assert isinstance(pathway[name], Wait | Work | Decision)
        assert name not in places
