"""Every fault of a table of nodes, and what a table without fault tells."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ehc_sim.pathway import (
    Branch,
    Choice,
    Decision,
    End,
    Fork,
    Join,
    Mark,
    Node,
    Pathway,
    PathwayFault,
    Repeat,
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
