"""What an option buys, for the chart of what the options cost."""

from typing import NamedTuple

from ehc_sim.present import words
from ehc_sim.present.reading import Option, Standing


class Gain(NamedTuple):
    """What an option buys: the columns that hold it, and its words."""

    column: str
    """Its column, and with ``_low`` and ``_high`` those of its 95% range."""
    test: str
    """The test in pairs of ``pairs.csv`` by which two options are told apart in it."""
    words: str
    what: str
    """How the chart says what is drawn."""
    better: str
    caption: str

    def of(self, option: Option) -> tuple[float, float, float]:
        """Return what an option buys, with its range; the baseline saves none against itself."""
        if option.is_baseline and self is WEEKS:
            return 0.0, 0.0, 0.0
        middle, low, high = (
            float(getattr(option, self.column + end)) for end in ("", "_low", "_high")
        )
        return middle, low, high

    def in_words(self, option: Option) -> str:
        """Return what an option buys, with its range."""
        return option.chance_in_figures if self is CHANCE else _weeks(option)


CHANCE = Gain(
    "chance",
    "chance",
    "Chance (95% range)",
    "Chance of reaching the target in the simulated futures, with its 95% range, against extra "
    "cost over the planning period.",
    "has a better chance in these futures",
    "What each option costs, and the chance it buys.",
)
WEEKS = Gain(
    "late_child_weeks_saved",
    "late_child_weeks",
    "Weeks past the date saved (95% range)",
    "Weeks that children wait less past their date, added up, with their 95% range, against extra "
    "cost over the planning period.",
    "saves more in these futures",
    "What each option costs, and the waiting it saves.",
)


def _weeks(option: Option) -> str:
    told = words.counted(*WEEKS.of(option))
    return f"{told.figure} ({told.range})"


def gain_of(now: Standing) -> Gain:
    """Return what the chart is about: the chance or, where no option has one, waiting saved."""
    return WEEKS if now.none_is_enough and now.waiting_known else CHANCE
