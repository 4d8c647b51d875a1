"""Which write came late: it waited in a store buffer while another thread read its place, and that is why the run fails.

It is said only if the same order of the threads' steps, with each write going to memory at once, makes a run that passes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from labkit.explore.explored import Explored
from labkit.explore.failures import Failure, Found
from labkit.explore.follow import FLUSHES
from labkit.explore.session import Limits, Session
from labkit.explore.steps import settle
from labkit.explore.verdict import Verdict
from labkit.explore.witness import Choosing, Fact, Seen, see

WITHOUT_RUNS = 2_000
"""How much of the program is explored without store buffers, to see whether it fails there too."""


class Late(NamedTuple):
    """A write that waited.

    Attributes:
        write: the write into the buffer.
        read: another thread's read of the place while it waited.
        overtook: the writer's own read of another place in between, which the others can see before the write.
        flush: the write to memory; None if the run failed before.
        passing: a run in which each write goes to memory at once.
    """

    write: Fact
    read: Fact
    overtook: Fact | None
    flush: Fact | None
    passing: Seen


class AtOnce(Choosing):
    """Follows a schedule of threads, and lets each write go to memory at once."""

    def choose(self, machine: Any) -> Explored | None:
        for buffer in machine.buffers.values():
            if buffer.op is not None:
                self.able.append([buffer.index])
                self.chosen.append(buffer.index)
                settle(buffer)
                return buffer  # type: ignore[no-any-return]
        return super().choose(machine)


def find_late(origin: Session, seen: Seen) -> Late | None:
    """The first write that came late, if it is the cause: what came late after it may be its consequence."""
    if origin.ground.memory == "sc":
        return None
    for read in seen.facts[: seen.failed_at]:
        if read.writes or not read.is_data:
            continue
        for write in reversed(seen.facts[: read.nth]):
            flush = _flush_of(seen, write)
            waited = write.op == "writes" and len(write.footprint) > 1 and (flush is None or flush.nth > read.nth)
            missed = write.thread != read.thread and write.footprint[0][0] == read.footprint[0][0] and write.value != read.value
            if waited and missed:
                return _with_cause(origin, seen, write, read, flush)
    return None


def _with_cause(origin: Session, seen: Seen, write: Fact, read: Fact, flush: Fact | None) -> Late | None:
    order = [index for index, fact in zip(seen.order, seen.facts, strict=False) if fact.op != FLUSHES and fact.nth <= read.nth]
    passing = see(origin, order, follow=AtOnce)
    if passing is None or passing.found is not None:
        return None
    until = seen.failed_at if flush is None else flush.nth
    own = [f for f in seen.facts[write.nth + 1 : until] if f.thread == write.thread and f.is_data and not f.writes]
    overtook = next((f for f in own if f.footprint[0][0] != write.footprint[0][0]), None)
    return Late(write, read, overtook, flush, passing)


def fails_without(origin: Session, seen: Seen) -> tuple[Verdict, Failure] | None:
    """How the program fails in the same way without store buffers; None if it does not."""
    if origin.ground.memory == "sc" or seen.found is None:
        return None
    session = Session(origin.main, Limits(WITHOUT_RUNS, None, origin.limits.steps))
    session.ground = origin.ground._replace(memory="sc")
    verdict = session.explore()
    same = [f for f in verdict.failures if Found(f.kind, f.error, None).label == seen.found.label]
    return (verdict, same[0]) if same else None


def _flush_of(seen: Seen, write: Fact) -> Fact | None:
    own = write.footprint[-1][0]
    return next((f for f in seen.facts[write.nth + 1 :] if f.op == FLUSHES and f.footprint[-1][0] == own), None)


def late_title(late: Late) -> str:
    """What it is, in a sentence."""
    write, read = late.write, late.read
    return (
        f"Store buffering: {write.thread}'s write of {write.place} (line {write.line}) waited in {write.thread}'s store buffer "
        f"when {read.thread} read {read.place} (line {read.line})."
    )


def late_steps(seen: Seen, late: Late, most: int) -> dict[int, str]:
    """The steps that matter, and what to say after each."""
    told = [late.write, late.read, late.overtook, late.flush]
    notes = {f.nth: "" for f in told if f is not None and f.nth < seen.failed_at}
    places = {f.footprint[0][0] for f in told if f is not None}
    saw = [f for f in seen.facts[: seen.failed_at] if f.thread == seen.failed_by and f.is_data][-1:]
    places |= {f.footprint[0][0] for f in saw}
    around = [f.nth for f in seen.facts[: seen.failed_at] if f.is_data and f.footprint[0][0] in places]
    notes |= dict.fromkeys((around if len(around) + len(notes) <= most else [f.nth for f in saw]), "")
    notes[late.write.nth] = f"it waits in {late.write.thread}'s store buffer"
    notes[late.read.nth] = f"{late.write.thread}'s write of line {late.write.line} has not come to memory"
    return notes


def fence_sentence(late: Late) -> str:
    """What would make the writer wait."""
    write, other = late.write, late.overtook
    if other is None:
        return f"A fence() after line {write.line} would make {write.thread} wait until all can see what it wrote."
    return (
        f"{write.thread} writes {write.place} (line {write.line}) and then reads {other.place} (line {other.line}), but to the "
        f"others the read comes first. A fence() between the two makes {write.thread} wait until all can see what it wrote."
    )
