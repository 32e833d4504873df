"""The cases of docs/worked_cases.md, compared with the log line by line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY, SchoolTerms, Timeline, law, on_time
from ehc_sim.engines.compiled.model import run_compiled
from ehc_sim.engines.simpy import run
from ehc_sim.journey.cases import Cases
from ehc_sim.journey.milestones import REVIEW, advice_in, asked
from ehc_sim.journey.plans_file import read_plans
from ehc_sim.journey.prepare import prepare
from ehc_sim.measures.reviews import DaysToReview, Reviews
from ehc_sim.measures.timings import Timings, reached
from ehc_sim.network import Log, Quantity
from ehc_sim.network.log import NOT_YET
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import Settings, load
from tests.plain_counts import open_reviews

pytestmark = pytest.mark.golden

PAGE = Path(__file__).parents[2] / "docs" / "worked_cases.md"
WHEN = "%a %d %b %Y %H:%M"
PSYCHOLOGY = "educational psychology"
REQUESTS = ("A", "B", "C", "D", "E", "G")
A_REVIEW = "F"
CASES = (*REQUESTS, A_REVIEW)

GIVERS = ("families", "schools", PSYCHOLOGY, "health")
ADVICE_IS_ASKED = (
    *((f"{giver}: asked", "mark") for giver in GIVERS),
    *((f"{giver}: advice", "start") for giver in GIVERS if giver != PSYCHOLOGY),
    (f"{PSYCHOLOGY}: appointment", "start"),
)

EVENTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "The request arrives": (
        ("arrival", "arrive"),
        ("request", "mark"),
        ("registration", "join"),
    ),
    "An officer starts to register it": (("registration", "start"),),
    "Registered; missing evidence is asked for": (("registration", "end"), ("evidence", "start")),
    "The evidence is in; the case waits for the panel": (
        ("evidence", "end"),
        ("panel to assess", "join"),
    ),
    "On the panel's list": (("panel to assess", "start"),),
    "The panel agrees to assess; everybody is asked for advice": (
        ("panel to assess", "end"),
        ("decision to assess told", "mark"),
        ("agreed to assess", "mark"),
        *ADVICE_IS_ASKED,
    ),
    "The panel refuses to assess; the family appeals": (
        ("panel to assess", "end"),
        ("decision to assess told", "mark"),
        ("refused", "mark"),
        ("appeal against refusal", "mark"),
        ("answer to appeal", "join"),
    ),
    "An officer starts to answer the appeal": (("answer to appeal", "start"),),
    "The answer goes to the Tribunal": (("answer to appeal", "end"), ("appeal decision", "start")),
    "The Tribunal orders an assessment; everybody is asked for advice": (
        ("appeal decision", "end"),
        ("order to assess", "mark"),
        *ADVICE_IS_ASKED,
    ),
    "The child is seen at school; the psychologist's work can start": (
        (f"{PSYCHOLOGY}: appointment", "end"),
        (f"{PSYCHOLOGY}: advice", "join"),
    ),
    "The psychologist starts": ((f"{PSYCHOLOGY}: advice", "start"),),
    "The psychologist's advice is in": (
        (f"{PSYCHOLOGY}: advice", "end"),
        (f"{PSYCHOLOGY}: in", "mark"),
    ),
    "The school's advice is in": (("schools: advice", "end"), ("schools: in", "mark")),
    "The family's input is in": (("families: advice", "end"), ("families: in", "mark")),
    "The health advice is in": (("health: advice", "end"), ("health: in", "mark")),
    "The assessment is complete; the case waits for the panel": (
        ("assessment complete", "mark"),
        ("panel to issue", "join"),
    ),
    "On the panel's list for a plan": (("panel to issue", "start"),),
    "The panel agrees to issue a plan": (
        ("panel to issue", "end"),
        ("agreed to issue", "mark"),
        ("drafting", "join"),
    ),
    "A writer starts the draft": (("drafting", "start"),),
    "The draft goes to the quality check": (("drafting", "end"), ("quality check", "join")),
    "A senior officer starts the check": (("quality check", "start"),),
    "The check sends the draft back": (("quality check", "end"), ("drafting again", "join")),
    "The writer starts again": (("drafting again", "start"),),
    "The new draft goes to the quality check": (
        ("drafting again", "end"),
        ("quality check", "join"),
    ),
    "The draft plan goes to the family": (
        ("quality check", "end"),
        ("draft plan", "mark"),
        ("family's 15 days", "start"),
    ),
    "On the last of the family's 15 days settings are consulted": (
        ("family's 15 days", "end"),
        ("consultation", "start"),
    ),
    "The consultation is over": (("consultation", "end"), ("finalising", "join")),
    "An officer starts to finalise": (("finalising", "start"),),
    "The plan goes to be signed": (("finalising", "end"), ("signing", "join")),
    "A senior officer takes the plan to sign it": (("signing", "start"),),
    "The final plan is issued": (
        ("signing", "end"),
        ("final plan", "mark"),
        ("issued", "leave"),
    ),
    "The review is arranged": (
        ("arrival", "arrive"),
        ("review arranged", "mark"),
        ("review meeting", "start"),
    ),
    "The review meeting is held": (
        ("review meeting", "end"),
        ("review meeting held", "mark"),
        ("report of the school", "start"),
    ),
    "The school's report is in": (("report of the school", "end"), ("review decision", "join")),
    "An officer starts to decide on the review": (("review decision", "start"),),
    "The officer proposes to amend the plan; the amendment waits for the panel": (
        ("review decision", "end"),
        ("panel for amendments", "join"),
    ),
    "On the panel's list for an amendment": (("panel for amendments", "start"),),
    "The panel agrees to the amendment": (("panel for amendments", "end"), ("amending", "join")),
    "An officer starts to amend the plan": (("amending", "start"),),
    "The amendment goes to be checked": (("amending", "end"), ("check of amendment", "join")),
    "A senior officer starts to check the amendment": (("check of amendment", "start"),),
    "The notice goes to the family with the proposed amendments": (
        ("check of amendment", "end"),
        ("amendment notice", "mark"),
        ("family's 15 days on the amendment", "start"),
    ),
    "The amended plan is issued": (
        ("family's 15 days on the amendment", "end"),
        ("amended plan", "mark"),
        ("reviewed", "leave"),
    ),
}
"""What each line of the page is in the log: nodes and events, all at one minute."""


@dataclass(frozen=True)
class Worked:
    """A case as it stands on the page.

    Attributes
    ----------
    lines : list of (datetime, str)
        When, and what happens.
    answers : dict of str to str
        Questions and answers.
    ahead : list of datetime
        Requests that come before it.
    sent_back : int
        How often the quality check sends its draft back.
    settings : str
        What is set otherwise than for the council, in TOML.
    request : datetime
        When the request arrives, of the case or of the plan that it is about.
    final_plan : datetime or None
        When the plan that the case is about was issued; None where the case is a request.
    """

    lines: list[tuple[datetime, str]]
    answers: dict[str, str]
    ahead: list[datetime]
    sent_back: int
    settings: str
    request: datetime
    final_plan: datetime | None


@dataclass(frozen=True)
class Simulated:
    """The same case as the program runs it.

    Attributes
    ----------
    case : int
        Its number: the last request, or the review of its plan.
    request : int
        Number of the request.
    """

    log: Log
    cases: Cases
    timeline: Timeline
    settings: Settings
    case: int
    request: int


def fenced(text: str, language: str) -> list[str]:
    """Return the blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


