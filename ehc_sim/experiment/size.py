"""How large a simulated future of a scenario becomes, estimated before anything is run.

Numbers that are each allowed can still multiply to what no computer holds: requests that grow for
ten years, plans that are reviewed every month. The estimate takes milliseconds and needs no
forecast, so it is rough; what it refuses is several times the largest council of England.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, exp, sqrt

import numpy as np

from ehc_sim.demand.history import History
from ehc_sim.scenario import Scenario
from ehc_sim.scenario.faults import Fault
from ehc_sim.scenario.people import Team
from ehc_sim.scenario.plans import Plans
from ehc_sim.scenario.schema import Overlay, Settings

DAYS_A_YEAR, MONTHS_A_YEAR = 365.25, 12

MOST_A_MONTH = 10_000
"""Requests in a month. All of England had some 13,000 a month in 2024 (DfE, SEN2)."""
MOST_CASES = 2_000_000
"""Requests, plans and reviews in one simulated future; the largest councils have some 800,000 in
ten years."""
MOST_DAYS_OF_POSTS = 20_000_000
"""Days of all posts; 1,500 posts for ten years have some five million."""
MOST_REVIEWS = 64
"""Reviews that one plan can have in a run: each has a random number of its own."""

BYTES_A_CASE, BYTES_A_DAY_OF_A_POST = 2000, 30
SECONDS_A_CASE, SECONDS_A_DAY_OF_A_POST = 1e-6, 5e-8
"""Measured on Somerset's whole service, with one to five times its plans and posts."""

SECONDS_A_REPLICATION = 0.01
"""Whatever its size: draw, model and measures of a service that is next to nothing."""
SIMPY_TIMES = 26
"""How much longer a replication takes with the SimPy model (benchmarks/README.md)."""
LITTLE_WORK = 5
"""Seconds of work that one process does by itself where none are asked for. Each other one takes
1.35 of a processor's to start: 1.0 to import the program and 0.35 to load what was compiled."""

LIKELY_SPREADS = 2
"""Standard deviations of what is uncertain up to which the estimate reaches: 98 in 100."""


@dataclass(frozen=True)
class Size:
    """What one simulated future of a scenario holds at most, roughly.

    Attributes
    ----------
    requests_a_month : float
        Requests in the month with most.
    cases : float
        Requests, plans and reviews.
    days_of_posts : float
        Days of all posts.
    reviews_of_a_plan : float
        Reviews that one plan may have.
    """

    requests_a_month: float
    cases: float
    days_of_posts: float
    reviews_of_a_plan: float

    @property
    def gigabytes(self) -> float:
        """Memory that it takes."""
        cases, days = self.cases, self.days_of_posts
        return (cases * BYTES_A_CASE + days * BYTES_A_DAY_OF_A_POST) / 1e9

    @property
    def seconds(self) -> float:
        """Time that it takes on one processor."""
        cases, days = self.cases, self.days_of_posts
        return cases * SECONDS_A_CASE + days * SECONDS_A_DAY_OF_A_POST


def processes_for(sizes: Sequence[Size], replications: int, simpy: bool) -> int | None:
    """Return how many processes a study needs: one for little work; None for one a processor.

    Parameters
    ----------
    sizes : sequence of Size
        Of one simulated future of each scenario.
    replications : int
        Simulated futures of each.
    simpy : bool
        Whether the SimPy model runs them.
    """
    one_of_each = sum(size.seconds + SECONDS_A_REPLICATION for size in sizes)
    seconds = one_of_each * replications * (SIMPY_TIMES if simpy else 1)
    return 1 if seconds <= LITTLE_WORK else None


def size_of(
    scenario: Scenario, history: History, plans_in_hand: float = 0, open_cases: int = 0
) -> Size:
    """Estimate what one simulated future of a scenario holds.

    Parameters
    ----------
    scenario : Scenario
    history : History
        Its record of requests, or what it assumes.
    plans_in_hand : float
        Plans in hand in its file.
    open_cases : int
        Open cases in its file.
    """
    base, every = scenario.base, [settings for _, settings in scenario.periods]
    days = (base.period.plan_until - base.period.run_in_from).days + 1
    by_month = _requests(base, history)
    requests = float(by_month.sum()) + open_cases
    plans, most, each = 0.0, 0.0, 0.0
    stocks = [settings.plans for settings in every if settings.plans is not None]
    if stocks:
        moving = max(stock.moved_in_a_year.largest for stock in stocks) * days / DAYS_A_YEAR
        plans = plans_in_hand * stocks[0].times.largest + moving
        gaps = [_gaps(stock) for stock in stocks]
        most = 3 + days / max(min(map(min, gaps)), 1)
        each = 2 + days / max(min(gap for gap, _ in gaps), 1)  # few are under five
    # A plan of a request is there for half of the run, on average.
    reviews = plans * each + requests * each / 2
    teams = {name for settings in every for name in settings.teams}
    posts = sum(
        max(_posts(settings.teams[name]) for settings in every if name in settings.teams)
        for name in teams
    )
    return Size(float(by_month.max()), requests + plans + reviews, posts * days, most)


