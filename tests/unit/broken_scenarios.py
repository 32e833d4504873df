"""Scenario files with one mistake or several, and the lines that each must lead to.

Every entry holds small files by name. ``broken.toml`` is the one to read; each expected text must
be in the message, and the message must have no more lines than that.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

SMALL = Path(__file__).parents[1] / "data" / "small"
BASELINE = (SMALL / "baseline.toml").read_text(encoding="utf-8")
HISTORY = (SMALL / "history.csv").read_text(encoding="utf-8")


class Broken(NamedTuple):
    """Scenario files that cannot be used."""

    name: str
    files: dict[str, str]
    expected: list[str]


def edited(name: str, *edits: tuple[str, str, str], also: str = "") -> Broken:
    """Return a complete scenario in which some text is replaced.

    Each edit is the old text, the new text, and what must be said of its first line; ``also`` is
    what must be said of another line.
    """
    text = BASELINE
    for old, new, _ in edits:
        assert text.count(old) == 1, f"{name}: {old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    expected = [
        f"broken.toml:{text[: text.index(new)].count(chr(10)) + 1}: {said}"
        for _, new, said in edits
        if said
    ] + ([also] if also else [])
    return Broken(name, {"broken.toml": text, "history.csv": HISTORY}, expected)


def extending(name: str, text: str, *expected: str) -> Broken:
    """Return a scenario that extends a complete one; its own text starts on line 4."""
    head = 'extends = "base.toml"\nname = "Another"\nwhy = "To see"\n'
    files = {"broken.toml": head + text, "base.toml": BASELINE, "history.csv": HISTORY}
    return Broken(name, files, list(expected))


def alone(name: str, text: str, *expected: str, **others: str) -> Broken:
    """Return a scenario of one file, and others beside it."""
    files = {f"{other}.toml": content for other, content in others.items()}
    return Broken(name, {"broken.toml": text, **files}, list(expected))


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
            "teams.plan writers.posts: found -2.5, allowed is 0 or more",
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
            "panels.weekly panel.cases: found 0, allowed is more than 0",
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
            "leave_days = 300\n",
            "",
        ),
        also="teams.educational psychologists: found 306 days of leave and sickness a year",
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

EXTENDING = [
    extending(
        "value in an extending file",
        '[teams."plan writers"]\nposts = -1\n',
        "broken.toml:5: teams.plan writers.posts: found -1, allowed is 0 or more",
    ),
    extending(
        "dates of two files that do not agree",
        "[target]\nwindow_from = 2027-01-01\n",
        "broken.toml:5: target: found 2027-01-01 to 2026-12-31, allowed is window_from before",
        "broken.toml:5: target.window_from: found 2027-01-01, allowed is 2025-01-01 to 2026-12-31",
    ),
    extending(
        "list that is too short",
        "[demand]\nweekday_weights = [1, 1, 1]\n",
        "broken.toml:5: demand.weekday_weights: found a list of another length, allowed is a list "
        "of 5 numbers",
    ),
    extending(
        "other kinds of values",
        "[requests]\nregistration = 3\n[drafting.effort]\nmean_hours = []\n",
        "broken.toml:5: requests.registration: found 3, allowed is a table",
        "broken.toml:7: drafting.effort.mean_hours: found a list, allowed is a number",
    ),
    extending(
        "several inner mistakes of one number",
        '[drafting]\nrework = { vaule = 0.1, source = 7, note = "x" }\n',
        'broken.toml:5: drafting.rework: unknown key: found "vaule", did you mean "value"?; '
        "source: found 7, allowed is text",
    ),
    extending(
        "run beyond the known bank holidays",
        "[period]\nplan_until = 2050-12-31\n",
        "broken.toml:5: period.plan_until: found 2050-12-31, allowed is the years 2014 to 2035",
    ),
    extending(
        "overturned without a time",
        '[[change]]\nwhat = "decision_to_assess"\nset = { panel = "weekly panel", refused = 0.2, '
        "overturned = 0.1 }\n",
        "broken.toml:6: decision_to_assess.overturned: found 0.1 without overturned_after",
    ),
    extending(
        "panel that never sits",
        '[panels."weekly panel"]\nsits_in_school_holidays = false\nweekday = "Thursday"\n'
        "every_weeks = 26\n[period]\nplan_until = 2025-03-31\nplan_from = 2025-02-01\n"
        "run_in_from = 2025-01-01\n[target]\nwindow_from = 2025-02-01\nwindow_until = 2025-03-31\n",
        "broken.toml:5: panels.weekly panel: found a panel that never sits from 2025-01-01",
    ),
    extending(
        "mistyped team",
        '[teams."plan writrs"]\nposts = 3\n',
        "broken.toml:4: teams.plan writrs.time_on_this_work: found nothing, allowed is a number; "
        'did you mean "plan writers" instead of "plan writrs"?',
        "broken.toml:4: teams.plan writrs.leave_days: found nothing",
        "broken.toml:4: teams.plan writrs.sickness_days: found nothing",
        "broken.toml:4: teams.plan writrs.cost_a_post: found nothing",
        "broken.toml:4: teams.plan writrs: found a team that no step names",
    ),
    extending(
        "unknown path of a change",
        '[[change]]\nwhat = "teams.plan writer.posts"\nadd = 1\n',
        'broken.toml:5: change 1: what: found "teams.plan writer.posts", '
        'did you mean "teams.plan writers.posts"?',
    ),
    extending(
        "change with two actions",
        '[[change]]\nwhat = "drafting.rework"\nset = 0.1\nadd = 1\n',
        "broken.toml:7: change 1: found set and add, allowed is exactly one of",
    ),
    extending(
        "change with none",
        '[[change]]\nwhat = "drafting.rework"\n',
        "broken.toml:4: change 1: found none of them, allowed is exactly one of",
    ),
    extending(
        "change that ends before it starts",
        '[[change]]\nwhat = "drafting.rework"\nset = 0.1\nfrom = 2025-09-01\nuntil = 2025-08-31\n',
        "broken.toml:8: change 1: until: found 2025-08-31, allowed is 2025-09-01",
    ),
    extending(
        "change after the run",
        '[[change]]\nwhat = "drafting.rework"\nset = 0.1\nfrom = 2052-09-01\n',
        "broken.toml:7: change 1: from: found 2052-09-01, allowed is 2023-01-01 to 2026-12-31",
    ),
    extending(
        "dated change of what holds for the whole run",
        '[[change]]\nwhat = "target.share"\nset = 0.7\nfrom = 2026-01-01\n',
        "broken.toml:7: change 1: from: found a date, allowed is none: target.share holds "
        "for the whole run",
    ),
    extending(
        "adding to text",
        '[[change]]\nwhat = "council.name"\nadd = 1\n',
        'broken.toml:6: change 1: add: found "council.name", which is text in quotation marks',
    ),
    extending(
        "mistyped key of a change",
        '[[change]]\nwhat = "drafting.rework"\nset = 0.1\nform = 2025-09-01\n',
        'broken.toml:7: change 1: form: found the unknown key "form", did you mean "from"?',
    ),
    extending(
        "posts that become negative",
        '[[change]]\nwhat = "teams.plan writers.posts"\nadd = -2\nfrom = 2025-04-01\n'
        '[[change]]\nwhat = "teams.plan writers.posts"\nadd = -1\nfrom = 2025-09-01\n',
        "broken.toml:10: teams.plan writers.posts: found -0.5, allowed is 0 or more "
        "(from 2025-09-01)",
    ),
    extending(
        "share that grows over 1",
        '[[change]]\nwhat = "advice.health.needed"\nmultiply = 2\nfrom = 2026-01-01\n',
        "broken.toml:6: advice.health.needed: found 1.2, allowed is 0 to 1 (from 2026-01-01)",
    ),
    extending(
        "table of a change that is not complete",
        '[[change]]\nwhat = "teams.plan writers.agency"\nset = { price = 400, cases_a_moth = 3 }\n',
        "broken.toml:6: teams.plan writers.agency.cases_a_month: found nothing",
        "broken.toml:6: teams.plan writers.agency.turnaround: found nothing",
        'broken.toml:6: teams.plan writers.agency.cases_a_moth: found the unknown key "cases_a_mo',
    ),
    extending(
        "single brackets round change",
        '[change]\nwhat = "drafting.rework"\nset = 0.1\n',
        "broken.toml:4: change: found a table, allowed is [[change]] in double brackets",
    ),
    extending(
        "team that starts later",
        '[[change]]\nwhat = "drafting.team"\nset = "plan writers"\nfrom = 2025-09-01\n',
        "broken.toml:7: change 1: from: found a date, allowed is none: drafting.team holds "
        "for the whole run",
    ),
    extending(
        "advice giver that becomes another",
        '[[change]]\nwhat = "advice.family"\nfrom = 2025-09-01\n'
        'set = { label = "Parent or young person", needed = 1, turnaround = { mean_days = 20 } }\n',
        "broken.toml:7: advice.family.view_of_family: found another on a date, allowed is one "
        "for the whole run",
    ),
    extending(
        "other requests from a date",
        '[[change]]\nwhat = "requests.sources.parent"\nset = 0.5\nfrom = 2025-09-01\n',
        "broken.toml:7: change 1: from: found a date, allowed is none: requests.sources.parent "
        "holds for the whole run",
    ),
]

FILES = [
    alone(
        "empty file",
        "",
        "broken.toml:1: name: found nothing, allowed is a text",
        "broken.toml:1: why: found nothing, allowed is a text",
        *(
            f"broken.toml:1: {table}: found nothing, allowed is a table"
            for table in (
                "council",
                "period",
                "target",
                "demand",
                "requests",
                "decision_to_assess",
                "advice",
                "decision_to_issue",
                "drafting",
                "draft_to_final",
                "teams",
                "panels",
                "costs",
            )
        ),
    ),
    alone(
        "value without an end",
        'name = "x"\nwhy = "y\n',
        'broken.toml:2: found the text "why = "y", allowed is text that ends with a quotation mark',
    ),
    alone(
        "no value",
        'name = "x"\nwhy = \n[council]\n',
        'broken.toml:2: found the text "why =", allowed is a number such as 0.5, true or',
    ),
    alone(
        "not a line of TOML",
        'name = "x"\nmore psychologists\n',
        'broken.toml:2: found the text "more psychologists", allowed is key = value',
    ),
    alone(
        "file that is not there",
        'extends = "bseline.toml"\nname = "x"\nwhy = "y"\n',
        'broken.toml:1: extends: found "bseline.toml", no such file; did you mean "baseline.toml"?',
        baseline=BASELINE,
    ),
    alone(
        "list of files",
        'name = "x"\nextends = ["a.toml", "b.toml"]\n',
        "broken.toml:2: extends: found a list, allowed is the path of one file as text",
    ),
    alone(
        "files that extend one another",
        'extends = "second.toml"\nname = "x"\nwhy = "y"\n',
        'second.toml:2: extends: found "broken.toml", allowed is a file that does not lead back',
        second='name = "z"\nextends = "broken.toml"\n',
    ),
    alone(
        "file that extends itself",
        'name = "x"\nwhy = "y"\nextends = "broken.toml"\n',
        'broken.toml:3: extends: found "broken.toml", allowed is a file that does not lead back',
    ),
    alone(
        "mistake in the extended file",
        'extends = "base.toml"\nname = "x"\nwhy = "y"\n',
        'base.toml:1: found the text "[period", allowed is',
        base="[period\n",
    ),
]

BROKEN = [*WHOLE, *EXTENDING, *FILES]
