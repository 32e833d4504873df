"""Why an option has a lower chance than another, in words made from the tables.

The step that takes longer is told first, then the team of that step: what takes its hours, and how
much waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ehc_sim.present import figures, words
from ehc_sim.present.charts import lateness, load
from ehc_sim.present.figures import ASSESSMENTS
from ehc_sim.present.frames import Frames
from ehc_sim.present.reading import Option, Standing
from ehc_sim.present.style import NothingToDraw

_STEPS = {
    "weeks_to_decision": ("the decision to assess", "Decision to assess"),
    "weeks_of_assessment": ("the assessment", "Advice"),
    "weeks_to_draft": ("the draft plan", "Draft plan"),
    "weeks_draft_to_final": ("the way from the draft to the final plan", "Draft to final plan"),
}
"""Measure of each step's weeks: its name in a sentence, and in the account of late plans."""

_DAYS_A_WEEK = 7
_DAYS, _POINT = 2.0, 0.01
"""What moves by less is not worth a word: days of a step; a load, or a share of hours."""
_BUSY = 0.9
"""A team with work for less of its hours has idle ones: a little more work for it is no cause."""
_LEAST_JOBS, _LEAST_GROWTH = 5.0, 0.05
_MORE_PLANS = 1.02
_MORE_STOCK = 1.05
"""From 1 in 20 more plans in place at the start, a scenario is said to change the stock."""
_SAME_COST = 0.05
"""Options whose cost differs by less than 1 in 20 buy the same people."""


@dataclass(frozen=True)
class Pair:
    """What an option and the other that it is held against do in one year.

    Each table has the columns ``option``, ``other`` and ``rise`` (option less other).

    Attributes
    ----------
    year : int
        Year in which the target is judged.
    steps : DataFrame
        Mean days that a step takes, a row a measure of `_STEPS`.
    late : DataFrame
        Days over the limit of a late plan, a row a step and part.
    loads : DataFrame
        Work as a share of the hours there are, a row a team.
    queues : DataFrame
        Jobs that wait at the end of the year, a row a team.
    shares : DataFrame
        Share of a team's hours, a row a team and kind of work.
    """

    year: int
    steps: pd.DataFrame
    late: pd.DataFrame
    loads: pd.DataFrame
    queues: pd.DataFrame
    shares: pd.DataFrame


def lower_chances(frames: Frames, now: Standing) -> list[str]:
    """Return a paragraph for each option that is shown to do worse, the worst first.

    An option does worse where its chance is lower than the baseline's, or where the chances are
    equal and the interval of its difference in the share on time is below 0. Options with a lower
    chance whose interval is not below 0 are named in one sentence. An option with a larger stock of
    plans is held against the one that spends as much without it, where that does better.
    """
    others = [option for option in now.ranked if not option.is_baseline]
    below = [option for option in others if option.chance < now.baseline.chance]
    level = [option for option in others if option.chance == now.baseline.chance]
    worse = [(now.baseline, o) for o in (*below, *level) if o.difference_high < 0]
    twins = [
        (twin, option)
        for option in (*others, *now.circumstances)
        if (twin := _without_the_stock(frames, now, option)) is not None
    ]
    with_twin = [option for _, option in twins]
    pairs = [*twins, *(pair for pair in worse if pair[1] not in with_twin)]
    pairs.sort(key=lambda pair: pair[1].difference - pair[0].difference)
    said = [why(frames, against, option) for against, option in pairs]
    told = [option for _, option in pairs]
    unclear = [option.scenario for option in below if option not in told]
    if unclear:
        said.append(
            f"{words.quoted(unclear)} {words.plural(len(unclear), 'reaches', 'reach')} the target "
            "less often than the baseline, but a lower share on time is not shown."
        )
    return said


