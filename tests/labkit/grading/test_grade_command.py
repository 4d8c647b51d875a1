"""The command as an instructor types it."""

from __future__ import annotations

import csv
import errno
import io
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from labkit.cli import main
from labkit.course.syllabus import load_course
from labkit.grading import confine, session
from labkit.grading.gradebook import Gradebook
from labkit.grading.progress import Progress
from labkit.grading.submission import collect
from tests.labkit.grading import kit, tiny


def test_one_command_makes_a_gradebook_of_a_folder(tmp_path: Path) -> None:
    right = kit.solutions(6)
    wrong = right | {"6b": "class TasLock:\n    def acquire(self): pass\n    def release(self): pass\n"}
    for student, written in {"ada": right, "bob": wrong, "eve": {}}.items():
        kit.hand_in(tmp_path / "in", student, 6, written)
    done = CliRunner().invoke(main, ["grade", str(tmp_path / "in"), "--out", str(tmp_path / "out"), "-j", "1"])
    assert done.exit_code == 0, done.output
    table = (tmp_path / "out" / "grades.csv").read_text(encoding="utf-8-sig").splitlines()
    lines = {line["student"]: line for line in csv.DictReader(table)}
    assert float(lines["ada"]["points"]) == float(lines["ada"]["out_of"]) > 0
    assert float(lines["bob"]["points"]) < float(lines["ada"]["points"])
    assert "6b failed" in lines["bob"]["states"]
    assert float(lines["eve"]["points"]) == 0
    assert "6b not attempted" in lines["eve"]["states"]


class Command:
    """A tiny course, graded by an executor that starts no process."""

    def __init__(self, root: Path) -> None:
        self.root, self.out = tiny.course(root), root / "out"

    def hand_in(self, student: str, **written: str) -> None:
        mine = {f"1{letter}": text for letter, text in ({"a": "right", "b": "right"} | written).items()}
        tiny.hand_in(self.root / "in", student, mine)

    def __call__(self, *arguments: str, ends: int = 0) -> str:
        """What `labkit` says, and that it ends so."""
        done = CliRunner(env={"COLUMNS": "80"}).invoke(main, [*arguments, "--out", str(self.out)])
        assert done.exit_code == ends, done.output
        assert done.exception is None or isinstance(done.exception, SystemExit), done.output
        return done.output

    def grade(self, *arguments: str, ends: int = 0) -> str:
        return self("grade", str(self.root / "in"), *arguments, ends=ends)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    command = Command(tmp_path)
    monkeypatch.setenv("LABKIT_COURSE_DIR", str(command.root))
    monkeypatch.setattr(session, "local", lambda processes: tiny.pretend)
    return command


def test_away_from_a_terminal_it_speaks_in_plain_lines(command: Command) -> None:
    command.hand_in("ada")
    command.hand_in("bob", b="wrong")
    said = re.sub(r"in \d+ s", "in some s", command.grade())
    assert said.splitlines() == [
        "2 notebooks, 4 exercises; 1 known already, or the same as another",
        "graded 3 of 3 in some s: 2 passed, 1 failed",
        "exercise  passed  of  mean points  otherwise",
        "1a        2       2   5.00 of 5             ",
        "1b        1       2   1.25 of 2.5  1 failed ",
        f"wrote {command.out}/grades.csv, {command.out}/report.html and a page for each student in {command.out}/feedback",
    ]


def test_a_terminal_of_80_columns_is_wide_enough(command: Command) -> None:
    for number in range(30):
        command.hand_in(f"student {number}", a=f"{'wrong' if number % 3 else 'odd'} {number}")
    show = Progress(Console(file=io.StringIO(), force_terminal=True, width=80, highlight=False, soft_wrap=True))
    book = Gradebook(command.out / "grades.sqlite")
    entered = session.enter(load_course(command.root), collect([command.root / "in"]), book)
    with show.work(len(entered.todo)):
        session.carry_out(book, entered.todo, tiny.pretend, show.done)
    book.close()
    said = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", show.console.file.getvalue()).replace("\r", "\n")
    assert "31/31" in said
    assert "20 failed, 10 needs review, 1 passed" in said
    assert max(len(line) for line in said.splitlines()) <= 80


