"""Threads of every kind, each with its place on the map and the reason.

Two questions make the map. Who schedules it: who picks it, by itself, as the next one to run? Where does it run: has it code of
its own in user space, or does it run kernel code only? Where two schedulers stand above each other (M:N: a runtime puts its
threads on a few threads of the operating system), the one counts that knows the card by itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from labkit.errors import LabError

WHO: Final = {"kernel": "the kernel schedules it", "program": "its program schedules it", "nobody": "nobody schedules it"}
WHERE: Final = {"user": "runs in user space", "kernel": "runs inside the kernel"}

PLACES: Final = {
    "kernel/user": f"{WHO['kernel']}, {WHERE['user']}",
    "program/user": f"{WHO['program']}, {WHERE['user']}",
    "kernel/kernel": f"{WHO['kernel']}, {WHERE['kernel']}",
    "program/kernel": f"{WHO['program']}, {WHERE['kernel']}",
    "none": "no thread: nobody schedules it",
}
"""place → what it means, in reading order: the four fields of the map, and the strip below it."""


@dataclass(frozen=True)
class Card:
    """One kind of thread, and the truth about it.

    Args:
        id: short name in kebab-case.
        name: what stands on the card.
        who: who schedules it: "kernel", "program" (its own one: a runtime, a library, your code), or "nobody".
        where: "user" if it has code of its own in user space, "kernel" if it runs kernel code only.
        truth: the reason for its place, in one sentence.
        source: where that is written, or on which kernel it was seen.
    """

    id: str
    name: str
    who: str
    where: str
    truth: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        if self.who not in WHO or self.where not in WHERE:
            raise LabError(
                f"Card({self.id!r}): who is one of {', '.join(WHO)} and where one of {', '.join(WHERE)}, not {self.who!r} and "
                f"{self.where!r}"
            )

    @property
    def place(self) -> str:
        """Where it belongs: a key of PLACES. What nobody schedules is no thread, wherever it runs."""
        return "none" if self.who == "nobody" else f"{self.who}/{self.where}"


_ALL: Final = (
    Card("greenlet", "greenlet", "program", "user",
         "It runs until the program itself switches to another one: it has no scheduler but the code that calls switch().",
         "greenlet, README"),
    Card("pthread", "pthread", "kernel", "user",
         "Each pthread is one entity for the kernel's scheduler (1:1), and runs a program's code: scheduled by the kernel, and no "
         "kthread.", "pthreads(7)"),
    Card("kworker", "kworker", "kernel", "kernel",
         "A kthread, child of kthreadd, without an address space of its own; it runs what was queued on workqueues.",
         "Linux 6.1, booted in lesson 12"),
    Card("goroutine", "goroutine", "program", "user",
         "M:N: Go's runtime picks the goroutine and puts it on an OS thread; the kernel picks that OS thread and knows no goroutine.",
         "Go, src/runtime/HACKING.md"),
    Card("pid-1", "PID 1 (init)", "kernel", "user",
         "The kernel made it and it began inside the kernel, but then it called exec: since then it is a program like others.",
         "Linux 6.1, lesson 9, claim D4"),
    Card("io-uring-worker", "io_uring worker", "kernel", "kernel",
         "A thread of a program's process, with its memory, that never runs the program's code: PF_IO_WORKER is set, PF_KTHREAD is "
         "not.", "Linux 6.1, recorded in lesson 9"),
    Card("virtual-thread", "Java virtual thread", "program", "user",
         "M:N: the JDK's own scheduler, a ForkJoinPool, mounts it on a carrier thread; the kernel knows only the carrier.",
         "JEP 444, JDK 21"),
    Card("interrupt-handler", "interrupt handler", "nobody", "kernel",
         "It runs on top of whatever was running, belongs to no task and cannot sleep: no scheduler ever picks it.",
         "Linux, kernel-hacking/hacking.rst, The Players"),
    Card("main-thread", "main thread of a process", "kernel", "user",
         "A thread like the others; it was the first one, so its tid is the pid of the process.", "gettid(2), clone(2)"),
    Card("kswapd", "kswapd0", "kernel", "kernel",
         "A kthread: it frees memory when that gets scarce, and has no program to go back to.", "Linux 6.1, booted in lesson 9"),
    Card("asyncio-task", "asyncio task", "program", "user",
         "N:1: the event loop runs one task at a time, and another when this one awaits; the kernel sees the loop's thread only.",
         "Python, library/asyncio-task"),
    Card("kthreadd", "kthreadd", "kernel", "kernel",
         "It makes the other kthreads and is one itself, with PF_KTHREAD and no address space; only its parent differs: PID 0.",
         "Linux 6.1, booted in lesson 9"),
    Card("uthread", "C uthread", "program", "user",
         "N:1: the kernel may send it SIGALRM, but who goes on is decided by the handler, and that is code of the program.",
         "labkit/native/uthread.c"),
    Card("python-thread", "Python threading.Thread", "kernel", "user",
         "A pthread below. The GIL is a lock that lets one of them run bytecode at a time; which thread runs, the kernel decides.",
         "Python, library/threading; lesson 5"),
    Card("carrier", "carrier of virtual threads", "kernel", "user",
         "A platform thread, 1:1 with an OS thread: the kernel schedules it and does not know whom it carries.", "JEP 444, JDK 21"),
    Card("signal-handler", "signal handler", "nobody", "user",
         "A function that runs on the thread which the signal interrupted; that thread is scheduled, the handler is not.",
         "signal(7), Execution of signal handlers"),
)  # fmt: skip

CARDS: Final = {card.id: card for card in _ALL}
"""id → card, for all that the course knows."""

USUAL: Final = tuple(CARDS)[:13]
"""Those that lie on the table when nobody says which; mixed, so that neighbours do not belong together."""


def pick(cards: Iterable[str | Card]) -> tuple[Card, ...]:
    """Cards by id or as they are.

    Raises:
        LabError: there is no such card, or one is there twice.
    """
    picked = []
    for card in cards:
        if isinstance(card, str) and card not in CARDS:
            raise LabError(f"there is no card {card!r}; there are {', '.join(CARDS)}. Your own: Card(id, name, who, where, truth)")
        picked.append(CARDS[card] if isinstance(card, str) else card)
    ids = [card.id for card in picked]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise LabError(f"the card {twice[0]!r} is there twice: each has one place on the map")
    return tuple(picked)
