"""Checking a program by all its schedules: what check() says when an expression gives back a Verdict."""

from __future__ import annotations

import sys
from typing import Any


def is_verdict(value: Any) -> bool:
    """Whether a value is what explore() gives back. A notebook that never explored has no such class."""
    module = sys.modules.get("labkit.explore.verdict")
    return module is not None and type(value) is module.Verdict


def unwritten(verdict: Any) -> NotImplementedError | None:
    """What a thread raised because its part of an exercise is not written yet; None if none did."""
    return next((failure.error for failure in verdict.failures if isinstance(failure.error, NotImplementedError)), None)


def told(verdict: Any) -> str:
    """A verdict that passed, in a few words."""
    how = f"{verdict.runs:,} different schedules" if verdict.runs != 1 else "the only schedule there is"
    return f"passes in {'all ' if verdict.runs != 1 else ''}{how}"


def complaint(expression: str, verdict: Any, why: str) -> str:
    """Why a verdict is no proof: the schedule that breaks the program, step by step, or what is left unproven."""
    if not verdict.failures:
        return f"{expression}\n  {verdict}\n  why it must be proven: {why}"
    lines = [expression, f"  fails in {verdict.failing:,} of {verdict.runs:,} schedules. {verdict.failures[0]}"]
    lines += [f"  {line}" for line in str(verdict.explain()).splitlines()]
    return "\n".join([*lines, f"  why: {why}"])
