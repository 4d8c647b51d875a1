"""A course of two small exercises, so that hundreds of submissions cost little; and the command run as a child process."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from labkit.grading import judge
from labkit.grading.exercise import Result, Unit

ROOT = Path(__file__).parents[3]
EXERCISES = '''# %% [markdown] id="title"
# # Exercises 1

# %% id="imports"
from labkit.course import check, hint


# %% id="1a-solution" tags=["exercise"]
def double(n):
    """Twice n."""
    ### BEGIN SOLUTION
    return 2 * n
    ### END SOLUTION


# %% id="1a-check" tags=["check"]
check("double(2)", 4, why="twice two is four")
### BEGIN HIDDEN TESTS
check("{double(3)}", {6}, why="twice three is six")
### END HIDDEN TESTS

# %% id="1b-solution" tags=["exercise"]
def name():
    """Any name."""
    ### BEGIN SOLUTION
    return "ada"
    ### END SOLUTION


# %% id="1b-check" tags=["check"]
check("len(name()) > 0", True, why="a name has letters", limit_s=LIMIT)
'''
TOML = """
[course]
title = "Tiny"
{rules}

[[lesson]]
number = 1
slug = "tiny"
title = "Tiny"
minutes = 5
{lesson}

[[lesson.exercise]]
id = "1a"
title = "Double"
points = 5
hints = ["a", "b", "c"]

[[lesson.exercise]]
id = "1b"
title = "Name"
points = 2.5
hints = ["a", "b", "c"]
"""
RIGHT = {"1a": "def double(n):\n    return n + n", "1b": "def name():\n    return 'ada'"}


def course(folder: Path, rules: str = "", lesson: str = "", exercises: str = EXERCISES, limit_s: int = 1) -> Path:
    """A course's folder."""
    exercises = exercises.replace("LIMIT", str(limit_s))
    (folder / "lessons" / "01_tiny").mkdir(parents=True, exist_ok=True)
    (folder / "lessons" / "01_tiny" / "exercises.py").write_text(exercises, encoding="utf-8")
    (folder / "course.toml").write_text(TOML.format(rules=rules, lesson=lesson), encoding="utf-8")
    return folder


def hand_in(
    folder: Path, student: str, written: Mapping[str, str], name: str = "01_tiny.ipynb", when: float | None = None
) -> Path:
    """A submission as a student would leave it."""
    cells = [
        {"cell_type": "code", "id": f"{id}-solution", "metadata": {}, "source": text, "outputs": [], "execution_count": None}
        for id, text in written.items()
    ]
    path = folder / student / name
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = {"cells": cells, "metadata": {"labkit": {"lesson": "01_tiny"}}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    if when is not None:
        os.utime(path, (when, when))
    return path


@contextmanager
def start(course: Path, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """`labkit` in a child process, which is ended at the end."""
    environment = os.environ | {
        "LABKIT_COURSE_DIR": str(course),
        "PYTHONPATH": os.pathsep.join([str(ROOT), *_paths()]),
        "COLUMNS": "80",
    }
    call = [sys.executable, "-m", "labkit", *map(str, arguments)]
    process = subprocess.Popen(
        call, cwd=course, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _paths() -> list[str]:
    return [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]


def labkit(course: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """`labkit` in a child process, to its end."""
    with start(course, *arguments) as process:
        out, err = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def pretend(work: list[Unit]) -> Generator[tuple[Unit, Result], None, None]:
    """An executor without processes: it judges by the text alone."""
    for one in work:
        text, worth = one.solutions.get(one.problem.exercise.id, ""), one.problem.exercise.points
        state = judge.REVIEW if "odd" in text else judge.FAILED if "wrong" in text else judge.PASSED
        earned = worth if state == judge.PASSED else 0.0
        yield one, Result(one.problem.exercise.id, state, earned, worth, earns=0.0 if state == judge.FAILED else worth)


def ask(out: Path, question: str) -> list[tuple]:  # type: ignore[type-arg]
    """What a gradebook says, read from outside while others write it."""
    base = sqlite3.connect(f"file:{out / 'grades.sqlite'}?mode=ro", uri=True, timeout=10)
    try:
        return base.execute(question).fetchall()
    finally:
        base.close()


def kept(out: Path) -> int:
    """How many results the gradebook holds; 0 while there is none."""
    try:
        return int(ask(out, "SELECT count(*) FROM graded")[0][0])
    except sqlite3.OperationalError:
        return 0


def until(true: Callable[[], bool], process: subprocess.Popen[str] | None = None) -> None:
    """Wait for something that a child process does; fail if the process ends before."""
    deadline = time.monotonic() + 300
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        assert process is None or process.poll() is None, process.communicate()
        time.sleep(0.005)


def table(out: Path) -> dict[str, dict[str, str]]:
    """grades.csv: student → line."""
    lines = (out / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
    return {line["student"]: line for line in csv.DictReader(lines)}


def zygotes(pid: int) -> set[int]:
    """Of the processes that descend from one, its zygotes and their children, but not a bubble that may be around them."""
    return {
        each for each in children(pid) if (line := _line(each)) and b"_start.py" in b"".join(line) and b"bwrap" not in line[0]
    }


def _line(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []


def children(pid: int) -> set[int]:
    """All processes that descend from one, by /proc."""
    parents: dict[int, list[int]] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            parents.setdefault(parent, []).append(int(each.name))
    found, ahead = set(), [pid]
    while ahead:
        below = parents.get(ahead.pop(), [])
        found |= set(below)
        ahead += below
    return found


def alive(pid: int) -> bool:
    """Is this process there, and no zombie?"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
