"""What no code in a process may change any more, and what it may not look at unseen: labkit's classes, and ways to a frame.

Done once, in the process that all checks are forked from, by setting bits in objects of CPython for which Python itself has
no words. Two bits (Include/cpython/object.h, Include/descrobject.h; the same in 3.11 to 3.13):

- Py_TPFLAGS_IMMUTABLETYPE in a class: `Verdict.passed = mine` raises TypeError, as `int.real = mine` does.
- Py_AUDIT_READ in the description of an attribute written in C: to read it raises an audit event, as `f.__code__` does.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import ctypes
import gc
import sys
import types
from collections.abc import Callable, Iterable
from typing import Any, Final

IMMUTABLE: Final = 1 << 8
FLAGS_AT: Final = 168
"""Offset of tp_flags in PyTypeObject on 64-bit machines; looked at before it is written."""
MEMBER_AT: Final = 40
"""Offset of d_member in PyMemberDescrObject."""
AUDIT_READ: Final = 2
Handlers = list[tuple[int, Any]]
_handler_of, _handle, _set_timer = _signal.getsignal, _signal.signal, _signal.setitimer
_SIGNALS: Final = tuple(sorted(_signal.valid_signals()))
_TIMERS: Final = (_signal.ITIMER_REAL, _signal.ITIMER_VIRTUAL, _signal.ITIMER_PROF)
_trace_switches: list[Callable[[Any], Any]] = []
"""greenlet.settrace itself."""
NOT_SEALED: Final = ("labkit.explore.canary",)
"""The explorer tries itself on its class, and rewrites it as it would a student's."""
VERSION_AT: Final = 24
"""Offset of ma_version_tag in PyDictObject."""
COUNTED: Final = sys.version_info < (3, 13)
"""3.11 and 3.12 have it."""
SIZE: Final = 8
INWARDS: Final = {types.FunctionType: ("__globals__", "__closure__", "__builtins__")}
"""Attributes that lead from a function into the module, or the function, that it belongs to."""


def seal(modules: Iterable[types.ModuleType]) -> None:
    """Seal the classes of these modules, and put bells on the doors."""
    for module in modules:
        if module.__name__ in NOT_SEALED:
            continue
        for value in list(vars(module).values()):
            if isinstance(value, type) and value.__module__ == module.__name__:
                _make_immutable(value)
    for kind, names in INWARDS.items():
        for name in names:
            _make_audited(vars(kind)[name], name)
    _bell_on_signals()
    _bell_on_greenlets()
    _bell_on_builtin_modules()
    _bell_on_globals()
    _away_with_ctypes()


class Versions:
    """Of some dicts, a number each that every write to it changes: to read them touches none of the objects inside.

    Args:
        spaces: the dicts.
    """

    def __init__(self, spaces: Iterable[dict[str, Any]]) -> None:
        self.numbers = [(ctypes.c_char * SIZE).from_address(id(space) + VERSION_AT) for space in spaces]
        self.then = b"".join(self.numbers)

    def changed(self) -> list[int]:
        """Which of them were written to since; perhaps all, where this Python does not count."""
        now, then = b"".join(self.numbers), self.then
        if now == then and COUNTED:
            return []
        places = range(len(self.numbers))
        return [i for i in places if now[SIZE * i : SIZE * i + SIZE] != then[SIZE * i : SIZE * i + SIZE] or not COUNTED]


def handlers_off() -> Handlers:
    """From now on no signal and no switch calls anything of Python's, and no timer runs; the handlers that there were."""
    found = []
    for trace in _trace_switches:
        trace(None)
    for timer in _TIMERS:
        _set_timer(timer, 0)
    for number in _SIGNALS:
        if callable(handler := _handler_of(number)):
            _handle(number, _signal.SIG_IGN)
            found.append((number, handler))
    return found


def handlers_on(handlers: Handlers) -> None:
    """As it was before handlers_off(), but for timers."""
    for number, handler in handlers:
        _handle(number, handler)


def _make_immutable(kind: type) -> None:
    flags = ctypes.c_ulong.from_address(id(kind) + FLAGS_AT)
    if flags.value == kind.__flags__:
        flags.value |= IMMUTABLE
        for each in vars(kind).values():
            if isinstance(each, type) and each.__module__ == kind.__module__ and not each.__flags__ & IMMUTABLE:
                _make_immutable(each)


def _make_audited(descriptor: Any, name: str) -> None:
    member = ctypes.c_void_p.from_address(id(descriptor) + MEMBER_AT).value
    assert member is not None
    if ctypes.c_char_p.from_address(member).value == name.encode():
        ctypes.c_int.from_address(member + 24).value |= AUDIT_READ


def _bell_on_signals() -> None:
    """A signal's handler is given the frame that it interrupts, and from there the way is open to all others."""
    _signal.signal = _belled("labkit.handler", _signal.signal)


def _bell_on_greenlets() -> None:
    """greenlet.gr_frame is the frame of a thread that stands still."""
    greenlet: Any = sys.modules["greenlet"]
    _trace_switches.append(greenlet.settrace)
    belled = _belled("labkit.greenlet_trace", greenlet.settrace)
    for module in (greenlet, sys.modules["greenlet._greenlet"]):
        vars(module)["settrace"] = belled
    space = gc.get_referents(vars(greenlet.greenlet))[0]
    if isinstance(space, dict) and "gr_frame" in space:
        space["gr_frame"] = property(_belled("labkit.gr_frame", space["gr_frame"].__get__))
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(greenlet.greenlet))


def _bell_on_builtin_modules() -> None:
    """A second copy of a module that is part of Python has functions without a bell."""
    import _imp

    _imp.create_builtin = _belled("labkit.create_builtin", _imp.create_builtin)


def _bell_on_globals() -> None:
    """globals() gives the names of the notebook, for whoever wants to change one while a check looks at it."""
    import builtins

    space: dict[str, Any] = {"__name__": "bell", "audit": sys.audit, "frame": sys._getframe}
    exec("def globals():\n    audit('labkit.globals')\n    return frame(1).f_globals", space)
    builtins.globals = space["globals"]


def _away_with_ctypes() -> None:
    """Whoever imports it is seen: an import of what is there already raises no event."""
    for name in [each for each in sys.modules if each.partition(".")[0] in ("ctypes", "_ctypes")]:
        del sys.modules[name]


def _belled(event: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, after an audit event. Its module is not labkit's: who calls it is whose deed it is."""
    space: dict[str, Any] = {"__name__": "bell", "audit": sys.audit, "function": function}
    exec(f"def bell(*arguments):\n    audit({event!r})\n    return function(*arguments)", space)
    made: Callable[..., Any] = space["bell"]
    return made
