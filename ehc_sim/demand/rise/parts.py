"""Three ways to take a change of requests apart. The parts of each add up to the change exactly."""

from __future__ import annotations

import numpy as np

from ehc_sim.demand.rise.chance import Counts

LEAST = 1e-9
"""Stands for no request where a logarithm is taken; what it adds is below a millionth of one."""


def logarithmic_mean(a: Counts, b: Counts) -> Counts:
    """Return (a - b) / ln(a / b), and a where both are the same; of positive numbers."""
    ratio = np.log(a / b)
    near = np.abs(ratio) < 1e-6
    return np.asarray(np.where(near, (a + b) / 2, (a - b) / np.where(near, 1.0, ratio)))


def population_mix_rate(
    before: Counts, after: Counts, children_before: Counts, children_after: Counts
) -> Counts:
    """Take a change apart into the number of children, their ages, and requests for each child.

    The additive logarithmic mean Divisia index (LMDI I) of Ang (2005, "The LMDI approach to
    decomposition analysis: a practical guide", Energy Policy 33): for each factor the sum over the
    groups of L(x1, x0) ln(factor1 / factor0). It treats both years alike and leaves no rest.

    Parameters
    ----------
    before, after : ndarray of float64, shape (..., groups)
        Requests of two years by age group.
    children_before, children_after : ndarray of float64, shape (groups,)
        Children and young people of those ages; above 0.

    Returns
    -------
    ndarray of float64, shape (..., 3)
        Requests more or less because of the number of children, of the mix of ages, of the rate.
    """
    first, last = np.maximum(before, LEAST), np.maximum(after, LEAST)
    weight = logarithmic_mean(last, first)
    size = np.log(children_after.sum() / children_before.sum())
    share = np.log(children_after / children_after.sum()) - np.log(
        children_before / children_before.sum()
    )
    rate = np.log(last / children_after) - np.log(first / children_before)
    return np.stack(
        [(weight * size).sum(-1), (weight * share).sum(-1), (weight * rate).sum(-1)], axis=-1
    )


def beside_england(
    before: Counts, after: Counts, england_before: Counts, england_after: Counts
) -> Counts:
    """Take a change apart into England's growth, the mix of groups, and what is the council's own.

    Shift-share: each group is first let grow as all of England's requests did, then as England's
    requests of that group did; what is left is the council's own.

    Parameters
    ----------
    before, after : ndarray of float64, shape (..., groups)
        The council's requests of two years.
    england_before, england_after : ndarray of float64, shape (groups,)
        England's requests of the same years.

    Returns
    -------
    ndarray of float64, shape (..., 3)
        Requests more or less as England's grew, because of the mix of groups, and locally.
    """
    everywhere = england_after.sum() / england_before.sum() - 1
    there = england_before > 0
    of_group = np.where(there, england_after / np.where(there, england_before, 1) - 1, everywhere)
    national = before.sum(-1) * everywhere
    mix = (before * (of_group - everywhere)).sum(-1)
    local = (after - before * (1 + of_group)).sum(-1)
    return np.stack([national, mix, local], axis=-1)
