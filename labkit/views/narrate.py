"""What happened, in words: one sentence for each event of a trace.

Every view tells the same story, so the sentences are written here and nowhere else. A picture of a million events cannot
carry a million sentences: an event becomes a pattern such as "{0} yields; {1} runs" and the words to put into it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from labkit.thread import BLOCKED
from labkit.tracelog import FIELDS, Trace


class Said(NamedTuple):
    """One event in words."""

    pattern: str
    words: tuple[str, ...]
    cause: str = ""
    """One of tracelog.CAUSES when the event is a switch; then words start with who leaves and who goes on."""
    waits: str = ""
    """What the thread that leaves will wait for, when the event blocks it."""

    def __str__(self) -> str:
        return self.pattern.format(*self.words)


SWITCH = {
    "start": "{0} makes way; {1} starts",
    "yield": "{0} yields; {1} runs",
    "preempt": "{0} is preempted; {1} runs",
    "block": "{0} blocks; {1} runs",
    "sleep": "{0} goes to sleep; {1} runs",
    "exit": "{0} ends; {1} runs",
    "wake": "{0} makes way for {1}, which was woken",
}
"""cause → what a switch from {0} to {1} is called; "; {1} runs" is changed below where nobody leaves or nobody follows."""


def labels(trace: Trace) -> dict[int, str]:
    """tid → name, in order of creation, each name once: a second thread called "sh" becomes "sh (41)"."""
    tids = dict(trace.threads)
    for raw in trace.raw:
        if raw[2] and raw[2] not in tids:
            tids[raw[2]] = trace.name(raw[2])
    taken: set[str] = set()
    for tid, name in tids.items():
        tids[tid] = name if name not in taken else f"{name} ({tid})"
        taken.add(tids[tid])
    return tids


@dataclass
class _Now:
    """What the narrator remembers while it reads a trace."""

    name: dict[int, str]
    wants: dict[int, str] = field(default_factory=dict)
    """tid → what it said it must wait for, and has not got since."""
    running: set[int] = field(default_factory=set)
    asleep: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)
    idle: str = "the processor is idle"
    """What is said when nobody of the trace runs."""


def narrate(trace: Trace) -> Iterator[Said]:
    """Say each event of the trace in turn."""
    now = _Now({0: "nobody", **labels(trace)})
    if trace.machine == "qemu":
        # Why: a trace of the real kernel has only the module's tasks; between them the kernel's own may run.
        now.idle = "nobody in the picture runs"
    for _, kind, tid, _, *rest in trace.raw:
        event = dict(zip(FIELDS[kind], rest, strict=True))
        if kind == "sched_switch":
            yield _switch(tid, event, now)
        elif kind == "lock_contend":
            holder = now.name.get(event["holder_tid"], "another thread") if event["holder_tid"] else ""
            now.wants[tid] = f"{event['lock']}, held by {holder}" if holder else str(event["lock"])
            yield Said("{0} must wait for {1}", (now.name[tid], now.wants[tid]))
        elif kind == "wait":
            now.wants[tid] = str(event["on"])
            yield Said("{0} waits for {1}", (now.name[tid], now.wants[tid]))
        else:
            if kind == "lock_acquire":
                now.wants.pop(tid, None)
            yield _plain(kind, tid, event, now)


def _switch(tid: int, event: dict[str, Any], now: _Now) -> Said:
    """A context switch: who leaves and why, who goes on."""
    cause, next_tid = event["cause"], event["next_tid"]
    words: tuple[str, ...] = (now.name[tid], now.name.get(next_tid, f"tid {next_tid}"))
    waits = ""
    if event["prev_state"] == BLOCKED:
        waits = now.wants.pop(tid, "")
    now.running.discard(tid)
    now.asleep.discard(next_tid)
    if cause == "sleep":
        now.asleep.add(tid)
    pattern = SWITCH.get(cause, "{0} leaves; {1} runs") if tid else "{1} starts" if cause == "start" else "{1} runs"
    if waits and cause == "block":
        pattern = pattern.replace("blocks", "blocks, waiting for {2}")
        words = (*words, waits)
    if not next_tid:
        # Why: with several processors one of them may idle while others run; then idling is not the news.
        pattern = pattern.replace("; {1} runs", "" if now.running else f"; {now.idle}")
    elif next_tid == tid:
        pattern = pattern.replace("{1} runs", "no other can run, so it goes on")
    if next_tid:
        now.running.add(next_tid)
    return Said(pattern, words, cause, waits or ("the end of its sleep" if cause == "sleep" else ""))


def _plain(kind: str, tid: int, event: dict[str, Any], now: _Now) -> Said:
    """An event that is not a switch."""
    who = now.name[tid]
    by = now.name.get(event["by_tid"], "nobody") if event.get("by_tid") else ""
    match kind:
        case "spawn":
            return Said("{1} spawns {0}", (who, by)) if by else Said("{0} is created", (who,))
        case "sched_wakeup" if tid in now.asleep or not by:
            return Said("{0} wakes up", (who,))
        case "sched_wakeup":
            return Said("the end of {1} wakes {0}" if event["by_tid"] in now.ended else "{1} wakes {0}", (who, by))
        case "exit":
            now.ended.add(tid)
            error = event["error"]
            return Said("{0} fails with {1}", (who, str(error))) if error else Said("{0} returns", (who,))
        case "lock_acquire" | "lock_release":
            return Said("{0} " + kind.removeprefix("lock_") + "s {1}", (who, str(event["lock"])))
        case "timer":
            return Said("the timer interrupts {0}", (who,))
        case "access":
            return Said("{0}: {1} {2}, value {3}", (who, str(event["op"]), str(event["place"]), repr(event["value"])))
    return Said("{0}: {1}", (who, str(event.get("text", kind))))
