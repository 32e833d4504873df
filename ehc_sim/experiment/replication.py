"""One replication of a scenario: forecast, draw, run, measures."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import SchoolTerms, Timeline
from ehc_sim.demand.arrivals import arrivals, recorded_months
from ehc_sim.demand.exposure import DayWeights, daily_weights
from ehc_sim.demand.forecast import Forecast, forecast
from ehc_sim.demand.history import History
from ehc_sim.demand.source import history_of
from ehc_sim.engines.choose import Engine, run_with
from ehc_sim.experiment.measured import Drawn, Replication, ReplicationTables, chosen
from ehc_sim.journey import milestones as m
from ehc_sim.journey.alike import Alike
from ehc_sim.journey.disputes import WAY_FORWARD
from ehc_sim.journey.open_cases.caseload import read_caseload
from ehc_sim.journey.pathway import advice_step, agency_check_step, journey, journey_steps
from ehc_sim.journey.plans_file import read_plans
from ehc_sim.journey.prepare import prepare
from ehc_sim.journey.reassessments import AGENCY_CHECK, PSYCHOLOGIST
from ehc_sim.measures.advice_rates import Asking
from ehc_sim.measures.lateness import ADVICE, DECISION, DRAFT, FINAL, Bucket
from ehc_sim.measures.of_run import Definitions
from ehc_sim.network.log import EVERYTHING, NotNoted
from ehc_sim.network.nodes import Decision, Wait, Work, following
from ehc_sim.network.pathway import Pathway
from ehc_sim.rng.even import MEMBERS, places_of
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import Scenario
from ehc_sim.scenario.schema import Settings
from ehc_sim.scenario.whole_run import of_whole_run
from ehc_sim.tables import Table

__all__ = [
    "Drawn",
    "Replication",
    "Replicator",
    "asking",
    "definitions",
    "forecast_of",
    "lateness_parts",
]

_STEPS = {
    DECISION: ((m.REQUEST, WAY_FORWARD), (m.DECISION_TO_ASSESS, m.AGREED, "support?")),
    ADVICE: ((m.AGREED, m.ORDER_TO_ASSESS), (m.ASSESSMENT_COMPLETE,)),
    DRAFT: ((m.ASSESSMENT_COMPLETE, m.ORDER_TO_ISSUE), (m.DRAFT_PLAN, m.NO_PLAN_TOLD)),
    FINAL: ((m.DRAFT_PLAN,), (m.FINAL_PLAN,)),
}
"""Milestones from which each step goes, and to which."""


def lateness_parts(settings: Settings) -> dict[str, Bucket]:
    """Return where the time at each node between the request and the final plan counts.

    Parameters
    ----------
    settings : Settings
        Settings that name teams, panels and advice providers.

    Returns
    -------
    dict of str to Bucket
        Waits, work and decisions by name, in the order of the pathway. Work counts for its team, a
        wait within the advice for its giver (where a team gives the advice, for the appointment), a
        decision for itself.
    """
    pathway = journey(settings)
    step_of = {
        name: step
        for step, (firsts, lasts) in _STEPS.items()
        for name in _between(pathway, firsts, lasts)
    }
    giver_of = {
        name: giver
        for giver in settings.advice
        for name in _between(pathway, [m.asked(giver)], [m.ASSESSMENT_COMPLETE])
    }
    places = {}
    for step in journey_steps(settings):
        node = step.node
        if node.name not in step_of or not isinstance(node, Wait | Work | Decision):
            continue
        giver = giver_of.get(node.name)
        if isinstance(node, Work):
            part = node.team
        elif giver is not None:
            given = settings.advice[giver]
            part = given.label if given.team is None else f"{given.label}: appointment"
        else:
            part = step.waited_for or node.name
        places[node.name] = Bucket(step_of[node.name], part, giver)
    return places


def _between(pathway: Pathway, firsts: Iterable[str], lasts: Iterable[str]) -> set[str]:
    """Return the nodes that can be reached from some without passing others."""
    ahead = [name for name in firsts if name in pathway.index]
    found, stops = set(ahead), set(lasts)
    while ahead:
        for target in following(pathway[ahead.pop()]):
            if target not in found and target not in stops:
                found.add(target)
                ahead.append(target)
    return found


FORECAST_PATHS = 400
"""Paths from which a forecast is shown."""


class Replicator:
    """Runs replications of one scenario.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    seed : int
        Seed of the study.
    engine : {"compiled", "simpy"}, optional
        The model that runs it; the scenario's own by default.

    Attributes
    ----------
    alike : Alike or None
        What is drawn alike for other scenarios whose replications are run in step with these.
    """

    def __init__(self, scenario: Scenario, seed: int, engine: Engine | None = None) -> None:
        self.scenario = scenario
        self.seed = seed
        self.engine: Engine = engine or scenario.base.run.engine
        base = scenario.base
        terms = SchoolTerms.read(base.council.terms)
        self.timeline = Timeline.england(base.period.run_in_from, base.period.plan_until, terms)
        self.history: History = history_of(scenario)
        self._weights = DayWeights.of(base.demand)
        plans, start = base.plans, base.period.run_in_from
        whose = scenario.whose("plans", "in_hand")
        self._in_hand = read_plans(Path(plans.in_hand), start, whose) if plans else None
        open_now, whose = base.caseload, scenario.whose("caseload", "open_cases")
        self._caseload = read_caseload(Path(open_now.open_cases), base, whose) if open_now else None
        self.definitions = definitions(scenario)
        self.alike: Alike | None = None
        self._noted: dict[tuple[str, ...], frozenset[str] | None] = {}

    def drawn(self, replications: Sequence[int]) -> Iterator[Drawn]:
        """Yield what chance decides for consecutive replications, one at a time.

        Parameters
        ----------
        replications : sequence of int
            Their numbers, rising by one.
        """
        ahead = self._months_ahead(replications)
        for i, number in enumerate(replications):
            yield self._draw(number, ahead[i])

    def run(self, drawn: Drawn, noted: frozenset[str] | None = None) -> Replication:
        """Run one replication; its log tells of the nodes ``noted``, or of all where None."""
        prepared = drawn.prepared
        log = run_with(self.engine, prepared.network, prepared.draw, noted)
        return Replication(drawn.number, prepared, drawn.periods, log)

    def noted(self, only: Collection[str] | None) -> frozenset[str] | None:
        """Return the nodes of which a log has to tell for some tables; all where None.

        That is known once these tables were made of a whole log.
        """
        return self._noted.get(chosen(only))

    def runs(self, replications: Sequence[int]) -> list[Replication]:
        """Run consecutive replications and keep them all; each holds its whole log."""
        return [self.run(drawn) for drawn in self.drawn(replications)]

    def streams(self, number: int) -> Streams:
        """Return the random numbers of a replication."""
        return Streams(self.seed, number)

    def member(self, number: int) -> int | None:
        """Return the row of a replication's member, counted from 0; None without members.

        It depends on the seed and the replication only, so that it is the same in all scenarios
        that are compared. Any first replications hold the weights of the explanations, evenly
        crossed with the places of their requests.
        """
        members = self.scenario.members
        if members is None:
            return None
        return members.of(float(places_of(self.seed, [number], MEMBERS)[0]))

    def tables(
        self, replication: Replication, only: Collection[str] | None = None
    ) -> dict[str, Table]:
        """Return the measures of a replication.

        Parameters
        ----------
        replication : Replication
            What happened.
        only : collection of str, optional
            Names of the tables that are wanted, of ``measured.TABLES``; all by default. Nothing is
            worked out that only others need.

        A replication of which the log does not tell enough is run again.

        Raises
        ------
        ValueError
            When there is no table of a name.
        """
        names = chosen(only)
        replication.log.read.clear()
        try:
            found = self._tables(replication, names)
        except NotNoted:
            replication = self.run(replication)
            found = self._tables(replication, names)
        log = replication.log
        if log.noted is None and names not in self._noted:
            self._noted[names] = None if EVERYTHING in log.read else frozenset(log.read)
        return found

    def _tables(self, replication: Replication, names: Sequence[str]) -> dict[str, Table]:
        made = ReplicationTables(
            replication,
            self.scenario,
            self.timeline,
            self.definitions,
            self.streams(replication.number),
            self._place(replication.number),
            self.member(replication.number),
        )
        return {name: made[name] for name in names}

    def _place(self, number: int) -> float:
        """Return the place of a replication's requests; NaN where the record has them all."""
        if self.history.last_month >= self.timeline.months[-1]:
            return float("nan")
        return float(places_of(self.seed, [number])[0])

    def _months_ahead(self, replications: Sequence[int]) -> NDArray[np.int64]:
        """Return forecast requests, shape (replications, months after the record)."""
        months = self.timeline.months
        ahead = months[months > self.history.last_month]
        if not len(ahead):
            return np.zeros((len(replications), 0), dtype=np.int64)
        made = forecast_of(
            self.scenario,
            self.seed,
            paths=len(replications),
            first_path=replications[0],
            history=self.history,
            even=True,
        )
        # A record that ends before the run starts leaves months that no replication needs.
        return np.stack([made.path(number)[-len(ahead) :] for number in replications])

    def _draw(self, number: int, ahead: NDArray[np.int64]) -> Drawn:
        streams = self.streams(number)
        recorded = recorded_months(self.history, self.timeline, streams, self._weights)
        requests = arrivals(
            streams,
            self.timeline,
            np.concatenate([recorded, ahead]),
            daily_weights(self.timeline, self._weights),
        )
        periods = self.scenario.drawn(
            lambda key: streams.uniform(f"parameter {key}"), self.member(number)
        )
        prepared = prepare(
            streams,
            self.timeline,
            periods,
            requests.number,
            requests.minute,
            self._in_hand,
            self._caseload,
            self.alike,
        )
        return Drawn(number, prepared, periods)


