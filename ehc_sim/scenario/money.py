"""The tables of money: prices beside those of posts, and who pays."""

from collections.abc import Iterator
from typing import Annotated, Literal, get_args

from pydantic import Field

from ehc_sim.scenario import ranges
from ehc_sim.scenario.faults import describe
from ehc_sim.scenario.marks import Mark
from ehc_sim.scenario.names import Name
from ehc_sim.scenario.part import Part
from ehc_sim.scenario.positions import Where
from ehc_sim.scenario.tree import ABSENT, Tree

Source = Literal["general fund", "high-needs block", "grant", "partner"]
"""Who pays: the council's general fund; the high-needs block of the Dedicated Schools Grant (DSG);
a grant for a purpose; a partner, such as the NHS's integrated care board."""

SOURCES: tuple[str, ...] = get_args(Source)
"""Those that a scenario can name."""

FundedBy = Annotated[Source | None, Mark.ON_A_DATE]
"""Who pays for something that may change on a date; nobody is named where none is given."""


class Price(Part):
    """Pounds for one of something, beside the hours of the teams that are modelled."""

    pounds: ranges.PoundsForOne
    """Pounds, at the prices of ``price_year``."""
    price_year: Name | None = None
    """Year of these prices, such as 2015/16, where it is another than the costs' own."""
    uplift: ranges.Uplift | None = None
    """What brings them to the costs' price year: 1.4 is 40% dearer. Needs ``price_year``."""
    funded_by: Source | None = None
    """Who pays."""

    @property
    def today(self) -> float:
        """Pounds at the price year of the scenario."""
        return float(self.pounds) * (1.0 if self.uplift is None else float(self.uplift))


class AppealPrices(Part):
    """What an appeal to the Tribunal costs beside the hours of the teams that are modelled.

    Lawyers, other staff such as a head of service or a witness, and bundles. The hours of a team
    with an effort in ``disputes`` are paid with its posts, and are not to be in these pounds.
    """

    without_hearing: Price
    """An appeal that ends before a hearing: conceded, agreed or withdrawn."""
    with_hearing: Price
    """An appeal that is heard."""
    heard: Annotated[ranges.Share, Mark.OF_A_COUNCIL]
    """Share of appeals that are heard."""


class Remedies(Part):
    """What is paid for waiting, after a complaint to the Ombudsman or to the council."""

    a_month: Price
    """Pounds a child for each month of waiting beyond ``after_weeks``."""
    after_weeks: Annotated[int, Field(ge=0, le=260)] = 0
    """Weeks past the date of the plan from which months are paid for."""
    complained: Annotated[ranges.Share, Mark.OF_A_COUNCIL]
    """Share of these children for whom there is a complaint that is upheld."""


def of_prices(tree: Tree) -> Iterator[tuple[Where, str]]:
    """Yield prices of another year without what brings them to the costs' own, and the reverse."""
    ours = tree.get("costs", "price_year")
    for where in _prices():
        year, uplift = (tree.get(*where, key) for key in ("price_year", "uplift"))
        other = year is not ABSENT and year != ours
        if other and uplift is ABSENT:
            problem = f"found prices of {describe(year)} without uplift, allowed is uplift with"
            yield where, f"{problem} them, as costs.price_year is {describe(ours)}"
        elif uplift is not ABSENT and not other:
            problem = "found uplift of prices of the same year, allowed is a price_year other than"
            yield (*where, "uplift"), f"{problem} {describe(ours)} with it, or none"


def _prices() -> tuple[Where, ...]:
    return (
        ("costs", "appeal", "without_hearing"),
        ("costs", "appeal", "with_hearing"),
        ("costs", "mediation"),
        ("costs", "remedies", "a_month"),
        ("costs", "provision"),
    )
