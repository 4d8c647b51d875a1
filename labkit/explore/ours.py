"""Calls of labkit's own things: its primitives, and the functions of the simulated kernel."""

from __future__ import annotations

from typing import Any

from labkit import here
from labkit.explore.kinds import own
from labkit.explore.rewriting import Base
from labkit.sync import Atomic, Condition

SIMPLE: set[tuple[type, str]] = set()
"""Methods of labkit's things that are called as they are."""


class Ours(Base):
    """The part of Hooks that is asked what to call of labkit's."""

    def _sync_method(self, thing: Any, name: str, line: int) -> Any:
        if isinstance(thing, Atomic) and here.machine.current is not None:
            self.save_atomic(thing)  # type: ignore[attr-defined]
        if self.looks(thing, name):  # type: ignore[attr-defined]
            self.peek(thing, f"{name}() of {thing.describe()}", line)  # type: ignore[attr-defined]
        bound = getattr(thing, name)
        if name == "wait_for":
            return lambda predicate, *rest, **more: bound(self.rewriting.function(predicate), *rest, **more)
        if own(type(thing).__module__):
            return self.call(bound, line)  # type: ignore[attr-defined]
        if not isinstance(thing, Atomic) and not self.looks(thing, name):  # type: ignore[attr-defined]
            SIMPLE.add((type(thing), name))
        return bound

    def _labkits(self, kind: type, *args: Any, **kwargs: Any) -> Any:
        """Make a thing of labkit's. Its maker names it: who uses it first may be another in each schedule."""
        value = self.watch.made(kind(*map(self.rewriting.function, args), **self._named(kwargs)))
        if isinstance(value, Condition):
            self.watch.made(value.lock)
        if self.watch.names is not None:
            self.watch.names.made(value)
        return value

    def _kernels(self, f: Any, line: int, *args: Any, **kwargs: Any) -> Any:
        """Call a function of the simulated kernel; what a wait_event() waits for may be a container, that is not empty."""
        given = [self.rewriting.function(a) for a in args]
        if f.__name__.startswith("wait_event") and len(given) > 1 and callable(given[1]):
            test = given[1]
            given[1] = lambda: self.size(test(), "its condition", line)
        return f(*given, **self._named(kwargs))

    def _named(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        return {k: self.rewriting.function(v) for k, v in kwargs.items()}

    def size(self, thing: Any, word: str, line: int) -> Any:
        """A condition is about to look whether a value is empty."""
        raise NotImplementedError
