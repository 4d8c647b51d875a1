"""The way in: C text, a machine, one run. The program runs in a process of its own, so nothing it does harms the notebook."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from labkit.errors import LabError
from labkit.native.build import Program, build
from labkit.native.cc import NoCompiler
from labkit.native.child import DEFAULT, Child, Limits
from labkit.native.nativerun import NativeRun
from labkit.native.recorded import find, record, run_key
from labkit.native.recording import Shared
from labkit.native.syscalls import Syscalls, under_strace

MACHINES: Final = {"uthread": "uthread", "uthread-preemptive": "uthread", "pthread": "pthread"}
"""Machine → what the program is linked with."""
SWITCHES: Final = ("asm", "swapcontext")
TIMER_US: Final = 1000
TIMER_MIN_US: Final = 20
"""A shorter timer fires again before its handler has returned: a signal costs some microseconds."""
EVENTS: Final = 1 << 16
"""Room in the ring: 25 MB of memory when full, and as many events as a timeline can show."""


class Interrupted(KeyboardInterrupt):
    """Somebody interrupted a program that was running; `run` is what it did until then."""

    def __init__(self, run: NativeRun) -> None:
        super().__init__(run.verdict())
        self.run = run


def run(
    source: str | Path,
    machine: str = "uthread",
    *,
    timer_us: int = TIMER_US,
    switch: str = "asm",
    count_syscalls: bool = False,
    stdin: str = "",
    limits: Limits = DEFAULT,
    events: int = EVENTS,
    fixed_addresses: bool = True,
    name: str = "program.c",
    first_line: int = 1,
    flags: tuple[str, ...] = (),
    also: tuple[tuple[str, str], ...] = (),
    watch: Callable[[float], None] | None = None,
) -> NativeRun:
    """Compile a C program, run it in a process of its own, and bring back what happened.

    Args:
        source: C text, or the path of a .c file. It may use <pthread.h> or uthread.h, on every machine.
        machine: "uthread": our own threads, N:1, which switch when they ask for it. "uthread-preemptive": the same and
            SIGALRM, every timer_us. "pthread": the operating system's threads, 1:1.
        timer_us: how often SIGALRM comes, in µs.
        switch: how our own threads switch: "asm" or "swapcontext".
        count_syscalls: count every system call with strace, which makes the run slower. Else, and where strace is missing
            or not allowed, those are counted that the machine makes itself; .syscalls.how tells which.
        stdin: what the program can read.
        limits: what it may use; limits=Limits(seconds=2) stops it after 2 s.
        events: room in the ring of events, a power of two; newer ones replace older ones.
        fixed_addresses: ask the kernel for the same addresses in every run (personality(2)); it may refuse in a container.
        name: what messages call the source.
        first_line: number of the source's first line in messages: 2 for a notebook cell that begins with a magic.
        flags: more for the compiler.
        also: (name, text) of other files of the program, C or assembly.
        watch: called now and then with the seconds that the program has been running.

    Raises:
        NoCompiler: there is no compiler, and no recorded run of this program; the text says what to install.
        BadProgram: the compiler refuses the source.
        Interrupted: Ctrl-C; the program was asked where it is, and ended.
        LabError: an argument makes no sense.
    """
    _check(machine, timer_us, switch)
    name, text = (source.name, source.read_text(encoding="utf-8")) if isinstance(source, Path) else (name, source)
    asked = {"timer_us": timer_us, "switch": switch, "count": count_syscalls, "stdin": stdin, "seconds": limits.seconds}
    key = run_key(text, machine, line=first_line, flags=flags, **asked, **({"also": also} if also else {}))
    try:
        program = build(text, MACHINES[machine], name=name, first_line=first_line, flags=flags, also=also)
    except NoCompiler as error:
        if (kept := find(key)) is None:
            raise NoCompiler(f"{error} Without one, only what the lessons' own programs did can be shown.") from None
        return kept
    timer = {"UTHREAD_TIMER_US": str(timer_us)} if machine == "uthread-preemptive" else {}
    environment = {"UTHREAD_SWITCH": switch, "LABKIT_LIMITS": limits.text(fixed_addresses)} | timer
    done = _run_here(machine, program, environment, Asked(stdin, limits, events, count_syscalls, watch))
    if done.ended.interrupted:
        raise Interrupted(done)
    record(key, done)
    return done


class Asked(NamedTuple):
    """How a program is to run: run() says what each of them is."""

    stdin: str
    limits: Limits
    events: int
    count_syscalls: bool
    watch: Callable[[float], None] | None


def _run_here(machine: str, program: Program, own: dict[str, str], asked: Asked) -> NativeRun:
    """Start the program, listen to it, and read what it leaves."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("UTHREAD_", "LABKIT_"))}
    with Shared(asked.events) as shared:
        environment |= own | shared.environment()
        child = Child([str(program.path)], environment, shared.fd, asked.stdin.encode(), asked.watch)
        ended, counted = under_strace(child, asked.limits) if asked.count_syscalls else (None, None)
        if ended is None or counted is None:
            ended = child.run(asked.limits)
        recording = shared.read()
    calls = Syscalls("known calls", Counter(recording.calls)) if counted is None else Syscalls("strace", counted)
    return NativeRun(machine, program, ended, calls, recording, program.path.read_bytes())


def _check(machine: str, timer_us: int, switch: str) -> None:
    if machine not in MACHINES:
        raise LabError(f"machine={machine!r}: choose {', '.join(map(repr, MACHINES))}")
    if switch not in SWITCHES:
        raise LabError(f"switch={switch!r}: choose {' or '.join(map(repr, SWITCHES))}")
    if not isinstance(timer_us, int) or timer_us < TIMER_MIN_US:
        raise LabError(f"timer_us={timer_us!r}: a whole number of microseconds, at least {TIMER_MIN_US}")
