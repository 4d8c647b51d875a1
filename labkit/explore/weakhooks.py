"""What rewritten code calls when there are store buffers: each write says where its value goes, so that it can wait."""

from __future__ import annotations

import collections
import types
from typing import Any

from labkit import here
from labkit.explore.hooks import Hooks
from labkit.explore.instrument import CELLS
from labkit.explore.kinds import ATOM, FOREIGN, SYNC, kind_of

_MISSING = object()
_PLAIN = (list, dict, bytearray, collections.deque, collections.defaultdict, collections.OrderedDict)
"""Containers whose items are set as Python sets them."""


class Item:
    """An item of a container, or a global: an item of its module's names."""

    def __init__(self, box: Any, index: Any) -> None:
        self.box = box
        self.index = index

    def get(self) -> Any:
        """The value; _MISSING if there is none."""
        if isinstance(self.box, dict):
            return self.box.get(self.index, _MISSING)
        return self.box[self.index]

    def set(self, value: Any) -> None:
        """Set it, or take it away."""
        if value is _MISSING:
            self.box.pop(self.index, None)
        else:
            self.box[self.index] = value


class Cell:
    """A variable that inner functions share."""

    def __init__(self, cell: Any) -> None:
        self.cell = cell

    def get(self) -> Any:
        """The value; _MISSING if it has none yet."""
        try:
            return self.cell.cell_contents
        except ValueError:
            return _MISSING

    def set(self, value: Any) -> None:
        """Set it, or take it away."""
        if value is _MISSING:
            del self.cell.cell_contents
        else:
            self.cell.cell_contents = value


class Attribute:
    """An attribute of an object, a class or a module."""

    def __init__(self, thing: Any, name: str, slot: Any) -> None:
        self.thing = thing
        self.name = name
        self.slot = slot

    def get(self) -> Any:
        """The object's own value; _MISSING if it has none."""
        if self.slot is None:
            return vars(self.thing).get(self.name, _MISSING)
        return getattr(self.thing, self.name, _MISSING)

    def set(self, value: Any) -> None:
        """Set it, or take it away."""
        if value is not _MISSING:
            setattr(self.thing, self.name, value)
        elif self.get() is not _MISSING:
            delattr(self.thing, self.name)


class WeakHooks(Hooks):
    """Hooks that offer each plain write to the writer's store buffer."""

    marks = frozenset({CELLS})

    def wg(self, where: str, name: str, value: Any, line: int) -> Any:
        """A global is about to be set."""
        self._offer(Item(self.space, name), value)
        super().wg(where, name, value, line)
        return self._taken(value)

    def wc(self, where: Any, name: str, value: Any, *rest: Any) -> Any:
        """A variable that inner functions see is about to be set; with it comes a function that holds its cell."""
        cell = self.cells.get(name) if where == "f" else None
        if cell is None and len(rest) > 1 and rest[0].__closure__:
            (cell,) = rest[0].__closure__
        self._offer(cell and Cell(cell), value)
        super().wc(where, name, value, rest[-1])
        return self._taken(value)

    def wa(self, thing: Any, name: str, value: Any, word: str, line: int) -> None:
        """Set an attribute."""
        self._offer(_attribute(thing, name), value)
        super().wa(thing, name, value, word, line)
        self._taken(value)

    def wi(self, thing: Any, index: Any, value: Any, word: str, line: int) -> None:
        """Set an item."""
        plain = type(thing) in _PLAIN and not isinstance(index, slice)
        self._offer(Item(thing, index) if plain else None, value)
        super().wi(thing, index, value, word, line)
        self._taken(value)

    @staticmethod
    def _offer(slot: Any, value: Any) -> None:
        """Say where the write that will be announced next puts its value."""
        here.machine.offer = None if slot is None else (slot, value)

    @staticmethod
    def _taken(value: Any) -> Any:
        """The write has been announced, or needed no announcement."""
        here.machine.offer = None
        return value


def _attribute(thing: Any, name: str) -> Attribute | None:
    """Where an attribute is kept; None if setting it does more than to set it."""
    kind = type(thing)
    if kind_of(thing) in (ATOM, SYNC, FOREIGN) or not isinstance(kind.__setattr__, types.WrapperDescriptorType):
        return None
    found = next((k.__dict__[name] for k in kind.__mro__ if name in k.__dict__), None)
    if isinstance(found, types.MemberDescriptorType):
        return Attribute(thing, name, found)
    return None if hasattr(type(found), "__set__") or not hasattr(thing, "__dict__") else Attribute(thing, name, None)
