"""What the text of a program says about two of its lines: is what one reads used by the other, is it a test for it?"""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator
from functools import lru_cache

LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def updates(file: str, read: int, write: int) -> bool:
    """Whether what is written in one line was computed from what was read in the other: x = x + 1, or with a variable between."""
    function = _around(file, read, write)
    if function is None:
        return False
    statement = _statement(function, write)
    if read == write:
        return isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr))
    value = statement.value if isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr)) else None
    return value is not None and _uses(value, _carried(function, read))


def tests(file: str, read: int, act: int) -> str:
    """How what is read in one line decides whether the other is reached: "if", "while", or "" if it does not."""
    function = _around(file, read, act)
    if function is None:
        return ""
    carried = _carried(function, read)
    for node in ast.walk(function):
        if isinstance(node, (ast.If, ast.While)) and (_covers(node.test, read) or _uses(node.test, carried)):
            inside = node.lineno < act <= _end(node) or (act == node.lineno == _end(node) and _covers(node.test, read))
            beyond = act > _end(node) and (isinstance(node, ast.While) or isinstance(node.body[-1], LEAVES))
            if (inside or beyond) and not (_covers(node.test, act) and _end(node) > act):
                return "if" if isinstance(node, ast.If) else "while"
    return ""


def is_test(file: str, line: int) -> bool:
    """Whether a line is the test of an if, a while or an assert."""
    tree = _tree(file, "".join(linecache.getlines(file)))
    if tree is None:
        return False
    return any(isinstance(n, (ast.If, ast.While, ast.Assert)) and _covers(n.test, line) for n in ast.walk(tree))


def argument(file: str, line: int) -> str:
    """What len(...), sum(...) and the like in this line are called with; "" if that is not plain, or more than one thing."""
    tree = _tree(file, "".join(linecache.getlines(file)))
    calls = [n for n in ast.walk(tree or ast.Module([], [])) if isinstance(n, ast.Call) and n.lineno == line and n.args]
    plain = [
        n.args[0]
        for n in calls
        if isinstance(n.func, ast.Name) and isinstance(n.args[0], (ast.Name, ast.Attribute, ast.Subscript))
    ]
    found = {ast.unparse(thing) for thing in plain}
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=64)
def _tree(file: str, text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except SyntaxError:
        return None


def _around(file: str, *lines: int) -> ast.AST | None:
    """The smallest function around these lines."""
    tree = _tree(file, "".join(linecache.getlines(file)))
    if tree is None:
        return None
    functions = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    found = [n for n in functions if all(_covers(n, x) for x in lines)]
    return min(found, key=lambda n: _end(n) - n.lineno, default=None)


def _covers(node: ast.AST, line: int) -> bool:
    return bool(getattr(node, "lineno", line + 1) <= line <= _end(node))


def _end(node: ast.AST) -> int:
    end = getattr(node, "end_lineno", None) or getattr(node, "lineno", 0)
    return end if isinstance(end, int) else 0


def _statement(function: ast.AST, line: int) -> ast.stmt | None:
    found = [n for n in ast.walk(function) if isinstance(n, ast.stmt) and _covers(n, line)]
    found.reverse()  # Why: of `for i in r: x += 1` in one line, the inner statement
    return min(found, key=lambda n: _end(n) - n.lineno, default=None)


def _carried(function: ast.AST, line: int) -> set[str]:
    """The variables that hold what was read in a line, or something computed from it."""
    names = {name for target, value in _bindings(function) if _covers(value, line) for name in _names(target)}
    while True:
        more = {name for target, value in _bindings(function) if _uses(value, names) for name in _names(target)}
        if more <= names:
            return names
        names |= more


def _bindings(function: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            yield from ((target, node.value) for target in node.targets)
        elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
            yield node.target, node.value


def _names(target: ast.expr) -> set[str]:
    """Variables that are bound; not the x of x[0] = ... or x.a = ..."""
    return {n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def _uses(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id in names for n in ast.walk(node))
