"""Reads and writes of attributes: of objects, classes, modules, and of labkit's own things."""

from __future__ import annotations

import types
from typing import Any

from labkit import here
from labkit.explore.independence import ANY, LOOK, READ, WRITE, Footprint, state_of
from labkit.explore.kinds import ATOM, BOX, CLASS, FOREIGN, MODULE, OPAQUE, SYNC, kind_of, own
from labkit.explore.rewriting import LOOKING, Base
from labkit.explore.watch import slots
from labkit.sync import Atomic
from labkit.thread import Thread

_MISSING = object()
_FIXED_PARTS = frozenset(
    {
        "name",
        "kind",
        "parties",
        "capacity",
        "lock",
        "tid",
        "attributes",
        "reentrant",
        "action",
        "args",
        "fn",
        "comm",
        "full_name",
        "pid",
        "tgid",
        "ppid",
        "real_parent",
        "mm",
        "active_mm",
        "data",
        "threadfn",
    }
)
"""Attributes of labkit's things that never change."""


class Attributes(Base):
    """The part of Hooks that announces attributes."""

    def ra(self, thing: Any, name: str, word: str, line: int) -> Any:
        """Read an attribute."""
        if self.watch.names is not None:
            thing = self.watch.names.of(thing, line)
        footprint = self.attribute(thing, name, READ, line)
        if footprint:
            self.watch.touch(footprint, ("reads", (thing, name, word), line))
        value = getattr(thing, name)
        if footprint:
            self._tell(value)
        if name == "__dict__" and isinstance(value, dict):
            self.watch.alias(value, self.watch.key(thing))
        return value

    def wa(self, thing: Any, name: str, value: Any, word: str, line: int) -> None:
        """Set an attribute."""
        if self.watch.names is not None:
            thing = self.watch.names.of(thing, line)
        self._change(thing, name, ("writes", (thing, name, word), line, value), line)
        setattr(thing, name, value)

    def da(self, thing: Any, name: str, word: str, line: int) -> None:
        """Delete an attribute."""
        if self.watch.names is not None:
            thing = self.watch.names.of(thing, line)
        self._change(thing, name, ("deletes", (thing, name, word), line), line)
        delattr(thing, name)

    def _change(self, thing: Any, name: str, what: Any, line: int) -> None:
        self._save_attribute(thing, name)
        if isinstance(thing, types.ModuleType):
            self._module_set(thing, name)
        elif isinstance(thing, Atomic):
            self.save_atomic(thing)
        footprint = self.attribute(thing, name, WRITE, line)
        if footprint:
            self.watch.touch(footprint, what)

    def _module_set(self, module: types.ModuleType, name: str) -> None:
        place = (self.watch.key(vars(module)), name)
        if place not in self.watch.rebound:
            self.watch.rebound.add(place)
            self.watch.learnt = True

    def attribute(self, thing: Any, name: str, write: bool, line: int) -> Footprint:
        """What an attribute's place is called; () if it is no place: a method, something that cannot change."""
        kind = kind_of(thing)
        if kind in (ATOM, SYNC):
            if kind == ATOM and type(thing).__module__.startswith("labkit.simkernel") and name not in _FIXED_PARTS:
                self.watch.not_seen(f".{name} of a {type(thing).__name__}", line)
            if kind == SYNC and (write or not callable(getattr(thing, name, None))):
                self._sync(thing, name, write, line)
            return ()
        if kind == MODULE:
            return self._of_module(thing, name, write)
        if kind == CLASS:
            return self._of_class(thing, name, write)
        if kind == FOREIGN:
            self.watch.not_seen(f".{name} of a {type(thing).__module__}.{type(thing).__name__}", line)
            return ()
        self.patch(type(thing))
        key = self.watch.key(thing)
        if write:
            if self._is_method(type(thing), name):
                self.watch.not_seen(f"the method {type(thing).__name__}.{name}, which is replaced in one object", line)
            return (((key, name), WRITE),)
        found = self._found_in_class(type(thing), name)
        if found is None or isinstance(found[1], types.MemberDescriptorType):
            return (((key, name), READ),)
        owner, value = found
        if _is_descriptor(value):
            return ()
        return (((key, name), READ), ((self.watch.key(owner), name), READ))

    @staticmethod
    def _found_in_class(kind: type, name: str) -> tuple[type, Any] | None:
        for each in kind.__mro__:
            if name in each.__dict__:
                return each, each.__dict__[name]
        return None

    def _is_method(self, kind: type, name: str) -> bool:
        found = self._found_in_class(kind, name)
        return found is not None and isinstance(found[1], (types.FunctionType, classmethod, staticmethod))

    def _of_module(self, module: types.ModuleType, name: str, write: bool) -> Footprint:
        value = vars(module).get(name)
        if not write and (isinstance(value, (types.FunctionType, types.BuiltinFunctionType, type, types.ModuleType))):
            return (
                () if (self.watch.key(vars(module)), name) not in self.watch.rebound else self._module_place(module, name, READ)
            )
        return self._module_place(module, name, write)

    def _module_place(self, module: types.ModuleType, name: str, write: bool) -> Footprint:
        return (((self.watch.key(vars(module)), name), write),)

    def _of_class(self, kind: type, name: str, write: bool) -> Footprint:
        if not own(kind.__module__):
            return ()
        self.patch(kind)
        if write:
            if self._is_method(kind, name):
                self.watch.not_seen(f"the method {kind.__name__}.{name}, which is replaced", 0)
            return (((self.watch.key(kind), name), WRITE),)
        found = self._found_in_class(kind, name)
        if found is not None and _is_descriptor(found[1]):
            return ()
        kinds = kind.__mro__[: kind.__mro__.index(found[0]) + 1] if found else (kind,)
        return tuple([((self.watch.key(k), name), READ) for k in kinds])

    # ---- labkit's own things

    def _sync(self, thing: Any, name: str, write: bool, line: int) -> None:
        """An attribute of a primitive or a thread, looked at without an operation."""
        if name in _FIXED_PARTS or name.startswith("__"):
            return
        if isinstance(thing, Thread):
            if own(type(thing).__module__):
                self.watch.touch((((self.watch.key(thing), name), write),), ("uses", f"thread.{name}", line))
            else:
                self.watch.not_seen(f".{name} of a thread", line)
        elif name in getattr(thing, "__dict__", ()) or isinstance(getattr(type(thing), name, None), property):
            self.peek(thing, f"reads .{name} of {thing.describe()}", line, write)

    def peek(self, thing: Any, verb: str, line: int, write: bool = READ) -> None:
        """Look at a primitive (or, with an Atomic, set its value): an operation without a name."""
        if here.machine.unjoined:
            state = state_of(thing)
            rule = ANY if write else LOOK
            here.machine.arrive((((self.watch.key(thing), ""), write),), (verb, "", line), rule, None, lambda _: state(thing))

    def looks(self, thing: Any, name: str) -> bool:
        """Whether a method of a primitive only looks at it."""
        return name in LOOKING

    # ---- putting back

    def _save_attribute(self, thing: Any, name: str) -> None:
        if id(thing) not in self.watch.old or kind_of(thing) == SYNC:
            return

        def copy() -> Any:
            kinds = thing.__mro__[:1] if isinstance(thing, type) else type(thing).__mro__
            had = name in getattr(thing, "__dict__", ()) or any(name in slots(k) for k in kinds)
            old = getattr(thing, name, _MISSING) if had else _MISSING
            if old is _MISSING:
                return lambda: _delete(thing, name)
            return lambda: setattr(thing, name, old)

        self.watch.save((id(thing), name), copy)

    def save_atomic(self, thing: Atomic) -> None:
        """An Atomic keeps its value after a run; here it gets the old one back."""
        old = thing.value
        self.watch.save((id(thing), "value"), lambda: lambda: setattr(thing, "value", old))


def _delete(thing: Any, name: str) -> None:
    try:
        delattr(thing, name)
    except AttributeError:
        return


def _is_descriptor(value: Any) -> bool:
    """Whether what stands in a class is called or computed, and not simply the attribute's value."""
    return hasattr(type(value), "__get__")


__all__ = ["BOX", "OPAQUE", "Attributes"]
