"""What rewritten code calls when there are store buffers: each write says where its value goes, so that it can wait."""

from __future__ import annotations

import collections
from typing import Any

from labkit import here
from labkit.explore.hooks import Hooks
from labkit.explore.instrument import CELLS
from labkit.explore.slots import Cell, Item, attribute

_PLAIN = (list, dict, bytearray, collections.deque, collections.defaultdict, collections.OrderedDict)
"""Containers whose items are set as Python sets them."""


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
        self._offer(attribute(thing, name), value)
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
