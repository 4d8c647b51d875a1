"""Threads' stacks, used again and again."""

from __future__ import annotations

from typing import Any, NoReturn

from labkit.errors import Aborted
from labkit.explore.explored import Explored
from labkit.limits import STOPS_PER_THREAD
from labkit.machines.cooperative import Stack, current_stack
from labkit.thread import EXITED

_parked: list[Any] = []  # threads that would not end when their run did


class Stacks:
    """The part of the machine that switches stacks.

    # Why: a new stack costs Python some 10 µs, for memory of its own. A run has a few threads and takes 100 µs.

    Attributes:
        hub: the stack of the caller of execute.
        idle: stacks of threads that have ended.
        keeps_stacks: whether a run leaves them for the next; then end_stacks() is due after the last.
    """

    hub: Any
    idle: list[Any]
    keeps_stacks = False
    threads: list[Explored]
    current: Any
    failure: BaseException | None
    aborting = False
    limit: int
    stops: int

    def end_stacks(self) -> None:
        """End the idle stacks.

        # Why: what an idle stack holds, the garbage collector cannot see, and it holds the machine, which holds it. So
        # nobody would ever collect them, nor the threads of the last run and all that these had made.
        """
        while self.idle:
            self.idle.pop().switch(None)

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

    # ---- the end of a run

    def _abort(self) -> None:
        self.aborting = True
        self.limit = 0
        for thread in self.threads:
            if thread.state != EXITED and thread.carrier is not None:
                self.current = thread
                try:
                    thread.carrier.throw(Aborted)
                except BaseException as error:  # Ctrl-C, or a stack that has broken down
                    self.failure = self.failure or error

    def _stop(self) -> NoReturn:
        """The run is over, and a thread comes here while it ends: let it end, or set it aside if it will not."""
        self.stops += 1
        if self.stops > STOPS_PER_THREAD * len(self.threads):
            _parked.append(self.current.carrier)
            self.hub.switch()
        raise Aborted
