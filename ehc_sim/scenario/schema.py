"""What a scenario holds: the settings of the pathway, its people and its money.

Every class here is one table of a scenario file. ``docs/scenarios.md`` explains them for planners;
the JSON Schemas beside the shipped scenarios are made from them.
"""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ehc_sim.scenario import ranges
from ehc_sim.scenario.dates import Day, DayOfRun
from ehc_sim.scenario.disputes import Disputes, Meetings
from ehc_sim.scenario.marks import AFile, FileName, Mark, PanelName, TeamName
from ehc_sim.scenario.money import AppealPrices, Price, Remedies
from ehc_sim.scenario.names import ByName, Name, Text
from ehc_sim.scenario.numbers import Number, fixed
from ehc_sim.scenario.part import Delay, Effort, Part, Wait
from ehc_sim.scenario.people import Panel, Team
from ehc_sim.scenario.plans import Plans
from ehc_sim.scenario.record import Assumed, Record
from ehc_sim.scenario.school_support import SchoolSupport
from ehc_sim.scenario.target import NobodyOver

AGE_GROUPS = ("0-4", "5-10", "11-15", "16-25")
"""Age groups in years, as DfE publishes them."""

AGES = tuple(str(age) for age in range(25))
"""Ages in years of requests."""


class Council(Part):
    """Whose pathway this is."""

    name: Name
    """Name, as DfE writes it."""
    terms: Annotated[str, AFile(or_else="somerset"), Mark.OF_A_COUNCIL] = "somerset"
    """School terms: ``somerset``, or the path of a CSV file with columns first_day, last_day. The
    shipped ones go to 2014/15; those of years that are not listed are made by rule."""
    published: Annotated[FileName | None, Mark.OF_A_COUNCIL] = None
    """CSV of published figures that the run-in is held against, relative to this file; its column
    council says whose they are."""


class Period(Part):
    """The dates of a run."""

    run_in_from: DayOfRun
    """First simulated day. The service starts empty here and fills before planning starts, or
    starts with the cases of a caseload."""
    plan_from: DayOfRun
    """First day of the plan: the forecast and the changes start here. It is the first day of a
    month; with a caseload it may be the first simulated day, whichever that is."""
    plan_until: DayOfRun
    """Last simulated day."""

    @model_validator(mode="after")
    def _dates_rise(self) -> Self:
        if not self.run_in_from <= self.plan_from < self.plan_until:
            found = f"{self.run_in_from}, {self.plan_from}, {self.plan_until}"
            raise ValueError(
                f"found {found}, allowed is run_in_from, plan_from and plan_until in rising order"
            )
        return self


class Target(Part):
    """What the council wants to reach."""

    share: ranges.Share
    """Share of plans issued on time, as DfE counts it."""
    window_from: date
    """First day of the window in which it is judged; the first day of a month."""
    window_until: date
    """Last day of the window; the last day of a month."""
    nobody_over_52_weeks: NobodyOver | None = None
    """Day from which on nobody is to have waited over 52 weeks without a draft plan."""
    nobody_over_30_weeks: NobodyOver | None = None
    """The same of 30 weeks."""
    nobody_over_20_weeks: NobodyOver | None = None
    """The same of 20 weeks."""

    @model_validator(mode="after")
    def _dates_rise(self) -> Self:
        if not self.window_from < self.window_until:
            found = f"{self.window_from} to {self.window_until}"
            raise ValueError(f"found {found}, allowed is window_from before window_until")
        return self


