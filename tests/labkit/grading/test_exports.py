"""What Canvas, Moodle and scripts get: every student's own grade, and nobody else's."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labkit.cli import main
from labkit.errors import LabError
from labkit.grading import exercise, exports
from labkit.grading.canvas import canvas_csv
from labkit.grading.exports import Export
from labkit.grading.gradebook import File, Gradebook, Row
from labkit.grading.matching import Matched, match
from labkit.grading.moodle import moodle_csv
from labkit.grading.roster import read_roster
from labkit.grading.tables import Grade
from tests.labkit.grading import kit
from tests.labkit.grading.test_roster import CANVAS, WORKSHEET
from tests.labkit.grading.test_tables import grade

LESSON = kit.course().lesson(6)
POINTS = {each.id: each.points for each in LESSON.exercises}
WHOLE = sum(POINTS.values())


def whole(student: str, **changed: float) -> Grade:
    """A grade of lesson 6: all points but for what is changed."""
    return grade(student, 6, POINTS | {f"6{letter}": points for letter, points in changed.items()})


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def make(tmp_path: Path, roster: str, *grades: Grade, out_of: float | None = None) -> Export:
    path = tmp_path / "roster.csv"
    path.write_text(roster, encoding="utf-8")
    read = read_roster(path)
    numbers = {each.lesson for each in grades}
    lessons = tuple(each for each in kit.course().lessons if each.number in numbers)
    return Export(kit.course(), lessons, match(list(grades), read), read, out_of)


def test_canvas_gets_its_own_columns_back(tmp_path: Path) -> None:
    text = canvas_csv(make(tmp_path, CANVAS, whole("lovelaceada (4711)", a=0)))
    assert text.splitlines()[0] == "Student,ID,SIS User ID,SIS Login ID,Section,Lesson 6 (99)"
    possible, ada = rows(text)
    assert possible["Student"].strip() == "Points Possible"
    assert float(possible["Lesson 6 (99)"]) == WHOLE
    assert (ada["Student"], ada["ID"], ada["SIS User ID"], ada["Section"]) == ("Lovelace, Ada", "4711", "s1", "A")
    assert float(ada["Lesson 6 (99)"]) == WHOLE - POINTS["6a"]


def test_canvas_keeps_a_grade_that_is_not_ours(tmp_path: Path) -> None:
    roster = CANVAS.replace("Lesson 6 (99),Current Score", "Lesson 6 (99),Lesson 5 (98)")
    other = roster.replace("A,3,12\n", 'A,3,12\n"Hopper, Grace",12,s2,g@x.org,A,4,\n')
    ada, grace = rows(canvas_csv(make(tmp_path, other, whole("lovelaceada (4711)"), grade("hoppergrace (12)", 5, {}))))[1:]
    assert (ada["Lesson 5 (98)"], ada["Lesson 6 (99)"]) == ("12", str(WHOLE + 0.0))
    assert (float(grace["Lesson 5 (98)"]), grace["Lesson 6 (99)"]) == (0.0, "4")


def test_registrars_numbers_are_not_taken_for_those_of_canvas(tmp_path: Path) -> None:
    roster = "ID,Email,Name\n4711,ada@x.org,Ada Lovelace\n"
    (_, ada) = rows(canvas_csv(make(tmp_path, roster, whole("Lovelace, Ada"))))
    assert (ada["ID"], ada["SIS User ID"], ada["SIS Login ID"]) == ("", "4711", "ada@x.org")
    assert f"Lesson 6: {LESSON.title}" in ada


def test_worksheet_of_moodle_is_filled_in_and_else_left_as_it_was(tmp_path: Path) -> None:
    sheet = WORKSHEET.replace("25.00", f"{WHOLE:.2f}") + f'Participant 12,Bob,b@x,No submission,7,{WHOLE:.2f},-,"so, so"\n'
    text = moodle_csv(make(tmp_path, sheet, whole("Ada Lovelace (4711)", b=0)))
    assert text.splitlines()[0] == WORKSHEET.splitlines()[0]
    ada, bob = rows(text)
    assert float(ada["Grade"]) == WHOLE - POINTS["6b"]
    assert "<b>6b</b> failed, 0 of 2" in ada["Feedback comments"]
    assert (ada["Identifier"], ada["Last modified (grade)"]) == ("Participant 4711", "-")
    assert bob == rows(sheet)[1]


def test_gradebook_of_moodle_gets_grade_and_feedback_together(tmp_path: Path) -> None:
    roster = "email,id,name\nAda@x.org,s1,Ada Lovelace\nb@x.org,s2,Bob\n"
    (ada,) = rows(moodle_csv(make(tmp_path, roster, whole("ada"))))
    title = f"Lesson 6: {LESSON.title}"
    assert (ada["Email address"], ada["ID number"], float(ada[title])) == ("Ada@x.org", "s1", WHOLE)
    assert "6a" in ada[f"{title} (feedback)"]


def test_feedback_shows_what_a_student_wrote_as_text(tmp_path: Path) -> None:
    check = exercise.CheckResult("failed", False, "raised Oops: <script>alert(1)</script>\nmore")
    hidden = exercise.CheckResult("failed", True, "")
    one = exercise.Result("6a", "failed", 0.0, 5.0, (hidden, check))
    told = exports.feedback(Grade("x", 6, 1, 1, 0.0, 5.0, 0.0, (Row("x", 6, 1, "6a", one),), whole("x").file))
    assert told == "<b>6a</b> failed, 0 of 5: raised Oops: &lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.mark.parametrize(
    ("writer", "roster"), [(canvas_csv, CANVAS.replace("25.0", "100")), (moodle_csv, WORKSHEET.replace("25.00", "100"))]
)
def test_other_points_over_there_are_told_and_can_be_met(tmp_path: Path, writer: Callable[[Export], str], roster: str) -> None:
    with pytest.raises(LabError, match="--out-of 100"):
        writer(make(tmp_path, roster, whole("Ada Lovelace (4711)")))
    text = writer(make(tmp_path, roster, whole("Ada Lovelace (4711)", a=0), out_of=100))
    assert str(round(100 * (WHOLE - POINTS["6a"]) / WHOLE, 2)) in text


@pytest.mark.parametrize("writer", [canvas_csv, moodle_csv])
def test_system_that_knows_its_students_needs_a_roster(writer: Callable[[Export], str]) -> None:
    export = Export(kit.course(), (LESSON,), Matched([], [], [], []), None)
    with pytest.raises(LabError, match="needs --roster FILE"):
        writer(export)


def test_moodle_takes_one_lesson_at_a_time(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="lessons 5, 6: give --lesson NN"):
        moodle_csv(make(tmp_path, "name,email\nAda,a@x\n", whole("Ada"), grade("Ada", 5, {})))


def test_two_assignments_that_may_be_the_lesson_are_told(tmp_path: Path) -> None:
    roster = CANVAS.replace("Current Score", "Exercises 06 again (98)")
    with pytest.raises(LabError, match=r"may be any of Lesson 6 \(99\), Exercises 06 again \(98\)"):
        canvas_csv(make(tmp_path, roster, whole("lovelaceada (4711)")))


names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.lists(st.tuples(names, names, st.integers(0, 5)), max_size=5, unique_by=lambda each: each[:2]))
def test_everybody_gets_their_own_grade(tmp_path: Path, people: list[tuple[str, str, int]]) -> None:
    """Names of any letters, last name first there and last here: by number it is always the right one."""
    head = ["Identifier", "Full name", "Grade", "Last modified (grade)", "Feedback comments"]
    lines = [["Participant 1", "Zed", "", "-", ""]]
    lines += [[f"Participant {i + 10}", f"{a} {b}", "", "-", ""] for i, (a, b, _) in enumerate(people)]
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerows([head, *lines])
    grades = [whole(f"{b}, {a} ({i + 10})", a=points) for i, (a, b, points) in enumerate(people)]
    text = moodle_csv(make(tmp_path, sheet.getvalue(), *grades, whole("Zed (1)")))
    got = {line["Identifier"]: float(line["Grade"]) for line in rows(text)}
    wanted = {f"Participant {i + 10}": WHOLE - POINTS["6a"] + points for i, (_, _, points) in enumerate(people)}
    assert got == wanted | {"Participant 1": WHOLE}


@pytest.fixture
def graded(tmp_path: Path) -> Path:
    """A gradebook as labkit grade leaves it: ada has all, bob half of it, zed a file that is none."""
    folder = tmp_path / "grades"
    book = Gradebook(folder / "grades.sqlite")
    for student, points in {"ada": POINTS, "bob": dict.fromkeys(POINTS, 0.0)}.items():
        book.enter(File(student, 6, 1, "f", "d", "2026-11-24 01:02:03", "", {}), {id: f"{student}{id}" for id in points})
        for id, got in points.items():
            book.keep(f"{student}{id}", exercise.Result(id, "passed" if got else "failed", got, POINTS[id]))
    book.enter(File("zed", 0, 1, "f", "d", "", "the file is empty", {}), {})
    book.enter(File("kay", 6, 1, "f", "d", "", "", {}), {"6a": "not done yet"})
    book.close()
    return folder


def labkit(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["export", *map(str, words)])


def test_command_tells_whom_it_left_out_and_why(graded: Path, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("id,email,name\n1,ada@x,Ada\n2,joe@x,Joe\n", encoding="utf-8")
    done = labkit(graded, "--for", "csv", "--roster", tmp_path / "roster.csv", "--to", tmp_path / "out.csv")
    assert done.exit_code == 1
    said = done.output.splitlines()
    assert "1 student, lesson 6" in said[0]
    for what in (
        "  bob",
        "  zed, lesson ?: the file is empty",
        "  kay, lesson 6: 6a, 6b, 6c, 6d, 6e not graded yet: type the same `labkit grade` again",
        "  Joe (2)",
    ):
        assert what in said
    assert [(line["id"], line["student"], float(line["points"])) for line in rows((tmp_path / "out.csv").read_text("utf-8"))] == [
        ("1", "ada", WHOLE)
    ]


def test_json_says_what_its_docstring_says(graded: Path) -> None:
    done = labkit(graded, "--for", "json")
    assert done.exit_code == 1
    data = json.loads((graded / "json-06.json").read_text(encoding="utf-8"))
    assert (data["format"], data["course"]) == (1, kit.course().title)
    ada, bob = data["grades"]
    assert (ada["student"], ada["points"], ada["out_of"], ada["handed_in"]) == ("ada", WHOLE, WHOLE, "2026-11-24T01:02:03")
    assert bob["exercises"]["6b"] == {"state": "failed", "points": 0.0, "out_of": POINTS["6b"]}
    assert [name for name in ada if name not in str(exports.__doc__)] == []


def test_everything_matched_is_exit_code_0(graded: Path, tmp_path: Path) -> None:
    (graded / "grades.sqlite").unlink()
    book = Gradebook(graded / "grades.sqlite")
    book.enter(File("ada", 6, 1, "f", "d", "", "", {}), {id: id for id in POINTS})
    for id, points in POINTS.items():
        book.keep(id, exercise.Result(id, "passed", points, points))
    book.close()
    (tmp_path / "roster.csv").write_text(CANVAS.replace("25.0", f"{WHOLE}"), encoding="utf-8")
    done = labkit(graded, "--for", "canvas", "--roster", tmp_path / "roster.csv")
    assert done.exit_code == 0, done.output
    assert (graded / "canvas-06.csv").read_bytes().startswith(b"Student,ID,")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["--for", "csv", "--lesson", "99"], "there is no lesson 99"),
        (["--for", "csv", "--lesson", "5"], "has no grade of 5"),
        (["--for", "blackboard"], "is not one of"),
        (["--for", "canvas"], "needs --roster FILE"),
        (["--for", "csv", "--roster", "none.csv"], "cannot be read as a roster"),
    ],
)
def test_mistake_is_told_and_nothing_is_written(graded: Path, words: list[str], why: str) -> None:
    before = sorted(graded.iterdir())
    done = labkit(graded, *words)
    assert done.exit_code in (1, 2)
    assert why in done.output
    assert "Traceback" not in done.output
    assert sorted(graded.iterdir()) == before


def test_folder_without_a_gradebook_is_told_and_stays_empty(tmp_path: Path) -> None:
    done = labkit(tmp_path, "--for", "csv")
    assert done.exit_code == 1
    assert "holds no gradebook" in done.output
    assert list(tmp_path.iterdir()) == []


def test_roster_of_another_class_is_told_and_nothing_is_written(graded: Path, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("id,name\n7,Zora\n", encoding="utf-8")
    done = labkit(graded, "--for", "csv", "--roster", tmp_path / "roster.csv")
    assert done.exit_code == 1
    assert "none of 2 submissions, such as 'ada', belongs to anybody" in done.output
    assert not list(graded.glob("*.csv"))
