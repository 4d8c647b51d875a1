"""Whether a whole program is again in a state in which it was before: then it can go round for ever.

The state is what every thread's frames hold, and all that can be reached from there. Whatever cannot be read into makes a
state that equals no other, so nothing is called a repetition that might not be one.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import CellType, FrameType, FunctionType, GeneratorType, MethodType
from typing import Any

from labkit.explore.explored import Explored
from labkit.explore.independence import Place
from labkit.explore.instrument import HOOKS
from labkit.explore.kinds import ATOM, BOX, CLASS, MODULE, OWN, SYNC, kind_of, own
from labkit.explore.watch import slots
from labkit.sync import Primitive
from labkit.thread import EXITED, Thread

_GROWING = frozenset({"run_id", "load", "log", "switches", "stack", "stack_used", "stack_peak", "start_us"})
"""What the simulated kernel counts and notes and never looks at."""
_EMPTY: tuple[Any, ...] = ((), [], "", b"", bytearray(), range(0), range(2**70), {}, {}.values(), {}.items(), set())
_TELLING: frozenset[type] = frozenset(type(iter(empty)) for empty in _EMPTY)
_TELLING |= {enumerate, zip, map, filter, reversed, type(reversed([])), type(reversed({}))}
"""Iterators of Python's own which say how far they have come."""
GOING: set[Any] = set()
"""The code of the hooks' own iterators, through lists and dicts."""


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
            parts.append((thread.state, op and (op.footprint, op.what[0]), tuple(self._frames(at, thread.goes))))
        return tuple(parts)

    def _frames(self, frame: FrameType | None, goes: dict[int, dict[int, Any]]) -> list[Any]:
        found = []
        while frame is not None:
            code = frame.f_code
            if code in self.rewritten:
                own = [(k, self.value(v)) for k, v in sorted(frame.f_locals.items()) if not k.startswith(HOOKS)]
                far = [(n, self.value(made)) for n, made in goes.get(id(frame), {}).items()]
                found.append((code, frame.f_lasti, tuple(own), tuple(far)))
            frame = frame.f_back
        return found

    def value(self, value: Any) -> Any:
        """A value, and all that can be reached from it, as something that can be compared."""
        kind = kind_of(value)
        if kind == ATOM and type(value).__module__.startswith("labkit.simkernel"):
            kind = OWN
        if kind == ATOM:
            return self._fixed(value)
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
        if type(value) is CellType:
            return self._inside(value)
        if kind == CLASS:
            return (id(value), self._of_class(value))
        return id(value) if kind == MODULE else self._far(value)  # what is set in a module is among the globals

    def _fixed(self, value: Any) -> Any:
        """What cannot change itself; but what it refers to can."""
        if type(value) is tuple:
            return tuple(self.value(v) for v in value)
        if isinstance(value, MethodType):
            return ("method", self.value(value.__func__), self.value(value.__self__))
        if not isinstance(value, FunctionType) or not own(value.__module__):
            return _plain(value)
        known = self.seen.get(id(value))
        if known is not None:
            return ("again", known)
        self.seen[id(value)] = len(self.seen)
        cells = zip(value.__code__.co_freevars, value.__closure__ or (), strict=True)
        inside = tuple((name, self._inside(cell)) for name, cell in cells if name != HOOKS)
        return (value.__code__, inside, self.value(value.__defaults__), self.value(value.__kwdefaults__), self.value(vars(value)))

    def _inside(self, cell: Any) -> Any:
        try:
            return self.value(cell.cell_contents)
        except ValueError:  # it is empty
            return None

    def _of_class(self, kind: type) -> Any:
        if not own(kind.__module__):
            return None
        held = [(n, v) for n, v in vars(kind).items() if not n.startswith("__") and not hasattr(type(v), "__get__")]
        return tuple((n, self.value(v)) for n, v in held)

    def _far(self, made: Any) -> Any:
        """How far an iterator has come, and through what; for one that does not tell, what equals nothing."""
        if type(made) is GeneratorType and made.gi_code in GOING:
            at = made.gi_frame
            return at and (at.f_lasti, tuple((n, self.value(v)) for n, v in at.f_locals.items() if n in ("thing", "i", "made")))
        if type(made) not in _TELLING:
            return object()
        return (type(made), self.value(made.__reduce__()))

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


def things(old: dict[int, Any], met: Iterable[Place]) -> list[Any]:
    """What is older than the run among the things that these places are parts of: no frame need lead there."""
    found: dict[Any, Any] = {}
    for place in met:
        if isinstance(place, tuple):
            key = place[1] if place[0] == "cell" else place[0]
            thing = old.get(key) if isinstance(key, int) else None
            if thing is not None and not (isinstance(thing, dict) and "__builtins__" in thing):  # those globals come by name
                found[key] = thing
    return list(found.values())


def _plain(value: Any) -> Any:
    """What cannot change: equal if equal, a function only if the same."""
    try:
        hash(value)
    except TypeError:
        return object()
    return value
