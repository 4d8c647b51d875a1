"""What a student's source says: the way to what is not the student's, read outside, in a process that runs none of it.

The wires of tripwire.py stand in the same process as the code that they watch; text can be read without running it. No
exercise needs frames, the namespaces behind functions, code made from text, or the course's own names changed. What is found is
evidence, for a person to weigh. What this cannot see: what is right code of the student's, run at the wrong time.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Collection, Iterator
from typing import Final

from labkit.grading.judge import PASSED, REVIEW, Outcome
from labkit.grading.plan import Problem

INSIDE: Final = frozenset({
    "f_back", "f_locals", "f_globals", "f_builtins", "f_code", "tb_frame", "gi_frame", "cr_frame", "ag_frame", "gr_frame",
    "cell_contents", "walk_tb", "walk_stack", "currentframe", "settrace", "setprofile", "settrace_all_threads", "_getframe",
    "_current_frames", "addaudithook", "meta_path", "path_hooks", "get_objects", "get_referrers", "get_referents", "pythonapi",
    "py_object", "string_at", "_os", "_sys",
})  # fmt: skip
"""Attributes that lead from an object to the frames and namespaces behind it."""
ORDINARY: Final = frozenset({
    "init", "new", "del", "repr", "str", "name", "qualname", "doc", "module", "class", "dict", "slots", "annotations",
    "main", "file", "version", "future", "all", "eq", "ne", "lt", "le", "gt", "ge", "hash", "bool", "len", "length_hint",
    "call", "contains", "getitem", "setitem", "delitem", "missing", "iter", "next", "reversed", "enter", "exit", "aenter",
    "aexit", "aiter", "anext", "await", "add", "radd", "iadd", "sub", "rsub", "isub", "mul", "rmul", "floordiv",
    "truediv", "mod", "pow", "neg", "abs", "and", "or", "xor", "int", "index", "float", "round", "post_init",
    "init_subclass", "match_args", "set_name", "traceback", "cause", "context", "notes", "getattr", "attribute",
})  # fmt: skip
"""Of the names with two underscores, those that classes define and programs read."""
REACHING: Final = frozenset({"globals", "exec", "eval", "compile", "setattr", "delattr", "breakpoint"})
"""Builtin functions that make code from text, or set what has no name in the source."""
MODULES: Final = frozenset({
    "gc", "inspect", "ctypes", "_ctypes", "importlib", "builtins", "signal", "_signal", "greenlet", "faulthandler", "code",
    "codeop", "marshal", "_thread", "fcntl", "mmap", "resource", "runpy", "pkgutil", "_imp", "imp", "sysconfig", "labkit.grading",
})  # fmt: skip
"""Modules that an exercise needs only if it is about them."""
DUNDER: Final = re.compile(r"__(\w+?)__")
IN_FORMAT: Final = re.compile(r"\{[\w.\[\]]*\.__\w+__")
FOUND_MOST: Final = 10


def doubted(outcomes: list[Outcome], problem: Problem, source: str) -> list[Outcome]:
    """The same, with what the source reaches for as evidence: what passes then, a person looks at."""
    found = reaches_for(problem, source)
    for each in outcomes if found else ():
        each.evidence = [*each.evidence, *found]
        if each.state == PASSED:
            each.state, each.reason = REVIEW, "it passes, and its source reaches for what is not its own: a person decides"
    return outcomes


def reaches_for(problem: Problem, source: str) -> list[str]:
    """What a solution cell reaches for, each with its line; of a cell that is no Python nothing is known."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    course = {name for step in problem.steps if not step.exercise for name in step.defines}
    own = {name for step in problem.steps if step.exercise for name in step.defines}
    modules = {name for step in problem.steps for name in _imported(step.source)} | problem.about
    cell = _Cell(tree, course - own, modules)
    found = [f"reaches for {what}: {problem.exercise.id}-solution, line {line}" for line, what in sorted(cell.all())]
    return list(dict.fromkeys(found))[:FOUND_MOST]


class _Cell:
    """One cell.

    Args:
        tree: its syntax.
        course: names that are the course's.
        allowed: modules that the course's cells import.
    """

    def __init__(self, tree: ast.Module, course: Collection[str], allowed: Collection[str]) -> None:
        self.tree, self.allowed = tree, frozenset(allowed)
        self.nodes = list(ast.walk(tree))
        self.course = frozenset(course)
        imports = [alias for node in self.nodes if isinstance(node, (ast.Import, ast.ImportFrom)) for alias in node.names]
        imported = {alias.asname or alias.name.partition(".")[0] for alias in imports}
        self.foreign = (self.course | imported) - _parameters(self.nodes)
        self.foreign |= {name for name, value in _assigned(self.nodes) if _root(value) in self.foreign}

    def all(self) -> Iterator[tuple[int, str]]:
        """Line and what."""
        for node in self.nodes:
            if what := self._names(node) or self._modules(node) or self._changes(node):
                yield getattr(node, "lineno", 0), what
        taken = set(dir(builtins)) | self.course
        for name, line in _bound(self.tree):
            if name in taken:
                yield line, f"{name}, which is not its own to define"

    def _names(self, node: ast.AST) -> str:
        match node:
            case ast.Attribute(attr=name) if _odd(name):
                return name
            case ast.MatchClass(kwd_attrs=names) if any(map(_odd, names)):
                return ", ".join(names)
            case ast.Constant(value=str(text)) if _odd(text) or IN_FORMAT.search(text):
                return repr(text[:40])
            case ast.Name(id=name) if name in REACHING or _odd(name):
                return name
            case ast.Call(func=ast.Name(id="getattr") | ast.Attribute(attr="attrgetter"), args=[*_, last]) if not _plain(last):
                return "an attribute whose name it makes up"
        return ""

    def _modules(self, node: ast.AST) -> str:
        match node:
            case ast.Import(names=names):
                asked = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), names=names):
                asked = [module, *(f"{module}.{alias.name}" for alias in names)]
                if odd := [alias.name for alias in names if _odd(alias.name)]:
                    return odd[0]
            case _:
                return ""
        reached = [name for name in asked if name not in self.allowed and name.startswith("labkit.grading")]
        reached += [name for name in asked if name.partition(".")[0] in MODULES - self.allowed]
        return f"the module {reached[0]}" if reached else ""

    def _changes(self, node: ast.AST) -> str:
        match node:
            case ast.Global(names=names) if taken := sorted(self.course.intersection(names)):
                return f"{', '.join(taken)}, which is not its own to change"
            case ast.Attribute(value=ast.Name(id="sys"), attr="stdout" | "stderr" | "stdin"):
                return ""  # whoever prints elsewhere harms nobody
            case ast.Attribute(ctx=ast.Store() | ast.Del(), value=value, attr=attr) if (name := _root(value)) in self.foreign:
                return f"{name}.{attr}, which is not its own to change"
        return ""


def _odd(name: str) -> bool:
    return name in INSIDE or ((hit := DUNDER.fullmatch(name)) is not None and hit[1] not in ORDINARY)


def _plain(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant)


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _assigned(nodes: list[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Attribute, ast.Name)):
            yield from ((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))


def _parameters(nodes: list[ast.AST]) -> set[str]:
    """Names of parameters: `account.balance = …` of an argument is ordinary."""
    return {node.arg for node in nodes if isinstance(node, ast.arg)}


def _bound(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """What the top level of a cell binds, but for imports."""
    for each in tree.body:
        match each:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name, each.lineno
            case ast.Import() | ast.ImportFrom():
                continue
            case _:
                for node in ast.walk(each):
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                        yield node.id, node.lineno


def _imported(source: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(source)))
    found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return found | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
