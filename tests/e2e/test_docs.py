"""The documentation holds: its commands and examples run, its tables leave nothing out."""

from __future__ import annotations

import inspect
import json
import re
import shlex
import shutil
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import ehc_sim
from docs.generate import MADE, process_map_page, with_part
from docs.json_schema import extending_schema
from ehc_sim.catalogue.tables import MEASURES, names
from ehc_sim.cli.app import app
from ehc_sim.experiment.study import Plan
from ehc_sim.jobs.results_folder import run, scenarios_of
from ehc_sim.scenario import load
from ehc_sim.scenario.numbers import number_of
from tests.forecast_records import by_request, population
from tests.members import NAMED, TABLE
from tests.sen2_files import edition
from tests.sen2_files import rows as sen2_rows

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")]
SMALL = ROOT / "tests" / "data" / "small"
PAGE_ON_FORECASTS = (DOCS / "forecasting_command.md").read_text(encoding="utf-8")


def text_of(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(page), re.MULTILINE | re.DOTALL)


def sections(page: str) -> dict[str, str]:
    parts = re.split(r"^## (.*)\n", text_of(page), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def words_in_code(text: str) -> set[str]:
    return set(re.findall(r"`([^`\n]+)`", text))


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like that of the project, with a small council under Somerset's name."""
    folder = tmp_path / "scenarios" / "somerset"
    shutil.copytree(SMALL, folder)
    _make_whole(folder)
    more = folder.with_name("somerset_whole_service")
    more.mkdir()
    text = (SMALL / "more_psychologists.toml").read_text(encoding="utf-8")
    there = text.replace('"baseline.toml"', '"../somerset/baseline.toml"')
    (more / "more_psychologists.toml").write_text(there, encoding="utf-8")
    (tmp_path / "my_idea.toml").write_text(blocks("README.md", "toml")[0], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _make_whole(folder: Path) -> None:
    """Put the stock of plans, disputes and meetings of the small council into its baseline.

    Its plan is made as long as Somerset's, whose dates the pages name.
    """
    whole = folder / "whole_service.toml"
    _, table, rest = whole.read_text(encoding="utf-8").partition("[disputes]")
    baseline = folder / "baseline.toml"
    text = baseline.read_text(encoding="utf-8")
    longer = text.replace("plan_until = 2026-12-31", "plan_until = 2030-06-30")
    assert longer != text
    baseline.write_text(f"{longer}\n{table}{rest}", encoding="utf-8")
    whole.unlink()


def test_pages_made_from_the_program_are_in_step_with_it() -> None:
    again = "run python docs/generate.py"
    assert text_of("docs/process_map.md") == process_map_page(), again
    for name, made in MADE.items():
        page = text_of(f"docs/{name}")
        assert page == with_part(page, made()), again


def test_every_key_of_a_scenario_file_is_described() -> None:
    described = words_in_code(text_of("docs/scenarios.md"))
    schema = extending_schema()
    tables = [schema, *schema["$defs"].values()]
    keys = {key for table in tables for key in table.get("properties", {})}
    keys |= {"value", "low", "likely", "high", "source", "note"}
    tops = {word.strip("[]").partition(".")[0] for word in described if word.startswith("[")}
    assert keys - described - tops == set()


@pytest.mark.parametrize(
    "page", [path.relative_to(ROOT).as_posix() for path in PAGES], ids=lambda page: page
)
def test_every_link_leads_somewhere(page: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text_of(page))
    near = [target for target in targets if not target.startswith("http")]
    missing = [target for target in near if not ((ROOT / page).parent / target).exists()]
    assert missing == []


def test_readme_has_one_command_to_run_and_one_to_test() -> None:
    lines = [line for block in blocks("README.md", "sh") for line in block.splitlines()]
    whole = [line for line in lines if line.startswith("python3 -m venv .venv && ")]
    assert [line.split(" && ")[-1].split()[0] for line in whole] == [
        ".venv/bin/ehc-sim",
        ".venv/bin/pytest",
    ]
    for line in whole:
        assert re.search(r"pip install -e \S+ -c constraints\.txt", line)


def test_constraints_are_versions_without_addresses() -> None:
    lines = [line for line in text_of("constraints.txt").splitlines() if line[:1] != "#"]
    wrong = [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][\w.+]*", line)]
    assert wrong == []
    with (ROOT / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["test"], *extras["notebooks"], *extras["docs"]]
    names = {re.match(r"[\w.-]+", one)[0].lower().replace("_", "-") for one in wanted}
    held = {line.partition("==")[0].lower().replace("_", "-") for line in lines}
    assert names - held == set()


def commands(page: str) -> list[list[str]]:
    """Return the ehc-sim commands of a page, with few replications, as lists of arguments."""
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    shown = [shlex.split(line.removeprefix(".venv/bin/")) for line in lines]
    few = ["--replications", "2", "--processes", "1"]
    return [
        [*arguments, *(few if arguments[0] in ("run", "sweep", "refusing") else [])]
        for program, *arguments in filter(None, shown)
        if program == "ehc-sim"
    ]


def test_commands_of_the_readme_do_what_it_says(records: Path) -> None:
    shown = commands("README.md")
    # A calibration takes minutes, and here the download has requests alone; its commands are those
    # of the page on your council.
    of_a_council = [one for one in shown if "gloucestershire" in one[1:]]
    assert [one[0] for one in of_a_council] == ["new", "calibrate", "run"]
    for arguments in [one for one in shown if one not in of_a_council[1:]]:
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.stderr
    for name in ("my_idea", "whole_service"):
        assert (records / "results" / name / "briefing.html").is_file()
    for name in ("meetings.svg", "refusing.svg", "open_cases.csv"):
        assert (records / name).is_file()
    assert (records / "results" / "gloucestershire_forecast" / "forecast.html").is_file()


def test_commands_of_the_page_on_scenarios_do_what_it_says(checkout: Path) -> None:
    assert commands("docs/scenarios.md")
    for arguments in commands("docs/scenarios.md"):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.stderr
    for name in ("my_idea", "somerset"):
        assert (checkout / "results" / name / "briefing.html").is_file()


def test_commands_of_the_first_comparison_do_what_it_says(checkout: Path) -> None:
    page = "docs/first_comparison.md"
    (file,) = blocks(page, "toml")
    (checkout / "more_psychologists.toml").write_text(file, encoding="utf-8")
    assert [command for command, *_ in commands(page)] == ["check", "run"]
    for arguments in commands(page):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.stderr
    briefing = (checkout / "results" / "first" / "briefing.html").read_text(encoding="utf-8")
    assert "Two more educational psychologists" in briefing
    headings = (ROOT / "ehc_sim" / "present" / "templates" / "briefing.html.j2").read_text("utf-8")
    for named in re.findall(r"^\d\. \*\*(.+?)\*\*", text_of(page), re.MULTILINE):
        assert f">{named}</h2>" in headings


@pytest.fixture
def records(checkout: Path) -> Path:
    """The checkout with a record, a population and DfE's file under the names of the pages."""
    by_request(checkout / "requests.csv", "2022-01")
    population(checkout / "population.csv")
    table = [
        {key: value.replace("Smallshire", "Gloucestershire") for key, value in row.items()}
        for row in sen2_rows()
    ]
    edition(checkout / "education-health-and-care-plans_2025.zip", 2025, table)
    return checkout


def test_commands_of_the_page_on_the_forecast_do_what_it_says(records: Path) -> None:
    assert len(commands("docs/forecasting_command.md")) == 3
    for arguments in commands("docs/forecasting_command.md"):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.stderr
    for name in ("somerset_forecast", "gloucestershire_forecast", "two_years"):
        assert (records / "results" / name / "forecast.html").is_file()


def test_commands_of_the_page_on_your_council_make_a_folder_that_passes(records: Path) -> None:
    shown = commands("docs/your_council.md")
    assert [command for command, *_ in shown] == ["new", "check", "calibrate", "run"]
    for arguments in shown[:2]:
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.stderr
    described = words_in_code(text_of("docs/your_council.md"))
    made = [path for path in (records / "gloucestershire").iterdir() if path.suffix != ".toml"]
    assert {re.sub(r"\d{4}", "2019", path.name) for path in made} - described == set()


def test_every_option_file_and_column_of_a_forecast_is_described(records: Path) -> None:
    described = words_in_code(text_of("docs/forecasting_command.md"))
    (command,) = [
        one
        for one in app.registered_commands
        if one.name in (None, "forecast")
        and one.callback is not None
        and one.callback.__name__ == "forecast"
    ]
    asked = inspect.signature(command.callback).parameters
    options = {f"--{name.replace('_', '-')}" for name in asked} - {"--history", "--as-json"}
    options = options - {"--replace-others"} | {"--replace"}
    assert options - described == set()
    done = CliRunner().invoke(app, ["forecast", "requests.csv", "--months", "12", "--out", "out"])
    assert done.exit_code == 0, done.stderr
    for path in (records / "out").iterdir():
        assert path.name in described
        if path.suffix in (".csv", ".parquet"):
            table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
            (row,) = re.findall(rf"^\| `{path.name}` \|.*$", PAGE_ON_FORECASTS, re.MULTILINE)
            shared = {"median", "low80", "high80", "low95", "high95", "kind"}
            assert set(table.columns) - words_in_code(row) - shared - {"year"} == set(), path.name
    charts = {path.stem for path in (records / "out" / "charts").iterdir()}
    assert charts - described == set()


def test_commands_of_the_page_on_running_do_what_it_says(checkout: Path) -> None:
    (arguments,) = commands("docs/running.md")
    written = {}
    for name, chosen in (("simpy", arguments), ("compiled", [*arguments[:2], *arguments[4:]])):
        done = CliRunner().invoke(app, [*chosen, "--out", name])
        assert done.exit_code == 0, done.stderr
        written[name] = (checkout / name / "replications.parquet").read_bytes()
    assert written["simpy"] == written["compiled"]


def test_the_python_of_the_readme_runs(checkout: Path) -> None:
    (example,) = blocks("README.md", "python")
    names: dict[str, object] = {}
    exec(example.replace("replications=40", "replications=2, processes=1"), names)
    results = names["results"]
    assert results.summary()["scenario"].tolist()[1] == "Half a senior officer more"


@pytest.mark.parametrize(
    "page", ["README.md", "docs/first_comparison.md", "docs/scenarios.md", "docs/running.md"]
)
def test_scenario_files_shown_can_be_used_with_somerset(page: str, tmp_path: Path) -> None:
    shown = [block for block in blocks(page, "toml") if "extends" in block]
    assert shown
    somerset = ROOT / "scenarios" / "somerset"
    for number, text in enumerate(shown):
        if "oficers" in text:  # the one that shows what a mistake leads to
            continue
        base = f'extends = "{(somerset / "baseline.toml").as_posix()}"'
        for name in re.findall(r'"(\w+\.csv)"', text):
            (tmp_path / name).touch()
        path = tmp_path / f"{number}.toml"
        path.write_text(re.sub("^extends = .*$", base, text, flags=re.MULTILINE), "utf-8")
        read = load(path)
        assert read.changes or read.base.run.engine == "simpy"


def test_forms_of_a_number_can_be_read() -> None:
    (forms,) = [
        block
        for block in blocks("docs/scenarios.md", "toml")
        if "low = " in block and "[[" not in block and "extends" not in block
    ]
    for line in forms.splitlines():
        (value,) = tomllib.loads(line).values()
        assert number_of(value) is not None


def test_faults_are_said_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (shown,) = blocks("docs/scenarios.md", "text")
    (broken,) = [block for block in blocks("docs/scenarios.md", "toml") if "oficers" in block]
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    (tmp_path / "my_idea.toml").write_text(broken, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["check", "my_idea.toml"])
    assert done.exit_code == 2
    assert done.stderr == shown


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a small council that published figures, and names explanations of its past."""
    folder = tmp_path_factory.mktemp("results")
    shutil.copytree(SMALL, folder / "small")
    baseline = folder / "small" / "baseline.toml"
    published = "council,year,measure,by,group,value,allowed,fitted,source\n"
    published += "Smallshire,2024,completed,all,all,150,10%,no,Invented\n"
    (folder / "small" / "published.csv").write_text(published)
    text = baseline.read_text("utf-8")
    text = text.replace('name = "Smallshire"', 'name = "Smallshire"\npublished = "published.csv"')
    baseline.write_text(f"{text}\n{NAMED}", encoding="utf-8")
    (folder / "small" / "members.csv").write_text(TABLE)
    out = folder / "out"
    run(scenarios_of([folder / "small"]), Plan(replications=3), out, lambda done, wanted: None)
    return out


def test_every_file_of_a_results_folder_has_a_section(results: Path) -> None:
    names = {path.name + "/" * path.is_dir() for path in results.iterdir()}
    assert set(sections("docs/results.md")) == names


@pytest.mark.parametrize(
    "name",
    [name for name in sections("docs/results.md") if name.endswith((".csv", ".parquet"))],
)
def test_every_column_and_measure_is_described(name: str, results: Path) -> None:
    path = results / name
    table = pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)
    described = words_in_code(sections("docs/results.md")[name])
    if name == "replications.parquet":  # which says that it has the measures of the months
        described |= words_in_code(sections("docs/results.md")["monthly.csv"])
    assert set(table.columns) - described == set()
    if path.suffix == ".csv":
        assert [column for column in table if column in names(path.stem)] == names(path.stem)
    if path.stem in MEASURES:
        assert list(table["measure"].unique()) == [row.name for row in MEASURES[path.stem]]
    for column in ("measure", "step", "outcome", "kind", "by"):
        if column in table and name != "history.csv":
            assert set(table[column]) - described == set()


def test_every_chart_and_every_key_of_the_manifest_is_described(results: Path) -> None:
    of_charts = words_in_code(sections("docs/results.md")["charts/"])
    assert {path.stem for path in (results / "charts").iterdir()} - of_charts == set()
    of_manifest = words_in_code(sections("docs/results.md")["manifest.json"])
    assert json.loads((results / "manifest.json").read_text("utf-8")).keys() == of_manifest


def test_the_small_network_waits_as_long_as_erlang_says() -> None:
    (example,) = blocks("docs/small_network.md", "python")
    names: dict[str, object] = {}
    exec(example, names)
    servers, load_on_all = 3, 120 / 50
    blocked = 1.0  # Erlang B by its recursion, then Erlang C
    for number in range(1, servers + 1):
        blocked = load_on_all * blocked / (number + load_on_all * blocked)
    must_wait = blocked / (1 - load_on_all / servers * (1 - blocked))
    mean_wait = must_wait * 120 / (servers - load_on_all)
    assert f"{must_wait:.3f}" in text_of("docs/small_network.md")
    assert f"{mean_wait:.1f} minutes" in text_of("docs/small_network.md").replace("\n", " ")
    found, half_width = float(np.mean(names["waits"])), float(names["half_width"])
    assert half_width <= 0.03 * mean_wait
    assert abs(found - mean_wait) <= half_width


def test_the_examples_in_python_run(checkout: Path) -> None:
    names: dict[str, Any] = {}
    for example in blocks("docs/python.md", "python"):
        exec(example, names)
    assert list(names["comparison"].index) == ["Smallshire today", "Half a senior officer more"]
    assert names["drafts_by_year"].sum() > 0


def test_words_that_the_readme_uses_from_python_are_there() -> None:
    for page in ("README.md", "docs/python.md"):
        for name in re.findall(r"\behc\.(\w+)", text_of(page)):
            assert callable(getattr(ehc_sim, name))
    described = set(re.findall(r"`ehc\.(\w+)", text_of("docs/python.md")))
    assert described >= set(ehc_sim.__all__) - {"Scenario", "__version__"}
