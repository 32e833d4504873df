"""The rows of a table that somebody saved: CSV of any usual kind, or a workbook of one sheet."""

import csv
import re
import sys
import unicodedata
import warnings
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from difflib import get_close_matches
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

from ehc_sim.inputs.plain_file import MEGABYTE, Unreadable, read_bytes, text_of

MOST_UNPACKED = 100 * MEGABYTE
"""A workbook is packed; a small one may unpack to more than a computer holds."""

_NOT_ONE = "not a workbook that can be read; save it as CSV UTF-8"


def rows_of(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    """Give the rows of the only sheet that has any, with their numbers.

    Parameters
    ----------
    raw : bytes
        What is in the file.

    Raises
    ------
    Unreadable
        If it is no workbook, it is too large when unpacked, several sheets have something in them,
        or a formula stands in it without its value.
    """
    try:
        with ZipFile(BytesIO(raw)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
            kinds = {part.filename.lower() for part in packed.infolist()}
        if unpacked > MOST_UNPACKED:
            found = f"found {unpacked / MEGABYTE:,.0f} MB when unpacked"
            raise Unreadable(f"{found}, allowed are {MOST_UNPACKED / MEGABYTE:,.0f} MB or less")
        if "xl/workbook.xml" not in kinds:
            raise Unreadable(
                "found a packed file that is no workbook (.xlsx); save it as CSV UTF-8"
            )
        yield from _rows(raw)
    except Unreadable:
        raise
    except Exception as error:  # a damaged workbook fails in as many ways as it has parts
        raise Unreadable(_NOT_ONE) from error


def _rows(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # it takes a while to load

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and the like, which are not read
        values = load_workbook(BytesIO(raw), read_only=True, data_only=True)
        written = load_workbook(BytesIO(raw), read_only=True)
        filled = [sheet for sheet in values.worksheets if _has_something(sheet)]
        if not filled:
            raise Unreadable("found a workbook with nothing in it; allowed is one sheet of rows")
        if len(filled) > 1:
            names = ", ".join(f'"{sheet.title}"' for sheet in filled[:6])
            more = " …" if len(filled) > 6 else ""
            found = f"found {len(filled)} sheets with something in them ({names}{more})"
            raise Unreadable(f"{found}: which is meant? Save that one alone, as .xlsx or CSV UTF-8")
        both = (filled[0], written[filled[0].title])
        for one in both:
            one.reset_dimensions()  # what a workbook says of its size is often far too much
        pairs = zip(*(one.iter_rows(values_only=True) for one in both), strict=True)
        for number, (cells, formulas) in enumerate(pairs, start=1):
            if any(c is None and f is not None for c, f in zip(cells, formulas, strict=True)):
                problem = (
                    "found a formula without its value; open the workbook in Excel and save it"
                )
                raise Unreadable(problem, number)
            yield number, [_text(cell) for cell in cells]


def _has_something(sheet: Any) -> bool:  # noqa: ANN401
    sheet.reset_dimensions()
    return any(cell is not None for row in sheet.iter_rows(values_only=True) for cell in row)


def _text(cell: Any) -> str:  # noqa: ANN401
    """Return a cell as text: days as 2024-03-14, whole numbers without a point."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)


MOST_BYTES = 20 * MEGABYTE
MOST_ROWS = 100_000
MOST_CELLS = 2_000_000
"""Far beyond what a council can have: its requests of ten years are some 20,000 rows."""

DELIMITERS = (",", ";", "\t")
TITLE_ROWS = 20
"""Rows from the top among which the column names are looked for."""

BLOCK = 16
"""Rows of which Excel leaves out what is empty in all of them when it saves a CSV file."""

ANY_WIDTH = sys.maxsize
_REMARK = re.compile(r"#(?!N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)")
"""Excel's errors begin like a remark."""


class Line(NamedTuple):
    """A row as it was written."""

    line: int
    """Line of the file that it ends on, or row of the workbook."""
    cells: list[str]
    width: int
    """Cells that are there, empty ones at the end too; ``ANY_WIDTH`` where those that are not there
    are empty. Otherwise one may be missing in between."""


@dataclass(frozen=True)
class Sheet:
    """A table as it was written.

    Attributes
    ----------
    line : int
        Line of the column names.
    columns : tuple of str
        Keys of the columns (see ``key_of``), in order; columns without a name and without content
        are left out.
    titles : tuple of str
        The same names as they were written.
    places : tuple of int
        Places of the columns in the file, counted from 0.
    rows : tuple of (int, list of str)
        Line and cells of each row that is not blank, as many cells as columns. Characters that
        cannot be seen are taken out of the cells, and spaces at both ends.
    faults : tuple of (int, str)
        Line and problem of each row that does not fit the columns; it is not among the rows.
    """

    line: int
    columns: tuple[str, ...]
    titles: tuple[str, ...]
    places: tuple[int, ...]
    rows: tuple[tuple[int, list[str]], ...]
    faults: tuple[tuple[int, str], ...]


def key_of(name: str) -> str:
    """Return a column's name without what does not matter: capitals, spaces, look-alikes."""
    return re.sub(r"\s+", "_", same_key(name))


def same_key(text: str) -> str:
    """Return a text without what does not matter where two are compared.

    Capitals, forms of one character, curly apostrophes, long dashes, and characters and spaces that
    cannot be seen do not matter.
    """
    if text.isascii():
        return cleaned(text).casefold()
    text = cleaned(unicodedata.normalize("NFKC", text)).casefold()
    text = re.sub("[\u2010-\u2015\u2212]", "-", text)
    return re.sub("[\u2018\u2019\u02bc]", "'", text)


def cleaned(cell: str) -> str:
    """Return a cell without characters that cannot be seen, and with single spaces."""
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)
        cell = "".join(c for c in cell if unicodedata.category(c) != "Cf")
    return " ".join(cell.split())


def read_sheet(path: Path, known: Collection[str] = (), remarks: bool = False) -> Sheet:
    """Read a table.

    Parameters
    ----------
    path : Path
        A CSV file with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252; or a workbook
        (.xlsx) with one sheet that is not empty.
    known : collection of str
        Keys of columns that may be there, by which the row of the column names is found below
        rows with titles. Without any, it is the first row that is not blank.
    remarks : bool
        Whether rows that begin with # are passed over.

    Raises
    ------
    Unreadable
        If there is no such file, it is no plain file, it is too large, or it is no table.
    """
    raw = read_bytes(path, MOST_BYTES)
    if not raw:
        raise Unreadable("empty; allowed is a CSV file with a line of column names")
    if raw.startswith(b"PK"):
        filled = (Line(line, cells, ANY_WIDTH) for line, cells in rows_of(raw))
        return _sheet(_without_remarks(_bounded(filled), remarks), known)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        problem = "found an old workbook (.xls), or one with a password"
        raise Unreadable(f"{problem}; save it as .xlsx without one, or as CSV UTF-8")
    text = text_of(raw)
    del raw
    rows = _csv_rows(text, _delimiter(text, known))
    return _sheet(_without_remarks(_bounded(rows), remarks), known)


def _without_remarks(rows: Iterable[Line], remarks: bool) -> list[Line]:
    return [row for row in rows if not (remarks and _REMARK.match(row.cells[0]))]


def _csv_rows(text: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    fault: csv.Error | None = None
    while fault is None:
        block: list[tuple[int, list[str]]] = []
        try:
            block.extend((reader.line_num, cells) for cells in islice(reader, BLOCK))
        except csv.Error as error:
            fault = error
        even = len({len(cells) for _, cells in block}) == 1
        for line, cells in block:
            yield Line(line, cells, ANY_WIDTH if even else len(cells))
        if not block and fault is None:
            return
    raise Unreadable(f"not a CSV file: {fault}", reader.line_num) from fault


def _bounded(rows: Iterable[Line]) -> Iterator[Line]:
    """Give the rows that say something, cleaned, as long as there are no more than is allowed."""
    count = cells_so_far = 0
    for line, written, width in rows:
        cells = [cleaned(cell) if cell else "" for cell in written]
        if not any(c.isalnum() for cell in cells for c in cell):
            continue
        while not cells[-1]:
            cells.pop()
        count += 1
        cells_so_far += len(cells)
        if count > MOST_ROWS:
            raise Unreadable(f"found more than {MOST_ROWS:,} rows, allowed are as many", line)
        if cells_so_far > MOST_CELLS:
            raise Unreadable(f"found more than {MOST_CELLS:,} cells, allowed are as many", line)
        yield Line(line, cells, width)


def _delimiter(text: str, known: Collection[str]) -> str:
    """Return what stands between the cells: what gives the most names of columns, or cells."""
    tops = [_top(text, delimiter) for delimiter in DELIMITERS]
    scores = [max((_score(row.cells, known) for row in top), default=0) for top in tops]
    likely = [place for place, score in enumerate(scores) if score == max(scores)]
    width = {
        place: len(tops[place][_names(tops[place], known)].cells) if tops[place] else 0
        for place in likely  # of the others no near names are looked for, which takes long
    }
    return DELIMITERS[max(likely, key=width.__getitem__)]  # the first of equals


def _top(text: str, delimiter: str) -> list[Line]:
    top: list[Line] = []
    with suppress(Unreadable):  # said when the whole is read
        top.extend(islice(_bounded(_csv_rows(text, delimiter)), TITLE_ROWS))
    return top


def _score(cells: list[str], known: Collection[str]) -> int:
    return len({key_of(cell) for cell in cells} & set(known))


def _near(cells: list[str], known: Collection[str]) -> int:
    return sum(bool(get_close_matches(key_of(cell), known, n=1, cutoff=0.7)) for cell in cells)


def _names(rows: list[Line], known: Collection[str]) -> int:
    """Return which row has the names of the columns: the first with the most that are known."""
    for score in (_score, _near):
        scores = [score(cells, known) for _, cells, _ in rows[:TITLE_ROWS]]
        if max(scores) > 0:
            return scores.index(max(scores))
    return 0


def _sheet(rows: list[Line], known: Collection[str]) -> Sheet:
    if not rows:
        raise Unreadable("empty; allowed is a CSV file with a line of column names")
    place = _names(rows, known)
    line, names, _ = rows[place]
    _no_figures_above(rows[: place + 1])
    sound: list[tuple[int, list[str]]] = []
    faults: list[tuple[int, str]] = []
    for row in rows[place + 1 :]:
        if len(row.cells) > len(names) or row.width < len(names):
            faults.append((row.line, _misfit(row, line, names)))
        else:
            sound.append((row.line, row.cells + [""] * (len(names) - len(row.cells))))
    columns = [key_of(name) for name in names]
    keep = [number for number, column in enumerate(columns) if column]
    if len(keep) < len(columns):
        for number in set(range(len(columns))) - set(keep):
            filled = next((below for below, cells in sound if cells[number]), None)
            if filled is not None:
                problem = f"found no name for column {number + 1}, which is filled in on line"
                faults.append((line, f"{problem} {filled}"))
        sound = [(number, [cells[column] for column in keep]) for number, cells in sound]
    kept = tuple(columns[number] for number in keep)
    titles = tuple(names[number] for number in keep)
    return Sheet(line, kept, titles, tuple(keep), tuple(sound), tuple(faults))


def _no_figures_above(rows: list[Line]) -> None:
    """Refuse rows that are no titles above the last one, which has the names of the columns."""
    *above, (line, names, _) = rows
    for row in above:
        filled = [cell for cell in row.cells if cell]
        figures = [any(c.isdigit() for c in cell) for cell in filled]
        if len(filled) >= min(3, len(names)) and (all if len(filled) < 3 else any)(figures):
            problem = f"found figures above the column names, which are on line {line}; if months "
            problem += "or years stand across, give one row a month, with names above the columns"
            raise Unreadable(problem, row.line)


def _misfit(row: Line, line: int, names: list[str]) -> str:
    """Return what is wrong with a row that has more or fewer cells than the columns are."""
    found = max(len(row.cells), 0 if row.width == ANY_WIDTH else row.width)
    first = "the first line" if line == 1 else f"line {line}"
    thousands = any(re.fullmatch("[0-9]{3}", cell) for cell in row.cells[1:])
    hint = "; write thousands without commas" if found > len(names) and thousands else ""
    return f"found {found} fields, {first} has {len(names)}{hint}"
