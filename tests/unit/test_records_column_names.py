"""Columns of a record under the names that systems and people give them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.history_files import poisson_days, read, refused

pytestmark = pytest.mark.unit

DAYS = poisson_days(20, 1, seed=7)
MONTHS = [str(np.datetime64("2022-01", "M") + k) for k in range(12)]


def rows(header: str, *more: str) -> str:
    return "\n".join([header, *(",".join([f"{day:%d/%m/%Y}", *more]) for day in DAYS)])


@pytest.mark.parametrize(
    "name",
    ["received", "Date received", "Request date", "Date of request", "Requested on",
     "Received Date", "Date request received", "Referral date", "REQUEST RECEIVED",
     "EHCNA request date"],
)  # fmt: skip
def test_a_column_of_days_of_requests_is_the_date(name: str, tmp_path: Path) -> None:
    plain = read(tmp_path, rows("date,source", "school"))
    named = read(tmp_path, rows(f"{name},source", "school"))
    titled = read(tmp_path, "EHC requests\n\n" + rows(f"{name},source", "school"))
    assert plain.kind == "monthly"
    assert plain.counts.sum() > 100
    for history in (named, titled):
        assert history.counts.tolist() == plain.counts.tolist()
        assert history.index.tolist() == plain.index.tolist()


@pytest.mark.parametrize("name", ["Decision date", "Opened", "Request agreed", "Panel date"])
def test_days_of_what_may_be_something_else_are_asked_about(name: str, tmp_path: Path) -> None:
    assert refused(tmp_path, rows(f"{name},source", "school")).endswith(
        "requests.csv:1: column A: holds days: is it the day on which the request was received? "
        "Then call it date"
    )


@pytest.mark.parametrize(
    "names", ["Date received,Request date", "date,received", "Date received,Date of request"]
)
def test_two_columns_that_could_be_meant_are_asked_about(names: str, tmp_path: Path) -> None:
    assert refused(tmp_path, rows(names, "2022-05-03")).endswith(
        "requests.csv:1: column date: found column A and column B: which is the day on which the "
        "request was received? Call it date and take the other out"
    )


def test_a_name_without_days_is_no_date(tmp_path: Path) -> None:
    said = refused(tmp_path, "received,source\nyes,school\nno,school\n")
    assert "column year: missing" in said


def test_days_of_birth_are_no_days_of_requests(tmp_path: Path) -> None:
    said = refused(tmp_path, rows("Date of birth,source", "school"))
    assert "looks like personal data" in said


@pytest.mark.parametrize("name", ["Requests received", "Number of requests", "Referrals"])
def test_a_column_of_counts_of_requests_is_the_requests(name: str, tmp_path: Path) -> None:
    by_month = [f"{name},Month received", *(f"{50 + k},{m}" for k, m in enumerate(MONTHS))]
    assert read(tmp_path, "\n".join(by_month)).counts.tolist() == list(range(50, 62))
    by_year = f"Calendar year,{name}\n2022,900\n2023,950\n"
    assert read(tmp_path, by_year).counts.tolist() == [900, 950]


@pytest.mark.parametrize("name", ["Requests agreed", "Request number", "Requests refused", "Plans"])
def test_counts_of_something_else_are_not_taken(name: str, tmp_path: Path) -> None:
    said = refused(tmp_path, f"month,{name}\n2022-01,50\n2022-02,55\n")
    assert "column requests: missing" in said


def test_two_columns_of_counts_are_asked_about(tmp_path: Path) -> None:
    said = refused(tmp_path, "month,Requests received,New requests\n2022-01,50,40\n2022-02,55,41\n")
    assert "which is the number of requests? Call it requests and take the other out" in said


def test_a_second_column_of_days_is_not_called_a_date_of_birth(tmp_path: Path) -> None:
    """It may be one, and is refused; the day of a decision is not known to be."""
    faults = refused(tmp_path, rows("Date received,Decision date", "05/03/2023"))
    said = str(faults)
    assert "a date, which may be one of birth" in said
    assert "looks like a date of birth" not in said
