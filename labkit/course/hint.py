"""Hints for an exercise, one at a time: a nudge, a pointer, and then nearly the answer."""

from __future__ import annotations

from typing import Any, Final

from labkit.course.progress import change_progress
from labkit.course.syllabus import Course, CourseError, load_course

KINDS: Final = ("a nudge", "a pointer", "nearly the answer")


def hint(exercise_id: str) -> None:
    """Show the next hint of an exercise; each call shows one more."""
    try:
        course = load_course()
    except CourseError as error:
        print(f"No hints here: {error}.")
        return
    lesson = course.lesson_of(exercise_id)
    exercise = next((each for each in lesson.exercises if each.id == exercise_id), None) if lesson else None
    if exercise is None:
        print(_unknown(course, exercise_id))
        return
    shown = _count_one_more(exercise_id, len(exercise.hints))
    if shown < len(exercise.hints):
        kind = KINDS[min(shown, len(KINDS) - 1)]
        print(f"Hint {shown + 1} of {len(exercise.hints)} for {exercise_id} ({kind}): {exercise.hints[shown]}")
        return
    print(f"There are no more hints for {exercise_id}. The {len(exercise.hints)} that you have seen:")
    for number, text in enumerate(exercise.hints, 1):
        print(f"  {number}. {text}")


def _count_one_more(exercise_id: str, at_most: int) -> int:
    """How many hints were shown before this call."""
    before = 0

    def one_more(data: dict[str, Any]) -> None:
        nonlocal before
        before = int(data["hints"].get(exercise_id, 0))
        data["hints"][exercise_id] = min(before + 1, at_most)

    change_progress(one_more)
    return before


def _unknown(course: Course, exercise_id: str) -> str:
    lesson = course.lesson_of(exercise_id)
    lessons = [lesson] if lesson else course.lessons
    known = ", ".join(exercise.id for each in lessons for exercise in each.exercises)
    return f"There is no exercise {exercise_id!r}. " + (f"Lesson {lesson.number} has: " if lesson else "The course has: ") + known
