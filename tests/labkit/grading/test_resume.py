"""Whatever happens to a grading in the middle, the same command goes on from there: nothing is lost, nothing done twice."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.labkit.grading import tiny

CLASS = 300
TWICE = "SELECT key FROM graded GROUP BY key HAVING count(*) > 1"
HANGS = "def name():\n    while True:\n        pass"


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a class of 300: of each ten students one is wrong, one wrote nothing; of all, two hang."""
    root = tiny.course(tmp_path_factory.mktemp("tiny"))
    for number in range(CLASS):
        written = dict(tiny.RIGHT)
        written["1a"] = f"def double(n):\n    return n * {3 if number % 10 == 3 else 2}  # by student {number}"
        if number % 10 == 7:
            written = {}
        if number in (120, 220):
            written["1b"] = f"{HANGS}  # {number}"
        tiny.hand_in(root / "in", f"student {number:03d}", written, when=1_790_000_000)
    return root


@pytest.fixture(scope="module")
def undisturbed(course: Path) -> Path:
    """A grading to which nothing happened."""
    done = tiny.labkit(course, "grade", "in", "--out", "undisturbed")
    assert done.returncode == 0, done.stderr
    return course / "undisturbed"


def test_killed_twice_it_loses_nothing_and_does_nothing_twice(course: Path, undisturbed: Path) -> None:
    out = course / "killed"
    for least in (100, 250):
        with tiny.start(course, "grade", "in", "--out", "killed") as process:
            tiny.until(lambda least=least: tiny.kept(out) >= least, process)
            below = tiny.children(process.pid)
            process.kill()
        assert process.returncode == -signal.SIGKILL
        assert not (out / "grades.csv").exists()
        tiny.until(lambda below=below: not any(map(tiny.alive, below)))
    assert least <= tiny.kept(out) < tiny.kept(undisturbed)
    done = tiny.labkit(course, "grade", "in", "--out", "killed")
    assert done.returncode == 0, done.stderr
    assert (out / "grades.csv").read_bytes() == (undisturbed / "grades.csv").read_bytes()
    assert tiny.ask(out, TWICE) == []
    assert len(tiny.ask(out, "SELECT DISTINCT run FROM graded")) == 3
    results = "SELECT key, state, points, out_of FROM result ORDER BY key"
    assert tiny.ask(out, results) == tiny.ask(undisturbed, results)
    assert tiny.kept(out) == tiny.kept(undisturbed)
    assert [each.name for each in out.iterdir() if each.name.endswith(".new")] == []


def test_what_is_done_is_not_done_again(course: Path, undisturbed: Path) -> None:
    before = tiny.kept(undisturbed), (undisturbed / "grades.csv").read_bytes()
    done = tiny.labkit(course, "grade", "in", "--out", "undisturbed")
    assert f"600 exercises; {CLASS * 2:,} known already" in done.stdout
    assert (tiny.kept(undisturbed), (undisturbed / "grades.csv").read_bytes()) == before


def test_each_student_has_the_points_of_their_work(undisturbed: Path) -> None:
    lines = tiny.table(undisturbed)
    assert len(lines) == CLASS
    points = {name: (float(line["1a"] or 0), float(line["1b"] or 0)) for name, line in lines.items()}
    for number in range(CLASS):
        first = 0 if number % 10 in (3, 7) else 5
        second = 0 if number % 10 == 7 or number in (120, 220) else 2.5
        assert points[f"student {number:03d}"] == (first, second)
    assert lines["student 120"]["states"] == "1b timeout"


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which a check may last ten minutes, and one student's does."""
    root = tiny.course(tmp_path_factory.mktemp("endless"), limit_s=600)
    tiny.hand_in(root / "in", "ada", tiny.RIGHT)
    tiny.hand_in(root / "in", "eve", tiny.RIGHT | {"1b": HANGS})
    return root


@pytest.fixture
def hanging(endless: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Path, object, set[int]]]:
    """A grading that has come to the check which does not end: its course, the process, and all below it."""
    out = endless / request.node.name
    with tiny.start(endless, "grade", "in", "--out", out, "-j", 1) as process:
        tiny.until(lambda: tiny.kept(out) == 2, process)  # 1a, which is the same text twice, and one 1b
        tiny.until(lambda: len(tiny.zygotes(process.pid)) == 2, process)  # the zygote, and its child
        yield out, process, tiny.children(process.pid)


def test_ctrl_c_ends_it_at_once_and_leaves_no_process(endless: Path, hanging: tuple) -> None:  # type: ignore[type-arg]
    out, process, below = hanging
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 130, complaint
    assert complaint == f"\nstopped; what is done is kept in {out}, and the same command goes on from there\n"
    assert not any(map(tiny.alive, below))
    assert tiny.kept(out) == 2


def test_two_at_once_do_not_meet_in_one_folder(endless: Path, hanging: tuple) -> None:  # type: ignore[type-arg]
    out, process, below = hanging
    second = tiny.labkit(endless, "grade", "in", "--out", out)
    assert second.returncode == 1
    assert f"another labkit (process {process.pid}) is at work in {out}" in second.stderr
    process.kill()  # and a kill leaves no process either, though the check has ten minutes
    tiny.until(lambda: not any(map(tiny.alive, below)))
