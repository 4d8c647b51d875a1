"""What the student's code calls a thing: the variable that a lock is in, the object that a method works on."""

from __future__ import annotations

from types import FrameType
from typing import Any

from labkit.explore.failures import is_ours
from labkit.explore.reading import argument
from labkit.sync import Condition


def student(frame: FrameType | None) -> FrameType | None:
    """The student's code that is being run."""
    while frame is not None and is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def in_words(place: str, frame: FrameType | None) -> str:
    """A place with the names that a reader knows: the argument of len() by its own, self by its class."""
    if frame is None:
        return place
    if place == "an argument":
        place = argument(frame.f_code.co_filename, frame.f_lineno) or place
    for word in ("self", "cls"):
        if place.startswith(f"{word}.") and word in frame.f_locals:
            thing = frame.f_locals[word]
            name = thing.__name__ if isinstance(thing, type) else type(thing).__name__.lower()
            return f"{name}{place[len(word) :]}"
    return place


def condition_of(lock: Any, frame: FrameType | None) -> Condition | None:
    """The condition through which a lock is being taken or given back."""
    while frame is not None and is_ours(frame.f_code.co_filename):
        found = frame.f_locals.get("self")
        if isinstance(found, Condition) and found.lock is lock and lock is not found:
            return found
        frame = frame.f_back
    return None


def variable(thing: Any, frame: FrameType) -> str:
    """What the code in a frame calls a thing: lock, self.lock, forks[2]; "" if it has no short name there."""
    real = getattr(thing, "real", None)
    thing = thing if real is None else real
    for space in (frame.f_locals, frame.f_globals):
        for name, value in space.items():
            if value is thing and not name.startswith("_"):
                return name
        for name, value in space.items():
            if name.startswith("_") or isinstance(value, type) or callable(value):
                continue
            if isinstance(value, (list, tuple)):
                for i, item in enumerate(value):
                    if item is thing:
                        return f"{name}[{i}]"
            inside = getattr(value, "__dict__", None)
            if isinstance(inside, dict) and type(value).__module__ == frame.f_globals.get("__name__"):
                word = type(value).__name__.lower() if name == "self" else name
                for attribute, part in inside.items():
                    if part is thing:
                        return f"{word}.{attribute}"
    return ""
