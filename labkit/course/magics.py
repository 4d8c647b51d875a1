"""Cell magics, and the words on their first line. A notebook has them as soon as it imports labkit.course.

What a magic needs is loaded when it is used: most lessons never do.
"""

from __future__ import annotations

import argparse
import builtins
import difflib
import keyword
import shlex
import sys
import textwrap
from collections.abc import Callable
from typing import Any, Final, NoReturn

from labkit.dmesg import dmesg, dmesg_options
from labkit.errors import LabError

MAGIC: Final = "%%kmodule"
EXPLORE: Final = "%%explore"
CTHREADS: Final = "%%cthreads"
MAGICS: Final = (MAGIC, EXPLORE, CTHREADS)
KEPT_AS: Final = "_run"
"""The variable that always keeps the newest run."""
PARTS: Final = ("dmesg", "tasks", "timeline")
HOUR_S: Final = 3600

HELP: Final = """\
{magic}: the rest of the cell is a module in C. It is compiled, loaded into a fresh Linux, left to work, and unloaded.

    {magic} [NAME] [options]

{options}

Afterwards {kept} is the run, and so is NAME if you gave one: {kept}.dmesg, {kept}.tasks, {kept}.trace, {kept}.stack("worker/0").
Complaints of the compiler count lines from the top of the cell. Interrupt (■) ends the kernel at once.

An example:

{example}"""

EXAMPLE: Final = """\
%%kmodule hello --wait 0.5
#include <linux/module.h>

static int __init hello_init(void) { pr_info("hello from %s\\n", current->comm); return 0; }
static void __exit hello_exit(void) { pr_info("bye\\n"); }
module_init(hello_init);
module_exit(hello_exit);
MODULE_LICENSE("GPL");
"""


class BadOptions(LabError):
    """The first line of the cell says something that its magic does not understand."""


class Parser(argparse.ArgumentParser):
    """One that raises instead of ending the program."""

    def error(self, message: str) -> NoReturn:
        end = "" if message.endswith("?") else "."
        raise BadOptions(f"{self.prog}: {message.removeprefix('argument ')}{end} `{self.prog} --help` tells what there is.")


def whole(text: str) -> int:
    """A whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from None


def seconds(text: str) -> float:
    """So many seconds, at most an hour."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= HOUR_S:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds from 0 to {HOUR_S}")
    return value


def _name(text: str) -> str:
    from labkit.qemu.build import NAME

    if not NAME.fullmatch(text) or keyword.iskeyword(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} cannot name a module and a variable: small letters, digits and _, as in worker_2"
        )
    return text


def variable(text: str) -> str:
    """A name that a variable can have."""
    if not text.isidentifier() or keyword.iskeyword(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name for a variable")
    return text


def some_of(known: tuple[str, ...]) -> Callable[[str], tuple[str, ...]]:
    """What reads the value of --show: some of the known parts, or none."""

    def read(text: str) -> tuple[str, ...]:
        parts = () if text == "none" else tuple(text.split(","))
        if wrong := set(parts) - set(known):
            raise argparse.ArgumentTypeError(f"{sorted(wrong)[0]!r} is none of {', '.join(known)}, none")
        return parts

    return read


def _dmesg(text: str) -> str:
    try:
        dmesg([], **dmesg_options(text))
    except LabError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def _parser() -> Parser:
    from labkit.qemu.config import PREEMPT

    parser = Parser(MAGIC, usage=f"{MAGIC} [NAME] [options]", add_help=False, allow_abbrev=False,
                     formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=24, width=100))  # fmt: skip
    parser._positionals.title, parser._optionals.title = "name", "options, and what holds without them"
    add = parser.add_argument
    add("name", nargs="?", type=_name, metavar="NAME", help="name of the module, and of the variable that keeps its run")
    add("--wait", type=seconds, default=0.35, metavar="S", help="seconds that it stays loaded, by the guest's clock (0.35)")
    add("--seed", type=whole, default=1, metavar="N", help="shifts the timer's phase: another seed, another order of events (1)")
    add(
        "--cpus",
        type=whole,
        default=1,
        metavar="N",
        choices=range(1, 5),
        help="1: the same run each time; 2 to 4: as it happens (1)",
    )
    add("--preempt", default="full", choices=PREEMPT, help="how the kernel was booted: none, voluntary or full (full)")
    add("--params", default="", metavar='"A=1"', help='the module\'s parameters: --params "count=3 name=x"')
    add("--limit", type=seconds, default=10.0, metavar="S", help="when insmod and rmmod are given up as stuck (10)")
    add("--timeout", type=seconds, default=30.0, metavar="S", help="when the virtual machine is ended, in real seconds (30)")
    add("--trace", default="on", choices=("on", "off"), help="record scheduling events; costs the guest some time (on)")
    add("--dmesg", default="", type=_dmesg, metavar='"OPTS"', help='how to show the log, in dmesg\'s words: --dmesg "-t -l info"')
    shown = f"of {','.join(PARTS)}; or none (all that tells something)"
    add("--show", default=None, type=some_of(PARTS), metavar="PARTS", help=shown)
    add("--source", type=variable, metavar="NAME", help="also keep the C text, in a variable of this name")
    add("--live", default="on", choices=("on", "off"), help="off: nothing moves, all is shown at the end (on)")
    add("--help", action="store_true", help="show this")
    return parser


