"""What the explorer has to be told of the simulated kernel, and no other machine asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit import here


def is_explored() -> bool:
    """Whether the explorer runs the kernel."""
    return bool(here.machine.name == "explore")


def look(op: str, on: object, kernel: Any, touches: here.Touches | None = None) -> None:
    """Kernel state is read or changed between two operations. To the explorer that is one more; elsewhere it is none."""
    if is_explored() and not kernel.off:  # Why: when the power is off nobody can tell any more who came first
        here.machine.point(op, on, touches or kernel.all)


def observed(fn: Callable[..., Any]) -> Callable[..., Any]:
    """A function of the program's as the machine runs it: the explorer's is one that tells what it reads and writes."""
    program = getattr(here.machine, "program", None)
    return fn if program is None else program.function(fn)  # type: ignore[no-any-return]
