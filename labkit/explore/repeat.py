"""Whether a whole program is again in a state in which it was before: then it can go round for ever.

The state is what every thread's frames hold, and all that can be reached from there. Whatever cannot be read into makes a
state that equals no other, so nothing is called a repetition that might not be one.
"""

from __future__ import annotations

from types import FrameType
from typing import Any

from labkit.explore.explored import Explored
from labkit.explore.kinds import ATOM, BOX, OWN, SYNC, kind_of
from labkit.explore.watch import slots
from labkit.sync import Primitive
from labkit.thread import EXITED, Thread

_GROWING = frozenset({"run_id", "load", "log", "switches", "stack", "stack_used", "stack_peak", "start_us"})
"""What the simulated kernel counts and notes and never looks at."""


class State:
    """Reads the state of a program while one of its threads asks.

    Args:
        rewritten: code of the student's; the frames of others hold nothing of his.
        threads: all threads of the run.
        globals_: the values of the globals that the program sets, and whatever else it may come upon.
    """

    def __init__(self, rewritten: set[Any], threads: list[Explored], globals_: list[Any]) -> None:
        self.rewritten = rewritten
        self.threads = threads
        self.globals = globals_
        self.seen: dict[int, int] = {}

    def signature(self, me: Explored, frame: FrameType) -> Any:
        """A value that is equal for equal states."""
        parts: list[Any] = [self.value(v) for v in self.globals]
        for thread in self.threads:
            if thread.state == EXITED:
                parts.append(EXITED)
                continue
            at: FrameType | None = frame if thread is me else getattr(thread.carrier, "gr_frame", None)
            op = thread.op
            parts.append((thread.state, op and (op.footprint, op.what[0]), tuple(self._frames(at, thread is me))))
        return tuple(parts)

    def _frames(self, frame: FrameType | None, mine: bool) -> list[Any]:
        found = []
        while frame is not None:
            code = frame.f_code
            if code in self.rewritten:
                own = [(k, self.value(v)) for k, v in sorted(frame.f_locals.items()) if not k.startswith("_lk")]
                found.append((code, frame.f_lasti, tuple(own)))
            frame = frame.f_back
        return found

    def value(self, value: Any) -> Any:
        """A value, and all that can be reached from it, as something that can be compared."""
        kind = kind_of(value)
        if kind == ATOM and type(value).__module__.startswith("labkit.simkernel"):
            kind = OWN
        if kind == ATOM:
            return tuple(self.value(v) for v in value) if type(value) is tuple else _plain(value)
        known = self.seen.get(id(value))
        if known is not None:
            return ("again", known)
        self.seen[id(value)] = len(self.seen)
        if kind == BOX:
            items = value.items() if isinstance(value, dict) else sorted(value, key=repr) if isinstance(value, set) else value
            return (type(value), tuple(self.value(v) for v in items))
        if kind == SYNC:
            return self._sync(value)
        if kind == OWN:
            left_out = _GROWING if type(value).__module__.startswith("labkit.simkernel") else ()
            held = dict(getattr(value, "__dict__", {}))
            held |= {n: getattr(value, n, None) for k in type(value).__mro__ for n in slots(k)}
            return (type(value), tuple((n, self.value(v)) for n, v in held.items() if n not in left_out))
        return object()  # equal to nothing

    def _sync(self, value: Any) -> Any:
        if isinstance(value, Thread):
            return ("thread", getattr(value, "index", None), value.state)
        assert isinstance(value, Primitive)
        held = {k: v for k, v in vars(value).items() if k not in ("_name", "_given", "name")}
        parts = []
        for name, part in held.items():
            queue = getattr(part, "threads", None)
            parts.append((name, tuple(t.index for t in queue) if queue is not None else self.value(part)))
        return (type(value), tuple(parts))


def _plain(value: Any) -> Any:
    """What cannot change: equal if equal, a function only if the same."""
    try:
        hash(value)
    except TypeError:
        return object()
    return value
