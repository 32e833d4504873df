"""The tables of people: teams with their posts, agencies, panels."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from ehc_sim.network.orders import Class, Order
from ehc_sim.scenario import ranges
from ehc_sim.scenario.marks import Mark
from ehc_sim.scenario.money import FundedBy
from ehc_sim.scenario.names import ByName, Name
from ehc_sim.scenario.numbers import Number, fixed
from ehc_sim.scenario.part import Part, Wait

Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]

KINDS_OF_WORK = (
    *("assessments", "meetings", "disputes"),
    *("annual reviews", "phase transfers", "reassessments", "appeals about plans"),
    "plans moved in",
)
"""Kinds of work of a team. Posts can be reserved for a kind, and hours are told by kind."""

MOST_HOURS_A_WEEK = 48
"""Working Time Regulations 1998, regulation 4: the average week, overtime included."""


def _of_one_team(reserved: dict[str, Number]) -> dict[str, Number]:
    total = sum(share.largest for share in reserved.values())
    if total > 1 + 1e-9:
        raise ValueError(f"found shares that add up to {total:.6g}, allowed is 1 at most")
    return reserved


def _named_once(ahead: tuple[Class, ...]) -> tuple[Class, ...]:
    if len(set(ahead)) < len(ahead):
        twice = next(name for name in ahead if ahead.count(name) > 1)
        raise ValueError(f'found "{twice}" twice, allowed is each class once')
    return ahead


class Agency(Part):
    """Work bought by the case from an agency."""

    cases_a_month: ranges.CasesAMonth
    """Most cases a month. Cases are taken from the queue in the team's order."""
    ramp_months: ranges.Months = fixed(0)
    """Months over which a new contract comes to that number, evenly from nothing. An agency that is
    there on the first day of the run is past them; after a gap they begin again."""
    price: Annotated[ranges.PoundsACase, Mark.OF_A_COUNCIL]
    """Pounds a case."""
    funded_by: FundedBy = None
    """Who pays, where it is somebody else than for the team."""
    turnaround: Wait
    """Time from passing a case on to having the work back."""
    queue_longer_than: ranges.CasesWaiting | None = None
    """Cases are passed on only while more than so many wait for the team."""
    older_than_weeks: ranges.Weeks | None = None
    """Cases are passed on only when the next one has waited for the team for more weeks than this.
    With ``queue_longer_than`` too, either is enough; with neither, whenever no post is free."""


class Patch(Part):
    """An area or age phase with a queue and posts of its own."""

    posts: ranges.Posts
    """Full-time posts that serve this patch only."""


