"""Check an exercise: one line per check that passes, and for one that does not, what was expected and why.

A check is written as data, so that a grader can take it out of the cell without running it: the expression is a string,
evaluated in the notebook's own names; the expected value is written out beside it. Values are equal only if their types
are: 1 is not True and not 1.0.
"""

from __future__ import annotations

import linecache
import os
import re
import sys
import threading
from types import FrameType, TracebackType
from typing import Any, Final

from labkit.course import proof
from labkit.course.timelimit import TimeUp, call_within

CHECK_LIMIT_S: Final = 10.0
"""How long one expression may take: twice the machines' own watchdog, so that their better message comes first."""

LIMIT_VARIABLE: Final = "LABKIT_CHECK_LIMIT_S"
"""Another limit, for those who run many wrong solutions in a row."""

SHOWN_CHARACTERS: Final = 400
"""Longest value printed whole."""


class CheckFailed(AssertionError):
    """A check did not pass. Its text is all that a student needs to see."""

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows: the message. The frames between the cell and labkit would teach nothing."""
        return [f"✗ {self}"]


def check(
    expression: str,
    expected: Any = True,
    *,
    why: str,
    raises: type[BaseException] | None = None,
    within: float | None = None,
    limit_s: float | None = None,
) -> None:
    """Check that an expression gives the expected value, or raises the expected exception.

    An expression such as "explore(main)" passes if its verdict does; if not, the failing schedule is told step by step.

    Args:
        expression: source of one expression, evaluated with the names of the notebook.
        expected: the value it must give, of exactly the same type.
        why: the reason that it must, in a sentence: shown when it does not.
        raises: the exception it must raise instead of giving a value.
        within: how far numbers may be off; without it they must be equal.
        limit_s: seconds after which the expression is interrupted; 10 unless given.
    """
    limit_s = limit_s or float(os.environ.get(LIMIT_VARIABLE, CHECK_LIMIT_S))
    names = sys._getframe(1).f_globals
    try:
        code = compile(expression, "<check>", "eval")
        got = call_within(limit_s, lambda: eval(code, names), lambda frame: _where_now(frame, names))
    except TimeUp as up:
        raise CheckFailed(f"{expression}\n  did not end within {limit_s:g} s{up.where}.\n  why it must: {why}") from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if raises is not None and isinstance(error, raises):
            print(f"✓ {expression} → raises {type(error).__name__}")
            return
        raise CheckFailed(_it_raised(expression, error, names, expected, raises, why)) from None
    if raises is not None:
        raise CheckFailed(f"{expression}\n  came back: {show(got)}\n  expected:  raises {raises.__name__}\n  why: {why}")
    if expected is True and proof.is_verdict(got):
        if unwritten := proof.unwritten(got):
            raise CheckFailed(_it_raised(expression, unwritten, names, expected, raises, why))
        if not got.passed:
            raise CheckFailed(proof.complaint(expression, got, why))
        print(f"✓ {expression} → {proof.told(got)}")
        return
    if not same(got, expected, within):
        raise CheckFailed(_it_differs(expression, got, expected, within, why))
    print(f"✓ {expression} → {show(got)}")


def same(got: Any, expected: Any, within: float | None = None) -> bool:
    """Whether two values are equal and of the same types, inside containers too; no method of the student's is called."""
    if within is not None and {type(got), type(expected)} <= {int, float}:
        return bool(abs(got - expected) <= within)
    if type(got) is not type(expected):
        return False
    if type(expected) in (list, tuple):
        return len(got) == len(expected) and all(same(a, b, within) for a, b in zip(got, expected, strict=True))
    if type(expected) is dict:
        keys = {(type(key), key) for key in got} == {(type(key), key) for key in expected}
        return keys and all(same(got[key], value, within) for key, value in expected.items())
    if type(expected) in (set, frozenset):
        return {(type(item), item) for item in got} == {(type(item), item) for item in expected}
    return bool(got == expected)


