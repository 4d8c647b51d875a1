"""Small programs in ordinary Python: what is explored. models.py says the same in the oracle's language.

Each function makes a main() for some size. Every main returns what its threads returned and then some final values.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from labkit import Mutex, spawn

Main = Callable[[], Any]


def gather(*threads: Any) -> tuple[Any, ...]:
    """Spawn all, each a function or a tuple of it and its arguments; join all, give what they returned."""
    started = [spawn(*thread) if isinstance(thread, tuple) else spawn(thread) for thread in threads]
    return tuple([thread.join() for thread in started])


def readers(n: int) -> Main:
    def main():
        x = 0

        def writer():
            nonlocal x
            x = 1

        def reader():
            return x

        return (gather(writer, *[reader] * n),)

    return main


def lastzero(n: int) -> Main:
    def main():
        a = [0] * (n + 1)

        def last():
            i = n
            while a[i] != 0:
                i -= 1
            return i

        def worker(j):
            a[j] = a[j - 1] + 1

        return (gather(last, *[(worker, j) for j in range(1, n + 1)]),)

    return main


def counter(n: int) -> Main:
    def main():
        x = 0

        def worker():
            nonlocal x
            x += 1

        return gather(*[worker] * n), x

    return main


def writers(n: int) -> Main:
    def main():
        x = 0

        def writer(i):
            nonlocal x
            x = i

        def reader():
            return x

        return gather(*[(writer, i) for i in range(1, n + 1)], reader), x

    return main


def bank(n: int) -> Main:
    def main():
        accounts = [100] * n

        def transfer(i):
            if accounts[i] >= 10:
                accounts[i] -= 10
                accounts[(i + 1) % n] += 10

        return (gather(*[(transfer, i) for i in range(n)]), *accounts)

    return main


def peterson() -> Main:
    """Who does not come in at the first look gives up."""

    def main():
        wants = [False, False]
        turn = 0

        def enter(me):
            nonlocal turn
            wants[me] = True
            turn = 1 - me
            if wants[1 - me] and turn == 1 - me:
                return False
            wants[me] = False
            return True

        return (gather((enter, 0), (enter, 1)),)

    return main


def dekker() -> Main:
    def main():
        wants = [False, False]
        inside = 0

        def enter(me):
            nonlocal inside
            wants[me] = True
            if wants[1 - me]:
                return False
            inside += 1
            wants[me] = False
            return True

        return gather((enter, 0), (enter, 1)), inside

    return main


class Two:
    """Two variables."""

    def __init__(self):
        self.x = 0
        self.y = 0


def store_buffer() -> Main:
    def main():
        at = Two()

        def left():
            at.x = 1
            return (at.y,)

        def right():
            at.y = 1
            return (at.x,)

        return gather(left, right), at.x, at.y

    return main


def message_passing() -> Main:
    def main():
        at = Two()

        def sender():
            at.x = 1
            at.y = 1
            return ()

        def receiver():
            return at.y, at.x

        return gather(sender, receiver), at.x, at.y

    return main


def load_buffer() -> Main:
    def main():
        at = Two()

        def left():
            seen = at.x
            at.y = 1
            return (seen,)

        def right():
            seen = at.y
            at.x = 1
            return (seen,)

        return gather(left, right), at.x, at.y

    return main


def two_plus_two_writes() -> Main:
    def main():
        at = Two()

        def left():
            at.x = 1
            at.y = 2
            return ()

        def right():
            at.y = 1
            at.x = 2
            return ()

        return gather(left, right), at.x, at.y

    return main


def independent_reads() -> Main:
    def main():
        at = {"x": 0, "y": 0}

        def put(name):
            at[name] = 1
            return ()

        def look(first, second):
            return at[first], at[second]

        threads = [(put, "x"), (put, "y"), (look, "x", "y"), (look, "y", "x")]
        return gather(*threads), at["x"], at["y"]

    return main


def write_to_read() -> Main:
    def main():
        at = Two()

        def first():
            at.x = 1
            return ()

        def second():
            seen = at.x
            at.y = 1
            return (seen,)

        def third():
            return at.y, at.x

        return gather(first, second, third), at.x, at.y

    return main


def coherence() -> Main:
    def main():
        at = Two()

        def writer():
            at.x = 1
            at.x = 2
            return ()

        def reader():
            return at.x, at.x

        return gather(writer, reader), at.x

    return main


def fibonacci(n: int) -> Main:
    def main():
        i = j = 1

        def grow_i():
            nonlocal i
            for _ in range(n):
                i += j

        def grow_j():
            nonlocal j
            for _ in range(n):
                j += i

        return gather(grow_i, grow_j), i, j

    return main


def indexer(n: int) -> Main:
    def main():
        table = [None] * 4

        def put(i):
            table[i % 4] = i

        return (gather(*[(put, i) for i in range(n)]), *table)

    return main


def check_then_act() -> Main:
    def main():
        stock = 1

        def take():
            nonlocal stock
            if stock > 0:
                stock -= 1
                return True
            return False

        return gather(take, take), stock

    return main


def lazy_once(n: int) -> Main:
    def main():
        made = None

        def use():
            nonlocal made
            if made is None:
                made = "it"
            return made

        return (gather(*[use] * n),)

    return main


def double_checked() -> Main:
    def main():
        made, times, lock = None, 0, Mutex()

        def use():
            nonlocal made, times
            if made is None:
                with lock:
                    if made is None:
                        times += 1
                        made = "it"

        return gather(use, use), times

    return main


def family(depth: int) -> Main:
    def main():
        x = 0

        def generation(left):
            nonlocal x
            child = spawn(generation, left - 1) if left else None
            x += 1
            if child:
                child.join()

        return gather((generation, depth)), x

    return main


def parallel_sum(n: int) -> Main:
    def main():
        parts = [0] * n

        def part(i):
            parts[i] = i

        gather(*[(part, i) for i in range(n)])
        return sum(parts)

    return main


def main_takes_part() -> Main:
    def main():
        x = 0

        def worker():
            nonlocal x
            x += 1

        t = spawn(worker)
        x += 10
        t.join()
        return x

    return main
