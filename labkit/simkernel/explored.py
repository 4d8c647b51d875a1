"""What the explorer has to be told of the simulated kernel, and no other machine asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit import here


def is_explored() -> bool:
    """Whether the explorer runs the kernel."""
    return bool(here.machine.name == "explore")


def touches(kernel: object) -> tuple[here.Touches, here.Touches]:
    """What an operation touches: all of the kernel; or nothing but its own thing, and that the power is on.

    # Why: whose state an operation may change is known only when it happens, so the explorer is told the most.
    """
    return here.Touches(((kernel, "", True),)), here.Touches(((None, "", True), (kernel, "power", False)))


def look(op: str, on: object, kernel: Any, what: here.Touches | None = None) -> None:
    """Kernel state is read or changed between two operations. To the explorer that is one more; elsewhere it is none."""
    if is_explored() and not kernel.off:  # Why: when the power is off nobody can tell any more who came first
        here.machine.point(op, on, what or kernel.all)


def observed(fn: Callable[..., Any]) -> Callable[..., Any]:
    """A function of the program's as the machine runs it: the explorer's is one that tells what it reads and writes."""
    program = getattr(here.machine, "program", None)
    return fn if program is None else program.function(fn)
