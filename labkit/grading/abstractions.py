"""The wrong idea behind a mistake: under it the program is right. To name it helps more than to name the line.

After Strömbäck, Mannila, Asplund and Kamkar (ICER 2019; Informatics in Education 20(4), 2021): most students find the place
of a concurrency mistake, and about half can mend it; each wrong answer is right under some abstraction that does not hold.
The ideas are data (abstractions.toml). Which one it is follows from the mistake that the explorer names, else from the check
that fails, if that check is there to catch one idea. Where neither says so, nothing is said: a guess would teach a wrong cause.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Final, NamedTuple

DATA: Final = Path(__file__).with_suffix(".toml")


class Abstraction(NamedTuple):
    """A wrong idea, and what is so instead."""

    name: str
    idea: str
    instead: str


class Telling(NamedTuple):
    """A check that is there to catch one idea: its exercise, how its reason begins, the idea."""

    exercise: str
    why: str
    behind: Abstraction


_data: Final[dict[str, Any]] = tomllib.loads(DATA.read_text(encoding="utf-8"))
ALL: Final = {each["name"]: Abstraction(each["name"], each["idea"], each["instead"]) for each in _data["idea"]}
"""Name → idea."""
BY_MISTAKE: Final = {mistake: ALL[each["name"]] for each in _data["idea"] for mistake in each["shows"]}
"""Name of a mistake, as the explorer says it → the idea behind it."""
BY_CHECK: Final = tuple(Telling(each["exercise"], each["why"], ALL[each["idea"]]) for each in _data["check"])


def behind(mistake: str, exercise: str, why: str) -> Abstraction | None:
    """The idea behind a failing check, if it can be told.

    Args:
        mistake: what the explorer calls it; "" if it gave it no name.
        exercise: its id.
        why: the check's reason, as the course says it.
    """
    if mistake in BY_MISTAKE:
        return BY_MISTAKE[mistake]
    return next((each.behind for each in BY_CHECK if each.exercise == exercise and why.startswith(each.why)), None)
