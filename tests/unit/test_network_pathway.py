"""Every fault of a table of nodes, and what a table without fault tells."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ehc_sim.network import (
    Before,
    Branch,
    Choice,
    Decision,
    End,
    Fork,
    InPlace,
    Join,
    Mark,
    Node,
    Pathway,
    PathwayFault,
    Repeat,
    Start,
    Wait,
    Work,
)

pytestmark = pytest.mark.unit

END = End("end", "done")
FORK = Fork("ask", (Branch("school", "school"), Branch("health", "health")), "all in")
JOIN = Join("all in", "end")


def wait(name: str, then: str) -> Wait:
    return Wait(name, "days", then)


def asked(*nodes: Node) -> Sequence[Node]:
    """Return a fork with the branches given, its join and its end."""
    return (FORK, *nodes, JOIN, END)


FAULTS: dict[str, tuple[Sequence[Node], str]] = {
    "no node": ((), "a pathway needs at least one node"),
    "a name used twice": (
        (wait("wait", "end"), wait("wait", "end"), END),
        "'wait': 2 nodes have this name, allowed is one",
    ),
    "an unknown node": (
        (wait("wait", "nowhere"), END),
        "'wait': leads to 'nowhere', which is no node of the table",
    ),
    "a node out of reach": (
        (wait("wait", "end"), wait("lonely", "end"), END),
        "'lonely': cannot be reached from 'wait'",
    ),
    "no way to an end": (
        (wait("round", "and round"), wait("and round", "round")),
        "'round': no end can be reached from here",
    ),
    "a join that is none": (
        (Fork("ask", (Branch("school", "school"),), "end"), wait("school", "end"), END),
        "'ask': 'end' is not a join",
    ),
    "a join of two forks": (
        (
            Choice("which", "option", (("one", "ask"), ("two", "ask too"))),
            FORK,
            Fork("ask too", (Branch("other", "other"),), "all in"),
            *(wait(name, "all in") for name in ("school", "health", "other")),
            JOIN,
            END,
        ),
        "'all in': 2 forks meet here, allowed is one",
    ),
    "a join without a fork": (
        (wait("wait", "all in"), JOIN, END),
        "'all in': 0 forks meet here, allowed is one",
    ),
    "a branch that ends": (
        asked(wait("school", "end"), wait("health", "all in")),
        "'ask': branch 'school' never comes to 'all in'",
    ),
    "an end in a branch": (
        asked(
            Choice("school", "option", (("in", "all in"), ("out", "gone"))),
            End("gone", "gone"),
            wait("health", "all in"),
        ),
        "'ask': branch 'school' may not hold 'gone'",
    ),
    "a repeat in a branch": (
        asked(Repeat("school", "times", "school", "all in"), wait("health", "all in")),
        "'ask': branch 'school' may not hold 'school'",
    ),
    "a new clock in a branch": (
        asked(Mark("school", "all in", clock_days=98), wait("health", "all in")),
        "'ask': branch 'school' may not hold 'school'",
    ),
    "a new date in a branch": (
        asked(Mark("school", "all in", due_days=84), wait("health", "all in")),
        "'ask': branch 'school' may not hold 'school'",
    ),
    "a variant in a branch": (
        asked(Mark("school", "all in", variant=1), wait("health", "all in")),
        "'ask': branch 'school' may not hold 'school'",
    ),
    "a plan in a branch": (
        asked(Mark("school", "all in", opens_plan=True), wait("health", "all in")),
        "'ask': branch 'school' may not hold 'school'",
    ),
    "a start where no case may arrive": (
        (Start("start", "case", "days", "end", "end"), END),
        "'start': starts cases at 'end', at which none may arrive",
    ),
    "a way of a start to nowhere": (
        (Start("start", "case", "days", "start", "nowhere"), END),
        "'start': leads to 'nowhere', which is no node of the table",
    ),
    "a way on to nowhere, before a minute": (
        (Before("before", "minute", "nowhere", "end"), END),
        "'before': leads to 'nowhere', which is no node of the table",
    ),
    "a way on to nowhere, without a plan": (
        (InPlace("in place", "minute", "end", "nowhere"), END),
        "'in place': leads to 'nowhere', which is no node of the table",
    ),
    "a node of two branches": (
        asked(wait("school", "typing"), wait("health", "typing"), wait("typing", "all in")),
        "'ask': more than one branch holds 'typing'",
    ),
    "a way into a branch": (
        (
            Choice("which", "option", (("all", "ask"), ("one", "school"))),
            *asked(wait("school", "all in"), wait("health", "all in")),
        ),
        "'which': leads to 'school', to which only a fork may lead",
    ),
    "a way to a join": (
        (
            Choice("which", "option", (("ask", "ask"), ("do not", "all in"))),
            *asked(wait("school", "all in"), wait("health", "all in")),
        ),
        "'which': leads to 'all in', to which only a fork may lead",
    ),
}


ENTRIES: dict[str, tuple[str, str]] = {
    "an unknown entry": ("nowhere", "cases arrive at 'nowhere', which is no node of the table"),
    "an entry in a branch": ("school", "cases arrive at 'school', to which only a fork may lead"),
    "an entry at a join": ("all in", "cases arrive at 'all in', to which only a fork may lead"),
}


@pytest.mark.parametrize("case", ENTRIES)
def test_fault_of_an_entry_is_named(case: str) -> None:
    entry, message = ENTRIES[case]
    nodes = asked(wait("school", "all in"), wait("health", "all in"))
    with pytest.raises(PathwayFault) as raised:
        Pathway(nodes, ("ask", entry))
    assert message in str(raised.value).splitlines()


@pytest.mark.parametrize("case", FAULTS)
def test_fault_is_named(case: str) -> None:
    nodes, message = FAULTS[case]
    with pytest.raises(PathwayFault) as raised:
        Pathway(nodes)
    assert message in str(raised.value).splitlines()


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(PathwayFault) as raised:
        Pathway([wait("one", "nowhere"), wait("two", "elsewhere")])
    assert len(str(raised.value).splitlines()) == 2


def test_table_tells_its_nodes_teams_and_panels() -> None:
    pathway = Pathway(
        [
            Work("draft", "writers", "minutes", "check"),
            Work("check", "seniors", "minutes", "sent back"),
            Repeat("sent back", "times", "draft", "decide"),
            Decision("decide", "panel", "sign"),
            Work("sign", "seniors", "minutes", "end"),
            END,
        ]
    )
    assert pathway.names == ("draft", "check", "sent back", "decide", "sign", "end")
    assert pathway.teams == ("writers", "seniors")
    assert pathway.panels == ("panel",)
    assert pathway["end"] is END


def reviews() -> Pathway:
    """Return plans that start reviews, each of which starts the next while the plan is in place."""
    return Pathway(
        [
            Mark("plan", "first", opens_plan=True),
            Start("first", "case of first", "days to first", "review", "end"),
            InPlace("review", "end of plan", "young?", "end"),
            Before("young?", "birthday", "meeting", "decide"),
            Wait("meeting", "meeting days", "decide"),
            Work("decide", "officers", "minutes", "next", "annual reviews"),
            Start("next", "case of next", "days to next", "review", "told"),
            Mark("told", "again", clock_days="days of the clock"),
            Repeat("again", "times", "meeting", "end"),
            END,
        ],
        ("plan", "review"),
    )


def test_cases_arrive_at_the_first_node_where_no_entry_is_named() -> None:
    assert Pathway([wait("wait", "end"), END]).entries == ("wait",)
    assert reviews().entries == ("plan", "review")


def test_a_start_makes_reachable_only_what_its_own_case_comes_to() -> None:
    """Without the entry, nothing of the reviews can be reached."""
    with pytest.raises(PathwayFault) as raised:
        Pathway(reviews().nodes)
    faults = str(raised.value).splitlines()
    assert "'review': cannot be reached from 'plan'" in faults
    assert "'first': starts cases at 'review', at which none may arrive" in faults


def test_the_quantities_that_a_case_may_read_are_those_of_the_nodes_ahead() -> None:
    pathway = reviews()
    assert pathway.quantities_from("plan") == ("case of first", "days to first")
    assert pathway.quantities_from("review") == (
        "end of plan",
        "birthday",
        "meeting days",
        "minutes",
        "case of next",
        "days to next",
        "days of the clock",
        "times",
    )


def test_each_node_has_its_kind_of_work() -> None:
    pathway = Pathway([Work("draft", "writers", "minutes", "end"), END])
    assert pathway.work == ("assessments", "")
    assert reviews().work == ("",) * 5 + ("annual reviews",) + ("",) * 4
