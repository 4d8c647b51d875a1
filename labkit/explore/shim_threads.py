"""threading's threads as the explorer runs them."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from labkit import here
from labkit.explore.explored import Explored
from labkit.explore.independence import RULES, STATE, Rule
from labkit.explore.shim_locks import Event
from labkit.thread import EXITED


class Thread:
    """threading.Thread. What it raises is a failure of the program, and join() says nothing of it, as in threading."""

    kind = "thread"
    observed = True
    _lk_thread: Explored | None = None
    _lk_ready = False

    def __init__(
        self,
        group: None = None,
        target: Callable[..., Any] | None = None,
        name: str | None = None,
        args: Iterable[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        daemon: bool | None = None,
    ) -> None:
        here.machine.watch.made(self)
        here.numbers["Thread"] += 1
        self._lk_ready = True
        self._lk_given = None if name is None else str(name)
        does = getattr(target, "__name__", "")
        self._lk_name = self._lk_given or f"Thread-{here.numbers['Thread']}" + (f" ({does})" if does else "")
        self._lk_target, self._lk_args, self._lk_kwargs = target, tuple(args), dict(kwargs or {})
        self._lk_daemon = current_thread().daemon if daemon is None else bool(daemon)

    def start(self) -> None:
        """Begin to run."""
        machine = self._lk_machine()
        if self._lk_thread is not None:
            raise RuntimeError("threads can only be started once")
        self._lk_begun(True)
        word = "".join("-" if c.isspace() or c == "*" else c for c in self._lk_given or "") or None
        thread = machine.spawn(self._lk_life, name=word)
        thread.daemon, thread.face = self._lk_daemon, self
        self._lk_thread = thread

    def run(self) -> None:
        """What the thread does: call the target."""
        if self._lk_target is not None:
            here.machine.program.function(self._lk_target)(*self._lk_args, **self._lk_kwargs)

    def join(self, timeout: float | None = None) -> None:
        """Wait for its end; with a timeout, perhaps not until then."""
        machine = self._lk_machine()
        self._lk_begun(False)
        thread = self._lk_thread
        if thread is None:
            raise RuntimeError("cannot join thread before it is started")
        if thread is machine.current:
            raise RuntimeError("cannot join current thread")
        if timeout is not None:
            self._lk_step("is_alive", False)
            if thread.state != EXITED:
                machine.current.late_ns += int(max(timeout, 0) * 1e9)
                return
        try:
            machine.join(thread)
        except BaseException as error:
            if error is not thread.error:
                raise
            thread.error_seen = False

    def is_alive(self) -> bool:
        """Whether it has begun and not ended."""
        self._lk_machine()
        self._lk_begun(False)
        self._lk_step("is_alive", False)
        return self._lk_thread is not None and self._lk_thread.state != EXITED

    @property
    def name(self) -> str:
        """A name, for people."""
        return self._lk_name

    @name.setter
    def name(self, name: str) -> None:
        self._lk_name = str(name)
        if self._lk_thread is None:
            self._lk_given = self._lk_name

    @property
    def ident(self) -> int | None:
        """A number, once it has begun."""
        return None if self._lk_thread is None else self._lk_thread.tid

    native_id = ident

    @property
    def daemon(self) -> bool:
        """Whether the program may end without it."""
        return self._lk_daemon

    @daemon.setter
    def daemon(self, daemon: bool) -> None:
        if self._lk_thread is not None:
            raise RuntimeError("cannot set daemon status of active thread")
        self._lk_daemon = bool(daemon)

    def describe(self) -> str:
        """What it is, in words."""
        return f"thread '{self._lk_thread.name if self._lk_thread is not None else self.name}'"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} '{self.name}'>"

    # ---- inside

    def _lk_machine(self) -> Any:
        """The machine; a thread that is not ready ends the run or raises."""
        if not self._lk_ready:
            if "_started" in vars(self):
                from labkit.explore.shim import too_old

                too_old(f"the thread '{vars(self).get('_name', '?')}'", "Make the thread inside main().")
            raise RuntimeError("thread.__init__() not called")
        return here.machine

    def _lk_life(self) -> None:
        try:
            self.run()
        except SystemExit:
            pass
        except Exception:
            self._lk_step("end", True)
            raise
        self._lk_step("end", True)

    def _lk_begun(self, write: bool) -> None:
        """Begin, or look whether it has begun."""
        watch = here.machine.watch
        watch.touch_one((watch.key(self), "begun"), write, ("starts" if write else "asks about", self))

    def _lk_step(self, op: str, write: bool) -> None:
        """End, or look whether it has ended: a step only if another thread looks, as with plain data."""
        machine = here.machine
        watch, me = machine.watch, machine.current
        place = (watch.key(self), "")
        if not machine.unjoined:
            return
        if place in watch.watched:
            machine.point(op, self)
        elif write or watch.first.get(place) != me.index:
            watch.note(place, write, me.index)


RULES[Thread] = {
    "end": Rule(lambda state, thread, argument: True),
    "is_alive": Rule(lambda state, thread, argument: False),
}
STATE[Thread] = lambda thread: None


class Timer(Thread):
    """threading.Timer: calls a function after a while, unless it is cancelled before."""

    def __init__(
        self, interval: float, function: Callable[..., Any], args: Iterable[Any] | None = None, kwargs: Any = None
    ) -> None:
        super().__init__(target=function, args=args or (), kwargs=kwargs)
        self.interval = interval
        self.finished = Event()

    def cancel(self) -> None:
        """Do not call it."""
        self.finished.set()

    def run(self) -> None:
        """Wait, and call it."""
        if not self.finished.wait(self.interval):
            super().run()
        self.finished.set()


class MainThread(Thread):
    """Stands for a thread that Thread.start() did not begin: main's, or one of spawn()."""

    def __init__(self, thread: Explored) -> None:
        self._lk_ready, self._lk_thread, self._lk_daemon = True, thread, False
        self._lk_name = self._lk_given = "MainThread" if thread.tid == 1 else thread.name
        self._lk_target, self._lk_args, self._lk_kwargs = None, (), {}


def current_thread() -> Thread:
    """threading.current_thread()."""
    return _of(here.machine.current)


def main_thread() -> Thread:
    """threading.main_thread()."""
    return _of(here.machine.threads[0])


def get_ident() -> int:
    """threading.get_ident()."""
    tid: int = here.machine.current.tid
    return tid


get_native_id = get_ident


def _of(thread: Explored) -> Thread:
    if thread.face is None:
        thread.face = MainThread(thread)
    face: Thread = thread.face
    return face


class Local:
    """threading.local: each thread sees attributes of its own.

    Args:
        start: those of the main thread at the beginning.
    """

    def __init__(self, start: dict[str, Any] | None = None) -> None:
        vars(self)["_lk_spaces"] = weakref.WeakKeyDictionary()
        vars(self)["_lk_start"] = start or {}

    def _lk_space(self) -> dict[str, Any]:
        me = here.machine.current
        spaces = vars(self)["_lk_spaces"]
        if me not in spaces:
            spaces[me] = dict(vars(self)["_lk_start"]) if me.tid == 1 else {}
        space: dict[str, Any] = spaces[me]
        return space

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_lk_") or name not in (space := self._lk_space()):
            raise AttributeError(f"'_thread._local' object has no attribute {name!r}")
        return space[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self._lk_space()[name] = value

    def __delattr__(self, name: str) -> None:
        if name not in self._lk_space():
            raise AttributeError(name)
        del self._lk_space()[name]
