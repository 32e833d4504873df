"""The record of requests: what is read, and what is said about a file that cannot be."""

import csv
from pathlib import Path

import numpy as np
import pytest

from ehc_sim.demand.choose import choose
from ehc_sim.demand.history import covid
from ehc_sim.demand.reading import read_history
from ehc_sim.scenario.faults import BadInput
from tests.unit.broken_histories import BROKEN, Broken

pytestmark = pytest.mark.unit

SOMERSET = Path(__file__).parents[2] / "scenarios" / "somerset" / "requests.csv"


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "requests.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name)
def test_every_fault_of_a_file_is_said_at_once(broken: Broken, tmp_path: Path) -> None:
    for name, text in broken.files.items():
        (tmp_path / name).write_text(text)
    path = tmp_path / next(iter(broken.files))
    if broken.expected:
        with pytest.raises(BadInput) as raised:
            choose(read_history(path))
        assert str(raised.value).replace(f"{tmp_path}/", "").splitlines() == broken.expected
    else:
        assert broken.note is not None
        assert broken.note in " ".join(read_history(path).notes)


def test_somersets_record_is_what_dfe_published(dfe_data: Path) -> None:
    history = read_history(SOMERSET)
    published = {}
    for line in (dfe_data / "somerset_england_2014_2024.csv").read_text().splitlines()[1:]:
        area, year, requests, *_ = line.split(",")
        published[area, year] = requests
    with (dfe_data / "dfe_sen2_2026_somerset_england.csv").open(encoding="utf-8") as newest:
        for row in csv.DictReader(newest):
            if row["measure"] == "requests_received_in_year" and row["breakdown"][:3] == "All":
                published[row["area"], row["time_period"]] = row["value"]
    assert [str(year) for year in history.index] == [str(year) for year in range(2016, 2026)]
    assert history.england is not None
    for year, count, england in zip(history.index, history.counts, history.england, strict=True):
        assert str(count) == published["Somerset", str(year)]
        assert str(int(england)) == published["England", str(year)]


def test_byte_order_mark_windows_line_ends_and_any_order_of_rows(tmp_path: Path) -> None:
    path = written(tmp_path, b"\xef\xbb\xbfYear, Requests\r\n2024,12\r\n\r\n2023,10\r\n")
    history = read_history(path)
    assert history.kind == "yearly"
    assert history.counts.tolist() == [10, 12]
    assert str(history.first_month) == "2023-01"
    assert str(history.last_month) == "2024-12"


def test_rows_of_a_month_are_added_up_where_a_column_tells_them_apart(tmp_path: Path) -> None:
    text = "month,source,requests\n2024-01,parent,3\n2024-01,school,4\n2024-02,school,5\n"
    history = read_history(written(tmp_path, text))
    assert history.counts.tolist() == [7, 5]
    assert history.notes == ("Rows were added up over source.",)


def test_the_same_source_twice_in_a_month_is_a_fault(tmp_path: Path) -> None:
    text = "month,source,requests\n2024-01,parent,3\n2024-01,parent,4\n"
    with pytest.raises(BadInput, match="2024-01, parent: given twice, first on line 2"):
        read_history(written(tmp_path, text))


def test_the_half_month_is_dropped_and_the_whole_months_stay(tmp_path: Path) -> None:
    text = "month,requests,last_day\n2024-01,80,\n2024-02,75,2024-02-29\n2024-03,9,2024-03-30\n"
    assert read_history(written(tmp_path, text)).counts.tolist() == [80, 75]


def test_only_half_a_month_is_a_fault(tmp_path: Path) -> None:
    text = "month,requests,last_day\n2024-03,9,2024-03-30\n"
    with pytest.raises(BadInput, match="whole months are needed"):
        read_history(written(tmp_path, text))


@pytest.mark.parametrize("content", [b"PK\x03\x04workbook", b"a\0b"])
def test_a_workbook_is_told_to_be_saved_as_csv(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="save it as CSV"):
        read_history(written(tmp_path, content))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        read_history(tmp_path / "nothing.csv")


def test_a_misspelt_month_column_is_recognised(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as raised:
        read_history(written(tmp_path, "months,requests\n2024-01,4\n"))
    assert 'is it "months"?' in str(raised.value)


def test_covid_months_are_march_to_august_2020() -> None:
    months = np.datetime64("2020-01", "M") + np.arange(12)
    assert [str(month) for month in months[covid(months)]] == [
        f"2020-{month:02d}" for month in range(3, 9)
    ]


def test_a_field_too_long_for_a_csv_file(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a CSV file"):
        read_history(written(tmp_path, "year,requests\n2024," + "1" * 200_000))
