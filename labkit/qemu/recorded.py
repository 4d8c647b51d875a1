"""Recorded runs: what a lesson shows where no virtual machine can run.

`labkit build` keeps what the guest wrote in each run of a lesson, one file for each, in recorded/. An exact run is the same
bytes on every machine with the same packages, so a recording of it is what a machine with a kernel would have shown. Only
the lessons' own modules are recorded: who changes one needs the real kernel.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, NamedTuple

from labkit.qemu.build import Built, digest
from labkit.qemu.config import Config
from labkit.wholefile import write_whole

FOLDER: Final = Path(__file__).with_name("recorded")
"""One folder for each lesson, in it KEY.run for each run."""
RECORD_VARIABLE: Final = "LABKIT_RECORD"
"""Names the folder that gets a file for each run that the real kernel makes."""
KEY_CHARS: Final = 20


class Told(NamedTuple):
    """What the guest wrote in one run, and how the run ended: all that a ModuleRun is read from."""

    console: bytes
    control: bytes
    boot_tasks: str
    said_goodbye: bool
    timed_out: bool


def run_key(config: Config, module: Built, wait_s: float, seed: int, params: str, trace: bool, limit_s: float) -> str:
    """What a run is known by: the module and everything that shapes its run."""
    facts = [asdict(config), module.digest, float(wait_s), seed, params, trace, float(limit_s)]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:KEY_CHARS]


def build_key(name: str, source: str) -> str:
    """What a build is known by: the module's name and text."""
    return f"build-{digest(name, source)[:KEY_CHARS]}"


def record_run(key: str, release: str, told: Told) -> None:
    """Keep what a run told, if somebody asked for it."""
    if RECORD_VARIABLE not in os.environ:
        return  # most runs: they need not be encoded for nobody
    ports = {name: base64.b64encode(data).decode() for name, data in (("console", told.console), ("control", told.control))}
    record(key, {"release": release, "rest": told[2:], **ports})


def record(key: str, data: dict[str, Any]) -> None:
    """Keep some facts, if somebody asked for it; the same facts give the same bytes."""
    folder = os.environ.get(RECORD_VARIABLE)
    if not folder:
        return
    write_whole(Path(folder) / f"{key}.run", gzip.compress(json.dumps(data).encode(), mtime=0))


def recorded(key: str, folder: Path) -> dict[str, Any] | None:
    """What was kept under a key in a folder of one of the lessons; None if nothing was."""
    found = next(iter(sorted(folder.glob(f"*/{key}.run"))), None)
    return read_file(found) if found else None


def told_in(data: dict[str, Any]) -> Told:
    """What the guest wrote in a recorded run."""
    return Told(base64.b64decode(data["console"]), base64.b64decode(data["control"]), *data["rest"])


def read_file(path: Path) -> dict[str, Any]:
    """The facts in a file."""
    data: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return data


def changed_runs(old: Path, new: Path) -> list[str]:
    """How the runs in two folders differ: one line for each file."""
    said = []
    for name in sorted({path.name for folder in (old, new) for path in folder.glob("*.run")}):
        if not (old / name).is_file() or not (new / name).is_file():
            said.append(f"{name} is {'new' if (new / name).is_file() else 'not made any more'}")
        elif (before := read_file(old / name)) != (after := read_file(new / name)):
            parts = [part for part in sorted({*before, *after}) if before.get(part) != after.get(part)]
            said.append(f"{name} differs in its {', '.join(parts)}{_first_other_line(before, after)}")
    return said


def _first_other_line(before: dict[str, Any], after: dict[str, Any]) -> str:
    if "console" not in before or "console" not in after:
        return ""
    lines = [base64.b64decode(data["console"]).decode(errors="replace").splitlines() for data in (before, after)]
    return next((f": {b!r} where {a!r} stood" for a, b in zip(*lines, strict=False) if a != b), "")
