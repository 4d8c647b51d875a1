"""What may be told of a check that a student does not see: how it ended, and why it is there. Nothing that ran says a word.

A student's code can print its arguments, raise an error that carries them, name a thread or a class after them, or look for
the expression in the memory of its own process. So of a hidden check everything that came back is dropped before anything
is kept: what is left are sentences of ours and the course's reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from labkit.grading import judge
from labkit.grading.judge import Outcome
from labkit.grading.plan import Check

SAID: Final = {
    judge.DEADLOCK: "no thread can run any more.",
    judge.CRASHED: "the process ended before the check came back.",
    judge.MEMORY: "it needs more memory than it may have.",
    judge.OUTPUT: "it printed more than a check may print.",
    judge.BLOCKED: "it did something that the sandbox does not allow.",
    judge.NOT_ATTEMPTED: "this exercise is not written yet.",
    judge.REVIEW: "a person looks at it.",
}


def unseen(check: Check, outcome: Outcome) -> Outcome:
    """The outcome of a check as it may be told: of a hidden one, only the state, the course's reason and the mistake's name."""
    if not check.hidden:
        return outcome
    said = SAID.get(outcome.state, "")
    if outcome.state == judge.TIMEOUT:
        said = f"it did not end within {check.limit_s:g} s."
    elif outcome.state == judge.FAILED and not outcome.began:
        said = "a cell before it raises an error when it runs."
    reason = "" if outcome.state == judge.PASSED else f"{said} {check.why}".strip()
    return replace(
        outcome, reason=reason, got="", explanation="", schedule="", trace=None, output="", mistake=_name(outcome.mistake)
    )


def unspoiled(checks: Sequence[Check], settled: dict[int, Outcome]) -> dict[int, Outcome]:
    """Of checks that one process answered in turn, those that can be told: once it knew a hidden one, it may say so in others."""
    first = next((i for i, check in enumerate(checks) if check.hidden), len(checks))
    return {i: outcome for i, outcome in settled.items() if checks[i].hidden or i < first}


def _name(mistake: str) -> str:
    """A mistake's name, if it is one: the word came from the student's process too."""
    from labkit.grading.abstractions import BY_MISTAKE

    return mistake if mistake in BY_MISTAKE else ""
