"""What went wrong in a C program, in words: which thread, what it did, in which function and on which line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from labkit.native.recording import Fault, program_counter
from labkit.native.symbols import Where

if TYPE_CHECKING:
    from labkit.native.nativerun import NativeRun

SIGNALS: Final = {
    4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL", 11: "SIGSEGV", 13: "SIGPIPE", 14: "SIGALRM",
    15: "SIGTERM", 24: "SIGXCPU", 25: "SIGXFSZ", 31: "SIGSYS",
}  # fmt: skip
"""Number → name, signal(7), as on x86_64 and aarch64."""
WORDS: Final = {
    "SIGXCPU": "it used more processor time than its limit",
    "SIGXFSZ": "it wrote a file larger than its limit",
    "SIGKILL": "it was killed from outside, perhaps because the machine ran out of memory",
    "SIGALRM": "SIGALRM came while no handler was set: a timer was left armed",
}
THREADS_SHOWN: Final = 8


def verdict(run: NativeRun) -> str:
    """What went wrong; empty when nothing did."""
    ended, fault = run.ended, run.recording.fault
    if ended.flooded:
        said = f"it wrote more to {ended.flooded} than is kept ({len(ended.stdout) >> 10} KiB): stopped there"
    elif ended.interrupted:
        said = f"it was interrupted after {ended.seconds:.1f} s. {_everybody(run)}"
    elif ended.timed_out:
        said = f"it had not ended after {ended.seconds:.1f} s: stopped. {_everybody(run)}"
    elif fault is not None and fault.trouble == "deadlock":
        said = f"{fault.said}. {_everybody(run)}"
    elif fault is not None:
        said = fault.said + _at(_culprit(run, fault))
        if fault.trouble == "overflow":
            said += ". Let it call itself less deeply, or set uthread_stack_bytes before it is created"
    elif run.signal:
        said = f"{run.signal}: {WORDS.get(run.signal, 'a signal ended it before it could tell where it was')}"
    elif run.exit:
        said = f"exit code {run.exit}"
    else:
        return ""
    return said.rstrip(". ") + "."


def _culprit(run: NativeRun, fault: Fault) -> Where | None:
    """The function and line of the program at which it went wrong: the innermost that is not labkit's or the C library's."""
    thread = next((t.name for t in run.recording.threads if t.tid == fault.tid), "")
    back = 1 if fault.trouble == "misuse" else 0  # there it is a return address
    at = run.where(program_counter(fault.registers) - back)
    if at is not None and at.file == run.program.source:
        return at
    return next(iter(run.backtraces.get(thread, [])), None)


def _at(place: Where | None) -> str:
    return f", in {place}" if place else ""


def _everybody(run: NativeRun) -> str:
    """Where each thread was."""
    told = []
    for thread in run.recording.threads:
        places = run.backtraces.get(thread.name, [])
        if places:
            how = {"BLOCKED": "waits", "RUNNABLE": "could run"}.get(thread.state, "was")
            told.append(f"'{thread.name}' {how} in {places[0]}")
    more = f", and {len(told) - THREADS_SHOWN} more threads" if len(told) > THREADS_SHOWN else ""
    return "; ".join(told[:THREADS_SHOWN]) + more if told else "It did not say where it was."
