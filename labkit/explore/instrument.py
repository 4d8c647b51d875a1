"""From source to scheduling points: rewrite a function so that each access to what threads may share is announced.

`balance += 1` becomes: announce the read, read, add, announce the write, write. Names of the function's own that no inner
function sees are left alone: nobody else can touch them. The rewriting is of the syntax tree, so lambdas, comprehensions,
generators, methods and inner functions are rewritten with the function that holds them; functions and classes that are
defined elsewhere are rewritten when they are first met. Here are the expressions; statements.py has the rest.
"""

from __future__ import annotations

import ast
from typing import Any

from labkit.explore.scopes import Scope

HOOKS = "_lk"
"""The one name that rewritten code adds to a function: it holds labkit.explore.hooks.Hooks."""
CELLS = "with cells"
"""Among the plain names: whoever sets a variable that inner functions see hands over its cell, too."""
WORD_LENGTH = 40
"""An expression longer than this is not quoted in messages."""

MAKERS = (ast.Add, ast.Mult, ast.Sub, ast.BitOr, ast.BitAnd, ast.BitXor)
"""Operators that may make a container: [0] * n, one | other."""

Parts = list[ast.stmt]


class Expressions(ast.NodeTransformer):
    """Rewrites expressions: what is read, called, looked into."""

    def __init__(self, scopes: dict[ast.AST, Scope], plain: frozenset[str], class_name: str) -> None:
        self.scopes = scopes
        self.plain = plain
        self.class_name = class_name
        self.scope: Any = None
        self.temporaries = 0

    # ---- making syntax

    def hook(self, name: str, *args: Any, at: ast.AST) -> ast.Call:
        """Make the call _lk.name(args..., line)."""
        values = [a if isinstance(a, ast.expr) else ast.Constant(a) for a in (*args, getattr(at, "lineno", 0))]
        return ast.copy_location(ast.Call(ast.Attribute(ast.Name(HOOKS, ast.Load()), name, ast.Load()), values, []), at)

    def temporary(self) -> str:
        """A name of the function's own that no student writes."""
        self.temporaries += 1
        return f"{HOOKS}_t{self.temporaries}"

    def mangled(self, name: str) -> str:
        """An attribute's name as Python writes it: __x in class C is _C__x."""
        if not self.class_name.strip("_") or not name.startswith("__") or name.endswith("__"):
            return name
        return f"_{self.class_name.lstrip('_')}{name}"

    @staticmethod
    def word(node: ast.AST) -> str:
        """The student's own words for an expression."""
        try:
            text = ast.unparse(node)
        except (AttributeError, ValueError):
            return "?"
        return text if len(text) <= WORD_LENGTH and HOOKS not in text else "?"

    def shared(self, name: str) -> list[Any] | None:
        """How to name the place of a variable to the hooks; None if it is the function's own and nobody else's."""
        if name.startswith(HOOKS):
            return None
        owner = self.scope.owner(name)
        if owner is None:
            return ["g", name]
        if (name not in owner.captured and owner is self.scope) or owner.is_class:
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

    # ---- reading

    def visit_Name(self, node: ast.Name) -> Any:
        if not isinstance(node.ctx, ast.Load):
            return node
        where = self.shared(node.id)
        if where is None or (where[0] == "g" and node.id in self.plain):
            return node
        if where[0] == "g":
            return self.hook("rg", node.id, at=node)
        pair = ast.Tuple([self.hook("pr", *where, at=node), node], ast.Load())
        return ast.copy_location(ast.Subscript(pair, ast.Constant(1), ast.Load()), node)

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        word = self.word(node.value)
        node.value = self.visit(node.value)
        return self.hook("ra", node.value, self.mangled(node.attr), word, at=node) if isinstance(node.ctx, ast.Load) else node

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        word = self.word(node.value)
        part = isinstance(node.slice, ast.Slice)
        node.value, node.slice = self.visit(node.value), self._index(node.slice)
        if not isinstance(node.ctx, ast.Load):
            return node
        read = self.hook("ri", node.value, node.slice, word, at=node)
        return self.hook("born", read, at=node) if part else read

    def _index(self, index: ast.expr) -> ast.expr:
        """An index as a value: a slice becomes slice(a, b, c)."""
        if isinstance(index, ast.Slice):
            parts: list[Any] = [self.visit(p) if p else ast.Constant(None) for p in (index.lower, index.upper, index.step)]
            return ast.Call(ast.Attribute(ast.Name(HOOKS, ast.Load()), "slice", ast.Load()), parts, [])
        if isinstance(index, ast.Tuple):
            index.elts = [self._index(e) for e in index.elts]
            return index
        made: ast.expr = self.visit(index)
        return made

    def visit_Call(self, node: ast.Call) -> Any:
        if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
            return node
        word = self.word(node.func.value if isinstance(node.func, ast.Attribute) else node.func)
        node.args = [self.starred(a) if isinstance(a, ast.Starred) else self.visit(a) for a in node.args]
        node.keywords = [ast.keyword(k.arg, self.visit(k.value) if k.arg else self.value(k.value)) for k in node.keywords]
        if isinstance(node.func, ast.Attribute):
            node.func = self.hook("method", self.visit(node.func.value), self.mangled(node.func.attr), word, at=node)
        else:
            node.func = self.hook("call", self.visit(node.func), at=node)
        return node

    def starred(self, node: ast.Starred) -> ast.Starred:
        """Spread out a value: all of it is read."""
        node.value = self.value(node.value)
        return node

    def _display(self, node: ast.List | ast.Set) -> Any:
        if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            return self.generic_visit(node)
        node.elts = [self.starred(e) if isinstance(e, ast.Starred) else self.visit(e) for e in node.elts]
        return self.hook("made", node, at=node)

    visit_List = visit_Set = _display  # noqa: N815

    def visit_Tuple(self, node: ast.Tuple) -> Any:
        if isinstance(node.ctx, ast.Load):
            node.elts = [self.starred(e) if isinstance(e, ast.Starred) else self.visit(e) for e in node.elts]
            return node
        return self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> Any:
        node.values = [self.visit(v) if k is not None else self.value(v) for k, v in zip(node.keys, node.values, strict=True)]
        node.keys = [k and self.visit(k) for k in node.keys]
        return self.hook("made", node, at=node)

    # ---- values that an operator looks into, and tests

    def value(self, node: ast.expr) -> Any:
        """An operand: if it is a container, the operator reads all of it."""
        if isinstance(node, (ast.Constant, ast.BinOp, ast.JoinedStr, ast.Compare)):
            return self.visit(node)
        word = self.word(node)
        return self.hook("all", self.visit(node), word, at=node)

    def test(self, node: ast.expr) -> Any:
        """A condition: of a container, its length is read."""
        if isinstance(node, ast.BoolOp):
            node.values = [self.test(v) for v in node.values]
            return node
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node.operand = self.test(node.operand)
            return node
        if isinstance(node, (ast.Constant, ast.Compare)):
            return self.visit(node)
        word = self.word(node)
        return self.hook("size", self.visit(node), word, at=node)

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        constant = isinstance(node.left, ast.Constant) or isinstance(node.right, ast.Constant)
        plain = not isinstance(node.op, MAKERS) or (constant and not isinstance(node.op, ast.Mult))
        node.left, node.right = self.value(node.left), self.value(node.right)
        return node if plain else self.hook("born", node, at=node)

    def visit_Compare(self, node: ast.Compare) -> Any:
        if all(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops):
            return self.generic_visit(node)
        if len(node.ops) == 1 and isinstance(node.ops[0], (ast.In, ast.NotIn)):
            word = self.word(node.comparators[0])
            found = self.hook("has", self.value(node.left), self.visit(node.comparators[0]), word, at=node)
            return found if isinstance(node.ops[0], ast.In) else ast.copy_location(ast.UnaryOp(ast.Not(), found), node)
        node.left, node.comparators = self.value(node.left), [self.value(c) for c in node.comparators]
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        node.values = [*(self.test(v) for v in node.values[:-1]), self.visit(node.values[-1])]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        node.operand = self.test(node.operand) if isinstance(node.op, ast.Not) else self.value(node.operand)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        node.test, node.body, node.orelse = self.test(node.test), self.visit(node.body), self.visit(node.orelse)
        return node

    def visit_FormattedValue(self, node: ast.FormattedValue) -> Any:
        node.value = self.value(node.value)
        if node.format_spec is not None:
            node.format_spec = self.visit(node.format_spec)
        return node

    def visit_YieldFrom(self, node: ast.YieldFrom) -> Any:
        word = self.word(node.value)
        node.value = self.hook("each", self.visit(node.value), word, at=node)
        return node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> Any:
        node.value = self.visit(node.value)
        where = self.shared(node.target.id)
        if where is not None:
            node.value = self.setting(where, node.target.id, node.value, node)
        return node

    def setting(self, where: list[Any], name: str, value: ast.expr, at: ast.AST) -> ast.Call:
        """Announce that a variable is set to a value."""
        if where[0] == "g":
            return self.hook("wg", *where, value, at=at)
        nobody = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
        cell = [ast.Lambda(nobody, ast.Name(name, ast.Load()))] if CELLS in self.plain else []
        return self.hook("wc", *where, value, *cell, at=at)

    # ---- scopes inside expressions

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        self.defaults(node.args)
        outer, self.scope = self.scope, self.scopes[node]
        node.body = self.visit(node.body)
        if self.needs_token(self.scope):  # where no statement can stand: (token := ..., body)[1]
            token = ast.NamedExpr(ast.Name(self.token(self.scope), ast.Store()), self.hook("token", at=node))
            node.body = ast.Subscript(ast.Tuple([token, node.body], ast.Load()), ast.Constant(1), ast.Load())
        self.scope = outer
        return node

    def needs_token(self, function: Scope) -> bool:
        """Whether an inner function uses a variable of this function, or of a comprehension in it."""
        return any(s.captured for s in self.scopes.values() if s.function() is function)

    def defaults(self, args: ast.arguments) -> None:
        """Defaults of arguments are computed where the definition stands."""
        args.defaults = [self.visit(d) for d in args.defaults]
        args.kw_defaults = [d and self.visit(d) for d in args.kw_defaults]

    def going(self, thing: ast.expr, at: ast.AST) -> ast.Call:
        """Go through a value: how far is known to the hooks."""
        self.temporaries += 1
        return self.hook("going", thing, self.temporaries, at=at)

    def _comprehension(self, node: Any) -> Any:
        first = node.generators[0]
        words = [self.word(g.iter) for g in node.generators]
        first.iter = self.going(self.hook("each", self.visit(first.iter), words[0], at=node), node)
        outer, self.scope = self.scope, self.scopes[node]
        for generator, word in zip(node.generators, words, strict=True):
            if generator is not first:
                generator.iter = self.going(self.hook("each", self.visit(generator.iter), word, at=node), node)
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

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension  # noqa: N815
