"""How a value is written: a plain one as it is, a thing on the heap by its type and its parts.

Nothing here depends on the run: no address, no order of a set.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, Final

from labkit.thread import Thread

PLAIN: Final = (type(None), bool, int, float, complex, str, bytes, range)
"""Types whose values never change: two names for one of them cannot be told from two copies."""
LISTS: Final = (list, tuple, deque, bytearray)
SETS: Final = (set, frozenset)
CODE: Final = (FunctionType, BuiltinFunctionType, MethodType, ModuleType, type)
"""What a program is made of; not drawn."""
VALUE_CHARS: Final = 40


def words_of(value: Any) -> str | None:
    """A value that is shown as it is; None for a thing on the heap."""
    if isinstance(value, Thread):
        return f"thread {value.name}"
    if isinstance(value, CODE):
        return getattr(value, "__name__", "a function")
    if isinstance(value, PLAIN) or (isinstance(value, tuple | frozenset) and all(isinstance(item, PLAIN) for item in value)):
        return _short(repr(sorted(value, key=repr) if isinstance(value, frozenset) else value))
    return None


def title_of(value: Any) -> str:
    """What a thing is: its type, and what is in it where all of that is plain; of labkit's primitives the name."""
    if type(value).__module__.startswith("labkit.") and hasattr(value, "describe"):
        return str(value.describe())
    kind = type(value).__name__
    if not isinstance(value, (*LISTS, *SETS, dict)):
        return kind
    words = [words_of(item) for item in (value.values() if isinstance(value, dict) else value)]
    if None in words:
        return kind
    if isinstance(value, dict):
        words = [f"{words_of(key) or type(key).__name__}: {word}" for key, word in zip(value, words, strict=True)]
    left, right = "[]" if isinstance(value, LISTS) else "{}"
    shown = [word or "" for word in (sorted(map(str, words)) if isinstance(value, SETS) else words)]
    return f"{kind} {_short(left + ', '.join(shown) + right)}"


def _short(words: str) -> str:
    return words if len(words) <= VALUE_CHARS else words[: VALUE_CHARS - 1] + "…"


def parts_of(value: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a thing, each with its name; none of what is labkit's own, nor where the title says it all."""
    if type(value).__module__.startswith("labkit.") or " " in title_of(value):
        return
    if isinstance(value, dict):
        yield from ((words_of(key) or type(key).__name__, item) for key, item in value.items())
    elif isinstance(value, SETS):
        yield from (("has", item) for item in sorted(value, key=lambda item: words_of(item) or type(item).__name__))
    elif isinstance(value, LISTS):
        yield from ((f"[{i}]", item) for i, item in enumerate(value))
    else:
        yield from getattr(value, "__dict__", {}).items()
        for name in getattr(type(value), "__slots__", ()):
            if hasattr(value, name) and isinstance(name, str):
                yield name, getattr(value, name)
