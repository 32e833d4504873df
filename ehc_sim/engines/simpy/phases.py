"""SimPy's clock with the two-phase rule.

At one minute, first everything arrives, ends and joins, in any order; then teams and panels take
from their queues, in the order in which the pathway names them. What they take is therefore the
same whatever the order of the event list.
"""

from collections.abc import Callable, Generator
from heapq import heappush
from operator import itemgetter
from typing import cast

import simpy
from simpy.events import NORMAL, Event, EventPriority

Walk = Generator[Event, Event | None, None]
"""A walk along the pathway, which yields each event that it waits for, and is sent it back."""


class TwoPhases(simpy.Environment):
    """A SimPy environment in which every minute has two phases.

    Attributes
    ----------
    minute : int
        The minute; ``now`` is the same, but SimPy allows it to be a fraction.
    """

    def __init__(self) -> None:
        super().__init__()
        self.minute = 0
        self._stations = 0
        self._calls: list[tuple[int, Callable[[], None]]] = []

    def next_station(self) -> int:
        """Return the number of the next team or panel; teams come first."""
        self._stations += 1
        return self._stations

    def after_all_else(self, station: int, call: Callable[[], None]) -> None:
        """Have a function of a team or panel called in the second phase of this minute."""
        self._calls.append((station, call))

    def happen(self, event: Event, minute: int, priority: EventPriority = NORMAL) -> None:
        """Have an event happen in the first phase of a minute."""
        event._ok = True
        event._value = None
        heappush(self._queue, (minute, priority, next(self._eid), event))

    def call_at(
        self, minute: int, call: Callable[[], None], priority: EventPriority = NORMAL
    ) -> None:
        """Have a function called in the first phase of a minute."""
        event = Event(self)
        event.callbacks.append(lambda _: call())
        self.happen(event, minute, priority)

    def run_until(self, end: int) -> None:
        """Work off every minute before ``end`` and drop what was to happen later."""
        queue = cast("list[tuple[int, int, int, Event]]", self._queue)
        while queue and (minute := queue[0][0]) < end:
            self.minute = minute
            while queue and queue[0][0] == minute:
                self.step()
            if self._calls:
                calls, self._calls = sorted(self._calls, key=itemgetter(0)), []
                for _, call in calls:
                    call()
        queue.clear()


class Walker:
    """Goes along a walk: on to its next event each time the one that it waits for happens.

    ``simpy.Process`` does so too, but adds an event for the start and one for the end of every
    walk. Nobody waits for those here, and they would be half of all events.
    """

    __slots__ = ("_steps",)

    def __init__(self, steps: Walk) -> None:
        self._steps = steps
        self.go_on(None)

    def go_on(self, happened: Event | None) -> None:
        """Go on to the next event to wait for; the last may be another than was waited for.

        A job that is handed over is done as another job.
        """
        try:
            event = self._steps.send(happened)
        except StopIteration:
            return
        event.callbacks.append(self.go_on)
