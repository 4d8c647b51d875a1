"""ftrace's scheduling events, as text from the guest's tracefs, turned into a labkit trace."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from labkit.taskinfo import TaskInfo
from labkit.thread import BLOCKED, EXITED, RUNNABLE
from labkit.tracelog import Raw, Trace

KTHREADD: Final = 2
"""pid of the kthread that makes all others."""
CALLERS: Final = ("insmod", "rmmod")
"""Processes that run a module's init and exit."""

_EVENT = re.compile(r"^.*-(?P<pid>\d+)\s+\[(?P<cpu>\d+)\]\s+\S+\s+(?P<s>\d+)\.(?P<us>\d{6}): (?P<kind>\w+): (?P<rest>.*)$")


def read_trace(text: str, last_pid: int, tasks: list[TaskInfo], clock: str) -> Trace:
    """ftrace's events as labkit's, for the kthreads made in the run, kthreadd, insmod and rmmod.

    Everyone else, the idle task too, is tid 0: "nobody".

    Args:
        text: tracefs's file `trace`.
        last_pid: the newest pid before the run.
        tasks: the tasks while the module was loaded, for their full names.
        clock: "virtual" or "real".
    """
    lines = [found for found in map(_EVENT.match, text.splitlines()) if found]
    names = _cast(lines, last_pid, tasks)
    trace = Trace(threads=names, clock=clock, machine="qemu")
    lost = re.search(r"entries-in-buffer/entries-written: (\d+)/(\d+)", text)
    trace.lost = int(lost[2]) - int(lost[1]) if lost else 0
    if not lines:
        return trace
    start = _ns(lines[0])
    seen: set[int] = set()
    for line in lines:
        for raw in _events(line, names, _ns(line) - start):
            tid, t_ns, cpu = raw[2], raw[0], raw[3]
            if tid and tid not in seen and raw[1] != "spawn":
                trace.raw.append((t_ns, "spawn", tid, cpu, 0))
            seen.add(tid)
            trace.raw.append(raw)
    return trace


def _ns(line: re.Match[str]) -> int:
    return int(line["s"]) * 1_000_000_000 + int(line["us"]) * 1_000


def _field(rest: str, name: str) -> str:
    found = re.search(rf"\b{name}=(.*?)(?= \w+=| ==> |$)", rest)
    return found[1] if found else ""


def _number(rest: str, name: str) -> int:
    text = _field(rest, name)
    return int(text) if re.fullmatch(r"-?\d+", text) else 0


def _cast(lines: list[re.Match[str]], last_pid: int, tasks: list[TaskInfo]) -> dict[int, str]:
    """tid → name of everyone who is drawn, in order of appearance."""
    kthreads: dict[int, str] = {}
    callers: dict[int, str] = {}
    for line in lines:
        kind, rest = line["kind"], line["rest"]
        if kind == "sched_process_fork" and int(line["pid"]) == KTHREADD:
            kthreads[_number(rest, "child_pid")] = "kthread"
        elif kind == "task_rename" and _number(rest, "pid") in kthreads:
            kthreads[_number(rest, "pid")] = _field(rest, "newcomm")
        elif kind == "task_rename" and _field(rest, "newcomm") in CALLERS:
            callers[_number(rest, "pid")] = _field(rest, "newcomm")
        elif kind == "sched_switch" and (pid := _number(rest, "next_pid")) in kthreads:
            kthreads[pid] = _field(rest, "next_comm")
    full = {task.pid: task.name for task in tasks if task.pid > last_pid and task.kthread}
    everyone = callers | {KTHREADD: "kthreadd"} | kthreads | {pid: name for pid, name in full.items() if pid in kthreads}
    return dict(sorted(everyone.items()))


def _events(line: re.Match[str], names: dict[int, str], t_ns: int) -> Iterator[Raw]:
    kind, rest, cpu = line["kind"], line["rest"], int(line["cpu"])
    me = int(line["pid"]) if int(line["pid"]) in names else 0
    if kind == "sched_switch":
        before, after = (pid if pid in names else 0 for pid in (_number(rest, "prev_pid"), _number(rest, "next_pid")))
        if before or after:
            state, cause = _state(_field(rest, "prev_state")) if before else (BLOCKED, "wake")
            yield (t_ns, "sched_switch", before, cpu, state, after, cause)
    elif kind in ("sched_wakeup", "sched_wakeup_new") and _number(rest, "pid") in names:
        yield (t_ns, "sched_wakeup", _number(rest, "pid"), cpu, me)
    elif kind == "sched_process_fork" and (child := _number(rest, "child_pid")) in names:
        yield (t_ns, "spawn", child, cpu, me)
    elif kind == "sched_process_exit" and _number(rest, "pid") in names:
        yield (t_ns, "exit", _number(rest, "pid"), cpu, None)
    elif kind.startswith("sched_kthread_") and me:
        yield (t_ns, "note", me, cpu, f"{kind.removeprefix('sched_')} {rest}")


def _state(letter: str) -> tuple[str, str]:
    """ftrace's prev_state as a state of labkit and the cause of the switch; a + marks a task that was preempted."""
    if letter.startswith("R"):
        return RUNNABLE, "preempt" if "+" in letter else "yield"
    if letter[:1] in "XZ":
        return EXITED, "exit"
    return BLOCKED, "block"
