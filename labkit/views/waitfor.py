"""Who waits for whom, read out of a trace: the edges of the wait-for graph, and the cycles in it.

A thread waits for a primitive, the primitive is held by threads, and they may wait in their turn. Around a cycle of such
waits nobody can go on. A thread that waits for the end of another waits for that thread itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

from labkit.thread import BLOCKED, EXITED, NEW
from labkit.views.narrate import labels
from labkit.views.story import Story

_END_OF = re.compile(r"the end of thread '(.+)'")
_DESCRIBED = re.compile(r"\w+ '(.+)'$")


class Want(NamedTuple):
    """Thread `row` waits from step start until step end."""

    row: int
    start: int
    end: int
    on: str
    """Name of the primitive; empty when it waits for the end of a thread."""
    thread: int
    """Row of the thread for whose end it waits, else -1."""
    owned: bool
    """Whether only those that hold it can let it go. A semaphore is nobody's: any thread may release it."""


class Cycle(NamedTuple):
    """From step start until step end these threads wait for each other."""

    start: int
    end: int
    rows: tuple[int, ...]
    """Around the cycle, from the first row on."""
    words: str


@dataclass
class _Open:
    start: int
    on: str
    thread: int
    owned: bool
    contend: bool
    left: str = ""
    """Why the thread gave up the processor since; if it did not, it only tried, and was refused."""


@dataclass
class Waits:
    """All waits of a story."""

    story: Story

    @cached_property
    def wants(self) -> list[Want]:
        """Every wait, in order of its start."""
        return _Reader(self.story).wants

    @cached_property
    def primitives(self) -> list[str]:
        """Names of what is waited for or held, in order of first use."""
        used = [(h.start, h.lock) for h in self.story.holds] + [(w.start, w.on) for w in self.wants if w.on]
        return list(dict.fromkeys(name for _, name in sorted(used)))

    @cached_property
    def changes(self) -> list[int]:
        """The steps at which an edge comes or goes."""
        n = len(self.story)
        edges = [(e.start, e.end) for e in self.story.holds] + [(e.start, e.end) for e in self.wants]
        return sorted({step for edge in edges for step in edge if step < n})

    @property
    def most(self) -> int:
        """The first step at which as many threads wait as ever."""
        turns = sorted([(w.start, 1) for w in self.wants] + [(w.end, -1) for w in self.wants])
        waiting = list(accumulate(by for _, by in turns))
        return turns[waiting.index(max(waiting))][0] if turns else max(0, len(self.story) - 1)

    def at(self, step: int) -> tuple[dict[int, Want], dict[str, list[int]]]:
        """After event `step`: who waits, by row, and who holds each primitive."""
        held: dict[str, list[int]] = defaultdict(list)
        for h in self.story.holds:
            if h.start <= step < h.end:
                held[h.lock].append(h.row)
        return {w.row: w for w in self.wants if w.start <= step < w.end}, held

    @cached_property
    def cycles(self) -> list[Cycle]:
        """Every cycle of waits, in order of its start."""
        turn: dict[int, list[tuple[bool, Want | tuple[int, str]]]] = defaultdict(list)
        for w in self.wants:
            turn[w.start].append((True, w))
            turn[w.end].append((False, w))
        for h in self.story.holds:
            turn[h.start].append((True, (h.row, h.lock)))
            turn[h.end].append((False, (h.row, h.lock)))
        wants: dict[int, Want] = {}
        held: dict[str, list[int]] = defaultdict(list)
        now: dict[tuple[int, ...], tuple[int, str]] = {}
        out: list[Cycle] = []
        last = len(self.story) - 1  # a run that ends without any thread that can run tells most at its end
        for step in sorted({last, *(s for s in turn if s < last)}) if turn else []:
            for begins, edge in sorted(turn[step], key=lambda change: change[0]):  # what ends makes room for what begins
                _apply(begins, edge, wants, held)
            found = dict(self._around(step, wants, held))
            out += [Cycle(start, step, rows, words) for rows, (start, words) in now.items() if rows not in found]
            now = {rows: now.get(rows, (step, words)) for rows, words in found.items()}
        out += [Cycle(start, len(self.story), rows, words) for rows, (start, words) in now.items()]
        return sorted(out)

    def sentence(self, rows: list[int], wants: dict[int, Want]) -> str:
        """A chain of waits: "A waits for m2, held by B, which waits for m1, held by A"."""
        parts = []
        for i, row in enumerate(rows):
            want = wants[row]
            after = rows[(i + 1) % len(rows)]
            who = "itself" if after == row else self.story.names[after]
            what = f"{want.on}, held by {who}" if want.on else f"the end of {who}"
            parts.append(f"{self.story.names[row] if not i else 'which'} waits for {what}")
        return ", ".join(parts)

    def _around(self, step: int, wants: dict[int, Want], held: dict[str, list[int]]) -> Iterator[tuple[tuple[int, ...], str]]:
        """The cycles of this moment: rows and words."""
        holders = {row: [w.thread] if w.thread >= 0 else held.get(w.on, []) for row, w in wants.items()}
        live = (row for row in range(len(self.story.names)) if self.story.at(row, step).state not in (NEW, EXITED))
        dead = len(wants) > 1 and all(row in wants and self.story.at(row, step).state == BLOCKED for row in live)
        stuck = {row for row, w in wants.items() if w.owned or dead}
        while free := {row for row in stuck if not _is_stuck(wants[row], holders[row], stuck)}:
            stuck -= free
        seen: set[int] = set()
        for start in sorted(stuck):
            path: list[int] = []
            row = start
            while row not in seen:
                seen.add(row)
                path.append(row)
                row = next(h for h in holders[row] if h in stuck)
            if row in path:
                around = path[path.index(row) :]
                first = around.index(min(around))
                around = around[first:] + around[:first]
                yield tuple(around), self.sentence(around, wants)


