"""What a trace says of threads that stand before an operation which is not possible now: that they wait, and for whom.

The explorer lets a thread take a step only when it can. On a real machine the thread would try, and block there: so a picture
shows it, and so a deadlock is seen to close.
"""

from __future__ import annotations

from typing import Any

from labkit.explore.explored import Explored
from labkit.sync import Mutex, Semaphore, Spinlock
from labkit.thread import BLOCKED, EXITED, Thread


class Refused:
    """Threads that wait before an operation.

    Args:
        recorder: where events are written.
    """

    def __init__(self, recorder: Any) -> None:
        self.recorder = recorder
        self.tids: set[int] = set()
        self.joining: set[int] = set()

    def refuses(self, thread: Explored | None) -> bool:
        """Whether the thread cannot take its next step; the first time, an event says so."""
        op = thread.op if thread is not None else None
        if thread is None or op is None or op.possible(thread.index):
            return False
        if thread.tid not in self.tids:
            self.tids.add(thread.tid)
            on, event = op.on, self.recorder.event
            if isinstance(on, Mutex | Spinlock):
                event("lock_contend", thread.tid, on.name, on.owner.tid if on.owner is not None else 0)
            elif isinstance(on, Semaphore):
                event("lock_contend", thread.tid, on.name, 0)
            else:
                event("wait", thread.tid, on.describe())
        return True

    def look_again(self, by: int) -> None:
        """Threads whose operation has become possible wait no longer: thread `by` has made it so."""
        for thread in self.recorder.threads:
            if thread.tid in self.tids and not self.refuses(thread):
                self.tids.discard(thread.tid)
                self.recorder.event("sched_wakeup", thread.tid, by)

    def blocks(self, thread: Explored, on: Any) -> None:
        """The thread waits for the end of another."""
        if isinstance(on, Thread):
            self.joining.add(thread.tid)

    def goes_on(self, thread: Explored, by: int) -> bool:
        """Whether the thread has waited for another's end, which has come."""
        if thread.tid not in self.joining:
            return False
        self.joining.discard(thread.tid)
        self.recorder.event("sched_wakeup", thread.tid, by)
        return True

    def the_end(self) -> None:
        """Nobody can go on: each who has not ended tries once more, in vain, and blocks; then the processor is idle."""
        recorder = self.recorder
        for thread in sorted(recorder.threads, key=lambda t: t.tid != recorder.running):
            if thread.state not in (BLOCKED, EXITED) and thread.op is not None and thread.tid not in self.tids:
                recorder.runs_now(thread, "preempt")
                self.refuses(thread)
        last = next((t for t in recorder.threads if t.tid == recorder.running), None)
        if last is not None:
            state = EXITED if last.state == EXITED else BLOCKED
            recorder.event("sched_switch", last.tid, state, 0, "exit" if state == EXITED else "block")
            recorder.running = 0
