"""The program from Python: load, simulate, compare, forecast."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ehc_sim.calendars import SchoolTerms
from ehc_sim.demand.exposure import DayWeights
from ehc_sim.demand.forecast import Forecast
from ehc_sim.demand.forecast import forecast as forecast_requests
from ehc_sim.demand.reading import read_history
from ehc_sim.demand.source import history_of
from ehc_sim.experiment import refusing
from ehc_sim.experiment import sweep as sweeps
from ehc_sim.experiment.results import Results
from ehc_sim.experiment.study import DEFAULT_REPLICATIONS, DEFAULT_SEED, Plan, study
from ehc_sim.pathway.engines import Engine
from ehc_sim.scenario import Scenario
from ehc_sim.scenario import load as load_scenario


def load(path: Path | str) -> Scenario:
    """Read a scenario from its file and the files that it extends.

    Parameters
    ----------
    path : Path or str
        A TOML file.

    Returns
    -------
    Scenario

    Raises
    ------
    BadInput
        With every fault of the files, each with its file and line.
    """
    return load_scenario(path)


def simulate(
    scenario: Scenario | Sequence[Scenario],
    replications: int = DEFAULT_REPLICATIONS,
    *,
    half_width: float | None = None,
    seed: int = DEFAULT_SEED,
    processes: int | None = None,
    engine: Engine | None = None,
) -> Results:
    """Simulate one scenario, or several under common random numbers.

    Parameters
    ----------
    scenario : Scenario or sequence of Scenario
        What to simulate; of several, the first is the one that the others are compared with.
    replications : int
        Replications of each scenario.
    half_width : float, optional
        Add replications until the 95% interval of every chance is at most so wide on each side,
        such as 0.05.
    seed : int
        Seed of the study. The same seed gives the same results.
    processes : int, optional
        Processes to use; by default one for each processor.
    engine : {"compiled", "simpy"}, optional
        The model: the compiled one, or the SimPy model with the same results; by default what each
        scenario says.

    Returns
    -------
    Results
        Tidy tables: ``.summary()``, ``.monthly()``, ``.advice()``, ``.teams()``,
        ``.log(replication)`` and more.
    """
    scenarios = [scenario] if isinstance(scenario, Scenario) else list(scenario)
    plan = Plan(
        replications=replications,
        half_width=half_width,
        seed=seed,
        processes=processes or os.cpu_count() or 1,
        engine=engine,
    )
    return study(scenarios, plan)


def compare(
    scenarios: Sequence[Scenario | Path | str],
    replications: int = DEFAULT_REPLICATIONS,
    *,
    seed: int = DEFAULT_SEED,
    processes: int | None = None,
) -> pd.DataFrame:
    """Simulate several scenarios and return them side by side, one row each.

    Parameters
    ----------
    scenarios : sequence of Scenario or path
        The first is the one that the others are compared with.
    replications, seed, processes
        As for ``simulate``.
    """
    loaded = [s if isinstance(s, Scenario) else load(s) for s in scenarios]
    return simulate(loaded, replications, seed=seed, processes=processes).summary()


def sweep(
    scenario: Scenario,
    what: str,
    values: Sequence[Any],
    replications: int = DEFAULT_REPLICATIONS,
    *,
    seed: int = DEFAULT_SEED,
    processes: int | None = None,
) -> sweeps.Sweep:
    """Simulate a scenario at several values of one setting, under common random numbers.

    Parameters
    ----------
    scenario : Scenario
        As it was read from its file.
    what : str
        Path of the setting, such as ``decision_to_assess.refused``; ``ehc-sim check --paths`` lists
        them.
    values : sequence
        At least two, as a scenario file has them. They hold from the start of the plan.
    replications, seed, processes
        As for ``simulate``.

    Returns
    -------
    Sweep
        With ``.table()`` and ``.results``.

    Raises
    ------
    BadInput
        When there is no such setting, or it cannot have one of the values.
    """
    plan = Plan(replications, seed=seed, processes=processes or os.cpu_count() or 1)
    return sweeps.sweep(scenario, what, values, plan)


def what_refusing_costs(
    scenario: Scenario,
    rates: Sequence[float] = refusing.RATES,
    replications: int = DEFAULT_REPLICATIONS,
    *,
    seed: int = DEFAULT_SEED,
    processes: int | None = None,
) -> pd.DataFrame:
    """Simulate a scenario at several rates of refusal and return the hours of all teams at each.

    Parameters
    ----------
    scenario : Scenario
        As it was read from its file.
    rates : sequence of float
        Shares of requests refused, from the start of the plan.
    replications, seed, processes
        As for ``simulate``.

    Returns
    -------
    DataFrame
        One row a rate; as ``experiment.refusing.account`` says.

    Raises
    ------
    BadInput
        When a rate cannot be, or the plan is too short to judge it.
    """
    plan = Plan(replications, seed=seed, processes=processes or os.cpu_count() or 1)
    return refusing.what_refusing_costs(scenario, rates, plan)


def forecast(
    history: Path | str | Scenario,
    months: int = 36,
    *,
    paths: int = 400,
    seed: int = DEFAULT_SEED,
    terms: str = "somerset",
) -> Forecast:
    """Forecast requests by month.

    Parameters
    ----------
    history : path or Scenario
        CSV file of recorded requests by year or month, or with one row a request; or a scenario,
        whose record, weights and overlays are then used.
    months : int
        Months to forecast.
    paths : int
        Number of sample paths; path r belongs to replication r.
    seed : int
        Seed of the study.
    terms : str
        School terms, for a CSV file: ``somerset`` or a file.

    Returns
    -------
    Forecast
        With ``.paths``, ``.quantiles()``, ``.by_year()``, ``.by_member()``, ``.findings``
        (questions and proposals about the record) and ``.check`` (the back-test).
    """
    if isinstance(history, Scenario):
        base = history.base
        return forecast_requests(
            history_of(base.demand, base.period.run_in_from),
            months,
            terms=SchoolTerms.read(base.council.terms),
            paths=paths,
            seed=seed,
            day_weights=DayWeights.of(base.demand),
            overlays=base.demand.overlay,
            method=base.demand.method,
        )
    return forecast_requests(
        read_history(Path(history)), months, terms=SchoolTerms.read(terms), paths=paths, seed=seed
    )