def forecast_of(
    scenario: Scenario,
    seed: int,
    paths: int = FORECAST_PATHS,
    first_path: int = 0,
    history: History | None = None,
    *,
    even: bool = False,
) -> Forecast:
    """Return the forecast of a scenario's requests to the end of its plan.

    Parameters
    ----------
    scenario : Scenario
        The scenario, with its record, weights and overlays.
    seed : int
        Seed of the study.
    paths : int
        Number of paths.
    first_path : int
        Replication of the first path.
    history : History, optional
        The scenario's record, where it was read already.
    even : bool
        Whether path r is the one that replication r uses: they are drawn evenly, by their total up
        to the end of the target's window. Paths by themselves show a forecast as well.

    Raises
    ------
    ValueError
        When the record goes to the end of the plan, so that there is nothing to forecast.
    """
    base = scenario.base
    if history is None:
        history = history_of(scenario)
    last = np.datetime64(base.period.plan_until, "M")
    return forecast(
        history,
        int((last - history.last_month).astype(np.int64)),
        terms=SchoolTerms.read(base.council.terms),
        paths=paths,
        first_path=first_path,
        seed=seed,
        day_weights=DayWeights.of(base.demand),
        overlays=base.demand.overlay,
        method=base.demand.method,
        even_until=np.datetime64(base.target.window_until, "M") if even else None,
    )


