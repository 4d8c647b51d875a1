"""A lesson in C shows on a machine without a compiler what it shows with one: its recorded runs stand for the runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.course.syllabus import Lesson, load_course
from labkit.native.cc import NAMES

ROOT = Path(__file__).parents[2]
IN_C = [
    lesson for lesson in load_course(ROOT).lessons if "cc" in lesson.needs and (ROOT / f"notebooks/{lesson.name}.ipynb").is_file()
]


def without_compilers(folder: Path) -> None:
    """A folder for the PATH with every program that is on it now, except C compilers."""
    folder.mkdir()
    for place in map(Path, os.get_exec_path()):
        for program in place.iterdir() if place.is_dir() else ():
            if not NAMES.fullmatch(program.name) and not (folder / program.name).is_symlink():
                (folder / program.name).symlink_to(program)


@pytest.mark.parametrize("lesson", [pytest.param(lesson, id=lesson.name) for lesson in IN_C])
def test_recorded_runs_give_the_outputs_that_are_stored(lesson: Lesson, tmp_path: Path) -> None:
    without_compilers(tmp_path / "bin")
    (tmp_path / "ziglang.py").write_text("raise SystemExit(1)\n", encoding="utf-8")  # the last resort is none either
    paths = os.pathsep.join([str(tmp_path), str(ROOT), os.environ.get("PYTHONPATH", "")])
    env = os.environ | {"PATH": str(tmp_path / "bin"), "PYTHONPATH": paths, "LABKIT_CACHE_DIR": str(tmp_path / "cache")}
    env |= {"LABKIT_PREDICT": "skip", "LABKIT_QUIET": "1"}
    for name in ("CC", "LABKIT_REQUIRE"):
        env.pop(name, None)
    call = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", f"notebooks/{lesson.name}.ipynb"]
    done = subprocess.run(call, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert " passed" in done.stdout
    assert " failed" not in done.stdout
