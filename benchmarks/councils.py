"""Every council of DfE's file, calibrated to earlier years and held against later ones.

    python -m benchmarks.councils                    # the plain rivals alone, in a second
    python -m benchmarks.councils --fits FILE        # calibrate those that are not in the file yet
    python -m benchmarks.councils --fits FILE --read # and only score what is

Each council and last known year is made, calibrated and foretold from what was known at the end
of that year, and is one line of JSON in the file, added when it is done: a run that was killed
goes on. The forecast is made twice, with the later requests and refusals as they came, and told
nothing. The order is a sample: councils of every size and timeliness come first.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks import figures
from benchmarks.council_figures import LAST, published, whole
from benchmarks.council_fits import Setting, fitted
from benchmarks.council_scores import (
    AS_KNOWN,
    HALF,
    HORIZONS,
    MODEL,
    halved,
    left_out,
    of_samples,
    regression,
    rivals,
    scored,
)

SHARED = Path(__file__).parents[2] / "shared" / "data"
JUDGED = ("issued_on_time", "completed", "issued_over_52_weeks")
"""Measures of which every council publishes a figure; none publishes mean weeks in this file."""
KNOWN = (2022, 2023)


def order(table: pd.DataFrame, councils: Sequence[str]) -> list[str]:
    """Return councils so that the first of them are of every size and every timeliness."""
    last = table.reset_index().query("year == @KNOWN[0]").set_index("council").loc[list(councils)]
    cells = pd.DataFrame(
        {
            "size": pd.qcut(last["requests"].rank(method="first"), 3, labels=False),
            "time": pd.qcut(last["issued_on_time"].rank(method="first"), 3, labels=False),
            "hash": [sha256(name.encode()).hexdigest() for name in last.index],
        },
        index=last.index,
    ).sort_values("hash")
    cells["turn"] = cells.groupby(["size", "time"]).cumcount()
    return list(cells.sort_values(["turn", "hash"]).index)


def lines_of(file: Path) -> list[dict[str, Any]]:
    """Return the fits of a file; a last line that was cut short is left out."""
    found = []
    for line in file.read_text("utf-8").splitlines() if file.is_file() else []:
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return found


def add(file: Path, line: dict[str, Any]) -> None:
    """Add a fit to a file, on a line of its own also after one that was cut short."""
    text = file.read_bytes() if file.is_file() else b""
    with file.open("a", encoding="utf-8") as out:
        out.write(("\n" if text and not text.endswith(b"\n") else "") + json.dumps(line) + "\n")


def run(file: Path, data: Path, setting: Setting, councils: Sequence[str], seconds: float) -> None:
    """Make the fits that a file lacks, until they are done or the seconds are over."""
    done = {(one["council"], one["known"], one["setting"]) for one in lines_of(file)}
    until = time.monotonic() + seconds
    for council in councils:
        for known in KNOWN:
            if (council, known, setting.name) in done:
                continue
            if time.monotonic() > until:
                return
            line = fitted(council, known, LAST, data, setting, file.with_suffix(".members"))
            add(file, line)
            print(
                f"{council}, {known}: {line['cpu_seconds']:.0f} CPU s {line.get('failed') or ''}",
                flush=True,
            )


def samples_of(
    lines: Sequence[dict[str, Any]], given: str, measure: str
) -> dict[tuple[str, int, int], np.ndarray]:
    """Return the samples of a measure by council, last known year and year."""
    return {
        (line["council"], line["known"], int(year)): np.array(by[measure], dtype=np.float64)
        for line in lines
        if not line.get("failed")
        for year, by in line["samples"][given].items()
        if measure in by
    }


def tables(
    table: pd.DataFrame, councils: Sequence[str], lines: Sequence[dict[str, Any]]
) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Give the scores of each measure, and of each way in which requests were known."""
    fitted_councils = {line["council"] for line in lines if not line.get("failed")}
    every = whole(table)
    for measure in JUDGED:
        share = measure.startswith("issued_")
        all_rivals = pd.concat([rivals(table, every, measure), regression(table, every, measure)])
        if not lines:
            yield measure, "", scored(all_rivals, share)
            continue
        for given in ("as they came", "unknown"):
            samples = samples_of(lines, given, measure)
            model = of_samples(samples, table, measure)
            wider, errors = left_out(samples, table, measure)
            keys = ["council", "known", "year"]
            beside = all_rivals[all_rivals["council"].isin(fitted_councils)].merge(model[keys])
            both = halved(model, beside[beside["forecast"] == AS_KNOWN])
            every_one = pd.concat([beside, model, wider, both])
            of_all = every_one.assign(known=0, year=0)  # of all years together, beside each
            print(f"{measure}, {given}: error of each half, chosen by the other: {errors}")
            yield measure, given, pd.concat([scored(one, share) for one in (every_one, of_all)])


def main() -> None:
    """Print the scores."""
    parser = figures.parser(__doc__)
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--fits", type=Path, help="file of fits, read and added to")
    parser.add_argument("--read", action="store_true", help="add none")
    parser.add_argument("--councils", type=int, help="so many, in an order that is a sample")
    parser.add_argument("--part", default="1/1", help="1/2 and 2/2 for two runs side by side")
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="start none after these"
    )
    Setting.arguments(parser)
    chosen = parser.parse_args()
    table = published(chosen.data)
    part, parts = map(int, chosen.part.split("/"))
    councils = order(table, whole(table))[: chosen.councils][part - 1 :: parts]
    print(f"{len(councils)} councils with whole and sound figures; horizons {HORIZONS}")
    setting = Setting.of(chosen)
    if chosen.fits and not chosen.read:
        run(chosen.fits, chosen.data, setting, councils, chosen.seconds)
    lines = (
        [one for one in lines_of(chosen.fits) if one["setting"] == setting.name]
        if chosen.fits
        else []
    )
    found = []
    for measure, given, scores in tables(table, councils, lines):
        print(f"\n{measure}{f', requests {given}' if given else ''}")
        print(scores.to_string(index=False, float_format="{:.2f}".format))
        found.append({"measure": measure, "requests": given, "scores": scores.to_dict("records")})
    if lines:
        cpu = [one["cpu_seconds"] for one in lines]
        print(f"\n{len(lines)} fits, {sum(cpu):.0f} CPU s, {np.median(cpu):.1f} in the middle")
        for one in lines:
            if one.get("failed"):
                print(f"not fitted: {one['council']}, {one['known']}: {one['failed']}")
    figures.put(chosen.json, {"forecasts": [MODEL, HALF, AS_KNOWN], "found": found})


if __name__ == "__main__":
    main()
