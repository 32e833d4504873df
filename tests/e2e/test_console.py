"""What a command prints on old consoles, to readers that go away, and when it is told to stop."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from ehc_sim.cli.console import STOP_SIGNALS, say, show_what_can_be_shown

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parents[2]
SMALL = ROOT / "tests" / "data" / "small" / "baseline.toml"
COMMAND = [sys.executable, "-m", "ehc_sim.cli.app"]
SIGNS = "−£7.3m – 5 × 2 … “Today’s service” Gāvīn ≥ 20"


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **more}


def few(folder: Path) -> list[str]:
    more = ["--replications", "2", "--processes", "1", "--out", str(folder)]
    return ["run", str(SMALL), *more]


def ran(folder: Path, **kwargs) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *few(folder)],
        check=False,
        stdin=subprocess.DEVNULL,
        **kwargs,
    )


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("cp1252", "-£7.3m – 5 × 2 … “Today’s service” Gavin >= 20"),
        ("cp850", '-£7.3m - 5 × 2 ... "Today\'s service" Gavin >= 20'),
        ("cp1251", "-GBP 7.3m – 5 x 2 … “Today’s service” Gavin >= 20"),
        ("utf-8", SIGNS),
    ],
)
def test_a_sign_that_cannot_be_shown_is_replaced_by_one_that_means_the_same(
    encoding: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    show_what_can_be_shown()
    say(SIGNS)
    assert written.getvalue().decode(encoding) == shown + "\n"


@pytest.mark.parametrize("encoding", ["cp1252", "cp850"])
def test_a_run_ends_well_on_an_old_console(encoding: str, tmp_path: Path) -> None:
    folder = tmp_path / "results"
    done = ran(folder, env=environment(PYTHONIOENCODING=encoding), capture_output=True)
    assert done.returncode == 0, done.stderr
    assert "Smallshire today" in done.stdout.decode(encoding)
    assert "?" not in done.stdout.decode(encoding)
    assert (folder / "briefing.html").is_file()


def test_results_stand_although_nobody_reads_what_is_printed(tmp_path: Path) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    done = ran(tmp_path / "r", env=environment(), stdout=writes, stderr=subprocess.PIPE)
    os.close(writes)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"Broken pipe" not in done.stderr
    assert (tmp_path / "r" / "briefing.html").is_file()


def test_a_terminal_that_is_gone_stops_no_run(tmp_path: Path) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    done = ran(tmp_path / "r", env=environment(), stdout=subprocess.PIPE, stderr=writes)
    os.close(writes)
    assert done.returncode == 0
    assert (tmp_path / "r" / "briefing.html").is_file()


def test_a_command_runs_without_any_stream(tmp_path: Path) -> None:
    """As under pythonw: there is nothing to print to."""
    script = "import sys; sys.stdout = sys.stderr = None; from ehc_sim.cli.app import main; main()"
    command = [sys.executable, "-c", script, *few(tmp_path / "r")]
    done = subprocess.run(command, check=False, env=environment())
    assert done.returncode == 0
    assert (tmp_path / "r" / "briefing.html").is_file()


@pytest.fixture
def started(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that is far from its end, of which something is kept."""
    process = subprocess.Popen(
        [
            *(*COMMAND, "run", str(SMALL), "--replications", "100000", "--processes", "1"),
            *("--out", str(tmp_path / "r")),
        ],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
        preexec_fn=partial(signal.signal, signal.SIGHUP, signal.SIG_DFL),  # noqa: PLW1509
    )
    while not list(tmp_path.glob(".r.parts/*.parquet")):
        assert process.poll() is None
    yield process
    process.kill()
    process.wait()


@pytest.mark.skipif(sys.platform != "linux", reason="signals are sent as on Linux")
@pytest.mark.parametrize("name", [name for name in STOP_SIGNALS if hasattr(signal, name)])
def test_every_signal_to_stop_says_what_is_kept(
    name: str, started: subprocess.Popen[str], tmp_path: Path
) -> None:
    started.send_signal(getattr(signal, name))
    _, said = started.communicate()
    assert started.returncode == 130
    kept = re.fullmatch(r"stopped; (\d+) replications are kept: .*", said.splitlines()[-1])
    assert kept
    assert int(kept[1]) >= 25
    assert "Traceback" not in said
    assert [path.name for path in tmp_path.iterdir()] == [".r.parts"]
