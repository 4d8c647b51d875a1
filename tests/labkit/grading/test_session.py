"""What is graded, what is graded again, and what each student has in the end."""

from __future__ import annotations

from collections.abc import Collection, Generator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from labkit.course.syllabus import Course, load_course
from labkit.errors import LabError
from labkit.grading import judge, session, standing, tables
from labkit.grading.exercise import Result, Unit, broken, unit
from labkit.grading.gradebook import Decision, Gradebook, now
from labkit.grading.roster import Student
from labkit.grading.session import carry_out, enter, local
from labkit.grading.submission import collect
from labkit.grading.tables import Grade
from tests.labkit.grading import kit, tiny

DUE = datetime.fromisoformat("2026-10-05T23:59:00+02:00").timestamp()
DAY = 86_400


class Class:
    """A tiny course, what was handed in, and its gradebook."""

    def __init__(self, root: Path) -> None:
        self.root = tiny.course(root)
        self.book = Gradebook(root / "out" / "grades.sqlite")

    def course(self, rules: str = "", due: bool = False) -> Course:
        """With these rules."""
        lesson = "due = 2026-10-05T23:59:00+02:00" if due else ""
        return load_course(tiny.course(self.root, rules, lesson))

    def hand_in(self, student: str, days: float = 0, name: str = "01_tiny.ipynb", **written: str) -> None:
        """A submission so many days after the due date."""
        mine = {f"1{letter}": text for letter, text in ({"a": "right", "b": "right"} | written).items()}
        tiny.hand_in(self.root / "in", student, mine, name, DUE + days * DAY)

    def graded(self, course: Course | None = None, again: Collection[str] = (), roster: Collection[Student] = ()) -> list[str]:
        """Grade; what was graded now, as exercise:text."""
        course = course or load_course(self.root)
        entered = enter(course, collect([self.root / "in"]), self.book, 0, again, list(roster))
        self.entered = entered
        carry_out(self.book, entered.todo, tiny.pretend)
        return sorted(f"{one.problem.exercise.id}:{one.solutions[one.problem.exercise.id]}" for one in entered.todo)

    def grades(self, course: Course | None = None) -> dict[str, Grade]:
        """Student → grade."""
        return {grade.student: grade for grade in standing.grades(self.book, course or load_course(self.root))}


@pytest.fixture
def group(tmp_path: Path) -> Generator[Class, None, None]:
    group = Class(tmp_path)
    yield group
    group.book.close()


def test_the_same_text_is_graded_once(group: Class) -> None:
    group.hand_in("ada")
    group.hand_in("bob", b="wrong")
    assert group.graded() == ["1a:right", "1b:right", "1b:wrong"]
    assert group.graded() == []
    assert {name: grade.points for name, grade in group.grades().items()} == {"ada": 7.5, "bob": 5.0}


def test_a_changed_cell_grades_that_exercise_of_that_student(group: Class) -> None:
    group.hand_in("ada", a="ada's", b="ada's")
    group.hand_in("bob", a="bob's", b="bob's")
    assert len(group.graded()) == 4
    group.hand_in("bob", a="bob's", b="bob's, mended")
    assert group.graded() == ["1b:bob's, mended"]


def test_a_changed_check_grades_that_exercise_of_all(group: Class) -> None:
    group.hand_in("ada", a="ada's")
    group.hand_in("bob", a="bob's")
    group.graded()
    tiny.course(group.root, exercises=tiny.EXERCISES.replace("double(2)", "double(8 - 6)"))
    assert group.graded(load_course(group.root)) == ["1a:ada's", "1a:bob's"]
    assert group.graded(load_course(group.root)) == []


def test_a_changed_hint_grades_nothing(group: Class) -> None:
    group.hand_in("ada")
    group.graded()
    text = (group.root / "course.toml").read_text(encoding="utf-8")
    (group.root / "course.toml").write_text(text.replace('"b", "c"', '"better", "c"'), encoding="utf-8")
    assert group.graded() == []


