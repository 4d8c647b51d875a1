"""What rewritten code calls: each read and write of plain Python data, announced before it happens."""

from __future__ import annotations

import builtins
import collections
import operator
import sys
from collections.abc import Iterator
from typing import Any

from labkit import here
from labkit.explore import containers
from labkit.explore.attributes import Attributes
from labkit.explore.calls import Calls
from labkit.explore.independence import READ, WRITE, Footprint, Place
from labkit.explore.kinds import ATOM, ATOMS, BOX, FOREIGN, OPAQUE, OWN, SYNC, VIEW, WAITING, WHOLE, kind_of
from labkit.explore.repeat import GOING
from labkit.explore.spin import Round
from labkit.explore.watch import SERIAL_BITS

THE_END = "the end"
"""What a loop finds after the last item."""
_MISSING = object()
_AUG: dict[str, Any] = {
        "Add": operator.iadd, "Sub": operator.isub, "Mult": operator.imul, "Div": operator.itruediv, "Mod": operator.imod,
        "FloorDiv": operator.ifloordiv, "Pow": operator.ipow, "BitAnd": operator.iand, "BitOr": operator.ior,
        "BitXor": operator.ixor, "LShift": operator.ilshift, "RShift": operator.irshift, "MatMult": operator.imatmul}  # fmt: skip


