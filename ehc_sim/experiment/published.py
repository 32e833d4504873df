"""What a council has published of its service: a CSV file of figures, checked before it is used."""

import re
from dataclasses import dataclass
from pathlib import Path

from ehc_sim.catalogue.measure import GROUPINGS
from ehc_sim.catalogue.tables import MEASURES
from ehc_sim.inputs import number_in, same_key
from ehc_sim.scenario import Settings
from ehc_sim.scenario.csv_table import COUNCIL, YEARS_ALLOWED, CsvTable, Row, read_csv
from ehc_sim.scenario.faults import not_known, shortened
from ehc_sim.scenario.schema import AGE_GROUPS

COLUMNS = (COUNCIL, "year", "measure", "by", "group", "value", "allowed", "fitted", "source")
POINTS, PERCENT = " points", "%"

BY_YEAR = ("yearly", "decisions", "reviews", "plans")
"""Tables of measures by year of which figures are published."""


def _in(unit: str) -> tuple[str, ...]:
    return tuple(row.name for table in BY_YEAR for row in MEASURES[table] if row.unit == unit)


SHARES, WEEKS, HOURS, COUNTS = map(_in, ("share", "weeks", "hours", "count"))
"""Measures of the tables by year, by what they are measured in."""
OF_GROUPS = tuple(row.name for row in MEASURES["yearly"])
"""Measures of the yearly table, which are by group too."""
VIEWS = ("all", *GROUPINGS)
LARGEST = {"weeks": 1_000.0, "hours": 10_000_000.0, "number": 1_000_000.0}
"""More than any council can have in a year, or any child has waited."""


@dataclass(frozen=True)
class Published:
    """One published figure.

    Attributes
    ----------
    year : int
        Calendar year.
    measure : str
        Column of the yearly measures, such as ``issued_on_time``, or of the decisions, reviews or
        plans of a year, such as ``expected``.
    by, group : str
        View and group, such as ``age`` and ``10``; ``all`` and ``all`` for everybody.
    value : float
        The figure; shares are 0 to 1.
    allowed : str
        How far the run-in may be from it: ``10%`` of it, ``5 points``, or empty where it stands
        beside as a check and is not judged.
    fitted : bool
        Whether unknown settings were set to agree with it.
    source : str
        Where it was published.
    """

    year: int
    measure: str
    by: str
    group: str
    value: float
    allowed: str
    fitted: bool
    source: str

    @property
    def tolerance(self) -> float:
        """How far the run-in may be from the figure, in its own unit; NaN where not judged."""
        if self.allowed.endswith(POINTS):
            return float(self.allowed.removesuffix(POINTS)) / 100
        if self.allowed.endswith(PERCENT):
            return float(self.allowed.removesuffix(PERCENT)) / 100 * self.value
        return float("nan")


def read_published(
    path: Path, settings: Settings | None = None, council: str | None = None
) -> tuple[Published, ...]:
    """Read a file of published figures.

    Parameters
    ----------
    path : Path
        CSV with the columns of ``COLUMNS``.
    settings : Settings, optional
        Settings of the scenario on its first day, which say what groups there are; without them
        any group is allowed.
    council : str, optional
        Whose figures they must be; without it those of one council, whichever.

    Raises
    ------
    BadInput
        With every fault of the file.
    """
    table = read_csv(path, _Table, COLUMNS)
    table.need_columns(COLUMNS, COLUMNS)
    table.stop_if_faulty()
    table.keep_council(council)
    table.stop_if_faulty()
    figures = [table.figure(row, settings) for row in table.rows]
    table.no_row_twice(
        [None if f is None else f"{f.year}, {f.measure}, {f.by} {f.group}" for f in figures]
    )
    table.stop_if_faulty()
    return tuple(figure for figure in figures if figure is not None)


class _Table(CsvTable):
    """Rows of published figures, and the faults found so far."""

    def figure(self, row: Row, settings: Settings | None) -> Published | None:
        """Return a row's figure, or None after noting what is wrong with it."""
        faults = len(self.faults)
        first, last = YEARS_ALLOWED
        a_year = f"a calendar year from {first} to {last}, such as 2024"
        year = self.whole_from(row, "year", first, last, a_year)
        measure = row["measure"]
        if measure not in (*SHARES, *WEEKS, *HOURS, *COUNTS):
            problem = not_known(shortened(measure), (*SHARES, *WEEKS, *HOURS, *COUNTS))
            self.fault(row.line, "column measure", problem)
            return None
        by, group = self._group(row, measure, settings)
        value = self._value(row, measure)
        allowed = self._allowed(row, measure)
        fitted = row["fitted"].lower()
        if fitted not in ("yes", "no"):
            self.refuse(row, "fitted", "yes or no")
        if len(self.faults) > faults or year is None or value is None:
            return None
        return Published(year, measure, by, group, value, allowed, fitted == "yes", row["source"])

    def _group(self, row: Row, measure: str, settings: Settings | None) -> tuple[str, str]:
        by, group = row["by"].lower(), row["group"]
        if by not in VIEWS:
            self.fault(row.line, "column by", not_known(shortened(row["by"]), VIEWS))
            return by, group
        if measure not in OF_GROUPS and by != "all":
            problem = f'found "{by}", allowed is "all": {measure} is not counted by group'
            self.fault(row.line, "column by", problem)
            return by, group
        known = _groups(by, settings)
        if known is None:
            return by, group
        same = {same_key(name): name for name in known}
        if same_key(group) not in same:
            self.fault(row.line, "column group", not_known(shortened(group), known))
        return by, same.get(same_key(group), group)

    def _value(self, row: Row, measure: str) -> float | None:
        text = row["value"]
        percent = measure in SHARES and text.endswith("%")
        value = number_in(text.removesuffix("%").strip() if percent else text)
        if value is not None and percent:
            value /= 100
        if measure in SHARES:
            if value is not None and 0 <= value <= 1:
                return value
            self.refuse(row, "value", "a share from 0 to 1, such as 0.5 or 50%")
            return None
        unit = "weeks" if measure in WEEKS else "hours" if measure in HOURS else "number"
        if value is not None and 0 <= value <= LARGEST[unit]:
            return value
        what = "a number" if unit == "number" else f"{unit},"
        self.refuse(row, "value", f"{what} from 0 to {LARGEST[unit]:,.0f}")
        return None

    def _allowed(self, row: Row, measure: str) -> str:
        """Return how far the run-in may be off, as it is written here."""
        text = same_key(row["allowed"])
        found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,3})?) ?(%|points?)", text)
        points = found is not None and found[2] != PERCENT
        if not text:
            return ""
        if found is None or float(found[1]) > 100 or (points and measure not in SHARES):
            of_shares = ' or "5 points"' if measure in SHARES else ""
            self.refuse(row, "allowed", f'"10%"{of_shares}, or nothing where it is not judged')
            return ""
        return found[1] + (POINTS if points else PERCENT)


def _groups(by: str, settings: Settings | None) -> tuple[str, ...] | None:
    """Return the groups of a view; None where any is allowed."""
    if by == "all":
        return ("all",)
    if by == "age group":
        return AGE_GROUPS
    if settings is None:
        return None
    requests = settings.requests
    return tuple(
        {
            "source": requests.sources,
            "age": requests.ages,
            "need": requests.needs,
            "area": requests.areas,
        }[by]
    )
