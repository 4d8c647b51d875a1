"""The kernel stack: 16 KiB for a task, not a byte more, and a guard page below it.

Python's functions use no kernel stack, so a function says how much its C twin would, its return address included:
@stack_frame(544). Seen on 6.1: 224 bytes lie above threadfn's frame, and a recursion with frames of 544 bytes comes to depth 29.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, TypeVar, cast

from labkit.errors import LabError
from labkit.simkernel.backtrace import frames, mark, offset
from labkit.simkernel.oops import stop_machine
from labkit.simkernel.report import print_modules, show_head, show_stack
from labkit.simkernel.task import STACK_ON_ENTRY, THREAD_SIZE, current, enter, task_struct

Fn = TypeVar("Fn", bound=Callable[..., Any])


def stack_frame(size_bytes: int) -> Callable[[Fn], Fn]:
    """A decorator: each call of the function takes so many bytes of the current task's kernel stack.

    >>> frames_that_fit(544)
    29
    """
    if not isinstance(size_bytes, int) or size_bytes < 0:
        raise LabError(f"stack_frame({size_bytes!r}): a whole number of bytes")

    def decorate(fn: Fn) -> Fn:
        @functools.wraps(fn)
        def _framed(*args: Any, **words: Any) -> Any:
            enter("call", fn)
            task = current()
            task.stack_used += size_bytes
            task.stack_peak = max(task.stack_peak, task.stack_used)
            try:
                if task.stack_used > THREAD_SIZE:
                    overflow(task, fn.__name__)
                return fn(*args, **words)
            finally:
                task.stack_used -= size_bytes

        return cast(Fn, _framed)

    return decorate


def frames_that_fit(size_bytes: int, used_bytes: int = STACK_ON_ENTRY) -> int:
    """How many frames of this size fit into what is left of a kernel stack."""
    return (THREAD_SIZE - used_bytes) // size_bytes


def overflow(task: task_struct, name: str) -> None:
    """The guard page was hit by the function of this name. Linux cannot go on from there: the machine stops."""
    kernel = task.kernel
    first = "BUG: TASK stack guard page was hit at (____ptrval____) (stack is (____ptrval____)..(____ptrval____))"
    rip = f"RIP: 0010:{offset(name + mark(task))}"
    kernel.say(0, first)
    kernel.say(4, f"stack guard page: 0000 [#{len(kernel.oopses) + 1}] PREEMPT SMP NOPTI")
    show_head(task)
    kernel.say(4, rip)
    show_stack(frames(task))
    print_modules(kernel)
    kernel.say(4, "---[ end trace 0000000000000000 ]---")
    kernel.say(4, rip)
    kernel.taints.add("D")
    kernel.oopses.append(first)
    stop_machine("Fatal exception in interrupt", [])
