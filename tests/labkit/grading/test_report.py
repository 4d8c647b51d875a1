"""The instructor's page about a class: right counts, need first, nobody named where nobody is to be named."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from labkit.cli import main
from labkit.grading import charts, judge
from labkit.grading.exercise import Result
from labkit.grading.feedback import write_feedback
from labkit.grading.gradebook import Gradebook
from labkit.grading.report import report_page, write_report
from labkit.grading.summary import summarise, without_quotes
from labkit.grading.tables import Grade
from tests.labkit.grading import graded, kit
from tests.labkit.grading.pagelaws import obeys


def passed(result: Result) -> Result:
    checks = tuple(
        replace(check, state=judge.PASSED, mistake="", reason="", explanation="", trace=None) for check in result.checks
    )
    return replace(result, state=judge.PASSED, points=result.out_of, checks=checks)


def a_class(size: int) -> list[Grade]:
    """So many students, who pass with a probability of their own."""
    rng, found = random.Random(7), []
    for number in range(size):
        skill = rng.random()
        for lesson in (6, 7, 8):
            mine = [each for id, each in graded.mutants().items() if id.startswith(str(lesson))]
            results = [passed(each) if rng.random() < skill else each for each in mine]
            found.append(graded.grade_of(f"Zoë <b>{number}</b>", lesson, results))
    return found


def test_a_class_of_300_is_one_page_of_bounded_size() -> None:
    page = report_page(kit.course(), a_class(300))
    read = obeys(page)
    assert len(page) < 600_000
    assert "300" in read.text
    assert all(f"Zoë <b>{number}</b>" in read.text for number in range(300))


def test_counts_are_those_of_the_gradebook() -> None:
    grades = a_class(20)
    summary = summarise(kit.course(), grades)
    results = [row.result for grade in grades for row in grade.rows]
    assert sum(sum(each.states.values()) for each in summary.exercises) == len(results)
    assert sum(each.points for each in summary.students) == pytest.approx(sum(each.points for each in results))
    for each in summary.exercises:
        failed = sum(result.exercise == each.id and result.state != judge.PASSED for result in results)
        assert len(each.shares) - each.states[judge.PASSED] == failed


def test_need_comes_first() -> None:
    summary = summarise(kit.course(), a_class(40))
    points = [each.points for each in summary.students]
    assert points == sorted(points)
    means = [each.mean for each in summary.exercises if each.lesson == 7]
    assert means == sorted(means)
    common = [len(each.students) for each in summary.ideas]
    assert common == sorted(common, reverse=True)


def test_an_idea_is_counted_once_for_each_student_who_shows_it() -> None:
    grades = [graded.grade_of(name, 6, [graded.mutants()["6b"]]) for name in ("ada", "bob", "eve")]
    (idea,) = summarise(kit.course(), grades).ideas
    assert idea.students == {"ada", "bob", "eve"}
    assert idea.exercises == {"6b": 3}
    read = obeys(report_page(kit.course(), grades))
    assert idea.idea.idea in read.text
    assert next(check.why for check in graded.mutants()["6b"].checks if check.state != judge.PASSED) in read.text


def test_what_a_person_must_decide_is_there_with_evidence_and_file() -> None:
    odd = replace(
        graded.mutants()["6b"], state=judge.REVIEW, points=0.0, earns=5.0, evidence=("reads stack frames: 6b-solution, line 4",)
    )
    read = obeys(
        report_page(kit.course(), [graded.grade_of("ada", 6, [odd]), graded.grade_of("bob", 6, [graded.mutants()["6a"]])])
    )
    section = read.text.partition("For you to decide")[2]
    for words in ("ada", "in/ada/06.ipynb", "reads stack frames: 6b-solution, line 4", "0, 5 if right"):
        assert words in section
    assert "in/bob/06.ipynb" not in read.text


def test_unreadable_notebooks_and_time_outs_are_told() -> None:
    slow = graded.mutants()["6b"]
    slow = replace(
        slow, state=judge.TIMEOUT, checks=(replace(slow.checks[0], state=judge.TIMEOUT), *slow.checks[1:]), seconds=20.0
    )
    grades = [graded.grade_of("eve", 0, [], trouble="the file is empty"), graded.grade_of("ada", 6, [slow])]
    read = obeys(report_page(kit.course(), grades))
    assert "the file is empty" in read.text
    assert "ada" in read.text.rpartition("Slowest to grade")[0].rpartition("Out of time")[2]
    assert "20.0 s" in read.text


def test_anonymous_names_nobody_and_repeats_no_word_of_a_student() -> None:
    mine = graded.mutants()["6b"]
    words = "Ada-was-here"
    check = replace(mine.checks[0], reason=words, got=words, explanation=words, schedule=words)
    odd = replace(
        mine, state=judge.REVIEW, checks=(check, *mine.checks[1:]), evidence=(words, f"opens /proc/{words}"), output=words
    )
    trouble = f"the zip file names it '{words}.ipynb', a place outside of it"
    grades = [
        graded.grade_of(words, 6, [odd]), graded.grade_of(words, 0, [], trouble=trouble),
        graded.grade_of("Bob", 6, [replace(odd, state=judge.TIMEOUT)], remarks={"": [words]}),
    ]  # fmt: skip
    page = report_page(kit.course(), grades, anonymous=True)
    obeys(page)
    assert words not in page
    assert "Bob" not in page
    assert "feedback/" not in page
    assert "student 1" in page
    assert words in report_page(kit.course(), grades)


def test_a_trouble_keeps_no_name_of_a_file() -> None:
    assert "x.ipynb" not in without_quotes("named 'a \"b\" x.ipynb', odd") + without_quotes('named "it\'s x.ipynb", odd')


def test_links_lead_to_pages_that_are_there(tmp_path: Path) -> None:
    grades = a_class(3) + [
        graded.grade_of("../x y#?%20ü", 6, [graded.mutants()["6b"]]),
        graded.grade_of("eve", 0, [], trouble="x"),
    ]
    write_feedback(tmp_path / "feedback", kit.course(), grades)
    write_report(tmp_path / "report.html", kit.course(), grades)
    from urllib.parse import unquote

    links = re.findall(r'href="(feedback/[^"]+)"', (tmp_path / "report.html").read_text(encoding="utf-8"))
    assert links
    for link in links:
        assert (tmp_path / unquote(link)).is_file(), link


def test_a_distribution_counts_everybody_once() -> None:
    shares = [0.0, 0.05, 0.1, 0.5, 0.999, 1.0, 1.0]
    assert charts.binned(shares) == [2, 1, 0, 0, 0, 1, 0, 0, 0, 3]
    assert "90 to 100 %: 3" in charts.histogram(shares, "students")
    assert charts.binned([0.1 + 0.2]) == charts.binned([0.3])


def test_a_class_that_handed_in_nothing_readable_still_has_a_page() -> None:
    obeys(report_page(kit.course(), [graded.grade_of("eve", 0, [], trouble="the file is empty")]))
    obeys(report_page(kit.course(), []))


def test_the_command_says_what_it_needs(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["report", str(tmp_path / "none")])
    assert done.exit_code == 1
    assert "labkit grade" in done.output
    Gradebook(tmp_path / "grades.sqlite").close()
    done = CliRunner().invoke(main, ["report", str(tmp_path)])
    assert done.exit_code == 1
    assert "no submission" in done.output
