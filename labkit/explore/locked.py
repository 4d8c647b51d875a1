"""Which lock is held at the accesses of a pattern, and which would cover them."""

from __future__ import annotations

from labkit.explore.patterns import Pattern
from labkit.explore.witness import Fact, Hold, Seen
from labkit.sync import Atomic


def lock_sentence(seen: Seen, pattern: Pattern) -> str:
    """What the locks do, or fail to do, at the accesses of a pattern."""
    a, b, c = pattern.first, pattern.between, pattern.last
    if isinstance(a.on, Atomic) and c is not None and c.on is a.on:
        return f"Each operation of {a.place} is atomic, but {a.thread}'s two together are not."
    if not a.held and not b.held:
        return f"No lock is held at either access.{_cover(seen, pattern)}"
    common = [h for h in b.held if any(h.on is x.on for x in a.held)]
    if c is not None and a.held and c.held and not _shared(a, c):
        both = f"{_locks(a)} in line {a.line} and {_locks(c)} in line {c.line}"
        return f"{a.thread} holds {both}, but no lock from the one to the other."
    if common:
        return _in_common(seen, a, b, c, common[0])
    if a.held and b.held:
        return f"{_held(a)}; {_held(b)}: two different locks keep nobody out."
    return f"{_held(a)}; {_held(b)}: so nobody is kept out.{_cover(seen, pattern)}"


def _shared(a: Fact, c: Fact) -> bool:
    return any(h.on is x.on for h in a.held for x in c.held)


def _locks(fact: Fact) -> str:
    return " and ".join(dict.fromkeys(h.lock for h in fact.held))


def _in_common(seen: Seen, a: Fact, b: Fact, c: Fact | None, hold: Hold) -> str:
    lock = hold.lock
    if hold.how == "reading":
        return f"Both hold {lock}, but only for reading, and readers do not keep each other out."
    if c is not None:
        own = [f for f in seen.facts[a.nth : c.nth] if f.thread == a.thread]
        let_go = [f for f in own if f.on is hold.on and f.op == "release"]
        waits = [f for f in own if getattr(f.on, "lock", None) is hold.on and f.op == "wait"]
        if waits:
            return f"All hold {lock}, but {a.thread}'s wait (line {waits[0].line}) gives it up, and others can take it first."
        if let_go:
            until = "It would have to hold it from the one to the other."
            return f"All hold {lock}, but {a.thread} lets go of it between its lines {a.line} and {c.line}. {until}"
    return f"All hold {lock}, which lets more than one in."


def _held(fact: Fact) -> str:
    return f"{fact.thread} holds {_locks(fact) or 'no lock'} in line {fact.line}"


def _cover(seen: Seen, pattern: Pattern) -> str:
    """The lock that all other accesses of the place hold."""
    place = pattern.between.footprint[0][0]
    accesses = [f for f in seen.facts if f.is_data and any(p == place for p, _ in f.footprint)]
    bare = [f for f in accesses if not f.held]
    locked = [f for f in accesses if f.held]
    if not bare or not locked:
        return ""
    all_have = [h for h in locked[0].held if all(any(h.on is x.on for x in f.held) for f in locked)]
    if not all_have:
        return ""
    lines = sorted({f.line for f in bare})
    where = f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(map(str, lines[:-1]))} and {lines[-1]}"
    who = " and ".join(dict.fromkeys(f.thread for f in bare))
    return f" Every other access of {pattern.between.thing} holds {all_have[0].lock}; {who} in {where} should too."
