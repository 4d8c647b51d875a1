"""Inside the process that runs a student's code: the cells, one expression, and what came of it.

Nothing here can be trusted afterwards: code in the same process can reach everything that Python can reach. So this file
knows nothing worth stealing (no expected value, no other check, no other student), what it sends is compared by somebody
else, and on the way to anything of ours lies a wire: reading frames, walking the garbage collector, replacing a function of
labkit leave evidence that was sent before the deed could be hidden.
"""

from __future__ import annotations

import linecache
import os
import time
import warnings
from typing import Any

from labkit.grading.tripwire import Tripwire
from labkit.grading.wire import CannotCross, packed, shown, to_data

write, end, clock = os.write, os._exit, time.monotonic  # Why: taken before a student's code can replace them


class Harness:
    """One check.

    Args:
        job: "steps" (each [cell, source, whose, may_raise]), "expression", "keep" (cell → names that stay the course's own),
            "allow" (modules that the exercise is about), "nonce".
        fd: where messages go.
        names: the notebook's names, with the cells of the course that come first already run.
        verdict: the class of the explorer's verdicts.
    """

    def __init__(self, job: dict[str, Any], fd: int, names: dict[str, Any], verdict: type | None) -> None:
        self.job, self.fd, self.names, self.verdict = job, fd, names, verdict
        self.wire = Tripwire(self.send, {f"<{cell}>" for cell, _, whose, _ in job["steps"] if whose}, job["allow"])

    def send(self, kind: str, *facts: Any) -> None:
        """One message, whole."""
        message = packed([self.job["nonce"], kind, *facts])
        while message:
            message = message[write(self.fd, message) :]

    def run(self) -> None:
        """Run the cells, evaluate, tell, and end the process: nothing that was left behind shall run after us."""
        warnings.simplefilter("ignore")
        try:
            asker = self._asker()
            self.wire.arm()
            self._judge()
            self.wire.look()
            if asker is not None:
                asker.look()
        except BaseException as error:  # the limit's signal, or a student's own exception from a handler
            self._tell_error(error, "")
        end(0)

    def _asker(self) -> Any:
        """Where cells ask for runs of C: the stand-ins, loaded only then."""
        if self.job.get("answers") is None:
            return None
        from labkit.grading.asking import Asker

        asker = Asker(self.send, end, self.job["answers"])
        asker.stand_in(self.names)
        return asker

    def _judge(self) -> None:
        for cell, source, whose, may_raise in self.job["steps"]:
            before = {name: self.names[name] for name in self.job["keep"] if name in self.names} if whose else {}
            error = self._cell(cell, source)
            if error is not None and not may_raise:
                if isinstance(error, SystemExit):
                    error = RuntimeError(f"the cell ends the program (SystemExit: {error})")
                self._tell_error(error, cell)
                end(0)
            self.names.update(before)  # what the course defines stays the course's own
        self.send("began", [])
        began = clock()
        try:
            value = eval(compile(self.job["expression"], "<check>", "eval"), self.names)
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
