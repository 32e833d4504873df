"""Random numbers of groups of cases: those of each case, however they are asked for."""

from __future__ import annotations

import numpy as np
import pytest

from ehc_sim.network.case_keys import Group, uniforms_of
from ehc_sim.rng.streams import CASES_A_PAGE, Streams

pytestmark = pytest.mark.unit

STREAMS = Streams(1, 0)
GROUPS = (
    Group("", np.array([7, CASES_A_PAGE + 1, 3, 0, CASES_A_PAGE])),
    Group("made again: ", np.zeros(0, dtype=np.int64)),
    Group("plan: ", np.array([2, 1])),
)


def test_a_group_has_its_cases_own_numbers_in_their_order() -> None:
    for group in GROUPS:
        own = [STREAMS.uniforms(f"{group.prefix}age", np.array([n]))[0] for n in group.numbers]
        assert group.uniforms(STREAMS, "age").tolist() == own


def test_some_cases_of_several_groups_have_the_numbers_that_they_have_among_all() -> None:
    every = uniforms_of(STREAMS, GROUPS, "age")
    assert len(set(every.tolist())) == 7
    for rows in ([], [0], [6], [1, 4, 5], list(range(7))):
        some = uniforms_of(STREAMS, GROUPS, "age", np.array(rows, dtype=np.int64))
        assert some.tolist() == every[rows].tolist()
