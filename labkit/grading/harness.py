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

import _signal
import builtins
import hashlib
import linecache
import os
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any, Final

from labkit.grading.tripwire import Tripwire
from labkit.grading.wire import CannotCross, packed, shown, to_data
from labkit.machines.cooperative import greenlet

# Why: taken before a student's code can replace them
write, end, clock, source_line, settrace, setprofile = os.write, os._exit, time.monotonic, linecache.getline, sys.settrace, sys.setprofile
handler_of, set_handler, set_timer, ignored = _signal.getsignal, _signal.signal, _signal.setitimer, _signal.SIG_IGN
SIGNALS: Final = tuple(sorted(_signal.valid_signals()))
TIMERS: Final = (_signal.ITIMER_REAL, _signal.ITIMER_VIRTUAL, _signal.ITIMER_PROF)
BUILTINS: Final = dict(vars(builtins))


def lesser(nonce: str) -> str:
    """The mark of what is told while a student's code runs; nobody gets from it to the other one."""
    return hashlib.sha256(nonce.encode()).hexdigest()[:32]


class Harness:
    """One check.

    Args:
        job: "steps" (each [cell, source, whose, may_raise]), "expression", "keep" (names that stay the course's own),
            "allow" (modules that the exercise is about), "nonce".
        fd: where messages go.
        names: the notebook's names, with the cells of the course that come first already run.
        verdict: the class of the explorer's verdicts.
    """

    def __init__(self, job: dict[str, Any], fd: int, names: dict[str, Any], verdict: type | None) -> None:
        self.job, self.names, self.verdict = job, names, verdict
        self.tell = _sender(fd, job["nonce"])
        self.note = _sender(fd, lesser(job["nonce"]))
        theirs = {f"<{cell}>" for cell, _, whose, _ in job["steps"] if whose}
        ours = {f"<{cell}>" for cell, _, whose, _ in job["steps"] if not whose}
        self.wire = Tripwire(self.note, theirs, job["allow"], ours)

    def run(self) -> None:
        """Run the cells, evaluate, tell, and end the process: nothing that was left behind shall run after us."""
        warnings.simplefilter("ignore")
        job = self.job
        cells = Cells(job["steps"], frozenset(job["keep"]), self.names)
        self.wire.arm()
        runner, look, note = greenlet(_student), self.wire.look, self.note
        try:
            told = runner.switch(cells, job["expression"], self.verdict, note, look)
            if not runner.dead:
                raise RuntimeError("somebody switched to the grader's own greenlet")
        except BaseException as error:
            note("evidence", f"sends messages of its own in the grader's place: {type(error).__name__}", "")
            end(0)
        look()
        self.tell(*told)
        end(0)


def _sender(fd: int, mark: str) -> Callable[..., None]:
    def send(kind: str, *facts: Any) -> None:
        """One message, whole."""
        message = packed([mark, kind, *facts])
        while message:
            message = message[write(fd, message) :]

    return send


def _student(
    cells: Cells, expression: str, verdict: type | None, note: Callable[..., None], look: Callable[[], None]
) -> tuple[Any, ...]:
    """All that runs with a student's code below it: what to tell, as plain data. Its frames are the last that one can reach."""
    try:
        told = cells.run()
        if told is None:
            look()
            note("began", [])
            told = value_of(expression, cells, verdict)
    except BaseException as error:  # an exception of the student's own, from a signal's handler
        told = _error(error, "", 0.0)
    _silence()
    return told


def value_of(expression: str, cells: Cells, verdict: type | None) -> tuple[Any, ...]:
    """Evaluate, and turn what came of it into data."""
    began = clock()
    try:
        value = eval(compile(expression, "<check>", "eval"), cells.own)
    except BaseException as error:
        return _error(error, "", clock() - began)
    took = clock() - began
    try:
        return "value", to_data(value, verdict), took
    except CannotCross as error:
        return "value", {"foreign": [type(value).__name__, str(error)]}, took


class Cells:
    """The cells before a check, and the two dicts of names: the notebook's, and the course's own.

    Attributes:
        names: what a student's cells run in.
        own: what the course's cells and the expression run in: the course's names, and copies of the student's.
    """

    def __init__(self, steps: list[Any], keep: frozenset[str], names: dict[str, Any]) -> None:
        self.steps, self.keep = steps, keep
        self.names = {**names, "__builtins__": builtins}
        self.own = {**names, "__builtins__": dict(BUILTINS)}

    def run(self) -> tuple[Any, ...] | None:
        """Run all; what to tell if one fails."""
        for cell, source, whose, may_raise in self.steps:
            error = self._one(cell, source, self.names if whose else self.own)
            if error is not None and not may_raise:
                if isinstance(error, SystemExit):
                    error = RuntimeError(f"the cell ends the program (SystemExit: {_text(error)})")
                return _error(error, cell, 0.0)
            self._share(whose)
        return None

    def _share(self, whose: str) -> None:
        if not whose:
            self.names.update((name, value) for name, value in self.own.items() if name != "__builtins__")
            return
        for name, value in list(self.names.items()):
            if name in self.keep and name in self.own:
                self.names[name] = self.own[name]  # what the course defines stays the course's own
            elif name not in BUILTINS and not name.startswith("__"):
                self.own[name] = value

    @staticmethod
    def _one(cell: str, source: str, names: dict[str, Any]) -> BaseException | None:
        file = f"<{cell}>"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        try:
            exec(compile(source, file, "exec"), names)
        except BaseException as error:
            return error
        return None


def _silence() -> None:
    """Nothing of the student's shall be called from here on: no trace, no handler; and what was printed shall be there."""
    settrace(None)
    setprofile(None)
    for timer in TIMERS:
        set_timer(timer, 0)
    for number in SIGNALS:
        if callable(handler_of(number)):
            set_handler(number, ignored)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # noqa: S112  a student's own stream
            continue


def _error(error: BaseException, cell: str, took: float) -> tuple[Any, ...]:
    facts = {
        "mro": [each.__name__ for each in type(error).__mro__],
        "text": _text(error),
        "cell": cell,
        "where": _where(error),
        "blocked": _blocked(error),
        "errno": error.errno if isinstance(error, OSError) and type(error.errno) is int else 0,
    }
    return "error", facts, took


def _text(error: BaseException) -> str:
    try:
        return str.__str__(str(error))[:2000]
    except Exception as trouble:
        return f"<its message raises {type(trouble).__name__}>"


def _where(error: BaseException) -> str:
    """Function and line of the innermost line that is the student's."""
    found, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename.startswith("<") and code.co_filename not in ("<check>", "<string>"):
            line = source_line(code.co_filename, trace.tb_lineno).strip()
            found = f"{code.co_filename.strip('<>')}, line {trace.tb_lineno}: {line}"[:300]
        trace = trace.tb_next
    return found


def _blocked(error: BaseException) -> str:
    """Of a Deadlock: who waits for whom."""
    waiting = getattr(error, "blocked", None)
    return "; ".join(shown(each) for each in waiting[:20]) if isinstance(waiting, list) else ""
