"""Sending values from thread to thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from labkit.errors import Closed, LabError
from labkit.sync.waitqueue import Primitive, WaitQueue, timeout_to_ns
from labkit.thread import Thread


class Channel(Primitive):
    """send() and receive(), first in, first out. With capacity 0 they meet: send() waits until somebody has received.

    close() says that no more comes: receivers take what is left, then iteration ends and receive() raises Closed.

    >>> from labkit import run, spawn
    >>> pipe = Channel()
    >>> def source():
    ...     for i in range(3): pipe.send(i)
    ...     pipe.close()
    >>> run(lambda: (spawn(source), list(pipe))[1]).result
    [0, 1, 2]
    """

    kind = "channel"

    def __init__(self, capacity: int = 0, name: str | None = None) -> None:
        if not isinstance(capacity, int) or capacity < 0:
            raise LabError(f"Channel({capacity!r}): its capacity is a whole number, 0 or more")
        self.capacity = capacity
        super().__init__(name)

    def reset_state(self) -> None:
        self.closed = False
        self.buffer: deque[Any] = deque()
        self.senders = WaitQueue(self, "somebody to receive from {}")
        self.receivers = WaitQueue(self, "a value from {}")
        self.offers: dict[Thread, Any] = {}  # sending thread → what it wants to send
        self.parcels: dict[Thread, Any] = {}  # receiving thread, woken → what it was given

    def __len__(self) -> int:
        return len(self.buffer)

    def send(self, value: Any, timeout: float | None = None) -> bool:
        """Hand over a value, waiting for room or, with capacity 0, for a receiver; False if the timeout came first.

        Raises:
            Closed: the channel is closed, or was closed while this waited.
        """
        machine = self._enter("send")
        with machine.no_preempt:
            if self.closed:
                raise Closed(f"send on {self.describe()}, which is closed")
            if self.receivers.threads:
                self.parcels[self.receivers.wake()[0]] = value
                return True
            if len(self.buffer) < self.capacity:
                self.buffer.append(value)
                return True
            me = machine.current
            self.offers[me] = value
            woken = self.senders.wait(timeout_to_ns(timeout, "send"))
            if woken and me in self.offers:
                del self.offers[me]
                raise Closed(f"{self.describe()} was closed while '{me.name}' waited to send {value!r}")
            self.offers.pop(me, None)
        return woken

    def receive(self, timeout: float | None = None) -> Any:
        """The next value, waiting for one.

        Raises:
            Closed: the channel is closed and empty.
            TimeoutError: none came in time.
        """
        machine = self._enter("receive")
        with machine.no_preempt:
            if self.buffer:
                value = self.buffer.popleft()
                if self.senders.threads:
                    self.buffer.append(self._accept())
                return value
            if self.senders.threads:
                return self._accept()
            if self.closed:
                raise Closed(f"receive from {self.describe()}, which is closed and empty")
            me = machine.current
            if not self.receivers.wait(timeout_to_ns(timeout, "receive")):
                raise TimeoutError(f"nothing came through {self.describe()} in {timeout} s")
            if me not in self.parcels:
                raise Closed(f"{self.describe()} was closed while '{me.name}' waited for a value")
            return self.parcels.pop(me)

    def close(self) -> None:
        """No more values will be sent. Closing twice does nothing."""
        machine = self._enter("close")
        with machine.no_preempt:
            self.closed = True
            self.receivers.wake_all()
            self.senders.wake_all()

    def __iter__(self) -> Iterator[Any]:
        """Values until the channel is closed and empty."""
        while True:
            try:
                value = self.receive()
            except Closed:
                return
            yield value

    def _accept(self) -> Any:
        """The value of the sender that has waited longest; lets it go."""
        return self.offers.pop(self.senders.wake()[0])
