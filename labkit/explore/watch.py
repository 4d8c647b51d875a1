"""The shared places of a program: which are watched, what they are called, how they were before the run.

Only places that two threads really touch, one of them writing, are worth a scheduling point. Which those are is learnt:
a run notes who touches what, and when a place turns out to be shared the search begins again with that place watched.
A place that no two threads ever touch in any explored schedule can be left out: with it watched, the search would have
found no race there either, and so would have explored the very same schedules.
"""

from __future__ import annotations

import types
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from labkit import here
from labkit.explore.ground import Ground
from labkit.explore.independence import Footprint, Place
from labkit.explore.kinds import ATOMS, BOX, OWN, WHOLE, kind_of, own
from labkit.sync import Primitive
from labkit.thread import Thread

_PLAIN = frozenset(ATOMS)
SERIAL_BITS = 40
"""A thread may make so many bits of objects before their names would meet those of another's."""

RESULTS = frozenset({"labkit.program", "labkit.explore.again", "labkit.explore.verdict", "labkit.explore.failures"})
"""Modules whose objects are left alone: an exploration's verdict holds what it reached, perhaps the verdict before, and so on."""


class Unseen(NamedTuple):
    """Something that could not be observed, so that passing proves nothing."""

    what: str
    line: int

    def __str__(self) -> str:
        return f"{self.what}, line {self.line}" if self.line else self.what


class Returned(NamedTuple):
    """What a container's method gave back."""

    value: Any


class Watch:
    """What the explorer knows of a program's data.

    Attributes:
        watched: places that are scheduling points.
        learnt: whether this run found a place that should have been watched.
        unseen: accesses and calls that could not be observed.
        spurious: whether each thread may wake once at a condition without a notify.
        memory: "sc" or "tso": see weak.
        names: what stands for the names of threading and queue; None if they mean themselves.
        rebound: globals (space, name) that the program sets; all others are read without a word.
    """

    def __init__(self, main: Callable[[], Any], ground: Ground) -> None:
        self.memory, self.spurious = ground.memory, ground.spurious
        self.watched: set[Place] = set()
        self.first: dict[Place, int] = {}  # place → who touched it first, in any run; -1 when several have
        self.written: set[Place] = set()
        self.names: Any = None
        self.rebound: set[tuple[int, str]] = set()
        self.timed: set[Place] = set()
        self.unseen: dict[Unseen, None] = {}
        self.old = reachable([main])
        self.telling: Callable[[Any], None] | None = None  # told what is read, when somebody wants to know
        self.begin()

    def begin(self) -> None:
        """A run begins."""
        self.learnt = False
        self.grown: dict[Place, int] = {}  # dict → who added a key; -1 when several have
        self.doubts: dict[Place, tuple[Unseen, int]] = {}  # objects that C code touched, and in which thread first
        self.views: dict[int, Any] = {}  # a view of a dict → the dict
        self.keys: dict[int, Place] = {}
        self.alive: list[Any] = []
        self.undo: list[Callable[[], None]] = []
        self.undone: set[Any] = set()

    def end(self) -> None:
        """A run has ended: put back what it changed in things that are older than it, and settle the doubts."""
        while self.undo:  # Why: Ctrl-C may come in between; end() again does the rest
            self.undo[-1]()
            self.undo.pop()
        if self.doubts:
            self._settle()

    def _settle(self) -> None:
        """What C code touched is harmless if only one thread touched it."""
        shared = {place[0] for place in self.watched if isinstance(place, tuple)}
        for place, index in self.first.items():
            doubt = self.doubts.get(place[0])
            if doubt is not None and index != doubt[1]:
                shared.add(place[0])
        for key, (unseen, _) in self.doubts.items():
            if key in shared:
                self.unseen.setdefault(unseen)

    # ---- naming

    def made(self, value: Any) -> Any:
        """Name a new object after its maker, so that it has the same name in every run."""
        if id(value) not in self.keys:
            self.key(value)
        return value

    def born(self, value: Any) -> Any:
        """Name what an operator, or code that cannot be seen, made, and all that is in it: any thread may use it first."""
        if type(value) in _PLAIN:
            return value
        todo = [value]
        while todo:
            thing = todo.pop()
            kind = kind_of(thing)
            if isinstance(thing, tuple):
                todo += reversed(thing)
            elif kind in (BOX, OWN) and id(thing) not in self.keys and self.key(thing) != id(thing):
                inside = getattr(thing, "__dict__", {}) if kind == OWN else thing
                if isinstance(inside, (dict, list, deque)):
                    todo += reversed(list(inside.values()) if isinstance(inside, dict) else inside)
        return value

    def key(self, thing: Any) -> Place:
        """The name of an object: its address if it is older than the run, else a negative number, of its maker and its turn."""
        number = id(thing)
        key = self.keys.get(number)
        if key is None:
            if number in self.old:
                key = number
            else:
                me = here.machine.current
                if me is None:
                    return number
                me.serial += 1
                key = -(me.index << SERIAL_BITS) - me.serial
                self.alive.append(thing)
            self.keys[number] = key
        return key

    def alias(self, thing: Any, key: Place) -> None:
        """The object is another way to the places of that key, as obj.__dict__ is to those of obj."""
        self.keys[id(thing)] = key
        self.alive.append(thing)

    # ---- accesses

    def touch(self, footprint: Footprint, what: Any) -> None:
        """The current thread is about to read or write some places; `what` says it for people: (verb, place, line, value)."""
        machine = here.machine
        if not machine.unjoined:
            return  # alone: nobody can come before or after
        index, watched, first = machine.current.index, self.watched, self.first
        seen = 0
        for place, write in footprint:
            if place in watched:
                seen += 1
            elif first.get(place) != index or write:
                self.note(place, write, index)
        if machine.attentive and seen < len(footprint):
            machine.account(machine.current, footprint)
        if seen == len(footprint):
            machine.arrive(footprint, what)
        elif seen:
            machine.arrive(tuple([p for p in footprint if p[0] in watched]), what)

    def touch_one(self, place: Place, write: bool, what: Any) -> None:
        """As touch(), for one place: a shorter way for what happens most."""
        machine = here.machine
        if machine.unjoined:
            if place in self.watched:
                machine.arrive(((place, write),), what)
                return
            me = machine.current
            if write or self.first.get(place) != me.index:
                self.note(place, write, me.index)
            if machine.attentive:
                machine.account(me, ((place, write),))

    def note(self, place: Place, write: bool, index: int) -> None:
        """Learn from an access to a place that is not watched yet."""
        first = self.first.setdefault(place, index)
        if write:
            self.written.add(place)
        if first != index:
            self.first[place] = -1
            if place in self.written:
                self.learn(place)

    def learn(self, place: Place) -> None:
        """The place must be watched from now on: the search begins again."""
        self.watched.add(place)
        self.learnt = True

    def grow(self, key: Place) -> None:
        """A new key comes into a dict. Who adds first decides its order, and that matters only to those who look at the whole."""
        machine = here.machine
        if machine.unjoined:
            index = machine.current.index
            if self.grown.setdefault(key, index) != index:
                self.grown[key] = -1
            if self.first.get((key, WHOLE), index) != index:
                self.learn((key, WHOLE))

    def look(self, key: Place, order: bool) -> None:
        """A whole dict is read, or its length only: if other threads add keys to it, they and this one race."""
        machine = here.machine
        grower = self.grown.get(key)
        if grower is None or (key, WHOLE) in self.watched:
            return
        if (machine.unjoined and grower != machine.current.index) or (order and grower == -1):
            self.learn((key, WHOLE))

    def not_seen(self, what: str, line: int) -> None:
        """Remember something that could not be observed."""
        if here.machine.current is not None:
            here.machine.progress()
        self.unseen.setdefault(Unseen(what, line))

    def doubt(self, thing: Any, what: str, line: int) -> None:
        """C code touches an object: if another thread does too, nothing is proven."""
        machine = here.machine
        if machine.unjoined:
            index = machine.current.index
            _, first = self.doubts.setdefault(self.key(thing), (Unseen(what, line), index))
            if first != index:
                self.not_seen(what, line)

    # ---- putting back

    def save(self, mark: Any, put_back: Callable[[], Callable[[], None]]) -> None:
        """Before the run's first change to an old thing: put_back() takes a copy and returns how to restore it."""
        if mark not in self.undone:
            self.undone.add(mark)
            self.undo.append(put_back())