def test_what_is_named_is_graded_again_and_nothing_else(group: Class) -> None:
    group.hand_in("ada", a="ada's", b="ada's")
    group.hand_in("bob", a="bob's", b="bob's")
    group.graded()
    assert group.graded(again=["1b"]) == ["1b:ada's", "1b:bob's"]
    assert group.graded(again=["bob"]) == ["1a:bob's", "1b:bob's"]
    with pytest.raises(LabError, match="nothing to grade again for 1z, eve"):
        group.graded(again=["1a", "1z", "eve"])


def test_an_attempt_that_is_there_no_more_counts_no_more(group: Class) -> None:
    group.hand_in("ada", -2)
    group.hand_in("ada", -1, "01_tiny (1).ipynb", b="wrong")
    group.hand_in("bob")
    group.graded()
    assert (group.grades()["ada"].number, group.grades()["ada"].points) == (2, 5.0)
    (group.root / "in" / "ada" / "01_tiny (1).ipynb").unlink()
    group.graded()
    assert (group.grades()["ada"].number, group.grades()["ada"].attempts, group.grades()["ada"].points) == (1, 1, 7.5)


def test_files_that_turn_out_to_be_of_one_lesson_are_two_attempts(group: Class) -> None:
    group.hand_in("ada", -2)
    group.hand_in("ada", -1, "my homework.ipynb", b="wrong")
    group.graded()
    assert group.grades()["ada"].attempts == 2
    assert len(group.entered.places) == 2


def test_late_work_costs_what_course_toml_says(group: Class) -> None:
    course = group.course("[grading]\nlate_days = 1\nlate_penalty = 10\nlate_most = 3", due=True)
    for student, days in {"ada": 0, "bob": 0.5, "cy": 1.5, "dan": 3.5}.items():
        group.hand_in(student, days)
    group.graded(course)
    found = {name: (grade.before, grade.days_late, grade.points) for name, grade in group.grades(course).items()}
    assert found == {"ada": (7.5, 0, 7.5), "bob": (7.5, 1, 7.5), "cy": (7.5, 2, 6.75), "dan": (7.5, 4, 0.0)}
    assert group.grades(course)["cy"].why == "2 days late, 1 of them free, 1 at 10 %"


def test_the_attempt_that_counts_is_the_courses_choice(group: Class) -> None:
    group.hand_in("ada", -2)
    group.hand_in("ada", -1, "01_tiny (1).ipynb", b="wrong")
    group.graded()
    for attempts, number in {'"last"': 2, '"best"': 1, "1": 1, "5": 2}.items():
        grade = group.grades(group.course(f"[grading]\nattempts = {attempts}"))["ada"]
        assert grade.number == number, attempts
        assert grade.why.startswith(f"attempt {number} of 2 counts: the {'best' if 'best' in attempts else 'last'}")


def test_an_unreadable_attempt_takes_nothing_from_a_readable_one(group: Class) -> None:
    group.hand_in("ada", -2)
    (group.root / "in" / "ada" / "01_tiny (1).ipynb").write_text("{", encoding="utf-8")
    (group.root / "in" / "bob").mkdir()
    (group.root / "in" / "bob" / "01_tiny.ipynb").write_text("", encoding="utf-8")
    group.graded()
    assert group.grades()["ada"].points == 7.5
    bob = group.grades()["bob"]
    assert (bob.points, bob.out_of) == (0.0, 7.5)
    assert "the file is empty" in bob.file.trouble


def test_a_decision_counts_until_the_work_is_another(group: Class) -> None:
    group.hand_in("ada", a="odd")
    group.hand_in("bob", a="odd")
    group.graded()
    assert (group.grades()["ada"].points, group.grades()["ada"].review) == (2.5, 5.0)
    (row,) = [row for row in group.book.undecided() if row.student == "ada"]
    group.book.decide(Decision("ada", "1a", row.key, 4.0, "tom", now(), "she told me"))
    ada, bob = group.grades()["ada"], group.grades()["bob"]
    assert (ada.points, ada.review, bob.points, bob.review) == (6.5, 0.0, 2.5, 5.0)
    assert "by tom" in ada.rows[0].result.decided
    group.graded(again=["ada"])
    assert group.grades()["ada"].points == 6.5
    group.hand_in("ada", a="odd, and another")
    group.graded()
    assert (group.grades()["ada"].points, group.grades()["ada"].review) == (2.5, 5.0)


