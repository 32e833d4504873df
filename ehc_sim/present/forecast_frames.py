"""A forecast of requests as tables and words, ready to be shown."""

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True, eq=False)
class ForecastFrames:
    """What the page and the charts of a forecast are made from.

    Attributes
    ----------
    name : str
        The council or the record.
    by_year : bool
        Whether the record is by year.
    months : DataFrame
        Columns month (Timestamp), kind (history, base or adjusted), median, low80, high80, low95,
        high95.
    years : DataFrame
        The same by calendar year: year (int) in place of month.
    plain : DataFrame
        The plain guess: columns period (Timestamp, first day) and requests; the same month last
        year, or of a yearly record the same as last year.
    backtest : DataFrame
        As ``Backtest.table``.
    pit : DataFrame
        As ``Backtest.pit``.
    rise : DataFrame
        As ``Rise.table``.
    method, why, summary : str
        The method, why it was chosen, and what the back-test found in words.
    beats_naive : bool or None
        Whether the plain guess was beaten at every horizon; None where nothing was tested.
    notes, rise_notes : tuple of str
        What a reader should know.
    findings : DataFrame
        One row a finding about the record: kind, about, months, text, evidence, setting.
    assumptions : tuple of str
        What is assumed and not measured.
    about : dict of str to str
        version, seed, paths, created, record (the file).
    """

    name: str
    by_year: bool
    months: pd.DataFrame
    years: pd.DataFrame
    plain: pd.DataFrame
    backtest: pd.DataFrame
    pit: pd.DataFrame
    rise: pd.DataFrame
    method: str
    why: str
    summary: str
    beats_naive: bool | None
    notes: tuple[str, ...]
    rise_notes: tuple[str, ...]
    findings: pd.DataFrame
    assumptions: tuple[str, ...]
    about: dict[str, str] = field(default_factory=dict)

    @property
    def adjusted(self) -> bool:
        """Whether the planner's adjustments change the forecast."""
        kinds = self.months.set_index(["kind", "month"])["median"]
        return not kinds["base"].equals(kinds["adjusted"])
