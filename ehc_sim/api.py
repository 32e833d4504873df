"""The program from Python: load, simulate, compare, forecast."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ehc_sim.demand.forecast import Forecast
from ehc_sim.demand.rise.explain import Rise
from ehc_sim.demand.rise.population import read_population
from ehc_sim.demand.sen2 import read_sen2
from ehc_sim.demand.sen2_council import council_of
from ehc_sim.engines.choose import Engine
from ehc_sim.experiment import refusing
from ehc_sim.experiment import sensitivity as sensitivities
from ehc_sim.experiment import sweep as sweeps
from ehc_sim.experiment.arguments import flag, text, whole
from ehc_sim.experiment.arguments import path as path_of
from ehc_sim.experiment.race import Better, Race, rules_of
from ehc_sim.experiment.race import race as run_race
from ehc_sim.experiment.results import Results
from ehc_sim.experiment.study import (
    DEFAULT_REPLICATIONS,
    DEFAULT_SEED,
    MOST_REPLICATIONS,
    Plan,
    plan_of,
)
from ehc_sim.experiment.study import study as run_study
from ehc_sim.experiment.what_if import DEFAULT_MEMORY, MOST_MEMORY, Study
from ehc_sim.jobs.dfe_figures import figures_of
from ehc_sim.jobs.new_council import Made
from ehc_sim.jobs.new_council import new_council as made_for
from ehc_sim.jobs.new_council.asked import day
from ehc_sim.jobs.record import (
    Recorded,
    only_its_own,
    overlays_of,
    recorded,
)
from ehc_sim.scenario import BadInput, Scenario
from ehc_sim.scenario import load as load_scenario
from ehc_sim.scenario.agreement import faults_of_options

if TYPE_CHECKING:
    from ehc_sim.present.frames import Frames


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

    Examples
    --------
    >>> import ehc_sim as ehc
    >>> today = ehc.load("scenarios/somerset/baseline.toml")
    >>> today.base.council.name
    'Somerset'
    """
    return load_scenario(path_of("path", path))


AScenario = Scenario | Path | str
"""A scenario, or the file of one."""


def simulate(
    scenario: AScenario | Sequence[AScenario],
    replications: int | None = None,
    *,
    half_width: float | None = None,
    most: int | None = None,
    seed: int = DEFAULT_SEED,
    processes: int | None = None,
    engine: Engine | None = None,
) -> Results:
    """Simulate one scenario, or several under common random numbers.

    Parameters
    ----------
    scenario : Scenario, path, or sequence of them
        What to simulate, or its files; of several, the first is the one that the others are
        compared with.
    replications : int, optional
        Replications of each scenario, exactly; with ``half_width`` the fewest of them.
    half_width : float, optional
        Simulate each scenario until the 95% interval of its chance is at most so wide on each side.
        It is 0.05, five points, where neither is named, with at least 55 replications of each.
    most : int, optional
        Most replications of a scenario that stops by itself; 2,000 where none is named.
    seed : int
        Seed of the study. The same seed gives the same results.
    processes : int, optional
        Processes to use; by default one for each processor, and one for a few seconds of work.
    engine : "compiled" or "simpy", optional
        The model: the compiled one, or the SimPy model with the same results; by default what each
        scenario says.

    Returns
    -------
    Results
        Tidy tables: ``.summary()``, ``.monthly()``, ``.advice()``, ``.teams()``,
        ``.log(replication)`` and more.

    Raises
    ------
    BadInput
        With every fault of the files; also when the scenarios cannot be compared, as their dates,
        targets, records, prices or councils differ.
    ValueError, TypeError
        When an argument is not one of those allowed, or two scenarios have the same name.

    Examples
    --------
    >>> import ehc_sim as ehc
    >>> today = ehc.load("scenarios/somerset/baseline.toml")
    >>> more = today.with_change("teams.educational psychologists.posts", add=3, name="Three more")
    >>> results = ehc.simulate([today, more], replications=2, processes=1)
    >>> results.summary()["scenario"].tolist() == [today.name, "Three more"]
    True
    """
    several = scenario if isinstance(scenario, list | tuple) else [scenario]
    scenarios = [_loaded(one) for one in several]
    if faults := faults_of_options(scenarios):
        raise BadInput(faults)
    plan = plan_of(replications, half_width, most, seed=seed, processes=processes, engine=engine)
    return run_study(scenarios, plan)


