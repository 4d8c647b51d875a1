"""A value whose operations cannot be cut in two: what the processor offers, and all locks are built of."""

from __future__ import annotations

from typing import Any

from labkit import here
from labkit.sync.waitqueue import Primitive


class Atomic(Primitive):
    """One value; each operation is one step.

    Unlike the other primitives it is data: it keeps its value after a run, and can be read and set outside of one.

    >>> x = Atomic(1)
    >>> x.fetch_add(2), x.exchange(10), x.compare_exchange(10, 11), x.compare_exchange(10, 12), x.load()
    (1, 3, True, False, 11)
    """

    kind = "atomic"

    def __init__(self, value: Any = 0, name: str | None = None) -> None:
        self.value = value
        super().__init__(name)

    def reset_state(self) -> None:
        """Nothing: the value stays."""

    def load(self) -> Any:
        """The value."""
        self._step("load")
        return self.value

    def store(self, value: Any) -> None:
        """Set the value."""
        self._step("store")
        self.value = value

    def exchange(self, value: Any) -> Any:
        """Set the value and return the old one."""
        with self._step("exchange", value):
            old, self.value = self.value, value
        return old

    def fetch_add(self, n: Any = 1) -> Any:
        """Add n and return the old value."""
        with self._step("fetch_add"):
            old = self.value
            self.value = old + n
        return old

    def compare_exchange(self, expected: Any, new: Any) -> bool:
        """Set to new if the value equals expected; whether it did."""
        with self._step("compare_exchange", expected):
            same = bool(self.value == expected)
            if same:
                self.value = new
        return same

    def _step(self, op: str, argument: Any = None) -> Any:
        """The scheduling point before an operation; returns the guard that makes it one step."""
        if here.machine.run_id is None:
            return here.NO_GUARD
        return self._enter(op, argument).no_preempt
