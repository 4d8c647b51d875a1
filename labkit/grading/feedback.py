"""What a student gets back: one HTML page for each lesson, offline, with the schedule that breaks the program as a picture.

No hidden test is printed: of it one sees that it failed and why, in the course's words, never its text. Everything that came
from a student's process is escaped; pictures are drawn here, from events, and never taken over.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Final

from labkit.course.syllabus import Course, Exercise
from labkit.grading import judge, pictures
from labkit.grading.abstractions import Abstraction, behind
from labkit.grading.exercise import CheckResult, Result
from labkit.grading.foldernames import folder_names
from labkit.grading.meanings import MEANINGS, Meaning, kind_of, observed, state_words
from labkit.grading.page import bar, block, code, page, told
from labkit.grading.tables import Grade
from labkit.wholefile import write_whole

FOLDED: Final = 3
"""More passed checks than this are folded away."""


def write_feedback(folder: Path, course: Course, grades: list[Grade]) -> int:
    """A page for each student and lesson, feedback/<student>/NN.html; how many there are."""
    names = folder_names(grade.student for grade in grades)
    for grade in grades:
        name = f"{grade.lesson:02d}.html" if grade.lesson else "unknown.html"
        write_whole(folder / names[grade.student] / name, feedback_page(course, grade))
    return len(grades)


def feedback_page(course: Course, grade: Grade) -> str:
    """The page of one student's one lesson."""
    lesson = next((each for each in course.lessons if each.number == grade.lesson), None)
    title = f"{lesson.number} · {lesson.title}" if lesson else "Unknown lesson"
    known = {each.id: each for each in lesson.exercises} if lesson else {}
    parts = [_top(course, title, grade), *_remarks(grade)]
    if grade.rows:
        parts.append(_overview(grade, known))
    parts += [_exercise(row.result, known.get(row.result.exercise)) for row in grade.rows]
    return page(f"{title} · {grade.student}", f'{parts[0]}<main id="main">{"".join(parts[1:])}</main>', "feedback")


def _top(course: Course, title: str, grade: Grade) -> str:
    share = grade.points / grade.out_of if grade.out_of else 0.0
    earned = f"{grade.points:g} of {grade.out_of:g} points"
    more = f", and {grade.review:g} more if a person who looks at it finds it right" if grade.review else ""
    which = told(grade.why) or (f"Attempt {grade.number} of {grade.attempts} counts" if grade.attempts > 1 else "One attempt")
    which += f" (its work earned {grade.before:g} points)" if grade.why and grade.before != grade.points else ""
    when = f", handed in {told(grade.file.handed_in, 40)}" if grade.file.handed_in else ""
    return (
        f'<header><p class="kicker">{escape(course.title)}</p><h1>{escape(title)}</h1>'
        f'<p class="sum"><strong>{earned}</strong>{more}</p>{bar(share, earned)}'
        f'<p class="dim"><bdi class="who">{told(grade.student, 100)}</bdi> · {which}{when}</p></header>'
    )


def _remarks(grade: Grade) -> list[str]:
    """What was unusual about the file, before anything else."""
    said = (
        [f"<p><strong>This notebook could not be graded:</strong> {told(grade.file.trouble)}.</p>"] if grade.file.trouble else []
    )
    for id, texts in grade.file.remarks.items():
        said += [f"<p>{f'{told(id, 20)}: ' if id else ''}{told(text)}</p>" for text in texts]
    return [f'<aside class="note" aria-label="Remarks on the file">{"".join(said)}</aside>'] if said else []


def _overview(grade: Grade, known: dict[str, Exercise]) -> str:
    rows = []
    for row in grade.rows:
        result, id = row.result, escape(row.result.exercise)
        title = escape(known[result.exercise].title) if result.exercise in known else ""
        rows.append(
            f'<tr><th scope="row"><a href="#e{id}">{id}</a> {title}</th><td>{state_words(result.state)}</td>'
            f'<td class="n">{result.points:g} of {result.out_of:g}</td></tr>'
        )
    head = '<thead><tr><th scope="col">Exercise</th><th scope="col">State</th><th scope="col" class="n">Points</th></tr></thead>'
    return f'<nav class="scroll" aria-label="Exercises"><table>{head}<tbody>{"".join(rows)}</tbody></table></nav>'


