"""Which variable a name means: the function's own, an outer function's, or a global. Python's scoping rules on a syntax tree.

The language reference, section 4.2 "Naming and binding" (3.11): a name bound anywhere in a function is the function's own,
unless declared global or nonlocal; class bodies are not seen from the functions in them; a comprehension is a function.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class Scope:
    """A function, a lambda, a comprehension or a class body.

    Attributes:
        bound: names that are its own.
        captured: those of them that an inner function uses too.
        number: distinguishes the scopes of one rewriting.
    """

    def __init__(self, node: ast.AST, parent: Scope | None, number: int) -> None:
        self.node = node
        self.parent = parent
        self.number = number
        self.bound: set[str] = set()
        self.outside: set[str] = set()  # declared nonlocal
        self.globals: set[str] = set()
        self.captured: set[str] = set()
        self.is_class = isinstance(node, ast.ClassDef)
        self.is_comprehension = isinstance(node, COMPREHENSIONS)

    def owner(self, name: str) -> Scope | None:
        """The scope whose own the name is, seen from here; None for a global."""
        if name in self.globals:
            return None
        if name in self.bound and name not in self.outside:
            return self
        scope = self.parent
        while scope is not None:
            if not scope.is_class:
                if name in scope.globals:
                    return None
                if name in scope.bound and name not in scope.outside:
                    return scope
            scope = scope.parent
        return None

    def function(self) -> Scope:
        """The nearest scope that is no comprehension: where a statement can stand."""
        scope = self
        while scope.is_comprehension and scope.parent is not None:
            scope = scope.parent
        return scope


def scopes_of(root: ast.AST, free: set[str]) -> dict[ast.AST, Scope]:
    """Every scope in a function, with what each name means settled. `free` are names of functions around it."""
    around = Scope(ast.Module([], []), None, 0)
    around.bound = set(free)
    found: dict[ast.AST, Scope] = {}
    uses: list[tuple[Scope, str]] = []

    def enter(node: ast.AST, parent: Scope) -> None:
        scope = found[node] = Scope(node, parent, len(found) + 1)
        if isinstance(node, FUNCTIONS):
            scope.bound |= {a.arg for a in _arguments(node.args)}
            inside = [node.body] if isinstance(node, ast.Lambda) else node.body
        elif isinstance(node, COMPREHENSIONS):
            inside = [*_elements(node), *(g.target for g in node.generators), *(i for g in node.generators for i in g.ifs)]
            inside += [g.iter for g in node.generators[1:]]
        else:
            assert isinstance(node, ast.ClassDef)
            inside = node.body
        for part in inside:
            visit(part, scope)

    def visit(node: ast.AST, scope: Scope) -> None:
        if isinstance(node, ast.Name):
            uses.append((scope, node.id))
            if not isinstance(node.ctx, ast.Load):
                scope.bound.add(node.id)
        elif isinstance(node, ast.NamedExpr):
            scope.function().bound.add(node.target.id)
            uses.append((scope, node.target.id))
            visit(node.value, scope)
            return
        elif isinstance(node, ast.Global):
            scope.globals |= set(node.names)
        elif isinstance(node, ast.Nonlocal):
            scope.outside |= set(node.names)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            scope.bound |= {(a.asname or a.name).split(".")[0] for a in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            scope.bound.add(node.name)
        elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
            scope.bound.add(node.name)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            scope.bound.add(node.name)
            for part in _evaluated_outside(node):
                visit(part, scope)
            enter(node, scope)
            return
        if isinstance(node, ast.Lambda):
            for part in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
                visit(part, scope)
            enter(node, scope)
            return
        if isinstance(node, COMPREHENSIONS):
            visit(node.generators[0].iter, scope)
            enter(node, scope)
            return
        for child in ast.iter_child_nodes(node):
            visit(child, scope)

    enter(root, around)
    for scope, name in uses:
        owner = scope.owner(name)
        if owner is not None and owner is not scope:
            owner.captured.add(name)
    found[around.node] = around
    return found


def _arguments(args: ast.arguments) -> Iterator[ast.arg]:
    yield from [*args.posonlyargs, *args.args, *args.kwonlyargs]
    yield from filter(None, [args.vararg, args.kwarg])


def _elements(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.DictComp):
        return [node.key, node.value]
    assert isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp))
    return [node.elt]


def _evaluated_outside(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[ast.expr]:
    """What stands at a definition and is computed where the definition is: decorators, defaults, bases."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]
    return [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
