"""Traces made by hand, for the tests of views: no machine is needed to draw one."""

from __future__ import annotations

from labkit.tracelog import Raw, Trace

LOCKED: list[Raw] = [
    (0, "spawn", 1, 0, 0),
    (0, "sched_switch", 0, 0, "RUNNABLE", 1, "start"),
    (1000, "spawn", 2, 0, 1),
    (2000, "spawn", 3, 0, 1),
    (3000, "lock_acquire", 1, 0, "m"),
    (4000, "sched_switch", 1, 0, "RUNNABLE", 2, "yield"),
    (5000, "access", 2, 0, "read", "counter", 0),
    (6000, "lock_contend", 2, 0, "m", 1),
    (6000, "sched_switch", 2, 0, "BLOCKED", 3, "block"),
    (7000, "timer", 3, 0),
    (7000, "sched_switch", 3, 0, "RUNNABLE", 1, "preempt"),
    (8000, "lock_release", 1, 0, "m"),
    (8000, "sched_wakeup", 2, 0, 1),
    (9000, "sched_switch", 1, 0, "BLOCKED", 3, "sleep"),
    (10000, "exit", 3, 0, ""),
    (10000, "sched_switch", 3, 0, "EXITED", 2, "exit"),
    (10500, "lock_acquire", 2, 0, "m"),
    (11500, "lock_release", 2, 0, "m"),
    (12000, "exit", 2, 0, "ValueError('no')"),
    (12000, "sched_switch", 2, 0, "EXITED", 0, "exit"),
    (20000, "sched_wakeup", 1, 0, 0),
    (20000, "sched_switch", 0, 0, "RUNNABLE", 1, "wake"),
    (21000, "exit", 1, 0, ""),
    (21000, "sched_switch", 1, 0, "EXITED", 0, "exit"),
]
"""Three threads and a lock: every kind of switch, a wait, a sleep, a failure."""


def locked() -> Trace:
    """main, A and B share a lock."""
    return Trace(list(LOCKED), {1: "main", 2: "A", 3: "B"}, machine="cooperative")


def one_event() -> Trace:
    return Trace([(0, "spawn", 1, 0, 0)], {1: "main"})


def awkward() -> Trace:
    """Names and texts that would break a page which forgot to escape them, and two threads of one name."""
    raw: list[Raw] = [
        (0, "spawn", 1, 0, 0),
        (0, "sched_switch", 0, 0, "RUNNABLE", 1, "start"),
        (0, "spawn", 2, 0, 1),
        (0, "note", 1, 0, "</script><b>\"quoted\" & 'single' {0} \\ </iframe>"),
        (0, "lock_acquire", 1, 0, "<m&m>"),
        (0, "sched_switch", 1, 0, "RUNNABLE", 2, "somehow"),
    ]
    return Trace(raw, {1: "<b>", 2: "<b>"})


def overlapping(threads: int = 3) -> Trace:
    """Free pthreads: each runs on a processor of its own, all at once."""
    raw: list[Raw] = []
    for tid in range(1, threads + 1):
        raw += [(tid * 10, "spawn", tid, 0, 0), (tid * 10 + 5, "sched_switch", 0, tid, "RUNNABLE", tid, "start")]
    for tid in range(1, threads + 1):
        raw += [(5000 + tid, "exit", tid, tid, ""), (5000 + tid, "sched_switch", tid, tid, "EXITED", 0, "exit")]
    return Trace(raw, {tid: f"t{tid}" for tid in range(1, threads + 1)}, clock="real")


def long(events: int = 100_000, threads: int = 8) -> Trace:
    """Threads in turn, one of them often blocked on a lock that another holds."""
    raw: list[Raw] = [(0, "spawn", tid, 0, 0) for tid in range(1, threads + 1)]
    raw.append((0, "sched_switch", 0, 0, "RUNNABLE", 1, "start"))
    now, t_ns = 1, 0
    while len(raw) < events:
        t_ns += 1000 + (len(raw) * 7919) % 900
        following = now % threads + 1
        if len(raw) % 7 == 0:
            raw += [(t_ns, "lock_acquire", now, 0, "m"), (t_ns + 400, "lock_release", now, 0, "m")]
        elif len(raw) % 11 == 0:
            raw += [
                (t_ns, "sched_switch", now, 0, "BLOCKED", following, "block"),
                (t_ns + 700, "sched_wakeup", now, 0, following),
            ]
            now = following
        else:
            raw.append((t_ns, "sched_switch", now, 0, "RUNNABLE", following, "preempt" if len(raw) % 3 else "yield"))
            now = following
    return Trace(raw[:events], {tid: "main" if tid == 1 else f"worker{tid}" for tid in range(1, threads + 1)}, clock="real")


TRACES = {
    "empty": Trace,
    "one event": one_event,
    "locked": locked,
    "awkward": awkward,
    "overlapping": overlapping,
    "300 threads": lambda: overlapping(300),
    "100,000 events": long,
}
