"""The process that compiles and runs what students write in C: no line of anybody's Python but ours ever runs here.

Each job is a fork that is confined before it touches the text: the compiler reads the system's headers and writes a folder
of its own, nothing else. The compiled program is confined once more: it starts nothing, writes no file, signals nobody, and
whatever is left of a job when it ends is ended with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import select
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from labkit import native
from labkit.errors import LabError
from labkit.grading.asking import packed_answer
from labkit.grading.confine import Confinement, adopt_orphans, confine, confine_program, end_with_parent
from labkit.grading.wire import Frames, packed
from labkit.native import build, child
from labkit.native.cc import NoCompiler, find_compiler
from labkit.qemu import BadModule
from labkit.qemu.build import build_here
from labkit.qemu.image import Image

UP: Final = 200
"""The file descriptor by which a fork answers."""
BROKEN: Final = "broken"
"""State of an answer that tells of a fault of ours, not of the text."""
KILL, XCPU = 9, 24
"""SIGKILL and SIGXCPU, signal(7)."""
READ: Final = (*["/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/include", "/usr/bin", "/usr/local", "/lib", "/lib64", "/bin"],)
"""What a compiler reads of the system, and starts."""
RUN_READ: Final = ("/usr/lib", "/usr/lib64", "/lib", "/lib64")
ANSWER_MOST: Final = 32 << 20
JOB_MOST: Final = 16 << 20
MEMORY_MB: Final = 1024
FILE_MB: Final = 48
KEPT: Final = 4
CPU_S: Final = 10
SAID_MOST: Final = 8000
"""Characters of what a compiler says: a template bomb says megabytes."""
JOB_S: Final = 40.0
SECONDS_MOST: Final = 10.0
"""Of a program, whatever its request says."""


def serve(connection: socket.socket, folder: str) -> None:
    """Do jobs, each a request, until the other side hangs up."""
    tempfile.tempdir = folder
    adopt_orphans()
    missing = _prepare()
    frames, shelf = Frames(JOB_MOST), Shelf(Path(folder))
    while chunk := connection.recv(1 << 16):
        for job in frames.feed(chunk):
            lacks = missing if job["what"] != "build" else ""
            connection.sendall(packed(_failed("NoCompiler", lacks, "missing") if lacks else _Job(job, folder, shelf).run()))


def _prepare() -> str:
    """Find the compiler, and compile what all programs are linked with, once; what is missing, if something is."""
    try:
        compiler = find_compiler()
        for machine in build.PARTS:
            build.runtime(compiler, machine, ())
    except NoCompiler as error:
        return str(error)
    return ""


class Shelf:
    """The programs that were compiled last, each for whoever asks with the very same text.

    Args:
        folder: where they lie.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: list[tuple[str, str]] = []

    def take(self, text: str, cache: Path) -> None:
        """Put the program of this text into an empty cache, if it is here."""
        if (place := dict(self.kept).get(text)) is not None and not (cache / "programs").exists():
            cache.mkdir(parents=True, exist_ok=True)
            Path(place).rename(cache / "programs")
            self.kept.remove((text, place))

    def give(self, text: str, cache: Path) -> None:
        """Keep what was compiled from this text."""
        if (cache / "programs").is_dir():
            place = tempfile.mkdtemp(prefix="kept-", dir=self.folder)
            (cache / "programs").rename(place)
            self.kept.append((text, place))
        for _, old in self.kept[:-KEPT]:
            shutil.rmtree(old, ignore_errors=True)
        del self.kept[:-KEPT]


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
                return _failed("BadProgram", f"compiler and program together did not end within {JOB_S:g} s", "timeout")
            return _failed("BadProgram", f"compiling or running it ended the whole sandbox ({status})", "crashed")
        answer: dict[str, Any] = json.loads(data)
        return answer

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
            confine(Confinement(read, ("/dev/null", self.folder), CPU_S, MEMORY_MB, FILE_MB, start=True))
            _tell(_answer(self.job, self.folder))
        except BaseException as error:
            _tell(_failed("LabError", f"the workshop: {error!r}", BROKEN))
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


def _tell(answer: dict[str, Any]) -> None:
    data = json.dumps(answer).encode()
    while data:
        data = data[os.write(UP, data) :]


def _answer(job: dict[str, Any], folder: str) -> dict[str, Any]:
    """What the request asks for, or how it failed: data, and for the process that asked a value packed by asking.py."""
    child.BEFORE.append(lambda: confine_program(Confinement((*RUN_READ, folder), ("/dev/null",), files=64, start=True)))
    try:
        if job["what"] == "build":
            built = build_here(Image(Path(job["folder"]), job["manifest"]), job["flags"], job["source"], job["name"])
            return {"kind": "value", "ko": built.ko.hex(), "warnings": built.warnings, "state": "", "text": ""}
        if job["what"] == "check_switch":
            return _value(native.check_switch(job["source"], secrets.randbelow((1 << 32) - 1) + 1), "", "")
        settings = {name: value for name, value in job.items() if name not in ("what", "source", "machine", "seconds")}
        limits = native.Limits(seconds=min(job.get("seconds", SECONDS_MOST), SECONDS_MOST), memory_mb=MEMORY_MB // 2, file_mb=1)
        done = native.run(job["source"], job["machine"], limits=limits, **settings)
        return _value(done.bare(), *_how(done))
    except BadModule as error:
        return _failed("BadModule", str(error), _refusal(str(error)))
    except native.BadProgram as error:
        return _failed("BadProgram", str(error), _refusal(str(error)))
    except (LabError, TypeError, ValueError) as error:
        return _failed("LabError", str(error), "failed")


def _value(value: Any, state: str, text: str) -> dict[str, Any]:
    return {"kind": "value", "packed": packed_answer("value", value), "state": state, "text": text}


def _failed(kind: str, text: str, state: str) -> dict[str, Any]:
    return {"kind": kind, "packed": packed_answer(kind, text[:SAID_MOST]), "state": state, "text": text[:SAID_MOST]}


def _refusal(said: str) -> str:
    """The state of a text that does not become a program."""
    if re.search(r"Permission denied|Operation not permitted", said):
        return "blocked by the sandbox"
    if re.search(r"out of memory|cannot allocate|memory exhausted|virtual memory|std::bad_alloc", said, re.IGNORECASE):
        return "out of memory"
    return "timeout" if re.search(r"CPU time limit|had not ended after|was not done", said) else "failed"


def _how(done: native.NativeRun) -> tuple[str, str]:
    """The state of a run that went wrong, and why; empty where all went well."""
    said, fault = done.verdict(), done.recording.fault
    if not said or said.startswith("exit code"):
        return "", ""
    if done.ended.flooded:
        return "output limit", said
    if done.ended.timed_out or done.signal == "SIGXCPU":
        return "timeout", said
    if fault is not None and fault.trouble == "deadlock":
        return "deadlock", said
    return ("blocked by the sandbox" if done.signal == "SIGSYS" else "crashed"), said


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


def end_orphans() -> None:
    """End every process that this one has inherited, until there is none."""
    while _has_children():
        for pid in _children(os.getpid()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, KILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def _has_children() -> bool:
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def _children(parent: int) -> list[int]:
    """Pids, from /proc/PID/stat: not every kernel has the file `children`."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(path.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
    return found


def main() -> None:
    """The process's life: its socket and its folder stand on the command line."""
    serve(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])
