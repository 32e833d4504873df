"""Tables as CSV files that a spreadsheet opens as they are, and that are read back the same."""

import re
from pathlib import Path

import pandas as pd

_AS_A_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""Text that a spreadsheet takes for a formula, behind the apostrophes that mark it as text."""
_MARK = "'"


def text_of_table(table: pd.DataFrame) -> str:
    """Return a table as CSV text, numbers with eight digits.

    Text that Excel would take for a formula, such as a name that starts with +, stands behind an
    apostrophe (OWASP, "CSV Injection").
    """
    texts = table.select_dtypes(exclude=["number", "bool", "datetime"]).columns
    safe = table.assign(**{name: table[name].map(_marked) for name in texts})
    safe = safe.rename(columns=_marked)
    return str(safe.to_csv(index=False, float_format="%.8g", lineterminator="\n"))


def put_table(table: pd.DataFrame, path: Path) -> None:
    """Write a table as a CSV file in UTF-8 with the mark by which Excel knows it."""
    path.write_text(text_of_table(table), encoding="utf-8-sig", newline="")


def get_table(path: Path) -> pd.DataFrame:
    """Return a table that was written by ``put_table``, every cell as text, empty where missing.

    Raises
    ------
    ValueError
        When it is no table: pandas' own, or of the encoding.
    OSError
        When it cannot be read.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    return table.rename(columns=_unmarked).map(_unmarked)


def _marked(cell: object) -> object:
    return _MARK + cell if isinstance(cell, str) and _AS_A_FORMULA.match(cell) else cell


def _unmarked(cell: str) -> str:
    return cell[1:] if cell.startswith(_MARK) and _AS_A_FORMULA.match(cell) else cell
