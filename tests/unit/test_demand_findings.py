"""What is said, asked and proposed about a record, and what a scenario decides of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.calendars import SchoolTerms, Timeline, working_days
from ehc_sim.demand.arrivals import recorded_months
from ehc_sim.demand.exposure import DayWeights, MonthWeights
from ehc_sim.demand.findings import Finding
from ehc_sim.demand.forecast import forecast
from ehc_sim.demand.history import History
from ehc_sim.demand.proposals import propose
from ehc_sim.demand.reading import read_history
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario.faults import BadInput
from ehc_sim.scenario.record import Record

pytestmark = pytest.mark.unit

TERMS = SchoolTerms.read("somerset")
INDEX = np.datetime64("2021-01", "M") + np.arange(60)
WEIGHTS = MonthWeights.england(INDEX[0], INDEX[-1] + 36, TERMS, DayWeights())


def about(findings: tuple[Finding, ...], what: str) -> list[Finding]:
    return [finding for finding in findings if finding.about == what]


def counts_of(seed: int, step: float = 1.0, at: int = 36) -> np.ndarray:
    rng = np.random.default_rng(seed)
    mean = 100 * WEIGHTS.at(INDEX) / WEIGHTS.at(INDEX).mean() * 1.08 ** (np.arange(60) / 12)
    mean = mean * np.where(np.arange(60) >= at, step, 1.0)
    return rng.poisson(mean * rng.gamma(200, 1 / 200, 60))


def written(folder: Path, months: np.ndarray, counts: np.ndarray) -> Path:
    path = folder / "requests.csv"
    rows = [f"{month},{count}" for month, count in zip(months, counts, strict=True)]
    path.write_text("\n".join(["month,requests", *rows]))
    return path


def request_rows(folder: Path, first: date, last: date, a_day: int = 4) -> Path:
    """Write requests on every working day, from different groups in turn."""
    days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    lines = ["reference,date,source,need"]
    for day in days[working_days(days)]:
        for k in range(a_day):
            source, need = ("school", "parent")[k % 2], ("SLCN", "ASD")[k // 2 % 2]
            lines.append(f"R{len(lines)},{day},{source},{need}")
    path = folder / "requests.csv"
    path.write_text("\n".join(lines))
    return path


def test_a_gap_is_asked_about_and_nothing_is_learnt_from_it(tmp_path: Path) -> None:
    counts = counts_of(1)
    there = ~np.isin(np.arange(60), [20, 21])
    history = read_history(written(tmp_path, INDEX[there], counts[there]))
    assert len(history.index) == 60
    assert np.flatnonzero(~history.known).tolist() == [20, 21]
    (asked,) = about(history.findings, "gap")
    assert (asked.kind, asked.months) == ("question", ("2022-09", "2022-10"))
    assert asked.text in history.notes
    other = History("monthly", INDEX, np.where(there, counts, 9999), known=there)
    ours, theirs = (forecast(h, 12, terms=TERMS, paths=40) for h in (history, other))
    assert np.array_equal(ours.base.counts, theirs.base.counts)
    shown = ours.quantiles().query("kind == 'history'")["median"]
    assert np.flatnonzero(shown.isna()).tolist() == [20, 21]


def test_the_run_in_draws_the_months_that_are_not_known(tmp_path: Path) -> None:
    counts = counts_of(2)
    there = ~np.isin(np.arange(60), [20, 21])
    history = read_history(written(tmp_path, INDEX[there], counts[there]))
    timeline = Timeline.england(date(2022, 1, 1), date(2027, 3, 31), TERMS)
    drawn = np.array([recorded_months(history, timeline, Streams(1, r)) for r in range(200)])
    assert (drawn[:, :8] == counts[12:20]).all()
    assert (drawn[:, 10:] == counts[22:]).all()
    around = (
        np.r_[counts[14:20], counts[22:28]].sum() / WEIGHTS.at(INDEX[np.r_[14:20, 22:28]]).sum()
    )
    expected = around * WEIGHTS.at(INDEX[20:22])
    assert drawn[:, 8:10].mean(axis=0) == pytest.approx(expected, rel=0.1)
    assert drawn[:, 8].std() > 3


def test_covid_months_are_left_out_and_listed_unless_kept(tmp_path: Path) -> None:
    path = written(tmp_path, INDEX - 24, counts_of(3))
    history = read_history(path)
    (said,) = about(history.findings, "covid")
    assert said.months == tuple(f"2020-{month:02d}" for month in range(3, 9))
    assert "2020-03, 2020-04, 2020-05, 2020-06, 2020-07, 2020-08" in " ".join(history.notes)
    assert (~history.learnt).sum() == 6
    assert read_history(path, Record(covid="keep")).learnt.all()


def test_months_are_left_out_only_when_the_scenario_says_so(tmp_path: Path) -> None:
    counts = counts_of(4)
    counts[30] *= 3
    path = written(tmp_path, INDEX, counts)
    assert read_history(path).learnt.all()
    history = read_history(path, Record(leave_out=("2023-07",)))
    assert np.flatnonzero(~history.learnt).tolist() == [30]
    assert about(history.findings, "left out")[0].months == ("2023-07",)
    with pytest.raises(
        BadInput, match=r'leave_out: found "2031-01", allowed is a month from 2021-01'
    ):
        read_history(path, Record(leave_out=("2031-01",)))


def test_an_outlier_is_proposed_with_its_evidence_and_not_applied() -> None:
    counts = counts_of(5)
    counts[30] *= 3
    history = History("monthly", INDEX, counts)
    (proposal,) = about(propose(history, WEIGHTS), "outlier")
    assert (proposal.kind, proposal.months) == ("proposal", ("2023-07",))
    assert f"{counts[30]} requests where" in proposal.evidence
    assert proposal.setting == '[demand.record]\nleave_out = ["2023-07"]'
    assert history.learnt.all()


def test_a_last_month_that_looks_cut_off_is_asked_about() -> None:
    counts = counts_of(6)
    counts[-1] = counts[-1] // 3
    (question,) = about(propose(History("monthly", INDEX, counts), WEIGHTS), "part month")
    assert (question.kind, question.months) == ("question", ("2025-12",))


@pytest.mark.parametrize("size", [1.4, 0.65])
def test_a_step_is_found_to_within_two_months_and_only_proposed(size: float) -> None:
    """Of 12 records with a step of 40%, up or down, at least 9 have it proposed where it is."""
    near = []
    for seed in range(12):
        proposed = propose(History("monthly", INDEX, counts_of(70 + seed, size)), WEIGHTS)
        for first in about(proposed, "step")[:1]:
            months = (np.datetime64(first.months[0], "M") - INDEX[36]).astype(int)
            near += [first] * bool(abs(months) <= 2)
    assert len(near) >= 9
    first = near[0]
    assert first.kind == "proposal"
    assert ("higher" if size > 1 else "lower") in first.text
    assert first.setting == f'[demand.record]\nnew_level_from = ["{first.months[0]}"]'


def test_records_without_a_step_have_few_proposed() -> None:
    """Of 40 records of steady growth, at most 2 have a step proposed."""
    proposed = [
        bool(about(propose(History("monthly", INDEX, counts_of(100 + seed)), WEIGHTS), "step"))
        for seed in range(40)
    ]
    assert sum(proposed) <= 2


def test_a_confirmed_step_moves_the_forecast_to_the_level_after_it(tmp_path: Path) -> None:
    path = written(tmp_path, INDEX, counts_of(8, 1.5, at=50))
    plain, told = (
        forecast(read_history(path, record), 12, terms=TERMS, paths=200)
        for record in (Record(), Record(new_level_from=("2025-03",)))
    )
    truth = 100 * WEIGHTS.at(INDEX[-12:] + 12) / WEIGHTS.at(INDEX).mean() * 1.08**5 * 1.5
    middles = [float(np.median(made.base.counts.sum(axis=1))) for made in (plain, told)]
    widths = [
        np.subtract(*np.quantile(m.base.counts.sum(axis=1), [0.9, 0.1])) for m in (plain, told)
    ]
    assert abs(middles[1] / truth.sum() - 1) < 0.1
    assert widths[1] < widths[0]
    for name, paths in told.members.items():
        assert np.median(paths.counts.sum(axis=1)) == pytest.approx(truth.sum(), rel=0.15), name


def test_requests_row_by_row_are_counted_by_month_and_group(tmp_path: Path) -> None:
    path = request_rows(tmp_path, date(2024, 1, 1), date(2024, 6, 28))
    history = read_history(path)
    assert history.kind == "monthly"
    days = np.arange(np.datetime64("2024-01-01"), np.datetime64("2024-07-01"))
    open_days = working_days(days)
    by_month = [
        4 * open_days[days.astype("datetime64[M]") == month].sum() for month in history.index
    ]
    assert history.counts.tolist() == by_month
    assert history.requests is not None
    assert history.requests.groupby("month")["requests"].sum().tolist() == by_month
    assert set(history.requests.columns) == {"month", "source", "need", "requests"}
    assert history.findings == ()


@pytest.mark.parametrize(("last", "months"), [(date(2024, 6, 12), 5), (date(2024, 6, 24), 6)])
def test_rows_that_end_early_in_a_month_leave_it_out_and_say_so(
    last: date, months: int, tmp_path: Path
) -> None:
    path = request_rows(tmp_path, date(2024, 1, 1), last)
    history = read_history(path)
    assert len(history.counts) == months
    said = about(history.findings, "part month")
    assert len(said) == 1
    if months == 5:
        assert said[0].kind == "done"
        assert f"2024-06 was left out: the last request is of {last}" in said[0].text
    else:  # four working days before the month's end
        assert said[0].kind == "question"
        assert "Some 16 requests would be expected" in said[0].evidence
    kept = read_history(path, Record(last_month="keep"))
    assert len(kept.counts) == 6


def test_a_late_start_is_left_out_and_said(tmp_path: Path) -> None:
    history = read_history(request_rows(tmp_path, date(2024, 1, 17), date(2024, 6, 28)))
    (said,) = about(history.findings, "part month")
    assert (said.kind, said.months) == ("done", ("2024-01",))
    assert str(history.first_month) == "2024-02"


def test_rows_entered_twice_are_asked_about(tmp_path: Path) -> None:
    rng = np.random.default_rng(9)
    lines = []
    for k in range(300):
        day = date(2024, 1, 1) + timedelta(days=int(rng.integers(0, 180)))
        lines.append(f"{day},{rng.integers(0, 5)}-{rng.integers(5, 9)},{'ABCDEFGH'[k % 8]}")
    path = tmp_path / "requests.csv"
    path.write_text("\n".join(["date,age_group,need", *lines]))
    assert about(read_history(path).findings, "same rows") == []
    path.write_text("\n".join(["date,age_group,need", *lines, *lines[:40]]))
    (asked,) = about(read_history(path).findings, "same rows")
    assert asked.kind == "question"
    assert read_history(path).counts.sum() == 340


def test_decisions_about_months_need_a_record_by_month(tmp_path: Path) -> None:
    path = tmp_path / "requests.csv"
    path.write_text("year,requests\n2023,80\n2024,90\n")
    with pytest.raises(BadInput, match="leave_out: names months, and the record is by year"):
        read_history(path, Record(leave_out=("2023-07",)))


def steady(first: str, mean: float, months: int, seed: int = 11) -> History:
    """Return a record of chance alone about a mean, over the calendar's own months."""
    index = np.datetime64(first, "M") + np.arange(months)
    exposure = MonthWeights.england(index[0], index[-1], TERMS, DayWeights()).exposure
    counts = np.random.default_rng(seed).poisson(mean * exposure / exposure.mean())
    return History("monthly", index, counts)


