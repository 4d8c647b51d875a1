"""A picture of a running program's memory: every thread's stack, and what the names on it reach.

A program calls look("both have begun") wherever it likes; look() afterwards shows the pictures of the last run. A name in
Python holds a reference, never the thing: what two threads' names reach is shared, whoever has made it. A closure's variable lies
in a cell on the heap, so it is shared too. What can never change, such as an int, is shown by its value.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import dropwhile, takewhile
from pathlib import Path
from types import FrameType
from typing import Any, Final

from labkit import here
from labkit.draw import draw
from labkit.errors import LabError
from labkit.memory import Area, Picture
from labkit.reach import Heap, captured
from labkit.thread import EXITED, Thread

MOMENTS_MOST: Final = 20
"""Pictures kept of one run; a loop that looks a thousand times would fill the screen."""
FRAMES_MOST: Final = 12
"""Frames of one stack, the innermost ones; a recursion may have a thousand."""
OURS: Final = f"{Path(__file__).parent}{os.sep}"
NOTHING: Final = (
    'look(): there is no picture yet. Write look("a few words") inside the program, where you want to see its memory; '
    "after run(main), look() shows it"
)

_kept: list[Picture] = []
_run: object = None


def look(moment: str = "") -> Any:
    """Inside a run: keep a picture of all threads' memory now. Outside: show those of the last run that has kept any.

    Args:
        moment: a few words for what has just happened.

    Raises:
        LabError: outside a run, and the last one has kept no picture.

    >>> from labkit import run, spawn
    >>> def main(): box = [1]; spawn(lambda: look("both reach the box"), name="A").join(); return box
    >>> _ = run(main)
    >>> print(look().text().splitlines()[0])
    stack and heap: 2 threads, 1 thing on the heap
    """
    global _run
    machine = here.machine
    if isinstance(machine, here.Nobody):
        if not _kept:
            raise LabError(NOTHING)
        return draw("memory", list(_kept))
    with machine.no_preempt:
        if machine.run_id is not _run:
            _kept.clear()
            _run = machine.run_id
        if len(_kept) < MOMENTS_MOST:
            _kept.append(picture(machine.threads, machine.current, moment))
    return None


def picture(threads: list[Thread], current: Thread | None, moment: str = "") -> Picture:
    """The memory of these threads now; `current` is the one that asks."""
    stacks = {thread: frames_of(thread, thread is current) for thread in threads}
    heap = Heap(captured([thread.fn for thread in threads], [frame for frames in stacks.values() for frame in frames]))
    areas = []
    for thread, frames in stacks.items():
        area = Area(f"stack {thread.name}", "stack", f"stack of {thread.name}", thread.name)
        area.note = _note(thread, thread is current, bool(frames))
        area.boxes = heap.stack(area.key, frames, thread)
        areas.append(area)
    return Picture([*areas, *heap.areas()], [thread.name for thread in threads], moment, details=heap.details)


def frames_of(thread: Thread, is_current: bool) -> list[FrameType]:
    """The frames of a thread, the outermost first, without labkit's own.

    A thread's carrier knows: a greenlet that is set aside keeps its innermost frame, and Python lists those of OS threads.
    """
    carrier = thread.carrier
    frame: FrameType | None
    if is_current:
        frame = sys._getframe()
    elif hasattr(carrier, "gr_frame"):
        frame = carrier.gr_frame
    else:
        frame = sys._current_frames().get(getattr(carrier, "ident", 0)) if thread.state != EXITED else None
    inwards = list(_outwards(frame))[::-1]
    # Why: below the program's frames lie those of the machine that has called it, and above them those of the verb it waits in.
    own = takewhile(lambda f: not _is_ours(f), dropwhile(_is_ours, inwards))
    return list(own)[-FRAMES_MOST:]


def _is_ours(frame: FrameType) -> bool:
    return frame.f_code.co_filename.startswith(OURS)


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    """A frame and its callers."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def _note(thread: Thread, is_current: bool, has_begun: bool) -> str:
    """What the thread is doing, in a few words."""
    if is_current:
        return "runs, and looks"
    if thread.state == EXITED:
        return "has ended: its stack is gone"
    if thread.waiting_on is not None:
        return f"waits for {thread.waiting_on.describe()}"
    return "could run" if has_begun else "has not begun"