class Overlay(Part):
    """A planner's adjustment to the forecast: more or fewer requests than the record suggests."""

    name: Name
    """A short name."""
    growth_a_year: ranges.Growth | None = None
    """Extra growth a year on top of the forecast's own, such as 0.05."""
    step: ranges.Change | None = None
    """A lasting change of level, such as -0.1."""
    starts: Day
    """Day from which it works."""
    ramp_months: ranges.Months = fixed(0)
    """Months over which a step comes in."""
    sd_share: ranges.Spread = fixed(0.5)
    """Standard deviation of the adjustment divided by its size."""
    who: Name
    """Who decided it."""
    decided: Day
    """When it was decided."""
    why: Text
    """The reason."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if (self.growth_a_year is None) == (self.step is None):
            found = "neither" if self.step is None else "both"
            raise ValueError(f"found {found}, allowed is either growth_a_year or step")
        return self


class Demand(Part):
    """How many requests arrive."""

    history: Annotated[FileName | None, Mark.OF_A_COUNCIL] = None
    """CSV of recorded requests, relative to this file: yearly (year, requests), monthly (month,
    requests) or one row a request (date). A yearly file may have a column england with the national
    figure, and each a column council that says whose requests a row counts."""
    assumed: Annotated[Assumed | None, Mark.OF_A_COUNCIL] = None
    """What to assume where there is no record; instead of history."""
    record: Annotated[Record, Mark.OF_A_COUNCIL] = Record()
    """What to leave out of the record, and its steps."""
    method: Annotated[Literal["by the record", "seasonal naive"], Mark.OF_A_COUNCIL] = (
        "by the record"
    )
    """How requests are forecast: by the length of the record, or each month as in the year before,
    for a record on which nothing else does better."""
    overlay: Annotated[ByName[Overlay], Mark.TOLD, Mark.OF_A_COUNCIL] = Field(default_factory=dict)
    """Planner's adjustments by name."""
    weekday_weights: tuple[
        ranges.Weight, ranges.Weight, ranges.Weight, ranges.Weight, ranges.Weight
    ] = Field(
        default=(fixed(1.15), fixed(1.10), fixed(1.00), fixed(0.95), fixed(0.80)), strict=False
    )
    """Requests on a Monday to Friday relative to one another."""
    school_holiday_weight: ranges.SomeWeight = fixed(0.45)
    """Requests on a working day in the school holidays relative to a school day."""

    @model_validator(mode="after")
    def _some_day(self) -> Self:
        if not any(weight.smallest > 0 for weight in self.weekday_weights):
            raise ValueError("found no weekday with a weight, allowed is one above 0 at least")
        return self

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.history is None) == (self.assumed is None):
            found = "neither" if self.history is None else "both"
            raise ValueError(f"found {found}, allowed is either history or assumed")
        return self


class Priority(Part):
    """Children of whom a team can say that their cases are taken ahead of others."""

    looked_after: ranges.Share = fixed(0)
    """Share of children who are looked after."""
    looked_after_by_age: ByName[ranges.Times] = Field(default_factory=dict)
    """Multiplies that share for an age group or an age in years; the result is at most 1."""
    out_of_school: ranges.Share = fixed(0)
    """Share of children who are out of school."""
    out_of_school_by_age: ByName[ranges.Times] = Field(default_factory=dict)
    """Multiplies that share for an age group or an age in years; the result is at most 1."""


OfThePopulation = Annotated[ranges.Shares, Mark.WHOLE_RUN, Mark.MUST_AGREE, Mark.OF_A_COUNCIL]
"""Shares of who asks, which are drawn once a replication and are no choice of the council."""


class Requests(Part):
    """Who asks, and for whom. Every request draws these at random."""

    sources: OfThePopulation
    """Share of requests by who asked."""
    ages: OfThePopulation
    """Share of requests by age in years at the request; "0" to "24"."""
    needs: OfThePopulation
    """Share of requests by primary need."""
    areas: OfThePopulation
    """Share of requests by area of the council."""
    priority: Annotated[Priority | None, Mark.WHOLE_RUN, Mark.MUST_AGREE, Mark.OF_A_COUNCIL] = None
    """Children whose cases teams may take ahead of others: see ``ahead`` of a team."""
    concentration: Annotated[ranges.AsIfSeen, Mark.WHOLE_RUN, Mark.MUST_AGREE] = fixed(400)
    """How sure the shares are: they are drawn once a replication as if seen in so many requests."""
    registration: Effort
    """Work to register a request and to prepare its papers for the decision to assess."""
    evidence: Wait
    """Wait for evidence that is asked for before the decision to assess."""
    registration_team: TeamName
    """Team that registers."""
    school_support: Annotated[SchoolSupport, Mark.WHO_IS_ASSESSED] = SchoolSupport()
    """More support in schools without a plan, so that there are fewer requests."""


class DecisionToAssess(Part):
    """The decision whether to assess (regulation 5: within six weeks)."""

    panel: PanelName
    """Panel that decides."""
    refused: Annotated[ranges.Share, Mark.OF_A_COUNCIL, Mark.WHO_IS_ASSESSED]
    """Share of requests refused, over all."""
    odds_by_source: ByName[ranges.Odds] = Field(default_factory=dict)
    """Odds of refusal relative to a group with 1, by source."""
    odds_by_age: Annotated[ByName[ranges.Odds], Mark.OF_A_COUNCIL] = Field(default_factory=dict)
    """Odds of refusal relative to an age with 1, by age group such as "5-10" or by age in years,
    which comes first."""
    withdrawn: Annotated[ranges.Share, Mark.OF_A_COUNCIL, Mark.WHO_IS_ASSESSED] = fixed(0)
    """Share of requests withdrawn before the decision."""


