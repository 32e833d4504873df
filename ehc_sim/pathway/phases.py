"""SimPy's clock with the two-phase rule.

At one minute, first everything arrives, ends and joins, in any order; then teams and panels take
from their queues. What they take is therefore the same whatever the order of the event list.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

import simpy
from simpy.events import NORMAL, Event, EventPriority

Walk = Generator[Event, None, None]
"""A walk along the pathway, which yields each event that it waits for."""


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
        self._second_phase: list[Callable[[], None]] = []

    def happen(self, event: Event, minute: int, priority: EventPriority = NORMAL) -> None:
        """Have an event happen in the first phase of a minute."""
        event._ok = True
        event._value = None
        self.schedule(event, priority, minute - self.minute)

    def call_at(
        self, minute: int, call: Callable[[], None], priority: EventPriority = NORMAL
    ) -> None:
        """Have a function called in the first phase of a minute."""
        event = Event(self)
        event.callbacks.append(lambda _: call())
        self.happen(event, minute, priority)

    def after_all_else(self, call: Callable[[], None]) -> None:
        """Have a function called in the second phase of this minute."""
        self._second_phase.append(call)

    def walk(self, steps: Walk) -> None:
        """Start a walk, and go on with it each time the event that it waits for happens.

        ``Environment.process`` does so too, but adds an event for the start and one for the end of
        every walk. Nobody waits for those, and they would be half of all events.
        """

        def go_on(_: Event | None) -> None:
            event = next(steps, None)
            if event is not None:
                event.callbacks.append(go_on)

        go_on(None)

    def run_until(self, end: int) -> None:
        """Work off every minute before ``end``."""
        queue = self._queue
        while queue and queue[0][0] < end:
            self.minute = minute = int(queue[0][0])
            while queue and queue[0][0] == minute:
                self.step()
            calls, self._second_phase = self._second_phase, []
            for call in calls:
                call()
