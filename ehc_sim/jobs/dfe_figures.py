"""What DfE publishes of a council's service, as a table that may be passed on."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from ehc_sim.demand.sen2 import Sen2
from ehc_sim.demand.sen2_council import Council
from ehc_sim.demand.sen2_service import Service, service_in_sen2
from ehc_sim.experiment.published import SHARES, WEEKS
from ehc_sim.safe.small_counts import hidden

NOT_SHOWN = "not shown"
"""Mark of a figure of so few children that it is not passed on."""


def figures_of(sen2: Sen2, council: Council) -> Service:
    """Return what a download has of a council's service, without small counts by group.

    By the rule of ``docs/privacy.md``: a count by group below 6 is not passed on, nor what would
    give it away, nor the shares and weeks of such a group.
    """
    found = service_in_sen2(sen2, council)
    table = found.figures
    few = _few(table)
    few |= _alike(table, few) & table["measure"].isin([*SHARES, *WEEKS])
    shown = table.assign(value=table["value"].mask(few), mark=table["mark"].mask(few, NOT_SHOWN))
    return replace(found, figures=shown)


def _few(table: pd.DataFrame) -> pd.Series[bool]:
    """Return which counts by group are of too few children, or would give such a one away."""
    counted = (table["by"] != "all") & ~table["measure"].isin([*SHARES, *WEEKS])
    families = table["place"] + table["year"].astype(str) + table["measure"] + table["by"]
    return hidden(table["value"].where(counted), families) & counted


def _alike(table: pd.DataFrame, few: pd.Series[bool]) -> pd.Series[bool]:
    """Return which rows are of a group, year and table of which a count is not passed on."""
    keys = pd.MultiIndex.from_frame(table[["place", "year", "by", "group", "source"]])
    return pd.Series(keys.isin(keys[few.to_numpy()]), index=table.index, dtype=bool)
