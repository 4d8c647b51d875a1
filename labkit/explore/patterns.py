"""Which known mistake a failing run shows: lost update, check-then-act, a change seen half done, wrong order.

A pattern is three accesses: one of a thread, then one of another that comes in between, then one of the first thread again.
(Lu, Tucek, Qin, Zhou, "AVIO: Detecting Atomicity Violations via Access Interleaving Invariants", ASPLOS 2006.) Where the
program's text does not tell how the first and the third belong together, the pattern gets no more name than that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from labkit.explore.reading import tests, updates
from labkit.explore.whatif import Gap, Switch, gaps
from labkit.explore.witness import Fact, Seen

LOST_UPDATE, CHECK_THEN_ACT, STALE_READ = "lost update", "check-then-act", "stale read"
ATOMICITY, WRONG_ORDER = "atomicity violation", "wrong order"


class Pattern(NamedTuple):
    """A known mistake, found in a run.

    Attributes:
        name: what it is called.
        title: what it means here, in a sentence.
        first, between, last: the accesses; of a wrong order only the first two.
        notes: step → what to say after it.
        gap: where the other thread came in.
        weight: how much speaks for it.
    """

    name: str
    title: str
    first: Fact
    between: Fact
    last: Fact | None
    notes: dict[int, str]
    gap: Gap | None
    weight: int

    @property
    def places(self) -> set[object]:
        """The places it is about."""
        return {place for f in (self.first, self.between, self.last) if f is not None for place, _ in f.footprint}


def find_pattern(seen: Seen, switch: Switch | None) -> Pattern | None:
    """The pattern for which most speaks; of equals, the earliest."""
    found = [pattern for gap in gaps(seen) for pattern in _in_gap(seen, gap)]
    found += _woken(seen)
    if switch is not None:
        found += _reversed(seen, switch)
    return max(found, key=lambda p: (p.weight + (p.gap is not None and p.gap.forced), -p.first.nth), default=None)


# ---- something came in between


def _in_gap(seen: Seen, gap: Gap) -> Iterator[Pattern]:
    facts = seen.facts
    before = [f for f in facts[: gap.start] if f.thread == gap.thread and f.is_data]
    inside = [f for f in facts[gap.start : gap.end] if f.is_data]
    after = [f for f in facts[gap.end :] if f.thread == gap.thread]
    if not before or not inside or not after:
        return
    yield from _tested(gap, before, inside, after)
    yield from _updated(gap, before, inside, [f for f in after if f.is_data])
    yield from _half_done(seen, gap, before, inside, [f for f in after if f.is_data])
    yield from _twice(seen, gap, before, inside, [f for f in after if f.is_data])


def _tested(gap: Gap, before: list[Fact], inside: list[Fact], after: list[Fact]) -> Iterator[Pattern]:
    """A test, then what makes it untrue, then what was to be done only if it was true."""
    for a in reversed(before):
        b = next((f for f in inside if f.writes and f.touches(a)), None)
        if b is None or not a.reads or a.writes:
            continue
        own = [f for f in after if f.op not in ("release", "acquire", "reacquire")]
        if own and own[0].line == a.line and own[0].reads and own[0].touches(b):
            return  # it tests again
        if any(f.nth > a.nth and f.writes and tests(a.file, a.line, f.line) for f in before):
            continue  # it has begun to act before the others came
        acts = [f for f in own if tests(a.file, a.line, f.line)]
        c = next((f for f in acts if f.touches(b)), acts[0] if acts else None)
        if c is None:
            continue
        title = f"{a.thread} tests {a.thing} and then acts on what it saw, but {b.thread} changes {b.thing} in between."
        yield Pattern(CHECK_THEN_ACT, title, a, b, c, {c.nth: f"it still acts on what it saw in line {a.line}"}, gap, 50)
        return


def _woken(seen: Seen) -> Iterator[Pattern]:
    """A test, a wait, a wake-up, then another who comes first; and no second test."""
    for wait in [f for f in seen.facts if f.op == "wait"]:
        own = [f for f in seen.facts if f.thread == wait.thread]
        back = next((f for f in own if f.nth > wait.nth and f.op == "reacquire"), None)
        wake = next((n for n, who in seen.woken.items() if n > wait.nth and wait.thread in who), None)
        a = next((f for f in reversed(own) if f.nth < wait.nth and f.is_data and tests(f.file, f.line, wait.line) == "if"), None)
        if back is None or wake is None or a is None:
            continue
        b = next((f for f in seen.facts[wake + 1 : back.nth] if f.is_data and f.writes and f.touches(a)), None)
        c = next((f for f in own if f.nth > back.nth and f.is_data), None)
        if b is None or c is None or not c.touches(b) or (c.line == a.line and not c.writes):
            continue
        title = f"{a.thread} tests {a.thing}, waits, and does not test again; {b.thread} changes {b.thing} before it can go on."
        notes = {
            wait.nth: "",
            wake: f"this wakes {a.thread}",
            b.nth: f"{a.thread} has been woken, but comes later",
            c.nth: "it does not test again: an `if` where a `while` is needed",
        }
        yield Pattern(CHECK_THEN_ACT, title, a, b, c, notes, None, 60)


def _updated(gap: Gap, before: list[Fact], inside: list[Fact], after: list[Fact]) -> Iterator[Pattern]:
    """Read, another's write, write."""
    for a in _last_of_each(before):
        if not a.reads or a.writes:
            continue
        c = next((f for f in after if f.footprint[0][0] == a.footprint[0][0]), None)
        if c is None or not c.writes or (c.reads and c.on is None):
            continue
        b = next((f for f in reversed(inside) if f.writes and f.touches(c)), None)
        if b is None:
            continue
        lost = f"{b.thread}'s write is lost"
        if updates(a.file, a.line, c.line):
            title = f"{a.thread} and {b.thread} both change {c.thing}, and {a.thread} writes over what {b.thread} wrote."
            yield Pattern(LOST_UPDATE, title, a, b, c, {c.nth: lost}, gap, 45)
        else:
            title = f"{a.thread}'s read and write of {a.place} belong together, but {b.thread} writes it in between."
            yield Pattern(ATOMICITY, title, a, b, c, {c.nth: lost}, gap, 20)


