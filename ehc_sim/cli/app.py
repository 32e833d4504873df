"""The command ``ehc-sim``.

``exit_codes`` has the exit codes. Parts of the program are imported inside the commands, so that
``--help`` answers at once.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ehc_sim.cli.console import plain_faults, say, show_what_can_be_shown, stopped_by_signals
from ehc_sim.cli.output_files import check_names, check_new, give, put, say_kept
from ehc_sim.garbage import no_search_at_the_end, no_search_for_garbage
from ehc_sim.version import __version__

if TYPE_CHECKING:
    from ehc_sim.experiment.study import Plan
    from ehc_sim.scenario import Scenario

app = typer.Typer(
    help="Simulate the 20-week Education, Health and Care assessment pathway and compare staffing "
    "investments by the chance of meeting the target.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


class EngineName(StrEnum):
    """The models that can run a scenario."""

    compiled = "compiled"
    simpy = "simpy"


Files = Annotated[
    list[Path] | None,
    typer.Argument(help="Scenario files, or folders of them; Somerset's where none is named."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]
Seed = Annotated[
    int | None, typer.Option(min=0, help="Seed; the same seed gives the same results.")
]
Replications = Annotated[int | None, typer.Option(min=1, help="Replications of each scenario.")]
Processes = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Processes to use; one for each processor by default, and one for little work.",
    ),
]
WithEngine = Annotated[
    EngineName | None,
    typer.Option("--engine", help="The model: compiled for speed, or simpy; the same results."),
]
OneFile = Annotated[
    Path | None, typer.Option("--file", help="Scenario file; Somerset's baseline by default.")
]
ToCsv = Annotated[Path | None, typer.Option(help="Write the table to this CSV file.")]
ToSvg = Annotated[Path | None, typer.Option(help="Draw the chart to this SVG file.")]


def _share(text: str) -> float:
    """Return a share of plans that was named on the command line: 0.6, or 60%."""
    number = text.strip().removesuffix("%")
    try:
        share = float(number) / (100 if number != text.strip() else 1)
    except ValueError:
        share = -1
    if not 0 <= share <= 1:
        raise typer.BadParameter(f"found {text!r}, allowed is 0 to 1, such as 0.6, or 60%")
    return share


def _version(wanted: bool) -> None:
    if wanted:
        from ehc_sim.experiment.code import code_hash

        say(f"{__version__} (code {code_hash()[:12]})")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


@app.command()
def run(
    files: Files = None,
    out: Annotated[
        Path | None, typer.Option(help="Results folder; results/<folder of the scenarios>.")
    ] = None,
    replications: Replications = None,
    half_width: Annotated[
        float | None,
        typer.Option(
            min=0.001,
            max=0.499,
            help="Simulate each scenario until its chance is known to so much on each side; 0.05, "
            "five points, where no number is given.",
        ),
    ] = None,
    most: Annotated[
        int | None,
        typer.Option(min=1, help="Most replications of a scenario, however well it is known."),
    ] = None,
    seed: Seed = None,
    processes: Processes = None,
    engine: WithEngine = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Run on the workers of a Dask scheduler, as tcp://127.0.0.1:8786."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Run on so many Dask workers of this machine.")
    ] = None,
    target: Annotated[
        float | None,
        typer.Option(
            parser=_share,
            metavar="SHARE",
            help="Share on time wanted, of all scenarios: 0.6 or 60%.",
        ),
    ] = None,
    window: Annotated[
        str | None,
        typer.Option(help="Months in which it is judged, of all scenarios: 2027-01:2027-12."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(help="Last day of the plan, of all scenarios: 2028-03-31, or its month."),
    ] = None,
    replace_others: Annotated[
        bool,
        typer.Option("--replace", help="Replace results of another council or other scenarios."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate every scenario, compare them, and write the results and the briefing."""
    with plain_faults():
        from ehc_sim.cli.progress import progress
        from ehc_sim.jobs import results_folder
        from ehc_sim.scenario.agreement import alone, notes_of_options

        paths = files or [results_folder.shipped()]
        scenarios = results_folder.scenarios_of(
            paths, results_folder.for_all(target, window, until)
        )
        folder = out or Path("results") / _name_of(paths[0])
        for line in [alone(scenarios), *notes_of_options(scenarios)]:
            if line:
                say(f"note: {line}", err=True)
        plan = _plan(replications, seed, processes, engine, half_width, most, by_itself=True)
        plan = replace(plan, cluster=workers if scheduler is None else scheduler)
        with progress(quiet=as_json) as advance:
            written = results_folder.run(scenarios, plan, folder, advance, replace_others)
        for name in written.torn:
            say(f"{name}: was torn; its replications were run again", err=True)
        if written.run_in is not None:
            say(written.run_in, err=True)
        say_kept(folder, written.kept)
        if written.limit is not None:
            say(written.limit, err=True)
        summary = written.summary
        if as_json:
            say(summary.to_json(orient="records", indent=1))
            return
        from ehc_sim.cli.terminal import (
            comparison_lines,  # knows charts: memory that the run needed
        )

        for line in comparison_lines(summary):
            say(line)
        say(f"\nBriefing: {folder / 'briefing.html'}\nTables:   {folder}")


