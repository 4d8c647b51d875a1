"""What the watched places of a program hold at this moment, in the student's words: for whoever looks while it stands still."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

from labkit.explore.containers import KEYS
from labkit.explore.independence import Place
from labkit.explore.instrument import HOOKS
from labkit.explore.kinds import CONTAINERS, WHOLE
from labkit.explore.naming import in_words
from labkit.explore.watch import Watch
from labkit.thread import EXITED

MISSING = object()


def label(place: Place, what: Any, frame: FrameType | None) -> str:
    """What the student calls a place of plain data, from what a thread said that it does there; "" if there is no good word."""
    thing = what[1]
    if not isinstance(place, tuple):
        return ""
    if isinstance(thing, tuple) and len(thing) == 3:
        owner, name, word = thing
        if word in ("self", "?"):
            word = (owner if isinstance(owner, type) else type(owner)).__name__
            word = word if isinstance(owner, type) else word.lower()
        return in_words(f"{word}.{name}", frame)
    base = thing[0] if isinstance(thing, tuple) else thing.rsplit(".", 1)[0] if what[0] == "calls" else thing
    base = in_words(base.removeprefix("all of "), frame)
    if isinstance(thing, str) and what[0] in ("reads", "writes", "deletes") and not thing.startswith("all of "):
        return base
    return base if place[1] in (WHOLE, KEYS) else f"{base}[{place[1]!r}]"


def content(watch: Watch, place: Place, frames: list[FrameType]) -> Any:
    """What is in a place now; MISSING if nobody knows, or nothing is.

    Args:
        watch: knows the objects of the run.
        place: a place of plain data.
        frames: all functions of the student's that threads are in.
    """
    where, part = place
    if where == "cell":
        return getattr(_thing(watch, part), "cell_contents", MISSING)
    thing = _thing(watch, where)
    return _variable(where, part, frames) if thing is MISSING else _part(thing, part)


def _thing(watch: Watch, key: Any) -> Any:
    """The object of that name: it is older than the run, or was made in it."""
    if key in watch.old:
        return watch.old[key]
    return next((thing for thing in watch.alive if watch.keys.get(id(thing)) == key), MISSING)


def _part(thing: Any, part: Any) -> Any:
    if part in (WHOLE, KEYS):
        return thing
    try:
        if isinstance(thing, CONTAINERS):
            return dict.get(thing, part, MISSING) if isinstance(thing, dict) else thing[part]  # type: ignore[index]
        inside = getattr(thing, "__dict__", {})
        return inside[part] if part in inside else getattr(type(thing), part).__get__(thing)  # a slot
    except (AttributeError, IndexError, KeyError, TypeError):
        return MISSING


def _variable(token: Any, name: str, frames: list[FrameType]) -> Any:
    """A variable that inner functions see, in the activation of its function that has this token."""
    for frame in frames:
        code = frame.f_code
        if name in code.co_cellvars or name in code.co_freevars:
            values = frame.f_locals
            if any(key.startswith(f"{HOOKS}_s") and value == token for key, value in values.items()):
                return values.get(name, MISSING)
    return MISSING


def frames_of(threads: list[Any]) -> list[FrameType]:
    """The functions that the threads are in, outermost first: there a variable has its home."""
    found: list[FrameType] = []
    for thread in threads:
        if thread.state != EXITED:
            found += reversed(list(_stack(getattr(thread.carrier, "gr_frame", None) or sys._getframe(1))))
    return found


def _stack(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back
