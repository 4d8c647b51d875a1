"""The modules that lessons 9 to 12 give to the real kernel: their notebooks are run, and every call is noted."""

from __future__ import annotations

import contextlib
import io
import json
import os
from pathlib import Path
from typing import Any

from labkit import qemu

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
LESSONS = ("09", "10", "11", "12")


def collected(lessons: tuple[str, ...] = LESSONS) -> list[tuple[str, qemu.Kernel, dict[str, Any]]]:
    """Lesson, kernel and arguments of every exact run, each once."""
    from IPython.core.interactiveshell import InteractiveShell

    os.environ["LABKIT_PREDICT"] = "skip"
    seen: dict[str, tuple[str, qemu.Kernel, dict[str, Any]]] = {}
    real = qemu.Kernel.run_module
    lesson = ""

    def note(self: qemu.Kernel, source: Any, *args: Any, **options: Any) -> qemu.ModuleRun:
        run = real(self, source, *args, **options)
        if self.config.exact and not run.timed_out and not args:
            options.pop("watch", None)
            module = self.build(source, options.pop("name", "lab")) if not isinstance(source, qemu.Built) else source
            seen[repr((self.config, module.digest, options))] = (lesson, self, {"source": module, **options})
        return run

    try:
        qemu.Kernel.run_module = note  # type: ignore[method-assign, assignment]
        for path in sorted(NOTEBOOKS.glob("*.ipynb")):
            lesson = path.stem
            if lesson[:2] not in lessons:
                continue
            shell = InteractiveShell()
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                    tags = cell["metadata"].get("tags", [])
                    if cell["cell_type"] == "code" and "skip-execution" not in tags:
                        shell.run_cell("".join(cell["source"]))
    finally:
        qemu.Kernel.run_module = real  # type: ignore[method-assign]
    return list(seen.values())
