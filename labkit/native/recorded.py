"""Recorded runs: what a lesson shows on a machine without a C compiler.

Where LABKIT_RECORD_NATIVE names a folder, each run is kept in it as one file: the memory that the program shared with
labkit, its output, and the executable, from which names and lines are read. Files under recorded/ beside this one are found
by their key, which is made of the program and of everything that shapes its run. Nothing of a recorded run is executed.
"""

from __future__ import annotations

import base64
import functools
import gzip
import hashlib
import json
import os
import struct
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from labkit.native.build import FLAGS, HEADERS, HERE, PARTS, Program
from labkit.native.child import Ended
from labkit.native.nativerun import NativeRun
from labkit.native.recording import FORMAT, MAPS_AT, MAPS_BYTES, REGISTERS_OF, RING_AT, ROW, ROWS_AT, Recording
from labkit.native.symbols import names_and_lines
from labkit.native.syscalls import Syscalls

FOLDER: Final = Path(__file__).with_name("recorded")
"""One folder for each lesson, in it KEY.run for each run, about 20 kB."""
RECORD_VARIABLE: Final = "LABKIT_RECORD_NATIVE"
KEY_CHARS: Final = 20
ELSEWHERE: Final = b"/lesson/program"
"""Where the executable of a recorded run seems to lie."""


def run_key(source: str, machine: str, **more: Any) -> str:
    """What a run is known by; `more` are the arguments that shape it. labkit's own C shapes it too."""
    facts = [source, machine, sorted(more.items()), FORMAT, own_digest()]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:KEY_CHARS]


@functools.cache
def own_digest() -> str:
    """Digest of everything in C that a program is linked with, on whatever processor: the same wherever labkit is the same."""
    parts = {name.format(machine=machine) for names in PARTS.values() for name in names for machine in REGISTERS_OF}
    texts = [(HERE / name).read_text(encoding="utf-8") for name in sorted(parts | set(HEADERS))]
    return hashlib.sha256(json.dumps([FLAGS, texts]).encode()).hexdigest()


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
    """A run as bytes: a line of facts, the memory that it shared with labkit, and of the executable what names and lines need."""
    recording = run.recording
    # Why: where it was compiled is of no interest, and the folder may have its owner's name in it.
    memory = _moved(_without_empty_rows(recording), str(run.program.path.resolve()).encode())
    streams = {"stdout": _text(run.ended.stdout), "stderr": _text(run.ended.stderr)}
    facts = {
        "machine": run.machine,
        "processor": recording.processor,
        "program": [ELSEWHERE.decode(), run.program.warnings, run.program.source],
        "ended": asdict(run.ended) | streams,
        "syscalls": [run.syscalls.how, run.syscalls.by_name],
        "memory_bytes": len(memory),
    }
    line = json.dumps(facts).encode() + b"\n"
    return gzip.compress(line + memory + names_and_lines(run.executable), mtime=0)


def unpack(data: bytes) -> NativeRun:
    """A run from what pack() has made of it."""
    line, _, rest = gzip.decompress(data).partition(b"\n")
    kept = json.loads(line)
    path, warnings, source = kept["program"]
    streams = {name: base64.b64decode(kept["ended"][name]) for name in ("stdout", "stderr")}
    memory, executable = rest[: kept["memory_bytes"]], rest[kept["memory_bytes"] :]
    return NativeRun(
        kept["machine"],
        Program(Path(path), warnings, source),
        Ended(**(kept["ended"] | streams)),
        Syscalls(kept["syscalls"][0], Counter(kept["syscalls"][1])),
        Recording(_with_all_rows(memory), kept["processor"]),
        executable,
        recorded=True,
    )


def _without_empty_rows(recording: Recording) -> bytes:
    """The memory with the rows of its threads only: 3 MB of empty ones lie before the events."""
    used = recording.rows_used * ROW.size
    return recording.data[: ROWS_AT + used] + recording.data[RING_AT:]


def _with_all_rows(memory: bytes) -> bytes:
    used = Recording(memory).rows_used * ROW.size
    return memory[: ROWS_AT + used] + bytes(RING_AT - ROWS_AT - used) + memory[ROWS_AT + used :]


def _moved(memory: bytes, path: bytes) -> bytes:
    """The memory with another path of the program in its /proc/self/maps, whose room stays the same."""
    maps = memory[MAPS_AT : MAPS_AT + 8 + MAPS_BYTES]
    (size,) = struct.unpack_from("<Q", maps)
    text = maps[8 : 8 + size].replace(path, ELSEWHERE)[:MAPS_BYTES]
    return memory[:MAPS_AT] + struct.pack("<Q", len(text)) + text.ljust(MAPS_BYTES, b"\0") + memory[MAPS_AT + len(maps) :]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
