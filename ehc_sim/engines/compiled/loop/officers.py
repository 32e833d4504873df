"""Named officers: which post of a team does all of the team's work on a case.

An officer is one number: how often the post had given up its cases, and the post. Each team with
officers knows that of every case that holds a plan, for all cases about it, and that with whom each
case is counted as open.
"""

import numpy as np

from ehc_sim.engines.compiled.loop.hours import next_there
from ehc_sim.engines.compiled.loop.layout import (
    AWAY,
    FIRST_TEAM,
    NONE,
    NOW,
    OF_POST_COLUMNS,
    OFFICER_COLUMNS,
    TEAM_COLUMNS,
    TEAMS,
    Ints,
    Record,
    case_at,
    officer_at,
    rules_at,
    team_at,
)
from ehc_sim.jit.decorators import inline, noinline

ENDED = np.int64(-2)
"""In place of the officer with whom a case is counted: it has ended and is counted no more."""


@noinline
def post_of_case(m: Ints, team: int, case: int, patch: int) -> int:
    """Return the number of the post whose case it is, that of nobody after all posts."""
    posts = team_at(m, team).posts
    sizes = rules_at(m, team_at(m, team).rules_now).sizes + patch * posts
    of_holder = team_at(m, team).of_holder + case_at(m, case).holder
    officer = m[of_holder]
    if officer < 0 or not _there(m, team, officer) or not m[sizes + officer % posts]:
        _close(m, team, case)  # one that was open with an officer who may not have it any more
        post = _with_fewest(m, team, sizes)
        if post < 0:
            m[of_holder] = NONE
            return posts
        officer = _officer(m, team, post).since * posts + post
        m[of_holder] = officer
    counted = team_at(m, team).counted + case
    if m[counted] != ENDED and m[counted] != officer:
        _close(m, team, case)
        m[counted] = officer
        _officer(m, team, officer % posts).open += 1
    return officer % posts


@noinline
def end_case(m: Ints, case: int) -> None:
    """Have a case be open no more; the plan that it is about keeps its officers."""
    for number in range(m[TEAMS]):
        team = m[FIRST_TEAM] + number * TEAM_COLUMNS
        if team_at(m, team).officers >= 0:
            _close(m, team, case)
            m[team_at(m, team).counted + case] = ENDED


@noinline
def give_up_cases(m: Ints, team: int, post: int) -> None:
    """Have a post give up all its cases; each is given out anew at its next job."""
    _officer(m, team, post).since += 1
    _officer(m, team, post).open = 0


@inline
def first_of_post(m: Ints, team: int, post: int) -> int:
    """Return the place of what the rules say of a post: what it serves, and takes first."""
    rules = team_at(m, team).rules_now
    columns = rules_at(m, rules).first_kinds * OF_POST_COLUMNS
    return rules_at(m, rules).of_posts + post * columns


@noinline
def begin_hours(m: Ints, team: int) -> None:
    """Begin to count the hours of officers anew."""
    for place in range(team_at(m, team).posts * team_at(m, team).most_kinds):
        m[team_at(m, team).hours + place] = 0


@inline
def _officer(m: Ints, team: int, post: int) -> Record:
    return officer_at(m, team_at(m, team).officers + post * OFFICER_COLUMNS)


@inline
def _there(m: Ints, team: int, officer: int) -> bool:
    """Return whether a post has not given up its cases since an officer was given one."""
    posts = team_at(m, team).posts
    return _officer(m, team, officer % posts).since == officer // posts


@noinline
def _close(m: Ints, team: int, case: int) -> None:
    """Have a case be counted with no officer; one that has ended already is left as it is."""
    counted = team_at(m, team).counted + case
    officer = m[counted]
    if officer < 0:
        return
    m[counted] = NONE
    if _there(m, team, officer):
        _officer(m, team, officer % team_at(m, team).posts).open -= 1


@noinline
def _with_fewest(m: Ints, team: int, sizes: int) -> int:
    """Return the post to be given a case: one that will be at work within a week if any is.

    Of several, it is the one that would have the fewest open cases for its size; -1 if none is.
    """
    now = m[NOW]
    best = -1
    best_away = best_open = best_size = 0
    for post in range(team_at(m, team).posts):
        size = m[sizes + post]
        if not size:
            continue
        comes = next_there(m, team, post)
        away = comes if comes - now >= AWAY else 0
        would_be_open = _officer(m, team, post).open + 1
        fewer = would_be_open * best_size < best_open * size  # of two fractions, without dividing
        if best < 0 or away < best_away or (away == best_away and fewer):
            best, best_away, best_open, best_size = post, away, would_be_open, size
    return best
