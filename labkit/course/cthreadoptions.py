"""The words on the first line of a %%cthreads cell: how the C program is run, and what is shown of it."""

from __future__ import annotations

import argparse
import re
import textwrap
from typing import Final

from labkit.course.magicwords import CTHREADS, KEPT_AS, Parser, parse, seconds, some_of, split, variable, whole
from labkit.native.child import DEFAULT
from labkit.native.start import MACHINES, SWITCHES, TIMER_MIN_US, TIMER_US

PARTS: Final = ("output", "verdict", "timeline", "memory", "switches", "syscalls")
_WRITTEN: Final = {"\\n": "\n", "\\t": "\t", "\\\\": "\\"}

HELP: Final = """\
{magic}: the rest of the cell is a program in C with threads. It is compiled, and runs in a process of its own.

    {magic} [NAME] [options]

{options}

The program has a main(), and threads from <pthread.h> or "uthread.h": on every machine from either. "uthread" and
"uthread-preemptive" keep all its threads on one thread of the operating system (N:1), "pthread" gives each its own (1:1).

Afterwards {kept} is the run, and so is NAME if you gave one: {kept}.stdout, {kept}.trace, {kept}.timeline(), {kept}.memory(),
{kept}.switches, {kept}.stacks, {kept}.maps, {kept}.syscalls, {kept}.verdict().
The compiler's complaints and the verdict count lines from the top of the cell. Interrupt (■) ends the program.

An example:

{example}"""

EXAMPLE: Final = """\
%%cthreads turns
#include <pthread.h>
#include <sched.h>
#include <stdio.h>

static void *work(void *name)
{
    for (int i = 1; i <= 3; i++) {
        printf("%s: round %d\\n", (char *)name, i);
        sched_yield();
    }
    return NULL;
}

int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, work, "A");
    pthread_create(&b, NULL, work, "B");
    pthread_join(a, NULL);
    pthread_join(b, NULL);
}
"""


def _limit(text: str) -> float:
    value = seconds(text)
    if value == 0:
        raise argparse.ArgumentTypeError("a program needs more than 0 seconds")
    return value


def _microseconds(text: str) -> int:
    value = whole(text)
    if value < TIMER_MIN_US:
        raise argparse.ArgumentTypeError(f"{value} µs is too often: at least {TIMER_MIN_US}")
    return value


def _input(text: str) -> str:
    return re.sub(r"\\[nt\\]", lambda found: _WRITTEN[found[0]], text)


def parser() -> Parser:
    """What reads the first line."""
    made = Parser(CTHREADS, usage=f"{CTHREADS} [NAME] [options]", add_help=False, allow_abbrev=False,
                  formatter_class=lambda prog: argparse.HelpFormatter(prog, max_help_position=24, width=100))  # fmt: skip
    made._positionals.title, made._optionals.title = "name", "options, and what holds without them"
    add = made.add_argument
    add("name", nargs="?", type=variable, metavar="NAME", help="the variable that keeps the run")
    add("--machine", choices=tuple(MACHINES), default="uthread", help=f"what runs its threads: {', '.join(MACHINES)} (uthread)")
    add("--timer-us", type=_microseconds, metavar="N", help=f"for uthread-preemptive: SIGALRM every N µs ({TIMER_US})")
    add("--switch", choices=SWITCHES, help=f"how our own threads switch: {', '.join(SWITCHES)} ({SWITCHES[0]})")
    add("--strace", action="store_true", help="count every system call; needs strace, and makes the run slower")
    add("--seconds", type=_limit, default=DEFAULT.seconds, metavar="S", help=f"when it is stopped ({DEFAULT.seconds:g})")
    add("--stdin", type=_input, default="", metavar='"TEXT"', help='what it can read: --stdin "3 4\\n" (nothing)')
    shown = f"of {','.join(PARTS)}; or none (output, verdict, and what there is to tell)"
    add("--show", type=some_of(PARTS), default=None, metavar="PARTS", help=shown)
    add("--source", type=variable, metavar="NAME", help="also keep the C text, in a variable of this name")
    add("--help", action="store_true", help="show this")
    return made


def read_options(line: str) -> argparse.Namespace:
    r"""The options in the first line of a cell.

    >>> options = read_options('adding --machine pthread --stdin "3 4\\n"')
    >>> options.name, options.machine, options.stdin
    ('adding', 'pthread', '3 4\n')

    Raises:
        BadOptions: one is unknown, has a value that cannot be, or does not go with the machine.
    """
    words = split(CTHREADS, line, '--stdin "3 4"')
    made = parser()
    options = parse(made, words)
    if options.timer_us is not None and options.machine != "uthread-preemptive":
        made.error(f"--timer-us goes with --machine uthread-preemptive; no timer runs on {options.machine}")
    if options.switch is not None and options.machine == "pthread":
        made.error("--switch is for our own threads; on pthread the operating system switches")
    options.timer_us = options.timer_us or TIMER_US
    options.switch = options.switch or SWITCHES[0]
    return options


def help_text() -> str:
    """What %%cthreads --help says."""
    options = parser().format_help().partition("\n")[2].strip("\n")
    return HELP.format(magic=CTHREADS, kept=KEPT_AS, options=options, example=textwrap.indent(EXAMPLE, "    "))