def _is_stuck(want: Want, holders: list[int], stuck: set[int]) -> bool:
    """Whether this wait can only end by threads that wait in a cycle themselves."""
    those = [row in stuck for row in holders]
    return any(those) if want.owned else bool(those) and all(those)


def _apply(begins: bool, edge: Want | tuple[int, str], wants: dict[int, Want], held: dict[str, list[int]]) -> None:
    """An edge comes or goes."""
    if isinstance(edge, Want):
        if begins:
            wants[edge.row] = edge
        elif wants.get(edge.row) == edge:
            del wants[edge.row]
    elif begins:
        held[edge[1]].append(edge[0])
    elif edge[0] in held[edge[1]]:
        held[edge[1]].remove(edge[0])


class _Reader:
    """Reads a trace event by event. A wait begins when the thread says so, and ends with its wake-up or its next deed."""

    def __init__(self, story: Story) -> None:
        self.end = len(story)
        self.row_of = dict(zip(labels(story.trace), range(len(story.names)), strict=False))
        self.by_name = {name: row for row, name in enumerate(story.names)}
        self.now: dict[int, _Open] = {}
        self.wants: list[Want] = []
        for step, (_, kind, tid, _, *rest) in enumerate(story.trace.raw):
            if kind == "sched_switch":
                self._switch(step, tid, *rest)
            elif kind == "sched_wakeup":
                self._goes_on(step, tid)
            elif kind in ("lock_contend", "wait"):
                self._waits(step, kind, tid, rest)
            elif kind not in ("timer", "spawn"):
                self._close(step, tid, str(rest[0]) if kind == "lock_acquire" else "")
        for tid in list(self.now):
            self._close(self.end, tid)
        self.wants.sort(key=lambda w: (w.start, w.row))

    def _waits(self, step: int, kind: str, tid: int, rest: list[Any]) -> None:
        was, on = self.now.get(tid), str(rest[0])
        if was and was.contend and (on == was.on or (kind == "wait" and on.endswith(f"'{was.on}'"))):
            return  # it has said so already
        self._close(step, tid)
        end = _END_OF.fullmatch(on)
        if kind == "lock_contend":
            self.now[tid] = _Open(step, on, -1, bool(rest[1]), True)
        elif end and end[1] in self.by_name:
            self.now[tid] = _Open(step, "", self.by_name[end[1]], True, False, BLOCKED)
        else:
            self.now[tid] = _Open(step, _DESCRIBED.sub(r"\1", on), -1, False, False, BLOCKED)

    def _switch(self, step: int, tid: int, state: str, next_tid: int, cause: str) -> None:
        if tid in self.now and cause != "preempt":
            self.now[tid].left = self.now[tid].left or (BLOCKED if state == BLOCKED else cause)
            if cause == "sleep":
                del self.now[tid]  # it waits for a time, and for nobody
        self._goes_on(step, next_tid)

    def _goes_on(self, step: int, tid: int) -> None:
        """A thread is woken or runs. Who was refused a lock still waits then: the lock is its own when it says so."""
        if tid in self.now and not self.now[tid].contend:
            self._close(step, tid)

    def _close(self, step: int, tid: int, got: str = "") -> None:
        was = self.now.pop(tid, None)
        if was is None or tid not in self.row_of or step <= was.start:
            return
        # Why: who yields after a lock was refused may spin for it, or have given up; what it does next shows which.
        if was.left == BLOCKED or got == was.on or (was.left and step == self.end):
            self.wants.append(Want(self.row_of[tid], was.start, step, was.on, was.thread, was.owned))