def faults_of_size(scenario: Scenario, size: Size) -> list[Fault]:
    """Return why a scenario is too large to be run, with the estimate; empty where it is not."""
    path = scenario.path

    def fault(where: str, found: str, most: int, what: str) -> Fault:
        return Fault(path, None, where, f"found {found}, allowed is {most:,} {what}")

    if size.requests_a_month > MOST_A_MONTH:
        found = f"about {size.requests_a_month:,.0f} requests in the month with most"
        return [fault("demand", found, MOST_A_MONTH, "(all of England has some 13,000)")]
    if size.reviews_of_a_plan > MOST_REVIEWS:
        found = f"up to {size.reviews_of_a_plan:,.0f} reviews of one plan in this run"
        return [fault("plans.reviews", found, MOST_REVIEWS, "at most: later, or a shorter run")]
    takes = f"some {size.gigabytes:.1f} GB and {ceil(size.seconds)} seconds"
    if size.cases > MOST_CASES:
        found = f"about {size.cases:,.0f} requests, plans and reviews in one simulated future"
        return [fault("", f"{found}, {takes}", MOST_CASES, "at most")]
    if size.days_of_posts > MOST_DAYS_OF_POSTS:
        found = f"about {size.days_of_posts:,.0f} days of posts in one simulated future"
        return [fault("teams", f"{found}, {takes}", MOST_DAYS_OF_POSTS, "at most")]
    return []


def _requests(base: Settings, history: History) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the most requests that are likely in each month of a run."""
    first = np.datetime64(base.period.run_in_from, "M")
    months = np.arange(first, np.datetime64(base.period.plan_until, "M") + 1)
    requests = np.full(len(months), _a_month(history))
    if history.assumed is not None:
        years = (months - first).astype(np.int64) // MONTHS_A_YEAR
        growth = 1 + history.assumed.growth_a_year.largest
        wandering = LIKELY_SPREADS * history.assumed.level_sd.largest
        requests *= [growth**year * exp(wandering * sqrt(year + 1)) for year in years.tolist()]
    for overlay in base.demand.overlay.values():
        requests *= [_factor(overlay, month.item()) for month in months]
    return requests


def _a_month(history: History) -> float:
    """Return the requests of a month in the last year of a record, or in the year with most."""
    if history.assumed is not None:
        return history.assumed.requests_a_year.largest / MONTHS_A_YEAR
    if history.kind == "yearly":
        return float(history.counts[history.known].max(initial=0)) / MONTHS_A_YEAR
    return float(history.counts[history.known][-MONTHS_A_YEAR:].mean())


def _factor(overlay: Overlay, month: date) -> float:
    """Return by how much an overlay multiplies a month's requests, at the most that is likely."""
    kind = overlay.step if overlay.growth_a_year is None else overlay.growth_a_year
    assert kind is not None  # the schema asks for one of the two
    size = max(kind.largest, 0.0) + LIKELY_SPREADS * overlay.sd_share.largest * max(
        abs(kind.smallest), abs(kind.largest)
    )
    years = max((month - overlay.starts).days / DAYS_A_YEAR, 0.0)
    if overlay.growth_a_year is not None:
        return float((1 + size) ** years)
    return 1 + size if years > 0 else 1.0


def _gaps(plans: Plans) -> tuple[float, float]:
    """Return the fewest days from one review of a plan to the next, and under five."""
    reviews = plans.reviews
    ahead = reviews.arranged_days_before.largest
    soonest = reviews.brought_forward_after.smallest if reviews.brought_forward.largest else 1.0
    return (
        reviews.every_days.smallest * soonest - ahead,
        reviews.every_days_under_five.smallest * soonest - ahead,
    )


def _posts(team: Team) -> float:
    return team.posts.largest + sum(patch.posts.largest for patch in team.patches.values())
