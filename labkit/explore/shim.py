"""explore(main, machine="threading"): what a program sees where it names threading and queue.

The modules stay as they are. Rewritten code asks here, at each call and each use of a thing, what stands for it: for
threading.Lock a Lock of ours, for a lock that was made before the exploration a lock of ours that begins each run as that
one is. So nothing need be put back, but for one: a student's class that derives from threading.Thread has another base
while the exploration lasts.
"""

from __future__ import annotations

import queue
import sys
import threading
import types
from typing import Any

from labkit import here
from labkit.errors import LabError
from labkit.explore import shim_locks, shim_queue, shim_threads
from labkit.explore.kinds import FOREIGN, kind_of
from labkit.explore.rewriting import Unexplorable
from labkit.explore.shim_locks import Named
from labkit.explore.shim_names import global_word, site_word
from labkit.explore.shim_old import Held, Like, like
from labkit.explore.shim_threads import Local, Thread
from labkit.explore.watch import Watch

CHOICES = ("threading",)
"""What explore() takes for machine=."""
_PAIRS: list[tuple[Any, Any]] = [
    *((getattr(threading, n), getattr(shim_locks, n)) for n in
      ("Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore", "Event", "Barrier")),
    *((getattr(threading, n), getattr(shim_threads, n)) for n in
      ("Thread", "Timer", "current_thread", "main_thread", "get_ident", "get_native_id")),
    *((getattr(queue, n), getattr(shim_queue, n)) for n in ("Queue", "LifoQueue", "PriorityQueue", "SimpleQueue")),
    *((getattr(threading.Thread, n), getattr(Thread, n)) for n in ("__init__", "start", "run", "join", "is_alive")),
    (threading.Timer.__init__, shim_threads.Timer.__init__), (threading.local, Local),
]  # fmt: skip
_STANDS = {id(real): ours for real, ours in _PAIRS}
"""Address of a standard function or class → ours."""


def names_for(machine: str | None, watch: Watch) -> Names | None:
    """What explore(machine=...) means."""
    return None if machine is None else Names(watch)


def check(machine: object) -> None:
    """Refuse a machine of which the explorer knows nothing.

    Raises:
        LabError: naming those it knows.
    """
    if machine is not None and machine not in CHOICES:
        raise LabError(
            f"machine={machine!r}: explore() and replay() have a machine of their own. Leave it out for a program written with "
            'labkit\'s names; machine="threading" is for one written with those of threading and queue. To run a program on '
            "another machine: run(main, machine=...)."
        )


def too_old(what: str, cure: str, line: int | None = None) -> None:
    """The program uses a thing that was made before it began, and that cannot be carried over: the run ends."""
    machine = here.machine
    if line is None:
        from labkit.explore.follow import student_line

        line = student_line(sys._getframe(1))
    machine.watch.not_seen(what, line)
    machine.give_up(Unexplorable(what, line, f"it was made before the exploration began, and not as it was when made. {cure}"))


class Names:
    """What stands for what, in one exploration.

    Attributes:
        lasting: things older than the runs: address → (real, ours); passing: those that a run made itself.
    """

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.lasting: dict[int, tuple[Any, Any]] = {}
        self.passing: dict[int, tuple[Any, Any]] = {}
        self.run: object = None

    # ---- what is called

    def callee(self, f: Any, line: int) -> Any:
        """What to call where the program calls f."""
        if isinstance(f, types.GenericAlias):  # Queue[int]()
            f = f.__origin__
        ours = _STANDS.get(id(f))
        if ours is not None:
            return ours
        if isinstance(f, types.MethodType | types.BuiltinMethodType) and kind_of(f.__self__) == FOREIGN:
            thing = self.of(f.__self__, line)
            if thing is not f.__self__:
                return getattr(thing, f.__name__)
        return f

    @staticmethod
    def asking(f: Any) -> Any:
        """isinstance() and issubclass() that know our classes by their real names; other functions as they are."""
        if f is not isinstance and f is not issubclass:
            return f

        def ask(thing: Any, kinds: Any) -> bool:
            each = kinds if isinstance(kinds, tuple) else (kinds,)
            return bool(f(thing, kinds) or f(thing, tuple(_STANDS[id(k)] for k in each if id(k) in _STANDS)))

        return ask

    # ---- things

    def of(self, thing: Any, line: int = 0) -> Any:
        """One of ours that stands for a real lock or queue; the thing itself if none does."""
        if kind_of(thing) != FOREIGN:
            return thing
        if isinstance(thing, threading.Thread):
            too_old(f"the thread {thing.name!r}", "Make the thread inside main().", line)
        machine = here.machine
        if self.run is not machine.run_id:
            self.run, self.passing = machine.run_id, {}
        known = self.lasting if id(thing) in self.watch.old else self.passing
        found = known.get(id(thing))
        if found is None:
            try:
                ours = like(thing, machine.program.function, self.of)
            except KeyError:
                return thing
            except Held:
                what = f"a {type(thing).__name__} that is not free, or not empty,"
                return too_old(what, "Make it inside main(), or release it before explore().", line)
            found = known[id(thing)] = (thing, ours)
            if isinstance(ours, Named):
                ours.real, ours.word = thing, global_word(thing, sys._getframe(1))
        ours = found[1]
        if id(ours) not in self.watch.keys:
            self.watch.alias(ours, self.watch.key(thing))
            if isinstance(ours, shim_locks.Condition) and id(ours.lock) not in self.watch.keys:
                self.watch.made(ours.lock)
        return ours

    def make(self, kind: type, *args: Any, **kwargs: Any) -> Any:
        """Make an object of a student's class."""
        value = kind(*args, **kwargs)
        self.made(value)
        return value

    def made(self, value: Any) -> None:
        """The program has made an object: what real things are in it are named after its maker too."""
        if isinstance(value, Named):
            value.word = site_word(sys._getframe(1))
            if isinstance(value, shim_locks.Condition) and isinstance(value.lock, Named) and value.lock.word is None:
                value.lock.word = value.word and f"{value.word}.lock"
        for part in getattr(value, "__dict__", {}).values():
            self.of(part)

    # ---- classes

    def adopt(self, kind: type, bases: dict[type, tuple[type, ...]]) -> None:
        """Give a student's class that derives from threading.Thread our Thread as base."""
        if any(id(base) in _STANDS and issubclass(base, threading.Thread) for base in kind.__bases__):
            bases[kind] = kind.__bases__
            kind.__bases__ = tuple(_STANDS.get(id(base), base) for base in kind.__bases__)


__all__ = ["CHOICES", "Like", "Names", "check", "names_for", "too_old"]