def rows_of(text: str, head: str) -> list[list[str]]:
    """Return the cells of the table whose first column has the given head."""
    table = re.search(rf"^\| {head} \|.*?(?=\n\n|\Z)", text, flags=re.DOTALL | re.MULTILINE)
    assert table is not None, f"no table of {head!r}"
    lines = table.group(0).strip().splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def worked(letter: str) -> Worked:
    """Read a case from the page."""
    text = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    section = next(part for part in text if part.startswith(f"Case {letter}:"))
    back = re.search(r"^Times sent back: (\d+)$", section, flags=re.MULTILINE)
    lines = [(datetime.strptime(row[0], WHEN), row[1]) for row in rows_of(section, "When")]

    def moments(what: str) -> list[datetime]:
        found = re.findall(rf"^{what}: (.+)$", section, flags=re.MULTILINE)
        return [datetime.strptime(when, WHEN) for when in found]

    return Worked(
        lines=lines,
        answers=dict(rows_of(section, "Question")),
        ahead=moments("Ahead in the queue"),
        sent_back=int(back.group(1)) if back else 0,
        settings="".join(fenced(section, "toml")),
        request=next(iter(moments("Request of the plan")), lines[0][0]),
        final_plan=next(iter(moments("Final plan")), None),
    )


def simulated(case: Worked, folder: Path) -> Simulated:
    """Run a case through the journey."""
    page = PAGE.read_text(encoding="utf-8")
    (folder / "council.toml").write_text(fenced(page, "toml")[-1], encoding="utf-8")
    (folder / "terms.csv").write_text(fenced(page, "csv")[0], encoding="utf-8")
    (folder / "history.csv").write_text("year,requests\n2023,10\n2024,10\n", encoding="utf-8")
    plans = "council,as_at,age,last_review,plans\nSmallshire,2025-01-01,7,2024-12,0\n"
    (folder / "plans.csv").write_text(plans, encoding="utf-8")
    head = 'extends = "council.toml"\nname = "A case"\nwhy = "Worked by hand"\n'
    (folder / "case.toml").write_text(head + case.settings, encoding="utf-8")
    scenario = load(folder / "case.toml")
    base = scenario.base
    timeline = Timeline.england(
        base.period.run_in_from, base.period.plan_until, SchoolTerms.read(base.council.terms)
    )
    arrive = [*case.ahead, case.request]
    minutes = np.array([minute_of(timeline, when) for when in arrive])
    numbers = np.arange(len(minutes))
    assert base.plans is not None
    in_hand = read_plans(Path(base.plans.in_hand))
    ready = prepare(Streams(1, 0), timeline, scenario.periods, numbers, minutes, in_hand)
    sent_back = Quantity.constant([case.sent_back] * len(minutes))
    quantities = {**ready.draw.quantities, "times sent back": sent_back}
    draw = replace(ready.draw, quantities=quantities)
    log = run(ready.network, draw)
    assert np.array_equal(run_compiled(ready.network, draw).visits, log.visits)
    request = len(arrive) - 1
    mine = ready.everybody.of_kind(REVIEW) & (ready.everybody.holder == request)
    reviews = np.flatnonzero(mine & (log.arrived != NOT_YET))
    one = request if case.final_plan is None else int(reviews[0])
    return Simulated(log, ready.everybody, timeline, base, one, request)