class Team(Part):
    """People who share a queue of work."""

    label: Name | None = None
    """What the team is called in tables, charts and pages, such as "assessment and reviewing
    officers"; its name in this file by default. The file goes on to use that name."""
    posts: Annotated[ranges.Posts, Mark.OF_A_COUNCIL] = fixed(0)
    """Full-time posts that serve the whole team (every patch, where there are patches)."""
    patch_by: Literal["area", "age group"] | None = None
    """What a case's patch is decided by."""
    patches: Annotated[ByName[Patch], Mark.OF_A_COUNCIL] = Field(default_factory=dict)
    """Patches by name: areas of ``requests.areas``, or age groups."""
    pooled: Annotated[bool, Mark.ON_A_DATE] = False
    """Whether every post serves every patch: one queue for the whole team."""
    named_officers: Annotated[bool, Mark.ON_A_DATE] = False
    """Whether each case has a named officer, who does all of this team's work on it and on the plan
    that follows; the work waits while that officer is busy or away. It is given, at its first job
    for the team, to the officer with the fewest open cases for the hours of the post."""
    hours_a_week: ranges.HoursAWeek = fixed(37)
    """Contracted hours of a full-time post."""
    time_on_this_work: ranges.Share
    """Share of working hours that goes to the work modelled here."""
    leave_days: ranges.DaysAYear
    """Days of annual leave a year, without bank holidays."""
    leave_in_school_holidays: ranges.Share = fixed(0.7)
    """Share of leave taken in the school holidays."""
    sickness_days: ranges.DaysAYear
    """Working days of sickness a year."""
    order: Annotated[Order, Mark.ON_A_DATE, Mark.ORDER_OF_WORK] = "received"
    """Which job is taken next."""
    newest_share: Annotated[ranges.Share, Mark.ORDER_OF_WORK] = fixed(0.5)
    """For the order ``mixed``: share of picks that are the newest case, the rest the oldest."""
    weeks_to_go: Annotated[ranges.Weeks, Mark.ORDER_OF_WORK] = fixed(0)
    """For the order ``still in time first``: weeks that a case needs after this team. With fewer
    weeks left it counts among those that are late."""
    ahead: Annotated[
        tuple[Class, ...], AfterValidator(_named_once), Mark.ON_A_DATE, Mark.ORDER_OF_WORK
    ] = Field(default=(), strict=False)
    """Classes of cases that are taken ahead of all others, the first named first; within a class
    and among the others the order holds: ``ordered`` (by the Tribunal, or agreed at mediation),
    ``looked after``, ``out of school``, ``starting or moving school``, ``waited long``."""
    waited_long_weeks: Annotated[ranges.Weeks, Mark.ORDER_OF_WORK] = fixed(52)
    """For the class ``waited long``: weeks since the case's clock started. All that waits is looked
    through for it at the start of each week, and in it the oldest clock is first in every order."""
    cost_a_post: Annotated[ranges.PoundsAPost, Mark.OF_A_COUNCIL]
    """Pounds a year for a full-time post, with on-costs."""
    funded_by: FundedBy = None
    """Who pays for its people."""
    agency: Annotated[Agency | None, Mark.ON_A_DATE] = None
    """Work bought by the case when every post is busy."""
    reserved: Annotated[ByName[ranges.Share], AfterValidator(_of_one_team), Mark.ORDER_OF_WORK] = (
        Field(default_factory=dict)
    )
    """Shares of the posts that take one kind of work first, and other work only when none of it
    waits: ``assessments``, ``meetings``, ``disputes`` (about refusals), ``annual reviews``,
    ``phase transfers``, ``reassessments``, ``appeals about plans``, ``plans moved in``, or
    ``overdue`` for whatever is past its statutory date. Together 1 at most. With ``named_officers``
    they are shares of each officer's hours."""
    leavers_a_year: ranges.AYear = fixed(0)
    """People who leave in a year, for each person in post: 0.3 is three in ten."""
    weeks_to_recruit: ranges.Weeks = fixed(0)
    """Weeks that the post of a leaver, and a new one, is empty while somebody is found for it."""
    recruitment_fails: ranges.Repeat = fixed(0)
    """Chance that those weeks find nobody and are tried again; each time anew."""
    new_posts: Annotated[Literal["recruited", "in post"], Mark.ON_A_DATE] = "recruited"
    """Whether posts that are added in the plan are recruited first, or somebody is in post on the
    day. Those added before the plan are taken as the people who came: in post."""
    weeks_to_full_speed: ranges.Weeks = fixed(0)
    """Weeks over which a starter works up to full speed."""
    starting_speed: ranges.Share = fixed(0.5)
    """Speed of a starter on the first day; it rises evenly to full speed."""
    mentor_hours_a_week: ranges.MoreHoursAWeek = fixed(0)
    """Hours a week that a starter takes from a colleague while working up."""
    cover: ranges.Share = fixed(0)
    """Share of empty posts that temporary staff cover, at full speed."""
    cover_cost_a_post: Annotated[ranges.PoundsAPost, Mark.OF_A_COUNCIL] = fixed(0)
    """Pounds a year for a full-time post of temporary staff."""
    overtime_hours_a_week: ranges.MoreHoursAWeek = fixed(0)
    """Overtime of a full-time post, all of it on the work modelled here; with the contracted hours
    at most 48 a week (Working Time Regulations 1998, regulation 4)."""
    overtime_cost_an_hour: Annotated[ranges.PoundsAnHour, Mark.OF_A_COUNCIL] = fixed(0)
    """Pounds an hour of overtime."""
    long_sickness_a_year: ranges.AYear = fixed(0)
    """Long spells of sickness a year of each post, beside ``sickness_days``."""
    long_sickness_weeks: ranges.Weeks = fixed(0)
    """Weeks of each long spell."""
    reassign_after_weeks: ranges.Weeks | None = None
    """Work in hand goes back to the queue when its officer leaves, or will be away for more weeks
    than this. Without it a leaver finishes it, and an absent officer comes back to it."""
    capacity: Literal["posts", "daily hours"] = "posts"
    """``posts``, or ``daily hours`` where the hours a day are known and nobody's rota is: each
    working day's hours are poured down the queue."""
    hours_a_day: Annotated[ranges.HoursADay, Mark.OF_A_COUNCIL] = fixed(0)
    """For ``daily hours``: the team's hours on the work modelled here on a working day."""
    most_hours_a_case: ranges.HoursOfADay = fixed(7.4)
    """For ``daily hours``: most hours that one case can be given in a day."""

    @model_validator(mode="after")
    def _patches_are_named(self) -> Self:
        if (self.patch_by is None) != (not self.patches):
            found = "patches without patch_by" if self.patches else "patch_by without patches"
            raise ValueError(f"found {found}, allowed is both or neither")
        return self

    @model_validator(mode="after")
    def _week_is_legal(self) -> Self:
        hours = self.hours_a_week.largest + self.overtime_hours_a_week.largest
        if self.overtime_hours_a_week.largest > 0 and hours > MOST_HOURS_A_WEEK:
            problem = f"found {hours:g} hours a week with overtime"
            raise ValueError(f"{problem}, allowed is {MOST_HOURS_A_WEEK} at most")
        return self


class Panel(Part):
    """A panel that decides cases at its sittings."""

    weekday: Annotated[Weekday, Mark.ON_A_DATE]
    """Day it sits; the next working day where that is a bank holiday."""
    every_weeks: Annotated[int, Field(ge=1, le=26), Mark.ON_A_DATE]
    """Weeks from one sitting to the next."""
    cases: ranges.CasesASitting
    """Most cases at a sitting, of all kinds."""
    papers_working_days: Annotated[int, Field(ge=0, le=60), Mark.ON_A_DATE]
    """Working days before the sitting by which a case must be ready."""
    sits_in_school_holidays: Annotated[bool, Mark.ON_A_DATE] = True
    """Whether it sits in the school holidays."""
    cost_a_sitting: Annotated[ranges.PoundsASitting, Mark.OF_A_COUNCIL]
    """Pounds a sitting."""
    funded_by: FundedBy = None
    """Who pays for its sittings."""
