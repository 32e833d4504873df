"""Compiles what replications are drawn and measured with, before processes need it."""

from numba import types

from ehc_sim.measures import counting, lateness_pieces, team_hours_loop
from ehc_sim.network import hazards, log_times, variates
from ehc_sim.rng import philox
from ehc_sim.staff import rota_days, turnover_days


def compile_all_but_the_model() -> None:
    """Compile the draw and the measures, or load what was compiled before.

    The first time takes some seconds.

    numba keeps what it compiled, as for ``engines.compiled.model.compile_model``.
    """
    whole = types.int64
    ints, table, cube = types.int64[::1], types.int64[:, ::1], types.int64[:, :, ::1]
    rows, flags, floats = types.int32[::1], types.boolean[::1], types.float64[::1]
    bits, levels, marks = types.uint64, types.float64[:, ::1], types.boolean[:, ::1]
    signatures = {
        philox.uniforms_at: (bits, bits, ints, whole),
        variates.sample: (ints, whole, whole, ints, ints, ints),
        hazards.month_by_hazard: (floats, ints, ints, ints, levels, whole),
        rota_days.take_leave: (marks, levels, ints, whole, ints, ints),
        rota_days.take_spells: (marks, ints, ints, ints, ints),
        rota_days.minutes_of_work: (
            *(levels, marks, marks, levels, table, marks, floats, floats, floats, flags),
        ),
        turnover_days.leave_and_start: (marks, marks, ints, ints, floats, marks, levels, marks),
        turnover_days.mentors_of: (marks, marks, table),
        log_times.by_node: (ints, flags, rows, ints),
        log_times.latest: (ints, ints, rows, ints, ints, rows, table),
        log_times.rows_of: (ints, ints, table),
        team_hours_loop.work_by_month: (
            *(rows, types.UniTuple(ints, 6), ints, ints, types.Tuple((ints, table)), ints),
            *(whole, whole, cube),
        ),
        team_hours_loop.work_of_daily_hours: (ints, ints, ints, ints, ints, ints),
        team_hours_loop.work_beyond_what_is_offered: (
            *(rows, types.UniTuple(ints, 6), ints, ints, types.Tuple((ints, table, table)), ints),
            *(whole, table),
        ),
        team_hours_loop.work_by_kind: (
            *(rows, types.UniTuple(ints, 6), ints, ints, types.Tuple((ints, table)), flags),
            *(table, ints, whole, whole, whole, table),
        ),
        counting.add_before: (ints, ints, flags, whole, ints),
        counting.periods_of: (ints, ints, ints),
        counting.add_up: (ints, flags, floats, table, ints, floats),
        counting.oldest_open: (ints, ints, ints, ints),
        counting.count_outcomes: (ints, ints, table, table, ints, cube),
        counting.count_advice: (ints, ints, ints, ints, whole, whole, table, floats),
        counting.count_expected: (ints, ints, ints, ints, types.UniTuple(ints, 3), whole, table),
        lateness_pieces.divide: (
            *(types.UniTuple(ints, 4), table, types.UniTuple(ints, 3)),
            *(ints, table, table, table, table),
        ),
    }
    for function, signature in signatures.items():
        function.compile(signature)
