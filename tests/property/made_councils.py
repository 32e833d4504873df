"""Small councils whose files have the optional parts of a scenario, each there or not.

They extend Smallshire's whole service over a year, so that the networks are those that the pathway
makes of a file: what ``made_services`` draws by node, these draw by setting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import strategies as st

from ehc_sim.experiment.replication import Replicator
from ehc_sim.network import Draw, Network
from ehc_sim.network.orders import FLAGS, ORDERS, WAITED
from ehc_sim.scenario.people import KINDS_OF_WORK
from tests.scenario_files import change, whole_service

TEAMS = ("educational psychologists", "plan writers", "senior officers", "reviewing officers")
WORK_OF_TEAMS: Mapping[str, tuple[str, ...]] = {
    "educational psychologists": ("assessments", "meetings"),
    "plan writers": ("assessments", "meetings"),
    "senior officers": ("assessments", "annual reviews", "phase transfers"),
    "reviewing officers": (
        *("disputes", "appeals about plans", "annual reviews", "phase transfers"),
    ),
}
"""Kinds of work that the teams have whatever the parts."""
PERIOD = {
    "period.run_in_from": "2023-01-01", "period.plan_from": "2023-10-01",
    "period.plan_until": "2024-03-31", "target.window_from": "2023-11-01",
    "target.window_until": "2024-03-31",
}  # fmt: skip
CHANGE_FROM = "2023-11-15"
AHEAD = (*FLAGS, WAITED)
Lines = dict[str, str]
"""Settings by their place in the file, as they stand there."""


@st.composite
def made_council(draw: st.DrawFn) -> tuple[Network, Draw]:
    """Draw a service with some of the optional parts, and one replication's draw."""
    parts = [name for name in PARTS if draw(st.booleans())]
    return council_with(parts, np.random.default_rng(draw(st.integers(0, 2**32))))


def council_with(parts: Iterable[str], rng: np.random.Generator) -> tuple[Network, Draw]:
    """Return a service with these parts, whose numbers are random, and one replication's draw."""
    lines, changes = dict(PERIOD), ""
    for name in parts:
        more, later = PARTS[name](rng)
        lines |= more
        changes += later
    text = "".join(f"{key} = {value}\n" for key, value in lines.items()) + changes
    with TemporaryDirectory() as folder:
        scenario = whole_service(Path(folder), text)
        (drawn,) = Replicator(scenario, int(rng.integers(2**31))).drawn([0])
    return drawn.prepared.network, drawn.prepared.draw


def _share(rng: np.random.Generator) -> str:
    return str(rng.choice([0.0, 0.2, 0.5, 0.9]))


def _wait(rng: np.random.Generator, days: int) -> str:
    kind = rng.choice(["calendar", "working", "school"])
    spread = rng.choice([0, 0.4])
    return f'{{ mean_days = {rng.choice([0, 1, days])}, spread = {spread}, counted_in = "{kind}" }}'


def _effort(rng: np.random.Generator, hours: float) -> str:
    return f"{{ mean_hours = {rng.choice([0.5, hours])}, spread = {rng.choice([0, 0.4])} }}"


def _team(rng: np.random.Generator) -> str:
    return f'"{rng.choice(TEAMS)}"'


def _below(table: str, lines: Mapping[str, object]) -> Lines:
    return {f"{table}.{key}": str(value) for key, value in lines.items()}


def _later(what: str, how: str) -> str:
    return change(what, how, f"from = {CHANGE_FROM}")


def _margin(rng: np.random.Generator) -> tuple[Lines, str]:
    lines = {"refused": rng.choice([0.1, 0.2, 0.5]), "times": rng.choice([1, 2, 3])}
    again = _later("decision_to_assess.refused", f"set = {rng.choice([0.1, 0.4])}")
    return _below("disputes.margin", lines), again


def _reconsideration(rng: np.random.Generator) -> tuple[Lines, str]:
    lines = {
        "share": _share(rng), "wait": _wait(rng, 20), "team": _team(rng),
        "effort": _effort(rng, 2), "agreed": _share(rng),
    }  # fmt: skip
    return _below("disputes.reconsideration", lines), ""


def _other_appeals(rng: np.random.Generator) -> dict[str, str]:
    return {
        "share": _share(rng), "after": _wait(rng, 30), "team": _team(rng),
        "effort": _effort(rng, 12), "wait": _wait(rng, 60), "overturned": _share(rng),
    }  # fmt: skip


def _no_plan_appeals(rng: np.random.Generator) -> tuple[Lines, str]:
    lines = {
        "disputes.no_plan_overturned": "0", "disputes.no_plan_after.mean_days": "0",
        "decision_to_issue.no_plan": "0.3",
    }  # fmt: skip
    return lines | _below("disputes.no_plan_appeals", _other_appeals(rng)), ""


def _ceasing_appeals(rng: np.random.Generator) -> tuple[Lines, str]:
    lines = {"plans.reviews.ceased": "0.3"}
    return lines | _below("disputes.ceasing_appeals", _other_appeals(rng)), ""


def _after_answer(rng: np.random.Generator) -> tuple[Lines, str]:
    first = {"new_plan": _share(rng), "amended_plan": _share(rng), "wait": _wait(rng, 20)}
    lines = {
        "team": _team(rng), "evidence": _effort(rng, 8), "hearing": _share(rng),
        "settling": _wait(rng, 30), "consent": _effort(rng, 2), "hearing_wait": _wait(rng, 60),
        "attending": _effort(rng, 9), "changed_without_hearing": _share(rng),
        "changed_by_hearing": _share(rng), "placement_only": _share(rng),
        "amending": _effort(rng, 3),
    }  # fmt: skip
    contents = "disputes.contents"
    return _below(contents, first) | _below(f"{contents}.after_answer", lines), ""


