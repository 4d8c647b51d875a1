"""The other half of the rewriting: statements, what they store, and the function as a whole."""

from __future__ import annotations
import __future__

import ast
import types
from typing import Any

from labkit.explore.instrument import HOOKS, Expressions, Parts
from labkit.explore.scopes import scopes_of
from labkit.explore.source import source_of

ROOT = "_lk_root"
_FUTURE = __future__.annotations.compiler_flag


def rewrite(function: types.FunctionType, plain: frozenset[str]) -> types.CodeType:
    """The function's code with announcements. Its free variables are the old ones, and HOOKS.

    Args:
        function: what to rewrite.
        plain: global names that need no announcement, because they name functions, classes or modules.

    Raises:
        NoSource: the source cannot be found.
    """
    node, filename, class_name = source_of(function)
    free = set(function.__code__.co_freevars)
    node.args.defaults = [ast.Constant(None) for _ in node.args.defaults]  # the function made of the code brings its own
    node.args.kw_defaults = [d and ast.Constant(None) for d in node.args.kw_defaults]
    if not isinstance(node, ast.Lambda):
        node.decorator_list = []
        node.returns = None
    made = Rewriter(scopes_of(node, free), plain, class_name).function(node)
    # Why: inside a function that owns its free variables, the compiler sees them as such.
    outer = ast.parse(f"def {ROOT}({', '.join([HOOKS, *sorted(free)])}):\n pass").body[0]
    assert isinstance(outer, ast.FunctionDef)
    outer.body = [ast.Return(made)] if isinstance(made, ast.Lambda) else [made]
    module = ast.fix_missing_locations(ast.Module([outer], []))
    compiled = compile(module, filename, "exec", function.__code__.co_flags & _FUTURE, dont_inherit=True)
    inside = next(c for c in compiled.co_consts if isinstance(c, types.CodeType))
    return next(c for c in inside.co_consts if isinstance(c, types.CodeType) and c.co_name == function.__code__.co_name)


