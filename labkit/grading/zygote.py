"""The process that has everything loaded, and forks one confined child for each job.

It runs no student's code and reads no job: with each order come the ends of two pipes and a file to print into, and what
goes through them only the child and whoever gave the order read. So nothing is in this process that a child could find in
its copy, and nothing of one student's is left for the next.
"""

from __future__ import annotations

import builtins
import os
import socket
import sys
import tempfile
import time
from typing import Any, Final

from labkit.grading.confine import Confinement, confine, confine_child, confine_parent
from labkit.grading.ending import adopt_orphans, end, end_with, ended_by
from labkit.grading.wire import Frames, packed

JOB_MOST: Final = 16 << 20
FORKS_MOST: Final = 50
UP, DOWN = 200, 201
"""The child's ends of its pipes: what it says, and what it is asked."""
VERDICT: list[type] = []


def serve(connection: socket.socket, kind: str, read: list[str], work: str) -> None:
    """Follow orders until the other side hangs up. An order is one byte and three files; another byte means: end the child.

    Args:
        connection: where orders come from, and where it is told how each child ended.
        kind: "plain": this process confines itself, and each child the little that is left. Else each child all of it.
        read: what children may read.
        work: a folder for the children's own folders.
    """
    tempfile.tempdir = work
    adopt_orphans()
    if kind == "plain":
        confine_parent(Confinement(read=tuple(read), write=("/dev/null", work)))
    connection.sendall(packed({"ready": kind}))
    us, go_on = os.getpid(), True
    while go_on and (order := socket.recv_fds(connection, 1, 3))[0]:
        if (pid := _fork()) == 0:
            _become(order[1], kind, us)
        for file in order[1]:
            os.close(file)
        go_on = bool(connection.recv(1))
        status, usage = end(pid)
        answer = {"status": status, "signal": ended_by(status), "cpu_s": usage.ru_utime + usage.ru_stime}
        if go_on:
            connection.sendall(packed(answer | {"peak_kb": usage.ru_maxrss}))


def _fork() -> int:
    """As os.fork(); where the machine is full for the moment, a little later."""
    for _ in range(FORKS_MOST):
        try:
            return os.fork()
        except (BlockingIOError, MemoryError):
            time.sleep(0.1)
    return os.fork()


def _become(files: list[int], kind: str, zygote: int) -> None:
    """The child's life: confined before the first line of anybody else's."""
    up, down, output = files
    try:
        os.setsid()
        end_with(zygote)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (output, 1), (output, 2), (up, UP), (down, DOWN)):
            os.dup2(source, target)
        os.closerange(3, UP)
        os.closerange(DOWN + 1, DOWN + 100)
        sys.stdout, sys.stderr = open(1, "w", 1, closefd=False), open(2, "w", 1, closefd=False)  # noqa: SIM115
        job = _job()
        os.chdir(job["folder"])
        tempfile.tempdir = os.environ["TMPDIR"] = os.environ["HOME"] = job["folder"]
        wanted = Confinement(**job["confinement"], write=("/dev/null", job["folder"]))
        confine_child(wanted) if kind == "plain" else confine(wanted)
        from labkit.grading.harness import Harness

        names = {"__name__": "__main__", "__builtins__": builtins}
        Harness(job, UP, DOWN, names, VERDICT[0] if VERDICT else None).run()
    except BaseException as error:
        os.write(1, f"the sandbox cannot be set up: {error!r}".encode())
    finally:
        os._exit(87)


def _job() -> dict[str, Any]:
    """The first message of all."""
    frames = Frames(JOB_MOST)
    while chunk := os.read(DOWN, 1 << 16):
        if found := frames.feed(chunk):
            job: dict[str, Any] = found[0]
            return job
    os._exit(0)  # whoever gave the order is gone
