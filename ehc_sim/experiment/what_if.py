"""A study that keeps its replications, so that one changed lever is run from where it matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from ehc_sim.calendars import DAYS_A_WEEK, MINUTES_A_DAY
from ehc_sim.engines.choose import Engine, run_with
from ehc_sim.engines.compiled.buffers import Room
from ehc_sim.engines.compiled.states import State, StoppingRun, run_on
from ehc_sim.experiment.chance import mean_interval
from ehc_sim.experiment.kept import Kept, Squeezed, keep, unpacked
from ehc_sim.experiment.measured import Drawn, Replication, chosen
from ehc_sim.experiment.pairs import pair
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.run_in import OTHER_MODEL, TIES, parting_of
from ehc_sim.experiment.scenario_result import PLACE, Chance, ScenarioResult
from ehc_sim.journey.alike import Alike
from ehc_sim.network.log import Log
from ehc_sim.scenario import BadInput, Scenario
from ehc_sim.scenario.agreement import faults_of_options
from ehc_sim.tables import Table

DEFAULT_MEMORY = 1000
"""Megabytes (of a million bytes) in which a study keeps its replications."""
MOST_MEMORY = 100_000
MEGABYTE = 10**6
BEFORE_PLAN = 4 * DAYS_A_WEEK * MINUTES_A_DAY
"""Minutes before the plan from which options go on: what starts with the plan is read before it,
such as the list of a panel that closes some days ahead, or who will be at work next week."""

NOT_KEPT = "no more replications are kept in the memory allowed"


@dataclass(frozen=True, eq=False)
class WhatIf:
    """What was found of a scenario that was tried out, beside the one of the study.

    Attributes
    ----------
    today, found : ScenarioResult
        The scenario of the study and the one that was tried, in the same replications.
    whole : mapping of str to int
        Why replications did not go on from what was kept, and how many; they were run whole, which
        takes longer and is the same.
    """

    today: ScenarioResult
    found: ScenarioResult
    whole: Mapping[str, int]

    @property
    def chance(self) -> Chance:
        """The chance of meeting the target, with its 95% interval."""
        return self.found.chance

    def table(self) -> pd.DataFrame:
        """Return the chance and each measure of the whole run, a row each, beside today's.

        Returns
        -------
        DataFrame
            Index measure; columns today and found (means over the replications), difference (the
            mean of found less today, replication by replication), low and high (its 95% interval).
            ``chance`` is that of meeting the target; the other measures are those of
            ``replications.parquet``, NaN where one is not known in some replication.
        """
        apart = pair(self.today, self.found)
        chances = (self.today.chance.value, self.found.chance.value)
        rows = {"chance": (*chances, *(apart[f"chance_{end}"] for end in _ENDS))}
        for name in self.found.tables["totals"].columns:
            one, other = self.today.total(name), self.found.total(name)
            difference = mean_interval(other - one, self.found.places)
            rows[name] = (float(np.mean(one)), float(np.mean(other)), *difference)
        found = pd.DataFrame.from_dict(rows, orient="index", columns=["today", "found", *_ENDS])
        return found.drop(index=PLACE, errors="ignore").rename_axis("measure")


_ENDS = ("difference", "low", "high")


class _Kept(NamedTuple):
    """A replication: its draw and the rest of its state, what the state has in use, and its size.

    Attributes
    ----------
    rest : Kept
        Draw, the parts of it, and the state without its numbers.
    state : tuple of Squeezed
        Where the state has something in use.
    numbers : int
        How many numbers the state has.
    """

    rest: Kept
    state: tuple[Squeezed, ...]
    numbers: int

    @property
    def bytes(self) -> int:
        """Bytes that it takes."""
        return self.rest.size + sum(len(part.content) for part in self.state)


_room_of_draws, _room_of_states = Room(), Room()


class Study:
    """Replications of a scenario that are kept as they stand some weeks before the plan.

    Another scenario with the same run-in then takes the time from there on, and that of what it
    draws otherwise. Its logs are those of a run from the start, minute for minute.

    Parameters
    ----------
    scenario : Scenario
        The scenario that others are compared with.
    replications : int
        Replications, exactly.
    seed : int
        Seed of the study; replications are those of ``simulate`` with the same seed.
    memory : float
        Megabytes in which replications are kept, squeezed; those that do not fit are run whole.
    tables : collection of str, optional
        Tables of measures that are wanted beside the totals, as of ``Replicator.tables``; all where
        None. What only others need is not kept.
    engine : "compiled" or "simpy", optional
        The model; only the compiled one can go on.

    Attributes
    ----------
    today : ScenarioResult
        The totals of the scenario itself.
    """

    def __init__(
        self,
        scenario: Scenario,
        replications: int,
        seed: int,
        memory: float = DEFAULT_MEMORY,
        tables: Collection[str] | None = (),
        engine: Engine | None = None,
    ) -> None:
        self._only = chosen(None if tables is None else {"totals", *tables})
        self._seed, self._engine = seed, engine
        self._replicator = Replicator(scenario, seed, engine)
        self._numbers = range(replications)
        self._kept: dict[int, _Kept] = {}
        self._left = memory * MEGABYTE
        self.today = self._result(scenario, self._today())

    @property
    def scenario(self) -> Scenario:
        """The scenario of the study."""
        return self._replicator.scenario

    @property
    def kept(self) -> int:
        """Number of replications that are kept."""
        return len(self._kept)

    @property
    def megabytes(self) -> float:
        """Megabytes that they take."""
        return sum(kept.bytes for kept in self._kept.values()) / MEGABYTE

    def what_if(self, scenario: Scenario) -> WhatIf:
        """Run another scenario in the same replications.

        Parameters
        ----------
        scenario : Scenario
            Any that can be compared with that of the study, such as one of ``with_change``.

        Raises
        ------
        BadInput
            When the two cannot be compared.
        """
        if faults := faults_of_options([self.scenario, scenario]):
            raise BadInput(faults)
        replicator = Replicator(scenario, self._seed, self._engine)
        found: list[dict[str, Table]] = []
        whole: Counter[str] = Counter()
        for replication, why in self._runs(replicator):
            found.append(replicator.tables(replication, self._only))
            whole += Counter([why] if why else [])
            del replication  # the next may stand where this one did
        return WhatIf(self.today, self._result(scenario, found), dict(whole))

    def runs(self, scenario: Scenario) -> Iterator[tuple[Replication, str | None]]:
        """Yield each replication of another scenario, and why it was run whole; None if it was not.

        Only one is to be held at a time. Its log tells of what the tables of the study need.
        """
        yield from self._runs(Replicator(scenario, self._seed, self._engine))

    def _result(self, scenario: Scenario, found: list[dict[str, Table]]) -> ScenarioResult:
        stacked = {name: Table.stacked([one[name] for one in found]) for name in found[0]}
        return ScenarioResult(scenario, stacked)

    @property
    def _shared(self) -> tuple[object, ...]:
        """What all replications refer to."""
        return (self._replicator.timeline,)

    def _today(self) -> list[dict[str, Table]]:
        """Run the scenario of the study, and keep what fits."""
        replicator, found = self._replicator, []
        stop = replicator.timeline.minute(self.scenario.base.period.plan_from) - BEFORE_PLAN
        replicator.alike = alike = Alike()
        for drawn in replicator.drawn(self._numbers):
            network, draw = drawn.prepared.network, drawn.prepared.draw
            if replicator.engine == "compiled" and self._left > 0:
                run = StoppingRun(network, draw, replicator.noted(self._only))
                state = run.before(stop)
                if state is not None:
                    self._keep(drawn, alike, state)
                log = run.end()
            else:
                log = run_with(replicator.engine, network, draw, replicator.noted(self._only))
            replication = Replication(drawn.number, drawn.prepared, drawn.periods, log)
            found.append(replicator.tables(replication, self._only))
        return found

    def _keep(self, drawn: Drawn, alike: Alike, state: State) -> None:
        parts = tuple(Squeezed.of(state.numbers[place]) for place in state.in_use)
        size, rest = len(state.numbers), replace(state, numbers=np.zeros(0, np.int64))
        kept = _Kept(keep((drawn, alike, rest), self._shared), parts, size)
        if kept.bytes <= self._left:
            self._kept[drawn.number] = kept
            self._left -= kept.bytes
        else:
            self._left = 0

    def _runs(self, replicator: Replicator) -> Iterator[tuple[Replication, str | None]]:
        draws = replicator.drawn(self._numbers)
        for number in self._numbers:
            today, replicator.alike, state = self._unpacked(number)
            drawn = next(draws)
            log, why = self._log(replicator, drawn, today, state)
            replicator.alike = None
            del today, state
            yield Replication(number, drawn.prepared, drawn.periods, log), why
            del drawn, log

    def _unpacked(self, number: int) -> tuple[Drawn | None, Alike | None, State | None]:
        """Return what was kept of a replication: its draw, the parts of it and a state."""
        if number not in self._kept:
            return None, None, None
        kept = self._kept[number]
        room = _room_of_draws.of(kept.rest.words)
        drawn, alike, state = unpacked(kept.rest, room, self._shared)
        numbers = _room_of_states.of(kept.numbers)
        for place, part in zip(state.in_use, kept.state, strict=True):
            part.put(numbers[place])
        return drawn, alike, replace(state, numbers=numbers)

    def _log(
        self, replicator: Replicator, drawn: Drawn, today: Drawn | None, state: State | None
    ) -> tuple[Log, str | None]:
        """Return the log of a replication, and why it was run whole; None where it was not."""
        network, draw = drawn.prepared.network, drawn.prepared.draw
        why = NOT_KEPT if replicator.engine == "compiled" else OTHER_MODEL
        if today is not None and state is not None:
            parts = parting_of(self._replicator, today, replicator, drawn)
            why = parts.why
            if parts.minute >= state.minute:
                log = run_on(state, network, draw, parts)
                if log is not None:
                    return log, None
                why = TIES
        noted = replicator.noted(self._only)
        return run_with(replicator.engine, network, draw, noted), why