def rewrite_text(text: str, filename: str) -> types.CodeType:
    """The code of a text for exec(), as a function without arguments that sets globals. Its free variable is HOOKS.

    Raises:
        SyntaxError: as exec() would.
    """
    body = ast.parse(text, filename).body
    function = ast.parse("def text(): pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    function.body = body or [ast.Pass()]
    own = scopes_of(function, set())[function].bound
    function.body = [*([ast.Global(sorted(own))] if own else []), *function.body]
    made = Rewriter(scopes_of(function, set()), frozenset(), "").function(function)
    outer = ast.parse(f"def {ROOT}({HOOKS}):\n pass").body[0]
    assert isinstance(outer, ast.FunctionDef)
    outer.body = [made]
    compiled = compile(ast.fix_missing_locations(ast.Module([outer], [])), filename, "exec", dont_inherit=True)
    inside = next(c for c in compiled.co_consts if isinstance(c, types.CodeType))
    return next(c for c in inside.co_consts if isinstance(c, types.CodeType))


class Rewriter(Expressions, ast.NodeTransformer):
    """Rewrites one function and all inside it."""

    # ---- scopes

    def function(self, node: Any) -> Any:
        """A function or lambda, in a scope of its own."""
        if isinstance(node, ast.Lambda):
            return self.visit_Lambda(node)
        outer, self.scope = self.scope, self.scopes[node]
        node.body = self.block(node.body)
        if self.needs_token(self.scope):
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

    def _function(self, node: Any) -> Any:
        node.decorator_list = [self.visit(d) for d in node.decorator_list]
        self.defaults(node.args)
        self.function(node)
        return self._definition(node, node.name)

    visit_FunctionDef = visit_AsyncFunctionDef = _function  # noqa: N815

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        node.decorator_list = [self.visit(d) for d in node.decorator_list]
        node.bases = [self.visit(b) for b in node.bases]
        outer, self.scope = self.scope, self.scopes[node]
        around, self.class_name = self.class_name, node.name
        node.body = self.block(node.body)
        self.scope, self.class_name = outer, around
        return self._definition(node, node.name)

    def _definition(self, node: ast.stmt, name: str) -> Any:
        """Bind a name by def or class: announced before, as a write."""
        where = self.shared(name)
        return node if where is None else [self._announce("pw", where, node), node]

    def _announce(self, hook: str, where: list[Any], at: ast.AST) -> ast.stmt:
        return ast.copy_location(ast.Expr(self.hook(hook, *where, at=at)), at)

    # ---- statements

    def visit_If(self, node: ast.If) -> Any:
        node.test, node.body, node.orelse = self.test(node.test), self.block(node.body), self.block(node.orelse)
        return node

    def visit_While(self, node: ast.While) -> Any:
        self.temporaries += 1
        loop = self.temporaries
        entering = ast.copy_location(ast.Expr(self.hook("loop", loop, at=node)), node)
        node.test, node.body, node.orelse = self.test(node.test), self.block(node.body), self.block(node.orelse)
        if any(isinstance(n, (ast.Yield, ast.YieldFrom, ast.Await)) for s in node.body for n in ast.walk(s)):
            node.test = ast.copy_location(ast.BoolOp(ast.And(), [self.hook("turn", at=node), node.test]), node)
            return node
        own = ast.Call(ast.Attribute(ast.Name(HOOKS, ast.Load()), "locals", ast.Load()), [], [])
        again = self.hook("again", loop, own, at=node)
        node.test = ast.copy_location(ast.BoolOp(ast.And(), [again, node.test]), node)
        return [entering, node]

    def visit_Assert(self, node: ast.Assert) -> Any:
        node.test, node.msg = self.test(node.test), node.msg and self.visit(node.msg)
        return node

    def visit_For(self, node: ast.For) -> Any:
        word = self.word(node.iter)
        node.iter = self.going(self.hook("each", self.visit(node.iter), word, at=node), node)
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

    def _try(self, node: Any) -> Any:
        node.body, node.orelse, node.finalbody = self.block(node.body), self.block(node.orelse), self.block(node.finalbody)
        for handler in node.handlers:
            handler.type = handler.type and self.visit(handler.type)
            where = self.shared(handler.name) if handler.name else None
            first = [self._announce("pw", where, handler)] if where else []
            handler.body = first + self.block(handler.body)
        return node

    visit_Try = visit_TryStar = _try  # noqa: N815

    def visit_Match(self, node: ast.Match) -> Any:
        node.subject = self.value(node.subject)
        for case in node.cases:
            names = [n.name for n in ast.walk(case.pattern) if isinstance(n, (ast.MatchAs, ast.MatchStar)) and n.name]
            looks = any(isinstance(n, ast.MatchClass) and (n.patterns or n.kwd_patterns) for n in ast.walk(case.pattern))
            case.body = self.block(case.body)
            if looks or any(self.shared(n) for n in names):
                case.body.insert(0, ast.copy_location(ast.Expr(self.hook("unseen", "a case pattern", at=node)), node))
            case.guard = case.guard and self.test(case.guard)
        return node

    def target(self, target: Any, at: ast.AST) -> tuple[ast.expr, Parts]:
        """A target that needs announcing is replaced by temporaries; the statements that then store in it."""
        stores: Parts = []

        def replace(node: Any) -> Any:
            if isinstance(node, (ast.Tuple, ast.List)):
                node.elts = [replace(e) for e in node.elts]
                return node
            if isinstance(node, ast.Starred):
                name = self.temporary()
                stores.extend(self.store(node.value, self.hook("born", ast.Name(name, ast.Load()), at=at), at))
                node.value = ast.copy_location(ast.Name(name, ast.Store()), node)
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
                value = self.setting(where, target.id, value, at)
            return [ast.copy_location(ast.Assign([target], value), at)]
        if isinstance(target, (ast.Attribute, ast.Subscript)):
            # Why: Python computes the value before the target.
            name, word = self.temporary(), self.word(target.value)
            return [_set(name, value, at), self._put(target, self.visit(target.value), ast.Name(name, ast.Load()), at, word)]
        made, stores = self.target(target, at)
        looked = self.hook("all", value, "?", at=at)
        return [ast.copy_location(ast.Assign([made], looked), at), *stores]

    def _put(self, target: Any, holder: ast.expr, value: ast.expr, at: ast.AST, word: str, index: Any = None) -> ast.stmt:
        """Store a value in an attribute or an item of what `holder` gives."""
        if isinstance(target, ast.Attribute):
            return ast.copy_location(ast.Expr(self.hook("wa", holder, self.mangled(target.attr), value, word, at=at)), at)
        return ast.copy_location(ast.Expr(self.hook("wi", holder, index or self._index(target.slice), value, word, at=at)), at)

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
        target, op = node.target, type(node.op).__name__
        if isinstance(target, ast.Name):
            old = self.visit(ast.copy_location(ast.Name(target.id, ast.Load()), target))
            return self.store(target, self.hook("aug", op, old, self.value(node.value), target.id, at=node), node)
        word = self.word(target.value)
        holder, index, new = self.temporary(), self.temporary(), self.temporary()
        out: Parts = [_set(holder, self.visit(target.value), node)]
        held, at = ast.Name(holder, ast.Load()), ast.Name(index, ast.Load())
        if isinstance(target, ast.Attribute):
            old = self.hook("ra", held, self.mangled(target.attr), word, at=node)
        else:
            out.append(_set(index, self._index(target.slice), node))
            old = self.hook("ri", held, at, word, at=node)
        out.append(_set(new, self.hook("aug", op, old, self.value(node.value), word, at=node), node))
        return [*out, self._put(target, held, ast.Name(new, ast.Load()), node, word, at)]

    def visit_Delete(self, node: ast.Delete) -> Any:
        out: Parts = []
        for target in node.targets:
            if isinstance(target, ast.Attribute):
                word = self.word(target.value)
                out.append(ast.Expr(self.hook("da", self.visit(target.value), self.mangled(target.attr), word, at=node)))
            elif isinstance(target, ast.Subscript):
                word = self.word(target.value)
                out.append(ast.Expr(self.hook("di", self.visit(target.value), self._index(target.slice), word, at=node)))
            else:
                where = self.shared(target.id) if isinstance(target, ast.Name) else None
                out += [self._announce("pw", where, node)] if where else []
                out.append(ast.Delete([target]))
        return [ast.copy_location(s, node) for s in out]


def _set(name: str, value: ast.expr, at: ast.AST) -> ast.stmt:
    return ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], value), at)
