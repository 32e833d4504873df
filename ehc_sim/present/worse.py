"""Why an option does worse than another, in words: of ``worse.csv``, where it was judged.

The step that takes longer is told first, then the team of that step: what takes its hours, and how
much waits for it.
"""

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from ehc_sim.present import figures, words
from ehc_sim.present.frames import Frames, records
from ehc_sim.present.reading import Option, Standing

_STEPS = {
    "weeks_to_decision": "the decision to assess",
    "weeks_of_assessment": "the assessment",
    "weeks_to_draft": "the draft plan",
    "weeks_draft_to_final": "the way from the draft to the final plan",
}
"""What the step of each measure is called in a sentence."""

_TOLD_AS = {
    figures.ALL_ASSESSMENTS: "assessments",
    figures.ALL_ON_PLANS: "reviews, phase transfers and appeals about plans",
    "meetings": "meetings",
    "disputes": "disputes",
}
"""What each kind of work is called in a sentence."""


class _Cause(NamedTuple):
    """A row of the table: what differs, and the figures of the option and of the other."""

    of: str
    name: str
    year: int
    value: float
    against_value: float

    def instead(self, form: Callable[[float], str]) -> str:
        """Return "62% instead of 41%": the option's figure and the other's."""
        return f"{form(self.value)} instead of {form(self.against_value)}"


class _Told:
    """What is told of one option, by cause."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._rows = rows

    def all(self, cause: str) -> list[_Cause]:
        """Return every row of a cause."""
        rows = self._rows[self._rows["cause"] == cause]
        return [
            _Cause(
                str(row["of"]),
                str(row["name"]),
                int(row["year"]),
                float(row["value"]),
                float(row["against_value"]),
            )
            for row in records(rows)
        ]

    def one(self, cause: str) -> _Cause | None:
        """Return the first row of a cause; None where there is none."""
        return next(iter(self.all(cause)), None)


def lower_chances(frames: Frames, now: Standing) -> list[str]:
    """Return a paragraph for each option that is shown to do worse, the worst first.

    Those whose chance is lower in these futures, and which may do no worse, are named in one
    sentence. A larger stock of plans is held against the same money without it.
    """
    options = {option.scenario: option for option in (*now.ranked, *now.circumstances)}
    unsure = frames.worse["cause"] == "not told apart"
    unclear, told = frames.worse.loc[unsure, "scenario"].tolist(), frames.worse[~unsure]
    said = [
        _paragraph(options[str(against)], options[str(scenario)], _Told(rows))
        for (scenario, against), rows in told.groupby(["scenario", "against"], sort=False)
    ]
    if unclear:
        said.append(
            f"{words.quoted(unclear)} {words.plural(len(unclear), 'reaches', 'reach')} the target "
            "less often than the baseline, but no lower chance or share on time is shown."
        )
    return said


def _paragraph(against: Option, option: Option, told: _Told) -> str:
    said = [
        _opening(against, option, told),
        _stock(told),
        _of_step(told),
        _of_team(told),
        _more_plans(told),
        _overloaded_besides(against, told),
    ]
    return " ".join(sentence for sentence in said if sentence)


def _opening(against: Option, option: Option, told: _Told) -> str:
    name, other = words.quoted([option.scenario]), against.called
    if told.one("chance"):
        chances = [one.chance_in_figures for one in (option, against)]
        return (
            f"{name} reaches the target in {chances[0]} of the simulated futures, {other} in "
            f"{chances[1]}."
        )
    return (
        f"{name} issues {words.percent(option.on_time)} of plans on time, {other} "
        f"{words.percent(against.on_time)}."
    )


def _of_step(told: _Told) -> str:
    step = told.one("step")
    if step is None:
        return ""
    days = step.instead(words.number)
    said = f"What takes longer is {_STEPS[step.name]}: {days} days on average in {step.year}"
    if team := told.one("waits for team"):
        return f"{said}, where cases wait for {team.name}."
    if part := told.one("waits for"):
        return f"{said}, most of all for {words.uncapital(part.name)}."
    return f"{said}."


def _of_team(told: _Told) -> str:
    """Return which work takes a team's hours, how much there is of it, and how much waits."""
    said, year = [], 0
    kind, less = told.one("more work"), told.one("less work")
    if kind:
        year = kind.year
        named, whole = _TOLD_AS[kind.name], kind.instead(words.percent)
        said.append(f"{named} take {whole} of the hours that {kind.of} work")
        if less:
            said[0] += f", and assessments {less.instead(words.percent)}"
    if load := told.one("load"):
        them = "them" if said else load.of
        share, year = load.instead(words.percent), load.year
        said.append(f"the work that reaches {them} is {share} of the hours they have")
    if queue := told.one("queue"):
        them = "them" if said else queue.of
        jobs, year = queue.instead(words.number), queue.year
        said.append(f"{jobs} jobs wait for {them} at the end of the year")
    return f"In {year}, {'; '.join(said)}." if said else ""


def _stock(told: _Told) -> str:
    """Return by how much the stock of plans differs from the start, where it is larger."""
    stock = told.one("plans at the start")
    if stock is None:
        return ""
    return f"It starts {stock.year} with {stock.instead(words.number)} plans in place."


def _more_plans(told: _Told) -> str:
    """Return that more late cases are finished, which lowers the percentage for a time."""
    issued, late = told.one("plans issued"), told.one("late plans")
    if issued is None or late is None:
        return ""
    return (
        f"It issues {issued.instead(words.number)} plans, {late.instead(words.number)} of them "
        "late: finishing cases that are already late lowers the percentage too."
    )


def _overloaded_besides(against: Option, told: _Told) -> str:
    new = [one.of for one in told.all("overloaded")]
    if not new:
        return ""
    return (
        f"{words.capital(words.join(new))} get more work than they have hours for, which they do "
        f"not with {against.called}."
    )
