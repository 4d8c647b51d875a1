"""From source to scheduling points: rewrite a function so that each access to what threads may share is announced.

`balance += 1` becomes: announce the read, read, add, announce the write, write. Names of the function's own that no inner
function sees are left alone: nobody else can touch them. The rewriting is of the syntax tree, so lambdas, comprehensions,
generators, methods and inner functions are rewritten with the function that holds them; functions and classes that are
defined elsewhere are rewritten when they are first called.
"""

from __future__ import annotations

import ast
import inspect
import types
from typing import Any

from labkit.explore.scopes import COMPREHENSIONS, FUNCTIONS, Scope, scopes_of

HOOKS = "_lk"
"""The one name that rewritten code adds to a function: it holds labkit.explore.shared.Hooks."""
ROOT = "_lk_root"

Parts = list[ast.stmt]


class NoSource(Exception):
    """A function whose source cannot be found."""


def source_of(function: types.FunctionType) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, str]:
    """The syntax tree of a function, with the line numbers of its file, and the file's name.

    Raises:
        NoSource: there is none: a C function, or a text that was exec'd and is gone.
    """
    code = function.__code__
    try:
        lines, _ = inspect.findsource(function)
        tree = ast.parse("".join(lines))
    except (OSError, TypeError, SyntaxError):
        raise NoSource(function.__qualname__) from None
    found = [n for n in ast.walk(tree) if isinstance(n, FUNCTIONS) and _is(n, code)]
    if len(found) > 1:
        found = [n for n in found if _same(n, code)]
    if not found:
        raise NoSource(function.__qualname__)
    return found[0], code.co_filename


def _is(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, code: types.CodeType) -> bool:
    if isinstance(node, ast.Lambda):
        return code.co_name == "<lambda>" and node.lineno == code.co_firstlineno
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    return node.name == code.co_name and first == code.co_firstlineno


def _same(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, code: types.CodeType) -> bool:
    """Of several lambdas on one line, the one that stands in the same columns."""
    places = [p for p in code.co_positions() if p[0] is not None and p[2] is not None]
    body = node.body if isinstance(node, ast.Lambda) else node
    inside = [p[2] for p in places if p[0] == node.lineno and p[2] is not None]
    return bool(inside) and min(inside) >= body.col_offset and max(inside) <= (body.end_col_offset or 0)  # type: ignore[attr-defined]


def rewrite(function: types.FunctionType, plain: frozenset[str]) -> types.CodeType:
    """The function's code with announcements. Its free variables are the old ones, and HOOKS.

    Args:
        function: what to rewrite.
        plain: global names that need no announcement, because they name functions, classes or modules.

    Raises:
        NoSource: the source cannot be found.
    """
    node, filename = source_of(function)
    free = set(function.__code__.co_freevars)
    if not isinstance(node, ast.Lambda):
        node.decorator_list = []
        node.returns = None
    rewriter = Rewriter(scopes_of(node, free), plain)
    made = rewriter.function(node)
    # Why: inside a function that owns its free variables, the compiler sees them as such.
    outer = ast.parse(f"def {ROOT}({', '.join([HOOKS, *sorted(free)])}):\n pass").body[0]
    assert isinstance(outer, ast.FunctionDef)
    outer.body = [ast.Return(made)] if isinstance(made, ast.Lambda) else [made]
    module = ast.fix_missing_locations(ast.Module([outer], []))
    compiled = compile(module, filename, "exec")
    inside = next(c for c in compiled.co_consts if isinstance(c, types.CodeType))
    return next(c for c in inside.co_consts if isinstance(c, types.CodeType))


