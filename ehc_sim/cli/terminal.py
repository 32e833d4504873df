"""What the command line prints: comparisons and forecasts, as plain lines."""

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from ehc_sim.demand.backtest import Backtest
from ehc_sim.demand.forecast import Forecast
from ehc_sim.demand.rise.explain import Rise
from ehc_sim.demand.rise.groups import ONE_YEAR
from ehc_sim.present import fit_words, forecast_words, rise_words, sensitivity_words, words
from ehc_sim.present.charts import refusing, sweep

WIDEST_NAME = 46
_APART = {
    "other_children": "They change who is assessed, and are no rivals of the others",
    "order_only": "They only change who is seen first",
}
"""What options are that stand apart, by the column of the comparison that says so."""


def comparison_lines(summary: pd.DataFrame) -> list[str]:
    """Return the comparison as lines of text, best chance first; what is no rival stands last.

    Parameters
    ----------
    summary : DataFrame
        As ``Results.summary`` returns; the first row is the baseline.
    """
    first = summary.iloc[0]
    target = words.percent(first["target"])
    by = ["order_only", "other_children", "chance", "on_time"]
    ordered = summary.sort_values(by, ascending=[True, True, False, False], kind="stable")
    apart = [
        f"{said}: {words.quoted(names)}."
        for column, said in _APART.items()
        if (names := ordered.loc[ordered[column].astype(bool), "scenario"].tolist())
    ]
    reviewed = bool(summary["review_decisions_on_time"].notna().any())
    by_itself = bool(summary["reached"].any())
    head = ("Scenario", "Chance", "95% range", "On time", "8 in 10", "Extra plans", "Extra cost")
    rows = [head + (("Reviews", "Overdue") if reviewed else ()) + ("Futures",) * by_itself]
    for row in ordered.to_dict("records"):
        baseline = row["scenario"] == first["scenario"]
        rows.append(
            (
                str(row["scenario"])[:WIDEST_NAME],
                words.percent(row["chance"]),
                words.percent_range(row["chance_low"], row["chance_high"]),
                words.percent(row["on_time"]),
                words.percent_range(row["on_time_low80"], row["on_time_high80"]),
                "–" if baseline else words.signed(row["extra_plans_on_time"]),
                "–" if baseline else words.pounds_short(row["cost"]),
                *(_reviews(row) if reviewed else ()),
                *((words.number(row["replications"]),) if by_itself else ()),
            )
        )
    against = [
        "Extra plans on time and extra cost are over the whole planning period, against "
        f"“{first['scenario']}”."
    ]
    about_reviews = [
        "Reviews: annual reviews decided within four weeks. Overdue: reviews past their day and "
        "not decided, at the end."
    ]
    return [
        f"Chance that at least {target} of plans are issued within 20 weeks,",
        f"{words.window(first['window_from'], first['window_until'])}, from "
        f"{_futures(summary)} simulated futures of each scenario.",
        "",
        *_table(rows),
        "",
        *(against if len(summary) > 1 else ()),
        *(about_reviews if reviewed else ()),
        *(_how_known(summary) if by_itself else ()),
        *apart,
    ]


def _futures(summary: pd.DataFrame) -> str:
    """Return how many simulated futures there are of each scenario: "400", or "55 to 380"."""
    return words.number_range(summary["replications"].min(), summary["replications"].max())


def _how_known(summary: pd.DataFrame) -> list[str]:
    """Return how well the chances are known, where each scenario stopped by itself."""
    asked = summary["half_width_asked"].iloc[0]
    stopped = summary[summary["chance_high"] - summary["chance_low"] > 2 * asked]
    others = [f"“{row['scenario']}” {row['reached']}." for row in stopped.to_dict("records")]
    same = len(summary) > 1
    return [
        f"Each scenario was simulated until its chance was known to ±{100 * asked:g} points"
        f"{'; two are compared in the futures that both have' if same else ''}.",
        *others,
    ]


def _reviews(row: Mapping[Hashable, Any]) -> tuple[str, str]:
    """Return the share of reviews decided in time and the reviews overdue, in words."""
    share = words.percent(row["review_decisions_on_time"])
    return share, words.number(row["reviews_overdue_at_end"])