@app.command()
def check(
    files: Files = None,
    paths: Annotated[
        bool, typer.Option("--paths", help="List every path that a change can name.")
    ] = False,
) -> None:
    """Check scenario files: every fault with its file and line, or a line for each good one."""
    with plain_faults(), no_search_for_garbage():
        from ehc_sim.experiment.before import notes_of_terms
        from ehc_sim.jobs.checking import scenarios_of, shipped
        from ehc_sim.scenario.agreement import notes_of_options

        scenarios = scenarios_of(files or [shipped()])
        for scenario in scenarios:
            if paths:
                say("\n".join(scenario.paths()))
                return
            changes = sum(not change.of_members for change in scenario.changes)
            members = "" if scenario.members is None else f", {scenario.members}"
            say(f"good: {scenario.path}: {scenario.name} ({changes} changes{members})")
        terms = [note for one in scenarios for note in notes_of_terms(one)]
        for line in [*dict.fromkeys(terms), *notes_of_options(scenarios)]:
            say(f"note: {line}", err=True)


@app.command()
def forecast(
    history: Annotated[
        Path | None,
        typer.Argument(
            help="CSV of requests by year or month, or with one row a request; or a scenario. "
            "Somerset's where none is named."
        ),
    ] = None,
    council: Annotated[
        str | None,
        typer.Option(
            help="A council of DfE's figures, by name or code, with --sen2; beside a CSV, its name."
        ),
    ] = None,
    sen2: Annotated[
        Path | None,
        typer.Option(
            help="DfE's download of “Education, health and care plans”, a zip file; beside a CSV "
            "it gives England's figures.",
        ),
    ] = None,
    population: Annotated[
        Path | None,
        typer.Option(help="CSV of children by age, 0 to 25: year, age, population."),
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=120, help="Months to forecast.")] = 36,
    paths: Annotated[
        int, typer.Option(min=100, max=10_000, help="Simulated futures of the forecast.")
    ] = 400,
    years_back: Annotated[
        int, typer.Option(min=1, max=10, help="Years between the two that are compared.")
    ] = 1,
    leave_out: Annotated[
        list[int] | None,
        typer.Option(help="A year of a yearly record to learn nothing from; may be repeated."),
    ] = None,
    terms: Annotated[
        str | None,
        typer.Option(help="School terms: somerset, which are taken without it, or a CSV file."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; results/<council>_forecast.")] = None,
    seed: Seed = None,
    replace_others: Annotated[
        bool, typer.Option("--replace", help="Replace the forecast of another record.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Forecast requests, test the method on the past, say why requests rise; write it all down."""
    with plain_faults():
        from ehc_sim.demand.rise.population import read_population
        from ehc_sim.jobs.record import recorded, without_years

        record = recorded(history, terms, sen2, council)
        if leave_out:
            record = without_years(record, leave_out)
        children = None if population is None else read_population(population)

        from ehc_sim.cli.terminal import forecast_lines
        from ehc_sim.experiment.study import DEFAULT_SEED
        from ehc_sim.jobs import forecast_folder

        chosen = DEFAULT_SEED if seed is None else seed
        folder = out or forecast_folder.folder_of(record)
        kept = forecast_folder.check_folder(folder, record, replace_others)
        rise = record.rise(years_back, children)
        made = record.forecast(months, paths, chosen)
        forecast_folder.write(record, made, rise, folder, chosen, replace_others)
        say_kept(folder, kept)
        if as_json:
            say(made.quantiles().to_json(orient="records", date_format="iso", indent=1))
            return
        for line in forecast_lines(made, rise):
            say(line)
        say(f"\nPage:   {folder / 'forecast.html'}\nTables: {folder}")


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(help="A results folder, or a scenario file.")],
    second: Annotated[Path, typer.Argument(help="Another of the same kind.")],
    replications: Replications = None,
    seed: Seed = None,
    processes: Processes = None,
    engine: WithEngine = None,
    as_json: AsJson = False,
) -> None:
    """Compare two results folders, or simulate two scenarios and compare them."""
    with plain_faults():
        from ehc_sim.cli.progress import progress
        from ehc_sim.cli.terminal import comparison_lines, folder_lines
        from ehc_sim.experiment.folders import compare_folders
        from ehc_sim.experiment.study import study
        from ehc_sim.experiment.together import faults_of_folders
        from ehc_sim.jobs import results_folder
        from ehc_sim.scenario import BadInput, Fault

        if first.is_dir() and second.is_dir():
            if faults := faults_of_folders(first, second):
                raise BadInput(faults)
            table = compare_folders(first, second)
            if table.empty:
                raise BadInput([Fault(second, None, "", f"found no scenario that {first} has too")])
            lines = folder_lines(table)
        else:
            scenarios = results_folder.scenarios_of([first, second])
            with progress(quiet=as_json) as advance:
                plan = _plan(replications, seed, processes, engine)
                table = study(scenarios, plan, advance).summary()
            lines = comparison_lines(table)
        if as_json:
            say(table.to_json(orient="records", indent=1))
            return
        for line in lines:
            say(line)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="A results folder.")],
) -> None:
    """Draw the charts and write the briefing of a results folder again."""
    with plain_faults():
        from ehc_sim.jobs import results_folder

        for path in results_folder.report(folder):
            say(path)


