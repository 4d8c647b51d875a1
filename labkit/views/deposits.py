"""The smallest program that a bad schedule breaks, written by hand: what the views of exploration show as their sample."""

from __future__ import annotations

from typing import Final

from labkit.scheduletree import Node
from labkit.thread import EXITED, RUNNABLE
from labkit.views.turns import State

DEPOSITS: Final = """\
balance = 100

def deposit(amount):
    seen = balance
    balance = seen + amount

# A: deposit(50)      B: deposit(10)
"""


def deposits(schedule: list[str], place: str = "balance") -> State:
    """A program of two threads, as small as one can be: each reads the balance, and writes it with its deposit added."""
    balance, seen, done = 100, {"A": "", "B": ""}, {"A": 0, "B": 0}
    for name in schedule:
        if not done[name]:
            seen[name] = str(balance)
        else:
            balance = int(seen[name]) + (50 if name == "A" else 10)
        done[name] += 1
    steps = [(f"reads {place}", 4), (f"writes {place}", 5), ("", 0)]
    threads = [
        {"name": name, "status": EXITED if n == 2 else RUNNABLE, "step": steps[n][0], "line": steps[n][1]}
        for name, n in done.items()
    ]
    ended = done == {"A": 2, "B": 2}
    values = {place: str(balance), **{f"seen in {name}": value for name, value in seen.items() if value}}
    lost = f"{place} is {balance}, not 160" if balance != 160 else None
    return {
        "threads": threads, "values": values, "outcome": str(balance) if ended and not lost else None,
        "failure": lost if ended else None,
    }  # fmt: skip


def two_deposits(place: str = "balance") -> Node:
    """The same program as a tree: all six orders of its four steps, two of them right."""
    root = Node()
    for order in ("AABB", "ABAB", "ABBA", "BAAB", "BABA", "BBAA"):
        steps = []
        for i, name in enumerate(order):
            now = next(t for t in deposits(list(order[:i]), place)["threads"] if t["name"] == name)
            steps.append((name, now["step"], now["line"]))
        end = deposits(list(order), place)
        root.add(steps, outcome=end["outcome"] or "", failure=end["failure"] or "")
    return root
