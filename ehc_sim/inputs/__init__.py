"""How every file that people bring is opened, decoded, bounded and refused: in one way."""

from ehc_sim.inputs.cells import NOT_A_NUMBER, is_mark, is_part, is_total, number_in, whole_in
from ehc_sim.inputs.days import Days, Months
from ehc_sim.inputs.plain_file import Unreadable, problem_of, read_bytes, text_of
from ehc_sim.inputs.sheet import Sheet, key_of, read_sheet, same_key

__all__ = [
    "NOT_A_NUMBER",
    "Days",
    "Months",
    "Sheet",
    "Unreadable",
    "is_mark",
    "is_part",
    "is_total",
    "key_of",
    "number_in",
    "problem_of",
    "read_bytes",
    "read_sheet",
    "same_key",
    "text_of",
    "whole_in",
]