def _exercise(result: Result, exercise: Exercise | None) -> str:
    id, title = escape(result.exercise), escape(exercise.title) if exercise else ""
    earned = f"<small>{result.points:g} of {result.out_of:g}</small>"
    head = f'<section aria-labelledby="e{id}"><h2 id="e{id}">{id} · {title} {earned}</h2>'
    parts = [head, f"<p>{state_words(result.state)}{_count(result)}</p>", _meaning(result)]
    if result.state != judge.NOT_ATTEMPTED:
        each = result.out_of / len(result.checks) if result.checks else 0.0
        parts += [_checks(result, each), _printed(result)]
    if result.state != judge.PASSED and exercise and exercise.hints:
        hint = code(f"hint({result.exercise!r})")
        parts.append(f'<p class="dim">In the notebook, {hint} gives a hint, and each further call one more.</p>')
    return "".join([*parts, "</section>"])


def _count(result: Result) -> str:
    passed = sum(check.state == judge.PASSED for check in result.checks)
    if result.state == judge.NOT_ATTEMPTED or not result.checks:
        return ""
    return f": {passed} of {len(result.checks)} checks pass, each worth {_points(result.out_of / len(result.checks))}."


def lacking(result: Result) -> str:
    """The other exercise that this one cannot do without, if that is not written; else ""."""
    named = (re.match(r"exercise (\d+[a-z]) is not written yet", check.reason) for check in result.checks)
    return next((each[1] for each in named if each and each[1] != result.exercise), "")


def _points(number: float) -> str:
    return f"{number:.2g} point" + ("" if number == 1 else "s")


def _meaning(result: Result) -> str:
    """What the state means and what to try; of tampering, what was seen, without a verdict."""
    if result.decided:
        return f'<div class="note"><p>{told(result.decided)}</p></div>'
    meaning = MEANINGS.get(result.state)
    if result.state == judge.NOT_ATTEMPTED and (other := lacking(result)):
        meaning = Meaning(
            f"It uses exercise {other}, which is not written yet.", f"Write {other} first: then this one can be judged."
        )
    said = f"<p>{meaning.means}</p><p>{meaning.attempt}</p>" if meaning else ""
    if result.state == judge.REVIEW and (saw := observed(result.evidence)):
        said += "<p>What was seen:</p><ul class='plain'>" + "".join(f"<li>{escape(each)}</li>" for each in saw[:12]) + "</ul>"
    return f'<div class="note">{said}</div>' if said else ""


def _checks(result: Result, worth: float) -> str:
    failing = [check for check in result.checks if check.state != judge.PASSED]
    passed = [check for check in result.checks if check.state == judge.PASSED]
    told_already, items = set[str](), []
    for alike in _grouped(failing):
        check = alike[0]
        idea = behind(check.mistake, result.exercise, check.why)
        fresh = idea if idea and idea.name not in told_already else None
        items.append(_failing(check, len(alike), worth, fresh, told_already))
        told_already |= {check.explanation} | ({idea.name} if idea else set())
    told_of = f'<ul class="checks">{"".join(items)}</ul>' if items else ""
    if not passed:
        return told_of
    lines = [_passing(check, worth) for check in passed if not check.hidden]
    listed = f'<ul class="checks">{"".join(lines)}{_unseen(passed, worth)}</ul>'
    if len(passed) <= FOLDED:
        return told_of + listed
    return f"{told_of}<details><summary>The {len(passed)} checks that pass</summary>{listed}</details>"


def _grouped(checks: list[CheckResult]) -> list[list[CheckResult]]:
    """Checks that tell the same are told once."""
    groups: dict[tuple[str, ...], list[CheckResult]] = {}
    for check in checks:
        groups.setdefault((check.expression, check.reason, check.explanation, check.state), []).append(check)
    return list(groups.values())


def _passing(check: CheckResult, worth: float) -> str:
    return f'<li class="passed"><span class="earned">{worth:.2g}</span>{state_words(check.state)} {code(check.expression)}</li>'


def _unseen(passed: list[CheckResult], worth: float) -> str:
    hidden = sum(check.hidden for check in passed)
    words = f"{hidden} checks that you do not see" if hidden > 1 else "a check that you do not see"
    return (
        f'<li class="passed"><span class="earned">{worth * hidden:.2g}</span>{state_words(judge.PASSED)} {words}</li>'
        if hidden
        else ""
    )


