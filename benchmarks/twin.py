"""A loop written by hand in C++ (``twin.cpp``): compiled, called, and given a network and a draw.

It shows how much faster than the compiled model a program made for this benchmark can be.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from ehc_sim.calendars import MINUTES_A_DAY
from ehc_sim.network import (
    AlwaysThere,
    Choice,
    Draw,
    End,
    Fork,
    Join,
    Mark,
    Network,
    Node,
    Wait,
    Work,
)
from ehc_sim.network.network import TeamPlan

Ints = NDArray[np.int64]

SOURCE = Path(__file__).with_name("twin.cpp")
FLAGS = ("-O3", "-march=native", "-std=c++17", "-shared", "-fPIC")
KINDS: tuple[type, ...] = (Wait, Work, Choice, Fork, Join, Mark, End)
ROW_COLUMNS, MOST_POSTS = 7, 64
ROWS_A_CASE, MORE = 16, 1000


def compiler() -> str | None:
    """Return the C++ compiler: ``CXX``, or ``g++``; None where there is none."""
    return shutil.which(os.environ.get("CXX", "g++"))


def compiler_version() -> str:
    """Return the first line that the compiler says of itself."""
    said = subprocess.run(
        [str(compiler()), "--version"], check=True, capture_output=True, text=True
    )
    return said.stdout.splitlines()[0]


class _Table(ctypes.Structure):
    _fields_ = [
        *((name, ctypes.c_int64) for name in ("nodes", "teams", "cases", "arrivals", "until")),
        ("clock_days", ctypes.c_int64),
        *((name, ctypes.c_int64) for name in ("node", "ways", "team", "arrived", "arrival")),
        *((name, ctypes.c_int64) for name in ("entry", "rows", "room")),
    ]


class Twin:
    """The C++ loop, compiled. It keeps its memory from run to run, as the compiled model does.

    Raises
    ------
    RuntimeError
        When there is no compiler.
    """

    def __init__(self) -> None:
        if compiler() is None:
            raise RuntimeError("no C++ compiler: g++ is not installed and CXX is not set")
        with TemporaryDirectory() as folder:
            library = Path(folder) / "twin.so"
            subprocess.run([str(compiler()), *FLAGS, "-o", library, SOURCE], check=True)
            self._code = ctypes.CDLL(str(library))
        self._code.twin_new.restype = ctypes.c_void_p
        self._code.twin_run.restype = ctypes.c_int64
        self._code.twin_run.argtypes = [ctypes.c_void_p, ctypes.POINTER(_Table)]
        number, address = ctypes.c_int64, ctypes.c_void_p
        self._code.twin_sort.argtypes = [address, number, number, address]
        self._code.twin_sort.restype = None
        self._run = self._code.twin_new()
        self._rows = np.empty((0, ROW_COLUMNS), np.int64)

    def packed(self, network: Network, draw: Draw) -> Packed:
        """Return the tables that the loop reads; the room for rows is kept from run to run."""
        room = ROWS_A_CASE * len(draw.arrived) + MORE
        if len(self._rows) < room:
            self._rows = np.empty((room, ROW_COLUMNS), np.int64)
        return Packed(network, draw, self._rows)

    def run(self, packed: Packed) -> Ints:
        """Run once and return the rows of the log as written, shape (rows, 7).

        Raises
        ------
        RuntimeError
            When there is not enough room for the rows.
        """
        count = self._code.twin_run(self._run, ctypes.byref(packed.table))
        if count < 0:
            raise RuntimeError("the C++ loop needs more room for rows")
        return packed.rows[:count]

    def in_order_of_cases(self, rows: Ints, cases: int) -> Ints:
        """Return rows sorted by case, minute joined, node and minute ended."""
        result = np.empty((ROW_COLUMNS, len(rows)), np.int64)
        self._code.twin_sort(rows.ctypes.data, len(rows), cases, result.ctypes.data)
        return result.T


class Packed:
    """A network and a draw as the C++ loop reads them.

    Raises
    ------
    ValueError
        When the network has something that the loop does not know.
    """

    def __init__(self, network: Network, draw: Draw, rows: Ints) -> None:
        self._network, self._draw, self.rows = network, draw, rows
        self._ways: list[int] = []
        self._held: list[Ints] = []  # of these, the tables have the addresses
        if draw.open or network.pathway.panels or draw.holder is not None:
            raise ValueError("the C++ loop knows no open cases, panels or holders")
        pathway = network.pathway
        arrivals = draw.arrivals()
        places = np.array([pathway.index[name] for name in pathway.entries])
        entry = np.zeros(1, np.int64) if draw.entry is None else draw.entry[arrivals]
        nodes = [self._node(node) for node in pathway]
        self.table = _Table(
            len(nodes),
            len(pathway.teams),
            len(draw.arrived),
            len(arrivals),
            len(network.timeline.days) * MINUTES_A_DAY,
            network.clock_days,
            self._address(np.array(nodes)),
            self._address(np.array(self._ways)),
            self._address(np.array([_team(network.teams[name]) for name in pathway.teams])),
            self._address(draw.arrived),
            self._address(arrivals),
            self._address(np.broadcast_to(places[entry], arrivals.shape)),
            self._address(rows),
            len(rows),
        )

    def _address(self, values: NDArray[np.integer]) -> int:
        kept = np.ascontiguousarray(values, np.int64)
        self._held.append(kept)
        return int(kept.__array_interface__["data"][0])

    def _value(self, name: str) -> int:
        """Return where the values of a quantity begin, counted from case 0."""
        quantity = self._draw.quantities[name]
        if len(quantity.starts) > 1 or quantity.variant is not None:
            raise ValueError(f"the C++ loop knows no periods or variants, as {name!r} has")
        return self._address(quantity.values[0]) - 8 * quantity.first

    def _node(self, node: Node) -> tuple[int, ...]:
        """Return the row of a node: as ``NodeRow`` of ``twin.cpp``."""
        if type(node) not in KINDS:
            raise ValueError(f"the C++ loop knows no {type(node).__name__}")
        place = self._network.pathway.index
        then = place.get(getattr(node, "then", ""), -1)
        join = team = clock = -1
        value = 0
        ways: list[str] = []
        match node:
            case Wait():
                value = self._value(node.days)
                if node.counted_in != "calendar":
                    raise ValueError("the C++ loop knows calendar days alone")
            case Work():
                value, team = (
                    self._value(node.minutes),
                    self._network.pathway.teams.index(node.team),
                )
            case Choice():
                value, ways = self._value(node.option), [target for _, target in node.ways]
            case Fork():
                join, ways = place[node.join], [branch.first for branch in node.branches]
                if any(branch.taken or branch.awaited for branch in node.branches):
                    raise ValueError("the C++ loop takes every branch and awaits it")
            case Mark():
                clock = _clock(node)
        first = len(self._ways)
        self._ways += [place[name] for name in ways]
        return KINDS.index(type(node)), then, join, team, clock, first, len(ways), value


def _clock(mark: Mark) -> int:
    """Return the days of the clock that a milestone starts, or -1."""
    if isinstance(mark.clock_days, str) or mark.due_days is not None or mark.variant is not None:
        raise ValueError("the C++ loop knows milestones that start a clock of given days alone")
    return -1 if mark.clock_days is None else mark.clock_days


def _team(plan: TeamPlan) -> tuple[int, int]:
    """Return the row of a team: as ``TeamRow`` of ``twin.cpp``."""
    (rules,) = plan.rules
    simple = plan.agency is None and plan.daily is None and plan.patch is None
    always = all(isinstance(post, AlwaysThere) for post in plan.posts)
    known = rules.order in ("received", "due") and not (rules.serves or rules.reserved)
    if not (simple and always and known and 1 <= len(plan.posts) <= MOST_POSTS):
        raise ValueError(
            f"the C++ loop knows 1 to {MOST_POSTS} posts that are always there and alike"
        )
    return len(plan.posts), int(rules.order == "due")
