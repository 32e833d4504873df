"""The memory in which the event loop works: what stands at which place.

All that the loop reads and changes is in one array of whole numbers, the *memory* ``m``: first a
few numbers of the run as a whole, then tables, then room for what a run needs. A thing, such as a
team or a job, is known by the place in memory at which its record begins, so that
``team_at(m, team).waiting`` is how many jobs wait for a team; a case and a node are known by their
numbers. One plain array keeps compiling short and the compiled code fast: numba copies every field
of every array that a function hands on.

Everything comes in the memory, since numba freezes globals.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars.timeline import MINUTES_A_DAY, WORK_STARTS
from ehc_sim.jit.decorators import inline
from ehc_sim.jit.machine import columns, record_of, view
from ehc_sim.network import log, posts
from ehc_sim.network.network import AWAY_MINUTES
from ehc_sim.network.orders import FLAGS

Ints = NDArray[np.int64]
Record = Any

# The first numbers in memory: the run, its tables, what is kept for each case, and its room.
NOW, UNTIL, DAYS, CLOCK_DAYS, FAULT, FAULTY_NODE, FAULTY_CASE = range(0, 7)
NODES, TEAMS, FIRST_TEAM, PANELS, FIRST_PANEL, OPEN_COUNT, OPEN_CASES = range(7, 14)
WORKING, WORKING_MORNINGS, WORKING_DAYS, SCHOOL, SCHOOL_MORNINGS, SCHOOL_DAYS = range(14, 20)
NEXT_ARRIVAL, ARRIVALS_END, FIRST_CASE_AT = range(20, 23)
NEXT_EVENT, EVENTS_END, FREE_EVENT, BUCKETS, BUCKET_COUNT, BUCKET = range(23, 29)
BUCKET_BITS, SLOT_BITS, SLOTS, FILLED = range(29, 33)
NEXT_JOB, JOBS_END, FREE_JOB, NEXT_ENTRY, ENTRIES_END, FREE_ENTRY = range(33, 39)
ROWS, NEXT_ROW, ROWS_END, CALLS, NEXT_CALL, STACK, MOVED, LISTED, CARED_FOR = range(39, 48)
OWN_ADDRESS, WITH_OFFICERS, NEXT_BUCKET = range(48, 51)
SPARE_QUEUE, FIRST_ARRIVAL, NODE_COUNT = range(51, 54)
HEAD = 54

# Rows of events, jobs and entries of queues: the next that was never used, the end of the room for
# them, and the first of those that are free again, each of which knows the next.
NEXT_ROOM, ROOM_END, FREE = range(3)
OF_EVENTS, OF_JOBS, OF_ENTRIES = map(np.int64, (NEXT_EVENT, NEXT_JOB, NEXT_ENTRY))

# Numbers that are handed to functions: numba compiles a function anew for each plain one.
NONE, ZERO, BOUGHT, AWAKE = map(np.int64, (-1, 0, 1, 1))

# Kinds of node; the first seven read a value.
WAIT, WORK, CHOICE, REPEAT, BEFORE, IN_PLACE, START, DECISION, MARK, FORK, JOIN, END = range(12)

# A node, and a branch of a fork.
NODE = record_of(
    "kind then otherwise station counted_in value other_value clock clock_value "
    "due due_value variant plan ordered first_way ways first_read reads noted"
)
BRANCH = record_of("first_node taken waits")
branch_at = view(BRANCH)

# A quantity has its values at an address, or samplers and a first group.
QUANTITY = record_of("address first_case width first_period periods variant samplers first_group")
quantity_at = view(QUANTITY)

# A team: what it is, and how it stands; its rules, and what they say of each post.
TEAM = record_of(
    "first_post posts first_rules rules first_queue patch agency daily "
    "words masks always idle away_posts "
    "waiting picks newest_next called wake found bought_from bought rules_now first_sort sorts "
    "to_give of_holder counted officers hours most_kinds"
)
RULES = record_of(
    "starts of_received of_due of_minutes overdue_last newest_too "
    "to_go by_due columns for_agency column_of_node of_posts share "
    "classes class_of_flags flags waited class_of_waited "
    "rows sizes first_kinds parts whole",
    fractions="share",
)
OF_POST = record_of("first_served served first_own own is_for_overdue")
team_at, rules_at, of_post_at = view(TEAM), view(RULES), view(OF_POST)

# A post; one that is always there has no minutes of the day. Then what it works on or worked on
# last, and the row of the log that tells of it.
POST = record_of(
    "minutes_of_day before_day next_day first_handover handovers first_end ends "
    "what row received due minutes event"
)
post_at = view(POST)

# An officer: how often the post has given up its cases, and how many open ones it has since.
OFFICER = record_of("since open")
officer_at = view(OFFICER)

# An agency and its allowances, a panel and its sittings.
AGENCY = record_of("first_allowance allowances days first_look looks")
ALLOWANCE = record_of("opens cases longer older")
PANEL = record_of("first_sitting sittings_end queue")
SITTING = record_of("closes decides cases")
agency_at, allowance_at, panel_at, sitting_at = map(view, (AGENCY, ALLOWANCE, PANEL, SITTING))

# A case that is open when the run starts.
OPEN = record_of("case clock clock_days node joined left first_branch branches first_done done")
open_at = view(OPEN)

# A side of a queue: the first and the last entry of those that joined in their order, and the root
# of a heap of the others. A queue: its sides, of which the second holds the newest or those out of
# time and the third orders by statutory date; and how many wait.
SIDE = record_of("first last root")
QUEUE = np.dtype([("in order", SIDE), ("rest", SIDE), ("by date", SIDE), ("size", np.int64)])
IN_ORDER, REST, BY_DATE = SIDES = tuple(np.int64(number * columns(SIDE)) for number in range(3))
side_at, queue_at = view(SIDE), view(QUEUE)

# What is kept of each job, entry of a queue and event. The first number of one that is free again
# is the next free one.
JOB = record_of("what received due joined minutes left begun stamp")
ENTRY = record_of("key joined case_and_node left job stamp child sibling")
EVENT = record_of("next minute what more")
job_at, entry_at, event_at = view(JOB), view(ENTRY), view(EVENT)

# A case: as many numbers as a line of memory has.
CASE = record_of("arrived received_on due_on state branches_out holder number group_and_profile")

# How many numbers each takes.
NODE_COLUMNS, BRANCH_COLUMNS, TEAM_COLUMNS, RULE_COLUMNS = map(columns, (NODE, BRANCH, TEAM, RULES))
OF_POST_COLUMNS, POST_COLUMNS, PANEL_COLUMNS = map(columns, (OF_POST, POST, PANEL))
OFFICER_COLUMNS = columns(OFFICER)
ALLOWANCE_COLUMNS, SITTING_COLUMNS, OPEN_COLUMNS = map(columns, (ALLOWANCE, SITTING, OPEN))
QUEUE_COLUMNS, JOB_COLUMNS, ENTRY_COLUMNS = map(columns, (QUEUE, JOB, ENTRY))
EVENT_COLUMNS, CASE_COLUMNS = map(columns, (EVENT, CASE))

GROUP_BITS = 16
"""Bits of the group of a case, below its profile."""

# Kinds of event, first those of one case, then those of cases that come in. An event is two
# numbers: case, node, whether awaited and kind; and one more.
GO_ON, DONE, MEET, BEGIN, ARRIVE, BEGIN_ALL, HAND_OVER, LOOK, SET_UP, CLOSE, POUR, GIVE_UP = map(
    np.int64, range(12)
)

# What a team is called for; a panel is called for the sitting at a place in memory.
DISPATCHES, POURS = np.int64(-1), np.int64(-2)

# Faults.
FULL, NO_CASE_LEFT, TOO_MUCH_WORK, MEETS_ITSELF = 1, 2, 3, 4

SLOTS_A_WORD = 32
SLOTS_A_BUCKET = SLOTS_A_WORD**2
"""Slots of the bucket whose events come next: a word tells which words tell which are filled."""

DAY, MORNING = MINUTES_A_DAY, WORK_STARTS
NEVER = np.int64(posts.NEVER)
NOT_YET, NOBODY = map(np.int64, (log.NOT_YET, log.NOBODY))
BY_AGENCY, SHARED_HOURS = map(np.int64, (log.AGENCY, log.SHARED))
AWAY = AWAY_MINUTES
HAS_VARIANT, PLAN_IN_PLACE, PLAN_ENDED, ORDERED = 1, 2, 4, np.int64(FLAGS["ordered"])
"""Bits of the state of a case; the last is a flag of those by which cases are put in classes."""
JOINS_AT = 16
"""Bits below those of the node at which branches meet; there stands how many are out."""
WORD = 62
"""Posts in a word of bits; the two highest bits would turn its sign."""


_node_there, _case_there = view(NODE), view(CASE)


@inline
def node_at(m: Ints, node: int) -> Record:
    """Return a node."""
    return _node_there(m, m[NODES] + node * NODE_COLUMNS)


@inline
def place_of_case(m: Ints, case: int) -> int:
    """Return the place in memory of a case."""
    return m[FIRST_CASE_AT] + case * CASE_COLUMNS


@inline
def case_at(m: Ints, case: int) -> Record:
    """Return a case."""
    return _case_there(m, place_of_case(m, case))


@inline
def event_of(kind: int, case: int, node: int, awaited: int) -> int:
    """Return the number that says what an event is: a case or a station, and what happens to it."""
    return case << 24 | node << 8 | awaited << 4 | kind


@inline
def case_of(what: int) -> int:
    """Return the case, or the station, of an event or a job."""
    return what >> 24


@inline
def node_of(what: int) -> int:
    """Return the node of an event or a job."""
    return what >> 8 & 0xFFFF


@inline
def new_row(m: Ints, of: int, columns: int) -> int:
    """Return the place of a row for an event, a job or an entry of a queue.

    ``of`` is where their room is told.
    """
    row = m[of + FREE]
    if row >= 0:
        m[of + FREE] = m[row]
        return row
    row = m[of + NEXT_ROOM]
    if row == m[of + ROOM_END]:
        m[FAULT] = FULL
        return row
    m[of + NEXT_ROOM] = row + columns
    return row


@inline
def free_row(m: Ints, of: int, row: int) -> None:
    """Have a row be used again."""
    m[row] = m[of + FREE]
    m[of + FREE] = row