def show(value: Any) -> str:
    """A value as Python writes it, cut when it is very long."""
    try:
        text = repr(value)
    except Exception as error:
        return f"<a {type(value).__name__} whose repr raises {type(error).__name__}>"
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}… ({len(text)} characters)"


def _it_differs(expression: str, got: Any, expected: Any, within: float | None, why: str) -> str:
    kinds = ("", "") if type(got) is type(expected) else (f"  ({type(got).__name__})", f"  ({type(expected).__name__})")
    margin = f", give or take {within:g}" if within is not None else ""
    lines = [expression, f"  came back: {show(got)}{kinds[0]}", f"  expected:  {show(expected)}{kinds[1]}{margin}"]
    if got is None and expected is not None:
        lines.append("  None is what a function gives back when it ends without `return`.")
    elif type(got) is type(expected) and isinstance(got, (list, tuple, str)) and len(repr(expected)) > 40:
        lines.append("  " + _first_difference(got, expected, within))
    return "\n".join([*lines, f"  why: {why}"])


def _first_difference(got: Any, expected: Any, within: float | None) -> str:
    for place, (a, b) in enumerate(zip(got, expected, strict=False)):
        if not same(a, b, within):
            return f"they differ first at [{place}]: {show(a)}, expected {show(b)}"
    return f"they are alike up to where the shorter one ends; lengths {len(got)} and {len(expected)}"


def _it_raised(
    expression: str, error: BaseException, names: dict[str, Any], expected: Any, raises: type[BaseException] | None, why: str
) -> str:
    if isinstance(error, NotImplementedError) and not str(error):
        return "this exercise is not written yet: fill in the solution cell above"
    unwritten = re.match(r"exercise (\w+): write this part", str(error))
    if isinstance(error, NotImplementedError) and unwritten:
        id = unwritten[1]
        return f"exercise {id} is not written yet: fill in the cell {id}-solution above; hint({id!r}) helps"
    wanted = f"raises {raises.__name__}" if raises else show(expected)
    lines = [expression, f"  raised {type(error).__name__}{_where(_steps(error.__traceback__), names)}:"]
    lines += [f"    {line}" for line in (str(error) or "(it has no message)").splitlines()]
    if isinstance(error, NameError) and error.name and error.name not in names and _word_in(error.name, expression):
        lines.append(f"  There is no {error.name!r} here: run the cell that defines it, and do not rename it.")
    return "\n".join([*lines, f"  expected:  {wanted}", f"  why: {why}"])


def _word_in(word: str, expression: str) -> bool:
    return re.search(rf"\b{re.escape(word)}\b", expression) is not None


Step = tuple[FrameType, int]


def _steps(traceback: TracebackType | None) -> list[Step]:
    """Frames of an error from the outermost to where it was raised."""
    steps = []
    while traceback is not None:
        steps.append((traceback.tb_frame, traceback.tb_lineno))
        traceback = traceback.tb_next
    return steps


def _frames(frame: FrameType | None) -> list[Step]:
    """Frames from the outermost to this one, but none outside of the expression that is checked."""
    steps: list[Step] = []
    while frame is not None and frame.f_code.co_filename != "<check>":
        steps.insert(0, (frame, frame.f_lineno))
        frame = frame.f_back
    return steps


def _where(steps: list[Step], names: dict[str, Any]) -> str:
    """The innermost line of the student's own: code whose globals are the notebook's names."""
    for frame, number in reversed(steps):
        code = frame.f_code
        if frame.f_globals is names and code.co_filename != "<check>" and code.co_name != "<module>":
            line = linecache.getline(code.co_filename, number).strip()
            return f" in {code.co_name}, line {number}" + (f", `{line}`" if line else "")
    return ""


def _where_now(frame: FrameType | None, names: dict[str, Any]) -> str:
    """Where the student's code is now: in this thread, or in another OS thread if this one only waits for it."""
    others = (other for tid, other in sys._current_frames().items() if tid != threading.get_ident())
    found = (_where(_frames(each), names) for each in (frame, *others))
    return next((where for where in found if where), "")
