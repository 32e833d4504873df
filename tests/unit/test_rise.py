"""Why requests rise: sums by hand, groups by age, like periods, small numbers, populations."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from ehc_sim.demand.history import History
from ehc_sim.demand.reading import read_history
from ehc_sim.demand.rise.ages import BANDS, Ages, ages_of, in_spans, one_span_each
from ehc_sim.demand.rise.explain import (
    Rise,
    beside_england,
    explain,
    logarithmic_mean,
    population_mix_rate,
)
from ehc_sim.demand.rise.groups import FEW, OTHERS
from ehc_sim.demand.rise.population import read_population
from ehc_sim.demand.sen2 import read_sen2
from ehc_sim.demand.sen2_council import council_of, history_in_sen2
from ehc_sim.scenario import BadInput
from tests.sen2_files import edition

pytestmark = pytest.mark.unit


def yearly(counts: dict[int, int], england: dict[int, int] | None = None) -> History:
    years = np.array([str(year) for year in counts], dtype="datetime64[Y]")
    national = None if england is None else np.array([float(england[year]) for year in counts])
    return History("yearly", years, np.array(list(counts.values())), national)


def parts(rise: Rise, question: str) -> dict[str, float]:
    rows = rise.of(question)
    return dict(zip(rows["part"], rows["change"], strict=True))


def test_one_group_by_hand() -> None:
    """100 to 150 requests, 1,000 to 1,100 children: L = 50 / ln 1.5 = 123.3152."""
    size, mix, rate = population_mix_rate(
        np.array([100.0]), np.array([150.0]), np.array([1000.0]), np.array([1100.0])
    )
    assert logarithmic_mean(np.array([150.0]), np.array([100.0]))[0] == pytest.approx(123.3152)
    assert size == pytest.approx(123.3152 * 0.0953102, rel=1e-6)
    assert mix == 0
    assert rate == pytest.approx(50 - 11.75320, abs=1e-4)


def test_children_who_only_grow_older_are_a_mix() -> None:
    """As many children, at the same rates of 2% and 10%, more of them older.

    600 and 400 to 400 and 600: 12 + 40 = 52 requests become 8 + 60 = 68, and all 16 are the mix.
    """
    effects = population_mix_rate(
        np.array([12.0, 40.0]), np.array([8.0, 60.0]),
        np.array([600.0, 400.0]), np.array([400.0, 600.0]),
    )  # fmt: skip
    assert effects == pytest.approx([0, 16, 0], abs=1e-9)


def test_england_and_two_groups_by_hand() -> None:
    """England: 2,000 to 2,400 (+20%), groups +10% and +30%. Council: 100, 50 to 120, 80.

    As England 150 x 20% = 30; mix 100 x -10% + 50 x 10% = -5; own 120 - 110 + 80 - 65 = 25.
    """
    found = beside_england(
        np.array([100.0, 50.0]), np.array([120.0, 80.0]),
        np.array([1000.0, 1000.0]), np.array([1100.0, 1300.0]),
    )  # fmt: skip
    assert found == pytest.approx([30, -5, 25])


def test_a_yearly_record_beside_england_by_hand() -> None:
    rise = explain(yearly({2022: 200, 2023: 260}, {2022: 1000, 2023: 1200}))
    assert parts(rise, "all") == {"requests": 60}
    assert parts(rise, "England") == pytest.approx(
        {"as England's requests grew": 40, "the council's own": 20}
    )
    own = rise.of("England").iloc[1]
    assert own["low95"] < 20 < own["high95"]
    assert not own["clear"]
    assert rise.of("population").empty
    assert any("No population" in note for note in rise.notes)


def test_a_large_change_is_told_from_chance() -> None:
    rise = explain(yearly({2022: 200, 2023: 600}, {2022: 1000, 2023: 1100}))
    assert rise.of("England").iloc[1]["clear"]
    assert rise.of("all").iloc[0]["clear"]


def test_years_back_and_years_without_a_figure() -> None:
    history = yearly({2019: 100, 2020: 90, 2021: 120, 2022: 0, 2023: 150})
    history = History(
        "yearly", history.index, history.counts, None, known=np.array([1, 1, 1, 0, 1], dtype=bool)
    )
    one = explain(history)
    assert one.of("all").iloc[0][["first", "last", "change"]].tolist() == ["2021", "2023", 30]
    assert "2023 is compared with 2021: no year between can be used." in one.notes
    assert any("child by child from 2022" in note for note in one.notes)
    four = explain(history, years_back=4)
    assert four.of("all").iloc[0][["first", "change"]].tolist() == ["2019", 50]
    three = explain(history, years_back=3)
    assert any("2020 was a COVID year" in note for note in three.notes)
    assert explain(history, years_back=9).table.empty


def rows_of(requests: dict[tuple[str, str, str], int], year: int) -> list[str]:
    """Spread requests of (source, age, need) over the working days of a year."""
    days = pd.bdate_range(f"{year}-01-01", f"{year}-12-31").strftime("%Y-%m-%d")
    return [
        f"{days[(37 * k + 11 * place) % len(days)]},{source},{age},{need}"
        for place, ((source, age, need), number) in enumerate(requests.items())
        for k in range(number)
    ]


@pytest.fixture
def by_request(tmp_path: Path) -> Path:
    first = {
        ("school", "0-4", "ASD"): 40, ("school", "5-10", "SEMH"): 60, ("parent", "5-10", "ASD"): 30,
        ("parent", "11-15", "SLCN"): 20,
    }  # fmt: skip
    second = {
        ("school", "0-4", "ASD"): 50, ("school", "5-10", "SEMH"): 60, ("parent", "5-10", "ASD"): 70,
        ("parent", "11-15", "SLCN"): 25, ("other", "11-15", "SLCN"): 3,
    }  # fmt: skip
    lines = rows_of(first, 2023) + rows_of(second, 2024)
    days = pd.bdate_range("2023-01-01", "2024-12-31").strftime("%Y-%m-%d")
    lines += [f"{days[0]},school,0-4,ASD", f"{days[-1]},school,0-4,ASD"]
    path = tmp_path / "requests.csv"
    path.write_text("date,source,age_group,need\n" + "\n".join(sorted(lines)) + "\n")
    return path


def test_a_record_by_request_by_source_age_and_need(by_request: Path) -> None:
    rise = explain(read_history(by_request))
    whole = rise.of("all").iloc[0]
    assert whole[["first", "last", "before", "after"]].tolist() == ["2023", "2024", 151, 209]
    assert parts(rise, "age") == {"0-4": 10, "5-10": 40, "11-15": 8}
    assert parts(rise, "need") == {"ASD": 50, "SEMH": 0, "SLCN": 8}
    for question in ("source", "age", "need"):
        rows = rise.of(question)
        assert rows["change"].sum() == 58
        assert rows["share"].sum() == pytest.approx(1)
        assert rows["points"].sum() == pytest.approx(58 / 151)


def test_small_groups_are_put_together_until_they_are_not_small(by_request: Path) -> None:
    """Three requests of others, and none before, cannot be shown: parents' are put with them."""
    rise = explain(read_history(by_request))
    shown = rise.of("source")
    assert set(shown["part"]) == {"school", OTHERS}
    assert shown[["before", "after"]].min().min() >= FEW


