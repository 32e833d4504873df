"""The dozen numbers that nobody publishes and a council has: of whom to ask them, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ehc_sim.scenario import Scenario, Settings
from ehc_sim.scenario.numbers import Number

PSYCHOLOGISTS, OFFICERS = "teams.educational psychologists", "teams.assessment officers"
HEALTH = ("paediatrics", "speech and language", "occupational therapy", "CAMHS")


@dataclass(frozen=True)
class Line:
    """One number of a question.

    Attributes
    ----------
    what : str
        What is to be filled in.
    unit : str
        What it counts.
    where : str
        Path of the setting in ``baseline.toml``, or the file that it goes into.
    low, high : float
        Usual range: of posts as times the number in the file.
    times : bool
        Whether the usual range is in times of the number in the file.
    """

    what: str
    unit: str
    where: str
    low: float
    high: float
    times: bool = False


@dataclass(frozen=True)
class Question:
    """What to ask, of whom, and what it does to the answer."""

    title: str
    of: str
    effect: str
    how: str
    lines: tuple[Line, ...] = ()


def _posts(what: str, team: str) -> Line:
    return Line(what, "full-time posts", f"{team}.posts", 0.4, 2.5, times=True)


QUESTIONS = (
    Question(
        "Psychologists in post", "the principal educational psychologist",
        "It decides most. Near balance one post in a hundred moves the share on time by several "
        "points, and a queue grows or goes by it.",
        "People in post in full-time posts, vacancies left out, for each half-year since the run "
        "starts: as changes by date where they moved.",
        (_posts("Educational psychologists in post today", PSYCHOLOGISTS),),
    ),
    Question(
        "Psychologists' time on statutory work", "the principal educational psychologist",
        "It counts as much as posts do: from 60% to 75% is a quarter more advice. With the posts "
        "known it says how much is left to buy back.",
        "From the time sheets of a term: hours on statutory advice over hours worked.",
        (Line("Share of their time on statutory work", "share, 0 to 1",
              f"{PSYCHOLOGISTS}.time_on_this_work", 0.35, 0.95),),
    ),
    Question(
        "The open cases", "the head of SEND, from the case system",
        "It takes the place of the run-in and of all that is guessed about the queue: the first "
        "year of the plan hangs on it more than on anything else.",
        "Run ehc-sim new --caseload-template beside the baseline, fill it in without names, and "
        "name it in [caseload].",
        (Line("Open assessments without a final plan", "cases", "[caseload] open_cases", 0, 20_000),
         Line("Of these, waiting for a psychologist", "cases", "[caseload] open_cases", 0, 10_000)),
    ),
    Question(
        "Monthly figures", "the performance team",
        "Yearly figures leave open when staffing moved. Twenty-four months of them narrow the "
        "range of the forecast more than another year of DfE's.",
        "Requests, decisions to assess, plans issued and those within 20 weeks, by month: rows of "
        "published.csv with months such as 2024-07.",
        (Line("Months that can be had", "months", "published.csv", 1, 120),),
    ),
    Question(
        "The order of psychologists' work", "the principal educational psychologist",
        "It hardly changes how many plans there are, but who waits: newest first lifts the "
        "percentage and leaves old cases waiting. Few services say which it is.",
        "By date of request; still in time first; by area with a queue each? A share of newest "
        "first where it is mixed; areas as patches.",
        (Line("Share of picks that are the newest case", "share, 0 to 1",
              f"{PSYCHOLOGISTS}.newest_share", 0, 1),),
    ),
    Question(
        "Bought advice", "the principal educational psychologist, or procurement",
        "Advice from agencies and locums in past years is in the posts here: where it is known, "
        "set it apart, or options that buy more are built on the wrong number.",
        "Cases a month by half-year, the price, and days from passing a case on to the report: "
        "teams.\"educational psychologists\".agency by change.",
        (Line("Advice bought in a month, now", "cases a month", f"{PSYCHOLOGISTS}.agency", 0, 500),
         Line("Price of an advice", "pounds", f"{PSYCHOLOGISTS}.agency.price", 500, 3_000)),
    ),
    Question(
        "Plans that wait for a place", "the placements or commissioning team",
        "It decides the longest waits: plans that are drafted and cannot be final. No staffing "
        "option shortens them.",
        "Of drafts of the last year: how many waited for a place, and how long on average.",
        (Line("Share of drafts that wait for a place", "share, 0 to 1",
              "draft_to_final.placement", 0, 0.5),
         Line("Days from the draft to the place, of these", "days, mean",
              "draft_to_final.placement_wait.mean_days", 20, 500)),
    ),
    Question(
        "Case officers", "the SEND manager, and human resources for leavers",
        "They carry reviews and disputes beside new assessments: with too few, reviews are late, "
        "and decisions and final plans wait too.",
        "People in post, and leavers of the last twelve months over people in post.",
        (_posts("Case officers in post", OFFICERS),
         Line("Leavers in a year for each person in post", "a year",
              f"{OFFICERS}.leavers_a_year", 0, 0.8)),
    ),
    Question(
        "Who writes plans, and who checks them", "the SEND manager",
        "If drafting is the narrow place, more psychologists do nothing; if it is not, a drafting "
        "tool does nothing.",
        "Hours are the people's posts on this work; where officers write, their part of it.",
        (_posts("Posts that write plans", "teams.plan writers"),
         _posts("Posts that check and sign plans", "teams.senior officers")),
    ),
    Question(
        "Health advice", "the designated clinical officer of the integrated care board",
        "Where it comes after the psychologist's, more psychologists do not speed up the plan.",
        "From the request for advice to the advice, in days; and how often each service is asked.",
        tuple(
            Line(f"Days to advice: {service}", "calendar days, mean",
                 f"advice.{service}.turnaround.mean_days", 5, 150)
            for service in HEALTH
        ),
    ),
    Question(
        "The panel", "the panel's administrator",
        "Two weeks between sittings are up to two weeks on every case, twice; a full agenda holds "
        "all of them up.",
        "How often it sits, and how many cases it takes at most.",
        (Line("Weeks from one sitting to the next", "weeks", "panels.panel.every_weeks", 1, 4),
         Line("Most cases at a sitting", "cases", "panels.panel.cases", 0.1, 3, times=True)),
    ),
    Question(
        "Refusals that are turned round", "the disputes or tribunal officer",
        "These cases come back with a new clock and are left out of DfE's percentage: they take "
        "the same people's time.",
        "Of mediations after a refusal: in how many the council agreed to assess. The same of "
        "appeals.",
        (Line("Share of mediations that end in an assessment", "share, 0 to 1",
              "disputes.mediation.agreed", 0.05, 0.95),
         Line("Share of appeals that do", "share, 0 to 1",
              "disputes.appeals.overturned", 0.2, 1.0)),
    ),
)  # fmt: skip
"""From what decides most to what decides least."""


def as_it_stands(scenario: Scenario, where: str) -> tuple[float, float, float] | None:
    """Return low, likely and high of a setting as it stands when the plan begins."""
    settings = scenario.base
    for first_day, of_day in scenario.periods:
        if first_day <= settings.period.plan_from:
            settings = of_day
    found = _value(settings, where)
    if isinstance(found, Number):
        return found.low, found.likely, found.high
    return (float(found),) * 3 if isinstance(found, int) else None


def _value(settings: Settings, where: str) -> Any:  # noqa: ANN401
    part: Any = settings
    for name in where.split("."):
        part = part.get(name) if isinstance(part, dict) else getattr(part, name, None)
        if part is None:
            return None
    return part


def usual(line: Line, stands: tuple[float, float, float] | None) -> tuple[float, float]:
    """Return the usual range of a number of a council."""
    if not line.times or stands is None:
        return line.low, line.high
    return round(line.low * stands[1], 1), round(line.high * stands[1], 1)
