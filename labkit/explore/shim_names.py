"""What a student calls a lock that has no name of its own: the variable that it was put into when it was made."""

from __future__ import annotations

import linecache
import re
from functools import lru_cache
from types import FrameType
from typing import Any

from labkit import here
from labkit.explore.naming import student, variable

_TARGET = re.compile(r"\s*([A-Za-z_][\w.]*(?:\s*,\s*[A-Za-z_][\w.]*)*)\s*(?::[^=]+)?=(?!=)\s*(.*)")


def global_word(thing: Any, frame: FrameType | None) -> str | None:
    """The name of what was made before the run, as the code that uses it sees it."""
    frame = student(frame)
    return (frame and variable(thing, frame)) or None


def site_word(frame: FrameType | None) -> str | None:
    """The name of what is being made, from the line that makes it; the second of the same name is called name-2."""
    frame = student(frame)
    if frame is None:
        return None
    targets, several = _site(frame.f_code.co_filename, frame.f_lineno)
    if not targets:
        return None
    count = here.numbers
    if several:
        word = targets[0]
        count[f"[{word}]"] += 1
        return f"{_owner(word, frame)}[{count[f'[{word}]'] - 1}]"
    count[f"@{frame.f_lineno}"] += 1
    nth = count[f"@{frame.f_lineno}"] - 1
    word = _owner(targets[nth % len(targets)], frame)
    count[f"={word}"] += 1
    again = count[f"={word}"]
    return f"{word}-{again}" if again > 1 else word


@lru_cache(maxsize=1000)
def _site(filename: str, line: int) -> tuple[tuple[str, ...], bool]:
    """Variables on the left of `=`, and whether a list of things is on the right."""
    found = _TARGET.match(linecache.getline(filename, line))
    if found is None:
        return (), False
    several = found[2].startswith(("[", "{")) or " for " in found[2]
    return tuple(name.strip() for name in found[1].split(",")), several


def _owner(word: str, frame: FrameType) -> str:
    """self.lock of an Account is account.lock."""
    if word.startswith("self.") and "self" in frame.f_locals:
        return type(frame.f_locals["self"]).__name__.lower() + word[4:]
    return word
