"""You are the scheduler: at every scheduling point a callable is asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from labkit.errors import LabError
from labkit.policies.base import Policy
from labkit.thread import Thread

Ask = Callable[[list[str], str], str]
"""(names of the runnable threads, name of the one that leaves) → the name of the one to run."""


class Human(Policy):
    """Asks you, or any callable, who runs next.

    >>> from types import SimpleNamespace as T
    >>> Human(lambda names, current: names[-1]).pick_next([T(name="A"), T(name="B")], T(name="A")).name
    'B'
    """

    name = "human"
    preempts = False  # it is asked everywhere, and needs no timer
    every_point = True

    def __init__(self, ask: Ask | None = None) -> None:
        self.ask = ask or ask_in_terminal

    def pick_next(self, runnable: Sequence[Thread], current: Thread) -> Thread:
        names = [t.name for t in runnable]
        answer = self.ask(names, current.name)
        for thread in runnable:
            if thread.name == answer:
                return thread
        raise LabError(f"the scheduler was told to run {answer!r}, which cannot run now; choose one of: {', '.join(names)}")


def ask_in_terminal(names: list[str], current: str) -> str:
    """Ask on standard input until the answer is a runnable thread; Enter keeps the current one, or takes the first."""
    default = current if current in names else names[0]
    while True:
        if (answer := input(f"run {' / '.join(names)} [{default}]? ").strip() or default) in names:
            return answer
        print(f"{answer!r} cannot run now")
