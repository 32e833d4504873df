"""Writes the page of the numbers that a council has to ask for: one page that loads nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ehc_sim.present.pages import environment
from ehc_sim.version import __version__


@dataclass(frozen=True)
class Filled:
    """One number to ask for.

    Attributes
    ----------
    what, unit, where : str
        What it is, what it counts, and where it goes.
    stands : tuple of float or None
        Low, likely and high as they stand in the file; None where it has none.
    usual : tuple of float
        The range in which it usually lies.
    """

    what: str
    unit: str
    where: str
    stands: tuple[float, float, float] | None
    usual: tuple[float, float]

    @property
    def now(self) -> str:
        """What stands in the file, in words."""
        if self.stands is None:
            return "nothing yet"
        low, likely, high = self.stands
        return f"{likely:g}" if low == high else f"{likely:g} ({low:g} to {high:g})"

    @property
    def usual_in_words(self) -> str:
        """The usual range, in words."""
        return f"{self.usual[0]:,g} to {self.usual[1]:,g}"


@dataclass(frozen=True)
class Asked:
    """A question: its title, of whom it is asked, its effect, how it is counted, its numbers."""

    title: str
    of: str
    effect: str
    how: str
    lines: tuple[Filled, ...]


def render(council: str, questions: Sequence[Asked], notes: Sequence[str]) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    council : str
        The council's name.
    questions : sequence of Asked
        From what decides most to what decides least.
    notes : sequence of str
        What DfE's figures have not got, and what was done.
    """
    return (
        environment()
        .get_template("your_numbers.html.j2")
        .render(council=council, questions=questions, notes=notes, version=__version__)
    )