@app.command()
def new(
    scenario: Annotated[
        Path | None, typer.Argument(help="A scenario file; Somerset's baseline by default.")
    ] = None,
    caseload_template: Annotated[
        bool,
        typer.Option("--caseload-template", help="The file of the open cases."),
    ] = False,
    council: Annotated[
        str | None,
        typer.Option(help="A council of DfE's figures, by name or code, with --sen2: its folder."),
    ] = None,
    sen2: Annotated[
        list[Path] | None,
        typer.Option(
            help="DfE's download of “Education, health and care plans”, a zip file; may be given "
            "again with an older edition.",
        ),
    ] = None,
    plan_from: Annotated[
        str | None,
        typer.Option(
            help="First day of the plan, such as 2027-04-01; the April after the next of the "
            "record's end without it."
        ),
    ] = None,
    until: Annotated[
        int | None,
        typer.Option(hidden=True, help="Last calendar year that is known, for a back-cast."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="File or folder to write; one that is there is kept. open_cases.csv, or the "
            "council's name."
        ),
    ] = None,
) -> None:
    """Make a council's folder of scenarios from DfE's download, or an empty caseload to fill in."""
    with plain_faults():
        from ehc_sim.jobs.new_council.asked import check_asked

        check_asked(scenario, caseload_template, council, sen2, plan_from, until)
        if council is not None and sen2:
            _new_council(council, sen2, out, plan_from, until)
            return
        from ehc_sim.jobs.checking import shipped
        from ehc_sim.journey.open_cases.template import template
        from ehc_sim.scenario import load

        out = out or Path("open_cases.csv")
        check_new(out)
        text = template(load(scenario or shipped() / "baseline.toml").base)
        put(out, text, "utf-8-sig")
        say(f"Caseload to fill in: {out}")


def _new_council(
    council: str, sen2: list[Path], out: Path | None, plan_from: str | None, until: int | None
) -> None:
    from ehc_sim.jobs.new_council import new_council
    from ehc_sim.jobs.new_council.asked import day

    made = new_council(
        council, sen2, out, plan_from=None if plan_from is None else day(plan_from), until=until
    )
    for line in made.notes:
        say(f"note: {line}", err=True)
    say(f"{made.council}: {made.folder}, with {made.options} options beside today's service.")
    say(f"What to ask for first: {made.folder / 'your_numbers.html'} and your_numbers.xlsx")
    say(f"Next: ehc-sim calibrate {made.folder}, then ehc-sim run {made.folder}")


