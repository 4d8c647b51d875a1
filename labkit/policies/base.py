"""What a scheduling policy is: it answers one question, who runs next, and may keep accounts.

A policy never switches anything itself. Linux calls the same thing a sched_class (kernel 6.1, kernel/sched/sched.h), with
pick_next_task, task_tick and check_preempt_curr; the names here follow it.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Sequence

from labkit.errors import LabError
from labkit.thread import Thread


class Policy:
    """Base of all policies.

    Attributes:
        name: what run(policy=...) calls it.
        preempts: whether the end of a timeslice takes the processor away from a thread.
        takes_head: True if pick_next is always the head of the run queue; machines then just pop it.
        every_point: True if the policy wants to be asked at every scheduling point, on every machine.
    """

    name = ""
    preempts = True
    takes_head = False
    every_point = False

    def start(self, rng: random.Random, timeslice_ns: int) -> None:
        """A run begins: forget the one before. rng is seeded by run(seed=...)."""

    def pick_next(self, runnable: Sequence[Thread], current: Thread) -> Thread:
        """Who runs next: one of runnable, which is never empty and is in the order of arrival.

        Args:
            runnable: the threads that can run. The one that leaves is among them, at the end, if it still can run.
            current: the thread that leaves the processor.
        """
        raise NotImplementedError

    def pick(self, runq: deque[Thread], current: Thread) -> Thread:
        """Take pick_next's answer out of the run queue.

        Raises:
            LabError: the answer is not a runnable thread.
        """
        if self.takes_head:
            return runq.popleft()
        thread = self.pick_next(runq, current)
        if thread not in runq:
            names = ", ".join(t.name for t in runq)
            raise LabError(f"policy {self.name or type(self).__name__} chose {thread!r}; it can choose one of: {names}")
        runq.remove(thread)
        return thread

    def tick(self, current: Thread) -> bool:
        """The current thread's timeslice is over: shall it lose the processor?"""
        return self.preempts

    def should_preempt(self, current: Thread, woken: Thread) -> bool:
        """A thread became runnable: shall it take the processor from the current one before the timeslice ends?"""
        return False

    def woke(self, thread: Thread) -> None:
        """The thread is new or has been woken, and is runnable now."""

    def ran(self, thread: Thread, ns: int) -> None:
        """The thread has used the processor for so long and leaves it now."""
