"""The command line as its users meet it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import ehc_sim as ehc
from ehc_sim.cli.app import app
from ehc_sim.experiment.code import code_hash
from ehc_sim.experiment.contents import checked, seal
from ehc_sim.version import __version__
from tests.unit.broken_histories import BROKEN as BROKEN_HISTORIES
from tests.unit.broken_scenarios import BASELINE
from tests.unit.broken_scenarios import BROKEN as BROKEN_SCENARIOS

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "data" / "small"
NAMES = ["Smallshire today", "One more educational psychologist", "The whole service"]
COMMAND = [sys.executable, "-m", "ehc_sim.cli.app"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
FEW = ["--replications", "4", "--processes", "1"]
MANY = ["--replications", "2000"]
POSTS = "teams.plan writers.posts"

PROMISED = {
    "worse.csv",
    "costs_by_year.csv",
    "unit_costs.csv",
    *("comparison.csv", "monthly.csv", "yearly.csv", "advice.csv", "teams.csv", "waiting.csv"),
    *("advice_by_month.csv", "clear_by.csv", "financial_years", "officers.csv"),
    *("cohort.csv", "backcast.csv", "forecast.csv", "assumptions.csv", "history.csv"),
    *("pairs.csv", "standing.csv", "requests.csv", "backtest.csv", "flat_requests.csv"),
    *("decisions.csv", "exceptions.csv", "hours.csv", "lateness.csv", "plans.csv", "reviews.csv"),
    *("replications.parquet", "briefing.html", "manifest.json", "charts"),
}

on_linux = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="looks processes up as Linux shows them"
)


def ehc_sim(*arguments: str | Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        check=False,
        cwd=cwd,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )


def here(*arguments: str | Path) -> Result:
    """Run a command in this process, which is faster."""
    return CliRunner().invoke(app, list(map(str, arguments)))


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("run") / "made" / "results"
    return folder, ehc_sim("run", SMALL, *FEW, "--out", folder)


@pytest.fixture(scope="module")
def results(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> Path:
    return ran[0]


def test_help_and_version() -> None:
    said = ehc_sim("--help").stdout
    for command in ("run", "check", "forecast", "compare", "report"):
        assert re.search(rf"\b{command}\b", said)
    version = ehc_sim("--version")
    said = f"{__version__} (code {code_hash()[:12]})\n"
    assert (version.returncode, version.stdout) == (0, said)


def test_run_writes_all_that_is_promised_and_prints_the_comparison(ran) -> None:
    folder, done = ran
    assert done.returncode == 0, done.stderr
    assert {path.name for path in folder.iterdir()} == PROMISED
    assert list((folder / "charts").glob("*.svg"))
    assert list((folder / "charts").glob("*.png"))
    assert [path.name for path in folder.parent.iterdir()] == ["results"]
    for words in ("Smallshire today", "One more educational psychologist", "Chance", "60%"):
        assert words in done.stdout
    assert str(folder / "briefing.html") in done.stdout
    assert "simulated 12 of 12 replications" in done.stderr


def test_the_manifest_has_the_hash_of_every_file(results: Path) -> None:
    manifest = json.loads((results / "manifest.json").read_text("utf-8"))
    found = hashes(results)
    del found["manifest.json"]
    assert manifest["files"] == found
    assert manifest["version"] == __version__
    assert manifest["replications"] == 4
    assert manifest["seconds"] > 0
    assert set(manifest["scenarios"]) == set(NAMES)


def test_the_first_row_of_the_comparison_is_the_baseline(results: Path) -> None:
    table = pd.read_csv(results / "comparison.csv")
    assert table["scenario"].tolist() == NAMES
    assert table.loc[0, ["difference", "extra_plans_on_time", "cost"]].eq(0).all()


def test_the_briefing_names_both_scenarios(results: Path) -> None:
    text = (results / "briefing.html").read_text("utf-8")
    assert "Smallshire today" in text
    assert "One more educational psychologist" in text


def test_run_again_gives_the_same_replications_and_takes_the_place_of_the_old(
    results: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    shutil.copytree(results, again)
    (again / "replications.parquet").write_bytes(b"changed")
    (again / "notes.docx").write_text("minutes of the board")
    done = ehc_sim("run", SMALL, "--replications", "4", "--processes", "2", "--out", again)
    assert done.returncode == 0, done.stderr
    assert (again / "notes.docx").read_text() == "minutes of the board"
    assert (again / "replications (kept).parquet").read_bytes() == b"changed"
    last = done.stderr.splitlines()[-1]
    kept = "kept notes.docx, replications.parquet, which no run wrote or somebody changed"
    assert last == f"{again}: {kept}"
    name = "replications.parquet"
    assert (again / name).read_bytes() == (results / name).read_bytes()


def test_run_prints_json_for_programs(tmp_path: Path) -> None:
    done = here(
        *("run", SMALL / "baseline.toml", "--replications", 2, "--processes", 1),
        *("--out", tmp_path / "out", "--json"),
    )
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)[0]["scenario"] == "Smallshire today"
    assert done.stderr == ""


def test_report_makes_the_same_briefing_again(results: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(results, copy)
    before = hashes(copy)
    (copy / "briefing.html").unlink()
    (copy / "charts" / "chance.svg").write_text("with an arrow")
    (copy / "notes.docx").write_text("mine")
    done = here("report", copy)
    assert done.exit_code == 0, done.stderr
    assert str(copy / "briefing.html") in done.stdout
    after = hashes(copy)
    assert after["briefing.html"] == before["briefing.html"]
    assert {path for path in before if after[path] != before[path]} <= {"manifest.json"}
    assert after.keys() - before.keys() == {"notes.docx", "charts/chance (kept).svg"}
    assert json.loads((copy / "manifest.json").read_text("utf-8"))["files"] == {
        path: value for path, value in after.items() if path in before and path != "manifest.json"
    }


def test_report_of_something_else_says_what_is_missing(tmp_path: Path) -> None:
    done = here("report", tmp_path)
    assert done.exit_code == 2
    assert done.stderr == f"{tmp_path}: has no manifest.json, so it is not a results folder\n"
    assert not list(tmp_path.iterdir())


def test_check_says_that_files_are_good() -> None:
    done = here("check", SMALL)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        f"good: {SMALL / 'baseline.toml'}: Smallshire today (0 changes)",
        f"good: {SMALL / 'more_psychologists.toml'}: One more educational psychologist (2 changes)",
        f"good: {SMALL / 'whole_service.toml'}: The whole service (0 changes)",
    ]


def test_check_of_nothing_checks_the_shipped_scenarios() -> None:
    done = here("check")
    assert done.exit_code == 0, done.stderr
    shipped = list((ROOT / "scenarios" / "somerset").glob("*.toml"))
    assert len(done.stdout.splitlines()) == len(shipped)


def test_every_path_that_check_lists_can_be_named_by_a_change(tmp_path: Path) -> None:
    done = here("check", "--paths", SMALL / "baseline.toml")
    assert done.exit_code == 0
    paths = done.stdout.splitlines()
    assert "teams.plan writers.posts" in paths
    assert len(paths) == len(set(paths))
    for name in ("baseline.toml", "history.csv"):
        shutil.copy(SMALL / name, tmp_path / name)
    head = f'extends = "{(tmp_path / "baseline.toml").as_posix()}"\nname = "x"\nwhy = "To see"\n'
    # The value is wrong everywhere, so every path that is known is asked for another value.
    # Tables are left out: one that is given another value has none of the paths below it.
    tables = {path.rpartition(".")[0] for path in paths}
    ends = [path for path in paths if path not in tables]
    assert len(ends) > 100
    changes = [f"[[change]]\nwhat = '{path}'\nset = [[]]\n" for path in ends]
    (tmp_path / "x.toml").write_text(head + "".join(changes), encoding="utf-8")
    said = here("check", tmp_path / "x.toml").stderr
    assert said
    assert ": what: " not in said


def test_forecast_by_year_and_by_month(tmp_path: Path) -> None:
    yearly = here("forecast", SMALL / "history.csv", "--months", 24, "--out", tmp_path / "yearly")
    assert yearly.exit_code == 0, yearly.stderr
    assert re.search(r"^2025 .*forecast$", yearly.stdout, re.MULTILINE)
    assert re.search(r"^2026 .*forecast$", yearly.stdout, re.MULTILINE)
    assert "with adjustments" not in yearly.stdout

    months = pd.period_range("2021-01", "2024-12", freq="M")
    requests = [20 + 5 * (month.month in (1, 6)) - 8 * (month.month == 8) for month in months]
    record = pd.DataFrame({"month": months.astype(str), "requests": requests})
    record.to_csv(tmp_path / "monthly.csv", index=False)
    out = tmp_path / "monthly"
    monthly = here("forecast", tmp_path / "monthly.csv", "--months", 12, "--out", out)
    assert monthly.exit_code == 0, monthly.stderr
    assert "pool of four methods: the record has 48 usable months" in monthly.stdout
    table = pd.read_csv(out / "forecast.csv", parse_dates=["month"])
    ahead = table[table["kind"] == "base"]
    assert ahead["month"].dt.strftime("%Y-%m").tolist() == [f"2025-{m:02d}" for m in range(1, 13)]
    assert (ahead["low95"] <= ahead["low80"]).all()
    assert (ahead["low80"] <= ahead["median"]).all()
    assert (ahead["high80"] <= ahead["high95"]).all()


def test_forecast_prints_json_for_programs(tmp_path: Path) -> None:
    done = here("forecast", SMALL / "history.csv", "--months", 3, "--json", "--out", tmp_path / "o")
    assert done.exit_code == 0
    kinds = [row["kind"] for row in json.loads(done.stdout)]
    assert kinds == ["base"] * 3 + ["adjusted"] * 3


def test_compare_two_folders(results: Path, tmp_path: Path) -> None:
    same = here("compare", results, results, "--json")
    assert same.exit_code == 0, same.stderr
    rows = json.loads(same.stdout)
    assert rows[0]["scenario"] == "Smallshire today"
    assert all(row["difference"] == 0 for row in rows)
    assert "+0 points" in here("compare", results, results).stdout

    other = tmp_path / "other"
    renamed = ehc.load(SMALL / "baseline.toml").with_change(POSTS, add=1, name="Another")
    ehc.write_results(ehc.simulate(renamed, 4, processes=1), other)
    none_shared = here("compare", results, other)
    assert none_shared.exit_code == 2
    assert "found no scenario" in none_shared.stderr


def test_compare_two_files_agrees_with_the_run(results: Path) -> None:
    files = (SMALL / "baseline.toml", SMALL / "more_psychologists.toml")
    done = here("compare", *files, *FEW, "--json")
    assert done.exit_code == 0, done.stderr
    compared = pd.DataFrame(json.loads(done.stdout)).set_index("scenario")
    written = pd.read_csv(results / "comparison.csv").set_index("scenario").loc[compared.index]
    for column in ("chance", "on_time", "difference", "cost"):
        assert compared[column].to_numpy() == pytest.approx(written[column].to_numpy(), rel=1e-6)


def test_there_are_thirty_broken_files() -> None:
    said_something = [broken for broken in BROKEN_HISTORIES if broken.expected]
    assert len(BROKEN_SCENARIOS) + len(said_something) >= 30


def put(files: dict[str, str], folder: Path) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("broken", BROKEN_SCENARIOS, ids=lambda broken: broken.name)
def test_a_broken_scenario_gives_its_lines_and_no_results(broken, tmp_path: Path) -> None:
    put(broken.files, tmp_path)
    done = here("run", tmp_path / "broken.toml", "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert done.stdout == ""
    for expected in broken.expected:
        assert expected in done.stderr
    assert len(done.stderr.splitlines()) == len(broken.expected)
    assert {path.name for path in tmp_path.iterdir()} == set(broken.files)


@pytest.mark.parametrize(
    "broken", [b for b in BROKEN_HISTORIES if b.expected], ids=lambda broken: broken.name
)
@pytest.mark.parametrize("command", ["run", "check", "forecast"])
def test_a_broken_history_gives_its_lines_and_no_results(
    broken, command: str, tmp_path: Path
) -> None:
    put(broken.files, tmp_path)
    put({"x.toml": BASELINE.replace("history.csv", "requests.csv")}, tmp_path)
    before = {path.name for path in tmp_path.iterdir()}
    read = tmp_path / ("requests.csv" if command == "forecast" else "x.toml")
    done = here(command, read, *([] if command == "check" else ["--out", tmp_path / "out"]))
    assert done.exit_code == 2
    lines = [line.removeprefix(f"{tmp_path}{os.sep}") for line in done.stderr.splitlines()]
    assert lines == broken.expected
    assert {path.name for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("broken", BROKEN_SCENARIOS[::25], ids=lambda broken: broken.name)
def test_the_same_as_a_command_of_its_own(broken, tmp_path: Path) -> None:
    put(broken.files, tmp_path)
    done = ehc_sim("run", "broken.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == len(broken.expected)
    assert {path.name for path in tmp_path.iterdir()} == set(broken.files)


def test_a_record_that_does_not_fit_the_run_is_found_before_it(tmp_path: Path) -> None:
    text = BASELINE.replace("run_in_from = 2023", "run_in_from = 2016")
    put({"early.toml": text, "history.csv": (SMALL / "history.csv").read_text()}, tmp_path)
    early = here("run", tmp_path / "early.toml", "--out", tmp_path / "out")
    assert early.exit_code == 2
    assert "period.run_in_from: found 2016-01-01, allowed is 2018-01 or later" in early.stderr
    short = BASELINE.replace("2026-12-31", "2025-12-31").replace("2026-01-01", "2025-01-01")
    record = "\n".join(f"{year},200" for year in range(2018, 2026))
    put({"late.toml": short, "history.csv": f"year,requests\n{record}\n"}, tmp_path)
    late = here("run", tmp_path / "late.toml", "--out", tmp_path / "out")
    assert late.exit_code == 2
    assert "period.plan_until: found 2025-12-31, allowed is after 2025-12" in late.stderr
    assert not (tmp_path / "out").exists()


def test_published_figures_are_read_before_the_run(tmp_path: Path) -> None:
    text = BASELINE.replace('name = "Smallshire"', 'name = "Smallshire"\npublished = "p.csv"')
    head = "council,year,measure,by,group,value,allowed,fitted,source\n"
    row = "Smallshire,2024,completed,all,all,150,10%,perhaps,Invented\n"
    put({"x.toml": text, "p.csv": head + row}, tmp_path)
    put({"history.csv": (SMALL / "history.csv").read_text()}, tmp_path)
    done = here("run", tmp_path / "x.toml", "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "p.csv:2" in done.stderr
    assert "simulated" not in done.stderr


def test_options_that_cannot_be_are_refused(tmp_path: Path) -> None:
    for option, value in (("--replications", 0), ("--half-width", 0.7), ("--processes", 0)):
        done = here("run", SMALL, option, value, "--out", tmp_path / "out")
        assert done.exit_code == 2
        assert option in done.stderr


def test_a_folder_that_is_not_ours_is_refused_before_anything_runs(tmp_path: Path) -> None:
    ours = tmp_path / "photographs"
    ours.mkdir()
    (ours / "holiday.jpg").write_text("not a result")
    for taken in (ours, ours / "holiday.jpg"):
        done = here("run", SMALL, *MANY, "--out", taken)
        assert done.exit_code == 2
        assert "not a results folder" in done.stderr
        assert "simulated" not in done.stderr
    assert (ours / "holiday.jpg").read_text() == "not a result"
    assert [path.name for path in tmp_path.iterdir()] == ["photographs"]


@pytest.fixture
def started(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A long run in two processes, of which some batches are done."""
    old = tmp_path / "old"
    old.mkdir()
    (old / "manifest.json").write_text('{"kind": "run"}')
    (old / "comparison.csv").write_text("what stood here before")
    seal(old)
    process = subprocess.Popen(
        [*COMMAND, "run", str(SMALL), *MANY, "--processes", "2", "--out", str(old)],
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stderr=(tmp_path / "said.txt").open("w"),
        start_new_session=True,
        text=True,
        # As in a terminal: a shell has what it starts in the background ignore the interrupt.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    while len(workers(process)) < 2 or len(list(tmp_path.glob(".old.parts/*.parquet"))) < 2:
        assert process.poll() is None
        time.sleep(0.1)
    yield process
    with suppress(ProcessLookupError):  # what is left of the processes that this test started
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def workers(process: subprocess.Popen[str]) -> list[int]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    named = [(int(pid), Path(f"/proc/{pid}/cmdline").read_text()) for pid in children]
    return [pid for pid, line in named if "LokyProcess" in line]


def untouched(folder: Path) -> bool:
    checked(folder / "old")
    return (folder / "old" / "comparison.csv").read_text() == "what stood here before"


@on_linux
def test_a_run_that_is_killed_leaves_the_old_results_alone(started, tmp_path: Path) -> None:
    ours = workers(started)
    started.kill()
    started.wait(10)
    while any(Path(f"/proc/{pid}").exists() for pid in ours):  # they look once a second
        time.sleep(0.1)
    assert untouched(tmp_path)
    assert {path.name for path in tmp_path.iterdir() if path.name[0] != "."} == {"old", "said.txt"}


@on_linux
def test_a_run_that_is_stopped_says_so_and_keeps_what_is_finished(started, tmp_path: Path) -> None:
    started.send_signal(signal.SIGINT)
    assert started.wait() == 130
    last = (tmp_path / "said.txt").read_text().splitlines()[-1]
    assert re.fullmatch(
        r"stopped; \d+ replications are kept: the same command goes on from there", last
    )
    assert "Traceback" not in (tmp_path / "said.txt").read_text()
    assert untouched(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"old", ".old.parts", "said.txt"}


@on_linux
def test_a_worker_that_is_killed_ends_the_run_with_a_clear_line(started, tmp_path: Path) -> None:
    os.kill(workers(started)[0], signal.SIGKILL)
    assert started.wait(60) == 3
    said = (tmp_path / "said.txt").read_text()
    last = said.splitlines()[-1]
    assert last.startswith("partly done: a worker process was killed while running")
    assert last.endswith("replications are kept: the same command goes on from there")
    assert "Traceback" not in said
    assert untouched(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"old", ".old.parts", "said.txt"}
