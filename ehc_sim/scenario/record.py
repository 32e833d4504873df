"""What a scenario says of the record of requests: what to leave out, and what it stands for."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ehc_sim.scenario import ranges
from ehc_sim.scenario.numbers import fixed
from ehc_sim.scenario.part import Part


def _a_month(text: str) -> str:
    if not re.fullmatch(r"20\d{2}-(0[1-9]|1[0-2])", text):
        raise ValueError(f'found "{text}", allowed is a month such as 2024-03')
    return text


MOST_MONTHS, MOST_STEPS = 240, 20
"""Most months that a record is without, twenty years of them; and most changes of its level."""

Month = Annotated[str, AfterValidator(_a_month)]
"""A month as text, such as ``2024-03``."""


class Record(Part):
    """What the planner decided about the record of requests.

    Nothing of it is done unasked, but that the COVID months, a part of a month at either end and
    what cannot be known are left out; the forecast says so.
    """

    leave_out: tuple[Month, ...] = Field(default=(), strict=False, max_length=MOST_MONTHS)
    """Months that are no guide to others, such as ["2023-11"]: the forecast does not learn from
    them. The command forecast proposes some, with its reasons."""
    new_level_from: tuple[Month, ...] = Field(default=(), strict=False, max_length=MOST_STEPS)
    """Months from which the level was lastingly another, such as ["2022-09"] when a new form came
    in. The forecast goes on from the level after them."""
    covid: Literal["leave out", "keep"] = "leave out"
    """Whether March to August 2020 is left out."""
    zeros: Literal["leave out", "keep"] = "leave out"
    """Whether months without a request are left out where there are ten or more in others."""
    last_month: Literal["leave out", "keep"] = "leave out"
    """Whether a last month is left out that the record holds in part, or that looks so."""
    first_month: Literal["leave out", "keep"] = "leave out"
    """Whether a first month is left out that looks as if the record held it in part."""
    missing_rows: Literal["ask", "no requests"] = "ask"
    """What it means that a month has no row of a group that other months have. Asked: the month is
    not known where small figures look left out."""


class Assumed(Part):
    """Requests to expect where there is no record at all: an assumption, and labelled as one."""

    requests_a_year: ranges.RequestsAYear
    """Requests in the first year of the run."""
    growth_a_year: ranges.Growth = fixed(0.1)
    """Growth from year to year. The default is the middle of English authorities, 2019 to 2024."""
    level_sd: ranges.Spread = fixed(0.1)
    """How unsure the level is: standard deviation as a share of it, again with every year."""