class Rewriter(ast.NodeTransformer):
    """Rewrites one function and all inside it."""

    def __init__(self, scopes: dict[ast.AST, Scope], plain: frozenset[str]) -> None:
        self.scopes = scopes
        self.plain = plain
        self.scope: Any = None
        self.temporaries = 0

    # ---- making syntax

    def hook(self, name: str, *args: Any, at: ast.AST) -> ast.Call:
        """_lk.name(args..., line)"""
        values = [a if isinstance(a, ast.AST) else ast.Constant(a) for a in (*args, getattr(at, "lineno", 0))]
        return ast.copy_location(ast.Call(ast.Attribute(ast.Name(HOOKS, ast.Load()), name, ast.Load()), values, []), at)

    def temporary(self) -> str:
        """A name of the function's own that no student writes."""
        self.temporaries += 1
        return f"{HOOKS}_t{self.temporaries}"

    def shared(self, name: str) -> list[Any] | None:
        """How to name the place of a variable to the hooks; None if it is the function's own and nobody else's."""
        if name.startswith(HOOKS):
            return None
        owner = self.scope.owner(name)
        if owner is None:
            return None if name in self.plain else ["g", name]
        if name not in owner.captured and owner is self.scope:
            return None
        if owner.is_class:
            return None
        if owner.number == 0:
            return ["f", name]
        home = owner.function()
        label = f"{name}@{owner.number}" if owner.is_comprehension else name
        return [ast.Name(self.token(home), ast.Load()) if home.number else "f", label]

    @staticmethod
    def token(scope: Scope) -> str:
        """The variable that tells one activation of a function from another."""
        return f"{HOOKS}_s{scope.number}"

    # ---- scopes

    def function(self, node: Any) -> Any:
        """A function or lambda, in a scope of its own."""
        outer, self.scope = self.scope, self.scopes[node]
        if isinstance(node, ast.Lambda):
            node.body = self.visit(node.body)
        else:
            node.body = self.block(node.body)
            captured = self.scope.captured or any(s.captured for s in self.scopes.values() if s.function() is self.scope)
            if captured:
                token = ast.Assign([ast.Name(self.token(self.scope), ast.Store())], self.hook("token", at=node))
                first = isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
                node.body.insert(int(first), ast.copy_location(token, node))
        self.scope = outer
        return node

    def block(self, statements: list[ast.stmt]) -> Parts:
        """Statements, each perhaps become several."""
        out: Parts = []
        for statement in statements:
            made = self.visit(statement)
            out.extend(made if isinstance(made, list) else [made])
        return out

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        node.decorator_list = [self.visit(d) for d in node.decorator_list]
        self._defaults(node.args)
        self.function(node)
        return self._definition(node, node.name)

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        self._defaults(node.args)
        return self.function(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        node.decorator_list = [self.visit(d) for d in node.decorator_list]
        node.bases = [self.visit(b) for b in node.bases]
        outer, self.scope = self.scope, self.scopes[node]
        node.body = self.block(node.body)
        self.scope = outer
        return self._definition(node, node.name)

    def _defaults(self, args: ast.arguments) -> None:
        args.defaults = [self.visit(d) for d in args.defaults]
        args.kw_defaults = [d and self.visit(d) for d in args.kw_defaults]

    def _definition(self, node: ast.stmt, name: str) -> Any:
        """def and class bind a name: announced before, as a write."""
        where = self.shared(name)
        return node if where is None else [self._announce("pw", where, node), node]

    def _announce(self, hook: str, where: list[Any], at: ast.AST) -> ast.stmt:
        return ast.copy_location(ast.Expr(self.hook(hook, *where, at=at)), at)

    def _comprehension(self, node: Any) -> Any:
        first = node.generators[0]
        first.iter = self.hook("each", self.visit(first.iter), at=node)
        outer, self.scope = self.scope, self.scopes[node]
        for generator in node.generators:
            if generator is not first:
                generator.iter = self.hook("each", self.visit(generator.iter), at=node)
            for name in [n.id for n in ast.walk(generator.target) if isinstance(n, ast.Name)]:
                where = self.shared(name)
                if where is not None:
                    generator.iter = self.hook("setting", generator.iter, *where, at=node)
            generator.ifs = [self.test(i) for i in generator.ifs]
        if isinstance(node, ast.DictComp):
            node.key, node.value = self.visit(node.key), self.visit(node.value)
        else:
            node.elt = self.visit(node.elt)
        self.scope = outer
        return node if isinstance(node, ast.GeneratorExp) else self.hook("made", node, at=node)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    # ---- reading

    def visit_Name(self, node: ast.Name) -> Any:
        if not isinstance(node.ctx, ast.Load):
            return node
        where = self.shared(node.id)
        if where is None:
            return node
        if where[0] == "g":
            return self.hook("rg", node.id, at=node)
        pair = ast.Tuple([self.hook("pr", *where, at=node), node], ast.Load())
        return ast.copy_location(ast.Subscript(pair, ast.Constant(1), ast.Load()), node)

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        node.value = self.visit(node.value)
        return self.hook("ra", node.value, node.attr, at=node) if isinstance(node.ctx, ast.Load) else node

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        node.value, node.slice = self.visit(node.value), self._index(node.slice)
        return self.hook("ri", node.value, node.slice, at=node) if isinstance(node.ctx, ast.Load) else node

    def _index(self, index: ast.expr) -> ast.expr:
        """An index as a value: a slice becomes slice(a, b, c)."""
        if isinstance(index, ast.Slice):
            parts: list[Any] = [self.visit(p) if p else ast.Constant(None) for p in (index.lower, index.upper, index.step)]
            return ast.Call(ast.Attribute(ast.Name(HOOKS, ast.Load()), "slice", ast.Load()), parts, [])
        made: ast.expr = self.visit(index)
        return made

    def visit_Call(self, node: ast.Call) -> Any:
        node.args = [ast.Starred(self.value(a.value), a.ctx) if isinstance(a, ast.Starred) else self.visit(a) for a in node.args]
        node.keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        if isinstance(node.func, ast.Attribute):
            node.func = self.hook("method", self.visit(node.func.value), node.func.attr, at=node)
        elif isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
            return node
        else:
            node.func = self.hook("call", self.visit(node.func), at=node)
        return node

    def _display(self, node: Any) -> Any:
        self.generic_visit(node)
        return self.hook("made", node, at=node) if isinstance(getattr(node, "ctx", ast.Load()), ast.Load) else node

    visit_List = visit_Set = visit_Dict = _display

    # ---- values that an operator looks into, and tests

    def value(self, node: ast.expr) -> Any:
        """An operand: if it is a container, the operator reads all of it."""
        made = self.visit(node)
        return made if isinstance(node, (ast.Constant, ast.BinOp, ast.JoinedStr, ast.Compare)) else self.hook("all", made, at=node)

    def test(self, node: ast.expr) -> Any:
        """A condition: of a container, its length is read."""
        if isinstance(node, ast.BoolOp):
            node.values = [self.test(v) for v in node.values]
            return node
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node.operand = self.test(node.operand)
            return node
        made = self.visit(node)
        return made if isinstance(node, (ast.Constant, ast.Compare)) else self.hook("size", made, at=node)

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        node.left, node.right = self.value(node.left), self.value(node.right)
        return node

    def visit_Compare(self, node: ast.Compare) -> Any:
        if all(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops):
            return self.generic_visit(node)
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            node.comparators = [self.hook("all", self.visit(node.comparators[0]), at=node)]
            node.left = self.visit(node.left)
            return node
        node.left, node.comparators = self.value(node.left), [self.value(c) for c in node.comparators]
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        node.values = [*(self.test(v) for v in node.values[:-1]), self.visit(node.values[-1])]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        node.operand = self.test(node.operand) if isinstance(node.op, ast.Not) else self.visit(node.operand)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        node.test, node.body, node.orelse = self.test(node.test), self.visit(node.body), self.visit(node.orelse)
        return node

    def visit_FormattedValue(self, node: ast.FormattedValue) -> Any:
        node.value = self.value(node.value)
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> Any:
        node.value = self.visit(node.value)
        where = self.shared(node.target.id)
        if where is not None:
            node.value = self.hook("w" + ("g" if where[0] == "g" else "c"), *where, node.value, at=node)
        return node

    # ---- statements

    def visit_If(self, node: Any) -> Any:
        node.test, node.body, node.orelse = self.test(node.test), self.block(node.body), self.block(node.orelse)
        return node

    def visit_While(self, node: ast.While) -> Any:
        node.test, node.body, node.orelse = self.test(node.test), self.block(node.body), self.block(node.orelse)
        again = self.hook("again", self.temporaries, ast.Call(ast.Name("locals", ast.Load()), [], []), at=node)
        node.test = ast.copy_location(ast.BoolOp(ast.And(), [again, node.test]), node)
        self.temporaries += 1
        return node

    def visit_Assert(self, node: ast.Assert) -> Any:
        node.test, node.msg = self.test(node.test), node.msg and self.visit(node.msg)
        return node

    def visit_For(self, node: ast.For) -> Any:
        node.iter = self.hook("each", self.visit(node.iter), at=node)
        node.target, first = self.target(node.target, node)
        node.body, node.orelse = first + self.block(node.body), self.block(node.orelse)
        return node

    def visit_With(self, node: ast.With) -> Any:
        first: Parts = []
        for item in node.items:
            item.context_expr = self.hook("entering", self.visit(item.context_expr), at=node)
            if item.optional_vars is not None:
                item.optional_vars, more = self.target(item.optional_vars, node)
                first += more
        node.body = first + self.block(node.body)
        return node

    def visit_Try(self, node: Any) -> Any:
        node.body, node.orelse, node.finalbody = self.block(node.body), self.block(node.orelse), self.block(node.finalbody)
        for handler in node.handlers:
            handler.type = handler.type and self.visit(handler.type)
            handler.body = self.block(handler.body)
        return node

    visit_TryStar = visit_Try

    def target(self, target: Any, at: ast.AST) -> tuple[ast.expr, Parts]:
        """A target that needs announcing is replaced by temporaries; the statements that then store in it."""
        stores: Parts = []

        def replace(node: Any) -> Any:
            if isinstance(node, (ast.Tuple, ast.List)):
                node.elts = [replace(e) for e in node.elts]
                return node
            if isinstance(node, ast.Starred):
                node.value = replace(node.value)
                return node
            if isinstance(node, ast.Name) and self.shared(node.id) is None:
                return node
            name = self.temporary()
            stores.extend(self.store(node, ast.Name(name, ast.Load()), at))
            return ast.copy_location(ast.Name(name, ast.Store()), node)

        return replace(target), stores

    def store(self, target: Any, value: ast.expr, at: ast.AST) -> Parts:
        """Statements that store a value, already rewritten, in a target."""
        if isinstance(target, ast.Name):
            where = self.shared(target.id)
            if where is not None:
                value = self.hook("wg" if where[0] == "g" else "wc", *where, value, at=at)
            return [ast.copy_location(ast.Assign([target], value), at)]
        if isinstance(target, ast.Attribute):
            return [ast.copy_location(ast.Expr(self.hook("wa", self.visit(target.value), target.attr, value, at=at)), at)]
        if isinstance(target, ast.Subscript):
            index = self._index(target.slice)
            return [ast.copy_location(ast.Expr(self.hook("wi", self.visit(target.value), index, value, at=at)), at)]
        made, stores = self.target(target, at)
        looked = self.hook("all", value, at=at)
        return [ast.copy_location(ast.Assign([made], looked), at), *stores]

    def visit_Assign(self, node: ast.Assign) -> Any:
        value = self.visit(node.value)
        if len(node.targets) == 1:
            return self.store(node.targets[0], value, node)
        name = self.temporary()
        out: Parts = [ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], value), node)]
        for target in node.targets:
            out += self.store(target, ast.Name(name, ast.Load()), node)
        return out

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        return self.store(node.target, self.visit(node.value), node) if node.value else ast.copy_location(ast.Pass(), node)

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        target, value = node.target, self.value(node.value)
        op = type(node.op).__name__
        before: Parts = []
        if isinstance(target, ast.Name):
            if self.shared(target.id) is None:
                new = self.hook("aug", op, ast.Name(target.id, ast.Load()), value, at=node)
                return ast.copy_location(ast.Assign([target], new), node)
            old = self.visit(ast.copy_location(ast.Name(target.id, ast.Load()), target))
            return self.store(target, self.hook("aug", op, old, value, at=node), node)
        holder = self.temporary()
        before.append(ast.copy_location(ast.Assign([ast.Name(holder, ast.Store())], self.visit(target.value)), node))
        held = ast.Name(holder, ast.Load())
        if isinstance(target, ast.Attribute):
            new = self.hook("aug", op, self.hook("ra", held, target.attr, at=node), value, at=node)
            return [*before, ast.copy_location(ast.Expr(self.hook("wa", held, target.attr, new, at=node)), node)]
        index = self.temporary()
        before.append(ast.copy_location(ast.Assign([ast.Name(index, ast.Store())], self._index(target.slice)), node))
        at = ast.Name(index, ast.Load())
        new = self.hook("aug", op, self.hook("ri", held, at, at=node), value, at=node)
        return [*before, ast.copy_location(ast.Expr(self.hook("wi", held, at, new, at=node)), node)]

    def visit_Delete(self, node: ast.Delete) -> Any:
        out: Parts = []
        for target in node.targets:
            if isinstance(target, ast.Attribute):
                out.append(ast.Expr(self.hook("da", self.visit(target.value), target.attr, at=node)))
            elif isinstance(target, ast.Subscript):
                out.append(ast.Expr(self.hook("di", self.visit(target.value), self._index(target.slice), at=node)))
            else:
                where = self.shared(target.id) if isinstance(target, ast.Name) else None
                out += [self._announce("pw", where, node)] if where else []
                out.append(ast.Delete([target]))
        return [ast.copy_location(s, node) for s in out]


__all__ = ["COMPREHENSIONS", "HOOKS", "NoSource", "Rewriter", "rewrite", "source_of"]
