"""A build keeps the runs of C that a lesson makes, and a machine without a compiler shows them."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.course import build, recordings
from labkit.course.syllabus import Course, CourseError, Lesson, load_course
from labkit.native import NoCompiler

LESSON = Lesson(3, "tiny", "Adding", 5, ("cc",), ())
IN_C = """
# %% id="import-labkit"
import labkit.course

# %% id="in-c" tags=["demo", "needs-cc"] language="cthreads" magic_args="hello --show output,switches"
# #include <stdio.h>
# int main(void) { puts("hello"); return 0; }

# %% id="its-exit"
hello.exit
"""


@pytest.fixture
def c_course(course: Course, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Course:
    """The tiny course, with a cell of C in its lesson."""
    monkeypatch.setenv("LABKIT_CACHE_DIR", str(tmp_path / "cache"))
    lesson, toml = course.folder(course.lessons[0]) / "lesson.py", course.root / "course.toml"
    lesson.write_text(lesson.read_text(encoding="utf-8") + IN_C, encoding="utf-8")
    toml.write_text(toml.read_text(encoding="utf-8").replace("minutes = 5", 'minutes = 5\nneeds = ["cc"]'), encoding="utf-8")
    return load_course(course.root)


def folder(root: Path, **runs: bytes) -> Path:
    """A folder with these runs in it."""
    root.mkdir(parents=True)
    for key, data in runs.items():
        (root / f"{key}.run").write_bytes(data)
    return root


def test_a_kept_run_stays_as_it_is_while_its_key_is_made(tmp_path: Path) -> None:
    folder(tmp_path / "made" / LESSON.name / recordings.NATIVE, same=b"later", new=b"new")
    kept = folder(tmp_path / "course" / recordings.NATIVE / LESSON.name, same=b"first", gone=b"gone")
    recordings.keep(LESSON, tmp_path / "made", tmp_path / "course")
    assert {run.stem: run.read_bytes() for run in kept.iterdir()} == {"same": b"first", "new": b"new"}


def test_what_is_compared_is_which_runs_there_are(tmp_path: Path) -> None:
    old, new = (tmp_path / place for place in ("old", "new"))
    folder(old / recordings.NATIVE / LESSON.name, same=b"first", gone=b"gone")
    folder(new / recordings.NATIVE / LESSON.name, same=b"later", new=b"new")
    assert recordings.differences(LESSON, old, new) == [
        "labkit/native/recorded/03_tiny: other runs than the lesson makes: gone.run is not made any more; new.run is new"
    ]
    assert recordings.differences(LESSON, old, old) == []
    assert recordings.differences(Lesson(3, "tiny", "Adding", 5, (), ()), old, new) == []


def test_runs_of_a_lesson_that_is_gone_are_named(tmp_path: Path) -> None:
    for place in (f"{recordings.NATIVE}/03_tiny", f"{recordings.NATIVE}/04_gone", f"{recordings.KERNEL}/03_tiny"):
        folder(tmp_path / place, key=b"")
    assert recordings.orphans([LESSON], tmp_path) == [
        "labkit/native/recorded/04_gone: no lesson makes it any more",
        "labkit/qemu/recorded/03_tiny: no lesson makes it any more",
    ]


@pytest.mark.requires("cc")
def test_a_run_that_is_too_large_is_not_kept(c_course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "NATIVE_RUN_MAX_KB", 5)
    jobs = [job for job in build.jobs_of(c_course, c_course.lessons) if job.folder == "notebooks"]
    with pytest.raises(CourseError, match=r"03_tiny: a recorded run has \d+ kB \(<NativeRun on uthread: exit 0.*at most 5"):
        build.build(c_course, jobs, c_course.root)


def test_a_lesson_in_c_is_not_built_without_a_compiler(c_course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing() -> None:
        raise NoCompiler("no C compiler works here: install one")

    monkeypatch.setattr(build, "find_compiler", nothing)
    jobs = [job for job in build.jobs_of(c_course, c_course.lessons) if job.folder == "notebooks"]
    with pytest.raises(CourseError, match="cannot be built here: no C compiler works here: install one"):
        build.build(c_course, jobs, c_course.root)


@pytest.mark.requires("cc")
def test_the_runs_of_a_lesson_are_kept_once_and_shown_without_a_compiler(c_course: Course, tmp_path: Path) -> None:
    jobs = [job for job in build.jobs_of(c_course, c_course.lessons) if job.folder == "notebooks"]
    build.build(c_course, jobs, c_course.root)
    (run,) = (c_course.root / recordings.NATIVE / "03_tiny").iterdir()
    assert str(tmp_path).encode() not in gzip.decompress(run.read_bytes())
    first = run.read_bytes()
    build.build(c_course, jobs, c_course.root)
    assert run.read_bytes() == first
    assert build.differences(c_course, jobs) == []

    package = tmp_path / "elsewhere" / "labkit"  # a copy of labkit that has this lesson's runs
    shutil.copytree(Path(build.__file__).parents[1], package, ignore=shutil.ignore_patterns("__pycache__", "recorded"))
    shutil.copytree(c_course.root / recordings.NATIVE, package / "native" / "recorded")
    shutil.copy(Path(__file__).parents[2] / "conftest.py", package.parent)
    done = nbval_without_a_compiler(c_course.root / "notebooks" / "03_tiny.ipynb", package.parent, tmp_path)
    assert "failed" not in done.stdout, done.stdout[-3000:]
    assert " passed" in done.stdout, done.stdout[-3000:]


def nbval_without_a_compiler(notebook: Path, package: Path, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    """Compare a notebook's outputs where there is none: an empty PATH, and a ziglang that does nothing."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "ziglang.py").write_text("raise SystemExit(1)\n", encoding="utf-8")
    places = [str(tmp_path / "empty"), str(package), os.environ.get("PYTHONPATH", "")]
    env = os.environ | {"PATH": places[0], "PYTHONPATH": os.pathsep.join(places), "LABKIT_CACHE_DIR": str(tmp_path / "no-cache")}
    for name in ("CC", "LABKIT_REQUIRE", "PYTEST_XDIST_WORKER"):
        env.pop(name, None)
    call = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", str(notebook)]
    return subprocess.run(call, cwd=package, env=env, capture_output=True, text=True, check=False, timeout=120)
