"""The machines on which every law of the simkernel is tested: those that repeat exactly, and one that does not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from labkit import run
from labkit.machines import Cooperative, Preemptive, Pthread
from labkit.simkernel import program

MACHINES: dict[str, tuple[Callable[[], Any], dict[str, Any]]] = {
    "cooperative": (Cooperative, {}),
    "points-1": (Preemptive, {"timeslice_points": 1}),
    "points-3": (Preemptive, {"timeslice_points": 3}),
    "baton-points-2": (lambda: Pthread("baton"), {"timeslice_points": 2}),
}

everywhere = pytest.mark.parametrize("on", MACHINES)
"""Run a test with `on` as each of these machines."""


def result(on: str, init: Callable[[], Any], **settings: Any) -> Any:
    """What init() returns in a simkernel on a machine."""
    make, words = MACHINES[on]
    return run(program(init, **settings), make(), **words).result
