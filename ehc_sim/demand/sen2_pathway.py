"""What DfE publishes of a council's requests, assessments, plans and reviews, as counts.

Beside ``sen2_service``, whose measures are the program's own: these are the counts that a scenario
of a council is made from. Tables are known by their columns, those of older editions too, in which
one row a council and year has all of them (``inreqehc``).
"""

from __future__ import annotations

from ehc_sim.demand.sen2_service import DECIDED, EXPECTED, LATE, SOON, YEAR, Kind, Wanted

NEEDS = {
    "ASD": "number_asd", "SEMH": "number_semh", "SLCN": "number_slcn", "MLD": "number_mld",
    "HI": "number_hi", "MSI": "number_msi", "OTH": "number_oth",
    "PD": "number_pd", "PMLD": "number_pmld", "SLD": "number_sld", "SPLD": "number_spld",
    "VI": "number_vi",
}  # fmt: skip
"""Primary needs and their columns in DfE's table of new plans."""


def _count(measure: str, words: str, *columns: str) -> Wanted:
    """Return a count that stands in one of some columns."""
    return Wanted(measure, words, columns[0], "|".join(columns))


MEETING = rf"review_meeting_{YEAR}"
"""Column of reviews of which the meeting was in a year."""

PATHWAY = (
    Kind(
        "requests", "requests_received_in_year", "requests_received_in_year|inreqehc",
        (
            _count("requests", "requests", "requests_received_in_year", "inreqehc"),
            _count("agreed", "requests agreed", "requests_decided_to_assess"),
            _count(
                *("refused", "requests refused"),
                *("requests_decided_not_to_assess", "assrefusedehc"),
            ),
            _count("withdrawn", "requests withdrawn", "requests_withdrawn"),
            _count("in_six_weeks", "decisions within six weeks", "request_outcome_six_weeks"),
            _count("after_six_weeks", "later decisions", "request_outcome_over_6_weeks"),
            _count("mediated", "mediations after a request", "mediation_related_request"),
            _count("appealed", "appeals after a request", "tribunal_related_request"),
            _count(
                *("appealed_after_mediation", "appeals that followed a mediation"),
                "tribunal_after_mediation_request",
            ),
        ),
    ),
    Kind(
        "assessments", "assess_issued", "assess_issued|newallehc",
        (
            _count("issued", "assessments with a plan", "assess_issued", "newallehc"),
            _count("not_issued", "assessments without one", "assess_not_issued", "assnoneehc"),
        ),
    ),
    Kind(
        "plans within 20 weeks", "plans_issued_den", "plans_issued_den|totincexcehc",
        (
            _count("counted", "plans that count", "plans_issued_den", "totincexcehc"),
            _count("counted_ex", "the same, no exceptions", "plans_issued_den_ex", "totnoexcehc"),
            _count(
                *("on_time", "plans on time"), "plans_issued_within_20_weeks", "incexc20weekehc"
            ),
            _count(
                *("on_time_ex", "plans on time, no exceptions"),
                *("plans_issued_20_weeks_ex", "noexc20weekehc"),
            ),
            _count("over_a_year", "plans after more than a year", "plans_issued_gt_1_year"),
            _count("over_a_year_ex", "the same, no exceptions", "plans_issued_gt_1_year_ex"),
            _count(
                *("mean_weeks", "mean weeks to a plan"),
                *("avg_weeks_issue_plan", "mean_weeks_issue_plan"),
            ),
        ),
    ),
    Kind(
        "plans in place", "ehcplans", "ehcplans", (_count("plans", "plans in place", "ehcplans"),),
        passed_over="plan start",
    ),
    Kind(
        "plans that ended", "total_ceased", "total_ceased",
        (
            _count("ended", "plans that ended", "total_ceased"),
            _count("moved_away", "plans moved to another council", "transfer"),
        ),
    ),
    Kind(
        "new plans", "new_ehc_plans", "new_ehc_plans",
        (
            _count("new_plans", "new plans", "new_ehc_plans"),
            _count("other_arrangements", "children taught otherwise", "other_arrangements_la"),
            _count("out_of_school", "children of school age in none", "neet_other_csa"),
        ),
    ),
    Kind(
        "needs of new plans", "number_slcn, by calendar year", "number_slcn",
        tuple(_count(name, f"need {name}", column) for name, column in NEEDS.items()),
        calendar_years=True,
    ),
    Kind(
        "annual reviews", "review_expected_2025", EXPECTED,
        (
            Wanted("review_expected", "reviews expected", "review_expected_2025", EXPECTED),
            Wanted("review_held", "review meetings in the year", "review_meeting_24", MEETING),
            Wanted("reviewed", "reviews decided in the year", "review_completed_2025", DECIDED),
            Wanted("review_in_four_weeks", "decisions in four weeks", "decision_4_weeks", SOON),
            Wanted("review_after_four_weeks", "later ones", "decision_over_4_weeks", LATE),
            _count("review_amended", "plans to be amended", "outcome_amended", "outcome_amend"),
            _count(
                *("review_maintained", "plans left as they are", "outcome_maintained"),
                *("outcome_maintain", "outcome_maintan"),
            ),
            _count("review_ceased", "plans to be ceased", "outcome_ceased", "outcome_cease"),
        ),
    ),
)  # fmt: skip
"""Tables from which a scenario is made."""
