"""Whoever looks at a primitive, and in whatever way, may find it as another thread left it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit import Channel, Mutex, spawn
from labkit.explore import explore
from labkit.sync.owned import OwnedLock


def applied(f: Callable[..., Any], *args: Any) -> Any:
    return f(*args)


LOOKS: dict[str, Callable[[Mutex, Channel], Any]] = {
    "a method": lambda m, ch: m.locked(),
    "a method with another name": lambda m, ch: applied(lambda look: look(), m.locked),
    "a thread that is nothing else": lambda m, ch: spawn(m.locked).join(),
    "a method of the class": lambda m, ch: OwnedLock.locked(m),
    "a thread with a method of the class": lambda m, ch: spawn(OwnedLock.locked, m).join(),
    "many at once": lambda m, ch: tuple(map(OwnedLock.locked, [m])),
    "an attribute": lambda m, ch: m.owner is None,
    "an attribute, from inside": lambda m, ch: spawn(lambda: m.owner is None).join(),
    "an attribute by name": lambda m, ch: getattr(m, "owner") is None,  # noqa: B009
    "who holds it": lambda m, ch: m.holders(),
    "its length": lambda m, ch: len(ch),
    "a thread that measures": lambda m, ch: spawn(len, ch).join(),
    "a condition": lambda m, ch: "full" if ch else "empty",
    "its truth": lambda m, ch: bool(ch),
}


@pytest.mark.parametrize("how", LOOKS)
def test_a_look_at_a_primitive_is_a_step(how: str) -> None:
    look = LOOKS[how]

    def main() -> Any:
        m, ch = Mutex("m"), Channel(1, "ch")

        def change() -> None:
            with m:
                pass
            ch.send(1)

        other = spawn(change)
        seen = look(m, ch)
        other.join()
        return seen

    verdict = explore(main)
    assert verdict.passed
    assert len(verdict.outcomes) == 2


def test_a_lambda_around_a_lambda_keeps_its_variables_apart() -> None:
    def main() -> Any:
        def make(start: int) -> Any:
            outer = lambda n: lambda: n + 1  # noqa: E731
            return outer(start)

        first, second = make(1), make(10)
        a, b = spawn(first), spawn(second)
        return a.join(), b.join()

    assert explore(main).outcomes == {(2, 11): 1}
