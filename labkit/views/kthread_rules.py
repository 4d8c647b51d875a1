"""The rules of a kthread's life: which call leads from which state where, and what it returns.

Facts from kernel/kthread.c of Linux 6.1; most were seen in a booted kernel, see the lesson. The threadfn that lives here:

    while (!kthread_should_stop()) {
        if (kthread_should_park())
            kthread_parkme();
        err = wait_event_interruptible(queue, ready || kthread_should_park());
        if (err)
            return err;
        ...                      /* work; may `return 42` by itself */
    }
    return 7;
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from labkit.errors import LabError


class State(NamedTuple):
    """A state: its letter as ps prints it, the kernel's name, what it means, and where its box stands in the picture."""

    letter: str
    kernel: str
    means: str
    x: int
    y: int
    wide: int = 104


class Rule(NamedTuple):
    """In `state`, `call` leads to the state `then` and returns `returns`."""

    state: str
    call: str
    then: str
    returns: str
    why: str


STATES: Final = {
    "none": State("", "", "no task yet", 4, 26, 76),
    "new": State("D", "TASK_UNINTERRUPTIBLE", "created, never woken", 160, 26),
    "woken": State("R", "TASK_RUNNING", "may run, threadfn not called yet", 322, 26),
    "running": State("R", "TASK_RUNNING", "inside threadfn", 482, 26),
    "sleeping": State("S", "TASK_INTERRUPTIBLE", "inside threadfn, waits for an event", 652, 26),
    "early": State("P", "TASK_PARKED", "parked before threadfn was called", 232, 130),
    "parked": State("P", "TASK_PARKED", "parked inside threadfn", 522, 130, 90),
    "returned": State("X", "TASK_DEAD", "threadfn returned by itself", 640, 130, 94),
    "exited": State("", "", "gone", 160, 238, 596),
}
"""Every state, in the order of a life."""

CALLS: Final = {
    "create": "kthread_create",
    "wake": "wake_up_process",
    "park": "kthread_park",
    "unpark": "kthread_unpark",
    "stop": "kthread_stop",
    "cpu": "gets the CPU",
    "sleep": "sleeps",
    "event": "event comes",
    "return": "returns 42",
}
"""What may happen, by the short name that steps use; the first five are called by others, the rest befalls the kthread."""

OUTSIDE: Final = ("create", "wake", "park", "unpark", "stop")

GONE: Final = "use after free: after kthread_stop the task_struct may be gone; never touch it again"

RULES: Final = tuple(
    Rule(*row)
    for row in (
        ("none", "create", "new", "task", "kthreadd makes the task, it sleeps; threadfn is not called"),
        ("new", "wake", "woken", "1", "it may run; threadfn is called when it gets the CPU"),
        ("new", "park", "early", "0", "it is woken, and parks before threadfn is called"),
        ("new", "unpark", "new", "void", "it is not parked: nothing happens"),
        ("new", "stop", "exited", "-EINTR", "never woken: kthread() sees SHOULD_STOP and never calls threadfn"),
        ("woken", "cpu", "running", "", "kthread() sees no SHOULD_STOP and calls threadfn"),
        ("woken", "wake", "woken", "0", "it is awake already"),
        ("woken", "park", "early", "0", "it parks before threadfn is called"),
        ("woken", "unpark", "woken", "void", "it is not parked: nothing happens"),
        ("woken", "stop", "exited", "-EINTR", "woken, but stopped before it got the CPU: threadfn is never called"),
        ("running", "sleep", "sleeping", "", "threadfn waits in wait_event_interruptible"),
        ("running", "return", "returned", "", "threadfn returns without being told to"),
        ("running", "wake", "running", "0", "it is awake already"),
        ("running", "park", "parked", "0", "threadfn sees kthread_should_park and calls kthread_parkme"),
        ("running", "unpark", "running", "void", "it is not parked: nothing happens"),
        ("running", "stop", "exited", "7", "threadfn sees kthread_should_stop and returns 7"),
        ("sleeping", "event", "running", "", "wake_up on its wait queue, and the condition is true"),
        ("sleeping", "wake", "sleeping", "1", "it wakes, finds the condition false, and sleeps on"),
        ("sleeping", "park", "parked", "0", "its condition asks kthread_should_park; one that does not would sleep on"),
        ("sleeping", "unpark", "sleeping", "void", "it is not parked: nothing happens"),
        ("sleeping", "stop", "exited", "-ERESTARTSYS", "since 6.1 the wait is broken off; threadfn passes the error on"),
        ("early", "wake", "early", "0", "wake_up_process wakes S and D, not P"),
        ("early", "park", "early", "-EBUSY", "it is parked already; the kernel warns"),
        ("early", "unpark", "running", "void", "threadfn is called now"),
        ("early", "stop", "exited", "7", "unparked: threadfn is called after all, sees kthread_should_stop, returns 7"),
        ("parked", "wake", "parked", "0", "wake_up_process wakes S and D, not P"),
        ("parked", "park", "parked", "-EBUSY", "it is parked already; the kernel warns"),
        ("parked", "unpark", "running", "void", "it goes on after kthread_parkme, with all its variables"),
        ("parked", "stop", "exited", "7", "kthread_stop unparks it; its loop sees kthread_should_stop"),
        ("returned", "wake", "returned", "0", "it is dead; only your reference keeps the task_struct"),
        ("returned", "park", "returned", "-ENOSYS", "it is exiting; the kernel warns"),
        ("returned", "unpark", "returned", "void", "it is not parked: nothing happens"),
        ("returned", "stop", "exited", "42", "with get_task_struct() before; without it, a use after free"),
        ("exited", "create", "new", "task", "another kthread, with another pid"),
        *(("exited", call, "exited", "oops", GONE) for call in ("wake", "park", "unpark", "stop")),
    )
)
"""The whole machine. 7 and 42 stand for whatever threadfn returns."""

