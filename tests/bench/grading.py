"""What grading costs, beside the real nbgrader: the same course, the same submissions, the same machine, one run.

nbgrader is installed in a venv of its own (tests.labkit.grading.nbgrader). No two submissions are alike, for labkit grades
equal work once; one exercise in three is wrong, for what is wrong costs more: its checks are asked again, one by one.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from labkit.grading.exercise import grade, unit
from labkit.grading.pool import Zygote, Zygotes
from labkit.grading.release import nbgrader_source
from tests.bench.measure import console, interleaved, seconds, table
from tests.labkit.grading import kit

LESSONS = {9: "small checks", 3: "small programs", 6: "half of it explores every schedule"}
FEW, MANY = 6, 120
"""Submissions: what nbgrader gets, and what labkit gets besides."""
CROWDS = (100, 1000, 2000)
CORES = len(os.sched_getaffinity(0))
ROUNDS = 5
MUTANTS = kit.ROOT / "tests" / "exercises" / "mutants"
SMALL = 9
"""A lesson of 66 small checks."""


class Cost(NamedTuple):
    """Of a command."""

    wall_s: float
    cpu_s: float


def written(lesson: int, student: int) -> dict[str, str]:
    """What a student hands in: most of it right, one exercise in three wrong, and never what another one wrote."""
    texts = dict(kit.solutions(lesson))
    for i, id in enumerate(texts):
        if (student + i) % 3 == 0:
            wrong = re.split(r"(?m)^# %% .*\n", (MUTANTS / f"{lesson:02d}" / f"{id}.py").read_text(encoding="utf-8"))
            texts[id] = wrong[1]
        texts[id] += f"\n# by student {student}\n"
    return texts


def class_of(folder: Path, lesson: int, students: int) -> Path:
    """Submissions of a class."""
    for student in range(students):
        kit.hand_in(folder / "submitted", f"s{student:04d}", lesson, written(lesson, student))
    return folder / "submitted"


def command(call: list[str], **options: object) -> Cost:
    """Run a program and all that it starts."""
    before, began = os.times(), time.perf_counter()
    done = subprocess.run(call, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    wall, after = time.perf_counter() - began, os.times()
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    return Cost(wall, after.children_user + after.children_system - before.children_user - before.children_system)


def labkit_call(submissions: Path, out: Path, jobs: int) -> list[str]:
    """`labkit grade`, as an instructor types it."""
    shutil.rmtree(out, ignore_errors=True)
    return [sys.executable, "-m", "labkit", "grade", str(submissions), "--out", str(out), "-j", str(jobs)]


def by_labkit(submissions: Path, out: Path, jobs: int) -> Cost:
    """One class, from nothing."""
    return command(labkit_call(submissions, out, jobs), cwd=kit.ROOT, env=os.environ | {"PYTHONPATH": str(kit.ROOT)})


def by_nbgrader(course: Path, lesson: int, submissions: Path) -> Cost:
    """The same class with nbgrader: one process, as it always is."""
    from tests.labkit.grading import nbgrader

    name = kit.course().lesson(lesson).name
    nbgrader_source(kit.course(), kit.course().lesson(lesson), course)
    nbgrader.run(course, "nbgrader", "generate_assignment", name)
    for path in sorted(submissions.glob("*/*.ipynb")):
        target = course / "submitted" / path.parent.name / name / path.name
        target.parent.mkdir(parents=True)
        given = json.loads((course / "release" / name / path.name).read_text(encoding="utf-8"))
        ours = {cell.get("id"): cell["source"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]}
        for cell in given["cells"]:
            if cell["id"].endswith("-solution"):
                cell["source"] = ours[cell["id"]]
        target.write_text(json.dumps(given), encoding="utf-8")
    before, began = os.times(), time.perf_counter()
    nbgrader.run(course, "nbgrader", "autograde", name)
    wall, after = time.perf_counter() - began, os.times()
    return Cost(wall, after.children_user + after.children_system - before.children_user - before.children_system)


def beside_nbgrader() -> None:
    """Submissions each second; wall time, with all that a command does from its start to its end."""
    for lesson, what in LESSONS.items():
        with tempfile.TemporaryDirectory() as folder:
            here = Path(folder)
            few, many = class_of(here / "few", lesson, FEW), class_of(here / "many", lesson, MANY)
            costs = {f"nbgrader, {FEW} submissions": (FEW, by_nbgrader(here / "course", lesson, few))}
            costs[f"labkit, {FEW} submissions, 1 process"] = (FEW, by_labkit(few, here / "out", 1))
            for jobs in sorted({1, CORES}):
                costs[f"labkit, {MANY} submissions, {jobs} process{'es' * (jobs > 1)}"] = (
                    MANY,
                    by_labkit(many, here / "out", jobs),
                )
        base, targets = next(iter(costs)), {list(costs)[-1]: "≥ 50 x nbgrader"}
        title = f"lesson {lesson}, {what}: "
        table(title + "submissions", "1/s", {name: n / cost.wall_s for name, (n, cost) in costs.items()}, base, targets)
        table(title + "processor time", "ms each", {name: 1e3 * cost.cpu_s / n for name, (n, cost) in costs.items()}, base)


def small_checks() -> None:
    """One core's work: a notebook of one small exercise, and a whole one."""
    problems, rows = kit.problems(SMALL), {}
    zygotes, students = Zygotes(), iter(range(10**6))
    first = next(iter(problems.values()))

    def whole(all_right: bool) -> float:
        student = next(students)
        texts = {
            id: f"{text}\n# {student}" for id, text in (kit.solutions(SMALL) if all_right else written(SMALL, student)).items()
        }
        return 1 / seconds(lambda: [grade(unit(problem, texts), zygotes) for problem in problems.values()])

    def one() -> float:
        texts = {id: f"{text}\n# {next(students)}" for id, text in kit.solutions(SMALL).items()}
        return 1 / seconds(lambda: grade(unit(first, texts), zygotes))

    whole(True)
    rows[f"an exercise ({len(first.checks)} checks)"] = one
    count = sum(len(problem.checks) for problem in problems.values())
    rows[f"a notebook ({len(problems)} exercises, {count} checks), all right"] = lambda: whole(True)
    rows["the same, a third of it wrong"] = lambda: whole(False)
    table("one zygote: submissions", "1/s", interleaved(rows, 40), next(iter(rows)), dict.fromkeys(rows, "≥ 60"))
    zygotes.close()


