"""The words on the first line of an %%explore cell: those of explore() itself, and what is to be shown."""

from __future__ import annotations

import argparse
import inspect
import keyword
import textwrap
from typing import Any, Final

from labkit.course.magicwords import EXPLORE, Parser, parse, some_of, split
from labkit.explore import explore

KEPT_AS: Final = "_verdict"
"""The variable that always keeps the newest verdict."""
PARTS: Final = ("verdict", "explanation", "tree", "timeline", "lockgraph", "play")
USUAL: Final = ("verdict", "explanation", "tree")

WORDS: Final[dict[str, dict[str, Any]]] = {
    "runs": {"type": int, "metavar": "N", "help": "end after so many runs"},
    "seconds": {"type": float, "metavar": "S", "help": "end after so many seconds"},
    "bound": {"type": int, "metavar": "N", "help": "only schedules with at most so many preemptions"},
    "delays": {"type": int, "metavar": "N", "help": "only schedules that depart at most so many times from round robin"},
    "walk": {"choices": ("random", "pct"), "help": "draw schedules by lot; --runs or --seconds says how many"},
    "seed": {"type": int, "metavar": "N", "help": "for --walk: equal seeds draw equal schedules"},
    "steps": {"type": int, "metavar": "N", "help": "a run with more steps ends the exploration"},
    "workers": {"type": int, "metavar": "N", "help": "with --walk: share the runs out to so many copies of this Python"},
    "races": {"action": "store_true", "help": "a data race is a failure too"},
    "spurious": {"action": "store_true", "help": "everything once more, with threads that wake without a notify"},
    "memory": {"choices": ("sc", "tso"), "help": "tso: writes wait in store buffers, as on x86"},
    "machine": {"choices": ("threading",), "help": "for a program written with the names of threading and queue"},
}
"""Option of explore() → how it is written on the first line."""

HELP: Final = """\
{magic}: run every different schedule of a program, each once, and say what they found.

    {magic} [options]           the rest of the cell is the program
    {magic} NAME [options]      the cell runs as usual; then the function NAME is explored, which it or an earlier cell defines

{options}

Without a NAME the cell's variables belong to the program, as if the cell were its file, and nothing of them stays in the
notebook. An expression in the last line is the program's result. Lines count from the top of the cell.
Afterwards {kept} is the verdict: {kept}.failures, {kept}.outcomes, {kept}.timeline(), {kept}.play().
Interrupt (■) ends the exploration with what is known.

An example:

{example}"""

EXAMPLE: Final = """\
%%explore
balance = 100

def deposit(amount):
    global balance
    balance += amount

threads = [spawn(deposit, 50), spawn(deposit, 10)]
for thread in threads:
    thread.join()
assert balance == 160
"""


def _name(text: str) -> str:
    if not text.isidentifier() or keyword.iskeyword(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name of a function")
    return text


def parser() -> Parser:
    """What reads the first line."""
    made = Parser(EXPLORE, usage=f"{EXPLORE} [NAME] [options]", add_help=False, allow_abbrev=False,
                  formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=24, width=100))  # fmt: skip
    made._positionals.title, made._optionals.title = "name", "options"
    made.add_argument("name", nargs="?", type=_name, metavar="NAME", help="the function to explore")
    for option in _known():
        made.add_argument(f"--{option}", **WORDS[option])
    shown = f"of {','.join(PARTS)}; or none ({','.join(USUAL)})"
    made.add_argument("--show", type=some_of(PARTS), default=None, metavar="PARTS", help=shown)
    made.add_argument("--help", action="store_true", help="show this")
    return made


def _known() -> list[str]:
    return [name for name in inspect.signature(explore).parameters if name in WORDS]


def read_options(line: str) -> tuple[argparse.Namespace, dict[str, Any]]:
    """The options in the first line of a cell, and those of them that are explore()'s.

    >>> read_options("main --bound 2 --races")[1]
    {'bound': 2, 'races': True}

    Raises:
        BadOptions: one is unknown, or has a value that cannot be.
    """
    words = split(EXPLORE, line)
    options = parse(parser(), words)
    given = {name: getattr(options, name) for name in _known()}
    return options, {name: value for name, value in given.items() if value is not None and value is not False}


def help_text() -> str:
    """What %%explore --help says."""
    options = parser().format_help().partition("\n")[2].strip("\n")
    return HELP.format(magic=EXPLORE, kept=KEPT_AS, options=options, example=textwrap.indent(EXAMPLE, "    "))
