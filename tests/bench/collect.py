"""The modules that lessons 9 to 12 give to the real kernel: their notebooks are run, and every call is noted.

`python -m tests.bench.collect LESSON MOST` does it for one notebook, in a process of its own, and prints what it noted.
"""

from __future__ import annotations

import base64
import contextlib
import inspect
import io
import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from labkit import qemu

ROOT = Path(__file__).parents[2]
LESSONS = ("09", "10", "11", "12")
Call = tuple[str, qemu.Kernel, dict[str, Any]]


def collected(lessons: tuple[str, ...] = LESSONS, most: int = 1000) -> list[Call]:
    """Lesson, kernel and arguments of every exact run, each once; of each lesson at most so many."""
    found: list[Call] = []
    for lesson in lessons:
        call = [sys.executable, "-m", "tests.bench.collect", lesson, str(most)]
        env = os.environ | {"LABKIT_PREDICT": "skip"}
        done = subprocess.run(call, cwd=ROOT, env=env, capture_output=True, text=True, check=True, timeout=600)
        for config, name, ko, options in json.loads(done.stdout.splitlines()[-1]):
            kernel = qemu.boot(**config, recordings=False)
            found.append((lesson, kernel, {"source": qemu.Built(name, base64.b64decode(ko), "", ""), **options}))
    return found


def main(lesson: str, most: int) -> None:
    """Run one notebook and print its calls, as JSON in one line."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    seen: dict[str, list[Any]] = {}
    real = qemu.Kernel.run_module

    def note(self: qemu.Kernel, source: Any, *args: Any, **options: Any) -> qemu.ModuleRun:
        run = real(self, source, *args, **options)
        if self.config.exact and not run.timed_out:
            module = source if isinstance(source, qemu.Built) else self.build(source, options.get("name", "lab"))
            given = inspect.signature(real).bind(self, source, *args, **options).arguments
            kept = {key: value for key, value in given.items() if key not in ("self", "source", "watch", "first_line", "name")}
            entry = [asdict(self.config), module.name, base64.b64encode(module.ko).decode(), kept]
            seen[json.dumps(entry)] = entry
        return run

    qemu.Kernel.run_module = note  # type: ignore[method-assign, assignment]
    (path,) = (ROOT / "notebooks").glob(f"{lesson}_*.ipynb")
    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if len(seen) < most and cell["cell_type"] == "code" and "skip-execution" not in cell["metadata"].get("tags", []):
                shell.run_cell("".join(cell["source"]))
    print(json.dumps(list(seen.values())[:most]))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
