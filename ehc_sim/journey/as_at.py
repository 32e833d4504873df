"""The day of what a run starts with, which stands in the file beside it."""

from datetime import date

from ehc_sim.scenario.csv_table import CsvTable

AS_AT = "as_at"
"""Column with the day of which the figures or cases of a row are: the first day of the run."""


def check_as_at(table: CsvTable, start: date) -> None:
    """Note the days of a file that are not the first day of a run, each once.

    The days of a private file are not repeated: what is wrong there may be a date of birth.

    Parameters
    ----------
    table : CsvTable
        With the column ``as_at``.
    start : date
        First day of the run.
    """
    others: dict[date, list[int]] = {}
    for row in table.rows:
        day = table.day_of(row, AS_AT)
        if day is not None and day != start:
            others.setdefault(day, []).append(row.line)
    for day, lines in others.items():
        rows = "in this row" if len(lines) == 1 else f"in {len(lines):,} rows"
        found = "another day" if table.private else day
        problem = (
            f"found {found} {rows}, allowed is {start}, the first day of the run: what stands "
        )
        table.fault(lines[0], f"column {AS_AT}", problem + "in the file is what there was then")
