"""Try a solution of an exercise against its checks, hidden ones included, in a process of its own.

The cells before the check run in one plain namespace, as they would in a notebook, with the right solutions of the other
exercises and the given one for this. A solution may hang, crash or exit: each ends as an answer, never as ours.
"""

from __future__ import annotations

import io
import linecache
import multiprocessing
import os
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from labkit.course.check import CHECK_LIMIT_S, LIMIT_VARIABLE, CheckFailed

ATTEMPT_LIMIT_S: Final = 60.0
"""For all cells together. Only what swallows every interrupt of check() gets here."""

Step = tuple[str, str, bool]
"""Id of a cell, its source, and whether it may raise."""


@dataclass(frozen=True)
class Attempt:
    """How it ended: whether every check passed, and if not, the message that a student would see."""

    passed: bool
    message: str


def attempt(
    exercises: Path,
    exercise_id: str,
    solution: str,
    *,
    check_limit_s: float = CHECK_LIMIT_S,
    limit_s: float = ATTEMPT_LIMIT_S,
) -> Attempt:
    """Run one solution of an exercise.

    Args:
        exercises: the lesson's exercises.py.
        exercise_id: such as "3a".
        solution: source of the whole solution cell.
        check_limit_s: how long one checked expression may take.
        limit_s: how long all of it may take.
    """
    ours, theirs = _processes().Pipe(duplex=False)
    steps = steps_of(exercises, exercise_id, solution)
    process = _processes().Process(target=_in_child, args=(steps, theirs, check_limit_s), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(limit_s):
            return Attempt(False, f"did not end within {limit_s:g} s")
        return Attempt(*ours.recv())
    except EOFError:
        process.join()
        return Attempt(False, f"ended the interpreter (exit code {process.exitcode})")
    finally:
        process.kill()
        process.join()
        ours.close()


def steps_of(exercises: Path, exercise_id: str, solution: str) -> list[Step]:
    """The cells to run, in order, up to and with the exercise's own check cell."""
    from labkit.course.build import read_cells

    steps: list[Step] = []
    for cell in read_cells(exercises):
        if cell.id == f"{exercise_id}-check":
            return [*steps, (cell.id, cell.source, False)]
        if cell.kind == "code" and not {"check", "skip-execution"} & set(cell.tags):
            source = solution if cell.id == f"{exercise_id}-solution" else cell.source
            steps.append((cell.id, source, "raises-exception" in cell.tags))
    raise KeyError(f"{exercises} has no cell {exercise_id}-check")


def _processes() -> Any:
    """Where processes come from: forks of a small server that has labkit loaded, so that none inherits our threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    return context


def _in_child(steps: list[Step], answer: Connection, check_limit_s: float) -> None:
    os.environ[LIMIT_VARIABLE] = str(check_limit_s)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    warnings.simplefilter("ignore")
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        passed, message = _run(steps)
    answer.send((passed, message))
    # Why: threads that a solution left behind must not keep the process, nor its buffers, alive.
    os._exit(0)


def _run(steps: list[Step]) -> tuple[bool, str]:
    names: dict[str, Any] = {"__name__": "__main__"}
    for id, source, may_raise in steps:
        file = f"<{id}>"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        try:
            exec(compile(source, file, "exec"), names)
        except CheckFailed as failed:
            return False, str(failed)
        except BaseException as error:
            if not may_raise:
                return False, f"the cell {id} raised {type(error).__name__}: {error}"
    return True, ""
