"""Mistakes in files that extend others, and in what is no scenario file at all."""

from __future__ import annotations

from tests.unit.broken_makers import BASELINE, alone, extending

EXTENDING = [
    extending(
        "value in an extending file",
        '[teams."plan writers"]\nposts = -1\n',
        "broken.toml:5: teams.plan writers.posts: found -1, allowed is 0 to 500 full-time posts",
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
        "[period]\nplan_until = 2150-12-31\n",
        "broken.toml:5: period.plan_until: found 2150-12-31, allowed is the years 2014 to 2099",
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
        "broken.toml:10: teams.plan writers.posts: found -0.5, allowed is 0 to 500 full-time posts "
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
        "advice provider that becomes another",
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