EXTREMES = {
    "one September of four": ({8: 3_070}, ["2021-09"]),
    "two Septembers of four": ({8: 3_070, 20: 2_500}, ["2021-09", "2022-09"]),
    "two of different months": ({8: 3_070, 29: 900}, ["2021-09", "2023-06"]),
    "neighbours": ({14: 900, 15: 1_200}, ["2022-03", "2022-04"]),
    "a low one": ({26: 1}, ["2023-03"]),
    "none at all in two": ({26: 0, 30: 0}, ["2023-03", "2023-07"]),
    "low and high of one month": ({8: 3_070, 32: 1}, ["2021-09", "2023-09"]),
    "the first": ({0: 2_000}, ["2021-01"]),
}


@pytest.mark.parametrize("name", EXTREMES)
def test_only_the_extremes_are_proposed_and_not_what_stands_beside_them(name: str) -> None:
    """Of four Septembers, one of 3,070 made all four stand out."""
    changed, expected = EXTREMES[name]
    history = steady("2021-01", 60, 48)
    weights = MonthWeights.england(history.first_month, history.last_month, TERMS, DayWeights())
    assert not about(propose(history, weights), "outlier")
    for place, requests in changed.items():
        history.counts[place] = requests
    proposed = about(propose(replace(history), weights), "outlier")
    assert [finding.months[0] for finding in proposed] == expected


@pytest.mark.parametrize(("size", "at"), [(3.0, 24), (0.3, 20), (2.0, 30)])
def test_a_step_is_proposed_as_one_and_makes_no_outliers(size: float, at: int) -> None:
    history = steady("2021-01", 60, 48)
    history.counts[at:] = (history.counts[at:] * size).astype(int)
    weights = MonthWeights.england(history.first_month, history.last_month, TERMS, DayWeights())
    found = propose(replace(history), weights)
    assert not about(found, "outlier")
    (step,) = about(found, "step")
    assert abs(np.datetime64(step.months[0], "M") - history.index[at]).astype(int) <= 1
