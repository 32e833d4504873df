"""The rows of a workbook (.xlsx), each cell as the text that a CSV file would have."""

import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook  # type: ignore[import-untyped,import-not-found,unused-ignore]

from ehc_sim.inputs.plain_file import MEGABYTE, Unreadable

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