def _without_the_stock(frames: Frames, now: Standing, option: Option) -> Option | None:
    """Return the option that spends as much and does better with a stock like the baseline's.

    Of several, it is the one that does better by least.
    """
    usual = figures.plans_at_start(frames, now.baseline.scenario)
    own = figures.plans_at_start(frames, option.scenario)
    if usual is None or own is None or own.median <= _MORE_STOCK * usual.median:
        return None
    better = [
        other
        for other in now.ranked
        if other.chance > option.chance
        and other.cost > 0
        and abs(other.cost - option.cost) < _SAME_COST * other.cost
        and (stock := figures.plans_at_start(frames, other.scenario)) is not None
        and stock.median <= _MORE_STOCK * usual.median
    ]
    return min(better, key=lambda other: other.chance, default=None)


def why(frames: Frames, against: Option, option: Option) -> str:
    """Return why an option does worse than another, as far as the tables tell."""
    said = [_opening(against, option), _stock(frames, against, option)]
    pair = _pair(frames, against, option)
    if pair is not None:
        step = _largest(pair.steps, _DAYS)
        team = _team(pair, step)
        said.append(_of_step(pair, step, team))
        said.append(_of_team(pair, team))
        said.append(_more_plans(frames, against, option, pair.year))
        said.append(_overloaded_besides(against, option, team))
    return " ".join(sentence for sentence in said if sentence)


def _opening(against: Option, option: Option) -> str:
    name, other = words.quoted([option.scenario]), _called(against)
    if option.chance < against.chance:
        chances = [
            words.chance_figures(one.chance, one.chance_low, one.chance_high)
            for one in (option, against)
        ]
        return (
            f"{name} reaches the target in {chances[0]} of the simulated futures, {other} in "
            f"{chances[1]}."
        )
    return (
        f"{name} issues {words.percent(option.on_time)} of plans on time, {other} "
        f"{words.percent(against.on_time)}."
    )


def _called(against: Option) -> str:
    return "the baseline" if against.is_baseline else words.quoted([against.scenario])


def _pair(frames: Frames, against: Option, option: Option) -> Pair | None:
    """Return both side by side; None where the loads of a team are not known."""
    names = {"option": option.scenario, "other": against.scenario}
    try:
        loads = {side: load.by_year(frames, name) for side, name in names.items()}
    except NothingToDraw:
        return None
    year = figures.target_year(frames, loads["option"])
    if year is None:
        return None
    weeks = frames.series("yearly", year=year, by="all")
    weeks = weeks[weeks["measure"].isin(_STEPS)]
    queues = frames.series("teams", measure="queue", month=pd.Timestamp(year, 12, 1))
    late = frames.series("lateness", year=year, measure=lateness.MEASURE)
    late = late[late["part"] != lateness.ALL]
    return Pair(
        year=year,
        steps=_beside(
            {s: _DAYS_A_WEEK * _of(weeks, name, ["measure"]) for s, name in names.items()}
        ),
        late=_beside({s: _of(late, name, ["step", "part"]) for s, name in names.items()}),
        loads=_beside(
            {s: rows[rows["year"] == year].set_index("team")["load"] for s, rows in loads.items()}
        ),
        queues=_beside({s: _of(queues, name, ["team"]) for s, name in names.items()}),
        shares=_beside({s: figures.shares_of_hours(frames, n, year) for s, n in names.items()}),
    )


def _of(rows: pd.DataFrame, scenario: str, keys: list[str]) -> pd.Series[float]:
    return rows[rows["scenario"] == scenario].set_index(keys)["median"].astype(float)


def _beside(sides: dict[str, pd.Series[float]]) -> pd.DataFrame:
    table = pd.DataFrame(sides).dropna()
    return table.assign(rise=table["option"] - table["other"])


def _largest(table: pd.DataFrame, least: float) -> str | None:
    """Return the row that rises most, where it rises by so much."""
    return str(table["rise"].idxmax()) if table["rise"].max() >= least else None


def _team(pair: Pair, step: str | None) -> str | None:
    """Return the team to which most of the step's rise goes; without a step, by its load."""
    if step is None:
        busy = pair.loads[pair.loads["option"] >= _BUSY]
        return None if busy.empty else _largest(busy, _POINT)
    parts = pair.late[pair.late.index.get_level_values(0) == _STEPS[step][1]].droplevel(0)
    return _largest(parts[parts.index.isin(pair.loads.index)], 0.5)


