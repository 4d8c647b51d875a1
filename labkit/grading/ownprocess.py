"""Checks in a child process that is not confined: for a student's own code, on the student's own machine.

It does what a zygote's child does, harness and all, without the doors of Linux; so it works wherever Python does.
"""

from __future__ import annotations

import multiprocessing
import os
import secrets
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from labkit.grading.ending import ended_by
from labkit.grading.judge import Outcome, judge
from labkit.grading.plan import Check, Problem
from labkit.grading.pool import steps_of
from labkit.grading.wire import packed

OUTPUT_MOST: Final = 1 << 20
START_S: Final = 20.0
"""Beyond a check's own limit: to begin, a process may have to load all of labkit."""
SHOWN: Final = 4000


class OwnProcess:
    """Judges like a zygote, in a plain child process for each check."""

    def check(self, problem: Problem, solutions: dict[str, str], check: Check) -> Outcome:
        """Judge one check."""
        nonce = secrets.token_hex(16)
        own = {name for step in problem.steps if step.exercise for name in step.defines}
        keep = {name for step in problem.steps if not step.exercise for name in step.defines} - own
        job = {
            "steps": steps_of(problem, solutions), "question": [check.expression, check.given], "keep": sorted(keep),
            "allow": sorted(problem.about), "nonce": nonce,
        }  # fmt: skip
        with tempfile.TemporaryDirectory(prefix="labkit-validate-", ignore_cleanup_errors=True) as folder:
            told = _run(job, check.limit_s, Path(folder))
        return judge(check, told, nonce, OUTPUT_MOST)

    def together(self, problem: Problem, solutions: dict[str, str]) -> dict[int, Outcome]:
        """Nothing is settled by asking all at once: each check has a process of its own."""
        return {}

    def close(self) -> None:
        """Nothing is kept between two checks."""


def _run(job: dict[str, Any], limit_s: float, folder: Path) -> dict[str, Any]:
    ways = multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
    if "forkserver" in ways:
        context.set_forkserver_preload([__name__, "labkit.explore", "labkit.grading.harness"])
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_in_child, args=(job, theirs, str(folder)), daemon=True)
    process.start()
    theirs.close()
    how, began = "timeout", time.monotonic()
    try:
        if ours.poll(START_S):
            ours.recv()  # it has begun
            began = time.monotonic()
        process.join(limit_s)
        how = "ended" if process.exitcode is not None else "timeout"
    except EOFError:
        process.join()
        how = "ended"
    finally:
        process.kill()
        process.join()
        ours.close()
    output, messages = folder / "output", folder / "messages"
    said = output.read_bytes() if output.is_file() else b""
    code = process.exitcode or 0
    return {
        "how": how, "status": code << 8 if code >= 0 else -code, "signal": ended_by(-code) if code < 0 and how == "ended" else "",
        "seconds": time.monotonic() - began, "cpu_s": 0.0, "data": _said(messages).hex(),
        "output": said[:SHOWN].decode(errors="replace"), "output_bytes": len(said),
    }  # fmt: skip


def _said(messages: Path) -> bytes:
    """The messages that tell a result. Evidence is left out: nobody watches students in their own process."""
    data, found = messages.read_bytes() if messages.is_file() else b"", b""
    while len(data) >= 4:
        end = 4 + int.from_bytes(data[:4], "little")
        if end > 4 and b'"evidence"' not in data[4:120]:
            found += data[:end]
        data = data[end:]
    return found


def _in_child(job: dict[str, Any], started: Connection, folder: str) -> None:
    """The child's life: its output and its messages are files, which need nobody to read them meanwhile."""
    os.chdir(folder)
    nothing, output = os.open(os.devnull, os.O_RDONLY), os.open("output", os.O_WRONLY | os.O_CREAT, 0o600)
    messages = os.open("messages", os.O_WRONLY | os.O_CREAT, 0o600)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", closefd=False)  # noqa: SIM115
    from labkit.explore.verdict import Verdict
    from labkit.grading.harness import Harness

    questions, ask = os.pipe()
    os.write(ask, packed(job["question"]))
    os.close(ask)
    started.send("begins")
    Harness(job, messages, questions, {"__name__": "__main__", "__builtins__": __builtins__}, Verdict).run()
