"""The whole path, as an ordinary user: release, the student writes, validate, grade, feedback, and grade again."""

from __future__ import annotations

import csv
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.labkit.grading import kit

LESSON = kit.course().lesson(3)
WRONG = {"3b": "def step(thread):\n    next(thread)\n\n\ndef join(thread):\n    yield\n"}


@dataclass
class Home:
    """A place that belongs to an ordinary user, with a copy of the course, and a Python that this user may run."""

    folder: Path
    python: Path
    user: int | None
    """None for who runs the tests."""

    def labkit(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command, as that user types it."""
        return self.run("-m", "labkit", *words)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Python, started by that user."""
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8", "COLUMNS": "160"}
        environment |= {"PYTHONPATH": str(self.folder / "course"), "LABKIT_COURSE_DIR": str(self.folder / "course")}
        who = {} if self.user is None else {"user": self.user, "group": self.user, "extra_groups": ()}
        command, where = [self.python, *words], self.folder
        return subprocess.run(
            command, cwd=where, env=environment, text=True, capture_output=True, check=False, timeout=100, **who
        )

    def hand_in(self, student: str, solutions: dict[str, str]) -> Path:
        """The released notebook as a student leaves it."""
        notebook = json.loads((self.folder / "release" / f"{LESSON.name}.ipynb").read_text(encoding="utf-8"))
        for cell in notebook["cells"]:
            cell["source"] = solutions.get(cell["id"].removesuffix("-solution"), cell["source"])
        path = self.folder / "in" / student / f"{LESSON.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return path

    def grade(self) -> tuple[str, dict[str, dict[str, str]]]:
        """Grade all that was handed in: what the command says, and each student's line."""
        done = self.labkit("grade", "in", "--out", "out", "-j", "1")
        assert done.returncode == 0, done.stdout + done.stderr
        with (self.folder / "out" / "grades.csv").open(encoding="utf-8-sig", newline="") as table:
            return done.stdout, {line["student"]: line for line in csv.DictReader(table)}


def python_for(user: int, folder: Path) -> Path:
    """A Python that this user may run: the one of these tests, or the system's of the same version with its packages."""
    mine = Path(sys.executable)
    if (
        subprocess.run(["/bin/sh", "-c", 'test -x "$0"', mine], user=user, group=user, extra_groups=[], check=False).returncode
        == 0
    ):
        return mine
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = Path(pytest.__file__).parents[1]
    if not (system := Path("/usr/bin") / version).exists():
        pytest.skip(f"no Python that an ordinary user may run: apt install {version}, or run the tests as an ordinary user")
    (folder / "venv/bin").mkdir(parents=True)
    (folder / "venv/lib" / version).mkdir(parents=True)
    (folder / "venv/pyvenv.cfg").write_text("home = /usr/bin\n")
    (folder / "venv/bin/python").symlink_to(system)
    (folder / "venv/lib" / version / "site-packages").symlink_to(packages)
    return folder / "venv/bin/python"


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """Not below pytest's own folder: that one is nobody else's."""
    with tempfile.TemporaryDirectory(prefix="labkit-path-", ignore_cleanup_errors=True) as made:
        folder, user = Path(made), None
        course = folder / "course"
        for name in ("labkit", "lessons"):
            shutil.copytree(kit.ROOT / name, course / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(kit.ROOT / "course.toml", course)
        python = Path(sys.executable)
        if os.geteuid() == 0:
            user = pwd.getpwnam("nobody").pw_uid
            folder.chmod(0o755)
            python = python_for(user, folder)
            for path in (folder, *folder.rglob("*")):
                os.chown(path, user, user, follow_symlinks=False)
        yield Home(folder, python, user)


def test_from_the_release_to_the_grade_and_back(home: Home) -> None:
    right = kit.solutions(3)
    done = home.labkit("release", "03", "--to", "release")
    assert done.returncode == 0, done.stdout + done.stderr
    handed_out = (home.folder / "release" / f"{LESSON.name}.ipynb").read_text(encoding="utf-8")
    assert "BEGIN SOLUTION" not in handed_out
    assert "HIDDEN" not in handed_out

    ada, bob = home.hand_in("ada", right), home.hand_in("bob", right | WRONG)
    home.hand_in("cyd", {"3d": "!ls\n%time x = 1\n" + right["3d"], "3e": "x = 1\ndef work(:\n"})
    home.hand_in("eve", {})
    own = {path: home.labkit("validate", str(path)) for path in (ada, bob)}
    assert own[ada].returncode == 0, own[ada].stdout + own[ada].stderr
    assert own[bob].returncode == 1, own[bob].stdout + own[bob].stderr
    assert "3b" in own[bob].stdout

    _, first = home.grade()
    assert float(first["ada"]["points"]) == float(first["ada"]["out_of"]) > float(first["bob"]["points"]) > 0
    assert float(first["eve"]["points"]) == 0
    assert "3b failed" in first["bob"]["states"]
    assert first["eve"]["states"].count("not attempted") == len(LESSON.exercises)

    assert "3e failed" in first["cyd"]["states"]
    assert "3d" not in first["cyd"]["states"]
    assert "starts no other programs" in first["cyd"]["remarks"]

    pages = {page.parent.name: page.read_text(encoding="utf-8") for page in (home.folder / "out" / "feedback").rglob("*.html")}
    assert set(pages) >= {"ada", "bob", "cyd", "eve"}
    assert "SyntaxError" in pages["cyd"]
    assert "line 2" in pages["cyd"]
    hidden = [check.why for problem in kit.problems(3).values() for check in problem.checks if check.hidden]
    shown = {check.expression for problem in kit.problems(3).values() for check in problem.checks if not check.hidden}
    secret = [
        check.expression
        for problem in kit.problems(3).values()
        for check in problem.checks
        if check.hidden and check.expression not in shown
    ]
    assert hidden
    assert not [each for each in secret for page in pages.values() if each in page]
    assert all("<script" not in page and not re.search(r"(?:src|href)=['\"]?(?:https?:)?//", page) for page in pages.values())

    home.hand_in("bob", right)
    said, again = home.grade()
    assert again["bob"]["points"] == again["ada"]["points"]
    assert {student: again[student] for student in ("ada", "cyd", "eve")} == {
        student: first[student] for student in ("ada", "cyd", "eve")
    }
    many = 4 * len(LESSON.exercises)
    assert f"{many} exercises; {many} known already" in said  # bob's work is ada's now


TELL = """
from pathlib import Path
from labkit.grading.notebookfile import NotReadable
from labkit.grading.submission import collect
for each in collect([Path("closed")]):
    try:
        each.read()
    except NotReadable as error:
        print(each.student, error)
"""


def test_what_may_not_be_read_is_told(home: Home) -> None:
    for student in ("ada", "bob", "cyd"):
        path = home.folder / "closed" / student / f"{LESSON.name}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text("{}")
    (home.folder / "closed/ada" / path.name).chmod(0)
    (home.folder / "closed/bob").chmod(0)
    (home.folder / "closed/cyd").chmod(0o444)
    done = home.run("-c", TELL)
    for student in ("bob", "cyd"):
        (home.folder / "closed" / student).chmod(0o755)
    assert done.stdout.splitlines() == [
        "ada it cannot be read: Permission denied",
        "bob its folder cannot be read: Permission denied",
        "cyd it cannot be read: Permission denied",
    ], done.stderr
