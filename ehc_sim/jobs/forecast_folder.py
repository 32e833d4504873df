"""The job of the command ``forecast``: write the folder of a forecast and its explanation."""

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ehc_sim.demand.forecast import Forecast
from ehc_sim.demand.rise.explain import Rise
from ehc_sim.demand.yearly import TRANSIENT_SD, learnt_years
from ehc_sim.experiment.contents import FORECAST
from ehc_sim.experiment.folder import new_folder, only_run
from ehc_sim.jobs.page_folder import check_page_folder, folder_named, put_page
from ehc_sim.jobs.record import Recorded
from ehc_sim.present import forecast_page
from ehc_sim.present.forecast_frames import ForecastFrames
from ehc_sim.safe.cells import put_table
from ehc_sim.scenario.councils import borrowed_terms
from ehc_sim.version import __version__

FINDING = ("kind", "about", "months", "text", "evidence", "setting")


def folder_of(record: Recorded) -> Path:
    """Return the folder that a forecast is written to where none is named."""
    return folder_named(record.name, "forecast")


def check_folder(folder: Path, record: Recorded, replace_others: bool = False) -> list[str]:
    """Refuse a folder that holds something else than a forecast of this record.

    Returns
    -------
    list of str
        Files that no forecast wrote, or that somebody changed: they will be kept.

    Raises
    ------
    NotOurs
        When it is a file, holds something else, or holds the results of a run; or a forecast of
        another council or file, where that is not to be replaced.
    """
    about = {"name": record.name, "record": record.file.name}
    found = 'the forecast of another record, "{name}" from {record}'
    return check_page_folder(folder, FORECAST, about, found, replace_others)


def write(
    record: Recorded,
    made: Forecast,
    rise: Rise,
    folder: Path,
    seed: int,
    replace_others: bool = False,
) -> None:
    """Write the folder of a forecast: tables, paths, charts and the page, all or nothing.

    Raises
    ------
    NotOurs
        When the folder holds something else, or the forecast of another record that is not to be
        replaced.
    InUse
        When another run is on its way to it.
    """
    check_folder(folder, record, replace_others)
    frames = frames_of(record, made, rise, seed)
    with only_run(folder), new_folder(folder, FORECAST) as part:
        tables = _tables(made, rise, frames)
        if record.service is not None:
            tables["dfe_figures"] = record.service.figures
        for name, table in tables.items():
            put_table(table, part / f"{name}.csv")
        _write_paths(made, part / "paths.parquet")
        charts = forecast_page.draw_all(frames)
        page = forecast_page.render(frames, charts)
        manifest = {"kind": FORECAST, "name": record.name, **frames.about, "method": made.method}
        put_page(part, "forecast.html", page, charts, manifest)


def _tables(made: Forecast, rise: Rise, frames: ForecastFrames) -> dict[str, pd.DataFrame]:
    return {
        "forecast": frames.months,
        "years": frames.years,
        "members": made.by_member(),
        "backtest": made.check.table,
        "backtest_origins": made.check.origins,
        "pit": made.check.pit,
        "rise": rise.table,
        "findings": frames.findings,
    }


def _write_paths(made: Forecast, path: Path) -> None:
    """Write every path: one row a replication and month, with and without the adjustments."""
    parts = {"base": made.base.frame(), "adjusted": made.adjusted.frame()}
    long = {name: frame.stack().swaplevel().sort_index() for name, frame in parts.items()}
    table = pd.DataFrame(long).reset_index()
    table["month"] = table["month"].astype(str)
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    pq.write_table(arrow.replace_schema_metadata(None), path, compression="zstd")


def frames_of(record: Recorded, made: Forecast, rise: Rise, seed: int) -> ForecastFrames:
    """Return a forecast as its page and charts need it."""
    findings = pd.DataFrame([asdict(one) for one in made.findings], columns=list(FINDING))
    findings["months"] = findings["months"].map(" ".join)
    return ForecastFrames(
        name=record.name,
        by_year=made.history.kind == "yearly",
        months=made.quantiles(),
        years=made.by_year(),
        plain=plain_guess(made),
        backtest=made.check.table,
        pit=made.check.pit,
        rise=rise.table,
        method=made.method,
        why=made.why,
        summary=" ".join((made.check.summary, *made.check.notes)),
        beats_naive=made.check.beats_naive,
        notes=(*made.notes, *_beside(record)),
        rise_notes=rise.notes,
        findings=findings,
        assumptions=assumptions(record, made, rise),
        about={
            "version": __version__,
            "seed": str(seed),
            "paths": str(len(made.base.counts)),
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "record": record.file.name,
        },
    )


def _beside(record: Recorded) -> tuple[str, ...]:
    """Return what is said of DfE's other figures of a council: where they are, what is missing."""
    if record.service is None:
        return ()
    where = f"What else DfE publishes of {record.name} and of England is in dfe_figures.csv."
    return (*([where] if len(record.service.figures) else []), *record.service.notes)


def plain_guess(made: Forecast) -> pd.DataFrame:
    """Return the same month last year, or of a yearly record the same as last year.

    Returns
    -------
    DataFrame
        Columns period (Timestamp) and requests; empty where the record is too short.
    """
    history, months = made.history, made.base.months
    if history.kind == "yearly":
        last = float(history.counts[learnt_years(history)][-1])
        first = months[0].astype("datetime64[Y]")
        years = first + np.arange(len(months) // 12)
        return _guess(years, np.full(len(years), last))
    if history.kind == "monthly" and len(history.counts) >= 12:
        ahead = (months - history.last_month).astype(np.int64)
        back = (months - 12 * -(-ahead // 12) - history.index[0]).astype(np.int64)
        known = np.where(history.known[back], history.counts[back], np.nan)
        return _guess(months, known)
    return _guess(months[:0], np.zeros(0))


def _guess(when: NDArray[np.datetime64], requests: NDArray[np.float64]) -> pd.DataFrame:
    return pd.DataFrame(
        {"period": pd.to_datetime(when.astype("datetime64[ns]")), "requests": requests}
    )


def assumptions(record: Recorded, made: Forecast, rise: Rise) -> tuple[str, ...]:
    """Return what the forecast and the explanation rest on that was not measured."""
    weights = record.day_weights
    days = ", ".join(f"{weight:g}" for weight in weights.weekday)
    told = [
        f"Days: Monday to Friday bring requests in the proportion {days}, and a working day in the "
        f"school holidays {weights.school_holiday:g} of a school day.",
        "What comes has the causes of what was: a change of law, of policy or of funding is in no "
        "record. A planner's adjustment can say it, with who, when and why.",
    ]
    start = made.history.first_month.astype("M8[D]").item()
    for terms in borrowed_terms(record.name, record.terms, start):
        told.append(
            f"{terms} A council's own can be given with the option --terms. They decide in which "
            "month requests come, not how many."
        )
    if made.history.kind == "yearly" or "yearly" in made.method:
        told.append(
            "Size of the ranges: set on the yearly requests of English councils from 2019 to 2024, "
            "and not on this council; growth leans on England's."
        )
    if made.history.kind == "monthly":
        told.append(
            "Methods and their parts in the pool were chosen on other records: Scottish children's "
            "referrals and simulated ones. How they did on this record is said above."
        )
    if not rise.table.empty:
        told.append(
            "Ranges of why requests rose: counts vary by chance, and a council's whole year by "
            f"{TRANSIENT_SD:.0%} that is gone the next year, as in English councils from 2019 to "
            "2024; the same for every group."
        )
    return tuple(told)
