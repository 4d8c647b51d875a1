"""The source of a function: its syntax tree, found in the file, cell or text that it was made from."""

from __future__ import annotations

import ast
import copy
import inspect
import types
from collections.abc import Iterator
from typing import NamedTuple

from labkit.explore.scopes import FUNCTIONS

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class NoSource(Exception):
    """A function whose source cannot be found."""


class Found(NamedTuple):
    """A function's syntax tree, with the line numbers of its file."""

    node: Function
    filename: str
    class_name: str
    """The class around it: names such as self.__x are written with it; "" outside of classes."""


_parsed: dict[str, tuple[list[str], dict[tuple[str, int], list[tuple[Function, str]]]]] = {}
"""file → (its lines, (name, first line) → functions): a file is parsed once, until its lines change."""


def source_of(function: types.FunctionType) -> Found:
    """The syntax tree of a function, its own copy.

    Raises:
        NoSource: there is none: a C function, or a text that was exec'd and is gone.
    """
    code = function.__code__
    try:
        lines, _ = inspect.findsource(function)
        found = _functions(code.co_filename, lines).get((code.co_name, code.co_firstlineno), [])
    except (OSError, TypeError, SyntaxError):
        raise NoSource(function.__qualname__) from None
    if len(found) > 1:
        found = [f for f in found if _stands_there(f[0], code)]
    if len(found) != 1 or not _same_names(found[0][0], code):
        raise NoSource(function.__qualname__)
    node, class_name = found[0]
    return Found(copy.deepcopy(node), code.co_filename, class_name)


def _functions(filename: str, lines: list[str]) -> dict[tuple[str, int], list[tuple[Function, str]]]:
    known = _parsed.get(filename)
    if known is not None and known[0] is lines:
        return known[1]
    return know(filename, lines, ast.parse("".join(lines)))


def know(filename: str, lines: list[str], tree: ast.AST) -> dict[tuple[str, int], list[tuple[Function, str]]]:
    """Remember what functions a text has: those of a tree that may have been made from it by hand, as %%explore does."""
    found: dict[tuple[str, int], list[tuple[Function, str]]] = {}
    for node, class_name in _walk(tree, ""):
        if isinstance(node, ast.Lambda):
            key = ("<lambda>", node.lineno)
        else:
            key = (node.name, min([node.lineno, *(d.lineno for d in node.decorator_list)]))
        found.setdefault(key, []).append((node, class_name))
    _parsed[filename] = (lines, found)
    return found


def _walk(node: ast.AST, class_name: str) -> Iterator[tuple[Function, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, FUNCTIONS):
            yield child, class_name
        yield from _walk(child, child.name if isinstance(child, ast.ClassDef) else class_name)


def _stands_there(node: Function, code: types.CodeType) -> bool:
    """Of several lambdas on one line, the one that stands in the same columns."""
    body = node.body if isinstance(node, ast.Lambda) else node
    assert isinstance(body, (ast.expr, ast.stmt))
    columns = [p[2] for p in code.co_positions() if p[0] == node.lineno and p[2] is not None and p[3] != p[2]]
    return bool(columns) and min(columns) >= body.col_offset and max(columns) <= (body.end_col_offset or 0)


def _same_names(node: Function, code: types.CodeType) -> bool:
    """Whether the file still says what the function was made from, as far as its arguments tell."""
    args = node.args
    wanted = [a.arg for a in [*args.posonlyargs, *args.args, *args.kwonlyargs]]
    seen = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    return len(wanted) == len(seen) and all(a == b or a.startswith("__") for a, b in zip(wanted, seen, strict=True))
