"""Recorded runs: what a lesson shows on a machine without a C compiler.

Where LABKIT_RECORD_NATIVE names a folder, each run is kept in it as one file: the memory that the program shared with
labkit, its output, and the executable, from which names and lines are read. Files under recorded/ beside this one are found
by their key, which is made of the program and of everything that shapes its run. Nothing of a recorded run is executed.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from labkit.native.build import Program
from labkit.native.child import Ended
from labkit.native.nativerun import NativeRun
from labkit.native.recording import Recording
from labkit.native.syscalls import Syscalls

FOLDER: Final = Path(__file__).with_name("recorded")
"""One folder for each lesson, in it KEY.run for each run."""
RECORD_VARIABLE: Final = "LABKIT_RECORD_NATIVE"
KEY_CHARS: Final = 20


def run_key(source: str, machine: str, **more: Any) -> str:
    """What a run is known by; `more` are the arguments that shape it."""
    facts = [source, machine, sorted(more.items())]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:KEY_CHARS]


def record(key: str, run: NativeRun) -> None:
    """Keep a run, if somebody asked for it."""
    folder = os.environ.get(RECORD_VARIABLE)
    if folder:
        fresh = Path(folder) / f"{key}.{os.getpid()}.new"
        fresh.write_bytes(pack(run))
        fresh.replace(Path(folder) / f"{key}.run")


def find(key: str) -> NativeRun | None:
    """The recorded run of this key, if there is one."""
    path = next(FOLDER.glob(f"*/{key}.run"), None)
    return None if path is None else unpack(path.read_bytes())


def pack(run: NativeRun) -> bytes:
    """A run as bytes."""
    ended = asdict(run.ended) | {"stdout": _text(run.ended.stdout), "stderr": _text(run.ended.stderr)}
    data = {
        "machine": run.machine,
        "program": [str(run.program.path.resolve()), run.program.warnings, run.program.source],
        "ended": ended,
        "syscalls": [run.syscalls.how, run.syscalls.by_name],
        "memory": _text(run.recording.data),
        "executable": _text(run.executable.data),
    }
    return gzip.compress(json.dumps(data).encode(), mtime=0)


def unpack(data: bytes) -> NativeRun:
    """A run from what pack() has made of it."""
    kept = json.loads(gzip.decompress(data))
    path, warnings, source = kept["program"]
    streams = {name: base64.b64decode(kept["ended"][name]) for name in ("stdout", "stderr")}
    return NativeRun(
        kept["machine"],
        Program(Path(path), warnings, source),
        Ended(**(kept["ended"] | streams)),
        Syscalls(kept["syscalls"][0], Counter(kept["syscalls"][1])),
        Recording(base64.b64decode(kept["memory"])),
        base64.b64decode(kept["executable"]),
        recorded=True,
    )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