def _of_step(pair: Pair, step: str | None, team: str | None) -> str:
    if step is None:
        return ""
    name, of_late = _STEPS[step]
    days = _instead(words.number, pair.steps, step)
    said = f"What takes longer is {name}: {days} days on average in {pair.year}"
    if team is not None:
        return f"{said}, where cases wait for {team}."
    parts = pair.late[pair.late.index.get_level_values(0) == of_late].droplevel(0)
    part = _largest(parts, _DAYS)
    return f"{said}." if part is None else f"{said}, most of all for {words.uncapital(part)}."


def _of_team(pair: Pair, team: str | None) -> str:
    """Return which work takes a team's hours, how much there is of it, and how much waits."""
    if team is None:
        return ""
    said = _kinds(pair, team)
    if _rises(pair.loads, team, _POINT):
        share = _instead(words.percent, pair.loads, team)
        them = "them" if said else team
        said.append(f"the work that reaches {them} is {share} of the hours they have")
    if _rises(pair.queues, team, _LEAST_JOBS, _LEAST_GROWTH):
        jobs = _instead(words.number, pair.queues, team)
        them = "them" if said else team
        said.append(f"{jobs} jobs wait for {them} at the end of the year")
    return f"In {pair.year}, {'; '.join(said)}." if said else ""


def _rises(table: pd.DataFrame, row: str, least: float, growth: float = 0.0) -> bool:
    """Whether a row is there and rises by so much, and by such a share of the other's."""
    if row not in table.index:
        return False
    return bool(table["rise"].loc[row] >= max(least, growth * table["other"].loc[row]))


def _kinds(pair: Pair, team: str) -> list[str]:
    """Return which kind of work takes more of a team's hours, and what is left to assessments."""
    shares = pair.shares[pair.shares.index.get_level_values(0) == team].droplevel(0)
    most = _largest(shares, _POINT)
    if most is None:
        return []
    whole = _instead(words.percent, shares, most)
    said = f"{most} take {whole} of the hours that {team} work"
    if ASSESSMENTS in shares.index and shares["rise"].loc[ASSESSMENTS] <= -_POINT:
        said += f", and assessments {_instead(words.percent, shares, ASSESSMENTS)}"
    return [said]


def _stock(frames: Frames, against: Option, option: Option) -> str:
    """Return by how much the stock of plans differs from the start, where it is larger."""
    own = figures.plans_at_start(frames, option.scenario)
    other = figures.plans_at_start(frames, against.scenario)
    if own is None or other is None or own.median <= _MORE_STOCK * other.median:
        return ""
    return (
        f"It starts {figures.plan_starts(frames)} with {words.number(own.median)} instead of "
        f"{words.number(other.median)} plans in place."
    )


def _more_plans(frames: Frames, against: Option, option: Option, year: int) -> str:
    """Return that more late cases are finished, which lowers the percentage for a time."""
    sides = {"option": option.scenario, "other": against.scenario}
    counts = {}
    for side, name in sides.items():
        of = {"scenario": name, "year": year, "by": "all", "measure": "plans_issued"}
        issued = figures.of_year(frames, "yearly", **of)
        late = figures.late_plans(frames, name, year)
        if issued is None or late is None:
            return ""
        counts[side] = pd.Series({"issued": issued.median, "late": late.median})
    both = _beside(counts)
    if not (both["option"] > _MORE_PLANS * both["other"]).all():
        return ""
    return (
        f"It issues {_instead(words.number, both, 'issued')} plans, "
        f"{_instead(words.number, both, 'late')} of them late: finishing cases that are already "
        "late lowers the percentage too."
    )


def _overloaded_besides(against: Option, option: Option, team: str | None) -> str:
    new = [one for one in option.overloaded_teams if one not in (*against.overloaded_teams, team)]
    if not new:
        return ""
    return (
        f"{words.capital(words.join(new))} get more work than they have hours for, which they do "
        f"not with {_called(against)}."
    )


def _instead(form: Callable[[float], str], table: pd.DataFrame, row: str) -> str:
    """Return "62% instead of 41%": a row's figure of the option and of the other."""
    return f"{form(table['option'].loc[row])} instead of {form(table['other'].loc[row])}"
