"""Budgets: a file, a function and a view stay small enough to be read in one sitting."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

import pytest

LABKIT = Path(__file__).parents[2] / "labkit"

FILE_LINES = 400
FILE_MEDIAN_LINES = 120
FUNCTION_LINES = 60
VIEW_LINES = 300
SCHEDULER_LINES = 1000
"""machines/ and policies/ together: "you can read the whole scheduler in one evening"."""


def lines(file: Path) -> int:
    """How many lines a file has."""
    return len(file.read_text(encoding="utf-8").splitlines())


def long_files(folder: Path, pattern: str, most: int) -> list[str]:
    """The files that are over a budget of lines."""
    return [
        f"{f.relative_to(folder)}: {lines(f)} lines, at most {most}" for f in sorted(folder.rglob(pattern)) if lines(f) > most
    ]


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a module."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def long_functions(folder: Path, most: int) -> list[str]:
    """The functions that are over a budget of lines, docstring included."""
    found = []
    for file in sorted(folder.rglob("*.py")):
        for function in functions(ast.parse(file.read_text(encoding="utf-8"))):
            size = (function.end_lineno or function.lineno) - function.lineno + 1
            if size > most:
                found.append(f"{file.relative_to(folder)}:{function.lineno} {function.name}: {size} lines, at most {most}")
    return found


def median_lines(folder: Path) -> float:
    """The middle length of the Python files; empty ones do not count."""
    return statistics.median([n for n in map(lines, folder.rglob("*.py")) if n] or [0])


def full_lines(*folders: Path) -> int:
    """Lines with something on them, in all Python files of some folders."""
    files = [file for folder in folders for file in folder.rglob("*.py")]
    return sum(1 for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip())


def test_no_file_is_too_long() -> None:
    assert long_files(LABKIT, "*.py", FILE_LINES) == []


def test_the_middle_file_is_short() -> None:
    assert median_lines(LABKIT) <= FILE_MEDIAN_LINES


def test_no_function_is_too_long() -> None:
    assert long_functions(LABKIT, FUNCTION_LINES) == []


def test_no_view_is_too_long() -> None:
    assert long_files(LABKIT / "views", "*.js", VIEW_LINES) == []


def test_the_scheduler_reads_in_one_evening() -> None:
    assert full_lines(LABKIT / "machines", LABKIT / "policies") <= SCHEDULER_LINES


@pytest.fixture
def fat(tmp_path: Path) -> Path:
    """A folder that breaks every budget of 5 lines."""
    (tmp_path / "fat.py").write_text("def grow() -> None:\n" + "    pass\n\n" * 5, encoding="utf-8")
    (tmp_path / "fat.js").write_text("//\n" * 6, encoding="utf-8")
    (tmp_path / "empty.py").write_text("", encoding="utf-8")
    return tmp_path


def test_budgets_see_what_is_too_long(fat: Path) -> None:
    assert long_files(fat, "*.py", 5) == ["fat.py: 11 lines, at most 5"]
    assert long_files(fat, "*.js", 5) == ["fat.js: 6 lines, at most 5"]
    assert long_functions(fat, 5) == ["fat.py:1 grow: 10 lines, at most 5"]
    assert median_lines(fat) == 11
    assert full_lines(fat) == 6


def test_budgets_let_pass_what_just_fits(fat: Path) -> None:
    assert long_files(fat, "*.py", 11) == []
    assert long_functions(fat, 10) == []
