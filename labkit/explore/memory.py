"""Which places were found to be shared, program by program, so that a schedule can be replayed without exploring again."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from typing import Any

from labkit.explore.watch import Watch

Known = tuple[set[Any], set[Any], set[Any], dict[int, Any], str]
_known: weakref.WeakKeyDictionary[Any, Known] = weakref.WeakKeyDictionary()
"""Program → its places, and the things that they are places of: their addresses stay theirs for as long as they live."""


def remember(main: Callable[[], Any], watch: Watch) -> None:
    """Keep what an exploration has learnt of this program."""
    try:
        places = (set(watch.watched), set(watch.rebound), set(watch.timed))
        # Why: not all that the program can reach, for that is often the program itself, which would be kept for ever.
        named = {number: watch.old[number] for number in numbers(places) if number in watch.old}
        _known[main] = (*places, named, watch.memory)
    except TypeError:  # a callable that cannot be referred to weakly: it will be explored again
        return


def numbers(places: Any) -> Iterator[int]:
    """All numbers in the names of some places; among them the addresses of things."""
    for part in places:
        if isinstance(part, int):
            yield part
        elif isinstance(part, (tuple, set)):
            yield from numbers(part)


def recall(main: Callable[[], Any], watch: Watch) -> bool:
    """Take over what is known of this program; whether anything is."""
    try:
        known = _known.get(main)
    except TypeError:
        known = None
    if known is None or known[-1] != watch.memory:
        return False
    watched, rebound, timed, old, _ = known
    watch.watched, watch.rebound, watch.timed = set(watched), set(rebound), set(timed)
    for number, thing in old.items():
        watch.old.setdefault(number, thing)
    return True
