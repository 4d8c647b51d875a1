"""The exercise notebooks as a student runs them: solved, all pass; untouched, exactly the check cells fail."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from labkit.course.build import build, jobs_of
from labkit.course.syllabus import Course, Lesson, load_course

ROOT = Path(__file__).parents[2]
COURSE = load_course(ROOT)
WRITTEN = [lesson for lesson in COURSE.lessons if (COURSE.folder(lesson) / "exercises.py").is_file()]


def failing_cells(notebook: Path) -> list[str]:
    """Ids of the code cells that fail under `pytest --nbval-lax`."""
    report = notebook.with_suffix(".xml")
    words = [
        "--nbval-lax",
        "--nbval-cell-timeout=60",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        f"--rootdir={notebook.parent}",
    ]
    command = [sys.executable, "-m", "pytest", *words, f"--junitxml={report}", str(notebook)]
    env = {**os.environ, "LABKIT_COURSE_DIR": str(ROOT), "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=notebook.parent, env=env, capture_output=True, text=True, check=False)
    assert report.is_file(), ran.stdout + ran.stderr
    cases = list(ET.parse(report).iter("testcase"))
    cells = [cell for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert len(cases) == len(cells), ran.stdout
    return [cell["id"] for cell, case in zip(cells, cases, strict=True) if case.find("failure") is not None]


@pytest.fixture
def built(lesson: Lesson, tmp_path: Path) -> Path:
    """The lesson's exercises and solutions, built now and copied out of the course."""
    course: Course = COURSE
    build(course, [job for job in jobs_of(course, [lesson]) if job.folder != "notebooks"], tmp_path)
    return tmp_path


@pytest.mark.parametrize("lesson", WRITTEN, ids=lambda lesson: lesson.name)
def test_solved_all_cells_pass_and_untouched_exactly_the_checks_fail(lesson: Lesson, built: Path) -> None:
    checks = [f"{exercise.id}-check" for exercise in lesson.exercises]
    assert failing_cells(built / "solutions" / f"{lesson.name}.ipynb") == []
    assert failing_cells(built / "exercises" / f"{lesson.name}.ipynb") == checks
