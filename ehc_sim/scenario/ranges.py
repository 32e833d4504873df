"""What the numbers of a scenario can be: each kind's range, with its unit and the reason for it.

The ends are generous: a service of the largest councils of England, and several times that. They
are there to catch a number in the wrong place (a cost written as posts, per cent for a share) and
to keep a run within what a computer can hold. They hold for the smallest and the largest value of
an uncertain number, and after every change.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from ehc_sim.scenario.names import MOST_GROUPS, Name, told_apart
from ehc_sim.scenario.numbers import Number


@dataclass(frozen=True)
class Range:
    """The values that a kind of number can have, both ends included.

    Attributes
    ----------
    low, high : float
        Ends.
    unit : str
        What the number counts, as it follows the ends; empty for a plain ratio.
    why : str
        Why these ends.
    """

    low: float
    high: float
    unit: str
    why: str

    def __str__(self) -> str:
        return f"{self.low:,.10g} to {self.high:,.10g} {self.unit}".rstrip()

    def check(self, number: Number) -> Number:
        """Return the number, or raise ``ValueError`` where it can leave the range."""
        for value in (number.smallest, number.largest):
            if not self.low <= value <= self.high:
                raise ValueError(f"found {value:,.10g}, allowed is {self}")
        return number

    def __get_pydantic_core_schema__(
        self,
        source: Any,  # noqa: ANN401
        handler: GetCoreSchemaHandler,
    ) -> CoreSchema:
        """Check the range once the number is read."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Give both ends to editors, for the number itself and for those in its table."""
        ends: JsonSchemaValue = {"minimum": self.low, "maximum": self.high}
        points = {"value": ends, "low": {"minimum": self.low}, "high": {"maximum": self.high}}
        return {**handler(schema), **ends, "properties": points, "allowed": str(self)}


Share = Annotated[Number, Range(0, 1, "", "A part of a whole; 0.6 is 60 in 100.")]
"""A number from 0 to 1."""

SomeShare = Annotated[
    Number, Range(0.01, 1, "", "Above 0, for something is divided by it: 1 in 100 at least.")
]
"""A share that is not 0."""

AtTheMargin = Annotated[
    Number, Range(1, 3, "times", "Cases at the margin are no weaker than those refused before.")
]
"""How often something is at the margin, relative to the average."""

Repeat = Annotated[
    Number, Range(0, 0.9, "(or it would never end)", "Ten times over on average, at the most.")
]
"""A chance that something is done again; it is drawn anew each time."""

YearlyShare = Annotated[
    Number, Range(0, 0.9, "of the plans a year", "A stock that nearly all goes in a year is none.")
]
"""A share of the plans in a year."""

Change = Annotated[Number, Range(-1, 5, "", "From none at all to six times as many.")]
"""A relative change: 0.1 is 10% more, -0.1 is 10% less."""

Growth = Annotated[
    Number,
    Range(-0.5, 1, "a year", "From half to twice as many each year; it compounds over the run."),
]
"""A relative change from each year to the next."""

Spread = Annotated[
    Number, Range(0, 3, "times the mean", "Measured times of services are about 0.3 to 1.5.")
]
"""A standard deviation divided by its mean."""

Times = Annotated[Number, Range(0, 100, "times", "It multiplies a share, which stays 1 at most.")]
"""What multiplies a share for a group."""

Kept = Annotated[Number, Range(0, 3, "times", "It may also become more: three times at most.")]
"""What remains of something, as a share of it without; it may be more."""

Odds = Annotated[
    Number, Range(0.001, 1000, "times", "Beyond it a group is always, or never, refused.")
]
"""Odds relative to those of another group."""

Weight = Annotated[Number, Range(0, 100, "times", "Requests on one day beside another.")]
"""How often something is on one kind of day, relative to another."""

SomeWeight = Annotated[
    Number, Range(0.01, 100, "times", "Above 0: a month of holidays alone has some requests.")
]
"""A weight that is not 0."""

AsIfSeen = Annotated[
    Number, Range(10, 1_000_000, "requests", "Fewer say nothing, more are as good as certain.")
]
"""How many requests a share is as sure as."""

RequestsAYear = Annotated[
    Number, Range(1, 20_000, "requests a year", "The largest council has some 5,000.")
]
"""Requests for an assessment in a year."""

Days = Annotated[
    Number, Range(0, 1826, "days", "Five years: the longest waits in public reports are two.")
]
"""Days of a wait."""

FamilyDays = Annotated[
    Number, Range(1, 366, "days", "The law says 15 at least; a year is as good as no limit.")
]
"""Days that a family has."""

ReviewDays = Annotated[
    Number, Range(90, 1096, "days", "From every three months to every three years; the law says 12 "
                                    "months.")
]  # fmt: skip
"""Days between two reviews of a plan."""

