"""Hostile files: one bad submission never stops the batch, and of each the student hears what was wrong."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from labkit.cli import main
from labkit.grading.notebookfile import NotReadable, read_notebook
from tests.hostile import cases, files
from tests.labkit.grading import kit

OPEN: dict[str, str] = {}
"""Makers whose files still do harm, and why."""
TABLE_MOST = 1 << 20
PATIENCE_S = 90


class Hangs(BaseException):
    """Time is up."""


@contextmanager
def in_time(seconds: int) -> Iterator[None]:
    """A grader that hangs must not take the other tests with it."""

    def stop(number: int, frame: object) -> None:
        raise Hangs

    kept = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, kept)


@pytest.fixture(autouse=True)
def gone(tmp_path: Path) -> Iterator[None]:
    """Folders a thousand deep are taken away at once: pytest's own way, by recursion, would break a later run."""
    yield
    subprocess.run(["rm", "-rf", "--", tmp_path / "in"], check=True)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An untouched notebook: to grade it takes no process."""
    return kit.notebook(6, {}, tmp_path_factory.mktemp("released"))


def marked(name: str) -> Any:
    """A maker as pytest takes it; one whose files do harm is expected to fail, and only until that is mended."""
    marks = [pytest.mark.xfail(reason=OPEN[name], strict=True)] if name in OPEN else []
    return pytest.param(name, id=name, marks=marks)


@pytest.mark.parametrize("name", [marked(name) for name in files.MAKERS])
def test_hostile_file_never_stops_the_batch(name: str, good: bytes, tmp_path: Path) -> None:
    into, out = tmp_path / "in", tmp_path / "out"
    files.put(into / "ada" / files.NAME, good)
    wanted = files.MAKERS[name](into, good)
    before = seen(tmp_path)
    with in_time(PATIENCE_S):
        places = [str(into), *map(str, tmp_path.glob("class.zip"))]
        done = CliRunner().invoke(main, ["grade", *places, "--out", str(out), "-j", "1"])
    assert done.exit_code == 0, (done.output, done.exception)
    assert "Traceback" not in done.output
    assert "\x1b[2J" not in done.output
    assert seen(tmp_path) == before, "something was written outside of OUT"
    lines = table(out / "grades.csv")
    honest = [line for line in lines if line["student"] == "ada"]
    assert [float(line["out_of"]) for line in honest] == [25.0]
    assert honest[0]["remarks"] == "", "another student's file changed what is said of ada"
    pages = list((out / "feedback").rglob("*.html"))
    assert len(pages) == len(lines), "each student has a page of their own"
    assert len(lines) == int(wanted.pop("", len(lines)))
    for student, part in wanted.items():
        told = [line["remarks"] for line in lines if line["student"].removeprefix("'") == student]
        assert told, f"{student} is lost: {[line['student'] for line in lines]}"
        assert part in told[0]
    assert not [page for page in pages if b"<script>alert" in page.read_bytes()]


def seen(folder: Path) -> list[str]:
    """Everything in a folder but what the command may write, links not followed."""
    found, todo = [], [str(folder)]
    while todo:
        here = todo.pop()
        with os.scandir(here) as entries:
            for entry in entries:
                if here == str(folder) and entry.name == "out":
                    continue
                found.append(entry.path)
                if entry.is_dir(follow_symlinks=False) and len(entry.path) < 2000:
                    todo.append(entry.path)
    return sorted(found)


def table(path: Path) -> list[dict[str, str]]:
    """grades.csv, after a look at its bytes: no control character, no cell that a spreadsheet would run, and of bearable size."""
    data = path.read_bytes()
    assert len(data) < TABLE_MOST
    lines = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    for cell in (cell for line in lines for cell in line):
        assert cell.isprintable(), cell
        assert not cell.lstrip().startswith(("=", "+", "-", "@")), cell
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def test_zip_file_with_any_bytes_changed_is_read_or_refused(good: bytes, tmp_path: Path) -> None:
    files.packed(tmp_path / "all.zip", [(files.NAME, good)])
    whole, chance = (tmp_path / "all.zip").read_bytes(), random.Random(6)
    for number in range(100):
        data = bytearray(whole)
        for _ in range(chance.randrange(1, 8)):
            data[chance.choice((chance.randrange(len(data)), len(data) - 1 - chance.randrange(100)))] = chance.randrange(256)
        files.put(tmp_path / "in" / f"bob-{number}" / "work.zip", bytes(data))
    files.put(tmp_path / "in" / "ada" / files.NAME, good)
    done = CliRunner().invoke(main, ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "-j", "1"])
    assert done.exit_code == 0, (done.output, done.exception)
    assert "ada" in {line["student"] for line in table(tmp_path / "out" / "grades.csv")}


def test_notebook_with_any_bytes_changed_is_read_or_refused(good: bytes) -> None:
    chance = random.Random(6)
    for _ in range(300):
        data = bytearray(good)
        for _ in range(chance.randrange(1, 20)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        del data[chance.randrange(len(data)) :: chance.choice((10**9, 1))]
        with suppress(NotReadable):
            read_notebook(bytes(data))


def test_points_metadata_and_check_cells_of_a_student_change_nothing(good: bytes, tmp_path: Path) -> None:
    data = json.loads(good)
    for cell in data["cells"]:
        if "nbgrader" in cell["metadata"]:
            cell["metadata"]["nbgrader"] |= {"points": 1000, "locked": False, "grade": True, "schema_version": "3", "task": True}
        if cell.get("id", "").endswith("-check"):
            cell["source"] = "check = lambda *everything, **more: None\n### BEGIN HIDDEN TESTS\nassert True\n### END HIDDEN TESTS"
        if cell.get("id") == "6b-solution":
            cell["source"] = "class TasLock:\n    def acquire(self):\n        pass\n\n    def release(self):\n        pass\n"
        if cell.get("id") == "6b-counting":
            cell["source"] = "def counting(*everything, **more):\n    return lambda: None\n"
    data["metadata"]["labkit"] = {"lesson": "06_races", "points": 1000}
    files.put(tmp_path / "in" / "mallory" / files.NAME, json.dumps(data).encode())
    solved = kit.ROOT / "solutions" / "03_cooperative.ipynb"
    files.put(tmp_path / "in" / "solved" / solved.name, solved.read_bytes())
    done = CliRunner().invoke(main, ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "-j", "1"])
    assert done.exit_code == 0, (done.output, done.exception)
    lines = {line["student"]: line for line in table(tmp_path / "out" / "grades.csv")}
    assert (float(lines["mallory"]["points"]), float(lines["mallory"]["out_of"])) == (0.0, 25.0)
    assert "6b failed" in lines["mallory"]["states"]
    solved_line = lines["solved"]
    assert float(solved_line["points"]) == float(solved_line["out_of"]) > 0, "right work is right, whoever hands it in"
    for page in (tmp_path / "out" / "feedback").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "release_or_not(TasLock())" not in text, "a hidden test is printed"


TOGETHER = (
    "deep_folders",
    "ends_the_process_at_once",
    "says_not_attempted",
    "text_for_the_page",
    "prints_what_is_asked",
    "subclass_of_str",
)
"""Submissions to 5d that are handed in as notebooks, beside an honest one; and one to 6b."""


def test_class_with_hostile_students_is_graded_to_the_end(tmp_path: Path) -> None:
    for name in (*TOGETHER, "threads_with_evil_names"):
        case = cases.read(cases.SUBMISSIONS / f"{name}.py")
        kit.hand_in(tmp_path / "in", name, case.lesson, {case.exercise: case.source})
    kit.hand_in(tmp_path / "in", "zoe", 5, {"5d": kit.solutions(5)["5d"]})
    done = CliRunner().invoke(main, ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "-j", "1"])
    assert done.exit_code == 0, (done.output, done.exception)
    lines = {line["student"]: line for line in table(tmp_path / "out" / "grades.csv")}
    assert lines.keys() == {*TOGETHER, "threads_with_evil_names", "zoe"}
    assert float(lines["zoe"]["points"]) == 5.0
    assert not [name for name in (*TOGETHER[1:], "threads_with_evil_names") if float(lines[name]["points"])]
    assert "5d crashed" in lines["ends_the_process_at_once"]["states"]
    assert "5d not attempted" in lines["says_not_attempted"]["states"]
    for page in (tmp_path / "out" / "feedback").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script>" not in text
        assert "\x1b" not in text
        assert "create-detached detach" not in text, "what a hidden check asks is printed"
