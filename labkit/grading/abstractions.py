"""The wrong idea behind a mistake: under it the program is right. To name it helps more than to name the line.

After Strömbäck, Mannila, Asplund and Kamkar (ICER 2019; Informatics in Education 20(4), 2021): most students find the place
of a concurrency mistake, and about half can mend it; each wrong answer is right under some abstraction that does not hold.
"""

from __future__ import annotations

from typing import Final, NamedTuple


class Abstraction(NamedTuple):
    """A wrong idea, and what is so instead."""

    idea: str
    instead: str


BY_MISTAKE: Final = {
    "lost update": Abstraction(
        "one line of the program is one step",
        "to change a value is to read it, compute, and write it: another thread may come in between, and its change is lost",
    ),
    "check-then-act": Abstraction(
        "what was true when I looked is still true when I act",
        "another thread may change it in between: look and act belong into one critical section",
    ),
    "stale read": Abstraction(
        "a value that I have read stays what it is",
        "it is a copy of a moment ago: read it again once you hold the lock",
    ),
    "atomicity violation": Abstraction(
        "each step is protected, so all of them together are",
        "between two critical sections everybody may come in: what belongs together needs one",
    ),
    "wrong order": Abstraction(
        "the threads run in the order in which they were started",
        "any order may happen unless somebody waits for somebody",
    ),
    "deadlock": Abstraction(
        "a lock that I wait for will be free some time",
        "not if its holder waits for me: take locks in one order, or give back what you hold before you wait",
    ),
    "lost_wakeup": Abstraction(
        "a signal waits until somebody hears it",
        "it wakes who waits now and is gone: keep what happened in a variable, and look at it with the lock held before you wait",
    ),
    "livelock": Abstraction(
        "to try again is to get on",
        "two who give way to each other in step never do: somebody must go first",
    ),
    "data_race": Abstraction(
        "to read without a lock does no harm",
        "without one there is no order between the read and a write: who reads may see either, or half of it",
    ),
}
"""Name of a mistake, as the explorer says it → the idea behind it."""
