"""What a student reads: everything that helps, and nothing of a hidden test."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

import pytest

from labkit.grading import judge, pictures
from labkit.grading.exercise import CheckResult, Result
from labkit.grading.feedback import feedback_page, write_feedback
from labkit.grading.foldernames import folder_names
from labkit.grading.judge import Outcome
from labkit.grading.meanings import MARKS, MEANINGS, observed
from labkit.grading.plan import Check
from tests.labkit.grading import graded, kit
from tests.labkit.grading.pagelaws import obeys

NASTY = (
    '</code></pre></svg><script>alert(1)</script><img src=x onerror=alert(2)>" onload="\'&amp;&#0; '
    "\x00\x07\x1b[31mred\x1b[0m\u202eback\u2066\ud800"
)
SECRET = "7f3a-secret"
LESSONS = [lesson.number for lesson in kit.course().lessons]


def page_of(*results: Result, student: str = "Ada Lovelace", **facts: object) -> str:
    lesson = int(results[0].exercise[:-1]) if results else 6
    return feedback_page(kit.course(), graded.grade_of(student, lesson, results, **facts))


def result(*checks: CheckResult, state: str = judge.FAILED, **facts: object) -> Result:
    usual = Result("6b", state, 1.0, 5, checks)
    return replace(usual, **facts)  # type: ignore[arg-type]


def test_a_page_is_whole_and_needs_nothing_from_elsewhere() -> None:
    for grade in graded.all_grades():
        obeys(feedback_page(kit.course(), grade))


# ---- hidden tests


@pytest.mark.parametrize("lesson", LESSONS)
def test_of_a_hidden_check_a_page_has_only_its_reason_however_it_ends(lesson: int) -> None:
    def ends(state: str, began: bool) -> Outcome:
        said = f"{NASTY} {SECRET}"
        trace = ({"1": SECRET}, [[0, "spawn", 1, 0, 0]])
        evidence = [
            f"opens /proc/{SECRET}/mem: 6b-solution, line 3",
            f"replaces {SECRET}",
            f"{SECRET}: 6b-solution, line {SECRET}",
        ]
        return Outcome(state, said, said, said, said, said, trace, evidence, 0.1, said, began)

    hidden = 0
    for problem in kit.problems(lesson).values():
        for state in judge.STATES:
            for began in (True, False):
                got = graded.pretended(
                    problem,
                    lambda check, s=state, b=began: ends(s, b) if check.hidden else Outcome(judge.PASSED),  # type: ignore[misc]
                )
                read = obeys(page_of(got))
                assert SECRET not in read.text
                shown = read.text
                for check in sorted(problem.checks, key=lambda check: -len(check.expression)):
                    shown = shown if check.hidden else shown.replace(check.expression, "")
                for check in problem.checks:
                    hidden += check.hidden
                    assert not check.hidden or check.expression not in shown
    assert hidden


def test_the_pages_of_real_mutants_hold_no_hidden_expression_and_no_expected_value() -> None:
    told = 0
    for grade in graded.all_grades():
        page = html.unescape(feedback_page(kit.course(), grade))
        for row in grade.rows:
            problem = kit.problems(grade.lesson)[row.exercise]
            open_text = " ".join(f"{each.expression} {each.expected!r} {each.why}" for each in problem.checks if not each.hidden)
            for check, kept in zip(problem.checks, row.result.checks, strict=True):
                if check.hidden:
                    assert check.expression not in page
                    expected = repr(check.expected)
                    assert len(expected) < 8 or expected in open_text or expected not in page
                    told_of_it = (kept.got, kept.expected, kept.expression, kept.explanation, kept.trace, kept.schedule)
                    assert not any(told_of_it)
                    if kept.state != judge.PASSED:
                        told += 1
                        assert check.why in page
    assert told >= 4


def test_a_check_that_is_seen_learns_nothing_from_a_hidden_one_before_it() -> None:
    problem = kit.problems(6)["6a"]
    order = sorted(problem.checks, key=lambda check: not check.hidden)

    def ends(check: Check) -> Outcome:
        return Outcome(judge.FAILED, f"the cell 6a-solution raises {SECRET}", SECRET, began=False, output=SECRET)

    got = graded.pretended(
        replace(problem, checks=tuple(order)), lambda check: ends(check) if check.hidden else Outcome(judge.PASSED)
    )
    assert not got.checks[0].expression
    assert SECRET not in got.packed()


def test_what_was_seen_is_told_in_our_own_words() -> None:
    told = observed(("reads stack frames: 6b-solution, line 4", f"opens /proc/{SECRET}/mem", f"replaces labkit.{SECRET}", SECRET))
    assert told[0] == "reads stack frames, in 6b-solution, line 4"
    assert SECRET not in " ".join(told)
    assert len(told) == 4


# ---- what came from a student


def test_nothing_that_a_student_wrote_becomes_more_than_text() -> None:
    check = CheckResult(judge.FAILED, False, NASTY, NASTY, NASTY, NASTY, f"{NASTY}\n    {NASTY}\n", NASTY, NASTY,
                        [{"1": NASTY}, [[0, "spawn", 1, 0, 0], [1, "wait", 1, 0, NASTY]]], NASTY)  # fmt: skip
    dead = replace(check, state=judge.DEADLOCK, explanation="", got=f"'A' waits for {NASTY}, held by '{NASTY}'")
    for state in judge.STATES:
        got = result(check, dead, replace(check, state=judge.PASSED), state=state, evidence=(NASTY,), output=NASTY * 3)
        page = page_of(got, student=NASTY, trouble=NASTY, remarks={NASTY: [NASTY], "": [NASTY]})
        read = obeys(page)
        assert "alert(1)" in read.text
        assert "\\u202e" in read.text
        page.encode()


def test_what_is_very_long_is_cut_with_a_note() -> None:
    check = CheckResult(judge.FAILED, False, "why", "f()", "x" * 100_000, "1")
    page = page_of(result(check, output="y" * 50_000 + "\n" * 5000 + "z"))
    assert len(page) < 60_000
    assert "(100,000 characters)" in page
    assert "more lines" in page


@pytest.mark.parametrize(
    "trace",
    [
        None, [], {}, [{}, []], [{"x": 1}, [[0, "spawn", 1, 0, 0]]], [{}, [[0, "none", 1, 0]]], [{}, [[0, "spawn"]]],
        [{}, [1, 2]],
        [{"1": "A"}, [[10**400, "spawn", 1, 0, 0]]], [{"1": "A"}, [[0, "sched_switch", 1, 0, {}, [], 3]]],
        [[], [["", "", "", ""]]],
        [{"1": "A"}, [[0, "spawn", 1, 0, 0]] * 100_000], [{"1": "A"}, [[None, "spawn", None, None, None]]],
    ],
)  # fmt: skip
def test_a_trace_that_cannot_be_drawn_is_no_picture_and_no_error(trace: object) -> None:
    check = CheckResult(judge.FAILED, False, "why", "f()", "1", "2", trace=trace)
    obeys(page_of(result(check)))


# ---- what helps


def test_the_schedule_that_fails_is_drawn_and_listed() -> None:
    read = obeys(page_of(graded.mutants()["6b"]))
    assert "the schedule that fails" in read.text
    assert any("A loads taslock.flag" in line for line in read.text.splitlines() or [read.text])
    assert "what was true when I looked is still true when I act" in read.text
    assert "explore(counting(TasLock), runs=2000).play()" in read.text


def test_of_a_deadlock_one_sees_who_waits_for_whom() -> None:
    read = obeys(page_of(graded.mutants()["8b"]))
    assert "who waits for whom" in read.text
    assert "A waits for Mutex 'account 2', which B holds" in read.text
    plain = obeys(page_of(graded.mutants()["7c"]))
    assert "A waits for a notify of Condition 'opened'" in plain.text
    assert "main waits for the end of thread 'A'" in plain.text


def test_waits_and_their_circle_are_read_from_words() -> None:
    words = "'A' waits for Mutex 'm', held by 'B'; 'B' waits for Mutex 'n', held by 'C' and 'A'; "
    words += "'main' waits for the end of thread 'A'."
    found = pictures.waits(words)
    assert [each.thread for each in found] == ["A", "B", "main"]
    assert found[1].holders == ("C", "A")
    assert [each.thread for each in pictures.circle(found)] == ["A", "B"]
    assert pictures.circle(found[1:]) == []
    assert "<svg" in pictures.ring(pictures.circle(found))
    assert pictures.ring([]) == ""


def test_partial_credit_is_told_check_by_check() -> None:
    got = graded.mutants()["6b"]
    read = obeys(page_of(got))
    assert f"{got.points:g} of {got.out_of:g} points" in read.text
    assert "3 of 5 checks pass, each worth 1 point." in read.text
    assert read.text.count("0 of 1") == 2


@pytest.mark.parametrize("state", judge.STATES)
def test_every_state_has_a_sign_and_says_what_it_means(state: str) -> None:
    assert len({MARKS[each] for each in judge.STATES}) == len(judge.STATES)
    read = obeys(page_of(result(CheckResult(state, False, "why", "f()"), state=state)))
    assert f"{MARKS[state]} {state}" in read.text
    if state not in (judge.PASSED, judge.FAILED):
        assert MEANINGS[state].means in read.text
        assert MEANINGS[state].attempt in read.text


def test_whoever_is_looked_at_is_not_accused() -> None:
    seen = ("reads stack frames: 6b-solution, line 4",)
    said = "it passes, and something looks like tampering: a person decides"
    read = obeys(page_of(result(CheckResult(judge.REVIEW, False, said, "f()"), state=judge.REVIEW, evidence=seen)))
    assert "That is no verdict." in read.text
    assert "reads stack frames, in 6b-solution, line 4" in read.text
    assert not any(word in read.text.lower() for word in ("cheat", "hack", "attack", "malicious", "tamper", "suspic"))


def test_an_unreadable_notebook_says_why_at_the_top() -> None:
    read = obeys(page_of(trouble="the file is empty: save the notebook, and hand it in again"))
    assert "could not be graded: the file is empty" in read.text


# ---- names of files


NAMES = [
    "Ada", "ada", "ADA", "Élodie", "E\u0301lodie", "\ufb01n", "fin", "../../etc/passwd", "..", ".", "", " ", "a/b", "a\\b", "a:b",
    "a_b", "CON", "nul.txt", "x" * 300, "x" * 301, "王" * 100, "🧵" * 90, "tab\there", "nul\0", "\u202eevil", "dot.", "dot",
    "\udcff", "-rf", "Ada Lovelace",
]  # fmt: skip


def test_two_students_never_share_a_folder_and_none_leaves_it() -> None:
    names = folder_names(NAMES)
    assert len(names) == len(NAMES)
    assert len({name.casefold() for name in names.values()}) == len(NAMES)
    for name in names.values():
        assert not set(name) & set('/\\:*?"<>|\0\t\u202e')
        assert name
        assert name.strip(". ") == name
        assert len(name.encode()) < 200
        assert name.split(".")[0].lower() not in ("con", "nul")
    assert names["Ada Lovelace"] == "Ada Lovelace"


def test_each_student_and_lesson_gets_a_page_where_it_belongs(tmp_path: Path) -> None:
    grades = [graded.grade_of(name, lesson, [], trouble="x") for name in NAMES for lesson in (6, 7)]
    assert write_feedback(tmp_path / "feedback", kit.course(), grades) == 2 * len(NAMES)
    assert len(graded.pages_of(tmp_path)) == len(graded.pages_of(tmp_path / "feedback")) == 2 * len(NAMES)