def memory() -> None:
    """The most that was resident, of the command and of one of its zygotes."""
    with tempfile.TemporaryDirectory() as folder:
        most: dict[str, float] = {}
        for crowd in CROWDS:
            submissions = class_of(Path(folder) / str(crowd), SMALL, crowd)
            call = labkit_call(submissions, Path(folder) / "out", CORES)
            with console.status(f"{crowd} submissions ..."):
                here, theirs, took = watched(call)
            most[f"the command, {crowd} submissions ({took:.0f} s)"] = here
            most[f"one of its zygotes, {crowd} submissions"] = theirs
    table("resident memory", "MB", most, next(iter(most)), {list(most)[-2]: "bounded"})


def watched(call: list[str]) -> tuple[float, float, float]:
    """Run a command: the most that it had resident, the most of one of its children, in MB, and the seconds it took."""
    began, high = time.perf_counter(), [0.0, 0.0]
    environment = os.environ | {"PYTHONPATH": str(kit.ROOT)}
    with subprocess.Popen(call, cwd=kit.ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            for i, pids in enumerate(([process.pid], children(process.pid))):
                high[i] = max([high[i], *map(resident_most, pids)])
            time.sleep(0.2)
    return high[0], high[1], time.perf_counter() - began


def children(pid: int) -> list[int]:
    """Pids of the children of all of a process's threads."""
    try:
        return [int(each) for task in Path(f"/proc/{pid}/task").iterdir() for each in (task / "children").read_text().split()]
    except OSError:
        return []


def resident_most(pid: int) -> float:
    """The most that a process ever had resident, in MB."""
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def starting() -> None:
    """Until the first result is there."""
    with tempfile.TemporaryDirectory() as folder:
        one = class_of(Path(folder), SMALL, 1)
        rows: dict[str, Callable[[], float]] = {
            "python -c pass": lambda: command([sys.executable, "-c", "pass"]).wall_s,
            "a zygote, until it is ready": zygote_start,
            "labkit grade, one notebook, to its end": lambda: by_labkit(one, Path(folder) / "out", CORES).wall_s,
        }
        targets = {"labkit grade, one notebook, to its end": "≤ 1", "a zygote, until it is ready": "≤ 1"}
        table("start", "s", interleaved(rows, ROUNDS), "python -c pass", targets)


def zygote_start() -> float:
    """Seconds from nothing to a zygote that takes orders."""
    zygote = Zygote()
    try:
        return seconds(lambda: (zygote.begin(), zygote.wait_ready()))
    finally:
        zygote.close()


def parts_of_a_check() -> None:
    """Where the time of an exercise goes: each row does a little more than the one above."""
    from labkit.grading.confine import Confinement, confine_child
    from labkit.grading.pool import job_of, questions_of

    problem = next(iter(kit.problems(SMALL).values()))
    job = job_of(problem, kit.solutions(SMALL), "0" * 32, 60.0)
    nothing, questions = ([["0", ""], 10.0],), questions_of(problem.checks)
    zygote = Zygote()
    zygote.check(problem, kit.solutions(SMALL), problem.checks[0])

    def forked(body: Callable[[], object]) -> float:
        def once() -> None:
            if (pid := os.fork()) == 0:
                try:
                    body()
                finally:
                    os._exit(0)
            os.waitpid(pid, 0)

        return 1e3 * seconds(once)

    rows: dict[str, Callable[[], float]] = {
        "fork of this process (it is larger)": lambda: forked(lambda: None),
        "the same, confined": lambda: forked(lambda: confine_child(Confinement(read=()))),
        "a zygote's child that is asked nothing": lambda: 1e3 * seconds(lambda: zygote.ask(job | {"steps": []}, nothing)),
        "and runs its cells": lambda: 1e3 * seconds(lambda: zygote.ask(job, nothing)),
        f"and is asked {len(questions)} questions": lambda: 1e3 * seconds(lambda: zygote.ask(job, questions)),
        "and the answers are judged": lambda: 1e3 * seconds(lambda: zygote.together(problem, kit.solutions(SMALL))),
    }
    values = interleaved(rows, 60)
    table(f"exercise {problem.exercise.id}, step by step", "ms", values, list(rows)[2])
    zygote.close()


def main() -> None:
    """All tables of this room."""
    console.print(f"{CORES} cores, load {os.getloadavg()[0]:.1f}")
    for part in (starting, small_checks, parts_of_a_check, beside_nbgrader, memory):
        part()
        console.print(f"  load {os.getloadavg()[0]:.1f}")
