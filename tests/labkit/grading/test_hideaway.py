"""Two faces of labkit: what a student changes of one, the other does not notice."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from labkit.grading import judge
from labkit.grading.pool import Zygote
from tests.labkit.grading import kit
from tests.labkit.grading.test_zygote import asked

NEVER = ["IPython", "anywidget", "ipywidgets", "jupytext", "nbformat", "rich", "tornado", "zmq"]
"""What makes or shows notebooks: each child would pay for its memory."""
SEALED = "ctypes"
"""Taken away again: who wants it has to import it, and that is seen."""


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    """One for all."""
    own = Zygote()
    yield own
    own.close()


def imported() -> set[str]:
    """Every module that a cell of the exercises imports."""
    found = set[str]()
    for lesson in kit.course().lessons:
        tree = ast.parse((kit.course().folder(lesson) / "exercises.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module)
    return found


def test_what_exercises_import_is_loaded_before_the_first_child(zygote: Zygote) -> None:
    look = f"import sys\nlate = sorted(set({sorted(imported() - {SEALED})!r}) - set(sys.modules))"
    assert asked(zygote, look, "late", []).state == judge.PASSED


def test_no_child_pays_for_jupyter(zygote: Zygote) -> None:
    look = f"import sys\nthere = sorted(set({NEVER!r}) & set(sys.modules))"
    assert asked(zygote, look, "there", []).state == judge.PASSED


def test_a_module_that_comes_late_uses_the_classes_that_are_there(zygote: Zygote) -> None:
    late = "import sys\nfrom labkit.thread import Thread\nthere = 'labkit.course.work' in sys.modules\nimport labkit.course.work"
    assert asked(zygote, late, "not there and labkit.thread.Thread is Thread").state == judge.PASSED


@pytest.mark.parametrize("deed", ["labkit.program.run = None", "labkit.here.spawn = None", "labkit.machines.Cooperative = None"])
def test_what_a_student_puts_into_labkit_labkit_does_not_use(zygote: Zygote, deed: str) -> None:
    cell = f"import labkit.program\nimport labkit.here, labkit.machines\nfrom labkit import run\n{deed}"
    assert asked(zygote, cell, "run(lambda: 3).result", 3).got == "3"


def test_what_a_student_puts_into_builtins_labkit_does_not_use(zygote: Zygote) -> None:
    cell = "import builtins\nfrom labkit import run\nbuiltins.max = builtins.sorted = None"
    assert asked(zygote, cell, "run(lambda: 3).result", 3).got == "3"
