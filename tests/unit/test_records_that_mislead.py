"""Records whose numbers would be wrong without a word: what is refused, asked, or left out."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.demand.arrivals import recorded_months
from ehc_sim.rng.streams import Streams
from tests.history_files import asked, poisson_days, read, refused, request_rows

pytestmark = pytest.mark.unit

MONTHS = [str(np.datetime64("2022-01", "M") + k) for k in range(36)]


def split(values: dict[str, Callable[[int], object]], column: str = "source") -> str:
    """Return rows of each value in each month; None leaves a row out."""
    rows = [f"month,{column},requests"]
    for k, month in enumerate(MONTHS):
        rows += [
            f"{month},{value},{figure(k)}"
            for value, figure in values.items()
            if figure(k) is not None
        ]
    return "\n".join(rows)


@pytest.mark.parametrize(
    "label",
    ["Total", "TOTAL", "total:", "Grand Total", "Sub-total", "All", "all sources", "Total requests",
     "School total", "Overall"],
)  # fmt: skip
def test_a_total_by_its_name_is_refused_with_its_line(label: str, tmp_path: Path) -> None:
    text = split({"school": lambda k: 20 + k, "parent": lambda k: 10, label: lambda k: 30 + k})
    said = refused(tmp_path, text)
    assert "requests.csv:4: row: found a total of other rows" in said
    assert len(said.splitlines()) == 6  # the first five and how many more


@pytest.mark.parametrize("label", ["Somerset", "", "0-25", "Both"])
def test_a_total_by_its_figures_is_refused(label: str, tmp_path: Path) -> None:
    text = split(
        {"school": lambda k: 20 + k, label: lambda k: 30 + 2 * k, "parent": lambda k: 10 + k}
    )
    said = refused(tmp_path, text)
    assert "is the sum of the others in every month: is it a total?" in said
    assert said.startswith(f"{tmp_path / 'requests.csv'}: column source:")


def test_one_record_broken_down_twice_is_refused(tmp_path: Path) -> None:
    rows = ["month,source,need,requests"]
    for k, month in enumerate(MONTHS):
        rows += [f"{month},school,,{20 + k}", f"{month},parent,,10"]
        rows += [f"{month},,ASD,{15 + k}", f"{month},,SLCN,15"]
    assert "the same requests twice?" in refused(tmp_path, "\n".join(rows))


@pytest.mark.parametrize("label", ["All-through school", "Total communication", "Other"])
def test_what_is_no_total_is_added_up(label: str, tmp_path: Path) -> None:
    text = split(
        {"school": lambda k: 20 + k % 5, "parent": lambda k: 10, label: lambda k: 7 + k % 3}
    )
    assert read(tmp_path, text).counts[0] == 37


@pytest.mark.parametrize(
    "text",
    [
        "year,requests\n2023,800\n2024,900\nTotal,1700\n",
        "month,requests\n2024-01,80\n2024-02,90\nGrand total,170\n",
        "date,source\n2024-01-15,school\nTotal,1\n",
    ],
)
def test_a_total_at_the_end_is_refused(text: str, tmp_path: Path) -> None:
    assert refused(tmp_path, text).endswith(
        "requests.csv:4: row: found a total of other rows, so take it out of the file"
        if "date" not in text
        else "requests.csv:3: row: found a total of other rows, so take it out of the file"
    )


@pytest.mark.parametrize("mark", ["c", "x", "<5", "*", "..", "[c]", "under 5", "1-4", "~", "n/a"])
def test_figures_not_shown_make_their_months_unknown(mark: str, tmp_path: Path) -> None:
    text = split({"school": lambda k: 20, "parent": lambda k: mark if k in (4, 9) else 7})
    history = read(tmp_path, text)
    assert np.flatnonzero(~history.known).tolist() == [4, 9]
    said = asked(history, "suppressed")
    assert "2022-05, 2022-10 (2 months)" in said
    assert "2 figures are not shown, in 2 months with 40 requests besides." in said
    plain = "\n".join(
        ["month,requests", *(f"{m},{mark if k == 4 else 30}" for k, m in enumerate(MONTHS))]
    )
    assert np.flatnonzero(~read(tmp_path, plain).known).tolist() == [4]


def test_many_figures_not_shown_are_refused_with_what_to_do(tmp_path: Path) -> None:
    text = split({"school": lambda k: 20, "parent": lambda k: "<5" if k % 2 else 7})
    said = refused(tmp_path, text)
    assert "18 months of 36 have figures that are not shown" in said
    assert "Give the requests by month without groups" in said


def small_left_out(k: int) -> int | None:
    return None if k in (3, 11, 20) else 5 + k % 3


def test_small_rows_left_out_are_asked_about_with_their_size(tmp_path: Path) -> None:
    text = split({"ASD": lambda k: 25 + k, "HI": small_left_out}, "need")
    history = read(tmp_path, text)
    assert np.flatnonzero(~history.known).tolist() == [3, 11, 20]
    said = asked(history, "missing rows")
    assert "3 rows that other months have are not there" in said
    assert "some 18 requests" in said
    assert "the smallest figure above 0 is 5" in said
    none = read(tmp_path, text, missing_rows="no requests")
    assert none.known.all()
    assert none.counts[3] == 28


def test_rows_left_out_where_small_figures_are_shown_are_none_and_asked_about(
    tmp_path: Path,
) -> None:
    text = split({"ASD": lambda k: 25, "HI": lambda k: None if k in (3, 11) else 1 + k % 3}, "need")
    history = read(tmp_path, text)
    assert history.known.all()
    assert history.counts[3] == 25
    assert "were there no requests?" in asked(history, "missing rows")


@pytest.mark.parametrize("absent", [(17,), (35,), (0,), (34, 35)])
def test_a_large_group_that_is_not_there_makes_the_month_unknown(
    absent: tuple[int, ...], tmp_path: Path
) -> None:
    text = split(
        {"school": lambda k: None if k in absent else 40, "parent": lambda k: 30, "GP": lambda k: 1}
    )
    assert np.flatnonzero(~read(tmp_path, text).known).tolist() == list(absent)


def test_a_group_that_begins_or_ends_is_no_missing_row(tmp_path: Path) -> None:
    text = split(
        {"speech": lambda k: 20 if k < 15 else None, "SLCN": lambda k: 20 if k >= 15 else None,
         "ASD": lambda k: 30},
        "need",
    )  # fmt: skip
    history = read(tmp_path, text)
    assert history.known.all()
    assert history.findings == ()


def test_a_year_of_nothing_is_asked_about_and_not_learnt_from(tmp_path: Path) -> None:
    text = "year,requests\n2021,990\n2022,1061\n2023,0\n2024,1207\n"
    history = read(tmp_path, text)
    assert history.learnt.tolist() == [True, True, False, True]
    assert "2023 had no request at all: is that so?" in asked(history, "zeros")
    assert read(tmp_path, text, zeros="keep").learnt.all()


def test_a_run_in_has_requests_in_a_year_that_is_not_known(tmp_path: Path) -> None:
    history = read(tmp_path, "year,requests\n2021,990\n2022,1061\n2023,0\n2024,1207\n")
    terms = SchoolTerms.read("somerset")
    timeline = Timeline.england(datetime.date(2022, 1, 1), datetime.date(2024, 12, 31), terms)
    drawn = np.array([recorded_months(history, timeline, Streams(1, r)) for r in range(50)])
    assert (drawn[:, :12].sum(axis=1) == 1061).all()
    assert (drawn[:, 24:].sum(axis=1) == 1207).all()
    middle = drawn[:, 12:24].sum(axis=1).mean()
    assert abs(middle - (1061 + 1207) / 2) < 4 * np.sqrt(1134 / 50)


def test_a_year_with_a_digit_lost_is_asked_about(tmp_path: Path) -> None:
    history = read(tmp_path, "year,requests\n2022,1061\n2023,1130\n2024,120\n")
    assert "120 requests in 2024 after 1,130 in 2023" in asked(history, "outlier")


@pytest.mark.parametrize("a_month", [0.7, 1.5, 4.0])
def test_months_without_a_row_are_zeros_in_a_small_council(a_month: float, tmp_path: Path) -> None:
    days = poisson_days(a_month, 5, seed=3)
    history = read(tmp_path, request_rows(days))
    assert history.known.all()
    assert history.counts.sum() == len(days)
    assert history.learnt.all()
    assert history.counts.mean() == pytest.approx(len(days) / len(history.counts))


def test_months_without_a_row_in_a_large_council_are_not_known(tmp_path: Path) -> None:
    days = [day for day in poisson_days(60, 3, seed=4) if (day.year, day.month) != (2022, 5)]
    history = read(tmp_path, request_rows(days))
    assert [str(m) for m in history.index[~history.known]] == ["2022-05"]
    assert "There is no row for 2022-05" in asked(history, "gap")


def test_half_a_year_without_a_row_is_not_known_in_a_middling_one(tmp_path: Path) -> None:
    days = [
        d
        for d in poisson_days(4, 4, seed=5)
        if not datetime.date(2022, 1, 1) <= d < datetime.date(2022, 7, 1)
    ]
    history = read(tmp_path, request_rows(days))
    assert (~history.known).sum() == 6


def test_a_request_after_today_is_refused_with_its_line(tmp_path: Path) -> None:
    days = [*poisson_days(20, 3, seed=6), datetime.date(2027, 3, 2)]
    said = refused(tmp_path, request_rows(days))
    assert said.endswith(
        f":{len(days) + 1}: column date: found a day after today, 2026-06-15: is the year right?"
    )
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("odd", [datetime.date(2026, 3, 2), datetime.date(2015, 5, 5)])
def test_a_request_far_from_the_others_is_refused_with_its_line(
    odd: datetime.date, tmp_path: Path
) -> None:
    days = [*poisson_days(20, 3, seed=6), odd]
    said = refused(tmp_path, request_rows(days))
    assert f":{len(days) + 1}: column date: found a day " in said
    assert "from the others" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("month,requests\n2026-04,80\n2026-05,80\n2026-06,31\n", "2026-06 has not ended: today is"),
        ("month,requests\n2026-04,80\n2026-05,80\n2027-01,81\n", "2027-01 is after today"),
        (
            "year,requests\n2024,800\n2025,840\n2026,300\n",
            "2026 has not ended: today is 2026-06-15",
        ),
    ],
)
def test_what_has_not_ended_is_refused(text: str, said: str, tmp_path: Path) -> None:
    assert f"requests.csv:4: column {text.split(',')[0]}: {said}" in refused(tmp_path, text)


def test_rows_that_begin_within_a_month_leave_it_out(tmp_path: Path) -> None:
    days = [d for d in poisson_days(40, 2, seed=7) if d >= datetime.date(2020, 9, 17)]
    history = read(tmp_path, request_rows(days))
    assert str(history.first_month) == "2020-10"
    assert "the first request is of 2020-09-" in " ".join(history.notes)
    assert str(read(tmp_path, request_rows(days), first_month="keep").first_month) == "2020-09"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("year,requests\n2020/21,800\n2021/22,840\n", 'is "2020/21" from April or from September?'),
        ("year,requests\n2020-2021,800\n", 'is "2020-2021" from April or from September?'),
        ("Financial year,requests\n2020/21,800\n", "no calendar year"),
        ("week commencing,requests\n2024-01-08,8\n", "a week may lie in two months"),
        ("week,requests\n2024-W02,8\n", "a week may lie in two months"),
        ("quarter,requests\n2024-Q1,8\n", "a quarter is not split"),
        ("date,requests\n2024-01-08,8\n", "found counts by day or week"),
    ],
)
def test_times_with_two_meanings_are_asked_about_in_one_line(
    text: str, said: str, tmp_path: Path
) -> None:
    found = refused(tmp_path, text)
    assert said in found
    assert len(found.splitlines()) == (2 if "2021/22" in text else 1)


@pytest.mark.parametrize(
    "text",
    [
        "month,requests\nJan-22,80\nFeb-22,75\nMar-22,82\nSept-22,1082\n",
        "month;requests\n01/2022;80\n02/2022;75\n03/2022;82\n09/2022;1,082\n",
        "Requests received\n\nMonth\tRequests\n01/01/2022\t80\n01/02/2022\t75\n01/03/2022\t82\n"
        "01/09/2022\t1,082\n",
    ],
)
def test_what_excel_writes_is_read(text: str, tmp_path: Path) -> None:
    rows = "\n".join(text.splitlines())
    for month, number in (("04", 77), ("05", 71), ("06", 85), ("07", 80), ("08", 40)):
        names = {"04": "Apr", "05": "May", "06": "Jun", "07": "Jul", "08": "Aug"}
        form = {"J": f"{names[month]}-22,{number}", "0": f"{month}/2022;{number}"}
        rows += "\n" + (
            f"01/{month}/2022\t{number}" if "\t" in text else form["J" if "Jan" in text else "0"]
        )
    history = read(tmp_path, rows)
    assert history.counts.tolist() == [80, 75, 82, 77, 71, 85, 80, 40, 1082]