def help_text() -> str:
    """What %%kmodule --help says."""
    options = _parser().format_help().partition("\n")[2].strip("\n")
    return HELP.format(magic=MAGIC, kept=KEPT_AS, options=options, example=textwrap.indent(EXAMPLE, "    "))


def read_options(line: str) -> argparse.Namespace:
    """The options in the first line of a cell.

    >>> read_options('life --seed 21 --params "count=3 name=x"').params
    'count=3 name=x'

    Raises:
        BadOptions: one is unknown, or has a value that cannot be.
    """
    try:
        words = shlex.split(line)
    except ValueError:
        raise BadOptions(f'{MAGIC}: a quotation mark is open in {line!r}; write --params "count=3 name=x"') from None
    if "--dmesg" in words[:-1]:  # Why: argparse takes the -t in --dmesg -t for an option of ours
        at = words.index("--dmesg")
        words[at : at + 2] = [f"--dmesg={words[at + 1]}"]
    return parse(_parser(), words)


def parse(parser: Parser, words: list[str]) -> argparse.Namespace:
    """The options among these words; of an unknown one, what may have been meant."""
    known = [word for action in parser._actions for word in action.option_strings]
    for word in words:
        if word.startswith("--") and (option := word.partition("=")[0]) not in known:
            near = difflib.get_close_matches(option, known, 1)
            parser.error(f"there is no option {option}" + (f"; did you mean {near[0]}?" if near else ""))
    return parser.parse_args(words)


def kmodule(line: str, cell: str) -> None:
    """Run a cell of C as a module of a real kernel."""
    options = read_options(line)
    if options.help:
        print(help_text())
        return
    if not cell.strip():
        raise BadOptions(f"the cell is empty: below {MAGIC} comes a module in C. `{MAGIC} --help` shows one.")
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


def _explore_help() -> str:
    from labkit.course import exploreoptions

    return exploreoptions.help_text()


def _cthreads_help() -> str:
    from labkit.course import cthreadoptions

    return cthreadoptions.help_text()


def _complete(_: Any, event: Any) -> list[str]:
    """Options and their choices, for the Tab key."""
    parser = _parser_of(event.line)
    actions = {word: action for action in parser._actions for word in action.option_strings}
    words = event.line.split()
    done = words if event.line.endswith(" ") else words[:-1]
    choices = actions[done[-1]].choices if done and done[-1] in actions else None
    return [str(choice) for choice in choices] if choices else [word for word in actions if word not in done]


def _parser_of(line: str) -> Parser:
    if line.startswith(EXPLORE):
        from labkit.course import exploreoptions

        return exploreoptions.parser()
    if line.startswith(CTHREADS):
        from labkit.course import cthreadoptions

        return cthreadoptions.parser()
    return _parser()


def _room_for_a_body(lines: list[str]) -> list[str]:
    """IPython refuses a cell magic without a body before we are asked; an empty line is one. Thus %%kmodule --help works."""
    alone = lines and lines[0].split()[:1] in [[magic] for magic in MAGICS] and not "".join(lines[1:]).strip()
    return [lines[0].rstrip("\n") + "\n", "\n"] if alone else lines


def refuse_to_hide(name: str, variables: dict[str, Any]) -> None:
    """Raise if the name means a function or the like: a run in its place would break a later cell, far from here."""
    if hasattr(builtins, name) or callable(variables.get(name)) or isinstance(variables.get(name), type(builtins)):
        raise BadOptions(f"{name} is something else in this notebook, and you may need it again: choose another name.")


def shell() -> Any:
    """The running IPython, or None. Whoever runs in it has imported it."""
    ipython = sys.modules.get("IPython")
    return getattr(ipython, "get_ipython", lambda: None)()


def register() -> None:
    """Give the running IPython the magics; does nothing where no IPython runs."""
    if (running := shell()) is not None:
        setattr(kmodule, "getdoc", help_text)  # noqa: B010  # what %%kmodule? shows; mypy knows no attributes of functions
        setattr(explore, "getdoc", _explore_help)  # noqa: B010
        setattr(cthreads, "getdoc", _cthreads_help)  # noqa: B010
        for magic, function in zip(MAGICS, (kmodule, explore, cthreads), strict=True):
            running.register_magic_function(function, "cell", magic.removeprefix("%%"))
            running.set_hook("complete_command", _complete, str_key=magic)
        if _room_for_a_body not in running.input_transformers_cleanup:
            running.input_transformers_cleanup.append(_room_for_a_body)
