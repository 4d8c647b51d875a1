"""Evidence: what a student's code did that no exercise needs, and what of ours it replaced.

Two wires. Python's audit hooks (PEP 578) cannot be taken away again: each event of interest that a student's code causes is
sent at once, before the deed is done. And names in the modules of labkit, and in those of the standard library that labkit
uses, are compared with what they were; its classes cannot be changed at all (seal.py). Evidence is for a person to weigh.
"""

from __future__ import annotations

import builtins
import sys
import threading
import types
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, Final

from labkit.grading.seal import Versions, seal

FRAMES: Final = {
    "sys._getframe": "reads stack frames",
    "sys._current_frames": "reads the stack frames of all threads",
    "sys._current_exceptions": "reads the exceptions of all threads",
    "labkit.gr_frame": "reads the stack frames of a greenlet",
    "labkit.greenlet_trace": "traces every switch",
    "sys.settrace": "traces every line",
    "sys.setprofile": "traces every call",
    "sys.monitoring.register_callback": "traces what is called",
    "sys.addaudithook": "adds an audit hook",
    "gc.get_objects": "lists all objects of the process",
    "gc.get_referrers": "looks for whoever refers to an object",
    "gc.get_referents": "looks for what an object refers to",
    "labkit.create_builtin": "loads a module of Python's a second time",
    "ctypes.dlopen": "opens a C library",
    "ctypes.dlsym": "looks up a C function",
    "ctypes.string_at": "reads memory at an address",
    "ctypes.cdata": "makes a C object at an address",
    "cpython.PyInterpreterState_New": "starts a second interpreter",
}
"""Ways into what is not the student's."""
DEEDS: Final = {
    "os.fork": "starts a process",
    "os.forkpty": "starts a process",
    "os.exec": "starts a program",
    "os.system": "starts a program",
    "os.posix_spawn": "starts a program",
    "subprocess.Popen": "starts a program",
    "os.kill": "sends a signal",
    "os.killpg": "sends a signal",
    "socket.__new__": "opens a socket",
    "socket.connect": "connects to the network",
    "socket.getaddrinfo": "looks up a name in the network",
    "socket.gethostbyname": "looks up a name in the network",
}
"""What the sandbox refuses anyway."""
DIRECT: Final = {
    "code.__new__": "makes code objects by hand",
    "marshal.loads": "makes code objects by hand",
    "exec": "runs code that it makes from text",
    "compile": "makes code from text",
    "labkit.globals": "asks for the names of the notebook by globals()",
    "labkit.handler": "handles a signal",
}
"""Odd only if the student's own line does it: much of the standard library does, too."""
ATTRIBUTES: Final = {
    "tb_frame", "gi_frame", "cr_frame", "ag_frame", "__globals__", "__closure__", "__builtins__", "__kwdefaults__",
}  # fmt: skip
SET: Final = {"__code__", "__defaults__", "__kwdefaults__", "__globals__", "__closure__"}
INSIDE: Final = {"_ctypes", "ctypes", "_testcapi", "_testinternalcapi", "_xxsubinterpreters", "_interpreters", "_signal", "_imp"}
"""Modules that reach into Python itself."""
SECRET: Final = frozenset({"mem", "maps", "smaps", "environ", "fd", "cmdline", "syscall", "auxv", "pagemap", "stack"})
INNOCENT: Final = {
    "collections": {"namedtuple"}, "enum": {"_create_"}, "typing": {"_caller", "get_type_hints", "_allow_reckless_class_checks"},
    "traceback": {"print_stack", "extract_stack", "format_stack"}, "logging": {"findCaller", "<lambda>"},
    "warnings": {"_is_internal_frame", "warn"}, "inspect": {"_signature_from_function", "get_annotations"},
}  # fmt: skip
"""Functions of the standard library that look at frames for themselves, and do not give them away."""
GENERATORS: Final = {"traceback": {"walk_tb", "walk_stack", "_walk_tb_with_full_positions"}, "logging": {"currentframe"}}
"""The same, if it is their own module that calls them."""
HOOKS: Final = frozenset({"excepthook", "unraisablehook", "displayhook", "breakpointhook"})
"""Names of the standard library that are there to be replaced."""
EVIDENCE_MOST: Final = 40
"""Messages; whoever trips the wire in a loop has been seen."""


