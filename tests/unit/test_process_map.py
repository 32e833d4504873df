"""The process map shows every node and every way of the pathway."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.generate import PARTS
from docs.process_map import Part, overview, process_map
from ehc_sim.journey.pathway import journey
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
    Pathway,
    Repeat,
    Start,
    Wait,
    Work,
)
from ehc_sim.scenario import load

pytestmark = pytest.mark.unit
SMALL = Path(__file__).parents[1] / "data" / "small"


def giver(name: str, counted_in: str = "calendar") -> list[Wait | Mark]:
    wait = Wait(f"{name}: advice", f"{name}: days", f"{name}: in", counted_in)
    return [wait, Mark(f"{name}: in", "all in")]


def forked(*givers: tuple[str, str]) -> Pathway:
    branches = tuple(Branch(name.upper(), f"{name}: advice") for name, _ in givers)
    nodes = [node for name, counted_in in givers for node in giver(name, counted_in)]
    return Pathway(
        [Fork("advice", branches, "all in"), *nodes, Join("all in", "out"), End("out", "done")]
    )


def boxes(text: str) -> dict[str, str]:
    """Return the words of each box by its name in the map."""
    found = re.findall(r'^ +(n\d+)[(\[{/>]+"(.*?)"[)\]}/]+$', text, re.MULTILINE)
    assert len(found) == len(dict(found))
    return dict(found)


def arrows(text: str) -> set[tuple[str, str, str]]:
    """Return the words of both boxes and of the arrow between them."""
    names = boxes(text)
    found = re.findall(r'^  (n\d+) -->(?:\|"(.*?)"\|)? (n\d+)$', text, re.MULTILINE)
    assert len(found) == text.count("-->")
    return {(names[one], label, names[other]) for one, label, other in found}


def dashed(text: str) -> set[tuple[str, str]]:
    """Return the words of both boxes of each dashed arrow."""
    names = boxes(text)
    found = re.findall(r"^  (n\d+) -\.-> (n\d+)$", text, re.MULTILINE)
    assert len(found) == text.count("-.->")
    return {(names[one], names[other]) for one, other in found}


def test_every_kind_of_node_and_way_is_drawn() -> None:
    pathway = Pathway(
        [
            Mark("asked", "register", clock_days=98),
            Work("register", "officers", "minutes", "wait"),
            Wait("wait", "days", "decide", "school"),
            Decision("decide", "panel", "agreed?"),
            Choice("agreed?", "option", (("yes", "good?"), ("no", "out"))),
            Repeat("good?", "times", "register", "out", "again"),
            End("out", "done"),
        ]
    )
    text = process_map(pathway)
    assert text.startswith("flowchart TD\n")
    assert arrows(text) == {
        ("asked<br>a new clock of 98 days starts", "", "register<br>officers"),
        ("register<br>officers", "", "wait<br>school days"),
        ("wait<br>school days", "", "decide<br>panel"),
        ("decide<br>panel", "", "agreed?"),
        ("agreed?", "yes", "good?"),
        ("agreed?", "no", "out"),
        ("good?", "again", "register<br>officers"),
        ("good?", "", "out"),
    }


def test_later_cases_and_the_ways_of_a_plan_are_drawn() -> None:
    """A dashed arrow leads to where the later case arrives, a plain one to where this one goes."""
    pathway = Pathway(
        [
            Mark("issued", "young?", clock_days="own days", opens_plan=True),
            Before("young?", "minute of fifth birthday", "soon", "later"),
            Start("soon", "case", "days", "review", "out"),
            Start("later", "case", "days", "review", "out"),
            InPlace("review", "end", "later", "out"),
            End("out", "done"),
        ],
        ("issued", "review"),
    )
    text = process_map(pathway)
    soon, later = (f"{name}<br>a later case starts" for name in ("soon", "later"))
    assert dashed(text) == {(soon, "review"), (later, "review")}
    assert arrows(text) == {
        ("issued<br>a clock of its own starts", "", "young?"),
        ("young?", "before fifth birthday", soon),
        ("young?", "from fifth birthday on", later),
        (soon, "", "out"),
        (later, "", "out"),
        ("review", "yes", later),
        ("review", "no", "out"),
    }


def test_branches_that_are_alike_are_drawn_once_with_all_their_labels() -> None:
    text = process_map(forked(("a", "calendar"), ("b", "school"), ("c", "calendar")))
    first, second = (
        "<i>A</i><br><i>C</i><br>advice<br>calendar days",
        "<i>B</i><br>advice<br>school days",
    )
    assert sorted(boxes(text).values()) == sorted(
        ["advice", first, second, "in", "in", "all in", "out"]
    )
    assert ("advice", "", second) in arrows(text)
    assert ("in", "", "all in") in arrows(text)


TWO = (Part("advice", "Advice", "weeks 6 to 12"), Part("sign", "Signing"))


def signed() -> Pathway:
    """Advice from one giver, then work that may be sent back for advice, or goes out."""
    nodes = list(forked(("a", "calendar")))[:-2]
    rest = [Join("all in", "sign"), Work("sign", "officers", "minutes", "good?")]
    again = Repeat("good?", "times", "advice", "out", "again")
    return Pathway([*nodes, *rest, again, End("out", "done")])


def test_a_part_is_drawn_with_a_box_for_each_other_that_it_leads_to_or_comes_from() -> None:
    advice, sign = (process_map(signed(), TWO, part) for part in TWO)
    assert list(boxes(advice).values()) == [
        *("advice", "<i>A</i><br>advice<br>calendar days", "in", "all in")
    ]
    assert list(boxes(sign).values()) == ["sign<br>officers", "good?", "out"]
    assert re.findall(r'^  (\w+)\[\["(\w+) <i>(.*)</i>"\]\]:::other$', advice, re.MULTILINE) == [
        ("to4", "to", "Signing"),
        ("from4", "from", "Signing"),
    ]
    assert "  n3 --> to4" in advice
    assert '  from4 -->|"again"| n0' in advice
    assert '  n5 -->|"again"| to0' in sign


def test_the_overview_has_a_box_for_each_part_with_its_weeks() -> None:
    assert overview(signed(), TWO).splitlines() == [
        "flowchart TD",
        '  p0["<b>Advice</b><br>weeks 6 to 12"]',
        '  p4["<b>Signing</b>"]',
        "  p0 --> p4",
        "  p4 --> p0",
    ]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((Part("nowhere", "Nowhere"),), "no node is called 'nowhere'"),
        ((Part("sign", "Signing"),), "'advice' belongs to no part"),
        (TWO[::-1], "not in the order"),
    ],
)
def test_every_node_belongs_to_a_part(parts: tuple[Part, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        overview(signed(), parts)
    with pytest.raises(ValueError, match=said):
        process_map(signed(), parts, parts[0])


@pytest.mark.parametrize("file", ["baseline.toml", "whole_service.toml"])
def test_every_node_of_the_journey_is_drawn_in_one_part_and_no_part_is_too_large(file: str) -> None:
    """An outcome is drawn in every part that leads to it."""
    pathway = journey(load(SMALL / file).base)
    parts = [part for part in PARTS if part.first in pathway.index]
    drawn = [boxes(process_map(pathway, parts, part)) for part in parts]
    assert max(map(len, drawn)) <= 30
    ends = {f"n{pathway.index[node.name]}" for node in pathway if isinstance(node, End)}
    together = [name for part in drawn for name in part]
    alone = [name for name in together if name not in ends]
    assert len(alone) == len(set(alone))
    assert set(together) == set(boxes(process_map(pathway)))
    assert overview(pathway, parts).count('["<b>') == len(parts)


def test_the_weeks_of_the_parts_are_those_of_the_law() -> None:
    weeks = {part.title: part.weeks for part in PARTS}
    assert weeks["Request and decision to assess"] == "weeks 0 to 6"
    assert weeks["Advice"] == "weeks 6 to 12"
    assert weeks["Decision to issue"] == "no plan: told by week 16"
    assert weeks["Draft to final plan"] == "final by week 20"


def test_quotation_marks_do_not_end_a_label() -> None:
    text = process_map(Pathway([Mark('the "draft"', "out"), End("out", "done")]))
    assert "the #quot;draft#quot;" in text


def test_the_journey_is_whole() -> None:
    pathway = journey(load(SMALL / "baseline.toml").base)
    text = process_map(pathway)
    words = " ".join(boxes(text).values())
    for node in pathway:
        assert node.name.rpartition(": ")[2] in words
    for name in (*pathway.teams, *pathway.panels):
        assert name in words
    ends = {end for _, _, end in arrows(text)}
    starts = {start for start, _, _ in arrows(text)}
    assert set(boxes(text).values()) == ends | starts
    assert starts - ends == {"request"}
    assert ends - starts == {"issued", "refusal stands", "no plan", "withdrawn"}


def test_the_whole_service_is_whole() -> None:
    """Plans in hand and phase transfers come from nowhere; reviews from a plan or a review."""
    pathway = journey(load(SMALL / "whole_service.toml").base)
    text = process_map(pathway)
    ends = {end for _, _, end in arrows(text)}
    starts = {start for start, _, _ in arrows(text)}
    assert set(boxes(text).values()) == ends | starts
    entries = {"request", "plan in hand", "review arranged", "review brought forward"}
    entries.add("phase transfer begun")
    assert starts - ends == entries
    starting = ("first review", "next review", "review after a transfer")
    later = {name + age for name in starting for age in ("", " under five")}
    later.add("review of a plan in hand")
    assert dashed(text) == {
        ("ask again<br>a later case starts", "request"),
        *((f"{name}<br>a later case starts", "review arranged") for name in later),
        *((f"{name}, early<br>a later case starts", "review brought forward") for name in later),
    }
