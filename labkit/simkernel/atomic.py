# ruff: noqa: N801, N802 — Linux's own names
"""atomic_t: an int whose operations cannot be cut in two, 32 bits wide, wrapping round as the processor's.

The names say what comes back: nothing (atomic_inc), the new value (atomic_inc_return), the old one (atomic_fetch_inc), or
whether the new one is 0 (atomic_dec_and_test).
"""

from __future__ import annotations

from collections.abc import Callable

from labkit.simkernel.task import enter


class atomic_t:
    """One int.

    >>> atomic_t(3)
    atomic_t(3)
    """

    def __init__(self, counter: int = 0, name: str = "atomic") -> None:
        self.counter = _wrap(counter)
        self.name = name

    def describe(self) -> str:
        """What it is, in words."""
        return f"atomic '{self.name}'"

    def __repr__(self) -> str:
        return f"atomic_t({self.counter})"


def ATOMIC_INIT(counter: int) -> atomic_t:
    """A new atomic_t."""
    return atomic_t(counter)


def atomic_read(v: atomic_t) -> int:
    """The value."""
    enter("atomic_read", v, alone=True)
    return v.counter


def atomic_set(v: atomic_t, i: int) -> None:
    """Set the value."""
    enter("atomic_set", v, alone=True)
    v.counter = _wrap(i)


def atomic_add(i: int, v: atomic_t) -> None:
    """Add i."""
    atomic_fetch_add(i, v)


def atomic_sub(i: int, v: atomic_t) -> None:
    """Take i away."""
    atomic_fetch_add(-i, v)


def atomic_inc(v: atomic_t) -> None:
    """Add 1."""
    atomic_fetch_add(1, v)


def atomic_dec(v: atomic_t) -> None:
    """Take 1 away."""
    atomic_fetch_add(-1, v)


def atomic_fetch_add(i: int, v: atomic_t) -> int:
    """Add i; the old value."""
    return _change("atomic_fetch_add", v, lambda old: old + i)


def atomic_fetch_inc(v: atomic_t) -> int:
    """Add 1; the old value."""
    return atomic_fetch_add(1, v)


def atomic_add_return(i: int, v: atomic_t) -> int:
    """Add i; the new value."""
    return _wrap(atomic_fetch_add(i, v) + i)


def atomic_sub_return(i: int, v: atomic_t) -> int:
    """Take i away; the new value."""
    return atomic_add_return(-i, v)


def atomic_inc_return(v: atomic_t) -> int:
    """Add 1; the new value."""
    return atomic_add_return(1, v)


def atomic_dec_return(v: atomic_t) -> int:
    """Take 1 away; the new value."""
    return atomic_add_return(-1, v)


def atomic_inc_and_test(v: atomic_t) -> bool:
    """Add 1; whether it is 0 now."""
    return atomic_inc_return(v) == 0


def atomic_dec_and_test(v: atomic_t) -> bool:
    """Take 1 away; whether it is 0 now: the last one puts out the light."""
    return atomic_dec_return(v) == 0


def atomic_xchg(v: atomic_t, new: int) -> int:
    """Set the value; the old one."""
    return _change("atomic_xchg", v, lambda old: new)


def atomic_cmpxchg(v: atomic_t, old: int, new: int) -> int:
    """Set the value to new if it is old; what it was."""
    return _change("atomic_cmpxchg", v, lambda was: new if was == old else was)


def atomic_add_unless(v: atomic_t, a: int, u: int) -> bool:
    """Add a, unless the value is u; whether it was added."""
    return _change("atomic_add_unless", v, lambda old: old if old == u else old + a) != u


def atomic_inc_not_zero(v: atomic_t) -> bool:
    """Add 1, unless the value is 0: take a reference to what may be gone."""
    return atomic_add_unless(v, 1, 0)


def _change(op: str, v: atomic_t, new: Callable[[int], int]) -> int:
    machine = enter(op, v, alone=True)
    with machine.no_preempt:
        old = v.counter
        v.counter = _wrap(new(old))
    return old


def _wrap(value: int) -> int:
    return (value + (1 << 31)) % (1 << 32) - (1 << 31)
