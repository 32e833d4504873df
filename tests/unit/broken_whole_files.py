"""Complete scenario files with mistakes, and what is said of them."""

from __future__ import annotations

from tests.unit.broken_makers import edited

WHOLE = [
    edited(
        "mistyped key",
        (
            'order = "due"',
            'ordr = "due"',
            'teams.plan writers.ordr: found the unknown key "ordr", did you mean "order"?',
        ),
    ),
    edited(
        "mistyped table",
        ("[costs]", "[cost]", 'cost: found the unknown key "cost", did you mean "costs"?'),
        ("#:schema", "# schema", "costs: found nothing, allowed is a table"),
    ),
    edited(
        "text in a number",
        (
            "posts = 2.5",
            'posts = "twelve"',
            'teams.plan writers.posts: found the text "twelve", allowed is a number',
        ),
    ),
    edited(
        "true for a number",
        (
            "no_plan = 0.05",
            "no_plan = true",
            "decision_to_issue.no_plan: found true, allowed is a number",
        ),
    ),
    edited(
        "number for true or false",
        (
            "view_of_family = true",
            "view_of_family = 1",
            "advice.family.view_of_family: found 1, allowed is true or false",
        ),
    ),
    edited(
        "number for text",
        (
            'name = "Smallshire"\n',
            "name = 7\n",
            "council.name: found 7, allowed is text in quotation marks",
        ),
    ),
    edited(
        "negative posts",
        (
            "posts = 2.5",
            "posts = -2.5",
            "teams.plan writers.posts: found -2.5, allowed is 0 to 500 full-time posts",
        ),
    ),
    edited(
        "share over 1",
        (
            "refused = 0.2",
            "refused = 20",
            "decision_to_assess.refused: found 20, allowed is 0 to 1",
        ),
    ),
    edited(
        "shares that do not add up",
        (
            "[requests.areas]\nNorth = 0.6",
            "[requests.areas]\nNorth = 0.7",
            "requests.areas: found shares that add up to 1.1, allowed is 1",
        ),
    ),
    edited(
        "rework that never ends",
        ("rework = 0.15", "rework = 1.0", "drafting.rework: found 1, allowed is 0 to 0.9"),
    ),
    edited(
        "low above high",
        (
            "{ low = 30, likely = 38, high = 50 }",
            "{ low = 60, likely = 38, high = 50 }",
            "advice.health.turnaround.mean_days: found 60, 38, 50, "
            "allowed is low, likely and high in rising order",
        ),
    ),
    edited(
        "half an uncertain number",
        (
            "{ low = 30, likely = 38, high = 50 }",
            "{ low = 30, high = 50 }",
            "advice.health.turnaround.mean_days: found low and high, "
            "allowed is value, or low, likely and high",
        ),
    ),
    edited(
        "inner field of a number",
        (
            "{ value = 75_000, ",
            '{ value = 75_000, key = "x", ',
            'teams.educational psychologists.cost_a_post: unknown key: found "key", allowed is',
        ),
    ),
    edited(
        "not a finite number",
        (
            "cost_a_sitting = 900",
            "cost_a_sitting = nan",
            "panels.weekly panel.cost_a_sitting: found nan, allowed is an ordinary number",
        ),
    ),
    edited(
        "dates that do not rise",
        (
            "[period]\nrun_in_from = 2023-01-01",
            "[period]\nrun_in_from = 2025-02-01",
            "period: found 2025-02-01, 2025-01-01, 2026-12-31, allowed is run_in_from",
        ),
    ),
    edited(
        "date in quotation marks",
        (
            "plan_from = 2025-01-01",
            'plan_from = "2025-01-01"',
            'period.plan_from: found the text "2025-01-01", allowed is a date such as 2025-09-01',
        ),
    ),
    edited(
        "window beyond the plan and not of whole months",
        (
            "window_until = 2026-12-31",
            "window_until = 2027-01-30",
            "target.window_until: found 2027-01-30, allowed is 2025-01-01 to 2026-12-31",
        ),
        (
            "window_from = 2026-01-01",
            "window_from = 2026-01-02",
            "target.window_from: found 2026-01-02, allowed is the first day of a month",
        ),
        also="target.window_until: found 2027-01-30, allowed is the last day of a month",
    ),
    edited(
        "unknown weekday",
        (
            'weekday = "Wednesday"',
            'weekday = "Wedensday"',
            'panels.weekly panel.weekday: found the text "Wedensday", allowed is "Monday", '
            '"Tuesday", "Wednesday", "Thursday", "Friday"; did you mean "Wednesday"?',
        ),
    ),
    edited(
        "too many weeks",
        (
            "every_weeks = 1",
            "every_weeks = 60",
            "panels.weekly panel.every_weeks: found 60, allowed is a whole number from 1 to 26",
        ),
    ),
    edited(
        "panel without cases",
        (
            "cases = 12",
            "cases = 0",
            "panels.weekly panel.cases: found 0, allowed is 1 to 1,000 cases a sitting",
        ),
    ),
    edited(
        "team that is not there",
        (
            'registration_team = "plan writers"',
            'registration_team = "plan writer"',
            'requests.registration_team: found "plan writer", did you mean "plan writers"?',
        ),
    ),
    edited(
        "panel that is not there",
        (
            '[decision_to_issue]\npanel = "weekly panel"',
            '[decision_to_issue]\npanel = "tribunal"',
            "",
        ),
        also='decision_to_issue.panel: found "tribunal", allowed is "weekly panel"',
    ),
    edited(
        "team that nothing names",
        (
            "[costs]",
            '[teams."tribunal officers"]\nposts = 1\ntime_on_this_work = 0.5\nleave_days = 28\n'
            "sickness_days = 5\ncost_a_post = 40_000\n[costs]",
            "teams.tribunal officers: found a team that no step names",
        ),
    ),
    edited(
        "unknown area in patches, so that another has no posts",
        (
            "South.posts = 1.3",
            "Suoth.posts = 1.3",
            'teams.educational psychologists.patches.Suoth: found "Suoth", did you mean "South"?',
        ),
        (
            '[teams."educational psychologists".patches]',
            '[ teams."educational psychologists".patches ]',
            'teams.educational psychologists.patches: found no posts for "South"',
        ),
    ),
    edited(
        "unknown need, source and age",
        (
            "by_need = { speech = 1.5 }",
            "by_need = { speach = 1.5 }",
            'advice.health.by_need.speach: found "speach", did you mean "speech"?',
        ),
        (
            "odds_by_source = { parent = 1.5 }",
            "odds_by_source = { parents = 1.5 }",
            'decision_to_assess.odds_by_source.parents: found "parents", did you mean "parent"?',
        ),
        (
            'odds_by_age = { "16-25" = 2 }',
            'odds_by_age = { "16-19" = 2 }',
            'decision_to_assess.odds_by_age.16-19: found "16-19", allowed is "0-4", "5-10"',
        ),
    ),
    edited(
        "team without posts",
        (
            "posts = 0.6",
            "posts = 0",
            "teams.senior officers.posts: found no posts and no agency, allowed is more than 0",
        ),
    ),
    edited(
        "away all year",
        (
            "leave_days = 30\n",
            "leave_days = 250\n",
            "",
        ),
        also="teams.educational psychologists: found 256 days of leave and sickness a year",
    ),
    edited(
        "advice from nobody",
        (
            '[advice.family]\nlabel = "Parent or young person"\nneeded = 1.0\n'
            "view_of_family = true\nturnaround = { mean_days = 15, spread = 0.3 }",
            '[advice.family]\nlabel = "Parent or young person"\nneeded = 1.0',
            "advice.family: found neither, allowed is either team and effort, or turnaround",
        ),
    ),
    edited(
        "missing key",
        (
            'price_year = "2024/25"',
            "discount_rate = 0.035",
            "",
        ),
        (
            "[costs]",
            "[ costs ]",
            "costs.price_year: found nothing, allowed is text in quotation marks",
        ),
    ),
    edited(
        "history that is not there",
        (
            'history = "history.csv"',
            'history = "histroy.csv"',
            'demand.history: found "',
        ),
    ),
    edited(
        "three mistakes at once",
        ("needed = 0.6", "needed = 60", "advice.health.needed: found 60, allowed is 0 to 1"),
        (
            'check_team = "senior officers"',
            'check_team = "seniors"',
            'drafting.check_team: found "seniors", allowed is "educational psychologists", "plan ',
        ),
        (
            "papers_working_days = 3",
            "papers_working_days = 2.5",
            "panels.weekly panel.papers_working_days: found 2.5, allowed is a whole number",
        ),
    ),
    edited(
        "key given twice",
        (
            "time_on_this_work = 0.8\n",
            "time_on_this_work = 0.8\nposts = 4\n",
            "",
        ),
        also="teams.plan writers.posts: found the same key again, allowed is once",
    ),
    edited(
        "per cent sign",
        ("share = 0.6", "share = 60%", 'found the text "share = 60%", allowed is one value on a'),
    ),
    edited(
        "curly quotation marks",
        (
            'price_year = "2024/25"',
            "price_year = “2024/25”",
            'found the text "price_year = “2024/25”", allowed is straight quotation marks',
        ),
    ),
    edited(
        "date that is not in the calendar",
        (
            "plan_until = 2026-12-31",
            "plan_until = 2026-12-32",
            'found the text "plan_until = 2026-12-32", allowed is one value on a line',
        ),
    ),
]
