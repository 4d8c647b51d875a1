"""Inside the process that runs a student's code: the cells, one expression, and what came of it.

Nothing here can be trusted afterwards: code in the same process can reach what Python can reach. So this file knows nothing
worth stealing (no expected value, no other check, no other student), what it sends is compared by somebody else, and what is
easy to reach is worth nothing:

- A student's code runs in a greenlet of its own. Its stack frames end there; the mark that makes a message the grader's lies
  beyond, and what is told meanwhile (evidence) carries a lesser mark.
- The course's functions and the expression look names up in a dict of their own, with builtins of their own: a student's
  `explore = mine` or `def len(x)`, then or later, is for the student's own functions.
- Other ways lead past a wire: see tripwire.py and seal.py.
"""

from __future__ import annotations

import builtins
import linecache
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import FunctionType
from typing import Any, Final

from labkit.errors import Deadlock
from labkit.grading.seal import Handlers, handlers_off, handlers_on
from labkit.grading.tripwire import Tripwire
from labkit.grading.wire import CannotCross, lesser, packed, to_data, unpacked
from labkit.machines.cooperative import Stack

# Why: taken before a student's code can replace them
write, read, end, readlink = os.write, os.read, os._exit, os.readlink
clock, settrace, setprofile = time.monotonic, sys.settrace, sys.setprofile
mro_of: Final = vars(type)["__mro__"].__get__
name_of: Final = vars(type)["__name__"].__get__
BUILTINS: Final = dict(vars(builtins))
errno_of: Final = vars(OSError)["errno"].__get__
file_of: Final = vars(OSError)["filename"].__get__
code_of: Final = vars(FunctionType)["__code__"].__get__
defaults_of: Final = vars(FunctionType)["__defaults__"].__get__
keywords_of: Final = vars(FunctionType)["__kwdefaults__"].__get__
NEXT: Final = bytes(4)
"""An empty message."""


class Harness:
    """One conversation: the cells, then one question after another.

    Args:
        job: "steps" (each [cell, source, whose, may_raise]), "keep" (names that stay the course's own),
            "allow" (modules that the exercise is about), "nonce".
        fd: where messages go.
        questions: where questions come from.
        names: the notebook's names before its first cell.
        verdict: the class of the explorer's verdicts.
    """

    def __init__(self, job: dict[str, Any], fd: int, questions: int, names: dict[str, Any], verdict: type | None) -> None:
        FOLDER[0] = job.get("folder", "")
        self.fd, self.questions, self.verdict = fd, questions, verdict
        self.tell = _sender(fd, job["nonce"])
        self.note = _sender(fd, lesser(job["nonce"]))
        self.cells = Cells(job["steps"], frozenset(job["keep"]), names)
        theirs = {f"<{cell}>" for cell, _, whose, _ in job["steps"] if whose}
        ours = {f"<{cell}>" for cell, _, whose, _ in job["steps"] if not whose}
        self.wire = Tripwire(self.note, theirs, job["allow"], ours)
        self.handlers: Handlers = []
        self.asker = self._asker(job["answers"]) if job.get("answers") is not None else None

    def run(self) -> None:
        """Run the cells, answer, and end the process: nothing that was left behind shall run after us."""
        warnings.simplefilter("ignore")
        self.wire.arm()
        told = self._beyond(self.cells.run)
        self._look()
        if told is None:
            self.note("began", [])
            while question := self._next():
                told = self._beyond(self.cells.value_of, *question, self.verdict)
                self._look()
                self.tell(*told)
        else:
            self.tell(*told)
        end(0)

    def _beyond(self, do: Callable[..., Any], *arguments: Any) -> Any:
        """Do what runs a student's code in a greenlet of its own: its frames are the last that one can reach."""
        runner = Stack(_beyond)
        try:
            told, self.handlers = runner.switch(do, arguments, self.handlers)
            if runner.dead:
                return told
            problem = "switches to the grader's own greenlet"
        except BaseException as error:
            if type(error) is MemoryError:
                raise
            problem = f"throws a {_name(error)} into the grader's own greenlet"
        self.note("evidence", f"sends messages of its own in the grader's place: {problem}", "")
        return end(0)

    def _asker(self, answers: dict[str, str]) -> Any:
        """Where cells ask for runs of C: the stand-ins, loaded only then."""
        from labkit.grading.asking import Asker

        asker = Asker(self.note, end, answers)
        for names in (self.cells.names, self.cells.own):
            asker.stand_in(names)
        return asker

    def _look(self) -> None:
        self.wire.look()
        if self.asker is not None:
            self.asker.look()
        if changed := list(self.cells.changes()):
            self.note("evidence", f"replaces {', '.join(changed[:5])} of the course", "")

    def _next(self) -> list[str] | None:
        """Wish for a question, by an empty message: [expression, assignments that it needs]; None if there are no more."""
        _write(self.fd, NEXT)
        data = b""
        while len(data) < 4 or len(data) < 4 + int.from_bytes(data[:4], "little"):
            if not (chunk := read(self.questions, 1 << 16)):
                return None
            data += chunk
        question: list[str] = unpacked(data[4:])
        return question


def _sender(fd: int, mark: str) -> Callable[..., None]:
    def send(kind: str, *facts: Any) -> None:
        """One message, whole."""
        _write(fd, packed([mark, kind, *facts]))

    return send