def test_a_part_of_a_month_and_gaps_are_left_out_of_both_years(tmp_path: Path) -> None:
    lines = ["month,requests,last_day"]
    for month in pd.period_range("2023-01", "2025-01", freq="M"):
        if str(month) == "2023-05":
            continue
        counted = 100 if month.year == 2023 else 110
        day = "2025-01-09" if str(month) == "2025-01" else ""
        lines.append(f"{month},{counted},{day}")
    (tmp_path / "r.csv").write_text("\n".join(lines) + "\n")
    rise = explain(read_history(tmp_path / "r.csv"))
    whole = rise.of("all").iloc[0]
    assert whole[["before", "after"]].tolist() == [1100, 1210]
    assert "Compared are the 11 months that both have; not 2024-05." in rise.notes
    assert any("Not compared with England" in note for note in rise.notes)


def test_too_short_a_record_says_so(tmp_path: Path) -> None:
    months = pd.period_range("2024-01", "2025-04", freq="M")
    (tmp_path / "r.csv").write_text(
        "month,requests\n" + "".join(f"{month},50\n" for month in months)
    )
    rise = explain(read_history(tmp_path / "r.csv"))
    assert rise.table.empty
    assert "4 usable months in common, and 6 are needed" in rise.notes[0]


@pytest.mark.parametrize(
    ("group", "ages"),
    [
        ("Aged 7", (7, 7)), ("Aged 2 and under", (0, 2)), ("Aged 20 and over", (20, 25)),
        ("0-4", (0, 4)), ("5 to 10", (5, 10)), ("11–15", (11, 15)), ("16+", (16, 25)),
        ("under 5", (0, 4)), ("age 3", (3, 3)), ("16 to 25 years", (16, 25)), ("7", (7, 7)),
        ("Age unknown", None), ("", None), ("Key stage 1", None), ("30-40", None), ("9-5", None),
    ],
)  # fmt: skip
def test_ages_are_read_from_the_names_of_groups(group: str, ages: tuple[int, int] | None) -> None:
    assert ages_of(group) == (None if ages is None else Ages(*ages))


