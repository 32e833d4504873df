"""Why options do worse in made-up results: every difference of the middles counts as shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ehc_sim.experiment import worse
from ehc_sim.present.frames import Frames

YEAR, STARTS = 2027, 2025


def explained(frames: Frames, every: Sequence[Mapping[Any, Any]]) -> pd.DataFrame:
    """Return the table ``worse`` that goes with the other tables of frames."""
    names = frames.comparison["scenario"]
    start = frames.series("plans", year=STARTS, measure="at_start").set_index("scenario")["median"]
    stock = {name: float(start.get(name, float("nan"))) for name in names}

    def look(scenario: str, against: str) -> pd.DataFrame:
        own, other = (_figures(frames, name) for name in (scenario, against))
        table = pd.DataFrame({"value": own, "against_value": other}).dropna()
        gap = table["value"] - table["against_value"]
        table = table.assign(difference=gap, low=gap, high=gap, p_adjusted=(gap == 0).astype(float))
        table.index.names = list(worse.KEYS)
        table = table.reset_index()
        return table.assign(year=YEAR).where(table["cause"] != worse.STOCK, table.assign(year=2025))

    return worse.explained(frames.comparison, every, stock, look)


def _figures(frames: Frames, name: str) -> pd.Series[float]:
    found: dict[tuple[str, str, str], float] = {}

    def note(cause: str, of: str, which: str, rows: pd.DataFrame, times: float = 1.0) -> None:
        for row in rows.to_dict("records"):
            key = (cause, str(row.get(of, "")), str(row.get(which, "")))
            found[key] = times * float(row["median"])

    own = {"scenario": name, "year": YEAR}
    everybody = frames.series("yearly", **own, by="all")
    note(worse.STEP, "", "measure", everybody[everybody["measure"].isin(worse.STEPS)], 7)
    note(worse.ISSUED, "", "", everybody[everybody["measure"] == "plans_issued"])
    note(worse.STOCK, "", "", frames.series("plans", scenario=name, year=2025, measure="at_start"))
    late = frames.series("lateness", **own)
    note(worse.LATE, "", "", late[(late["step"] == "all") & (late["measure"] == "late_plans")])
    parts = late[(late["measure"] == "days_a_late_plan") & (late["part"] != "all")]
    note(worse.PART, "step", "part", parts[parts["step"] != "all"])
    last = {"scenario": name, "month": pd.Timestamp(YEAR, 12, 1)}
    note(worse.LOAD, "team", "", frames.series("teams", **last, measure="load_of_year"))
    note(worse.QUEUE, "team", "", frames.series("teams", **last, measure="queue"))
    hours = frames.series("hours", **own, measure="share")
    note(worse.KIND, "team", "kind", hours[hours["kind"].isin(worse.KINDS)])
    index = pd.MultiIndex.from_tuples(list(found), names=list(worse.KEYS)) if found else None
    return pd.Series(list(found.values()), index=index, dtype=float)
