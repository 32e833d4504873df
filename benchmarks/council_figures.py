"""What councils published by calendar year, from DfE's downloads, and which of them are whole.

Two editions: that of 2022, with calendar 2014 to 2021 of every council, and that of 2025, with 2019
to 2024. Where both have a figure the later edition's is used. No file of all councils has the mean
weeks to a plan, so that they cannot be held against anything here.
"""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import pandas as pd

MEASURES = ("requests", "refused", "completed", "issued_on_time", "issued_over_52_weeks")
"""Requests of the year, refused among them, assessments completed in it, and shares of its plans;
shares leave out plans with an exception, as the program counts them."""
FEWEST_REQUESTS = 100
"""In a smaller council one child is more than a point of its plans on time."""
SOUND_FLOWS = (0.6, 1.2)
"""Assessments completed, of requests that were not refused, over all years: beyond these bounds a
council's figures do not describe one pathway."""
FIRST, LAST = 2019, 2024
EARLIER_EDITION, LATER_EDITION = "dfe_sen2_2014_2021.zip", "dfe_sen2_2019_2024_part.zip"
"""Names that the downloads are stored under."""

_EARLIER = {
    "requests": "InreqEHC", "refused": "AssRefusedEHC", "issued": "NewallEHC",
    "no_plan": "AssnoneEHC", "counted": "TotNoExcEHC", "on_time": "NoExc20weekEHC",
}  # fmt: skip
_REQUESTS = {
    "requests": "requests_received_in_year", "refused": "requests_decided_not_to_assess",
}  # fmt: skip
_ASSESSED = {"issued": "assess_issued", "no_plan": "assess_not_issued"}
_IN_TIME = {
    "counted": "plans_issued_den_ex", "on_time": "plans_issued_20_weeks_ex",
    "over": "plans_issued_gt_1_year_ex",
}  # fmt: skip
_PLACE = ["old_la_code", "la_name", "time_period"]


def published(folder: Path) -> pd.DataFrame:
    """Return what councils published, by DfE's number and calendar year.

    Parameters
    ----------
    folder : Path
        Holds DfE's downloads, with the names that they were stored under.

    Returns
    -------
    DataFrame
        Columns council (its name in its last year) and ``MEASURES``, those on time and over a year
        from 0 to 1; NaN where nothing was published.
    """
    earlier = _local(folder / EARLIER_EDITION, _EARLIER)
    later = pd.concat(
        [_local(folder / LATER_EDITION, columns) for columns in (_REQUESTS, _ASSESSED, _IN_TIME)],
        axis=1,
    )
    names = pd.concat([earlier["name"], later["name"].bfill(axis=1).iloc[:, 0]])
    counts = later.drop(columns="name").combine_first(earlier.drop(columns="name"))
    last = names.groupby(level=0).last()
    return pd.DataFrame(
        {
            "council": last.reindex(counts.index.get_level_values(0)).to_numpy(),
            "requests": counts["requests"],
            "refused": counts["refused"],
            "completed": counts["issued"] + counts["no_plan"],
            "issued_on_time": counts["on_time"] / counts["counted"].where(counts["counted"] > 0),
            "issued_over_52_weeks": counts["over"] / counts["counted"].where(counts["counted"] > 0),
        },
        index=counts.index,
    )


def _local(file: Path, columns: dict[str, str]) -> pd.DataFrame:
    """Return some columns of the table that has them, of councils and all their children."""
    with zipfile.ZipFile(file) as archive:
        for member in (one for one in archive.namelist() if one.endswith(".csv")):
            with archive.open(member) as table:
                header = pd.read_csv(table, nrows=0, encoding="utf-8-sig").columns
            if set(columns.values()) <= set(header):
                with archive.open(member) as table:
                    rows = pd.read_csv(table, dtype=str, encoding="utf-8-sig")
                break
        else:
            raise KeyError(f"{file.name} has no table with {', '.join(columns.values())}")
    rows = rows[rows["geographic_level"] == "Local authority"]
    if "breakdown_topic" in rows:
        rows = rows[rows["breakdown_topic"].str.startswith("All ")]
    numbers = rows[list(columns.values())].apply(pd.to_numeric, errors="coerce")
    numbers.columns = list(columns)
    place = pd.MultiIndex.from_arrays(
        [rows["old_la_code"], rows["time_period"].astype(int)], names=["number", "year"]
    )
    return numbers.assign(name=rows["la_name"]).set_axis(place, axis=0)


def whole(figures: pd.DataFrame) -> list[str]:
    """Return the names of councils whose figures are whole and sound, in order.

    There is a figure of everything in ``MEASURES`` but plans over a year for every calendar year
    from 2019 to 2024, at least ``FEWEST_REQUESTS`` requests in each, and flows within
    ``SOUND_FLOWS``.
    """
    rows = figures[figures.index.get_level_values("year").isin(range(FIRST, LAST + 1))]
    asked = rows[["requests", "refused", "completed", "issued_on_time"]]
    by_council = rows.groupby("council")
    there = asked.notna().all(axis=1).groupby(rows["council"]).sum() == LAST + 1 - FIRST
    large = by_council["requests"].min() >= FEWEST_REQUESTS
    total = by_council[["requests", "refused", "completed"]].sum()
    flows = (total["completed"] / (total["requests"] - total["refused"])).between(*SOUND_FLOWS)
    kept = there & large & flows
    return sorted(kept.index[kept])


def fold(council: str) -> int:
    """Return which half a council is in, 0 or 1, by a hash of its name."""
    return hashlib.sha256(council.encode()).digest()[0] % 2
