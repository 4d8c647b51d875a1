"""The runs that a build keeps for machines without a kernel or without a compiler, and whether they are what the lessons make.

A run on the real kernel is exact: it is kept as this build made it, to the byte. A run of C has times and addresses in it, so
no two are alike: one that is kept already stays as it is for as long as the lesson makes that run.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from labkit.course.syllabus import CourseError, Lesson
from labkit.native import recorded as native
from labkit.qemu import recorded as qemu

KERNEL, NATIVE = "labkit/qemu/recorded", "labkit/native/recorded"
VARIABLES: Final = {KERNEL: qemu.RECORD_VARIABLE, NATIVE: native.RECORD_VARIABLE}
"""Where runs are kept, from the root of the course → the environment variable that has them recorded."""
NEEDS: Final = {KERNEL: "qemu", NATIVE: "cc"}
NATIVE_RUN_MAX_KB: Final = 200
"""A run of C is about 20 kB; 10,000 events are 200. Every clone of the course carries it."""


def wanted(lesson: Lesson) -> list[str]:
    """Where runs of this lesson are kept."""
    return [where for where, need in NEEDS.items() if need in lesson.needs]


def environment(lesson: Lesson, records: Path) -> dict[str, str]:
    """What tells a Jupyter kernel to record its runs: each kind into a folder of its own below `records`."""
    named = {}
    for where in wanted(lesson):
        folder = records / lesson.name / where
        folder.mkdir(parents=True, exist_ok=True)
        named[VARIABLES[where]] = str(folder)
    return named


def keep(lesson: Lesson, records: Path, root: Path) -> None:
    """Keep in the course what was recorded, and nothing else of this lesson.

    Raises:
        CourseError: a run is too large to be kept.
    """
    for where in wanted(lesson):
        made, kept = records / lesson.name / where, root / where / lesson.name
        if where == KERNEL:
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(made, kept)
            continue
        refuse_large(lesson, made)
        for run in kept.glob("*.run"):
            if not (made / run.name).is_file():
                run.unlink()
        for run in sorted(made.glob("*.run")):
            if not (kept / run.name).is_file():
                kept.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(run, kept / run.name)


def refuse_large(lesson: Lesson, made: Path) -> None:
    """Raise for a run of C that every clone of the course would have to carry, and should not."""
    for run in sorted(made.glob("*.run")):
        if (kb := run.stat().st_size // 1000) > NATIVE_RUN_MAX_KB:
            what = native.unpack(run.read_bytes())
            raise CourseError(
                f"lesson {lesson.name}: a recorded run has {kb} kB ({what!r}), and at most {NATIVE_RUN_MAX_KB} are kept: "
                "let the program switch less often, or end sooner"
            )


def differences(lesson: Lesson, root: Path, fresh: Path) -> list[str]:
    """What keeping would change: one line for each kind of run."""
    found = []
    for where in wanted(lesson):
        folder = f"{where}/{lesson.name}"
        changed = qemu.changed_runs if where == KERNEL else other_keys
        if others := changed(root / folder, fresh / folder):
            found.append(f"{folder}: other runs than the lesson makes: {'; '.join(others)}")
    return found


def orphans(lessons: Iterable[Lesson], root: Path) -> list[str]:
    """Folders of runs that no lesson makes any more."""
    made = {f"{where}/{lesson.name}" for lesson in lessons for where in wanted(lesson)}
    kept = {f"{where}/{folder.name}" for where in NEEDS for folder in (root / where).glob("[0-9]*")}
    return [f"{folder}: no lesson makes it any more" for folder in sorted(kept - made)]


def other_keys(old: Path, new: Path) -> list[str]:
    """Which runs of C are only in one of two folders: their names say which program ran how, and nothing of what happened."""
    before, after = ({run.name for run in folder.glob("*.run")} for folder in (old, new))
    return [f"{name} is {'new' if name in after else 'not made any more'}" for name in sorted(before ^ after)]