def _reassessments(rng: np.random.Generator) -> tuple[Lines, str]:
    lines = {
        "share": _share(rng), "team": _team(rng), "effort": _effort(rng, 3),
        "adviser_team": rng.choice([f'"{TEAMS[0]}"', _team(rng)]),
        "adviser": _effort(rng, 10), "advice": _wait(rng, 30),
        "drafting_team": _team(rng), "drafting": _effort(rng, 6), "check_team": _team(rng),
        "check": _effort(rng, 1), "agency_check_hours": str(rng.choice([0.5, 2])),
    }  # fmt: skip
    return _below("plans.reassessments", lines), ""


def _moving_in(rng: np.random.Generator) -> tuple[Lines, str]:
    more = {"plans.moved_in_a_year": "60"}
    return more | _below("plans.moving_in", {"team": _team(rng), "effort": _effort(rng, 5)}), ""


def _school_support(rng: np.random.Generator) -> tuple[Lines, str]:
    months = {"requests.school_support.ramp_months": str(rng.choice([0, 2]))}
    return months, _later("requests.school_support.fewer", f"set = {rng.choice([0.2, 0.6])}")


def _assistants(rng: np.random.Generator) -> tuple[Lines, str]:
    lines = {
        "assistant_team": '"assistants"', "assistant_share": _share(rng),
        "sign_off_hours": rng.choice([0, 1.5]),
    }  # fmt: skip
    team = {
        "posts": rng.choice([0.5, 2]), "time_on_this_work": 0.8, "leave_days": 25,
        "sickness_days": 5, "cost_a_post": 35_000,
    }  # fmt: skip
    advice = 'advice."educational psychologist"'
    return _below(advice, lines) | _below("teams.assistants", team), ""


def _naming_a_school(rng: np.random.Generator) -> tuple[Lines, str]:
    return {"draft_to_final.naming_a_school": _wait(rng, 10)}, ""


def _recruited(rng: np.random.Generator) -> tuple[Lines, str]:
    team = str(rng.choice(TEAMS[1:]))
    lines = {
        "leavers_a_year": rng.choice([0, 1.5]), "weeks_to_recruit": rng.choice([0, 6]),
        "recruitment_fails": rng.choice([0, 0.5]), "weeks_to_full_speed": rng.choice([0, 12]),
        "reassign_after_weeks": 2,
    }  # fmt: skip
    added = _later(f"teams.{team}.posts", f"add = {rng.choice([0.5, 2])}")
    return _below(f'teams."{team}"', lines), added


def _agency(rng: np.random.Generator) -> tuple[Lines, str]:
    lines = {
        "cases_a_month": rng.choice([0, 3]), "ramp_months": rng.choice([0, 2, 4]), "price": 900,
        "turnaround": _wait(rng, 25),
    }  # fmt: skip
    check = {'advice."educational psychologist".agency_check_hours': str(rng.choice([0.5, 3]))}
    if rng.random() < 0.5:
        lines["queue_longer_than"] = rng.choice([0, 3])
    if rng.random() < 0.5:
        lines["older_than_weeks"] = rng.choice([1, 4])
    team = "teams.educational psychologists.agency"
    more = _later(f"{team}.cases_a_month", f"set = {rng.choice([2, 8])}")
    return check | _below('teams."educational psychologists".agency', lines), more


def _ahead(rng: np.random.Generator) -> tuple[Lines, str]:
    lines: Lines = {
        "requests.priority.looked_after": "0.2", "requests.priority.out_of_school": "0.3",
        "requests.priority.looked_after_by_age": '{ "11-15" = 2 }',
    }  # fmt: skip
    for team in TEAMS:
        classes = rng.permutation(AHEAD)[: rng.integers(len(AHEAD) + 1)].tolist()
        kind = str(rng.choice([*KINDS_OF_WORK, "overdue"]))
        kind = kind if kind in WORK_OF_TEAMS[team] else "overdue"
        weeks = rng.choice([2, 8, 52])
        more = {
            "ahead": "[" + ", ".join(f'"{one}"' for one in classes) + "]",
            "order": f'"{rng.choice(sorted(ORDERS))}"',
            "waited_long_weeks": weeks if WAITED in classes else 52,
            "reserved": f'{{ "{kind}" = 0.4 }}',
        }
        lines |= _below(f'teams."{team}"', more)
    return lines, ""


def _named_officers(rng: np.random.Generator) -> tuple[Lines, str]:
    lines: Lines = {}
    changes = ""
    for team in TEAMS:
        before, after = rng.choice(["true", "false"], 2)
        lines[f'teams."{team}".named_officers'] = str(before)
        changes += _later(f"teams.{team}.named_officers", f"set = {after}")
    return lines, changes


PARTS: dict[str, Callable[[np.random.Generator], tuple[Lines, str]]] = {
    "margin": _margin,
    "reconsideration": _reconsideration,
    "no_plan_appeals": _no_plan_appeals,
    "ceasing_appeals": _ceasing_appeals,
    "after_answer": _after_answer,
    "reassessments": _reassessments,
    "moving_in": _moving_in,
    "school_support": _school_support,
    "assistants": _assistants,
    "naming_a_school": _naming_a_school,
    "recruited": _recruited,
    "agency": _agency,
    "ahead": _ahead,
    "named_officers": _named_officers,
}
"""Parts of a file that a council can leave out, with their settings and what changes later."""
