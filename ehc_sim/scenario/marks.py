"""What the schema says of its settings beside their kind: marks that rules are derived from.

A mark stands in the annotation of a setting and holds for all that is inside it, until something
inside has another of the same kind. A setting without a mark is under the strictest rule: it cannot
change on a date unless it is a number, and it must agree among options.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Annotated


class Mark(Enum):
    """Rules for a setting."""

    ON_A_DATE = auto()
    """It may change on a date. Numbers may without saying so, other settings only with this."""
    WHOLE_RUN = auto()
    """It is one for the whole run: a change of it has no dates."""
    MUST_AGREE = auto()
    """Options can only be compared where it is the same in all of them."""
    MAY_DIFFER = auto()
    """Options may differ in it: staff, panels, ways of working."""
    TOLD = auto()
    """Options may differ in it, but it is no choice of the council: the difference is told."""
    OF_A_COUNCIL = auto()
    """It is counted or paid in one council, or said of its record: another cannot take it over
    without saying so. Assumptions of how work is done, such as its hours, are for all until they
    are fitted."""
    ORDER_OF_WORK = auto()
    """It says which job is taken next, and nothing else."""
    WHO_IS_ASSESSED = auto()
    """It says how many children ask, are assessed or have a plan."""


@dataclass(frozen=True)
class Names:
    """The text is the name of something in a table of the scenario.

    Attributes
    ----------
    table : str
        Such as ``teams``.
    """

    table: str


@dataclass(frozen=True)
class AFile:
    """The text is the path of another file, relative to the file in which it is written.

    Attributes
    ----------
    or_else : str or None
        A text that may stand there without being a file.
    """

    or_else: str | None = None


TeamName = Annotated[str, Names("teams")]
"""The name of a team that does a step."""

PanelName = Annotated[str, Names("panels")]
"""The name of a panel that decides."""

FileName = Annotated[str, AFile()]
"""The path of another file."""
