"""What happened in one run, in order: a trace of events, and the schedule that was followed.

Every machine (greenlets, pthreads, the simkernel, QEMU's ftrace) writes the same events, so that one picture draws them
all. Names follow Linux's ftrace: sched_switch, sched_wakeup, prev_state (kernel 6.1, include/trace/events/sched.h).
Machines append plain tuples, because a run may append a million of them; Event is what a reader gets.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from labkit.limits import TRACE_FORMAT
from labkit.thread import BLOCKED, EXITED, RUNNABLE, RUNNING

FIELDS: dict[str, tuple[str, ...]] = {
    "sched_switch": ("prev_state", "next_tid", "cause"),
    "sched_wakeup": ("by_tid",),
    "spawn": ("by_tid",),
    "exit": ("error",),
    "wait": ("on",),
    "lock_acquire": ("lock",),
    "lock_contend": ("lock", "holder_tid"),
    "lock_release": ("lock",),
    "timer": (),
    "access": ("op", "place", "value"),
    "note": ("text",),
}
"""kind → names of the fields after (t_ns, kind, tid, cpu). tid 0 is "nobody": the idle thread, or the outside world.

sched_switch: tid is the thread that leaves, prev_state what it became (RUNNABLE BLOCKED EXITED), cause one of CAUSES.
sched_wakeup: tid becomes RUNNABLE, by_tid woke it. wait: tid is about to block, `on` says for what. timer: a tick
interrupted tid. access: tid reads or writes a place.
"""

CAUSES = ("start", "yield", "preempt", "block", "sleep", "exit", "wake")

Raw = tuple[Any, ...]
"""One event as machines write it: (t_ns, kind, tid, cpu, *FIELDS[kind])."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened at one time, in ns since the run began, to one thread on one cpu."""

    t_ns: int
    kind: str
    tid: int
    cpu: int
    args: dict[str, Any]

    def __getattr__(self, name: str) -> Any:
        try:
            return self.args[name]
        except KeyError:
            raise AttributeError(f"a {self.kind} event has no {name}; it has {', '.join(self.args) or 'no fields'}") from None


class Span(NamedTuple):
    """A stretch of one thread's life in one state."""

    tid: int
    start_ns: int
    end_ns: int
    state: str
    cpu: int
    cause: str
    """Why the span ended: one of CAUSES, or "" where the trace stops."""
    start_step: int
    """Index of the event that began the span: an axis on which every event has the same width."""
    end_step: int


