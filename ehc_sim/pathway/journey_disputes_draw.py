"""The numbers of disputes: who is supported, mediates, appeals or asks again, and its outcome."""

from __future__ import annotations

import numpy as np

from ehc_sim.pathway.journey_meetings import Kept, after_a_meeting, as_usual
from ehc_sim.pathway.journey_requests import RequestCases
from ehc_sim.pathway.keyed import Keyed
from ehc_sim.pathway.quantities import Quantity
from ehc_sim.pathway.sampling import Floats, Ints
from ehc_sim.scenario.disputes import Disputes
from ehc_sim.scenario.schema import Settings

AGREED, APPEAL, NEITHER = 0, 1, 2
"""Ways on from a mediation."""
NO_DISPUTE, MEDIATION, STRAIGHT_TO_APPEAL = 0, 1, 2
"""Ways on from a refusal."""


def dispute_quantities(keyed: Keyed, requests: RequestCases) -> dict[str, Quantity]:
    """Return the quantities of disputes of the requests.

    Parameters
    ----------
    keyed : Keyed
        Random numbers of the requests.
    requests : RequestCases
        The requests, with those that may be made again.
    """
    return {
        "support option": keyed.chosen("support taken up", lambda s: float(_of(s).support.uptake)),
        "support minutes": keyed.effort("support", lambda s: _of(s).support.effort),
        **_after_refusal(keyed, requests),
        "mediation days": keyed.wait("mediation", lambda s: _of(s).mediation.wait),
        "mediation minutes": keyed.effort("mediation", lambda s: _of(s).mediation.effort),
        "appeal minutes": keyed.effort("appeal", lambda s: _of(s).appeals.effort),
        "appeal days": keyed.wait("appeal", lambda s: _of(s).appeals.wait),
        "appeal option": _unless(keyed.chosen("appeal won", _overturned)),
        "case asking again": keyed.constant(requests.again),
        "days to asking again": keyed.wait("asking again", lambda s: _of(s).ask_again_after),
        "no plan overturned option": keyed.chosen(
            "no plan overturned", lambda s: float(_of(s).no_plan_overturned)
        ),
        "order to issue days": keyed.wait("order to issue", lambda s: _of(s).no_plan_after),
        "new plan appeal option": _new_plan_appealed(keyed),
    }


def _after_refusal(keyed: Keyed, requests: RequestCases) -> dict[str, Quantity]:
    u_support, u_mediation = keyed.u("support taken up"), keyed.u("mediation")
    u_appeal, u_agreed = keyed.u("appeal"), keyed.u("mediation agreed")
    u_after, u_again = keyed.u("appeal after mediation"), keyed.u("ask again")
    may_ask = requests.again != np.arange(len(requests.again))

    def kept(disputes: Disputes, share: float) -> Floats:
        """Return what support leaves of a share, for each case."""
        return np.where(u_support < float(disputes.support.uptake), share, 1.0)

    def dispute(settings: Settings) -> Ints:
        disputes = _of(settings)
        left = kept(disputes, float(disputes.support.disputes_kept))
        mediated = float(disputes.mediation.share) * left
        straight = float(disputes.appeals.share) * left / np.maximum(1 - mediated, 1e-9)
        option = np.where(u_appeal < straight, STRAIGHT_TO_APPEAL, NO_DISPUTE)
        return np.where(u_mediation < mediated, MEDIATION, option).astype(np.int64)

    def mediation(settings: Settings) -> Ints:
        disputes = _of(settings)
        left = kept(disputes, float(disputes.support.disputes_kept))
        appeals = u_after < float(disputes.appeals.after_mediation) * left
        option = np.where(appeals, APPEAL, NEITHER)
        agreed = u_agreed < float(disputes.mediation.agreed)
        return np.where(agreed, AGREED, option).astype(np.int64)

    def again(settings: Settings) -> Ints:
        disputes = _of(settings)
        left = kept(disputes, float(disputes.support.asking_again_kept))
        asks = u_again < float(disputes.ask_again) * left
        return np.asarray(asks & may_ask, dtype=np.int64)

    return {
        "dispute option": keyed.by_period(dispute),
        "mediation option": keyed.by_period(mediation),
        "ask again option": keyed.by_period(again),
    }


def _new_plan_appealed(keyed: Keyed) -> Quantity:
    u = keyed.u("new plan appealed")

    def appealed(kept: Kept) -> Quantity:
        return keyed.by_period(
            lambda s: np.asarray(
                u < float(_of(s).contents.new_plan) * kept(s, "appeals_kept"), dtype=np.int64
            )
        )

    usual = appealed(as_usual)
    if keyed.settings[0].meetings is None:
        return usual
    return Quantity(usual.starts, usual.values, usual.first, appealed(after_a_meeting))


def _overturned(settings: Settings) -> float:
    return float(_of(settings).appeals.overturned)


def _unless(chosen: Quantity) -> Quantity:
    """Return 0 for the chosen and 1 for the others: the first way is that of the chosen."""
    return Quantity(chosen.starts, 1 - chosen.values, chosen.first)


def _of(settings: Settings) -> Disputes:
    assert settings.disputes is not None
    return settings.disputes
