"""Many readers or one writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from labkit.errors import NotOwner
from labkit.sync.waitqueue import FOREVER, Primitive, WaitQueue, timeout_to_ns
from labkit.thread import Thread


class RWLock(Primitive):
    """`with lock.read():` together, `with lock.write():` alone. First come, first served: nobody starves.

    A reader that comes after a waiting writer waits behind it; else a stream of readers would keep writers out for ever.

    >>> from labkit import run
    >>> lock = RWLock()
    >>> def main():
    ...     with lock.read(), lock.read(): return len(lock.readers), lock.acquire_write(blocking=False)
    >>> run(main).result
    (2, False)
    """

    kind = "rwlock"

    def __init__(self, name: str | None = None) -> None:
        super().__init__(name)

    def reset_state(self) -> None:
        self.readers: list[Thread] = []
        self.writer: Thread | None = None
        self.queue = WaitQueue(self)
        self.writing: set[Thread] = set()  # those in the queue that want to write

    def acquire_read(self, blocking: bool = True, timeout: float = FOREVER) -> bool:
        """Come in beside other readers; waits for a writer, and behind whoever waits already."""
        return self._acquire(False, blocking, timeout)

    def acquire_write(self, blocking: bool = True, timeout: float = FOREVER) -> bool:
        """Come in alone."""
        return self._acquire(True, blocking, timeout)

    def release_read(self) -> None:
        """Go out as a reader."""
        machine = self._enter("release_read")
        with machine.no_preempt:
            me: Thread = machine.current
            if me not in self.readers:
                raise NotOwner(f"'{me.name}' releases {self.describe()} as a reader, but it is none. Use `with lock.read():`.")
            self.readers.remove(me)
            self._go_out(me)

    def release_write(self) -> None:
        """Go out as the writer."""
        machine = self._enter("release_write")
        with machine.no_preempt:
            me: Thread = machine.current
            if self.writer is not me:
                raise NotOwner(f"'{me.name}' releases {self.describe()} as the writer, but it is not. Use `with lock.write():`.")
            self.writer = None
            self._go_out(me)

    @contextmanager
    def read(self) -> Iterator[None]:
        """A block of reading."""
        self.acquire_read()
        try:
            yield
        finally:
            self.release_read()

    @contextmanager
    def write(self) -> Iterator[None]:
        """A block of writing."""
        self.acquire_write()
        try:
            yield
        finally:
            self.release_write()

    def holders(self) -> tuple[str, ...]:
        """The writer, or the readers, each once and in the order in which they were created."""
        return (self.writer.name,) if self.writer else tuple(t.name for t in sorted(set(self.readers), key=lambda t: t.tid))

    def _acquire(self, write: bool, blocking: bool, timeout: float) -> bool:
        tries = "" if blocking and timeout in (None, FOREVER) else "try_"
        machine = self._enter(f"{tries}acquire_{'write' if write else 'read'}")
        with machine.no_preempt:
            me: Thread = machine.current
            taken = self.writer is not None or (write and bool(self.readers))
            if not taken and not self.queue.threads:
                self._come_in(me, write)
            else:
                holder = self.writer or (self.readers[0] if self.readers else None)
                machine.emit("lock_contend", me.tid, self.name, holder.tid if holder else 0)
                if not blocking:
                    return False
                if write:
                    self.writing.add(me)
                try:
                    woken = self.queue.wait(timeout_to_ns(timeout, "acquire"))
                finally:
                    self.writing.discard(me)
                if not woken:
                    self._admit()  # a writer that gave up may have kept readers waiting behind it
                    return False
            machine.emit("lock_acquire", me.tid, self.name)
        return True

    def _come_in(self, me: Thread, write: bool) -> None:
        if write:
            self.writer = me
        else:
            self.readers.append(me)

    def _go_out(self, me: Thread) -> None:
        me.machine.emit("lock_release", me.tid, self.name)  # type: ignore[attr-defined]
        self._admit()

    def _admit(self) -> None:
        """Let in from the head of the queue: one writer, or readers up to the next writer."""
        while self.queue.threads and self.writer is None:
            head = self.queue.threads[0]
            write = head in self.writing
            if write and self.readers:
                break
            self._come_in(head, write)
            self.queue.wake()