def folder_lines(table: pd.DataFrame) -> list[str]:
    """Return the comparison of two results folders as lines of text.

    Parameters
    ----------
    table : DataFrame
        As ``compare_folders`` returns.
    """
    rows = [
        (
            "Scenario",
            "First: mean on time",
            "chance",
            "Second: mean on time",
            "chance",
            "Difference",
        )
    ]
    for row in table.to_dict("records"):
        low, high = row["difference_low"], row["difference_high"]
        known = not math.isnan(low)
        interval = f" ({100 * low:+.0f} to {100 * high:+.0f})" if known else ""
        rows.append(
            (
                str(row["scenario"])[:WIDEST_NAME],
                words.percent(row["on_time_first"]),
                words.percent(row["chance_first"]),
                words.percent(row["on_time_second"]),
                words.percent(row["chance_second"]),
                f"{100 * row['difference']:+.0f} points{interval}",
            )
        )
    return _table(rows)


def forecast_lines(made: Forecast, rise: Rise) -> list[str]:
    """Return a forecast as lines of text: by year, its back-test, why requests rise, questions."""
    rows = [("Year", "Requests", "8 in 10", "95 in 100", "")]
    years = made.by_year()
    if made.adjusted is made.base:
        years = years[years["kind"] != "adjusted"]
    for row in years.to_dict("records"):
        recorded = row["kind"] == "history"
        rows.append(
            (
                str(row["year"]),
                words.number(row["median"]),
                "" if recorded else words.number_range(row["low80"], row["high80"]),
                "" if recorded else words.number_range(row["low95"], row["high95"]),
                {"history": "recorded", "base": "forecast", "adjusted": "with adjustments"}[
                    row["kind"]
                ],
            )
        )
    asked = [f"- {one.text} {one.evidence}".rstrip() for one in made.findings if one.kind != "done"]
    return [
        f"{made.method}: {made.why}.",
        "",
        *_table(rows),
        "",
        *_back_test(made.check),
        "",
        "Why requests change:",
        *(f"- {sentence}" for sentence in rise_words.three_sentences(rise.table, rise.notes)),
        *(f"- {note}" for note in rise.notes if note.startswith(ONE_YEAR)),
        *(["", "About the record:", *asked] if asked else []),
        "",
        "How it was made:",
        *(f"- {note}" for note in made.notes),
    ]


def _back_test(check: Backtest) -> list[str]:
    """Return what the back-test found, as a table and in words."""
    rows = [("Back-test", "Ahead", "Compared", "Skill", "In 80%", "In 95%")]
    for row in check.table.to_dict("records"):
        rows.append(
            (
                str(row["method"])[:WIDEST_NAME],
                f"{row['horizon']} months",
                words.number(row["months"]),
                forecast_words.skill(row["skill"]),
                words.percent(row["in80"]),
                words.percent(row["in95"]),
            )
        )
    shown = [*_table(rows), ""] if len(rows) > 1 else []
    return [*shown, check.summary, *check.notes]


def sweep_lines(table: pd.DataFrame) -> list[str]:
    """Return a sweep of one setting as lines of text.

    Parameters
    ----------
    table : DataFrame
        As ``Sweep.table`` returns.
    """
    first = table.iloc[0]
    rows = [
        (
            *(str(first["what"]), "Chance", "95% range", "On time", "8 in 10", "Step: points"),
            *("Hours a plan", "Step: hours", "Extra cost"),
        )
    ]
    for place, (_, row) in enumerate(table.iterrows()):
        step_low, step_high = row["step_hours_low"], row["step_hours_high"]
        hours = f"{_tenths(row['step_hours'], '+')} ({_tenths(step_low)} to {_tenths(step_high)})"
        rows.append(
            (
                str(row["shown"]),
                words.percent(row["chance"]),
                words.percent_range(row["chance_low"], row["chance_high"]),
                words.percent(row["on_time"]),
                words.percent_range(row["on_time_low80"], row["on_time_high80"]),
                sweep.points(row, "step_on_time") if place else "–",
                _tenths(row["hours_a_plan"]),
                hours if place else "–",
                words.pounds_short(row["cost"]) if place else "–",
            )
        )
    return [
        f"Chance that at least {words.percent(first['target'])} of plans are issued within 20 "
        f"weeks, {words.window(first['window_from'], first['window_until'])},",
        f"from {first['replications']} simulated futures of each value.",
        "",
        *_table(rows),
        "",
        "A step is the mean difference to the line above, in the same futures, with its 95% "
        "range. Hours a plan:",
        "of all teams on assessments, meetings and disputes, in the years of those months.",
        "",
        sweep.answer(table),
    ]


