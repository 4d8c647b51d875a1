"""The part of a program's text that a person wants to see while it runs: the cell, or of a long file what is taken part in."""

from __future__ import annotations

import ast
import inspect
import linecache
from collections.abc import Callable, Iterable
from typing import Any

WHOLE_MOST = 60
"""A file or a cell of so many lines is shown whole."""
LINES_MOST = 400


def listing(main: Callable[[], Any], stood: Iterable[tuple[str, int]]) -> tuple[str, int]:
    """The text to show, and the number of its first line; no text if there is none.

    Args:
        main: the program.
        stood: file and line of what threads did.
    """
    code = getattr(inspect.unwrap(main), "__code__", None)
    if code is None:
        return "", 1
    text = linecache.getlines(code.co_filename)
    if not text:
        return "", 1
    first, last = 1, len(text)
    if last > WHOLE_MOST:
        wanted = {line for file, line in stood if file == code.co_filename} | {code.co_firstlineno}
        first, last = _around(text, wanted)
    return "".join(text[first - 1 : min(last, first + LINES_MOST - 1)]), first


def _around(text: list[str], wanted: set[int]) -> tuple[int, int]:
    """First and last line of the statements at the top of a file that these lines are in."""
    try:
        body = ast.parse("".join(text)).body
    except SyntaxError:
        return min(wanted), max(wanted)
    found = []
    for node in body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        last = node.end_lineno or node.lineno
        if any(first <= line <= last for line in wanted):
            found.append((first, last))
    return (min(f for f, _ in found), max(last for _, last in found)) if found else (min(wanted), max(wanted))