ARROWS: Final = {
    ("none", "create"): (80, 48, 160, 48, 118, 43),
    ("new", "wake"): (264, 48, 322, 48, 292, 43),
    ("woken", "cpu"): (426, 48, 482, 48, 453, 43),
    ("running", "sleep"): (586, 38, 652, 38, 618, 33),
    ("sleeping", "event"): (652, 58, 586, 58, 620, 71),
    ("new", "park"): (244, 70, 268, 130, 272, 106),
    ("woken", "park"): (340, 70, 316, 130, 346, 106),
    ("early", "unpark"): (336, 148, 490, 70, 412, 132),
    ("running", "park"): (536, 70, 536, 130, 520, 116),
    ("parked", "unpark"): (560, 130, 560, 70, 583, 116),
    ("sleeping", "park"): (668, 70, 600, 130, 648, 94),
    ("running", "return"): (580, 70, 652, 130, 648, 117),
    ("new", "stop"): (184, 70, 184, 238, 184, 206),
    ("early", "stop"): (284, 174, 284, 238, 284, 206),
    ("woken", "stop"): (404, 70, 404, 238, 404, 206),
    ("running", "stop"): (498, 70, 498, 238, 498, 206),
    ("parked", "stop"): (566, 174, 566, 238, 566, 206),
    ("returned", "stop"): (674, 174, 674, 238, 674, 206),
    ("sleeping", "stop"): (745, 70, 745, 238, 716, 222),
}
"""Where the arrow of a rule runs, and where its word stands. Rules that lead to their own state have none."""


def walk(steps: str | Iterable[str]) -> list[Rule]:
    """The rules that these steps follow, from no task on.

    Raises:
        LabError: there is no such step, or it cannot happen in the state where it stands.
    """
    names = {**{kernel: short for short, kernel in CALLS.items()}, **{short: short for short in CALLS}}
    state, walked = "none", []
    for step in steps.split() if isinstance(steps, str) else list(steps):
        for call in ("create", "wake") if step in ("run", "kthread_run") else (names.get(step, ""),):
            if not call:
                raise LabError(f"{step!r} is no step of a kthread's life; there are {', '.join([*CALLS, 'run'])}")
            rule = rule_of(state, call)
            if rule.then == "":
                can = ", ".join(r.call for r in RULES if r.state == state)
                raise LabError(f"{call} cannot happen to a kthread that is {state}: {STATES[state].means}; there {can} can")
            walked.append(rule)
            state = rule.then
    return walked


def rule_of(state: str, call: str) -> Rule:
    """What happens on this call in this state; a rule that leads nowhere ("") if it cannot happen."""
    return next((r for r in RULES if (r.state, r.call) == (state, call)), Rule(state, call, "", "", ""))
