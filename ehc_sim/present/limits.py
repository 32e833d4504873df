"""What could make the answer wrong: its limits, with the numbers that show their size."""

import pandas as pd

from ehc_sim.present import explanations, past, words
from ehc_sim.present.frames import Frames, records
from ehc_sim.present.reading import Standing

FEWEST_FLAT = 10
"""From so many futures with flat requests on, the chances in them are told."""
_NO_ERROR = 100.0
"""Skill from which the plain guess had no error to speak of, and none is said."""


def what_could_be_wrong(frames: Frames, now: Standing) -> list[str]:
    """Return the limits of the answer, with the numbers that show their size."""
    unsourced = int((frames.assumptions["source"].fillna("") == "").sum())
    said = []
    if unsourced:
        said.append(
            f"{unsourced:,} of the {len(frames.assumptions):,} numbers behind this have no "
            "published source. The last section has those that somebody set; a wrong one could "
            "change the order of the options."
        )
    said += _assumed_services(frames) + _misses(frames) + _demand(frames)
    said.append(
        "The ranges cover chance and the numbers that are given as uncertain. They do not cover a "
        "change in the law, a step that was left out, or staff who cannot be found."
        f" {explanations.limits(frames)}".rstrip()
    )
    if words.known(now.baseline.replications):
        said.append(_how_known(now))
    calendar = frames.manifest.get("calendar")
    said += [str(one) for one in calendar] if isinstance(calendar, list) else []
    if frames.manifest.get("limit"):
        said.append(str(frames.manifest["limit"]))
    return said


def _how_known(now: Standing) -> str:
    """Return from how many futures each chance comes, and how well it is known."""
    asked = now.baseline.half_width_asked
    said = f"Each chance comes from {now.futures} simulated futures"
    more = "More of them would narrow its range, but would not make the assumptions any surer."
    if not words.known(asked):
        return f"{said}. {more}"
    options = [*now.ranked, *now.circumstances]
    stopped = [o for o in options if o.chance_high - o.chance_low > 2 * asked]
    others = [f"{option.named} {option.reached}." for option in stopped]
    return " ".join(
        [
            f"{said}: each option was simulated until its chance was known to ±{100 * asked:g} "
            "points, and two are compared in the futures that both have.",
            *others,
            more,
        ]
    )


def _assumed_services(frames: Frames) -> list[str]:
    """Return which services' time to give advice no source tells."""
    numbers = frames.assumptions
    parts = numbers["path"].str.extract(r"^advice\.(?P<service>.+)\.turnaround\.mean_days$")
    known = numbers["source"].fillna("") != ""
    assumed = parts["service"][~known].dropna().unique()
    if not len(assumed):
        return []
    return [
        f"How long advice takes is assumed of {words.join([str(one) for one in assumed])}, until "
        "the council puts in their own figures: hold none of them to what is shown here."
    ]


def _misses(frames: Frames) -> list[str]:
    """Return how the model did on figures that set none of its numbers, then on those that did."""
    if frames.backcast.empty:
        return ["The model was not held against published figures."]
    return [" ".join([_never_used(frames), *_not_judged(frames)]), *_used(frames)]


def _not_judged(frames: Frames) -> list[str]:
    """Return every figure outside its range that is told by no judgement, used or not."""
    found = past.not_judged(frames)
    if found.empty:
        return []
    said = "Figures that lie outside what was published, though not judged"
    return [f"{said}: {past.together(found)}."]


def _never_used(frames: Frames) -> str:
    outside, checked = past.outside(frames)
    if not checked:
        return (
            "No published figure was kept back to test the model: how well it foretells what it "
            "was not shown is not known."
        )
    if outside.empty:
        return (
            f"All {checked} published figures that set none of the model's numbers lie in its 95% "
            "range."
        )
    judged = outside[outside["within"].notna()]  # the others are named in a sentence of their own
    named = _named(judged, ", of those that are judged ") if len(judged) else ""
    return (
        f"{len(outside)} of the {checked} published figures that set none of the model's numbers "
        f"lie outside its 95% range{named}."
    )


def _used(frames: Frames) -> list[str]:
    missed, judged = past.used(frames)
    if not judged:
        return []
    of = (
        f"{judged} published figures were used to set the model's numbers, so they are no test of "
        "it"
    )
    if missed.empty:
        return [f"{of}; it comes as near to each as was asked of it beforehand."]
    return [f"{of}; it misses {len(missed)} of them all the same{_named(missed, ': ')}."]


def _named(rows: pd.DataFrame, opening: str) -> str:
    """Return the first of some figures, and how many more there are."""
    told = [past.told(row) for row in records(rows)]
    more = [f"{len(told) - 4} more"] if len(told) > 5 else []
    return opening + words.join(told[:4] + more if more else told)


def _demand(frames: Frames) -> list[str]:
    ahead = frames.forecast[frames.forecast["kind"] != "history"].dropna(subset=["low95"])
    if ahead.empty:
        return []
    if frames.requests.empty:
        return [
            "How many requests were expected is in forecast.csv; how well they were is not known."
        ]
    return [said for said in (_expected(frames), _back_test(frames), _flat(frames)) if said]


def _expected(frames: Frames) -> str:
    """Return the requests expected by year with their ranges, after the last that was recorded."""
    years = frames.requests.dropna(subset=["median"]).sort_values("year")
    recorded = years[years["kind"] == "history"]
    # The adjusted forecast, where there is one, is the one simulated.
    ahead = years[years["kind"] == "adjusted"]
    ahead = years[years["kind"] == "base"] if ahead.empty else ahead
    if ahead.empty:
        return ""
    told = [
        f"{words.number(row['median'])} in {int(row['year'])} "
        f"({words.number_range(row['low80'], row['high80'])})"
        for row in records(ahead)
    ]
    last = records(recorded)[-1] if len(recorded) else None
    after = f", after {words.number(last['median'])} in {int(last['year'])}" if last else ""
    return (
        f"Requests are a forecast: {words.join(told)}, in 8 of 10 futures the ranges in "
        f"brackets{after}."
    )


def _back_test(frames: Frames) -> str:
    """Return how the forecast did on the record's own past, against last year's requests."""
    plain = "seasonal naive"
    own = frames.backtest[frames.backtest["method"] != plain].dropna(subset=["skill"])
    if own.empty:
        return "The record is too short to test the forecast on its own past."
    own = own[own["method"] == own["method"].iloc[0]].sort_values("horizon")
    told = [
        f"{abs(row['skill']):.0%} {'worse' if row['skill'] < 0 else 'better'} "
        f"{words.how_many(years)} {words.plural(years, 'year', 'years')} ahead"
        for row in records(own)
        if (years := round(row["horizon"] / 12)) and abs(row["skill"]) < _NO_ERROR
    ]
    if not told:
        return ""
    lost = bool((own["skill"] <= 0).all())
    verdict = "did not beat" if lost else "did as follows against"
    return (
        f"Tested on the record's own past, the forecast {verdict} “as many as last year”: its "
        f"error, ranges counted, was {words.join(told)}."
    )


def _flat(frames: Frames) -> str:
    """Return in how many futures requests stay flat, and whether chances are told of them."""
    if frames.flat_requests.empty:
        return ""
    row = records(frames.flat_requests)[0]
    futures, near = int(row["futures"]), words.percent(row["near"])
    said = (
        f"In {futures:,} of the futures requests stay within {near} of the last recorded "
        f"year's {words.number(row['level'])}"
    )
    if futures < FEWEST_FLAT:
        return f"{said}: too few to say what the chances would be then."
    return f"{said}; the comparison has the chances in these alone."