ACCOUNT = (
    ("Requests, made for the first time", "requests"),
    ("Requests made again", "asked_again"),
    ("Refused", "refusals"),
    ("Reconsidered: assessed after all", "reconsidered"),
    ("Mediations", "mediated"),
    ("Appeals against a refusal", "appealed"),
    ("Overturned: must be assessed", "overturned"),
    ("Plans issued", "plans_issued"),
    ("Appeals about what a plan says", "contents_appeals"),
    ("Hours: first assessments", "hours_first_assessments"),
    ("Hours: second assessments", "hours_second_assessments"),
    ("Hours: disputes", "hours_disputes"),
    ("Hours: meetings", "hours_meetings"),
    ("Hours: annual reviews", "hours_reviews"),
    ("Hours: phase transfers", "hours_transfers"),
    ("Hours: reassessments", "hours_reassessments"),
    ("Hours: appeals about what a plan says", "hours_contents_appeals"),
    ("Hours: plans moved in", "hours_moved_in"),
    ("Hours: all", "hours"),
    ("Saved on first assessments", "saved"),
    ("Comes back", "back"),
    ("Fewer on plans in place", "later"),
    ("Fewer of all kinds", "net"),
    ("Pounds: saved on first assessments", "pounds_saved"),
    ("Pounds: come back", "pounds_back"),
    ("Pounds: fewer on plans in place", "pounds_later"),
    ("Pounds: fewer of all kinds", "pounds_net"),
)
"""Lines of the table of what refusing costs, and their columns. Those from what is saved on
are against the lowest rate."""


def refusing_lines(table: pd.DataFrame) -> list[str]:
    """Return what refusing costs as lines of text, a column a rate.

    Parameters
    ----------
    table : DataFrame
        As ``what_refusing_costs`` returns.
    """
    first = table.iloc[0]
    rows = [("Refused, of all requests", *map(words.percent, table["rate"]))]
    for label, name in ACCOUNT:
        if f"{name}_low" in table:
            against = (refusing.figure(row, name) for _, row in table.iloc[1:].iterrows())
            rows.append((label, "–", *against))
        else:
            rows.append((label, *map(words.number, table[name])))
    shares = [refusing.share_back(row) for _, row in table.iterrows()]
    of_pounds = [refusing.share_back(row, "pounds_") for _, row in table.iterrows()]
    rows.append(("Share that comes back", "–", *shares[1:]))
    rows.append(("Share of the pounds that comes back", "–", *of_pounds[1:]))
    overturned = [words.percent(value) for value in table["share_overturned"]]
    rows.append(("Share of mediations and appeals overturned", *overturned))
    return [
        f"What refusing costs, a year: mean of {first['replications']} simulated futures, "
        f"{first['years']}.",
        f"The rates hold from the start of the plan. Saved, comes back and fewer are against "
        f"{words.percent(first['rate'])}.",
        "",
        *_table(rows),
        "",
        "Comes back: disputes and second assessments (after an order, reconsidered or asked "
        "again). Hours",
        "are of the work that comes to the teams, done or not.",
        "",
        refusing.answer(table),
    ]


MOST_NUMBERS = 10
"""Numbers that are printed of each measure; the table has them all."""


def sensitivity_lines(table: pd.DataFrame) -> list[str]:
    """Return what decides each measure as lines of text.

    Parameters
    ----------
    table : DataFrame
        As ``Sensitivity.table`` returns.
    """
    lines: list[str] = []
    for name, rows in table.groupby("measure", sort=False):
        cells = sensitivity_words.cells(rows.head(MOST_NUMBERS)).drop(columns="Range")
        heading = words.capital(sensitivity_words.measure(str(name)))
        lines += [
            *(heading, ""),
            *_table([tuple(cells.columns), *map(tuple, cells.astype(str).to_numpy())]),
            *("", *sensitivity_words.sentences(rows), *sensitivity_words.interactions(rows), ""),
        ]
    return lines


def calibration_lines(figures: pd.DataFrame, explanations: pd.DataFrame) -> list[str]:
    """Return what a calibration found as lines of text.

    Parameters
    ----------
    figures, explanations : DataFrame
        As ``fit_table`` and ``explanations_table`` return.
    """
    of_all = figures[figures["explanation"] == fit_words.ALL]
    lines: list[str] = []
    for head, rows in (
        fit_words.cells_of_explanations(explanations),
        fit_words.cells_of_figures(of_all),
    ):
        lines += [*_table([tuple(head), *map(tuple, rows)]), ""]
    return [*lines, *fit_words.lead(of_all, explanations), ""]


def _tenths(value: float, sign: str = "") -> str:
    """Return hours to a tenth, with a sign where one is asked for."""
    return format(value, f"{sign}.1f").replace("-", "−") if words.known(value) else words.NOT_KNOWN


def _table(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)),
            ]
        ).rstrip()
        for row in rows
    ]
    return [lines[0], "-" * max(map(len, lines)), *lines[1:]]
