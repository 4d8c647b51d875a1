"""The process that compiles and runs what students write in C: no line of anybody's Python but ours ever runs here.

Each job is a fork that is confined before it touches the text: the compiler reads the system's headers and writes a folder
of its own, nothing else. The compiled program is confined once more: it starts nothing, writes no file, signals nobody, and
whatever is left of a job when it ends is ended with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from labkit.grading.confine import Confinement, adopt_orphans, confine, end_with_parent
from labkit.grading.orphans import end_orphans
from labkit.grading.shelf import Shelf
from labkit.grading.trying import answer, failed
from labkit.grading.wire import Frames, packed
from labkit.native import build
from labkit.native.cc import NoCompiler, find_compiler

UP: Final = 200
"""The file descriptor by which a fork answers."""
BROKEN: Final = "broken"
"""State of an answer that tells of a fault of ours, not of the text."""
KILL, XCPU = 9, 24
"""SIGKILL and SIGXCPU, signal(7)."""
READ: Final = (*["/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/include", "/usr/bin", "/usr/local", "/lib", "/lib64", "/bin"],)
"""What a compiler reads of the system, and starts."""
ANSWER_MOST: Final = 32 << 20
JOB_MOST: Final = 16 << 20
MEMORY_MB: Final = 1024
FILE_MB: Final = 48
CPU_S: Final = 10
JOB_S: Final = 40.0


def serve(connection: socket.socket, folder: str) -> None:
    """Do jobs, each a request, until the other side hangs up."""
    tempfile.tempdir = folder
    adopt_orphans()
    missing = _prepare()
    frames, shelf = Frames(JOB_MOST), Shelf(Path(folder))
    while chunk := connection.recv(1 << 16):
        for job in frames.feed(chunk):
            lacks = missing if job["what"] != "build" else ""
            connection.sendall(packed(failed("NoCompiler", lacks, "missing") if lacks else _Job(job, folder, shelf).run()))


def _prepare() -> str:
    """Find the compiler, and compile what all programs are linked with, once; what is missing, if something is."""
    try:
        compiler = find_compiler()
        for machine in build.PARTS:
            build.linked_with(compiler, machine, ())
    except NoCompiler as error:
        return str(error)
    return ""


class _Job:
    """One fork for one request."""

    def __init__(self, job: dict[str, Any], folder: str, shelf: Shelf) -> None:
        self.job, self.shelf = job, shelf
        self.folder = tempfile.mkdtemp(prefix="job-", dir=folder)
        self.cache = Path(self.folder) / "cache" / "native"

    def run(self) -> dict[str, Any]:
        """Fork, listen, end it and all that it has started, and tell."""
        self.shelf.take(self.job["source"], self.cache)
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            self._become(theirs)
        os.close(theirs)
        data, late = _listen(ours, time.monotonic() + JOB_S)
        os.close(ours)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, KILL)
        _, status = os.waitpid(pid, 0)
        end_orphans()
        self.shelf.give(self.job["source"], self.cache)
        shutil.rmtree(self.folder, ignore_errors=True)
        if late or not data or len(data) > ANSWER_MOST:
            if (os.WIFSIGNALED(status) and os.WTERMSIG(status) == XCPU) or late:
                return failed("BadProgram", f"compiler and program together did not end within {JOB_S:g} s", "timeout")
            return failed("BadProgram", f"compiling or running it ended the whole sandbox ({status})", "crashed")
        told: dict[str, Any] = json.loads(data)
        return told

    def _become(self, fd: int) -> None:
        """The fork's life."""
        try:
            os.setsid()
            end_with_parent()
            nothing = os.open(os.devnull, os.O_RDWR)
            for target in (0, 1, 2):
                os.dup2(nothing, target)
            os.dup2(fd, UP)
            os.closerange(3, UP)
            os.closerange(UP + 1, 1024)
            os.chdir(self.folder)
            tempfile.tempdir = os.environ["TMPDIR"] = os.environ["HOME"] = self.folder
            os.environ["CCACHE_DISABLE"] = "1"
            shared = build.cache_folder() / "runtime"
            self.cache.mkdir(parents=True, exist_ok=True)
            if shared.is_dir():
                (self.cache / "runtime").symlink_to(shared)
            os.environ[build.CACHE_VARIABLE] = str(self.cache.parent)
            own = tuple(self.job.get("read", ()))
            here = str(Path(__file__).resolve().parents[1] / "native")
            read = (*READ, *_homes(), here, str(shared), *own)
            cpu_s = min(int(self.job.get("cpu_s", CPU_S)), CPU_S)
            confine(Confinement(read, ("/dev/null", self.folder), cpu_s, MEMORY_MB, FILE_MB, start=True))
            _tell(answer(self.job, self.folder))
        except BaseException as error:
            _tell(failed("LabError", f"the workshop: {error!r}", BROKEN))
        finally:
            os._exit(0)


def _homes() -> tuple[str, ...]:
    """Where a compiler lives that is not the system's: conda's, or the one in a Python package. Else nothing of Python's."""
    try:
        first = find_compiler().call[0]
    except NoCompiler:
        return ()
    place = Path(shutil.which(first) or first).resolve()
    return () if place.is_relative_to("/usr") else (sys.prefix, sys.base_prefix, str(place.parents[1]))


def _tell(told: dict[str, Any]) -> None:
    data = json.dumps(told).encode()
    while data:
        data = data[os.write(UP, data) :]


def _listen(fd: int, deadline: float) -> tuple[bytes, bool]:
    """What comes until the end; and whether the time was up first."""
    data = bytearray()
    while len(data) <= ANSWER_MOST:
        if not select.select([fd], [], [], max(0.0, deadline - time.monotonic()))[0]:
            return b"", True
        chunk = os.read(fd, 1 << 16)
        if not chunk:
            break
        data += chunk
    return bytes(data), False


def main() -> None:
    """The process's life: its socket and its folder stand on the command line."""
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])