def minute_of(timeline: Timeline, when: datetime) -> int:
    return timeline.minute(when.date(), when.hour * 60 + when.minute)


def within(limit: law.Limit, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return whether each case was within one of the law's limits, by date."""
    return (end != NOT_YET) & on_time(start, end, limit.days)


def yes(flag: object) -> str:
    return "yes" if flag else "no"


@pytest.mark.parametrize("letter", CASES)
def test_every_event_is_on_the_page_and_every_line_of_the_page_in_the_log(
    letter: str, tmp_path: Path
) -> None:
    case = worked(letter)
    run_of_it = simulated(case, tmp_path)
    events = run_of_it.log.events
    start = datetime.combine(run_of_it.timeline.first_day, datetime.min.time())
    happened = Counter(
        (start + timedelta(minutes=int(minute)), node, event)
        for minute, node, event in events.loc[
            events["case"] == run_of_it.case, ["minute", "node", "event"]
        ].itertuples(index=False)
    )
    on_paper = Counter(
        (when, node, event) for when, what in case.lines for node, event in EVENTS[what]
    )
    assert happened == on_paper


def advice_came_on_time(one: Simulated, giver: str) -> bool:
    """Return whether advice came within six weeks, by date, of the day it was asked for."""
    since, given = (one.log.reached(name(giver))[one.case] for name in (asked, advice_in))
    days = given // MINUTES_A_DAY - since // MINUTES_A_DAY
    return bool(reached(given)) and bool(days <= 6 * 7)


@pytest.mark.parametrize("letter", REQUESTS)
def test_the_answers_below_each_case_are_what_the_measures_say(letter: str, tmp_path: Path) -> None:
    case = worked(letter)
    one = simulated(case, tmp_path)
    last = one.case
    schools = [name for name, giver in one.settings.advice.items() if giver.school]
    timings = Timings.of(one.log, one.timeline, schools)
    late = [name for name in one.settings.advice if not advice_came_on_time(one, name)]
    week_6 = within(law.ASSESS_DECISION, timings.received, timings.decided)
    received = timings.received[last] // MINUTES_A_DAY

    final = timings.final[last] // MINUTES_A_DAY
    by_clock = {
        "Days from the request to the final plan": str(final - received),
        "Plan within 20 weeks": yes(timings.plan_on_time[last]),
    }
    if timings.ordered[last] != NOT_YET:
        by_clock = {
            "Days from the request to the final plan": str(final - received),
            "Days from the order to the final plan": str(
                final - timings.ordered[last] // MINUTES_A_DAY
            ),
            "Plan within 14 weeks of the order": yes(timings.plan_on_time[last]),
        }
    assert case.answers == {
        "Days from the request to the decision to assess": str(
            timings.decided[last] // MINUTES_A_DAY - received
        ),
        "Decision by week 6": yes(week_6[last]),
        "Advice later than six weeks": ", ".join(late) or "none",
        **by_clock,
        "Flagged for a school closure": yes(timings.excepted[last]),
    }


def test_the_answers_below_the_review_are_what_the_measures_say(tmp_path: Path) -> None:
    case = worked(A_REVIEW)
    one = simulated(case, tmp_path)
    final = minute_of(one.timeline, case.final_plan) if case.final_plan else NOT_YET
    assert one.log.reached("final plan")[one.request] == final
    reviews = Reviews.of(one.log, one.cases, one.timeline, [DaysToReview(0, 0, 0, 60)])
    assert len(reviews.due) == 1
    due = one.timeline.date_of(int(reviews.due[0]))
    held, decided, amended = (
        int(minutes[0]) // MINUTES_A_DAY
        for minutes in (reviews.meeting, reviews.decided, reviews.amended)
    )
    four_weeks = within(law.REVIEW_DECISION, reviews.meeting, reviews.decided)
    twelve_weeks = within(law.AMENDED_PLAN, reviews.meeting, reviews.amended)
    assert case.answers == {
        "Meeting due by": f"{due:%a} {due.day} {due:%b %Y}",
        "Days from the meeting to the decision": str(decided - held),
        "Decision within 4 weeks": yes(four_weeks[0]),
        "Days from the meeting to the amended plan": str(amended - held),
        "Amended plan within 12 weeks": yes(twelve_weeks[0]),
    }
    assert open_reviews(one.log, one.cases).tolist() == [1]  # the next is for February 2027


@pytest.mark.parametrize("letter", CASES)
def test_a_case_is_told_in_the_order_of_time_with_the_right_weekdays(letter: str) -> None:
    """strptime takes any weekday, so the page's own are checked here."""
    case = worked(letter)
    moments = [when for when, _ in case.lines]
    assert moments == sorted(moments)
    section = PAGE.read_text(encoding="utf-8")
    for when, what in case.lines:
        written = f"{when:%a} {when.day} {when:%b %Y %H:%M}"
        assert f"| {written} | {what} |" in section
