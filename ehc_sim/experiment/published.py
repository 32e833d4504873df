"""What a council has published of its service: a CSV file of figures, checked before it is used."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ehc_sim.catalogue.measure import GROUPINGS, NOT_COMPARED, STEPS
from ehc_sim.catalogue.service import REVIEWS_BY_AGE
from ehc_sim.catalogue.tables import MEASURES
from ehc_sim.experiment.published_together import contradictions, not_begun
from ehc_sim.inputs import number_in, same_key
from ehc_sim.inputs.days import Months
from ehc_sim.scenario import Settings
from ehc_sim.scenario.csv_table import COUNCIL, YEARS_ALLOWED, CsvTable, Row, read_csv
from ehc_sim.scenario.faults import listed, not_known, shortened
from ehc_sim.scenario.schema import AGE_GROUPS

COLUMNS = (COUNCIL, "year", "measure", "by", "group", "value", "allowed", "fitted", "source")
POINTS, PERCENT = " points", "%"

BY_YEAR = ("yearly", "decisions", "reviews", "plans")
"""Tables of measures by year of which figures are published."""


BY_PERIOD = (*BY_YEAR, "monthly", "advice_by_month")
"""The same and those by month, of which figures are published too."""


def _in(*units: str) -> tuple[str, ...]:
    rows = [row for table in BY_PERIOD for row in MEASURES[table] if row.unit in units]
    return tuple(dict.fromkeys(row.name for row in rows))


SHARES, WEEKS, HOURS, COUNTS = _in("share"), _in("weeks"), _in("hours"), _in("count", "a week")
"""Measures of the tables by year and by month, by what they are measured in."""
BY_NAME = (*SHARES, *WEEKS, *HOURS, *COUNTS)
BY_THE_YEAR = tuple(row.name for table in BY_YEAR for row in MEASURES[table])
OF_GROUPS = tuple(row.name for row in MEASURES["yearly"])
"""Measures of the yearly table, which are by group and by quarter too."""
OPEN_BY_STEP = "open_cases"
"""The measure by month that is by the step at which cases wait too."""
BY_MONTH = {
    "all": tuple(row.name for row in MEASURES["monthly"]),
    "step": (OPEN_BY_STEP,),
    "giver": tuple(row.name for row in MEASURES["advice_by_month"]),
}
"""Measures by month, by the view that they are given by: of everybody, of the open cases by the
step at which they wait, and of the advice by who gives it."""
AGES = ("age", "age group")
"""Views by which ``REVIEWS_BY_AGE`` are given."""
SINGLE_AGES = tuple(map(str, range(26)))
"""Ages in years at which a plan may be in place."""
VIEWS = ("all", *GROUPINGS, "step", "giver")
_MONTH = re.compile(r"[0-9]{4}-[0-9]{1,2}(?![0-9])|.*[A-Za-z]|[0-9]+([-/.])[0-9]+\1[0-9]")
"""How a month may be written, or a day that stands for its month: not a school year as 2023/24."""
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
        How far the run-in may be from it: ``10%`` of it, ``5 points``, empty where it stands
        beside as a check and is not judged, or ``not compared`` where the model does not count it.
    fitted : bool
        Whether unknown settings were set to agree with it.
    source : str
        Where it was published.
    quarter, month : str
        Calendar quarter or month of which it is, such as ``2023-Q4`` or ``2023-11``; empty where it
        is of the year.
    """

    year: int
    measure: str
    by: str
    group: str
    value: float
    allowed: str
    fitted: bool
    source: str
    quarter: str = ""
    month: str = ""

    @property
    def period(self) -> str:
        """Year, quarter or month, such as ``2023``, ``2023-Q4`` or ``2023-11``."""
        return self.month or self.quarter or str(self.year)

    @property
    def compared(self) -> bool:
        """Whether the model counts the same."""
        return self.allowed != NOT_COMPARED

    @property
    def tolerance(self) -> float:
        """How far the run-in may be from the figure, in its own unit; NaN where not judged."""
        if self.allowed.endswith(POINTS):
            return float(self.allowed.removesuffix(POINTS)) / 100
        if self.allowed.endswith(PERCENT):
            return float(self.allowed.removesuffix(PERCENT)) / 100 * self.value
        return float("nan")


def read_published(
    path: Path,
    settings: Settings | None = None,
    council: str | None = None,
    today: date | None = None,
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
    today : date, optional
        The day on which it is read: a figure of a year, quarter or month that begins after it is
        refused. Today by default.

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
        [None if f is None else f"{f.period}, {f.measure}, {f.by} {f.group}" for f in figures]
    )
    table.stop_if_faulty()
    table.together(figures, today or date.today())
    table.stop_if_faulty()
    return tuple(figure for figure in figures if figure is not None)


