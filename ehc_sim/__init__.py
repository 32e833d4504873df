"""ehc_sim: the 20-week Education, Health and Care assessment pathway, simulated.

Examples
--------
>>> import ehc_sim as ehc
>>> scenario = ehc.load("scenarios/somerset/baseline.toml")
>>> results = ehc.simulate(scenario, replications=2, processes=1)
>>> results.summary()["replications"].tolist()
[2]
"""

from typing import TYPE_CHECKING

from ehc_sim.version import __version__

if TYPE_CHECKING:
    from ehc_sim.api import (
        compare,
        dfe_figures,
        forecast,
        load,
        new_council,
        race,
        read_results,
        sensitivity,
        simulate,
        study,
        sweep,
        what_refusing_costs,
        why_requests_rise,
        write_results,
    )
    from ehc_sim.scenario import BadInput, Scenario

__all__ = [
    "BadInput",
    "Scenario",
    "__version__",
    "compare",
    "dfe_figures",
    "forecast",
    "load",
    "new_council",
    "race",
    "read_results",
    "sensitivity",
    "simulate",
    "study",
    "sweep",
    "what_refusing_costs",
    "why_requests_rise",
    "write_results",
]


def __getattr__(name: str) -> object:
    # The parts are heavy to import; a command such as --help must answer at once.
    if name in __all__:
        from ehc_sim import api, scenario

        return getattr(scenario if name in ("BadInput", "Scenario") else api, name)
    raise AttributeError(f"module 'ehc_sim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