def _failing(check: CheckResult, times: int, worth: float, idea: Abstraction | None, told_already: set[str]) -> str:
    many = f" ({times} of them)" if times > 1 else ""
    what = f"a check that you do not see{many}" if check.hidden else code(check.expression) + many
    parts = [
        f'<li class="{kind_of(check.state)}"><span class="earned">0 of {worth * times:.2g}</span>',
        f"<p>{state_words(check.state)} {what}</p>",
        _reason(check),
    ]
    if not check.hidden:
        parts.append(_values(check))
    if idea is not None:
        parts.append(
            f'<div class="idea"><p>Behind it may be the idea that <strong>{escape(idea.idea)}</strong>.</p>'
            f"<p>But {escape(idea.instead)}.</p></div>"
        )
    if check.explanation and check.explanation in told_already:
        parts.append('<p class="dim">It breaks by the same steps as a check above.</p>')
    elif not check.hidden:
        parts.append(_what_happened(check))
    return "".join([*parts, "</li>"])


def _reason(check: CheckResult) -> str:
    """Why it must be otherwise; of a plain deadlock the words of its error become a list further down."""
    plain_deadlock = check.state == judge.DEADLOCK and not check.explanation and pictures.waits(check.reason)
    reason = check.why if plain_deadlock and check.why else check.reason
    if check.state == judge.REVIEW:
        reason = "a person looks at this before it counts."  # Why: the judge's own words are for the instructor
    return f"<p>{told(reason, 1000)}</p>" if reason else ""


def _values(check: CheckResult) -> str:
    """What came back and what was expected; an exploration's verdict speaks for itself."""
    if not check.got or check.explanation or (check.state == judge.DEADLOCK and pictures.waits(check.got)):
        return ""
    return f'<dl class="pair"><dt>came back</dt><dd>{code(check.got)}</dd><dt>expected</dt><dd>{code(check.expected)}</dd></dl>'


def _what_happened(check: CheckResult) -> str:
    """The failing schedule: its story as a list, its picture, and for a deadlock who waits for whom."""
    parts = [_story(check.explanation)]
    if check.state == judge.DEADLOCK and (found := pictures.waits(check.got) or pictures.waits(check.reason)):
        if not check.explanation:
            listed = "".join(f"<li>{escape(each.sentence)}</li>" for each in found)
            parts.append(f"<p>Who waits for whom:</p><ul class='plain'>{listed}</ul>")
        if ring := pictures.ring(pictures.circle(found)):
            parts.append(
                f'<figure class="ring">{ring}<figcaption>Each waits for the next: nobody can begin.</figcaption></figure>'
            )
    if drawn := pictures.schedule(check.trace):
        caption = "One row for each thread, from left to right. "
        caption += "The steps that matter are listed above." if check.explanation else ""
        replayed = f" To take it step by step in the notebook: {code(f'{check.expression}.play()')}" if _explores(check) else ""
        picture = f'<div class="scroll" tabindex="0">{drawn}</div>'
        parts.append(f"<figure>{picture}<figcaption>{caption}{replayed}</figcaption></figure>")
    elif check.schedule and not check.explanation:
        parts.append(f"<p>The failing schedule: {code(check.schedule)}</p>")
    return "".join(parts)


def _explores(check: CheckResult) -> bool:
    return check.expression.startswith("explore(") and len(check.expression) < 120


def _story(explanation: str) -> str:
    """The explorer's words: sentences as paragraphs, steps as a numbered list."""
    parts: list[str] = []
    steps: list[str] = []
    for line in [*explanation[:20_000].splitlines()[:60], ""]:
        if line.startswith("    "):
            steps.append(f"<li>{told(line.strip())}</li>")
            continue
        if steps:
            parts.append(f'<ol class="steps">{"".join(steps)}</ol>')
            steps = []
        if line.strip():
            parts.append(f"<p>{told(line.strip())}</p>")
    return "".join(parts)


def _printed(result: Result) -> str:
    return f"<details><summary>What it printed</summary>{block(result.output)}</details>" if result.output.strip() else ""