class _Table(CsvTable):
    """Rows of published figures, and the faults found so far."""

    def figure(self, row: Row, settings: Settings | None) -> Published | None:
        """Return a row's figure, or None after noting what is wrong with it."""
        faults = len(self.faults)
        year, quarter, month = self._period(row)
        measure, by, group = row["measure"], row["by"].lower(), row["group"]
        if by not in VIEWS:
            self.fault(row.line, "column by", not_known(shortened(row["by"]), VIEWS))
            return None
        group, why = _counted(measure, by, group, quarter or month, settings)
        if same_key(row["allowed"]) != NOT_COMPARED:
            if why is not None:
                self.fault(row.line, *why)
                if measure not in BY_NAME:
                    return None
        elif why is None:
            told = f'found "{NOT_COMPARED}", but the model counts it: leave it empty if not judged'
            self.fault(row.line, "column allowed", told)
        elif not re.fullmatch(r"[a-z][a-z0-9_ ]{1,59}", measure):
            self.refuse(row, "measure", "a few words in small letters, such as plans_moved_on")
        value = self._value(row, measure)
        allowed = self._allowed(row, measure)
        fitted = row["fitted"].lower()
        if fitted not in ("yes", "no"):
            self.refuse(row, "fitted", "yes or no")
        if len(self.faults) > faults or year is None or value is None:
            return None
        used, source = fitted == "yes", row["source"]
        return Published(year, measure, by, group, value, allowed, used, source, quarter, month)

    def together(self, figures: Iterable[Published | None], today: date) -> None:
        """Note figures of days to come, and those of a year that its parts gainsay."""
        found = [(r.line, f) for r, f in zip(self.rows, figures, strict=True) if f is not None]
        for line, figure in found:
            problem = not_begun(figure, today)
            if problem is not None:
                self.fault(line, "column year", problem)
        for fault in contradictions(found):
            self.fault(*fault)

    def _period(self, row: Row) -> tuple[int | None, str, str]:
        """Return a row's calendar year, and its quarter or month where it is of one."""
        first, last = YEARS_ALLOWED
        found = re.fullmatch(r"([0-9]{4})[- ]?q([1-4])", same_key(row["year"]))
        if found is not None and first <= int(found[1]) <= last:
            return int(found[1]), f"{found[1]}-Q{found[2]}", ""
        month = Months.of([row["year"]]).read(row["year"]) if _MONTH.match(row["year"]) else None
        if month is not None and first <= month.year <= last:
            return month.year, "", f"{month:%Y-%m}"
        a_year = (
            f"a calendar year from {first} to {last}, such as 2024, or a quarter of one, such as "
            "2024-Q3 for July to September, or a month, such as 2024-07"
        )
        return self.whole_from(row, "year", first, last, a_year), "", ""

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
        if text in ("", NOT_COMPARED):
            return text
        if found is None or float(found[1]) > 100 or (points and measure not in SHARES):
            of_shares = ' or "5 points"' if measure in SHARES else ""
            wanted = f'"10%"{of_shares}, or nothing where it is not judged'
            self.refuse(row, "allowed", f'{wanted}; "{NOT_COMPARED}" where the model lacks it')
            return ""
        return found[1] + (POINTS if points else PERCENT)


def _counted(
    measure: str, by: str, group: str, part: str, settings: Settings | None
) -> tuple[str, tuple[str, str] | None]:
    """Return a group as the model writes it, and why it has not got the figure: column and what.

    ``part`` is the quarter or the month of which it is; empty where it is of the year.
    """
    if measure not in BY_NAME:
        return group, ("column measure", not_known(shortened(measure), BY_NAME))
    why = _not_by_month(measure, by, part) or _not_by_year(measure, by, part)
    if why is not None:
        return group, why
    of_ages = measure in REVIEWS_BY_AGE
    known = SINGLE_AGES if of_ages and by == "age" else _groups(by, settings)
    if known is None:
        return group, None
    same = {same_key(name): name for name in known}
    if same_key(group) not in same:
        return group, ("column group", not_known(shortened(group), known))
    return same[same_key(group)], None


def _not_by_month(measure: str, by: str, part: str) -> tuple[str, str] | None:
    """Return why a figure is not counted by month as it is given, if it is given so or only so."""
    by_month = re.fullmatch(r"[0-9-]+", part) is not None
    views = [view for view, measures in BY_MONTH.items() if measure in measures]
    if not by_month and (by in ("step", "giver") or measure not in BY_THE_YEAR):
        what = measure if by == "all" else f"{measure} by {by}"
        problem = f"found {part or 'a year'}, allowed is a month: {what} is counted by month"
        return "column year", problem
    if by_month and by not in views:
        allowed = listed(views)
        problem = f'found "{by}", allowed is {allowed}: so {measure} is counted by month'
        if not views:
            problem = f"found {part}, allowed is a year: {measure} is not counted by month"
            return "column year", problem
        return "column by", problem
    return None


def _not_by_year(measure: str, by: str, part: str) -> tuple[str, str] | None:
    """Return why a figure of a year or a quarter is not counted as it is given."""
    if by in ("step", "giver"):
        return None
    of_requests, of_ages = measure in OF_GROUPS, measure in REVIEWS_BY_AGE
    if by != "all" and not of_requests and not (of_ages and by in AGES):
        views = '"all", "age" or "age group"' if of_ages else '"all"'
        than = by if of_ages else "group"
        problem = f'found "{by}", allowed is {views}: {measure} is not counted by {than}'
        return "column by", problem
    if "Q" in part and (by != "all" or not of_requests):
        what = f"{measure} by {by}" if of_requests else measure
        problem = f'found "{part}", allowed is a year: {what} is not counted by quarter'
        return "column year", problem
    return None


def _groups(by: str, settings: Settings | None) -> tuple[str, ...] | None:
    """Return the groups of a view; None where any is allowed."""
    if by == "all":
        return ("all",)
    if by == "age group":
        return AGE_GROUPS
    if by == "step":
        return STEPS
    if settings is None:
        return None
    requests = settings.requests
    named: dict[str, Iterable[str]] = {
        "source": requests.sources,
        "age": requests.ages,
        "need": requests.needs,
        "area": requests.areas,
        "giver": settings.advice,
    }
    return tuple(named[by])
