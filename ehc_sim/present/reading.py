"""What the comparison says: the options in the order in which the study puts them."""

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ehc_sim.catalogue.tables import Stood, columns
from ehc_sim.catalogue.timeliness import Compared
from ehc_sim.present import words
from ehc_sim.present.frames import Frames, records

_NOT_KNOWN: dict[str, Any] = {
    one.name: {str: "", bool: False}.get(one.kind, math.nan) for one in columns(Stood)
}
"""In place of a row of the standing, which folders of earlier versions do not have."""


@dataclass(frozen=True, kw_only=True)
class Option(Compared, Stood):
    """One row of the comparison with its row of the standing, with the names of their columns."""

    is_baseline: bool
    overloaded_teams: tuple[str, ...]
    """Teams whose work exceeds their hours in the year in which the window ends."""
    overdue_low80: float = math.nan
    overdue_high80: float = math.nan
    over_52_low80: float = math.nan
    over_52_high80: float = math.nan

    @property
    def named(self) -> str:
        """Its name in quotation marks."""
        return words.quoted([self.scenario])

    @property
    def called(self) -> str:
        """What it is called within a sentence: "the baseline", or its name."""
        return "the baseline" if self.is_baseline else self.named

    @property
    def between(self) -> str:
        """Lowest and highest chance of any explanation of the past; empty where there is one."""
        return words.between(
            self.explanations, (self.chance, self.chance_lowest, self.chance_highest)
        )

    @property
    def chance_in_words(self) -> str:
        """The chance with its ranges: "1 in 3 of the simulated futures (25% to 41%)"."""
        return words.chance(self.chance, self.chance_low, self.chance_high, self.between)

    @property
    def chance_in_figures(self) -> str:
        """The chance with its ranges: "35% (25% to 41%)"."""
        return words.chance_figures(self.chance, self.chance_low, self.chance_high, self.between)

    @property
    def chance_ranges(self) -> str:
        """The ranges of the chance: "25% to 41%"."""
        return words.ranges(self.chance_low, self.chance_high, self.between)

    @property
    def apart(self) -> bool:
        """Whether it is no rival: it changes the order of work only, or who is assessed."""
        return self.order_only or self.other_children

    @property
    def overdue(self) -> str:
        """Cases past their date at the end, rounded to what their range supports."""
        return words.counted(self.overdue_at_end, self.overdue_low80, self.overdue_high80).figure

    @property
    def over_52(self) -> str:
        """Open cases of over 52 weeks at the end, rounded to what their range supports."""
        ends = (self.over_52_low80, self.over_52_high80)
        return words.counted(self.over_52_weeks_at_end, *ends).figure

    @property
    def window(self) -> tuple[date, date]:
        """First and last day of the months in which the target is judged."""
        return self.window_from, self.window_until

    @property
    def pays_in_waiting(self) -> bool:
        """Whether children wait longer for its percentage than they would with the baseline."""
        return self.more_overdue or self.older_case


@dataclass(frozen=True)
class Standing:
    """How the options stand, as the study found it (``standing.csv``).

    Attributes
    ----------
    baseline : Option
        The first row: what happens with no new decision.
    ranked : list of Option
        Every choice, the baseline among them, in the order of their places: the one that leads,
        those that the paired tests cannot tell apart from the best chance, the others, and at the
        end those that only change who is seen first.
    circumstances : list of Option
        Those that are no choice, as they meet other futures than the others. They are told apart.
    tested : bool
        Whether the pairs were tested; not in folders of earlier versions, where the order is that
        of the chances and says no more.
    loads_known : bool
        Whether it is known which teams get more work than they have hours for; not in folders of
        earlier versions.
    """

    baseline: Option
    ranked: list[Option]
    circumstances: list[Option] = field(default_factory=list)
    tested: bool = True
    loads_known: bool = True

    @property
    def best(self) -> Option:
        """The option that leads."""
        return self.ranked[0]

    @property
    def tied(self) -> list[Option]:
        """Options other than the one that leads that cannot be told apart from the best chance."""
        return [option for option in self.ranked[1:] if option.with_the_best]

    @property
    def futures(self) -> str:
        """Simulated futures of each scenario: "400", or "55 to 380" if each stops by itself."""
        counts = [option.replications for option in (*self.ranked, *self.circumstances)]
        return words.number_range(min(counts), max(counts))

    @property
    def orders(self) -> list[Option]:
        """Options that change nothing but who is seen first; they are never the best."""
        return [option for option in self.ranked if option.order_only]

    @property
    def other_children(self) -> list[Option]:
        """Options in which other children ask, are assessed or have a plan; never the best."""
        return [option for option in self.ranked if option.other_children]

    @property
    def savers(self) -> list[Option]:
        """Options that are shown to save waiting past the date, the one that saves most first."""
        able = (o for o in self.ranked if o.saves_waiting and not o.apart)
        return sorted(able, key=lambda o: o.waiting_place)

    @property
    def lead(self) -> Option:
        """The option that the page leads with: who saves most waiting, else the best chance."""
        return next(iter(self.savers), self.best)

    @property
    def waiting_known(self) -> bool:
        """Whether the options were put in the order of waiting; not in earlier versions."""
        return math.isfinite(self.baseline.waiting_place)

    @property
    def none_is_enough(self) -> bool:
        """Whether the chance is near zero of every option that is more than an order of work."""
        return all(option.near_zero for option in self.ranked if not option.apart)

    @property
    def best_without_more_waiting(self) -> Option:
        """The first of the options by which nobody waits longer, the baseline among them."""
        return next(option for option in self.ranked if self.leaves_no_more_waiting(option))

    @property
    def table_order(self) -> list[Option]:
        """The baseline, then the others by the waiting they save, orders of work at the end."""
        others = [option for option in self.ranked if not option.is_baseline]
        if self.waiting_known:
            others.sort(key=_by_waiting)
        return [self.baseline, *others]

    def leaves_no_more_waiting(self, option: Option) -> bool:
        """Whether an option leaves neither more cases past 20 weeks nor one much older.

        An option whose cases past 20 weeks are not known is not vouched for.
        """
        if option.is_baseline:
            return True
        known = math.isfinite(option.overdue_at_end)
        return known and not (option.pays_in_waiting or option.apart)


