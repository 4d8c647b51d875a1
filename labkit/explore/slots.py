"""Where a value is kept, as something that can be read and set behind the program's back: for writes that wait."""

from __future__ import annotations

import types
from typing import Any

from labkit.explore.kinds import ATOM, FOREIGN, SYNC, kind_of

_MISSING = object()


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


def attribute(thing: Any, name: str) -> Attribute | None:
    """Where an attribute is kept; None if setting it does more than to set it."""
    kind = type(thing)
    if kind_of(thing) in (ATOM, SYNC, FOREIGN) or not isinstance(kind.__setattr__, types.WrapperDescriptorType):
        return None
    found = next((k.__dict__[name] for k in kind.__mro__ if name in k.__dict__), None)
    if isinstance(found, types.MemberDescriptorType):
        return Attribute(thing, name, found)
    return None if hasattr(type(found), "__set__") or not hasattr(thing, "__dict__") else Attribute(thing, name, None)
