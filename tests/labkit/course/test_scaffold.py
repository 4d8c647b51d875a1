from __future__ import annotations

import pytest

from labkit.course.attempt import attempt
from labkit.course.build import jobs_of, make_notebook, read_cells
from labkit.course.scaffold import new_exercise, new_lesson
from labkit.course.syllabus import Course, CourseError, load_course


def test_a_new_lesson_with_a_new_exercise_obeys_every_rule(course: Course) -> None:
    new_lesson(course, "06_races", "Races")
    new_exercise(load_course(course.root), "06_races", "6a", "Find it")
    new_exercise(load_course(course.root), "03_tiny", "3b")
    grown = load_course(course.root)
    assert [lesson.name for lesson in grown.lessons] == ["03_tiny", "06_races"]
    assert [each.id for each in grown.lesson(3).exercises] == ["3a", "3b"]
    assert grown.lesson(6).exercise("6a").title == "Find it"
    for job in jobs_of(grown, grown.lessons):
        make_notebook(job)


def test_a_new_exercise_comes_with_a_mutant_and_a_variant_that_are_what_they_say(course: Course) -> None:
    source, mutants, variants = new_exercise(course, "03_tiny", "3b")
    assert not attempt(source, "3b", read_cells(mutants)[0].source).passed
    assert attempt(source, "3b", read_cells(variants)[0].source).passed


@pytest.mark.parametrize("name", ["3_tiny", "races", "06_Races", "03_other", "06_tiny", "02_early"])
def test_a_lesson_that_cannot_be_is_refused_and_nothing_written(course: Course, name: str) -> None:
    before = (course.root / "course.toml").read_text(encoding="utf-8")
    with pytest.raises(CourseError):
        new_lesson(course, name, "T")
    assert (course.root / "course.toml").read_text(encoding="utf-8") == before
    assert not (course.root / "lessons" / name).exists()


@pytest.mark.parametrize(("name", "id"), [("03_tiny", "3a"), ("03_tiny", "4a"), ("03_tiny", "3ab"), ("04_none", "4a")])
def test_an_exercise_that_cannot_be_is_refused(course: Course, name: str, id: str) -> None:
    with pytest.raises(CourseError):
        new_exercise(course, name, id)


def test_a_title_that_breaks_course_toml_leaves_it_as_it_was(course: Course) -> None:
    before = (course.root / "course.toml").read_text(encoding="utf-8")
    with pytest.raises(CourseError):
        new_lesson(course, "06_races", 'Say "no"')
    assert (course.root / "course.toml").read_text(encoding="utf-8") == before
