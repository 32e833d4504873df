"""A snapshot of a run: its open requests at a midnight, as a caseload to start from."""

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ehc_sim.journey import milestones as m
from ehc_sim.journey.as_at import AS_AT
from ehc_sim.journey.open_cases.case import asked_column, columns, hours_column, in_column
from ehc_sim.journey.open_cases.steps import ADVICE, open_steps
from ehc_sim.network.log import NOT_YET, Log
from ehc_sim.network.network import Network
from ehc_sim.network.nodes import Work
from ehc_sim.scenario.csv_table import COUNCIL
from ehc_sim.scenario.schema import Settings

Ints = NDArray[np.int64]

REFERENCE = "SIM-"
"""How the references of simulated cases begin."""


def snapshot_of(
    log: Log, cases: pd.DataFrame, network: Network, settings: Settings, minute: int
) -> pd.DataFrame:
    """Return the requests that are open at a midnight of a run, as the file of a caseload has them.

    Reviews and phase transfers are not part of it, nor are requests whose refusal stands.

    Parameters
    ----------
    log : Log
        Log of the run.
    cases : DataFrame
        One row a case: source, age, need, area and, where there are cases of several kinds, kind.
    network : Network
        Pathway, teams and calendar of the run.
    settings : Settings
        Settings of the scenario, which name the advice providers and the steps.
    minute : int
        The midnight, in minutes from the start of the run. What happens at it or later has not
        happened yet.

    Returns
    -------
    DataFrame
        One row an open case in the order of receipt, with the columns of a caseload, all text.
    """
    return _Snapshot(log, cases, network, settings, minute).table()


class _Snapshot:
    def __init__(
        self, log: Log, cases: pd.DataFrame, network: Network, settings: Settings, minute: int
    ) -> None:
        self._log = log
        self._cases = cases
        self._network = network
        self._settings = settings
        self._minute = minute
        self._now = self._visits_now()

    def table(self) -> pd.DataFrame:
        """Return the table of open cases."""
        place = self._steps()
        numbers = np.array(sorted(place, key=lambda one: (self._log.arrived[one], one)), dtype=int)
        rows = [place[number] for number in numbers.tolist()]
        about = self._cases.iloc[numbers]
        width = max(4, len(str(len(numbers))))
        table = {
            "reference": [f"{REFERENCE}{i:0{width}d}" for i in range(1, len(numbers) + 1)],
            COUNCIL: [self._settings.council.name] * len(numbers),
            AS_AT: self._days(np.full(len(numbers), self._minute)),
            "received": self._days(self._log.arrived[numbers]),
            "step": [step for step, _, _ in rows],
            "since": self._days(np.array([since for _, since, _ in rows], dtype=np.int64)),
            **{
                name: about[name].astype(str).tolist() for name in ("source", "age", "need", "area")
            },
            "ordered": self._days(self._reached(m.ORDER_TO_ASSESS)[numbers]),
            "decided": self._days(self._reached(m.DECISION_TO_ASSESS)[numbers]),
            "hours_done": [_hours(done) for _, _, done in rows],
        }
        for giver, advice in self._settings.advice.items():
            asked, given = self._reached(m.asked(giver)), self._reached(m.advice_in(giver))
            table[asked_column(giver)] = self._days(asked[numbers])
            table[in_column(giver)] = self._days(given[numbers])
            if advice.team is not None:
                done = self._in_hand(f"{giver}: advice")
                table[hours_column(giver)] = [_hours(done.get(n, 0)) for n in numbers.tolist()]
        return pd.DataFrame(table, columns=list(columns(self._settings)), dtype=str)

    def _visits_now(self) -> Mapping[str, Ints]:
        """Return the visits that are not over, by node."""
        visits = self._log.visits
        joined, ended = visits[:, 2], visits[:, 4]
        here = (joined < self._minute) & ((ended == NOT_YET) | (ended >= self._minute))
        timed = np.isin(np.array(self._log.kinds)[visits[:, 1]], ["wait", "work", "decision"])
        now = visits[here & timed & self._are_requests()[visits[:, 0]]]
        return {name: now[now[:, 1] == place] for place, name in enumerate(self._log.nodes)}

    def _are_requests(self) -> NDArray[np.bool_]:
        if "kind" not in self._cases:
            return np.ones(len(self._cases), dtype=np.bool_)
        return np.asarray(self._cases["kind"].isin([m.REQUEST_CASE, m.REQUEST_AGAIN]))

    def _steps(self) -> dict[int, tuple[str, int, int]]:
        """Return step, minute of coming there and minutes worked of each open case."""
        found: dict[int, tuple[str, int, int]] = {}
        for name in open_steps(self._settings):
            if name == ADVICE:
                continue
            done = self._in_hand(name)
            for row in self._now[name]:
                case = int(row[0])
                found[case] = (name, int(row[2]), done.get(case, 0))
        for case, since in self._being_assessed().items():
            found.setdefault(case, (ADVICE, since, 0))
        return found

    def _being_assessed(self) -> dict[int, int]:
        """Return the cases that wait for advice, and since when the first of it is asked for."""
        asked = np.stack([self._reached(m.asked(giver)) for giver in self._settings.advice])
        first = np.where(asked == NOT_YET, np.iinfo(np.int64).max, asked).min(axis=0)
        ended = self._reached(m.ASSESSMENT_COMPLETE) != NOT_YET
        waits = (asked != NOT_YET).any(axis=0) & ~ended & self._are_requests()
        return {case: int(first[case]) for case in np.flatnonzero(waits).tolist()}

    def _reached(self, node: str) -> Ints:
        """Return when each case came to a milestone; ``NOT_YET`` where that lies ahead."""
        if node not in self._log.nodes:
            return np.full(len(self._log.arrived), NOT_YET, dtype=np.int64)
        minutes = self._log.reached(node)
        return np.where(minutes >= self._minute, NOT_YET, minutes)

    def _in_hand(self, name: str) -> dict[int, int]:
        """Return the minutes done of the work in hand at a node, by case."""
        node = self._network.pathway[name]
        if not isinstance(node, Work):
            return {}
        posts = self._network.teams[node.team].posts
        done: dict[int, int] = {}
        for case, _, _, started, ended, resource, minutes in self._now[name].tolist():
            if started == NOT_YET or started >= self._minute:
                continue
            if resource >= 0:
                both = np.array([started, self._minute], dtype=np.int64)
                worked = posts[resource].worked_by(both)
                done[case] = int(worked[1] - worked[0])
            elif ended != NOT_YET:  # an agency, or hours a day: as far as time has passed
                done[case] = minutes * (self._minute - started) // (ended - started)
        return done

    def _days(self, minutes: Ints) -> list[str]:
        day: list[date | None] = [
            None if one == NOT_YET else self._network.timeline.date_of(one)
            for one in minutes.tolist()
        ]
        return ["" if one is None else str(one) for one in day]


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.2f}" if minutes else ""
