"""What every test can count on: tools are asked for by name, skips say their remedy, nobody's progress is touched.

A test that needs something from outside says so: `@pytest.mark.requires("browser")`. Where the tool is missing the test is
skipped and the skip tells how to get it. Where the environment variable LABKIT_REQUIRE lists the tool (in CI), a missing
tool is a failure: a skip would hide that nothing was tested.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from labkit.qemu.fetch import COURSE_RELEASE

# Answers to exercises, right, wrong and hostile, and what is measured instead of tested: never imported by pytest.
collect_ignore_glob = ["exercises/mutants/*", "exercises/variants/*", "hostile/submissions/*", "bench/*"]


class Tool(NamedTuple):
    """Something outside Python that a test may need."""

    found: Callable[[], bool]
    missing: str
    """What is missing and how to get it."""


def program(*names: str) -> Callable[[], bool]:
    """Is one of these programs on the PATH?"""
    return lambda: any(shutil.which(name) for name in names)


def kernel_is_set_up() -> bool:
    """Can a module be run in the real kernel at once, without fetching anything?"""
    from labkit.qemu.image import NoKernel, find_image

    try:
        return bool(find_image().qemu)
    except NoKernel:
        return False


def compiler_works() -> bool:
    """Is there a C compiler that makes a program?"""
    from labkit.native.cc import NoCompiler, find_compiler

    try:
        return bool(find_compiler().call)
    except NoCompiler:
        return False


def arm_runs() -> bool:
    """Can a program for 64-bit ARM be compiled and run here?"""
    return importlib.util.find_spec("ziglang") is not None and program("qemu-aarch64", "qemu-aarch64-static")()


def nbgrader_works() -> bool:
    """Is nbgrader in its own venv? It is made here, once for a machine."""
    from tests.labkit.grading import nbgrader

    return nbgrader.have()


TOOLS = {
    "arm": Tool(arm_runs, "a compiler for aarch64, or QEMU to run it, is missing: pip install ziglang and apt install qemu-user"),
    "browser": Tool(program("chromium", "chromium-browser", "google-chrome"), "chromium not found: apt install chromium"),
    "cc": Tool(compiler_works, "no C compiler that works: apt install gcc libc6-dev, or pip install ziglang"),
    "dask": Tool(lambda: importlib.util.find_spec("distributed") is not None, "no Dask here: pip install 'labkit[cluster]'"),
    "git": Tool(program("git"), "git not found: apt install git"),
    "kernel": Tool(kernel_is_set_up, "the real kernel is not set up: labkit kernel setup"),
    "kernel of the lessons": Tool(
        lambda: bool(kernel_of_the_lessons()),
        f"outputs are compared on Linux {COURSE_RELEASE} only: labkit kernel clear, then setup, where apt has it",
    ),
    "linux": Tool(lambda: sys.platform == "linux", "this needs Linux: run it there or in a container"),
    "make": Tool(program("make"), "make not found: apt install make"),
    "nbgrader": Tool(nbgrader_works, "nbgrader could not be set up: python -m tests.labkit.grading.nbgrader says why"),
    "zig": Tool(lambda: importlib.util.find_spec("ziglang") is not None, "no zig here: pip install ziglang"),
}


@functools.cache
def found(name: str) -> bool:
    """Is this tool here? Looked up once for a session."""
    return TOOLS[name].found()


def verdict(names: tuple[str, ...], required: str, has: Callable[[str], bool] = found) -> tuple[str, str]:
    """What becomes of a test that needs these tools: ("run" | "skip" | "fail", why)."""
    for name in names:
        if name not in TOOLS:
            return "fail", f"requires({name!r}): no such tool; tests/conftest.py knows {', '.join(TOOLS)}"
        if not has(name):
            must = name in required.split(",")
            return ("fail", f"{TOOLS[name].missing} (LABKIT_REQUIRE lists {name})") if must else ("skip", TOOLS[name].missing)
    return "run", ""


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail a test whose tools are missing, before its fixtures do any work."""
    names = tuple(name for mark in item.iter_markers("requires") for name in mark.args)
    what, why = verdict(names, os.environ.get("LABKIT_REQUIRE", ""))
    if what == "skip":
        pytest.skip(why)
    if what == "fail":
        pytest.fail(why, pytrace=False)


def pytest_configure(config: pytest.Config) -> None:
    """Give the session a progress folder of its own; notebooks run here answer no questions.

    Why: set here and not in a fixture, because the Jupyter kernels that nbval starts inherit it. The same folder keeps a
    user's own IPython start-up files out of the tests.
    """
    if not hasattr(config, "workerinput"):  # the workers of xdist inherit what their controller set
        folder = tempfile.TemporaryDirectory(prefix="labkit-progress-", ignore_cleanup_errors=True)
        config.add_cleanup(folder.cleanup)
        os.environ["LABKIT_PROGRESS_DIR"] = folder.name
        os.environ["LABKIT_PREDICT"] = "skip"
        os.environ["LABKIT_QUIET"] = "1"
        os.environ["IPYTHONDIR"] = str(Path(folder.name) / "ipython")


@pytest.fixture
def progress_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty progress folder for one test."""
    folder = tmp_path / "progress"
    monkeypatch.setenv("LABKIT_PROGRESS_DIR", str(folder))
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Cells that show the real kernel or run C: what they need, and with which kernel their outputs can be compared."""
    for item in items:
        if item.path.suffix != ".ipynb":
            continue
        notebook: Any = item.parent
        cell: Any = item
        for tag, tool in (("needs-qemu", "kernel"), ("needs-cc", "cc")):
            # Why: a lesson has recorded runs to show; an exercise has not, for the student's program is new.
            if item.path.parent.name == "solutions" and tagged(cell.cell, tag):
                what, why = verdict((tool,), os.environ.get("LABKIT_REQUIRE", ""))
                if what == "skip":
                    item.add_marker(pytest.mark.skip(reason=why))
        if any(tagged(each, "needs-qemu") for each in notebook.nb.cells) and kernel_of_the_lessons() is False:
            cell.options["check"] = False


def tagged(cell: Any, tag: str) -> bool:
    """Has this cell of a notebook the tag?"""
    return tag in cell.metadata.get("tags", ())


@functools.cache
def kernel_of_the_lessons() -> bool | None:
    """Is the kernel here the one whose output the lessons show? None if there is none."""
    from labkit.qemu.image import NoKernel, find_image

    try:
        return find_image().release == COURSE_RELEASE
    except NoKernel:
        return None


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each skip with its remedy, so that nobody takes a skipped test for a passed one."""
    lines = list(skips(terminalreporter.stats.get("skipped", [])))
    if lines:
        terminalreporter.section("skipped here, and what would let it run")
        for line in lines:
            terminalreporter.write_line(line)


def skips(reports: list[pytest.TestReport]) -> Iterator[str]:
    """One line for each reason and file: "3 x reason (file)"."""
    reasons = Counter(
        (str(r.longrepr[2] if isinstance(r.longrepr, tuple) else r.longrepr), r.nodeid.split("::")[0]) for r in reports
    )
    for (reason, where), times in sorted(reasons.items()):
        why = reason.removeprefix("Skipped: ")
        if why == "Skipped" and where.endswith(".ipynb"):  # nbval gives no reason of its own
            why = "a cell tagged skip-execution: it is for the student to run, in JupyterLab"
        yield f"{times} x {why} ({where})"