def test_overlapping_groups_are_no_ages_to_take_apart() -> None:
    assert one_span_each(pd.Index(["0-4", "5-10", "unknown"]))
    assert not one_span_each(pd.Index(["0-5", "5-10"]))
    assert not one_span_each(pd.Index(["a", "b"]))


def test_single_ages_add_up_in_bands_and_a_group_across_two_does_not() -> None:
    single = pd.DataFrame({"n": [1.0, 2.0, 4.0]}, index=["Aged 2 and under", "Aged 4", "Aged 20"])
    banded = in_spans(single, list(BANDS))
    assert banded is not None
    assert banded["n"].tolist() == [3, 0, 0, 4]
    across = pd.DataFrame({"n": [1.0]}, index=["4-6"])
    assert in_spans(across, list(BANDS)) is None


def population_file(path: Path, years: range, change: dict[str, str] | None = None) -> Path:
    lines = ["year,age,population"]
    lines += [f"{y},{a},{1000 + 10 * a + 5 * (y - 2020)}" for y in years for a in range(26)]
    text = "\n".join(lines) + "\n"
    for old, new in (change or {}).items():
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text)
    return path


def test_population_is_of_30_june_and_between_years_a_straight_line(tmp_path: Path) -> None:
    population = read_population(population_file(tmp_path / "p.csv", range(2022, 2025)))
    assert population.at(2023.5, [Ages(3, 3)]) == pytest.approx([1045])
    assert population.at(2024.0, [Ages(3, 3), Ages(0, 1)]) == pytest.approx([1047.5, 2045])


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"2022,3,1040": "2022,3,-40"}, ':5: column population: found "-40", allowed is a whole'),
        ({"2022,3,1040": "2022,26,1040"}, ':5: column age: found "26", allowed is a single age'),
        ({"2022,3,1040": "2022,0-4,1040"}, ':5: column age: found "0-4", allowed is a single age'),
        ({"2022,3,1040": "2122,3,1040"}, ':5: column year: found "2122"'),
        ({"2022,3,1040\n": ""}, "2022: no row for age 3; needed is each from 0 to 25"),
        ({"2022,3,": "2022,2,"}, "2022, age 2: given twice"),
        ({"year,age": "year,agee"}, ":1: column age: missing; found the columns year, agee"),
        ({"year,age,": "year,age,pupil,"}, ":1: column pupil: looks like personal data"),
    ],
)
def test_a_broken_population_is_said_in_one_line(
    change: dict[str, str], line: str, tmp_path: Path
) -> None:
    path = population_file(tmp_path / "p.csv", range(2022, 2024), change)
    with pytest.raises(BadInput) as fault:
        read_population(path)
    assert line in str(fault.value).splitlines()[0]


def test_a_population_of_other_years_or_without_children_is_refused(tmp_path: Path) -> None:
    short = read_population(population_file(tmp_path / "p.csv", range(2020, 2023)))
    with pytest.raises(BadInput, match="found 2020 to 2022, needed is 2023 for the years compared"):
        explain(yearly({2022: 200, 2023: 260}), population=short)
    nobody = read_population(
        population_file(tmp_path / "n.csv", range(2022, 2024), {"2022,3,1040": "2022,3,0"})
    )
    with pytest.raises(BadInput, match="nobody is of age 3"):
        nobody.at(2022.5, [Ages(3, 3)])


