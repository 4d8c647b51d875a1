"""A cluster does the same work: the same grades, and a worker that is killed takes nothing with it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from labkit.errors import LabError
from labkit.grading import cluster, confine
from tests.labkit.grading import kit, tiny

CLASS = 40


@contextmanager
def dask(*arguments: object, says: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A part of a cluster in a process of its own, and what it said on the line that tells its address."""
    paths = [str(kit.ROOT), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *map(str, arguments)], env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        try:
            assert process.stderr is not None
            heard = []
            for line in process.stderr:
                heard.append(line)
                if found := re.search(says, line):
                    yield process, found[1]
                    return
            raise AssertionError("".join(heard))
        finally:
            process.kill()


@contextmanager
def cluster_of(count: int) -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A scheduler and its workers on this machine, one thread each."""
    here = ("--host", "127.0.0.1", "--no-dashboard")
    with ExitStack() as stack:
        _, address = stack.enter_context(dask("scheduler", *here, "--port", 0, says=r"Scheduler at: +(tcp://\S+)"))
        workers = [
            stack.enter_context(dask("worker", address, *here, "--nthreads", 1, "--no-nanny", says=r"Registered to: +(\S+)"))[0]
            for _ in range(count)
        ]
        yield address, workers


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course, and a class that is graded here."""
    root = tiny.course(tmp_path_factory.mktemp("tiny"))
    for number in range(CLASS):
        text = f"def double(n):\n    return n * {3 if number % 5 == 3 else 2}  # by student {number}"
        name = f"def name():\n    for _ in range(10 ** 6): pass\n    return 'student {number}'"
        tiny.hand_in(root / "in", f"student {number:02d}", {"1a": text, "1b": name}, when=1_790_000_000)
    done = tiny.labkit(root, "grade", "in", "--out", "here")
    assert done.returncode == 0, done.stderr
    return root


@pytest.mark.requires("dask")
def test_a_worker_that_is_killed_takes_nothing_with_it(course: Path) -> None:
    out = course / "there"
    with cluster_of(2) as (address, workers):
        command = ("grade", "in", "--out", "there", "--executor", "dask", "--scheduler", address)
        with tiny.start(course, *command) as process:
            tiny.until(lambda: tiny.kept(out) >= 10, process)
            below = tiny.children(workers[0].pid)
            workers[0].kill()
            _, complaint = process.communicate(timeout=300)
        assert process.returncode == 0, complaint
        assert below  # it did have a zygote, and that has ended too
        tiny.until(lambda: not any(map(tiny.alive, below)))
    assert (out / "grades.csv").read_bytes() == (course / "here" / "grades.csv").read_bytes()
    assert tiny.kept(out) == len(tiny.ask(out, "SELECT key FROM result")) == tiny.kept(course / "here")


@pytest.mark.requires("dask")
def test_where_no_scheduler_answers_it_says_so(monkeypatch: pytest.MonkeyPatch, course: Path) -> None:
    done = tiny.labkit(course, "grade", "in", "--out", "nowhere", "--executor", "dask", "--scheduler", "tcp://127.0.0.1:9")
    assert done.returncode == 1
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_dask_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(LabError, match=r"pip install 'labkit\[cluster\]'"):
        cluster.dask("tcp://127.0.0.1:9")


class Told:
    """A client whose workers say this of themselves."""

    def __init__(self, *workers: tuple[str, list[str]]) -> None:
        self.workers = {f"tcp://worker-{number}": each for number, each in enumerate(workers)}

    def wait_for_workers(self, count: int, timeout: float) -> None:
        """Nobody waits."""

    def run(self, function: object) -> dict[str, tuple[str, list[str]]]:
        return self.workers


def test_a_worker_that_cannot_confine_is_refused() -> None:
    mine = cluster.about()[0]
    lacking = Told((mine, []), (mine, ["Landlock: every file could be read"]))
    with pytest.raises(LabError, match=r"worker tcp://worker-1 cannot confine a student's code:\n  Landlock"):
        cluster._look_at_workers(lacking, unsafe=False)
    cluster._look_at_workers(lacking, unsafe=True)


def test_a_worker_with_another_labkit_is_refused() -> None:
    with pytest.raises(LabError, match="worker tcp://worker-0 has another labkit"):
        cluster._look_at_workers(Told(("0" * 64, [])), unsafe=True)


def test_a_worker_refuses_by_itself_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confine, "missing", lambda: ["Landlock: every file could be read"])
    with pytest.raises(LabError, match="cannot confine a student's code"):
        cluster.carry_out(cluster.Unit(kit.problems(6)["6b"], {}), unsafe=False)
