"""What a student gets back: one HTML page for each lesson, offline, with the schedule that breaks the program as a picture.

No hidden test is printed: of it one sees that it failed and why, in the course's words, never its text. Everything that came
from a student's process is escaped; pictures are drawn here, from events, and never taken over.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any, Final

from labkit.course.syllabus import Course
from labkit.grading.abstractions import BY_MISTAKE
from labkit.grading.exercise import CheckResult, Result
from labkit.grading.judge import NOT_ATTEMPTED, PASSED, REVIEW
from labkit.grading.tables import Grade
from labkit.tracelog import FIELDS, Trace
from labkit.wholefile import write_whole

PAGE: Final = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title><style>{css}</style></head><body><main>{body}</main></body></html>
"""
CSS: Final = """
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:52rem;padding:0 1rem}
h2{margin-top:2.5rem;border-bottom:1px solid #8886}table{border-collapse:collapse}
td,th{padding:.2rem .8rem .2rem 0;text-align:left}
pre,code{font:14px/1.4 ui-monospace,monospace}pre{overflow-x:auto;padding:.6rem .8rem;background:#8881;border-radius:4px}
.check{border-left:4px solid #8886;padding:.2rem 0 .2rem .9rem;margin:1rem 0}.passed{border-color:#0a7}.failed{border-color:#c50}
.idea{background:#fc02;padding:.5rem .8rem;border-radius:4px}
figure{margin:.6rem 0;overflow-x:auto;background:#fff;border-radius:4px}
"""
FOLDED: Final = 8
"""More passed checks than this are counted, not listed."""


def write_feedback(folder: Path, course: Course, grades: list[Grade]) -> int:
    """A page for each student and lesson, feedback/<student>/NN.html; how many there are."""
    for grade in grades:
        name = f"{grade.lesson:02d}.html" if grade.lesson else "unknown.html"
        write_whole(folder / file_name(grade.student) / name, page(course, grade))
    return len(grades)


def file_name(student: str) -> str:
    """A student's name as a folder's: no path can be made of it, and two students never share one."""
    plain = re.sub(r"[^\w.@() +-]", "_", student).strip(". ")[:80]
    return plain if plain == student else f"{plain or 'student'}-{sum(map(ord, student)) % 9973:04d}"


def page(course: Course, grade: Grade) -> str:
    """The page of one student's one lesson."""
    title = next(
        (f"{lesson.number} · {lesson.title}" for lesson in course.lessons if lesson.number == grade.lesson), "Unknown lesson"
    )
    parts = [f"<h1>{escape(title)}</h1>", f"<p>{escape(grade.student)} · <b>{grade.points:g} of {grade.out_of:g} points</b></p>"]
    if grade.file.trouble:
        parts.append(f"<p class='idea'>This notebook could not be graded: {escape(grade.file.trouble)}.</p>")
    if grade.why:
        late = f" Its work earned {grade.before:g} points." if grade.before != grade.points else ""
        parts.append(f"<p>{escape(grade.why)}.{late}</p>")
    remarks = [(id, text) for id, texts in grade.file.remarks.items() for text in texts]
    parts += [f"<p class='idea'>{escape(f'{id}: {text}' if id else text)}</p>" for id, text in remarks]
    if grade.rows:
        rows = "".join(_line(course, grade.lesson, row.result) for row in grade.rows)
        parts.append(f"<table><tr><th>exercise</th><th>points</th><th>state</th></tr>{rows}</table>")
    parts += [_exercise(row.result) for row in grade.rows]
    return PAGE.format(title=escape(title), css=CSS, body="".join(parts))


def _line(course: Course, lesson: int, result: Result) -> str:
    title = next((e.title for x in course.lessons if x.number == lesson for e in x.exercises if e.id == result.exercise), "")
    name = f"<a href='#e{escape(result.exercise)}'>{escape(result.exercise)}</a> {escape(title)}"
    return f"<tr><td>{name}</td><td>{result.points:g} of {result.out_of:g}</td><td>{escape(result.state)}</td></tr>"


def _exercise(result: Result) -> str:
    earned = f"{escape(result.state)}, {result.points:g} of {result.out_of:g}"
    head = f"<h2 id='e{escape(result.exercise)}'>{escape(result.exercise)} · {earned}</h2>"
    if result.state == NOT_ATTEMPTED:
        return f"{head}<p>This exercise is not written yet.</p>"
    if result.decided:
        head += f"<p class='idea'>{escape(result.decided)}</p>"
    elif result.state == REVIEW:
        head += "<p class='idea'>A person looks at this one before its points are final.</p>"
    passed = [check for check in result.checks if check.state == PASSED]
    others = [check for check in result.checks if check.state != PASSED]
    listed = "".join(_check(check) for check in _once(others))
    shown = [check for check in passed if not check.hidden]
    told = "".join(f"<div class='check passed'><code>{escape(check.expression)}</code> ✓</div>" for check in shown[:FOLDED])
    count = f"<p>{len(passed)} of {len(result.checks)} checks pass.</p>" if result.checks else ""
    printed = f"<details><summary>what it printed</summary><pre>{escape(result.output)}</pre></details>" if result.output else ""
    return head + count + listed + told + printed


def _once(checks: list[CheckResult]) -> list[CheckResult]:
    """Checks that tell the same are told once."""
    seen: dict[tuple[str, str, str], CheckResult] = {}
    for check in checks:
        seen.setdefault((check.expression, check.reason, check.explanation), check)
    return list(seen.values())


def _check(check: CheckResult) -> str:
    what = "<i>a check that you do not see</i>" if check.hidden else f"<code>{escape(check.expression)}</code>"
    parts = [f"<div class='check failed'><p>{what}: {escape(check.state)}</p>"]
    if check.got:
        parts.append(f"<p>came back: <code>{escape(check.got)}</code><br>expected: <code>{escape(check.expected)}</code></p>")
    if check.reason:
        parts.append(f"<p>{escape(check.reason)}</p>")
    if (behind := BY_MISTAKE.get(check.mistake)) is not None:
        parts.append(
            f"<p class='idea'>Behind it may be the idea that <b>{escape(behind.idea)}</b>. But {escape(behind.instead)}.</p>"
        )
    if check.explanation:
        parts.append(f"<pre>{escape(check.explanation)}</pre>")
    if picture := _picture(check.trace):
        parts.append(f"<figure>{picture}</figure>")
    return "".join([*parts, "</div>"])


def _picture(trace: Any) -> str:
    """The failing schedule as SVG, drawn from its events; empty if they are none that can be drawn."""
    if not trace or not trace[1]:
        return ""
    from labkit.views.timeline import Timeline

    threads, events = trace
    try:
        whole = all(event[1] in FIELDS and len(event) == 4 + len(FIELDS[event[1]]) for event in events)
        names = {int(tid): str(name) for tid, name in threads.items()}
        return Timeline(Trace(list(map(tuple, events)), names), title="the schedule that fails").svg() if whole else ""
    except (LookupError, TypeError, ValueError, AttributeError):
        return ""  # Why: it came from a student's process, which may send what it likes