class AdviceGiver(Part):
    """One service or person asked for advice (regulation 6)."""

    as_a_whole = Mark.ON_A_DATE  # it may start on a date
    label: Name
    """Name in tables and charts."""
    needed: ranges.Share
    """Share of assessments in which this advice is asked for."""
    by_need: ByName[ranges.Times] = Field(default_factory=dict)
    """Multiplies the share for a primary need; the result is at most 1."""
    by_age: ByName[ranges.Times] = Field(default_factory=dict)
    """Multiplies the share for an age group or an age in years; the result is at most 1."""
    existing: ranges.Share = fixed(0)
    """Share in which recent advice is reused, at once (all three must agree, regulation 6(4))."""
    awaited: ranges.Share = fixed(1)
    """Share in which the assessment waits for this advice; in the rest it goes on without."""
    appointment: Wait | None = None
    """Wait for an appointment, before any work."""
    team: TeamName | None = None
    """Team that gives the advice, where its staffing is known. Needs ``effort``."""
    effort: Effort | None = None
    """Hours of the team for one piece of advice."""
    assistant_team: TeamName | None = None
    """Team of assistants or trainees that works a share of those hours first; ``team`` then works
    the rest and signs."""
    assistant_share: ranges.Share = fixed(0)
    """Share of the hours of ``effort`` that the assistants work."""
    sign_off_hours: ranges.MoreHoursOfACase = fixed(0)
    """Hours of ``team`` that come on top, to supervise the assistants' part and to sign."""
    agency_check_hours: ranges.MoreHoursOfACase = fixed(0)
    """Hours of the posts of ``team`` to check advice that its agency gave, before it is in."""
    turnaround: Wait | None = None
    """Time to the advice, where staffing is not known. Instead of ``team``."""
    late_days_kept: ranges.Share = fixed(1)
    """Share of a turnaround's days beyond six weeks that remain when late advice is chased."""
    nil_returns: Delay | None = None
    """Share of answers that there is nothing to add, and how long they take, beside a turnaround
    without an appointment: as of a health coordinator who is asked every time."""
    view_of_family: bool = False
    """Whether this is the family's own input."""
    school: bool = False
    """Whether a school or college is asked: the closure exception hangs on when."""

    @model_validator(mode="after")
    def _team_or_turnaround(self) -> Self:
        if (self.team is None) == (self.turnaround is None):
            found = "neither" if self.team is None else "team and turnaround"
            raise ValueError(f"found {found}, allowed is either team and effort, or turnaround")
        if (self.team is None) != (self.effort is None):
            found = "effort without team" if self.team is None else "team without effort"
            raise ValueError(f"found {found}, allowed is both or neither")
        return self

    @model_validator(mode="after")
    def _nil_returns_are_beside_a_turnaround(self) -> Self:
        beside = "appointment" if self.appointment is not None else "team"
        if self.nil_returns is not None and (self.turnaround is None or beside == "appointment"):
            raise ValueError(
                f"found nil_returns beside {beside}, allowed is beside a turnaround alone"
            )
        return self

    @model_validator(mode="after")
    def _assistants_have_a_team(self) -> Self:
        if self.assistant_team is not None and self.team is None:
            raise ValueError("found assistant_team without team, allowed is both or only team")
        if self.assistant_team is None and self.assistant_share.largest > 0:
            raise ValueError("found assistant_share without assistant_team, allowed is both")
        return self

    @model_validator(mode="after")
    def _checked_by_a_team(self) -> Self:
        if self.team is None and self.agency_check_hours.largest > 0:
            raise ValueError("found agency_check_hours without team, allowed is both or neither")
        return self


class DecisionToIssue(Part):
    """The decision whether to issue a plan (regulation 10: no later than week 16)."""

    panel: PanelName
    """Panel that decides."""
    no_plan: Annotated[ranges.Share, Mark.OF_A_COUNCIL, Mark.WHO_IS_ASSESSED]
    """Share of assessments that end without a plan."""


class Drafting(Part):
    """Writing the draft plan, checking it, and writing it again where needed."""

    team: TeamName
    """Team that writes."""
    effort: Effort
    """Hours to write a draft."""
    check_team: TeamName
    """Team that checks quality."""
    check: Effort
    """Hours to check a draft."""
    rework: ranges.Repeat
    """Chance that a check sends the draft back; each time anew."""
    rework_effort: ranges.Share
    """Hours to write it again, as a share of the hours of the first draft."""


class DraftToFinal(Part):
    """From the draft to the final plan (regulation 13)."""

    family_days: ranges.FamilyDays = Number(
        low=15, likely=15, high=15, source="SEND Regulations 2014, 13(1)"
    )
    """Calendar days that the family has for representations; the day on which the draft is served
    is the first of them."""
    naming_a_school: Wait | None = None
    """Time that the family takes beyond those days to name a school. Settings are consulted after
    it: their own 15 days begin when they are consulted."""
    consultation: Wait
    """One round of consulting settings."""
    another_round: ranges.Repeat
    """Chance that a round is followed by another; each time anew."""
    placement: ranges.Share
    """Share of plans that wait for a placement after consultation."""
    placement_by_age: ByName[ranges.Times] = Field(default_factory=dict)
    """Multiplies that share for an age group or an age in years; the result is at most 1."""
    placement_wait: Wait
    """The wait for a placement."""
    team: TeamName
    """Team that finalises."""
    effort: Effort
    """Hours to finalise."""
    sign_team: TeamName
    """Team that signs."""
    sign: Effort
    """Hours to sign."""


