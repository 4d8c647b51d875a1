"""Which places were found to be shared, program by program, so that a schedule can be replayed without exploring again."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from labkit.explore.watch import Watch

_known: weakref.WeakKeyDictionary[Any, tuple[set[Any], set[Any], set[Any], dict[int, Any], bool, str]] = weakref.WeakKeyDictionary()


def remember(main: Callable[[], Any], watch: Watch) -> None:
    """Keep what an exploration has learnt of this program."""
    try:
        _known[main] = (set(watch.watched), set(watch.rebound), set(watch.timed), watch.old, watch.spurious, watch.memory)
    except TypeError:  # a callable that cannot be referred to weakly: it will be explored again
        return


def recall(main: Callable[[], Any], watch: Watch) -> bool:
    """Take over what is known of this program; whether anything is."""
    try:
        known = _known.get(main)
    except TypeError:
        known = None
    if known is None or known[-1] != watch.memory:
        return False
    watched, rebound, timed, old, watch.spurious, _ = known
    watch.watched, watch.rebound, watch.timed = set(watched), set(rebound), set(timed)
    for number, thing in old.items():
        watch.old.setdefault(number, thing)
    return True