def test_where_nothing_could_be_graded_it_ends_with_1(command: Command) -> None:
    command.hand_in("ada")
    (command.root / "in" / "ada" / "01_tiny.ipynb").write_text("<html>", encoding="utf-8")
    said = command.grade(ends=1)
    assert "ada: the file is a web page, not a notebook" in said
    assert "nothing could be graded" in said
    assert (command.out / "grades.csv").is_file()


def test_the_roster_tells_who_handed_in_nothing(command: Command) -> None:
    command.hand_in("ada")
    command.hand_in("mallory")
    (command.root / "roster.csv").write_text("id,name\n17,Ada\n18,Bob\n", encoding="utf-8")
    said = command.grade("--roster", str(command.root / "roster.csv"))
    assert "not on the roster: mallory" in said
    assert "nothing handed in: 1\n  18\n" in said
    assert tiny.table(command.out)["18"]["points"] == "0.0"


def test_a_persons_decision_is_entered_shown_and_kept(command: Command) -> None:
    command.hand_in("ada", b="odd")
    assert "needs your decision (labkit decide): 1\n  ada\n" in command.grade()
    assert command("decide").startswith("ada, 1b: earns 0 of 2.5 by itself")
    for arguments, said in {
        ("ada", "1b", "full"): "say why",
        ("ada", "1b"): "how many points",
        ("ada", "1c", "full", "--why", "x"): "ada has no '1c'; graded are 1a, 1b",
        ("eve", "1b", "full", "--why", "x"): "no submission of 'eve'",
        ("ada", "1b", "3", "--why", "x"): "full, none, or a number of points from 0 to 2.5",
        ("ada", "1b", "nan", "--why", "x"): "full, none, or a number of points from 0 to 2.5",
    }.items():
        assert said in command("decide", *arguments, ends=2 if said in ("say why", "how many points") else 1)
    command("decide", "ada", "1b", "full", "--why", "She <told> me.", "--who", "Tom")
    assert command("decide") == "nothing waits for a decision\n"
    for _ in "at once", "after grading again":
        line = tiny.table(command.out)["ada"]
        assert (line["points"], line["needs_review"]) == ("7.5", "")
        assert re.fullmatch(r"1b 2.5 points, decided by Tom on \d{4}-\d\d-\d\d: She <told> me\.", line["decisions"])
        page = (command.out / "feedback" / "ada" / "01.html").read_text(encoding="utf-8")
        assert "2.5 points, decided by Tom" in page
        assert "She &lt;told&gt; me." in page
        command.grade("--regrade", "ada")


def test_a_decision_needs_a_gradebook(command: Command) -> None:
    assert "grade first" in command("decide", ends=1)


def test_to_grade_again_what_nobody_handed_in_is_told(command: Command) -> None:
    command.hand_in("ada")
    assert "nothing to grade again for 1z" in command.grade("--regrade", "1z", ends=1)


def test_a_machine_that_cannot_confine_grades_nothing(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    command.hand_in("ada")
    monkeypatch.setattr(confine, "missing", lambda: ["Landlock: every file could be read"])
    assert "Landlock: every file could be read\n--unsafe grades all the same" in command.grade(ends=1)
    assert not command.out.exists()
    command.grade("--unsafe")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--executor", "dask"], "needs --scheduler"),
        (["--scheduler", "tcp://x:1"], "goes with --executor dask"),
        (["--lesson", "9"], "there is no lesson 9"),
        (["--roster", "none.csv"], "none.csv cannot be read as a roster"),
    ],
)
def test_a_mistake_in_the_command_is_told_before_anything_is_done(command: Command, arguments: list[str], said: str) -> None:
    command.hand_in("ada")
    assert said in command.grade(*arguments, ends=2 if "scheduler" in said or "dask" in said else 1)
    assert not command.out.exists()


def test_a_table_that_cannot_be_written_leaves_the_old_one(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    command.hand_in("ada")
    command.grade()
    before = (command.out / "grades.csv").read_bytes()
    command.hand_in("bob")

    def full(self: Path, *_: object, **__: object) -> int:
        Path.touch(self)
        raise OSError(errno.ENOSPC, "No space left on device", str(self))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        said = command.grade(ends=1)
    assert "No space left on device; what is done is kept" in said
    assert (command.out / "grades.csv").read_bytes() == before
    assert not list(command.out.glob(".grades.csv*"))
    command.grade()
    assert len(tiny.table(command.out)) == 2
