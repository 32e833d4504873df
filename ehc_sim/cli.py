"""The command ``ehc-sim``.

Exit codes: 0 done, 1 failed, 2 bad input, 130 stopped. Parts of the program are imported inside the
commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ehc_sim.version import __version__

if TYPE_CHECKING:
    from ehc_sim.experiment.study import Plan

FAILED, BAD_INPUT, STOPPED = 1, 2, 130

app = typer.Typer(
    help="Simulate the 20-week Education, Health and Care assessment pathway and compare staffing "
    "investments by the chance of meeting the target.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)

Files = Annotated[
    list[Path] | None,
    typer.Argument(help="Scenario files, or folders of them; Somerset's where none is named."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]
Seed = Annotated[int | None, typer.Option(help="Seed; the same seed gives the same results.")]
Replications = Annotated[int | None, typer.Option(min=1, help="Replications of each scenario.")]
Processes = Annotated[
    int | None, typer.Option(min=1, help="Processes to use; one for each processor by default.")
]


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
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
            help="Add replications until every chance is known to so much on each side, as 0.05.",
        ),
    ] = None,
    seed: Seed = None,
    processes: Processes = None,
    as_json: AsJson = False,
) -> None:
    """Simulate every scenario, compare them, and write the results and the briefing."""
    with _plain_faults():
        from ehc_sim import job
        from ehc_sim.terminal import comparison_lines, progress

        paths = files or [job.shipped()]
        scenarios = job.scenarios_of(paths)
        folder = out or Path("results") / _name_of(paths[0])
        plan = _plan(replications, half_width, seed, processes)
        with progress(quiet=as_json) as advance:
            written = job.run(scenarios, plan, folder, advance)
        summary = written.results.summary()
        if as_json:
            typer.echo(summary.to_json(orient="records", indent=1))
            return
        for line in comparison_lines(summary):
            typer.echo(line)
        typer.echo(f"\nBriefing: {folder / 'briefing.html'}\nTables:   {folder}")


@app.command()
def check(
    files: Files = None,
    paths: Annotated[
        bool, typer.Option("--paths", help="List every path that a change can name.")
    ] = False,
) -> None:
    """Check scenario files: every fault with its file and line, or a line for each good one."""
    with _plain_faults():
        from ehc_sim import job

        for scenario in job.scenarios_of(files or [job.shipped()]):
            if paths:
                typer.echo("\n".join(scenario.paths()))
                return
            changes = len(scenario.changes)
            typer.echo(f"good: {scenario.path}: {scenario.name} ({changes} changes)")


@app.command()
def forecast(
    history: Annotated[
        Path | None,
        typer.Argument(help="CSV of requests by year or month; Somerset's where none is named."),
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=120, help="Months to forecast.")] = 36,
    terms: Annotated[str, typer.Option(help="School terms: somerset, or a CSV file.")] = "somerset",
    out: Annotated[Path | None, typer.Option(help="Write the months to this CSV file.")] = None,
    seed: Seed = None,
    as_json: AsJson = False,
) -> None:
    """Forecast requests, with the check of the method on the past beside it."""
    with _plain_faults():
        from ehc_sim import api, job
        from ehc_sim.experiment.study import DEFAULT_SEED
        from ehc_sim.terminal import forecast_lines

        chosen = DEFAULT_SEED if seed is None else seed
        if history is None:
            made = api.forecast(job.scenarios_of([job.shipped()])[0], months, seed=chosen)
        else:
            made = api.forecast(history, months, terms=terms, seed=chosen)
        if out is not None:
            part = out.with_name(f".{out.name}.{os.getpid()}.part")
            made.quantiles().to_csv(part, index=False, float_format="%.1f")
            part.replace(out)
        if as_json:
            typer.echo(made.quantiles().to_json(orient="records", date_format="iso", indent=1))
            return
        for line in forecast_lines(made):
            typer.echo(line)


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(help="A results folder, or a scenario file.")],
    second: Annotated[Path, typer.Argument(help="Another of the same kind.")],
    replications: Replications = None,
    seed: Seed = None,
    processes: Processes = None,
    as_json: AsJson = False,
) -> None:
    """Compare two results folders, or simulate two scenarios and compare them."""
    with _plain_faults():
        from ehc_sim import job
        from ehc_sim.experiment.folder import MANIFEST
        from ehc_sim.experiment.folders import compare_folders
        from ehc_sim.experiment.study import study
        from ehc_sim.scenario import BadInput, Fault
        from ehc_sim.terminal import comparison_lines, folder_lines, progress

        if (first / MANIFEST).is_file() and (second / MANIFEST).is_file():
            table = compare_folders(first, second)
            if table.empty:
                raise BadInput([Fault(second, None, "", f"found no scenario that {first} has too")])
            lines = folder_lines(table)
        else:
            scenarios = job.scenarios_of([first, second])
            with progress(quiet=as_json) as advance:
                plan = _plan(replications, None, seed, processes)
                table = study(scenarios, plan, advance).summary()
            lines = comparison_lines(table)
        if as_json:
            typer.echo(table.to_json(orient="records", indent=1))
            return
        for line in lines:
            typer.echo(line)


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="A results folder.")],
) -> None:
    """Draw the charts and write the briefing of a results folder again."""
    with _plain_faults():
        from ehc_sim import job

        for path in job.report(folder):
            typer.echo(path)


def _plan(
    replications: int | None, half_width: float | None, seed: int | None, processes: int | None
) -> Plan:
    from ehc_sim.experiment.study import DEFAULT_REPLICATIONS, DEFAULT_SEED, Plan

    return Plan(
        replications=replications or DEFAULT_REPLICATIONS,
        half_width=half_width,
        seed=DEFAULT_SEED if seed is None else seed,
        processes=processes or os.cpu_count() or 1,
    )


def _name_of(path: Path) -> str:
    return path.resolve().name if path.is_dir() else path.stem


@contextmanager
def _plain_faults() -> Iterator[None]:
    """Turn what can go wrong into plain lines and exit codes."""
    from ehc_sim.calendars import TermsError
    from ehc_sim.experiment.folder import NotOurs
    from ehc_sim.experiment.workers import RunFailed
    from ehc_sim.present.frames import NotResults
    from ehc_sim.scenario import BadInput

    try:
        yield
    except (BadInput, NotOurs, NotResults, TermsError) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(BAD_INPUT) from None
    except (RunFailed, OSError) as fault:
        typer.echo(f"failed: {fault}", err=True)
        raise typer.Exit(FAILED) from None
    except KeyboardInterrupt:
        typer.echo("stopped; nothing was written", err=True)
        raise typer.Exit(STOPPED) from None


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
