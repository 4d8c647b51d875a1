"""Kinds of things, as far as it matters who can change them: sorted once for each type, asked at every access."""

from __future__ import annotations

import collections
import sys
import threading
import types
from typing import Any, Final

from labkit.sync import Primitive
from labkit.thread import Thread

CONTAINERS = (list, dict, set, collections.deque, bytearray)
ATOMS = (int, float, str, bytes, bool, type(None), complex, range, frozenset)
WHOLE = "*"
"""Stands for a container's length and order; an item's place is its key or index."""

UNSEEN = frozenset({"time", "random", "os", "posix", "socket", "threading", "_thread", "select", "subprocess", "queue", "_queue",
                    "_random", "multiprocessing", "asyncio", "_asyncio", "secrets", "uuid", "datetime", "_datetime", "_io", "io",
                    "logging", "concurrent", "greenlet", "signal", "_signal", "sched", "weakref", "gc"})  # fmt: skip
"""Modules whose functions decide, wait or talk where the explorer cannot see."""
WAITING = frozenset({"threading", "_thread", "queue", "_queue", "multiprocessing", "asyncio", "_asyncio", "concurrent", "select",
                     "socket", "subprocess", "signal", "greenlet", "sched"})  # fmt: skip
"""Those of them that could stop all threads at once: they are not called at all."""

UNCHANGING = frozenset({"decimal", "fractions", "re", "pathlib", "enum", "typing", "ipaddress", "numbers", "string"})
"""Modules whose objects do not change, or nobody changes."""

ATOM: Final = 0  # cannot change
BOX: Final = 1  # a built-in container, or a class derived from one
OWN: Final = 2  # an object of the student's class
SYNC: Final = 3  # a labkit primitive or thread
MODULE: Final = 4
CLASS: Final = 5
VIEW: Final = 6  # what dict.keys(), values() and items() give
OPAQUE: Final = 7  # an object of C, or of a library
FOREIGN: Final = 8  # of a module that cannot be observed

_kinds: dict[type, int] = {}
_students: list[type] = []  # those of them that may have been made by a run, and go with it
_own: dict[str, bool] = {}
_VIEWS: tuple[type, ...] = (type({}.keys()), type({}.values()), type({}.items()))
_FIXED = (tuple, slice, types.FunctionType, types.MethodType, types.BuiltinFunctionType, type(Ellipsis), type(NotImplemented),
          types.CodeType, BaseException, types.GenericAlias, types.MappingProxyType, property)  # fmt: skip


def kind_of(thing: Any) -> int:
    """What kind of thing it is."""
    kind = _kinds.get(type(thing))
    return _classify(thing) if kind is None else kind


def _classify(thing: Any) -> int:
    kind = type(thing)
    module = (kind.__module__ or "").split(".")[0]
    if isinstance(thing, (Primitive, Thread)):
        found = SYNC
    elif isinstance(thing, types.ModuleType):
        found = MODULE
    elif isinstance(thing, type):
        found = CLASS
    elif isinstance(thing, CONTAINERS):
        found = BOX
    elif own(kind.__module__) or getattr(kind, "observed", False) is True:  # the Thread that a program sees for threading's
        found = OWN
    elif isinstance(thing, _VIEWS):
        found = VIEW
    elif isinstance(thing, (*ATOMS, *_FIXED)) or module == "labkit" or module in UNCHANGING:
        found = ATOM
    else:
        found = FOREIGN if module in UNSEEN else OPAQUE
    _kinds[kind] = found
    if own(kind.__module__):
        _students.append(kind)
    return found


def forget() -> None:
    """A run has ended: keep no class alive that it made."""
    while _students:
        _kinds.pop(_students.pop(), None)


def own(module: str | None) -> bool:
    """Whether a module is the student's: not labkit, not installed, not the standard library."""
    known = _own.get(module or "")
    if known is None:
        known = _own[module or ""] = _is_own(module or "")
    return known


def _is_own(module: str) -> bool:
    top = module.split(".", maxsplit=1)[0]
    if module == CANARY or top == "__main__":  # Why: a notebook's names live in __main__, whoever started it, pytest as well
        return True
    if top in ("labkit", "builtins", "greenlet") or top in sys.stdlib_module_names:
        return False
    file = getattr(sys.modules.get(module), "__file__", None) or ""
    return "site-packages" not in file and "dist-packages" not in file


def own_class(kind: type) -> bool:
    """Whether a class, or one it derives from, is the student's."""
    return any(own(k.__module__) for k in kind.__mro__)


def derived(kind: type) -> str:
    """The class of threading, queue and so on that a student's class derives from, and that cannot be observed; or ""."""
    for base in kind.__mro__:
        top = base.__module__.split(".")[0]
        if top in WAITING and not issubclass(base, BaseException | threading.Thread):
            return f"{base.__module__}.{base.__name__}"
    return ""


CANARY = "labkit.explore.canary"
"""The one module of labkit that is treated as a student's: the explorer tries itself on it."""
