"""What an operation on a built-in container touches: an item, all items, or the container as a whole.

# Invariant: what an operation touches must not depend on what other threads do before it happens, because it is asked for
# when the thread arrives, and the operation may happen much later. So a container whose length or keys change while others
# look at it ("alive": its WHOLE is watched) is one place; only while its shape stands still are its items places of their own.
"""

from __future__ import annotations

import collections
from typing import Any

from labkit.explore.independence import READ, WRITE, Footprint
from labkit.explore.kinds import ATOMS, WHOLE
from labkit.explore.watch import Watch

KEYS = "**"
"""Stands for all keys of a dict together: read with each of them, written by what may change any."""
READING = frozenset({"keys", "values", "items", "index", "count", "copy", "union", "intersection", "difference", "issubset",
                     "issuperset", "isdisjoint", "symmetric_difference", "decode", "hex", "find", "startswith", "endswith",
                     "__contains__", "__len__", "__iter__", "__eq__", "__ne__", "__getitem__", "__repr__", "__str__", "__lt__",
                     "__le__", "__gt__", "__ge__", "__add__", "__mul__", "__or__", "__and__", "__sub__", "__xor__",
                     "__reversed__", "__class__",
                     "__hash__", "__format__", "__sizeof__", "__dir__"})  # fmt: skip
"""Methods of the built-in containers that change nothing."""
ONE_ITEM = {"get": READ, "__getitem__": READ, "__contains__": READ, "setdefault": WRITE, "pop": WRITE, "__setitem__": WRITE,
            "__delitem__": WRITE}  # fmt: skip
"""Methods of dict that touch one key."""


def item(watch: Watch, thing: Any, index: Any, write: bool, removes: bool = False) -> Footprint:
    """One item is read, set, or removed."""
    key = watch.key(thing)
    whole = (key, WHOLE)
    if isinstance(thing, dict):
        return _keyed(watch, thing, key, index, write, removes)
    if removes:
        return ((whole, WRITE),)
    if isinstance(thing, set) or whole in watch.watched:
        return ((whole, write),)
    if isinstance(index, int) and -len(thing) <= index < len(thing):
        return (((key, index % len(thing)), write), (whole, READ))
    if isinstance(index, slice) and write:
        return ((whole, WRITE),)
    return all_items(watch, thing, write)


def _keyed(watch: Watch, thing: Any, key: Any, index: Any, write: bool, removes: bool) -> Footprint:
    """One key of a dict. Adding a key changes the whole only for those who look at the whole."""
    whole, keys = (key, WHOLE), (key, KEYS)
    if not is_plain_key(index):
        return ((whole, WRITE), (keys, WRITE)) if write else ((keys, READ),)
    alive = whole in watch.watched
    grows = index not in thing and not removes and (write or isinstance(thing, collections.defaultdict))
    if grows and not alive:
        watch.grow(key)
    write = write or grows
    if write and (alive or removes):
        return (((key, index), WRITE), (keys, READ), (whole, WRITE))
    return (((key, index), write), (keys, READ))


def is_plain_key(index: Any) -> bool:
    """Whether a dict's key is its own name: one value, or a tuple of such."""
    return isinstance(index, ATOMS) or (isinstance(index, tuple) and all(is_plain_key(i) for i in index))


def all_items(watch: Watch, thing: Any, write: bool = READ) -> Footprint:
    """Everything in a container is read or changed."""
    key = watch.key(thing)
    whole = (key, WHOLE)
    if isinstance(thing, dict):
        if write:
            return ((whole, WRITE), ((key, KEYS), WRITE))
        watch.look(key, True)
    if write or isinstance(thing, set) or whole in watch.watched:
        return ((whole, write),)
    names = (k for k in thing if is_plain_key(k)) if isinstance(thing, dict) else range(len(thing))
    return ((whole, READ), *(((key, name), READ) for name in names))


def order(watch: Watch, thing: Any) -> Footprint:
    """Which keys there are is read, and in which order, but not what they hold."""
    key = watch.key(thing)
    if isinstance(thing, dict):
        watch.look(key, True)
    return (((key, WHOLE), READ),)


def length(watch: Watch, thing: Any) -> Footprint:
    """Only the length is read."""
    key = watch.key(thing)
    if isinstance(thing, dict):
        watch.look(key, False)
    return (((key, WHOLE), READ),)


def method(watch: Watch, thing: Any, name: str, args: tuple[Any, ...]) -> tuple[Footprint, bool]:
    """What a method is about to touch, and whether it changes the container."""
    if isinstance(thing, dict) and name in ONE_ITEM and args:
        write = ONE_ITEM[name] or name == "setdefault"
        removes = name in ("pop", "__delitem__")
        return item(watch, thing, args[0], write, removes), write
    if name in ("__getitem__", "__setitem__", "__delitem__") and args:
        return item(watch, thing, args[0], name != "__getitem__", name == "__delitem__"), name != "__getitem__"
    if name == "__len__":
        return length(watch, thing), False
    write = name not in READING
    if write and not isinstance(thing, dict):
        return (((watch.key(thing), WHOLE), WRITE),), True
    return all_items(watch, thing, write), write
