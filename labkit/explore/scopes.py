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
    walk = _Walk()
    walk.enter(root, around)
    for scope, name in walk.uses:
        owner = scope.owner(name)
        if owner is not None and owner is not scope:
            owner.captured.add(name)
    walk.found[around.node] = around
    return walk.found


class _Walk(ast.NodeVisitor):
    """Goes through a function and notes who binds and who uses which name."""

    def __init__(self) -> None:
        self.found: dict[ast.AST, Scope] = {}
        self.uses: list[tuple[Scope, str]] = []
        self.scope = Scope(ast.Module([], []), None, 0)

    def enter(self, node: ast.AST, parent: Scope) -> None:
        outer = self.scope
        scope = self.scope = self.found[node] = Scope(node, parent, len(self.found) + 1)
        for part in _inside(node, scope):
            self.visit(part)
        self.scope = outer

    def visit_Name(self, node: ast.Name) -> None:
        self.uses.append((self.scope, node.id))
        if not isinstance(node.ctx, ast.Load):
            self.scope.bound.add(node.id)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.scope.function().bound.add(node.target.id)
        self.uses.append((self.scope, node.target.id))
        self.visit(node.value)

    def visit_Global(self, node: ast.Global) -> None:
        self.scope.globals |= set(node.names)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self.scope.outside |= set(node.names)

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        self.scope.bound |= {(a.asname or a.name).split(".")[0] for a in node.names}

    def _bind(self, node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar) -> None:
        if node.name:
            self.scope.bound.add(node.name)
        self.generic_visit(node)

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self.scope.bound.add(node.name)
        self._enter(node)

    def _enter(self, node: ast.AST) -> None:
        for part in _evaluated_outside(node):
            self.visit(part)
        self.enter(node, self.scope)

    visit_Import = visit_ImportFrom = _import  # noqa: N815
    visit_ExceptHandler = visit_MatchAs = visit_MatchStar = _bind  # noqa: N815
    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _define  # noqa: N815
    visit_Lambda = visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _enter  # noqa: N815


def _inside(node: ast.AST, scope: Scope) -> list[ast.AST]:
    """What belongs to a scope; a function's arguments are bound in it."""
    if isinstance(node, FUNCTIONS):
        scope.bound |= {a.arg for a in _arguments(node.args)}
        return [node.body] if isinstance(node, ast.Lambda) else list(node.body)
    if isinstance(node, COMPREHENSIONS):
        inside: list[ast.AST] = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        inside += [g.target for g in node.generators] + [i for g in node.generators for i in g.ifs]
        return inside + [g.iter for g in node.generators[1:]]
    assert isinstance(node, ast.ClassDef)
    return list(node.body)


def _arguments(args: ast.arguments) -> Iterator[ast.arg]:
    yield from [*args.posonlyargs, *args.args, *args.kwonlyargs]
    yield from filter(None, [args.vararg, args.kwarg])


def _evaluated_outside(node: ast.AST) -> list[ast.expr]:
    """What stands at a definition and is computed where the definition is: decorators, defaults, bases, a first iterable."""
    if isinstance(node, ast.ClassDef):
        return [*node.decorator_list, *node.bases, *(k.value for k in node.keywords)]
    if isinstance(node, COMPREHENSIONS):
        return [node.generators[0].iter]
    assert isinstance(node, FUNCTIONS)
    decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
    return [*decorators, *node.args.defaults, *filter(None, node.args.kw_defaults)]