def standing(frames: Frames) -> Standing:
    """Return how the options of a comparison stand."""
    stood = frames.standing.set_index("scenario").to_dict("index")
    ranges = _ranges_at_the_end(frames)
    options = []
    for number, row in enumerate(records(frames.comparison)):
        known = _NOT_KNOWN | row | stood.get(row["scenario"], {}) | ranges.get(row["scenario"], {})
        if not words.known(known.get("replications_compared")):  # folders of earlier versions
            known["replications_compared"] = known["replications"]
        known |= {"is_baseline": number == 0, "overloaded_teams": _overloaded(frames, row)}
        options.append(
            Option(**{one.name: known[one.name] for one in columns(Option) if one.name in known})
        )
    choices = [option for option in options if option.is_choice]
    tested = all(math.isfinite(option.place) for option in choices)
    ranked = sorted(choices, key=_place if tested else _chance)
    circumstances = [option for option in options if not option.is_choice]
    loads_known = bool((frames.teams["measure"] == "load_of_year").any())
    return Standing(options[0], ranked, circumstances, tested, loads_known)


def _overloaded(frames: Frames, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the teams of a scenario that are asked for more hours than they have."""
    loads = frames.series("teams", scenario=row["scenario"], measure="load_of_year")
    of_year = loads["month"].dt.year == row["window_until"].year
    return tuple(loads.loc[of_year & (loads["median"] > 1), "team"].unique())


def shown_beside_baseline(frames: Frames) -> list[str]:
    """Names of the baseline and, where another one leads the page, of that option."""
    now = standing(frames)
    return list(dict.fromkeys([now.baseline.scenario, now.lead.scenario]))


def shown_with_an_order(frames: Frames) -> list[str]:
    """Names of these and, where there is one, of the order of work with most cases overdue."""
    orders = sorted(standing(frames).orders, key=lambda option: -option.overdue_at_end)
    return [*shown_beside_baseline(frames), *(option.scenario for option in orders[:1])]


def over_the_plan(frames: Frames) -> str:
    """Return "over the planning period, April 2027 to March 2030"; whole years as years."""
    first, last = frames.plan_months
    if first is None or last is None:
        return "over the planning period"
    form = "%Y" if (first.month, last.month) == (1, 12) else "%B %Y"
    ends = dict.fromkeys(f"{month:{form}}" for month in (first, last))
    return f"over the planning period, {' to '.join(ends)}"


def _ranges_at_the_end(frames: Frames) -> dict[Hashable, dict[Hashable, float]]:
    """Return by scenario the range of 8 in 10 futures of the cases past their date at the end."""
    found: dict[Hashable, dict[Hashable, float]] = {}
    for name, measure in (("overdue", "overdue_cases"), ("over_52", "open_over_52_weeks")):
        rows = frames.series("monthly", measure=measure)
        last = rows[rows["month"] == rows["month"].max()].set_index("scenario")
        for scenario, row in last[["low80", "high80"]].add_prefix(f"{name}_").iterrows():
            found.setdefault(scenario, {}).update(dict(row))
    return found


def _place(option: Option) -> float:
    return option.place


def _by_waiting(option: Option) -> tuple[bool, bool, float]:
    """Put rivals in their places, then who changes who is assessed, then orders of work."""
    known = math.isfinite(option.waiting_place)
    return (
        option.order_only,
        option.apart,
        option.waiting_place if known else -option.late_child_weeks_saved,
    )


def _chance(option: Option) -> tuple[float, float]:
    def last_if_unknown(value: float) -> float:
        return -value if math.isfinite(value) else math.inf

    return last_if_unknown(option.chance), last_if_unknown(option.on_time)
