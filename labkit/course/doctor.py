"""What works on this machine, found out by trying it, and what each lesson needs."""

from __future__ import annotations

import importlib.metadata
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labkit.course.syllabus import Course


@dataclass(frozen=True)
class Finding:
    """One thing looked at: does it work, what was seen, and the remedy if it does not."""

    name: str
    works: bool
    seen: str
    remedy: str = ""
    optional: bool = False


def examine() -> dict[str, Finding]:
    """Look at everything that some part of the course needs; the keys are those of course.toml's `needs` and more."""
    findings = {
        "python": _python(),
        "cooperative": _machine("cooperative", "cooperative machine", "pip install labkit (it needs greenlet)"),
        "sigalrm": _machine("preemptive", "preemptive machine (SIGALRM)", "use Linux or macOS; Windows has no SIGALRM: use WSL"),
        "pthread": _machine("pthread", "pthread machine", "use Linux; macOS has pthreads without some of their attributes"),
        "proc": _proc(),
        "qemu": _kernel(),
        "cc": _compiler(),
    }
    for package in ("greenlet", "jupyterlab", "ipywidgets", "anywidget"):
        findings[package] = _package(package)
    for key, commands, what, debian in _TOOLS:
        findings[key] = _tool(commands, what, debian)
    return findings


_TOOLS: Final = (("chromium", ("chromium", "chromium-browser", "google-chrome"), "Chromium, for the browser tests", "chromium"),)


def for_lessons(course: Course, findings: dict[str, Finding]) -> list[tuple[str, str]]:
    """For each lesson: "ready", or what it lacks here with the remedy."""
    told = []
    for lesson in course.lessons:
        missing = [findings[need] for need in ("python", "cooperative", "jupyterlab", *lesson.needs) if not findings[need].works]
        text = "; ".join(f"lacks {finding.name}: {finding.remedy}" for finding in missing)
        told.append((f"{lesson.number}. {lesson.title}", text or "ready"))
    return told


def _python() -> Finding:
    seen = f"{platform.python_version()} at {sys.executable}"
    return Finding("Python 3.11 or later", sys.version_info >= (3, 11), seen, "install Python 3.11 or later, then `make lab`")


def _machine(machine: str, name: str, remedy: str) -> Finding:
    """Run a program of two threads on a machine: the only proof that it works here."""

    def probe() -> int:
        thread = labkit.spawn(lambda: 1)
        labkit.sched_yield()
        return int(thread.join()) + 1

    try:
        import labkit

        works = labkit.run(probe, machine=machine).result == 2
    except Exception as error:
        return Finding(name, False, f"{type(error).__name__}: {error}".splitlines()[0], remedy)
    return Finding(name, works, "ran two threads", remedy)


def _package(package: str) -> Finding:
    try:
        return Finding(package, True, importlib.metadata.version(package))
    except importlib.metadata.PackageNotFoundError:
        return Finding(package, False, "not installed", "`make lab` installs it; or pip install 'labkit[course]'")


def _proc() -> Finding:
    found = Path("/proc/self/task").is_dir()
    return Finding("/proc/self/task", found, "there" if found else "not there", "use Linux; elsewhere these cells are left out")


def _kernel() -> Finding:
    from labkit.qemu.image import NoKernel, find_image

    what, remedy = "real kernel in QEMU", "`labkit kernel setup` (about 60 MB, no root)"
    try:
        image = find_image()
        return Finding(what, True, f"Linux {image.release}, {image.qemu[0]}", remedy, optional=True)
    except NoKernel:
        return Finding(what, False, "not set up", remedy, optional=True)


def _compiler() -> Finding:
    """Let a compiler make a small program: the only proof that it works here."""
    from labkit.native.cc import INSTALL, NoCompiler, find_compiler

    try:
        found = find_compiler()
    except NoCompiler as error:
        return Finding("C compiler", False, "none that works", str(error), optional=True)
    return Finding("C compiler", True, f"{found.version}, called as {' '.join(found.call)}", INSTALL, optional=True)


def _tool(commands: tuple[str, ...], what: str, debian: str) -> Finding:
    path = next(filter(None, map(shutil.which, commands)), None)
    return Finding(what, path is not None, path or "not found", f"sudo apt-get install {debian}", optional=True)
