"""What rewritten code calls: each read and write of plain Python data, announced before it happens.

Only places that two threads really touch, one of them writing, are worth a scheduling point. Which those are is learnt:
a run notes who touches what, and when a place turns out to be shared the search begins again with that place watched.
A place that no two threads ever touch in any explored schedule can be left out: with it watched, the search would have
found no race there either, and so would have explored the very same schedules.
"""

from __future__ import annotations

import builtins
import collections
import operator
import types
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from labkit import here
from labkit.explore.independence import READ, WRITE, Place
from labkit.explore.instrument import NoSource, rewrite
from labkit.explore.machine import Op
from labkit.sync import Primitive
from labkit.thread import Thread

CONTAINERS = (list, dict, set, collections.deque, bytearray)
ATOMS = (int, float, str, bytes, bool, type(None), complex, range, frozenset)
WHOLE = "*"
"""Stands for a container's length and order; an item's place is its key or index."""

READING = frozenset({"keys", "values", "items", "index", "count", "copy", "union", "intersection", "difference", "issubset",
                     "issuperset", "isdisjoint", "symmetric_difference", "__contains__", "__len__", "__iter__", "__eq__"})  # fmt: skip
"""Methods of the built-in containers that change nothing."""

UNSEEN = frozenset({"time", "random", "os", "posix", "socket", "threading", "_thread", "select", "subprocess", "queue", "_queue",
                    "_random", "multiprocessing", "asyncio", "secrets", "uuid", "datetime", "_datetime", "_io", "io"})  # fmt: skip
"""Modules whose functions decide, wait or talk where the explorer cannot see."""

_MISSING = object()
_AUG = {"Add": operator.iadd, "Sub": operator.isub, "Mult": operator.imul, "Div": operator.itruediv, "Mod": operator.imod,
        "FloorDiv": operator.ifloordiv, "Pow": operator.ipow, "BitAnd": operator.iand, "BitOr": operator.ior,
        "BitXor": operator.ixor, "LShift": operator.ilshift, "RShift": operator.irshift, "MatMult": operator.imatmul}  # fmt: skip


class Unseen(NamedTuple):
    """Something that could not be observed, so that passing proves nothing."""

    what: str
    line: int