def test_dfes_council_by_age_with_population_and_england(tmp_path: Path) -> None:
    """Smallshire 2022 to 2023: 260 to 300; England's ages +0%, +30% and +20%.

    As England 260 x 200/1300 = 40; own: 90 - 100 x 1 + 210 - 160 x 1.3 = -8; the mix is the rest.
    """
    sen2 = read_sen2(edition(tmp_path / "s.zip", 2026))
    council = council_of(sen2, "Smallshire")
    rise = explain(
        history_in_sen2(sen2, council),
        population=read_population(population_file(tmp_path / "p.csv", range(2022, 2024))),
        groups={"age": council.by("age")},
        england=sen2.england,
        england_by_age=sen2.england_by("age"),
    )
    assert parts(rise, "age") == {"Aged 9": 50, "Aged 4": -10}
    assert parts(rise, "England") == pytest.approx(
        {"as England's requests grew": 40, "mix of ages": 8, "the council's own": -8}
    )
    assert sum(parts(rise, "population").values()) == pytest.approx(40, abs=1e-6)


def test_england_2023_to_2024_is_as_published(dfe_data: Path) -> None:
    """+16,247, of which age 5 to 10 is 50.0%, 11 to 15 is 36.3%, 0 to 4 is 10.6%."""
    sen2 = read_sen2(dfe_data / "dfe_sen2_2019_2024_part.zip")
    england = sen2.england
    years = np.array([str(year) for year in england.index], dtype="datetime64[Y]")
    history = History("yearly", years, england.to_numpy().astype(np.int64))
    rise = explain(history, groups={"age": sen2.england_by("age")}, england=england)
    assert parts(rise, "all") == {"requests": 154_489 - 138_242}
    shares = dict(zip(rise.of("age")["part"], rise.of("age")["share"], strict=True))
    assert shares["age 5 to 10"] == pytest.approx(0.500, abs=0.0005)
    assert shares["age 11 to 15"] == pytest.approx(0.363, abs=0.0005)
    assert shares["age 0 to 4"] == pytest.approx(0.106, abs=0.0005)
    assert parts(rise, "England")["the council's own"] == pytest.approx(0, abs=1e-6)


def test_groups_that_add_up_to_more_than_all_requests_are_not_used() -> None:
    table = pd.DataFrame({2022: [150.0, 100.0], 2023: [80.0, 90.0]}, index=["Aged 4", "Aged 9"])
    rise = explain(yearly({2022: 260, 2023: 100}), groups={"age": table})
    assert rise.of("age").empty
    assert "Not by age: the groups add up to more than all requests." in rise.notes
    fewer = explain(yearly({2022: 260, 2023: 200}), groups={"age": table})
    assert parts(fewer, "age") == {"Aged 9": -10, "not given": 20, "Aged 4": -70}


def test_a_group_without_a_figure_in_one_year_does_not_come_from_nothing() -> None:
    """Worked by hand: of 260 and 300, 100 and 120 are of a group known in both years."""
    table = pd.DataFrame({2022: [100.0, np.nan], 2023: [120.0, 150.0]}, index=["Home", "School"])
    rise = explain(yearly({2022: 260, 2023: 300}), groups={"source": table})
    assert parts(rise, "source") == {"Home": 20, "not given": 20}


def test_who_asked_in_one_year_is_told_and_not_compared() -> None:
    """Of 300: school 200, parents 92, and 8 of two groups of which one is below 6."""
    table = pd.DataFrame({2023: [92.0, 200.0, 5.0, 3.0]}, index=["Parent", "School", "O", "S"])
    rise = explain(yearly({2022: 260, 2023: 300}), groups={"source": table})
    assert rise.of("source").empty
    (told,) = [note for note in rise.notes if note.startswith("By source only 2023 is known")]
    assert "not 2022: how it changed cannot be told" in told
    assert told.endswith("school 200 (67%), parent 92 (31%), other groups, small numbers 8 (3%).")
    more = explain(yearly({2022: 260, 2023: 250}), groups={"source": table})
    assert "Not by source: the groups add up to more than all requests." in more.notes
