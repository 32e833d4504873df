"""Writes the commissioner's briefing: one page that loads nothing, four printed sides at most."""

from collections.abc import Mapping
from pathlib import Path

from ehc_sim.present import (
    answer,
    assumptions,
    explanations,
    findings,
    late,
    limits,
    past,
    saved,
    stock,
    style,
    tables,
    words,
    worse,
)
from ehc_sim.present.charts import CHARTS, draw_all, lateness
from ehc_sim.present.frames import Frames
from ehc_sim.present.pages import drawn, environment, run_date
from ehc_sim.present.reading import over_the_plan, standing

_MANY_OPTIONS = 8
"""With so many options or more, print leaves out why each was put forward, the charts of the
chances, the costs and the lateness, which table and text tell too, and the numbers that were set to
fit: they would take a fifth side."""
_MANY_EXPLAINED = 3
"""The same where what holds under each explanation of the past is told too; the chart of what
clearing the backlog does to the percentage is then left out of print as well."""
_MOST_WORSE = 1
"""So many options are printed with why they do worse; the page has them all."""


def render(frames: Frames, charts: Mapping[str, style.Chart] | None = None) -> str:
    """Return the briefing as HTML.

    Parameters
    ----------
    frames : Frames
        A run's results.
    charts : mapping of str to Chart, optional
        Charts already drawn, by name; drawn here if left out. One that is not there is left out
        of the briefing.
    """
    now = standing(frames)
    charts = dict(draw_all(frames) if charts is None else charts)
    fewer_bars = late.fewer_bars(frames, now)
    if "lateness" in charts and fewer_bars is not frames:
        charts["lateness"] = lateness.draw(fewer_bars)
    name = str(frames.manifest["name"])
    under_each = explanations.under_each(frames, now)
    many = len(now.ranked) >= (_MANY_EXPLAINED if under_each else _MANY_OPTIONS)
    unsourced, by_hand = assumptions.how_many(frames)
    return (
        environment()
        .get_template("briefing.html.j2")
        .render(
            title=f"EHC plans on time in {name}",
            question=answer.question(name, now),
            saved=saved.saved(frames, now),
            clear=saved.when_clear(frames, now),
            answer=answer.answer(frames, now),
            explanations=explanations.first_page(frames, now),
            what_holds=explanations.what_holds(frames, now),
            under_each_headings=explanations.headings(frames, now),
            under_each=under_each,
            other_children=saved.of_other_children(now),
            only_moves=answer.only_moves_the_wait(now),
            told_apart=answer.cannot_be_told_apart(now),
            target=words.percent(now.baseline.target),
            window=words.window(*now.baseline.window),
            replications=now.futures,
            headings=tables.compared_headings(frames, now),
            options=tables.compared(frames, now),
            over_the_plan=over_the_plan(frames),
            same_futures=findings.same_futures(now),
            losses=findings.losses(now),
            many=many,
            few_rows=len(now.ranked) >= _MANY_OPTIONS,
            charts=drawn(charts),
            why_late=late.why_late(frames, now),
            worse=worse.lower_chances(frames, now),
            most_worse=_MOST_WORSE,
            stock=stock.plans_in_place(frames, now),
            recoveries=findings.recoveries(frames, now),
            overload=findings.overload(frames, now),
            waiting=findings.where_cases_wait(frames, now),
            week_by_week=findings.week_by_week(now),
            groups=findings.groups(frames, now),
            fewer=words.FEWER,
            back_cast=past.back_cast(frames),
            fitted=assumptions.set_to_fit(frames),
            many_fitted=words.number(float(frames.assumptions["fitted"].sum())),
            wrong=limits.what_could_be_wrong(frames, now),
            unsourced=assumptions.without_source(frames),
            by_hand=assumptions.set_by_hand(frames),
            many_unsourced=words.number(unsourced),
            many_by_hand=words.number(by_hand),
            version=frames.manifest["version"],
            seed=frames.manifest["seed"],
            price_year=frames.manifest.get("price_year", ""),
            run_date=run_date(str(frames.manifest["created"])),
        )
    )


def write_all(frames: Frames, folder: Path | str) -> list[Path]:
    """Write ``charts/*.svg``, ``charts/*.png`` and ``briefing.html``.

    Parameters
    ----------
    frames : Frames
        A run's results.
    folder : path
        Where to write; made if it is not there. Files of these names are replaced.

    Returns
    -------
    list of Path
        What was written. A chart that the tables have no numbers for is not, and an older one of
        that name is removed so that it cannot be taken for this run's.
    """
    folder = Path(folder)
    drawn = draw_all(frames)
    made: dict[Path, bytes] = {}
    for name, chart in drawn.items():
        made[folder / "charts" / f"{name}.svg"] = style.svg_text(chart, name).encode()
        made[folder / "charts" / f"{name}.png"] = style.png_bytes(chart)
    made[folder / "briefing.html"] = render(frames, drawn).encode()
    (folder / "charts").mkdir(parents=True, exist_ok=True)
    for path, content in made.items():
        path.write_bytes(content)
    for name in CHARTS.keys() - drawn.keys():
        for suffix in ("svg", "png"):
            (folder / "charts" / f"{name}.{suffix}").unlink(missing_ok=True)
    return list(made)
