"""Writes the page of a forecast: one page that loads nothing."""

from collections.abc import Callable, Mapping

import pandas as pd

from ehc_sim.present import forecast_words, rise_words, style, words
from ehc_sim.present.charts import honesty, requests, rise
from ehc_sim.present.forecast_frames import ForecastFrames
from ehc_sim.present.frames import records
from ehc_sim.present.pages import drawn, environment, headings_and_rows, run_date

CHARTS: dict[str, Callable[[ForecastFrames], style.Chart]] = {
    "requests": requests.draw,
    "rise": rise.draw,
    "honesty": honesty.draw,
}
"""The charts by name, in the order of the page."""
ASKED = {"question": "To answer", "proposal": "To decide", "done": "Done, and said"}


def draw_all(frames: ForecastFrames) -> dict[str, style.Chart]:
    """Return every chart that there are numbers for, by name."""
    return style.drawn_of(CHARTS, frames)


def render(frames: ForecastFrames, charts: Mapping[str, style.Chart] | None = None) -> str:
    """Return the page as HTML.

    Parameters
    ----------
    frames : ForecastFrames
        The forecast.
    charts : mapping of str to Chart, optional
        Charts already drawn, by name; drawn here if left out.
    """
    charts = draw_all(frames) if charts is None else charts
    return (
        environment()
        .get_template("forecast.html.j2")
        .render(
            title=f"Requests for an EHC assessment in {frames.name}",
            expected=forecast_words.what_to_expect(frames),
            trust=forecast_words.how_far_to_trust_it(frames),
            sentences=rise_words.three_sentences(frames.rise, frames.rise_notes),
            rise_notes=frames.rise_notes if not frames.rise.empty else (),
            direction=_direction(frames.rise),
            charts=drawn(charts),
            years=headings_and_rows(forecast_words.years_table(frames)),
            back_test=headings_and_rows(forecast_words.back_test_table(frames)),
            members=headings_and_rows(forecast_words.back_test_table(frames, members=True)),
            summary=frames.summary,
            method=words.capital(frames.method),
            why=frames.why,
            notes=frames.notes,
            findings=[
                (ASKED[row["kind"]], row["text"], row["evidence"], row["setting"])
                for row in records(frames.findings)
                if row["kind"] != "done"
            ],
            assumptions=frames.assumptions,
            about=frames.about,
            run_date=run_date(frames.about["created"]),
        )
    )


def _direction(table: pd.DataFrame) -> str:
    change = 0.0 if table.empty else float(table[table["question"] == "all"]["change"].iloc[0])
    return "rise" if change > 0 else "fall" if change < 0 else "change"