def compare(
    scenarios: Sequence[AScenario],
    replications: int | None = None,
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

    Examples
    --------
    >>> import ehc_sim as ehc
    >>> folder = "scenarios/somerset"
    >>> files = [f"{folder}/baseline.toml", f"{folder}/decide_early.toml"]
    >>> comparison = ehc.compare(files, replications=2, processes=1)
    >>> float(comparison["difference"][0])  # the first is what the others are held against
    0.0
    """
    return simulate(scenarios, replications, seed=seed, processes=processes).summary()


def study(
    scenario: AScenario,
    replications: int = 60,
    *,
    seed: int = DEFAULT_SEED,
    memory: int = DEFAULT_MEMORY,
    tables: Collection[str] = (),
) -> Study:
    """Simulate a scenario and keep its replications, so that changes of it are tried out quickly.

    They are kept as they stand some weeks before the plan. A scenario that has the same run-in goes
    on from there, and draws only what its changes reach; whatever else is run whole.

    Parameters
    ----------
    scenario : Scenario or path
        What others are compared with.
    replications : int
        Replications, exactly. The numbers are those of ``simulate`` with the same seed.
    seed : int
        Seed of the study.
    memory : int
        Megabytes in which they are kept, squeezed. A replication of a council of Somerset's size
        takes some 16; those that do not fit are run whole each time.
    tables : collection of str
        Tables of measures that are wanted beside the totals, such as ``yearly``.

    Returns
    -------
    Study
        With ``.what_if(scenario)``, ``.today``, ``.kept`` and ``.megabytes``.

    Raises
    ------
    BadInput
        With every fault of the files.
    TypeError, ValueError
        When an argument is not one of those allowed.

    Examples
    --------
    >>> import ehc_sim as ehc
    >>> study = ehc.study("scenarios/somerset/baseline.toml", replications=2)
    >>> posts = "teams.educational psychologists.posts"
    >>> more = study.scenario.with_change(posts, add=3, name="Three more")
    >>> found = study.what_if(more)
    >>> found.whole  # none was run from the start
    {}
    >>> bool(found.table().loc["cost", "difference"] > 0)
    True
    """
    replications = whole("replications", replications, 2, MOST_REPLICATIONS)
    return Study(
        _loaded(scenario),
        replications,
        whole("seed", seed, 0),
        whole("memory", memory, 0, MOST_MEMORY),
        tables,
    )


def race(
    scenarios: Sequence[AScenario],
    measure: str,
    *,
    better: Better,
    zone: float,
    confidence: float = 0.95,
    first: int | None = None,
    most: int = 2000,
    seed: int = DEFAULT_SEED,
    processes: int | None = None,
) -> Race:
    """Find the best of many options, each simulated only until it is shown not to be the best.

    Parameters
    ----------
    scenarios : sequence of Scenario or path
        The options, at least two.
    measure : str
        A measure of the whole run, such as ``late_child_weeks_in_plan``, ``on_time`` or ``cost``,
        of which the mean is the better the larger or smaller it is; or ``chance``, of meeting the
        target.
    better : {"largest", "smallest"}
        Which is the best.
    zone : float
        Options whose means differ by less are as good as one another, in units of the measure.
    confidence : float
        How likely what is picked is the best, or within the zone of it.
    first : int, optional
        Replications of every option before any falls out; 20 where none is named, of a chance 55.
    most : int
        Most replications of an option.
    seed, processes
        As for ``simulate``.

    Returns
    -------
    Race
        With ``.best``, ``.decided`` and ``.table()``: each option's replications, and after how
        many it fell out.

    Raises
    ------
    BadInput
        As for ``simulate``.
    TypeError, ValueError
        When an argument is not one of those allowed.

    Examples
    --------
    >>> import ehc_sim as ehc
    >>> today = ehc.load("scenarios/somerset/baseline.toml")
    >>> posts = "teams.educational psychologists.posts"
    >>> options = [today.with_change(posts, add=add, name=f"{add} more") for add in (1, 9)]
    >>> weeks = "late_child_weeks_in_plan"
    >>> race = ehc.race(options, weeks, better="smallest", zone=500)  # doctest: +SKIP
    >>> race.best  # doctest: +SKIP
    '9 more'
    """
    options = [_loaded(one) for one in scenarios]
    if faults := faults_of_options(options):
        raise BadInput(faults)
    rules = rules_of(measure, zone, confidence, first, most)
    return run_race(options, measure, better, rules, Plan(seed=seed, processes=processes))


def _loaded(one: object) -> Scenario:
    if isinstance(one, Scenario):
        return one
    if isinstance(one, Path | str):
        return load(one)
    raise TypeError(f"scenario: found {type(one).__name__}, allowed is a Scenario or its file")


def sweep(
    scenario: AScenario,
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
    scenario : Scenario or path
        As it was read from its file, or the file.
    what : str
        Path of the setting, such as ``decision_to_assess.refused``; ``ehc-sim check --paths`` lists
        them.
    values : sequence
        At least two, as a scenario file has them. They hold from the start of the plan.
    replications : int
        Replications of each value, exactly.
    seed, processes
        As for ``simulate``.

    Returns
    -------
    Sweep
        With ``.table()`` and ``.results``.

    Raises
    ------
    BadInput
        When there is no such setting, or it cannot have one of the values.
    TypeError, ValueError
        When an argument is not one of those allowed.

    Examples
    --------
    >>> import ehc_sim as ehc
    >>> file = "scenarios/somerset/baseline.toml"
    >>> found = ehc.sweep(file, "decision_to_assess.refused", [0.2, 0.3], 2, processes=1)
    >>> found.table()["value"].tolist()
    [0.2, 0.3]
    """
    plan = Plan(replications, seed=seed, processes=processes)
    return sweeps.sweep(_loaded(scenario), what, values, plan)


def sensitivity(
    scenario: AScenario,
    measures: Sequence[str] = sensitivities.MEASURES,
    runs: int = 1,
    *,
    seed: int = DEFAULT_SEED,
    processes: int | None = None,
) -> sensitivities.Sensitivity:
    """Find which numbers with a range decide a measure, with demand and chance held.

    Parameters
    ----------
    scenario : Scenario or path
        As it was read from its file, or the file.
    measures : sequence of str
        Measures of each replication, such as ``mean_weeks``.
    runs : int
        Runs, at least; as many as the numbers need where that is more.
    seed, processes
        As for ``simulate``.

    Returns
    -------
    Sensitivity
        With ``.table()``, one row for each measure and number.

    Raises
    ------
    BadInput
        When no number has a range, or with every fault of the file.
    TypeError, ValueError
        When an argument is not one of those allowed.

    Examples
    --------
    Some minutes, since Somerset has more than a hundred such numbers:

    >>> import ehc_sim as ehc
    >>> file = "scenarios/somerset/baseline.toml"
    >>> found = ehc.sensitivity(file, ["mean_weeks"])  # doctest: +SKIP
    >>> found.table()[["number", "effect", "share"]].head()  # doctest: +SKIP
    """
    plan = Plan(seed=seed, processes=processes)
    return sensitivities.sensitivity(_loaded(scenario), plan, measures, runs)


def what_refusing_costs(
    scenario: AScenario,
    rates: Sequence[float] = refusing.RATES,
    replications: int = DEFAULT_REPLICATIONS,
    *,
    seed: int = DEFAULT_SEED,
    processes: int | None = None,
) -> pd.DataFrame:
    """Simulate a scenario at several rates of refusal and return the hours of all teams at each.

    Parameters
    ----------
    scenario : Scenario or path
        As it was read from its file, or the file.
    rates : sequence of float
        Shares of requests refused, from the start of the plan.
    replications : int
        Replications of each rate, exactly.
    seed, processes
        As for ``simulate``.

    Returns
    -------
    DataFrame
        One row a rate; as ``experiment.refusing.account`` says.

    Raises
    ------
    BadInput
        When a rate cannot be, or the plan is too short to judge it.
    TypeError, ValueError
        When an argument is not one of those allowed.

    Examples
    --------
    >>> import ehc_sim as ehc
    >>> file = "scenarios/somerset/baseline.toml"
    >>> hours = ehc.what_refusing_costs(file, [0.2, 0.3], replications=2, processes=1)
    >>> hours["rate"].tolist()
    [0.2, 0.3]
    """
    plan = Plan(replications, seed=seed, processes=processes)
    return refusing.what_refusing_costs(_loaded(scenario), rates, plan)


def write_results(results: Results, folder: Path | str, *, replace: bool = False) -> None:
    """Write results, their charts and the briefing to a folder, as the command ``run`` does.

    Parameters
    ----------
    results : Results
        As ``simulate`` returns them.
    folder : path
        The results folder. It is complete under its name, or as it was before; files in it that no
        run wrote stay.
    replace : bool
        Replace results of another council, or of scenarios that these have not, as the
        command's ``--replace``.

    Raises
    ------
    NotOurs
        When the name has something else than results, or those of scenarios that these have not.
    InUse
        When a run is on its way to it.

    Examples
    --------
    With the results of the example of ``simulate``:

    >>> from pathlib import Path
    >>> ehc.write_results(results, "results/today")
    >>> Path("results/today/briefing.html").exists()
    True
    """
    from ehc_sim.jobs import results_folder

    if not isinstance(results, Results):
        raise TypeError(
            f"results: found {type(results).__name__}, allowed is what simulate returns"
        )
    results_folder.write(results, path_of("folder", folder), flag("replace", replace))


def read_results(folder: Path | str) -> Frames:
    """Read the tables of a results folder.

    Parameters
    ----------
    folder : path
        A results folder of a run.

    Returns
    -------
    Frames
        With a DataFrame for each table, such as ``.comparison`` and ``.monthly``;
        ``docs/results.md`` has their columns.

    Raises
    ------
    Damaged, NotResults
        When it does not hold the results of a run, or a table is not as it was written; both are
        a ``ValueError``.

    Examples
    --------
    With the folder of the example of ``write_results``:

    >>> again = ehc.read_results("results/today")
    >>> again.comparison["scenario"].tolist() == results.summary()["scenario"].tolist()
    True
    """
    from ehc_sim.experiment.contents import checked_run
    from ehc_sim.present.frames import Frames

    whole_folder = path_of("folder", folder)
    checked_run(whole_folder)
    return Frames.read(whole_folder)


def forecast(
    history: Path | str | Scenario | None = None,
    months: int = 36,
    *,
    council: str | None = None,
    sen2: Path | str | None = None,
    paths: int = 400,
    seed: int = DEFAULT_SEED,
    terms: str | None = None,
    overlays: Mapping[str, Mapping[str, Any]] | None = None,
) -> Forecast:
    """Forecast requests by month.

    Parameters
    ----------
    history : path or Scenario, optional
        CSV file of recorded requests by year or month, or with one row a request; or a scenario,
        or its file, whose record, weights and overlays are then used. None for a council of DfE's
        figures.
    months : int
        Months to forecast, 1 to 120.
    council : str, optional
        A council of DfE's figures, by name or code; beside a CSV file, whose rows of it are read
        and what the record is called.
    sen2 : path, optional
        DfE's SEN2 download, a zip file.
    paths : int
        Number of sample paths; path r belongs to replication r.
    seed : int
        Seed of the study.
    terms : str, optional
        School terms: ``somerset``, which are taken where none are named, or a file.
    overlays : mapping, optional
        Adjustments beside those of a scenario, each as its ``[demand.overlay.<name>]`` has it.

    Returns
    -------
    Forecast
        With ``.paths``, ``.quantiles()``, ``.by_year()``, ``.by_member()``, ``.findings``
        (questions and proposals about the record) and ``.check`` (the back-test).

    Raises
    ------
    BadInput
        With every fault of the files.
    TypeError, ValueError
        When an argument is not one of those allowed, or is beside a scenario, which has its own
        council and terms.

    Examples
    --------
    >>> import ehc_sim as ehc
    >>> forecast = ehc.forecast("scenarios/somerset/requests.csv", months=12, paths=50)
    >>> months = forecast.quantiles()
    >>> bool((months["low80"] <= months["median"]).all())
    True
    """
    months, paths = whole("months", months, 1, 120), whole("paths", paths, 1, 10_000)
    seed = whole("seed", seed, 0)
    record = _record(history, terms, sen2, council)
    more = {} if overlays is None else overlays_of(overlays)
    record = dataclasses.replace(record, overlays={**record.overlays, **more})
    return record.forecast(months, paths, seed)


def dfe_figures(council: str, sen2: Path | str) -> pd.DataFrame:
    """Return what DfE publishes of a council's service, and of England beside it.

    Parameters
    ----------
    council : str
        A council of DfE's figures, by name or code.
    sen2 : path
        DfE's SEN2 download, a zip file.

    Returns
    -------
    DataFrame
        Columns place, year, measure, by, group, value, mark and source: plans within 20 weeks and
        the mean weeks to them, annual reviews by age, phase transfers, requests by who asked, as
        far as the edition has them (``docs/forecasting_command.md``). Shares are 0 to 1. What is
        not in the file is told in ``.attrs["notes"]``, a list of sentences.

    Raises
    ------
    BadInput
        With every fault of the file, or where it has no such council.
    TypeError
        When an argument is not one of those allowed.

    Examples
    --------
    >>> import ehc_sim as ehc
    >>> table = ehc.dfe_figures("Smallshire", "sen2_2026.zip")
    >>> list(table)[:4]
    ['place', 'year', 'measure', 'by']
    >>> table.attrs["notes"][-1]
    "DfE's file has no table of phase transfers (looked for one with a column like due_26)."
    """
    found = read_sen2(path_of("sen2", sen2))
    service = figures_of(found, council_of(found, text("council", council)))
    table = service.figures
    table.attrs["notes"] = list(service.notes)
    return table


def new_council(
    council: str,
    sen2: Path | str | Sequence[Path | str],
    out: Path | str | None = None,
    *,
    plan_from: str | date | None = None,
    until: int | None = None,
) -> Made:
    """Make a folder of scenarios for a council from DfE's download.

    Parameters
    ----------
    council : str
        A council of DfE's figures, by name or code.
    sen2 : path or sequence of paths
        DfE's SEN2 download, a zip file; where several have a figure, the latest edition's is taken.
    out : path, optional
        The folder to make, which is not there yet; the council's name by default.
    plan_from : str or date, optional
        First day of the plan, the first of a month; the April after the next of the record's end
        without it.
    until : int, optional
        Last calendar year that is known: nothing later goes into the folder, for a back-cast.

    Returns
    -------
    Made
        With ``.folder``, ``.council`` and ``.notes``: what was missing and what was done.

    Raises
    ------
    BadInput
        If the folder is there, a file is no such download, or it has no such council.
    TypeError, ValueError
        When an argument is not one of those allowed.

    Examples
    --------
    >>> import ehc_sim as ehc
    >>> made = ehc.new_council("Smallshire", "sen2_2026.zip", "smallshire")
    >>> made.council
    'Smallshire'
    """
    files = [sen2] if isinstance(sen2, str | Path) else list(sen2)
    if isinstance(plan_from, str):
        plan_from = day(plan_from)
    if plan_from is not None and not isinstance(plan_from, date):
        found = type(plan_from).__name__
        raise TypeError(f"plan_from: found {found}, allowed is a day such as 2027-04-01")
    return made_for(
        text("council", council),
        [path_of("sen2", file) for file in files],
        None if out is None else path_of("out", out),
        plan_from=plan_from,
        until=None if until is None else whole("until", until, 2014, 2100),
    )


def why_requests_rise(
    history: Path | str | Scenario | None = None,
    *,
    council: str | None = None,
    sen2: Path | str | None = None,
    population: Path | str | None = None,
    years_back: int = 1,
) -> Rise:
    """Explain the change from one year of a record to a later one.

    Parameters
    ----------
    history, council, sen2
        As for ``forecast``; beside a CSV, DfE's download gives England's requests by age.
    population : path, optional
        CSV of children by age: year, age (0 to 25), population.
    years_back : int
        Years between the two that are compared.

    Returns
    -------
    Rise
        With ``.table`` (one row a part, with its 95% range), ``.of(question)`` and ``.notes``.

    Raises
    ------
    BadInput
        With every fault of the files.
    TypeError, ValueError
        When an argument is not one of those allowed.

    Examples
    --------
    >>> import ehc_sim as ehc
    >>> rise = ehc.why_requests_rise("scenarios/somerset/requests.csv")
    >>> rise.table["question"].iloc[0]
    'all'
    """
    years_back = whole("years_back", years_back, 1, 10)
    children = None if population is None else read_population(path_of("population", population))
    return _record(history, None, sen2, council).rise(years_back, children)


def _record(
    history: Path | str | Scenario | None,
    terms: str | None,
    sen2: Path | str | None,
    council: str | None,
) -> Recorded:
    if not (history is None or isinstance(history, AScenario)):
        found = type(history).__name__
        raise TypeError(
            f"history: found {found}, allowed is a file of requests, or a scenario; write a "
            "DataFrame with to_csv and give the file"
        )
    if history is None and council is None:
        raise ValueError(
            "history: found nothing, allowed is a file of requests, a scenario, or council"
        )
    terms = None if terms is None else str(path_of("terms", terms))
    council = None if council is None else text("council", council)
    published = None if sen2 is None else path_of("sen2", sen2)
    of = history
    if of is not None and not isinstance(of, Scenario):
        of = path_of("history", of)
    if isinstance(of, Scenario) or (of is not None and of.suffix == ".toml"):
        of = _loaded(of)
        for name, found in only_its_own(of, terms, council).items():
            raise ValueError(f"{name}: {found}")
    return recorded(of, terms, published, council)
