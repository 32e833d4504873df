"""What holds under every explanation of the past, what turns with it, and whether levels are known.

A past can be explained in several ways. ``explanations.csv`` has what each option does under each;
here it is told in words.
"""

from typing import NamedTuple

import pandas as pd

from ehc_sim.present import words
from ehc_sim.present.frames import Frames, records
from ehc_sim.present.reading import Option, Standing

FEWEST = 8
"""From so many futures under an explanation, what it says is told."""
_EFFECTS = {
    "saving": {
        "more": ("less", "Less waiting past the date"),
        "less": ("more", "More waiting past the date"),
        "the same": ("the same", "No difference to waiting past the date that matters"),
    },
    "on_time": {
        "more": ("higher", "A larger share of plans on time"),
        "less": ("lower", "A smaller share of plans on time"),
        "the same": ("the same", "No difference to the share on time that matters"),
    },
}
"""What an option does to waiting and to the share on time: in a word, and as a line begins."""
_MOST_TURNING = 4
"""So many options that turn with the explanation are told where there is no room for all."""
_WHAT = {"saving": "waiting past the date", "on_time": "the share on time"}


class UnderEach(NamedTuple):
    """An option in the table of the explanations: its name, and its cells in words."""

    name: str
    is_baseline: bool
    cells: tuple[tuple[str, str], ...]
    """A figure and what stands below it, for each explanation."""
    waiting: str
    on_time: str
    is_first: bool
    """Whether it is among those that are told where there is no room for all."""


def first_page(frames: Frames, now: Standing) -> list[str]:
    """Return in sentences whether the answer holds under every explanation; empty without any."""
    table = frames.explanations
    if table.empty:
        return []
    names = names_of(frames)
    if len(names) == 1:
        fits = table["members"].iloc[0]
        return [
            f"Every simulated future follows one explanation of the past, {words.quoted(names)}, "
            f"with one of {words.number(fits)} sets of numbers that fit it: the ranges take in "
            "what these disagree on. What another explanation would change is not known."
        ]
    return [
        f"The past can be explained in {words.how_many(len(names))} ways, {words.quoted(names)}; "
        "each simulated future follows one of them.",
        *_few(table, now),
        *_who_saves_most(table, now),
        *_levels(table, now),
        *_turning(now),
    ]


def names_of(frames: Frames) -> list[str]:
    """Return the names of the explanations, in their order."""
    return [str(one) for one in frames.explanations["explanation"].unique()]


def _few(table: pd.DataFrame, now: Standing) -> list[str]:
    """Return which explanations have too few futures to say anything of them."""
    rows = table[(table["scenario"] == now.baseline.scenario) & (table["replications"] < FEWEST)]
    return [
        f"{words.capital(words.how_many(count)) if count else 'None'} of the futures "
        f"{words.plural(count, 'follows', 'follow')} “{row['explanation']}”: too few to say what "
        "holds under it."
        for row in records(rows)
        if (count := int(row["replications"])) < FEWEST
    ]


def _told(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["replications"] >= FEWEST]


def _who_saves_most(table: pd.DataFrame, now: Standing) -> list[str]:
    """Return whether the option that leads saves most waiting under each explanation."""
    if len(now.ranked) < 2 or not now.savers:
        return []
    lead, told = now.savers[0], _told(table)
    most = {
        str(name): rows.loc[rows["saves_most"].astype(bool), "scenario"].tolist()
        for name, rows in told.groupby("explanation", sort=False)
    }
    if not most:
        return []
    if all(lead.scenario in options for options in most.values()):
        each = "each of the others" if len(told) < len(table) else "each of them"
        return [f"Under {each} none is shown to save more waiting than {lead.named}."]
    parts = words.join([f"{_one_of(options)} under “{name}”" for name, options in most.items()])
    if any(options and lead.scenario not in options for options in most.values()):
        return [f"Which option saves most waiting turns with the explanation: {parts}."]
    return [f"Most waiting is saved by {parts}."]


def _one_of(options: list[str]) -> str:
    """Return which option saves most waiting, or which ones may."""
    if not options:
        return "no option is shown to save any"
    return words.quoted(options) if len(options) == 1 else f"one of {words.quoted(options)}"


def _levels(table: pd.DataFrame, now: Standing) -> list[str]:
    """Return how far apart the explanations put the chance, and whether its level is known."""
    able = [one for one in now.ranked if not one.apart and words.known(one.chance_lowest)]
    if not able:
        return []
    unknown = [one for one in able if one.level == "not known"]
    widest = max(unknown or able, key=lambda one: one.chance_highest - one.chance_lowest)
    rows = table[table["scenario"] == widest.scenario].sort_values("chance", kind="stable")
    low, high = records(rows)[0], records(rows)[-1]
    said = (
        f"The chance of {widest.named} is {_chance(low)} under “{low['explanation']}” and "
        f"{_chance(high)} under “{high['explanation']}”"
    )
    if unknown:
        return [
            f"How high the chances are is not known: {words.uncapital(said)}, which is further "
            "apart than the options are from one another."
        ]
    if widest.chance_highest == widest.chance_lowest:
        return ["In these futures the chances are the same under each."]
    may = ", and that may be accident" if widest.level == "not shown to differ" else ""
    return [f"{said}; no chance differs more between them{may}."]


