"""Children of a zygote: nothing of one is left for the next, and nobody outlives whoever waits for him."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labkit.grading import judge
from labkit.grading.judge import Outcome
from labkit.grading.plan import Check, Problem, Step
from labkit.grading.pool import Zygote
from tests.labkit.grading import kit

WAITS_FOR_EVER = """
import os
from labkit.grading.pool import Zygote
from tests.labkit.grading.test_zygote import asked, children
zygote = Zygote()
assert asked(zygote, "", "1 + 1 == 2").state == "passed"
print(*children(os.getpid()), flush=True)
try:
    asked(zygote, "import time", "time.sleep(1000)", limit_s=1000)
finally:
    zygote.close()
"""
ORPHANS = """
import os, signal, time
from labkit.grading.ending import adopt_orphans, end
adopt_orphans()
told, tell = os.pipe()
child = os.fork()
if child == 0:
    os.setsid()
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.write(tell, b"x")
                signal.pause()
            os._exit(0)
    signal.pause()
for _ in range(3):
    os.read(told, 1)
end(child)
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    print("nobody is left")
"""


def asked(zygote: Zygote, cell: str, expression: str, expected: object = True, limit_s: float = 30.0) -> Outcome:
    """The outcome of one check on one cell of a student's."""
    return zygote.check(problem(cell), {}, Check(expression, expected, "why", limit_s=limit_s))


def problem(cell: str, *checks: Check) -> Problem:
    """A problem that is one cell and some checks."""
    step = Step("it", cell, "", frozenset())
    return replace(kit.problems(9)["9a"], steps=(step,), checks=checks)


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    """One for all."""
    own = Zygote()
    yield own
    own.close()


def gone(pid: int) -> None:
    """Wait until a process has ended."""
    try:
        fd = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        assert select.select([fd], [], [], 30)[0], f"process {pid} is still there"
    finally:
        os.close(fd)


def wait_for(look: Callable[[], list[int]]) -> list[int]:
    """What it finds, as soon as it finds anything."""
    for _ in range(3000):
        if found := look():
            return found
        time.sleep(0.01)
    raise AssertionError("nothing came")


def children(pid: int) -> list[int]:
    """Pids of a process's children, and of theirs: a zygote may be in a bubble."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):
            found += map(int, Path(f"/proc/{each}/task/{each}/children").read_text().split())
    return found[1:]


def test_what_one_child_defines_the_next_does_not_see(zygote: Zygote) -> None:
    assert asked(zygote, "import builtins\nbuiltins.mine = mine = 1", "mine").got == "1"
    assert "NameError" in asked(zygote, "", "mine").got


def test_a_file_that_one_child_leaves_is_gone_before_the_next(zygote: Zygote) -> None:
    leave = "open('left', 'w').close()\nimport os\nwhere = os.getcwd()"
    folder = asked(zygote, leave, "where", "").got.strip("'")
    assert not Path(folder).exists()
    assert asked(zygote, f"import os\nthere = os.path.exists({folder!r})", "there", False).state == judge.PASSED


@contextlib.contextmanager
def waiting() -> Iterator[tuple[subprocess.Popen[str], list[int], int]]:
    """A coordinator whose child waits for ever: it, the zygote's processes with the zygote last, and the child."""
    call = [sys.executable, "-c", WAITS_FOR_EVER]
    with subprocess.Popen(call, cwd=kit.ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as coordinator:
        assert coordinator.stdout is not None
        zygote = [int(pid) for pid in coordinator.stdout.readline().split()]
        (child,) = wait_for(lambda: [pid for pid in children(coordinator.pid) if pid not in zygote])
        try:
            yield coordinator, zygote, child
        finally:
            coordinator.kill()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_nobody_outlives_the_coordinator(number: signal.Signals) -> None:
    with waiting() as (coordinator, zygote, child):
        coordinator.send_signal(number)
        for pid in (*zygote, child):
            gone(pid)


def test_a_child_dies_with_its_zygote_and_a_new_zygote_goes_on() -> None:
    with waiting() as (coordinator, zygote, child):
        os.kill(zygote[-1], signal.SIGKILL)
        gone(child)
        new = wait_for(lambda: [pid for pid in children(coordinator.pid) if pid not in (*zygote, child)])
        coordinator.kill()
        for pid in new:
            gone(pid)


def test_who_leaves_a_group_by_two_forks_is_found_and_ended() -> None:
    done = subprocess.run([sys.executable, "-c", ORPHANS], cwd=kit.ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "nobody is left\n"
