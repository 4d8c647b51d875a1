"""A program that stands still: where each of its threads stands, what it would do next, and what the watched places hold."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any

from labkit.explore.contents import MISSING, content, frames_of, label
from labkit.explore.explored import Explored
from labkit.explore.follow import VERBS, student_line, words
from labkit.explore.independence import Place
from labkit.explore.kinds import WHOLE
from labkit.explore.naming import in_words, student
from labkit.explore.shown import shown, state_of
from labkit.explore.spin import Spinning, can_happen
from labkit.explore.witness import UNTOLD, VALUE_MOST, Witness, shorten
from labkit.sync import Condition, Event, Primitive, Semaphore
from labkit.thread import BLOCKED, EXITED, RUNNABLE, Thread


@dataclass
class Known:
    """What the runs of a program have told of its places.

    Attributes:
        labels: place → what the student calls it, first touched first.
        at_first: primitive → how it stood before anybody had touched it.
        lines: file and line of everything that threads stood before.
    """

    labels: dict[Place, str] = field(default_factory=dict)
    at_first: dict[Place, str] = field(default_factory=dict)
    lines: set[tuple[str, int]] = field(default_factory=set)


class Standing(Witness):
    """A recorder that looks at a program which stands still.

    Attributes:
        known: what is known of the program's places from all its runs.
        picture: where each thread stood when it last looked around: see labkit.views.turns.State.
        values: what the places held then.
    """

    known: Known

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.next_steps: dict[str, tuple[str, int]] = {}
        self.things: dict[Place, Any] = {}
        self.picture: list[dict[str, Any]] = []
        self.values: dict[str, str] = {}

    def arrive(self, footprint: Any, what: Any, rule: Any = None, on: Any = None, *rest: Any) -> None:
        if not self.aborting:
            self.announce(footprint, what, on)
        super().arrive(footprint, what, rule, on, *rest)

    def announce(self, footprint: Any, what: Any, on: Any) -> None:
        """The current thread stands before an operation: keep it in words, and what it is about to touch."""
        frame = student(sys._getframe(2))
        if on is not None:
            self._name(on, frame)
        place = self.called(on) if on is not None else in_words(words(what[1]), frame)
        value = f" {shown(what[3])}" if len(what) > 3 else ""
        line = what[2] if len(what) > 2 else student_line(frame)
        self.next_steps[self.current.name] = (f"{VERBS.get(what[0], what[0])} {place}{value}".rstrip(), line)
        known = self.known
        known.lines.add((frame.f_code.co_filename if frame is not None else "", line))
        if on is not None:
            self.things[footprint[0][0]] = on
            known.at_first.setdefault(footprint[0][0], state_of(on))
            known.labels.setdefault(footprint[0][0], place)
        else:
            for touched, _ in footprint:
                if isinstance(touched, tuple) and len(touched) == 2 and (said := label(touched, what, frame)):
                    known.labels.setdefault(touched, said)

    def look_around(self) -> None:
        """Note where each thread stands, and what the watched places hold."""
        getattr(self, "_hide", lambda: None)()  # where writes wait in store buffers: look at memory, not as one thread sees it
        threads = [*self.threads[1:], *self.threads[:1]]  # main mostly waits: it comes last
        threads = [t for t in threads if t.tid > 0 or t.op is not None]  # an empty store buffer is not worth a word
        self.picture = [dict(zip(("name", "status", "step", "line"), self.stands_at(t), strict=True)) for t in threads]
        self.values = self.contents()

    def stands_at(self, thread: Explored) -> tuple[str, str, str, int]:
        """A thread as one row of the picture."""
        step, line = self.next_steps.get(thread.name, ("", 0))
        if thread.state == EXITED:
            error = thread.error
            return thread.name, EXITED, "" if error is None else f"ended with {type(error).__name__}", 0
        if can_happen(thread):
            if thread.tid < 0 and thread.op is not None:  # a store buffer
                verb, place, line, value = (*thread.op.what, None)[:4]
                step = f"{verb} {words(place)} {shown(value)}"
            return thread.name, RUNNABLE, step, line
        if thread.op is not None:
            return thread.name, BLOCKED, self.wanted(thread.op.on), line
        stand = self.stands.get(thread.name)
        return thread.name, BLOCKED, self.wanted(thread.waiting_on), stand.line if stand is not None else line

    def wanted(self, on: Any) -> str:
        """What a thread that cannot go on waits for."""
        if isinstance(on, Thread):
            return f"the end of {on.name}"
        if isinstance(on, Spinning):
            return "a change of what its loop reads"
        owner = getattr(on, "owner", None) if not isinstance(on, Primitive) else on
        if not isinstance(owner, Primitive):
            return shorten(on.describe(), VALUE_MOST) if hasattr(on, "describe") else "something"
        name = self.called(owner)
        if isinstance(owner, Condition):
            return f"a notify of {name}"
        if isinstance(owner, Event):
            return f"{name} to be set"
        if isinstance(owner, Semaphore):
            return f"a release of {name}"
        return f"{name}, held by {', '.join(owner.holders())}" if owner.holders() else name

    def contents(self) -> dict[str, str]:
        """The watched places by name, then the primitives, then what threads have read and not used yet."""
        labels, watch, frames = self.known.labels, self.watch, frames_of(self.threads)
        data: dict[str, str] = {}
        waits: dict[str, str] = {}
        for place, name in labels.items():
            if place in self.known.at_first:
                put(waits, name, state_of(self.things[place]) if place in self.things else self.known.at_first[place])
            elif place[1] == WHOLE or (place[0], WHOLE) not in labels:
                value = content(watch, place, frames)
                told = shown(value) if value is not MISSING else self.last_known(place)
                if told:
                    put(data, name, told)
        for thread in self.threads:
            fact = next((f for f in reversed(self.facts) if f.thread == thread.name), None)
            if fact is not None and fact.op == "reads" and fact.value is not UNTOLD and thread.state != EXITED:
                data[f"{fact.place}, as {thread.name} read it"] = shorten(repr(fact.value), VALUE_MOST)
        return data | dict(sorted(waits.items()))

    def last_known(self, place: Place) -> str:
        """The value that was read or written last at a place that nobody can look into."""
        for fact in reversed(self.facts):
            if fact.footprint[0][0] == place and fact.op in ("reads", "writes") and fact.value is not UNTOLD:
                return shorten(repr(fact.value), VALUE_MOST)
        return ""


def put(values: dict[str, str], name: str, value: str) -> None:
    """Add a value; a second place with the same name gets a number."""
    n = 1
    while (key := name if n == 1 else f"{name} ({n})") in values:
        n += 1
    values[key] = value