DaysAhead = Annotated[Number, Range(0, 365, "days", "Nothing is arranged more than a year ahead.")]
"""Days by which something is arranged before it is due."""

DaysAYear = Annotated[Number, Range(0, 252, "days a year", "A year has 253 working days or more.")]
"""Working days of a year."""

Months = Annotated[Number, Range(0, 120, "months", "Ten years, longer than plans are made for.")]
"""Months over which something comes in."""

Weeks = Annotated[Number, Range(0, 260, "weeks", "Five years.")]
"""Weeks."""

HoursOfACase = Annotated[
    Number,
    Range(0.01, 200, "hours a case", "From half a minute to five weeks of one person's work."),
]
"""Hours of one person's work on one case."""

MoreHoursOfACase = Annotated[
    Number, Range(0, 200, "hours a case", "None, or up to five weeks of one person's work.")
]
"""Hours of one person's work on one case, where there need not be any."""

HoursAWeek = Annotated[
    Number, Range(1, 60, "hours a week", "The law allows 48 on average; nobody works more than 60.")
]
"""Contracted hours of a full-time post."""

MoreHoursAWeek = Annotated[
    Number, Range(0, 40, "hours a week", "No more than a second full-time post.")
]
"""Hours of a week beside or out of the contracted ones."""

HoursADay = Annotated[
    Number, Range(0, 4000, "hours a day", "What the largest team of posts has: 500 of 8 hours.")
]
"""A whole team's hours on a day."""

HoursOfADay = Annotated[Number, Range(0.1, 24, "hours a day", "A day has 24.")]
"""Hours that one case can be given on a day."""

Posts = Annotated[
    Number,
    Range(0, 500, "full-time posts", "Three times the largest teams of England; a cost is none."),
]
"""Full-time posts of a team or a patch."""

AYear = Annotated[Number, Range(0, 4, "a year", "Somebody else in the post every three months.")]
"""How often something befalls a post or a person in a year."""

PlansAYear = Annotated[
    Number, Range(0, 5000, "plans a year", "The largest council has some 20,000 plans in hand.")
]
"""Plans in a year."""

TimesTheStock = Annotated[
    Number, Range(0.01, 10, "times", "Ten times: no stock of plans has trebled in five years.")
]
"""What multiplies the plans in hand."""

CasesAMonth = Annotated[
    Number, Range(0, 2000, "cases a month", "More than the requests of the largest council.")
]
"""Cases in a month."""

CasesWaiting = Annotated[
    Number, Range(0, 100_000, "cases", "More than any council has open, plans included.")
]
"""Cases that wait."""

CasesASitting = Annotated[
    Number, Range(1, 1000, "cases a sitting", "A sitting decides one case at least.")
]
"""Cases at a sitting of a panel."""

PoundsAPost = Annotated[
    Number, Range(0, 500_000, "pounds a year", "Several times the dearest temporary staff.")
]
"""Pounds a year for a full-time post."""

PoundsAnHour = Annotated[Number, Range(0, 500, "pounds an hour", "Several times the dearest.")]
"""Pounds an hour."""

PoundsACase = Annotated[
    Number, Range(0, 20_000, "pounds a case", "Agencies ask some 1,000 for an advice.")
]
"""Pounds a case."""

PoundsASitting = Annotated[
    Number, Range(0, 50_000, "pounds a sitting", "Twenty people for a day cost some 10,000.")
]
"""Pounds a sitting."""

PoundsForOne = Annotated[
    Number,
    Range(0, 500_000, "pounds", "The dearest residential placements cost some 300,000 a year."),
]
"""Pounds for one of something: an appeal, a child's month, a plan's year."""

Uplift = Annotated[
    Number, Range(0.5, 5, "times", "Prices have risen five times in some fifty years.")
]
"""Prices of one year as a multiple of those of another."""

Pounds = Annotated[
    Number,
    Range(-100_000_000, 100_000_000, "pounds", "A council's whole high needs budget; below 0 it "
                                               "is saved."),
]  # fmt: skip
"""Pounds, once or a year."""

DiscountRate = Annotated[
    Number, Range(0, 0.2, "a year", "HM Treasury's is 0.035; 0.035 is 3.5% and 3.5 is not.")
]
"""Discount rate a year."""


def _add_up(shares: dict[str, Number]) -> dict[str, Number]:
    total = sum(float(share) for share in shares.values())
    if not abs(total - 1) <= 1e-6:
        raise ValueError(f"found shares that add up to {total:.6g}, allowed is 1")
    return shares


Shares = Annotated[
    dict[Name, Share],
    Field(min_length=1, max_length=MOST_GROUPS),
    AfterValidator(told_apart),
    AfterValidator(_add_up),
]
"""Shares of named groups that add up to 1."""
