"""Mistakes in the settings of plans, disputes, meetings, exceptions and people."""

from __future__ import annotations

from tests.unit.broken_makers import edited, extending, of_service

OFFICERS = '[teams."reviewing officers"]\n'

SERVICE = [
    of_service(
        "teams and panels that are not there",
        '[disputes.mediation]\nteam = "reviewing oficers"\n'
        '[disputes.support]\nteam = "helpers"\n'
        '[meetings]\nadviser_team = "educational psychologist"\n'
        '[plans.reviews]\npanel = "weekly panle"\namending_team = "plan writer"\n'
        '[plans.phase_transfers]\ncheck_team = "senior oficers"\n',
        'broken.toml:5: disputes.mediation.team: found "reviewing oficers", '
        'did you mean "reviewing officers"?',
        'broken.toml:7: disputes.support.team: found "helpers", allowed is "educational psych',
        'broken.toml:9: meetings.adviser_team: found "educational psychologist", '
        'did you mean "educational psychologists"?',
        'broken.toml:11: plans.reviews.panel: found "weekly panle", did you mean "weekly panel"?',
        'broken.toml:12: plans.reviews.amending_team: found "plan writer", '
        'did you mean "plan writers"?',
        'broken.toml:14: plans.phase_transfers.check_team: found "senior oficers", '
        'did you mean "senior officers"?',
    ),
    of_service(
        "nobody for the reviews",
        OFFICERS + "posts = 0\n",
        "broken.toml:5: teams.reviewing officers.posts: found no posts and no agency, "
        "allowed is more than 0: cases would wait for ever",
    ),
    of_service(
        "nobody for the reviews of an age group of which nobody asks",
        OFFICERS + 'posts = 0\npatch_by = "age group"\n'
        "patches = { 0-4.posts = 1, 5-10.posts = 1, 11-15.posts = 1 }\n"
        "[requests.ages]\n12 = 0.4\n17 = 0\n",
        'broken.toml:7: teams.reviewing officers.patches: found no posts for "16-25", allowed is '
        "more than 0 there, or posts for the whole team, or pooled: cases would wait for ever",
    ),
    of_service(
        "age beyond those of plans",
        '[plans.ceased_by_age]\n"26" = 2\n',
        'broken.toml:5: plans.ceased_by_age.26: found "26", allowed is "0-4", "5-10", "11-15", '
        '"16-25" or an age from "0" to "25"',
    ),
    of_service(
        "posts reserved for unknown work",
        OFFICERS + 'reserved = { "anual reviews" = 0.2 }\n',
        'broken.toml:5: teams.reviewing officers.reserved.anual reviews: found "anual reviews", '
        'did you mean "annual reviews"?',
    ),
    of_service(
        "more posts reserved than there are",
        OFFICERS + "reserved = { overdue = 0.7 }\n",
        "broken.toml:5: teams.reviewing officers.reserved: found shares that add up to 1.04, "
        "allowed is 1 at most",
    ),
    of_service(
        "daily hours of posts",
        OFFICERS + 'capacity = "daily hours"\nleavers_a_year = 0.3\nnamed_officers = true\n',
        'teams.reviewing officers.posts: found 3, allowed is none with "daily hours"',
        'teams.reviewing officers.reserved: found a table, allowed is none with "daily hours"',
        "broken.toml:6: teams.reviewing officers.leavers_a_year: found 0.3, allowed is none with "
        '"daily hours"',
        "broken.toml:7: teams.reviewing officers.named_officers: found true, allowed is none with "
        '"daily hours"',
        "teams.reviewing officers.hours_a_day: found no hours, allowed is more than 0: cases would "
        "wait for ever",
    ),
    extending(
        "daily hours with patches and an agency",
        '[teams."educational psychologists"]\ncapacity = "daily hours"\nhours_a_day = 11\n'
        "agency = { cases_a_month = 4, price = 900, turnaround = { mean_days = 20 } }\n",
        "teams.educational psychologists.patch_by: found the text",
        "broken.toml:7: teams.educational psychologists.agency: found a table, allowed is none "
        'with "daily hours"',
    ),
    of_service(
        "posts with hours a day",
        OFFICERS + "hours_a_day = 5\n",
        "broken.toml:5: teams.reviewing officers.hours_a_day: found 5, allowed is none with "
        '"posts"',
    ),
    of_service(
        "agency that leaves the last cases",
        OFFICERS + "posts = 0\n"
        "agency = { cases_a_month = 9, price = 90, turnaround = { mean_days = 20 }, "
        "queue_longer_than = 3 }\n",
        "broken.toml:6: teams.reviewing officers.agency.queue_longer_than: found 3 in a team "
        "without posts, allowed is 0, or older_than_weeks beside it: the last cases would wait",
    ),
    of_service(
        "advice of an agency that nobody checks",
        '[advice."educational psychologist"]\nagency_check_hours = 1\n'
        '[teams."educational psychologists"]\npooled = true\n'
        "patches = { North.posts = 0, South.posts = 0 }\n"
        "agency = { cases_a_month = 40, price = 900, turnaround = { mean_days = 20 } }\n",
        "broken.toml:5: advice.educational psychologist.agency_check_hours: found 1 and no posts "
        "in the team that checks, allowed is 0, or posts there: cases would wait for ever",
    ),
    of_service(
        "advice of an agency that nobody checks in one patch",
        '[advice."educational psychologist"]\nagency_check_hours = 1\n'
        '[teams."educational psychologists"]\npatches.South.posts = 0\n'
        "agency = { cases_a_month = 40, price = 900, turnaround = { mean_days = 20 } }\n",
        "broken.toml:5: advice.educational psychologist.agency_check_hours: found 1 and no posts "
        'for "South" in the team that checks, allowed is 0, or posts there: cases would wait for '
        "ever",
    ),
    of_service(
        "requests off the record that nobody makes",
        "[disputes]\nask_again = 0\n",
        "disputes.recorded_again: found 0.05 without ask_again, allowed is both or 0: these "
        "requests are taken off the record, and nobody would make them",
    ),
    of_service(
        "more outcomes than reviews",
        "[plans.reviews]\namended = 0.99\n",
        "broken.toml:5: plans.reviews: found amended and ceased that add up to 1.01, "
        "allowed is 1 at most",
    ),
    of_service(
        "more outcomes than reviews from a date",
        '[[change]]\nwhat = "plans.reviews.ceased"\nset = 0.7\nfrom = 2025-09-01\n',
        "broken.toml:6: plans.reviews: found amended and ceased that add up to 1.05, "
        "allowed is 1 at most (from 2025-09-01)",
    ),
    of_service(
        "review arranged before the last one",
        "[plans.reviews]\narranged_days_before = 200\n",
        "broken.toml:5: plans.reviews: found meetings arranged 200 days before, allowed is fewer "
        "than the 182 between two reviews",
    ),
    of_service(
        "more disputes than refusals",
        "[disputes.mediation]\nshare = 0.95\n",
        "broken.toml:5: disputes: found shares of mediation and of appeals that add up to 1.05, "
        "allowed is 1 at most",
    ),
    of_service(
        "share and effort out of range",
        "[meetings]\nrework_kept = 1.5\n[disputes.appeals]\neffort = { mean_hours = 0 }\n",
        "broken.toml:5: meetings.rework_kept: found 1.5, allowed is 0 to 1",
        "broken.toml:7: disputes.appeals.effort.mean_hours: found 0, allowed is 0.01 to 200 hours",
    ),
    extending(
        "overtime over 48 hours a week",
        '[teams."plan writers"]\novertime_hours_a_week = 12\n',
        "broken.toml:5: teams.plan writers: found 49 hours a week with overtime, allowed is 48 at "
        "most",
    ),
    extending(
        "absence of less than four weeks",
        "[exceptions.away_from_area]\nshare = 0.01\nwait = { mean_days = 9, at_least_days = 14 }\n",
        "broken.toml:6: exceptions.away_from_area.wait: found 23 days at least, allowed is 28 or "
        "more: an absence is an exception from four weeks on",
    ),
    edited(
        "missed appointments where there are none",
        ('appointment = { mean_days = 5, counted_in = "school" }', "# no appointment", ""),
        (
            "[costs]",
            "[exceptions.missed_appointment]\nshare = 0.1\nwait = { mean_days = 20 }\n\n[costs]",
            "exceptions.missed_appointment: found missed appointments, allowed is none: no advice "
            "provider has an appointment",
        ),
    ),
    extending(
        "no run-in and nothing to start from",
        "[period]\nplan_from = 2023-01-01\n",
        "broken.toml:5: period.plan_from: found 2023-01-01, allowed is a day after run_in_from, "
        "or a [caseload] to start from",
    ),
    *(
        extending(
            f"a plan from {day}, within a month",
            f"[period]\nplan_from = {day}\n",
            f"broken.toml:5: period.plan_from: found {day}, allowed is the first day of a month",
        )
        for day in ("2025-01-15", "2025-01-31", "2025-01-02")
    ),
    of_service(
        "settings that nothing reads",
        '[advice."educational psychologist"]\nsign_off_hours = 3\nlate_days_kept = 0.2\n'
        "[advice.health]\nsign_off_hours = { low = 0, likely = 0.5, high = 1 }\n"
        f"{OFFICERS}newest_share = 0.4\nweeks_to_go = 6\n"
        'ahead = ["ordered"]\nwaited_long_weeks = 30\n',
        "broken.toml:5: advice.educational psychologist.sign_off_hours: found 3 without "
        "assistant_team, allowed is both or 0: nothing reads it",
        "broken.toml:6: advice.educational psychologist.late_days_kept: found 0.2 without "
        "turnaround, allowed is both or 1",
        "broken.toml:8: advice.health.sign_off_hours: found 0 to 1, most likely 0.5 without",
        'broken.toml:10: teams.reviewing officers.newest_share: found 0.4 without order = "mixed", '
        "allowed is both or 0.5",
        "broken.toml:11: teams.reviewing officers.weeks_to_go: found 6 without order = "
        '"still in time first", allowed is both or 0',
        "broken.toml:13: teams.reviewing officers.waited_long_weeks: found 30 without "
        '"waited long" in ahead, allowed is both or 52',
    ),
    of_service(
        "days to orders that are made by appeals",
        "[disputes]\nno_plan_overturned = 0\n[disputes.no_plan_appeals]\nshare = 0.1\n"
        'after = { mean_days = 30 }\nteam = "plan writers"\neffort = { mean_hours = 9 }\n'
        "wait = { mean_days = 90 }\noverturned = 0.5\n",
        "disputes.no_plan_after.mean_days: found 90 without no_plan_overturned, allowed is both or",
    ),
    of_service(
        "settings that nothing reads from a date",
        '[[change]]\nwhat = "teams.plan writers.weeks_to_go"\nset = 6\nfrom = 2025-09-01\n'
        '[[change]]\nwhat = "teams.plan writers.order"\nset = "due"\nfrom = 2025-09-01\n',
        'broken.toml:6: teams.plan writers.weeks_to_go: found 6 without order = "still in time',
    ),
    of_service(
        "posts reserved for what a team never has",
        '[teams."educational psychologists"]\n'
        'reserved = { "annual reviews" = 0.5, "phase transfers" = 0.2, assessments = 0.1 }\n'
        '[teams."senior officers"]\nreserved = { "appeals about plans" = 0.1, overdue = 0.1 }\n',
        "broken.toml:5: teams.educational psychologists.reserved.annual reviews: found 0.5 for "
        "work that this team never has, allowed is 0",
        "broken.toml:5: teams.educational psychologists.reserved.phase transfers: found 0.2 for",
        "broken.toml:7: teams.senior officers.reserved.appeals about plans: found 0.1 for work",
    ),
    of_service(
        "files that are not there",
        '[plans]\nin_hand = "plans_2023.csv"\n[caseload]\nopen_cases = "cases.csv"\n',
        'broken.toml:5: plans.in_hand: found "',
        'cases.csv", no such file; allowed is the path of a CSV file',
    ),
    extending(
        "half of the disputes",
        "[disputes]\nask_again = 0.1\n",
        *(
            f"broken.toml:4: disputes.{name}: found nothing, allowed is a table"
            for name in (
                *("mediation", "appeals", "ask_again_after", "contents"),
                "support",
            )
        ),
    ),
    of_service(
        "dated changes of what holds for the whole run",
        "".join(
            f'[[change]]\nwhat = "{what}"\nset = {value}\nfrom = 2025-09-01\n'
            for what, value in (
                ("disputes.recorded_again", "0.1"),
                ("plans.times", "2"),
                ("plans.in_hand", '"plans.csv"'),
                ("teams.plan writers.capacity", '"daily hours"'),
                ("meetings.adviser_team", '"plan writers"'),
            )
        ),
        "broken.toml:7: change 1: from: found a date, allowed is none: disputes.recorded_again "
        "holds for the whole run",
        "broken.toml:11: change 2: from: found a date, allowed is none: plans.times holds",
        "broken.toml:15: change 3: from: found a date, allowed is none: plans.in_hand",
        "broken.toml:19: change 4: from: found a date, allowed is none: teams.plan writers.cap",
        "broken.toml:23: change 5: from: found a date, allowed is none: meetings.adviser_team",
    ),
    of_service(
        "dated changes of whole tables",
        '[[change]]\nwhat = "disputes.mediation"\nset = { share = 0.1 }\nfrom = 2025-09-01\n'
        '[[change]]\nwhat = "meetings"\nset = { share = 0.1 }\nfrom = 2025-09-01\n'
        '[[change]]\nwhat = "caseload.open_cases"\nset = "x.csv"\nfrom = 2025-09-01\n',
        "broken.toml:7: change 1: from: found a date, allowed is none: disputes.mediation holds",
        "broken.toml:11: change 2: from: found a date, allowed is none: meetings holds",
        "broken.toml:15: change 3: from: found a date, allowed is none: caseload.open_cases",
    ),
    of_service(
        "days that are counted in another way from a date",
        '[[change]]\nwhat = "meetings.slot"\nset = { mean_days = 9 }\nfrom = 2025-09-01\n',
        "broken.toml:6: meetings.slot.counted_in: found another on a date, allowed is one for the "
        "whole run",
    ),
]