def _turning(now: Standing) -> list[str]:
    """Return which options do under one explanation what they do not do under another."""
    others = [one for one in now.ranked if not one.is_baseline]
    turning = {
        what: [one.scenario for one in others if getattr(one, f"{of}_holds") == "turns"]
        for of, what in _WHAT.items()
    }
    told = [f"{what} with {words.quoted(names)}" for what, names in turning.items() if names]
    if told:
        return [f"What turns with the explanation is {words.join(told)}: no safe advice."]
    sure = all(one.saving_holds == one.on_time_holds == "holds" for one in others)
    each = "What each option does to waiting and to the share on time holds under each of them."
    return [each] if others and sure else []


def _chance(row: dict[str, float]) -> str:
    return words.chance_figures(row["chance"], row["chance_low"], row["chance_high"])


def what_holds(frames: Frames, now: Standing) -> list[str]:
    """Return what the options do under every explanation, and what turns with it, line by line.

    Empty where there is one explanation or none.
    """
    options = [one for one in now.table_order if not one.is_baseline and one.saving_holds]
    return [line for of in _EFFECTS for line in _lines(frames, options, of)]


def _lines(frames: Frames, options: list[Option], of: str) -> list[str]:
    table = _told(frames.explanations)
    effects = dict(list(table.groupby("scenario")))
    what, said = words.capital(_WHAT[of]), []
    for effect, (_, opening) in _EFFECTS[of].items():
        names = [
            one.scenario
            for one in options
            if getattr(one, f"{of}_holds") == "holds"
            and set(effects[one.scenario][f"{of}_effect"]) == {effect}
        ]
        if names:
            said.append(f"{opening}, under every explanation: {words.quoted(names)}.")
    turning = [one for one in options if getattr(one, f"{of}_holds") == "turns"]
    if turning:
        each = "; ".join(f"{one.named} ({_turns(effects[one.scenario], of)})" for one in turning)
        said.append(f"{what} turns with the explanation, which is no safe advice, with {each}.")
    unsure = [one.scenario for one in options if getattr(one, f"{of}_holds") == "not known"]
    if unsure:
        said.append(
            f"{what} is not shown to change alike under every explanation with "
            f"{words.quoted(unsure)}."
        )
    return said


def _turns(rows: pd.DataFrame, of: str) -> str:
    """Return "less under “a”, the same under “b”"."""
    return ", ".join(
        f"{_EFFECTS[of][effect][0] if effect in _EFFECTS[of] else words.NOT_KNOWN} under {names}"
        for effect, names in (
            (str(effect), words.quoted(part["explanation"].tolist()))
            for effect, part in rows.groupby(f"{of}_effect", sort=False)
        )
    )


def headings(frames: Frames, now: Standing) -> list[str]:
    """Return the headings of the columns of ``under_each``."""
    rows = records(frames.explanations[frames.explanations["scenario"] == now.baseline.scenario])
    return [
        *(
            f"{words.capital(row['explanation'])}: {words.number(row['replications'])} "
            f"{words.plural(int(row['replications']), 'future', 'futures')}"
            for row in rows
        ),
        "Waiting, under each",
        "On time, under each",
    ]


def under_each(frames: Frames, now: Standing) -> list[UnderEach]:
    """Return the chance and the weeks saved of each option under each explanation, in words."""
    if len(names_of(frames)) < 2:
        return []
    rows = {name: records(part) for name, part in frames.explanations.groupby("scenario")}
    others = [one for one in now.table_order if one not in (now.baseline, now.lead, now.best)]
    turning = [one for one in others if "turns" in (one.saving_holds, one.on_time_holds)]
    first = (now.baseline, now.lead, now.best, *turning[:_MOST_TURNING])
    return [
        UnderEach(
            option.scenario,
            option.is_baseline,
            tuple(_cell(option, row) for row in rows[option.scenario]),
            _verdict(option, rows[option.scenario], "saving"),
            _verdict(option, rows[option.scenario], "on_time"),
            option in first,
        )
        for option in now.table_order
    ]


def _cell(option: Option, row: dict[str, float]) -> tuple[str, str]:
    if row["replications"] < FEWEST:
        return words.NOT_YET, ""
    if option.is_baseline:
        weeks = f"of {words.rounded(row['late_child_weeks'])} weeks"
    else:
        names = ("", "_low", "_high")
        saved = words.counted(*(row[f"late_child_weeks_saved{end}"] for end in names))
        weeks = f"{saved.figure} ({saved.range}) weeks saved"
    return _chance(row), weeks


def _verdict(option: Option, rows: list[dict[str, str]], of: str) -> str:
    if option.is_baseline:
        return "–"
    holds = getattr(option, f"{of}_holds")
    if holds == "holds":
        return _EFFECTS[of][rows[0][f"{of}_effect"]][0]
    return holds if holds == "turns" else words.NOT_KNOWN


def limits(frames: Frames) -> str:
    """Return what the ranges do not take in, of the explanations; empty without any."""
    if frames.explanations.empty:
        return ""
    return (
        "Nor do they cover an explanation of the past that nobody thought of: those that were "
        "tried are told apart in “What holds whatever the explanation”."
        if len(names_of(frames)) > 1
        else "Nor do they cover another explanation of the past than the one that was tried."
    )
