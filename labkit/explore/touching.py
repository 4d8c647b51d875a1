"""Operations of the simulated kernel, which say themselves what they touch: most touch all of the kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit.explore.independence import Footprint
from labkit.here import Touches


def footprint_of(touches: Touches, machine: Any, on: Any) -> Footprint:
    """The places, by the names that things have in every run; what is older than the run will be put back after it."""
    watch = machine.watch
    machine.roots |= {id(thing): thing for thing, _, _ in touches.places if thing is not None}
    if id(on) in watch.old and hasattr(on, "__dict__"):
        watch.save(("all of", id(on)), lambda: _keep(on))
    return tuple([((watch.key(on if thing is None else thing), part), write) for thing, part, write in touches.places])


def _keep(thing: Any) -> Callable[[], None]:
    """Take a copy of a thing's state; returns how to restore it."""
    old = {name: value.copy() if isinstance(value, (list, dict, set)) else value for name, value in vars(thing).items()}

    def put_back() -> None:
        vars(thing).clear()
        vars(thing).update(old)

    return put_back