def _half_done(seen: Seen, gap: Gap, before: list[Fact], inside: list[Fact], after: list[Fact]) -> Iterator[Pattern]:
    """Two changes, of which another sees only the first; or two reads, between which another changes both places."""
    last = _last_of_each(before)
    saw = [f.nth for f in seen.facts[: seen.failed_at] if f.thread == seen.failed_by and f.is_data]
    for c in dict.fromkeys((*_first_of_each(after), *_first_of_each([f for f in after if f.writes]))):
        for a in last:
            if a.footprint[0][0] == c.footprint[0][0] or a.writes != c.writes or a.on is not None:
                continue
            for other in dict.fromkeys(f.thread for f in inside):
                own = [f for f in inside if f.thread == other]
                b1 = next((f for f in own if f.touches(a) and f.writes != a.writes), None)
                b2 = next((f for f in own if f.touches(c) and f.writes != c.writes), None)
                if b1 is None or b2 is None or b2.value == c.value:
                    continue  # Why: who finds the value that is to come sees nothing half done
                if other == seen.failed_by and saw[-1:] not in ([b1.nth], [b2.nth]):
                    continue  # Why: it saw both and went on; what it failed at came later
                if a.writes:
                    title = f"{a.thread}'s changes of {a.place} and {c.place} belong together, but {other} reads both in between."
                    yield Pattern(ATOMICITY, title, a, b2, c, {}, gap, 30)
                else:
                    title = f"{a.thread} reads {a.place}, then {c.place}, but {other} changes both in between: they do not fit."
                    yield Pattern(STALE_READ, title, a, b1, c, {}, gap, 30)


