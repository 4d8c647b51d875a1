"""Cell magics: what a first line with two percent signs does. A notebook has them as soon as it imports labkit.course.

What a magic needs is loaded when it is used: most lessons never do.
"""

from __future__ import annotations

import importlib
from functools import partial
from typing import Any, Final

from labkit.course.frontend import shell
from labkit.course.magicwords import CTHREADS, EXPLORE, KMODULE, MAGICS, BadOptions

_OPTIONS: Final = {KMODULE: "kmoduleoptions", EXPLORE: "exploreoptions", CTHREADS: "cthreadoptions"}
"""Magic → the module that knows the words of its first line."""


def kmodule(line: str, cell: str) -> None:
    """Run a cell of C as a module of a real kernel."""
    from labkit.course.kmoduleoptions import help_text, read_options

    options = read_options(line)
    if options.help:
        print(help_text())
        return
    if not cell.strip():
        raise BadOptions(f"the cell is empty: below {KMODULE} comes a module in C. `{KMODULE} --help` shows one.")
    from labkit.course.kmodule import run_cell

    run_cell(options, cell, shell())


def explore(line: str, cell: str) -> None:
    """Run every schedule of a cell's program."""
    from labkit.course.exploremagic import explore_cell

    explore_cell(line, cell, shell())


def cthreads(line: str, cell: str) -> None:
    """Run a cell of C as a program with threads."""
    from labkit.course.cthreads import cthreads_cell

    cthreads_cell(line, cell, shell())


def _options_of(magic: str) -> Any:
    """The module that knows the words of a magic's first line."""
    return importlib.import_module(f"labkit.course.{_OPTIONS[magic]}")


def _complete(_: Any, event: Any) -> list[str]:
    """Options and their choices, for the Tab key."""
    magic = next(magic for magic in MAGICS if event.line.startswith(magic))
    parser = _options_of(magic).parser()
    actions = {word: action for action in parser._actions for word in action.option_strings}
    words = event.line.split()
    done = words if event.line.endswith(" ") else words[:-1]
    choices = actions[done[-1]].choices if done and done[-1] in actions else None
    return [str(choice) for choice in choices] if choices else [word for word in actions if word not in done]


def _room_for_a_body(lines: list[str]) -> list[str]:
    """IPython refuses a cell magic without a body before we are asked; an empty line is one. Thus %%kmodule --help works."""
    alone = lines and lines[0].split()[:1] in [[magic] for magic in MAGICS] and not "".join(lines[1:]).strip()
    return [lines[0].rstrip("\n") + "\n", "\n"] if alone else lines


def register() -> None:
    """Give the running IPython the magics; does nothing where no IPython runs."""
    if (running := shell()) is not None:
        for magic, function in zip(MAGICS, (kmodule, explore, cthreads), strict=True):
            # What %%kmodule? shows; mypy knows no attributes of functions.
            setattr(function, "getdoc", partial(_help_of, magic))  # noqa: B010
            running.register_magic_function(function, "cell", magic.removeprefix("%%"))
            running.set_hook("complete_command", _complete, str_key=magic)
        if _room_for_a_body not in running.input_transformers_cleanup:
            running.input_transformers_cleanup.append(_room_for_a_body)


def _help_of(magic: str) -> str:
    return str(_options_of(magic).help_text())
