"""The page and the workbook of the numbers that a council has to ask for."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from ehc_sim.jobs.new_council.to_ask import QUESTIONS, as_it_stands, usual
from ehc_sim.present.your_numbers_page import Asked, Filled, render
from ehc_sim.scenario import Scenario

PAGE, WORKBOOK = "your_numbers.html", "your_numbers.xlsx"
_HEADINGS = (
    *("Number", "Unit", "Ask", "In the file now", "Yours", "Usual from", "Usual to", "Check"),
    *("Where it goes", "What it does to the answer", "How it is counted"),
)
_WIDTHS = (44, 20, 34, 18, 14, 12, 12, 30, 48, 70, 70)
_YOURS, _FROM, _TO = "E", "F", "G"


def asked(scenario: Scenario) -> tuple[Asked, ...]:
    """Return the questions with what stands in a council's file."""
    return tuple(
        Asked(
            question.title, question.of, question.effect, question.how,
            tuple(
                Filled(line.what, line.unit, line.where, as_it_stands(scenario, line.where),
                       usual(line, as_it_stands(scenario, line.where)))
                for line in question.lines
            ),
        )
        for question in QUESTIONS
    )  # fmt: skip


def write_both(scenario: Scenario, notes: tuple[str, ...], folder: Path) -> None:
    """Write the page and the workbook into a folder."""
    questions = asked(scenario)
    council = scenario.base.council.name
    (folder / PAGE).write_text(render(council, questions, notes), encoding="utf-8", newline="\n")
    (folder / WORKBOOK).write_bytes(workbook(council, questions))


def workbook(council: str, questions: tuple[Asked, ...]) -> bytes:
    """Return the workbook: a row a number, a cell to fill in, and a check of its range."""
    from openpyxl import Workbook  # it takes a while to load
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    sheet.title = "Your numbers"
    sheet["A1"] = f"{council}: the numbers to ask for"
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A2"] = (
        "Fill in the yellow cells. Nothing reads this file: put each number where column I says, "
        "with who gave it and when as its source."
    )
    for place, (heading, width) in enumerate(zip(_HEADINGS, _WIDTHS, strict=True), start=1):
        cell = sheet.cell(4, place, heading)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "B5"
    row = 5
    for question in questions:
        for line in question.lines:
            low, high = line.usual
            values = (line.what, line.unit, question.of, line.now, None, low, high, _check(row))
            for place, value in enumerate(
                (*values, line.where, question.effect, question.how), start=1
            ):
                cell = sheet.cell(row, place, value)
                cell.alignment = Alignment(wrap_text=True, vertical="top")
            mine = sheet[f"{_YOURS}{row}"]
            mine.fill = PatternFill("solid", fgColor="FFF2CC")
            mine.protection = Protection(locked=False)
            allowed = DataValidation(
                type="decimal", operator="greaterThanOrEqual", formula1="0", allow_blank=True,
                errorTitle="A number", error=f"A number in {line.unit}, such as {high:g} or less.",
            )  # fmt: skip
            sheet.add_data_validation(allowed)
            allowed.add(mine.coordinate)
            row += 1
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _check(row: int) -> str:
    mine, low, high = (f"{column}{row}" for column in (_YOURS, _FROM, _TO))
    return (
        f'=IF({mine}="","to ask for",IF(NOT(ISNUMBER({mine})),"a number is wanted",'
        f'IF(AND({mine}>={low},{mine}<={high}),"in the usual range",'
        '"unusual: check the unit")))'
    )
