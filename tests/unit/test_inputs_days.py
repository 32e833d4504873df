"""Days, months and numbers as people write them: read where there is one meaning, else asked."""

from __future__ import annotations

from datetime import date

import pytest

from ehc_sim.inputs import Days, Months, number_in, whole_in

pytestmark = pytest.mark.unit

APRIL, JUNE = date(2024, 4, 3), date(2024, 6, 25)


@pytest.mark.parametrize(
    "column",
    [
        ("2024-04-03", "2024-06-25"),
        ("2024/04/03", "2024-6-25"),
        ("2024-04-03 10:15", "2024-06-25T23:59:59.5"),
        ("03/04/2024", "25/06/2024"),
        ("3/4/24", "25/6/24"),
        ("03.04.2024", "25.06.24"),
        ("03-04-2024", "25-06-2024 00:00"),
        ("03-Apr-24", "25-Jun-2024"),
        ("3 April 2024", "25th June 2024"),
        ("April 3, 2024", "Jun 25 2024"),
        ("45385", "45468.5"),
    ],
)
def test_each_way_of_writing_a_day_is_read(column: tuple[str, str]) -> None:
    days = Days.of(["", *column, "no day"])
    assert days.problem is None
    assert [days.read(text) for text in column] == [APRIL, JUNE]
    assert days.read("no day") is None


@pytest.mark.parametrize(
    ("column", "place", "said"),
    [
        (("03/04/2024", "05/06/2024"), 0, "is 03/04/2024 in March or in April?"),
        (("05/05/2024", "3.4.24"), 1, "is 03/04/2024 in March or in April?"),
        (("03/04/2024", "06/25/2024"), 1, "found days with the month first;"),
        (("25/06/2024", "06/25/2024"), 1, "with the month first and others with the day first"),
        (("2024-04-03", "25/06/2024"), 1, "written in two ways"),
        (("45385", "25/06/2024"), 1, "written in two ways"),
        (("25/06/2024", "3 Apr 2024"), 1, "written in two ways"),
    ],
)
def test_what_can_be_two_days_is_asked_about(
    column: tuple[str, str], place: int, said: str
) -> None:
    days = Days.of(column)
    assert days.problem is not None
    assert said in days.problem.text
    assert days.problem.place == place
    assert [days.read(text) for text in column] == [None, None]


def test_one_column_tells_the_order_of_another() -> None:
    assert Days.of(["03/04/2024"], ["25/06/2024"]).read("03/04/2024") == APRIL
    problem = Days.of(["03/04/2024"], ["06/25/2024"]).problem
    assert problem is not None
    assert problem.place == 1


@pytest.mark.parametrize(
    "text",
    ["30/02/2024", "2024-02-30", "24-03-14", "20240314", "14/03", "Mar-24", "0314", "99999", "soon",
     "14/13/2024", "2024-W10", "٢٠٢٤-٠١-٠١", "45385e0", "14-Foo-24", "5", "1/1/1", "12/2024"],
)  # fmt: skip
def test_what_is_no_day_is_none(text: str) -> None:
    assert Days.of([text]).read(text) is None


@pytest.mark.parametrize(
    "text",
    ["2024-03", "2024/3", "202403", "03/2024", "3-2024", "Mar-24", "Mar 24", "Mar-2024",
     "MARCH 2024", "March 24", "Mar '24", "2024 Mar", "2024-03-01", "01/03/2024",
     "31/03/2024", "1 March 2024", "45352", "2024-03-01 00:00:00"],
)  # fmt: skip
def test_each_way_of_writing_a_month_is_read(text: str) -> None:
    assert Months.of([text]).read(text) == date(2024, 3, 1)


def test_september_has_four_letters_at_times() -> None:
    months = Months.of(["Jan-22", "Sept-23", "Sep-24", "2024-10"])
    found = [months.read(text) for text in ("Jan-22", "Sept-23", "Sep-24", "2024-10")]
    assert [str(day)[:7] for day in found] == ["2022-01", "2023-09", "2024-09", "2024-10"]


@pytest.mark.parametrize(
    "text", ["22-Jan", "13/2024", "2024-13", "Mar", "2024", "M3 2024", "Ma-24"]
)
def test_what_is_no_month_is_none(text: str) -> None:
    assert Months.of([text]).read(text) is None


@pytest.mark.parametrize(
    "column",
    [("2024-03-04", "2024-03-11"), ("1/1/2024", "1/31/2024"), ("01/01/2024", "02/01/2024")],
)
def test_days_in_a_column_of_months_are_asked_about(column: tuple[str, str]) -> None:
    problem = Months.of(column).problem
    assert problem is not None
    assert "found days within months" in problem.text


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("1234", 1234), ("1,234", 1234), ("1 234", 1234), ("1,234,567", 1_234_567),
     ("12.0", 12), ("12.00", 12), ("12.000", None), ("1,23", None), ("1.234", None),
     ("1,2345", None), ("-1", None), ("+1", None), ("1e3", None), ("1_000", None), ("٣", None),
     ("1.5", None),
     ("1234567890", None), ("", None), ("£5", None), ("1, 234", None)],
)  # fmt: skip
def test_whole_numbers(text: str, number: int | None) -> None:
    assert whole_in(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0.5", 0.5), ("-1.25", -1.25), ("1,234.5", 1234.5), ("inf", None), ("nan", None),
     ("1e5", None), ("1_0", None), (".5", None), ("infinity", None), ("0x1", None), ("5%", None)],
)  # fmt: skip
def test_numbers(text: str, number: float | None) -> None:
    assert number_in(text) == number
