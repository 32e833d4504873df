"""Cases and plans for each officer in post of the teams that carry them."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ehc_sim.catalogue.service import OFFICERS
from ehc_sim.tables import Rows, Table

Floats = NDArray[np.float64]


class Carried(NamedTuple):
    """What a team carries from month to month.

    Attributes
    ----------
    assessments : bool
        The open cases, from the request or an order to the outcome.
    plans : bool
        The plans in place, with their annual reviews.
    """

    assessments: bool
    plans: bool


def officers(
    monthly: Table, carried: Mapping[str, Carried], in_post: Mapping[str, Floats]
) -> Table:
    """Return what there is at the end of each month for each officer in post.

    Parameters
    ----------
    monthly : Table
        Rows (month) with open_cases, plans_in_place and reviews_overdue.
    carried : mapping of str to Carried
        What each team carries.
    in_post : mapping of str to ndarray of float64, shape (months,)
        Full-time posts of each of these teams that are filled, or covered by temporary staff, at
        the end of each month; NaN where they are not known.

    Returns
    -------
    Table
        Rows (month, team), team by team, one column a measure of ``OFFICERS``. What a team does not
        carry is NaN; what nobody is in post for is infinite for each officer.
    """
    ((months,),) = monthly.rows.blocks
    parts = [_of_team(monthly, carries, in_post[team]) for team, carries in carried.items()]
    rows = Rows(("month", "team"), tuple((months, [team]) for team in carried))
    names = [row.name for row in OFFICERS]
    return Table.of(rows, {name: np.concatenate([part[name] for part in parts]) for name in names})


def together(
    monthly: Table, carried: Mapping[str, Carried], in_post: Mapping[str, Floats]
) -> dict[str, float]:
    """Return the same at the end of the run for the officers of all these teams together."""
    whole = Carried(*(any(kind) for kind in zip(*carried.values(), strict=True)))
    posts = np.sum([in_post[team] for team in carried], axis=0)
    return {name: float(values[-1]) for name, values in _of_team(monthly, whole, posts).items()}


def _of_team(monthly: Table, carries: Carried, in_post: Floats) -> dict[str, Floats]:
    nothing = np.full(len(in_post), np.nan)
    cases = monthly.column("open_cases") if carries.assessments else nothing
    plans = monthly.column("plans_in_place") if carries.plans else nothing
    reviews = monthly.column("reviews_overdue") if carries.plans else nothing
    return {
        "in_post": in_post,
        "assessments_an_officer": _for_each(cases, in_post),
        "plans_an_officer": _for_each(plans, in_post),
        "caseload_an_officer": _for_each(np.nansum([cases, plans], axis=0), in_post),
        "reviews_overdue_an_officer": _for_each(reviews, in_post),
    }


def _for_each(number: Floats, in_post: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(number == 0, np.where(np.isnan(in_post), np.nan, 0.0), number / in_post)