class Exceptions(Part):
    """Exceptions to the time limits (regulations 5(4), 8(2), 10(4) and 13(3)).

    The closure of a school or early years provider, the fourth, follows from the day on which its
    advice is asked for.
    """

    claimed: Annotated[bool, Mark.OF_A_COUNCIL] = False
    """Whether the council flags the cases to which an exception applies."""
    personal_circumstances: Delay | None = None
    """Exceptional personal circumstances of the child, a parent or the young person."""
    away_from_area: Delay | None = None
    """The child or a parent is away from the area, for four weeks or more."""
    missed_appointment: Delay | None = None
    """An appointment is missed (regulation 8(2)): share of the pieces of advice that need one."""


class Costs(Part):
    """How money is counted."""

    price_year: Annotated[Name, Mark.OF_A_COUNCIL]
    """Year of the prices, such as 2024/25."""
    discount_rate: ranges.DiscountRate = Number(
        low=0.035, likely=0.035, high=0.035, source="HM Treasury, The Green Book"
    )
    """Discount rate a year."""
    appeal: AppealPrices | None = None
    """An appeal to the Tribunal, against a refusal to assess or about what a plan says; paid in the
    month in which it is made."""
    mediation: Price | None = None
    """A mediation: the mediator and others who come, beside the hours of the teams modelled."""
    remedies: Remedies | None = None
    """Payments for waiting past the date of the plan."""
    provision: Annotated[Price | None, Mark.OF_A_COUNCIL] = None
    """Pounds a year of what a plan provides beyond what a school has for every child. It is told
    beside all other costs and is in no sum with them."""


class Caseload(Part):
    """The open cases on the first day of the run."""

    open_cases: Annotated[FileName, Mark.OF_A_COUNCIL]
    """CSV of the open cases, relative to this file; ``ehc-sim new --caseload-template`` writes an
    empty one. The run starts with them instead of filling up from nothing."""


class Explanations(Part):
    """What may be behind the figures of the past, where more than one explanation fits them."""

    members: Annotated[FileName, Mark.OF_A_COUNCIL]
    """CSV of the members, relative to this file: a row each, with an explanation, a weight and a
    number in each column. A replication takes its numbers from one member, which is the same in all
    options that are compared."""


class Run(Part):
    """How a scenario is run. It changes how long that takes, and no result."""

    engine: Literal["compiled", "simpy"] = "compiled"
    """The model: compiled for speed, or the SimPy model, which is the reference to read."""


SAME_FOR_ALL = (Mark.WHOLE_RUN, Mark.MUST_AGREE)
"""Marks of a table that is one for the whole run and for all options compared."""


class Settings(Part):
    """All that a scenario sets, as it stands on one date."""

    council: Annotated[Council, *SAME_FOR_ALL]
    period: Annotated[Period, *SAME_FOR_ALL]
    target: Annotated[Target, *SAME_FOR_ALL]
    demand: Annotated[Demand, *SAME_FOR_ALL]
    requests: Annotated[Requests, Mark.MAY_DIFFER]
    decision_to_assess: Annotated[DecisionToAssess, Mark.MAY_DIFFER]
    advice: Annotated[ByName[AdviceGiver], Field(min_length=1), Mark.MAY_DIFFER]
    decision_to_issue: Annotated[DecisionToIssue, Mark.MAY_DIFFER]
    drafting: Annotated[Drafting, Mark.MAY_DIFFER]
    draft_to_final: Annotated[DraftToFinal, Mark.MAY_DIFFER]
    disputes: Annotated[Disputes | None, Mark.MAY_DIFFER] = None
    meetings: Annotated[Meetings | None, Mark.MAY_DIFFER] = None
    plans: Annotated[Plans | None, Mark.MAY_DIFFER] = None
    caseload: Annotated[Caseload | None, *SAME_FOR_ALL] = None
    explanations: Annotated[Explanations | None, *SAME_FOR_ALL] = None
    exceptions: Annotated[Exceptions, Mark.MAY_DIFFER] = Exceptions()
    teams: Annotated[ByName[Team], Field(min_length=1), Mark.MAY_DIFFER]
    panels: Annotated[ByName[Panel], Field(min_length=1), Mark.MAY_DIFFER]
    costs: Annotated[Costs, *SAME_FOR_ALL]
    run: Annotated[Run, Mark.WHOLE_RUN, Mark.MAY_DIFFER] = Run()
