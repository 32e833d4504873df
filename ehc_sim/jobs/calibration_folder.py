"""The job of the command ``calibrate``: write what was found beside the baseline it is of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ehc_sim.calibration import fit
from ehc_sim.calibration.calibrate import Calibration
from ehc_sim.experiment.beside import NotOurs
from ehc_sim.experiment.folder import only_run
from ehc_sim.present import fit_page
from ehc_sim.safe.cells import text_of_table
from ehc_sim.scenario import BadInput, Fault, Scenario
from ehc_sim.scenario.members import read_members, text_of
from ehc_sim.version import __version__

MEMBERS, FIT, PAGE = "members.csv", "fit.csv", "fit_report.html"
NAMED = '[explanations]   # found by ehc-sim calibrate\nmembers = "members.csv"\n'
_TAKEN = "is there already, and no calibration wrote it; move it first, for one is written there"


@dataclass(frozen=True)
class Written:
    """Files that were written.

    Attributes
    ----------
    members, fit, page : Path
    named : bool
        Whether the baseline was made to name the members, which it did not before.
    """

    members: Path
    fit: Path
    page: Path
    named: bool


def check(scenario: Scenario) -> Path:
    """Return the file of a baseline beside which a calibration is written.

    Raises
    ------
    BadInput
        When it has none, or is an option that extends another.
    """
    if scenario.path is None or scenario.extends is not None:
        problem = "found an option, allowed is a baseline: calibrate finds what all options share"
        raise BadInput([Fault(scenario.path, None, "extends", problem)])
    return scenario.path


@contextmanager
def only_calibration(scenario: Scenario) -> Iterator[None]:
    """Keep a baseline for one calibration, and see that what it finds can be written.

    Raises
    ------
    BadInput
        As ``check``.
    InUse
        When another calibration of it is on its way.
    NotOurs
        When nothing can be written there, or a name is taken by what no calibration wrote.
    """
    baseline = check(scenario)
    with only_run(baseline.with_suffix(".calibrated")):
        members, *others = _names(scenario, baseline)
        named = scenario.base.explanations is not None
        if not named and members.exists():  # of a run that was killed before it named them
            _must_be_members(members)
        elif not named:
            for path in filter(Path.exists, others):
                raise NotOurs(f"{path}: {_TAKEN}")
        _must_be_open([*_names(scenario, baseline), baseline])
        yield


def write(found: Calibration) -> Written:
    """Write the members, the table and the page, and name the members in the baseline.

    Each file is complete under its name or as it was before, the baseline last: it never names
    members that are not there. For the one that has the baseline by ``only_calibration``.

    Raises
    ------
    BadInput
        When there is no baseline to write beside.
    NotOurs
        When one of the files cannot be written; then all are as they were.
    """
    baseline = check(found.scenario)
    written = Written(*_names(found.scenario, baseline), found.scenario.base.explanations is None)
    fit_table = fit.fit_table(found)
    page = fit_page.render(
        fit_table,
        fit.explanations_table(found),
        fit.numbers_table(found),
        fit.trade_offs(found),
        _about(found),
    )
    _put(
        {
            written.members: text_of(found.members),
            written.fit: "\ufeff" + text_of_table(fit_table),
            written.page: page,
            **({baseline: _naming(baseline)} if written.named else {}),
        }
    )
    return written


def _names(scenario: Scenario, baseline: Path) -> tuple[Path, Path, Path]:
    """Return the files of the members, the table and the page."""
    named = scenario.base.explanations
    members = baseline.with_name(MEMBERS) if named is None else Path(named.members)
    return members, baseline.with_name(FIT), baseline.with_name(PAGE)


def _must_be_members(path: Path) -> None:
    try:
        read_members(path)
    except BadInput:
        raise NotOurs(f"{path}: {_TAKEN}") from None


def _must_be_open(paths: Iterable[Path]) -> None:
    """Refuse files that are there and cannot be written: folders, or open in a spreadsheet."""
    for path in filter(Path.exists, paths):
        try:
            path.open("r+b").close()
        except OSError as fault:
            problem = f"cannot be written: {fault.strerror or fault}; close it, or move it"
            raise NotOurs(f"{path}: {problem}") from None


def _about(found: Calibration) -> dict[str, str]:
    base = found.scenario.base
    return {
        "name": base.council.name,
        "version": __version__,
        "seed": str(found.seed),
        "runs": f"{found.runs:,}",
        "members": f"{len(found.members)}",
        "effective": f"{found.effective:.0f}",
        "from": _day(base.period.run_in_from),
        "until": _day(found.until),
    }


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _naming(baseline: Path) -> str:
    """Return the text of a baseline with the table that names the members at its end."""
    text = baseline.read_bytes().decode("utf-8")
    end = "\r\n" if "\r\n" in text else "\n"
    return text.rstrip() + end * 2 + NAMED.replace("\n", end)


def _put(files: Mapping[Path, str]) -> None:
    """Write files under temporary names, and rename them once all are there."""
    parts = {path: path.with_name(f".{path.name}.part") for path in files}
    _must_be_open(files)
    try:
        for path, text in files.items():
            parts[path].write_bytes(text.encode("utf-8"))
        for path, part in parts.items():
            part.replace(path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
