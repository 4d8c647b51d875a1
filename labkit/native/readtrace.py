"""The events of a C program as a labkit trace, so that one timeline draws greenlets, C threads and kthreads alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from labkit.native.recording import CEvent, Recording, program_counter, stack_pointer
from labkit.native.symbols import Where
from labkit.tracelog import Raw, Trace

Shown = tuple[str, str, int, int]
"""thread, name, address, size: what UTHREAD_SHOW has written."""


@dataclass(frozen=True)
class Switch:
    """One change of the running thread, with what was saved of the thread that left.

    Attributes:
        step: index of the event in the trace.
        t_ns: when, in ns since the program began.
        thread, next: who left, who came; "idle" is nobody.
        cause: why, one of labkit.tracelog.CAUSES.
        registers: name → value. A switch by choice saves what a called function must keep; after SIGALRM all of them are
            there, and the signal mask, as the kernel put them on the thread's stack.
        where: the function and line of the program at which it left.
    """

    step: int
    t_ns: int
    thread: str
    next: str
    cause: str
    cpu: int
    registers: dict[str, int]
    where: Where | None

    @property
    def sp(self) -> int:
        """The stack pointer of the thread that left."""
        return stack_pointer(self.registers)

    @property
    def pc(self) -> int:
        """The instruction at which it will go on."""
        return program_counter(self.registers)


def read_trace(
    recording: Recording, machine: str, places: Callable[[tuple[int, ...]], list[Where]], variable: Callable[[int], str]
) -> tuple[Trace, list[Switch], list[Shown]]:
    """The events as a trace, the switches with registers, and the places shown."""
    names = {thread.tid: thread.name for thread in recording.threads}
    trace = Trace(threads=names, clock="real", machine=machine, lost=recording.lost)
    switches: list[Switch] = []
    shown: list[Shown] = []
    for event in _from_the_beginning(list(recording.events()), names):
        names.setdefault(event.tid, f"tid {event.tid}") if event.tid else None
        if event.kind == "PLACE":
            shown.append((names[event.tid], event.text, event.address, event.other))
            continue
        if event.kind == "SWITCH":
            registers = event.registers
            place = next(iter(places(event.frames)), None)
            who = (names.get(event.tid, "idle"), names.get(event.other, "idle"))
            switches.append(Switch(len(trace.raw), event.t_ns, *who, event.cause, event.cpu, registers, place))
        trace.raw.append(_raw(event, names, variable))
    return trace, switches, shown


def _raw(event: CEvent, names: dict[int, str], variable: Callable[[int], str]) -> Raw:
    """One event as the trace has it."""
    head = (event.t_ns, event.kind, event.tid, event.cpu)

    def lock() -> str:
        return event.text or variable(event.address) or f"mutex at {event.address:#x}"

    if event.kind == "WAIT":
        on = f"Mutex '{lock()}'" if event.address else f"the end of thread '{names.get(event.other, event.other)}'"
        return (*_renamed(head, "wait"), on)
    rest: dict[str, tuple[str, tuple[Any, ...]]] = {
        "SWITCH": ("sched_switch", (event.state, event.other, event.cause)),
        "WAKEUP": ("sched_wakeup", (event.other,)),
        "SPAWN": ("spawn", (event.other,)),
        "EXIT": ("exit", (None,)),
        "TIMER": ("timer", ()),
    }
    if event.kind in rest:
        kind, fields = rest[event.kind]
        return (*_renamed(head, kind), *fields)
    if event.kind == "NOTE":
        return (*_renamed(head, "note"), event.text)
    kind = {"ACQUIRE": "lock_acquire", "CONTEND": "lock_contend", "RELEASE": "lock_release"}[event.kind]
    return (*_renamed(head, kind), lock(), *((event.other,) if kind == "lock_contend" else ()))


def _renamed(head: tuple[int, str, int, int], kind: str) -> tuple[int, str, int, int]:
    return (head[0], kind, *head[2:])


def _from_the_beginning(events: list[CEvent], names: dict[int, str]) -> Iterator[CEvent]:
    """The events, with the beginning that a full ring has lost: who was there, and who ran first."""
    if not events:
        return
    begin = events[0]._replace(kind="SPAWN", other=0, cause="start", state="RUNNABLE", known=0)
    start = begin._replace(kind="SWITCH", tid=0)
    if events[0].kind == "SPAWN" and events[0].tid == 1:  # nothing lost: main is there, and runs
        yield events[0]
        yield start._replace(other=1)
        yield from events[1:]
        return
    born = {event.tid for event in events if event.kind == "SPAWN"}
    seen = {event.tid for event in events} - born - {0}
    for tid in names:
        if tid in seen:
            yield begin._replace(tid=tid)
    first = next((event.tid for event in events if event.kind == "SWITCH" and event.tid), 0)
    if first:
        yield start._replace(other=first)
    yield from events
