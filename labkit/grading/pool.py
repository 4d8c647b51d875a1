"""One zygote and the way to it: jobs go out, what the children did comes back. A zygote that dies is replaced."""

from __future__ import annotations

import contextlib
import json
import math
import os
import secrets
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from labkit.errors import LabError
from labkit.grading.bubble import around
from labkit.grading.conversation import Conversation
from labkit.grading.judge import PASSED, Outcome, judge
from labkit.grading.plan import Check, Problem
from labkit.grading.sweep import claim, sweep, sweep_old
from labkit.grading.wire import Frames

START: Final = Path(__file__).with_name("_start.py")
ANSWER_MOST: Final = 1 << 20
STARTING_S: Final = 120.0
PATIENCE_S: Final = 30.0
"""To end a child and tell of it: only a broken zygote takes longer."""
ENDING_S: Final = 2.0
TRIES: Final = 2
COMPANY_S: Final = 2.0
"""An answer in company that takes longer ends the company: then each is asked alone, with all the time that it may take."""
OUTPUT_MB: Final = 1
MEMORY_MB: Final = 1536


class Zygote:
    """A preloaded process that forks a confined child for each job. Use it from one thread.

    Args:
        kind: "plain" or, for exercises that need more than Python, "open": see zygote.serve().
    """

    def __init__(self, kind: str = "plain") -> None:
        self.kind = kind
        self.process: subprocess.Popen[bytes] | None = None
        self.ended = self.ready = False
        self.jobs = 0

    def check(self, problem: Problem, solutions: dict[str, str], check: Check, answers: dict[str, str] | None = None) -> Outcome:
        """Judge one check of one student's solutions, in a child of its own. Answers are for asking.py."""
        return self._outcomes(problem, solutions, [check], answers)[0][0]

    def together(self, problem: Problem, solutions: dict[str, str]) -> dict[int, Outcome]:
        """Ask all checks of a problem one after another in one child; of each that is settled by that, the outcome.

        Settled is the first, for nothing came before it, and of the others what passes, or is shown to be wrong by a
        schedule. Whatever else comes could be the fault of a check before: ask it alone. And so everything if the child
        is odd in any way.
        """
        try:
            outcomes, how = self._outcomes(problem, solutions, problem.checks, most_s=COMPANY_S)
        except LabError:
            return {}  # ask each alone, and see which one breaks a zygote
        if how == "well" and len(outcomes) == len(problem.checks) and not any(each.evidence for each in outcomes):
            return {i: each for i, each in enumerate(outcomes) if i == 0 or each.state == PASSED or each.schedule}
        return {0: outcomes[0]} if how != "timeout" and outcomes[0].state != PASSED else {}

    def _outcomes(
        self, problem: Problem, solutions: dict[str, str], checks: Sequence[Check], answers: dict[str, str] | None = None,
        most_s: float = math.inf,
    ) -> tuple[list[Outcome], str]:  # fmt: skip
        """An outcome for each check that was asked, or the one for which it never came to be asked; and how it ended.

        Raises:
            LabError: it broke two zygotes.
            EOFError: this zygote was ended.
        """
        nonce = secrets.token_hex(16)
        job = job_of(problem, solutions, nonce, sum(check.limit_s for check in checks)) | {"answers": answers}
        for _ in range(TRIES):
            try:
                heard, told = self.ask(job, questions_of(checks, most_s))
            except (OSError, EOFError, ValueError):
                self.close()
                if self.ended:
                    raise EOFError("this zygote was ended") from None
            else:
                parts = zip(checks, heard.parts(), strict=False)
                outcomes = [judge(check, told | part, nonce, OUTPUT_MB << 20) for check, part in parts]
                return outcomes, "well" if heard.how == "ended" and told["status"] == 0 else heard.how
        raise LabError("the grader's own process ended twice in the middle of one check")

    def ask(self, job: dict[str, Any], questions: Sequence[tuple[Any, float]]) -> tuple[Conversation, dict[str, Any]]:
        """Let a child do a job and answer these questions, each with the seconds it may take; what it said, how it ended.

        Raises:
            OSError, EOFError, ValueError: the zygote is broken, or was ended.
        """
        self.begin()
        self.wait_begun()
        self.jobs += 1
        with contextlib.ExitStack() as after:
            folder = f"{self.folder}/{self.jobs}"
            os.mkdir(folder, 0o700)
            after.callback(sweep, folder)
            heard, theirs = Conversation.begin(folder)
            after.callback(heard.close)
            try:
                socket.send_fds(self.socket, [b"!"], theirs)
            finally:
                for fd in theirs:
                    os.close(fd)
            heard.hold(job | {"folder": folder}, questions)
            self.socket.sendall(b".")
            return heard, self._hear(PATIENCE_S)

    def wait_begun(self) -> None:
        """Wait until its process takes orders."""
        if not self.ready:
            self._hear(STARTING_S)
            self.ready = True

    def _hear(self, patience_s: float) -> dict[str, Any]:
        """The zygote's next message."""
        self.socket.settimeout(patience_s)
        while chunk := self.socket.recv(1 << 16):
            if found := self.frames.feed(chunk):
                answer: dict[str, Any] = found[0]
                return answer
        raise EOFError("a zygote ended")

    def begin(self) -> None:
        """Start its process, unless there is one; nobody has to wait for it yet."""
        if self.process is not None:
            return
        self._refuse()
        sweep_old()
        ours, theirs = socket.socketpair()
        self.folder, self.claimed = claim()
        settings = json.dumps([self.kind, readable(), self.folder])
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONHASHSEED": "0", "LC_ALL": "C.UTF-8", "LABKIT_QUIET": "1"}
        self.socket, self.frames, self.ready = ours, Frames(ANSWER_MOST), False
        self.process = subprocess.Popen(
            [*around(readable(), self.folder), sys.executable, "-I", str(START), str(theirs.fileno()), settings], env=environment,
            pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, cwd="/", start_new_session=True,  # Ctrl-C is for us
        )  # fmt: skip
        theirs.close()
        self._refuse()  # Race: end() may have come before there was something to end

    def _refuse(self) -> None:
        if self.ended:
            self.close()
            raise EOFError("this zygote was ended")

    def end(self) -> None:
        """End it from another thread: whoever waits for an answer gets an EOFError."""
        self.ended = True
        if self.process is not None:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End it, from the thread that uses it. It ends its child first, and what that has started."""
        if self.process is None:
            return
        self.socket.close()
        try:
            self.process.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None
        sweep(self.folder)
        os.close(self.claimed)


def job_of(problem: Problem, solutions: dict[str, str], nonce: str, limit_s: float) -> dict[str, Any]:
    """What a zygote gets: the cells, and nothing of what will be asked."""
    return {
        "id": nonce[:8], "steps": steps_of(problem, solutions), "nonce": nonce, "allow": sorted(problem.about),
        "keep": sorted({name for step in problem.steps if not step.exercise for name in step.defines} - _own(problem)),
        "confinement": {
            "read": readable(), "own_tasks": "proc" in problem.needs, "cpu_s": int(limit_s) + 1, "memory_mb": MEMORY_MB,
            "file_mb": OUTPUT_MB,
        },
    }  # fmt: skip


def questions_of(checks: Sequence[Check], most_s: float = math.inf) -> list[tuple[list[str], float]]:
    """What a child is asked, and how long it may take for each."""
    return [([check.expression, check.given], min(check.limit_s, most_s)) for check in checks]


def steps_of(problem: Problem, solutions: dict[str, str]) -> list[Sequence[object]]:
    """The cells that a child runs: [cell, source, whose, may it raise]."""
    return [
        [step.cell, solutions.get(step.exercise, step.source) if step.exercise else step.source, step.exercise, step.may_raise]
        for step in problem.steps
    ]


def _own(problem: Problem) -> set[str]:
    """Names that solution cells are meant to bind."""
    return {name for step in problem.steps if step.exercise for name in step.defines}


@cache
def readable() -> list[str]:
    """What a child may read: Python, its packages and labkit, and the C library. Nothing of the course, nobody's home."""
    paths = sysconfig.get_paths()
    here = Path(__file__).resolve().parents[1]
    folders = {paths["stdlib"], paths["platstdlib"], paths["purelib"], paths["platlib"], str(here)}
    return sorted(folders | {"/usr/lib", "/lib", "/lib64", "/usr/share/zoneinfo", "/dev/urandom", "/dev/null", "/dev/zero"})
