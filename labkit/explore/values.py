"""What the names in a failing line were worth, so that an AssertionError without words still says something."""

from __future__ import annotations

import ast
import linecache
from types import FrameType, TracebackType
from typing import Any

from labkit.explore.failures import is_ours

_PLAIN = (int, float, str, bytes, bool, type(None), list, tuple, dict, set, frozenset)
_LOOKS = {"len": len, "sum": sum, "sorted": sorted, "min": min, "max": max}
SHOWN_MOST = 60
"""Characters of a value that are shown."""


class _Unknown(Exception):
    """A value cannot be told without running the student's code again."""


def failing_values(error: BaseException) -> str:
    """What a failing `assert balance == 160` compared, such as "balance is 110"; "" if nothing can be told."""
    if not isinstance(error, AssertionError):
        return ""
    frame, line = _where(error.__traceback__)
    if frame is None:
        return ""
    test = _test(frame.f_code.co_filename, line)
    said: list[str] = []
    for part in _parts(test) if test is not None else ():
        try:
            value = repr(_value(part, frame))
        except (_Unknown, Exception):
            continue
        sentence = f"{ast.unparse(part)} is {value}"
        if len(value) <= SHOWN_MOST and sentence not in said:
            said.append(sentence)
    return ", ".join(said[:4])


def _where(tb: TracebackType | None) -> tuple[FrameType | None, int]:
    frame, line = None, 0
    while tb is not None:
        if not is_ours(tb.tb_frame.f_code.co_filename):
            frame, line = tb.tb_frame, tb.tb_lineno
        tb = tb.tb_next
    return frame, line


def _test(file: str, line: int) -> ast.expr | None:
    """What the assert in this line asserts."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:
        return None
    asserts = [n for n in ast.walk(tree) if isinstance(n, ast.Assert) and n.lineno <= line <= (n.end_lineno or n.lineno)]
    return asserts[-1].test if asserts else None


def _parts(test: ast.expr) -> list[ast.expr]:
    """The sides of its comparisons that are no constants."""
    found: list[ast.expr] = []
    stack: list[ast.expr] = [test]
    while stack:
        node = stack.pop(0)
        if isinstance(node, ast.BoolOp):
            stack = [*node.values, *stack]
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            stack.insert(0, node.operand)
        elif isinstance(node, ast.Compare):
            found += [side for side in (node.left, *node.comparators) if not _constant(side)]
        elif not _constant(node):
            found.append(node)
    return found


def _constant(node: ast.expr) -> bool:
    return all(isinstance(n, (ast.Constant, ast.expr_context, ast.operator, ast.unaryop, ast.BinOp, ast.UnaryOp, ast.Tuple,
                              ast.List, ast.Set, ast.Dict)) for n in ast.walk(node))  # fmt: skip


def _value(node: ast.expr, frame: FrameType) -> Any:
    """The value of an expression that runs none of the student's code."""
    match node:
        case ast.Constant():
            return node.value
        case ast.Name(id=name):
            value = frame.f_locals[name] if name in frame.f_locals else frame.f_globals[name]
        case ast.Attribute(value=inside, attr=name):
            value = vars(_value(inside, frame))[name]
        case ast.Subscript(value=inside, slice=index):
            value = _plain(_value(inside, frame))[_value(index, frame)]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            value = _plain(_value(left, frame)) + _plain(_value(right, frame))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in _LOOKS:
            value = _LOOKS[name](_plain(_value(argument, frame)))  # type: ignore[operator]
        case _:
            raise _Unknown
    return value


def _plain(value: Any) -> Any:
    if type(value) not in _PLAIN:
        raise _Unknown
    return value
