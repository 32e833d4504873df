"""What a study found, as tidy tables."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from ehc_sim.experiment.arguments import whole
from ehc_sim.experiment.by_year import BY_YEAR, by_financial_year, by_year
from ehc_sim.experiment.compare import compare
from ehc_sim.experiment.explanations import explanations, with_explanations
from ehc_sim.experiment.pairs import pairs
from ehc_sim.experiment.replication import Replicator
from ehc_sim.experiment.run_in import RunIn
from ehc_sim.experiment.scenario_result import BETWEEN, ScenarioResult, of_the_same
from ehc_sim.experiment.standing import standing
from ehc_sim.experiment.sums import with_load_of_year
from ehc_sim.experiment.unit_costs import unit_costs
from ehc_sim.experiment.worse import worse
from ehc_sim.scenario.labels import labels_of_givers, labels_of_teams
from ehc_sim.tables import Table

_REPLICATIONS_A_PART = 100


@dataclass(frozen=True)
class Limit:
    """A study that ended at its limit, with chances that are not known as well as was asked for.

    Attributes
    ----------
    half_width : float
        What was asked for: half the width of the 95% interval of every chance, 0 to 1.
    replications : int
        The most replications of a scenario that the study was to run, and ran of these.
    reached : mapping of str to float
        Half the width of the interval, for each scenario of which it is more.
    """

    half_width: float
    replications: int
    reached: Mapping[str, float]

    def __str__(self) -> str:
        widest = max(self.reached, key=lambda name: self.reached[name])
        others = len(self.reached) - 1
        more = f", and those of {others} more are too wide" if others else ""
        return (
            f"Stopped at the limit of {self.replications:,} replications before every chance was "
            f"known as well as asked for: the 95% interval of “{widest}” is "
            f"{100 * self.reached[widest]:.2f} points on each side, asked for was "
            f"{100 * self.half_width:g}{more}."
        )


@dataclass(frozen=True, eq=False)
class Results:
    """What a study found. The first scenario is the one that the others are compared with.

    Where each scenario stops by itself, the chance of each is of all its replications, and two are
    compared in those that both have. The other tables, which stand side by side, are of those that
    every scenario has.

    Attributes
    ----------
    scenarios : tuple of ScenarioResult
        One for each scenario.
    seed : int
        Seed of the study.
    seconds : float
        Time that it took.
    limit : Limit or None
        What was not reached, where it ended at its limit before the chances were known as well as
        was asked for.
    run_in : RunIn or None
        Which options went on from the shared run-in, of the replications that this study ran.

    Examples
    --------
    Those of the methods go on, like this one, from the results of the example of ``ehc.simulate``:

    >>> [one.scenario.name for one in results.scenarios] == [today.name, more.name]
    True
    """

    scenarios: tuple[ScenarioResult, ...]
    seed: int
    seconds: float
    limit: Limit | None = None
    run_in: RunIn | None = None

    @property
    def replications(self) -> int:
        """Number of replications that every scenario has, which are the first ones."""
        return min(result.replications for result in self.scenarios)

    @cached_property
    def of_the_same(self) -> tuple[ScenarioResult, ...]:
        """The results of the replications that every scenario has."""
        return tuple(of_the_same(*self.scenarios))

    def summary(self) -> pd.DataFrame:
        """Return the comparison: one row a scenario, with the chance of meeting the target.

        Examples
        --------
        >>> table = results.summary().set_index("scenario")
        >>> table.loc["Three more", ["chance_low", "chance", "chance_high"]].is_monotonic_increasing
        True
        """
        return self._summary.copy()

    @cached_property
    def _summary(self) -> pd.DataFrame:
        return with_explanations(self._compared, self._explanations, self.scenarios)

    @cached_property
    def _compared(self) -> pd.DataFrame:
        return compare(self.scenarios)

    def explanations(self) -> pd.DataFrame:
        """Return what each scenario does under each explanation of the past, if any are named.

        Examples
        --------
        >>> sorted(set(results.explanations()["explanation"]))
        ['newest cases partly first', 'one queue, in order']
        """
        return self._explanations.copy()

    @cached_property
    def _explanations(self) -> pd.DataFrame:
        return explanations(self.scenarios, self._compared)

    def pairs(self) -> pd.DataFrame:
        """Return every two scenarios held against each other in the same futures, with tests.

        Examples
        --------
        >>> results.pairs()["second"].tolist()
        ['Three more']
        """
        return self._pairs.copy()

    @cached_property
    def _pairs(self) -> pd.DataFrame:
        return pairs(self.scenarios)

    def standing(self) -> pd.DataFrame:
        """Return how the scenarios stand: which leads, and which cannot be told apart from it.

        Examples
        --------
        >>> int(results.standing()["place"].min())
        1
        """
        return standing(self._summary, self._pairs)

    def worse(self) -> pd.DataFrame:
        """Return which scenarios are shown to do worse, and what is shown to make them so.

        Examples
        --------
        >>> list(results.worse())[:4]
        ['scenario', 'against', 'year', 'cause']
        """
        return self._labelled(worse(self.scenarios, self._summary, self._pairs))

    def monthly(self) -> pd.DataFrame:
        """Return scenario, month, measure, and the median and ranges over replications.

        Examples
        --------
        >>> table = results.monthly()
        >>> requests = table[(table["scenario"] == "Three more") & (table["measure"] == "requests")]
        >>> by_month = requests.set_index("month")["median"]
        """
        return _dated(self._ranges("monthly"))

    def yearly(self) -> pd.DataFrame:
        """Return scenario, year, by, group, measure, and the median and ranges.

        Examples
        --------
        >>> table = results.yearly()
        >>> of_all = table[table["by"] == "all"]
        >>> of_all["group"].unique().tolist()
        ['all']
        """
        return self._by_year("yearly")

    def exceptions(self) -> pd.DataFrame:
        """Return scenario, year, kind, measure, and the median and ranges.

        Examples
        --------
        >>> list(results.exceptions())[:4]
        ['scenario', 'year', 'kind', 'measure']
        """
        return self._by_year("exceptions")

    def advice(self) -> pd.DataFrame:
        """Return scenario, year, giver, measure, and the median and ranges.

        Givers go by their label, such as "Health: paediatrics".

        Examples
        --------
        >>> list(results.advice())[:4]
        ['scenario', 'year', 'giver', 'measure']
        """
        return self._by_year("advice")

    def advice_by_month(self) -> pd.DataFrame:
        """Return scenario, month, giver, measure, and the median and ranges.

        Examples
        --------
        >>> table = results.advice_by_month()
        >>> "weeks_to_clear" in table["measure"].unique()
        True
        """
        return _dated(self._ranges("advice_by_month"))

    def teams(self) -> pd.DataFrame:
        """Return scenario, month, team, measure, and the median and ranges.

        Examples
        --------
        >>> table = results.teams()
        >>> "educational psychologists" in table["team"].unique()
        True
        """
        return _dated(
            self._each(
                lambda result: with_load_of_year(
                    result.tables["teams"], result.scenario.base.period.plan_from
                ).ranges()
            )
        )

    def officers(self) -> pd.DataFrame:
        """Return scenario, month, team, measure, and the median and ranges.

        Examples
        --------
        >>> table = results.officers()
        >>> "caseload_an_officer" in table["measure"].unique()
        True
        """
        return _dated(self._ranges("officers"))

    def lateness(self) -> pd.DataFrame:
        """Return scenario, year (of issue), step, part, measure, and the median and ranges.

        Why late plans are late: ``docs/lateness.md``.

        Examples
        --------
        >>> list(results.lateness())[:5]
        ['scenario', 'year', 'step', 'part', 'measure']
        """
        return self._by_year("lateness")

    def hours(self) -> pd.DataFrame:
        """Return scenario, year, team, kind (of work), measure, and the median and ranges.

        Examples
        --------
        >>> list(results.hours())[:5]
        ['scenario', 'year', 'team', 'kind', 'measure']
        """
        return self._by_year("hours")

    def waiting(self) -> pd.DataFrame:
        """Return scenario, month, step, and the median and ranges of the open cases there.

        Examples
        --------
        >>> list(results.waiting())[:3]
        ['scenario', 'month', 'step']
        """
        return _dated(self._ranges("waiting").rename(columns={"measure": "step"}))

    def cohort(self) -> pd.DataFrame:
        """Return scenario, year (of the request), weeks, outcome and share (median).

        Examples
        --------
        >>> list(results.cohort())
        ['scenario', 'year', 'weeks', 'outcome', 'share']
        """
        return self._by_year("cohort")

    def decisions(self) -> pd.DataFrame:
        """Return scenario, year, measure, and the median and ranges.

        Examples
        --------
        >>> list(results.decisions())[:3]
        ['scenario', 'year', 'measure']
        """
        return self._by_year("decisions")

    def reviews(self) -> pd.DataFrame:
        """Return scenario, year, measure, and the median and ranges.

        Examples
        --------
        >>> list(results.reviews())[:3]
        ['scenario', 'year', 'measure']
        """
        return self._by_year("reviews")

    def plans(self) -> pd.DataFrame:
        """Return scenario, year, measure, and the median and ranges.

        Examples
        --------
        >>> list(results.plans())[:3]
        ['scenario', 'year', 'measure']
        """
        return self._by_year("plans")

    def by_financial_year(self, table: str) -> pd.DataFrame:
        """Return a table that is by year by financial years: April to March.

        Parameters
        ----------
        table : {"yearly", "exceptions", "advice", "hours", "lateness", "cohort", "decisions", \
                "reviews", "plans"}
            Name of the table.

        Returns
        -------
        DataFrame
            The table, with financial_year, such as 2026/27, and months, how many of its months are
            in the run, in the place of year.

        Raises
        ------
        ValueError
            When no table by year has the name.

        Examples
        --------
        >>> list(results.by_financial_year("plans"))[:4]
        ['scenario', 'financial_year', 'months', 'measure']
        """
        if table not in BY_YEAR:
            allowed = ", ".join(map(repr, BY_YEAR))
            raise ValueError(f"table: found {table!r}, allowed is {allowed}")
        return self._each(lambda result: by_financial_year(result, table))

    def costs_by_year(self) -> pd.DataFrame:
        """Return scenario, financial_year, months, funded_by, measure, and the median and ranges.

        Examples
        --------
        >>> list(results.costs_by_year())[:4]
        ['scenario', 'financial_year', 'months', 'funded_by']
        """
        return self._ranges("costs_by_year")

    def unit_costs(self) -> pd.DataFrame:
        """Return what a plan, an advice and a week of waiting saved cost, with their intervals.

        Examples
        --------
        >>> list(results.unit_costs())[:3]
        ['scenario', 'of', 'pounds']
        """
        return unit_costs(self.of_the_same, self._summary)

    def replication_table(self) -> pd.DataFrame:
        """Return every replication: scenario, replication, month, measure, value.

        The measures of the whole run have no month.

        Examples
        --------
        >>> results.replication_table()["replication"].unique().tolist()
        [0, 1]
        """
        return pd.concat(list(self.replication_parts()), ignore_index=True)

    def replication_parts(self) -> Iterator[pd.DataFrame]:
        """Give ``replication_table`` piece by piece, as it may be larger than memory.

        Examples
        --------
        >>> sum(map(len, results.replication_parts())) == len(results.replication_table())
        True
        """
        for table in ("monthly", "totals"):
            for result in self.scenarios:
                stack, wanted = result.tables[table], result.replications
                for first in range(0, wanted, _REPLICATIONS_A_PART):
                    numbers = range(first, min(first + _REPLICATIONS_A_PART, wanted))
                    yield _long(result.scenario.name, stack, table, numbers)

    def log(self, replication: int, scenario: str | None = None) -> pd.DataFrame:
        """Run one replication again and return its log.

        Parameters
        ----------
        replication : int
            Number of the replication, from 0; one that this study has of the scenario.
        scenario : str, optional
            Name of the scenario; the first one where none is given.

        Returns
        -------
        DataFrame
            One row an event; ``docs/results.md`` has its columns.

        Raises
        ------
        TypeError, ValueError
            When there is no such replication, or no scenario has the name.

        Examples
        --------
        >>> log = results.log(0)
        >>> log["event"].iloc[0]
        'arrive'
        >>> drafted = log[(log["node"] == "drafting") & (log["event"] == "end")]
        """
        number = whole("replication", replication, 0)
        chosen = {r.scenario.name: r for r in self.scenarios}
        if scenario is not None and scenario not in list(chosen):  # of whatever kind
            allowed = ", ".join(map(repr, chosen))
            raise ValueError(f"scenario: found {scenario!r}, allowed is {allowed}")
        wanted = chosen[scenario] if scenario else self.scenarios[0]
        if number >= wanted.replications:
            raise ValueError(
                f"replication: found {number}, allowed is 0 to {wanted.replications - 1}"
            )
        replicator = Replicator(wanted.scenario, self.seed)
        events = replicator.runs([number])[0].log.events.copy()
        start = pd.Timestamp(replicator.timeline.first_day)
        events["date"] = start + pd.to_timedelta(events["minute"], unit="min")
        return events

    def _labelled(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return a table in which advice providers and teams go by their labels."""
        for columns, labels in self._labels.items():
            for column in (name for name in columns if name in table):
                table = table.assign(**{column: table[column].replace(labels)})
        return table

    @cached_property
    def _labels(self) -> dict[tuple[str, ...], dict[str, str]]:
        """What stands in the place of keys, by the columns that have them."""
        scenarios = [result.scenario for result in self.scenarios]
        called = labels_of_teams(scenarios)
        others = {key: label for key, label in called.items() if label != key}
        return {("giver",): labels_of_givers(scenarios), ("team", "part", "of", "name"): others}

    def _by_year(self, table: str) -> pd.DataFrame:
        return self._each(lambda result: by_year(result, table))

    def _ranges(self, table: str) -> pd.DataFrame:
        return self._each(lambda result: result.tables[table].ranges())

    def _each(self, of: Callable[[ScenarioResult], pd.DataFrame]) -> pd.DataFrame:
        parts = []
        for result in self.of_the_same:
            part = of(result)
            part.insert(0, "scenario", result.scenario.name)
            parts.append(part)
        return self._labelled(pd.concat(parts, ignore_index=True))

    def _repr_html_(self) -> str:
        between = [one for one in BETWEEN if one in self._summary]
        shown = ["scenario", "chance", "chance_low", "chance_high", *between, "on_time", "cost"]
        shown += ["reached"] * bool(self._summary["reached"].any())
        table = self._summary[shown].to_html(index=False, float_format="{:,.2f}".format)
        stopped = f"<p>{self.limit}</p>" if self.limit else ""
        most = max(result.replications for result in self.scenarios)
        count = f"{self.replications}{f' to {most}' * (most > self.replications)}"
        head = f"<p>{count} replications of {len(self.scenarios)} scenarios</p>"
        return f"{head}{stopped}{table}"


def _long(scenario: str, stack: Table, table: str, numbers: range) -> pd.DataFrame:
    """Return some of the replications of a table, a row for each number."""
    values = stack.values[numbers.start : numbers.stop]
    keys = [numbers, stack.index, stack.columns]
    index = pd.MultiIndex.from_product(keys, names=["replication", "month", "measure"])
    long = pd.Series(values.ravel(), index=index, name="value").reset_index()
    if table != "monthly":
        long["month"] = None  # the measures of the whole run have no month
    long.insert(0, "scenario", scenario)
    return long.assign(month=pd.to_datetime(long["month"]))


def _dated(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(month=pd.to_datetime(table["month"]))
