"""What went wrong in a C program, in words: which thread, what it did, in which function and on which line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from labkit.native.recording import Fault, program_counter
from labkit.native.symbols import Where

if TYPE_CHECKING:
    from labkit.native.nativerun import NativeRun
    from labkit.tracelog import Trace

SIGNALS: Final = {
    1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL",
    10: "SIGUSR1", 11: "SIGSEGV", 12: "SIGUSR2", 13: "SIGPIPE", 14: "SIGALRM", 15: "SIGTERM", 19: "SIGSTOP", 24: "SIGXCPU",
    25: "SIGXFSZ", 31: "SIGSYS",
}  # fmt: skip
"""Number → name, signal(7), as on x86_64 and aarch64."""
WORDS: Final = {
    "SIGXCPU": "it used more processor time than its limit",
    "SIGXFSZ": "it wrote a file larger than its limit",
    "SIGKILL": "it was killed from outside, perhaps because the machine ran out of memory",
    "SIGALRM": "SIGALRM came while no handler was set: a timer was left armed",
    "SIGSYS": "it started another process (system, popen), which is refused here",
    "SIGUSR1": "nobody has set a handler for it",
    "SIGUSR2": "nobody has set a handler for it",
}
THREADS_SHOWN: Final = 8


def verdict(run: NativeRun) -> str:
    """What went wrong; empty when nothing did."""
    ended, fault = run.ended, run.recording.fault
    if ended.flooded:
        kept = len(ended.stdout if ended.flooded == "stdout" else ended.stderr) >> 10
        said = f"it wrote more to {ended.flooded} than is kept ({kept} KiB): stopped there. {_everybody(run)}"
    elif ended.interrupted:
        said = f"it was interrupted after {ended.seconds:.1f} s. {_everybody(run)}"
    elif ended.timed_out:
        said = f"it had not ended after {ended.seconds:.1f} s: stopped. {_everybody(run)}{_no_ticks(run)}"
    elif fault is not None and fault.trouble == "deadlock":
        said = f"{fault.said}. {_everybody(run)}"
    elif fault is not None:
        said = fault.said + _at(_culprit(run, fault))
        if fault.trouble == "overflow":
            said += ". Let it call itself less deeply, or set uthread_stack_bytes before it is created"
    elif run.signal:
        said = f"{run.signal}: {WORDS.get(run.signal, 'a signal ended it before it could tell where it was')}"
    elif run.exit:
        said = f"exit code {run.exit}{_who_left(run)}"
    else:
        return ""
    return said.rstrip(". ") + "."


def _who_left(run: NativeRun) -> str:
    """The thread that called exit, if it was not main."""
    who = next((event.tid for event in reversed(run.trace.of("exit"))), 1)
    thread = next((t for t in run.recording.threads if t.tid == who and who > 1), None)
    return f": thread '{thread.name}' ended the program{_at(next(iter(run.places_of(thread.frames)), None))}" if thread else ""


def _no_ticks(run: NativeRun) -> str:
    """Why a thread may have kept the processor although there was a timer."""
    last = max((event.t_ns for event in run.trace.of("timer")), default=0)
    if run.machine != "uthread-preemptive" or len(run.recording.threads) < 2 or last > run.seconds * 1e9 / 2:
        return ""
    return ". SIGALRM no longer came to labkit's handler: the program has blocked it, or handles it itself"


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
    """Where each thread was, and what it waited for."""
    told = []
    waits = waiting(run.trace) if run.ended.timed_out or run.ended.interrupted else {}
    for thread in run.recording.threads:
        places = run.backtraces.get(thread.name, [])
        if places:
            how = {"BLOCKED": "waits", "RUNNABLE": "could run"}.get(thread.state, "was")
            for_what = waits.get(thread.tid, "") if thread.state == "BLOCKED" else ""
            told.append(f"'{thread.name}' {how}{for_what} in {places[0]}")
    more = f", and {len(told) - THREADS_SHOWN} more threads" if len(told) > THREADS_SHOWN else ""
    return "; ".join(told[:THREADS_SHOWN]) + more if told else "It did not say where it was"


def waiting(trace: Trace) -> dict[int, str]:
    """tid → what that thread waits for at the end of a trace, and who has it."""
    holders: dict[str, int] = {}
    waits: dict[int, str] = {}
    gone: set[int] = set()
    for event in trace:
        if event.kind == "wait":
            waits[event.tid] = event.on
        elif event.kind == "lock_acquire":
            holders[event.lock] = event.tid
        elif event.kind == "lock_release":
            holders.pop(event.lock, None)
        elif event.kind == "exit":
            gone.add(event.tid)
    told = {}
    for tid, what in waits.items():
        holder = holders.get(what.removeprefix("Mutex '").removesuffix("'")) if what.startswith("Mutex") else None
        told[tid] = f" for {what}"
        if holder is not None:
            has = "had when it ended" if holder in gone else "has"
            told[tid] += f", which '{trace.threads.get(holder, holder)}' {has},"
    return told
