"""One zygote and the way to it: jobs go out, what the children did comes back. A zygote that dies is replaced."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from labkit.errors import LabError
from labkit.grading.judge import Outcome, judge
from labkit.grading.plan import Check, Problem
from labkit.grading.wire import Frames, packed

START: Final = Path(__file__).with_name("_start.py")
ANSWER_MOST: Final = 64 << 20
PATIENCE_S: Final = 30.0
"""Beyond a check's own limit: only a broken zygote takes longer."""
GOODBYE_S: Final = 2.0
OUTPUT_MB: Final = 1
MEMORY_MB: Final = 1536


class Zygote:
    """A preloaded process that forks a confined child for each check. Use it from one thread.

    Args:
        kind: "plain" or, for exercises that need more than Python, "open": see zygote.serve().
    """

    def __init__(self, kind: str = "plain") -> None:
        self.kind = kind
        self.process: subprocess.Popen[bytes] | None = None
        self.ended = False

    def check(self, problem: Problem, solutions: dict[str, str], check: Check, answers: dict[str, str] | None = None) -> Outcome:
        """Judge one check of one student's solutions, in a child of its own. Answers are for asking.py."""
        nonce = secrets.token_hex(16)
        job = {
            "id": nonce[:8], "lesson": "", "first": [], "steps": steps_of(problem, solutions, check),
            "expression": check.expression, "answers": answers,
            "keep": sorted({name for step in problem.steps if not step.exercise for name in step.defines} - _own(problem)),
            "allow": sorted(problem.about), "nonce": nonce, "limit_s": check.limit_s,
            "confinement": {
                "read": readable(), "own_tasks": "proc" in problem.needs, "cpu_s": int(check.limit_s) + 1, "memory_mb": MEMORY_MB,
                "file_mb": OUTPUT_MB,
            },
        }  # fmt: skip
        for attempt in (1, 2):
            try:
                return judge(check, self._ask(job, check.limit_s), nonce, OUTPUT_MB << 20)
            except (OSError, EOFError, ValueError):
                self.close()
                if attempt == 2 or self.ended:
                    raise LabError("the grader's own process ended twice in the middle of one check") from None
        raise AssertionError

    def _ask(self, job: dict[str, Any], limit_s: float) -> dict[str, Any]:
        if self.process is None:
            self._begin()
        self.socket.settimeout(limit_s + PATIENCE_S)
        self.socket.sendall(packed(job))
        while chunk := self.socket.recv(1 << 20):
            if found := self.frames.feed(chunk):
                answer: dict[str, Any] = found[0]
                return answer
        raise EOFError

    def _begin(self) -> None:
        ours, theirs = socket.socketpair()
        self.folder = tempfile.TemporaryDirectory(prefix="labkit-grade-", ignore_cleanup_errors=True)
        settings = json.dumps([self.kind, readable(), self.folder.name])
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "LABKIT_QUIET": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler=0", "-I", str(START), str(theirs.fileno()), settings], env=environment,
            pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, cwd="/",
            start_new_session=True,  # Ctrl-C is for us: we end it
        )  # fmt: skip
        theirs.close()
        self.socket, self.frames = ours, Frames(ANSWER_MOST)

    def end(self) -> None:
        """End its process from another thread: whoever waits for an answer gets an OSError or EOFError."""
        self.ended = True
        if self.process is not None:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it, from the thread that uses it: it hangs up, so that the zygote ends its child, and then itself."""
        if self.process is not None:
            self.socket.close()
            try:
                self.process.wait(GOODBYE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.folder.cleanup()
            self.process = None


def steps_of(problem: Problem, solutions: dict[str, str], check: Check) -> list[Sequence[object]]:
    """The cells that a child runs: [cell, source, whose, may it raise]."""
    steps: list[Sequence[object]] = []
    for step in problem.steps:
        source = solutions.get(step.exercise, step.source) if step.exercise else step.source
        steps.append([step.cell, source, step.exercise, step.may_raise])
    if check.given:
        steps.append(["given", check.given, "", False])
    return steps


def _own(problem: Problem) -> set[str]:
    """Names that solution cells are meant to bind."""
    return {name for step in problem.steps if step.exercise for name in step.defines}


def readable() -> list[str]:
    """What a child may read: Python, its packages and labkit, and the C library. Nothing of the course, nobody's home."""
    paths = sysconfig.get_paths()
    here = Path(__file__).resolve().parents[1]
    folders = {paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"], str(here)}
    return sorted(folders | {"/usr/lib", "/lib", "/lib64", "/usr/share/zoneinfo", "/dev/urandom", "/dev/null", "/dev/zero"})