class Tripwire:
    """The wires of one process.

    Args:
        send: takes ("evidence", what, where).
        files: names of the student's cells.
        allowed: modules whose deeds are the exercise itself, such as "ctypes".
        ours: names of the course's cells.
    """

    def __init__(
        self, send: Callable[..., None], files: Collection[str], allowed: Collection[str] = (), ours: Collection[str] = ()
    ) -> None:
        self.send, self.files = send, frozenset(files)
        self.ours = frozenset(ours) | {"<check>", "<given>", "<string>"}
        self.allowed = frozenset(allowed)
        both = FRAMES | DEEDS
        self.watched = {event: what for event, what in both.items() if event.partition(".")[0] not in allowed}
        self.direct = {event: what for event, what in DIRECT.items() if event != "labkit.handler" or "signal" not in allowed}

    def arm(self) -> None:
        """From now on; the rest of the process's life."""
        send, whose, what_of, frame_of, thread = self.send, self.whose, self.what_of, sys._getframe, threading.get_ident
        most, looking = [EVIDENCE_MOST], set[int]()

        def hook(event: str, arguments: tuple[Any, ...]) -> None:
            what = what_of(event, arguments)
            if not what:
                return
            me = thread()
            if most[0] > 0 and me not in looking:
                looking.add(me)  # Why: to look at a frame is itself an event
                try:
                    if where := whose(frame_of(1), event):
                        most[0] -= 1
                        send("evidence", what, where)
                finally:
                    looking.discard(me)

        sys.addaudithook(hook)

    def what_of(self, event: str, arguments: tuple[Any, ...]) -> str:
        """What an event means, in words; "" if nothing."""
        if event == "object.__getattr__" or event == "object.__setattr__":
            name = arguments[1] if len(arguments) > 1 else ""
            if type(name) is str and name in (ATTRIBUTES if event == "object.__getattr__" else SET):
                return f"{'reads' if event == 'object.__getattr__' else 'replaces'} {name} of a {type(arguments[0]).__name__}"
        elif event == "import":
            if arguments and type(arguments[0]) is str and arguments[0] in INSIDE and arguments[0].strip("_") not in self.allowed:
                return f"imports {arguments[0]}"
        elif event == "open":
            path = arguments[0] if arguments else ""
            path = path.decode("utf-8", "replace") if type(path) is bytes else path
            if type(path) is str and path.rstrip("/.").rpartition("/")[2] in SECRET and ("/proc" in path or "/" not in path):
                return f"opens {path[:200]}"
        elif event in self.watched:
            return self.watched[event]
        elif event in self.direct:
            return self.direct[event]
        return ""

    def whose(self, frame: types.FrameType | None, event: str = "") -> str:
        """The student's line, if it is a student's deed: his own frame, with nothing of labkit between it and the event."""
        while frame is not None and frame.f_globals.get("__name__") == "bell" and frame.f_code.co_filename == "<string>":
            frame = frame.f_back
        first = frame
        while frame is not None:
            if id(frame.f_globals) in OURS:
                return ""
            file = frame.f_code.co_filename
            if file in self.files or not (file in self.ours or file.startswith(TRUSTED)):
                if frame is not first and (event in self.direct or _innocent(first)):
                    return ""
                return f"{file.strip('<>')}, line {frame.f_lineno}"
            frame = frame.f_back
        return "a thread" if first is not None and event in FRAMES and not _innocent(first) else ""

    def look(self) -> None:
        """Tell what of ours is not what it was."""
        written = [BEFORE[i] for versions in VERSIONS for i in versions.changed()]
        changed = [f"{owner}.{name}" for space, owner, kept in written for name in _changes(space, kept)]
        if changed:
            more = f" and {len(changed) - 5} more" if len(changed) > 5 else ""
            self.send("evidence", f"replaces {', '.join(changed[:5])}{more}", "")


def _innocent(frame: types.FrameType | None) -> bool:
    """Whether it is a function of INNOCENT that looks at a frame, for itself."""
    if frame is None:
        return False
    module, name = STANDARD.get(id(frame.f_globals), ""), frame.f_code.co_name
    if name in INNOCENT.get(module, ()):
        return True
    within = frame.f_back is not None and frame.f_back.f_globals is frame.f_globals
    return within and name in GENERATORS.get(module, ())


def _changes(space: dict[str, Any], kept: dict[str, int]) -> Iterator[str]:
    for name, was in kept.items():
        if id(space.get(name)) != was:
            yield name
    if id(space) in OURS:
        yield from SHADOWS.intersection(space).difference(kept)


def remember(modules: Iterable[types.ModuleType]) -> None:
    """Note what is there now, once, in the process that all others are forked from; and seal it."""
    modules = list(modules)
    seal(modules)
    OURS.update(id(vars(module)) for module in modules)
    STANDARD.update((id(vars(module)), name) for name, module in list(sys.modules.items()) if module is not None)
    BEFORE[:] = [(vars(module), module.__name__, _kept(module, False)) for module in modules]
    used = {id(value): value for module in modules for value in vars(module).values() if isinstance(value, types.ModuleType)}
    BEFORE.extend(
        (vars(module), module.__name__, _kept(module, True)) for module in used.values() if id(vars(module)) not in OURS
    )
    private = {id(space): space for module in modules if isinstance(space := vars(module).get("__builtins__"), dict)}
    BEFORE.extend((space, "builtins", {name: id(value) for name, value in space.items()}) for space in private.values())
    VERSIONS[:] = [Versions(space for space, _, _ in BEFORE)]


def _kept(module: types.ModuleType, standard: bool) -> dict[str, int]:
    return {
        name: id(value)
        for name, value in vars(module).items()
        if (callable(value) or isinstance(value, types.ModuleType)) and not (standard and name in HOOKS)
    }


BEFORE: list[tuple[dict[str, Any], str, dict[str, int]]] = []
"""Namespace, its name, and what was in it: name → id."""
VERSIONS: list[Versions] = []
"""Of the same namespaces: a dict that was not written to need not be looked through. Why: in a child, to look at an object
is to copy the page of memory that it lies on, for it counts who looks."""
OURS: set[int] = set()
"""The namespaces of labkit's modules, by id: a name can be forged, an object cannot."""
STANDARD: dict[int, str] = {}
"""The namespaces of modules that were loaded before a student's code ran: id → name."""
SHADOWS: Final = frozenset(name for name in vars(builtins) if not name.startswith("__"))
"""Names that mean a builtin function in a module, until somebody gives it a name of its own."""
TRUSTED: Final = (sys.prefix, sys.base_prefix, "<frozen ", *sorted({path for path in sys.path if path.startswith("/")}))
"""Where code comes from that is not the student's."""
