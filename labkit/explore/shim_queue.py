"""The queues of the module queue, as the explorer runs them: a put and a get are one step each.

The real ones are a deque, a lock and three conditions. Seen from outside each call is one step that happens when it can:
put when there is room, get when there is something. A call with a timeout may find that its time is up whenever that step
cannot happen, so it is the same as a try: time does not pass while exploring.
"""

from __future__ import annotations

import heapq
import queue
from collections import deque
from typing import Any, NamedTuple

from labkit.explore.independence import RULES, STATE, Rule
from labkit.explore.shim_locks import Named


class Level(NamedTuple):
    """How full a queue is."""

    size: int
    most: int
    """0: there is always room."""
    unfinished: int

    @property
    def room(self) -> bool:
        """Whether one more goes in."""
        return self.most <= 0 or self.size < self.most


class Queue(Named):
    """queue.Queue: first in, first out.

    Args:
        maxsize: 0 for no limit.
        start: what is in it at the beginning of a run, and how much of that is not done.
    """

    kind = "queue"

    def __init__(self, maxsize: int = 0, start: tuple[tuple[Any, ...], int] = ((), 0)) -> None:
        self.maxsize = maxsize
        self._start = start
        super().__init__(None)

    def reset_state(self) -> None:
        items, self.unfinished_tasks = self._start
        self.queue: Any = self._made(items)

    @staticmethod
    def _made(items: tuple[Any, ...]) -> Any:
        return deque(items)

    def _put(self, item: Any) -> None:
        self.queue.append(item)

    def _get(self) -> Any:
        return self.queue.popleft()

    @property
    def level(self) -> Level:
        """How full it is."""
        return Level(len(self.queue), self.maxsize, self.unfinished_tasks)

    def put(self, item: Any, block: bool = True, timeout: float | None = None) -> None:
        """Put something in.

        Raises:
            queue.Full: there is no room, and it must not wait, or not so long.
        """
        if block and timeout is not None and timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        self._enter("put" if block and timeout is None else "try_put")
        if not self.level.room:
            raise queue.Full
        self.unfinished_tasks += 1
        self._put(item)

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """Take something out.

        Raises:
            queue.Empty: there is nothing, and it must not wait, or not so long.
        """
        if block and timeout is not None and timeout < 0:
            raise ValueError("'timeout' must be a non-negative number")
        self._enter("get" if block and timeout is None else "try_get")
        if not self.queue:
            raise queue.Empty
        return self._get()

    def put_nowait(self, item: Any) -> None:
        """Put something in, or raise queue.Full."""
        self.put(item, block=False)

    def get_nowait(self) -> Any:
        """Take something out, or raise queue.Empty."""
        return self.get(block=False)

    def task_done(self) -> None:
        """Say that something taken out has been dealt with."""
        self._enter("task_done")
        if self.unfinished_tasks <= 0:
            raise ValueError("task_done() called too many times")
        self.unfinished_tasks -= 1

    def join(self) -> None:
        """Wait until everything put in has been dealt with."""
        self._enter("join")

    def qsize(self) -> int:
        """How much is in it now."""
        self._enter("qsize")
        return len(self.queue)

    def empty(self) -> bool:
        """Whether nothing is in it now."""
        self._enter("qsize")
        return not self.queue

    def full(self) -> bool:
        """Whether no more goes in now."""
        self._enter("qsize")
        return not self.level.room


class LifoQueue(Queue):
    """queue.LifoQueue: last in, first out."""

    @staticmethod
    def _made(items: tuple[Any, ...]) -> Any:
        return list(items)

    def _get(self) -> Any:
        return self.queue.pop()


class PriorityQueue(LifoQueue):
    """queue.PriorityQueue: the smallest first."""

    def _put(self, item: Any) -> None:
        heapq.heappush(self.queue, item)

    def _get(self) -> Any:
        return heapq.heappop(self.queue)


class SimpleQueue(Queue):
    """queue.SimpleQueue: always room."""


RULES[Queue] = {
    "put": Rule(lambda level, thread, argument: True, lambda level, thread: level.room),
    "try_put": Rule(lambda level, thread, argument: level.room),
    "get": Rule(lambda level, thread, argument: True, lambda level, thread: level.size > 0),
    "try_get": Rule(lambda level, thread, argument: level.size > 0),
    "task_done": Rule(lambda level, thread, argument: level.unfinished > 0),
    "join": Rule(lambda level, thread, argument: False, lambda level, thread: level.unfinished == 0),
    "qsize": Rule(lambda level, thread, argument: False),
}
STATE[Queue] = lambda jobs: jobs.level
