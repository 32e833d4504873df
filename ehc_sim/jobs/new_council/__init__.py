"""A folder of a council's own that runs, from DfE's download."""

from ehc_sim.jobs.new_council.folder import Made, new_council

__all__ = ["Made", "new_council"]
