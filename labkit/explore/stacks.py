"""Threads' stacks, used again and again."""

from __future__ import annotations

from typing import Any

from labkit.explore.explored import Explored
from labkit.machines.cooperative import Stack, current_stack


class Stacks:
    """The part of the machine that switches stacks.

    # Why: a new stack costs Python some 10 µs, for memory of its own. A run has a few threads and takes 100 µs.

    Attributes:
        hub: the stack of the caller of execute.
        idle: stacks of threads that have ended.
    """

    hub: Any
    idle: list[Any]

    def _begin(self, thread: Explored) -> Any:
        """Give the thread a stack and run it; called from the hub, so that no new stack begins deep inside another."""
        thread.carrier = self.idle.pop() if self.idle else Stack(self._carry, self.hub)
        return thread.carrier.switch(thread)

    def _carry(self, thread: Explored | None) -> None:
        """What a stack does: carry one thread after the other."""
        me = current_stack()
        while thread is not None:
            following = self._live(thread)
            self.idle.append(me)
            thread = self._switch(following)

    def _switch(self, thread: Explored | None) -> Any:
        """Leave this stack for a thread's (None: the caller of execute); returns what this stack is resumed with."""
        if thread is None:
            return self.hub.switch(None)
        if thread.carrier is not None:
            return thread.carrier.switch(None)
        if not self.idle:
            return self.hub.switch(thread)
        thread.carrier = self.idle.pop()
        return thread.carrier.switch(thread)

    def _live(self, thread: Explored) -> Explored | None:
        """The thread's life; returns who goes on after its end."""
        raise NotImplementedError
