"""Why nobody can go on: who holds what and waits for whom, which wake-up came too early, what a loop reads in vain."""

from __future__ import annotations

import itertools
from typing import Any

from labkit.errors import Deadlock
from labkit.explore.spin import Spinning
from labkit.explore.witness import Fact, Seen, Stand
from labkit.sync import Barrier, Channel, Condition, Event, Semaphore
from labkit.thread import Thread

WAITS = {"wait", "try_wait"}
NEVER_WAIT = {"release", "notify", "notify_all", "set", "clear", "is_set", "load", "store", "exchange", "fetch_add",
              "compare_exchange", "close", "abort", "reset", "release_read", "release_write"}  # fmt: skip
"""Who goes round for ever and stands before one of these waits for nothing; nor does one who only tries."""
WAKES = {"notify", "notify_all", "set", "release", "send", "receive", "clear"}


QUEUES = {"get": "waits for something to be put into", "put": "waits for room in", "join": "waits until all is done of"}


def stuck_title(seen: Seen, kind: str) -> str:
    """What it is, in a sentence."""
    cycle = stuck_cycle(seen)
    if len(cycle) > 2:
        pairs = [f"{a} waits for {b}" for a, b in itertools.pairwise(cycle)]
        return f"Deadlock: {', '.join(pairs[:-1])} and {pairs[-1]}. None of them can ever go on."
    waiting = [name for name, stand in seen.waits.items() if not isinstance(stand.on, Thread)]
    who = _list(waiting or list(seen.waits))
    verb = "wait" if len(waiting) > 1 else "waits"
    if kind == "lost_wakeup":
        calls = _calls(seen)
        early = any(f.op in ("notify", "notify_all") and not seen.woken.get(f.nth) for f in calls)
        back = any(f.op == "clear" for f in calls)
        how = "was taken back" if back else "came when nobody was there to hear it" if early else "went to others"
        return f"Lost wake-up: {who} {verb} for a wake-up that {how}, and comes no more."
    if kind == "livelock" and not any(isinstance(stand.on, Spinning) for stand in seen.waits.values()):
        return (
            f"Livelock: {who} {'go' if len(waiting) > 1 else 'goes'} round for ever: after these steps all is as it was before."
        )
    if kind == "livelock":
        does = "go round their loops for ever and read" if len(waiting) > 1 else "goes round its loop for ever and reads"
        return f"Livelock: {who} {does} in vain what nobody is left to change."
    return f"Deadlock: {who} {verb} for ever, and nobody is left who could end it."


def stuck_steps(seen: Seen) -> dict[int, str]:
    """The steps that matter, and what to say after each."""
    stands = seen.waits.values()
    notes = {fact.nth: _about(seen, fact) for fact in _calls(seen)}
    spins = [s.on for s in stands if isinstance(s.on, Spinning)]
    places = {place for spin in spins for place in spin.places}
    for fact in seen.facts:
        if fact.is_data and any(place in places for place, _ in fact.footprint):
            notes[fact.nth] = ""
    return notes


def _calls(seen: Seen) -> list[Fact]:
    """Waits and wake-ups at what threads wait at for ever."""
    on = [getattr(stand.on, "owner", stand.on) for stand in seen.waits.values()]
    on = [thing for thing in on if isinstance(thing, (Condition, Event, Semaphore, Channel))]
    return [f for f in seen.facts if any(f.on is thing for thing in on) and f.op in WAITS | WAKES | {"acquire"}]


def _about(seen: Seen, fact: Fact) -> str:
    """What to say after a wait or a wake-up."""
    if fact.op in ("notify", "notify_all") or (fact.op == "set" and fact.waiting):
        woken = seen.woken.get(fact.nth, [])
        if woken:
            alone = len(woken) == 1 and fact.waiting > 1
            return f"this wakes {_list(woken)}{f', one of {fact.waiting} that wait' if alone else ''}"
        return "nobody waits yet, so nobody is woken, and a notify is not remembered"
    last = [f for f in seen.facts if f.thread == fact.thread][-1]
    if fact.op in WAITS and isinstance(fact.on, Condition) and last.nth == fact.nth and fact.thread in seen.waits:
        return "it is never woken"
    return ""