def _write(fd: int, message: bytes) -> None:
    while message:
        try:
            message = message[write(fd, message) :]
        except BlockingIOError:
            continue  # somebody made the pipe one that does not wait


def _beyond(do: Callable[..., Any], arguments: tuple[Any, ...], handlers: Handlers) -> tuple[Any, Handlers]:
    """What to tell, as plain data. Then nothing of the student's is called any more, until the next time."""
    try:
        handlers_on(handlers)
        told = do(*arguments)
        _flush()
    except BaseException as error:  # an exception of the student's own, from a signal's handler
        told = error_data(error, "", 0.0)
    settrace(None)
    setprofile(None)
    return told, handlers_off()


def _flush() -> None:
    """What was printed shall be there."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # a student's own stream
            continue


class Cells:
    """The cells before a check, and the two dicts of names: the notebook's, and the course's own.

    Attributes:
        names: what a student's cells run in.
        own: what the course's cells and the expression run in: the course's names, and copies of the student's.
    """

    def __init__(self, steps: list[Any], keep: frozenset[str], names: dict[str, Any]) -> None:
        self.steps, self.keep = steps, keep
        self.names = {**names, "__builtins__": builtins}
        self.own = {**names, "__builtins__": BUILTINS}
        self.made: dict[str, tuple[Any, Any]] = {}

    def run(self) -> tuple[Any, ...] | None:
        """Run all; what to tell if one fails."""
        for cell, source, whose, may_raise in self.steps:
            error = self._one(cell, source, self.names if whose else self.own)
            if error is not None and not may_raise:
                if isinstance(error, SystemExit):
                    error = RuntimeError(f"the cell ends the program (SystemExit: {_text(error)})")
                return error_data(error, cell, 0.0)
            self._share(whose)
        return None

    def _share(self, whose: str) -> None:
        if not whose:
            self.names.update((name, value) for name, value in self.own.items() if name != "__builtins__")
            self.made = {name: (value, _inside(value)) for name, value in self.own.items() if name in self.keep}
            return
        for name, value in list(self.names.items()):
            if name in self.keep and name in self.own:
                self.names[name] = self.own[name]  # what the course defines stays the course's own
            elif name not in BUILTINS and not name.startswith("__"):
                self.own[name] = value

    def value_of(self, expression: str, given: str, verdict: type | None) -> tuple[Any, ...]:
        """Evaluate, and turn what came of it into data."""
        began = clock()
        try:
            exec(compile(given, "<given>", "exec"), self.own)
            began = clock()
            value = eval(compile(expression, "<check>", "eval"), self.own)
        except BaseException as error:
            return error_data(error, "", clock() - began)
        took = clock() - began
        try:
            return "value", to_data(value, verdict), took
        except CannotCross as error:
            return "value", {"foreign": [_name(value), str(error)]}, took

    def changes(self) -> Iterator[str]:
        """What the course's cells had made, and is not what it was."""
        for name, (value, inside) in self.made.items():
            if self.own.get(name) is not value or _inside(value) != inside:
                yield name

    @staticmethod
    def _one(cell: str, source: str, names: dict[str, Any]) -> BaseException | None:
        file = f"<{cell}>"
        LINES[file] = source.splitlines()
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        try:
            exec(compile(source, file, "exec"), names)
        except BaseException as error:
            return error
        return None


FOLDER = [""]
"""A child's own."""
LINES: Final[dict[str, list[str]]] = {}
"""File → its lines: ours, for linecache is everybody's."""


def _inside(value: Any) -> Any:
    """What makes a function or a class of the course do what it does."""
    if type(value) is FunctionType:
        return id(code_of(value)), id(defaults_of(value)), repr(keywords_of(value))
    if type(value) is type and value.__module__ == "__main__":
        return {name: id(each) for name, each in vars(value).items() if callable(each) or isinstance(each, property)}
    return None


def _name(value: Any) -> str:
    return str(name_of(type(value)))


def error_data(error: BaseException, cell: str, took: float) -> tuple[Any, ...]:
    """An exception as what to tell: no method of its class is called but __str__."""
    kinds = mro_of(type(error))
    number = errno_of(error) if OSError in kinds else 0
    facts = {
        "mro": [name_of(each) for each in kinds[:50]],
        "text": _text(error),
        "cell": cell,
        "where": _where(error),
        "deadlock": Deadlock in kinds,
        "file": _file(error) if OSError in kinds else "",
        "errno": number if type(number) is int else 0,
    }
    return "error", facts, took


def _file(error: BaseException) -> str:
    """Which file it is about: what a link says, if it is one."""
    name = file_of(error)
    if type(name) is not str:
        return ""
    with suppress(OSError, ValueError):  # most are no link
        name = readlink(name)
    return name[:500].removeprefix(f"{FOLDER[0]}/")


def _text(error: BaseException) -> str:
    try:
        return str.__str__(str(error))[:2000]
    except BaseException as trouble:
        return f"<its message raises {_name(trouble)}>"


def _where(error: BaseException) -> str:
    """Function and line of the innermost line that is the student's."""
    found, trace = "", BaseException.__dict__["__traceback__"].__get__(error)
    while trace is not None:
        file, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
        if file in LINES:
            text = "".join(LINES[file][line - 1 : line]).strip()
            found = f"{file.strip('<>')}, line {line}: {text}"[:300]
        trace = trace.tb_next
    return found
