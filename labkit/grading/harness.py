"""Inside the process that runs a student's code: the cells, one expression, and what came of it.

Nothing here can be trusted afterwards: code in the same process can reach everything that Python can reach. So this file
knows nothing worth stealing (no expected value, no other check, no other student), what it sends is compared by somebody
else, and on the way to anything of ours lies a wire: reading frames, walking the garbage collector, replacing a function of
labkit leave evidence that was sent before the deed could be hidden.
"""

from __future__ import annotations

import contextlib
import json
import linecache
import os
import sys
import time
import warnings
from collections.abc import Iterable
from typing import Any, Final

from labkit.grading.tripwire import Tripwire
from labkit.grading.wire import CannotCross, packed, shown, to_data

write, read, end, clock = os.write, os.read, os._exit, time.monotonic  # Why: taken before a student's code can replace them
NEXT: Final = bytes(4)


class Harness:
    """One conversation: the cells, then one question after another.

    Args:
        job: "steps" (each [cell, source, whose, may_raise]), "keep" (names that stay the course's own),
            "allow" (modules that the exercise is about), "nonce".
        fd: where messages go.
        questions: where questions come from.
        names: the notebook's names, with the cells of the course that come first already run.
        verdict: the class of the explorer's verdicts.
    """

    def __init__(self, job: dict[str, Any], fd: int, questions: int, names: dict[str, Any], verdict: type | None) -> None:
        self.job, self.fd, self.questions, self.names, self.verdict = job, fd, questions, names, verdict
        self.wire = Tripwire(self.send, {f"<{cell}>" for cell, _, whose, _ in job["steps"] if whose}, job["allow"])

    def send(self, kind: str, *facts: Any) -> None:
        """One message, whole."""
        message = packed([self.job["nonce"], kind, *facts])
        while message:
            message = message[write(self.fd, message) :]

    def run(self) -> None:
        """Run the cells, answer, and end the process: nothing that was left behind shall run after us."""
        warnings.simplefilter("ignore")
        printed = sys.stdout, sys.stderr
        try:
            self.wire.arm()
            if self._cells():
                self.send("began", [])
                while question := self._next(printed):
                    self._answer(*question)
            self.wire.look()
        except BaseException as error:  # the limit's signal, or a student's own exception from a handler
            self._tell_error(error, "")
        end(0)

    def _cells(self) -> bool:
        """Run the cells; whether they came to their end."""
        for cell, source, whose, may_raise in self.job["steps"]:
            before = {name: self.names[name] for name in self.job["keep"] if name in self.names} if whose else {}
            error = self._cell(cell, source)
            if error is not None and not may_raise:
                if isinstance(error, SystemExit):
                    error = RuntimeError(f"the cell ends the program (SystemExit: {error})")
                self._tell_error(error, cell)
                return False
            self.names.update(before)  # what the course defines stays the course's own
        return True

    def _next(self, printed: Iterable[Any]) -> list[str] | None:
        """Wish for a question, by an empty message: [expression, assignments that it needs]; None if there are no more."""
        for stream in printed:
            with contextlib.suppress(Exception):
                stream.flush()
        write(self.fd, NEXT)
        data = b""
        while len(data) < 4 or len(data) < 4 + int.from_bytes(data[:4], "little"):
            if not (chunk := read(self.questions, 1 << 16)):
                return None
            data += chunk
        question: list[str] = json.loads(data[4:])
        return question

    def _answer(self, expression: str, given: str) -> None:
        began = clock()
        try:
            exec(compile(given, "<given>", "exec"), self.names)
            began = clock()
            value = eval(compile(expression, "<check>", "eval"), self.names)
        except BaseException as error:
            self._tell_error(error, "", clock() - began)
            return
        took = clock() - began
        try:
            self.send("value", to_data(value, self.verdict), took)
        except CannotCross as error:
            self.send("value", {"foreign": [type(value).__name__, str(error)]}, took)

    def _cell(self, cell: str, source: str) -> BaseException | None:
        file = f"<{cell}>"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        try:
            exec(compile(source, file, "exec"), self.names)
        except BaseException as error:
            return error
        return None

    def _tell_error(self, error: BaseException, cell: str, took: float = 0.0) -> None:
        facts = {
            "mro": [each.__name__ for each in type(error).__mro__],
            "text": _text(error),
            "cell": cell,
            "where": _where(error),
            "blocked": _blocked(error),
        }
        self.send("error", facts, took)


def _text(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except Exception as trouble:
        return f"<its message raises {type(trouble).__name__}>"


def _where(error: BaseException) -> str:
    """Function and line of the innermost line that is the student's."""
    found, trace = "", error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        if code.co_filename.startswith("<") and code.co_filename not in ("<check>", "<string>"):
            line = linecache.getline(code.co_filename, trace.tb_lineno).strip()
            found = f"{code.co_filename.strip('<>')}, line {trace.tb_lineno}: {line}"[:300]
        trace = trace.tb_next
    return found


def _blocked(error: BaseException) -> str:
    """Of a Deadlock: who waits for whom."""
    waiting = getattr(error, "blocked", None)
    return "; ".join(shown(each) for each in waiting[:20]) if isinstance(waiting, list) else ""
