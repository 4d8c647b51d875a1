"""The texts that a student's solution gives, C or assembly: asked for once, and put in the place of the student's Python.

An exercise whose functions take nothing and return text needs the student's Python only to be told the texts. The checks then
run with functions that return these very texts, so that what is judged is the C and nothing else.
"""

from __future__ import annotations

import ast
from typing import Any, Final

from labkit.grading.asking import HAND_OVER
from labkit.grading.plan import Check, Problem

TEXT_MOST: Final = 100_000
LIMIT_S: Final = 5.0
OUTSIDE: Final = {"cc", "qemu"}


def givers(problem: Problem) -> list[str]:
    """Functions of the exercise that take nothing: what may give a text."""
    return [each.name for each in _functions(problem.stub) if not _takes(each)]


def only_texts(problem: Problem) -> bool:
    """Whether the solution is made of functions that give a text and of nothing else; by their names, that is what they do."""
    body = ast.parse(problem.stub).body
    functions = _functions(problem.stub)
    whole = len(functions) == len(body) and not any(map(_takes, functions))
    return whole and bool(OUTSIDE & set(problem.needs))


def asking(problem: Problem) -> Check:
    """The check that has the texts handed over. A function that is not written yet leaves the same error as in any check."""
    told = ", ".join(f"{name!r}: {name}()" for name in givers(problem))
    return Check(f"{HAND_OVER}({{{told}}})", None, "the functions must give their texts", limit_s=LIMIT_S)


def trouble(texts: dict[str, Any]) -> str:
    """What is wrong with the texts, if they are none; for the student."""
    for name, text in texts.items():
        if not isinstance(text, str):
            kind = text[0] if isinstance(text, list) and text else "something else"
            said = "None: its return is missing" if kind == "NoneType" else f"a value of type {kind}"
            return f"{name}() must return a text, and gave {said}"
        if len(text) > TEXT_MOST:
            return f"{name}() returns {len(text):,} characters: more than {TEXT_MOST:,} are not compiled"
        if "\0" in text or text.encode("utf-8", "replace").decode() != text:
            return f"{name}() returns characters that no C text can hold"
    return ""


def stand_ins(problem: Problem, texts: dict[str, str]) -> dict[str, str]:
    """Solutions that give these texts: exercise id → source."""
    return {problem.exercise.id: "".join(f"def {name}():\n    return {text!r}\n\n\n" for name, text in texts.items())}


def _functions(source: str) -> list[ast.FunctionDef]:
    return [each for each in ast.parse(source).body if isinstance(each, ast.FunctionDef)]


def _takes(function: ast.FunctionDef) -> bool:
    given = function.args
    return bool(given.args or given.posonlyargs or given.kwonlyargs or given.vararg or given.kwarg)