def test_whoever_handed_in_nothing_is_in_the_table_and_nobodys_work_is_named(group: Class, tmp_path: Path) -> None:
    ada, bob = Student("17", "ada@uni.example", "Ada Lovelace"), Student("18", "bob@uni.example", "Bob")
    group.hand_in("Ada Lovelace", -2)
    group.hand_in("ada", -1, b="wrong")
    group.hand_in("mallory")
    group.graded(roster=[ada, bob])
    found = group.grades()
    assert group.entered.nobody == ["mallory"]
    assert {name: grade.points for name, grade in found.items()} == {"17": 5.0, "18": 0.0, "mallory": 7.5}
    assert (found["17"].attempts, found["18"].attempts, found["18"].out_of) == (2, 0, 7.5)
    tables.write_csv(tmp_path / "grades.csv", list(found.values()))
    assert tiny.table(tmp_path)["18"]["remarks"] == "nothing handed in"


def test_a_lesson_that_is_broken_is_no_students_fault(group: Class) -> None:
    group.hand_in("ada")
    tiny.course(group.root, exercises="no cell\n" + tiny.EXERCISES)
    with pytest.raises(LabError, match="text before the first"):
        group.graded()


def test_where_everything_breaks_grading_stops_and_keeps_nothing_of_it(group: Class) -> None:
    for number in range(10):
        group.hand_in(f"student {number}", a=f"text {number}")
    entered = enter(load_course(group.root), collect([group.root / "in"]), group.book)

    def breaks(work: list[Unit]) -> Generator[tuple[Unit, Result], None, None]:
        yield from tiny.pretend(work[:2])
        yield from ((one, broken(one, "no zygote starts")) for one in work[2:])

    with pytest.raises(LabError, match="the grader does not work on this machine: no zygote starts"):
        carry_out(group.book, entered.todo, breaks)
    assert len(group.book.known()) == 2

    def breaks_once(work: list[Unit]) -> Generator[tuple[Unit, Result], None, None]:
        yield from tiny.pretend(work[:2])
        yield work[2], broken(work[2], "it ended")
        yield from tiny.pretend(work[3:])

    carry_out(group.book, entered.todo, breaks_once)
    assert len(group.book.known()) == len(entered.todo)
    assert [row.result.evidence for row in group.book.undecided()] == [("it ended",)]


RACY = """class TasLock:
    def __init__(self):
        self.flag = Atomic(False)

    def acquire(self):
        while self.flag.load():
            pass
        self.flag.store(True)

    def release(self):
        self.flag.store(False)
"""
STUCK = """class TasLock:
    def __init__(self):
        self.inner = Mutex()

    def acquire(self):
        self.inner.acquire()

    def release(self):
        pass
"""


def test_a_hundred_gradings_give_one_grade() -> None:
    problem = kit.problems(6)["6b"]
    of = {kit.solutions(6)["6b"]: judge.PASSED, RACY: judge.FAILED, STUCK: judge.DEADLOCK}
    # Why one check of it, which explores every schedule: with all of them it tells no more, and takes longer.
    explores = next(check for check in problem.checks if check.expression.startswith("explore("))
    work = [unit(replace(problem, checks=(explores,)), {"6b": text}) for text in of for _ in range(100)]
    found: dict[str, set[tuple[str, ...]]] = {}
    for one, result in local(2)(work):
        (check,) = result.checks
        told = (result.state, str(result.points), check.reason, check.got, check.explanation, check.schedule)
        found.setdefault(one.solutions["6b"], set()).add(told)
    assert {text: [told[0] for told in each] for text, each in found.items()} == {text: [state] for text, state in of.items()}


def test_nothing_to_do_starts_nothing() -> None:
    assert list(session.local(2)([])) == []
