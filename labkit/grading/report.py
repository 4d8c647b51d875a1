"""The instructor's page about a whole class: static, offline, ordered by need. It never leaves the machine by itself.

Whoever opens it sees first what only a person can decide, then which exercises went badly and which wrong ideas are common,
and at the end every student, lowest first. With `anonymous` it names nobody: no name, no file, no word that a student wrote.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from html import escape
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import quote

from labkit.course.syllabus import Course
from labkit.grading import charts
from labkit.grading.foldernames import folder_names
from labkit.grading.meanings import MARKS, observed, state_words
from labkit.grading.page import bar, page, told
from labkit.grading.summary import OfExercise, OfIdea, Summary, aliases, summarise, without_quotes
from labkit.grading.tables import Grade
from labkit.wholefile import write_whole

NAMED_MOST: Final = 12
"""Students named in one line; the others are counted."""
SLOW_MOST: Final = 10


def write_report(path: Path, course: Course, grades: list[Grade], anonymous: bool = False) -> None:
    """Write report.html; feedback is linked where it lies beside it."""
    write_whole(path, report_page(course, grades, anonymous))


def report_page(course: Course, grades: list[Grade], anonymous: bool = False) -> str:
    """The page of a class."""
    return _Report(summarise(course, grades), anonymous).page()


class _Report:
    def __init__(self, summary: Summary, anonymous: bool) -> None:
        self.all, self.anonymous = summary, anonymous
        students = [each.name for each in summary.students]
        self.alias = aliases(students) if anonymous else {}
        self.folder = folder_names(students)

    def page(self) -> str:
        sections = [
            ("review", "For you to decide", self._review()), ("unreadable", "Could not be read", self._unreadable()),
            ("lessons", "Lessons and exercises", self._lessons()), ("ideas", "Common wrong ideas", self._ideas()),
            ("late", "Out of time", self._late()), ("slow", "Slowest to grade", self._slow()),
            ("students", "Students, lowest first", self._students()),
        ]  # fmt: skip
        shown = [(id, title, body) for id, title, body in sections if body]
        links = "".join(f'<a href="#{id}">{title}</a>' for id, title, _ in shown)
        body = "".join(f'<section aria-labelledby="{id}"><h2 id="{id}">{title}</h2>{each}</section>' for id, title, each in shown)
        contents = f'<nav class="toc" aria-label="Contents">{links}</nav>'
        return page("Grades of the class", f'{self._top()}{contents}<main id="main">{body}</main>', "report")

    def _top(self) -> str:
        whole = self.all
        results = [row.result for grade in whole.grades for row in grade.rows]
        earned, possible = sum(each.points for each in results), sum(each.out_of for each in results)
        tiles = {
            "students": f"{len(whole.students):,}", "notebooks that count": f"{len(whole.grades):,}",
            "exercises": f"{len(results):,}", "of all points": f"{earned / possible:.0%}" if possible else "–",
            "to decide": f"{len(whole.review):,}", "could not be read": f"{len(whole.unreadable):,}",
        }  # fmt: skip
        cells = "".join(f"<div><dt>{name}</dt><dd>{number}</dd></div>" for name, number in tiles.items())
        note = "Nobody is named here." if self.anonymous else "It holds names of students: keep it where they may be."
        return (
            f'<header><p class="kicker">{escape(whole.course.title)}</p><h1>Grades of the class</h1><p class="dim">{note}</p>'
            f'<dl class="tiles">{cells}</dl></header>'
        )

    def _who(self, student: str, lesson: int = 0) -> str:
        """A student's name, linked to the page of a lesson."""
        if self.anonymous:
            return self.alias[student]
        name = f'<bdi class="who">{told(student, 60)}</bdi>'
        page = f"{lesson:02d}.html" if lesson else "unknown.html"
        return f'<a href="feedback/{quote(self.folder[student], errors="replace")}/{page}">{name}</a>'

    def _several(self, students: Iterable[str], lesson: int) -> str:
        names = sorted(set(students))
        more = f" and {len(names) - NAMED_MOST} more" if len(names) > NAMED_MOST else ""
        return ", ".join(self._who(each, lesson) for each in names[:NAMED_MOST]) + more

    def _file(self, grade: Grade) -> str:
        return "" if self.anonymous else f'<br><code class="dim">{told(grade.file.path, 120)}</code>'

    def _review(self) -> str:
        rows = []
        for grade, result in self.all.review:
            seen = observed(result.evidence) if self.anonymous else [told(each, 200) for each in result.evidence]
            listed = "".join(f"<li>{each}</li>" for each in seen[:8]) + ("<li>…</li>" if len(seen) > 8 else "")
            now = f"{result.points:g}" + (f", {result.earns:g} if right" if result.earns != result.points else "")
            rows.append(
                [f"{self._who(grade.student, grade.lesson)}{self._file(grade)}", escape(result.exercise),
                 state_words(result.state), now,
                 f'<ul class="lines">{listed}</ul>' if listed else "no evidence; what came back cannot be read"]
            )  # fmt: skip
        about = "<p>Evidence is no verdict: read the cell first. Only what stands as needs review has lost points by it.</p>"
        return about + _table(["Student", "Exercise", "State", "Points", "What was seen"], rows, {3}) if rows else ""

    def _unreadable(self) -> str:
        rows = []
        for grade in self.all.unreadable:
            trouble = without_quotes(grade.file.trouble) if self.anonymous else grade.file.trouble
            rows.append([f"{self._who(grade.student, grade.lesson)}{self._file(grade)}", str(grade.lesson or "–"), told(trouble)])
        return _table(["Student", "Lesson", "Why"], rows, {1}) if rows else ""

    def _lessons(self) -> str:
        parts = []
        for number in self.all.lessons:
            title = next((each.title for each in self.all.course.lessons if each.number == number), "")
            grades = [grade for grade in self.all.grades if grade.lesson == number and grade.rows]
            shares = [grade.points / grade.out_of for grade in grades if grade.out_of]
            middle = f"{len(grades)} handed in; half of them have {median(shares):.0%} of the points or more." if shares else ""
            exercises = [each for each in self.all.exercises if each.lesson == number]
            parts.append(
                f"<h3>{number} · {escape(title)}</h3><p>{middle}</p>{charts.histogram(shares, 'notebooks')}"
                + _table(["Exercise", "Mean", "Points", "How they ended"], [_of_exercise(each) for each in exercises], {1}, {2})
            )
        return "".join(parts)

    def _ideas(self) -> str:
        rows = [self._idea(each) for each in self.all.ideas]
        return _table(["Students", "The idea", "Exercises", "For example"], rows, {0}) if rows else ""

    def _idea(self, of: OfIdea) -> list[str]:
        exercises = ", ".join(f"{id} ({n})" for id, n in of.exercises.most_common(8))
        example = ""
        if of.example:
            exercise, check = of.example
            reason = check.why if self.anonymous or check.hidden else check.reason or check.why
            example = f"{escape(exercise)}: {told(reason, 240)}"
        return [str(len(of.students)), f"<strong>{escape(of.idea.idea)}</strong>", exercises, example]

    def _late(self) -> str:
        late = sorted((each for each in self.all.exercises if each.late), key=lambda each: -len(each.late))
        rows = [[_name(each), str(len(each.late)), self._several(each.late, each.lesson)] for each in late]
        return _table(["Exercise", "Students", "Whose"], rows, {1}) if rows else ""

    def _slow(self) -> str:
        slow = sorted(self.all.exercises, key=lambda each: -sum(each.seconds))[:SLOW_MOST]
        timed = [(each, sum(each.seconds)) for each in slow if sum(each.seconds) > 0]
        rows = [
            [_name(each), f"{whole:,.1f} s", f"{whole / len(each.seconds):.2f} s", f"{max(each.seconds):.2f} s"]
            for each, whole in timed
        ]
        return _table(["Exercise", "Together", "Mean", "Longest"], rows, {1, 2, 3}) if rows else ""

    def _students(self) -> str:
        rows = []
        for each in self.all.students:
            share = each.points / self.all.out_of if self.all.out_of else 0.0
            missing = [str(number) for number in self.all.lessons if number not in each.lessons]
            pages = "".join(
                f' <a href="feedback/{quote(self.folder[each.name], errors="replace")}/{n:02d}.html">{n}</a>'
                for n in each.lessons
            )
            name = self.alias[each.name] if self.anonymous else f'<bdi class="who">{told(each.name, 60)}</bdi>{pages}'
            shown = f"{bar(share, f'{share:.0%}', 'small')} {share:.0%}"
            rows.append([name, f"{each.points:g}", shown, _states(each.states), ", ".join(missing)])
        about = f"<p>Points of {self.all.out_of:g}, over all lessons that somebody handed in.</p>"
        head = [
            "Student" if self.anonymous else "Student, and pages",
            "Points",
            "Share",
            "How the exercises ended",
            "Lessons missing",
        ]
        return about + _table(head, rows, {1}) if rows else ""


