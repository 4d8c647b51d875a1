"""What one run of a C program was: its output, its trace, its registers at every switch, its memory, and what went wrong."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from labkit.draw import draw
from labkit.limits import QUIET_VARIABLE
from labkit.native.build import Program
from labkit.native.child import Ended
from labkit.native.readtrace import Switch, read_trace
from labkit.native.recording import Recording
from labkit.native.regions import Region, read_regions
from labkit.native.symbols import FUNCTION, OBJECT, Executable, Where
from labkit.native.syscalls import Syscalls
from labkit.native.verdict import SIGNALS, verdict
from labkit.tracelog import Trace


@dataclass(frozen=True)
class Stack:
    """One thread's stack: [low, high), the guard page [low - guard_bytes, low) below it, and how much of it was ever used."""

    thread: str
    low: int
    high: int
    guard_bytes: int
    used_bytes: int
    sp: int
    """The stack pointer when it was last seen at rest; 0 if it never was."""


class Place(NamedTuple):
    """A variable that the program has shown with UTHREAD_SHOW."""

    thread: str
    name: str
    address: int
    size: int
    region: Region | None


class NativeRun:
    """One start to end of a C program.

    Attributes:
        machine: "uthread", "uthread-preemptive" or "pthread".
        stdout, stderr: what it wrote, as text.
        exit: what main returned or exit() was given; None if a signal ended it.
        signal: name of the signal that ended it, such as "SIGSEGV"; else "".
        warnings: what the compiler had to say.
        seconds: how long it took.
        syscalls: system calls, and how they were counted.
        recorded: it ran elsewhere, and is shown here because there is no compiler.
    """

    def __init__(
        self,
        machine: str,
        program: Program,
        ended: Ended,
        syscalls: Syscalls,
        recording: Recording,
        executable: bytes,
        recorded: bool = False,
    ) -> None:
        self.machine = machine
        self.program = program
        self.ended = ended
        self.stdout = ended.stdout.decode(errors="replace")
        self.stderr = ended.stderr.decode(errors="replace")
        self.exit = ended.code if ended.code >= 0 else None
        self.signal = "" if ended.code >= 0 else SIGNALS.get(-ended.code, f"signal {-ended.code}")
        self.warnings = program.warnings
        self.seconds = ended.seconds
        self.syscalls = syscalls
        self.recording = recording
        self.executable = Executable(executable)
        self.recorded = recorded

    def bare(self) -> NativeRun:
        """The same run, with nothing read out of it yet: smaller, where it is to be sent somewhere."""
        recording = Recording(self.recording.data, self.recording.processor)
        return NativeRun(self.machine, self.program, self.ended, self.syscalls, recording, self.executable.data, self.recorded)

    @cached_property
    def _read(self) -> tuple[Trace, list[Switch], list[tuple[str, str, int, int]]]:
        return read_trace(self.recording, self.machine, self.places_of, self.variable)

    @property
    def trace(self) -> Trace:
        """What happened, in order."""
        return self._read[0]

    @property
    def switches(self) -> list[Switch]:
        """Every switch that was kept, with the registers of the thread that left."""
        return self._read[1]

    def timeline(self, **options: Any) -> Any:
        """The run as a picture."""
        return draw("timeline", self.trace, **options)

    def memory(self, **options: Any) -> Any:
        """What lay where when the program showed it: stacks, shared variables, the heap, and who points to what."""
        from labkit.native.picture import picture_of

        return draw("memory", [picture_of(self)], **options)

    @cached_property
    def voluntary(self) -> dict[str, int]:
        """Thread → switches that it asked for (it waited), as the kernel counted them. N:1: one OS thread, under "main"."""
        return {t.name: t.voluntary for t in self.recording.threads if t.os_tid or t.voluntary or t.involuntary}

    @cached_property
    def involuntary(self) -> dict[str, int]:
        """Thread → switches by which the kernel took the processor away."""
        return {t.name: t.involuntary for t in self.recording.threads if t.os_tid or t.voluntary or t.involuntary}

    @property
    def syscalls_per_switch(self) -> float:
        """System calls for each switch between threads of the program; 0 where there was no switch."""
        switches = len(self.switches) + self.recording.lost
        return self.syscalls.total / switches if switches else 0.0

    @cached_property
    def maps(self) -> list[Region]:
        """What lay where in memory, by address."""
        return read_regions(self.recording, str(self.program.path.resolve()), self.executable)

    def region(self, address: int) -> Region | None:
        """The region that an address belongs to."""
        return next((region for region in self.maps if address in region), None)

    @cached_property
    def stacks(self) -> list[Stack]:
        """The stack of every thread; main's is the process's own, which the kernel lets grow."""
        own = next((r for r in self.maps if r.kind == "stack" and r.path == "[stack]"), None)
        found = [Stack("main", own.start, own.end, 0, own.end - own.start, 0)] if own else []
        for t in self.recording.threads:
            if t.guard_bytes:
                used = t.stack_used or (t.stack_high - t.sp if t.sp else 0)
                found.append(Stack(t.name, t.stack_low, t.stack_high, t.guard_bytes, used, t.sp))
        return found

    @cached_property
    def places(self) -> list[Place]:
        """The variables that the program has shown, and where they were."""
        return [Place(thread, name, address, size, self.region(address)) for thread, name, address, size in self._read[2]]

    def where(self, address: int) -> Where | None:
        """Function and line of an address of the program's code."""
        return self.executable.where(address - self.recording.text_start + self.executable.first_address)

    def variable(self, address: int) -> str:
        """Name of the global variable or function at an address; empty if there is none."""
        at = address - self.recording.text_start + self.executable.first_address
        symbol = self.executable.symbol(at, OBJECT) or self.executable.symbol(at, FUNCTION)
        return symbol.name if symbol else ""

    @cached_property
    def backtraces(self) -> dict[str, list[Where]]:
        """Thread → where it was when the program ended badly, in the program's own functions, innermost first."""
        return {thread.name: self.places_of(thread.frames) for thread in self.recording.threads}

    def places_of(self, frames: tuple[int, ...]) -> list[Where]:
        """Return addresses, innermost first, as places in the program's own functions."""
        # Why - 1: a return address is the instruction after the call, which may belong to the next line.
        places = [self.where(frame - (i > 0)) for i, frame in enumerate(frames)]
        return [place for place in places if place is not None and place.file == self.program.source]

    def verdict(self) -> str:
        """What went wrong, in a sentence or a few; empty when nothing did."""
        return verdict(self)

    def __repr__(self) -> str:
        how = self.signal or f"exit {self.exit}"
        return f"<NativeRun on {self.machine}: {how}, {len(self.switches)} switches, {len(self.recording.threads)} threads>"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """What Jupyter shows for it."""
        printer.text(str(self))

    def __str__(self) -> str:
        # Why: where outputs are compared, a recorded run stands for the run itself.
        tell = self.recorded and QUIET_VARIABLE not in os.environ
        said = "(a recorded run: there is no C compiler here)" if tell else ""
        return "\n".join(filter(None, [said, self.warnings.rstrip(), self.stdout.rstrip("\n"), self.verdict()]))
