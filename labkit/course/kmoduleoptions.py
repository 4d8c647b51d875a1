"""The words on the first line of a %%kmodule cell: how the module is run in the real kernel, and what is shown of it."""

from __future__ import annotations

import argparse
import keyword
import textwrap
from typing import Final

from labkit.course.magicwords import KEPT_AS, KMODULE, Parser, parse, seconds, some_of, split, variable, whole
from labkit.dmesg import dmesg, dmesg_options
from labkit.errors import LabError

PARTS: Final = ("dmesg", "tasks", "timeline")

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


def _name(text: str) -> str:
    from labkit.qemu.build import NAME

    if not NAME.fullmatch(text) or keyword.iskeyword(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} cannot name a module and a variable: small letters, digits and _, as in worker_2"
        )
    return text


def _dmesg(text: str) -> str:
    try:
        dmesg([], **dmesg_options(text))
    except LabError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return text


def parser() -> Parser:
    """What reads the first line."""
    from labkit.qemu.config import PREEMPT

    made = Parser(KMODULE, usage=f"{KMODULE} [NAME] [options]", add_help=False, allow_abbrev=False,
                     formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=24, width=100))  # fmt: skip
    made._positionals.title, made._optionals.title = "name", "options, and what holds without them"
    add = made.add_argument
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
    return made


def read_options(line: str) -> argparse.Namespace:
    """The options in the first line of a cell.

    >>> read_options('life --seed 21 --params "count=3 name=x"').params
    'count=3 name=x'

    Raises:
        BadOptions: one is unknown, or has a value that cannot be.
    """
    words = split(KMODULE, line, '--params "count=3 name=x"')
    if "--dmesg" in words[:-1]:  # Why: argparse takes the -t in --dmesg -t for an option of ours
        at = words.index("--dmesg")
        words[at : at + 2] = [f"--dmesg={words[at + 1]}"]
    return parse(parser(), words)


def help_text() -> str:
    """What %%kmodule --help says."""
    options = parser().format_help().partition("\n")[2].strip("\n")
    return HELP.format(magic=KMODULE, kept=KEPT_AS, options=options, example=textwrap.indent(EXAMPLE, "    "))
