"""The caseload: what is read, and what is said about a file that cannot be."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from pathlib import Path

import pytest

from ehc_sim.journey.open_cases import rows as caseload_rows
from ehc_sim.journey.open_cases.case import OpenAdvice, columns
from ehc_sim.journey.open_cases.caseload import read_caseload
from ehc_sim.journey.open_cases.steps import open_steps
from ehc_sim.journey.open_cases.template import template
from ehc_sim.scenario import BadInput, load
from ehc_sim.scenario.faults import nearest
from ehc_sim.scenario.personal import personal_content
from ehc_sim.scenario.references import problem_of_reference, problems_of_references
from tests.scenario_files import SMALL
from tests.unit.broken_caseloads import (
    AT_ADVICE,
    BROKEN,
    DRAFTING,
    HEAD,
    REGISTRATION,
    Broken,
    file_of,
)

pytestmark = pytest.mark.unit

SETTINGS = load(SMALL / "baseline.toml").base
WHOLE_SERVICE = load(SMALL / "whole_service.toml").base


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "cases.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def test_there_are_twenty_broken_caseloads_each_with_lines_of_its_own() -> None:
    assert len(BROKEN) >= 20
    assert len({tuple(broken.expected) for broken in BROKEN}) >= 40


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_every_fault_of_a_file_is_said_at_once(broken: Broken, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as raised:
        read_caseload(written(tmp_path, broken.content), SETTINGS)
    said = str(raised.value).replace(f"{tmp_path}/", "").splitlines()
    assert said == broken.expected


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_caseload(tmp_path / "none.csv", SETTINGS)


def test_cases_are_read_in_the_order_of_receipt(tmp_path: Path) -> None:
    path = written(tmp_path, file_of(REGISTRATION, DRAFTING, AT_ADVICE))
    late, early, middle = (read_caseload(path, SETTINGS).cases[i] for i in (2, 0, 1))
    assert [one.reference for one in (early, middle, late)] == [
        *("2022-00055", "2022-00088", "2022-00123")
    ]
    assert early.minutes_done == 150
    assert early.since == date(2022, 12, 19)
    assert middle.advice == {
        "educational psychologist": OpenAdvice(date(2022, 11, 9)),
        "health": OpenAdvice(date(2022, 11, 9), date(2022, 12, 12)),
    }
    assert late.advice == {}
    assert (late.ordered, late.decided, late.minutes_done) == (None, None, 0)


def test_what_a_spreadsheet_does_to_a_file_does_not_matter(tmp_path: Path) -> None:
    """A byte-order mark, Windows line ends, British days, capitals, other order of columns."""
    head = ",".join(reversed(HEAD.split(","))).replace("received", "Received")
    row = REGISTRATION | {"Received": "20/12/2022", "since": "20/12/2022", "step": "Registration"}
    content = b"\xef\xbb\xbf" + file_of(row, head=head).replace("\n", "\r\n").encode()
    assert read_caseload(written(tmp_path, content), SETTINGS) == read_caseload(
        written(tmp_path, file_of(REGISTRATION)), SETTINGS
    )


def test_hours_of_advice_may_be_left_out(tmp_path: Path) -> None:
    head = HEAD.replace("educational psychologist hours,", "")
    read = read_caseload(written(tmp_path, file_of(AT_ADVICE, head=head)), SETTINGS)
    assert read.cases[0].advice["educational psychologist"].minutes_done == 0


def test_advice_may_be_outstanding_after_the_step_of_advice(tmp_path: Path) -> None:
    """An assessment may go on without a piece of advice."""
    row = DRAFTING | {"family asked": "2022-11-09"}
    read = read_caseload(written(tmp_path, file_of(row)), SETTINGS)
    assert read.cases[0].advice["family"] == OpenAdvice(date(2022, 11, 9))


def test_attributes_are_those_of_the_file(tmp_path: Path) -> None:
    read = read_caseload(written(tmp_path, file_of(REGISTRATION, DRAFTING)), SETTINGS)
    table = read.attributes(SETTINGS)
    assert table.to_dict("list") == {
        "number": [0, 1],
        "minute": [-90 * 1440 + 540, -12 * 1440 + 540],
        "source": ["school", "school"],
        "age": [7, 7],
        "need": ["autism", "autism"],
        "area": ["North", "North"],
    }


@pytest.mark.parametrize(
    "references",
    [
        ["2024-00123"],
        ["SIM-0001", "SIM-0002", "EHC/2024/170", "ehc/2024/0123", "EHCNA-2024-00012", "12345678"],
        ["12-34-5678", "2024-0123", "2024/0456A", "7"],
        ["AB12345"],
        [str(i) for i in range(100_100, 101_300)],  # many are days of six digits by chance
        ["MEN-001", "MEN-002", "SED_001", "SED_002"],
    ],
)
def test_plain_references_pass(references: list[str]) -> None:
    assert problems_of_references(references) == {}


def test_what_the_page_on_privacy_says_of_references_holds() -> None:
    page = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
    rule = page.partition("### What a reference may look like")[2].partition("##")[0]
    pass_, refused = rule.partition("pass. (")[::2]
    good = [one for one in re.findall("`([^`]+)`", pass_) if any(c.isdigit() for c in one)]
    bad = [one for one in re.findall("`([^`]+)`", refused) if not one.startswith("EHC")]
    assert len(good) >= 6
    assert [problem_of_reference(one) for one in good] == [None] * len(good)
    assert len(bad) >= 9
    assert [one for one in bad if problem_of_reference(one) is None] == []


def test_days_of_birth_of_six_digits_are_found_where_all_are(tmp_path: Path) -> None:
    assert set(problems_of_references(["120315", "010203", "311209"])) == {0, 1, 2}


@pytest.mark.parametrize(
    "again",
    ["sim-0001", "SIM_0001", "Sim0001", "SIM-\u200b0001", " SIM-0001\xa0", "\ufeffSIM-0001"],
)
def test_a_reference_is_the_same_in_other_capitals_and_signs(again: str, tmp_path: Path) -> None:
    rows = [REGISTRATION | {"reference": one} for one in ("SIM-0001", again)]
    with pytest.raises(BadInput) as raised:
        read_caseload(written(tmp_path, file_of(*rows)), SETTINGS)
    assert [str(fault.problem) for fault in raised.value.faults] == [
        "given twice, first on line 2; keep one"
    ]


def test_no_fault_repeats_what_stands_in_the_file(tmp_path: Path) -> None:
    """Something personal in every column of a row, one after the other."""
    for personal in ("Oliver Smith", "2011-02-17", "A123456789012", "9434765919", "TA1 4DY"):
        for column in HEAD.split(","):
            row = DRAFTING | {column: personal}
            with pytest.raises(BadInput) as raised:
                read_caseload(written(tmp_path, file_of(REGISTRATION, row)), SETTINGS)
            assert personal.lower() not in str(raised.value).lower(), column


def test_ten_digits_are_nhs_numbers_where_most_have_the_check_digit() -> None:
    real = ["9434765919", "9876543210"]
    assert personal_content([*real, "2024000123"]) == {"an NHS number": [0, 1]}


def test_a_text_that_stands_in_many_rows_is_found_in_each_of_them() -> None:
    values = ["a@b.org", "plain", "c@d.org", "", "a@b.org", "943 476 5919", "c@d.org"]
    found = personal_content(values)
    assert found == {"an e-mail address": [0, 2, 4, 6], "an NHS number": [5]}


def test_the_words_of_a_scenario_are_no_names(tmp_path: Path) -> None:
    """Somerset has an area called South Somerset."""
    row = REGISTRATION | {"area": "South Somerset"}
    areas = {"South Somerset": SETTINGS.requests.areas["North"]}
    requests = SETTINGS.requests.model_copy(update={"areas": areas})
    settings = SETTINGS.model_copy(update={"requests": requests})
    assert (
        read_caseload(written(tmp_path, file_of(row)), settings).cases[0].area == areas.popitem()[0]
    )


@pytest.mark.parametrize("settings", [SETTINGS, WHOLE_SERVICE], ids=["small", "whole"])
def test_every_step_says_how_long_it_takes(settings) -> None:
    steps = open_steps(settings)
    assert {"registration", "advice", "drafting", "signing"} <= set(steps)
    for name, step in steps.items():
        if step.is_work:
            assert step.effort is not None
            assert float(step.effort.mean_hours) > 0
        elif name not in ("advice", "panel to assess", "panel to issue"):
            assert step.wait is not None


def test_steps_are_those_that_the_scenario_has() -> None:
    without, with_ = set(open_steps(SETTINGS)), set(open_steps(WHOLE_SERVICE))
    more = {"wait for mediation", "mediation", "answer to appeal", "appeal decision", "support"}
    more |= {"wait for a slot", "Outcome and Provision meeting", "adviser at the meeting"}
    assert without < with_
    assert more <= with_ - without
    assert not {name for name in with_ if "review" in name or "transfer" in name}
    assert "personal circumstances" not in without


@pytest.mark.parametrize("settings", [SETTINGS, WHOLE_SERVICE], ids=["small", "whole"])
def test_the_template_passes_once_its_examples_have_references(settings, tmp_path: Path) -> None:
    text = template(settings)
    assert tuple(text.splitlines()[0].split(",")) == columns(settings)
    with pytest.raises(BadInput) as raised:
        read_caseload(written(tmp_path, text), settings)
    assert {fault.problem for fault in raised.value.faults} == {
        "found a row of the template; remove it"
    }
    read = read_caseload(written(tmp_path, text.replace("EXAMPLE-", "2024-")), settings)
    assert len(read.cases) == len(raised.value.faults)


def test_one_mistake_in_every_row_is_looked_up_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two mistyped steps in 200 rows: each row has its own fault, each word one search."""
    looked_up = []

    def counted(name: str, known: Collection[str]) -> str | None:
        looked_up.append(name)
        return nearest(name, known)

    monkeypatch.setattr(caseload_rows, "nearest", counted)
    step = REGISTRATION["step"]
    rows = [
        {**REGISTRATION, "reference": f"2022-{n:05d}", "step": f"{step}z" if n % 2 else "zzzz"}
        for n in range(200)
    ]
    with pytest.raises(BadInput) as raised:
        read_caseload(written(tmp_path, file_of(*rows)), SETTINGS)
    faults = [fault for fault in raised.value.faults if fault.where == "column step"]
    assert len(faults) == 200
    assert all(f'did you mean "{step}"?' in fault.problem for fault in faults[1::2])
    assert all(fault.problem.startswith("found something else, allowed") for fault in faults[::2])
    assert sorted(looked_up) == sorted([f"{step}z", "zzzz"])