def definitions(scenario: Scenario) -> Definitions:
    """Return what the measures need to know of a scenario."""
    settings = of_whole_run(scenario.periods)
    givers, remedies = settings.advice, settings.costs.remedies
    return Definitions(
        givers=tuple(givers),
        schools=tuple(name for name, giver in givers.items() if giver.school),
        families=tuple(name for name, giver in givers.items() if giver.view_of_family),
        exceptions_claimed=settings.exceptions.claimed,
        window_from=settings.target.window_from,
        window_until=settings.target.window_until,
        plan_from=settings.period.plan_from,
        remedies_after_weeks=remedies.after_weeks if remedies else 0,
        buckets=lateness_parts(settings),
        asking=asking(settings),
        staffed=tuple(name for name, giver in givers.items() if giver.team is not None),
    )


def asking(settings: Settings) -> dict[str, tuple[Asking, ...]]:
    """Return how each advice provider is asked: about requests, and by its team on reassessment.

    Where the team that advises on reassessments is that of several givers, it is the first one's.
    """
    ways: dict[str, tuple[Asking, ...]] = {
        giver: (
            Asking(
                m.asked(giver), advice_step(giver), m.advice_in(giver), agency_check_step(giver)
            ),
        )
        for giver in settings.advice
    }
    again = settings.plans.reassessments if settings.plans else None
    teams = {giver.team: name for name, giver in reversed(settings.advice.items())}
    if again is not None and again.adviser_team in teams:
        ways[teams[again.adviser_team]] += (
            Asking(m.REASSESSMENT_NOTICE, PSYCHOLOGIST, PSYCHOLOGIST, AGENCY_CHECK),
        )
    return ways
