"""The numbers of annual reviews, phase transfers and appeals about what plans say."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.pathway.journey_population import Population
from ehc_sim.pathway.journey_requests import DAYS_A_YEAR
from ehc_sim.pathway.journey_reviews import Transfers
from ehc_sim.pathway.keyed import Keyed
from ehc_sim.pathway.quantities import AnyQuantity, Quantity
from ehc_sim.scenario.disputes import ContentsAppeals
from ehc_sim.scenario.plans import PhaseTransfers, Plans, Reviews
from ehc_sim.scenario.schema import Settings

Quantities = dict[str, AnyQuantity]


def review_quantities(keyed: Keyed) -> Quantities:
    """Return the quantities of reviews.

    Parameters
    ----------
    keyed : Keyed
        Makes the quantities of the reviews.
    """
    return {
        "review meeting days": keyed.wait("review meeting", lambda s: _reviews(s).meeting),
        "report days": keyed.wait("report of the school", lambda s: _reviews(s).report),
        "review minutes": keyed.effort("review", lambda s: _reviews(s).effort),
        "ceased option": keyed.chosen("ceased at review", lambda s: float(_reviews(s).ceased)),
        # Of the plans that are kept, so that the shares of all reviews are those of the settings.
        "amended option": keyed.chosen("amended", _amended_of_kept),
        "to the panel option": keyed.chosen("to the panel", lambda s: float(_reviews(s).to_panel)),
        "amending minutes": keyed.effort("amending", lambda s: _reviews(s).amending),
        "amendment check minutes": keyed.effort("amendment check", lambda s: _reviews(s).check),
        "amendment family days": keyed.same(lambda s: float(_reviews(s).family_days)),
        **_appealed(keyed, "amended plan", lambda c: float(c.amended_plan)),
    }


def transfer_quantities(keyed: Keyed, transfers: Transfers) -> Quantities:
    """Return the quantities of phase transfers.

    Parameters
    ----------
    keyed : Keyed
        Makes the quantities of the transfers.
    transfers : Transfers
        When each begins and is due.
    """
    days = transfers.due // MINUTES_A_DAY - transfers.arrived // MINUTES_A_DAY
    return {
        "transfer clock days": keyed.constant(np.maximum(days, 0)),
        "transfer consultation days": keyed.wait(
            "transfer consultation", lambda s: _transfers(s).consultation
        ),
        "transfer minutes": keyed.effort("transfer", lambda s: _transfers(s).effort),
        "transfer check minutes": keyed.effort("transfer check", lambda s: _transfers(s).check),
        **_appealed(keyed, "phase transfer", lambda c: float(c.phase_transfer)),
    }


def contents_appeal_quantities(every: Keyed) -> Quantities:
    """Return the quantities of appeals about what plans say, for cases of every kind."""
    return {
        "contents appeal days": every.wait("contents appeal", lambda s: _contents(s).wait),
        "contents appeal minutes": every.effort("contents appeal", lambda s: _contents(s).effort),
    }


def plan_quantities(every: Keyed, everybody: Population) -> Quantities:
    """Return what a plan has whatever happens to it: its end, its next review.

    Parameters
    ----------
    every : Keyed
        Makes the quantities of the cases of every kind.
    everybody : Population
        The cases.
    """
    service = everybody.service
    assert service is not None

    def days(of: Callable[[Reviews], float]) -> Callable[[Settings], float]:
        return lambda s: max(of(_reviews(s)) - float(_reviews(s).arranged_days_before), 1)

    fifth = everybody.attributes.birth + round(5 * DAYS_A_YEAR) * MINUTES_A_DAY
    return {
        "minute plan ends": Quantity.constant(service.ends),
        "minute of fifth birthday": every.constant(np.maximum(fifth, 0)[everybody.holder]),
        "case of next review": every.constant(everybody.next_reviews()),
        "days to review": every.same(days(lambda r: float(r.every_days))),
        "days to review under five": every.same(days(lambda r: float(r.every_days_under_five))),
        "days to review in hand": Quantity.constant(
            service.plans.days_to_review, everybody.firsts[1]
        ),
    }


def _appealed(keyed: Keyed, what: str, share: Callable[[ContentsAppeals], float]) -> Quantities:
    if keyed.settings[0].disputes is None:
        return {}
    chosen = keyed.chosen(f"{what} appealed", lambda s: share(_contents(s)))
    return {f"{what} appeal option": chosen}


def _amended_of_kept(settings: Settings) -> float:
    reviews = _reviews(settings)
    return min(float(reviews.amended) / max(1 - float(reviews.ceased), 1e-9), 1.0)


def _plans(settings: Settings) -> Plans:
    assert settings.plans is not None
    return settings.plans


def _reviews(settings: Settings) -> Reviews:
    return _plans(settings).reviews


def _transfers(settings: Settings) -> PhaseTransfers:
    return _plans(settings).phase_transfers


def _contents(settings: Settings) -> ContentsAppeals:
    assert settings.disputes is not None
    return settings.disputes.contents
