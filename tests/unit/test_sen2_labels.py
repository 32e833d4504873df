"""Labels and columns of DfE's tables change: what is known by a word, and what is said if not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ehc_sim.demand.sen2 import read_sen2
from ehc_sim.demand.sen2_council import council_of, history_in_sen2
from ehc_sim.scenario import BadInput
from tests.sen2_files import AGE, ENGLAND, SEX, SOURCE, SOURCES, by_topic, edition, rows

pytestmark = pytest.mark.unit


def said(path: Path) -> str:
    with pytest.raises(BadInput) as fault:
        read_sen2(path)
    (line,) = str(fault.value).splitlines()
    return line


def _called(old: str, new: str) -> list[dict[str, str]]:
    """Return the rows of the 2026 edition with a topic under another label."""
    table = [*rows(), *by_topic(SOURCE, SOURCES)]
    return [row | {"topic": new} if row["topic"] == old else row for row in table]


@pytest.mark.parametrize("label", ["Requests in all", "Total", "EHC needs assessment requests"])
def test_all_requests_under_another_label_are_asked_for(label: str, tmp_path: Path) -> None:
    line = said(edition(tmp_path / "s.zip", 2026, _called("", label)))
    assert "has no row of all requests" in line
    assert "looked in breakdown_topic for a topic that begins with “All requests”" in line
    assert f"found the topics “{label}”, “{AGE}”, “{SOURCE}”" in line


@pytest.mark.parametrize(
    ("old", "new", "lost", "sought"),
    [
        (AGE, "Years old", "ages", "a topic with the word “age”"),
        (AGE, "Stage of school", "ages", "a topic with the word “age”"),
        (AGE, SEX, "ages", "a topic with the word “age”"),
        (SOURCE, "Who made it", "who asked", "the word “source” or “requested by”"),
    ],
)
def test_a_topic_that_is_not_found_is_said_and_the_rest_is_used(
    old: str, new: str, lost: str, sought: str, tmp_path: Path
) -> None:
    sen2 = read_sen2(edition(tmp_path / "s.zip", 2026, _called(old, new)))
    (note,) = sen2.notes
    assert f"does not tell {lost} (looked for" in note
    assert sought in note
    assert f"“{new}”" in note
    history = history_in_sen2(sen2, council_of(sen2, "Smallshire"))
    assert note in history.notes
    assert history.counts.tolist() == [200, 180, 240, 260, 300]


@pytest.mark.parametrize("label", ["Age at time of request", "AGE", "Child or young person's age"])
def test_ages_are_known_by_a_word_of_their_label(label: str, tmp_path: Path) -> None:
    sen2 = read_sen2(edition(tmp_path / "s.zip", 2026, _called(AGE, label)))
    assert sen2.notes == ()
    assert council_of(sen2, "Smallshire").by("age").loc["Aged 9"].to_dict() == {
        2022: 160,
        2023: 210,
    }


def test_two_labels_of_one_topic_are_never_chosen_between(tmp_path: Path) -> None:
    again = [row | {"topic": "Age at 31 August"} for row in rows() if row["topic"] == AGE]
    sen2 = read_sen2(edition(tmp_path / "s.zip", 2026, [*rows(), *again]))
    assert council_of(sen2, "Smallshire").by("age").empty
    assert sen2.notes[0] == (
        f"Not used from DfE's table: ages, told under two topics, “{AGE}”, “Age at 31 August”."
    )
    totals = [row | {"topic": "All requests again"} for row in rows() if not row["topic"]]
    line = said(edition(tmp_path / "t.zip", 2026, [*rows(), *totals]))
    assert "two topics of all requests" in line
    assert "“All requests again”; allowed is one" in line


def test_a_label_that_changes_from_one_year_to_the_next_is_one_topic(tmp_path: Path) -> None:
    table = [
        row | {"topic": row["topic"] or "All requests for EHC needs assessments"}
        if row["time_period"] < "2023"
        else row
        for row in rows()
    ]
    sen2 = read_sen2(edition(tmp_path / "s.zip", 2026, table))
    assert sen2.england.to_dict() == ENGLAND


@pytest.mark.parametrize(
    ("renamed", "expected"),
    [
        ({"la_name": "local_authority"}, "has no column la_name, which was looked for; found"),
        ({"new_la_code": "lad_code", "la_name": "lad"}, "has no column new_la_code or la_name"),
        ({"geographic_level": "level"}, "has no column geographic_level, which"),
        ({"breakdown_topic": "topic"}, " and no column breakdown_topic, which was looked for"),
        ({"breakdown": "group"}, " and no column breakdown, which was looked for"),
        (
            {"breakdown_topic": "topic", "breakdown": "group"},
            "has no column breakdown_topic or breakdown, which was looked for",
        ),
        ({"requests_received_in_year": "requests_in"}, "one with a column requests_received"),
    ],
)
def test_a_column_under_another_name_is_said_with_those_there_are(
    renamed: dict[str, str], expected: str, tmp_path: Path
) -> None:
    line = said(edition(tmp_path / "s.zip", 2026, None, **renamed))
    assert expected in line
    for name in renamed.values():
        assert name in line[line.index("found") :]


def test_names_of_councils_in_another_column_are_said(tmp_path: Path) -> None:
    table = [row | {"la_name": "", "region_name": row["la_name"]} for row in rows()]
    line = said(edition(tmp_path / "s.zip", 2026, table))
    assert 'column la_name: found the text "", allowed is the name of a council' in line
