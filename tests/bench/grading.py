"""What grading costs, beside the real nbgrader: the same course, the same submissions, the same machine, one run.

nbgrader is installed in a venv of its own (tests.labkit.grading.nbgrader). No two submissions are alike, for labkit grades
equal work once; one exercise in three is wrong, for what is wrong costs more: its checks are asked again, one by one.
"""

from __future__ import annotations

import contextlib
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
from labkit.grading.plan import Problem
from labkit.grading.pool import Zygote, job_of, questions_of
from labkit.grading.release import nbgrader_source
from labkit.grading.workers import Zygotes
from tests.bench.measure import console, interleaved, seconds, table
from tests.labkit.grading import kit

LESSONS = {9: "small checks", 3: "small programs", 6: "half of it explores every schedule"}
FEW, MANY = 6, 120
"""Submissions: what nbgrader gets, and what labkit gets besides."""
CROWDS = (100, 1000, 2000)
CORES = len(os.sched_getaffinity(0))
ROUNDS = 5
MUTANTS = kit.ROOT / "tests" / "exercises" / "mutants"
LOOK_S = 0.1
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
    return watched(labkit_call(submissions, out, jobs)).cost


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
    """What one core does in a second: by the processor time of all that takes part, so that a busy machine does not matter."""
    problems, zygotes, students = kit.problems(SMALL), Zygotes(), iter(range(10**6))
    first = next(iter(problems.values()))

    def each(wanted: list[Problem], texts: Callable[[int], dict[str, str]], rounds: int) -> float:
        def once() -> None:
            student = next(students)
            mine = {id: f"{text}\n# {student}" for id, text in texts(student).items()}
            for problem in wanted:
                grade(unit(problem, mine), zygotes)

        once()
        before = time.process_time() + used(zygotes)
        for _ in range(rounds):
            once()
        return rounds / (time.process_time() + used(zygotes) - before)

    count, whole = sum(len(problem.checks) for problem in problems.values()), list(problems.values())
    rows = {
        f"an exercise ({len(first.checks)} checks)": lambda: each([first], lambda _: kit.solutions(SMALL), 50),
        f"a notebook ({len(whole)} exercises, {count} checks), right": lambda: each(whole, lambda _: kit.solutions(SMALL), 20),
        "the same, a third of it wrong": lambda: each(whole, lambda student: written(SMALL, student), 15),
    }
    table("submissions by one core", "1/s", interleaved(rows, 3), next(iter(rows)), {next(iter(rows)): "≥ 60"})
    zygotes.close()


def used(zygotes: Zygotes) -> float:
    """Seconds of processor time that the zygotes and their children have used."""
    of = [zygote.process.pid for zygote in zygotes.of_kind.values() if zygote.process is not None]
    return sum(cpu_s(each) for pid in of for each in descendants(pid))


def cpu_s(pid: int) -> float:
    """Seconds of a process's processor time, and of its children that are gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def memory() -> None:
    """The most that was resident, of the command and of one of its zygotes."""
    with tempfile.TemporaryDirectory() as folder:
        most: dict[str, float] = {}
        for crowd in CROWDS:
            submissions = class_of(Path(folder) / str(crowd), SMALL, crowd)
            call = labkit_call(submissions, Path(folder) / "out", CORES)
            with console.status(f"{crowd} submissions ..."):
                seen = watched(call)
            most[f"the command, {crowd} submissions ({seen.cost.wall_s:.0f} s)"] = seen.own_mb
            most[f"one of its zygotes, {crowd} submissions"] = seen.below_mb
    table("resident memory", "MB", most, next(iter(most)), {list(most)[-2]: "bounded"})


class Watched(NamedTuple):
    """A command that ran: what it cost, and the most that it and one of the processes below it had resident, in MB."""

    cost: Cost
    own_mb: float
    below_mb: float


def watched(call: list[str]) -> Watched:
    """Run labkit. Why not ask for its children's time at its end: a bubble does not tell of those that were in it."""
    began, own, below, cpu = time.perf_counter(), 0.0, 0.0, dict[int, list[float]]()
    environment = os.environ | {"PYTHONPATH": str(kit.ROOT)}
    with subprocess.Popen(call, cwd=kit.ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            for pid in descendants(process.pid):
                cpu.setdefault(pid, []).append(cpu_s(pid))
                own, below = (
                    (max(own, resident_most(pid)), below) if pid == process.pid else (own, max(below, resident_most(pid)))
                )
            time.sleep(LOOK_S)
    if process.returncode:
        raise RuntimeError(f"labkit ended with {process.returncode}")
    lasting = sum(max(each) for each in cpu.values() if len(each) > 1)  # the time of a child that ends is its zygote's, too
    return Watched(Cost(time.perf_counter() - began, lasting), own, below)


def descendants(pid: int) -> list[int]:
    """A process, its children, and theirs: a zygote may be in a bubble."""
    found = [pid]
    for each in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{each}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


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
        return seconds(lambda: (zygote.begin(), zygote.wait_begun()))
    finally:
        zygote.close()


def parts_of_a_check() -> None:
    """Where the time of an exercise goes: each row does a little more than the one above."""
    from labkit.grading.confine import Confinement, confine_child

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