class Watch:
    """The shared places of a program: which are watched, what they are called, how they were at the start.

    Attributes:
        watched: places that are scheduling points.
        learnt: whether this run found a place that should have been watched.
        unseen: accesses and calls that could not be observed.
    """

    def __init__(self) -> None:
        self.watched: set[Place] = set()
        self.unseen: dict[Unseen, None] = {}
        self.old: dict[int, Any] = {}  # objects from before the run, kept alive so that their ids stay theirs
        self.codes: dict[types.CodeType, types.CodeType | None] = {}
        self.rewritten: set[types.CodeType] = set()
        self.patched: dict[type, dict[str, Any]] = {}
        self.begin()

    def begin(self) -> None:
        """A run begins."""
        self.learnt = False
        self.first: dict[Place, int] = {}  # place → who touched it first; -1 when several have
        self.written: set[Place] = set()
        self.keys: dict[int, Place] = {}
        self.alive: list[Any] = []
        self.undo: list[Callable[[], None]] = []
        self.undone: set[Any] = set()

    def restore(self) -> None:
        """Put back what the run changed in things that are older than it."""
        for step in reversed(self.undo):
            step()
        self.undo.clear()

    def close(self) -> None:
        """Give the classes that were rewritten their own methods back."""
        for kind, members in self.patched.items():
            for name, member in members.items():
                setattr(kind, name, member)
        self.patched.clear()

    # ---- naming

    def made(self, value: Any) -> Any:
        """A new object: named after its maker, so that it has the same name in every run."""
        me = here.machine.current
        if me is not None and id(value) not in self.keys:
            me.serial += 1
            self.keys[id(value)] = (me.index, me.serial)
            self.alive.append(value)
        return value

    def key(self, thing: Any) -> Place:
        """The name of an object."""
        key = self.keys.get(id(thing))
        if key is None:
            key = self.keys[id(thing)] = id(thing)
            self.old[id(thing)] = thing
        return key

    def is_old(self, thing: Any) -> bool:
        """Whether an object is from before the run, so that what the run changes in it must be put back."""
        return isinstance(self.key(thing), int)

    # ---- accesses

    def touch(self, places: tuple[tuple[Place, bool], ...], verb: str, name: str, line: int, on: Any = None) -> None:
        """The current thread is about to read or write some places."""
        machine = here.machine
        if machine.unjoined == 0 or machine.current is None:
            return  # alone: nobody can come before or after
        watched = self.watched
        footprint = tuple(p for p in places if p[0] in watched)
        me = machine.current
        if len(footprint) != len(places):
            index = me.index
            for place, write in places:
                if place in watched:
                    continue
                first = self.first.setdefault(place, index)
                if write:
                    self.written.add(place)
                    me.wrote = True
                else:
                    me.reads.add(place)
                if first != index:
                    self.first[place] = -1
                    if place in self.written:
                        watched.add(place)
                        self.learnt = True
        if footprint:
            machine.arrive(Op(footprint, None, on, None, None, (verb, name, line)))

    def not_seen(self, what: str, line: int) -> None:
        """Remember something that could not be observed."""
        self.unseen.setdefault(Unseen(what, line))

    # ---- functions and classes

    def function(self, f: Any) -> Any:
        """A function as the explorer runs it: rewritten, if it is the student's own."""
        if isinstance(f, types.MethodType):
            return types.MethodType(self.function(f.__func__), f.__self__)
        if not isinstance(f, types.FunctionType) or f.__code__ in self.rewritten or not own(f.__module__):
            return f
        code = f.__code__
        if code not in self.codes:
            self.codes[code] = self._rewrite(f)
        new = self.codes[code]
        if new is None:
            return f
        cells = dict(zip(code.co_freevars, f.__closure__ or (), strict=True))
        hooks = Hooks(self, f.__globals__, cells)
        closure = tuple(types.CellType(hooks) if n == "_lk" else cells[n] for n in new.co_freevars)
        made = types.FunctionType(new, f.__globals__, f.__name__, f.__defaults__, closure)
        made.__kwdefaults__ = f.__kwdefaults__
        made.__qualname__ = f.__qualname__
        made.__dict__.update(f.__dict__)
        return made

    def _rewrite(self, f: types.FunctionType) -> types.CodeType | None:
        names = frozenset(n for n in f.__code__.co_names if is_plain(_global(f.__globals__, n)))
        try:
            code = rewrite(f, names | _inner_names(f))
        except NoSource:
            self.not_seen(f"{f.__qualname__}(), whose source cannot be found", f.__code__.co_firstlineno)
            return None
        stack = [code]
        while stack:
            inner = stack.pop()
            self.rewritten.add(inner)
            stack += [c for c in inner.co_consts if isinstance(c, types.CodeType)]
        return code

    def patch(self, kind: type) -> None:
        """Rewrite the methods of a student's class, for as long as the exploration lasts."""
        for each in kind.__mro__:
            if each in self.patched or each is object or not own(each.__module__) or issubclass(each, Primitive | Thread):
                continue
            members = self.patched[each] = {}
            for name, member in list(vars(each).items()):
                made = self._member(member)
                if made is not member:
                    members[name] = member
                    setattr(each, name, made)

    def _member(self, member: Any) -> Any:
        if isinstance(member, types.FunctionType):
            return self.function(member)
        if isinstance(member, staticmethod | classmethod):
            return type(member)(self.function(member.__func__))
        if isinstance(member, property):
            return property(*(f and self.function(f) for f in (member.fget, member.fset, member.fdel)), member.__doc__)
        return member


