"""Why a program fails, told on the schedule that is easiest to follow: the few lines that matter, and the switch to blame.

Nothing is said that was not seen: the steps are those of a run, and "it would have passed" is the report of another run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from labkit.explore.failures import Failure, waits_for_itself
from labkit.explore.late import Late, fails_without, fence_sentence, find_late, late_steps, late_title
from labkit.explore.locked import lock_sentence
from labkit.explore.patterns import WRONG_ORDER, Pattern, find_pattern
from labkit.explore.races import DataRace
from labkit.explore.reading import is_test
from labkit.explore.startled import CURE, find_startled, startled_steps, startled_title
from labkit.explore.stuck import stuck_cycle, stuck_lines, stuck_steps, stuck_title
from labkit.explore.whatif import find_switch, told
from labkit.explore.witness import Fact, Seen, see

if TYPE_CHECKING:
    from labkit.explore.verdict import Verdict

LINES_MOST = 14
"""Steps that are told; of more, only those on the places that matter most."""
STUCK = ("deadlock", "lost_wakeup", "livelock")


@dataclass
class Explanation:
    """Why a program fails.

    Attributes:
        pattern: the name of the mistake, where it can be told: "lost update", "deadlock", ...; else "".
        title: the mistake in a sentence.
        lines: the steps that matter, in order, with values.
        race: the two accesses that race; empty where there are none.
        lock: which lock is held there, and which would help; "" where it is not a matter of locks.
        switch: the switch which, changed, makes the run pass; "" if none was found.
        passing: the schedule of that run.
        schedule: the schedule that fails.
    """

    pattern: str = ""
    title: str = ""
    lines: list[str] = field(default_factory=list)
    race: list[str] = field(default_factory=list)
    lock: str = ""
    switch: str = ""
    passing: str = ""
    schedule: str = ""

    def __str__(self) -> str:
        parts = [self.title]
        parts += [f"    {line}" for line in self.lines]
        if self.race:
            parts.append(f"The race: {self.race[0]} against {self.race[1]}.")
        parts += [part for part in (self.lock, self.switch) if part]
        if self.schedule:
            parts.append(f"The failing schedule: {self.schedule}")
        return "\n".join(parts)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(str(self))


def explain(verdict: Verdict, failure: Failure | None = None) -> Explanation:
    """Explain a failure of a verdict, by default the one that is easiest to follow."""
    if failure is None:
        failure = verdict.failure
    if failure is None:
        return Explanation(title=str(verdict))
    origin = verdict.origin
    if isinstance(failure.error, DataRace):
        return _data_race(failure, failure.error)
    seen = see(origin, failure.order, len(failure.order)) if origin is not None else None
    if seen is None or seen.found is None or origin is None:
        return Explanation(title=str(failure), lines=[f"{act}." for act in failure.steps], schedule=failure.schedule)
    without = fails_without(origin, seen)
    if without is not None:
        made = explain(*without)
        made.title = f'It fails with memory="sc" as well, and so it is told here. {made.title}'
        return made
    late = find_late(origin, seen)
    if late is not None:
        return _late(seen, failure, late)
    startled = find_startled(seen)
    if startled is not None:
        return _startled(seen, failure, startled)
    switch = find_switch(origin, seen)
    pattern = find_pattern(seen, switch)
    if (
        pattern is not None
        and pattern.gap is not None
        and pattern.gap.forced
        and (switch is None or switch.at != pattern.gap.start)
    ):
        switch = find_switch(origin, seen, pattern.gap.start) or switch
    stuck = failure.kind in STUCK and not waits_for_itself(failure.error)
    if stuck and pattern is not None and (pattern.gap is None or switch is None or switch.at != pattern.gap.start):
        pattern = None  # Why: only what was seen to matter is said
    made = _stuck(seen, failure.kind, pattern) if stuck else _wrong(seen, failure, pattern)
    made.schedule = failure.schedule
    if switch is not None:
        gap = pattern.gap if pattern is not None and made.race else None
        around = (pattern.first, pattern.last) if pattern and pattern.last and gap and gap.start == switch.at else None
        made.switch, made.passing = told(switch, seen, around), switch.passing.schedule
    elif verdict.exhausted and verdict.failing == verdict.runs:
        made.switch = "It fails in every schedule: the order in which the threads run is not the cause."
    return made


def _wrong(seen: Seen, failure: Failure, pattern: Pattern | None) -> Explanation:
    """An assertion or another exception."""
    end = _end(seen, failure)
    if waits_for_itself(failure.error):
        return _itself(seen, failure)
    if pattern is None:
        steps = seen.facts[: seen.failed_at][-LINES_MOST:]
        return Explanation(
            "", f"{seen.failed_by} fails with {type(failure.error).__name__}.", _tell(seen, {f.nth: "" for f in steps}, None, end)
        )
    title = f"{pattern.name[0].upper()}{pattern.name[1:]}: {pattern.title}"
    race = [_side(f) for f in _pair(pattern)]
    lock = "" if pattern.name == WRONG_ORDER else lock_sentence(seen, pattern)
    return Explanation(pattern.name, title, _tell(seen, _chosen(seen, pattern), pattern, end), race, lock)


def _late(seen: Seen, failure: Failure, late: Late) -> Explanation:
    """What comes of a write that waited in a store buffer while others read its place."""
    lines = _to_the_end(seen, failure, late_steps(seen, late, LINES_MOST))
    passing, schedule = late.passing.schedule, failure.schedule
    switch = f'If each write had reached memory at once, this run would have passed, as "{passing}" does.'
    return Explanation("store buffering", late_title(late), lines, [], fence_sentence(late), switch, passing, schedule)


def _startled(seen: Seen, failure: Failure, woke: Fact) -> Explanation:
    """What comes of a wake-up without a notify."""
    lines = _to_the_end(seen, failure, startled_steps(seen, woke, LINES_MOST))
    return Explanation("spurious wake-up", startled_title(woke), lines, lock=CURE, schedule=failure.schedule)


def _itself(seen: Seen, failure: Failure) -> Explanation:
    """A thread acquires a lock that it holds."""
    again = next((f for f in reversed(seen.facts) if f.thread == seen.failed_by and any(h.on is f.on for h in f.held)
                  and f.op.startswith("acquire")), None)  # fmt: skip
    if again is None:
        return Explanation("deadlock", f"Deadlock: {failure.text}.")
    first = next(h.line for h in again.held if h.on is again.on)
    title = f"Deadlock: {again.thread} waits for itself."
    lines = [f"{again.thread} acquires {again.place} (line {first}).", f"{again}: it holds it already, and would wait for ever."]
    return Explanation("deadlock", title, lines)


def _stuck(seen: Seen, kind: str, pattern: Pattern | None) -> Explanation:
    """A deadlock, a lost wake-up, a livelock."""
    steps = stuck_steps(seen)
    made = Explanation(kind.replace("lost_wakeup", "lost wake-up"), stuck_title(seen, kind))
    cycle = stuck_cycle(seen)
    if pattern is not None and not cycle:
        for nth, note in _chosen(seen, pattern).items():
            steps[nth] = steps.get(nth) or note
        made.title += f" It begins with {_a(pattern.name)}: {pattern.title}"
        made.race = [_side(f) for f in _pair(pattern)]
        made.lock = lock_sentence(seen, pattern)
    elif not steps and not cycle:
        steps = {f.nth: "" for f in seen.facts[-LINES_MOST:] if f.is_data}
    made.lines = [*_tell(seen, steps, None), *stuck_lines(seen)]
    return made


def _data_race(failure: Failure, race: DataRace) -> Explanation:
    title = f"Data race on {race.first.place}: two accesses, at least one of them a write, and nothing orders them."
    lines = [f"{access.thread} {access.verb} {access.place} (line {access.line})." for access in (race.first, race.second)]
    sides = [f"{access.thread}'s line {access.line}" for access in (race.first, race.second)]
    lock = (
        "Nothing makes the one wait for the other: no lock, no join, no signal. They could as well happen at the same time. "
        "One lock held at both would order them."
    )
    return Explanation("data race", title, lines, sides, lock, schedule=failure.schedule)


# ---- which steps are told


def _chosen(seen: Seen, pattern: Pattern) -> dict[int, str]:
    """The steps that matter for a pattern: on its places, and the tests that led there."""
    places = pattern.places
    first = min(f.nth for f in _all(pattern)) if pattern.name != WRONG_ORDER else 0
    last = max(f.nth for f in _all(pattern))
    facts = [f for f in seen.facts[first : last + 1] if f.is_data]
    on_places = [f for f in facts if any(place in places for place, _ in f.footprint)]
    tested = {place for f in facts if not f.writes and is_test(f.file, f.line) for place, _ in f.footprint}
    led = [f for f in facts if any(place in tested for place, _ in f.footprint)]
    both = {f.nth for f in (*on_places, *led)}
    chosen = both if len(both) <= LINES_MOST else {f.nth for f in on_places}
    if len(chosen) > LINES_MOST:
        chosen = set()
    chosen = {nth for nth in chosen if nth < seen.failed_at} | {f.nth for f in _all(pattern)} | _ends(seen, pattern)
    return {nth: pattern.notes.get(nth, "") for nth in sorted(chosen | set(pattern.notes))}


def _ends(seen: Seen, pattern: Pattern) -> set[int]:
    """What follows from it: the write after a last read, and the last thing that the failing thread saw."""
    places = pattern.places
    later = [f for f in seen.facts[: seen.failed_at] if f.is_data and any(place in places for place, _ in f.footprint)]
    c = pattern.last
    writes = [f.nth for f in later if c is not None and not c.writes and f.thread == c.thread and f.nth > c.nth and f.writes]
    saw = [f.nth for f in later if f.thread == seen.failed_by]
    return {*writes[:1], *saw[-1:]}


def _end(seen: Seen, failure: Failure) -> str:
    """What was raised, where, and what was compared."""
    return f"{seen.failed_by}: {failure.text}" + (f": {seen.extra}." if seen.extra else ".")


def _to_the_end(seen: Seen, failure: Failure, steps: dict[int, str]) -> list[str]:
    """The steps in words, and how it ended: what was raised, or who waits for whom."""
    if failure.kind in STUCK:
        return _tell(seen, steps, None) + stuck_lines(seen)
    return _tell(seen, steps, None, _end(seen, failure))


def _tell(seen: Seen, steps: dict[int, str], pattern: Pattern | None, end: str = "") -> list[str]:
    """The steps in words, the failure among them at its place."""
    lines = []
    said = not end
    for nth in sorted(steps):
        if nth >= seen.failed_at and not said:
            lines.append(end)
            said = True
        fact = seen.facts[nth]
        late = "Only then " if nth >= seen.failed_at and end else ""
        note = f": {steps[nth]}" if steps[nth] else ""
        if not (lines and lines[-1] == f"{late}{fact}{note}."):
            lines.append(f"{late}{fact}{note}.")
    return lines if said else [*lines, end]


def _a(name: str) -> str:
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _all(pattern: Pattern) -> list[Fact]:
    return [f for f in (pattern.first, pattern.between, pattern.last) if f is not None]


def _pair(pattern: Pattern) -> tuple[Fact, Fact]:
    """The two accesses that race: what came in between, and the nearest of the other two that it meets."""
    if pattern.last is None or pattern.first.touches(pattern.between):
        return pattern.first, pattern.between
    return pattern.between, pattern.last


def _side(fact: Fact) -> str:
    if fact.op == "calls":
        return f"{fact.thread}'s {fact.place} (line {fact.line})"
    does = "write" if fact.writes and not fact.reads else "read" if not fact.writes else "change"
    return f"{fact.thread}'s {does} of {fact.place} (line {fact.line})"
