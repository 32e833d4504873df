"""Made-up back-cast and assumptions, as many as a real run has, for `present_frames`."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ehc_sim.catalogue.tables import names as columns_of


def backcast() -> pd.DataFrame:
    """Return published figures of three years, two missed, and checks that are not judged."""
    published = {
        "requests": (1061, 1121, 1207, "10%"),
        "agreed": (750, 690, 664, "10%"),
        "plans_issued": (600, 590, 567, "10%"),
        "issued_on_time": (0.694, 0.421, 0.335, "5 points"),
        "issued_over_52_weeks": (0.01, 0.05, 0.115, "5 points"),
        "week6_on_time": (0.93, 0.95, 0.966, "5 points"),
        "week16_on_time": (0.4, 0.37, 0.346, "10 points"),
    }
    misses = {("issued_on_time", 2022), ("week16_on_time", 2024)}
    rows = []
    for what, (*values, allowed) in published.items():
        for year, value in zip((2022, 2023, 2024), values, strict=True):
            off = -0.16 if (what, year) in misses else 0.01
            simulated = value + off if value < 2 else value * (1 + off / 5)
            half = 0.04 if value < 2 else 0.05 * value
            rows.append(
                (year, what, "all", "all", value, simulated, simulated - half, simulated + half,
                 allowed, (what, year) not in misses, True, "DfE SEN2, 2025 edition")
            )  # fmt: skip
    rows += [
        (2024, what, "all", "all", value, off * value, 0.9 * off * value, 1.1 * off * value,
         allowed, True, True, "DfE SEN2, 2025 edition: annual reviews")
        for what, value, off, allowed in (
            ("appeals", 382, 0.95, "25%"), ("expected", 4919, 0.98, "10%"),
            ("expected_held", 3306, 0.97, "10%"), ("decided_on_time", 0.151, 1.2, "7 points"),
            ("left_out", 0.229, 0.85, "5 points"),
        )
    ]  # fmt: skip
    rows += [
        (year, what, "all", "all", value, off * value, 0.95 * off * value, 1.05 * off * value, "",
         None, False, "DfE SEN2, 2025 edition: plans in January, mediation and appeals")
        for what, off, values in (
            ("at_end", 1.1, (4853, 5108, 5725)), ("mediated", 1.0, (120, 138, 190)),
            ("appealed", 1.0, (70, 83, 106)), ("ceased", 2.0, (122, 67, 516)),
            ("moved_out", 1.0, (86, 127, 94)),
        )
        for year, value in zip((2022, 2023, 2024), values, strict=True)
    ]  # fmt: skip
    # Checks that are not judged: by age, and the times that a council has on its website.
    rows += [
        (2024, "issued_on_time", "age", str(age), value, value - 0.1, value - 0.2, value + 0.12, "",
         None, True, "DfE SEN2, 2025 edition: 20 weeks by age")
        for age, value in ((3, 0.417), (4, 0.467), (10, 0.263), (12, 0.1))
    ]  # fmt: skip
    rows += [
        (2025, what, "all", "all", value, 0.8 * value, 0.7 * value, 0.9 * value, "", None, False,
         "Somerset Council, EHC plan waiting times (undated, probably later than 2024)")
        for what, value in (("weeks_to_decision", 4), ("weeks_of_assessment", 29),
                            ("weeks_to_draft", 5), ("weeks_draft_to_final", 12))
    ]  # fmt: skip
    table = pd.DataFrame(
        rows,
        columns=[
            one for one in columns_of("backcast") if one not in ("in_range", "quarter", "month")
        ],
    )
    in_range = table["published"].between(table["low95"], table["high95"])
    table = table.assign(in_range=in_range, quarter="", month="")[columns_of("backcast")]
    return table.astype({"in_range": "boolean", "within": "boolean"})


_DEFAULTS = (
    *("existing", "awaited", "late_days_kept", "spread", "at_least_days", "hours_a_week"),
    *("leave_in_school_holidays", "newest_share", "cover", "cover_cost_a_post", "weeks_to_go"),
    *("overtime_hours_a_week", "overtime_cost_an_hour", "long_sickness_a_year", "hours_a_day"),
    *("long_sickness_weeks", "most_hours_a_case", "starting_speed", "mentor_hours_a_week"),
)
"""Last steps of paths to numbers that nobody set."""

_STOCK_AND_DISPUTES = (
    *("disputes.mediation.share", "disputes.mediation.wait.mean_days", "disputes.ask_again"),
    *(
        "disputes.mediation.effort.mean_hours",
        "disputes.mediation.agreed",
        "disputes.no_plan_after",
    ),
    *("disputes.appeals.share", "disputes.appeals.after_mediation", "disputes.recorded_again"),
    *("disputes.appeals.effort.mean_hours", "disputes.appeals.wait.mean_days"),
    *(
        "disputes.contents.new_plan",
        "disputes.contents.amended_plan",
        "disputes.appeals.overturned",
    ),
    *("disputes.contents.effort.mean_hours", "disputes.support.effort.mean_hours"),
    *("disputes.support.disputes_kept", "disputes.support.asking_again_kept"),
    *("meetings.slot.mean_days", "meetings.effort.mean_hours", "meetings.adviser.mean_hours"),
    *("meetings.drafting_kept", "meetings.rework_kept", "meetings.rounds_kept"),
    *("meetings.placement_kept", "meetings.appeals_kept", "plans.times", "plans.moved_in_a_year"),
    *("plans.reviews.arranged_days_before", "plans.reviews.meeting.mean_days"),
    *("plans.reviews.report.mean_days", "plans.reviews.effort.mean_hours"),
    *("plans.reviews.to_panel", "plans.reviews.amending.mean_hours"),
    *("plans.reviews.check.mean_hours", "plans.phase_transfers.consultation.mean_days"),
    *("plans.phase_transfers.effort.mean_hours", "plans.phase_transfers.check.mean_hours"),
    *("plans.phase_transfers.infant_to_junior", "exceptions.personal_circumstances.share"),
    *("exceptions.personal_circumstances.wait.mean_days", "exceptions.away_from_area.share"),
    *("exceptions.away_from_area.wait.mean_days", "exceptions.missed_appointment.share"),
)


def _is_default(path: str) -> bool:
    """Whether nobody set a number, so that it has no note."""
    ages_or_areas = path.startswith("requests.ages.") or ".patches." in path
    return ages_or_areas or path.split(".")[-1] in _DEFAULTS


def assumptions(givers: Iterable[str], teams: Iterable[str]) -> pd.DataFrame:
    """Return more numbers without a source than Somerset has, with long notes."""
    rows: list[tuple[str, str, str, str, bool]] = []
    rows += [(f"requests.ages.{age}", f"{0.02 + age / 500:g}", "", "", False) for age in range(25)]
    rows += [
        (f"requests.sources.{one}", "0.3", "", "", False) for one in ("parent", "school", "other")
    ]
    rows += [
        (f"requests.needs.{one}", "0.2", "DfE SEN2", "", False) for one in ("SEMH", "ASD", "SLCN")
    ]
    for number, one in enumerate(givers):
        shares = f"0.{4 + number % 3} to 0.8, most likely 0.{5 + number % 4}"
        days = f"{30 + 3 * number} to 90, most likely {45 + 2 * number}"
        psychologist = one == "Educational psychologist"
        rows += [
            (f"advice.{one}.needed", shares, "", "Asked of the service", False),
            (f"advice.{one}.by_need.ASD", f"1.{number}", "", "", False),
            (f"advice.{one}.by_age.0-4", f"0.{number}", "", "", False),
            (f"advice.{one}.existing", "0.05", "", "", False),
            (f"advice.{one}.awaited", "1", "", "", False),
            (f"advice.{one}.late_days_kept", "1", "", "", False),
            (f"advice.{one}.turnaround.mean_days", days, "", "", psychologist),
            (f"advice.{one}.turnaround.spread", "0.6", "", "", False),
            (f"advice.{one}.turnaround.at_least_days", "0", "", "", False),
        ]
    for number, team in enumerate(teams):
        posts = f"{6 + number} to {12 + number}, most likely {8 + number}"
        rows += [
            (f"teams.{team}.posts", posts, "", "", team == "plan writers"),
            (f"teams.{team}.hours_a_week", "37", "", "", False),
            (f"teams.{team}.time_on_this_work", f"0.{5 + number % 4}", "", "", False),
            (f"teams.{team}.leave_days", "30", "", "", False),
            (f"teams.{team}.leave_in_school_holidays", "0.7", "", "", False),
            (f"teams.{team}.sickness_days", "9", "", "", False),
            (f"teams.{team}.newest_share", "0.5", "", "", False),
            (f"teams.{team}.leavers_a_year", f"0.{10 + number}", "", "", False),
            (f"teams.{team}.weeks_to_recruit", "14 to 30, most likely 20", "", "", False),
            (f"teams.{team}.cost_a_post", "71385", "Wokingham FOI 2023/24", "", False),
            *((f"teams.{team}.{leaf}", "0", "", "", False) for leaf in _DEFAULTS[8:]),
        ]
        rows += [
            (f"teams.{team}.patches.{area}.posts", f"{1 + number / 2}", "", "", False)
            for area in ("Mendip", "Sedgemoor", "South Somerset", "Taunton")
        ]
    for part, leaf in (
        ("demand", "school_holiday_weight"), ("decision_to_assess", "withdrawn"),
        ("decision_to_assess", "overturned"), ("decision_to_assess", "odds_by_source.parent"),
        ("decision_to_assess", "odds_by_age.0-4"), ("decision_to_assess", "odds_by_age.5-10"),
        ("demand", "weekday_weights.Monday"), ("demand", "weekday_weights.Friday"),
        ("decision_to_issue", "no_plan"),
        ("drafting", "effort.mean_hours"), ("drafting", "rework"), ("drafting", "rework_effort"),
        ("draft_to_final", "placement"), ("draft_to_final", "placement_wait.mean_days"),
        ("draft_to_final", "another_round"), ("panels", "locality triage.cases"),
        ("stock", "reviews.effort.mean_hours"), ("costs", "discount_rate"),
    ):  # fmt: skip
        sourced = "HM Treasury, The Green Book" if part == "costs" else ""
        rows.append((f"{part}.{leaf}", "0.35", sourced, "", leaf == "placement_wait.mean_days"))
    rows += [
        (
            path,
            "0.5 to 1.5, most likely 0.9",
            "",
            "",
            path.startswith(("disputes.contents", "disputes.appeals", "disputes.mediation")),
        )
        for path in _STOCK_AND_DISPUTES
    ]
    rows += [(f"{path}.spread", "0.5", "", "", False) for path in _STOCK_AND_DISPUTES]
    long = " ".join(["Not published; the split of the case officer's 11.3 hours is a guess."] * 3)
    rows = [
        (path, value, source, note or ("" if _is_default(path) else long), fit)
        for path, value, source, note, fit in rows
    ]
    rows = [(path, "", "", *said) for path, *said in rows]
    drafting = (
        "drafting.effort.mean_hours",
        "multiply by 0.4 to 0.8, most likely 0.5 from 2025-07-01",
    )
    posts = ("teams.educational psychologists.posts", "add 2 from 2025-09-15 until 2026-08-31")
    rows += [
        (*drafting, "", "0.4 to 0.8, most likely 0.5", "", long, False),
        (*drafting, "once", "60,000", "", long, False),
        (*drafting, "a year", "30,000", "", long, False),
        (*posts, "", "2", "An offer of a neighbour", "", False),
        (*posts, "once", "8,000", "", long, False),
    ]
    return pd.DataFrame(rows, columns=columns_of("assumptions"))
