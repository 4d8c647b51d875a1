"""What each way to end means, and what to try next: in the words of a student's page."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from labkit.grading import judge

MARKS: Final = {
    judge.PASSED: "✓", judge.FAILED: "✗", judge.TIMEOUT: "∞", judge.DEADLOCK: "⊗", judge.CRASHED: "!", judge.MEMORY: "▲",
    judge.OUTPUT: "▤", judge.BLOCKED: "⊘", judge.NOT_ATTEMPTED: "–", judge.REVIEW: "?",
    judge.NOT_GRADED: "○",
}  # fmt: skip
"""A sign for each state, so that no colour is needed to tell them apart."""


class Meaning(NamedTuple):
    """What a state means, and what to try."""

    means: str
    attempt: str


MEANINGS: Final = {
    judge.TIMEOUT: Meaning(
        "A check did not come to its end in time.",
        "Look for a loop whose end nobody brings about: does what it waits for ever change, and may the thread that would change "
        "it run? A program that only computes too long needs another way to compute.",
    ),
    judge.DEADLOCK: Meaning(
        "Every thread that is left waits for another, so none can go on.",
        "Ask of each thread: what does it wait for, who could end that wait, and what does that one wait for itself?",
    ),
    judge.CRASHED: Meaning(
        "The whole process ended in the middle of a check, not by an exception.",
        "Does something end the program (exit), recurse without an end, or hand C an address or an object that is gone?",
    ),
    judge.MEMORY: Meaning(
        "It asked for more memory than a check may have.",
        "Does a list, or the number of threads, grow in a loop that does not end?",
    ),
    judge.OUTPUT: Meaning(
        "It printed or wrote more than a check may.",
        "Is there a print in a loop that does not end? Only what functions return is judged, so a print can go.",
    ),
    judge.BLOCKED: Meaning(
        "It asked the operating system for something that checks may not do: files of others, the network, other programs.",
        "The exercise needs none of that: try it with what the lesson introduced. If you think that it does, say so to your "
        "instructor.",
    ),
    judge.NOT_ATTEMPTED: Meaning(
        "This exercise is not written yet: its cell is as it was handed out, or is missing.",
        "Begin with its first check in the notebook; each hint gives away a little more.",
    ),
    judge.NOT_GRADED: Meaning(
        "The machine that graded lacks what this exercise needs: a C compiler, or the real kernel. That is no verdict.",
        "Nothing: your instructor grades it where it can be run.",
    ),
    judge.REVIEW: Meaning(
        "A person looks at this one before its points are final. That is no verdict.",
        "If there is a reason for what was seen, tell your instructor.",
    ),
}

_WORDS: Final = {
    "a", "address", "adds", "all", "an", "and", "any", "asks", "at", "audit", "by", "c", "call", "called", "code", "connects",
    "every", "exceptions", "for", "frame", "frames", "from", "function", "greenlet", "hand", "handles", "hook", "in",
    "interpreter", "is", "it", "its", "library", "line", "lists", "loads", "looks", "makes", "memory", "module", "name",
    "names", "network", "notebook", "object", "objects", "of", "opens", "or", "own", "process", "program", "python",
    "python's", "reads", "refers", "runs", "second", "sends", "signal", "socket", "stack", "starts", "text", "that", "the",
    "thread", "threads", "through", "time", "to", "traces", "up", "what", "whoever", "with",
}  # fmt: skip
"""What is seen is told word by word only if each word is one of these: no word that a student made up is among them."""
_PLACE: Final = re.compile(r"\w{1,20}-solution, line \d{1,6}")
_PHRASES: Final = (
    ("opens /proc", "opens a file that tells about processes"),
    ("reads", "reads inner parts of an object"),
    ("replaces labkit", "replaces parts of labkit"),
    ("replaces", "replaces inner parts of an object"),
    ("sends messages", "something was sent in the place of the grader's own messages"),
)


def state_words(state: str) -> str:
    """The state as HTML: a sign and its name."""
    kind = {judge.PASSED: "passed", judge.FAILED: "failed", judge.NOT_ATTEMPTED: "none"}.get(state, "odd")
    name = state if state in MARKS else judge.REVIEW
    return f'<span class="state {kind}"><span aria-hidden="true">{MARKS[name]}</span> {name}</span>'


def kind_of(state: str) -> str:
    """The class of a check in a list."""
    return {judge.PASSED: "passed", judge.FAILED: "failed"}.get(state, "odd")


def observed(evidence: tuple[str, ...]) -> list[str]:
    """What was seen, in words of ours: no word of a student's process, where a hidden check may have run, is repeated."""
    found = []
    for each in evidence:
        what, _, where = each.rpartition(": ")
        what, place = (what, f", in {where}") if _PLACE.fullmatch(where) else (each, "")
        known = set(what.lower().split()) <= _WORDS
        words = what if known else next((words for head, words in _PHRASES if what.startswith(head)), "")
        found.append((words or "did something that no exercise needs") + place)
    return list(dict.fromkeys(found))
