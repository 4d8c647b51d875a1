"""The texts of a solution: who gives them, what is no text, and what in one a person should read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from labkit.course.build import read_cells
from labkit.grading import texts
from labkit.grading.doubts import doubts
from labkit.grading.plan import Problem, plan
from tests.labkit.grading import kit

WHAT = {"2e": "run", "4e": "check_switch", "10c": "module", "12d": "module"}
"""Exercises whose solutions give C and nothing else, and how it is run."""
MIXED = {"12b"}
"""Exercises with Python of the student's beside the C: it is judged as in any other exercise, and starts nothing either."""


def everywhere() -> list[Problem]:
    return [problem for lesson in kit.course().lessons for problem in plan(kit.course(), lesson)]


def test_an_exercise_with_c_gives_texts_or_is_known_to_do_more() -> None:
    with_c = {each.exercise.id: each for each in everywhere() if {"cc", "qemu"} & set(each.needs)}
    assert {id for id, each in with_c.items() if texts.only_texts(each)} == set(WHAT)
    assert {id for id, each in with_c.items() if not texts.only_texts(each)} == MIXED
    assert all(each.runs_c for each in with_c.values()), "its cells call native.run(), check_switch() or qemu.boot()"


def given(source: str) -> list[str]:
    names: dict[str, Any] = {}
    exec(source, names)
    return [names[name]() for name in names if callable(names[name])]


@pytest.mark.parametrize("id", WHAT)
def test_what_is_right_raises_no_doubt(id: str) -> None:
    lesson = kit.course().lesson_of(id)
    assert lesson is not None
    path = Path(__file__).parents[2] / "exercises" / "variants" / f"{lesson.number:02d}" / f"{id}.py"
    sources = [kit.solutions(lesson.number)[id], *(cell.source for cell in read_cells(path) if cell.kind == "code")]
    for source in sources:
        for text in given(source):
            assert doubts(text, WHAT[id]) == [], source


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("static void start(void) { exit(0); }", "exit"),
        ("static void start(void) { ex\\\nit(0); }", "exit"),
        ("#define leave(x) ex ## it(x)\n", "#define"),
        ("%:define leave exit\n", "#define"),
        ('__asm__("syscall");', "__asm__"),
        ("__attribute__((constructor)) static void first(void) { }", "__attribute__"),
        ('static void work(void) { printf("0"); }', "printf"),
        ("static void work(void) { \\u0065xit(0); }", "\\u"),
    ],
)
def test_what_could_feign_a_result_is_named(text: str, word: str) -> None:
    assert f"uses {word} in its C text, which this exercise does not need" in doubts(text, "run")


def test_words_in_comments_and_strings_are_no_deeds() -> None:
    assert doubts('/* exit */ int x; // printf\nstatic const char *s = "exit";', "run") == []


@pytest.mark.parametrize("line", ["syscall", ".byte 0x0f, 0x05", "call puts", "jmp there", "mov lost(%rip), %rax", "int $0x80"])
def test_assembly_that_is_no_context_switch_is_named(line: str) -> None:
    assert len(doubts(f"uthread_switch:\n    push %rbx # one\n    {line}\n    ret\n", "check_switch")) == 1


def test_what_is_no_text_is_told_in_a_sentence() -> None:
    assert "its return is missing" in texts.trouble({"f": ["NoneType"]})
    assert "bytes" in texts.trouble({"f": ["bytes"]})
    assert "no C text can hold" in texts.trouble({"f": "\ud800"})
    assert "more than" in texts.trouble({"f": "x" * (texts.TEXT_MOST + 1)})
    assert texts.trouble({"f": "int x;"}) == ""