@app.command()
def sweep(
    what: Annotated[str, typer.Argument(help="Setting, such as meetings.share.")],
    values: Annotated[list[str], typer.Argument(help="Its values, two or more, from lowest on.")],
    file: OneFile = None,
    replications: Replications = None,
    seed: Seed = None,
    processes: Processes = None,
    engine: WithEngine = None,
    out: ToCsv = None,
    chart: ToSvg = None,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario at several values of one setting: which is best, and what is enough."""
    with plain_faults():
        from ehc_sim.cli.progress import progress
        from ehc_sim.cli.terminal import sweep_lines
        from ehc_sim.experiment.sweep import sweep as simulated
        from ehc_sim.present.charts.sweep import draw
        from ehc_sim.scenario.what_if import value_of

        check_names(out, chart)
        plan = _plan(replications, seed, processes, engine)
        with progress(quiet=as_json) as advance:
            chosen = [value_of(text) for text in values]
            table = simulated(_scenario_of(file), what, chosen, plan, advance).table()
        give(table, out, chart, draw, sweep_lines, as_json)


@app.command()
def refusing(
    rates: Annotated[
        list[float] | None,
        typer.Argument(
            help="Shares of requests refused, two or more; 0.25 to 0.45 where none are named.",
            show_default=False,
        ),
    ] = None,
    file: OneFile = None,
    replications: Replications = None,
    seed: Seed = None,
    processes: Processes = None,
    engine: WithEngine = None,
    out: ToCsv = None,
    chart: ToSvg = None,
    as_json: AsJson = False,
) -> None:
    """Show what refusing to assess costs: the hours it saves, and those that come back."""
    with plain_faults():
        from ehc_sim.cli.progress import progress
        from ehc_sim.cli.terminal import refusing_lines
        from ehc_sim.experiment.refusing import RATES, what_refusing_costs
        from ehc_sim.present.charts.refusing import draw
        from ehc_sim.scenario.margin import all_overturned

        check_names(out, chart)
        plan = _plan(replications, seed, processes, engine)
        scenario, tried = _scenario_of(file), rates or RATES
        with progress(quiet=as_json) as advance:
            table = what_refusing_costs(scenario, tried, plan, advance)
        for line in all_overturned(scenario, max(tried)):
            say(f"note: {line}", err=True)
        give(table, out, chart, draw, refusing_lines, as_json)


@app.command()
def sensitivity(
    file: Annotated[
        Path | None, typer.Argument(help="Scenario file; Somerset's baseline where none is named.")
    ] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(
            help="Measure that is looked at, such as mean_weeks; may be repeated. The share on "
            "time and weeks of waiting past the date where none is named."
        ),
    ] = None,
    runs: Annotated[
        int, typer.Option(min=1, help="Runs, at least; more tell smaller effects.")
    ] = 1,
    out: Annotated[Path | None, typer.Option(help="Folder; results/<file>_sensitivity.")] = None,
    seed: Seed = None,
    processes: Processes = None,
    engine: WithEngine = None,
    replace_others: Annotated[
        bool, typer.Option("--replace", help="Replace what is said of another scenario.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Find which of the numbers with a range decide, how much, and what it pays to find out."""
    with plain_faults():
        from ehc_sim.cli.progress import progress
        from ehc_sim.experiment.sensitivity import MEASURES, checked_measures
        from ehc_sim.experiment.sensitivity import sensitivity as found_by
        from ehc_sim.jobs import sensitivity_folder

        try:
            measures = checked_measures(measure or MEASURES)
        except ValueError as wrong:
            raise typer.BadParameter(str(wrong)) from None
        scenario = _scenario_of(file)
        folder = out or sensitivity_folder.folder_of(scenario)
        kept = sensitivity_folder.check_folder(folder, scenario, replace_others)
        plan = _plan(None, seed, processes, engine)
        with progress(quiet=as_json) as advance:
            found = found_by(scenario, plan, measures, runs, advance)
        sensitivity_folder.write(found, folder, replace_others)
        say_kept(folder, kept)
        for note in found.notes:
            say(f"note: {note}", err=True)
        if as_json:
            say(found.table().to_json(orient="records", indent=1))
            return
        from ehc_sim.cli.terminal import sensitivity_lines

        for line in sensitivity_lines(found.table()):
            say(line)
        say(f"Page:  {folder / 'sensitivity.html'}\nTable: {folder / 'sensitivity.csv'}")


@app.command()
def calibrate(
    folder: Annotated[
        Path, typer.Argument(help="Folder of a council's scenarios, or the file of its baseline.")
    ],
    until: Annotated[
        int | None,
        typer.Option(
            min=2014, max=2099, help="Last calendar year that is looked at; all by default."
        ),
    ] = None,
    seed: Seed = None,
    processes: Processes = None,
    as_json: AsJson = False,
) -> None:
    """Find what may be behind a council's published figures: members.csv, beside its baseline."""
    with plain_faults():
        from ehc_sim.calibration import calibrate as calibration
        from ehc_sim.calibration import fit
        from ehc_sim.cli.progress import progress
        from ehc_sim.jobs import calibration_folder
        from ehc_sim.jobs.checking import baseline_of

        scenario = baseline_of(folder)
        plan = _plan(None, seed, processes, None)
        with calibration_folder.only_calibration(scenario), progress(quiet=as_json) as advance:
            found = calibration.calibrate(
                scenario, until, seed=plan.seed, processes=plan.processes, progress=advance
            )
            written = calibration_folder.write(found)
        table = fit.fit_table(found)
        if as_json:
            say(table.to_json(orient="records", indent=1))
            return
        from ehc_sim.cli.terminal import calibration_lines

        for line in calibration_lines(table, fit.explanations_table(found)):
            say(line)
        if written.named:
            say(f"{scenario.path}: names the members now, in its last lines", err=True)
        say(f"Members: {written.members}\nTable:   {written.fit}\nPage:    {written.page}")


@app.command()
def backcast(
    folder: Annotated[
        Path | None,
        typer.Argument(help="A council's folder, or its baseline; Somerset's where none is named."),
    ] = None,
    until: Annotated[
        int | None,
        typer.Option(
            min=2000,
            max=2100,
            help="Last calendar year that the forecast is told of; the one before the last "
            "published figures where none is named.",
        ),
    ] = None,
    replications: Annotated[
        int | None, typer.Option(min=8, help="Simulated futures, each way.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; results/<council>_backcast.")] = None,
    seed: Seed = None,
    processes: Processes = None,
    replace_others: Annotated[
        bool, typer.Option("--replace", help="Replace the back-cast of another council.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make the forecast as of the end of a past year, and hold it against what came."""
    with plain_faults():
        from ehc_sim.calibration.backcast import REPLICATIONS
        from ehc_sim.calibration.backcast import backcast as found_by
        from ehc_sim.cli.progress import progress
        from ehc_sim.experiment.study import DEFAULT_SEED
        from ehc_sim.jobs import backcast_folder
        from ehc_sim.jobs.checking import baseline_of, shipped
        from ehc_sim.present.backcast_words import sentences, trust

        scenario = baseline_of(folder or shipped() / "baseline.toml")
        results = out or backcast_folder.folder_of(scenario)
        kept = backcast_folder.check_folder(results, scenario, replace_others)
        with progress(quiet=as_json) as advance:
            found = found_by(
                *(scenario, until),
                replications=replications or REPLICATIONS,
                seed=DEFAULT_SEED if seed is None else seed,
                processes=processes,
                progress=lambda what: advance,
            )
        backcast_folder.write(found, results, replace_others)
        say_kept(results, kept)
        if as_json:
            say(found.table.to_json(orient="records", indent=1))
            return
        for line in (trust(found.table, found.held), *sentences(found.table)):
            say(line)
        say(f"Page:  {results / backcast_folder.PAGE}\nTable: {results / backcast_folder.TABLE}")


def _scenario_of(file: Path | None) -> Scenario:
    from ehc_sim.jobs.checking import scenarios_of, shipped

    return scenarios_of([file or shipped() / "baseline.toml"])[0]


def _plan(
    replications: int | None,
    seed: int | None,
    processes: int | None,
    engine: EngineName | None,
    half_width: float | None = None,
    most: int | None = None,
    by_itself: bool = False,
) -> Plan:
    """Return the plan of a study; ``by_itself`` where each scenario may stop by itself."""
    from ehc_sim.experiment.study import DEFAULT_REPLICATIONS, DEFAULT_SEED, plan_of

    try:
        return plan_of(
            replications if replications or by_itself else DEFAULT_REPLICATIONS,
            half_width,
            most,
            seed=DEFAULT_SEED if seed is None else seed,
            processes=processes,
            engine=None if engine is None else engine.value,
        )
    except ValueError as wrong:
        raise typer.BadParameter(str(wrong)) from None


def _name_of(path: Path) -> str:
    return path.resolve().name if path.is_dir() else path.stem


def main() -> None:
    """Run the command line."""
    show_what_can_be_shown()
    try:
        with stopped_by_signals():
            app()
    finally:
        no_search_at_the_end()


if __name__ == "__main__":
    main()
