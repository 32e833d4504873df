"""Future requests drawn evenly, so that few replications stand for the whole forecast."""

CANDIDATES = 4096
"""Paths from which those of a set of replications are chosen."""
REPLICATIONS_A_SET = 1024
"""Replications of a set: each has four candidates of its own, and no path is taken twice."""


def chosen_from(replications: int) -> int:
    """Return how many paths those of so many replications were chosen from."""
    return CANDIDATES * -(-replications // REPLICATIONS_A_SET)
