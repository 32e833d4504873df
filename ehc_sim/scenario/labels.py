"""What teams, advice providers and settings are called where people read of them."""

from collections.abc import Iterable

from ehc_sim.scenario.paths import split
from ehc_sim.scenario.scenario import Scenario

_NAMED = ("teams", "advice", "panels")
"""Tables whose parts go by their own names."""


def labels_of_teams(scenarios: Iterable[Scenario]) -> dict[str, str]:
    """Return what each team is called, by its key: the key itself where it has no label.

    Where scenarios call a team by different labels, it is that of the first that has one.
    """
    called: dict[str, str] = {}
    known: list[str] = []
    for one in scenarios:
        for _, settings in one.periods:
            known += settings.teams
            for key, team in settings.teams.items():
                if team.label is not None:
                    called.setdefault(key, team.label)
    return {key: called.get(key, key) for key in dict.fromkeys(known)}


def labels_of_givers(scenarios: Iterable[Scenario]) -> dict[str, str]:
    """Return what each advice provider is called, by its key."""
    return {
        name: giver.label
        for one in scenarios
        for _, settings in one.periods
        for name, giver in settings.advice.items()
    }


def label_of(scenario: Scenario, path: str) -> str:
    """Return what people call a setting: "Plan writers: posts", "Drafting: effort, mean hours"."""
    table, *rest = split(path) or (path,)
    if table in _NAMED and len(rest) > 1:
        labels = labels_of_teams([scenario]) if table == "teams" else labels_of_givers([scenario])
        name, *rest = rest
        table = labels.get(name, name)
    table, *rest = (part.replace("_", " ") for part in (table, *rest))
    return f"{table[:1].upper()}{table[1:]}" + (f": {', '.join(rest)}" if rest else "")