class Hooks(Attributes, Calls):
    """What one function's rewritten code calls, short names because they stand at every access."""

    slice = slice
    locals = locals

    def made(self, value: Any, line: int = 0) -> Any:
        """Name a new container."""
        return self.watch.made(value)

    def born(self, value: Any, line: int = 0) -> Any:
        """Name what an operator made."""
        return self.watch.born(value)

    def unseen(self, what: str, line: int) -> None:
        """Say that something cannot be observed."""
        self.watch.not_seen(what, line)

    # ---- variables

    def token(self, line: int) -> Place:
        """Name this activation of a function."""
        me = here.machine.current
        if me is None:
            return 0
        me.serial += 1
        return -(me.index << SERIAL_BITS) - me.serial

    def _place(self, where: Any, name: str) -> Place:
        if where == "g":
            return (self.space_key, name)
        if where != "f":
            return (where, name)
        place = self.places.get(name)
        if place is None:
            place = self.places[name] = ("cell", self.watch.key(self.cells[name])) if name in self.cells else ("f", name)
        return place

    def pr(self, where: Any, name: str, line: int) -> None:
        """A variable is about to be read."""
        self.watch.touch_one(self._place(where, name), READ, ("reads", name, line))
        if self.watch.telling is not None:
            self._tell(sys._getframe(1).f_locals.get(name))

    def pw(self, where: Any, name: str, line: int) -> None:
        """A variable is about to be bound or deleted."""
        if where == "g":
            self._set_global(name)
        self.watch.touch_one(self._place(where, name), WRITE, ("writes", name, line))

    def rg(self, name: str, line: int) -> Any:
        """Read a global."""
        self.watch.touch_one((self.space_key, name), READ, ("reads", name, line))
        value = self.space.get(name, _MISSING)
        if value is _MISSING:
            value = getattr(builtins, name, _MISSING)
            if value is _MISSING:
                raise NameError(f"name {name!r} is not defined")
        self._tell(value)
        return value

    def wg(self, where: str, name: str, value: Any, line: int) -> Any:
        """A global is about to be set."""
        self._set_global(name)
        self.watch.touch_one((self.space_key, name), WRITE, ("writes", name, line, value))
        return value

    def wc(self, where: Any, name: str, value: Any, line: int) -> Any:
        """A variable that inner functions see is about to be set."""
        place = self._place(where, name)
        if where == "f" and name in self.cells:
            self._save_cell(self.cells[name])
        self.watch.touch_one(place, WRITE, ("writes", name, line, value))
        return value

    def _set_global(self, name: str) -> None:
        watch, space = self.watch, self.space
        if (self.space_key, name) not in watch.rebound:
            watch.rebound.add((self.space_key, name))
            watch.learnt = True

        def copy() -> Any:
            old = space.get(name, _MISSING)
            return lambda: space.pop(name, None) if old is _MISSING else space.__setitem__(name, old)

        watch.save((self.space_key, name), copy)

    def _save_cell(self, cell: Any) -> None:
        if id(cell) not in self.watch.old:
            return

        def copy() -> Any:
            try:
                old = cell.cell_contents
            except ValueError:
                return lambda: None
            return lambda: setattr(cell, "cell_contents", old)

        self.watch.save(id(cell), copy)

    # ---- items

    def ri(self, thing: Any, index: Any, word: str, line: int) -> Any:
        """Read an item."""
        kind = kind_of(thing)
        if kind == BOX:
            footprint = containers.item(self.watch, thing, index, READ)
            self._save_if_missing(thing, index)
            self.watch.touch(footprint, ("reads", (word, index), line))
            if isinstance(thing, collections.defaultdict) and not footprint[0][1] and index not in thing:
                self.watch.not_seen(f"{word}[{index!r}], which came and went", line)
        elif kind != ATOM:
            self._inside(thing, kind, f"{word}[...]", line)
        value = thing[index]
        if kind == BOX:
            self._tell(value)
        return value

    def _save_if_missing(self, thing: Any, index: Any) -> None:
        if isinstance(thing, collections.defaultdict) and index not in thing:
            self.save_container(thing)

    def wi(self, thing: Any, index: Any, value: Any, word: str, line: int) -> None:
        """Set an item."""
        kind = kind_of(thing)
        if kind == BOX:
            self.save_container(thing)
            footprint = containers.item(self.watch, thing, index, WRITE)
            self._global_by_another_way(footprint)
            self.watch.touch(footprint, ("writes", (word, index), line, value))
        elif kind != ATOM:
            self._inside(thing, kind, f"{word}[...] = ...", line)
        thing[index] = value

    def di(self, thing: Any, index: Any, word: str, line: int) -> None:
        """Delete an item."""
        kind = kind_of(thing)
        if kind == BOX:
            self.save_container(thing)
            footprint = containers.item(self.watch, thing, index, WRITE, removes=True)
            self._global_by_another_way(footprint)
            self.watch.touch(footprint, ("deletes", (word, index), line))
        elif kind != ATOM:
            self._inside(thing, kind, f"del {word}[...]", line)
        del thing[index]

    def _global_by_another_way(self, footprint: Footprint) -> None:
        """globals()["x"] = 1 sets the global x: all functions that read it must be rewritten to say so."""
        place = footprint[0][0]
        if place[0] in self.spaces and place not in self.watch.rebound:
            self.watch.rebound.add(place)
            self.watch.learnt = True

    def _inside(self, thing: Any, kind: int, what: str, line: int) -> None:
        """An operator looks into something that is no container."""
        if kind == OWN:
            self.patch(type(thing))
        elif kind == OPAQUE:
            self.opaque(thing, what, line)
        elif kind == FOREIGN:
            self.watch.not_seen(what, line)

    # ---- whole containers

    def all(self, thing: Any, word: str, line: int) -> Any:
        """An operator is about to look into a value."""
        kind = kind_of(thing)
        if kind == FOREIGN and self.watch.names is not None and self.watch.names.of(thing, line) is not thing:
            return thing
        if kind == ATOM:
            return thing
        if kind == BOX:
            self.watch.touch(containers.all_items(self.watch, thing), ("reads", f"all of {word}", line))
        elif kind == VIEW:
            inside = self.viewed(thing)
            if inside is not None:
                self.watch.touch(containers.all_items(self.watch, inside), ("reads", f"all of {word}", line))
            else:
                self.watch.doubt(thing, f"a view of a dict, {word}", line)
        elif kind == OWN:
            self.patch(type(thing))
        elif kind == OPAQUE:
            self.opaque(thing, f"{word}, a {type(thing).__name__}", line)
        elif kind == FOREIGN:
            self.watch.not_seen(f"{word}, a {type(thing).__module__}.{type(thing).__name__}", line)
        return thing

    def size(self, thing: Any, word: str, line: int) -> Any:
        """A condition is about to look whether a value is empty."""
        kind = kind_of(thing)
        if kind == BOX:
            self.watch.touch(containers.length(self.watch, thing), ("reads the length of", word, line))
            self._tell(len(thing))
        elif kind == OWN:
            self.patch(type(thing))
        elif kind == VIEW:
            self.all(thing, word, line)
        elif kind == SYNC and hasattr(type(thing), "__len__"):
            self.peek(thing, f"{word} is empty", line)
        return thing

    def has(self, value: Any, thing: Any, word: str, line: int) -> bool:
        """Look for a value in something."""
        kind = kind_of(thing)
        if kind == BOX:
            one = isinstance(thing, dict)
            footprint = containers.item(self.watch, thing, value, READ) if one else containers.all_items(self.watch, thing)
            self.watch.touch(((footprint[0][0], READ), *footprint[1:]) if one else footprint, ("looks in", word, line))
            found = value in thing
            self._tell(found)
            return found
        if kind == VIEW:
            self.all(thing, word, line)
        elif kind != ATOM:
            self._inside(thing, kind, f"in {word}", line)
        return value in thing

    def each(self, thing: Any, word: str, line: int) -> Any:
        """A loop is about to go through a value."""
        kind = kind_of(thing)
        if kind == BOX and type(thing).__iter__ in (list.__iter__, collections.deque.__iter__, bytearray.__iter__):
            return self._each(thing, word, line)
        if kind == BOX and isinstance(thing, (dict, set)):
            return self._each_key(thing, iter(thing), False, word, line)
        if kind == VIEW and self.viewed(thing) is not None:
            return self._each_key(self.viewed(thing), iter(thing), type(thing) is not type({}.keys()), word, line)
        if kind == OWN:
            self.patch(type(thing))
        elif kind in (OPAQUE, VIEW):
            self.opaque(thing, f"a loop over {word}", line)
        return thing

    def _each(self, thing: Any, word: str, line: int) -> Iterator[Any]:
        watch, i = self.watch, 0
        key = watch.key(thing)
        whole, first = (key, WHOLE), watch.first
        while True:
            machine = here.machine
            index = machine.current.index if machine.current is not None else 0
            known = not machine.attentive and first.get((key, i)) == index == first.get(whole)
            if i >= len(thing):
                watch.touch_one(whole, READ, ("reads", (word, i), line))
            elif not known or whole in watch.watched or (key, i) in watch.watched:
                watch.touch(containers.item(watch, thing, i, READ), ("reads", (word, i), line))
            if i >= len(thing):
                self._tell(THE_END)
                return
            value = thing[i]
            self._tell(value)
            yield value
            i += 1

    def _each_key(self, thing: Any, made: Iterator[Any], values: bool, word: str, line: int) -> Iterator[Any]:
        looks_at = containers.all_items if values else containers.order
        while True:
            self.watch.touch(looks_at(self.watch, thing), ("goes through", word, line))
            try:
                value = next(made)
            except StopIteration:
                return
            yield value

    def setting(self, thing: Any, where: Any, name: str, line: int) -> Iterator[Any]:
        """Set a comprehension's variable that an inner function sees, to each value in turn."""
        for value in thing:
            self.watch.touch(((self._place(where, name), WRITE),), ("writes", name, line, value))
            yield value

    def aug(self, op: str, old: Any, value: Any, word: str, line: int) -> Any:
        """Do old op= value; a container changes in place."""
        if type(old) is int:
            return _AUG[op](old, value)
        kind = kind_of(old)
        if kind == BOX:
            self.save_container(old)
            footprint, _ = containers.method(self.watch, old, "__i_op__", ())
            self.watch.touch(footprint, ("extends", word, line))
        elif kind != ATOM:
            self._inside(old, kind, f"{word} {op}= ...", line)
        return _AUG[op](old, value)

    # ---- loops

    def loop(self, number: int, line: int) -> None:
        """A while loop begins."""
        me = here.machine.current
        if me is not None:
            me.rounds.pop((id(self), number), None)

    def again(self, number: int, own: dict[str, Any], line: int) -> bool:
        """A while loop begins another round. If nothing has changed since the last, it waits until something does."""
        machine = here.machine
        me = machine.current
        if me is not None:
            frame = sys._getframe(1)
            shared = frame.f_code.co_cellvars + frame.f_code.co_freevars  # Why: what is read of them is known
            mine = [(k, v) for k, v in own.items() if not k.startswith("_lk") and k not in shared]
            state = tuple([(k, v if isinstance(v, ATOMS) else id(v)) for k, v in mine])
            machine.again(me, Round((id(self), number), state, mine, line, frame))
        return True

    def going(self, thing: Any, number: int, line: int) -> Any:
        """A for loop or a comprehension begins: how far it has come is part of the state, and stands in no variable."""
        me = here.machine.current
        if me is None:
            return thing
        own = kind_of(thing) == OWN  # Why: its __iter__ is the student's, and must be called once only
        made = thing if own else iter(thing)
        me.goes.setdefault(id(sys._getframe(1)), {})[number] = object() if own else made
        return made

    def turn(self, line: int) -> bool:
        """A while loop with a yield in it begins another round: what its caller does in between is not seen."""
        machine = here.machine
        if machine.current is not None:
            machine.turn(line)
        return True

    def entering(self, thing: Any, line: int) -> Any:
        """A with statement is about to enter something."""
        if self.watch.names is not None:
            thing = self.watch.names.of(thing, line)
        kind = kind_of(thing)
        if thing is here.no_preempt:
            return here.machine.guard()
        if kind == OWN:
            self.patch(type(thing))
        elif kind == FOREIGN and type(thing).__module__.split(".")[0] in WAITING:
            self.refuse(f"with {type(thing).__module__}.{type(thing).__name__}", line)
        elif kind == FOREIGN:
            self.watch.not_seen(f"with {type(thing).__module__}.{type(thing).__name__}", line)
        return thing


GOING.update(f.__code__ for f in (Hooks._each, Hooks._each_key, Hooks.setting))

__all__ = ["WHOLE", "Hooks"]