def _twice(seen: Seen, gap: Gap, before: list[Fact], inside: list[Fact], after: list[Fact]) -> Iterator[Pattern]:
    """The same place twice: read or write, another's write, read; or write, another's look, write."""
    saw = [f.nth for f in seen.facts[: seen.failed_at] if f.thread == seen.failed_by and f.is_data]
    for a in _last_of_each(before):
        c = next((f for f in after if f.footprint[0][0] == a.footprint[0][0]), None)
        if c is None or a.on is not None or c.line == a.line:
            continue
        weight = 35 if c.nth in saw[-1:] else 15
        if not c.writes and a.value != c.value:
            b = next((f for f in reversed(inside) if f.writes and f.touches(c)), None)
            if b is not None and not a.writes:
                title = f"{a.thread} reads {a.place} twice and finds it changed: {b.thread} writes it in between."
                yield Pattern(STALE_READ, title, a, b, c, {}, gap, weight)
            elif b is not None:
                title = f"{a.thread} writes {a.place} and reads it again, but {b.thread} writes it in between."
                yield Pattern(ATOMICITY, title, a, b, c, {}, gap, weight)
        elif a.op == "writes" and c.op == "writes" and a.value != c.value:
            b = next((f for f in inside if not f.writes and f.touches(a) and f.value == a.value), None)
            if b is not None:
                title = f"{a.thread} changes {a.place} in two steps, and {b.thread} sees it between the two."
                yield Pattern(ATOMICITY, title, a, b, c, {}, gap, 15)


def _last_of_each(facts: list[Fact]) -> list[Fact]:
    """The last access to each place, the latest first."""
    return _first_of_each(list(reversed(facts)))


def _first_of_each(facts: list[Fact]) -> list[Fact]:
    found: dict[object, Fact] = {}
    for fact in facts:
        found.setdefault(fact.footprint[0][0], fact)
    return list(found.values())


# ---- something came too early or too late


def _reversed(seen: Seen, switch: Switch) -> Iterator[Pattern]:
    """Two accesses that happen the other way round in the run that passes, one of them in the thread that failed."""
    passing = _numbered(switch.passing.facts)
    facts = [f for f in seen.facts if f.is_data]
    failing = seen.failed_by
    own = any(f.thread == failing for f in facts)
    keys = {fact.nth: key for key, fact in _numbered(seen.facts).items()}
    for x in facts:
        for y in facts[facts.index(x) + 1 :]:
            if x.thread == y.thread or not x.touches(y) or (own and failing not in (x.thread, y.thread)):
                continue
            there_x, there_y = passing.get(keys[x.nth]), passing.get(keys[y.nth])
            if there_y is None or (there_x is not None and there_x.nth < there_y.nth):
                continue
            yield _order(x, y, seen, failing)


def _order(x: Fact, y: Fact, seen: Seen, failing: str) -> Pattern:
    """Two accesses of which the second should have come first, or the first later."""
    weight = 25 if failing in (x.thread, y.thread) else 5
    last = [f.nth for f in seen.facts[: seen.failed_at] if f.thread == failing and f.is_data][-1:]
    if y.writes and (x.thread == failing or weight == 5):
        again = any(f.thread == y.thread and f.writes and f.touches(x) for f in seen.facts[: x.nth])
        title = f"{x.thread} {x.verb} {x.place} before {y.thread} {_has(y, x)}{' again' if again else ''}."
        weight += 5 * (x.nth in last) + 5 * _fails_by_exception(seen)
        return Pattern(WRONG_ORDER, title, x, y, None, {x.nth: f"{y.thread} has not come that far"}, None, weight)
    title = f"{y.thread} {y.verb} {y.place} after {x.thread} {_has(x, y)}."
    return Pattern(WRONG_ORDER, title, x, y, None, {}, None, weight)


def _has(done: Fact, other: Fact) -> str:
    """What the other one has done, or not yet."""
    if done.op == "writes":
        return "has written it" if done.place == other.place else f"has written {done.place}"
    return f"{done.verb} {done.place}"


def _fails_by_exception(seen: Seen) -> bool:
    return seen.found is not None and seen.found.kind == "exception"


def _numbered(facts: list[Fact]) -> dict[tuple[str, str, str, int, int], Fact]:
    """Each step under a key that is the same in another run: thread, verb, place, line, and how often it did that before."""
    found: dict[tuple[str, str, str, int, int], Fact] = {}
    for fact in facts:
        n = 0
        while (key := (fact.thread, fact.op, fact.place, fact.line, n)) in found:
            n += 1
        found[key] = fact
    return found
