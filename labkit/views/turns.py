"""Taking turns by hand: which thread takes the next step is said from outside, one step at a time.

Nothing here knows a program. A function is asked for the state after a schedule, so undo is only an earlier question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from labkit.errors import LabError
from labkit.thread import BLOCKED, EXITED, RUNNABLE
from labkit.tracelog import Schedule
from labkit.views.base import count

State = dict[str, Any]
"""What the program is like after a schedule:

    {"threads": [{"name": "A",             # in order of creation; a thread that is not spawned yet is not in the list
                  "status": "RUNNABLE",    # RUNNABLE (it may be chosen), BLOCKED or EXITED
                  "step": "reads balance", # its next step in words, without its name; what it waits for, if BLOCKED
                  "line": 4}],             # line of that step, 0 if there is none to name
     "values": {"balance": "100"},         # shared places and their values, as text
     "outcome": None,                      # what main returned, as text, once the run has ended
     "failure": None,                      # what went wrong, in one line; then nobody can take a step any more
     "notes": ["3 of the 61 ..."]}         # may be left out: lines that stand below; why it failed, what to do next
"""

FINISH_STEPS: Final = 300
"""Steps that "let it run" takes at most: a program that only waits for itself would never end."""

SAYS: Final = {RUNNABLE: "can run", BLOCKED: "blocked", EXITED: "ended"}


class Turns:
    """A program that stands still until it is said who goes next.

    Args:
        state: state(schedule) is the State after these threads, by name, have taken one step each.
        schedule: steps taken already, as text "A B A" or as names.

    Attributes:
        moves: who took each step so far.
        note: what there is to say besides, until the next click.
    """

    def __init__(self, state: Callable[[list[str]], State], schedule: str | Iterable[str] = ()) -> None:
        self._ask = state
        self._known: dict[tuple[str, ...], State] = {}
        self.moves: list[str] = []
        self.note = ""
        self.after(0)  # Why: a wrong state is told here, and not when somebody looks
        self.play(schedule)

    @property
    def state(self) -> State:
        """The state after the steps so far."""
        return self.after(len(self.moves))

    @property
    def schedule(self) -> str:
        """The steps so far, as a schedule that can be replayed."""
        return str(Schedule(self.moves))

    @property
    def over(self) -> bool:
        """Whether no thread can take a step any more."""
        now = self.state
        return now["failure"] is not None or now["outcome"] is not None or not self.runnable(len(self.moves))

    def after(self, steps: int) -> State:
        """The state after the first so many steps."""
        key = tuple(self.moves[:steps])
        if key not in self._known:
            self._known[key] = _checked(self._ask(list(key)))
        return self._known[key]

    def runnable(self, steps: int) -> list[str]:
        """Who could take the next step after so many."""
        return [t["name"] for t in self.after(steps)["threads"] if t["status"] == RUNNABLE]

    def play(self, schedule: str | Iterable[str]) -> None:
        """Take these steps, one after the other.

        Raises:
            LabError: a thread that is named there cannot take a step.
        """
        for name in Schedule.parse(schedule) if isinstance(schedule, str) else schedule:
            if self.over or name not in self.runnable(len(self.moves)):
                able = ", ".join(self.runnable(len(self.moves))) if not self.over else ""
                raise LabError(f"{name!r} cannot take step {len(self.moves) + 1}; able to: {able or 'nobody, the run is over'}")
            self.moves.append(name)
            try:
                self.after(len(self.moves))
            except BaseException:
                self.moves.pop()
                raise

    def undo(self) -> None:
        """Take the last step back."""
        del self.moves[-1:]

    def restart(self) -> None:
        """Go back to the beginning."""
        self.moves.clear()

    def finish(self) -> None:
        """Let it run: one step for each thread in turn, until the end."""
        for _ in range(FINISH_STEPS):
            if self.over:
                return
            able = self.runnable(len(self.moves))
            order = [t["name"] for t in self.state["threads"]]
            last = order.index(self.moves[-1]) if self.moves and self.moves[-1] in order else -1
            turn = order[last + 1 :] + order[: last + 1]
            self.play([next(name for name in turn if name in able)])
        self.note = f"stopped after {FINISH_STEPS} more steps: it may never end in this order"

    def steps(self) -> list[tuple[str, str, int, str]]:
        """Each step so far: thread, words, line, and how it came to its turn: "preempt", "switch" or "" (it went on)."""
        out = []
        for i, name in enumerate(self.moves):
            before = {t["name"]: t for t in self.after(i)["threads"]}
            came = ""
            if i and self.moves[i - 1] != name:
                last = before.get(self.moves[i - 1])  # a store buffer that has become empty is not in the list
                came = "preempt" if last is not None and last["status"] == RUNNABLE else "switch"
            out.append((name, str(before[name]["step"]), int(before[name]["line"]), came))
        return out

    def verdict(self) -> tuple[str, str]:
        """How it stands: "fail", "pass", "stuck" or "", and that in words."""
        now, taken = self.state, len(self.moves)
        if now["failure"] is not None:
            return "fail", f"You broke it after {count(taken, 'step')}: {now['failure']}"
        if now["outcome"] is not None:
            return (
                "pass",
                f"It ended with {now['outcome']}. Nothing broke in this order{self._unless_noted('; go back and try another')}.",
            )
        if self.over:
            return "stuck", "No thread can take a step." if now["threads"] else "There are no threads."
        if self.note:
            return "", self.note
        if not taken:
            wrong = self._unless_noted(", and try to make the result wrong")
            return "", f"Nothing has run yet. Choose the thread that takes the first step{wrong}."
        name, what, line, came = self.steps()[-1]
        how = f", which preempted {self.moves[-2]}," if came == "preempt" else ""
        return "", f"{name}{how} took step {taken}: {said(what, line)}."

    def _unless_noted(self, words: str) -> str:
        """What to do next, where no note says it better."""
        return "" if self.state.get("notes") else words


def said(what: str, line: int) -> str:
    """A step in words: "reads balance, line 4"."""
    return what + (f", line {line}" if line else "")


def _checked(state: State) -> State:
    """The state, if it is one.

    Raises:
        LabError: something is missing, or a status is none.
    """
    if missing := [key for key in ("threads", "values", "outcome", "failure") if key not in state]:
        raise LabError(f"a state without {' and '.join(missing)}: see labkit.views.scheduler.State for what belongs into it")
    for thread in state["threads"]:
        if missing := [key for key in ("name", "status", "step", "line") if key not in thread]:
            raise LabError(f"a state whose thread {thread} has no {' and no '.join(missing)}")
        if thread["status"] not in SAYS:
            raise LabError(f"thread {thread['name']!r} has the status {thread['status']!r}; there are {', '.join(SAYS)}")
    return state
