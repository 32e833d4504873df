"""The numbers of disputes: who is supported, mediates, appeals or asks again, and its outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ehc_sim.pathway.journey_meetings import Kept, after_a_meeting, as_usual
from ehc_sim.pathway.journey_requests import RequestCases
from ehc_sim.pathway.keyed import Keyed
from ehc_sim.pathway.laws import Chance, Help, Law, Shares
from ehc_sim.pathway.profiles import Profiles
from ehc_sim.pathway.quantities import AnyQuantity, Sampled
from ehc_sim.scenario.disputes import Disputes
from ehc_sim.scenario.schema import Settings

AGREED, APPEAL, NEITHER = 0, 1, 2
"""Ways on from a mediation."""
NO_DISPUTE, MEDIATION, STRAIGHT_TO_APPEAL = 0, 1, 2
"""Ways on from a refusal."""

_SUPPORT = "support taken up"


def dispute_quantities(
    keyed: Keyed, requests: RequestCases, profiles: Profiles
) -> dict[str, AnyQuantity]:
    """Return the quantities of disputes of the requests.

    Parameters
    ----------
    keyed : Keyed
        Makes the quantities of the requests.
    requests : RequestCases
        The requests, with those that may be made again.
    profiles : Profiles
        Profiles that requests may have.
    """
    return {
        "support option": keyed.chosen(_SUPPORT, lambda s: float(_of(s).support.uptake)),
        "support minutes": keyed.effort("support", lambda s: _of(s).support.effort),
        "dispute option": keyed.by_period(_dispute),
        "mediation option": keyed.by_period(_mediation),
        "ask again option": keyed.by_period(lambda s: _again(s, profiles)),
        "mediation days": keyed.wait("mediation", lambda s: _of(s).mediation.wait),
        "mediation minutes": keyed.effort("mediation", lambda s: _of(s).mediation.effort),
        "appeal minutes": keyed.effort("appeal", lambda s: _of(s).appeals.effort),
        "appeal days": keyed.wait("appeal", lambda s: _of(s).appeals.wait),
        "appeal option": keyed.by_period(_overturned),
        "case asking again": keyed.constant(requests.again),
        "days to asking again": keyed.wait("asking again", lambda s: _of(s).ask_again_after),
        "no plan overturned option": keyed.chosen(
            "no plan overturned", lambda s: float(_of(s).no_plan_overturned)
        ),
        "order to issue days": keyed.wait("order to issue", lambda s: _of(s).no_plan_after),
        "new plan appeal option": _new_plan_appealed(keyed),
    }


def _helped(disputes: Disputes, kept: float, share: Callable[[float], Shares]) -> Help:
    """Return what support leaves of a share for those who take it up."""
    return Help(_SUPPORT, float(disputes.support.uptake), share(kept))


def _dispute(settings: Settings) -> Law:
    disputes = _of(settings)
    kept = float(disputes.support.disputes_kept)

    def mediated(left: float) -> float:
        return float(disputes.mediation.share) * left

    def straight(left: float) -> float:
        return float(disputes.appeals.share) * left / max(1 - mediated(left), 1e-9)

    return Law(
        NO_DISPUTE,
        (
            Chance("mediation", mediated(1.0), MEDIATION, _helped(disputes, kept, mediated)),
            Chance("appeal", straight(1.0), STRAIGHT_TO_APPEAL, _helped(disputes, kept, straight)),
        ),
    )


def _mediation(settings: Settings) -> Law:
    disputes = _of(settings)
    kept = float(disputes.support.disputes_kept)

    def appeals(left: float) -> float:
        return float(disputes.appeals.after_mediation) * left

    return Law(
        NEITHER,
        (
            Chance("mediation agreed", float(disputes.mediation.agreed), AGREED),
            Chance(
                "appeal after mediation", appeals(1.0), APPEAL, _helped(disputes, kept, appeals)
            ),
        ),
    )


def _again(settings: Settings, profiles: Profiles) -> Law:
    disputes = _of(settings)
    kept = float(disputes.support.asking_again_kept)

    def asks(left: float) -> Shares:
        return np.asarray(float(disputes.ask_again) * left * profiles.may_ask, dtype=np.float64)

    return Law(0, (Chance("ask again", asks(1.0), 1, _helped(disputes, kept, asks)),))


def _overturned(settings: Settings) -> Law:
    """Return 0 for those that are won and 1 for the others: the first way is that of the won."""
    return Law(1, (Chance("appeal won", float(_of(settings).appeals.overturned), 0),))


def _new_plan_appealed(keyed: Keyed) -> Sampled:
    def appealed(settings: Settings, kept: Kept) -> Law:
        share = float(_of(settings).contents.new_plan) * kept(settings, "appeals_kept")
        return Law(0, (Chance("new plan appealed", share),))

    usual = keyed.by_period(lambda s: appealed(s, as_usual))
    if keyed.settings[0].meetings is None:
        return usual
    return replace(usual, variant=keyed.by_period(lambda s: appealed(s, after_a_meeting)))


def _of(settings: Settings) -> Disputes:
    assert settings.disputes is not None
    return settings.disputes