def reachable(roots: Iterable[Any]) -> dict[int, Any]:
    """Everything of the student's that a program can reach when it starts: address → object, kept alive."""
    found: dict[int, Any] = {}
    stack = list(roots)
    while stack:
        thing = stack.pop()
        if isinstance(thing, ATOMS) or id(thing) in found or type(thing).__module__ in RESULTS:
            continue
        found[id(thing)] = thing
        stack.extend(_parts(thing))
    return found


def _parts(thing: Any) -> Iterable[Any]:
    """What hangs on an object."""
    if isinstance(thing, types.FunctionType):
        yield from thing.__closure__ or ()
        yield from thing.__defaults__ or ()
        yield from (thing.__kwdefaults__ or {}).values()
        if own(thing.__module__):
            yield thing.__globals__
            yield thing.__dict__
    elif isinstance(thing, types.CellType):
        try:
            yield thing.cell_contents
        except ValueError:
            return
    elif isinstance(thing, types.MethodType):
        yield from (thing.__func__, thing.__self__)
    elif isinstance(thing, types.ModuleType):
        if own(thing.__name__):
            yield vars(thing)
    elif isinstance(thing, type):
        if own(thing.__module__):
            yield from vars(thing).values()
            yield from thing.__mro__
    else:
        yield from _contents(thing)


def _contents(thing: Any) -> Iterable[Any]:
    if isinstance(thing, dict):
        yield from thing.keys()
        yield from thing.values()
    elif isinstance(thing, (list, tuple, set, frozenset)) or type(thing).__name__ == "deque":
        yield from thing
    elif isinstance(thing, (property, staticmethod, classmethod)) or type(thing).__name__ == "partial":
        for name in ("fget", "fset", "fdel", "__func__", "func", "args", "keywords"):
            yield getattr(thing, name, None)
    if own(type(thing).__module__) or isinstance(thing, (Primitive, types.SimpleNamespace)):
        yield type(thing)
        held = getattr(thing, "__dict__", None)
        if isinstance(held, dict):
            yield held
        for kind in type(thing).__mro__:
            yield from (getattr(thing, n, None) for n in slots(kind))


def slots(kind: type) -> tuple[str, ...]:
    """The names in a class's own __slots__."""
    names = vars(kind).get("__slots__", ())
    return (names,) if isinstance(names, str) else tuple(names)


__all__ = ["Thread", "Unseen", "Watch", "reachable", "slots"]
