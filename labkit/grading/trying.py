"""In a fork of the workshop, confined: a text is compiled and run, and what became of it is told as data."""

from __future__ import annotations

import re
import secrets
from pathlib import Path
from typing import Any, Final

from labkit import native
from labkit.errors import LabError
from labkit.grading.asking import packed_answer
from labkit.grading.confine import Confinement, confine_program
from labkit.native import child
from labkit.qemu import BadModule
from labkit.qemu.build import build_here
from labkit.qemu.image import Image

RUN_READ: Final = ("/usr/lib", "/usr/lib64", "/lib", "/lib64")
"""What a compiled program reads."""
MEMORY_MB: Final = 512
SECONDS_MOST: Final = 10.0
"""Of a program, whatever its request says."""
SAID_MOST: Final = 8000
"""Characters of what a compiler says: a macro bomb says megabytes."""


def answer(job: dict[str, Any], folder: str) -> dict[str, Any]:
    """What the request asks for, or how it failed: data, and for the process that asked a value packed by asking.py."""
    child.BEFORE.append(lambda: confine_program(Confinement((*RUN_READ, folder), ("/dev/null",), files=64, start=True)))
    try:
        if job["what"] == "build":
            built = build_here(Image(Path(job["folder"]), job["manifest"]), job["flags"], job["source"], job["name"])
            return {"kind": "value", "ko": built.ko.hex(), "warnings": built.warnings, "state": "", "text": ""}
        if job["what"] == "check_switch":
            return _value(native.check_switch(job["source"], secrets.randbelow((1 << 32) - 1) + 1), "", "")
        settings = {name: value for name, value in job.items() if name not in ("what", "source", "machine", "seconds", "cpu_s")}
        limits = native.Limits(seconds=min(job.get("seconds", SECONDS_MOST), SECONDS_MOST), memory_mb=MEMORY_MB, file_mb=1)
        done = native.run(job["source"], job["machine"], limits=limits, **settings)
        return _value(done.bare(), *_how(done))
    except BadModule as error:
        return failed("BadModule", str(error), _refusal(str(error)))
    except native.BadProgram as error:
        return failed("BadProgram", str(error), _refusal(str(error)))
    except (LabError, TypeError, ValueError) as error:
        return failed("LabError", str(error), "failed")


def _value(value: Any, state: str, text: str) -> dict[str, Any]:
    return {"kind": "value", "packed": packed_answer("value", value), "state": state, "text": text}


def failed(kind: str, text: str, state: str) -> dict[str, Any]:
    """An answer that raises: a name of asking.FAILURES, what is said, and the state that it stands for."""
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