def own(module: str | None) -> bool:
    """Whether a module is the student's: not labkit, not installed, not the standard library."""
    name = (module or "").split(".")[0]
    if name in ("labkit", "builtins") or name in _STDLIB:
        return False
    found = _MODULES.get(module or "")
    file = getattr(found, "__file__", None) or ""
    return "site-packages" not in file


def is_plain(value: Any) -> bool:
    """Whether a global names something that programs call and do not change."""
    return isinstance(value, types.FunctionType | types.BuiltinFunctionType | types.ModuleType | type | Hooks)


def _global(space: dict[str, Any], name: str) -> Any:
    return space.get(name, getattr(builtins, name, _MISSING))


def _inner_names(f: types.FunctionType) -> frozenset[str]:
    """Global names in the functions inside f."""
    names: set[str] = set()
    stack = [f.__code__]
    while stack:
        code = stack.pop()
        names |= {n for n in code.co_names if is_plain(_global(f.__globals__, n))}
        stack += [c for c in code.co_consts if isinstance(c, types.CodeType)]
    return frozenset(names)


class Hooks:
    """What one function's rewritten code calls, short names because they stand at every access."""

    def __init__(self, watch: Watch, space: dict[str, Any], cells: dict[str, Any]) -> None:
        self.watch = watch
        self.space = space
        self.cells = cells
        self.made = lambda value, line=0: watch.made(value)

    slice = slice

    # ---- variables

    def token(self, line: int) -> Place:
        """A name for this activation of a function."""
        me = here.machine.current
        me.serial += 1
        return (me.index, me.serial)

    def _variable(self, where: Any, name: str) -> Place:
        if where == "f" and name in self.cells:
            return ("cell", self.watch.key(self.cells[name]))
        return ("g", id(self.space), name) if where == "g" else (where, name)

    def pr(self, where: Any, name: str, line: int) -> None:
        """A variable is about to be read."""
        self.watch.touch(((self._variable(where, name), READ),), "reads", name, line)

    def pw(self, where: Any, name: str, line: int) -> None:
        """A variable is about to be bound or deleted."""
        if where == "g":
            self._save_global(name)
        self.watch.touch(((self._variable(where, name), WRITE),), "writes", name, line)

    def rg(self, name: str, line: int) -> Any:
        """Read a global."""
        self.watch.touch(((("g", id(self.space), name), READ),), "reads", name, line)
        value = _global(self.space, name)
        if value is _MISSING:
            raise NameError(f"name {name!r} is not defined")
        return value

    def wg(self, where: str, name: str, value: Any, line: int) -> Any:
        """A global is about to be set."""
        self._save_global(name)
        self.watch.touch(((("g", id(self.space), name), WRITE),), "writes", name, line, value)
        return value

    def wc(self, where: Any, name: str, value: Any, line: int) -> Any:
        """A variable that inner functions see is about to be set."""
        place = self._variable(where, name)
        if where == "f":
            self._save_cell(self.cells[name])
        self.watch.touch(((place, WRITE),), "writes", name, line, value)
        return value

    def _save_global(self, name: str) -> None:
        watch, space = self.watch, self.space
        if (id(space), name) not in watch.undone:
            watch.undone.add((id(space), name))
            old = space.get(name, _MISSING)
            watch.undo.append(lambda: space.pop(name, None) if old is _MISSING else space.__setitem__(name, old))

    def _save_cell(self, cell: Any) -> None:
        if id(cell) not in self.watch.undone:
            self.watch.undone.add(id(cell))
            try:
                old = cell.cell_contents
            except ValueError:
                return
            self.watch.undo.append(lambda: setattr(cell, "cell_contents", old))

    # ---- attributes

    def ra(self, thing: Any, name: str, line: int) -> Any:
        """Read an attribute."""
        self._attribute(thing, name, READ, "reads", line)
        return getattr(thing, name)

    def wa(self, thing: Any, name: str, value: Any, line: int) -> None:
        """Set an attribute."""
        self._save_attribute(thing, name)
        self._attribute(thing, name, WRITE, "writes", line, value)
        setattr(thing, name, value)

    def da(self, thing: Any, name: str, line: int) -> None:
        """Delete an attribute."""
        self._save_attribute(thing, name)
        self._attribute(thing, name, WRITE, "deletes", line)
        delattr(thing, name)

    def _attribute(self, thing: Any, name: str, write: bool, verb: str, line: int, value: Any = None) -> None:
        if isinstance(thing, types.ModuleType | Primitive | Thread):
            return
        if isinstance(thing, type):
            if not write and (callable(getattr(thing, name, None)) or not own(thing.__module__)):
                return
        elif not write and name not in getattr(thing, "__dict__", ()) and name not in _slots(type(thing)):
            if own(type(thing).__module__):
                self.watch.patch(type(thing))
            return
        word = f"{type(thing).__name__.lower()}.{name}" if not isinstance(thing, type) else f"{thing.__name__}.{name}"
        self.watch.touch((((self.watch.key(thing), name), write),), verb, word, line, value)

    def _save_attribute(self, thing: Any, name: str) -> None:
        watch = self.watch
        if watch.is_old(thing) and (id(thing), name) not in watch.undone:
            watch.undone.add((id(thing), name))
            had = name in getattr(thing, "__dict__", ()) or name in _slots(type(thing))
            old = getattr(thing, name, _MISSING) if had else _MISSING
            watch.undo.append(lambda: delattr(thing, name) if old is _MISSING else setattr(thing, name, old))

    # ---- items

    def ri(self, thing: Any, index: Any, line: int) -> Any:
        """Read an item."""
        if isinstance(thing, CONTAINERS):
            self.watch.touch(self._item(thing, index, READ), "reads", f"item {index!r}", line)
        return thing[index]

    def wi(self, thing: Any, index: Any, value: Any, line: int) -> None:
        """Set an item."""
        if isinstance(thing, CONTAINERS):
            self._save_container(thing)
            self.watch.touch(self._item(thing, index, WRITE), "writes", f"item {index!r}", line, value)
        thing[index] = value

    def di(self, thing: Any, index: Any, line: int) -> None:
        """Delete an item."""
        if isinstance(thing, CONTAINERS):
            self._save_container(thing)
            self.watch.touch(self._all(thing, WRITE), "deletes", f"item {index!r}", line)
        del thing[index]

    def _item(self, thing: Any, index: Any, write: bool) -> tuple[tuple[Place, bool], ...]:
        key = self.watch.key(thing)
        if isinstance(thing, dict):
            name = index if isinstance(index, ATOMS | tuple) else self.watch.key(index)
            grows = write and index not in thing
            return (((key, name), write), ((key, WHOLE), WRITE)) if grows else (((key, name), write),)
        if isinstance(index, int) and 0 <= index < len(thing):
            return (((key, index), write),)
        if isinstance(index, int) and -len(thing) <= index < 0:
            return (((key, len(thing) + index), write), ((key, WHOLE), READ))
        return self._all(thing, write)

    def _all(self, thing: Any, write: bool) -> tuple[tuple[Place, bool], ...]:
        key = self.watch.key(thing)
        if isinstance(thing, set):
            return (((key, WHOLE), write),)
        names = [k if isinstance(k, ATOMS | tuple) else self.watch.key(k) for k in thing] if isinstance(thing, dict) else range(len(thing))
        return (((key, WHOLE), write), *(((key, name), write) for name in names))

    def _save_container(self, thing: Any) -> None:
        watch = self.watch
        if watch.is_old(thing) and id(thing) not in watch.undone:
            watch.undone.add(id(thing))
            old = thing.copy()

            def put_back() -> None:
                thing.clear()
                (thing.update if isinstance(thing, dict | set) else thing.extend)(old)

            watch.undo.append(put_back)

    # ---- whole containers

    def all(self, thing: Any, line: int) -> Any:
        """An operator is about to look into a value."""
        if isinstance(thing, CONTAINERS):
            self.watch.touch(self._all(thing, READ), "reads", f"the {type(thing).__name__}", line)
        return thing

    def size(self, thing: Any, line: int) -> Any:
        """A condition is about to look whether a value is empty."""
        if isinstance(thing, CONTAINERS):
            self.watch.touch((((self.watch.key(thing), WHOLE), READ),), "reads the length of", f"the {type(thing).__name__}", line)
        return thing

    def each(self, thing: Any, line: int) -> Any:
        """A loop is about to go through a value."""
        if isinstance(thing, list | collections.deque | bytearray):
            return self._each(thing, line)
        if isinstance(thing, dict | set):
            return self._each_key(thing, line)
        return thing

    def _each(self, thing: Any, line: int) -> Iterator[Any]:
        key, i = self.watch.key(thing), 0
        while True:
            place = (key, i) if i < len(thing) else (key, WHOLE)
            self.watch.touch(((place, READ),), "reads", f"item {i}", line)
            if i >= len(thing):
                return
            yield thing[i]
            i += 1

    def _each_key(self, thing: Any, line: int) -> Iterator[Any]:
        made = iter(thing)
        while True:
            self.watch.touch((((self.watch.key(thing), WHOLE), READ),), "reads", f"the {type(thing).__name__}", line)
            try:
                value = next(made)
            except StopIteration:
                return
            yield value

    def setting(self, thing: Any, where: Any, name: str, line: int) -> Iterator[Any]:
        """A comprehension's variable that an inner function sees is set by each value."""
        for value in thing:
            self.watch.touch(((self._variable(where, name), WRITE),), "writes", name, line, value)
            yield value

    def aug(self, op: str, old: Any, value: Any, line: int) -> Any:
        """old op= value; a container changes in place."""
        if isinstance(old, CONTAINERS):
            self._save_container(old)
            self.watch.touch(self._all(old, WRITE), "extends", f"the {type(old).__name__}", line)
        return _AUG[op](old, value)

    def again(self, loop: int, own: dict[str, Any], line: int) -> bool:
        """A while loop begins another round. If nothing has changed since the last, it waits until something does."""
        me = here.machine.current
        if me is not None:
            state = tuple((k, v if isinstance(v, ATOMS) else id(v)) for k, v in own.items() if not k.startswith("_lk"))
            key = (id(self), loop)
            if me.rounds.get(key) == state and not me.wrote and me.reads:
                here.machine.spin(me)
            me.rounds[key] = state
            me.wrote = False
            me.reads = set()
        return True

    def entering(self, thing: Any, line: int) -> Any:
        """A with statement is about to enter something."""
        if own(type(thing).__module__):
            self.watch.patch(type(thing))
        return thing

    # ---- calls

    def method(self, thing: Any, name: str, line: int) -> Any:
        """thing.name, to be called."""
        if isinstance(thing, CONTAINERS):
            return self._container_method(thing, name, line)
        if isinstance(thing, types.ModuleType):
            return self.call(getattr(thing, name), line)
        if own(type(thing).__module__) and not isinstance(thing, type):
            self.watch.patch(type(thing))
            self._attribute(thing, name, READ, "reads", line)
        elif isinstance(thing, type) and own(thing.__module__):
            self.watch.patch(thing)
        return self.call(getattr(thing, name), line)

    def _container_method(self, thing: Any, name: str, line: int) -> Any:
        bound = getattr(thing, name)
        what = f"the {type(thing).__name__}"

        def call(*args: Any, **kwargs: Any) -> Any:
            if isinstance(thing, dict) and name in ("get", "setdefault", "pop") and args:
                write = name == "pop" or (name == "setdefault" and args[0] not in thing)
                places = self._item(thing, args[0], write)
                if name == "pop":
                    places = (*places, ((self.watch.key(thing), WHOLE), WRITE))
            elif isinstance(thing, list | collections.deque) and name == "append":
                key, write = self.watch.key(thing), True
                places = (((key, WHOLE), WRITE), ((key, len(thing)), WRITE))
            else:
                write = name not in READING
                places = self._all(thing, write)
            if write:
                self._save_container(thing)
            self.watch.touch(places, f"{name}()", what, line)
            result = bound(*args, **kwargs)
            return self.watch.made(result) if isinstance(result, CONTAINERS) else result

        return call

    def call(self, f: Any, line: int) -> Any:
        """Something is about to be called: what to call instead."""
        if isinstance(f, types.FunctionType | types.MethodType):
            module = getattr(f, "__module__", "") or ""
            if module.split(".")[0] in UNSEEN:
                self.watch.not_seen(f"{module}.{f.__name__}()", line)
            return self.watch.function(f)
        if isinstance(f, type):
            return self._new(f, line)
        special = _SPECIAL.get(f) if isinstance(f, types.BuiltinFunctionType) else None
        if special is not None:
            return lambda *args, **kwargs: special(self, line, *args, **kwargs)
        if isinstance(f, types.BuiltinFunctionType):
            return self._builtin(f, line)
        if own(type(f).__module__):
            self.watch.patch(type(f))
        return f

    def _new(self, kind: type, line: int) -> Any:
        if own(kind.__module__):
            self.watch.patch(kind)
        elif kind.__module__ in UNSEEN:
            self.watch.not_seen(f"{kind.__module__}.{kind.__name__}()", line)

        def call(*args: Any, **kwargs: Any) -> Any:
            if kind.__module__ in ("builtins", "collections"):
                args = tuple(self.all(a, line) for a in args)
            if own(kind.__module__) and kind.__new__ is object.__new__ and type(kind) is type:
                value = self.watch.made(object.__new__(kind))  # it has a name before its __init__ runs
                value.__init__(*args, **kwargs)
                return value
            value = kind(*args, **kwargs)
            return value if isinstance(value, ATOMS) else self.watch.made(value)

        return call

    def _builtin(self, f: Any, line: int) -> Any:
        module = (f.__module__ or "").split(".")[0] or type(f.__self__).__module__
        if f is _sleep:
            return here.sleep
        if module in UNSEEN:
            self.watch.not_seen(f"{module}.{f.__name__}()", line)
            return f

        def call(*args: Any, **kwargs: Any) -> Any:
            for a in args:
                self.all(a, line)
                if isinstance(a, CONTAINERS) and module != "builtins":
                    self.watch.not_seen(f"{module}.{f.__name__}() with a {type(a).__name__}", line)
            result = f(*(self.watch.function(a) for a in args), **kwargs)
            return self.watch.made(result) if isinstance(result, CONTAINERS) else result

        return call


def _slots(kind: type) -> frozenset[str]:
    return frozenset(n for k in kind.__mro__ for n in (getattr(k, "__slots__", ()) if not isinstance(getattr(k, "__slots__", ()), str) else (k.__slots__,)))


def _getattr(hooks: Hooks, line: int, thing: Any, name: str, *default: Any) -> Any:
    try:
        return hooks.ra(thing, name, line)
    except AttributeError:
        if default:
            return default[0]
        raise


def _len(hooks: Hooks, line: int, thing: Any) -> int:
    return len(hooks.size(thing, line))


import sys as _sys  # noqa: E402
import time as _time  # noqa: E402

_STDLIB = _sys.stdlib_module_names - {"__main__"}
_MODULES = _sys.modules
_sleep = _time.sleep
_SPECIAL: dict[Any, Any] = {
    len: _len,
    getattr: _getattr,
    setattr: lambda hooks, line, thing, name, value: hooks.wa(thing, name, value, line),
    delattr: lambda hooks, line, thing, name: hooks.da(thing, name, line),
    hasattr: lambda hooks, line, thing, name: _getattr(hooks, line, thing, name, _MISSING) is not _MISSING,
    iter: lambda hooks, line, thing, *rest: iter(hooks.each(thing, line), *rest),
}