@dataclass
class Trace:
    """The events of one run.

    Attributes:
        raw: the events as tuples, in the order in which they happened.
        threads: tid → name, in order of creation.
        clock: "virtual" (POINT_COST_NS a step, sleeps cost nothing) or "real" (the OS's monotonic clock).
        machine: name of the machine that made it.
        lost: events that came after TRACE_MAX_EVENTS and were not kept.

    >>> trace = Trace(raw=[(0, "spawn", 1, 0, 0)], threads={1: "main"})
    >>> [(e.kind, e.by_tid) for e in trace]
    [('spawn', 0)]
    """

    raw: list[Raw] = field(default_factory=list)
    threads: dict[int, str] = field(default_factory=dict)
    clock: str = "virtual"
    machine: str = ""
    lost: int = 0

    def __len__(self) -> int:
        return len(self.raw)

    def __iter__(self) -> Iterator[Event]:
        for t_ns, kind, tid, cpu, *rest in self.raw:
            yield Event(t_ns, kind, tid, cpu, dict(zip(FIELDS[kind], rest, strict=True)))

    def __repr__(self) -> str:
        lost = f", {self.lost} lost" if self.lost else ""
        return f"<Trace of {self.machine or 'a run'}: {len(self)} events, {len(self.threads)} threads{lost}>"

    @property
    def end_ns(self) -> int:
        """Time of the last event."""
        return int(self.raw[-1][0]) if self.raw else 0

    def of(self, *kinds: str) -> list[Event]:
        """The events of these kinds."""
        return [e for e in self if e.kind in kinds]

    def name(self, tid: int) -> str:
        """Name of a thread; "idle" for tid 0."""
        return self.threads.get(tid, f"tid {tid}") if tid else "idle"

    def spans(self) -> list[Span]:
        """Every thread's life cut into spans RUNNABLE / RUNNING / BLOCKED, in order of their end."""
        return list(_spans(self))

    def summary(self) -> Summary:
        """Counts and times of the run: who ran, who waited, why the processor changed hands."""
        return summarise(self)

    def save(self, path: str | Path) -> None:
        """Write the trace as JSON (format TRACE_FORMAT)."""
        head = {"labkit_trace": TRACE_FORMAT, "clock": self.clock, "machine": self.machine, "lost": self.lost}
        body = {"threads": {str(k): v for k, v in self.threads.items()}, "fields": FIELDS, "events": self.raw}
        Path(path).write_text(json.dumps(head | body, default=repr), encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> Trace:
        """Read what save() wrote.

        Raises:
            ValueError: the file is not a labkit trace, or of a format that this labkit does not know.
        """
        try:
            data = json.loads(Path(path).read_text(encoding="utf-8"))
            number = data["labkit_trace"]
        except (UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
            raise ValueError(f"{path} is not a labkit trace: it holds no JSON with 'labkit_trace' in it") from error
        if number != TRACE_FORMAT:
            raise ValueError(f"{path} has trace format {number}; this labkit reads {TRACE_FORMAT}: use the labkit that wrote it")
        threads = {int(k): v for k, v in data["threads"].items()}
        return cls([tuple(e) for e in data["events"]], threads, data["clock"], data["machine"], data["lost"])

    def to_perfetto(self, path: str | Path | None = None) -> dict[str, Any]:
        """The trace as Chrome trace JSON, which ui.perfetto.dev and chrome://tracing open; written to path if given.

        Format: "Trace Event Format", complete events (ph X), instants (i) and thread names (M); times in µs.
        """
        names = [_meta(tid, name) for tid, name in self.threads.items()]
        spans = [
            {"ph": "X", "pid": 1, "tid": s.tid, "ts": s.start_ns / 1e3, "dur": (s.end_ns - s.start_ns) / 1e3, "name": s.state,
             "cat": "sched", "args": {"cpu": s.cpu, "ended_by": s.cause}}
            for s in self.spans()
        ]  # fmt: skip
        marks = [
            {"ph": "i", "s": "t", "pid": 1, "tid": e.tid, "ts": e.t_ns / 1e3, "name": e.kind, "cat": "event", "args": e.args}
            for e in self
            if e.kind != "sched_switch"
        ]
        data = {"traceEvents": names + spans + marks, "displayTimeUnit": "ns", "otherData": {"machine": self.machine}}
        if path is not None:
            Path(path).write_text(json.dumps(data, default=repr), encoding="utf-8")
        return data


def _meta(tid: int, name: str) -> dict[str, Any]:
    return {"ph": "M", "pid": 1, "tid": tid, "name": "thread_name", "args": {"name": name}}


def _spans(trace: Trace) -> Iterator[Span]:
    since: dict[int, tuple[int, int, str, int]] = {}  # tid → (start_ns, start_step, state, cpu) of its open span

    def turn(tid: int, t_ns: int, step: int, state: str, cpu: int, cause: str) -> Iterator[Span]:
        """Close the open span of tid and open one in the new state."""
        if tid in since:
            start_ns, start_step, old, old_cpu = since.pop(tid)
            if step > start_step:
                yield Span(tid, start_ns, t_ns, old, old_cpu, cause, start_step, step)
        if tid and state != EXITED:
            since[tid] = (t_ns, step, state, cpu)

    step = 0
    for step, (t_ns, kind, tid, cpu, *rest) in enumerate(trace.raw):
        if kind == "sched_switch":
            prev_state, next_tid, cause = rest
            yield from turn(tid, t_ns, step, prev_state, cpu, cause)
            yield from turn(next_tid, t_ns, step, RUNNING, cpu, cause)
        elif kind == "spawn":
            yield from turn(tid, t_ns, step, RUNNABLE, cpu, "start")
        elif kind == "sched_wakeup" and since.get(tid, ("", "", BLOCKED))[2] == BLOCKED:
            yield from turn(tid, t_ns, step, RUNNABLE, cpu, "wake")
    for tid in list(since):
        yield from turn(tid, trace.end_ns, step + 1, EXITED, 0, "")


@dataclass
class Summary:
    """What a run cost, in counts and ns of the trace's clock."""

    switches: Counter[str]
    """cause → number of context switches."""
    running_ns: dict[str, int]
    runnable_ns: dict[str, int]
    """Time spent able to run while another ran: what a scheduler is blamed for."""
    blocked_ns: dict[str, int]
    contended: Counter[str]
    """lock → times that a thread found it taken."""

    @property
    def share(self) -> dict[str, float]:
        """Thread → its part of the processor time, 0 to 1; all 0 when nothing ran."""
        total = sum(self.running_ns.values())
        return {name: ns / total if total else 0.0 for name, ns in self.running_ns.items()}

    def __str__(self) -> str:
        causes = ", ".join(f"{n} by {c}" for c, n in sorted(self.switches.items())) or "none"
        width = max((len(n) for n in self.running_ns), default=4)
        lines = [f"switches: {sum(self.switches.values())} ({causes})", f"{'':{width}}  share  running  runnable   blocked  (µs)"]
        for name, part in self.share.items():
            times = f"{self.running_ns[name] / 1e3:7.0f}  {self.runnable_ns[name] / 1e3:8.0f}  {self.blocked_ns[name] / 1e3:8.0f}"
            lines.append(f"{name:{width}}  {part:5.0%}  {times}")
        return "\n".join(lines)


def summarise(trace: Trace) -> Summary:
    """Add up the spans and switches of a trace."""
    times: dict[str, dict[str, int]] = {s: dict.fromkeys(trace.threads.values(), 0) for s in (RUNNING, RUNNABLE, BLOCKED)}
    for span in trace.spans():
        times[span.state][trace.name(span.tid)] += span.end_ns - span.start_ns
    switches = Counter(cause for _, kind, _, _, *rest in trace.raw if kind == "sched_switch" for cause in rest[2:])
    contended = Counter(rest[0] for _, kind, _, _, *rest in trace.raw if kind == "lock_contend")
    return Summary(switches, times[RUNNING], times[RUNNABLE], times[BLOCKED], contended)


class Schedule(tuple[str, ...]):
    """The decisions of one run: who goes on after each scheduling point, by name. A value: compare it, save it, replay it.

    Written as names with spaces between; "A*3" stands for "A A A". Names hold no spaces and no "*".

    >>> Schedule.parse("main A*3 B")
    Schedule('main A*3 B')
    >>> list(Schedule.parse("main A*2"))
    ['main', 'A', 'A']
    """

    exact: bool = True
    """False when threads could also change places between scheduling points (SIGALRM, free pthreads): then a replay
    follows the same order of points, and may still differ in between."""

    def __new__(cls, names: Iterable[str] = (), exact: bool = True) -> Schedule:
        self = super().__new__(cls, names)
        self.exact = exact
        return self

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """Read what str() wrote.

        Raises:
            ValueError: a word is not a name or name*count.
        """
        names: list[str] = []
        for word in text.split():
            name, star, count = word.partition("*")
            if not name or (star and not count.isdigit()):
                raise ValueError(f"{word!r} in a schedule: write a thread's name, or name*count as in 'A*3'")
            names.extend([name] * (int(count) if star else 1))
        return cls(names)

    def __str__(self) -> str:
        words: list[str] = []
        start = 0
        for i in range(1, len(self) + 1):
            if i == len(self) or self[i] != self[start]:
                n = i - start
                words.append(f"{self[start]}*{n}" if n > 2 else " ".join([self[start]] * n))
                start = i
        return " ".join(words)

    def __repr__(self) -> str:
        return f"Schedule({str(self)!r})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))
