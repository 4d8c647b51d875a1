from __future__ import annotations

from pathlib import Path

import pytest

from labkit.course.syllabus import Course, CourseError, find_course, load_course


def test_a_course_is_read_in_teaching_order(course: Course) -> None:
    lesson = course.lesson(3)
    assert (course.title, lesson.name, lesson.minutes, lesson.needs) == ("Tiny", "03_tiny", 5, ())
    assert lesson.exercise("3a").points == 2
    assert course.lesson_of("3z") is lesson
    assert course.lesson_of("4a") is None


def test_a_missing_lesson_is_answered_with_those_there_are(course: Course) -> None:
    with pytest.raises(CourseError, match=r"no lesson 7 .* it has 3"):
        course.lesson(7)


def test_the_course_is_found_from_a_folder_inside_it(in_course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(in_course.root / "lessons" / "03_tiny")
    assert find_course() == in_course.root


def test_the_course_is_found_where_the_environment_says(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_COURSE_DIR", str(course.root))
    assert find_course() == course.root
    monkeypatch.setenv("LABKIT_COURSE_DIR", str(course.root / "lessons"))
    with pytest.raises(CourseError, match=r"no course\.toml found"):
        find_course()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('slug = "tiny"', 'slug = "Tiny one"', "slug 'Tiny one' must be lower case"),
        ("minutes = 5", "", "minutes is missing"),
        ("minutes = 5", 'minutes = "5"', "minutes is '5'"),
        ("minutes = 5", "minutes = 5\nlength = 5", "unknown field 'length'"),
        ("minutes = 5", 'minutes = 5\nneeds = ["luck"]', r"needs \['luck'\] is not among"),
        ('id = "3a"', 'id = "4a"', "as 3a"),
        ("minutes = 5", "minutes = ", "course.toml: "),
    ],
)
def test_a_mistake_in_course_toml_is_named(course: Course, old: str, new: str, says: str) -> None:
    path = course.root / "course.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(CourseError, match=says):
        load_course(course.root)


def test_the_same_exercise_twice_is_refused(course: Course) -> None:
    path = course.root / "course.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text[text.index("[[lesson.exercise]]") :], encoding="utf-8")
    with pytest.raises(CourseError, match="exercise id '3a' is there twice"):
        load_course(course.root)


def test_a_folder_without_a_course_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="no such file"):
        load_course(tmp_path)
