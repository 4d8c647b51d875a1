"""You are the scheduler: a program stands still, and whoever clicks decides which thread takes the next step.

What can be clicked and what comes of it stands in turns.py; here it is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from textwrap import wrap
from typing import Any, ClassVar, Final

from labkit.thread import BLOCKED, EXITED, RUNNABLE
from labkit.views.base import AWKWARD, View, count
from labkit.views.deposits import DEPOSITS, deposits
from labkit.views.still import INK, box, clean, cut, label, still
from labkit.views.turns import SAYS, State, Turns, said

TEXT_STEPS: Final = 60
SVG_STEPS: Final = 40
PANE_PX: Final = (210, 400)
"""Least and greatest height of the source with the threads beside it."""

NOTES_PX: Final = 166
"""Height of the notes below, where the program has any; longer ones scroll."""


class Scheduler(Turns, View):
    """A program whose threads take one step whenever you say so.

    Args:
        state: state(schedule) is the State after these threads, by name, have taken one step each.
        source: the program, shown with the next line of each thread marked.
        first_line: number of the source's first line.
        schedule: steps taken already, as text "A B A" or as names.
        title: words above the picture.

    >>> game = Scheduler(deposits, schedule="A B B")
    >>> print(game.text().splitlines()[0])
    you are the scheduler: 3 steps, 1 switch, 1 preemption
    >>> game.play("A"); game.state["failure"]
    'balance is 150, not 160'
    """

    name: ClassVar[str] = "scheduler"
    heading: ClassVar[str] = "you are the scheduler"

    def __init__(
        self, state: Callable[[list[str]], State], source: str = "", first_line: int = 1,
        schedule: str | Iterable[str] = (), title: str = "",
    ) -> None:  # fmt: skip
        View.__init__(self, title)
        Turns.__init__(self, state, schedule)
        self.source = source.rstrip("\n").split("\n") if source.strip() else []
        self.first_line = first_line

    @classmethod
    def samples(cls) -> dict[str, Callable[[], View]]:
        return {
            "empty": partial(cls, lambda schedule: {"threads": [], "values": {}, "outcome": None, "failure": None}),
            "usual": partial(cls, deposits, DEPOSITS, schedule="A B B"),
            "awkward": partial(cls, partial(deposits, place=AWKWARD), f"# {AWKWARD}", schedule="A B B A"),
        }

    def describe(self) -> str:
        came = [step[3] for step in self.steps()]
        switches = count(sum(map(bool, came)), "switch", "switches")
        return f"{count(len(came), 'step')}, {switches}, {count(came.count('preempt'), 'preemption')}"

    @property
    def _pane(self) -> int:
        threads = 52 * max(2, len(self.after(0)["threads"])) + 20 * max(4, len(self.after(0)["values"])) + 66
        return min(max(PANE_PX[0], 19 * len(self.source) + 14, threads), PANE_PX[1])

    @property
    def _strip(self) -> int:
        return 20 * min(max(2, len(self.state["threads"])), 8) + 26

    @property
    def _notes(self) -> int:
        """Room for the notes: from the first state on, so that nothing moves when there are more."""
        return NOTES_PX if "notes" in self.after(0) else 0

    @property
    def height(self) -> int:
        return 32 + 52 + self._pane + 6 + self._strip + self._notes + 40 + 4

    def pack(self) -> dict[str, Any]:
        now = self.state
        before = self.after(max(0, len(self.moves) - 1))["values"]
        kind, words = self.verdict()
        return {
            "source": self.source, "first": self.first_line, "pane": self._pane, "strip": self._strip, "says": SAYS,
            "notes": list(now.get("notes", ())), "room": self._notes,
            "threads": [[t["name"], t["status"], t["step"], t["line"]] for t in now["threads"]],
            "values": [[name, value, before.get(name, value) != value] for name, value in now["values"].items()],
            "kind": kind, "words": words, "over": self.over, "steps": self.steps(), "schedule": self.schedule,
        }  # fmt: skip

    def reply(self, ask: str) -> str:
        """Somebody clicked: "number verb [thread]". The live picture gets the new state as its data."""
        _, verb, *names = ask.split(" ", 2)
        self.note = ""
        verbs: dict[str, Callable[[], None]] = {"undo": self.undo, "restart": self.restart, "finish": self.finish}
        verbs["step"] = lambda: self.play(names)
        try:
            verbs[verb]()
        except Exception as error:
            self.note = f"this step could not be taken: {type(error).__name__}: {error}"
        if self._widget is not None:
            self._widget.data = self.data()
        return ""

    def text(self) -> str:
        """The state in words, then the steps that led to it."""
        now = self.state
        width = max([6, *(len(t["name"]) for t in now["threads"])])
        lines = [self.words, clean(self.verdict()[1])]
        if now["threads"]:
            lines += ["", f"{'thread':{width}}  state    next step"]
        for t in now["threads"]:
            step = said(t["step"], t["line"] if t["status"] != EXITED else 0)
            step = f"waits for {step}" if t["status"] == BLOCKED else step
            lines.append(clean(f"{t['name']:{width}}  {SAYS[t['status']]:7}  {step}"))
        lines += [clean(f"{name} = {value}") for name, value in now["values"].items()]
        steps = self.steps()
        if steps:
            lines += ["", f"schedule: {self.schedule}", "step  thread"]
        lines += [f"   …  {len(steps) - TEXT_STEPS} steps before"] if len(steps) > TEXT_STEPS else []
        for i, (name, what, line, came) in list(enumerate(steps, 1))[-TEXT_STEPS:]:
            how = {"preempt": "  (a preemption)", "switch": "  (a switch)", "": ""}[came]
            lines.append(clean(f"{i:4}  {name:{width}}  {said(what, line)}{how}"))
        notes = [part for note in now.get("notes", ()) for part in _wrapped(note)]
        lines += ["", *notes] if notes else []
        return "\n".join(cut(line.rstrip(), 140) for line in lines)

    def svg(self) -> str:
        """The threads with their next steps, the values, and the last steps as a row of boxes."""
        now, steps = self.state, self.steps()
        body = [label(2, 36, cut(clean(self.verdict()[1]), 100))]
        order = [t["name"] for t in now["threads"]][:12]
        for i, t in enumerate(now["threads"][:12]):
            y = 48 + 26 * i
            ink = {RUNNABLE: INK["run"], BLOCKED: INK["wait"], EXITED: INK["plain"]}[t["status"]]
            dash = ' stroke-dasharray="3 3"' if t["status"] == BLOCKED else ""
            body.append(box(2, y, 330, 22, f'rx="3" fill="none" stroke="{ink}" stroke-width="2"{dash}'))
            step = {RUNNABLE: f": {t['step']}", BLOCKED: f": waits for {t['step']}"}.get(t["status"], "")
            body.append(label(8, y + 15, cut(clean(f"{t['name']} {SAYS[t['status']]}{step}"), 52)))
        for i, (name, value) in enumerate(list(now["values"].items())[:12]):
            body.append(label(350, 63 + 18 * i, cut(clean(f"{name} = {value}"), 52)))
        top = 66 + max(26 * len(order), 18 * min(12, len(now["values"])))
        for i, (name, *_) in enumerate(steps[-SVG_STEPS:]):
            if name in order:
                body.append(box(90 + 15 * i, top + 20 * order.index(name), 13, 16, f'fill="{INK["run"]}"'))
        body += [label(2, top + 13 + 20 * i, cut(clean(name), 12)) for i, name in enumerate(order)]
        description = "Boxes: threads and their next steps. Below: whose turn each step was, from left to right."
        return still(720, top + 20 * len(order) + 8, self.words, description, "".join(body))


def _wrapped(note: str) -> list[str]:
    """A note as lines that are not too long; what is indented stays so."""
    lead = " " * (len(note) - len(note.lstrip()))
    return wrap(clean(note.strip()), 120, initial_indent=lead, subsequent_indent=lead + "  " * bool(lead)) or [""]
