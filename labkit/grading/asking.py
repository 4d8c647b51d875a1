"""What stands in for the compiler and for the real kernel in a process that may start nothing.

Where a course's cell calls native.run(), check_switch() or a kernel's run_module(), its request is data: a text and a few
plain settings. If the answer has come with the job it is given, else the request is told to the grader outside and the
process ends; the grader has it done (labkit.grading.workers) and runs the same cells again, with the answer.
"""

from __future__ import annotations

import hashlib
import json
import pickle
import zlib
from collections.abc import Callable
from typing import Any, Final

from labkit import native, qemu
from labkit.errors import LabError

NATIVE: Final = ("timer_us", "switch", "stdin", "name", "first_line", "fixed_addresses")
MODULE: Final = ("wait_s", "seed", "name", "params", "limit_s", "timeout_s", "trace")
"""The settings of a run that a request may carry; others do not belong into an exercise."""
FAILURES: Final[dict[str, type[Exception]]] = {
    "BadProgram": native.BadProgram, "BadModule": qemu.BadModule, "NoCompiler": native.NoCompiler, "NoKernel": qemu.NoKernel,
}  # fmt: skip
HAND_OVER: Final = "__hand_over__"
"""What the grader calls in a notebook to be told a student's texts."""

_dumps, _loads, _digest = json.dumps, pickle.loads, hashlib.sha256  # Why: taken before a student's code can replace them
_native, _qemu = native, qemu


def key_of(request: dict[str, Any]) -> str:
    """The same request has the same key."""
    return _digest(_dumps(request, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def packed_answer(kind: str, value: Any) -> str:
    """An answer as text, for the job: kind is "value", or a name of FAILURES with the failure's text as value."""
    return zlib.compress(pickle.dumps((kind, value)), 1).hex()


class Asker:
    """The stand-ins of one process.

    Args:
        send: tells ("ask", request) and ("used", key).
        end: ends the process.
        answers: key → packed answer.
    """

    def __init__(self, send: Callable[..., None], end: Callable[[int], Any], answers: dict[str, str]) -> None:
        self.send, self.end, self.answers = send, end, answers

    def stand_in(self, names: dict[str, Any]) -> None:
        """From now on the notebook's names, and its imports, find the stand-ins."""
        _native.run = self._run  # type: ignore[assignment]
        _native.check_switch = self._check_switch  # type: ignore[assignment]
        _native.find_compiler = self._no  # type: ignore[assignment]
        _qemu.boot = self._boot  # type: ignore[assignment]
        self.stood = [(_native, "run"), (_native, "check_switch"), (_qemu, "boot")]
        self.mine = [getattr(place, name) for place, name in self.stood]
        names[HAND_OVER] = self._hand_over

    def look(self) -> None:
        """Tell if somebody has replaced a stand-in."""
        for (place, name), mine in zip(self.stood, self.mine, strict=True):
            if vars(place).get(name) is not mine:
                self.send("evidence", f"replaces {place.__name__}.{name}", "")

    def _ask(self, request: dict[str, Any]) -> Any:
        key = key_of(request)
        if key not in self.answers:
            self.send("ask", request)
            self.end(0)
        self.send("used", key)
        kind, value = _loads(zlib.decompress(bytes.fromhex(self.answers[key])))
        if kind != "value":
            raise FAILURES.get(kind, LabError)(value)
        return value

    def _run(self, source: str, machine: str = "uthread", *, limits: Any = None, **settings: Any) -> Any:
        asked = {"what": "run", "source": source, "machine": machine, **_plain(settings, NATIVE)}
        return self._ask(asked if limits is None else asked | {"seconds": limits.seconds})

    def _check_switch(self, text: str) -> Any:
        if not isinstance(text, str):
            raise LabError(f"check_switch() takes the text of a uthread_switch, and got {text!r}: does your function return it?")
        return self._ask({"what": "check_switch", "source": text})

    def _boot(self, cpus: int = 1, preempt: str = "full", exact: bool = True, tell: Any = None) -> _Kernel:
        if cpus != 1 or not exact:
            raise LabError("an exercise is graded on one CPU in virtual time, where every run is the same")
        return _Kernel(self._ask, preempt)

    def _hand_over(self, texts: dict[str, Any]) -> None:
        """Tell the texts. Any other value is told as what it is."""
        told = {name: text if type(text) is str else [type(text).__name__] for name, text in texts.items()}
        self.send("ask", {"what": "texts", "texts": told})
        self.end(0)

    def _no(self, *_: Any) -> Any:
        raise native.NoCompiler("an exercise starts no compiler of its own: call native.run()")


class _Kernel:
    """What boot() gives: it takes a module's source, and asks."""

    def __init__(self, ask: Callable[[dict[str, Any]], Any], preempt: str) -> None:
        self.ask, self.preempt = ask, preempt

    def run_module(self, source: str, **settings: Any) -> Any:
        """One run in a fresh kernel."""
        asked = {"what": "module", "source": source, "preempt": self.preempt, **_plain(settings, MODULE)}
        return self.ask(asked)


def _plain(settings: dict[str, Any], allowed: tuple[str, ...]) -> dict[str, Any]:
    for name, value in settings.items():
        if name not in allowed or not isinstance(value, (str, int, float)):
            raise LabError(f"{name}={value!r}: in an exercise that is graded a run has only the settings {', '.join(allowed)}")
    return settings
