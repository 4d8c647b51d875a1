"""Evidence: what a student's code did that no exercise needs, and what of ours it replaced.

Two wires. Python's audit hooks (PEP 578) cannot be taken away again: each event of interest that a student's code causes is
sent at once, before the deed is done. And the functions and classes of labkit, and what labkit uses of the standard library,
are compared with what they were. Evidence is for a person to weigh: it changes no points.
"""

from __future__ import annotations

import sys
import threading
import types
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Final

WATCHED: Final = {
    "sys._getframe": "reads stack frames",
    "sys._current_frames": "reads the stack frames of all threads",
    "sys._current_exceptions": "reads the exceptions of all threads",
    "sys.settrace": "traces every line",
    "sys.setprofile": "traces every call",
    "sys.addaudithook": "adds an audit hook",
    "gc.get_objects": "lists all objects of the process",
    "gc.get_referrers": "looks for whoever refers to an object",
    "gc.get_referents": "looks for what an object refers to",
    "code.__new__": "makes code objects by hand",
    "ctypes.dlopen": "opens a C library",
    "ctypes.dlsym": "looks up a C function",
    "ctypes.string_at": "reads memory at an address",
    "ctypes.cdata": "makes a C object at an address",
    "os.fork": "starts a process",
    "os.exec": "starts a program",
    "os.system": "starts a program",
    "os.posix_spawn": "starts a program",
    "subprocess.Popen": "starts a program",
    "os.kill": "sends a signal",
    "socket.__new__": "opens a socket",
    "socket.connect": "connects to the network",
}
ATTRIBUTES: Final = {"tb_frame", "gi_frame", "cr_frame", "f_code", "__code__", "__globals__"}
SECRET: Final = ("mem", "maps", "environ", "fd", "cmdline", "syscall")
GUARDED: Final = tuple(
    f"labkit.{name}"
    for name in (
        "explore",
        "machines",
        "policies",
        "sync",
        "program",
        "here",
        "thread",
        "tracelog",
        "errors",
        "simkernel",
        "grading",
    )
)
EVIDENCE_MOST: Final = 40
"""Messages; whoever trips the wire in a loop has been seen."""
DEPTH: Final = 40
"""Frames that are looked at from the event outwards, to see whose deed it is."""


class Tripwire:
    """The wires of one process.

    Args:
        send: takes ("evidence", what, where).
        files: names of the student's cells.
        allowed: modules whose deeds are the exercise itself, such as "ctypes".
    """

    def __init__(self, send: Callable[..., None], files: Collection[str], allowed: Collection[str] = ()) -> None:
        self.send, self.files = send, frozenset(files)
        self.watched = {event: what for event, what in WATCHED.items() if event.partition(".")[0] not in allowed}

    def arm(self) -> None:
        """From now on; the rest of the process's life."""
        send, files, frame_of, watched, attributes = self.send, self.files, sys._getframe, self.watched, ATTRIBUTES
        most, looking, thread = [EVIDENCE_MOST], set[int](), threading.get_ident

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            if event in watched:
                what = watched[event]
            elif event in ("object.__getattr__", "object.__setattr__") and arguments[1] in attributes:
                what = f"{'replaces' if 'set' in event else 'reads'} {arguments[1]} of a {type(arguments[0]).__name__}"
            elif (
                event == "open"
                and isinstance(arguments[0], str)
                and arguments[0].startswith("/proc")
                and arguments[0].endswith(SECRET)
            ):
                what = f"opens {arguments[0]}"
            else:
                return
            me = thread()
            if most[0] and me not in looking:
                looking.add(me)  # Why: to look at a frame is itself an event
                try:
                    if where := _whose(frame_of(1), files):
                        most[0] -= 1
                        send("evidence", what, where)
                finally:
                    looking.discard(me)

        sys.addaudithook(hook)

    def look(self) -> None:
        """Tell what of ours is not what it was."""
        changed = [f"{owner}.{name}" for space, name, kept, owner in BEFORE if id(space.get(name)) != kept]
        if changed:
            more = f" and {len(changed) - 5} more" if len(changed) > 5 else ""
            self.send("evidence", f"replaces {', '.join(changed[:5])}{more}", "")


def _whose(frame: types.FrameType | None, files: frozenset[str]) -> str:
    """The student's line, if it is a student's deed: his own frame, with nothing of labkit between it and the event."""
    for _ in range(DEPTH):
        if frame is None:
            return ""
        name = frame.f_globals.get("__name__", "")
        if frame.f_code.co_filename in files:
            return f"{frame.f_code.co_filename.strip('<>')}, line {frame.f_lineno}"
        if isinstance(name, str) and name.partition(".")[0] in ("labkit", "greenlet"):
            return ""
        frame = frame.f_back
    return ""


def remember(modules: Iterable[types.ModuleType]) -> None:
    """Note what is there now, once, in the process that all others are forked from."""
    BEFORE[:] = [fact for module in modules if module.__name__.startswith(GUARDED) for fact in _ours(module)]


def _ours(module: types.ModuleType) -> Iterator[tuple[dict[str, Any], str, int, str]]:
    """What must stay as it is: names in a module of labkit, attributes of its classes."""
    space = vars(module)
    for name, value in space.items():
        if callable(value) or isinstance(value, types.ModuleType):
            yield space, name, id(value), module.__name__
        if isinstance(value, type) and value.__module__ == module.__name__:
            for attribute, each in vars(value).items():
                if callable(each) or isinstance(each, (property, classmethod, staticmethod)):
                    yield vars(value), attribute, id(each), f"{module.__name__}.{value.__qualname__}"  # type: ignore[misc]


BEFORE: list[tuple[dict[str, Any], str, int, str]] = []
"""Namespace, name in it, id of what was there, and how to call it."""
