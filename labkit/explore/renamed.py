"""Nameless primitives get the student's word for them: forks[2] instead of mutex-3."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from labkit.explore.naming import condition_of, student, variable
from labkit.sync import Primitive
from labkit.tracelog import Trace


def called(on: Any, frame: FrameType | None) -> str:
    """The variable that a nameless primitive is in, as the code in a frame calls it; "" if it has a name, or is in none."""
    if not isinstance(on, Primitive) or on._given is not None or frame is None:
        return ""
    condition = condition_of(on, sys._getframe(1))
    if condition is not None:
        inside = condition._given or variable(condition, frame)
        return f"the lock of {inside}" if inside else ""
    return variable(on, frame)


class Renamed:
    """What the primitives of one run are called."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}

    def meets(self, on: Any, frame: FrameType | None) -> None:
        """An operation of a primitive is about to happen in this code."""
        if isinstance(on, Primitive) and on._given is None and on.name not in self.words:
            word = called(on, student(frame))
            if word:
                # Why: two functions may have a variable of the same name for two locks, and a picture would make them one.
                self.words[on.name] = f"{word} ({on.name})" if word in self.words.values() else word

    def write_into(self, trace: Trace) -> None:
        """Put the words into the events of the trace."""
        if not self.words:
            return
        quoted = [(f"'{name}'", f"'{word}'") for name, word in self.words.items()]
        for i, (ns, kind, tid, cpu, *fields) in enumerate(trace.raw):
            trace.raw[i] = (ns, kind, tid, cpu, *(self._word(field, quoted) for field in fields))

    def _word(self, field: Any, quoted: list[tuple[str, str]]) -> Any:
        if type(field) is not str:
            return field
        for old, new in quoted:
            field = field.replace(old, new)
        return self.words.get(field, field)
