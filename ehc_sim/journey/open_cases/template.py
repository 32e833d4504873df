"""An empty caseload for a scenario: the columns, and rows that show how they are filled in."""

import csv
from collections.abc import Mapping
from datetime import timedelta
from io import StringIO

from ehc_sim.journey.as_at import AS_AT
from ehc_sim.journey.open_cases.case import asked_column, columns, in_column
from ehc_sim.journey.open_cases.rows import EXAMPLE
from ehc_sim.journey.open_cases.steps import ADVICE, open_steps
from ehc_sim.scenario.csv_table import COUNCIL
from ehc_sim.scenario.schema import Settings


def template(settings: Settings) -> str:
    """Return a CSV file with the columns of a scenario's caseload and three rows as examples.

    The examples pass every check but one: a file that still has them is refused.

    Parameters
    ----------
    settings : Settings
        Settings of the scenario on the first day of the run.
    """
    names = columns(settings)
    text = StringIO()
    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
    writer.writeheader()
    for number, row in enumerate(_examples(settings), start=1):
        named = {
            "reference": f"{EXAMPLE}{number:04d}",
            COUNCIL: settings.council.name,
            AS_AT: str(settings.period.run_in_from),
        }
        writer.writerow({**named, **_who(settings, number), **row})
    return text.getvalue()


def _examples(settings: Settings) -> list[Mapping[str, str]]:
    def days_before(days: int) -> str:
        return str(settings.period.run_in_from - timedelta(days=days))

    start = days_before(7)
    _, *rest = settings.advice
    half = {asked_column(giver): days_before(40) for giver in settings.advice}
    half |= {in_column(giver): days_before(20) for giver in rest}
    whole = {asked_column(giver): days_before(90) for giver in settings.advice}
    whole |= {in_column(giver): days_before(60) for giver in settings.advice}
    return [
        {"received": start, "step": next(iter(open_steps(settings))), "since": start},
        {
            "received": days_before(75),
            "step": ADVICE,
            "since": days_before(40),
            "decided": days_before(40),
            **half,
        },
        {
            "received": days_before(130),
            "step": "drafting",
            "since": days_before(30),
            "decided": days_before(90),
            "hours_done": "1.5",
            **whole,
        },
    ]


def _who(settings: Settings, number: int) -> dict[str, str]:
    requests = settings.requests
    tables = {
        "source": requests.sources,
        "age": requests.ages,
        "need": requests.needs,
        "area": requests.areas,
    }
    return {column: list(names)[number % len(names)] for column, names in tables.items()}
