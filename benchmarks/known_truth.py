"""Made-up councils of which everything is known: is the truth where a calibration says it is?

    python -m benchmarks.known_truth [--councils 20] [--members 32] [--rounds 8] [--json FILE]

For each council the numbers that nobody would publish are drawn from what a calibration assumes,
under one of its explanations; the model is run once, and what it counts by year is published.
The calibration then sees nothing else. Told are how often the true posts of the psychologists in
each half-year lie in the 80% range of the members, and how wide that is: from figures by year
alone, and with the council's own by month as well.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks import figures
from ehc_sim.calibration.calibrate import calibrate, members_of
from ehc_sim.calibration.fit import numbers_table
from ehc_sim.calibration.forward import simulated
from ehc_sim.calibration.structures import structures_of
from ehc_sim.calibration.targets import Target
from ehc_sim.calibration.unknowns import Structure
from ehc_sim.calibration.widths import WIDTHS
from ehc_sim.experiment.published import Published
from ehc_sim.rng.streams import Streams
from ehc_sim.scenario import Scenario, load
from tests.calibrations import HEAD, council

SEED = 20_250_101
FIRST, LAST = date(2023, 1, 1), date(2024, 12, 31)
BY_YEAR = ("completed", "issued_on_time", "issued_over_52_weeks", "mean_weeks")
BY_MONTH = ("plans_issued", "issued_on_time", "open_cases", "overdue_cases")
A_CHANCE_OF_ITS_OWN = 1_000
"""Replication whose random numbers make the truth: no member is run with them."""


def wanted(monthly: bool) -> list[Published]:
    """Return the figures that a council publishes, without their values."""
    made = [
        Published(year, measure, "all", "all", 0.0, "", True, "made up")
        for year in (2023, 2024)
        for measure in BY_YEAR
    ]
    months = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)][6:]
    if monthly:
        made += [
            Published(int(month[:4]), measure, "all", "all", 0.0, "", True, "made up", "", month)
            for month in months
            for measure in BY_MONTH
        ]
    return made


def truth(
    scenario: Scenario, structures: Sequence[Structure], number: int, published: list[Published]
) -> tuple[dict[str, float], list[Published]]:
    """Return a council's true posts by the words of each, and what it publishes."""
    structure = structures[number % len(structures)]
    draws = Streams(SEED, number).generator("a made-up council")
    unknowns = draws.standard_normal((1, len(structure.unknowns)))
    members = members_of([structure], [unknowns], [1.0])
    targets = tuple(Target(one, 1.0) for one in published)
    chance = [A_CHANCE_OF_ITS_OWN + number]
    found = simulated(scenario.with_members(members), SEED, chance, targets, LAST)[0]
    posts = {
        one.words: float(one.values[0])
        for piece, part in structure.parts(unknowns)
        for one in piece.told(part)
        if "psychologists" in one.words and (one.since is None or one.since <= LAST)
    }
    return posts, [
        replace(one, value=float(value))
        for one, value in zip(published, found, strict=True)
        if np.isfinite(value)
    ]


def write(file: Path, published: Sequence[Published]) -> None:
    """Write what a council publishes."""
    rows = [
        f"Smallshire,{one.period},{one.measure},all,all,{one.value:.6g},,yes,made up"
        for one in published
    ]
    file.with_name("published.csv").write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")


def held(
    posts: dict[str, float], scenario: Scenario, members: int, rounds: int
) -> NDArray[np.float64]:
    """Return, for each half-year, whether the truth is in the range, and the range's width."""
    drawn = -(-members * 6 // 5)
    found = calibrate(scenario, seed=SEED, drawn=drawn, kept=members, rounds=rounds)
    table = numbers_table(found).set_index("number")
    return np.array(
        [
            (
                table.loc[words, "low80"] <= true <= table.loc[words, "high80"],
                np.log(table.loc[words, "high80"] / table.loc[words, "low80"]),
            )
            for words, true in posts.items()
        ]
    )


def main() -> None:
    """Print how often the truth is held, and how wide the ranges are."""
    parser = figures.parser(__doc__)
    parser.add_argument("--councils", type=int, default=20)
    parser.add_argument("--members", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=8)
    options = parser.parse_args()
    made: dict[str, list[NDArray[np.float64]]] = {"by year": [], "by month too": []}
    started = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        file = council(Path(folder))
        for number in range(options.councils):
            scenario = load(file)
            every = tuple(Target(one, 1.0) for one in wanted(monthly=True))
            structures = structures_of(scenario, every, LAST, WIDTHS)
            posts, published = truth(scenario, structures, number, wanted(monthly=True))
            for name, seen in made.items():
                of_month = name != "by year"
                write(file, [one for one in published if of_month or not one.month])
                seen.append(held(posts, load(file), options.members, options.rounds))
            told = ", ".join(
                f"{k}: {v[-1][:, 0].sum():.0f} of {len(v[-1])}" for k, v in made.items()
            )
            print(f"council {number + 1}: {told}", flush=True)
    numbers = {}
    for name, seen in made.items():
        every_half = np.concatenate(seen)
        numbers[name] = {
            "held": float(every_half[:, 0].mean()),
            "width": float(every_half[:, 1].mean()),
        }
        print(
            f"figures {name}: the true posts lie in the 80% range {numbers[name]['held']:.0%} of "
            f"{len(every_half)} times; ends {np.exp(numbers[name]['width']):.2f} times apart"
        )
    print(
        f"{(time.process_time() - started) / options.councils / 2:.0f} s of processor a calibration"
    )
    figures.put(options.json, numbers)


if __name__ == "__main__":
    main()
