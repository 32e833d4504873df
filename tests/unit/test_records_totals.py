"""Totals among their parts under any name, in any number of columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.history_files import asked, read, refused

pytestmark = pytest.mark.unit

MONTHS = [str(np.datetime64("2022-01", "M") + k) for k in range(12)]
SOURCES, NEEDS = ("school", "parent"), ("ASD", "SLCN", "SEMH")
COUNTS = np.random.default_rng(4).poisson(
    np.outer([6, 4], [1.0, 0.7, 0.4])[np.newaxis], size=(12, 2, 3)
)
HEADER = "month,source,need,requests"


def parts() -> list[str]:
    return [
        f"{month},{source},{need},{COUNTS[m, s, n]}"
        for m, month in enumerate(MONTHS)
        for s, source in enumerate(SOURCES)
        for n, need in enumerate(NEEDS)
    ]


def totals(source: str, need: str, more: int = 0) -> list[str]:
    sums = COUNTS.sum(axis=(1, 2)) + more
    return [f"{month},{source},{need},{n}" for month, n in zip(MONTHS, sums, strict=True)]


@pytest.mark.parametrize(
    ("source", "need"),
    [("Somerset", "Somerset"), ("County", "Everyone"), ("", ""), ("-", "-"), ("Both", "0-25")],
)
def test_a_total_under_an_odd_name_in_both_columns_is_refused(
    source: str, need: str, tmp_path: Path
) -> None:
    said = refused(tmp_path, "\n".join([HEADER, *parts(), *totals(source, need)]))
    assert said.count("\n") == 0
    assert "is the sum of the others in every month: is it a total?" in said
    assert (f'"{source}" in column source' if source else "a blank in column source") in said


def test_a_total_in_three_columns_is_refused(tmp_path: Path) -> None:
    rows = [row.replace(",school,", ",0-5,school,").replace(",parent,", ",6-10,parent,")
            for row in parts()]  # fmt: skip
    rows += totals("Somerset,Somerset", "Somerset")
    said = refused(tmp_path, "\n".join(["month,age_group,source,need,requests", *rows]))
    assert "is the sum of the others in every month" in said


@pytest.mark.parametrize("label", ["All", "England", "Total"])
def test_a_total_by_its_name_in_both_columns_is_refused(label: str, tmp_path: Path) -> None:
    said = refused(tmp_path, "\n".join([HEADER, *parts(), *totals(label, label, 400)]))
    assert "found a total of other rows" in said


@pytest.mark.parametrize("label", ["Somerset", "-", "any", ""])
def test_two_breakdowns_with_any_label_are_refused(label: str, tmp_path: Path) -> None:
    rows = [HEADER]
    for m, month in enumerate(MONTHS):
        rows += [f"{month},{s},{label},{COUNTS[m, k].sum()}" for k, s in enumerate(SOURCES)]
        rows += [f"{month},{label},{n},{COUNTS[m, :, k].sum()}" for k, n in enumerate(NEEDS)]
    assert "the same requests twice? Keep one of the two" in refused(tmp_path, "\n".join(rows))


def test_a_total_beside_figures_that_are_not_shown_is_refused(tmp_path: Path) -> None:
    rows = [*parts(), *totals("Somerset", "Somerset")]
    rows[3] = rows[3].rpartition(",")[0] + ",<5"
    assert "is the sum of the others" in refused(tmp_path, "\n".join([HEADER, *rows]))


@pytest.mark.parametrize("lacking", [0.02, 0.09])
def test_what_is_nearly_a_total_is_asked_about_with_both_sums(
    lacking: float, tmp_path: Path
) -> None:
    rows = ["month,source,requests"]
    for m, month in enumerate(MONTHS):
        school, parent, _ = (10 * COUNTS[m, 0]).tolist()
        rows += [f"{month},school,{school}", f"{month},parent,{parent}"]
        rows += [f"{month},Somerset,{round((school + parent) * (1 + lacking))}"]
    said = asked(read(tmp_path, "\n".join(rows)), "total")
    assert '"Somerset" is nearly the sum of the others in every month' in said


def test_groups_of_like_size_are_no_totals(tmp_path: Path) -> None:
    """Of 40 records of two groups with one season, no more than one is asked about."""
    rng, found = np.random.default_rng(9), 0
    for _ in range(40):
        season = rng.lognormal(0, 0.2, 24)
        first = np.datetime64("2022-01", "M")
        rows = ["month,source,requests"]
        for k, factor in enumerate(season):
            rows += [f"{first + k},school,{rng.poisson(62 * factor)}"]
            rows += [f"{first + k},parent,{rng.poisson(60 * factor)}"]
        history = read(tmp_path, "\n".join(rows))
        found += any(one.about == "total" for one in history.findings)
    assert found <= 1


@pytest.mark.parametrize(
    "label",
    [
        "of which parents",
        "Of which: parents",
        "- including parents",
        "thereof parents",
        "(of whom by parents)",
        "o/w parents",
    ],
)
def test_a_part_of_another_row_is_not_added_to_it(label: str, tmp_path: Path) -> None:
    rows = [
        f"{month},{source},{n}" for month in MONTHS for source, n in (("all ways", 40), (label, 26))
    ]
    found = refused(tmp_path, "\n".join(["month,source,requests", *rows]))
    assert "found a part of another row, which counts it too; take one of them out" in found


@pytest.mark.parametrize(("first", "name"), [(1, "January"), (4, "April"), (9, "September")])
def test_counts_of_the_year_to_date_are_not_taken_for_months(
    first: int, name: str, tmp_path: Path
) -> None:
    """About 80 a month, added up from the first month of a calendar, financial or school year."""
    months = [np.datetime64("2022-01", "M") + k for k in range(30)]
    counts = np.random.default_rng(3).poisson(80, len(months))
    rows, so_far = [], 0
    for month, count in zip(months, counts, strict=True):
        so_far = count if int(str(month)[5:]) == first else so_far + count
        rows.append(f"{month},{so_far}")
    found = refused(tmp_path, "\n".join(["month,requests", *rows]))
    assert (
        f"rise through every year and fall back in {name}: are they of the year to date?" in found
    )


def test_growth_that_is_steady_is_no_count_of_the_year_to_date(tmp_path: Path) -> None:
    rows = [f"{np.datetime64('2022-01', 'M') + k},{60 + 2 * k}" for k in range(30)]
    assert len(read(tmp_path, "\n".join(["month,requests", *rows])).index) == 30
