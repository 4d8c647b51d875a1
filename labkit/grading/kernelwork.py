"""Kernel modules: built in the workshop, where their text can read nothing of this machine, and run in a fresh exact VM.

A VM has one CPU and virtual time, so the same module and seed give the same run, byte for byte, on every machine. Whatever
a module does, it does to that kernel, which is thrown away.
"""

from __future__ import annotations

import re
from typing import Any, Final

from labkit import qemu
from labkit.errors import LabError
from labkit.grading.asking import packed_answer
from labkit.grading.compiled import Workshop
from labkit.qemu.build import Built, digest, flags_of
from labkit.qemu.image import find_image
from labkit.taskinfo import TaskInfo

TIMEOUT_S: Final = 20.0
LIMIT_S: Final = 10.0
WAIT_S: Final = 5.0
"""The most of each that a request gets: real time of a run, the guest's for insmod and rmmod, and between the two."""
FAULT: Final = re.compile(r"BUG: |Oops|general protection|kernel BUG|stack guard page|Kernel panic|double fault|invalid opcode")
LOCKED_UP: Final = re.compile(r"possible (circular|recursive) locking|possible deadlock|blocked for more than|lockup|rcu.*stall")


class KernelWork:
    """What a request for a module's run needs: the workshop for the compiler, and the kernel of `labkit kernel setup`.

    Args:
        workshop: where modules are built.
    """

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request, as Workshop.ask() gives it."""
        try:
            image = find_image()
            built = self._build(request, image)
            if not isinstance(built, Built):
                return built
            kernel = qemu.boot(preempt=request["preempt"], tell=lambda text: None, recordings=False)
            run = kernel.run_module(built, **_settings(request))
        except qemu.NoKernel as error:
            return {"kind": "NoKernel", "packed": packed_answer("NoKernel", str(error)), "state": "missing", "text": str(error)}
        state, text = _how(run)
        return {"kind": "value", "packed": packed_answer("value", run), "state": state, "text": text}

    def _build(self, request: dict[str, Any], image: Any) -> Built | dict[str, Any]:
        name = str(request.get("name", "lab"))
        asked = {
            "what": "build", "folder": str(image.folder), "manifest": image.manifest, "flags": flags_of(image), "name": name,
            "source": str(request["source"]), "read": [str(image.root)],
        }  # fmt: skip
        answer = self.workshop.ask(asked)
        if answer["kind"] != "value":
            return answer
        return Built(name, bytes.fromhex(answer["ko"]), answer["warnings"], digest(name, asked["source"]))


def _settings(request: dict[str, Any]) -> dict[str, Any]:
    """What a run may be asked for; a number that is too large becomes the largest.

    Raises:
        LabError: it makes no sense.
    """
    try:
        most = {"wait_s": WAIT_S, "limit_s": LIMIT_S, "timeout_s": TIMEOUT_S}
        found: dict[str, Any] = {name: min(float(request[name]), value) for name, value in most.items() if name in request}
        found.setdefault("timeout_s", TIMEOUT_S)
        return found | {"seed": int(request.get("seed", 1)), "params": str(request.get("params", "")),
                        "trace": bool(request.get("trace", True))}  # fmt: skip
    except (TypeError, ValueError):
        raise LabError("the settings of a run are numbers") from None


def _how(run: qemu.ModuleRun) -> tuple[str, str]:
    """The state of a run that went wrong, and why; empty where all went well."""
    texts = [record.text for record in run.dmesg]
    fault = next((text for text in texts if FAULT.search(text)), "")
    waiting = next((text for text in texts if LOCKED_UP.search(text)), "")
    if not run.timed_out and (run.oopsed or run.panicked):
        return "crashed", f"the kernel: {fault or run.verdict()}"
    if waiting:
        return "deadlock", f"the kernel: {waiting}"
    if run.stuck or run.timed_out:
        own = [task for task in run.tasks if any("[" in line for line in task.stack)]  # "serve+0x1d/0x30 [lab]"
        asleep = bool(own) and all(task.state in "DS" for task in own)
        return "deadlock" if asleep else "timeout", "; ".join([run.verdict(), *map(_where, own)])
    return "", ""


def _where(task: TaskInfo) -> str:
    """Where a task of the module stands, innermost function first."""
    functions = [line.partition("+")[0] for line in task.stack[:3]]
    return f"{task.name} is in state {task.state} in {' ← '.join(functions)}"