def _name(each: OfExercise) -> str:
    return f"{escape(each.id)} {escape(each.title)}"


def _of_exercise(each: OfExercise) -> list[str]:
    return [_name(each), f"{each.mean:.0%}", charts.spark(each.shares, "students"), _states(each.states)]


def _states(counts: Mapping[str, int]) -> str:
    """How many ended how; what passed comes first."""
    known = [state for state in MARKS if state in counts]
    return " · ".join(f'<span class="together">{counts[state]} {state_words(state)}</span>' for state in known)


def _table(head: list[str], rows: list[list[str]], numbers: Collection[int], wide: Collection[int] = ()) -> str:
    """A table; columns of numbers stand to the right, wide ones are left out on a phone."""
    kinds = [" ".join(["n"] * (i in numbers) + ["wide"] * (i in wide)) for i in range(len(head))]
    marks = [f' class="{kind}"' if kind else "" for kind in kinds]
    top = "".join(f'<th scope="col"{mark}>{name}</th>' for name, mark in zip(head, marks, strict=True))
    lines = "".join("<tr>" + "".join(_cell(i, cell, marks[i]) for i, cell in enumerate(row)) + "</tr>" for row in rows)
    return f'<div class="scroll" tabindex="0"><table><thead><tr>{top}</tr></thead><tbody>{lines}</tbody></table></div>'


def _cell(place: int, inner: str, mark: str) -> str:
    return f'<th scope="row"{mark}>{inner}</th>' if place == 0 else f"<td{mark}>{inner}</td>"