def stuck_lines(seen: Seen) -> list[str]:
    """Who holds what and waits for what."""
    lines = []
    in_cycle = set(stuck_cycle(seen))
    for name, stand in seen.waits.items():
        if isinstance(stand.on, Thread) and name not in in_cycle and not seen.holds.get(name):
            continue
        if stand.op in NEVER_WAIT or stand.op.startswith("try_"):
            continue
        if stand.on is None or (isinstance(stand.on, Condition) and stand.op == "wait" and not seen.holds.get(name)):
            continue  # its last step, the wait, is told already
        held = [h for h in seen.holds.get(name, []) if hasattr(h.on, "owner") or hasattr(h.on, "readers")]
        has = " and ".join(f"{h.lock}{f' (taken in line {h.line})' if h.line else ''}" for h in held)
        lines.append(f"{name} {f'holds {has} and ' if has else ''}{_waits_for(seen, stand)}.")
    for holder, holds in seen.holds.items():
        for hold in holds:
            if holder in seen.ended and any(s.on is hold.on for s in seen.waits.values()):
                where = f", which it took in line {hold.line}" if hold.line else ""
                lines.append(f"{holder} has ended without releasing {hold.lock}{where}; nobody else may.")
    return lines + _opposite(seen)


def _waits_for(seen: Seen, stand: Stand) -> str:
    where = f" (line {stand.line})" if stand.line else ""
    on = getattr(stand.on, "owner", stand.on) if not hasattr(stand.on, "holders") or hasattr(stand.on, "threads") else stand.on
    if isinstance(on, Thread):
        return f"waits for the end of {on.name}{where}"
    if isinstance(on, Spinning):
        return f"goes round its loop{where} and waits for a change"
    what = seen.called(on)
    if isinstance(on, Condition) and stand.op != "reacquire":
        return f"waits for a notify of {what}{where}"
    if isinstance(on, Event):
        return f"waits until {what} is set{where}"
    if isinstance(on, Semaphore):
        return f"waits for a release of {what}, whose value is 0{where}"
    if hasattr(on, "level") and stand.op in QUEUES:
        return f"{QUEUES[stand.op]} {what}{where}"
    if isinstance(on, Barrier):
        come = sum(other.on is on for other in seen.waits.values())
        return f"waits at {what}{where} until {on.parties} have come; {come} {'has' if come == 1 else 'have'}"
    if isinstance(on, Channel):
        return f"waits for somebody to {'receive from' if stand.op == 'send' else 'send through'} {what}{where}"
    holders = list(on.holders()) if hasattr(on, "holders") else []
    holders = [h for h, holds in seen.holds.items() if any(x.on is on for x in holds)] or holders
    return f"waits for {what}{where}" + (
        f", which {_list(holders)} {'holds' if len(holders) == 1 else 'hold'}" if holders else ""
    )


def _opposite(seen: Seen) -> list[str]:
    """The two places where locks are taken in opposite orders."""
    cycle = stuck_cycle(seen)[:-1]
    told = []
    for name in cycle:
        stand = seen.waits.get(name)
        held = [h for h in seen.holds.get(name, []) if any(s.on is h.on for other, s in seen.waits.items() if other != name)]
        if stand is None or isinstance(stand.on, Thread) or not held:
            return []
        told.append(f"{name} takes {held[-1].lock} (line {held[-1].line}), then {seen.called(stand.on)} (line {stand.line})")
    if len(told) < 2:
        return []
    order = "in opposite orders" if len(told) == 2 else "in a circle"
    return [f"The locks are taken {order}: {'; '.join(told)}. Where all take them in one order, no such circle can form."]


def stuck_cycle(seen: Seen) -> list[str]:
    """Names around a circle of waits, the first again at the end; empty if there is none."""
    error: Any = seen.found.error if seen.found is not None else None
    return error.cycle if isinstance(error, Deadlock) else []


def _list(names: list[str]) -> str:
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:-1])} and {names[-1]}"
