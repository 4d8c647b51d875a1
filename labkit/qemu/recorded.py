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

from labkit.qemu.build import Built
from labkit.qemu.config import Config

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


def run_key(
    config: Config, module: Built, wait_s: float, seed: int, params: str, trace: bool, limit_s: float, **more: Any
) -> str:
    """What a run is known by: the module and everything that shapes its run."""
    facts = [asdict(config), module.digest, float(wait_s), seed, params, trace, float(limit_s), sorted(more.items())]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:KEY_CHARS]


def record(key: str, release: str, told: Told, warnings: str) -> None:
    """Keep a run, if somebody asked for it; the same run gives the same bytes."""
    folder = os.environ.get(RECORD_VARIABLE)
    if not folder:
        return
    encoded = {name: base64.b64encode(data).decode() for name, data in (("console", told.console), ("control", told.control))}
    data = {"release": release, "warnings": warnings, "rest": told[2:], **encoded}
    fresh = Path(folder) / f"{key}.{os.getpid()}.new"
    fresh.write_bytes(gzip.compress(json.dumps(data).encode(), mtime=0))
    fresh.replace(Path(folder) / f"{key}.run")


def read_file(path: Path) -> dict[str, Any]:
    """What record() kept in a file."""
    data: dict[str, Any] = json.loads(gzip.decompress(path.read_bytes()))
    return data
