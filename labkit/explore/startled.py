"""A spurious wake-up as the cause of a failure: who woke at a condition although nobody had notified."""

from __future__ import annotations

from labkit.explore.witness import Fact, Seen


def find_startled(seen: Seen) -> Fact | None:
    """The last wake-up before the failure that nobody had asked for; None if there is none."""
    woke = [f for f in seen.facts[: seen.failed_at] if f.op == "wakes at" and not _asked_for(seen, f)]
    return woke[-1] if woke else None


def _asked_for(seen: Seen, woke: Fact) -> bool:
    """Whether somebody had woken the thread since it began to wait."""
    wait = max((f.nth for f in seen.facts[: woke.nth] if f.thread == woke.thread and f.op == "wait"), default=-1)
    return any(woke.thread in who for nth, who in seen.woken.items() if wait < nth < woke.nth)


def startled_title(fact: Fact) -> str:
    """What happened, in a sentence."""
    return f"Spurious wake-up: {fact.thread} woke at {fact.place} (line {fact.line}) although nobody had notified, and went on."


def startled_steps(seen: Seen, fact: Fact, most: int) -> dict[int, str]:
    """From the thread's wait on, what it did and what others changed meanwhile."""
    wait = max(f.nth for f in seen.facts[: fact.nth] if f.thread == fact.thread and f.op == "wait")
    own = [f for f in seen.facts[: seen.failed_at] if f.thread == fact.thread and f.is_data]
    before = [f.nth for f in own if f.nth < wait][-1:]
    after = [f.nth for f in seen.facts[fact.nth : seen.failed_at] if f.is_data and (f.thread == fact.thread or f.writes)]
    return dict.fromkeys((*before, wait), "") | {fact.nth: "nobody had notified"} | dict.fromkeys(after[-most:], "")


CURE = "A wake-up is only a hint. Put the wait into a loop that tests again: while not ...: condition.wait()."
