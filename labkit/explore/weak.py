"""Weak memory, as on x86: each thread's writes wait in a store buffer of its own before the others can see them.

The model is x86-TSO (Sewell, Sarkar, Owens, Zappa Nardelli, Myreen, "x86-TSO: A Rigorous and Usable Programmer's Model for
x86 Multiprocessors", CACM 53(7), 2010). A thread's writes to shared places go into its buffer, first in, first out; at any
time the oldest may go on to memory. A thread reads what its own buffer holds last for a place, else what memory holds. A
fence, every operation of a labkit primitive, spawn, join and a thread's end wait until its own buffer is empty.

How: what memory holds is what the Python objects hold while no thread runs. A thread that goes on puts its buffered writes
into the objects and the next takes them out again, so each sees its own. A buffer is a thread for the search, named "A~"
after its owner "A": its operations are the writes to memory. A write into the buffer, and a read that finds its value there,
touch nothing that other threads can see; so one run stands for all orders of such steps, and the search stays optimal.

Not buffered, but done like a processor's locked instruction, with an empty buffer: methods of containers (append, pop, ...),
whatever changes a container's length, del, and what properties and __setattr__ do; each is one step here, and no processor
writes so much in one. An attribute's read that looks into the class as well counts as a read of memory, wherever its value
is: every outcome is found, but schedules that differ only in that count as different.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit import here
from labkit.errors import LabError
from labkit.explore.buffers import BUFFERED, Buffer, Entry, Slot
from labkit.explore.clocks import joined
from labkit.explore.explored import Explored
from labkit.explore.hooks import Hooks
from labkit.explore.independence import READ, WRITE, Footprint, Place
from labkit.explore.kinds import ATOMS, WHOLE
from labkit.explore.machine import ExploreMachine
from labkit.thread import RUNNABLE

MEMORIES = {"sc": "each write is seen by all at once", "tso": "store buffers, as on x86"}
"""Kinds of memory there are, and what they mean."""


def check_memory(memory: Any, call: str, races: bool = False) -> None:
    """Refuse a kind of memory that there is not, and data races where they cannot be looked for.

    Raises:
        LabError: with what to write instead.
    """
    if not isinstance(memory, str) or memory not in MEMORIES:
        known = " or ".join(f"{name!r} ({what})" for name, what in MEMORIES.items())
        raise LabError(f"{call}(memory={memory!r}): choose {known}; other processors' memory, such as ARM's, is not here")
    if races and memory != "sc":
        raise LabError(f"{call}(races=True, memory={memory!r}): a data race is one in any memory; look for it with memory='sc'")


class Weak(ExploreMachine):
    """The part of a machine that has store buffers; put before any other kind of ExploreMachine.

    Attributes:
        buffers: thread's index → its buffer.
        shown: whose writes the objects hold now.
        hidden: what memory holds where the shown thread has written: (where, value), in the order of the writes.
        offer: where the write that is about to be announced puts its value; None if it cannot wait in a buffer.
        free: indices of the buffers: their steps take the processor from nobody.
    """

    offer: tuple[Slot, Any] | None = None

    def execute(self, main: Callable[[], Any], plan: Any = (), limit: int = 0) -> Explored:
        self.buffers: dict[int, Buffer] = {}
        self.hidden: list[tuple[Slot, Any]] = []
        self.shown: Explored | None = None
        self.offer = None
        self.free: set[int] = set()
        return super().execute(main, plan, limit)

    # ---- writing

    def arrive(self, footprint: Footprint, what: Any, *rest: Any) -> None:
        """The current thread stands before an operation: a write waits in the buffer, anything like it for the buffer."""
        offer, self.offer = self.offer, None
        me: Explored = self.current
        if not rest and any(write for _, write in footprint):
            place = footprint[0][0]
            if offer is not None and len(footprint) == 1 and place[1] != WHOLE and not self.aborting:
                self._put(me, place, offer, what)
                return
            self.drain()
        elif not rest and len(footprint) == 1 and me.index in self.buffers:
            found = self.buffers[me.index].answer(footprint[0][0])
            if found is not None:
                own, settled = found
                super().arrive((*footprint, (own, READ)), what, None, None, None, settled)
                return
        super().arrive(footprint, what, *rest)

    def _put(self, me: Explored, place: Place, offer: tuple[Slot, Any], what: Any) -> None:
        """A write goes into the thread's buffer; the program itself writes the object, when this returns."""
        buffer = self.buffers.get(me.index) or self._new_buffer(me)
        own = (BUFFERED, (me.index, buffer.put))
        super().arrive(((own, WRITE),), what)
        buffer.put += 1
        slot, value = offer
        self.shown = me
        self.hidden.append((slot, slot.get()))
        buffer.entries.append(Entry(place, own, slot, value, me.clock, what))
        if len(buffer.entries) == 1:
            buffer.offer_oldest()
        tell = getattr(self, "puts", None)
        if tell is not None:
            tell(buffer.entries[-1])

    def _new_buffer(self, me: Explored) -> Buffer:
        index = self.indices.setdefault((me.index, 0), len(self.indices) + 1)  # Why: a thread's children count from 1
        buffer = self.buffers[me.index] = self.by_index[index] = Buffer(me, index, self)
        buffer.run_id = self.run_id
        self.threads.append(buffer)
        self.free.add(index)
        return buffer

    def drain(self) -> None:
        """The current thread waits until its buffer is empty."""
        me: Explored = self.current
        buffer = self.buffers.get(me.index)
        while buffer is not None and buffer.entries:
            self._block(me, buffer)

    # ---- what waits for an empty buffer

    def spawn(self, fn: Callable[..., Any], *args: Any, name: str | None = None, **attributes: Any) -> Explored:
        if self.current is not None:
            self.drain()
        buffers = list(self.buffers.values())
        self.threads = [t for t in self.threads if not isinstance(t, Buffer)]  # Why: names and tids count threads
        try:
            thread = super().spawn(fn, *args, name=name, **attributes)
        finally:
            self.threads += buffers
        thread.fn = self._to_the_end(thread, thread.fn)
        return thread

    def _to_the_end(self, thread: Explored, fn: Callable[..., Any]) -> Callable[..., Any]:
        """What the thread does, and then waits until all can see it."""

        def life(*args: Any) -> Any:
            try:
                result = fn(*args)
            except (Exception, SystemExit) as error:
                thread.error = error  # Why: who tells what happened must know at once
                self.drain()
                raise
            self.drain()
            return result

        return life

    def join(self, thread: Explored) -> Any:
        self.drain()
        return super().join(thread)

    def point(self, op: str, on: Any, argument: Any = None) -> None:
        if op == "fence" or (on is not None and on is not here.SLEEP):
            self.drain()
        super().point(op, on, argument)

    # ---- going to memory, and what each thread sees

    def _next(self) -> Explored | None:
        thread = super()._next()
        while isinstance(thread, Buffer):
            self._flush(thread)
            thread = super()._next()
        if thread is not self.shown and (self.hidden or self.buffers):
            self._hide()
            if thread is not None:
                self._show(thread)
        return thread

    def _flush(self, buffer: Buffer) -> None:
        """The oldest write of a buffer goes to memory."""
        self._hide()
        entry = buffer.entries.popleft()
        buffer.gone += 1
        entry.slot.set(entry.value)
        tell = getattr(self, "flushes", None)
        if tell is not None:
            tell(buffer, entry)
        buffer.offer_oldest()
        owner = buffer.owner
        if not buffer.entries and owner.waiting_on is buffer:
            owner.state, owner.waiting_on = RUNNABLE, None
            owner.clock = joined(owner.clock, buffer.clock)
            self.fresh.append(owner)

    def _hide(self) -> None:
        """The objects hold what memory holds."""
        while self.hidden:
            slot, value = self.hidden.pop()
            slot.set(value)
        self.shown = None

    def _show(self, thread: Explored) -> None:
        """The objects hold what the thread sees."""
        self.shown = thread
        buffer = self.buffers.get(thread.index)
        for entry in buffer.entries if buffer is not None else ():
            self.hidden.append((entry.slot, entry.slot.get()))
            entry.slot.set(entry.value)

    def look_around(self) -> None:
        """For machines that show a program while it stands: what memory holds is shown."""
        self._hide()
        super().look_around()  # type: ignore[misc]

    def signature(self, me: Explored, frame: Any) -> Any:
        """The state of memory and of all buffers."""
        self._hide()
        found = super().signature(me, frame)
        self._show(me)
        waiting = [
            (e.place, e.value if isinstance(e.value, ATOMS) else object()) for b in self.buffers.values() for e in b.entries
        ]
        return found, tuple(waiting)


def hooks_for(memory: str) -> type[Hooks]:
    """What rewritten code calls."""
    if memory == "sc":
        return Hooks
    from labkit.explore.weakhooks import WeakHooks

    return WeakHooks


def machine_for(memory: str, kind: type[Any]) -> type[Any]:
    """A kind of ExploreMachine, with the memory that is wanted."""
    return kind if memory == "sc" else type(f"Weak{kind.__name__}", (Weak, kind), {})
