"""%%explore: a cell is a program, and every schedule of it runs.

The cell becomes the body of a function whose variables are all global, so that `global balance` in one of its functions means
what it means in a file. The explorer puts back what a run changes: after the cell the notebook's variables are as before.
"""

from __future__ import annotations

import ast
import linecache
import types
from typing import Any, Final

from labkit.course.exploreoptions import KEPT_AS, USUAL, help_text, read_options
from labkit.course.livelog import show
from labkit.course.magicwords import EXPLORE, BadOptions
from labkit.errors import LabError
from labkit.explore import explore
from labkit.explore.scopes import scopes_of
from labkit.explore.source import know
from labkit.views.base import can_be_live

TREE_RUNS_MOST: Final = 5_000
"""The tree runs everything once more: of a larger exploration it is drawn only if it is asked for."""


class BadCell(LabError):
    """The cell is no Python."""

    def __init__(self, error: SyntaxError) -> None:
        where = f"\n    {error.text.rstrip()}\n    {' ' * ((error.offset or 1) - 1)}^" if error.text else ""
        super().__init__(f"line {error.lineno}: {error.msg} (lines count from the top of the cell){where}")


def explore_cell(line: str, cell: str, shell: Any) -> None:
    """Explore what a cell says, keep the verdict, and show it.

    Args:
        line: the rest of the cell's first line.
        cell: the text below it.
        shell: IPython, whose variables are the notebook's.

    Raises:
        BadOptions: the first line cannot be understood, or there is no such function.
        BadCell: it is no Python.
        LabError: explore() refuses.
    """
    options, how = read_options(line)
    if options.help:
        print(help_text())
        return
    text = f"# {EXPLORE} {line}\n{cell}"
    filename = shell.compile.cache(text, len(shell.history_manager.input_hist_parsed) - 1, raw_code=text)
    try:
        main = (
            program(cell, filename, shell.user_ns) if options.name is None else named(options.name, text, filename, shell.user_ns)
        )
    except SyntaxError as error:
        raise BadCell(error) from None
    except Exception as error:
        _tell_plainly(error, filename, shell)
        raise
    verdict = explore(main, **how)
    shell.push({KEPT_AS: verdict})
    try:
        _show(verdict, options.show)
    except KeyboardInterrupt:
        print(f"interrupted; the verdict is kept in {KEPT_AS}")


def program(cell: str, filename: str, space: dict[str, Any]) -> types.FunctionType:
    """The cell as a program: its statements are the body of main(), its variables are globals.

    Args:
        cell: the text; its first line is the second one of what stands in the file.
        filename: where the text is kept, for tracebacks and explanations.
        space: the globals.
    """
    body = ast.parse(f"\n{cell}", filename).body
    if not body:
        raise BadOptions(f"the cell is empty: below {EXPLORE} comes a program. `{EXPLORE} --help` shows one.")
    _refuse_what_only_defines(body)
    for node in body:
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            raise BadOptions(f"line {node.lineno}: `import *` stands in a cell of its own, before the program")
    last = body[-1]
    if isinstance(last, ast.Expr):
        body[-1] = ast.copy_location(ast.Return(last.value), last)
    function = ast.parse("def main(): pass").body[0]
    assert isinstance(function, ast.FunctionDef)
    function.body = body
    own = scopes_of(function, set())[function].bound
    function.body = [*([ast.Global(sorted(own), lineno=1, col_offset=0)] if own else []), *body]
    module = ast.fix_missing_locations(ast.Module([function], []))
    know(filename, linecache.getlines(filename), module)
    made: dict[str, Any] = {}
    exec(compile(module, filename, "exec"), space, made)
    made["main"].is_cell = True
    return made["main"]  # type: ignore[no-any-return]


def _refuse_what_only_defines(body: list[ast.stmt]) -> None:
    """A cell that only defines main() and never calls it would pass, and prove nothing."""
    functions = [node.name for node in body if isinstance(node, ast.FunctionDef)]
    calls = any(isinstance(node, ast.Call) for statement in body for node in _outside_functions(statement))
    if functions and not calls:
        name = "main" if "main" in functions else functions[-1]
        raise BadOptions(f"this cell only defines {', '.join(functions)}. To explore {name}(), write {EXPLORE} {name}")


def _outside_functions(statement: ast.stmt) -> list[ast.AST]:
    """What happens when a statement runs: not what stands inside of functions that it defines."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom):
        return []
    return list(ast.walk(statement))


def named(name: str, text: str, filename: str, space: dict[str, Any]) -> Any:
    """Run the cell as it is, and return the function of that name."""
    exec(compile(text, filename, "exec"), space)
    main = space.get(name)
    if main is None:
        raise BadOptions(f"there is no function {name}: neither this cell nor one before it defines it")
    if not callable(main):
        raise BadOptions(f"{name} is no function, but a {type(main).__name__}")
    return main


def _tell_plainly(error: Any, filename: str, shell: Any) -> None:
    """An error in the cell is shown as in any other cell: without our own functions on the way to it."""
    if isinstance(error, LabError):
        return
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename != filename:
        trace = trace.tb_next
    lines = shell.InteractiveTB.structured_traceback(type(error), error, trace)
    error._render_traceback_ = lambda: lines


def _show(verdict: Any, wish: tuple[str, ...] | None) -> None:
    """Print and draw what was asked for; of what nobody asked for, what there is."""
    parts = USUAL if wish is None else wish
    if "verdict" in parts:
        print(verdict)
    if "explanation" in parts and verdict.failures:
        print(f"\n{verdict.explain()}")
    many = wish is None and verdict.runs > TREE_RUNS_MOST
    if "tree" in parts and verdict.runs and not many:
        _draw(verdict.tree())
    elif many:
        print(f"\n{EXPLORE} --show tree draws them all the same; it takes as long again.")
    for part in ("timeline", "lockgraph"):
        if part in parts and verdict.failures:
            _draw(getattr(verdict, part)())
    if "play" in parts and verdict.runs:
        _draw(verdict.play())


def _draw(view: Any) -> None:
    show(view, can_be_live())
