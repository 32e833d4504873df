"""Writes every chart and the briefing into a folder, which has its name when all are in it."""

from pathlib import Path

from ehc_sim.present import briefing
from ehc_sim.present.charts import CHARTS, draw_all
from ehc_sim.present.frames import Frames
from ehc_sim.present.style import png_bytes, svg_text


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
        made[folder / "charts" / f"{name}.svg"] = svg_text(chart, name).encode()
        made[folder / "charts" / f"{name}.png"] = png_bytes(chart)
    made[folder / "briefing.html"] = briefing.render(frames, drawn).encode()
    (folder / "charts").mkdir(parents=True, exist_ok=True)
    for path, content in made.items():
        path.write_bytes(content)
    for name in CHARTS.keys() - drawn.keys():
        for suffix in ("svg", "png"):
            (folder / "charts" / f"{name}.{suffix}").unlink(missing_ok=True)
    return list(made)
